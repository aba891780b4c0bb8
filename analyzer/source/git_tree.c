#include "source/git.h"

#include "base/path.h"

enum { TREE_DEPTH = 2048 }; /* of directories; deeper is not known, as in newer gits */

/* One tree object, read once; its entries stay as git wrote them. */
struct tree_directory {
    enum presence presence;
    struct slice bytes;
};

struct tree_file {
    enum presence presence;
    struct slice content;
};

struct git_tree {
    struct git *git;
    struct arena *arena;
    struct slice root;
    struct map by_directory, by_file;
    VEC(struct tree_directory) directories;
    VEC(struct tree_file) files;
};

struct tree_entry {
    uint32_t mode;
    struct slice name, raw_id;
};

/* "mode name\0" and the id in binary; false at the end or on a damaged object. */
static bool next_entry(struct slice *rest, size_t raw_size, struct tree_entry *entry) {
    size_t space = slice_find_byte(*rest, ' '), end = slice_find_byte(*rest, '\0');
    if (space == SLICE_NPOS || end == SLICE_NPOS || space > end || space > 7 ||
        rest->size - end - 1 < raw_size)
        return false;
    entry->mode = 0;
    for (size_t i = 0; i < space; i++)
        entry->mode = entry->mode * 8 + ((uint32_t)(unsigned char)rest->data[i] & 7);
    entry->name = slice_sub(*rest, space + 1, end);
    entry->raw_id = slice_sub(*rest, end + 1, end + 1 + raw_size);
    *rest = slice_from(*rest, end + 1 + raw_size);
    return true;
}

static struct slice hexadecimal(struct arena *arena, struct slice raw) {
    char *text = arena_alloc(arena, raw.size * 2 + 1);
    for (size_t i = 0; i < raw.size; i++) {
        unsigned char byte = (unsigned char)raw.data[i];
        text[2 * i] = "0123456789abcdef"[byte >> 4];
        text[2 * i + 1] = "0123456789abcdef"[byte & 15];
    }
    return slice_make(text, raw.size * 2);
}

static bool find_entry(const struct git_tree *tree, struct slice bytes, struct slice name,
                       struct tree_entry *entry) {
    while (next_entry(&bytes, tree->root.size / 2, entry))
        if (slice_equal(entry->name, name))
            return true;
    return false;
}

static struct tree_directory directory_at(struct git_tree *tree, struct slice path);

static enum presence entry_at(struct git_tree *tree, struct slice path, struct tree_entry *entry) {
    struct tree_directory parent = directory_at(tree, path_directory(path));
    if (parent.presence != TREE_PRESENT)
        return parent.presence;
    return find_entry(tree, parent.bytes, path_base(path), entry) ? TREE_PRESENT : TREE_ABSENT;
}

static struct tree_directory load_directory(struct git_tree *tree, struct slice path) {
    struct slice id = tree->root;
    if (path.size) {
        struct tree_entry entry;
        enum presence presence = entry_at(tree, path, &entry);
        if (presence != TREE_PRESENT || entry.mode != 040000)
            return (struct tree_directory){presence == TREE_PRESENT ? TREE_ABSENT : presence,
                                           SLICE_NONE};
        id = hexadecimal(tree->arena, entry.raw_id);
    }
    struct git_object object = git_object(tree->git, tree->arena, id);
    if (slice_is_none(object.bytes) || object.type != OBJECT_TREE)
        return (struct tree_directory){TREE_UNKNOWN, SLICE_NONE};
    return (struct tree_directory){TREE_PRESENT, object.bytes};
}

/* Recursion is as deep as the path: a tree of tens of thousands of levels is possible in git. */
static bool is_too_deep(struct slice path) {
    uint32_t depth = 0;
    for (size_t i = 0; i < path.size; i++)
        depth += path.data[i] == '/';
    return depth > TREE_DEPTH;
}

static struct tree_directory directory_at(struct git_tree *tree, struct slice path) {
    uint32_t at = map_get(&tree->by_directory, path);
    if (at != MAP_ABSENT)
        return tree->directories.items[at];
    struct tree_directory directory = {TREE_UNKNOWN, SLICE_NONE};
    if (!is_too_deep(path))
        directory = load_directory(tree, path);
    map_set(&tree->by_directory, arena_copy(tree->arena, path), tree->directories.count);
    vec_push(tree->arena, &tree->directories, directory);
    return directory;
}

static bool is_file_mode(uint32_t mode) {
    return (mode & 0170000) == 0100000;
}

