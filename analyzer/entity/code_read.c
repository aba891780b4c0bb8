#include "entity/code.h"

#include "base/hash.h"
#include "entity/cache.h"
#include "entity/code_cmdlet.h"

/* ---- small things every part needs ---- */

struct children code_children(struct code *code, TSNode node) {
    struct children children;
    children.items = node_children(code->scratch, node, false, &children.count);
    return children;
}

/* Where everything is a call, some of them are what other languages have statements for. */
static enum node_role word_role(const struct code *code, TSNode call) {
    TSNode name = node_field(code->roles, call, FIELD_CALLEE);
    if (ts_node_is_null(name) || node_role(code->roles, name) != ROLE_IDENTIFIER)
        return ROLE_CALL;
    struct slice text = code_source(code, name);
    for (uint32_t i = 0; i < code->roles->word_count; i++)
        if (slice_equal(code->roles->words[i].name, text))
            return (enum node_role)code->roles->words[i].role;
    return ROLE_CALL;
}

enum node_role code_role(const struct code *code, TSNode node) {
    enum node_role role = node_role(code->roles, node);
    return role == ROLE_CALL && code->roles->word_count ? word_role(code, node) : role;
}

bool code_is_word(const struct code *code, TSNode node) {
    return node_role(code->roles, node) == ROLE_CALL && code_role(code, node) != ROLE_CALL;
}

bool code_in_field(const struct code *code, const struct node_child *child, enum field_role field) {
    return node_field_is(code->roles, child->field, field);
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

/* On one line, with single spaces between words. */
static bool is_squeezed(struct slice text) {
    char last = ' ';
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if ((is_space(byte) && (byte != ' ' || last == ' ')) || byte == '\\')
            return false;
        last = byte;
    }
    return last != ' ';
}

/* White space outside of quotes becomes one space, line continuations vanish. */
struct slice code_squeeze(struct arena *arena, struct slice text) {
    if (is_squeezed(text))
        return text; /* most texts */
    struct strbuf buf;
    strbuf_init_sized(&buf, arena, text.size);
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
    if (!code->shell)
        return shown_text(code, node);
    struct slice text = code_squeeze(code->builder->arena, code_source(code, node));
    if (text.size > CODE_TEXT)
        text = slice_sub(text, 0, CODE_TEXT);
    if (slice_find_byte(text, '"') == SLICE_NPOS)
        return text;
    struct strbuf buf;
    strbuf_init_sized(&buf, code->builder->arena, text.size);
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

/* A decorator belongs to what follows it. */
void code_walk_all(struct code *code, const struct children *children, uint32_t from, uint32_t to) {
    uint32_t outer = code->decorators.list.count;
    for (uint32_t i = from; code->shell && i < to; i++)
        code_walk(code, children->items[i].node);
    for (uint32_t i = code->shell ? to : from; i < to; i++) {
        TSNode node = children->items[i].node;
        enum node_role role = code_role(code, node);
        code_walk(code, node);
        if (role == ROLE_DECORATOR)
            decorator_add(code, node);
        else if (code->decorators.list.count > outer && ts_node_is_named(node) &&
                 role != ROLE_COMMENT)
            code->decorators.list.count = outer;
    }
}

void code_walk_children(struct code *code, TSNode node) {
    struct children children = code_children(code, node);
    code_walk_all(code, &children, 0, children.count);
}

void code_walk_block(struct code *code, TSNode node) {
    uint32_t mark = code->guards.count;
    code_walk_children(code, node);
    guard_pop_to(code, mark);
}

/* ---- assignments ---- */

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
    code_emit(code, "assignment", SLICE(""), code->shell ? name : code_qualified(code, name), &body,
              span);
}

/* ---- the walk ---- */

