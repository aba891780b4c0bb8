#include "entity/code.h"

enum { WRAPPERS = 64, SEARCHED_CHILDREN = 16 };

/* A call with more children than this is made of what could not be parsed: looking for a field
 * takes time for each of them, again for each call behind it in a chain. */
enum { CALL_CHILDREN = 64 };

TSNode code_named(TSNode node, uint32_t index) {
    return ts_node_named_child(node, index);
}

static TSNode last_named(TSNode node) {
    uint32_t count = ts_node_named_child_count(node);
    return count ? ts_node_named_child(node, count - 1) : (TSNode){0};
}

static TSNode field(const struct code *code, TSNode node, enum field_role role) {
    return node_field(code->roles, node, role);
}

/* The child in a field, or else one by place: some grammars have no fields. */
static TSNode field_or(const struct code *code, TSNode node, enum field_role role, TSNode other) {
    TSNode child = field(code, node, role);
    return ts_node_is_null(child) ? other : child;
}

TSNode code_plain(const struct code *code, TSNode node) {
    for (uint32_t i = 0; i < WRAPPERS && !ts_node_is_null(node); i++) {
        if (code_role(code, node) != ROLE_WRAPPER)
            break;
        TSNode inner = field_or(code, node, FIELD_VALUE, code_named(node, 0));
        if (ts_node_is_null(inner))
            break;
        node = inner;
    }
    return node;
}

bool code_is_call(const struct code *code, TSNode node) {
    if (ts_node_is_null(node))
        return false;
    enum node_role role = code_role(code, node);
    return role == ROLE_CALL || role == ROLE_NEW;
}

TSNode arguments_find(const struct code *code, TSNode call) {
    TSNode found = field(code, call, FIELD_ARGUMENTS);
    uint32_t count = ts_node_is_null(found) ? ts_node_named_child_count(call) : 0;
    for (uint32_t i = 0; i < count && i < SEARCHED_CHILDREN; i++) {
        TSNode child = code_named(call, i);
        if (code_role(code, child) == ROLE_ARGUMENTS)
            return child;
    }
    return found;
}

bool member_split(const struct code *code, TSNode node, TSNode *object, TSNode *member) {
    node = code_plain(code, node);
    if (ts_node_is_null(node) || ts_node_child_count(node) > CALL_CHILDREN)
        return false;
    enum node_role role = code_role(code, node);
    if (role == ROLE_MEMBER) {
        *object = field_or(code, node, FIELD_OBJECT, code_named(node, 0));
        *member = field_or(code, node, FIELD_MEMBER, last_named(node));
    } else if (role == ROLE_SUBSCRIPT) {
        *object = field_or(code, node, FIELD_OBJECT, code_named(node, 0));
        *member = field_or(code, node, FIELD_INDEX, last_named(node));
        if (ts_node_is_null(*member) || code_role(code, code_plain(code, *member)) != ROLE_STRING)
            return false;
    } else if (role == ROLE_CALL && !code->roles->fields[FIELD_CALLEE][0] &&
               ts_node_is_null(arguments_find(code, node))) {
        *object = field(code, node, FIELD_OBJECT);
        *member = field(code, node, FIELD_MEMBER);
    } else {
        return false;
    }
    return !ts_node_is_null(*object) && !ts_node_is_null(*member) && !ts_node_eq(*object, *member);
}

struct slice member_text(struct code *code, TSNode member) {
    member = code_plain(code, member);
    if (code_role(code, member) == ROLE_STRING)
        return string_read(code, member).text;
    return code_source(code, member);
}

struct callee callee_find(const struct code *code, TSNode call) {
    if (ts_node_child_count(call) > CALL_CHILDREN)
        return (struct callee){.function = {.id = NULL}};
    struct callee found = {.function = field(code, call, FIELD_CALLEE)};
    if (ts_node_is_null(found.function) && code_role(code, call) == ROLE_NEW)
        found.function = field(code, call, FIELD_TYPE);
    if (ts_node_is_null(found.function)) {
        found.object = field(code, call, FIELD_OBJECT);
        found.member = field(code, call, FIELD_MEMBER);
        if (!ts_node_is_null(found.member))
            return found;
        found = (struct callee){.function = code_named(call, 0)};
    }
    found.function = code_plain(code, found.function);
    struct callee parts = found;
    if (member_split(code, found.function, &parts.object, &parts.member))
        return parts;
    return found;
}

