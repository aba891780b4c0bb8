/* JSON texts: what jsonencode makes and jsondecode reads. */
#include "base/decimal.h"
#include "base/utf8.h"
#include "resolve/evaluate.h"

static void write_escaped(struct strbuf *out, struct slice text) {
    strbuf_add_byte(out, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        const char *found = byte ? strchr("\"\\\n\r\t", byte) : NULL;
        if (found)
            strbuf_addf(out, "\\%c", "\"\\nrt"[strchr("\"\\\n\r\t", byte) - "\"\\\n\r\t"]);
        else if (byte < 0x20 || byte == '<' || byte == '>' || byte == '&')
            strbuf_addf(out, "\\u%04x", byte);
        else
            strbuf_add_byte(out, (char)byte);
    }
    strbuf_add_byte(out, '"');
}

bool json_encode(struct evaluator *evaluator, struct strbuf *out, const struct value *value) {
    bool map = value->kind == VALUE_MAP;
    if (value->kind == VALUE_NULL || value->kind == VALUE_LITERAL) {
        if (value->kind == VALUE_LITERAL && value->type == LITERAL_STRING)
            write_escaped(out, value->text);
        else
            strbuf_add(out, value->kind == VALUE_NULL ? SLICE("null") : value->text);
        return resolve_spend(evaluator->scope, value->text.size + 4);
    }
    if (!map && value->kind != VALUE_LIST)
        return false;
    struct value_item *items = sorted_items(evaluator, value);
    strbuf_add_byte(out, map ? '{' : '[');
    for (uint32_t i = 0; i < value->count; i++) {
        if (i)
            strbuf_add_byte(out, ',');
        if (map) {
            write_escaped(out, items[i].key);
            strbuf_add_byte(out, ':');
        }
        if (!json_encode(evaluator, out, items[i].value))
            return false;
    }
    strbuf_add_byte(out, map ? '}' : ']');
    return true;
}

static const struct value *read_any(struct evaluator *evaluator);

static uint32_t read_code(struct evaluator *evaluator) {
    uint32_t code = 0;
    for (int i = 0; i < 4; i++) {
        int digit = evaluator->at < evaluator->text.size
                        ? decimal_hex_digit(evaluator->text.data[evaluator->at++])
                        : 99;
        evaluator->failed |= digit > 15;
        code = code << 4 | ((uint32_t)digit & 15);
    }
    return code;
}

static void read_escape(struct evaluator *evaluator, struct strbuf *out) {
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char name = evaluator->at < evaluator->text.size ? evaluator->text.data[evaluator->at++] : '\0';
    if (name == 'u') {
        char bytes[4];
        uint32_t code = read_code(evaluator);
        if (code >= 0xd800 && code < 0xdc00 && evaluate_accept(evaluator, "\\u"))
            code = 0x10000 + ((code - 0xd800) << 10) + (read_code(evaluator) - 0xdc00);
        strbuf_add(out, slice_make(bytes, utf8_write(code, bytes)));
        return;
    }
    const char *found = name ? strchr(names, name) : NULL;
    evaluator->failed |= !found;
    if (found)
        strbuf_add_byte(out, values[found - names]);
}

static struct slice read_text(struct evaluator *evaluator) {
    struct strbuf out;
    strbuf_init(&out, evaluator->arena);
    evaluate_expect(evaluator, "\"");
    while (!evaluator->failed && evaluator->at < evaluator->text.size) {
        char byte = evaluator->text.data[evaluator->at++];
        if (byte == '"')
            return strbuf_slice(&out);
        if (byte == '\\')
            read_escape(evaluator, &out);
        else
            strbuf_add_byte(&out, byte);
    }
    evaluator->failed = true;
    return SLICE("");
}

static const struct value *read_map(struct evaluator *evaluator) {
    VEC(struct value_item) items = {0};
    while (!evaluator->failed && !evaluate_accept(evaluator, "}")) {
        struct value_item item = {.key = read_text(evaluator)};
        evaluate_expect(evaluator, ":");
        item.value = read_any(evaluator);
        vec_push(evaluator->arena, &items, item);
        if (!evaluate_accept(evaluator, ",") && evaluate_peek(evaluator) != '}')
            evaluator->failed = true;
    }
    return make_map(evaluator, items.items, items.count);
}

static const struct value *read_list(struct evaluator *evaluator) {
    struct values items = {0};
    while (!evaluator->failed && !evaluate_accept(evaluator, "]")) {
        values_add(evaluator, &items, read_any(evaluator));
        if (!evaluate_accept(evaluator, ",") && evaluate_peek(evaluator) != ']')
            evaluator->failed = true;
    }
    return make_list(evaluator, &items);
}

static const struct value *read_word(struct evaluator *evaluator) {
    size_t from = evaluator->at;
    int64_t number;
    while (evaluator->at < evaluator->text.size &&
           !strchr(",]} \t\r\n", evaluator->text.data[evaluator->at]))
        evaluator->at++;
    struct slice word = slice_sub(evaluator->text, from, evaluator->at);
    if (slice_is(word, "true") || slice_is(word, "false"))
        return make_bool(word.size == 4);
    if (slice_is(word, "null"))
        return make_null();
    if (slice_to_int(word, &number))
        return make_number(evaluator, number);
    evaluator->failed = true;
    return make_null();
}

static const struct value *read_any(struct evaluator *evaluator) {
    char first = evaluate_peek(evaluator);
    if (++evaluator->depth > EVALUATE_DEPTH)
        evaluator->failed = true;
    const struct value *value = make_null();
    if (!evaluator->failed && first == '"')
        value = make_text(evaluator, read_text(evaluator));
    else if (!evaluator->failed && (first == '{' || first == '['))
        value = (evaluator->at++, first == '{') ? read_map(evaluator) : read_list(evaluator);
    else if (!evaluator->failed)
        value = read_word(evaluator);
    evaluator->depth--;
    return value;
}

const struct value *json_decode(struct evaluator *evaluator, struct slice text) {
    struct evaluator reader = {.scope = evaluator->scope, .arena = evaluator->arena, .text = text};
    const struct value *value = read_any(&reader);
    bool whole = !evaluate_peek(&reader) && reader.at == text.size;
    return reader.failed || !whole ? NULL : value;
}