/* Most words and tests run nothing. `[ x > y ]` is a command with a redirection to the grammar. */
static void walk_shell_text(struct code *code, TSNode node, bool test) {
    struct slice text = code_source(code, node);
    bool redirects = test && (slice_find_byte(text, '>') != SLICE_NPOS ||
                              slice_find_byte(text, '<') != SLICE_NPOS);
    if (code->style != WORDS_POSIX || redirects || shell_may_run(text) || ts_node_has_error(node))
        code_walk_children(code, node);
}

static void walk_shell_role(struct code *code, TSNode node, enum node_role role) {
    switch (role) {
    case ROLE_COMMENT:
    case ROLE_WORD:
    case ROLE_RAW_STRING:
    case ROLE_HEREDOC_BODY:
        break;
    case ROLE_GROUP:
    case ROLE_SUBSHELL:
    case ROLE_SUBSTITUTION:
        code_walk_block(code, node);
        break;
    case ROLE_TEST:
    case ROLE_DOUBLE_QUOTED:
    case ROLE_CONCATENATION:
    case ROLE_EXPANSION:
    case ROLE_SIMPLE_EXPANSION:
        walk_shell_text(code, node, role == ROLE_TEST);
        break;
    case ROLE_ASSIGNMENT:
        shell_assignment(code, node);
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
    default:
        code_walk_children(code, node);
    }
}

static void walk_cmdlet_role(struct code *code, TSNode node, enum node_role role) {
    switch (role) {
    case ROLE_COMMAND:
        cmdlet_read(code, node);
        break;
    case ROLE_ASSIGNMENT:
        cmdlet_assignment(code, node);
        break;
    case ROLE_DEFAULT:
        cmdlet_parameter(code, node);
        code_walk_children(code, node);
        break;
    case ROLE_CALL:
        cmdlet_invocation(code, node);
        break;
    case ROLE_COMMAND_NAME:
        break;
    default:
        walk_shell_role(code, node, role);
    }
}

static void walk_program_role(struct code *code, TSNode node, enum node_role role) {
    switch (role) {
    case ROLE_COMMENT:
        break;
    case ROLE_LAMBDA:
        lambda_read(code, node);
        break;
    case ROLE_CONDITIONAL:
        flow_conditional(code, node);
        break;
    case ROLE_BINARY:
        flow_binary(code, node);
        break;
    case ROLE_EXCEPT:
        flow_handler(code, node);
        break;
    case ROLE_ASSIGNMENT:
        call_assignment(code, node);
        break;
    case ROLE_PAIR:
        pair_read(code, node);
        break;
    case ROLE_DECORATOR:
        decorator_read(code, node);
        break;
    case ROLE_EXPORT:
        code->exporting = true;
        code_walk_children(code, node);
        code->exporting = false;
        break;
    case ROLE_STATEMENT:
    case ROLE_RETURN:
        result_alone(code, node);
        code_walk_children(code, node);
        break;
    case ROLE_TYPED:
    case ROLE_DEFAULT:
        type_read(code, node);
        code_walk_children(code, node);
        break;
    case ROLE_CALL:
    case ROLE_NEW:
        call_read(code, node);
        break;
    case ROLE_SUBSTITUTION:
        backtick_read(code, node);
        break;
    case ROLE_IMPORT:
        call_import(code, node);
        break;
    case ROLE_IMPORT_FROM:
        call_import_from(code, node);
        break;
    case ROLE_IMPORT_TYPE:
        call_import_type(code, node);
        break;
    default:
        code_walk_children(code, node);
    }
}

static void walk_role(struct code *code, TSNode node) {
    enum node_role role = code_role(code, node);
    switch (role) {
    case ROLE_BLOCK:
        code_walk_block(code, node);
        break;
    case ROLE_FUNCTION:
    case ROLE_CLASS:
        function_read(code, node);
        break;
    case ROLE_IF:
    case ROLE_UNLESS:
        flow_if(code, node);
        break;
    case ROLE_FOR:
    case ROLE_WHILE:
        flow_loop(code, node);
        break;
    case ROLE_CASE:
        flow_case(code, node);
        break;
    default:
        if (code->style != WORDS_POSIX)
            walk_cmdlet_role(code, node, role);
        else if (code->shell)
            walk_shell_role(code, node, role);
        else
            walk_program_role(code, node, role);
    }
}

