#include "entity/statement.h"

/* ---- texts that hold statements ---- */

static struct embedding text_lines(struct statements *st, struct slice text, uint32_t source) {
    struct embedding embedding = {.line_count = 0};
    if (source == UINT32_MAX)
        return embedding;
    uint32_t lines = 1, n = 0;
    for (size_t i = 0; i < text.size; i++)
        lines += text.data[i] == '\n';
    uint32_t *starts = ARENA_ARRAY(st->scratch, uint32_t, lines);
    starts[n++] = source;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] == '\n')
            starts[n++] = source + (uint32_t)i + 1;
    return (struct embedding){.line_starts = starts, .line_count = lines};
}

static void embed(struct statements *st, struct slice text, uint32_t source, struct span at,
                  uint32_t scope) {
    struct embedding embedding = text_lines(st, text, source);
    struct builder *builder = st->builder;
    builder->statements = st;
    builder_embed(builder, builder->dialect->name, text, embedding.line_count ? &embedding : NULL,
                  at, scope, builder->host, 0);
    builder->statements = NULL;
}

static struct slice lower(struct statements *st, struct slice text) {
    struct strbuf out;
    strbuf_init(&out, st->scratch);
    for (size_t i = 0; i < text.size; i++)
        strbuf_add_byte(&out, text.data[i] >= 'A' && text.data[i] <= 'Z' ? (char)(text.data[i] + 32)
                                                                         : text.data[i]);
    return strbuf_slice(&out);
}

/* LANGUAGE sql, LANGUAGE 'plpgsql'; none is one of ours. */
static bool is_ours(struct statements *st, struct run run) {
    for (uint32_t at = run.from; at < run.to; at = token_at(st, at)->next) {
        if (!token_is(st, at, SLICE("language")) || at + 1 >= run.to)
            continue;
        struct slice name = token_text(st, at + 1);
        if (token_has_role(st, at + 1, ROLE_STRING) && name.size > 1)
            name = slice_sub(name, 1, name.size - 1);
        return map_get(&st->forms->languages, lower(st, name)) != MAP_ABSENT;
    }
    return true;
}

static void read_text_body(struct statements *st, uint32_t at, uint32_t scope) {
    uint32_t source;
    struct slice text = string_content(st, at, &source);
    const struct token *token = token_at(st, at);
    if (text.size)
        embed(st, text, source, (struct span){token->from, token->to}, scope);
}

static TSNode block_node(const struct statements *st, uint32_t at) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < at; i++)
        n += token_has_role(st, i, ROLE_BLOCK);
    return st->tokens.blocks.items[n];
}

static void read_block(struct statements *st, uint32_t at, uint32_t scope) {
    if (st->depth >= STATEMENT_NESTED)
        return;
    struct tokens outer = st->tokens;
    uint32_t outer_scope = st->scope;
    TSNode node = block_node(st, at);
    st->tokens = (struct tokens){{0}, {0}};
    st->scope = scope;
    st->depth++;
    statements_walk(st, node);
    st->depth--;
    st->scope = outer_scope;
    st->tokens = outer;
}

/* ---- bodies ---- */

/* INSTEAD and ALSO of rules. */
static uint32_t behind_opener(struct statements *st, uint32_t at, uint32_t end) {
    uint32_t next = at + 1;
    while (next < end &&
           (token_is(st, next, SLICE("instead")) || token_is(st, next, SLICE("also"))))
        next++;
    return next;
}

/* True if the body stands here, and all of it. */
static bool read_body(struct statements *st, struct run run, uint32_t from, uint32_t scope,
                      bool *opened) {
    bool ours = is_ours(st, run), open = slice_is(st->body, "do"), read = false;
    for (uint32_t at = from; at < run.to; at = token_at(st, at)->next) {
        bool text = token_has_role(st, at, ROLE_RAW_STRING) || token_has_role(st, at, ROLE_STRING);
        uint32_t next = behind_opener(st, at, run.to);
        if (token_has_role(st, at, ROLE_BLOCK)) {
            read_block(st, at, scope);
            read = true;
        } else if (text && open) {
            if (ours)
                read_text_body(st, at, scope);
            read = true;
        } else if (open || phrase_at(st, st->forms->openers, at, run.to, NULL)) {
            open = phrase_at(st, st->forms->openers, at, run.to, NULL) > 0;
            *opened |= open;
            if (open && next < run.to && statements_begin(st, (struct run){next, run.to})) {
                uint32_t outer = st->scope;
                st->scope = scope;
                statements_run(st, (struct run){next, run.to});
                st->scope = outer;
                st->ran = true;
                return false;
            }
        }
    }
    return read;
}

static void read_own_body(struct statements *st, const struct reading *reading, struct run run,
                          uint32_t scope) {
    static const char *const long_ones[] = {"function", "procedure",    "proc",
                                            "trigger",  "package body", "type body"};
    struct statement_file *file = st->file;
    struct slice type = strbuf_slice(&reading->type), outer = st->body;
    bool opened = false, goes_on = false;
    st->ran = false;
    st->body = form_trait(reading->form, "body=");
    if (slice_ends(type, SLICE("procedure")) || slice_ends(type, SLICE("proc")))
        st->body = SLICE("procedure");
    bool all = read_body(st, run, reading->end, scope, &opened);
    for (size_t i = 0; i < sizeof long_ones / sizeof *long_ones; i++)
        goes_on |= slice_ends(type, slice_of(long_ones[i]));
    if (!all && opened && goes_on && !outer.size) {
        file->pending = st->body;
        file->pending_scope = scope;
        file->batch = slice_ends(type, SLICE(" body")) || st->ran;
    }
    st->body = outer;
}

/* ---- texts that are run ---- */