static struct tree_file load_file(struct git_tree *tree, struct slice path) {
    struct tree_entry entry;
    struct tree_file file = {TREE_ABSENT, SLICE_NONE};
    if (path.size == 0)
        return file;
    file.presence = entry_at(tree, path, &entry);
    if (file.presence != TREE_PRESENT)
        return file;
    if (!is_file_mode(entry.mode)) {
        file.presence = entry.mode == 040000 ? TREE_ABSENT : TREE_UNKNOWN;
        return file;
    }
    struct git_object object =
        git_object(tree->git, tree->arena, hexadecimal(tree->arena, entry.raw_id));
    struct blob blob = git_blob(tree->arena, &object, entry.mode);
    file.presence = presence_of(&blob, &file.content);
    return file;
}

static enum presence tree_read(void *self, struct slice path, struct slice *content) {
    struct git_tree *tree = self;
    uint32_t at = map_get(&tree->by_file, path);
    if (at == MAP_ABSENT) {
        struct tree_file file = load_file(tree, path);
        at = tree->files.count;
        map_set(&tree->by_file, arena_copy(tree->arena, path), at);
        vec_push(tree->arena, &tree->files, file);
    }
    *content = tree->files.items[at].content;
    return tree->files.items[at].presence;
}

static enum presence list_kind(struct git_tree *tree, struct slice path, bool files,
                               struct slice **names, uint32_t *count) {
    struct tree_directory directory = directory_at(tree, path);
    VEC(struct slice) found = {0};
    struct slice rest = directory.bytes;
    struct tree_entry entry;
    while (next_entry(&rest, tree->root.size / 2, &entry))
        if (files ? is_file_mode(entry.mode) : entry.mode == 040000)
            vec_push(tree->arena, &found, entry.name);
    *names = found.items;
    *count = found.count;
    return directory.presence;
}

static enum presence tree_list(void *self, struct slice path, struct slice **names,
                               uint32_t *count) {
    return list_kind(self, path, true, names, count);
}

static enum presence tree_folders(void *self, struct slice path, struct slice **names,
                                  uint32_t *count) {
    return list_kind(self, path, false, names, count);
}

enum { EXPECTED_FILES = 256 };

/* The directories of which only the names are known yet; their number. */
static uint32_t unread_directories(struct git_tree *tree, const struct slice *paths, uint32_t count,
                                   struct slice *unread, struct slice *ids) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct tree_entry entry;
        if (!paths[i].size || is_too_deep(paths[i]) ||
            map_get(&tree->by_directory, paths[i]) != MAP_ABSENT ||
            entry_at(tree, paths[i], &entry) != TREE_PRESENT || entry.mode != 040000)
            continue;
        unread[found] = paths[i];
        ids[found++] = hexadecimal(tree->arena, entry.raw_id);
    }
    return found;
}

/* What was asked for is in the cache of objects then. */
static void tree_expect(void *self, const struct slice *paths, uint32_t count,
                        bool (*wants)(void *context, struct slice path), void *context) {
    struct git_tree *tree = self;
    struct arena *arena = tree->arena;
    struct slice *unread = ARENA_ARRAY(arena, struct slice, count + 1u);
    struct slice *ids = ARENA_ARRAY(arena, struct slice, count + 1u);
    count = unread_directories(tree, paths, count, unread, ids);
    struct git_object *objects = ARENA_ARRAY(arena, struct git_object, count + 1u);
    git_objects(tree->git, arena, ids, count, objects);
    VEC(struct slice) files = {0};
    for (uint32_t i = 0; i < count; i++) {
        struct slice rest = objects[i].type == OBJECT_TREE ? objects[i].bytes : SLICE("");
        struct tree_entry entry;
        while (files.count < EXPECTED_FILES && next_entry(&rest, tree->root.size / 2, &entry))
            if (is_file_mode(entry.mode) && wants(context, path_join(arena, unread[i], entry.name)))
                vec_push(arena, &files, hexadecimal(arena, entry.raw_id));
    }
    objects = ARENA_ARRAY(arena, struct git_object, files.count + 1u);
    git_objects(tree->git, arena, files.items, files.count, objects);
}

struct tree git_tree(struct git *git, struct arena *arena, struct slice root) {
    if (slice_is_none(root))
        return tree_empty;
    struct git_tree *tree = ARENA_NEW(arena, struct git_tree);
    tree->git = git;
    tree->arena = arena;
    tree->root = root;
    map_init(&tree->by_directory, arena);
    map_init(&tree->by_file, arena);
    return (struct tree){tree_read, tree_list, tree, tree_folders, tree_expect};
}

enum presence git_tree_find(struct tree tree, struct slice path, uint32_t *mode, struct slice *id) {
    struct tree_entry entry;
    *mode = 0;
    *id = SLICE_NONE;
    if (tree.read != tree_read)
        return TREE_ABSENT;
    struct git_tree *self = tree.self;
    enum presence presence = entry_at(self, path, &entry);
    if (presence == TREE_PRESENT) {
        *mode = entry.mode;
        *id = hexadecimal(self->arena, entry.raw_id);
    }
    return presence;
}
