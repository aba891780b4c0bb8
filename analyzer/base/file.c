#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

_Noreturn static void fail(struct arena *arena, int descriptor, const char *path,
                           const char *reason) {
    if (descriptor >= 0)
        close(descriptor);
    failure_raise(arena->failure, BERM_ERROR_IO, (struct place){path, 0, 0}, "%s", reason);
}

ssize_t file_read_all(int descriptor, char *data, size_t size) {
    size_t done = 0;
    while (done < size) {
        ssize_t got = read(descriptor, data + done, size - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/* Memory is taken before the file is opened: taking it may unwind. */
bool file_read(struct arena *arena, const char *path, struct slice *content) {
    struct stat status;
    if (stat(path, &status)) {
        if (errno == ENOENT || errno == ENOTDIR)
            return false;
        fail(arena, -1, path, "cannot be read");
    }
    if (!S_ISREG(status.st_mode) || status.st_size > FILE_BYTES_MAX)
        fail(arena, -1, path, "is no regular file, or larger than 64 MiB");
    size_t size = (size_t)status.st_size;
    char *data = arena_alloc(arena, size + 1);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = descriptor < 0 ? -1 : file_read_all(descriptor, data, size);
    if (got < 0)
        fail(arena, descriptor, path, "cannot be read");
    close(descriptor);
    *content = slice_make(data, (size_t)got);
    return true;
}
