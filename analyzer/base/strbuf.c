#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>

void strbuf_init(struct strbuf *buf, struct arena *arena) {
    *buf = (struct strbuf){.arena = arena};
}

void strbuf_init_sized(struct strbuf *buf, struct arena *arena, size_t size) {
    *buf =
        (struct strbuf){.arena = arena, .data = arena_take(arena, size + 1), .capacity = size + 1};
}

static void strbuf_reserve(struct strbuf *buf, size_t more) {
    if (more < buf->capacity - buf->size)
        return;
    size_t capacity = buf->capacity ? buf->capacity : 64;
    while (capacity - buf->size <= more)
        capacity *= 2;
    char *data = arena_take(buf->arena, capacity);
    if (buf->size)
        memcpy(data, buf->data, buf->size);
    buf->data = data;
    buf->capacity = capacity;
}

void strbuf_add(struct strbuf *buf, struct slice text) {
    strbuf_reserve(buf, text.size);
    if (text.size)
        memcpy(buf->data + buf->size, text.data, text.size);
    buf->size += text.size;
    buf->data[buf->size] = '\0';
}

void strbuf_add_text(struct strbuf *buf, const char *text) {
    strbuf_add(buf, slice_of(text));
}

void strbuf_add_byte(struct strbuf *buf, char byte) {
    strbuf_reserve(buf, 1);
    buf->data[buf->size++] = byte;
    buf->data[buf->size] = '\0';
}

void strbuf_add_repeat(struct strbuf *buf, char byte, size_t count) {
    for (size_t i = 0; i < count; i++)
        strbuf_add_byte(buf, byte);
}

void strbuf_addf(struct strbuf *buf, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size > 0) {
        strbuf_reserve(buf, (size_t)size);
        vsnprintf(buf->data + buf->size, (size_t)size + 1, format, again);
        buf->size += (size_t)size;
    }
    va_end(again);
}

struct slice strbuf_slice(const struct strbuf *buf) {
    return buf->size ? slice_make(buf->data, buf->size) : SLICE("");
}
