#include "entity/code.h"

/* ---- arguments ---- */

static void add_keyword(struct code *code, struct arguments *arguments, struct slice key,
                        TSNode value, struct span span) {
    struct value_item item = {.key = key, .span = span, .value = nested_value(code, value)};
    vec_push(code->scratch, &arguments->keywords->items, item);
    vec_push(code->scratch, &arguments->keyword_nodes, value);
}

/* f({a: 1}) names its arguments as f(a=1) does. */
static void add_map(struct code *code, struct arguments *arguments, TSNode map) {
    struct children children = code_children(code, map);
    for (uint32_t i = 0; i < children.count; i++) {
        struct slice key;
        TSNode child = children.items[i].node, value;
        if (code_is_pair(code, child) && pair_split(code, child, &key, &value))
            add_keyword(code, arguments, key, value, code_span(child));
    }
}

static void add_positional(struct code *code, struct arguments *arguments, TSNode node) {
    struct value_item item = {.span = code_span(node), .value = expression_value(code, node)};
    vec_push(code->scratch, &arguments->positional->items, item);
    vec_push(code->scratch, &arguments->nodes, node);
}

static void add_argument(struct code *code, struct arguments *arguments, TSNode node) {
    enum node_role role = code_role(code, node);
    struct slice key;
    TSNode value;
    bool named = role == ROLE_KEYWORD_ARGUMENT || role == ROLE_PAIR || role == ROLE_ARGUMENT;
    if (named && pair_split(code, node, &key, &value)) {
        add_keyword(code, arguments, key, value, code_span(node));
        return;
    }
    if (role == ROLE_KEYWORD_ARGUMENT)
        return;
    if (role == ROLE_ARGUMENT && ts_node_named_child_count(node))
        node = code_named(node, 0);
    add_positional(code, arguments, node);
    TSNode map = map_find(code, node);
    if (!ts_node_is_null(map))
        add_map(code, arguments, map);
}

void arguments_read(struct code *code, TSNode call, struct arguments *arguments) {
    TSNode node = arguments_find(code, call);
    if (!ts_node_is_null(node) && code_role(code, node) != ROLE_ARGUMENTS) {
        add_positional(code, arguments, node);
    } else if (!ts_node_is_null(node)) {
        struct children children = code_children(code, node);
        for (uint32_t i = 0; i < children.count; i++)
            if (ts_node_is_named(children.items[i].node) &&
                code_role(code, children.items[i].node) != ROLE_COMMENT)
                add_argument(code, arguments, children.items[i].node);
    }
    TSNode map = code_role(code, call) == ROLE_NEW ? map_find(code, call) : (TSNode){0};
    if (!ts_node_is_null(map))
        add_map(code, arguments, map);
}

/* ---- the entity ---- */

/* Of `client.databases` and `client.databases()` the owner is "databases": a variable in front may
 * have any name. */
static void add_receiver(struct code *code, struct body *body, TSNode object) {
    body_add_text(body, "receiver", shown_text(code, object), code_span(object));
    TSNode plain = code_plain(code, object), inner, member = {0};
    if (code_is_call(code, plain)) {
        TSNode arguments = arguments_find(code, plain);
        if (!ts_node_is_null(arguments) && ts_node_named_child_count(arguments))
            return;
        member = callee_find(code, plain).member;
    } else if (!member_split(code, plain, &inner, &member)) {
        return;
    }
    if (ts_node_is_null(member) || method_narrows(code, member_text(code, member)))
        return;
    body_add_text(body, "owner", member_text(code, member), code_span(member));
}

void code_place_add(struct code *code, struct body *body, struct span span) {
    body_add(body, "guards", guard_values(code, NULL, 0));
    if (code->loops)
        body_add_text(body, "loop", SLICE("true"), span);
    body_add_text(body, "function", code->function, span);
    body_add_texts(body, "within", &code->within, span);
}

