#include "delta/mention.h"

enum { PARTS = 3 }; /* of the longest name that is looked for */

static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

static size_t word_size(struct slice text) {
    size_t size = 0;
    while (size < text.size && is_name_byte(text.data[size]))
        size++;
    return size;
}

void mentions_init(struct mentions *mentions, struct arena *arena) {
    *mentions = (struct mentions){.arena = arena};
    map_init(&mentions->heads, arena);
}

static void add(struct mentions *mentions, struct slice key, struct slice name, uint32_t block) {
    uint32_t head = map_get(&mentions->heads, key);
    if (head != MAP_ABSENT && mentions->list.items[head].block == block &&
        slice_equal(mentions->list.items[head].name, name))
        return;
    map_set(&mentions->heads, key, mentions->list.count);
    vec_push(mentions->arena, &mentions->list, ((struct mention){name, block, head}));
}

void mentions_add(struct mentions *mentions, struct slice text, struct slice name, uint32_t block) {
    size_t at = 0;
    while (at < text.size) {
        size_t first = word_size(slice_from(text, at)), end = at + first;
        if (!first) {
            at++;
            continue;
        }
        for (uint32_t parts = 2; parts <= PARTS; parts++) {
            size_t more =
                end < text.size && text.data[end] == '.' ? word_size(slice_from(text, end + 1)) : 0;
            if (!more)
                break;
            end += 1 + more;
            add(mentions, slice_sub(text, at, end), name, block);
        }
        at += first;
        while (at < text.size && text.data[at] == '.') /* the rest of the same reference */
            at += 1 + word_size(slice_from(text, at + 1));
    }
}

uint32_t mentions_find(const struct mentions *mentions, struct slice name) {
    return map_get(&mentions->heads, name);
}

/* Past the index of an instance: [0], ["a"], [*], [each.key], and ".*". */
static size_t index_size(struct slice text) {
    if (slice_starts(text, SLICE(".*")))
        return 2;
    if (!text.size || text.data[0] != '[')
        return 0;
    size_t end = slice_find_byte(text, ']');
    return end == SLICE_NPOS ? text.size : end + 1;
}

static struct slice attribute_at(struct slice text) {
    text = slice_from(text, index_size(text));
    if (!text.size || text.data[0] != '.')
        return SLICE("");
    text = slice_from(text, 1);
    return slice_sub(text, 0, word_size(text));
}

bool mention_next(struct slice *text, struct slice name, struct slice *attribute) {
    size_t from = 0;
    for (;;) {
        size_t found = slice_find(slice_from(*text, from), name);
        if (found == SLICE_NPOS)
            return false;
        size_t at = from + found, end = at + name.size;
        from = end;
        if (at && (is_name_byte(text->data[at - 1]) || text->data[at - 1] == '.'))
            continue;
        if (end < text->size && is_name_byte(text->data[end]))
            continue;
        *attribute = attribute_at(slice_from(*text, end));
        *text = slice_from(*text, end);
        return true;
    }
}
