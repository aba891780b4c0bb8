#include "entity/code_cmdlet.h"

/* Simple commands of a stage of a pipeline, in order; compound stages name their first few. */
static void stage_programs(struct code *code, TSNode node, struct slices *out, uint32_t level) {
    if (out->list.count >= CODE_STAGE_PROGRAMS || level > 8)
        return;
    struct children children = code_children(code, node);
    if (code_role(code, node) != ROLE_COMMAND) {
        for (uint32_t i = 0; i < children.count && i < CODE_STAGE_PROGRAMS; i++) {
            enum node_role role = code_role(code, children.items[i].node);
            if (role == ROLE_COMMAND || role == ROLE_REDIRECTED || role == ROLE_BLOCK ||
                role == ROLE_SUBSHELL || role == ROLE_GROUP || role == ROLE_AND_OR ||
                role == ROLE_WHILE || role == ROLE_FOR || role == ROLE_NOT)
                stage_programs(code, children.items[i].node, out, level + 1);
        }
        return;
    }
    struct words words = {0};
    for (uint32_t i = 0; code->style == WORDS_POSIX && i < children.count; i++)
        if (code_in_field(code, &children.items[i], FIELD_NAME) ||
            code_in_field(code, &children.items[i], FIELD_ARGUMENT))
            vec_push(code->scratch, &words.list, word_read(code, children.items[i].node));
    struct slice program = code->style != WORDS_POSIX
                               ? cmdlet_program(code, node)
                               : wrapper_program(code, words.list.items, words.list.count);
    if (program.size)
        vec_push(code->scratch, &out->list, program);
}

static void slices_add(struct code *code, struct slices *to, const struct slices *from) {
    for (uint32_t i = 0; i < from->list.count && to->list.count < CODE_STAGE_PROGRAMS; i++)
        vec_push(code->scratch, &to->list, from->list.items[i]);
}

/* Walks the stages with what stands before and after each. `first` may be the body of a
 * redirected statement whose here-document carries the rest of the line. */
static void walk_stages(struct code *code, const TSNode *stages, uint32_t count) {
    struct stage outer = code->stage;
    struct slices *programs = ARENA_ARRAY(code->scratch, struct slices, count + 1);
    for (uint32_t i = 0; i < count; i++)
        stage_programs(code, stages[i], &programs[i], 0);
    struct slices before = {0};
    slices_add(code, &before, &outer.from);
    for (uint32_t i = 0; i < count; i++) {
        struct slices after = {0};
        for (uint32_t n = i + 1; n < count && n <= i + CODE_STAGE_PROGRAMS; n++)
            slices_add(code, &after, &programs[n]);
        slices_add(code, &after, &outer.to);
        code->stage = (struct stage){.from = before, .to = after};
        if (i)
            code->stage.before = stages[i - 1];
        code_walk(code, stages[i]);
        slices_add(code, &before, &programs[i]);
        vec_reserve(code->scratch, &before.list, before.list.count + 1);
    }
    code->stage = outer;
}

void shell_printed(struct code *code, struct command *command) {
    TSNode stage = code->stage.before;
    if (ts_node_is_null(stage) || code_role(code, stage) != ROLE_COMMAND ||
        code->style != WORDS_POSIX)
        return;
    struct children children = code_children(code, stage);
    struct words words = {0}, all = {0};
    for (uint32_t i = 0; i < children.count; i++)
        if (code_in_field(code, &children.items[i], FIELD_NAME) ||
            code_in_field(code, &children.items[i], FIELD_ARGUMENT))
            vec_push(code->scratch, &words.list, word_read(code, children.items[i].node));
    if (words.list.count < 2 ||
        !program_find(code, command_callee(code, &words.list.items[0]))->prints)
        return;
    for (uint32_t i = 0; i < command->count; i++)
        vec_push(code->scratch, &all.list, command->words[i]);
    for (uint32_t i = 1; i < words.list.count; i++) {
        const struct word *word = &words.list.items[i];
        if (!word_is_constant(code, word) || slice_find_byte(word->text, '%') != SLICE_NPOS)
            return;
        if (!slice_starts(word->text, SLICE("-")))
            vec_push(code->scratch, &all.list, *word);
    }
    command->words = all.list.items;
    command->count = all.list.count;
}

