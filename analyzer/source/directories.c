#include "source/disk.h"

#include "base/path.h"

struct paths {
    VEC(struct slice) list;
};

/* All files below; the work list instead of recursion keeps deep trees off the stack. */
static void walk(struct change *change, int directory, bool before, struct paths *paths) {
    struct arena *arena = change->arena;
    struct paths waiting = {0};
    vec_push(arena, &waiting.list, SLICE(""));
    for (uint32_t at = 0; at < waiting.list.count; at++) {
        struct slice path = waiting.list.items[at], reason;
        struct disk_entries entries;
        if (!disk_entries(arena, directory, path, &entries, &reason)) {
            vec_push(arena, &change->notes.list, ((struct note){path, 0, before, reason, false}));
            continue;
        }
        for (uint32_t i = 0; i < entries.list.count; i++) {
            const struct disk_entry *entry = &entries.list.items[i];
            struct slice inner = path.size ? arena_format(arena, "%.*s/%.*s", SLICE_ARGS(path),
                                                          SLICE_ARGS(entry->name))
                                           : entry->name;
            if (waiting.list.count + paths->list.count >= SOURCE_PAIRS)
                failure_raise(arena->failure, BERM_ERROR_LIMIT, PLACE_NONE,
                              "more than %d files in one directory", (int)SOURCE_PAIRS);
            if (entry->is_directory)
                vec_push(arena, &waiting.list, inner);
            else
                vec_push(arena, &paths->list, inner);
        }
    }
}

struct sides {
    struct change *change;
    int before, after; /* descriptors */
    struct arena *scratch;
};

static bool is_same_file(struct sides *sides, struct slice path) {
    struct disk_file a = disk_load(sides->scratch, sides->before, path);
    struct disk_file b = disk_load(sides->scratch, sides->after, path);
    bool same = a.kind == b.kind && a.mode == b.mode &&
                (a.kind == DISK_FILE || a.kind == DISK_LINK) && slice_equal(a.bytes, b.bytes);
    arena_release(sides->scratch);
    return same;
}

static void add_pair(struct sides *sides, struct slice path, bool before, bool after) {
    struct arena *arena = sides->change->arena;
    struct pair pair = {.path = path, .status = PAIR_MODIFIED};
    pair.before = pair.after = blob_absent();
    if (before) {
        struct disk_file file = disk_load(arena, sides->before, path);
        pair.before = disk_blob(arena, &file);
    }
    if (after) {
        struct disk_file file = disk_load(arena, sides->after, path);
        pair.after = disk_blob(arena, &file);
    }
    if (pair.before.state == CONTENT_ABSENT)
        pair.status = PAIR_ADDED;
    else if (pair.after.state == CONTENT_ABSENT)
        pair.status = PAIR_REMOVED;
    change_add(sides->change, pair);
}

static void release_scratch(void *object) {
    arena_release(object);
}

static void compare_paths(struct sides *sides, const struct paths *old, const struct paths *now) {
    struct map in_old, in_new;
    map_init(&in_old, sides->change->arena);
    map_init(&in_new, sides->change->arena);
    for (uint32_t i = 0; i < old->list.count; i++)
        map_set(&in_old, old->list.items[i], i);
    for (uint32_t i = 0; i < now->list.count; i++)
        map_set(&in_new, now->list.items[i], i);
    for (uint32_t i = 0; i < old->list.count; i++) {
        struct slice path = old->list.items[i];
        bool both = map_get(&in_new, path) != MAP_ABSENT;
        if (!both || !is_same_file(sides, path))
            add_pair(sides, path, true, both);
    }
    for (uint32_t i = 0; i < now->list.count; i++)
        if (map_get(&in_old, now->list.items[i]) == MAP_ABSENT)
            add_pair(sides, now->list.items[i], false, true);
}

struct change *source_directories(struct arena *arena, const char *before, const char *after) {
    struct sides sides = {.change = change_new(arena)};
    sides.scratch = ARENA_NEW(arena, struct arena);
    arena_init(sides.scratch, arena->failure, 0);
    arena_on_release(arena, release_scratch, sides.scratch);
    sides.before = disk_open_directory(arena, before);
    sides.after = disk_open_directory(arena, after);
    struct paths old = {0}, now = {0};
    walk(sides.change, sides.before, true, &old);
    walk(sides.change, sides.after, false, &now);
    compare_paths(&sides, &old, &now);
    change_finish(sides.change); /* sorted, so that renames are found in path order */
    change_pair_moved(sides.change);
    change_finish(sides.change);
    sides.change->before = sides.change->policy = disk_tree(arena, sides.before);
    sides.change->after = disk_tree(arena, sides.after);
    return sides.change;
}

/* For display and for the choice of a language: no '/' in front, no "..". */
static struct slice shown_path(struct arena *arena, const char *path) {
    struct slice shown = slice_of(path);
    while (slice_starts(shown, SLICE("../")) || slice_starts(shown, SLICE("./")))
        shown = slice_from(shown, slice_find_byte(shown, '/') + 1);
    struct slice clean = path_normalise(arena, shown);
    return slice_is_none(clean) ? path_base(shown) : clean;
}

static bool is_directory(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static struct blob named_blob(struct arena *arena, const char *path) {
    if (strcmp(path, "/dev/null") == 0)
        return blob_absent();
    struct disk_file file = disk_load_named(arena, path);
    return disk_blob(arena, &file);
}

struct change *source_files(struct arena *arena, const char *before, const char *after) {
    if (is_directory(before) && is_directory(after))
        return source_directories(arena, before, after);
    struct change *change = change_new(arena);
    struct pair pair = {.status = PAIR_MODIFIED};
    pair.before = named_blob(arena, before);
    pair.after = named_blob(arena, after);
    bool gone = pair.after.state == CONTENT_ABSENT;
    pair.path = pair.old_path = shown_path(arena, gone ? before : after);
    if (gone)
        pair.status = PAIR_REMOVED;
    else if (pair.before.state == CONTENT_ABSENT)
        pair.status = PAIR_ADDED;
    change_add(change, pair);
    change_finish(change);
    return change;
}
