#include "entity/code_cmdlet.h"

enum { LEAVE_LEVELS = 8, BRANCH_TEXT = 400 };

/* ---- conditions ---- */

/* The statement that ends the block by leaving it; null if it goes on. */
static TSNode leaving_node(struct code *code, const struct children *children, uint32_t from,
                           uint32_t to, uint32_t level) {
    for (uint32_t i = to; i-- > from;) {
        TSNode node = children->items[i].node;
        if (!ts_node_is_named(node))
            continue;
        enum node_role role = code_role(code, node);
        if (role == ROLE_COMMENT)
            continue;
        if ((role == ROLE_BLOCK || role == ROLE_STATEMENT) && level < LEAVE_LEVELS) {
            struct children inner = code_children(code, node);
            return leaving_node(code, &inner, 0, inner.count, level + 1);
        }
        bool leaves = role == ROLE_RETURN || role == ROLE_RAISE || role == ROLE_EXIT ||
                      (code->shell ? shell_leaves(code, node) : call_leaves(code, node));
        return leaves ? node : (TSNode){0};
    }
    return (TSNode){0};
}

/* Where the condition stands: some grammars mark it with a field, in others it is the first
 * statement. Behind modifiers (`x if y`) the body stands in front. */
struct branch {
    struct slice text;
    uint32_t first, from, to; /* the condition begins, the body begins and ends */
    bool negated;
    TSNode leaves; /* null if it goes on */
};

static void find_condition(struct code *code, const struct children *children,
                           struct branch *branch) {
    bool marked = false;
    branch->first = branch->from = 0;
    for (uint32_t i = 0; i < children->count; i++)
        if (code_in_field(code, &children->items[i], FIELD_CONDITION)) {
            if (!marked)
                branch->first = i;
            marked = true;
            branch->from = i + 1;
        }
    for (uint32_t i = 0; !marked && i < children->count; i++)
        if (ts_node_is_named(children->items[i].node) &&
            code_role(code, children->items[i].node) != ROLE_COMMENT) {
            branch->first = i;
            branch->from = i + 1;
            break;
        }
}

static bool is_other_branch(const struct code *code, const struct node_child *child) {
    enum node_role role = code_role(code, child->node);
    return role == ROLE_ELSE_IF || role == ROLE_ELSE;
}

/* Walks the condition and what is run under it. */
static void walk_branch(struct code *code, const struct children *children, struct branch *branch) {
    uint32_t mark = code->guards.count;
    find_condition(code, children, branch);
    branch->text = SLICE("");
    for (uint32_t i = branch->first; i < branch->from; i++) {
        const struct node_child *child = &children->items[i];
        if (ts_node_is_named(child->node) && code_role(code, child->node) != ROLE_COMMENT)
            branch->text = code_line(code, code_plain(code, child->node));
    }
    if (code->style == WORDS_PERCENT && children->count)
        branch->text = cmdlet_condition(code, children->items[0].node);
    for (branch->to = branch->from; branch->to < children->count; branch->to++)
        if (is_other_branch(code, &children->items[branch->to]))
            break;
    for (uint32_t i = 0; i < branch->from; i++)
        if (i >= branch->first || !code_in_field(code, &children->items[i], FIELD_BODY))
            code_walk(code, children->items[i].node);
    guard_push(code, branch->text, branch->negated, false);
    for (uint32_t i = 0; i < branch->first; i++)
        if (code_in_field(code, &children->items[i], FIELD_BODY)) {
            code_walk(code, children->items[i].node);
            branch->leaves = leaving_node(code, children, i, i + 1, 0);
        }
    code_walk_all(code, children, branch->from, branch->to);
    guard_pop_to(code, mark);
    if (ts_node_is_null(branch->leaves))
        branch->leaves = leaving_node(code, children, branch->from, branch->to, 0);
}