static bool is_statement(enum node_role role) {
    return role != ROLE_NONE && role != ROLE_COMMENT && role != ROLE_SEPARATOR &&
           role != ROLE_BACKGROUND && role != ROLE_AND && role != ROLE_OR;
}

void shell_pipeline(struct code *code, TSNode node) {
    struct children children = code_children(code, node);
    TSNode *stages = ARENA_ARRAY(code->scratch, TSNode, children.count + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; i < children.count; i++)
        if (is_statement(code_role(code, children.items[i].node)))
            stages[count++] = children.items[i].node;
    walk_stages(code, stages, count);
}

/* a && b || c is nested to the left; taken apart without recursion, as chains can be long. */
struct chain {
    VEC(TSNode) items;
    VEC(enum node_role) operators; /* between items[i] and items[i + 1] */
};

static void chain_collect(struct code *code, TSNode node, struct chain *chain) {
    VEC(TSNode) right = {0};
    VEC(enum node_role) operators = {0};
    for (;;) {
        struct children children = code_children(code, node);
        TSNode left = {0}, last = {0};
        enum node_role operator= ROLE_NONE;
        for (uint32_t i = 0; i < children.count; i++) {
            enum node_role role = code_role(code, children.items[i].node);
            if (role == ROLE_AND || role == ROLE_OR)
                operator= role;
            else if (is_statement(role) && ts_node_is_null(left))
                left = children.items[i].node;
            else if (is_statement(role))
                last = children.items[i].node;
        }
        if (!ts_node_is_null(last)) {
            vec_push(code->scratch, &right, last);
            vec_push(code->scratch, &operators, operator);
        }
        if (ts_node_is_null(left))
            break;
        node = left;
        if (code_role(code, left) != ROLE_AND_OR) {
            vec_push(code->scratch, &chain->items, left);
            break;
        }
    }
    for (uint32_t i = right.count; i-- > 0;) {
        vec_push(code->scratch, &chain->items, right.items[i]);
        vec_push(code->scratch, &chain->operators, operators.items[i]);
    }
}

/* Does this statement end the block: exit, return, { echo; exit 1; }? */
static bool leaves(struct code *code, TSNode node, uint32_t level) {
    enum node_role role = code_role(code, node);
    if (role == ROLE_COMMAND) {
        TSNode name = node_field(code->roles, node, FIELD_NAME);
        return !ts_node_is_null(name) && program_find(code, code_source(code, name))->leaves;
    }
    if (level > 4 || (role != ROLE_BLOCK && role != ROLE_GROUP && role != ROLE_REDIRECTED))
        return false;
    struct children children = code_children(code, node);
    for (uint32_t i = children.count; i-- > 0;) {
        enum node_role child = code_role(code, children.items[i].node);
        if (child == ROLE_COMMAND || child == ROLE_GROUP || child == ROLE_REDIRECTED)
            return leaves(code, children.items[i].node, level + 1);
    }
    return false;
}

bool shell_leaves(struct code *code, TSNode node) {
    return leaves(code, node, 0);
}

void shell_list(struct code *code, TSNode node) {
    struct chain chain = {0};
    chain_collect(code, node, &chain);
    uint32_t mark = code->guards.count;
    uint32_t last = chain.items.count - 1;
    struct slice ended = SLICE_NONE;
    bool negated = false;
    for (uint32_t i = 0; i < chain.items.count; i++) {
        code_walk(code, chain.items.items[i]);
        if (i >= chain.operators.count)
            break;
        struct slice text = code_line(code, chain.items.items[i]);
        bool is_or = chain.operators.items[i] == ROLE_OR;
        if (is_or)
            guard_pop_to(code, mark);
        if (i + 1 == last && shell_leaves(code, chain.items.items[last]) && i == 0) {
            ended = text;
            negated = !is_or;
        }
        if (code->guards.count - mark < CODE_GUARDS)
            guard_push(code, text, is_or, false);
    }
    guard_pop_to(code, mark);
    if (ended.size)
        guard_push(code, ended, negated, true);
}

