#include "entity/cache.h"
#include "entity/statement.h"

static uint32_t letter_bit(struct slice word) {
    char byte = word.size ? word.data[0] : '#';
    if (byte >= 'A' && byte <= 'Z')
        byte = (char)(byte + 32);
    return byte >= 'a' && byte <= 'z' ? 1U << (byte - 'a') : 1U << 26;
}

/* ---- lists ---- */

struct loading {
    struct arena *arena;
    struct forms *forms;
    struct slice language;
};

static struct phrase phrase_parse(struct arena *arena, struct slice text) {
    struct phrase phrase = {.text = text};
    VEC(struct slice) words = {0};
    struct slice rest = text, word;
    while (slice_split(&rest, ' ', &word))
        if (word.size)
            vec_push(arena, &words, word);
    phrase.words = words.items;
    phrase.count = words.count;
    return phrase;
}

static struct phrases *phrases_parse(struct arena *arena, struct slice text, char separator) {
    struct phrases *phrases = ARENA_NEW(arena, struct phrases);
    VEC(struct phrase) list = {0};
    struct slice rest = text, part;
    while (slice_split(&rest, separator, &part)) {
        struct phrase phrase = phrase_parse(arena, slice_trim(part));
        if (!phrase.count)
            continue;
        phrases->letters |= letter_bit(phrase.words[0]);
        vec_push(arena, &list, phrase);
    }
    phrases->items = list.items;
    phrases->count = list.count;
    return phrases;
}

static struct slice list_key(struct arena *arena, const char *group, struct slice key) {
    return ARENA_CONCAT(arena, slice_of(group), SLICE(":"), key);
}

const struct phrases *forms_list(const struct forms *forms, const char *group, struct slice key) {
    char buffer[128];
    struct slice name = slice_of(group);
    if (name.size + key.size + 1 > sizeof buffer)
        return NULL;
    memcpy(buffer, name.data, name.size);
    buffer[name.size] = ':';
    if (key.size)
        memcpy(buffer + name.size + 1, key.data, key.size);
    uint32_t at = map_get(&forms->lists, slice_make(buffer, name.size + 1 + key.size));
    return at == MAP_ABSENT ? NULL : forms->phrases.items[at];
}

/* ---- patterns ---- */

static bool is_opening(char byte) {
    return byte == '(' || byte == '[' || byte == '{' || byte == '<';
}

/* The next piece of a pattern: a word, or what stands in brackets with them. */
static bool piece_next(struct slice *rest, struct slice *piece) {
    *rest = slice_trim(*rest);
    if (!rest->size)
        return false;
    char open = rest->data[0];
    size_t end = 0;
    if (is_opening(open) && rest->size > 1 && rest->data[1] != ' ' && rest->data[1] != '=') {
        char close = open == '(' ? ')' : open == '[' ? ']' : open == '{' ? '}' : '>';
        uint32_t depth = 0;
        do {
            depth += rest->data[end] == open;
            depth -= rest->data[end] == close;
            end++;
        } while (depth && end < rest->size);
    } else {
        end = slice_find_byte(*rest, ' ');
        end = end == SLICE_NPOS ? rest->size : end;
    }
    *piece = slice_sub(*rest, 0, end);
    *rest = slice_from(*rest, end);
    return true;
}

static struct item *items_parse(const struct loading *loading, struct slice pattern,
                                uint32_t *count);

