#include "entity/code.h"

static void import_add(struct code *code, struct slice local, struct slice target) {
    if (!local.size || !target.size)
        return;
    map_set(&code->imports, local, code->imported.list.count);
    vec_push(code->scratch, &code->imported.list, target);
}

static void import_emit(struct code *code, struct slice target, struct slice local, TSNode node) {
    struct body body = {.arena = code->builder->arena};
    body_add_text(&body, "as", local, code_span(node));
    code_emit(code, "import", SLICE(""), target, &body, code_span(node));
}

static struct slice joined(struct code *code, struct slice module, struct slice name) {
    if (!module.size)
        return name;
    return arena_format(code->builder->arena, "%.*s%s%.*s", SLICE_ARGS(module),
                        slice_ends(module, SLICE(".")) ? "" : ".", SLICE_ARGS(name));
}

static struct slice last_part(struct slice name, const char *separators, struct slice *front) {
    for (size_t i = name.size; i-- > 0;)
        if (name.data[i] && strchr(separators, name.data[i])) {
            *front = slice_sub(name, 0, i);
            return slice_from(name, i + 1);
        }
    *front = SLICE("");
    return name;
}

/* ---- import a, from m import a as b ---- */

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
        target = joined(code, prefix, name);
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

void call_import_from(struct code *code, TSNode node) {
    TSNode module = node_field(code->roles, node, FIELD_MODULE);
    if (!ts_node_is_null(module))
        import_names(code, node, code_source(code, module));
}

/* ---- import {a as b} from "module" ---- */

/* The name a module is known by; none for files of the project, which go by the names they give. */
static struct slice module_name(struct code *code, struct slice path) {
    if (slice_starts(path, SLICE(".")) || slice_starts(path, SLICE("/")) ||
        slice_starts(path, SLICE("@/")) || slice_starts(path, SLICE("~")))
        return SLICE("");
    return module_alias(code, path);
}

/* Go by their last part where they are not given another name: "os/exec", "x/v2", "x.v3". */
static struct slice module_local(struct slice path) {
    struct slice front, name = last_part(path, "/", &front);
    bool version =
        name.size > 1 && name.data[0] == 'v' && name.data[1] >= '0' && name.data[1] <= '9';
    if (version && front.size)
        name = last_part(front, "/", &front);
    size_t dot = slice_find(name, SLICE(".v"));
    return dot == SLICE_NPOS ? name : slice_sub(name, 0, dot);
}

/* Returns how many names were bound. */
static uint32_t import_clause(struct code *code, TSNode node, struct slice module,
                              struct slice path, uint32_t level) {
    struct children children = code_children(code, node);
    uint32_t bound = 0;
    for (uint32_t i = 0; i < children.count && level < 4; i++) {
        TSNode child = children.items[i].node;
        enum node_role role = code_role(code, child);
        if (!ts_node_is_named(child) || role == ROLE_STRING)
            continue;
        if (role == ROLE_IDENTIFIER || role == ROLE_IMPORT_ALL) {
            TSNode name = role == ROLE_IDENTIFIER ? child : code_named(child, 0);
            import_add(code, code_source(code, name), module);
            import_emit(code, path, code_source(code, name), child);
            bound++;
        } else if (role == ROLE_IMPORT_ALIAS) {
            TSNode name = node_field(code->roles, child, FIELD_NAME);
            TSNode alias = node_field(code->roles, child, FIELD_ALIAS);
            struct slice text = ts_node_is_null(name) ? SLICE("") : code_source(code, name);
            struct slice local = ts_node_is_null(alias) ? text : code_source(code, alias);
            import_add(code, local, joined(code, module, text));
            import_emit(code, joined(code, path, text), local, child);
            bound++;
        } else {
            bound += import_clause(code, child, module, path, level + 1);
        }
    }
    return bound;
}

static void import_module(struct code *code, TSNode node, TSNode source) {
    struct slice path = string_read(code, source).text, module = module_name(code, path);
    TSNode alias = node_field(code->roles, node, FIELD_ALIAS);
    if (ts_node_is_null(alias) && import_clause(code, node, module, path, 0))
        return;
    struct slice local = ts_node_is_null(alias) ? module_local(path) : code_source(code, alias);
    import_add(code, local, module);
    import_emit(code, path, local, node);
}

