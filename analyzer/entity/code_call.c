#include "base/hash.h"
#include "entity/code.h"

/* 'x' and "x" are written alike, where both mean the same in every language. In place. */
static struct slice same_quotes(struct slice text) {
    char *bytes = (char *)text.data;
    for (size_t i = 0; i < text.size; i++) {
        char quote = bytes[i];
        if (quote != '\'' && quote != '"')
            continue;
        size_t end = i + 1;
        while (end < text.size && bytes[end] != quote && bytes[end] != '\n')
            end += bytes[end] == '\\' ? 2 : 1;
        if (end >= text.size)
            break;
        bool plain = quote == '\'';
        for (size_t at = i + 1; at < end && plain; at++)
            plain = !memchr("\\\"$#{`", bytes[at], 6);
        if (plain)
            bytes[i] = bytes[end] = '"';
        i = end;
    }
    return text;
}

/* On one line; what is too long ends with a hash of all of it, so that texts stay different. */
static struct slice shown_text(struct code *code, TSNode node) {
    struct slice source = code_source(code, node);
    if (source.size <= CODE_TEXT)
        return same_quotes(code_squeeze(code->builder->arena, source));
    struct slice head = code_squeeze(code->scratch, slice_sub(source, 0, CODE_TEXT));
    return arena_format(code->builder->arena, "%.*s... %016llx", SLICE_ARGS(head),
                        (unsigned long long)hash_bytes(source));
}

static const struct value *expression_value(struct code *code, TSNode node) {
    struct arena *arena = code->builder->arena;
    struct value *value = ARENA_NEW(arena, struct value);
    *value = (struct value){.span = code_span(node)};
    switch (code_role(code, node)) {
    case ROLE_STRING:
    case ROLE_CONCATENATION: {
        struct string string = string_read(code, node);
        value->kind = string.exact ? VALUE_LITERAL : VALUE_EXPRESSION;
        value->text = string.exact ? string.text : shown_text(code, node);
        break;
    }
    case ROLE_NUMBER:
        value->kind = VALUE_LITERAL;
        value->type = LITERAL_NUMBER;
        value->text = code_source(code, node);
        break;
    case ROLE_BOOL:
        value->kind = VALUE_LITERAL;
        value->type = LITERAL_BOOL;
        value->text = SLICE("false");
        if (slice_equal_nocase(code_source(code, node), SLICE("true")))
            value->text = SLICE("true");
        break;
    case ROLE_NULL:
        value->kind = VALUE_NULL;
        break;
    default:
        value->kind = VALUE_EXPRESSION;
        value->text = shown_text(code, node);
    }
    return value;
}

struct arguments {
    struct body positional, keywords;
    VEC(TSNode) nodes;         /* of the positional ones */
    VEC(TSNode) keyword_nodes; /* values, in the order of `keywords` */
};

static void read_arguments(struct code *code, TSNode node, struct arguments *arguments) {
    arguments->positional.arena = arguments->keywords.arena = code->builder->arena;
    if (ts_node_is_null(node))
        return;
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        enum node_role role = code_role(code, child);
        if (!ts_node_is_named(child) || role == ROLE_COMMENT)
            continue;
        struct value_item item = {.span = code_span(child)};
        if (role != ROLE_KEYWORD_ARGUMENT) {
            item.value = expression_value(code, child);
            vec_push(code->scratch, &arguments->positional.items, item);
            vec_push(code->scratch, &arguments->nodes, child);
            continue;
        }
        TSNode name = node_field(code->roles, child, FIELD_NAME);
        TSNode value = node_field(code->roles, child, FIELD_VALUE);
        if (ts_node_is_null(name) || ts_node_is_null(value))
            continue;
        item.key = code_source(code, name);
        item.value = expression_value(code, value);
        vec_push(code->scratch, &arguments->keywords.items, item);
        vec_push(code->scratch, &arguments->keyword_nodes, value);
    }
}

/* ---- calls that start a process ---- */

static TSNode script_argument(const struct arguments *arguments, const struct process_call *call) {
    if (call->argument < arguments->nodes.count)
        return arguments->nodes.items[call->argument];
    for (uint32_t i = 0; i < arguments->keyword_nodes.count; i++)
        if (call->keyword.size &&
            slice_equal(arguments->keywords.items.items[i].key, call->keyword))
            return arguments->keyword_nodes.items[i];
    return (TSNode){0};
}

