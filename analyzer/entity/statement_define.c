#include "entity/statement.h"

bool run_next_part(const struct statements *st, struct run *rest, struct run *part) {
    if (rest->from >= rest->to)
        return false;
    uint32_t at = rest->from;
    while (at < rest->to && !token_has_role(st, at, ROLE_SEPARATOR))
        at = token_at(st, at)->next;
    *part = (struct run){rest->from, at};
    rest->from = at < rest->to ? at + 1 : at;
    return true;
}

static uint32_t next_word(struct statements *st, struct run run) {
    uint32_t at = run.from;
    while (at < run.to && !phrase_at(st, st->forms->column_words, at, run.to, NULL) &&
           !token_has_role(st, at, ROLE_SEPARATOR))
        at = token_at(st, at)->next;
    return at;
}

struct run type_run(struct statements *st, struct run run) {
    return (struct run){run.from, next_word(st, run)};
}

struct slice type_text(struct statements *st, struct run run) {
    struct slice text = run_text(st, run);
    struct strbuf out;
    strbuf_init(&out, st->builder->arena);
    for (size_t i = 0; i < text.size; i++) {
        bool gap = text.data[i] == ' ' && i + 1 < text.size;
        if (!gap || (text.data[i + 1] != '(' && (!i || text.data[i - 1] != ',')))
            strbuf_add_byte(&out, text.data[i]);
    }
    return strbuf_slice(&out);
}

/* Of varchar(255) the base is varchar and the length 255, of decimal(10, 2) the scale 2 too: sizes
 * are compared as numbers. */
static void add_type_parts(struct body *body, struct slice type, struct span span) {
    static const char *const keys[] = {"length", "scale"};
    size_t open = slice_find_byte(type, '(');
    struct slice base = open == SLICE_NPOS ? type : slice_sub(type, 0, open);
    body_add_text(body, "base_type", slice_trim(base), span);
    struct slice rest = open == SLICE_NPOS ? SLICE("") : slice_from(type, open + 1), part;
    for (size_t i = 0; i < 2 && rest.size; i++) {
        size_t end = 0;
        while (end < rest.size && rest.data[end] != ',' && rest.data[end] != ')')
            end++;
        part = slice_trim(slice_sub(rest, 0, end));
        int64_t number;
        if (!slice_to_int(part, &number))
            return;
        body_add_key_text(body, slice_of(keys[i]), part, span);
        rest = end < rest.size && rest.data[end] == ',' ? slice_from(rest, end + 1) : SLICE("");
    }
}

/* `name varchar(255) NOT NULL DEFAULT 'x'` without the name. */
void definition_add(struct statements *st, struct body *body, struct run run) {
    struct run type = type_run(st, run);
    struct slice text = type_text(st, type);
    body_add_text(body, "data_type", text, run_span(st, type));
    if (text.size)
        add_type_parts(body, text, run_span(st, type));
    const char *nullable = NULL;
    struct span span = run_span(st, run);
    for (uint32_t at = type.to; at < run.to;) {
        uint32_t next = token_at(st, at)->next;
        bool follows = next < run.to;
        if (token_is(st, at, SLICE("not")) && follows && token_is(st, next, SLICE("null"))) {
            nullable = "false";
            at = next + 1;
        } else if (token_is(st, at, SLICE("primary"))) {
            nullable = "false";
            at = next;
        } else if (token_is(st, at, SLICE("null"))) {
            nullable = nullable ? nullable : "true";
            at = next;
        } else if (token_is(st, at, SLICE("default")) && follows) {
            struct run value = {next, token_at(st, next)->next};
            value.to = next_word(st, (struct run){value.to, run.to});
            body_add_text(body, "default", run_text(st, value), run_span(st, value));
            at = value.to;
        } else {
            at = next;
        }
    }
    body_add_text(body, "nullable", slice_of(nullable ? nullable : "true"), span);
}

static bool is_constraint(struct statements *st, struct run part) {
    uint32_t taken = phrase_at(st, st->forms->constraint_words, part.from, part.to, NULL);
    if (!taken)
        return false;
    /* A column may be called like one: `key text`. */
    uint32_t next = part.from + taken;
    bool alone = taken == 1 && !token_is(st, part.from, SLICE("constraint"));
    if (!alone || next >= part.to)
        return true;
    return token_has_role(st, next, ROLE_GROUP) || token_has_role(st, next, ROLE_IDENTIFIER) ||
           (next + 1 < part.to && !token_is(st, part.from, SLICE("check")) &&
            token_has_role(st, next + 1, ROLE_GROUP) && !token_is(st, part.from, SLICE("like")) &&
            token_is(st, part.from, SLICE("unique"))) ||
           token_is(st, next, SLICE("key")) || token_is(st, next, SLICE("index")) ||
           token_is(st, part.from, SLICE("like")) || token_is(st, next, SLICE("using"));
}

static const struct value *column_value(struct statements *st, struct run part) {
    struct body body = {.arena = st->builder->arena};
    uint32_t at = part.from;
    struct slice name;
    if (!name_read(st, &at, part.to, &name)) {
        if (!token_has_role(st, at, ROLE_WORD))
            return NULL;
        name = token_text(st, at++); /* a reserved word that is a name all the same */
    }
    body_add_text(&body, "name", name, run_span(st, (struct run){part.from, at}));
    definition_add(st, &body, (struct run){at, part.to});
    return body_finish(&body, run_span(st, part));
}

void table_add(struct statements *st, struct body *body, struct run group) {
    struct arena *arena = st->builder->arena;
    VEC(struct value_item) columns = {0}, constraints = {0};
    struct run rest = group, part;
    while (run_next_part(st, &rest, &part)) {
        struct span span = run_span(st, part);
        if (part.from == part.to)
            continue;
        const struct value *value = is_constraint(st, part)
                                        ? value_text(arena, run_text(st, part), span)
                                        : column_value(st, part);
        struct value_item item = {.key = SLICE_NONE, .span = span, .value = value};
        if (value && value->kind == VALUE_MAP)
            vec_push(st->scratch, &columns, item);
        else if (value)
            vec_push(st->scratch, &constraints, item);
    }
    struct span span = run_span(st, group);
    if (columns.count)
        body_add(body, "columns",
                 value_items(arena, VALUE_LIST, columns.items, columns.count, span));
    if (constraints.count)
        body_add(body, "constraints",
                 value_items(arena, VALUE_LIST, constraints.items, constraints.count, span));
}