static struct item capture_parse(struct slice inner) {
    size_t colon = slice_find_byte(inner, ':');
    struct slice head = slice_sub(inner, 0, colon == SLICE_NPOS ? inner.size : colon);
    if (colon != SLICE_NPOS)
        return (struct item){
            .kind = ITEM_TEXT, .key = slice_from(inner, colon + 1), .list = slice_is(head, "list")};
    static const struct {
        const char *word;
        enum item_kind kind;
    } kinds[] = {{"*", ITEM_SKIP},          {"any", ITEM_ANY},
                 {"word", ITEM_WORD},       {"paren", ITEM_GROUP},
                 {"string", ITEM_STRING},   {"type", ITEM_TYPE},
                 {"definition", ITEM_TYPE}, {"columns_definition", ITEM_TYPE}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (slice_is(head, kinds[i].word))
            return (struct item){.kind = kinds[i].kind, .key = head};
    return (struct item){.kind = ITEM_NAMES, .key = head};
}

static struct item phrase_item(const struct loading *loading, struct slice inner) {
    size_t colon = slice_find_byte(inner, ':');
    struct slice list = slice_sub(inner, 0, colon == SLICE_NPOS ? inner.size : colon);
    if (slice_find_byte(list, '|') != SLICE_NPOS)
        return (struct item){.kind = ITEM_PHRASE,
                             .phrases = phrases_parse(loading->arena, list, '|')};
    return (struct item){.kind = ITEM_PHRASE,
                         .key = colon == SLICE_NPOS ? SLICE_NONE : slice_from(inner, colon + 1),
                         .phrases = forms_list(loading->forms, "list", list)};
}

static struct item item_parse(const struct loading *loading, struct slice piece) {
    struct slice inner = slice_sub(piece, 1, piece.size - 1);
    bool bracketed = piece.size > 2 && is_opening(piece.data[0]);
    switch (bracketed ? piece.data[0] : 0) {
    case '<':
        return capture_parse(inner);
    case '{':
        return phrase_item(loading, inner);
    case '[':
        return (struct item){.kind = ITEM_OPTIONS,
                             .phrases = phrases_parse(loading->arena, inner, '|')};
    case '(': {
        struct item item = {.kind = ITEM_MAYBE};
        if (slice_find_byte(inner, '|') != SLICE_NPOS && slice_find_byte(inner, '<') == SLICE_NPOS)
            item.phrases = phrases_parse(loading->arena, inner, '|');
        else
            item.items = items_parse(loading, inner, &item.count);
        return item;
    }
    default:
        return (struct item){.kind = ITEM_WORDS,
                             .phrases = phrases_parse(loading->arena, piece, '|')};
    }
}

static struct item *items_parse(const struct loading *loading, struct slice pattern,
                                uint32_t *count) {
    VEC(struct item) items = {0};
    struct slice rest = pattern, piece;
    while (piece_next(&rest, &piece))
        vec_push(loading->arena, &items, item_parse(loading, piece));
    *count = items.count;
    return items.items;
}

/* ---- out of the image ---- */

static void load_words(const struct loading *loading, const struct image *image,
                       const struct statement_words_record *record) {
    struct forms *forms = loading->forms;
    struct slice group = image_string(image, record->group);
    struct slice key = image_string(image, record->key);
    struct phrases *phrases =
        phrases_parse(loading->arena, image_string(image, record->value), ',');
    struct slice name = list_key(loading->arena, group.data, key);
    map_set(&forms->lists, name, forms->phrases.count);
    vec_push(loading->arena, &forms->phrases, phrases);
    if (slice_is(group, "mark"))
        vec_push(loading->arena, &forms->mark_names, key);
    if (slice_is(group, "engine"))
        vec_push(loading->arena, &forms->engine_names, key);
    struct map *set = slice_is(group, "reserved")         ? &forms->reserved
                      : slice_is(group, "functions")      ? &forms->functions
                      : slice_is(group, "body_languages") ? &forms->languages
                      : slice_is(group, "engine")         ? &forms->engines
                                                          : NULL;
    for (uint32_t i = 0; set && i < phrases->count; i++)
        map_set(set, phrases->items[i].text,
                set == &forms->engines ? forms->engine_names.count - 1 : 1);
}

static struct form load_form(const struct loading *loading, const struct image *image,
                             const struct statement_record *record) {
    struct form form = {.group = image_string(image, record->group),
                        .type = image_string(image, record->type),
                        .actions = image_string(image, record->actions),
                        .traits = image_string(image, record->traits),
                        .typed = record->type != 0};
    form.items = items_parse(loading, image_string(image, record->pattern), &form.count);
    if (form.count && (form.items[0].kind == ITEM_WORDS || form.items[0].kind == ITEM_PHRASE) &&
        form.items[0].phrases)
        form.letters = form.items[0].phrases->letters;
    if (record->clauses)
        form.clauses = forms_list(loading->forms, "list", image_string(image, record->clauses));
    if (record->modifiers)
        form.modifiers = forms_list(loading->forms, "list", image_string(image, record->modifiers));
    return form;
}

static void load_image(const struct loading *loading, const struct image *image) {
    struct forms *forms = loading->forms;
    uint32_t count;
    const struct statement_words_record *words =
        image_section(image, IMAGE_STATEMENT_WORDS, &count);
    for (uint32_t i = 0; i < count; i++)
        if (slice_equal(image_string(image, words[i].language), loading->language))
            load_words(loading, image, &words[i]);
    const struct statement_record *records = image_section(image, IMAGE_STATEMENTS, &count);
    VEC(struct form) list = {0};
    for (uint32_t i = 0; i < count; i++)
        if (slice_equal(image_string(image, records[i].language), loading->language))
            vec_push(loading->arena, &list, load_form(loading, image, &records[i]));
    if (list.count) {
        forms->items = list.items;
        forms->count = list.count;
    }
}

static void name_lists(struct forms *forms) {
    forms->column_words = forms_list(forms, "column_words", SLICE(""));
    forms->constraint_words = forms_list(forms, "constraint_words", SLICE(""));
    forms->control = forms_list(forms, "control", SLICE(""));
    forms->openers = forms_list(forms, "openers", SLICE(""));
    forms->up = forms_list(forms, "section", SLICE("up"));
    forms->down = forms_list(forms, "section", SLICE("down"));
    forms->explain = forms_list(forms, "prefix", SLICE("explain"));
    forms->executes = forms_list(forms, "prefix", SLICE("executes"));
    forms->hooks = forms_list(forms, "hooks", SLICE(""));
    forms->with = forms_list(forms, "prefix", SLICE("with"));
}

struct forms *forms_new(struct arena *arena, const struct dialects *dialects,
                        struct slice language) {
    struct forms *forms = ARENA_NEW(arena, struct forms);
    struct loading loading = {arena, forms, language};
    map_init(&forms->lists, arena);
    map_init(&forms->reserved, arena);
    map_init(&forms->functions, arena);
    map_init(&forms->languages, arena);
    map_init(&forms->engines, arena);
    const struct knowledge *knowledge = dialects_knowledge(dialects);
    for (uint32_t i = 0; i < knowledge->count; i++)
        load_image(&loading, &knowledge->images[i]);
    name_lists(forms);
    return forms;
}

bool form_has(const struct form *form, const char *trait) {
    struct slice rest = form->traits, part;
    while (slice_split(&rest, ' ', &part))
        if (slice_is(part, trait))
            return true;
    return false;
}

struct slice form_trait(const struct form *form, const char *prefix) {
    struct slice rest = form->traits, part, start = slice_of(prefix);
    while (slice_split(&rest, ' ', &part))
        if (slice_starts(part, start))
            return slice_from(part, start.size);
    return SLICE_NONE;
}
