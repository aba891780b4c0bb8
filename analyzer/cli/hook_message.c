#include "cli/hook.h"

#include <errno.h>
#include <string.h>

static const char scissors[] = "# ------------------------ >8";

struct line {
    const char *text;
    size_t size; /* without the newline */
};

/* The line that ends at `end` (which stands behind its newline or at the end of the text). */
static struct line line_before(const char *start, const char *end) {
    const char *stop = end > start && end[-1] == '\n' ? end - 1 : end;
    const char *from = stop;
    while (from > start && from[-1] != '\n')
        from--;
    return (struct line){from, (size_t)(stop - from)};
}

static bool is_blank(struct line line) {
    for (size_t i = 0; i < line.size; i++)
        if (!memchr(" \t\r", line.text[i], 3))
            return false;
    return true;
}

static bool is_comment(struct line line) {
    return line.size > 0 && line.text[0] == '#';
}

/* "Token: value", or the continuation of one. */
static bool is_trailer(struct line line) {
    if (line.size && (line.text[0] == ' ' || line.text[0] == '\t'))
        return true;
    size_t i = 0;
    while (i < line.size && (line.text[i] == '-' || (line.text[i] >= '0' && line.text[i] <= '9') ||
                             ((line.text[i] | 32) >= 'a' && (line.text[i] | 32) <= 'z')))
        i++;
    return i > 0 && i < line.size && line.text[i] == ':';
}

/* Where the message ends that git will keep: comments, blank lines and the cut-off are dropped. */
static const char *message_end(const struct buffer *text) {
    const char *cut = strstr(text->data, scissors);
    while (cut && cut != text->data && cut[-1] != '\n')
        cut = strstr(cut + 1, scissors);
    const char *end = cut ? cut : text->data + text->size;
    while (end > text->data) {
        struct line line = line_before(text->data, end);
        if (!is_blank(line) && !is_comment(line))
            break;
        end = line.text;
    }
    return end;
}

/* True if the last paragraph, not being the first, is all trailers; *repeated if ours is there. */
static bool ends_with_trailers(const char *start, const char *end, const char *trailer,
                               bool *repeated) {
    bool all = true;
    *repeated = false;
    for (const char *at = end; at > start;) {
        struct line line = line_before(start, at);
        if (is_blank(line))
            return all;
        all = all && (is_trailer(line) || is_comment(line));
        *repeated = *repeated ||
                    (line.size == strlen(trailer) && memcmp(line.text, trailer, line.size) == 0);
        at = line.text;
    }
    *repeated = false; /* the subject */
    return false;
}

/* One line whatever the reason holds. */
static void add_reason(struct buffer *out, const char *reason) {
    buffer_add_text(out, "Berm-Ack: ");
    size_t start = out->size;
    for (const unsigned char *c = (const unsigned char *)reason; *c; c++) {
        char byte = *c < 0x20 || *c == 0x7F ? ' ' : (char)*c;
        if (byte != ' ' || (out->size > start && out->data[out->size - 1] != ' '))
            buffer_add(out, &byte, 1);
    }
    while (out->size > start && out->data[out->size - 1] == ' ')
        out->data[--out->size] = '\0';
}

static int replace_file(const char *file, const struct buffer *text) {
    FILE *stream = fopen(file, "wbe");
    bool written = stream && fwrite(text->data, 1, text->size, stream) == text->size;
    if (stream && fclose(stream) == 0 && written)
        return EXIT_DONE;
    return usage_error(file, "cannot be written: %s", strerror(errno));
}

static void insert(const struct buffer *text, const char *trailer, struct buffer *out) {
    const char *end = message_end(text);
    bool repeated;
    bool block = ends_with_trailers(text->data, end, trailer, &repeated);
    buffer_add(out, text->data, (size_t)(end - text->data));
    if (!repeated || !block) {
        if (end > text->data && end[-1] != '\n')
            buffer_add_text(out, "\n");
        buffer_addf(out, "%s%s\n", block ? "" : "\n", trailer);
    }
    buffer_add(out, end, text->size - (size_t)(end - text->data));
}

int hook_add_trailer(const char *file, const char *reason) {
    FILE *stream = fopen(file, "rbe");
    if (!stream)
        return usage_error(file, "cannot be opened: %s", strerror(errno));
    struct buffer text = {0}, trailer = {0}, out = {0};
    buffer_add(&text, "", 0);
    bool read = read_all(stream, &text);
    fclose(stream);
    add_reason(&trailer, reason);
    int code = read ? EXIT_DONE : usage_error(file, "cannot be read");
    if (code == EXIT_DONE) {
        insert(&text, trailer.data, &out);
        code = replace_file(file, &out);
    }
    buffer_free(&text);
    buffer_free(&trailer);
    buffer_free(&out);
    return code;
}