static void add_shell_word(struct strbuf *buf, const struct string *string) {
    char quote = string->exact ? '\'' : '"';
    strbuf_add_byte(buf, quote);
    for (size_t i = 0; i < string->text.size; i++) {
        char byte = string->text.data[i];
        if (byte == quote && quote == '\'')
            strbuf_add_text(buf, "'\\'");
        else if (byte == quote)
            strbuf_add_byte(buf, '\\');
        strbuf_add_byte(buf, byte);
    }
    strbuf_add_byte(buf, quote);
}

/* ["rm", "-rf", path] as a command line. */
static struct slice words_as_script(struct code *code, TSNode list) {
    struct children children = code_children(code, list);
    struct strbuf buf;
    strbuf_init(&buf, code->builder->arena);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        if (!ts_node_is_named(child) || code_role(code, child) == ROLE_COMMENT)
            continue;
        struct string string = string_read(code, child);
        if (buf.size)
            strbuf_add_byte(&buf, ' ');
        add_shell_word(&buf, &string);
    }
    return strbuf_slice(&buf);
}

static void read_process_call(struct code *code, const struct process_call *call,
                              const struct arguments *arguments, uint32_t scope) {
    TSNode node = script_argument(arguments, call);
    if (ts_node_is_null(node))
        return;
    enum node_role role = code_role(code, node);
    struct slice script;
    uint32_t source = UINT32_MAX;
    if (role == ROLE_LIST || role == ROLE_TUPLE) {
        script = words_as_script(code, node);
    } else if (slice_is(call->form, "words")) {
        struct strbuf buf;
        strbuf_init(&buf, code->builder->arena);
        for (uint32_t i = call->argument; i < arguments->nodes.count; i++) {
            struct string string = string_read(code, arguments->nodes.items[i]);
            strbuf_add_text(&buf, i > call->argument ? " " : "");
            add_shell_word(&buf, &string);
        }
        script = strbuf_slice(&buf);
    } else {
        struct string string = string_read(code, node);
        if (!string.literal)
            return;
        script = string.text;
        source = string.source;
    }
    if (script.size)
        code_embed(code, call->dialect, script, source, code_span(node), scope);
}

/* ---- the entity ---- */

/* Of `client.databases` the owner is "databases": a variable in front may have any name. */
static void add_receiver(struct code *code, struct body *body, TSNode object) {
    body_add_text(body, "receiver", shown_text(code, object), code_span(object));
    if (code_role(code, object) != ROLE_MEMBER)
        return;
    TSNode member = node_field(code->roles, object, FIELD_MEMBER);
    if (!ts_node_is_null(member))
        body_add_text(body, "owner", code_source(code, member), code_span(member));
}

void call_read(struct code *code, TSNode node) {
    TSNode function = node_field(code->roles, node, FIELD_CALLEE);
    if (ts_node_is_null(function))
        return;
    struct span span = code_span(node);
    struct slice callee = call_name(code, function);
    if (slice_is_none(callee))
        callee = shown_text(code, function);
    struct body body = {.arena = code->builder->arena};
    body_add_text(&body, "callee", callee, code_span(function));
    if (code_role(code, function) == ROLE_MEMBER) {
        TSNode object = node_field(code->roles, function, FIELD_OBJECT);
        TSNode member = node_field(code->roles, function, FIELD_MEMBER);
        if (!ts_node_is_null(object))
            add_receiver(code, &body, object);
        if (!ts_node_is_null(member))
            body_add_text(&body, "method", code_source(code, member), code_span(member));
    }
    struct arguments arguments = {0};
    read_arguments(code, node_field(code->roles, node, FIELD_ARGUMENTS), &arguments);
    if (arguments.positional.items.count)
        body_add(&body, "arguments",
                 value_items(body.arena, VALUE_LIST, arguments.positional.items.items,
                             arguments.positional.items.count, span));
    if (arguments.keywords.items.count)
        body_add(&body, "keywords", body_finish(&arguments.keywords, span));
    body_add(&body, "guards", guard_values(code, NULL, 0));
    if (code->loops)
        body_add_text(&body, "loop", SLICE("true"), span);
    body_add_text(&body, "function", code->function, span);
    body_add_texts(&body, "within", &code->within, span);
    struct slice text = shown_text(code, node);
    body_add_text(&body, "text", text, span);
    uint32_t scope = code_emit(code, "call", callee, text, &body, span);
    struct process_call call;
    if (process_call_find(code, callee, &call))
        read_process_call(code, &call, &arguments, scope);
}

