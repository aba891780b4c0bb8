#include "source/patch.h"

#include "base/strbuf.h"

/* Empty lines put in so that fragments keep their line numbers; beyond, numbers are given up. */
enum { PATCH_PADDING = 200000 };

static struct slice take_line(struct slice *text) {
    size_t end = slice_find_byte(*text, '\n');
    struct slice line = slice_sub(*text, 0, end);
    *text = end == SLICE_NPOS ? SLICE("") : slice_from(*text, end + 1);
    return line;
}

bool patch_next_line(struct slice *body, bool crlf, struct patch_line *line) {
    if (body->size == 0)
        return false;
    struct slice whole = take_line(body);
    if (crlf && whole.size && whole.data[whole.size - 1] == '\r')
        whole.size--;
    bool blank = whole.size == 0 || whole.data[0] == '\r';
    line->mark = blank ? ' ' : whole.data[0]; /* some mailers cut the blank of an empty line */
    line->text = blank ? whole : slice_from(whole, 1);
    line->newline = true;
    if (body->size && body->data[0] == '\\') { /* "\ No newline at end of file" */
        take_line(body);
        line->newline = false;
    }
    return true;
}

static void add_line(struct strbuf *out, struct slice text, bool newline) {
    strbuf_add(out, text);
    if (newline)
        strbuf_add_byte(out, '\n');
}

/* Takes one line from the whole file and compares it. */
static bool fits(struct slice *from, const struct patch_line *line) {
    if (from->size == 0)
        return false;
    bool newline = slice_find_byte(*from, '\n') != SLICE_NPOS;
    return newline == line->newline && slice_equal(take_line(from), line->text);
}

static bool apply_hunk(const struct patch_file *file, const struct patch_hunk *hunk,
                       struct slice *from, char gone, struct strbuf *out) {
    struct slice body = hunk->body;
    struct patch_line line;
    while (patch_next_line(&body, file->crlf, &line)) {
        bool taken = line.mark == ' ' || line.mark == gone;
        if (taken && !fits(from, &line))
            return false;
        if (line.mark != gone)
            add_line(out, line.text, line.newline);
    }
    return true;
}

bool patch_apply(struct arena *arena, const struct patch_file *file, struct slice from,
                 bool reverse, struct slice *to) {
    struct strbuf out;
    strbuf_init(&out, arena);
    uint32_t line = 1;
    for (uint32_t i = 0; i < file->hunks.count; i++) {
        const struct patch_hunk *hunk = &file->hunks.items[i];
        uint32_t start = reverse ? hunk->new_start : hunk->old_start;
        uint32_t count = reverse ? hunk->new_count : hunk->old_count;
        start += count == 0; /* "after line start" */
        for (; line < start; line++) {
            if (from.size == 0)
                return false;
            bool newline = slice_find_byte(from, '\n') != SLICE_NPOS;
            add_line(&out, take_line(&from), newline);
        }
        if (!apply_hunk(file, hunk, &from, reverse ? '+' : '-', &out))
            return false;
        line += count;
    }
    strbuf_add(&out, from);
    *to = strbuf_slice(&out);
    return true;
}

struct slice patch_fragment(struct arena *arena, const struct patch_file *file, bool after) {
    struct strbuf out;
    strbuf_init(&out, arena);
    uint32_t line = 1, padding = PATCH_PADDING;
    for (uint32_t i = 0; i < file->hunks.count; i++) {
        const struct patch_hunk *hunk = &file->hunks.items[i];
        uint32_t start = after ? hunk->new_start : hunk->old_start;
        if (start > line && start - line <= padding) {
            strbuf_add_repeat(&out, '\n', start - line);
            padding -= start - line;
        }
        struct slice body = hunk->body;
        struct patch_line text;
        while (patch_next_line(&body, file->crlf, &text))
            if (text.mark == ' ' || text.mark == (after ? '+' : '-'))
                add_line(&out, text.text, text.newline);
        line = start + (after ? hunk->new_count : hunk->old_count);
    }
    return strbuf_slice(&out);
}

static int octal_digit(struct slice text, size_t at) {
    return at < text.size && text.data[at] >= '0' && text.data[at] <= '7' ? text.data[at] - '0'
                                                                          : -1;
}

/* What stands behind a backslash; its length, 0 if it means nothing. */
static size_t unescape(struct slice text, size_t at, char *byte) {
    static const char marks[] = "abtnvfr\"\\", bytes[] = "\a\b\t\n\v\f\r\"\\";
    if (at >= text.size)
        return 0;
    const char *found = text.data[at] ? strchr(marks, text.data[at]) : NULL;
    if (found) {
        *byte = bytes[found - marks];
        return 1;
    }
    int high = octal_digit(text, at), middle = octal_digit(text, at + 1);
    int low = octal_digit(text, at + 2);
    if (high < 0 || high > 3 || middle < 0 || low < 0)
        return 0;
    *byte = (char)(high * 64 + middle * 8 + low);
    return 3;
}

bool patch_unquote(struct arena *arena, struct slice text, struct slice *name, size_t *used) {
    struct strbuf out;
    strbuf_init(&out, arena);
    for (size_t at = 1; at < text.size; at++) {
        char byte = text.data[at];
        if (byte == '"') {
            *name = strbuf_slice(&out);
            *used = at + 1;
            return true;
        }
        if (byte == '\\') {
            size_t length = unescape(text, at + 1, &byte);
            if (!length)
                return false;
            at += length;
        }
        strbuf_add_byte(&out, byte);
    }
    return false;
}
