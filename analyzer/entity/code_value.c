#include "entity/code.h"

enum { VALUE_DEPTH = 12 }; /* levels of maps and lists that are kept apart */

static bool is_word(struct slice text, const char *word) {
    return slice_equal_nocase(text, slice_of(word));
}

/* Some grammars have no kinds of their own for these words. */
static bool take_word(struct value *value, struct slice text) {
    bool yes = is_word(text, "true"), no = is_word(text, "false");
    if (yes || no) {
        value->kind = VALUE_LITERAL;
        value->type = LITERAL_BOOL;
        value->text = yes ? SLICE("true") : SLICE("false");
    } else if (is_word(text, "null") || slice_is(text, "undefined") || slice_is(text, "nil")) {
        value->kind = VALUE_NULL;
    } else {
        return false;
    }
    return true;
}

/* a + b, a . b, a % b: texts put together, if there is a text. */
static bool joins_texts(const struct code *code, TSNode node) {
    TSNode operator= node_field(code->roles, node, FIELD_OPERATOR);
    return ts_node_is_null(operator) || code_source(code, operator).size == 1;
}

/* What is not literal stands as ${name} in the text, so that rules see what surrounds it. */
static void take_string(struct code *code, struct value *value, TSNode node) {
    struct string string = {.exact = false};
    if (code_role(code, node) != ROLE_BINARY || joins_texts(code, node))
        string = string_read(code, node);
    value->kind = string.exact && string.literal ? VALUE_LITERAL : VALUE_EXPRESSION;
    value->text = string.literal ? string.text : shown_text(code, node);
}

/* join(a, b) and path.join(a, b) are the same, if join is that of path. */
static struct slice expression_text(struct code *code, TSNode node, TSNode plain) {
    TSNode arguments = code_is_call(code, plain) ? arguments_find(code, plain) : (TSNode){0};
    if (ts_node_is_null(arguments) || !import_is_root(code, plain))
        return shown_text(code, node);
    struct slice name = call_name(code, plain);
    if (slice_is_none(name))
        return shown_text(code, node);
    return ARENA_CONCAT(code->builder->arena, name, shown_text(code, arguments));
}

const struct value *expression_value(struct code *code, TSNode node) {
    struct arena *arena = code->builder->arena;
    struct value *value = ARENA_NEW(arena, struct value);
    *value = (struct value){.span = code_span(node), .kind = VALUE_EXPRESSION};
    TSNode plain = code_plain(code, node);
    switch (code_role(code, plain)) {
    case ROLE_STRING:
    case ROLE_HEREDOC:
    case ROLE_CONCATENATION:
    case ROLE_BINARY:
        take_string(code, value, plain);
        break;
    case ROLE_NUMBER:
        value->kind = VALUE_LITERAL;
        value->type = LITERAL_NUMBER;
        value->text = code_source(code, plain);
        break;
    case ROLE_BOOL:
    case ROLE_IDENTIFIER:
        if (!take_word(value, code_source(code, plain)))
            value->text = shown_text(code, node);
        break;
    case ROLE_NULL:
        value->kind = VALUE_NULL;
        break;
    default:
        value->text = expression_text(code, node, plain);
    }
    return value;
}

static const struct value *nested(struct code *code, TSNode node, uint32_t level);

static const struct value *collected(struct code *code, TSNode node, bool map, uint32_t level) {
    struct body body = {.arena = code->builder->arena};
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node, value = child;
        struct value_item item = {.span = code_span(child)};
        if (!ts_node_is_named(child) || code_role(code, child) == ROLE_COMMENT)
            continue;
        if (map && (!code_is_pair(code, child) || !pair_split(code, child, &item.key, &value)))
            continue;
        if (!map && code_role(code, child) == ROLE_PAIR)
            value = code_named(child, 0);
        item.value = nested(code, value, level + 1);
        vec_push(code->scratch, &body.items, item);
    }
    return value_items(body.arena, map ? VALUE_MAP : VALUE_LIST, body.items.items, body.items.count,
                       code_span(node));
}

static const struct value *nested(struct code *code, TSNode node, uint32_t level) {
    if (level > VALUE_DEPTH)
        return expression_value(code, node);
    TSNode map = map_find(code, node);
    if (!ts_node_is_null(map) && ts_node_is_null(list_find(code, node)))
        return collected(code, map, true, level);
    TSNode list =
        code_role(code, code_plain(code, node)) == ROLE_TUPLE ? (TSNode){0} : list_find(code, node);
    if (!ts_node_is_null(list))
        return collected(code, list, false, level);
    return expression_value(code, node);
}

const struct value *nested_value(struct code *code, TSNode node) {
    return nested(code, node, 0);
}
