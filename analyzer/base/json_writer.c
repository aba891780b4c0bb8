#include "base/json_writer.h"

#include "base/unicode.h"

#include <assert.h>
#include <inttypes.h>

void json_init(struct json_writer *writer, struct strbuf *out) {
    *writer = (struct json_writer){.out = out, .first = {true}};
}

static void add_line_end(struct json_writer *writer) {
    if (!writer->pretty)
        return;
    strbuf_add_byte(writer->out, '\n');
    strbuf_add_repeat(writer->out, ' ', (size_t)writer->depth * 2);
}

/* The comma in front of a value or key. */
static void separate(struct json_writer *writer) {
    if (writer->after_key) {
        writer->after_key = false;
    } else if (writer->depth) {
        if (!writer->first[writer->depth])
            strbuf_add_byte(writer->out, ',');
        add_line_end(writer);
    }
    writer->first[writer->depth] = false;
}

static void open(struct json_writer *writer, char begin, char end) {
    separate(writer);
    assert(writer->depth + 1 < JSON_DEPTH);
    strbuf_add_byte(writer->out, begin);
    writer->depth++;
    writer->first[writer->depth] = true;
    writer->close[writer->depth] = end;
}

void json_open_object(struct json_writer *writer) {
    open(writer, '{', '}');
}

void json_open_array(struct json_writer *writer) {
    open(writer, '[', ']');
}

void json_end(struct json_writer *writer) {
    assert(writer->depth && !writer->after_key);
    bool empty = writer->first[writer->depth];
    char close = writer->close[writer->depth--];
    if (!empty)
        add_line_end(writer);
    strbuf_add_byte(writer->out, close);
}

static void add_unit(struct strbuf *out, uint32_t unit) {
    strbuf_addf(out, "\\u%04" PRIx32, unit);
}

static void add_character(struct strbuf *out, uint32_t code, struct slice bytes) {
    switch (code) {
    case '"':
        strbuf_add_text(out, "\\\"");
        return;
    case '\\':
        strbuf_add_text(out, "\\\\");
        return;
    case '\n':
        strbuf_add_text(out, "\\n");
        return;
    case '\t':
        strbuf_add_text(out, "\\t");
        return;
    case '\r':
        strbuf_add_text(out, "\\r");
        return;
    default:
        break;
    }
    if (code == UNICODE_INVALID)
        strbuf_add_text(out, "\xef\xbf\xbd");
    else if (!unicode_is_deceptive(code))
        strbuf_add(out, bytes);
    else if (code < 0x10000)
        add_unit(out, code);
    else {
        add_unit(out, 0xd800 + ((code - 0x10000) >> 10));
        add_unit(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
    }
}

/* How many bytes from there on stand for themselves: printable ASCII, most of every text. */
static size_t plain_run(struct slice text, size_t at) {
    size_t end = at;
    while (end < text.size && text.data[end] >= ' ' && text.data[end] < 0x7f &&
           text.data[end] != '"' && text.data[end] != '\\')
        end++;
    return end - at;
}

void json_text(struct json_writer *writer, struct slice text) {
    if (slice_is_none(text)) {
        json_nothing(writer);
        return;
    }
    separate(writer);
    strbuf_add_byte(writer->out, '"');
    for (size_t at = 0, length; at < text.size; at += length) {
        length = plain_run(text, at);
        if (length) {
            strbuf_add(writer->out, slice_sub(text, at, at + length));
            continue;
        }
        uint32_t code = unicode_at(text, at, &length);
        add_character(writer->out, code, slice_sub(text, at, at + length));
    }
    strbuf_add_byte(writer->out, '"');
}

void json_raw(struct json_writer *writer, struct slice json) {
    separate(writer);
    strbuf_add(writer->out, json);
}

void json_key(struct json_writer *writer, const char *key) {
    assert(!writer->after_key && writer->depth);
    json_text(writer, slice_of(key));
    strbuf_add_text(writer->out, writer->pretty ? ": " : ":");
    writer->after_key = true;
}

void json_number(struct json_writer *writer, int64_t number) {
    separate(writer);
    strbuf_addf(writer->out, "%" PRId64, number);
}

void json_tenths(struct json_writer *writer, uint32_t tenths) {
    separate(writer);
    strbuf_addf(writer->out, "%" PRIu32 ".%" PRIu32, tenths / 10, tenths % 10);
}

void json_thousandths(struct json_writer *writer, uint32_t thousandths) {
    separate(writer);
    strbuf_addf(writer->out, "%" PRIu32 ".%03" PRIu32, thousandths / 1000, thousandths % 1000);
}

void json_bool(struct json_writer *writer, bool value) {
    separate(writer);
    strbuf_add_text(writer->out, value ? "true" : "false");
}

void json_nothing(struct json_writer *writer) {
    separate(writer);
    strbuf_add_text(writer->out, "null");
}

void json_put_string(struct json_writer *writer, const char *key, struct slice text) {
    json_key(writer, key);
    json_text(writer, text);
}

void json_put_text(struct json_writer *writer, const char *key, const char *text) {
    json_put_string(writer, key, slice_of(text));
}

void json_put_number(struct json_writer *writer, const char *key, int64_t number) {
    json_key(writer, key);
    json_number(writer, number);
}

void json_put_tenths(struct json_writer *writer, const char *key, uint32_t tenths) {
    json_key(writer, key);
    json_tenths(writer, tenths);
}

void json_put_bool(struct json_writer *writer, const char *key, bool value) {
    json_key(writer, key);
    json_bool(writer, value);
}
