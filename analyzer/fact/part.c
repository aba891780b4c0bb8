#include "fact/part.h"

struct slice part_path(struct slice parts, const char *name) {
    struct slice word;
    while (slice_split(&parts, ' ', &word)) {
        size_t equals = slice_find_byte(word, '=');
        if (equals != SLICE_NPOS && slice_is(slice_sub(word, 0, equals), name))
            return slice_from(word, equals + 1);
    }
    return SLICE_NONE;
}

const struct value *part_find(const struct value *body, const struct value *element,
                              struct slice path) {
    return path.size && path.data[0] == '/' ? value_at(body, slice_from(path, 1))
                                            : value_at(element, path);
}

const struct value *part_value(const struct value *body, const struct value *element,
                               struct slice parts, const char *name) {
    struct slice path = part_path(parts, name);
    const struct value *value = path.size ? part_find(body, element, path) : NULL;
    return value && value->kind != VALUE_NULL ? value : NULL;
}

struct slice part_lower(struct arena *arena, struct slice text) {
    char *copy = arena_alloc(arena, text.size + 1);
    for (size_t i = 0; i < text.size; i++)
        copy[i] = text.data[i] >= 'A' && text.data[i] <= 'Z' ? (char)(text.data[i] - 'A' + 'a')
                                                             : text.data[i];
    return slice_make(copy, text.size);
}
