#include "source/change_builder.h"

#include "base/path.h"

static struct blob side_of(struct arena *arena, struct slice bytes, uint32_t mode) {
    return slice_is_none(bytes) ? blob_absent() : blob_from_bytes(arena, bytes, mode);
}

/* A path from outside that leaves the root keeps its spelling: it is shown, never opened. */
static struct slice clean_path(struct arena *arena, struct slice path) {
    struct slice clean = path_normalise(arena, path);
    return slice_is_none(clean) ? path : clean;
}

static struct pair pair_of(struct change *change, const struct source_file *file) {
    struct arena *arena = change->arena;
    uint32_t mode = file->mode ? file->mode : 0100644;
    struct pair pair = {.path = clean_path(arena, file->path)};
    pair.old_path = pair.path;
    if (!slice_is_none(file->old_path) && file->old_path.size)
        pair.old_path = clean_path(arena, file->old_path);
    pair.before = side_of(arena, file->before, file->old_mode ? file->old_mode : mode);
    pair.after = side_of(arena, file->after, mode);
    bool moved = !slice_equal(pair.path, pair.old_path);
    if (pair.before.state == CONTENT_ABSENT)
        pair.status = PAIR_ADDED;
    else if (pair.after.state == CONTENT_ABSENT)
        pair.status = PAIR_REMOVED;
    else
        pair.status = moved ? PAIR_RENAMED : PAIR_MODIFIED;
    return pair;
}

struct change *source_memory(struct arena *arena, const struct source_file *files, uint32_t count,
                             const struct source_context *context, uint32_t context_count) {
    struct change *change = change_new(arena);
    struct overlay *before = overlay_new(arena, tree_unknown);
    struct overlay *after = overlay_new(arena, tree_unknown);
    for (uint32_t i = 0; i < context_count; i++) {
        struct slice path = clean_path(arena, context[i].path);
        struct blob blob = side_of(arena, context[i].content, 0100644);
        overlay_set(before, path, blob);
        overlay_set(after, path, blob);
    }
    for (uint32_t i = 0; i < count; i++)
        change_add(change, pair_of(change, &files[i]));
    change_pair_moved(change);
    for (uint32_t i = 0; i < change->pairs.count; i++)
        if (change->pairs.items[i].status == PAIR_RENAMED) {
            overlay_set(before, change->pairs.items[i].path, blob_absent());
            overlay_set(after, change->pairs.items[i].old_path, blob_absent());
        }
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        const struct pair *pair = &change->pairs.items[i];
        overlay_set(before, pair->old_path, pair->before);
        overlay_set(after, pair->path, pair->after);
    }
    change->before = overlay_tree(before);
    change->after = overlay_tree(after);
    change->policy = change->before;
    change_finish(change);
    return change;
}