/* All of a short branch that leaves; of a long one, how it leaves. */
static struct slice branch_text(struct code *code, const struct children *children,
                                const struct branch *branch) {
    uint32_t from = UINT32_MAX, to = 0;
    for (uint32_t i = branch->from; i < branch->to; i++) {
        TSNode node = children->items[i].node;
        uint32_t count = ts_node_named_child_count(node);
        if (!ts_node_is_named(node) || code_role(code, node) == ROLE_COMMENT)
            continue;
        bool block = code_role(code, node) == ROLE_BLOCK && count;
        TSNode first = block ? code_named(node, 0) : node;
        TSNode last = block ? code_named(node, count - 1) : node;
        if (from == UINT32_MAX)
            from = ts_node_start_byte(first);
        to = ts_node_end_byte(last);
    }
    if (from >= to || to - from > BRANCH_TEXT)
        return shown_text(code, branch->leaves);
    return shown_range(code, from, to);
}

/* if, elif, elif, else: each branch stands behind its own test and the failure of those before.
 * An elif may stand inside the one before. True if there are such branches. */
static bool walk_others(struct code *code, const struct children *children, uint32_t from,
                        uint32_t level) {
    bool otherwise = false;
    for (uint32_t i = from; i < children->count; i++) {
        TSNode node = children->items[i].node;
        otherwise = otherwise || code_role(code, node) == ROLE_ELSE;
        if (code_role(code, node) != ROLE_ELSE_IF || level > CODE_DEPTH) {
            uint32_t mark = code->guards.count;
            code_walk(code, node);
            guard_pop_to(code, mark);
            continue;
        }
        struct children parts = code_children(code, node);
        struct branch branch = {.negated = false};
        walk_branch(code, &parts, &branch);
        guard_push(code, branch.text, true, false);
        walk_others(code, &parts, branch.to, level + 1);
    }
    return otherwise;
}

/* if a do .. else .. end: the condition, then what stands in the block. */
static struct children word_branches(struct code *code, TSNode node) {
    VEC(struct node_child) list = {0};
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        enum node_role role = code_role(code, children.items[i].node);
        if (role != ROLE_ARGUMENTS && role != ROLE_BLOCK)
            continue;
        struct children inner = code_children(code, children.items[i].node);
        for (uint32_t n = 0; n < inner.count; n++)
            vec_push(code->scratch, &list, inner.items[n]);
    }
    return (struct children){list.items, list.count};
}

static struct children branches_of(struct code *code, TSNode node) {
    if (code->style != WORDS_POSIX)
        return cmdlet_branches(code, node);
    return code_is_word(code, node) ? word_branches(code, node) : code_children(code, node);
}

void flow_if(struct code *code, TSNode node) {
    struct children children = branches_of(code, node);
    struct branch branch = {.negated = code_role(code, node) == ROLE_UNLESS};
    bool handler = !code->shell && error_test_read(code, node, &children);
    walk_branch(code, &children, &branch);
    uint32_t mark = code->guards.count;
    guard_push(code, branch.text, !branch.negated, false);
    bool otherwise = walk_others(code, &children, branch.to, 0);
    guard_pop_to(code, mark);
    if (ts_node_is_null(branch.leaves) || otherwise)
        return;
    if (!code->shell && !handler)
        check_emit(code, node, branch.text, branch.negated, branch_text(code, &children, &branch));
    guard_push(code, branch.text, !branch.negated, true);
}

static void walk_under(struct code *code, struct slice text, bool negated, TSNode node) {
    uint32_t mark = code->guards.count;
    guard_push(code, text, negated, false);
    code_walk(code, node);
    guard_pop_to(code, mark);
}

