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

bool path_is_below(struct slice path, struct slice directory) {
    return directory.size == 0 ||
           (slice_starts(path, directory) &&
            (path.size == directory.size || path.data[directory.size] == '/'));
}
