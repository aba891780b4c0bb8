#include "source/submodule.h"

#include "base/path.h"
#include "source/disk.h"

static bool is_id(struct slice text) {
    for (size_t i = 0; i < text.size; i++)
        if (!((text.data[i] >= '0' && text.data[i] <= '9') ||
              (text.data[i] >= 'a' && text.data[i] <= 'f')))
            return false;
    return text.size == 40 || text.size == 64;
}

/* Where a file of the submodule's git directory is. A linked work tree keeps it elsewhere, so the
 * path may leave the work tree; what is read there must be an id to count. */
struct git_directory {
    int descriptor;
    struct slice base;
};

static struct slice load(struct arena *arena, const struct git_directory *at, const char *name) {
    struct slice path = arena_format(arena, "%.*s/%s", SLICE_ARGS(at->base), name);
    struct disk_file file = disk_load(arena, at->descriptor, path);
    return file.kind == DISK_FILE ? file.bytes : SLICE_NONE;
}

/* "ID name" lines, sorted or not. */
static struct slice find_packed(struct slice packed, struct slice name) {
    struct slice line, id;
    while (slice_split(&packed, '\n', &line))
        if (slice_split(&line, ' ', &id) && slice_equal(line, name) && is_id(id))
            return id;
    return SLICE_NONE;
}

static struct git_directory find_directory(struct arena *arena, int directory, struct slice path) {
    struct slice inner = path_join(arena, path, SLICE(".git"));
    struct disk_file file = disk_load(arena, directory, inner);
    struct slice link = file.kind == DISK_FILE ? slice_trim(file.bytes) : SLICE_NONE;
    if (!slice_starts(link, SLICE("gitdir: ")))
        return (struct git_directory){directory, inner};
    link = slice_from(link, strlen("gitdir: "));
    if (link.size && link.data[0] == '/')
        return (struct git_directory){disk_open_directory(arena, "/"), slice_from(link, 1)};
    struct slice base = arena_format(arena, "%.*s/%.*s", SLICE_ARGS(path), SLICE_ARGS(link));
    return (struct git_directory){directory, base};
}

enum presence submodule_head(struct arena *arena, int directory, struct slice path,
                             struct slice *id, struct slice *reason) {
    struct stat status;
    *id = *reason = SLICE_NONE;
    struct slice inner = path_join(arena, path, SLICE(".git"));
    if (slice_is_none(inner) || !disk_status(directory, arena_text(arena, inner), &status))
        return TREE_ABSENT;
    *reason = SLICE("the commit of the submodule's checkout cannot be read");
    struct git_directory at = find_directory(arena, directory, path);
    struct slice head = slice_trim(load(arena, &at, "HEAD"));
    if (slice_starts(head, SLICE("ref: "))) {
        struct slice name = slice_from(head, strlen("ref: "));
        head = slice_trim(load(arena, &at, arena_text(arena, name)));
        if (head.size == 0)
            head = find_packed(load(arena, &at, "packed-refs"), name);
    }
    if (!is_id(head))
        return TREE_UNKNOWN;
    *id = head;
    return TREE_PRESENT;
}
