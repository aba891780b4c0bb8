#include "entity/code.h"

/* Calls that start a process: the command line is read as a script below the call. */

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

/* [..], or a call that makes a list of what it is given: listOf(..), List.of(..). */
static TSNode word_list(struct code *code, TSNode node) {
    TSNode plain = code_plain(code, node);
    if (code_role(code, plain) != ROLE_CALL)
        return list_find(code, plain);
    struct callee callee = callee_find(code, plain);
    TSNode name = ts_node_is_null(callee.member) ? callee.function : callee.member;
    struct slice text = ts_node_is_null(name) ? SLICE("") : code_source(code, name);
    if (!table_has(code->knowledge, SLICE("list_calls"), &text, 1))
        return (TSNode){0};
    return arguments_find(code, plain);
}

static bool is_word_list(struct code *code, TSNode node) {
    return !ts_node_is_null(word_list(code, node));
}

static bool is_options(struct code *code, TSNode node) {
    enum node_role role = code_role(code, code_plain(code, node));
    if (is_word_list(code, node))
        return false;
    return !ts_node_is_null(map_find(code, node)) || role == ROLE_LAMBDA;
}

/* ["rm", "-rf", path], or one word. */
static void add_words(struct code *code, struct strbuf *buf, TSNode node) {
    TSNode list = word_list(code, node);
    if (ts_node_is_null(list)) {
        struct string string = string_read(code, code_plain(code, node));
        add_shell_word(buf, &string);
        return;
    }
    struct children children = code_children(code, list);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        if (!ts_node_is_named(child) || code_role(code, child) == ROLE_COMMENT)
            continue;
        if (code_role(code, child) == ROLE_PAIR || code_role(code, child) == ROLE_ARGUMENT)
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

/* The words that the calls behind in the chain add: Command::new("rm").arg("-rf"). */
static void add_built_words(struct code *code, const struct process_call *call, TSNode node,
                            struct strbuf *buf) {
    for (uint32_t i = 0; i < CODE_CHAIN; i++) {
        TSNode member = ts_node_parent(node), outer = {0};
        if (!ts_node_is_null(member))
            outer = ts_node_parent(member);
        if (ts_node_is_null(outer) || code_role(code, outer) != ROLE_CALL)
            return;
        struct callee callee = callee_find(code, outer);
        if (ts_node_is_null(callee.object) || !ts_node_eq(callee.object, node))
            return;
        struct slice names = call->keyword, name, method = member_text(code, callee.member);
        TSNode arguments = arguments_find(code, outer);
        while (slice_split(&names, ' ', &name))
            for (uint32_t n = 0; slice_equal(name, method) && !ts_node_is_null(arguments) &&
                                 n < ts_node_named_child_count(arguments);
                 n++)
                add_words(code, buf, code_named(arguments, n));
        node = outer;
    }
}

/* Texts of the named arguments, put together: FileName and Arguments. */
static void read_named(struct code *code, const struct process_call *call,
                       const struct arguments *arguments, uint32_t scope) {
    struct slice names = call->keyword, name;
    TSNode first = {0};
    uint32_t found = 0;
    struct strbuf buf;
    strbuf_init(&buf, code->builder->arena);
    while (slice_split(&names, ' ', &name))
        for (uint32_t i = 0; name.size && i < arguments->keyword_nodes.count; i++) {
            TSNode node = arguments->keyword_nodes.items[i];
            if (!slice_equal(arguments->keywords->items.items[i].key, name))
                continue;
            if (!found++)
                first = node;
            else
                strbuf_add_byte(&buf, ' ');
            strbuf_add(&buf, string_read(code, code_plain(code, node)).text);
        }
    if (found == 1)
        read_script(code, call, first, scope);
    else if (found)
        code_embed(code, call->dialect, strbuf_slice(&buf), UINT32_MAX, code_span(first), scope);
}

static void read_positional(struct code *code, const struct process_call *call, TSNode node,
                            const struct arguments *arguments, uint32_t scope) {
    TSNode first = arguments->nodes.items[call->argument];
    bool words = slice_is(call->form, "words"), program = slice_is(call->form, "program");
    bool more = arguments->nodes.count > call->argument + 1;
    struct slice script = SLICE("");
    struct strbuf buf;
    if (slice_is(call->form, "builder")) {
        argument_words(code, call, arguments, &buf);
        add_built_words(code, call, node, &buf);
        script = strbuf_slice(&buf);
    } else if (program && more && !is_word_list(code, arguments->nodes.items[call->argument + 1])) {
        script = program_and_text(code, call, arguments);
    } else if ((words || program) && argument_words(code, call, arguments, &buf) > 1) {
        script = strbuf_slice(&buf);
    }
    /* One text alone is a command line wherever a shell may be asked for. */
    if (script.size)
        code_embed(code, call->dialect, script, UINT32_MAX, code_span(first), scope);
    else
        read_script(code, call, first, scope);
}

bool process_call_read(struct code *code, struct slice callee, TSNode node,
                       const struct arguments *arguments, uint32_t scope) {
    struct process_call call;
    if (!process_call_find(code, callee, &call))
        return false;
    bool positional = call.argument < arguments->nodes.count &&
                      !is_options(code, arguments->nodes.items[call.argument]);
    if (positional) {
        read_positional(code, &call, node, arguments, scope);
        return true;
    }
    read_named(code, &call, arguments, scope);
    return true;
}

/* ---- calls that take a statement ---- */

static struct slice last_name(struct slice callee) {
    size_t from = callee.size;
    while (from && callee.data[from - 1] != '.' && callee.data[from - 1] != ':' &&
           callee.data[from - 1] != '>')
        from--;
    return slice_from(callee, from);
}

/* Any text may be handed to a call named `execute`: a statement begins like one. */
static bool begins_statement(struct code *code, struct slice dialect, struct slice text) {
    enum { LONGEST = 16 };
    text = slice_trim(text);
    if (slice_starts(text, SLICE("--")) || slice_starts(text, SLICE("/*")))
        return true;
    size_t end = 0;
    char word[LONGEST];
    while (end < text.size && end < LONGEST &&
           ((text.data[end] | 0x20) >= 'a' && (text.data[end] | 0x20) <= 'z')) {
        word[end] = (char)(text.data[end] | 0x20);
        end++;
    }
    return end && end < text.size && memchr(" \t\r\n(;", text.data[end], 6) &&
           statement_word(code, dialect, slice_make(word, end));
}

bool statement_text_read(struct code *code, struct slice dialect, TSNode node, uint32_t scope) {
    struct string string = string_read(code, code_plain(code, node));
    if (!string.literal || !begins_statement(code, dialect, string.text))
        return false;
    code_embed(code, dialect, string.text, string.source, code_span(node), scope);
    return true;
}

void statement_call_read(struct code *code, struct slice callee, const struct arguments *arguments,
                         uint32_t scope) {
    struct process_call call;
    if (!statement_call_find(code, last_name(callee), &call))
        return;
    for (uint32_t i = 0; i < arguments->nodes.count + arguments->keyword_nodes.count; i++) {
        bool named = i >= arguments->nodes.count;
        uint32_t n = named ? i - arguments->nodes.count : i;
        TSNode node = named ? arguments->keyword_nodes.items[n] : arguments->nodes.items[n];
        if (named ? !slice_equal(arguments->keywords->items.items[n].key, call.keyword)
                  : n < call.argument)
            continue;
        if (statement_text_read(code, call.dialect, node, scope))
            return;
    }
}