/* use a::b::{c, d as e}: `front` is what stands outside of the braces. */
static void import_tree(struct code *code, TSNode node, struct slice front, uint32_t level) {
    enum node_role role = code_role(code, node);
    TSNode module = node_field(code->roles, node, FIELD_MODULE);
    TSNode alias = node_field(code->roles, node, FIELD_ALIAS);
    if (role == ROLE_IMPORT_ALIAS || role == ROLE_MEMBER || role == ROLE_IDENTIFIER) {
        TSNode named = role == ROLE_IMPORT_ALIAS && !ts_node_is_null(module) ? module : node;
        struct slice path = call_name(code, named), before;
        struct slice target = joined(code, front, path);
        struct slice local =
            ts_node_is_null(alias) ? last_part(path, ".", &before) : code_source(code, alias);
        import_add(code, local, target);
        import_emit(code, target, local, node);
        return;
    }
    if (role == ROLE_IMPORT_FROM && !ts_node_is_null(module))
        front = joined(code, front, call_name(code, module));
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count && level < 16; i++)
        if (ts_node_is_named(children.items[i].node) &&
            !(role == ROLE_IMPORT_FROM && code_in_field(code, &children.items[i], FIELD_MODULE)))
            import_tree(code, children.items[i].node, front, level + 1);
}

void call_import(struct code *code, TSNode node) {
    TSNode module = node_field(code->roles, node, FIELD_MODULE);
    if (ts_node_is_null(module)) {
        TSNode clause = code_named(node, 0);
        if (!ts_node_is_null(clause))
            module = node_field(code->roles, clause, FIELD_MODULE);
    }
    if (!ts_node_is_null(module) && code_role(code, module) == ROLE_STRING)
        import_module(code, node, module);
    else if (!ts_node_is_null(module))
        import_tree(code, module, SLICE(""), 0);
    else
        import_names(code, node, SLICE(""));
}

/* ---- const {rm} = require("fs") ---- */

static bool take_module_argument(struct code *code, TSNode call, struct slice *module) {
    TSNode function = node_field(code->roles, call, FIELD_CALLEE);
    if (ts_node_is_null(function) || ts_node_child_count(function) > 1)
        return false;
    struct slice key[2] = {code->family, code_source(code, function)};
    TSNode arguments = arguments_find(code, call);
    if (!table_has(code->knowledge, SLICE("module_calls"), key, 2) || ts_node_is_null(arguments) ||
        !ts_node_named_child_count(arguments))
        return false;
    struct string path = string_read(code, code_plain(code, code_named(arguments, 0)));
    *module = module_name(code, path.text);
    return path.exact && path.literal;
}

static void import_parts(struct code *code, TSNode pattern, struct slice module) {
    struct children children = code_children(code, pattern);
    for (uint32_t i = 0; i < children.count; i++) {
        struct slice key;
        TSNode child = children.items[i].node, value;
        if (!ts_node_is_named(child) || !pair_split(code, child, &key, &value))
            continue;
        value = code_plain(code, value);
        if (code_role(code, value) == ROLE_PATTERN)
            import_parts(code, value, joined(code, module, key));
        else
            import_add(code, code_source(code, value), joined(code, module, key));
    }
}

/* Is the first name of a.b.c an import, or the whole a call that imports? */
static bool is_of_module(struct code *code, TSNode node, struct slice *module, bool *call) {
    TSNode object, member;
    *call = false;
    for (uint32_t i = 0; i < CODE_CHAIN && !ts_node_is_null(node); i++) {
        node = code_plain(code, node);
        if (code_role(code, node) == ROLE_CALL)
            return *call = take_module_argument(code, node, module);
        if (code_role(code, node) == ROLE_IDENTIFIER)
            return map_get(&code->imports, code_source(code, node)) != MAP_ABSENT;
        if (!member_split(code, node, &object, &member))
            return false;
        node = object;
    }
    return false;
}

bool import_is_root(struct code *code, TSNode node) {
    struct slice module;
    bool call;
    if (code_is_call(code, node)) {
        struct callee callee = callee_find(code, node);
        node = ts_node_is_null(callee.member) ? callee.function : callee.object;
    }
    return !ts_node_is_null(node) && is_of_module(code, node, &module, &call);
}