static void remember_text(struct statements *st, struct slice name, struct slice text) {
    struct statement_file *file = st->file;
    uint32_t at = map_get(&file->texts, name);
    if (at == MAP_ABSENT) {
        map_set(&file->texts, name, file->strings.count);
        vec_push(st->builder->arena, &file->strings, text);
    } else {
        file->strings.items[at] = text;
    }
}

struct pieces {
    struct strbuf text;
    uint32_t count, source;
    struct span span;
};

static bool is_text(const struct statements *st, uint32_t at) {
    if (token_has_role(st, at, ROLE_STRING) || token_has_role(st, at, ROLE_RAW_STRING))
        return true;
    return token_has_role(st, at, ROLE_IDENTIFIER) && token_text(st, at).data[0] == '"';
}

/* 'DROP TABLE ' || name: what is no text is a placeholder. Up to the first comma behind a text. */
static void collect_pieces(struct statements *st, struct run run, struct pieces *pieces) {
    strbuf_init(&pieces->text, st->builder->arena);
    pieces->count = 0;
    for (uint32_t at = run.from; at < run.to; at++) {
        bool name = token_has_role(st, at, ROLE_WORD) || token_has_role(st, at, ROLE_VARIABLE);
        if (is_text(st, at)) {
            strbuf_add(&pieces->text, string_content(st, at, &pieces->source));
        } else if (name) {
            uint32_t known = map_get(&st->file->texts, lower(st, token_text(st, at)));
            if (known != MAP_ABSENT)
                strbuf_add(&pieces->text, st->file->strings.items[known]);
            else if (pieces->count)
                strbuf_addf(&pieces->text, "{{%.*s}}", SLICE_ARGS(token_text(st, at)));
            if (known == MAP_ABSENT)
                continue;
            pieces->source = UINT32_MAX;
        } else if (token_has_role(st, at, ROLE_SEPARATOR) && pieces->count) {
            break;
        } else {
            continue;
        }
        if (!pieces->count++)
            pieces->span = (struct span){token_at(st, at)->from, token_at(st, at)->to};
        else
            pieces->span.to = token_at(st, at)->to;
    }
    if (pieces->count > 1 || strstr(strbuf_slice(&pieces->text).data, "{{"))
        pieces->source = UINT32_MAX;
}

static void read_dynamic(struct statements *st, struct run run, uint32_t scope) {
    struct pieces pieces;
    collect_pieces(st, run, &pieces);
    if (!pieces.count || st->builder->depth >= BUILDER_DEPTH)
        return;
    bool outer = st->dynamic;
    st->dynamic = true;
    embed(st, strbuf_slice(&pieces.text), pieces.source, pieces.span, scope);
    st->dynamic = outer;
}

/* Texts that begin like a statement, in one call of a template. */
static void read_hook(struct statements *st, struct span span) {
    struct slice text = slice_sub(st->builder->text, span.from, span.to);
    for (size_t at = 0; at < text.size; at++) {
        char quote = text.data[at];
        if (quote != '\'' && quote != '"')
            continue;
        size_t size = slice_find_byte(slice_from(text, at + 1), quote);
        if (size == SLICE_NPOS)
            return;
        uint32_t source = span.from + (uint32_t)at + 1;
        embed(st, slice_sub(text, at + 1, at + 1 + size), source, span, st->scope);
        at += size + 1;
    }
}

void hooks_read(struct statements *st) {
    bool outer = st->guessed;
    uint32_t count = st->hooks.count;
    st->guessed = true;
    st->hooks.count = 0;
    for (uint32_t i = 0; i < count && st->builder->depth < BUILDER_DEPTH; i++)
        read_hook(st, st->hooks.items[i]);
    st->guessed = outer;
}

/* @x = '...', x := '...', @x += '...' */
void assignments_read(struct statements *st, struct run run) {
    for (uint32_t at = run.from; at + 2 <= run.to; at = token_at(st, at)->next) {
        uint32_t next = token_at(st, at)->next;
        bool name = token_has_role(st, at, ROLE_WORD) || token_has_role(st, at, ROLE_VARIABLE);
        if (!name || next >= run.to)
            continue;
        uint32_t sign = next;
        while (sign < run.to && !token_has_role(st, sign, ROLE_OPERATION) &&
               !token_has_role(st, sign, ROLE_SEPARATOR))
            sign = token_at(st, sign)->next; /* the type of DECLARE */
        if (sign + 1 >= run.to || !token_has_role(st, sign, ROLE_OPERATION))
            return;
        struct pieces pieces;
        struct slice key = lower(st, token_text(st, at));
        collect_pieces(st, (struct run){sign + 1, run.to}, &pieces);
        struct slice text = strbuf_slice(&pieces.text);
        uint32_t known = map_get(&st->file->texts, key);
        if (token_is(st, sign, SLICE("+")) && known != MAP_ABSENT)
            text = ARENA_CONCAT(st->builder->arena, st->file->strings.items[known], text);
        if (pieces.count)
            remember_text(st, key, text);
        return;
    }
}

void bodies_read(struct statements *st, const struct reading *reading, struct run run,
                 uint32_t scope) {
    const struct form *form = reading->form;
    struct slice kind = form_trait(form, "body=");
    if (form_has(form, "assigns"))
        assignments_read(st, (struct run){run.from + 1, run.to});
    if (form_has(form, "dynamic")) {
        read_dynamic(st, (struct run){run.from + 1, run.to}, scope);
        return;
    }
    if (kind.size) {
        read_own_body(st, reading, run, scope);
        return;
    }
    for (uint32_t at = run.from; at < run.to; at = token_at(st, at)->next)
        if (token_has_role(st, at, ROLE_BLOCK))
            read_block(st, at, scope);
}
