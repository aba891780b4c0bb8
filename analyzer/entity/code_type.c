#include "entity/code.h"

/* What a parameter, field or variable is declared to be is where it comes from. */

enum { TYPE_LEVELS = 8, TYPE_CHILDREN = 16 };

static TSNode behind_token(const struct code *code, TSNode node) {
    uint32_t count = ts_node_child_count(node);
    for (uint32_t i = 0; i + 1 < count && i < TYPE_CHILDREN; i++)
        if (code_role(code, ts_node_child(node, i)) == ROLE_TYPED &&
            !ts_node_is_named(ts_node_child(node, i)))
            return ts_node_child(node, i + 1);
    return (TSNode){0};
}

/* The declared type; in some grammars it stands around the name, inside of the declaration. */
static TSNode type_find(struct code *code, TSNode node) {
    TSNode type = node_field(code->roles, node, FIELD_DECLARED);
    if (ts_node_is_null(type) && !code->roles->fields[FIELD_DECLARED][0]) {
        type = behind_token(code, node);
        TSNode first = code_named(node, 0);
        for (uint32_t i = 0; i < 3 && ts_node_is_null(type) && !ts_node_is_null(first); i++) {
            if (code_role(code, first) == ROLE_WRAPPER)
                type = behind_token(code, first);
            first = ts_node_next_named_sibling(first);
        }
    }
    return type;
}

/* Option<X> and the like can do what X can. */
static bool is_around(struct code *code, TSNode node) {
    struct slice name = call_name(code, node);
    if (slice_is_none(name))
        return false;
    size_t dot = slice_find_last_byte(name, '.');
    if (dot != SLICE_NPOS)
        name = slice_from(name, dot + 1);
    return table_has(code->knowledge, SLICE("type_wrappers"), &name, 1);
}

static bool is_name(const struct code *code, TSNode node) {
    enum node_role role = code_role(code, node);
    return role == ROLE_IDENTIFIER || role == ROLE_MEMBER;
}

/* Lists, functions and maps of something are not that thing. */
static bool is_collection(struct code *code, TSNode node) {
    struct slice text = code_source(code, node);
    return !text.size || text.data[0] == '[' || text.data[0] == '(' ||
           slice_ends(text, SLICE("[]")) ||
           !ts_node_is_null(node_field(code->roles, node, FIELD_KEY));
}

/* Cow<'a, X> and Annotated[X, Depends(y)]: the first that is no lifetime. */
static TSNode first_type(struct code *code, TSNode arguments) {
    TSNode first = code_named(arguments, 0);
    while (!ts_node_is_null(first) && slice_starts(code_source(code, first), SLICE("'")))
        first = ts_node_next_named_sibling(first);
    return first;
}

/* A type that goes by its short name, as it was imported. */
static struct slice type_path(struct code *code, struct slice name) {
    uint32_t index = slice_is_none(name) ? MAP_ABSENT : map_get(&code->types, name);
    return index == MAP_ABSENT ? name : code->imported.list.items[index];
}

static struct slice type_name(struct code *code, TSNode node) {
    for (uint32_t i = 0; i < TYPE_LEVELS && !ts_node_is_null(node); i++) {
        if (is_name(code, node))
            return type_path(code, call_name(code, node));
        TSNode first = code_named(node, 0), second = code_named(node, 1);
        if (is_collection(code, node) || ts_node_is_null(first))
            return SLICE_NONE;
        TSNode inner = node_field(code->roles, node, FIELD_DECLARED);
        bool around = !ts_node_is_null(second) && is_name(code, first) && is_around(code, first);
        if (around && ts_node_named_child_count(second))
            node = first_type(code, second);
        else
            node = ts_node_is_null(inner) ? first : inner;
    }
    return SLICE_NONE;
}

static void name_typed(struct code *code, TSNode name, struct slice type, bool field) {
    struct slice text = code_source(code, name);
    TSNode object, member;
    origin_set(code, text, type, true, NULL);
    if (member_split(code, name, &object, &member))
        origin_set_field(code, member_text(code, member), type, true);
    else if (field)
        origin_set_field(code, text, type, true);
}

/* Fields are known by their name wherever the text goes on, with or without what they are of. */
static bool has_modifiers(struct code *code, const struct children *children) {
    for (uint32_t i = 0; i < children->count; i++) {
        enum node_role role = code_role(code, children->items[i].node);
        if (role == ROLE_MODIFIERS || role == ROLE_DECORATOR)
            return true;
    }
    return false;
}

/* @NotNull String name: what a class holds, and what frameworks do with it. */
static void field_emit(struct code *code, TSNode node, TSNode name, struct slice type) {
    struct body body = {.arena = code->builder->arena};
    struct slices outer = code->decorators;
    code->decorators = (struct slices){0};
    decorators_collect(code, node, 0);
    struct slices own = code->decorators;
    code->decorators = outer;
    body_add_texts(&body, "decorators", &own, code_span(node));
    body_add_text(&body, "declared", type, code_span(node));
    code_emit(code, "field", SLICE(""), code_qualified(code, code_source(code, name)), &body,
              code_span(node));
}

/* ": string" is string. */
static struct slice type_text(struct code *code, TSNode type) {
    struct slice text = shown_text(code, type);
    while (text.size && (text.data[0] == ':' || text.data[0] == ' '))
        text = slice_from(text, 1);
    return text;
}

/* Names are marked by a field, or declared one by one, or the first is the one. */
void type_read(struct code *code, TSNode node) {
    TSNode type = type_find(code, node);
    if (ts_node_is_null(type) || ts_node_start_byte(node) < code->owner.to)
        return; /* the object of a method is what all of its calls begin with */
    struct slice name = type_name(code, type);
    struct children children = code_children(code, node);
    bool modified = has_modifiers(code, &children), found = false;
    bool class = !code->in_function && code->function.size;
    if (slice_is_none(name) && !class)
        return;
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        bool marked = code_in_field(code, &children.items[i], FIELD_NAME) ||
                      code_in_field(code, &children.items[i], FIELD_LEFT);
        bool inside = ts_node_start_byte(child) >= ts_node_start_byte(type) &&
                      ts_node_end_byte(child) <= ts_node_end_byte(type);
        if (!ts_node_is_named(child) || inside)
            continue;
        bool declared = code_role(code, child) == ROLE_ASSIGNMENT;
        child = declared ? node_field(code->roles, child, FIELD_NAME) : code_plain(code, child);
        if ((!marked && !declared && found) || ts_node_is_null(child) || !is_name(code, child))
            continue;
        if (!slice_is_none(name))
            name_typed(code, child, name, modified || !code->in_function);
        if (class)
            field_emit(code, node, child, type_text(code, type));
        found = true;
    }
}
