#include "base/path.h"
#include "entity/data.h"
#include "fact/path.h"

struct embed_job {
    struct data *data;
    const struct embedding_record *record;
    uint32_t entity;
    const struct value *body; /* of the entity, with spans in the text it was read from */
};

static struct entity *entity_at(struct data *data, uint32_t index) {
    return &data->builder->list->items.items[index];
}

static bool is_text(const struct value *value) {
    return !slice_is_none(value->text) &&
           (value->kind == VALUE_LITERAL || value->kind == VALUE_EXPRESSION ||
            value->kind == VALUE_UNKNOWN);
}

/* The scalar decoded once more, for its line map; templates in it are masked. `word`: it is one of
 * a list, and may have quotes of its own. */
static struct text script_text(struct data *data, const struct value *value, bool word) {
    enum text_form form = text_form_at(data->strings, data->text, value->span);
    if (form == TEXT_LINES && word && data->text.data[value->span.from] == '"')
        form = TEXT_DOUBLE;
    struct text text =
        form == TEXT_LINES
            ? lines_decode(data->arena, data->language, data->builder->dialect->image, data->text,
                           value->span, true)
            : text_decode(data->arena, form, data->text, value->span, true);
    mask_placeholders(text.bytes, dialect_property(data->builder->dialect, "placeholders"));
    return text;
}

/* What a #! line runs: "perl" of "#!/usr/bin/env -S perl -w". */
static struct slice interpreter(struct slice script) {
    if (!slice_starts(script, SLICE("#!")))
        return SLICE("");
    size_t end = slice_find_byte(script, '\n');
    struct slice rest = slice_trim(slice_sub(script, 2, end)), word = SLICE("");
    while (slice_split(&rest, ' ', &word))
        if (word.size && word.data[0] != '-' && !slice_is(path_base(word), "env"))
            break;
    return path_base(word);
}

/* By its #! line, or as a file without a name would be known. */
static struct slice dialect_by_beginning(struct data *data, struct slice text) {
    struct slice named = builder_script_dialect(data->builder, text, SLICE_NONE);
    if (!slice_is_none(named) || slice_starts(text, SLICE("#!")))
        return named;
    const struct dialect *found = language_detect(data->builder->reader->dialects, SLICE(""), text);
    return found ? found->name : SLICE_NONE;
}

/* The dialect a script is written in: a name, a template over the body ("{shell|bash}"), or what
 * the #! line says. SLICE_NONE if it is a language without a reader: *language says which, "" for
 * a text that is no script. */
static struct slice script_dialect(const struct embed_job *job, struct slice script,
                                   struct slice *language) {
    const struct dialect *dialect = job->data->builder->dialect;
    struct slice wanted = dialect_string(dialect, job->record->language);
    *language = interpreter(script);
    if (slice_is_none(wanted))
        return dialect_by_beginning(job->data, script);
    struct captures none = {.parent = SLICE(""), .above = job->entity + 1};
    struct slice name =
        data_template(job->data, wanted, entity_at(job->data, job->entity)->body, &none);
    size_t space = slice_starts(name, SLICE("${")) ? SLICE_NPOS : slice_find_byte(name, ' ');
    if (space != SLICE_NPOS)
        name = slice_sub(name, 0, space);
    const struct dialects *dialects = job->data->builder->reader->dialects;
    const struct dialect *found = dialect_by_name(dialects, name);
    if (!found)
        found = dialect_of_program(dialects, name);
    if (!found)
        *language = name;
    return found ? builder_script_dialect(job->data->builder, script, found->name) : SLICE_NONE;
}

/* A script nobody reads is told when it comes or changes: an entity of its own. */
static void embed_unread(const struct embed_job *job, const struct value *value,
                         struct slice language) {
    struct data *data = job->data;
    struct value *body = ARENA_NEW(data->arena, struct value);
    *body = (struct value){.kind = VALUE_MAP, .span = value->span};
    uint32_t capacity = 0;
    struct value *text = ARENA_NEW(data->arena, struct value);
    *text = *value;
    value_add(data->arena, body, &capacity, (struct value_item){SLICE("text"), value->span, text});
    struct slice owner = entity_at(data, job->entity)->name;
    struct entity entity = {
        .kind = SLICE("script"),
        .type = language,
        .name =
            arena_format(data->arena, "%.*s%sscript-1", SLICE_ARGS(owner), owner.size ? "/" : ""),
        .scope = job->entity,
        .host = dialect_string(data->builder->dialect, job->record->host),
        .body = body,
        .span = value->span,
    };
    builder_add(data->builder, entity);
}

