#include "entity/code.h"

/* What becomes of errors: handlers, results that are dropped, and tests that leave. */

enum { HANDLER_LEVELS = 8, HANDLER_CLAUSES = 64 };

/* ---- tables ---- */

static bool is_leaving_call(struct code *code, struct slice name) {
    struct slice key[2] = {code->family, name};
    return table_has(code->knowledge, SLICE("leaving_calls"), key, 2);
}

bool call_leaves(struct code *code, TSNode node) {
    if (code_role(code, node) != ROLE_CALL)
        return false;
    struct callee callee = callee_find(code, node);
    TSNode name = ts_node_is_null(callee.member) ? callee.function : callee.member;
    bool plain = !ts_node_is_null(name) && ts_node_is_null(callee.object);
    return plain && is_leaving_call(code, code_source(code, name));
}

/* "err", and the last word of "closeErr" and "close_err", in small letters. */
static struct slice last_word(struct code *code, struct slice name) {
    size_t from = name.size;
    while (from && name.data[from - 1] >= '0' && name.data[from - 1] <= '9')
        from--;
    size_t end = from;
    while (from && name.data[from - 1] >= 'a' && name.data[from - 1] <= 'z')
        from--;
    if (from && name.data[from - 1] >= 'A' && name.data[from - 1] <= 'Z')
        from--;
    struct slice word = arena_copy(code->scratch, slice_sub(name, from, end));
    if (word.size && word.data[0] >= 'A' && word.data[0] <= 'Z')
        ((char *)word.data)[0] = (char)(word.data[0] | 0x20);
    return word;
}

static bool error_name_is(struct code *code, struct slice name, const char *meaning) {
    struct slice key[3] = {code->family, slice_of(meaning), name};
    if (table_has(code->knowledge, SLICE("error_names"), key, 3))
        return true;
    key[2] = last_word(code, name);
    return key[2].size && table_has(code->knowledge, SLICE("error_names"), key, 3);
}

/* ---- bodies ---- */

/* Nothing but comments, pass and leaving without a word. */
static bool does_nothing(struct code *code, TSNode node, uint32_t level) {
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        enum node_role role = code_role(code, child);
        if (!ts_node_is_named(child) || role == ROLE_COMMENT || role == ROLE_NOTHING ||
            role == ROLE_NULL || (role == ROLE_RETURN && !ts_node_named_child_count(child)))
            continue;
        bool holds = role == ROLE_BLOCK || role == ROLE_STATEMENT;
        if (!holds || level >= HANDLER_LEVELS || !does_nothing(code, child, level + 1))
            return false;
    }
    return true;
}

/* What stands in the handler beside its body: which errors it takes. */
static struct slice handler_head(struct code *code, TSNode node, TSNode body) {
    uint32_t from = ts_node_start_byte(node);
    uint32_t to = ts_node_is_null(body) ? ts_node_end_byte(node) : ts_node_start_byte(body);
    struct slice text = shown_range(code, from, to);
    while (text.size && strchr("{: ", text.data[text.size - 1]))
        text.size--;
    return text;
}

static TSNode handler_body(const struct code *code, TSNode node) {
    TSNode body = node_field(code->roles, node, FIELD_BODY);
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; ts_node_is_null(body) && i < count && i < 8; i++)
        if (code_role(code, code_named(node, i)) == ROLE_BLOCK)
            body = code_named(node, i);
    return body;
}

/* Does an error go on from here: raised, or returned? */
static bool passes_on(struct code *code, TSNode node, bool returned, uint32_t level) {
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        enum node_role role = code_role(code, child);
        if (role == ROLE_RAISE || role == ROLE_EXIT || call_leaves(code, child))
            return true;
        if (role == ROLE_RETURN && returned && ts_node_named_child_count(child)) {
            TSNode value = code_plain(code, code_named(child, 0));
            uint32_t count = ts_node_named_child_count(code_named(child, 0));
            if (count > 1)
                value = code_plain(code, code_named(code_named(child, 0), count - 1));
            if (code_role(code, value) != ROLE_NULL)
                return true;
        }
        bool other = role == ROLE_LAMBDA || role == ROLE_FUNCTION || role == ROLE_CLASS;
        if (!other && level < HANDLER_LEVELS && passes_on(code, child, returned, level + 1))
            return true;
    }
    return false;
}

