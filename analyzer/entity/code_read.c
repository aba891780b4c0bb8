#include "entity/code.h"

#include "base/hash.h"

/* ---- small things every part needs ---- */

struct children code_children(struct code *code, TSNode node) {
    struct children children;
    children.items = node_children(code->scratch, node, false, &children.count);
    return children;
}

enum node_role code_role(const struct code *code, TSNode node) {
    return node_role(code->roles, node);
}

bool code_in_field(const struct code *code, const struct node_child *child, enum field_role field) {
    return child->field && child->field == code->roles->fields[field];
}

struct slice code_source(const struct code *code, TSNode node) {
    return node_text(node, code->text);
}

struct span code_span(TSNode node) {
    return (struct span){ts_node_start_byte(node), ts_node_end_byte(node)};
}

static bool is_space(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* White space outside of quotes becomes one space, line continuations vanish. */
struct slice code_squeeze(struct arena *arena, struct slice text) {
    struct strbuf buf;
    strbuf_init(&buf, arena);
    char quote = 0;
    bool space = false;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        bool continued = byte == '\\' && i + 1 < text.size && text.data[i + 1] == '\n';
        if (continued || (!quote && is_space(byte))) {
            i += continued;
            space = true;
            continue;
        }
        if (space && buf.size)
            strbuf_add_byte(&buf, ' ');
        space = false;
        if (quote ? byte == quote : byte == '"' || byte == '\'')
            quote = quote ? 0 : byte;
        strbuf_add_byte(&buf, byte);
        if (byte == '\\' && i + 1 < text.size)
            strbuf_add_byte(&buf, text.data[++i]);
    }
    return strbuf_slice(&buf);
}

/* A guard's text has to be the same whichever way a variable is quoted. */
struct slice code_line(struct code *code, TSNode node) {
    struct slice text = code_squeeze(code->builder->arena, code_source(code, node));
    if (text.size > CODE_TEXT)
        text = slice_sub(text, 0, CODE_TEXT);
    if (!code->shell)
        return text;
    struct strbuf buf;
    strbuf_init(&buf, code->builder->arena);
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] != '"')
            strbuf_add_byte(&buf, text.data[i]);
    return strbuf_slice(&buf);
}

uint32_t code_emit(struct code *code, const char *kind, struct slice type, struct slice name,
                   struct body *body, struct span span) {
    return builder_add(code->builder, (struct entity){.kind = slice_of(kind),
                                                      .type = type,
                                                      .name = name,
                                                      .scope = code->scope,
                                                      .body = body_finish(body, span),
                                                      .span = span});
}

/* ---- statements ---- */

void code_walk_all(struct code *code, const struct children *children, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i++)
        code_walk(code, children->items[i].node);
}

static void walk_children(struct code *code, TSNode node) {
    struct children children = code_children(code, node);
    code_walk_all(code, &children, 0, children.count);
}

static void walk_block(struct code *code, TSNode node) {
    uint32_t mark = code->guards.count;
    walk_children(code, node);
    guard_pop_to(code, mark);
}

static bool ends_with_leave(struct code *code, const struct children *children, uint32_t from,
                            uint32_t to) {
    for (uint32_t i = to; i-- > from;) {
        TSNode node = children->items[i].node;
        if (!ts_node_is_named(node))
            continue;
        enum node_role role = code_role(code, node);
        if (role == ROLE_COMMENT)
            continue;
        if (role == ROLE_BLOCK) {
            struct children inner = code_children(code, node);
            return ends_with_leave(code, &inner, 0, inner.count);
        }
        return role == ROLE_RETURN || role == ROLE_RAISE || role == ROLE_EXIT ||
               (code->shell && shell_leaves(code, node));
    }
    return false;
}

/* Index behind the condition; walks it and gives its text. Some grammars mark it with a field, in
 * others it is the first statement. */
static uint32_t walk_condition(struct code *code, const struct children *children,
                               struct slice *text) {
    uint32_t last = 0;
    bool marked = false;
    for (uint32_t i = 0; i < children->count; i++)
        if (code_in_field(code, &children->items[i], FIELD_CONDITION)) {
            marked = true;
            last = i;
        }
    for (uint32_t i = 0; i < children->count; i++) {
        const struct node_child *child = &children->items[i];
        if (!ts_node_is_named(child->node) || code_role(code, child->node) == ROLE_COMMENT ||
            (marked && !code_in_field(code, child, FIELD_CONDITION)))
            continue;
        *text = code_line(code, child->node);
        code_walk(code, child->node);
        if (!marked || i >= last)
            return i + 1;
    }
    return marked ? last + 1 : 0;
}