/* ---- redirections ---- */

struct redirection {
    struct command *command;
    struct words *words; /* arguments after a here-document's start */
    TSNode rest;         /* pipeline or list after it */
    TSNode body;         /* of a here-document */
};

static void read_heredoc(struct code *code, TSNode node, struct redirection *into) {
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        enum node_role role = code_role(code, child);
        if (role == ROLE_HEREDOC_BODY) {
            into->command->script = code_source(code, child);
            into->command->script_source = ts_node_start_byte(child);
            into->command->script_span = code_span(child);
            into->body = child;
        } else if (code_in_field(code, &children.items[i], FIELD_ARGUMENT)) {
            vec_push(code->scratch, &into->words->list, word_read(code, child));
        } else if (role == ROLE_PIPELINE || role == ROLE_AND_OR) {
            into->rest = child;
        }
    }
}

static void read_redirect(struct code *code, TSNode node, struct redirection *into) {
    struct command *command = into->command;
    enum node_role role = code_role(code, node);
    if (role == ROLE_HEREDOC_REDIRECT) {
        read_heredoc(code, node, into);
        return;
    }
    struct children children = code_children(code, node);
    struct slice text = SLICE("");
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        if (role == ROLE_HERESTRING && ts_node_is_named(child)) {
            struct word word = word_read(code, child);
            command->script = word_resolved(code, &word);
            command->script_source = word.source;
            command->script_span = word.span;
            return;
        }
        bool target = code_in_field(code, &children.items[i], FIELD_DESTINATION);
        struct slice part = target ? word_read(code, child).text : code_source(code, child);
        text = text.size ? ARENA_CONCAT(code->builder->arena, text, part) : part;
    }
    if (text.size)
        vec_push(code->scratch, &command->redirects.list, text);
}

static void read_assignment_prefix(struct code *code, TSNode node, struct command *command,
                                   bool lasting) {
    if (lasting)
        shell_assignment(code, node);
    else
        vec_push(code->scratch, &command->environment.list, code_line(code, node));
}

bool shell_may_run(struct slice text) {
    return slice_find_byte(text, '(') != SLICE_NPOS || slice_find_byte(text, '`') != SLICE_NPOS;
}

/* Substitutions and the like inside of words run too. */
static void walk_inside(struct code *code, TSNode node, uint32_t level) {
    if (!shell_may_run(code_source(code, node)))
        return;
    enum node_role role = code_role(code, node);
    if (role == ROLE_WORD || role == ROLE_RAW_STRING || role == ROLE_ANSI_STRING ||
        level > CODE_DEPTH || !ts_node_child_count(node))
        return;
    if (role == ROLE_SUBSTITUTION) {
        struct stage outer = code->stage;
        struct slice evaluated = code->evaluated;
        code->stage = (struct stage){0};
        if (evaluated.size)
            vec_push(code->scratch, &code->stage.to.list, evaluated);
        code->evaluated = SLICE_NONE;
        code_walk(code, node);
        code->evaluated = evaluated;
        code->stage = outer;
        return;
    }
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++)
        walk_inside(code, children.items[i].node, level + 1);
}

/* The grammar takes `A=1 B=2` and the command on the next line for one command. */
static bool newline_between(const struct code *code, TSNode from, TSNode to) {
    struct slice gap = slice_sub(code->text, ts_node_end_byte(from), ts_node_start_byte(to) + 1);
    size_t newline = slice_find_byte(gap, '\n');
    return newline != SLICE_NPOS && !(newline > 0 && gap.data[newline - 1] == '\\');
}

/* r\<newline>m is one word, which the grammar takes for two. */
static void push_word(struct code *code, struct words *words, TSNode node) {
    struct word word = word_read(code, node);
    uint32_t from = ts_node_start_byte(node), count = words->list.count;
    struct word *last = count ? &words->list.items[count - 1] : NULL;
    if (!last || last->span.to + 2 != from || code->text.data[from - 2] != '\\' ||
        code->text.data[from - 1] != '\n') {
        vec_push(code->scratch, &words->list, word);
        return;
    }
    struct part *parts = ARENA_ARRAY(code->scratch, struct part, last->count + word.count);
    memcpy(parts, last->parts, last->count * sizeof *parts);
    memcpy(parts + last->count, word.parts, word.count * sizeof *parts);
    last->parts = parts;
    last->count += word.count;
    last->text = word_text(code->builder->arena, parts, last->count);
    last->span.to = word.span.to;
    last->source = UINT32_MAX;
}