static bool is_constant(struct code *code, TSNode node) {
    node = code_plain(code, node);
    enum node_role role = code_role(code, node);
    bool literal =
        role == ROLE_NULL || role == ROLE_BOOL || role == ROLE_NUMBER || role == ROLE_STRING;
    bool collection = role == ROLE_LIST || role == ROLE_MAP || role == ROLE_TUPLE;
    return literal || (collection && !ts_node_named_child_count(node));
}

/* "return null" and nothing else: who called takes it for an answer. */
static bool answers_constant(struct code *code, TSNode node, uint32_t level) {
    struct children children = code_children(code, node);
    TSNode only = {0};
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        if (!ts_node_is_named(child) || code_role(code, child) == ROLE_COMMENT)
            continue;
        if (!ts_node_is_null(only))
            return false;
        only = child;
    }
    if (ts_node_is_null(only))
        return false;
    enum node_role role = code_role(code, only);
    if ((role == ROLE_BLOCK || role == ROLE_STATEMENT) && level < HANDLER_LEVELS)
        return answers_constant(code, only, level + 1);
    uint32_t count = ts_node_named_child_count(only);
    if (role != ROLE_RETURN)
        return is_constant(code, only);
    return count == 1 && is_constant(code, code_named(only, 0));
}

/* ---- handlers ---- */

static void emit_handler(struct code *code, TSNode node, TSNode inside, struct slice catches,
                         bool returned) {
    struct span span = code_span(node);
    struct body body = {.arena = code->builder->arena};
    enum node_role role = ts_node_is_null(inside) ? ROLE_NOTHING : code_role(code, inside);
    bool empty = role == ROLE_NOTHING || role == ROLE_NULL ||
                 (role == ROLE_BLOCK && does_nothing(code, inside, 0));
    body_add_text(&body, "catches", catches, span);
    body_add_text(&body, "empty", empty ? SLICE("true") : SLICE("false"), span);
    if (!empty && passes_on(code, inside, returned, 0))
        body_add_text(&body, "passes_on", SLICE("true"), span);
    if (!empty && answers_constant(code, inside, 0))
        body_add_text(&body, "answers", SLICE("constant"), span);
    body_add_text(&body, "function", code->function, span);
    code_emit(code, "handler", SLICE(""), code_qualified(code, SLICE("catch")), &body, span);
}

/* rescue: one clause a line, each with a body of its own. */
static bool emit_clauses(struct code *code, TSNode node) {
    uint32_t count = ts_node_named_child_count(node), found = 0;
    for (uint32_t i = 0; i < count && i < HANDLER_CLAUSES; i++) {
        TSNode clause = code_named(node, i), inside = {0};
        inside = node_field(code->roles, clause, FIELD_RIGHT);
        if (ts_node_is_null(inside) || code_role(code, inside) != ROLE_BLOCK)
            continue;
        struct slice head =
            shown_range(code, ts_node_start_byte(clause), ts_node_start_byte(inside));
        emit_handler(code, clause, inside, head, false);
        found++;
    }
    return found;
}

/* catch (e) {..}: an entity of its own, so that rules see when it swallows what it catches. */
void flow_handler(struct code *code, TSNode node) {
    TSNode inside = handler_body(code, node);
    if (!ts_node_is_null(inside) || !emit_clauses(code, node))
        emit_handler(code, node, inside, handler_head(code, node, inside), false);
    code_walk_block(code, node);
}