static void add_arguments(struct code *code, struct body *body, const struct arguments *arguments,
                          struct span span) {
    struct body *positional = arguments->positional;
    struct slices origins = {0};
    for (uint32_t i = 0; i < arguments->nodes.count; i++) {
        struct slice origin = chain_maker(code, arguments->nodes.items[i]);
        if (origin.size)
            vec_push(code->scratch, &origins.list, origin);
    }
    body_add_texts(body, "argument_origins", &origins, span);
    if (positional->items.count)
        body_add(body, "arguments",
                 value_items(body->arena, VALUE_LIST, positional->items.items,
                             positional->items.count, span));
    if (arguments->keywords->items.count)
        body_add(body, "keywords", body_finish(arguments->keywords, span));
}

/* Returns what the first of the chain was made by. */
static struct slice add_chain(struct code *code, struct body *body, TSNode object,
                              struct span span) {
    struct slices filters = {0};
    struct slice origin = SLICE("");
    if (!ts_node_is_null(object)) {
        bool whole = false;
        origin = chain_origin(code, object, &whole);
        body_add_text(body, "origin", origin, span);
        if (whole && origin.size)
            body_add_text(body, "known", SLICE("true"), span);
        chain_filters(code, object, &filters);
    }
    for (uint32_t i = 0; i < code->following.list.count; i++)
        vec_push(code->scratch, &filters.list, code->following.list.items[i]);
    body_add_texts(body, "filters", &filters, span);
    return origin;
}

static struct slice callee_name(struct code *code, TSNode node, const struct callee *callee) {
    bool method = !ts_node_is_null(callee->member);
    struct slice name = call_name(code, method ? node : callee->function);
    if (!slice_is_none(name))
        return name;
    return shown_text(code, ts_node_is_null(callee->function) ? callee->member : callee->function);
}

/* A function of a module is the same however the module was imported. */
static void add_module(struct body *body, struct slice name, struct span span) {
    size_t dot = slice_find_last_byte(name, '.');
    if (dot == SLICE_NPOS)
        return;
    struct slice front = slice_sub(name, 0, dot);
    size_t inner = slice_find_last_byte(front, '.');
    body_add_text(body, "receiver", front, span);
    if (inner != SLICE_NPOS)
        body_add_text(body, "owner", slice_from(front, inner + 1), span);
    body_add_text(body, "method", slice_from(name, dot + 1), span);
}

static void add_target(struct code *code, struct body *body, const struct callee *callee) {
    if (!ts_node_is_null(callee->object))
        add_receiver(code, body, callee->object);
    if (!ts_node_is_null(callee->member))
        body_add_text(body, "method", member_text(code, callee->member), code_span(callee->member));
}

static void emit_call(struct code *code, TSNode node, const struct callee *callee,
                      struct slice name) {
    struct span span = code_span(node);
    struct body body = {.arena = code->builder->arena};
    struct body positional = {.arena = body.arena}, keywords = {.arena = body.arena};
    struct arguments arguments = {.positional = &positional, .keywords = &keywords};
    body_add_text(&body, "callee", name, span);
    if (code_role(code, node) == ROLE_NEW)
        body_add_text(&body, "new", SLICE("true"), span);
    if (import_is_root(code, node))
        add_module(&body, name, span);
    else
        add_target(code, &body, callee);
    struct slice origin = add_chain(code, &body, callee->object, span);
    arguments_read(code, node, &arguments);
    add_arguments(code, &body, &arguments, span);
    code_place_add(code, &body, span);
    struct slice text = shown_text(code, node);
    body_add_text(&body, "text", text, span);
    body_add_text(&body, "error", result_take(code, node), span);
    uint32_t scope = code_emit(code, "call", name, text, &body, span);
    construct_read(code, name, &arguments, span);
    if (origin.size && !ts_node_is_null(callee->member))
        origin = ARENA_CONCAT(body.arena, origin, SLICE("."), member_text(code, callee->member));
    if (process_call_read(code, name, node, &arguments, scope) ||
        (origin.size && process_call_read(code, origin, node, &arguments, scope)))
        return;
    statement_call_read(code, name, &arguments, scope);
}