/* The condition of an if or elif and the statements behind it; true if they leave the block. The
 * index of the branch that follows is left in *next. */
static bool walk_branch(struct code *code, const struct children *children, struct slice *text,
                        uint32_t *next) {
    uint32_t mark = code->guards.count;
    uint32_t from = walk_condition(code, children, text), to = from;
    for (; to < children->count; to++) {
        enum node_role role = code_role(code, children->items[to].node);
        if (role == ROLE_ELSE_IF || role == ROLE_ELSE)
            break;
    }
    guard_push(code, *text, false, false);
    code_walk_all(code, children, from, to);
    guard_pop_to(code, mark);
    *next = to;
    return ends_with_leave(code, children, from, to);
}

/* if, elif, elif, else: each branch stands behind its own test and the failure of those before. */
static void walk_if(struct code *code, TSNode node) {
    struct children children = code_children(code, node);
    uint32_t mark = code->guards.count, next = 0, unused;
    struct slice text = SLICE(""), other = SLICE("");
    bool left = walk_branch(code, &children, &text, &next), branches = false;
    guard_push(code, text, true, false);
    for (uint32_t i = next; i < children.count; i++) {
        TSNode branch = children.items[i].node;
        branches = branches || code_role(code, branch) == ROLE_ELSE;
        if (code_role(code, branch) != ROLE_ELSE_IF) {
            walk_block(code, branch);
            continue;
        }
        struct children parts = code_children(code, branch);
        walk_branch(code, &parts, &other, &unused);
        guard_push(code, other, true, false);
    }
    guard_pop_to(code, mark);
    if (left && !branches)
        guard_push(code, text, true, true);
}

static void walk_loop(struct code *code, TSNode node) {
    uint32_t mark = code->guards.count;
    TSNode variable = node_field(code->roles, node, FIELD_VARIABLE);
    if (!ts_node_is_null(variable) && code->shell)
        shell_loop_variable(code, node, code_source(code, variable));
    code->loops++;
    walk_children(code, node);
    code->loops--;
    guard_pop_to(code, mark);
}

static void walk_case(struct code *code, TSNode node) {
    struct children children = code_children(code, node);
    TSNode value = node_field(code->roles, node, FIELD_VALUE);
    struct slice subject = ts_node_is_null(value) ? SLICE("") : code_line(code, value);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode item = children.items[i].node;
        if (code_role(code, item) != ROLE_CASE_ITEM) {
            code_walk(code, item);
            continue;
        }
        uint32_t mark = code->guards.count;
        struct strbuf text;
        strbuf_init(&text, code->builder->arena);
        strbuf_addf(&text, "case %.*s in", SLICE_ARGS(subject));
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
}

/* ---- functions and assignments ---- */

static struct slice qualified(struct code *code, struct slice name) {
    return code->function.size ? arena_format(code->builder->arena, "%.*s.%.*s",
                                              SLICE_ARGS(code->function), SLICE_ARGS(name))
                               : name;
}

static void walk_function(struct code *code, TSNode node) {
    TSNode name = node_field(code->roles, node, FIELD_NAME);
    TSNode body = node_field(code->roles, node, FIELD_BODY);
    struct code outer = *code;
    bool class = code_role(code, node) == ROLE_CLASS;
    code->function = qualified(code, ts_node_is_null(name) ? SLICE("") : code_source(code, name));
    code->in_function = code->in_function || !class;
    struct body attributes = {.arena = code->builder->arena};
    body_add_texts(&attributes, "decorators", &code->decorators, code_span(node));
    code->decorators = (struct slices){0};
    body_add_text(&attributes, "scope", outer.function, code_span(node));
    code->scope = code_emit(code, class ? "class" : "function", SLICE(""), code->function,
                            &attributes, code_span(node));
    code->loops = 0;
    code->stage = (struct stage){0};
    uint32_t mark = code->guards.count;
    code->arguments = false;
    if (!code->shell)
        walk_children(code, node);
    else if (!ts_node_is_null(body))
        code_walk(code, body);
    guard_pop_to(code, mark);
    if (code->arguments && code->shell)
        function_keep(code, code->function, code_source(code, body));
    code->arguments = outer.arguments;
    code->function = outer.function;
    code->in_function = outer.in_function;
    code->scope = outer.scope;
    code->loops = outer.loops;
    code->stage = outer.stage;
    code->decorators = outer.decorators;
}

