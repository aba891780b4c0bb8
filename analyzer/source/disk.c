#include "source/disk.h"

#include "base/file.h"
#include "base/path.h"
#include "base/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

bool disk_status(int directory, const char *path, struct stat *status) {
    return fstatat(directory, path, status, AT_SYMLINK_NOFOLLOW) == 0;
}

/* A descriptor the arena closes should a failure unwind past its owner. */
struct guarded {
    int descriptor;
};

static void guarded_close(void *object) {
    struct guarded *guarded = object;
    if (guarded->descriptor >= 0)
        close(guarded->descriptor);
    guarded->descriptor = -1;
}

static struct guarded *guarded_new(struct arena *arena) {
    struct guarded *guarded = ARENA_NEW(arena, struct guarded);
    guarded->descriptor = -1;
    arena_on_release(arena, guarded_close, guarded);
    return guarded;
}

/* Opens the directory that holds `path`, component by component; false with errno. */
static bool open_parent(struct guarded *parent, int directory, struct slice path) {
    struct slice rest = path_directory(path), part;
    parent->descriptor = fcntl(directory, F_DUPFD_CLOEXEC, 3);
    while (rest.size && parent->descriptor >= 0 && slice_split(&rest, '/', &part)) {
        char name[NAME_MAX + 1];
        if (part.size > NAME_MAX) {
            errno = ENAMETOOLONG;
            return false;
        }
        memcpy(name, part.data, part.size);
        name[part.size] = '\0';
        int next =
            openat(parent->descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        int error = errno;
        guarded_close(parent);
        parent->descriptor = next;
        errno = error;
    }
    return parent->descriptor >= 0;
}

static bool is_gone(int error) {
    return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

static struct disk_file disk_failed(struct arena *arena, int error) {
    if (is_gone(error))
        return (struct disk_file){.kind = DISK_ABSENT};
    return (struct disk_file){.kind = DISK_ERROR,
                              .mode = 0100644,
                              .reason = arena_format(arena, "cannot be read: %s", strerror(error))};
}

static struct disk_file load_link(struct arena *arena, int parent, const char *name) {
    char target[PATH_MAX];
    ssize_t size = readlinkat(parent, name, target, sizeof target);
    if (size < 0)
        return disk_failed(arena, errno);
    struct slice bytes = arena_copy(arena, slice_make(target, (size_t)size));
    return (struct disk_file){
        .kind = DISK_LINK, .mode = 0120000, .bytes = bytes, .size = (uint64_t)size};
}

/* A file may grow while it is read: what was there at the time of fstat is what is judged. */
static struct disk_file load_open(struct arena *arena, int file, const struct stat *status) {
    struct disk_file result = {.kind = DISK_FILE, .size = (uint64_t)status->st_size};
    result.mode = status->st_mode & 0100 ? 0100755 : 0100644;
    if (result.size > SOURCE_FILE_BYTES) {
        result.kind = DISK_TOO_LARGE;
        result.reason = arena_format(arena, "%llu bytes (limit %d)",
                                     (unsigned long long)result.size, (int)SOURCE_FILE_BYTES);
        return result;
    }
    char *bytes = arena_alloc(arena, (size_t)result.size + 1);
    ssize_t got = file_read_all(file, bytes, (size_t)result.size);
    if (got < 0)
        return disk_failed(arena, errno);
    result.bytes = slice_make(bytes, (size_t)got);
    return result;
}

static int open_regular(int parent, const char *name, struct stat *status) {
    int file = openat(parent, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (file < 0)
        return -1;
    if (fstat(file, status) == 0 && S_ISREG(status->st_mode))
        return file;
    close(file);
    errno = EINVAL;
    return -1;
}

static struct disk_file load_in(struct arena *arena, int parent, const char *name) {
    struct stat status;
    if (!disk_status(parent, name, &status))
        return disk_failed(arena, errno);
    if (S_ISLNK(status.st_mode))
        return load_link(arena, parent, name);
    if (S_ISDIR(status.st_mode))
        return (struct disk_file){.kind = DISK_ABSENT};
    if (!S_ISREG(status.st_mode))
        return (struct disk_file){
            .kind = DISK_ERROR, .mode = 0100644, .reason = SLICE("neither a file nor a symlink")};
    struct guarded *file = guarded_new(arena);
    file->descriptor = open_regular(parent, name, &status);
    if (file->descriptor < 0)
        return disk_failed(arena, errno);
    struct disk_file result = load_open(arena, file->descriptor, &status);
    guarded_close(file);
    return result;
}

struct disk_file disk_load(struct arena *arena, int directory, struct slice path) {
    struct guarded *parent = guarded_new(arena);
    if (!open_parent(parent, directory, path))
        return disk_failed(arena, errno);
    struct disk_file file = load_in(arena, parent->descriptor, arena_text(arena, path_base(path)));
    guarded_close(parent);
    return file;
}

struct disk_file disk_load_named(struct arena *arena, const char *path) {
    struct guarded *file = guarded_new(arena);
    struct disk_file result = {.kind = DISK_FILE, .mode = 0100644};
    struct strbuf text;
    char bytes[16 << 10];
    ssize_t got = -1;
    strbuf_init(&text, arena);
    file->descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    while (file->descriptor >= 0 && text.size <= SOURCE_FILE_BYTES &&
           ((got = read(file->descriptor, bytes, sizeof bytes)) > 0 || (got < 0 && errno == EINTR)))
        strbuf_add(&text, slice_make(bytes, got > 0 ? (size_t)got : 0));
    if (got < 0)
        failure_raise(arena->failure, BERM_ERROR_IO, (struct place){path, 0, 0}, "%s",
                      strerror(errno));
    guarded_close(file);
    result.bytes = strbuf_slice(&text);
    result.size = text.size;
    if (text.size > SOURCE_FILE_BYTES) {
        result.kind = DISK_TOO_LARGE;
        result.reason = arena_format(arena, "over the limit of %d bytes", (int)SOURCE_FILE_BYTES);
    }
    return result;
}

int disk_open(struct arena *arena, int directory, struct slice path) {
    struct stat status;
    const char *name = arena_text(arena, path_base(path));
    struct guarded *parent = guarded_new(arena);
    int file =
        open_parent(parent, directory, path) ? open_regular(parent->descriptor, name, &status) : -1;
    guarded_close(parent);
    return file;
}

struct blob disk_blob(struct arena *arena, const struct disk_file *file) {
    if (file->kind == DISK_ABSENT)
        return blob_absent();
    if (file->kind == DISK_ERROR || file->kind == DISK_TOO_LARGE)
        return blob_unreadable(file->reason, file->mode);
    return blob_from_bytes(arena, file->bytes, file->mode);
}

int disk_open_directory(struct arena *arena, const char *path) {
    struct guarded *directory = guarded_new(arena);
    directory->descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory->descriptor < 0)
        failure_raise(arena->failure, BERM_ERROR_IO, (struct place){path, 0, 0}, "%s",
                      strerror(errno));
    return directory->descriptor;
}
