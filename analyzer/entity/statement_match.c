#include "entity/statement.h"

/* A pattern in front of tokens. What a failed attempt captured is dropped by its caller. */
struct matching {
    struct statements *st;
    struct reading *reading;
    const struct form *form;
    uint32_t end;  /* of the statement or action */
    bool captured; /* words from here on are no part of the type */
};

static bool match_items(struct matching *m, const struct item *items, uint32_t count, uint32_t *at);

void reading_init(struct statements *st, struct reading *reading) {
    memset(reading, 0, sizeof *reading);
    strbuf_init(&reading->type, st->builder->arena);
}

void reading_type(struct reading *reading, struct slice word) {
    if (reading->type.size && word.size)
        strbuf_add_byte(&reading->type, ' ');
    for (size_t i = 0; i < word.size; i++) {
        char byte = word.data[i];
        strbuf_add_byte(&reading->type, byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte);
    }
}

static void add_capture(struct matching *m, struct slice key, struct slice text,
                        const struct value *value, struct run run) {
    struct capture capture = {key, text, value, run_span(m->st, run)};
    vec_push(m->st->scratch, &m->reading->captures, capture);
}

/* ---- captures ---- */

/* Function arguments and the like belong to the name; MySQL's roles have a host. */
static uint32_t behind_name(const struct matching *m, uint32_t at) {
    if (at < m->end && token_has_role(m->st, at, ROLE_GROUP))
        return token_at(m->st, at)->next;
    return at;
}

static void push_object(struct matching *m, bool part, struct slice name, struct run run) {
    struct object object = {name, run};
    if (part)
        vec_push(m->st->scratch, &m->reading->parts, object);
    else
        vec_push(m->st->scratch, &m->reading->objects, object);
}

static bool match_names(struct matching *m, bool part, bool parens, uint32_t *at) {
    uint32_t count = 0;
    for (;;) {
        uint32_t from = *at;
        struct slice name;
        if (!name_read(m->st, at, m->end, &name))
            return count > 0;
        uint32_t to = *at;
        if (parens)
            *at = behind_name(m, *at);
        push_object(m, part, name, (struct run){from, to});
        count++;
        bool more = *at + 1 < m->end && token_has_role(m->st, *at, ROLE_SEPARATOR);
        if (!more || count >= STATEMENT_PARTS)
            return true;
        ++*at;
    }
}

/* (a, b) or a, b */
static bool match_columns(struct matching *m, uint32_t *at) {
    m->reading->columns = true;
    if (*at >= m->end || !token_has_role(m->st, *at, ROLE_GROUP))
        return match_names(m, true, false, at);
    struct matching inner = *m;
    uint32_t from = *at + 1;
    inner.end = token_at(m->st, *at)->next;
    if (!match_names(&inner, true, false, &from) || from != inner.end)
        return false;
    *at = inner.end;
    return true;
}

static bool match_name(struct matching *m, const struct item *item, uint32_t *at) {
    struct slice key = item->key, name;
    uint32_t from = *at;
    if (slice_is(key, "names"))
        return match_names(m, false, true, at);
    if (slice_is(key, "columns"))
        return match_columns(m, at);
    if (!name_read(m->st, at, m->end, &name))
        return false;
    struct run run = {from, *at};
    bool part = slice_is(key, "part") || slice_is(key, "column");
    if (part)
        m->reading->columns = slice_is(key, "column");
    if (part || slice_is(key, "name"))
        push_object(m, part, name, run);
    else
        add_capture(m, key, name, NULL, run);
    return true;
}

/* Each element of (a int, b text) is a column with a definition of its own. */
static bool match_definitions(struct matching *m, uint32_t *at) {
    if (*at >= m->end || !token_has_role(m->st, *at, ROLE_GROUP))
        return false;
    struct run rest = {*at + 1, token_at(m->st, *at)->next}, part;
    m->reading->columns = m->reading->many = true;
    while (run_next_part(m->st, &rest, &part)) {
        uint32_t from = part.from;
        struct slice name;
        if (!name_read(m->st, &from, part.to, &name))
            return false;
        push_object(m, true, name, part);
    }
    *at = token_at(m->st, *at)->next;
    return true;
}