static void read_command(struct code *code, TSNode node, struct command *command,
                         struct words *words, struct redirection *redirection) {
    struct children children = code_children(code, node);
    TSNode name = {0};
    for (uint32_t i = 0; i < children.count && ts_node_is_null(name); i++)
        if (code_in_field(code, &children.items[i], FIELD_NAME))
            name = children.items[i].node;
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        enum node_role role = code_role(code, child);
        if (role == ROLE_ASSIGNMENT)
            read_assignment_prefix(code, child, command,
                                   ts_node_is_null(name) || newline_between(code, child, name));
        else if (role == ROLE_REDIRECT || role == ROLE_HEREDOC_REDIRECT || role == ROLE_HERESTRING)
            read_redirect(code, child, redirection);
        else if (code_in_field(code, &children.items[i], FIELD_NAME) ||
                 code_in_field(code, &children.items[i], FIELD_ARGUMENT))
            push_word(code, words, child);
    }
}

/* Words from..to as a command of their own; redirections belong to the last one. */
static void finish_part(struct code *code, const struct command *whole, const struct words *words,
                        uint32_t from, uint32_t to) {
    struct words expanded = {0};
    struct command part = *whole;
    vec_reserve(code->scratch, &expanded.list, to - from);
    for (uint32_t i = from; i < to; i++)
        words_expand(code, &words->list.items[i], &expanded);
    part.words = expanded.list.items;
    part.count = expanded.list.count;
    if (from > 0)
        part.environment = (struct slices){0};
    if (to < words->list.count) {
        part.redirects = (struct slices){0};
        part.script = SLICE_NONE;
    }
    if (from > 0 || to < words->list.count)
        part.span =
            (struct span){words->list.items[from].span.from, words->list.items[to - 1].span.to};
    if (!part.count && !part.redirects.list.count)
        return;
    if (alias_read(code, &part))
        return;
    command_read(code, &part);
    lookalikes_read(code, part.span);
}

static void finish_command(struct code *code, struct command *command, struct words *words) {
    uint32_t from = 0;
    for (uint32_t i = 1; i < words->list.count; i++)
        if (words->list.items[i].breaks) {
            finish_part(code, command, words, from, i);
            from = i;
        }
    finish_part(code, command, words, from, words->list.count);
}

void shell_command(struct code *code, TSNode node) {
    struct command command = {.span = code_span(node), .script_source = UINT32_MAX};
    struct words words = {0};
    struct redirection redirection = {.command = &command, .words = &words};
    read_command(code, node, &command, &words, &redirection);
    finish_command(code, &command, &words);
    if (!shell_may_run(code_source(code, node)))
        return; /* most commands: saves a pass over all words */
    code->evaluated = wrapper_evaluates(code, words.list.items, words.list.count);
    walk_inside(code, node, 0);
    code->evaluated = SLICE_NONE;
}