struct texts {
    VEC(struct text) list;
};

/* The texts of a list, lists in it included. What a tag makes (!reference [a, b]) is no text, and
 * neither is a map. */
static void texts_collect(struct data *data, const struct value *value, struct texts *texts) {
    if (value->kind == VALUE_LIST && slice_is_none(value->tag))
        for (uint32_t i = 0; i < value->count; i++)
            texts_collect(data, value->items[i].value, texts);
    else if (is_text(value))
        vec_push(data->scratch, &texts->list, script_text(data, value, false));
}

/* The first words are none of the script: who runs it, as a rule. */
static void skip_words(struct slice script, uint32_t count) {
    char *bytes = (char *)script.data;
    for (size_t at = 0; count && at < script.size; count--) {
        while (at < script.size && (bytes[at] == ' ' || bytes[at] == '\t'))
            at++;
        while (at < script.size && bytes[at] != ' ' && bytes[at] != '\t')
            bytes[at++] = ' ';
    }
}

struct known_list {
    struct arena *arena;
    VEC(struct known) list;
};

static bool known_visit(const struct value *value, void *context) {
    struct known_list *all = context;
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++)
        known_visit(value->items[i].value, context);
    for (uint32_t i = 0; value->kind == VALUE_MAP && i < value->count; i++) {
        const struct value *held = value->items[i].value;
        struct slice text = value_literal(held);
        size_t blank = slice_find_last_byte(value->items[i].key, ' '); /* export NAME */
        struct slice name = slice_from(value->items[i].key, blank == SLICE_NPOS ? 0 : blank + 1);
        bool plain = !slice_is_none(text) && slice_find_byte(text, '$') == SLICE_NPOS &&
                     !slice_contains(text, SLICE("{{"));
        struct known known = {name, plain ? text : SLICE_NONE};
        if (held->kind != VALUE_NULL)
            vec_push(all->arena, &all->list, known);
    }
    return true;
}

/* Names with values, of the entity and of all it stands in, the inner ones last. */
static void known_find(const struct embed_job *job, uint32_t entity, struct known_list *all) {
    struct slice path = dialect_string(job->data->builder->dialect, job->record->variables);
    const struct entity *items = job->data->builder->list->items.items;
    if (items[entity].scope != ENTITY_NONE)
        known_find(job, items[entity].scope, all);
    value_each(items[entity].body, path, known_visit, all);
}

/* A list of texts is one script: what a line sets, the next ones know. */
static void embed_script(const struct embed_job *job, const struct value *value) {
    struct data *data = job->data;
    struct texts texts = {0};
    texts_collect(data, value, &texts);
    if (!texts.list.count)
        return;
    struct text text = texts.list.items[0];
    if (texts.list.count > 1)
        text = text_join(data->arena, texts.list.items, texts.list.count);
    struct slice language, dialect = script_dialect(job, text.bytes, &language);
    if (slice_is_none(dialect) && language.size && text.bytes.size)
        embed_unread(job, value, language);
    if (slice_is_none(dialect) || !text.bytes.size)
        return;
    skip_words(text.bytes, job->record->skip);
    const struct dialect *found = dialect_by_name(data->builder->reader->dialects, dialect);
    mask_frame(text.bytes, found ? dialect_property(found, "frame") : SLICE(""));
    struct known_list known = {.arena = data->arena};
    if (job->record->variables)
        known_find(job, job->entity, &known);
    struct builder builder = *data->builder;
    builder.known = known.list.items;
    builder.known_count = known.list.count;
    builder_embed(&builder, dialect, text.bytes, &text.lines, value->span, job->entity,
                  dialect_string(data->builder->dialect, job->record->host),
                  job->record->weight ? job->record->weight : entity_at(data, job->entity)->weight);
}

struct words {
    VEC(struct slice) texts;
    VEC(const struct embedding *) lines;
    VEC(struct span) spans;
};

