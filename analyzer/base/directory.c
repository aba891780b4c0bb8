#include "base/directory.h"

#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Open directories are let go by the arena if a failure unwinds. */
struct handle {
    DIR *stream;
};

struct listing {
    struct arena *arena;
    const char *root;
    VEC(struct slice) files;
};

static void handle_close(void *object) {
    struct handle *handle = object;
    if (handle->stream)
        closedir(handle->stream);
    handle->stream = NULL;
}

static _Noreturn void fail(const struct listing *listing, const char *path, const char *what) {
    failure_raise(listing->arena->failure, BERM_ERROR_IO, (struct place){path, 0, 0}, "%s", what);
}

static const char *full_path(struct arena *arena, const char *root, struct slice relative) {
    return relative.size ? arena_format(arena, "%s/%.*s", root, SLICE_ARGS(relative)).data : root;
}

static void list_folder(struct listing *listing, struct slice folder, uint32_t depth);

static void list_entry(struct listing *listing, struct slice folder, const char *name,
                       uint32_t depth) {
    if (name[0] == '.' || !strcmp(name, "node_modules"))
        return;
    struct slice relative =
        arena_format(listing->arena, "%.*s%s%s", SLICE_ARGS(folder), folder.size ? "/" : "", name);
    const char *path = full_path(listing->arena, listing->root, relative);
    struct stat link, target;
    if (lstat(path, &link) || stat(path, &target))
        return; /* a dangling link, or gone meanwhile */
    if (S_ISDIR(link.st_mode))
        list_folder(listing, relative, depth + 1);
    else if (S_ISREG(target.st_mode))
        vec_push(listing->arena, &listing->files, relative);
    if (listing->files.count > DIRECTORY_FILES)
        fail(listing, listing->root, "holds too many files");
}

static void list_folder(struct listing *listing, struct slice folder, uint32_t depth) {
    const char *path = full_path(listing->arena, listing->root, folder);
    if (depth > DIRECTORY_DEPTH)
        fail(listing, path, "is nested too deeply");
    struct handle *handle = ARENA_NEW(listing->arena, struct handle);
    arena_on_release(listing->arena, handle_close, handle);
    handle->stream = opendir(path);
    if (!handle->stream)
        fail(listing, path, "cannot be read");
    for (const struct dirent *entry; (entry = readdir(handle->stream));)
        list_entry(listing, folder, entry->d_name, depth);
    handle_close(handle);
}

static int compare_files(const void *a, const void *b) {
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

bool directory_files(struct arena *arena, const char *path, struct slice **files, uint32_t *count) {
    struct listing listing = {.arena = arena, .root = path};
    struct stat status;
    *files = NULL;
    *count = 0;
    if (stat(path, &status) && (errno == ENOENT || errno == ENOTDIR))
        return false;
    list_folder(&listing, SLICE(""), 0);
    if (listing.files.count)
        qsort(listing.files.items, listing.files.count, sizeof *listing.files.items, compare_files);
    *files = listing.files.items;
    *count = listing.files.count;
    return true;
}