void shell_redirected(struct code *code, TSNode node) {
    struct command command = {.span = code_span(node), .script_source = UINT32_MAX};
    struct words words = {0};
    struct redirection redirection = {.command = &command, .words = &words};
    struct children children = code_children(code, node);
    TSNode body = node_field(code->roles, node, FIELD_BODY);
    bool simple = ts_node_is_null(body) || code_role(code, body) == ROLE_COMMAND;
    if (simple && !ts_node_is_null(body))
        read_command(code, body, &command, &words, &redirection);
    for (uint32_t i = 0; i < children.count; i++)
        if (code_in_field(code, &children.items[i], FIELD_REDIRECT))
            read_redirect(code, children.items[i].node, &redirection);
    struct stage outer = code->stage;
    if (!ts_node_is_null(redirection.rest) && code_role(code, redirection.rest) == ROLE_PIPELINE) {
        struct slices after = {0};
        stage_programs(code, redirection.rest, &after, 0);
        slices_add(code, &after, &outer.to);
        code->stage.to = after;
    }
    if (simple)
        finish_command(code, &command, &words);
    else
        code_walk(code, body);
    code->stage = outer;
    if (!ts_node_is_null(redirection.rest)) {
        struct slices before = {0};
        struct slice program =
            simple ? wrapper_program(code, words.list.items, words.list.count) : SLICE_NONE;
        if (program.size)
            vec_push(code->scratch, &before.list, program);
        if (code_role(code, redirection.rest) == ROLE_PIPELINE)
            code->stage.from = before;
        code_walk(code, redirection.rest);
        code->stage = outer;
    }
    if (!ts_node_is_null(redirection.body))
        walk_inside(code, redirection.body, 0);
    for (uint32_t i = 0; i < children.count; i++) {
        bool is_body = ts_node_eq(children.items[i].node, body);
        enum node_role role = code_role(code, children.items[i].node);
        if (is_body ? simple : role == ROLE_REDIRECT || role == ROLE_HERESTRING)
            walk_inside(code, children.items[i].node, 0);
    }
}

/* ---- assignments ---- */

static void assign_array(struct code *code, struct slice name, TSNode value) {
    struct children children = code_children(code, value);
    struct words words = {0};
    for (uint32_t i = 0; i < children.count; i++)
        if (ts_node_is_named(children.items[i].node) &&
            code_role(code, children.items[i].node) != ROLE_COMMENT)
            vec_push(code->scratch, &words.list, word_read(code, children.items[i].node));
    struct slice joined = elements_join(code, &words);
    struct word word = word_of_text(code, joined, code_span(value));
    variable_assign(code, name, &word);
}

void shell_assignment(struct code *code, TSNode node) {
    TSNode name = node_field(code->roles, node, FIELD_NAME);
    TSNode value = node_field(code->roles, node, FIELD_VALUE);
    if (ts_node_is_null(name))
        return;
    struct slice variable = code_source(code, name);
    struct slice source = code_source(code, node);
    size_t end = ts_node_end_byte(name) - ts_node_start_byte(node);
    bool appends = end + 1 < source.size && source.data[end] == '+';
    bool array = !ts_node_is_null(value) && code_role(code, value) == ROLE_LIST;
    if (code_role(code, name) == ROLE_SUBSCRIPT || array || appends) {
        variable_fill(code, variable);
        if (array && !appends)
            assign_array(code, variable, value);
        walk_inside(code, node, 0);
        return;
    }
    struct word word = ts_node_is_null(value) ? word_of_text(code, SLICE(""), code_span(node))
                                              : word_read(code, value);
    walk_inside(code, node, 0);
    if (word_is_constant(code, &word))
        assignment_emit(code, variable,
                        value_text(code->builder->arena, word_resolved(code, &word), word.span),
                        &word, code_span(node));
    variable_assign(code, variable, &word);
}

void shell_loop_variable(struct code *code, TSNode node, struct slice name) {
    struct children children = code_children(code, node);
    struct words words = {0};
    for (uint32_t i = 0; i < children.count; i++)
        if (code_in_field(code, &children.items[i], FIELD_VALUE))
            vec_push(code->scratch, &words.list, word_read(code, children.items[i].node));
    if (words.list.count == 1 && word_is_constant(code, &words.list.items[0]) &&
        slice_find_byte(words.list.items[0].text, '*') == SLICE_NPOS)
        variable_assign(code, name, &words.list.items[0]);
    else
        variable_fill(code, name);
}

/* export A=b, local x, unset y: assignments, and names that lose what was known of them. */
void shell_declaration(struct code *code, TSNode node) {
    struct children children = code_children(code, node);
    bool forgets =
        children.count && program_find(code, code_source(code, children.items[0].node))->forgets;
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        enum node_role role = code_role(code, child);
        if (role == ROLE_ASSIGNMENT)
            shell_assignment(code, child);
        else if (role == ROLE_IDENTIFIER && forgets)
            variable_forget(code, code_source(code, child));
    }
}
