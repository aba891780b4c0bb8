#include "base/hash.h"
#include "entity/statement.h"

enum { NAME_PARTS = 8, VERBATIM_ROWS = 120 };

/* ---- the tree as a list ---- */

struct flattening {
    struct statements *st;
    struct tokens *tokens;
    TSTreeCursor cursor;
    uint32_t end, depth; /* of the token before */
    uint32_t branches;   /* of a template */
    bool executed;
};

static bool has_newline(struct slice text, uint32_t from, uint32_t to) {
    return to > from && memchr(text.data + from, '\n', to - from) != NULL;
}

static uint32_t push_token(struct flattening *flat, TSNode node, enum node_role role) {
    struct statements *st = flat->st;
    struct token token = {.role = (uint8_t)role,
                          .executed = flat->executed,
                          .optional = flat->branches > 0,
                          .from = ts_node_start_byte(node),
                          .to = ts_node_end_byte(node)};
    token.glued = token.from == flat->end && flat->tokens->list.count;
    token.line = !flat->tokens->list.count ||
                 (!token.glued && has_newline(st->builder->text, flat->end, token.from));
    token.next = flat->tokens->list.count + 1;
    flat->end = token.to;
    vec_push(st->scratch, &flat->tokens->list, token);
    return flat->tokens->list.count - 1;
}

/* A bracket without its other one, or a quote: then what is text and what is not is not sure. */
static void note_unbalanced(struct flattening *flat, TSNode node) {
    struct statements *st = flat->st;
    if (!st->dynamic && !st->guessed && st->notes++ < STATEMENT_NOTES)
        builder_note(st->builder, ts_node_start_byte(node), SLICE("syntax not understood"));
}

/* A call of a template that may run statements of its own. */
static void keep_hook(struct flattening *flat, TSNode node) {
    struct statements *st = flat->st;
    struct slice text = node_text(node, st->builder->text);
    for (uint32_t i = 0; st->forms->hooks && text.size > 20 && i < st->forms->hooks->count; i++)
        if (slice_contains(text, st->forms->hooks->items[i].text)) {
            vec_push(st->scratch, &st->hooks,
                     ((struct span){ts_node_start_byte(node), ts_node_end_byte(node)}));
            return;
        }
}

static struct slice tag_word(struct slice text) {
    size_t from = 2;
    while (from < text.size && (text.data[from] == '-' || text.data[from] == '+' ||
                                text.data[from] == ' ' || text.data[from] == '\n'))
        from++;
    size_t to = from;
    while (to < text.size && text.data[to] >= 'a' && text.data[to] <= 'z')
        to++;
    return slice_sub(text, from, to);
}

/* What stands between {% if %} and {% endif %} may be left out. */
static void follow_template(struct flattening *flat, TSNode node) {
    struct slice word = tag_word(node_text(node, flat->st->builder->text));
    flat->branches += slice_is(word, "if");
    flat->branches -= flat->branches && slice_is(word, "endif");
    keep_hook(flat, node);
}

static bool is_quote(struct slice text) {
    return text.size == 1 && (text.data[0] == '\'' || text.data[0] == '"' || text.data[0] == '`');
}

static void flatten_children(struct flattening *flat);

static void flatten_node(struct flattening *flat) {
    TSNode node = ts_tree_cursor_current_node(&flat->cursor);
    enum node_role role = node_role(flat->st->builder->roles, node);
    switch (role) {
    case ROLE_BATCH_END:
        flat->st->file->batch_ended = true;
        return;
    case ROLE_NONE:
    case ROLE_COMMENT:
        return;
    case ROLE_TEMPLATE:
        follow_template(flat, node);
        return;
    case ROLE_UNBALANCED:
        note_unbalanced(flat, node);
        return;
    case ROLE_EXECUTED_OPEN:
    case ROLE_EXECUTED_CLOSE:
        flat->executed = role == ROLE_EXECUTED_OPEN;
        return;
    case ROLE_GROUP:
    case ROLE_LIST:
    case ROLE_INDEX:
    case ROLE_CASE: {
        uint32_t at = push_token(flat, node, role);
        flat->end = flat->tokens->list.items[at].from + 1;
        if (flat->depth < STATEMENT_DEPTH)
            flatten_children(flat);
        flat->tokens->list.items[at].next = flat->tokens->list.count;
        flat->end = flat->tokens->list.items[at].to;
        return;
    }
    case ROLE_BLOCK:
        vec_push(flat->st->scratch, &flat->tokens->blocks, node);
        break;
    case ROLE_INTERPOLATION:
        keep_hook(flat, node);
        break;
    case ROLE_OPERATION:
        if (is_quote(node_text(node, flat->st->builder->text)))
            note_unbalanced(flat, node);
        break;
    default:
        break;
    }
    push_token(flat, node, role);
}

static void flatten_children(struct flattening *flat) {
    if (!ts_tree_cursor_goto_first_child(&flat->cursor))
        return;
    flat->depth++;
    do
        flatten_node(flat);
    while (ts_tree_cursor_goto_next_sibling(&flat->cursor));
    flat->depth--;
    ts_tree_cursor_goto_parent(&flat->cursor);
}

