/* Who calls a module: directories of the change, and those near the module in the repository. */
#include "base/path.h"
#include "delta/work.h"

#include <stdlib.h>

enum {
    CALLER_ABOVE = 4,         /* levels above a module that are looked at */
    CALLER_BELOW = 3,         /* levels below each of those */
    CALLER_DIRECTORIES = 128, /* of a repository, for one module */
    CALLER_BYTES = 4 << 20,   /* read in them */
    CALLERS_MAX = 16,         /* calls that a module is seen through */
};

struct search {
    struct run *run;
    struct slice directory; /* of the module */
    struct callers *found;
    struct map seen[UNIT_SIDES]; /* directories looked at */
    uint32_t directories;
    size_t bytes;
};

struct slice caller_target(struct arena *arena, struct slice directory, const struct value *body) {
    struct slice source = value_literal(value_get(body, SLICE("source")));
    bool here = slice_starts(source, SLICE("./")) || slice_starts(source, SLICE("../")) ||
                slice_is(source, ".") || slice_is(source, "..");
    return here ? path_join(arena, directory, source) : SLICE_NONE;
}

static bool is_found(const struct search *search, const struct caller *caller) {
    for (uint32_t i = 0; i < search->found->list.count; i++)
        if (slice_equal(search->found->list.items[i].directory, caller->directory) &&
            slice_equal(search->found->list.items[i].name, caller->name))
            return true;
    return false;
}

static void add_calls(struct search *search, struct slice directory,
                      const struct entity_list *list) {
    for (uint32_t i = 0; i < list->count && search->found->list.count < CALLERS_MAX; i++) {
        const struct entity *entity = &list->items[i];
        if (!slice_is(entity->kind, "module") ||
            !slice_equal(caller_target(search->run->arena, directory, entity->body),
                         search->directory))
            continue;
        struct caller caller = {directory, entity->name, ENVIRONMENT_UNKNOWN};
        if (!is_found(search, &caller))
            vec_push(search->run->arena, &search->found->list, caller);
    }
}

static void search_file(struct search *search, const struct dialect *dialect,
                        struct slice directory, struct slice bytes) {
    struct reader *reader = search->run->reader;
    struct slice name = path_base(search->directory);
    uint32_t count;
    search->bytes += bytes.size;
    if (!slice_contains(bytes, name) || !slice_contains(bytes, SLICE("source")))
        return;
    const struct block *blocks = reader_blocks(reader, dialect, bytes, &count);
    for (uint32_t i = 0; i < count; i++)
        if (slice_contains(blocks[i].bytes, name) &&
            slice_contains(blocks[i].bytes, SLICE("source")))
            add_calls(search, directory, entity_read(reader, dialect, blocks[i].bytes));
}

static void search_directory(struct search *search, const struct tree *tree,
                             struct slice directory) {
    struct slice *names = NULL;
    uint32_t count = 0;
    bool before = tree == &search->run->sources.change->before;
    struct map *seen = &search->seen[before ? UNIT_BEFORE : UNIT_AFTER];
    if (map_get(seen, directory) != MAP_ABSENT || search->directories >= CALLER_DIRECTORIES)
        return;
    map_set(seen, directory, 1);
    search->directories++;
    if (slice_equal(directory, search->directory))
        return;
    tree->list(tree->self, directory, &names, &count);
    for (uint32_t i = 0; i < count && search->bytes < CALLER_BYTES; i++) {
        struct slice path = path_join(search->run->arena, directory, names[i]), bytes;
        const struct dialect *dialect = reader_path(search->run->reader, path)->dialect;
        if (dialect && dialect->unit == UNIT_DIRECTORY &&
            tree->read(tree->self, path, &bytes) == TREE_PRESENT)
            search_file(search, dialect, directory, bytes);
    }
}

static void search_below(struct search *search, struct slice directory, uint32_t levels) {
    const struct tree *tree = &search->run->sources.change->after;
    struct slice *names = NULL;
    uint32_t count = 0;
    search_directory(search, tree, directory);
    if (!levels || !tree->folders || search->directories >= CALLER_DIRECTORIES)
        return;
    tree->folders(tree->self, directory, &names, &count);
    for (uint32_t i = 0; i < count; i++)
        search_below(search, path_join(search->run->arena, directory, names[i]), levels - 1);
}

static void search_change(struct search *search) {
    const struct change *change = search->run->sources.change;
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        const struct pair *pair = &change->pairs.items[i];
        const struct dialect *was = pair_dialect(&search->run->sources, pair, true);
        const struct dialect *is = pair_dialect(&search->run->sources, pair, false);
        if (was && was->unit == UNIT_DIRECTORY)
            search_directory(search, &change->before, path_directory(pair->old_path));
        if (is && is->unit == UNIT_DIRECTORY)
            search_directory(search, &change->after, path_directory(pair->path));
    }
}

/* Where it matters most first: production, then by name. */
static int by_weight(const void *a, const void *b) {
    const struct caller *left = a, *right = b;
    if (left->environment != right->environment)
        return left->environment > right->environment ? -1 : 1;
    int order = slice_compare(left->directory, right->directory);
    return order ? order : slice_compare(left->name, right->name);
}

void callers_find(struct run *run, struct slice directory, struct callers *callers) {
    struct search search = {.run = run, .directory = directory, .found = callers};
    struct slice above = directory;
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        map_init(&search.seen[s], run->arena);
    search_change(&search);
    for (uint32_t i = 0; i < CALLER_ABOVE && above.size && !callers->list.count; i++) {
        above = path_directory(above);
        search_below(&search, above, CALLER_BELOW);
    }
    for (uint32_t i = 0; i < callers->list.count; i++) {
        struct caller *caller = &callers->list.items[i];
        struct slice inside = path_join(run->arena, caller->directory, SLICE("x"));
        caller->environment = reader_path(run->reader, inside)->environment;
    }
    if (callers->list.count)
        qsort(callers->list.items, callers->list.count, sizeof *callers->list.items, by_weight);
}
