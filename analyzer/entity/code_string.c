#include "entity/code.h"

#include "base/decimal.h"
#include "base/utf8.h"

enum { STRING_LEVELS = 64 };

struct assembly {
    struct code *code;
    struct strbuf buf;
    bool literal, exact;
    uint32_t parts;
};

/* \xHH, \uHHHH, \UHHHHHHHH; returns the bytes used after the backslash, 0 if it is none. */
static size_t add_hex_escape(struct strbuf *buf, struct slice rest) {
    size_t wanted = rest.data[0] == 'x' ? 2 : rest.data[0] == 'u' ? 4 : rest.data[0] == 'U' ? 8 : 0;
    uint32_t point = 0;
    if (!wanted || rest.size <= wanted)
        return 0;
    for (size_t i = 1; i <= wanted; i++) {
        if (decimal_hex_digit(rest.data[i]) > 15)
            return 0;
        point = point << 4 | (uint32_t)decimal_hex_digit(rest.data[i]);
    }
    char bytes[4];
    strbuf_add(buf, slice_make(bytes, utf8_write(point, bytes)));
    return wanted + 1;
}

static void add_escaped(struct strbuf *buf, struct slice text) {
    static const char letters[] = "abfnrtv\\'\"", values[] = "\a\b\f\n\r\t\v\\'\"";
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != '\\' || i + 1 == text.size) {
            strbuf_add_byte(buf, text.data[i]);
            continue;
        }
        struct slice rest = slice_from(text, i + 1);
        const char *letter = rest.data[0] ? strchr(letters, rest.data[0]) : NULL;
        size_t used = letter || rest.data[0] == '\n' ? 1 : add_hex_escape(buf, rest);
        if (letter)
            strbuf_add_byte(buf, values[letter - letters]);
        else if (!used)
            strbuf_add_byte(buf, '\\');
        i += used;
    }
}

/* Something without a value: a name a shell could read, so that a script made of it parses. */
static void add_placeholder(struct assembly *assembly, TSNode node) {
    struct slice text = code_source(assembly->code, node);
    if (text.size > 1 && text.data[0] == '$')
        text = slice_from(text, 1);
    assembly->exact = false;
    strbuf_add_text(&assembly->buf, "${");
    for (size_t i = 0; i < text.size && i < 60; i++) {
        char byte = text.data[i];
        bool name = byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                    (byte >= 'A' && byte <= 'Z');
        if (i == 0 && byte >= '0' && byte <= '9')
            strbuf_add_byte(&assembly->buf, '_');
        strbuf_add_byte(&assembly->buf, name ? byte : '_');
    }
    strbuf_add_byte(&assembly->buf, '}');
}

static void add_value(struct assembly *assembly, TSNode node, uint32_t level);

static TSNode first_named(struct code *code, TSNode node) {
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++)
        if (ts_node_is_named(children.items[i].node) &&
            code_role(code, children.items[i].node) != ROLE_DELIMITER)
            return children.items[i].node;
    return node;
}

/* A text the grammar has no parts for: :name, @"text". */
static void add_leaf(struct assembly *assembly, struct slice text) {
    size_t from = 0;
    while (from < text.size && strchr(":@$r#", text.data[from]) && from < 4)
        from++;
    text = slice_from(text, from);
    bool quoted = text.size > 1 && (text.data[0] == '"' || text.data[0] == '\'') &&
                  text.data[text.size - 1] == text.data[0];
    strbuf_add(&assembly->buf, quoted ? slice_sub(text, 1, text.size - 1) : text);
}

/* Quotes that are tokens of their own are no text. */
static bool is_leaf(struct code *code, TSNode node, const struct children *children) {
    struct slice text = code_source(code, node);
    return !children->count && text.size && !strchr("\"'`", text.data[0]);
}

static void add_string(struct assembly *assembly, TSNode node, uint32_t level) {
    struct code *code = assembly->code;
    struct children children = code_children(code, node);
    assembly->literal = true;
    bool raw = false;
    if (is_leaf(code, node, &children))
        add_leaf(assembly, code_source(code, node));
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        struct slice text = code_source(code, child);
        switch (code_role(code, child)) {
        case ROLE_DELIMITER:
            raw = raw || slice_find_byte(text, 'r') != SLICE_NPOS ||
                  slice_find_byte(text, 'R') != SLICE_NPOS;
            break;
        case ROLE_RAW_STRING:
            strbuf_add(&assembly->buf, text);
            break;
        case ROLE_ESCAPE:
        case ROLE_STRING_TEXT:
            if (raw)
                strbuf_add(&assembly->buf, text);
            else
                add_escaped(&assembly->buf, text);
            break;
        case ROLE_INTERPOLATION:
            add_value(assembly, first_named(code, child), level + 1);
            break;
        case ROLE_HEREDOC_BODY:
            if (level < STRING_LEVELS)
                add_string(assembly, child, level + 1);
            break;
        case ROLE_MEMBER:
        case ROLE_CALL:
        case ROLE_SUBSCRIPT:
        case ROLE_IDENTIFIER: /* "a $b c" */
            add_value(assembly, child, level + 1);
            break;
        default:
            break;
        }
    }
}

static void add_identifier(struct assembly *assembly, TSNode node) {
    struct code *code = assembly->code;
    const struct variable *variable = variable_find(code->variables, code_source(code, node));
    if (variable && variable->known) {
        strbuf_add(&assembly->buf, variable->resolved);
        assembly->literal = true;
    } else {
        add_placeholder(assembly, node);
    }
}

/* "a" "b", "a" + b, f"{a}", name of a constant; anything else is a placeholder. */
static void add_value(struct assembly *assembly, TSNode node, uint32_t level) {
    struct code *code = assembly->code;
    assembly->parts++;
    node = code_plain(code, node);
    enum node_role role = code_role(code, node);
    TSNode heredoc = role == ROLE_HEREDOC ? outline_heredoc(code, node) : (TSNode){0};
    if (role == ROLE_STRING || role == ROLE_SUBSTITUTION) {
        add_string(assembly, node, level);
    } else if (!ts_node_is_null(heredoc)) {
        add_string(assembly, heredoc, level);
    } else if (role == ROLE_IDENTIFIER) {
        add_identifier(assembly, node);
    } else if ((role == ROLE_CONCATENATION || role == ROLE_BINARY) && level < STRING_LEVELS) {
        struct children children = code_children(code, node);
        for (uint32_t i = 0; i < children.count; i++)
            if (ts_node_is_named(children.items[i].node) && assembly->buf.size < 65536)
                add_value(assembly, children.items[i].node, level + 1);
    } else {
        add_placeholder(assembly, node);
    }
}

struct string string_read(struct code *code, TSNode node) {
    struct assembly assembly = {.code = code, .exact = true};
    strbuf_init(&assembly.buf, code->builder->arena);
    add_value(&assembly, node, 0);
    struct string string = {.text = strbuf_slice(&assembly.buf),
                            .literal = assembly.literal,
                            .exact = assembly.exact,
                            .source = UINT32_MAX};
    TSNode plain = code_plain(code, node), heredoc = {0};
    if (code_role(code, plain) == ROLE_HEREDOC)
        heredoc = outline_heredoc(code, plain);
    if (!ts_node_is_null(heredoc))
        node = heredoc;
    size_t at = assembly.parts == 1 && string.text.size
                    ? slice_find(code_source(code, node), string.text)
                    : SLICE_NPOS;
    if (at != SLICE_NPOS)
        string.source = ts_node_start_byte(node) + (uint32_t)at;
    return string;
}
