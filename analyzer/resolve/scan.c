/* The lexical questions of resolve.h: answered from bytes, so that unchanged blocks need no parse.
 */
#include "resolve/resolve.h"

static struct slice skip_line(struct slice text) {
    size_t end = slice_find_byte(text, '\n');
    return end == SLICE_NPOS ? SLICE("") : slice_from(text, end + 1);
}

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Past white space and comments in front of the block. */
static struct slice skip_space(struct slice text) {
    for (;;) {
        size_t at = 0;
        while (at < text.size && is_blank(text.data[at]))
            at++;
        text = slice_from(text, at);
        if (slice_starts(text, SLICE("#")) || slice_starts(text, SLICE("//"))) {
            text = skip_line(text);
        } else if (slice_starts(text, SLICE("/*"))) {
            size_t end = slice_find(text, SLICE("*/"));
            text = end == SLICE_NPOS ? SLICE("") : slice_from(text, end + 2);
        } else {
            return text;
        }
    }
}

static bool is_word_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

bool resolve_is_setting(struct slice block) {
    struct slice text = skip_space(block);
    size_t end = 0;
    while (end < text.size && is_word_byte(text.data[end]))
        end++;
    struct slice word = slice_sub(text, 0, end);
    if (slice_equal(word, SLICE("variable")) || slice_equal(word, SLICE("locals")) ||
        slice_equal(word, SLICE("moved")) || slice_equal(word, SLICE("removed")))
        return true;
    size_t next = end;
    while (next < text.size && is_blank(text.data[next]))
        next++;
    struct slice rest = slice_from(text, next);
    /* An assignment, or a file that is one value (JSON). */
    return slice_starts(rest, SLICE("=")) || (!end && rest.size);
}

static bool uses_at(struct slice text, const struct map *names) {
    struct slice head = resolve_head(text);
    return !slice_is_none(head) && (!names || map_get(names, head) != MAP_ABSENT);
}

bool resolve_uses(struct slice block, const struct map *names) {
    if (names && !names->count)
        return false;
    for (size_t at = 0; at < block.size; at++) {
        size_t dot = slice_find_byte(slice_from(block, at), '.');
        if (dot == SLICE_NPOS)
            return false;
        at += dot;
        if ((at >= 3 && uses_at(slice_from(block, at - 3), names)) ||
            (at >= 5 && uses_at(slice_from(block, at - 5), names)))
            return true;
    }
    return false;
}