/* a if b else c, b ? a : c */
void flow_conditional(struct code *code, TSNode node) {
    TSNode condition = node_field(code->roles, node, FIELD_CONDITION);
    bool marked = !ts_node_is_null(condition);
    struct children children = code_children(code, node);
    TSNode parts[3];
    uint32_t count = 0;
    for (uint32_t i = 0; i < children.count && count < 3; i++)
        if (ts_node_is_named(children.items[i].node) &&
            !(marked && ts_node_eq(children.items[i].node, condition)))
            parts[count++] = children.items[i].node;
    if (count < (marked ? 2 : 3)) {
        code_walk_children(code, node);
        return;
    }
    TSNode other = marked ? parts[1] : parts[2];
    if (!marked)
        condition = parts[1];
    struct slice text = code_line(code, code_plain(code, condition));
    code_walk(code, condition);
    walk_under(code, text, false, parts[0]);
    walk_under(code, text, true, other);
}

/* a && b: b runs only if a holds. */
void flow_binary(struct code *code, TSNode node) {
    struct children children = code_children(code, node);
    uint32_t mark = code->guards.count;
    for (uint32_t i = 1; i + 1 < children.count; i++) {
        TSNode child = children.items[i].node;
        enum node_role role = ts_node_is_named(child) ? ROLE_NONE : code_role(code, child);
        if (role == ROLE_ASSIGNMENT) {
            call_assignment(code, node);
            return;
        }
        if (role == ROLE_PIPELINE) {
            chain_pipe(code, children.items[i - 1].node, children.items[i + 1].node);
            return;
        }
    }
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        enum node_role role = code_role(code, child);
        code_walk(code, child);
        if ((role == ROLE_AND || role == ROLE_OR) && !ts_node_is_named(child) && i)
            guard_push(code, code_line(code, code_plain(code, children.items[i - 1].node)),
                       role == ROLE_OR, false);
    }
    guard_pop_to(code, mark);
}

void flow_loop(struct code *code, TSNode node) {
    uint32_t mark = code->guards.count;
    TSNode variable = node_field(code->roles, node, FIELD_VARIABLE);
    if (!ts_node_is_null(variable) && code->shell)
        shell_loop_variable(code, node, code_source(code, variable));
    if (code->style != WORDS_POSIX)
        cmdlet_loop(code, node);
    code->loops++;
    code_walk_children(code, node);
    code->loops--;
    guard_pop_to(code, mark);
}

/* ---- cases ---- */

static void walk_case_item(struct code *code, TSNode item, struct slice subject) {
    uint32_t mark = code->guards.count;
    struct strbuf text;
    strbuf_init(&text, code->builder->arena);
    strbuf_add(&text, subject.size ? SLICE("case ") : SLICE("case"));
    strbuf_add(&text, subject);
    strbuf_add(&text, SLICE(" in"));
    struct children parts = code_children(code, item);
    char separator = ' ';
    for (uint32_t n = 0; n < parts.count; n++)
        if (code_in_field(code, &parts.items[n], FIELD_VALUE) && text.size < CODE_TEXT) {
            strbuf_add_byte(&text, separator);
            strbuf_add(&text, code_line(code, parts.items[n].node));
            separator = '|';
        }
    guard_push(code, strbuf_slice(&text), false, false);
    code_walk_all(code, &parts, 0, parts.count);
    guard_pop_to(code, mark);
}

static void walk_cases(struct code *code, TSNode node, struct slice subject, uint32_t level) {
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode item = children.items[i].node;
        if (code_role(code, item) == ROLE_CASE_ITEM)
            walk_case_item(code, item, subject);
        else if (!level && code_in_field(code, &children.items[i], FIELD_BODY))
            walk_cases(code, item, subject, 1);
        else
            code_walk(code, item);
    }
}

void flow_case(struct code *code, TSNode node) {
    TSNode value = node_field(code->roles, node, FIELD_VALUE);
    if (ts_node_is_null(value) && !code->shell)
        value = node_field(code->roles, node, FIELD_CONDITION);
    walk_cases(code, node,
               ts_node_is_null(value) ? SLICE("") : code_line(code, code_plain(code, value)), 0);
}