static bool match_type(struct matching *m, const struct item *item, uint32_t *at) {
    if (slice_is(item->key, "columns_definition"))
        return match_definitions(m, at);
    if (slice_is(item->key, "definition")) {
        m->reading->definition = (struct run){*at, m->end};
        *at = m->end;
        return true;
    }
    struct run run = type_run(m->st, (struct run){*at, m->end});
    if (run.to == run.from)
        return false;
    add_capture(m, SLICE("data_type"), type_text(m->st, run), NULL, run);
    *at = run.to;
    return true;
}

static bool begins_item(struct matching *m, const struct item *item, uint32_t at) {
    if (item->kind == ITEM_WORDS)
        return phrase_at(m->st, item->phrases, at, m->end, NULL) > 0;
    if (item->kind == ITEM_MAYBE && item->count)
        return begins_item(m, &item->items[0], at);
    return false;
}

static uint32_t find_item(struct matching *m, const struct item *item, uint32_t at) {
    while (at < m->end && !begins_item(m, item, at))
        at = token_at(m->st, at)->next;
    return at;
}

/* What is a modifier or begins a clause is no part of the last text. */
static uint32_t find_modifier(struct matching *m, uint32_t at) {
    while (at < m->end && !phrase_at(m->st, m->form->modifiers, at, m->end, NULL) &&
           !phrase_at(m->st, m->form->clauses, at, m->end, NULL))
        at = token_at(m->st, at)->next;
    return at;
}

static const struct value *parts_value(struct matching *m, struct run run) {
    struct slices texts = {0};
    struct run rest = run, part;
    while (run_next_part(m->st, &rest, &part))
        if (part.to > part.from)
            vec_push(m->st->scratch, &texts.list, run_text(m->st, part));
    return texts_value(m->st->builder->arena, &texts, run_span(m->st, run));
}

static bool match_text(struct matching *m, const struct item *item, const struct item *follows,
                       uint32_t *at) {
    struct run run = {*at, follows ? find_item(m, follows, *at) : find_modifier(m, *at)};
    if (run.to == run.from)
        return false;
    if (item->list)
        add_capture(m, item->key, SLICE_NONE, parts_value(m, run), run);
    else
        add_capture(m, item->key, run_text(m->st, run), NULL, run);
    *at = run.to;
    return true;
}

/* ---- words ---- */

static bool match_words(struct matching *m, const struct item *item, uint32_t *at) {
    const struct phrase *phrase;
    uint32_t taken = *at < m->end ? phrase_at(m->st, item->phrases, *at, m->end, &phrase) : 0;
    if (!taken)
        return false;
    *at += taken;
    if (!m->form->typed && !m->captured)
        reading_type(m->reading, phrase->text);
    return true;
}

static void match_options(struct matching *m, const struct item *item, uint32_t *at) {
    const struct phrase *phrase;
    uint32_t taken;
    while (*at < m->end && (taken = phrase_at(m->st, item->phrases, *at, m->end, &phrase)) > 0) {
        struct slice text = phrase->text;
        if (slice_find_byte(text, '#') != SLICE_NPOS)
            text = slice_trim(slice_sub(text, 0, slice_find_byte(text, '#')));
        vec_push(m->st->scratch, &m->reading->modifiers.list, text);
        *at += taken;
    }
}

static bool match_phrase(struct matching *m, const struct item *item, uint32_t *at) {
    const struct phrase *phrase;
    uint32_t from = *at;
    uint32_t taken = *at < m->end ? phrase_at(m->st, item->phrases, *at, m->end, &phrase) : 0;
    if (!taken)
        return false;
    *at += taken;
    if (slice_is_none(item->key))
        reading_type(m->reading, phrase->text);
    else
        add_capture(m, item->key, phrase->text, NULL, (struct run){from, *at});
    return true;
}