static void words_add(struct data *data, struct words *words, const struct value *list) {
    for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++) {
        const struct value *word = list->items[i].value;
        struct text text = {SLICE("_"), {NULL, 0, NULL}};
        if (is_text(word))
            text = script_text(data, word, true);
        struct embedding *lines = ARENA_NEW(data->arena, struct embedding);
        *lines = text.lines;
        vec_push(data->arena, &words->texts, text.bytes);
        vec_push(data->arena, &words->lines, lines);
        vec_push(data->arena, &words->spans, word->span);
    }
}

/* Words are a command of their own only if their first names a program: arguments alone do not. */
static void embed_argv(const struct embed_job *job, const struct value *list) {
    struct data *data = job->data;
    struct words words = {0};
    words_add(data, &words, list);
    if (job->record->also)
        words_add(data, &words,
                  value_at(job->body, dialect_string(data->builder->dialect, job->record->also)));
    if (words.texts.count)
        builder_embed_words(data->builder, words.texts.items, words.lines.items, words.spans.items,
                            words.texts.count, job->entity,
                            dialect_string(data->builder->dialect, job->record->host),
                            job->record->weight ? job->record->weight
                                                : entity_at(data, job->entity)->weight);
}

static bool embed_visit(const struct value *value, void *context) {
    struct embed_job *job = context;
    if (value->kind == VALUE_LIST && job->record->form != EMBEDDING_SCRIPT)
        embed_argv(job, value);
    else if (job->record->form != EMBEDDING_ARGV)
        embed_script(job, value);
    return true;
}

/* A list of words beside its arguments: `at: spec.containers[].command, also: args` means the
 * arguments of the same container, so `also` is looked up in the map that holds `at`. */
struct holder_search {
    struct embed_job *job;
    struct slice key;
};

static bool holder_visit(const struct value *value, void *context) {
    struct holder_search *search = context;
    const struct embedding_record *record = search->job->record;
    struct data *data = search->job->data;
    const struct value *command = value_get(value, search->key);
    const struct value *arguments =
        value_get(value, dialect_string(data->builder->dialect, record->also));
    struct words words = {0};
    words_add(data, &words, command);
    words_add(data, &words, arguments);
    if (command && words.texts.count)
        builder_embed_words(data->builder, words.texts.items, words.lines.items, words.spans.items,
                            words.texts.count, search->job->entity,
                            dialect_string(data->builder->dialect, record->host),
                            record->weight ? record->weight
                                           : entity_at(data, search->job->entity)->weight);
    return true;
}

/* "**.path": the path from anywhere in the value. */
static void embed_each(struct embed_job *job, const struct value *value, struct slice at) {
    if (!slice_starts(at, SLICE("**."))) {
        value_each(value, at, embed_visit, job);
        return;
    }
    struct slice key = slice_from(at, 3);
    if (value->kind == VALUE_MAP)
        value_each(value, key, embed_visit, job);
    for (uint32_t i = 0; i < value->count && value->kind != VALUE_EXPRESSION; i++)
        embed_each(job, value->items[i].value, at);
}

void data_embed(struct data *data, uint32_t index, const struct value *body) {
    const struct dialect *dialect = data->builder->dialect;
    struct range range = dialect_record(dialect)->embeddings;
    const struct embedding_record *records = dialect_records(dialect, IMAGE_EMBEDDINGS, range);
    for (uint32_t i = 0; i < range.count; i++) {
        const struct entity entity = *entity_at(data, index);
        struct captures none = {.parent = SLICE(""), .above = index + 1};
        if (records[i].form == EMBEDDING_VALUE ||
            !slice_equal(dialect_string(dialect, records[i].parent), entity.kind) ||
            !data_conditions_hold(data, records[i].conditions, entity.body, &none))
            continue;
        struct embed_job job = {data, &records[i], index, body};
        struct slice at = dialect_string(dialect, records[i].at);
        size_t dot = slice_find_last_byte(at, '.');
        if (records[i].also && dot != SLICE_NPOS) {
            struct holder_search search = {&job, slice_from(at, dot + 1)};
            value_each(body, slice_sub(at, 0, dot), holder_visit, &search);
        } else {
            embed_each(&job, body, at);
        }
    }
}

