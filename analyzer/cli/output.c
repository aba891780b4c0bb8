#include "cli/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void out_of_memory(void) {
    fputs("berm: out of memory\n", stderr);
    exit(EXIT_USAGE);
}

void *must_alloc(size_t size) {
    void *memory = calloc(1, size ? size : 1);
    if (!memory)
        out_of_memory();
    return memory;
}

static void reserve(struct buffer *buffer, size_t more) {
    size_t needed = buffer->size + more + 1;
    if (needed <= buffer->capacity)
        return;
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    while (capacity < needed)
        capacity *= 2;
    char *data = realloc(buffer->data, capacity);
    if (!data)
        out_of_memory();
    buffer->data = data;
    buffer->capacity = capacity;
}

void buffer_add(struct buffer *buffer, const char *bytes, size_t size) {
    reserve(buffer, size);
    if (size)
        memcpy(buffer->data + buffer->size, bytes, size);
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
}

void buffer_add_text(struct buffer *buffer, const char *text) {
    buffer_add(buffer, text, strlen(text));
}

void buffer_addf(struct buffer *buffer, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    reserve(buffer, (size_t)size);
    vsnprintf(buffer->data + buffer->size, (size_t)size + 1, format, again);
    va_end(again);
    buffer->size += (size_t)size;
}

/* Length of the UTF-8 sequence at `text`, 0 if there is none. */
static size_t sequence(const unsigned char *text) {
    unsigned char c = text[0];
    size_t length = c < 0x80 ? 1 : c >= 0xC2 && c < 0xE0 ? 2 : (c & 0xF0) == 0xE0 ? 3 : 0;
    if (c >= 0xF0 && c < 0xF5)
        length = 4;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xC0) != 0x80)
            return 0;
    if ((c == 0xE0 && text[1] < 0xA0) || (c == 0xED && text[1] > 0x9F) ||
        (c == 0xF0 && text[1] < 0x90) || (c == 0xF4 && text[1] > 0x8F))
        return 0;
    return length;
}

void buffer_add_json(struct buffer *buffer, const char *text) {
    buffer_add(buffer, "\"", 1);
    for (const unsigned char *c = (const unsigned char *)text; *c;) {
        size_t length = sequence(c);
        if (length == 0) {
            buffer_add_text(buffer, "\xEF\xBF\xBD");
            c++;
        } else if (*c < 0x20 || *c == 0x7F) {
            buffer_addf(buffer, "\\u%04x", *c++);
        } else {
            if (*c == '"' || *c == '\\')
                buffer_add(buffer, "\\", 1);
            buffer_add(buffer, (const char *)c, length);
            c += length;
        }
    }
    buffer_add(buffer, "\"", 1);
}

void buffer_clear(struct buffer *buffer) {
    buffer->size = 0;
    if (buffer->data)
        buffer->data[0] = '\0';
}

void buffer_free(struct buffer *buffer) {
    free(buffer->data);
    *buffer = (struct buffer){0};
}

int buffer_write(void *buffer, const char *bytes, size_t size) {
    buffer_add(buffer, bytes, size);
    return 0;
}

bool read_all(FILE *stream, struct buffer *into) {
    char chunk[65536];
    for (size_t got; (got = fread(chunk, 1, sizeof chunk, stream)) > 0;)
        buffer_add(into, chunk, got);
    return !ferror(stream);
}

void buffer_add_visible(struct buffer *buffer, const char *text) {
    for (const unsigned char *c = (const unsigned char *)text; *c;) {
        size_t length = sequence(c);
        bool second = length == 2 && c[0] == 0xC2 && c[1] < 0xA0; /* C1: some terminals obey */
        bool bidi = length == 3 && c[0] == 0xE2 && (c[1] == 0x80 || c[1] == 0x81);
        if (length == 0 || *c < 0x20 || *c == 0x7F || second || bidi) {
            buffer_addf(buffer, "\\x%02x", *c++);
            continue;
        }
        buffer_add(buffer, (const char *)c, length);
        c += length;
    }
}

void report_error(const berm_error *error) {
    struct buffer line = {0};
    buffer_add_text(&line, "berm: ");
    if (error->where[0]) {
        buffer_add_visible(&line, error->where);
        if (error->line)
            buffer_addf(&line, ":%u", error->line);
        if (error->line && error->column)
            buffer_addf(&line, ":%u", error->column);
        buffer_add_text(&line, ": ");
    }
    buffer_add_visible(&line, error->message);
    fprintf(stderr, "%s\n", line.data);
    buffer_free(&line);
}

int usage_error(const char *where, const char *format, ...) {
    berm_error error = {.status = BERM_ERROR_ARGUMENT};
    snprintf(error.where, sizeof error.where, "%s", where ? where : "");
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error.message, sizeof error.message, format, arguments);
    va_end(arguments);
    report_error(&error);
    return EXIT_USAGE;
}

int print_bytes(const char *bytes, size_t size) {
    if ((size == 0 || fwrite(bytes, 1, size, stdout) == size) && fflush(stdout) == 0)
        return EXIT_DONE;
    return usage_error("standard output", "cannot be written: %s", strerror(errno));
}