static void walk_decorated(struct code *code, TSNode node) {
    struct children children = code_children(code, node);
    struct slices outer = code->decorators, own = {0};
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        if (code_role(code, child) == ROLE_DECORATOR) {
            struct slice text = code_line(code, child);
            vec_push(code->scratch, &own.list,
                     slice_starts(text, SLICE("@")) ? slice_from(text, 1) : text);
        }
    }
    for (uint32_t i = 0; i < children.count; i++) {
        code->decorators = own;
        code_walk(code, children.items[i].node);
    }
    code->decorators = outer;
}

void assignment_emit(struct code *code, struct slice name, const struct value *value,
                     const struct word *word, struct span span) {
    if (!code->in_function && !code->loops)
        setting_emit(code, name, value, word, span);
}

void setting_emit(struct code *code, struct slice name, const struct value *value,
                  const struct word *word, struct span span) {
    struct body body = {.arena = code->builder->arena};
    body_add(&body, "value", value);
    if (word)
        body_add_text(&body, "text", word->text, word->span);
    code_emit(code, "assignment", SLICE(""), code->shell ? name : qualified(code, name), &body,
              span);
}

static void walk_assignment(struct code *code, TSNode node) {
    if (code->shell)
        shell_assignment(code, node);
    else {
        walk_children(code, node);
        call_assignment(code, node);
    }
}

/* a if b else c */
static void walk_conditional(struct code *code, TSNode node) {
    struct children children = code_children(code, node);
    TSNode parts[3];
    uint32_t count = 0;
    for (uint32_t i = 0; i < children.count && count < 3; i++)
        if (ts_node_is_named(children.items[i].node))
            parts[count++] = children.items[i].node;
    if (count < 3) {
        walk_children(code, node);
        return;
    }
    uint32_t mark = code->guards.count;
    struct slice text = code_line(code, parts[1]);
    code_walk(code, parts[1]);
    guard_push(code, text, false, false);
    code_walk(code, parts[0]);
    guard_pop_to(code, mark);
    guard_push(code, text, true, false);
    code_walk(code, parts[2]);
    guard_pop_to(code, mark);
}

/* ---- the walk ---- */

static void walk_role(struct code *code, TSNode node) {
    switch (code_role(code, node)) {
    case ROLE_COMMENT:
    case ROLE_WORD:
    case ROLE_RAW_STRING:
    case ROLE_HEREDOC_BODY:
        break;
    case ROLE_BLOCK:
    case ROLE_GROUP:
    case ROLE_SUBSHELL:
    case ROLE_SUBSTITUTION:
        walk_block(code, node);
        break;
    case ROLE_FUNCTION:
    case ROLE_CLASS:
        walk_function(code, node);
        break;
    case ROLE_DECORATED:
        walk_decorated(code, node);
        break;
    case ROLE_IF:
        walk_if(code, node);
        break;
    case ROLE_CONDITIONAL:
        walk_conditional(code, node);
        break;
    case ROLE_FOR:
    case ROLE_WHILE:
        walk_loop(code, node);
        break;
    case ROLE_CASE:
        walk_case(code, node);
        break;
    case ROLE_ASSIGNMENT:
        walk_assignment(code, node);
        break;
    case ROLE_COMMAND:
        shell_command(code, node);
        break;
    case ROLE_REDIRECTED:
        shell_redirected(code, node);
        break;
    case ROLE_AND_OR:
        shell_list(code, node);
        break;
    case ROLE_PIPELINE:
        shell_pipeline(code, node);
        break;
    case ROLE_DECLARATION:
        shell_declaration(code, node);
        break;
    case ROLE_CALL:
        call_read(code, node);
        call_walk(code, node);
        break;
    case ROLE_IMPORT:
        call_import(code, node);
        break;
    case ROLE_IMPORT_FROM:
        call_import_from(code, node);
        break;
    default:
        walk_children(code, node);
    }
}

/* Names the part of the text that could not be parsed; builder_parse has told the first. */
static void note_error(struct code *code, TSNode node) {
    if (code->errors++ < CODE_ERRORS)
        builder_note(code->builder, ts_node_start_byte(node), SLICE("syntax not understood"));
}

void code_walk(struct code *code, TSNode node) {
    if (ts_node_is_error(node) || ts_node_is_missing(node))
        note_error(code, node);
    if (!ts_node_child_count(node))
        return;
    if (code->depth >= CODE_DEPTH) {
        if (!code->depth_noted)
            builder_note(code->builder, ts_node_start_byte(node),
                         SLICE("nested too deep to be read (limit 1000)"));
        code->depth_noted = true;
        return;
    }
    code->depth++;
    walk_role(code, node);
    code->depth--;
}

/* ---- texts inside this text ---- */

