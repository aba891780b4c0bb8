#include "base/slice.h"

int slice_compare(struct slice a, struct slice b) {
    size_t shared = a.size < b.size ? a.size : b.size;
    int order = shared ? memcmp(a.data, b.data, shared) : 0;
    if (order)
        return order;
    return a.size < b.size ? -1 : a.size > b.size;
}

static char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool slice_equal_nocase(struct slice a, struct slice b) {
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (ascii_lower(a.data[i]) != ascii_lower(b.data[i]))
            return false;
    return true;
}

size_t slice_find(struct slice haystack, struct slice needle) {
    if (needle.size == 0)
        return 0;
    if (needle.size > haystack.size)
        return SLICE_NPOS;
    const char *at = haystack.data, *last = haystack.data + haystack.size - needle.size;
    while (at <= last) {
        at = memchr(at, needle.data[0], (size_t)(last - at) + 1);
        if (!at)
            return SLICE_NPOS;
        if (memcmp(at, needle.data, needle.size) == 0)
            return (size_t)(at - haystack.data);
        at++;
    }
    return SLICE_NPOS;
}

size_t slice_find_byte(struct slice s, char byte) {
    const char *at = s.size ? memchr(s.data, byte, s.size) : NULL;
    return at ? (size_t)(at - s.data) : SLICE_NPOS;
}

size_t slice_find_last_byte(struct slice s, char byte) {
    for (size_t i = s.size; i-- > 0;)
        if (s.data[i] == byte)
            return i;
    return SLICE_NPOS;
}

bool slice_contains(struct slice haystack, struct slice needle) {
    return slice_find(haystack, needle) != SLICE_NPOS;
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice slice_trim(struct slice s) {
    while (s.size && is_space(s.data[0]))
        s = slice_from(s, 1);
    while (s.size && is_space(s.data[s.size - 1]))
        s.size--;
    return s;
}

bool slice_split(struct slice *rest, char separator, struct slice *part) {
    if (slice_is_none(*rest))
        return false;
    size_t at = slice_find_byte(*rest, separator);
    if (at == SLICE_NPOS) {
        *part = *rest;
        *rest = SLICE_NONE;
    } else {
        *part = slice_sub(*rest, 0, at);
        *rest = slice_from(*rest, at + 1);
    }
    return true;
}

bool slice_list_has(struct slice words, struct slice word) {
    struct slice part;
    while (slice_split(&words, ',', &part))
        if (slice_equal(slice_trim(part), word))
            return true;
    return false;
}

bool slice_to_int(struct slice s, int64_t *out) {
    bool negative = s.size && s.data[0] == '-';
    size_t i = s.size && (s.data[0] == '-' || s.data[0] == '+');
    if (i == s.size)
        return false;
    int64_t value = 0;
    for (; i < s.size; i++) {
        if (s.data[i] < '0' || s.data[i] > '9' || value > (INT64_MAX - 9) / 10)
            return false;
        value = value * 10 + (s.data[i] - '0');
    }
    *out = negative ? -value : value;
    return true;
}

uint32_t slice_line_at(struct slice s, size_t offset) {
    uint32_t line = 1;
    if (!s.size)
        return line;
    const char *at = s.data, *end = s.data + (offset < s.size ? offset : s.size);
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        line++;
        at++;
    }
    return line;
}
