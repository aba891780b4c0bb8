#include "entity/code.h"

bool method_narrows(const struct code *code, struct slice method) {
    return table_has(code->knowledge, SLICE("narrowing_methods"), &method, 1);
}

bool method_iterates(const struct code *code, struct slice method) {
    return table_has(code->knowledge, SLICE("iterating_methods"), &method, 1);
}

/* What is known of a plain name. */
static const struct origin *origin_of_name(const struct code *code, TSNode node) {
    if (code_role(code, node) != ROLE_IDENTIFIER)
        return NULL;
    uint32_t index = map_get(&code->origin_index, code_source(code, node));
    return index == MAP_ABSENT ? NULL : &code->origins.items[index];
}

void chain_filters(struct code *code, TSNode object, struct slices *out) {
    struct slices found = {0};
    TSNode node = code_plain(code, object);
    for (uint32_t i = 0; i < CODE_CHAIN && !ts_node_is_null(node); i++) {
        struct callee callee = {0};
        if (code_is_call(code, node)) {
            callee = callee_find(code, node);
            if (!ts_node_is_null(callee.member) &&
                method_narrows(code, member_text(code, callee.member)))
                vec_push(
                    code->scratch, &found.list,
                    shown_range(code, ts_node_start_byte(callee.member), ts_node_end_byte(node)));
        } else if (!member_split(code, node, &callee.object, &callee.member)) {
            break;
        }
        node = ts_node_is_null(callee.object) ? callee.object : code_plain(code, callee.object);
    }
    const struct origin *origin = ts_node_is_null(node) ? NULL : origin_of_name(code, node);
    for (uint32_t i = origin ? origin->filters.list.count : 0; i-- > 0;)
        vec_push(code->scratch, &found.list, origin->filters.list.items[i]);
    for (uint32_t i = found.list.count; i-- > 0;)
        vec_push(code->scratch, &out->list, found.list.items[i]);
}

static void pipe_filters(struct code *code, TSNode node, struct slices *out, uint32_t level) {
    if (code_role(code, node) == ROLE_BINARY && level < CODE_CHAIN) {
        TSNode left = node_field(code->roles, node, FIELD_LEFT);
        TSNode right = node_field(code->roles, node, FIELD_RIGHT);
        if (ts_node_is_null(left) || ts_node_is_null(right))
            return;
        pipe_filters(code, left, out, level + 1);
        node = right;
    }
    if (!code_is_call(code, node))
        return;
    struct callee callee = callee_find(code, node);
    TSNode name = ts_node_is_null(callee.member) ? callee.function : callee.member;
    if (!ts_node_is_null(name) && method_narrows(code, member_text(code, name)))
        vec_push(code->scratch, &out->list, shown_text(code, node));
}

void chain_pipe(struct code *code, TSNode left, TSNode right) {
    struct slices outer = code->following;
    code_walk(code, left);
    code->following = (struct slices){0};
    pipe_filters(code, left, &code->following, 0);
    code_walk(code, right);
    code->following = outer;
}

/* ---- where variables come from ---- */

void origin_set(struct code *code, struct slice name, struct slice callee, bool typed,
                const struct slices *filters) {
    uint32_t before = map_get(&code->origin_index, name);
    map_set(&code->origin_index, name, code->origins.count);
    struct origin origin = {.name = name, .callee = callee, .typed = typed, .before = before};
    if (filters)
        origin.filters = *filters;
    vec_push(code->scratch, &code->origins, origin);
}

void origins_forget(struct code *code, uint32_t count) {
    while (code->origins.count > count) {
        const struct origin *origin = &code->origins.items[--code->origins.count];
        map_set(&code->origin_index, origin->name, origin->before);
    }
}

/* $name and @name are fields of that name. */
static struct slice field_name(struct slice name) {
    while (name.size > 1 && (name.data[0] == '$' || name.data[0] == '@' || name.data[0] == '#'))
        name = slice_from(name, 1);
    return name;
}

void origin_set_field(struct code *code, struct slice field, struct slice callee, bool typed) {
    map_set(&code->field_index, field_name(field), code->field_origins.count);
    vec_push(
        code->scratch, &code->field_origins,
        ((struct origin){
            .name = field_name(field), .callee = callee, .typed = typed, .before = MAP_ABSENT}));
}

bool origin_field_is_typed(const struct code *code, struct slice field) {
    uint32_t index = map_get(&code->field_index, field_name(field));
    return index != MAP_ABSENT && code->field_origins.items[index].typed;
}

static const struct origin *origin_find(const struct code *code, struct slice name) {
    uint32_t index = map_get(&code->origin_index, name);
    return index == MAP_ABSENT ? NULL : &code->origins.items[index];
}

bool origin_is_typed(const struct code *code, struct slice name) {
    const struct origin *origin = origin_find(code, name);
    return origin && origin->typed;
}

/* Of a.b where a is a name: a field of whatever a is; and @b. */
static struct slice field_origin(struct code *code, TSNode node) {
    TSNode object, member;
    struct slice name = code_source(code, node);
    if (!code->field_origins.count)
        return SLICE_NONE;
    if (member_split(code, node, &object, &member)) {
        enum node_role role = code_role(code, code_plain(code, object));
        if (role != ROLE_IDENTIFIER)
            return SLICE_NONE;
        name = member_text(code, member);
    } else if (!slice_starts(name, SLICE("@"))) {
        return SLICE_NONE;
    }
    uint32_t index = map_get(&code->field_index, field_name(name));
    return index == MAP_ABSENT ? SLICE_NONE : code->field_origins.items[index].callee;
}

static struct slice origin_of(struct code *code, TSNode node, bool made) {
    const struct origin *origin = origin_find(code, code_source(code, node));
    if (origin)
        return made && origin->typed ? SLICE_NONE : origin->callee;
    return made ? SLICE_NONE : field_origin(code, node);
}

/* `whole`: what is known of it is known of all of the chain, not of a part in front. */
static struct slice search_origin(struct code *code, TSNode object, bool made, bool *whole) {
    TSNode node = code_plain(code, object), inner, member;
    for (uint32_t i = 0; i < CODE_CHAIN && !ts_node_is_null(node); i++) {
        if (code_is_call(code, node)) {
            inner = callee_find(code, node).object;
        } else {
            struct slice origin = origin_of(code, node, made);
            *whole = !i;
            if (origin.size)
                return origin;
            if (!member_split(code, node, &inner, &member))
                break;
        }
        node = ts_node_is_null(inner) ? inner : code_plain(code, inner);
    }
    return SLICE("");
}

struct slice chain_origin(struct code *code, TSNode object, bool *whole) {
    return search_origin(code, object, false, whole);
}

struct slice chain_maker(struct code *code, TSNode object) {
    bool whole;
    return search_origin(code, object, true, &whole);
}