/* A name for errors on one side, null on the other. */
static bool is_error_test(struct code *code, TSNode condition) {
    condition = code_plain(code, condition);
    if (code_role(code, condition) != ROLE_BINARY || ts_node_child_count(condition) != 3 ||
        !slice_is(code_source(code, ts_node_child(condition, 1)), "!="))
        return false;
    TSNode name = ts_node_child(condition, 0), null = ts_node_child(condition, 2);
    return code_role(code, null) == ROLE_NULL && code_role(code, name) == ROLE_IDENTIFIER &&
           error_name_is(code, code_source(code, name), "error");
}

bool error_test_read(struct code *code, TSNode node, const struct children *children) {
    TSNode condition = {0}, inside = {0};
    for (uint32_t i = 0; code->errors_are_values && i < children->count; i++) {
        TSNode child = children->items[i].node;
        if (code_in_field(code, &children->items[i], FIELD_CONDITION))
            condition = child;
        else if (ts_node_is_null(inside) && code_role(code, child) == ROLE_BLOCK)
            inside = child;
    }
    if (ts_node_is_null(condition) || !is_error_test(code, condition))
        return false;
    emit_handler(code, node, inside, shown_text(code, condition), true);
    return true;
}

/* ---- tests that leave ---- */

/* `if not valid: raise ..`: what keeps the rest from running. */
void check_emit(struct code *code, TSNode node, struct slice text, bool negated,
                struct slice fails) {
    struct span span = code_span(node);
    struct body body = {.arena = code->builder->arena};
    if (!text.size)
        return;
    if (negated)
        text = arena_format(code->builder->arena, "not (%.*s)", SLICE_ARGS(text));
    body_add_text(&body, "condition", text, span);
    body_add_text(&body, "fails", fails, span);
    body_add_text(&body, "function", code->function, span);
    body_add_text(&body, "text", text, span);
    code_emit(code, "check", SLICE(""), text, &body, span);
}

/* ---- results ---- */

static void expect_result(struct code *code, TSNode node, const char *result) {
    TSNode plain = code_plain(code, node);
    if (!code_is_call(code, plain))
        return;
    uint32_t count = ts_node_eq(plain, node) ? 0 : ts_node_child_count(node);
    for (uint32_t i = 0; i < count && i < 4; i++) /* f()? hands the error on */
        if (code_role(code, ts_node_child(node, i)) == ROLE_RAISE)
            result = "kept";
    code->result = slice_of(result);
    code->result_call = plain;
}

void result_assigned(struct code *code, TSNode node, TSNode right) {
    TSNode left = node_field(code->roles, node, FIELD_LEFT);
    if (!code->errors_are_values || ts_node_is_null(left))
        return;
    uint32_t count = ts_node_named_child_count(left);
    TSNode last = count ? code_named(left, count - 1) : left;
    struct slice name = code_source(code, last);
    if (error_name_is(code, name, "blank"))
        expect_result(code, right, "dropped");
    else if (error_name_is(code, name, "error"))
        expect_result(code, right, "kept");
    else
        expect_result(code, right, "");
}

/* A call alone, or behind `return`. */
void result_alone(struct code *code, TSNode node) {
    if (!code->errors_are_values || !ts_node_named_child_count(node))
        return;
    TSNode child = code_named(node, 0);
    expect_result(code, child, code_role(code, node) == ROLE_STATEMENT ? "unused" : "kept");
}

struct slice result_take(struct code *code, TSNode call) {
    if (!code->result.size || !ts_node_eq(code->result_call, call))
        return SLICE("");
    struct slice result = code->result;
    code->result = SLICE("");
    return result;
}

/* f().unwrap_or_default(): a value is made up, and nobody hears of the error. */
void result_replaced(struct code *code, const struct callee *callee) {
    if (!code->errors_have_defaults || ts_node_is_null(callee->member) ||
        ts_node_is_null(callee->object))
        return;
    struct slice key[3] = {code->family, SLICE("default"), code_source(code, callee->member)};
    if (table_has(code->knowledge, SLICE("error_names"), key, 3))
        expect_result(code, callee->object, "dropped");
}