void tokens_read(struct statements *st, TSNode statement, struct tokens *tokens) {
    tokens->list.count = 0;
    tokens->blocks.count = 0;
    struct flattening flat = {.st = st,
                              .tokens = tokens,
                              .cursor = ts_tree_cursor_new(statement),
                              .end = ts_node_start_byte(statement),
                              .executed = st->executed};
    flatten_children(&flat);
    st->executed = flat.executed;
    ts_tree_cursor_delete(&flat.cursor);
}

/* ---- one token ---- */

const struct token *token_at(const struct statements *st, uint32_t at) {
    return &st->tokens.list.items[at];
}

struct slice token_text(const struct statements *st, uint32_t at) {
    const struct token *token = token_at(st, at);
    return slice_sub(st->builder->text, token->from, token->to);
}

bool token_has_role(const struct statements *st, uint32_t at, enum node_role role) {
    return token_at(st, at)->role == role;
}

bool token_is(const struct statements *st, uint32_t at, struct slice word) {
    const struct token *token = token_at(st, at);
    if (token->to - token->from != word.size)
        return false;
    return (token->role == ROLE_WORD || token->role == ROLE_OPERATION ||
            token->role == ROLE_VARIABLE) &&
           slice_equal_nocase(token_text(st, at), word);
}

uint32_t phrase_at(const struct statements *st, const struct phrases *phrases, uint32_t at,
                   uint32_t end, const struct phrase **found) {
    for (uint32_t i = 0; phrases && i < phrases->count; i++) {
        const struct phrase *phrase = &phrases->items[i];
        uint32_t next = at, n = 0;
        for (; n < phrase->count && next < end; n++, next = token_at(st, next)->next)
            if (!slice_is(phrase->words[n], "#") && !token_is(st, next, phrase->words[n]))
                break;
        if (n == phrase->count && n) {
            if (found)
                *found = phrase;
            return next - at;
        }
    }
    return 0;
}

/* ---- text ---- */

static void add_lower(struct strbuf *out, struct slice text) {
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        strbuf_add_byte(out, byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte);
    }
}

/* Data is told by its size and a hash: it is never looked at, only compared. */
static void add_rows(struct strbuf *out, struct slice text) {
    if (text.size <= VERBATIM_ROWS)
        strbuf_add(out, text);
    else
        strbuf_addf(out, "(... %zu bytes, %016llx)", text.size,
                    (unsigned long long)hash_bytes(text));
}

static bool is_cast(const struct statements *st, uint32_t at) {
    return token_has_role(st, at, ROLE_OPERATION) && slice_is(token_text(st, at), "::");
}

static bool joins(const struct statements *st, uint32_t before, uint32_t at) {
    const struct token *a = token_at(st, before), *b = token_at(st, at);
    if (is_cast(st, before) || is_cast(st, at))
        return true;
    if (a->role == ROLE_MEMBER || b->role == ROLE_MEMBER || b->role == ROLE_SEPARATOR ||
        b->role == ROLE_INDEX || b->role == ROLE_UNBALANCED)
        return true;
    bool names = a->role != ROLE_OPERATION && b->role != ROLE_OPERATION;
    return b->glued && names && b->role != ROLE_GROUP && a->role != ROLE_SEPARATOR && a->next == at;
}

static void add_run(struct statements *st, struct strbuf *out, struct run run) {
    uint32_t before = run.from;
    for (uint32_t at = run.from; at < run.to; before = at, at = token_at(st, at)->next) {
        const struct token *token = token_at(st, at);
        struct slice text = token_text(st, at);
        if (at > run.from && !joins(st, before, at))
            strbuf_add_byte(out, ' ');
        if (token->next > at + 1 || token->role == ROLE_GROUP || token->role == ROLE_LIST ||
            token->role == ROLE_INDEX) {
            bool word = token->role == ROLE_CASE, round = token->role == ROLE_GROUP;
            strbuf_add_text(out, word ? "case " : round ? "(" : "[");
            add_run(st, out, (struct run){at + 1, token->next});
            strbuf_add_text(out, word ? " end" : round ? ")" : "]");
        } else if (token->role == ROLE_WORD) {
            add_lower(out, text);
        } else if (token->role == ROLE_TUPLE) {
            add_rows(out, text);
        } else if (token->role == ROLE_BLOCK || token->role == ROLE_RAW_STRING) {
            strbuf_add_text(out, "...");
        } else {
            strbuf_add(out, text);
        }
    }
}

struct slice run_text(struct statements *st, struct run run) {
    struct strbuf out;
    strbuf_init(&out, st->builder->arena);
    add_run(st, &out, run);
    struct slice text = strbuf_slice(&out);
    if (text.size <= STATEMENT_TEXT)
        return text;
    return arena_format(st->builder->arena, "%.*s... %016llx", STATEMENT_TEXT - 20, text.data,
                        (unsigned long long)hash_bytes(text));
}