bool import_assignment(struct code *code, TSNode left, TSNode right) {
    struct slice module;
    bool call;
    enum node_role role = code_role(code, left);
    if ((role != ROLE_IDENTIFIER && role != ROLE_PATTERN) ||
        !is_of_module(code, right, &module, &call))
        return false;
    if (role == ROLE_IDENTIFIER && variable_find(code->variables, code_source(code, left)))
        return false;
    struct slice target = call_name(code, right);
    if (role == ROLE_PATTERN)
        import_parts(code, left, target);
    else
        import_add(code, code_source(code, left), target);
    return true;
}

/* ---- types ---- */

static bool is_upper(struct slice text) {
    return text.size && text.data[0] >= 'A' && text.data[0] <= 'Z';
}

/* import a.b.Type; import static a.b.Type.method; use A\B as C. Types are known by their short
 * names everywhere, so only other names need to be kept. */
void call_import_type(struct code *code, TSNode node) {
    TSNode alias = node_field(code->roles, node, FIELD_ALIAS), target = {0};
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; i < count && i < 4; i++) {
        TSNode child = code_named(node, i);
        if (ts_node_is_null(alias) || !ts_node_eq(child, alias)) {
            target = child;
            break;
        }
    }
    if (ts_node_is_null(target))
        return;
    TSNode second = code_named(node, 1);
    if (ts_node_is_null(alias) && !ts_node_is_null(second) &&
        code_role(code, second) == ROLE_IDENTIFIER)
        alias = second; /* import a.b as c */
    struct slice name = code_source(code, target), front, owner;
    struct slice last = last_part(name, ".\\:", &front), local = last;
    owner = last_part(front, ".\\:", &front);
    if (!is_upper(last) && is_upper(owner) && slice_find_byte(name, '.') != SLICE_NPOS)
        last = joined(code, owner, last);
    if (!ts_node_is_null(alias))
        local = code_source(code, alias);
    if (!slice_equal(local, last))
        import_add(code, local, last);
    map_set(&code->types, local, code->imported.list.count);
    vec_push(code->scratch, &code->imported.list, name);
    import_emit(code, name, local, node);
}

/* ---- names ---- */

static struct slice resolved_name(struct code *code, struct slice name) {
    uint32_t index = map_get(&code->imports, name);
    return index == MAP_ABSENT ? name : code->imported.list.items[index];
}

struct slice call_name(struct code *code, TSNode node) {
    struct slices members = {0};
    struct slice first = SLICE_NONE;
    for (uint32_t i = 0;
         i <= 2 * CODE_CHAIN && !ts_node_is_null(node) && members.list.count <= CODE_CHAIN; i++) {
        node = code_plain(code, node);
        TSNode object = {0}, member = {0};
        if (code_role(code, node) == ROLE_IDENTIFIER) {
            first = resolved_name(code, code_source(code, node));
            if (slice_find_byte(first, '\\') != SLICE_NPOS) /* \\Name\\Space\\Type */
                first = slice_from(first, slice_find_last_byte(first, '\\') + 1);
            break;
        }
        if (member_split(code, node, &object, &member)) {
            vec_push(code->scratch, &members.list, member_text(code, member));
        } else if (code_is_call(code, node)) {
            if (take_module_argument(code, node, &first))
                break;
            struct callee callee = callee_find(code, node);
            bool method = !ts_node_is_null(callee.member);
            object = method ? callee.object : callee.function;
            if (method && ts_node_is_null(object))
                first = resolved_name(code, member_text(code, callee.member));
            else if (method)
                vec_push(code->scratch, &members.list, member_text(code, callee.member));
        }
        node = object;
    }
    if (!first.data && !members.list.count)
        return SLICE_NONE;
    struct strbuf buf;
    strbuf_init(&buf, code->builder->arena);
    strbuf_add(&buf, first);
    for (uint32_t i = members.list.count; i-- > 0;) {
        if (buf.size || !first.data || first.size)
            strbuf_add_byte(&buf, '.');
        strbuf_add(&buf, members.list.items[i]);
    }
    return strbuf_slice(&buf);
}
