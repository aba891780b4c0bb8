#include "entity/code_cmdlet.h"

enum { SPLAT_TEXT = 1024, VALUE_LEVELS = 6 };

/* ---- variables ---- */

/* @{ Path = 'x'; Recurse = $true } as the parameters it is when a command is given it. */
static void keep_splat(struct code *code, struct slice name, TSNode map) {
    struct strbuf buf;
    strbuf_init(&buf, code->builder->arena);
    struct slice source = code_source(code, map), inside = source, line;
    inside = source.size > 3 ? slice_sub(source, 2, source.size - 1) : SLICE("");
    while (inside.size && slice_split(&inside, '\n', &line)) {
        struct slice pair;
        while (slice_split(&line, ';', &pair)) {
            size_t equals = slice_find_byte(pair, '=');
            if (equals == SLICE_NPOS || slice_starts(slice_trim(pair), SLICE("#")))
                continue;
            struct slice key = slice_trim(slice_sub(pair, 0, equals));
            strbuf_addf(&buf, " -%.*s:%.*s", SLICE_ARGS(key),
                        SLICE_ARGS(slice_trim(slice_from(pair, equals + 1))));
        }
    }
    if (!buf.size || buf.size > SPLAT_TEXT)
        return;
    struct variable *variable =
        variable_get(code, ARENA_CONCAT(code->builder->arena, SLICE("@"), name));
    variable->known = variable->filled = true;
    variable->resolved = variable->emptied = strbuf_slice(&buf);
}

/* $ErrorActionPreference = 'Stop' is set -e: as a cmdlet whose parameter is the value. */
static bool read_preference(struct code *code, struct slice name, const struct word *value,
                            struct span span) {
    struct slice key = ARENA_CONCAT(code->builder->arena, SLICE("$"), name);
    struct cmdlet cmdlet;
    if (!cmdlet_find(code, key, &cmdlet))
        return false;
    struct slice text = cmdlet_lower(code->builder->arena, word_resolved(code, value));
    struct cmdlet_parameter parameter = parameter_find(code, key, text);
    if (!parameter.means.size)
        parameter = parameter_find(code, key, SLICE("?"));
    if (!parameter.means.size)
        return false;
    struct word words[2] = {word_of_text(code, cmdlet.program, span),
                            word_of_text(code, parameter.means, span)};
    struct word all = word_of_text(
        code, code_squeeze(code->builder->arena, slice_sub(code->text, span.from, span.to)), span);
    all.parts[0].quoted = false;
    struct command command = {.words = words,
                              .count = 2,
                              .all = &all,
                              .all_count = 1,
                              .span = span,
                              .script_source = UINT32_MAX};
    command_read(code, &command);
    return true;
}

static bool has_command(struct code *code, TSNode node, struct slice *program) {
    for (uint32_t i = 0; i < VALUE_LEVELS && !ts_node_is_null(node); i++) {
        TSNode command = cmdlet_child(code, node, ROLE_COMMAND);
        if (!ts_node_is_null(command)) {
            *program = cmdlet_program(code, command);
            return true;
        }
        node = ts_node_named_child_count(node) == 1 ? code_named(node, 0) : (TSNode){0};
    }
    return false;
}

static void assign(struct code *code, struct slice name, TSNode value, bool appends,
                   struct span span) {
    struct slice program = SLICE_NONE;
    TSNode plain = value;
    while (!ts_node_is_null(plain) && ts_node_named_child_count(plain) == 1 &&
           (code_role(code, plain) == ROLE_WRAPPER || code_role(code, plain) == ROLE_PIPELINE))
        plain = code_named(plain, 0);
    if (code_role(code, plain) == ROLE_MAP)
        keep_splat(code, name, plain);
    if (has_command(code, value, &program)) {
        variable_get(code, name)->filled = program_find(code, program)->filled;
        variable_get(code, name)->known = false;
        return;
    }
    enum node_role role = code_role(code, plain);
    if (appends || !(role == ROLE_STRING || role == ROLE_NUMBER || role == ROLE_VARIABLE)) {
        variable_fill(code, name);
        return;
    }
    struct word word = cmdlet_word(code, ts_node_start_byte(plain), ts_node_end_byte(plain));
    if (read_preference(code, name, &word, span))
        return;
    if (word_is_constant(code, &word))
        assignment_emit(code, name,
                        value_text(code->builder->arena, word_resolved(code, &word), word.span),
                        &word, span);
    variable_assign(code, name, &word);
}

