#include "entity/code.h"

/* Calls that start a process: the command line is read as a script below the call. */

static TSNode script_argument(const struct arguments *arguments, const struct process_call *call) {
    if (call->argument < arguments->nodes.count)
        return arguments->nodes.items[call->argument];
    for (uint32_t i = 0; i < arguments->keyword_nodes.count; i++)
        if (call->keyword.size &&
            slice_equal(arguments->keywords->items.items[i].key, call->keyword))
            return arguments->keyword_nodes.items[i];
    return (TSNode){0};
}

static void add_shell_word(struct strbuf *buf, const struct string *string) {
    char quote = string->exact ? '\'' : '"';
    if (buf->size)
        strbuf_add_byte(buf, ' ');
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

static bool is_word_list(const struct code *code, TSNode node) {
    enum node_role role = code_role(code, code_plain(code, node));
    return role == ROLE_LIST || role == ROLE_TUPLE;
}

static bool is_options(const struct code *code, TSNode node) {
    enum node_role role = code_role(code, code_plain(code, node));
    return !ts_node_is_null(map_find(code, node)) || role == ROLE_LAMBDA;
}

/* ["rm", "-rf", path], or one word. */
static void add_words(struct code *code, struct strbuf *buf, TSNode node) {
    TSNode plain = code_plain(code, node);
    if (!is_word_list(code, plain)) {
        struct string string = string_read(code, plain);
        add_shell_word(buf, &string);
        return;
    }
    struct children children = code_children(code, plain);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        if (!ts_node_is_named(child) || code_role(code, child) == ROLE_COMMENT)
            continue;
        if (code_role(code, child) == ROLE_PAIR)
            child = code_named(child, 0);
        struct string string = string_read(code, code_plain(code, child));
        add_shell_word(buf, &string);
    }
}

/* Words from the argument on; a map of options ends them. */
static uint32_t argument_words(struct code *code, const struct process_call *call,
                               const struct arguments *arguments, struct strbuf *buf) {
    uint32_t count = 0;
    strbuf_init(buf, code->builder->arena);
    for (uint32_t i = call->argument; i < arguments->nodes.count; i++) {
        TSNode node = arguments->nodes.items[i];
        if (is_options(code, node))
            break;
        add_words(code, buf, node);
        count += is_word_list(code, node) ? 2 : 1;
    }
    return count;
}

/* A program and its arguments as one text: "rm", "-rf x". */
static struct slice program_and_text(struct code *code, const struct process_call *call,
                                     const struct arguments *arguments) {
    struct strbuf buf;
    strbuf_init(&buf, code->builder->arena);
    for (uint32_t i = call->argument; i < arguments->nodes.count && i < call->argument + 2; i++) {
        TSNode node = arguments->nodes.items[i];
        struct string string = string_read(code, code_plain(code, node));
        strbuf_add_text(&buf, buf.size ? " " : "");
        strbuf_add(&buf, string.text);
    }
    return strbuf_slice(&buf);
}

static void read_script(struct code *code, const struct process_call *call, TSNode node,
                        uint32_t scope) {
    struct slice script;
    uint32_t source = UINT32_MAX;
    if (is_word_list(code, node)) {
        struct strbuf buf;
        strbuf_init(&buf, code->builder->arena);
        add_words(code, &buf, node);
        script = strbuf_slice(&buf);
    } else {
        struct string string = string_read(code, code_plain(code, node));
        if (!string.literal)
            return;
        script = string.text;
        source = string.source;
    }
    if (script.size)
        code_embed(code, call->dialect, script, source, code_span(node), scope);
}

bool process_call_read(struct code *code, struct slice callee, const struct arguments *arguments,
                       uint32_t scope) {
    struct process_call call;
    if (!process_call_find(code, callee, &call))
        return false;
    TSNode node = script_argument(arguments, &call);
    if (ts_node_is_null(node))
        return true;
    bool words = slice_is(call.form, "words"), program = slice_is(call.form, "program");
    bool more = arguments->nodes.count > call.argument + 1;
    struct slice script = SLICE("");
    struct strbuf buf;
    if (program && more && !is_word_list(code, arguments->nodes.items[call.argument + 1]))
        script = program_and_text(code, &call, arguments);
    else if ((words || program) && argument_words(code, &call, arguments, &buf) > 1)
        script = strbuf_slice(&buf);
    /* One text alone is a command line wherever a shell may be asked for. */
    if (script.size)
        code_embed(code, call.dialect, script, UINT32_MAX, code_span(node), scope);
    else
        read_script(code, &call, node, scope);
    return true;
}