TSNode map_find(const struct code *code, TSNode node) {
    for (uint32_t i = 0; i < 3 && !ts_node_is_null(node); i++) {
        node = code_plain(code, node);
        enum node_role role = code_role(code, node);
        TSNode first = code_named(node, 0);
        if (role == ROLE_MAP)
            return node;
        /* A list of pairs is a map. */
        if (role == ROLE_LIST && !ts_node_is_null(first) && code_role(code, first) == ROLE_PAIR &&
            ts_node_named_child_count(first) > 1)
            return node;
        if (role == ROLE_NEW)
            node = field(code, node, FIELD_BODY);
        else if (ts_node_named_child_count(node) == 1 &&
                 slice_starts(code_source(code, node), SLICE("&")))
            node = first;
        else
            break;
    }
    return (TSNode){0};
}

static bool is_assignable(const struct code *code, TSNode node) {
    enum node_role role = code_role(code, code_plain(code, node));
    return role == ROLE_IDENTIFIER || role == ROLE_MEMBER || role == ROLE_SUBSCRIPT;
}

static TSNode first_assignable(const struct code *code, TSNode node) {
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; i < count && i < SEARCHED_CHILDREN; i++)
        if (is_assignable(code, code_named(node, i)))
            return code_named(node, i);
    return (TSNode){0};
}

bool assignment_split(const struct code *code, TSNode node, TSNode *left, TSNode *right) {
    bool marked = true;
    *left = field(code, node, FIELD_LEFT);
    *right = field(code, node, FIELD_RIGHT);
    if (ts_node_is_null(*left)) {
        marked = false;
        *left = field_or(code, node, FIELD_NAME, first_assignable(code, node));
    }
    if (ts_node_is_null(*right))
        *right = field(code, node, FIELD_VALUE);
    if (ts_node_is_null(*right) && !marked)
        *right = last_named(node);
    if (ts_node_is_null(*left) || ts_node_is_null(*right) || ts_node_eq(*left, *right))
        return false;
    *left = code_plain(code, *left);
    return ts_node_start_byte(*right) > ts_node_start_byte(*left);
}

/* :key, key:, $key and "key" are key. */
static struct slice key_text(struct code *code, TSNode key) {
    key = code_plain(code, key);
    if (code_role(code, key) == ROLE_STRING)
        return string_read(code, key).text;
    struct slice text = slice_trim(code_source(code, key));
    if (text.size > 1 && (text.data[0] == ':' || text.data[0] == '$'))
        text = slice_from(text, 1);
    if (text.size > 1 && text.data[text.size - 1] == ':')
        text = slice_sub(text, 0, text.size - 1);
    return text;
}

bool code_is_pair(const struct code *code, TSNode node) {
    enum node_role role = code_role(code, node);
    return role == ROLE_PAIR || role == ROLE_SHORTHAND || role == ROLE_ASSIGNMENT ||
           role == ROLE_KEYWORD_ARGUMENT;
}

TSNode list_find(const struct code *code, TSNode node) {
    node = code_plain(code, node);
    enum node_role role = code_role(code, node);
    if (role == ROLE_NEW)
        node = field(code, node, FIELD_BODY);
    if (ts_node_is_null(node) || role == ROLE_LIST || role == ROLE_TUPLE)
        return node;
    TSNode first = code_named(node, 0);
    bool list =
        code_role(code, node) == ROLE_MAP && !ts_node_is_null(first) && !code_is_pair(code, first);
    return list ? node : (TSNode){0};
}

bool pair_split(struct code *code, TSNode node, struct slice *key, TSNode *value) {
    if (code_role(code, node) == ROLE_SHORTHAND) {
        *key = code_source(code, node);
        *value = node;
        return true;
    }
    TSNode name = field(code, node, FIELD_KEY);
    if (ts_node_is_null(name))
        name = field(code, node, FIELD_NAME);
    if (ts_node_is_null(name))
        name = field_or(code, node, FIELD_LEFT, code_named(node, 0));
    *value = field(code, node, FIELD_VALUE);
    if (ts_node_is_null(*value))
        *value = field_or(code, node, FIELD_RIGHT, last_named(node));
    if (ts_node_is_null(name) || ts_node_is_null(*value) || ts_node_eq(name, *value))
        return false;
    *key = key_text(code, name);
    return true;
}
