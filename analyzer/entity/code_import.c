#include "entity/code.h"

static void import_add(struct code *code, struct slice local, struct slice target) {
    map_set(&code->imports, local, code->imported.list.count);
    vec_push(code->scratch, &code->imported.list, target);
}

static void import_emit(struct code *code, struct slice target, struct slice local, TSNode node) {
    struct body body = {.arena = code->builder->arena};
    body_add_text(&body, "as", local, code_span(node));
    code_emit(code, "import", SLICE(""), target, &body, code_span(node));
}

/* `prefix` is the module of "from module import", or empty. */
static void import_one(struct code *code, TSNode node, struct slice prefix) {
    TSNode named = node, alias = {0};
    if (code_role(code, node) == ROLE_IMPORT_ALIAS) {
        named = node_field(code->roles, node, FIELD_NAME);
        alias = node_field(code->roles, node, FIELD_ALIAS);
    }
    if (ts_node_is_null(named))
        return;
    struct slice name = code_source(code, named), target = name, local = name;
    if (prefix.size)
        target = arena_format(code->builder->arena, "%.*s%s%.*s", SLICE_ARGS(prefix),
                              slice_ends(prefix, SLICE(".")) ? "" : ".", SLICE_ARGS(name));
    if (!ts_node_is_null(alias)) {
        local = code_source(code, alias);
    } else if (!prefix.size && slice_find_byte(name, '.') != SLICE_NPOS) {
        local = slice_sub(name, 0, slice_find_byte(name, '.')); /* import os.path binds os */
        import_add(code, local, local);
        import_emit(code, target, local, node);
        return;
    }
    import_add(code, local, target);
    import_emit(code, target, local, node);
}

static void import_names(struct code *code, TSNode node, struct slice prefix) {
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++)
        if (code_in_field(code, &children.items[i], FIELD_NAME))
            import_one(code, children.items[i].node, prefix);
}

void call_import(struct code *code, TSNode node) {
    import_names(code, node, SLICE(""));
}

void call_import_from(struct code *code, TSNode node) {
    TSNode module = node_field(code->roles, node, FIELD_MODULE);
    if (!ts_node_is_null(module))
        import_names(code, node, code_source(code, module));
}

static struct slice resolved_name(struct code *code, struct slice name) {
    uint32_t index = map_get(&code->imports, name);
    return index == MAP_ABSENT ? name : code->imported.list.items[index];
}

struct slice call_name(struct code *code, TSNode node) {
    struct slices members = {0};
    struct slice first = SLICE_NONE;
    for (;;) {
        enum node_role role = code_role(code, node);
        if (role == ROLE_IDENTIFIER) {
            first = resolved_name(code, code_source(code, node));
            break;
        }
        TSNode inner = {0};
        if (role == ROLE_MEMBER) {
            TSNode member = node_field(code->roles, node, FIELD_MEMBER);
            if (!ts_node_is_null(member))
                vec_push(code->scratch, &members.list, code_source(code, member));
            inner = node_field(code->roles, node, FIELD_OBJECT);
        } else if (role == ROLE_CALL) {
            inner = node_field(code->roles, node, FIELD_CALLEE);
        }
        if (ts_node_is_null(inner) || members.list.count > CODE_CHAIN)
            break;
        node = inner;
    }
    if (!first.data && !members.list.count)
        return SLICE_NONE;
    struct strbuf buf;
    strbuf_init(&buf, code->builder->arena);
    strbuf_add(&buf, first);
    for (uint32_t i = members.list.count; i-- > 0;) {
        strbuf_add_byte(&buf, '.');
        strbuf_add(&buf, members.list.items[i]);
    }
    return strbuf_slice(&buf);
}
