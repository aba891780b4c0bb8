#include "delta/bundle.h"

#include "base/path.h"

struct walk {
    const struct unit_sources *sources;
    const struct tree *tree;
    struct slice lists;
    struct slice folder; /* whose lists are read */
    struct bundle *bundle;
};

void bundle_entries(const struct dialect *dialect, const struct value *body, bundle_visitor *visit,
                    void *context) {
    struct slice names = dialect && dialect->record ? dialect_property(dialect, "lists_files")
                                                    : SLICE_NONE,
                 name;
    while (slice_split(&names, ',', &name)) {
        const struct value *list = value_at(body, slice_trim(name));
        for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++) {
            struct slice entry = value_literal(list->items[i].value);
            if (entry.size)
                visit(entry, context);
        }
    }
}

static bool list_read(const struct walk *walk, struct slice folder, struct slice *path,
                      struct slice *bytes) {
    struct slice names = walk->lists, name;
    while (slice_split(&names, ',', &name)) {
        *path = path_join(walk->sources->arena, folder, slice_trim(name));
        if (!slice_is_none(*path) &&
            walk->tree->read(walk->tree->self, *path, bytes) == TREE_PRESENT)
            return true;
    }
    return false;
}

static void add_file(struct walk *walk, struct slice path) {
    struct bundle *bundle = walk->bundle;
    if (bundle->files.count >= BUNDLE_FILES)
        bundle->partial = true;
    else if (map_set_default(&bundle->index, path, bundle->files.count) == bundle->files.count)
        vec_push(walk->sources->arena, &bundle->files, path);
}

static bool is_new_folder(const struct bundle *bundle, struct slice folder) {
    for (uint32_t i = 0; i < bundle->folders.count; i++)
        if (slice_equal(bundle->folders.items[i], folder))
            return false;
    return true;
}

/* False if the folder has no list. What is found there is followed later, not inside of this. */
static bool add_folder(struct walk *walk, struct slice folder) {
    struct slice path, bytes;
    if (!list_read(walk, folder, &path, &bytes))
        return false;
    if (walk->bundle->folders.count >= BUNDLE_FOLDERS)
        walk->bundle->partial = true;
    else if (is_new_folder(walk->bundle, folder))
        vec_push(walk->sources->arena, &walk->bundle->folders, folder);
    return true;
}

static void add_entry(struct slice entry, void *context) {
    struct walk *walk = context;
    struct slice bytes, path = slice_contains(entry, SLICE("://"))
                                   ? SLICE_NONE
                                   : path_join(walk->sources->arena, walk->folder, entry);
    if (slice_is_none(path) || add_folder(walk, path))
        return;
    if (walk->tree->read(walk->tree->self, path, &bytes) == TREE_PRESENT)
        add_file(walk, path);
    else
        walk->bundle->partial = true;
}

static void read_lists(struct walk *walk) {
    struct slice path, bytes;
    if (!list_read(walk, walk->folder, &path, &bytes))
        return;
    struct reader *reader = walk->sources->reader;
    const struct dialect *dialect = language_detect(walk->sources->dialects, path, bytes);
    uint32_t count = 0;
    const struct block *blocks = dialect ? reader_blocks(reader, dialect, bytes, &count) : NULL;
    for (uint32_t i = 0; i < count; i++) {
        const struct entity_list *list = entity_read(reader, dialect, blocks[i].bytes);
        for (uint32_t k = 0; k < list->count; k++)
            bundle_entries(dialect, list->items[k].body, add_entry, walk);
    }
}

static struct walk walk_begin(const struct unit_sources *sources, bool before, struct slice folder,
                              struct slice lists, struct bundle *bundle) {
    *bundle = (struct bundle){.partial = false};
    map_init(&bundle->index, sources->arena);
    return (struct walk){.sources = sources,
                         .tree = before ? &sources->change->before : &sources->change->after,
                         .lists = lists,
                         .folder = folder,
                         .bundle = bundle};
}

/* Folders that are found on the way stand behind those that were there. */
static void walk_on(struct walk *walk) {
    for (uint32_t i = 0; i < walk->bundle->folders.count; i++) {
        walk->folder = walk->bundle->folders.items[i];
        read_lists(walk);
    }
}

bool bundle_open(const struct unit_sources *sources, bool before, struct slice folder,
                 struct slice lists, struct bundle *bundle) {
    struct walk walk = walk_begin(sources, before, folder, lists, bundle);
    bool found = add_folder(&walk, folder);
    walk_on(&walk);
    return found;
}

void bundle_follow(const struct unit_sources *sources, bool before, struct slice folder,
                   struct slice entry, struct slice lists, struct bundle *bundle) {
    struct walk walk = walk_begin(sources, before, folder, lists, bundle);
    add_entry(entry, &walk);
    walk_on(&walk);
}

bool bundle_holds(const struct bundle *bundle, struct slice path) {
    return map_get(&bundle->index, path) != MAP_ABSENT;
}

struct slice bundle_name(struct arena *arena, const struct entity *entity) {
    return ARENA_CONCAT(arena, entity->type, SLICE("/"), entity->name);
}

static void declare_file(const struct unit_sources *sources, struct slice path, struct slice bytes,
                         struct bundle_names *names) {
    const struct dialect *dialect = language_detect(sources->dialects, path, bytes);
    uint32_t count = 0;
    const struct block *blocks =
        dialect ? reader_blocks(sources->reader, dialect, bytes, &count) : NULL;
    for (uint32_t i = 0; i < count; i++) {
        const struct entity_list *list = entity_read(sources->reader, dialect, blocks[i].bytes);
        for (uint32_t k = 0; k < list->count; k++)
            if (slice_is(list->items[k].kind, "resource"))
                vec_push(sources->arena, &names->list,
                         bundle_name(sources->arena, &list->items[k]));
    }
}

void bundle_declared(const struct unit_sources *sources, bool before, const struct bundle *bundle,
                     struct bundle_names *names) {
    const struct tree *tree = before ? &sources->change->before : &sources->change->after;
    struct slice bytes;
    for (uint32_t i = 0; i < bundle->files.count; i++)
        if (tree->read(tree->self, bundle->files.items[i], &bytes) == TREE_PRESENT)
            declare_file(sources, bundle->files.items[i], bytes, names);
}