struct span run_span(const struct statements *st, struct run run) {
    if (run.from >= run.to)
        return (struct span){0, 0};
    uint32_t last = run.from;
    for (uint32_t at = run.from; at < run.to; at = token_at(st, at)->next)
        last = at;
    return (struct span){token_at(st, run.from)->from, token_at(st, last)->to};
}

/* ---- names ---- */

static bool begins_name(const struct statements *st, uint32_t at) {
    switch ((enum node_role)token_at(st, at)->role) {
    case ROLE_WORD:
    case ROLE_IDENTIFIER:
    case ROLE_INTERPOLATION:
    case ROLE_VARIABLE:
    case ROLE_STRING:
        return true;
    default:
        return false;
    }
}

static bool goes_on(const struct statements *st, uint32_t at) {
    const struct token *token = token_at(st, at);
    if (!token->glued)
        return false;
    if (begins_name(st, at) || token->role == ROLE_NUMBER)
        return true;
    struct slice text = token_text(st, at);
    return token->role == ROLE_OPERATION && (slice_is(text, "@") || slice_is(text, "-") ||
                                             slice_is(text, "%") || slice_is(text, "/"));
}

static bool is_reserved(const struct statements *st, uint32_t at) {
    char lower[32];
    struct slice text = token_text(st, at);
    if (!token_has_role(st, at, ROLE_WORD) || text.size > sizeof lower)
        return false;
    for (size_t i = 0; i < text.size; i++)
        lower[i] =
            (char)(text.data[i] >= 'A' && text.data[i] <= 'Z' ? text.data[i] + 32 : text.data[i]);
    return map_get(&st->forms->reserved, slice_make(lower, text.size)) != MAP_ABSENT;
}

static void add_part(const struct statements *st, struct strbuf *out, uint32_t at) {
    const struct token *token = token_at(st, at);
    struct slice text = token_text(st, at);
    if (token->role == ROLE_WORD || token->role == ROLE_VARIABLE)
        add_lower(out, text);
    else if (token->role == ROLE_IDENTIFIER)
        strbuf_add(out, slice_sub(text, 1, text.size - 1));
    else if (token->role == ROLE_STRING && text.data[0] == '\'')
        strbuf_add(out, slice_sub(text, 1, text.size - 1));
    else
        strbuf_add(out, text);
}

static bool is_dots(const struct statements *st, uint32_t at) {
    return token_has_role(st, at, ROLE_MEMBER) ||
           (token_has_role(st, at, ROLE_OPERATION) && slice_is(token_text(st, at), ".."));
}

bool name_read(struct statements *st, uint32_t *at, uint32_t end, struct slice *name) {
    uint32_t next = *at;
    struct strbuf out;
    strbuf_init(&out, st->builder->arena);
    bool stage = next < end && token_has_role(st, next, ROLE_OPERATION) && next + 1 < end &&
                 (slice_is(token_text(st, next), "@")) && token_at(st, next + 1)->glued;
    if (stage)
        strbuf_add(&out, token_text(st, next++));
    if (next >= end || !begins_name(st, next) || is_reserved(st, next))
        return false;
    for (uint32_t parts = 0; parts < NAME_PARTS && next < end; parts++) {
        if (!begins_name(st, next))
            break;
        add_part(st, &out, next);
        for (next++; next < end && goes_on(st, next); next++)
            add_part(st, &out, next);
        if (next + 1 >= end || !is_dots(st, next) || !begins_name(st, next + 1))
            break;
        strbuf_add(&out, token_text(st, next++));
    }
    if (next + 1 < end && is_dots(st, next) && slice_is(token_text(st, next + 1), "*"))
        next += 2;
    *at = next;
    *name = strbuf_slice(&out);
    return true;
}

/* What stands in the quotes; *source is where, if it stands there letter for letter. */
struct slice string_content(struct statements *st, uint32_t at, uint32_t *source) {
    struct slice text = token_text(st, at);
    size_t from = slice_find_byte(text, '\''), size = 1;
    *source = UINT32_MAX;
    if (token_has_role(st, at, ROLE_RAW_STRING)) {
        from = 0;
        size = slice_find_byte(slice_from(text, 1), '$') + 2;
    } else if (token_has_role(st, at, ROLE_IDENTIFIER)) {
        from = 0;
    } else if (from == SLICE_NPOS) {
        from = slice_find_byte(text, '"');
    } else if (from && (text.data[from - 1] == 'q' || text.data[from - 1] == 'Q')) {
        size = 2;
    }
    if (from == SLICE_NPOS || from + 2 * size > text.size)
        return SLICE("");
    struct slice content = slice_sub(text, from + size, text.size - size);
    char quote = text.data[from];
    bool doubled = size == 1 && slice_find_byte(content, quote) != SLICE_NPOS;
    if (!doubled) {
        *source = token_at(st, at)->from + (uint32_t)(from + size);
        return content;
    }
    struct strbuf out;
    strbuf_init(&out, st->builder->arena);
    for (size_t i = 0; i < content.size; i++) {
        strbuf_add_byte(&out, content.data[i]);
        if (content.data[i] == quote && i + 1 < content.size && content.data[i + 1] == quote)
            i++;
    }
    return strbuf_slice(&out);
}
