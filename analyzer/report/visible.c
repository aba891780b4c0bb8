#include "report/visible.h"

#include "base/unicode.h"

#include <inttypes.h>
#include <stdio.h>

/* Continuous integration takes commands from logs: "::" at the beginning of a line, however far
 * indented, and "##[" and "##vso[" anywhere. */
static bool begins_command(struct slice text, size_t at) {
    struct slice rest = slice_from(text, at);
    if (slice_starts(rest, SLICE("::")))
        return at == 0 || text.data[at - 1] == ' ' || (unsigned char)text.data[at - 1] < 0x20;
    return slice_starts(rest, SLICE("##[")) || slice_starts(rest, SLICE("##vso["));
}

static uint32_t escape(char *text, size_t size, uint32_t code, unsigned char byte) {
    int length;
    if (code == UNICODE_INVALID)
        length = snprintf(text, size, "\\x%02x", byte);
    else if (code == '\n' || code == '\t' || code == '\r')
        length = snprintf(text, size, "\\%c", code == '\n' ? 'n' : code == '\t' ? 't' : 'r');
    else if (code < 0x80)
        length = snprintf(text, size, "\\x%02" PRIx32, code);
    else
        length = snprintf(text, size, "\\u{%" PRIx32 "}", code);
    return (uint32_t)length;
}

struct glyph visible_glyph(struct slice text, size_t at) {
    struct glyph glyph = {.length = 0};
    uint32_t code = unicode_at(text, at, &glyph.length);
    if (code == UNICODE_INVALID || unicode_is_deceptive(code) || begins_command(text, at)) {
        glyph.size = escape(glyph.text, sizeof glyph.text, code, (unsigned char)text.data[at]);
        glyph.width = glyph.size;
    } else {
        memcpy(glyph.text, text.data + at, glyph.length);
        glyph.size = (uint32_t)glyph.length;
        glyph.width = unicode_width(code);
    }
    return glyph;
}

uint32_t visible_width(struct slice text) {
    uint32_t width = 0;
    for (size_t at = 0; at < text.size;) {
        struct glyph glyph = visible_glyph(text, at);
        width += glyph.width;
        at += glyph.length;
    }
    return width;
}

static void add_glyph(struct strbuf *out, const struct glyph *glyph) {
    strbuf_add(out, slice_make(glyph->text, glyph->size));
}

/* Shows glyphs that lie fully within the columns [from, to). */
static void add_columns(struct strbuf *out, struct slice text, uint32_t from, uint32_t to) {
    uint32_t column = 0;
    for (size_t at = 0; at < text.size && column < to;) {
        struct glyph glyph = visible_glyph(text, at);
        if (column >= from && column + glyph.width <= to)
            add_glyph(out, &glyph);
        column += glyph.width;
        at += glyph.length;
    }
}

void visible_add(struct strbuf *out, struct slice text) {
    add_columns(out, text, 0, UINT32_MAX);
}

void visible_add_clipped(struct strbuf *out, struct slice text, uint32_t columns) {
    uint32_t width = visible_width(text);
    if (width <= columns) {
        visible_add(out, text);
        return;
    }
    uint32_t kept = columns > 4 ? columns - 3 : 1, head = (kept + 1) / 2;
    add_columns(out, text, 0, head);
    strbuf_add_text(out, "...");
    add_columns(out, text, width - (kept - head), width);
}

static bool is_space(char byte) {
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

void visible_wrap(struct strbuf *out, struct slice text, uint32_t at, uint32_t indent,
                  uint32_t width) {
    uint32_t line = width > indent + 20 ? width - indent : 20;
    bool first = true;
    for (size_t i = 0; i < text.size;) {
        size_t from = i;
        while (i < text.size && !is_space(text.data[i]))
            i++;
        struct slice word = slice_sub(text, from, i);
        i += i < text.size;
        if (!word.size)
            continue;
        uint32_t columns = visible_width(word);
        columns = columns < line ? columns : line;
        if (!first && at + 1 + columns > width) {
            strbuf_add_byte(out, '\n');
            strbuf_add_repeat(out, ' ', indent);
            at = indent;
        } else if (!first) {
            strbuf_add_byte(out, ' ');
            at++;
        }
        visible_add_clipped(out, word, line);
        at += columns;
        first = false;
    }
}
