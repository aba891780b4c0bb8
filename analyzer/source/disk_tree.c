#include "source/disk.h"

#include "base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct listing {
    DIR *stream;
};

static void listing_close(void *object) {
    struct listing *listing = object;
    if (listing->stream)
        closedir(listing->stream);
    listing->stream = NULL;
}

/* Component by component: a symlink on the way is not followed. */
static DIR *open_stream(int directory, const char *path) {
    int at = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct slice rest = slice_of(path), part;
    while (rest.size && at >= 0 && slice_split(&rest, '/', &part)) {
        char name[256];
        if (part.size >= sizeof name) {
            close(at);
            errno = ENAMETOOLONG;
            return NULL;
        }
        memcpy(name, part.data, part.size);
        name[part.size] = '\0';
        int next = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int error = errno;
        close(at);
        errno = error;
        at = next;
    }
    DIR *stream = at < 0 ? NULL : fdopendir(at);
    if (!stream && at >= 0)
        close(at);
    return stream;
}

static int compare_entries(const void *left, const void *right) {
    const struct disk_entry *a = left, *b = right;
    return slice_compare(a->name, b->name);
}

static bool is_left_out(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, ".git") == 0;
}

bool disk_entries(struct arena *arena, int directory, struct slice path,
                  struct disk_entries *entries, struct slice *reason) {
    struct listing *listing = ARENA_NEW(arena, struct listing);
    arena_on_release(arena, listing_close, listing);
    *entries = (struct disk_entries){0};
    listing->stream = open_stream(directory, arena_text(arena, path));
    if (!listing->stream) {
        *reason = arena_format(arena, "cannot be listed: %s", strerror(errno));
        return false;
    }
    const struct dirent *found;
    while ((found = readdir(listing->stream))) {
        struct stat status;
        if (is_left_out(found->d_name) ||
            !disk_status(dirfd(listing->stream), found->d_name, &status))
            continue;
        struct slice name = arena_copy(arena, slice_of(found->d_name));
        vec_push(arena, &entries->list, ((struct disk_entry){name, S_ISDIR(status.st_mode)}));
    }
    listing_close(listing);
    if (entries->list.count)
        qsort(entries->list.items, entries->list.count, sizeof *entries->list.items,
              compare_entries);
    return true;
}

struct disk_tree {
    struct arena *arena;
    int directory;
};

static enum presence disk_tree_read(void *self, struct slice path, struct slice *content) {
    const struct disk_tree *tree = self;
    *content = SLICE_NONE;
    if (path.size == 0)
        return TREE_ABSENT;
    struct disk_file file = disk_load(tree->arena, tree->directory, path);
    struct blob blob = disk_blob(tree->arena, &file);
    return presence_of(&blob, content);
}

static enum presence list_kind(const struct disk_tree *tree, struct slice path, bool directories,
                               struct slice **names, uint32_t *count) {
    struct disk_entries entries;
    struct slice reason;
    *names = NULL;
    *count = 0;
    if (!disk_entries(tree->arena, tree->directory, path, &entries, &reason))
        return errno == EACCES ? TREE_UNKNOWN : TREE_ABSENT;
    *names = ARENA_ARRAY(tree->arena, struct slice, (size_t)entries.list.count + 1);
    for (uint32_t i = 0; i < entries.list.count; i++)
        if (entries.list.items[i].is_directory == directories)
            (*names)[(*count)++] = entries.list.items[i].name;
    return TREE_PRESENT;
}

static enum presence disk_tree_list(void *self, struct slice path, struct slice **names,
                                    uint32_t *count) {
    return list_kind(self, path, false, names, count);
}

static enum presence disk_tree_folders(void *self, struct slice path, struct slice **names,
                                       uint32_t *count) {
    return list_kind(self, path, true, names, count);
}

struct tree disk_tree(struct arena *arena, int directory) {
    struct disk_tree *tree = ARENA_NEW(arena, struct disk_tree);
    *tree = (struct disk_tree){arena, directory};
    return (struct tree){disk_tree_read, disk_tree_list, tree, disk_tree_folders, NULL};
}
