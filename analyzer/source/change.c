#include "source/change_builder.h"

#include <stdlib.h>

static enum presence unknown_read(void *self, struct slice path, struct slice *content) {
    (void)self;
    (void)path;
    *content = SLICE_NONE;
    return TREE_UNKNOWN;
}

static enum presence unknown_list(void *self, struct slice directory, struct slice **names,
                                  uint32_t *count) {
    (void)self;
    (void)directory;
    *names = NULL;
    *count = 0;
    return TREE_UNKNOWN;
}

const struct tree tree_unknown = {unknown_read, unknown_list, NULL, unknown_list, NULL};

struct change *change_new(struct arena *arena) {
    struct change *change = ARENA_NEW(arena, struct change);
    change->arena = arena;
    change->before = change->after = change->policy = tree_unknown;
    change->complete = true;
    return change;
}

void change_add(struct change *change, struct pair pair) {
    if (change->pairs.count >= SOURCE_PAIRS)
        failure_raise(change->arena->failure, BERM_ERROR_LIMIT, PLACE_NONE,
                      "more than %d files in one change", (int)SOURCE_PAIRS);
    if (slice_is_none(pair.old_path))
        pair.old_path = pair.path;
    if (pair.before.fragment || pair.after.fragment)
        change->complete = false;
    vec_push(change->arena, &change->pairs, pair);
}

struct blob blob_absent(void) {
    return (struct blob){.state = CONTENT_ABSENT, .bytes = SLICE("")};
}

struct blob blob_unreadable(struct slice reason, uint32_t mode) {
    return (struct blob){CONTENT_UNREADABLE, SLICE(""), reason, mode, false};
}

/* Bytes that both begin with, in steps; never between the two bytes of a line's end. */
static size_t equal_beginning(struct slice a, struct slice b) {
    enum { STEP = 256 };
    size_t at = 0, size = a.size < b.size ? a.size : b.size;
    while (size - at >= STEP && memcmp(a.data + at, b.data + at, STEP) == 0)
        at += STEP;
    return at && a.data[at - 1] == '\r' ? at - 1 : at;
}

bool text_equal_but_line_ends(struct slice a, struct slice b) {
    size_t i = equal_beginning(a, b), j = i;
    while (i < a.size && j < b.size) {
        i += a.data[i] == '\r' && i + 1 < a.size && a.data[i + 1] == '\n';
        j += b.data[j] == '\r' && j + 1 < b.size && b.data[j + 1] == '\n';
        if (a.data[i++] != b.data[j++])
            return false;
    }
    return i == a.size && j == b.size;
}

/* Binary contents are not kept, so two binaries are never called equal here: whoever made the pair
 * knew that they differ. */
static bool is_no_change(const struct pair *pair) {
    const struct blob *before = &pair->before, *after = &pair->after;
    if (before->state != after->state || before->fragment || after->fragment ||
        before->mode != after->mode || !slice_equal(pair->path, pair->old_path))
        return false;
    if (before->state == CONTENT_TEXT)
        return text_equal_but_line_ends(before->bytes, after->bytes);
    if (before->state == CONTENT_SYMLINK || before->state == CONTENT_SUBMODULE)
        return slice_equal(before->bytes, after->bytes);
    return before->state == CONTENT_ABSENT;
}

struct ordered_pair {
    struct pair pair;
    uint32_t order; /* several patches may touch one path: then they stay in their order */
};

static int compare_pairs(const void *left, const void *right) {
    const struct ordered_pair *a = left, *b = right;
    int order = slice_compare(a->pair.path, b->pair.path);
    if (!order)
        order = slice_compare(a->pair.old_path, b->pair.old_path);
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

void change_finish(struct change *change) {
    uint32_t count = change->pairs.count, kept = 0;
    if (count == 0)
        return;
    struct ordered_pair *sorted = ARENA_ARRAY(change->arena, struct ordered_pair, count);
    for (uint32_t i = 0; i < count; i++)
        if (!is_no_change(&change->pairs.items[i]))
            sorted[kept++] = (struct ordered_pair){change->pairs.items[i], i};
    qsort(sorted, kept, sizeof *sorted, compare_pairs);
    for (uint32_t i = 0; i < kept; i++)
        change->pairs.items[i] = sorted[i].pair;
    change->pairs.count = kept;
}

void change_pair_moved(struct change *change) {
    struct map by_content;
    map_init(&by_content, change->arena);
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        const struct pair *pair = &change->pairs.items[i];
        if (pair->status == PAIR_ADDED && pair->after.state == CONTENT_TEXT &&
            pair->after.bytes.size)
            map_set_default(&by_content, pair->after.bytes, i);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        struct pair *gone = &change->pairs.items[i];
        if (gone->status != PAIR_REMOVED || gone->before.state != CONTENT_TEXT)
            continue;
        uint32_t at = map_get(&by_content, gone->before.bytes);
        if (at == MAP_ABSENT || change->pairs.items[at].status != PAIR_ADDED)
            continue;
        struct pair *added = &change->pairs.items[at];
        added->status = PAIR_RENAMED;
        added->before = gone->before;
        added->old_path = gone->path;
        *gone = (struct pair){.path = SLICE_NONE};
    }
    for (uint32_t i = 0; i < change->pairs.count; i++)
        if (!slice_is_none(change->pairs.items[i].path))
            change->pairs.items[kept++] = change->pairs.items[i];
    change->pairs.count = kept;
}