/* Names the part of the text that could not be parsed; builder_parse has told the first. */
static void note_error(struct code *code, TSNode node) {
    if (code->errors++ < CODE_ERRORS)
        builder_note(code->builder, ts_node_start_byte(node), SLICE("syntax not understood"));
}

void code_walk(struct code *code, TSNode node) {
    if (ts_node_has_error(node) && (ts_node_is_error(node) || ts_node_is_missing(node)))
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
    code->scripts = same ? outer->scripts : 0;
    for (uint32_t i = 0; i < outer->wrappers.list.count; i++)
        vec_push(code->scratch, &code->wrappers.list, outer->wrappers.list.items[i]);
}

static bool grammar_has(const struct node_roles *roles, enum node_role role) {
    for (uint32_t i = 0; i < roles->symbol_count; i++)
        if (roles->of_symbol[i] == role)
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

/* What the host of the script sets (env:, ENV, variables of a Makefile). */
static void know_host(struct code *code) {
    for (uint32_t i = 0; i < code->builder->known_count; i++) {
        const struct known *known = &code->builder->known[i];
        struct slice name =
            code->style == WORDS_POSIX ? known->name : cmdlet_environment(code, known->name);
        if (slice_is_none(known->value)) {
            variable_fill(code, name);
            continue;
        }
        struct word word = word_of_text(code, known->value, (struct span){0, 0});
        variable_assign(code, name, &word);
    }
}

void code_read_text(struct builder *builder, struct code *outer, const struct slice *before,
                    struct slice *after) {
    struct arena *scratch = outer ? outer->scratch : ARENA_NEW(builder->arena, struct arena);
    if (!outer) {
        arena_init(scratch, builder->arena->failure, 0);
        arena_on_release(builder->arena, release_scratch, scratch);
    }
    if (word_style_of(builder->dialect) == WORDS_PERCENT)
        builder->text = cmdlet_lines(builder->arena, builder->text);
    struct syntax *syntax = builder_parse(builder);
    if (syntax) {
        struct variables variables;
        struct outline outline = {.heredocs = {0}};
        variables_init(&variables, scratch);
        struct code code = {
            .builder = builder,
            .knowledge = dialects_knowledge(builder->reader->dialects),
            .names = cache_names(builder->reader),
            .scratch = scratch,
            .roles = builder->roles,
            .shell = grammar_has(builder->roles, ROLE_COMMAND),
            .style = word_style_of(builder->dialect),
            .text = builder->text,
            .variables = &variables,
            .outline = &outline,
            .family = dialects_family(builder->reader->dialects, builder->dialect->language),
            .result = SLICE(""),
            .scope = builder->scope};
        code.errors_are_values = table_has(code.knowledge, SLICE("error_names"), &code.family, 1);
        struct slice defaults[2] = {code.family, SLICE("default")};
        code.errors_have_defaults = table_has(code.knowledge, SLICE("error_names"), defaults, 2);
        map_init(&code.imports, scratch);
        map_init(&code.origin_index, scratch);
        map_init(&code.types, scratch);
        map_init(&code.field_index, scratch);
        if (grammar_has(builder->roles, ROLE_LAMBDA))
            outline_read(&code, syntax->root);
        if (!before || !before->size)
            read_first_line(&code);
        if (before)
            code_state_load(&code, *before);
        if (outer)
            inherit(&code, outer);
        else
            know_host(&code);
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
    if (outer || !grammar_has(builder->roles, ROLE_COMMAND) || !code_read_parts(builder))
        code_read_text(builder, outer, NULL, NULL);
}
