/* Values written as expressions again, in one spelling. */
#include "resolve/evaluate.h"

/* Where the template marker that opens at `at` ends; strings inside may hold braces. */
static size_t marker_end(struct slice text, size_t at) {
    uint32_t depth = 0;
    bool quoted = false;
    for (size_t i = at + 1; i < text.size; i++) {
        char byte = text.data[i];
        if (byte == '\\' && quoted)
            i++;
        else if (byte == '"')
            quoted = !quoted;
        else if (byte == '{' && !quoted)
            depth++;
        else if (byte == '}' && !quoted && --depth == 0)
            return i + 1;
    }
    return text.size;
}

static void add_escaped(struct strbuf *out, struct slice text) {
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if (byte == '\n') {
            strbuf_add_text(out, "\\n");
            continue;
        }
        if (byte == '"' || byte == '\\')
            strbuf_add_byte(out, '\\');
        strbuf_add_byte(out, byte);
    }
}

void write_quoted(struct strbuf *out, struct slice text) {
    strbuf_add_byte(out, '"');
    add_escaped(out, text);
    strbuf_add_byte(out, '"');
}

static void write_template(struct strbuf *out, struct slice text) {
    strbuf_add_byte(out, '"');
    for (size_t i = 0; i < text.size;) {
        bool marker = (text.data[i] == '$' || text.data[i] == '%') && i + 1 < text.size &&
                      text.data[i + 1] == '{' && !(i && text.data[i - 1] == text.data[i]);
        size_t end = marker ? marker_end(text, i) : i + 1;
        if (marker)
            strbuf_add(out, slice_sub(text, i, end));
        else
            add_escaped(out, slice_sub(text, i, end));
        i = end;
    }
    strbuf_add_byte(out, '"');
}

static bool is_plain_key(struct slice key) {
    for (size_t i = 0; i < key.size; i++)
        if (!evaluate_is_word(key.data[i]))
            return false;
    return key.size > 0;
}

static void write_items(struct evaluator *evaluator, struct strbuf *out,
                        const struct value *value) {
    bool map = value->kind == VALUE_MAP;
    strbuf_add_byte(out, map ? '{' : '[');
    for (uint32_t i = 0; i < value->count && !evaluator->failed; i++) {
        if (i)
            strbuf_add_text(out, ", ");
        if (map && is_plain_key(value->items[i].key))
            strbuf_add(out, value->items[i].key);
        else if (map)
            write_quoted(out, value->items[i].key);
        if (map)
            strbuf_add_text(out, " = ");
        write_value(evaluator, out, value->items[i].value);
    }
    strbuf_add_byte(out, map ? '}' : ']');
}

static void write_scalar(struct evaluator *evaluator, struct strbuf *out,
                         const struct value *value) {
    if (value->kind == VALUE_NULL)
        strbuf_add_text(out, "null");
    else if (value->kind == VALUE_UNKNOWN)
        evaluator->failed = true;
    else if (value->kind == VALUE_LITERAL && value->type == LITERAL_STRING)
        write_quoted(out, value->text);
    else if (value->kind == VALUE_EXPRESSION && value->template)
        write_template(out, value->text);
    else
        strbuf_add(out, value->text);
}

void write_value(struct evaluator *evaluator, struct strbuf *out, const struct value *value) {
    size_t mark = out->size;
    bool inner = value->kind == VALUE_LIST || value->kind == VALUE_MAP;
    if (inner && !slice_is_none(value->tag)) {
        strbuf_add(out, value->tag);
        strbuf_add_text(out, "encode(");
    }
    if (inner)
        write_items(evaluator, out, value);
    else
        write_scalar(evaluator, out, value);
    if (inner && !slice_is_none(value->tag))
        strbuf_add_byte(out, ')');
    if (out->size - mark > RESOLVE_RENDER)
        evaluator->failed = true;
}

static bool has_operator(struct slice text) {
    uint32_t open = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if (byte == '\\' && quoted)
            i++;
        else if (byte == '"')
            quoted = !quoted;
        else if (!quoted && (byte == '(' || byte == '[' || byte == '{'))
            open++;
        else if (!quoted && (byte == ')' || byte == ']' || byte == '}'))
            open -= open > 0;
        else if (!quoted && !open && (byte == ' ' || byte == '!'))
            return true;
    }
    return false;
}

void write_operand(struct evaluator *evaluator, struct strbuf *out, const struct value *value) {
    bool wrap = value->kind == VALUE_EXPRESSION && !value->template && has_operator(value->text);
    if (wrap)
        strbuf_add_byte(out, '(');
    write_value(evaluator, out, value);
    if (wrap)
        strbuf_add_byte(out, ')');
}

void write_inside_text(struct evaluator *evaluator, struct strbuf *out, const struct value *value) {
    struct slice text = as_text(evaluator, value);
    if (!slice_is_none(text)) {
        strbuf_add(out, text);
    } else if (value->kind == VALUE_EXPRESSION && value->template) {
        strbuf_add(out, value->text);
    } else {
        strbuf_add_text(out, "${");
        write_value(evaluator, out, value);
        strbuf_add_byte(out, '}');
    }
    if (out->size > RESOLVE_BUDGET / 64)
        evaluator->failed = true;
}