/* ---- what stands in its arguments ---- */

/* Of a.b.c the last name is asked for: receivers have any name. */
static bool call_frames(struct code *code, struct slice callee) {
    size_t from = callee.size;
    while (from && callee.data[from - 1] != '.' && callee.data[from - 1] != ':')
        from--;
    struct slice key[2] = {code->builder->dialect->language, slice_from(callee, from)};
    return table_has(code->knowledge, SLICE("framing_calls"), key, 2);
}

static void walk_framed(struct code *code, TSNode node, struct slice frame) {
    vec_push(code->scratch, &code->within.list, frame);
    code_walk(code, node);
    code->within.list.count--;
}

void call_walk(struct code *code, TSNode node) {
    TSNode function = node_field(code->roles, node, FIELD_CALLEE);
    struct slice callee = ts_node_is_null(function) ? SLICE_NONE : call_name(code, function);
    bool frames = !slice_is_none(callee) && call_frames(code, callee);
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        if (!frames || code_in_field(code, &children.items[i], FIELD_CALLEE)) {
            code_walk(code, child);
            continue;
        }
        struct children inner = code_children(code, child);
        bool arguments = code_in_field(code, &children.items[i], FIELD_ARGUMENTS);
        if (!arguments)
            walk_framed(code, child, callee);
        for (uint32_t n = 0; arguments && n < inner.count; n++) {
            TSNode argument = inner.items[n].node;
            TSNode name = code_role(code, argument) == ROLE_KEYWORD_ARGUMENT
                              ? node_field(code->roles, argument, FIELD_NAME)
                              : (TSNode){0};
            struct slice frame = callee;
            if (!ts_node_is_null(name))
                frame = arena_format(code->builder->arena, "%.*s.%.*s", SLICE_ARGS(callee),
                                     SLICE_ARGS(code_source(code, name)));
            walk_framed(code, argument, frame);
        }
    }
}

/* `context.verify_mode = ssl.CERT_NONE`: constants and names only, as the rest is program. */
static void assign_member(struct code *code, TSNode left, TSNode right, struct span span) {
    const struct value *value = expression_value(code, right);
    bool name = code_role(code, right) == ROLE_MEMBER || code_role(code, right) == ROLE_IDENTIFIER;
    if (name || value->kind == VALUE_LITERAL || value->kind == VALUE_NULL)
        setting_emit(code, shown_text(code, left), value, NULL, span);
}

/* Constants of the file; a name that gets a second value, or one nobody knows, is none. Lists are
 * told where they are settings, outside of functions. */
void call_assignment(struct code *code, TSNode node) {
    TSNode left = node_field(code->roles, node, FIELD_LEFT);
    TSNode right = node_field(code->roles, node, FIELD_RIGHT);
    if (ts_node_is_null(left) || ts_node_is_null(right))
        return;
    if (code_role(code, left) == ROLE_MEMBER)
        assign_member(code, left, right, code_span(node));
    if (code_role(code, left) != ROLE_IDENTIFIER)
        return;
    struct slice name = code_source(code, left);
    const struct value *value = expression_value(code, right);
    bool constant = value->kind == VALUE_LITERAL || value->kind == VALUE_NULL;
    bool seen = variable_find(code->variables, name) != NULL;
    struct variable *variable = variable_get(code, name);
    variable->known = constant && !seen && value->kind == VALUE_LITERAL;
    variable->resolved = variable->emptied = value->text;
    enum node_role role = code_role(code, right);
    bool setting = role == ROLE_LIST || role == ROLE_TUPLE;
    if (constant || setting)
        assignment_emit(code, name, value, NULL, code_span(node));
}
