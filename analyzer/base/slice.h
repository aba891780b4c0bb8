/*
 * slice: borrowed bytes with a length. Not NUL-terminated, never owned.
 * A slice with data == NULL is "nothing", which differs from the empty slice "".
 */
#ifndef BERM_BASE_SLICE_H
#define BERM_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const char *data;
    size_t size;
};

#define SLICE_NONE ((struct slice){NULL, 0})
/* A slice of a string literal, usable in static initialisers. */
#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})
/* For printf: "%.*s", SLICE_ARGS(s). Sizes above INT_MAX do not occur: inputs are capped far below.
 */
#define SLICE_ARGS(s) (int)(s).size, (s).data ? (s).data : ""

static inline struct slice slice_of(const char *text) {
    return (struct slice){text, text ? strlen(text) : 0};
}

static inline struct slice slice_make(const char *data, size_t size) {
    return (struct slice){data, size};
}

static inline bool slice_is_none(struct slice s) {
    return s.data == NULL;
}

static inline bool slice_equal(struct slice a, struct slice b) {
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

static inline bool slice_is(struct slice a, const char *text) {
    return slice_equal(a, slice_of(text));
}

static inline bool slice_starts(struct slice s, struct slice prefix) {
    return s.size >= prefix.size &&
           (prefix.size == 0 || memcmp(s.data, prefix.data, prefix.size) == 0);
}

static inline bool slice_ends(struct slice s, struct slice suffix) {
    return s.size >= suffix.size && (suffix.size == 0 || memcmp(s.data + s.size - suffix.size,
                                                                suffix.data, suffix.size) == 0);
}

/* [from, to) clipped to the slice. */
static inline struct slice slice_sub(struct slice s, size_t from, size_t to) {
    if (to > s.size)
        to = s.size;
    if (from > to)
        from = to;
    return (struct slice){s.data ? s.data + from : NULL, to - from};
}

static inline struct slice slice_from(struct slice s, size_t from) {
    return slice_sub(s, from, s.size);
}

#define SLICE_NPOS ((size_t)-1)

/* Byte order comparison: the one order used wherever output is sorted. */
int slice_compare(struct slice a, struct slice b);
bool slice_equal_nocase(struct slice a, struct slice b);       /* ASCII only: no locale */
size_t slice_find(struct slice haystack, struct slice needle); /* SLICE_NPOS if absent */
size_t slice_find_byte(struct slice s, char byte);
size_t slice_find_last_byte(struct slice s, char byte);
bool slice_contains(struct slice haystack, struct slice needle);
struct slice slice_trim(struct slice s); /* ASCII white space at both ends */
/* Splits off the text before `separator` and moves *rest behind it; false when *rest is used up. */
bool slice_split(struct slice *rest, char separator, struct slice *part);
/* "a, b": is the word one of a list with commas? */
bool slice_list_has(struct slice words, struct slice word);
/* Decimal, optional sign, whole slice; false on anything else or overflow. */
bool slice_to_int(struct slice s, int64_t *out);
/* 1-based line of a byte offset. Cost: linear in the offset. */
uint32_t slice_line_at(struct slice s, size_t offset);

#endif