/* Texts with ${} in them are what the same template outside would be. */
static void value_interpolate(struct data *data, struct value *value) {
    if (value->kind == VALUE_LITERAL && slice_contains(value->text, SLICE("${"))) {
        size_t close = slice_find_byte(value->text, '}');
        bool whole = slice_starts(value->text, SLICE("${")) && close + 1 == value->text.size;
        value->kind = whole ? VALUE_REFERENCE : VALUE_EXPRESSION;
        if (whole)
            value->text = slice_trim(slice_sub(value->text, 2, close));
        else
            data_template_references(data, value);
        return;
    }
    for (uint32_t i = 0; i < value->count; i++)
        value_interpolate(data, (struct value *)value->items[i].value);
}

/* A text as a value of another language, or NULL if it is none. All of it stands at `span`. */
static const struct value *text_value(struct data *data, struct slice text, struct slice language,
                                      struct span span) {
    struct slice trimmed = slice_trim(text);
    const struct dialect *dialect = dialect_by_name(data->builder->reader->dialects, language);
    if (!dialect || trimmed.size < 2)
        return NULL;
    bool braces = trimmed.data[0] == '{' || trimmed.data[0] == '[';
    if (!braces && slice_is(language, "json"))
        return NULL;
    struct builder builder = *data->builder;
    builder.dialect = dialect;
    builder.roles = cache_roles(builder.reader, dialect->language);
    builder.text = text;
    struct entity_list_builder unused = {.block = data->builder->list->block};
    builder.list = &unused;
    struct syntax *syntax = builder_parse(&builder);
    data->builder->list->reads += unused.reads;
    if (!syntax)
        return NULL;
    struct data inner = {.builder = &builder,
                         .arena = data->arena,
                         .scratch = data->scratch,
                         .source = text,
                         .text = text,
                         .language = dialect_language(builder.reader->dialects, dialect->language)};
    if (inner.language)
        inner.strings = (enum string_style)inner.language->strings;
    struct value *value = unused.notes.count ? NULL : data_value(&inner, syntax->root);
    syntax_close(syntax);
    if (!value || (value->kind != VALUE_MAP && value->kind != VALUE_LIST))
        return NULL;
    value_place(value, span);
    value_interpolate(data, value);
    value->tag = language;
    return value;
}

struct rewrite {
    struct data *data;
    struct slice language;
};

/* The value with every text at the path read as data; copies only the way down to them. */
static const struct value *rewrite_at(const struct rewrite *rewrite, const struct value *value,
                                      struct slice rest) {
    struct path_step step;
    struct slice from = rest;
    if (!path_next(&rest, &step)) {
        const struct value *made =
            value->kind == VALUE_LITERAL || value->kind == VALUE_EXPRESSION
                ? text_value(rewrite->data, value->text, rewrite->language, value->span)
                : NULL;
        return made ? made : value;
    }
    bool list = value->kind == VALUE_LIST, map = value->kind == VALUE_MAP;
    if (!list && !map)
        return value;
    struct value *copy = NULL;
    for (uint32_t i = 0; i < value->count; i++) {
        if (map && step.kind == STEP_KEY && !slice_equal(step.key, value->items[i].key))
            continue;
        const struct value *made = rewrite_at(rewrite, value->items[i].value,
                                              list && step.kind != STEP_ANY_ELEMENT ? from : rest);
        if (made == value->items[i].value)
            continue;
        if (!copy)
            copy = value_copy(rewrite->data->arena, value);
        copy->items[i].value = made;
    }
    return copy ? copy : value;
}

const struct value *data_embed_values(struct data *data, struct slice kind,
                                      const struct value *body) {
    const struct dialect *dialect = data->builder->dialect;
    struct range range = dialect_record(dialect)->embeddings;
    const struct embedding_record *records = dialect_records(dialect, IMAGE_EMBEDDINGS, range);
    struct captures none = {.parent = SLICE("")};
    for (uint32_t i = 0; i < range.count; i++) {
        if (records[i].form != EMBEDDING_VALUE ||
            !slice_equal(dialect_string(dialect, records[i].parent), kind) ||
            !data_conditions_hold(data, records[i].conditions, body, &none))
            continue;
        struct rewrite rewrite = {data, dialect_string(dialect, records[i].language)};
        body = rewrite_at(&rewrite, body, dialect_string(dialect, records[i].at));
    }
    return body;
}
