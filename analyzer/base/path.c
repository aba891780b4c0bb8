#include "base/path.h"

static bool is_clean(struct slice path) {
    if (path.size && (path.data[0] == '/' || path.data[path.size - 1] == '/'))
        return false;
    struct slice rest = path, part;
    while (path.size && slice_split(&rest, '/', &part))
        if (part.size == 0 || slice_is(part, ".") || slice_is(part, ".."))
            return false;
    return true;
}

struct slice path_normalise(struct arena *arena, struct slice path) {
    if (slice_find_byte(path, '\0') != SLICE_NPOS)
        return SLICE_NONE;
    if (slice_is_none(path) || path.size == 0)
        return SLICE("");
    if (is_clean(path))
        return path;
    char *out = arena_alloc(arena, path.size + 1);
    size_t size = 0;
    struct slice rest = path, part;
    while (slice_split(&rest, '/', &part)) {
        if (part.size == 0 || slice_is(part, "."))
            continue;
        if (slice_is(part, "..")) {
            if (size == 0)
                return SLICE_NONE;
            size_t slash = slice_find_last_byte(slice_make(out, size), '/');
            size = slash == SLICE_NPOS ? 0 : slash;
            continue;
        }
        if (size)
            out[size++] = '/';
        memcpy(out + size, part.data, part.size);
        size += part.size;
    }
    return slice_make(out, size);
}

struct slice path_join(struct arena *arena, struct slice directory, struct slice name) {
    if (directory.size == 0)
        return path_normalise(arena, name);
    struct slice joined = ARENA_CONCAT(arena, directory, SLICE("/"), name);
    return path_normalise(arena, joined);
}

struct slice path_directory(struct slice path) {
    size_t slash = slice_find_last_byte(path, '/');
    return slash == SLICE_NPOS ? SLICE("") : slice_sub(path, 0, slash);
}

struct slice path_base(struct slice path) {
    size_t slash = slice_find_last_byte(path, '/');
    return slash == SLICE_NPOS ? path : slice_from(path, slash + 1);
}

struct slice path_extension(struct slice path) {
    struct slice base = path_base(path);
    size_t dot = slice_find_last_byte(base, '.');
    return dot == SLICE_NPOS || dot == 0 ? SLICE("") : slice_from(base, dot + 1);
}

bool path_is_below(struct slice path, struct slice directory) {
    return directory.size == 0 ||
           (slice_starts(path, directory) &&
            (path.size == directory.size || path.data[directory.size] == '/'));
}

/* One element of a pattern that consumes exactly one byte; its length in the pattern, 0 if the
 * byte does not match. */
static size_t glob_byte(struct slice pattern, size_t at, char byte) {
    char c = pattern.data[at];
    if (c == '?')
        return byte == '/' ? 0 : 1;
    if (c == '\\' && at + 1 < pattern.size)
        return pattern.data[at + 1] == byte ? 2 : 0;
    if (c != '[')
        return c == byte ? 1 : 0;
    size_t i = at + 1;
    bool negated = i < pattern.size && (pattern.data[i] == '!' || pattern.data[i] == '^');
    i += negated;
    bool found = false;
    for (size_t first = i; i < pattern.size && (pattern.data[i] != ']' || i == first); i++) {
        unsigned char low = (unsigned char)pattern.data[i], high = low;
        if (i + 2 < pattern.size && pattern.data[i + 1] == '-' && pattern.data[i + 2] != ']') {
            high = (unsigned char)pattern.data[i + 2];
            i += 2;
        }
        found = found || ((unsigned char)byte >= low && (unsigned char)byte <= high);
    }
    if (i >= pattern.size) /* no closing bracket: the bracket is itself */
        return byte == '[' ? 1 : 0;
    return found != negated && byte != '/' ? i + 1 - at : 0;
}

struct glob_retry {
    size_t pattern, path; /* pattern == SLICE_NPOS: none */
    bool whole_components;
};

static bool retry_star(struct glob_retry *star, struct slice path) {
    if (star->pattern == SLICE_NPOS || star->path >= path.size || path.data[star->path] == '/')
        return false;
    star->path++;
    return true;
}

static bool retry_deep(struct glob_retry *deep, struct slice path) {
    if (deep->pattern == SLICE_NPOS)
        return false;
    do {
        if (deep->path >= path.size)
            return false;
        deep->path++;
    } while (deep->whole_components && path.data[deep->path - 1] != '/');
    return true;
}

/* "**" at `at`: where the pattern goes on, and whether it stands for whole components. */
static size_t deep_end(struct slice pattern, size_t at, bool *whole) {
    while (at < pattern.size && pattern.data[at] == '*')
        at++;
    *whole = at < pattern.size && pattern.data[at] == '/';
    return at + *whole;
}

static bool glob_match(struct slice pattern, struct slice path) {
    struct glob_retry star = {SLICE_NPOS, 0, false}, deep = {SLICE_NPOS, 0, false};
    size_t p = 0, s = 0;
    for (;;) {
        if (p < pattern.size && pattern.data[p] == '*') {
            bool is_deep = p + 1 < pattern.size && pattern.data[p + 1] == '*', whole = false;
            bool starts = p == 0 || pattern.data[p - 1] == '/';
            p = is_deep ? deep_end(pattern, p, &whole) : p + 1;
            if (is_deep && whole && !starts) {
                p--; /* "a**" "/b": the slash stays part of the pattern */
                whole = false;
            }
            *(is_deep ? &deep : &star) = (struct glob_retry){p, s, whole};
            if (is_deep)
                star.pattern = SLICE_NPOS;
            continue;
        }
        if (p == pattern.size && s == path.size)
            return true;
        size_t length = p < pattern.size && s < path.size ? glob_byte(pattern, p, path.data[s]) : 0;
        if (length) {
            p += length;
            s++;
        } else if (retry_star(&star, path)) {
            p = star.pattern;
            s = star.path;
        } else if (retry_deep(&deep, path)) {
            star.pattern = SLICE_NPOS;
            p = deep.pattern;
            s = deep.path;
        } else {
            return false;
        }
    }
}

bool path_glob(struct slice pattern, struct slice path) {
    if (pattern.size && pattern.data[pattern.size - 1] == '/') {
        pattern.size--;
        for (size_t i = 1; i < path.size; i++)
            if (path.data[i] == '/' && glob_match(pattern, slice_sub(path, 0, i)))
                return true;
        return false;
    }
    return glob_match(pattern, path);
}