/* ---- what stands in it ---- */

/* Calls in whose arguments others mean something else: rules/facts/framing_calls.tsv. Of a.b.c the
 * last name is asked for: receivers have any name. */
static bool call_frames(struct code *code, struct slice callee) {
    size_t from = callee.size;
    while (from && callee.data[from - 1] != '.' && callee.data[from - 1] != ':')
        from--;
    struct slice key[2] = {code->family, slice_from(callee, from)};
    return table_has(code->knowledge, SLICE("framing_calls"), key, 2);
}

static void walk_framed(struct code *code, TSNode node, struct slice frame) {
    vec_push(code->scratch, &code->within.list, frame);
    code_walk(code, node);
    code->within.list.count--;
}

/* A named argument is framed by call and name: "m.Both.state_operations". */
static void walk_framed_arguments(struct code *code, TSNode node, struct slice callee) {
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode argument = children.items[i].node, value;
        struct slice frame = callee, key;
        if (code_role(code, argument) == ROLE_KEYWORD_ARGUMENT &&
            pair_split(code, argument, &key, &value))
            frame = ARENA_CONCAT(code->builder->arena, callee, SLICE("."), key);
        walk_framed(code, argument, frame);
    }
}

static void walk_passed(struct code *code, TSNode node, struct slice callee, bool frames) {
    if (frames && code_role(code, node) == ROLE_ARGUMENTS)
        walk_framed_arguments(code, node, callee);
    else if (frames)
        walk_framed(code, node, callee);
    else
        code_walk(code, node);
}

/* What is called on the result narrows what stands in front; what is passed is on its own, and
 * runs again and again if it is passed to `each`. */
static void walk_parts(struct code *code, TSNode node, const struct callee *callee,
                       struct slice name) {
    struct slices outer = code->following, own = outer;
    struct slice method =
        ts_node_is_null(callee->member) ? SLICE("") : member_text(code, callee->member);
    if (method.size && method_narrows(code, method))
        vec_push(code->scratch, &own.list,
                 shown_range(code, ts_node_start_byte(callee->member), ts_node_end_byte(node)));
    bool front = ts_node_is_null(callee->member) || !ts_node_is_null(callee->object);
    bool iterates = method.size && method_iterates(code, method);
    bool frames = call_frames(code, name);
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        code->following = front ? own : (struct slices){0};
        code->loops += iterates && !front;
        if (front || !ts_node_is_named(child))
            code_walk(code, child);
        else
            walk_passed(code, child, name, frames);
        code->loops -= iterates && !front;
        front = front && !ts_node_is_named(child);
    }
    code->following = outer;
}

void call_read(struct code *code, TSNode node) {
    struct callee callee = callee_find(code, node);
    bool nothing = ts_node_is_null(callee.function) && ts_node_is_null(callee.member);
    if (code_role(code, node) == ROLE_NEW && slice_is_none(call_name(code, node)))
        nothing = true; /* []string{..} makes nothing that has a name */
    if (nothing) {
        code_walk_children(code, node);
        return;
    }
    struct slice name = callee_name(code, node, &callee);
    emit_call(code, node, &callee, name);
    result_replaced(code, &callee);
    walk_parts(code, node, &callee, name);
}

void backtick_read(struct code *code, TSNode node) {
    struct span span = code_span(node);
    struct body body = {.arena = code->builder->arena};
    struct body positional = {.arena = body.arena}, keywords = {.arena = body.arena};
    struct arguments arguments = {.positional = &positional, .keywords = &keywords};
    body_add_text(&body, "callee", SLICE("`"), span);
    add_positional(code, &arguments, node);
    add_arguments(code, &body, &arguments, span);
    code_place_add(code, &body, span);
    struct slice text = shown_text(code, node);
    body_add_text(&body, "text", text, span);
    uint32_t scope = code_emit(code, "call", SLICE("`"), text, &body, span);
    process_call_read(code, SLICE("`"), node, &arguments, scope);
    code_walk_children(code, node);
}
