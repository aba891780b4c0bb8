/* One-line text of a value, for messages. */
#include "base/strbuf.h"
#include "fact/value.h"

/* Text of an analysed file ends on terminals: control characters become blanks. */
static void add_text(struct strbuf *out, struct slice text, size_t limit) {
    for (size_t i = 0; i < text.size && out->size <= limit; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        strbuf_add_byte(out, byte < 0x20 || byte == 0x7f ? ' ' : (char)byte);
    }
}

static void add_value(struct strbuf *out, const struct value *value, size_t limit);

static void add_items(struct strbuf *out, const struct value *value, size_t limit) {
    bool map = value->kind == VALUE_MAP;
    strbuf_add_byte(out, map ? '{' : '[');
    for (uint32_t i = 0; i < value->count && out->size <= limit; i++) {
        if (i)
            strbuf_add_text(out, ", ");
        if (map) {
            add_text(out, value->items[i].key, limit);
            strbuf_add_text(out, ": ");
        }
        add_value(out, value->items[i].value, limit);
    }
    strbuf_add_byte(out, map ? '}' : ']');
}

static void add_value(struct strbuf *out, const struct value *value, size_t limit) {
    if (out->size > limit)
        return;
    if (!slice_is_none(value->tag)) {
        add_text(out, value->tag, limit);
        strbuf_add_byte(out, ' ');
    }
    switch ((enum value_kind)value->kind) {
    case VALUE_NULL:
        strbuf_add_text(out, "null");
        return;
    case VALUE_LIST:
    case VALUE_MAP:
        add_items(out, value, limit);
        return;
    case VALUE_UNKNOWN:
        add_text(out, value->text.size ? value->text : SLICE("(unknown)"), limit);
        return;
    case VALUE_LITERAL:
    case VALUE_REFERENCE:
    case VALUE_EXPRESSION:
        add_text(out, value->text, limit);
        return;
    }
}

/* The longest prefix of at most `size` bytes that does not cut a UTF-8 sequence. */
static size_t cut_before(struct slice text, size_t size) {
    while (size && ((unsigned char)text.data[size] & 0xc0) == 0x80)
        size--;
    return size;
}

struct slice value_render(struct arena *arena, const struct value *value, size_t limit) {
    struct strbuf out;
    strbuf_init(&out, arena);
    if (value)
        add_value(&out, value, limit);
    struct slice text = strbuf_slice(&out);
    if (text.size <= limit)
        return text;
    size_t dots = limit < 3 ? limit : 3;
    size_t kept = cut_before(text, limit - dots);
    return arena_format(arena, "%.*s%.*s", (int)kept, text.data, (int)dots, "...");
}