/* set X=y, set "X=y" */
static void assign_text(struct code *code, TSNode node) {
    struct span span = code_span(node);
    while (span.from < span.to && code->text.data[span.from] > ' ')
        span.from++; /* set */
    while (span.from < span.to && strchr(" \t\"", code->text.data[span.from]))
        span.from++;
    struct slice text = slice_sub(code->text, span.from, span.to);
    size_t equals = slice_find_byte(text, '=');
    if (equals == SLICE_NPOS || !equals)
        return;
    struct slice name = cmdlet_variable(code, slice_sub(text, 0, equals));
    if (text.data[0] == '/') {
        variable_fill(code, cmdlet_variable(code, slice_from(text, 3)));
        return;
    }
    uint32_t to = span.to - (span.to > span.from && code->text.data[span.to - 1] == '"');
    struct word word = cmdlet_word(code, span.from + (uint32_t)equals + 1, to);
    if (word_is_constant(code, &word))
        assignment_emit(code, name,
                        value_text(code->builder->arena, word_resolved(code, &word), word.span),
                        &word, code_span(node));
    variable_assign(code, name, &word);
}

void cmdlet_assignment(struct code *code, TSNode node) {
    if (code->style == WORDS_PERCENT) {
        assign_text(code, node);
        return;
    }
    TSNode value = node_field(code->roles, node, FIELD_VALUE);
    struct slice source = code_source(code, node);
    if (ts_node_is_null(value)) {
        code_walk_children(code, node);
        return;
    }
    code_walk(code, value);
    struct slice left = slice_sub(source, 0, ts_node_start_byte(value) - ts_node_start_byte(node));
    left = slice_trim(left);
    bool appends = left.size > 1 && strchr("+-*/?", left.data[left.size - 2]);
    while (left.size && strchr("=+-*/?% \t", left.data[left.size - 1]))
        left.size--;
    struct slice name = cmdlet_variable(code, left);
    if (name.size)
        assign(code, name, value, appends, code_span(node));
}

/* A parameter that must be given, or has a value of its own, is never empty. */
void cmdlet_parameter(struct code *code, TSNode node) {
    TSNode variable = cmdlet_child(code, node, ROLE_VARIABLE);
    if (ts_node_is_null(variable))
        return;
    struct slice name = cmdlet_variable(code, code_source(code, variable));
    struct slice text = cmdlet_lower(code->scratch, code_source(code, node));
    bool empty =
        slice_contains(text, SLICE("allowempty")) ||
        !(slice_contains(text, SLICE("mandatory")) || slice_contains(text, SLICE("notnull")) ||
          slice_contains(text, SLICE("validateset")) || slice_contains(text, SLICE("[int")) ||
          ts_node_end_byte(node) > ts_node_end_byte(variable));
    if (empty)
        variable_forget(code, name);
    else
        variable_fill(code, name);
}

void cmdlet_loop(struct code *code, TSNode node) {
    TSNode variable = cmdlet_child(code, node, ROLE_VARIABLE);
    if (!ts_node_is_null(variable))
        variable_fill(code, cmdlet_variable(code, code_source(code, variable)));
}

/* ---- conditions ---- */

struct children cmdlet_branches(struct code *code, TSNode node) {
    VEC(struct node_child) list = {0};
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        bool holds = !code_in_field(code, &children.items[i], FIELD_CONDITION) &&
                     code_role(code, children.items[i].node) == ROLE_WRAPPER;
        struct children inner = {0};
        if (holds)
            inner = code_children(code, children.items[i].node);
        for (uint32_t n = 0; n < inner.count; n++)
            vec_push(code->scratch, &list, inner.items[n]);
        if (!holds)
            vec_push(code->scratch, &list, children.items[i]);
    }
    return (struct children){list.items, list.count};
}

struct slice cmdlet_condition(struct code *code, TSNode first) {
    TSNode node = ts_node_parent(first);
    uint32_t to = ts_node_end_byte(node);
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; i < count; i++) {
        enum node_role role = code_role(code, code_named(node, i));
        if (role == ROLE_NONE || role == ROLE_COMMENT)
            continue;
        to = ts_node_start_byte(code_named(node, i));
        break;
    }
    return code_squeeze(code->builder->arena,
                        slice_trim(slice_sub(code->text, ts_node_start_byte(node), to)));
}

static uint32_t occurrences(struct slice text, const char *word) {
    uint32_t count = 0;
    struct slice wanted = slice_of(word);
    for (size_t at; (at = slice_find(text, wanted)) != SLICE_NPOS; count++)
        text = slice_from(text, at + wanted.size);
    return count;
}

bool cmdlet_holds_when_empty(struct slice text) {
    static const char *const words[] = {"-not ",    "-not(",        "!",
                                        "IsNullOr", "-eq $null",    "$null -eq",
                                        "-eq ''",   "not defined ", "not exist "};
    uint32_t count = 0;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        count += occurrences(text, words[i]);
    return count % 2 == 1;
}