void code_embed(struct code *code, struct slice dialect, struct slice script, uint32_t source,
                struct span at, uint32_t scope) {
    struct embedding embedding = {0};
    if (source != UINT32_MAX) {
        uint32_t lines = 1;
        for (size_t i = 0; i < script.size; i++)
            lines += script.data[i] == '\n';
        uint32_t *starts = ARENA_ARRAY(code->scratch, uint32_t, lines);
        starts[0] = source;
        for (size_t i = 0, line = 0; i < script.size; i++)
            if (script.data[i] == '\n')
                starts[++line] = source + (uint32_t)i + 1;
        embedding = (struct embedding){starts, lines, NULL};
    }
    code->builder->code = code;
    builder_embed(code->builder, dialect, script, embedding.line_count ? &embedding : NULL, at,
                  scope, code->builder->host, 0);
    code->builder->code = NULL;
}

static void release_scratch(void *arena) {
    arena_release(arena);
}

/* What an inner text inherits: everything from a text of its own language, its place otherwise. */
static void inherit(struct code *code, const struct code *outer) {
    bool same = outer->builder->dialect == code->builder->dialect;
    if (same) {
        code->variables = outer->variables;
        code->imports = outer->imports;
        code->imported = outer->imported;
        code->options = outer->options;
    }
    for (uint32_t i = 0; i < outer->guards.count; i++) {
        struct guard guard = outer->guards.items[i];
        if (!same)
            guard.variables.count = 0;
        if (!same && guard.negated) {
            guard.text = arena_format(code->builder->arena, outer->shell ? "! %.*s" : "not (%.*s)",
                                      SLICE_ARGS(guard.text));
            guard.negated = false;
        }
        if (same || !guard.lasting)
            vec_push(code->scratch, &code->guards, guard);
    }
    code->stage = outer->stage;
    code->function = outer->function;
    code->in_function = outer->in_function;
    code->loops = outer->loops;
    code->depth = outer->depth;
    code->calls = outer->calls;
    code->scripts = same && outer->scripts;
    for (uint32_t i = 0; i < outer->wrappers.list.count; i++)
        vec_push(code->scratch, &code->wrappers.list, outer->wrappers.list.items[i]);
}

static bool grammar_has_commands(const struct node_roles *roles) {
    for (uint32_t i = 0; i < roles->symbol_count; i++)
        if (roles->of_symbol[i] == ROLE_COMMAND)
            return true;
    return false;
}

/* #!/bin/bash -eu */
static void read_first_line(struct code *code) {
    if (!code->shell || !slice_starts(code->text, SLICE("#!")))
        return;
    struct slice line = code->text, rest, word;
    slice_split(&line, '\n', &rest);
    while (slice_split(&rest, ' ', &word))
        for (size_t i = 1; word.size > 1 && word.data[0] == '-' && i < word.size; i++) {
            struct slice text = shell_option(code, slice_sub(word, i, i + 1));
            if (text.size)
                vec_push(code->scratch, &code->options.list, text);
        }
}

/* As code_walk does with the root, but what is known at its end is saved before it is dropped. */
static struct slice walk_part(struct code *code, TSNode root) {
    struct children children = code_children(code, root);
    code->depth++;
    code_walk_all(code, &children, 0, children.count);
    code->depth--;
    return code_state_save(code, code->builder->arena);
}

void code_read_text(struct builder *builder, struct code *outer, const struct slice *before,
                    struct slice *after) {
    struct arena *scratch = outer ? outer->scratch : ARENA_NEW(builder->arena, struct arena);
    if (!outer) {
        arena_init(scratch, builder->arena->failure, 0);
        arena_on_release(builder->arena, release_scratch, scratch);
    }
    struct syntax *syntax = builder_parse(builder);
    if (syntax) {
        struct variables variables;
        variables_init(&variables, scratch);
        struct code code = {.builder = builder,
                            .knowledge = dialects_knowledge(builder->reader->dialects),
                            .scratch = scratch,
                            .roles = builder->roles,
                            .shell = grammar_has_commands(builder->roles),
                            .text = builder->text,
                            .variables = &variables,
                            .scope = builder->scope};
        map_init(&code.imports, scratch);
        if (!before || !before->size)
            read_first_line(&code);
        if (before)
            code_state_load(&code, *before);
        if (outer)
            inherit(&code, outer);
        if (after)
            *after = walk_part(&code, syntax->root);
        else
            code_walk(&code, syntax->root);
        syntax_close(syntax);
    }
    if (!outer)
        arena_release(scratch);
}

void code_read(struct builder *builder) {
    struct code *outer = builder->code;
    builder->code = NULL;
    if (outer || !grammar_has_commands(builder->roles) || !code_read_parts(builder))
        code_read_text(builder, outer, NULL, NULL);
}