/* Items that may be left out: a failed attempt leaves nothing behind. */
static void match_maybe(struct matching *m, const struct item *item, uint32_t *at) {
    if (item->phrases) {
        *at += *at < m->end ? phrase_at(m->st, item->phrases, *at, m->end, NULL) : 0;
        return;
    }
    struct reading before = *m->reading;
    uint32_t next = *at;
    struct form silent = *m->form;
    silent.typed = true; /* words that may be left out say nothing */
    struct matching inner = *m;
    inner.form = &silent;
    if (match_items(&inner, item->items, item->count, &next))
        *at = next;
    else
        *m->reading = before;
}

static bool match_one(struct matching *m, const struct item *item, const struct item *follows,
                      uint32_t *at) {
    bool here = *at < m->end;
    switch (item->kind) {
    case ITEM_WORDS:
        return match_words(m, item, at);
    case ITEM_OPTIONS:
        match_options(m, item, at);
        return true;
    case ITEM_MAYBE:
        match_maybe(m, item, at);
        return true;
    case ITEM_PHRASE:
        return match_phrase(m, item, at);
    case ITEM_NAMES:
        return match_name(m, item, at);
    case ITEM_TYPE:
        return match_type(m, item, at);
    case ITEM_TEXT:
        return match_text(m, item, follows, at);
    case ITEM_GROUP:
    case ITEM_STRING:
        if (!here ||
            !(token_has_role(m->st, *at, item->kind == ITEM_GROUP ? ROLE_GROUP : ROLE_STRING) ||
              (item->kind == ITEM_STRING && token_has_role(m->st, *at, ROLE_RAW_STRING))))
            return false;
        *at = token_at(m->st, *at)->next;
        return true;
    case ITEM_WORD:
        if (!here || !token_has_role(m->st, *at, ROLE_WORD))
            return false;
        if (!m->form->typed)
            reading_type(m->reading, token_text(m->st, *at));
        ++*at;
        return true;
    case ITEM_ANY:
        if (!here)
            return false;
        *at = token_at(m->st, *at)->next;
        return true;
    case ITEM_SKIP:
        *at = follows ? find_item(m, follows, *at) : m->end;
        return true;
    }
    return false;
}

static bool match_items(struct matching *m, const struct item *items, uint32_t count,
                        uint32_t *at) {
    for (uint32_t i = 0; i < count; i++) {
        if (!match_one(m, &items[i], i + 1 < count ? &items[i + 1] : NULL, at))
            return false;
        m->captured |= items[i].kind == ITEM_NAMES || items[i].kind == ITEM_TEXT;
    }
    return true;
}

bool form_match(struct statements *st, const struct form *form, struct run run,
                struct reading *reading) {
    struct matching m = {.st = st, .reading = reading, .form = form, .end = run.to};
    struct reading before = *reading;
    uint32_t at = run.from;
    reading->form = form;
    if (form->typed)
        reading_type(reading, form->type);
    if (match_items(&m, form->items, form->count, &at)) {
        reading->end = at;
        return true;
    }
    *reading = before;
    return false;
}

static uint32_t first_letter(const struct statements *st, struct run run) {
    if (run.from >= run.to)
        return 0;
    char byte = token_text(st, run.from).data[0];
    if (byte >= 'A' && byte <= 'Z')
        byte = (char)(byte + 32);
    return byte >= 'a' && byte <= 'z' ? 1U << (byte - 'a') : 1U << 26;
}

const struct form *forms_match(struct statements *st, struct slice group, struct run run,
                               struct reading *reading) {
    uint32_t letter = first_letter(st, run);
    for (uint32_t i = 0; i < st->forms->count; i++) {
        const struct form *form = &st->forms->items[i];
        if ((form->letters && !(form->letters & letter)) || !slice_equal(form->group, group))
            continue;
        if (form_match(st, form, run, reading))
            return form;
    }
    return NULL;
}
