#include "source/change_builder.h"

#include <stdlib.h>

#include "base/path.h"

struct overlay_file {
    struct slice path;
    struct blob blob;
};

/* Names known in one directory: present and hidden ones. */
struct overlay_directory {
    VEC(uint32_t) files; /* indices into overlay.files, in order of their setting */
};

struct overlay {
    struct arena *arena;
    struct tree below;
    VEC(struct overlay_file) files;
    VEC(struct overlay_directory) directories;
    struct map by_path, by_directory;
};

struct overlay *overlay_new(struct arena *arena, struct tree below) {
    struct overlay *overlay = ARENA_NEW(arena, struct overlay);
    overlay->arena = arena;
    overlay->below = below;
    map_init(&overlay->by_path, arena);
    map_init(&overlay->by_directory, arena);
    return overlay;
}

void overlay_set(struct overlay *overlay, struct slice path, struct blob blob) {
    uint32_t at = map_set_default(&overlay->by_path, path, overlay->files.count);
    if (at < overlay->files.count) {
        overlay->files.items[at].blob = blob;
        return;
    }
    vec_push(overlay->arena, &overlay->files, ((struct overlay_file){path, blob}));
    uint32_t directory =
        map_set_default(&overlay->by_directory, path_directory(path), overlay->directories.count);
    if (directory == overlay->directories.count)
        vec_push(overlay->arena, &overlay->directories, (struct overlay_directory){0});
    vec_push(overlay->arena, &overlay->directories.items[directory].files, at);
}

enum presence presence_of(const struct blob *blob, struct slice *content) {
    *content = SLICE_NONE;
    if (blob->state == CONTENT_ABSENT)
        return TREE_ABSENT;
    if (blob->state != CONTENT_TEXT || blob->fragment)
        return TREE_UNKNOWN;
    *content = blob->bytes;
    return TREE_PRESENT;
}

static enum presence overlay_read(void *self, struct slice path, struct slice *content) {
    const struct overlay *overlay = self;
    uint32_t at = map_get(&overlay->by_path, path);
    if (at != MAP_ABSENT)
        return presence_of(&overlay->files.items[at].blob, content);
    return overlay->below.read(overlay->below.self, path, content);
}

static int compare_names(const void *left, const void *right) {
    return slice_compare(*(const struct slice *)left, *(const struct slice *)right);
}

static bool is_regular(const struct blob *blob) {
    return blob->state != CONTENT_ABSENT && blob->state != CONTENT_SYMLINK &&
           blob->state != CONTENT_SUBMODULE;
}

static enum presence overlay_list(void *self, struct slice directory, struct slice **names,
                                  uint32_t *count) {
    const struct overlay *overlay = self;
    enum presence presence = overlay->below.list(overlay->below.self, directory, names, count);
    uint32_t at = map_get(&overlay->by_directory, directory);
    if (at == MAP_ABSENT)
        return presence;
    const struct overlay_directory *known = &overlay->directories.items[at];
    struct slice *all =
        ARENA_ARRAY(overlay->arena, struct slice, (size_t)*count + known->files.count);
    uint32_t total = 0;
    struct map here;
    map_init(&here, overlay->arena);
    for (uint32_t i = 0; i < known->files.count; i++) {
        const struct overlay_file *file = &overlay->files.items[known->files.items[i]];
        struct slice name = path_base(file->path);
        map_set(&here, name, 1);
        if (is_regular(&file->blob))
            all[total++] = name;
    }
    for (uint32_t i = 0; i < *count; i++)
        if (map_get(&here, (*names)[i]) == MAP_ABSENT)
            all[total++] = (*names)[i];
    qsort(all, total, sizeof *all, compare_names);
    *names = all;
    *count = total;
    return presence == TREE_ABSENT && total ? TREE_PRESENT : presence;
}

/* The first component of a path below the directory; SLICE_NONE if it is not, or a file in it. */
static struct slice folder_of(struct slice path, struct slice directory) {
    struct slice rest = slice_from(path, directory.size ? directory.size + 1 : 0);
    size_t slash = slice_find_byte(rest, '/');
    bool below = path_is_below(path, directory) && slash != SLICE_NPOS;
    return below ? slice_sub(rest, 0, slash) : SLICE_NONE;
}

static enum presence overlay_folders(void *self, struct slice directory, struct slice **names,
                                     uint32_t *count) {
    const struct overlay *overlay = self;
    VEC(struct slice) all = {0};
    struct map here;
    map_init(&here, overlay->arena);
    *names = NULL;
    *count = 0;
    enum presence presence =
        overlay->below.folders
            ? overlay->below.folders(overlay->below.self, directory, names, count)
            : TREE_UNKNOWN;
    for (uint32_t i = 0; i < *count; i++) {
        map_set(&here, (*names)[i], 1);
        vec_push(overlay->arena, &all, (*names)[i]);
    }
    for (uint32_t i = 0; i < overlay->files.count; i++) {
        struct slice name = folder_of(overlay->files.items[i].path, directory);
        if (slice_is_none(name) || map_get(&here, name) != MAP_ABSENT)
            continue;
        map_set(&here, name, 1);
        vec_push(overlay->arena, &all, name);
    }
    if (all.count)
        qsort(all.items, all.count, sizeof *all.items, compare_names);
    *names = all.items;
    *count = all.count;
    return presence;
}

static void overlay_expect(void *self, const struct slice *directories, uint32_t count,
                           bool (*wants)(void *context, struct slice path), void *context) {
    const struct tree *below = &((const struct overlay *)self)->below;
    below->expect(below->self, directories, count, wants, context);
}

struct tree overlay_tree(struct overlay *overlay) {
    return (struct tree){overlay_read, overlay_list, overlay, overlay_folders,
                         overlay->below.expect ? overlay_expect : NULL};
}

struct tree overlay_of_pairs(struct change *change, struct tree below) {
    struct overlay *overlay = overlay_new(change->arena, below);
    for (uint32_t i = 0; i < change->pairs.count; i++)
        if (change->pairs.items[i].status == PAIR_RENAMED)
            overlay_set(overlay, change->pairs.items[i].old_path, blob_absent());
    for (uint32_t i = 0; i < change->pairs.count; i++)
        overlay_set(overlay, change->pairs.items[i].path, change->pairs.items[i].after);
    return overlay_tree(overlay);
}

static enum presence empty_read(void *self, struct slice path, struct slice *content) {
    (void)self;
    (void)path;
    *content = SLICE_NONE;
    return TREE_ABSENT;
}

static enum presence empty_list(void *self, struct slice directory, struct slice **names,
                                uint32_t *count) {
    (void)self;
    (void)directory;
    *names = NULL;
    *count = 0;
    return TREE_ABSENT;
}

const struct tree tree_empty = {empty_read, empty_list, NULL, empty_list, NULL};

bool path_filter_passes(const struct path_filter *filter, struct slice path) {
    for (uint32_t i = 0; i < filter->items.count; i++)
        if (path_is_below(path, filter->items.items[i]))
            return true;
    return filter->items.count == 0;
}
