#include "entity/code.h"

static bool is_function(const struct code *code, TSNode node) {
    enum node_role role = code_role(code, node);
    return role == ROLE_LAMBDA || role == ROLE_FUNCTION;
}

/* () => true: short enough to be a value. */
static bool is_short_lambda(const struct code *code, TSNode node) {
    if (code_role(code, node) != ROLE_LAMBDA)
        return false;
    TSNode body = node_field(code->roles, node, FIELD_BODY);
    return !ts_node_is_null(body) && code_role(code, body) == ROLE_BOOL;
}

/* command.CommandText = "DELETE ..": an attribute whose value is run. */
static void assign_statement(struct code *code, TSNode left, TSNode right) {
    TSNode object, member;
    struct process_call call;
    if (code_role(code, code_plain(code, right)) == ROLE_STRING &&
        member_split(code, left, &object, &member) &&
        statement_call_find(code, member_text(code, member), &call))
        statement_text_read(code, call.dialect, right, code->scope);
}

/* `context.verify_mode = ssl.CERT_NONE`: constants and names only, as the rest is program. */
static void assign_member(struct code *code, TSNode left, TSNode right, struct span span) {
    const struct value *value = expression_value(code, right);
    TSNode plain = code_plain(code, right), object, member;
    bool name = member_split(code, plain, &object, &member) ||
                code_role(code, plain) == ROLE_IDENTIFIER || is_short_lambda(code, plain);
    if (name || value->kind == VALUE_LITERAL || value->kind == VALUE_NULL)
        setting_emit(code, shown_text(code, left), value, NULL, span);
}

static void assign_map(struct code *code, TSNode left, TSNode right, struct span span) {
    TSNode map = map_find(code, right);
    if (!ts_node_is_null(map) && ts_node_named_child_count(map))
        setting_emit(code, shown_text(code, left), nested_value(code, map), NULL, span);
}

/* Constants of the file; a name that gets a second value, or one nobody knows, is none. Lists are
 * told where they are settings, outside of functions. */
static void assign_name(struct code *code, TSNode left, TSNode right, struct span span) {
    struct slice name = code_source(code, left);
    const struct value *value = expression_value(code, right);
    bool constant = value->kind == VALUE_LITERAL || value->kind == VALUE_NULL;
    bool seen = variable_find(code->variables, name) != NULL;
    struct variable *variable = variable_get(code, name);
    variable->known = constant && !seen && value->kind == VALUE_LITERAL;
    variable->resolved = variable->emptied = value->text;
    enum node_role role = code_role(code, code_plain(code, right));
    bool setting = role == ROLE_LIST || role == ROLE_TUPLE;
    if (constant || setting)
        assignment_emit(code, name, value, NULL, span);
}

/* A type that is declared says more than a function that makes the value, unless that belongs to a
 * type or a module: S3Client.create(). */
static bool tells_more(struct code *code, TSNode call, struct slice callee) {
    return import_is_root(code, call) || code_role(code, call) == ROLE_NEW ||
           (callee.size && callee.data[0] >= 'A' && callee.data[0] <= 'Z' &&
            slice_find_byte(callee, '.') != SLICE_NPOS);
}

static bool is_declared(struct code *code, TSNode left) {
    TSNode object, member;
    if (member_split(code, left, &object, &member))
        return origin_field_is_typed(code, member_text(code, member));
    return origin_is_typed(code, code_source(code, left));
}

/* x = f(); this.x = x: where the value comes from. */
static void assign_origin(struct code *code, TSNode left, TSNode right) {
    TSNode plain = code_plain(code, right), object, member;
    struct slice name = code_source(code, left), origin = SLICE_NONE;
    bool whole, member_left = member_split(code, left, &object, &member);
    if (code_is_call(code, left) && !member_left)
        return;
    if (code_is_call(code, plain))
        origin = call_name(code, plain);
    else if (code_role(code, plain) == ROLE_IDENTIFIER)
        origin = chain_origin(code, plain, &whole);
    bool call = code_is_call(code, plain);
    if (!origin.size || (is_declared(code, left) && !(call && tells_more(code, plain, origin))))
        return;
    struct slices filters = {0};
    chain_filters(code, plain, &filters); /* before the name means something else */
    origin_set(code, name, origin, false, &filters);
    if (member_left)
        origin_set_field(code, member_text(code, member), origin, false);
    else if (slice_starts(name, SLICE("@")))
        origin_set_field(code, name, origin, false);
}

/* The name a function gets: the last part of what it is assigned to. */
static void set_pending(struct code *code, TSNode left, TSNode right) {
    TSNode object, member, plain = code_plain(code, right);
    if (!is_function(code, plain))
        return;
    code->pending = member_split(code, left, &object, &member) ? member_text(code, member)
                                                               : code_source(code, left);
    code->pending_lambda = plain;
}

void call_assignment(struct code *code, TSNode node) {
    TSNode left, right, object, member;
    if (!assignment_split(code, node, &left, &right)) {
        type_read(code, node);
        code_walk_children(code, node);
        return;
    }
    struct span span = code_span(node);
    set_pending(code, left, right);
    type_read(code, node);
    result_assigned(code, node, right);
    code_walk_children(code, node);
    if (import_assignment(code, left, right))
        return;
    assign_origin(code, left, right);
    assign_map(code, left, right, span);
    assign_statement(code, left, right);
    if (member_split(code, left, &object, &member))
        assign_member(code, left, right, span);
    else if (code_role(code, left) == ROLE_IDENTIFIER)
        assign_name(code, left, right, span);
}

/* {name: function}: a function of that name. */
void pair_read(struct code *code, TSNode node) {
    struct slice key;
    TSNode value;
    if (pair_split(code, node, &key, &value) && is_function(code, code_plain(code, value))) {
        code->pending = key;
        code->pending_lambda = code_plain(code, value);
    }
    code_walk_children(code, node);
}
