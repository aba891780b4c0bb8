/* pipe2 is the only way to a descriptor that no other thread's child inherits. */
#define _GNU_SOURCE
#include "base/process.h"

#include "base/memory.h"
#include "base/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_BUFFER = 64 << 10, READ_AHEAD = 1 << 20, ERROR_TEXT = 4096 };

struct process {
    pid_t pid; /* 0: already waited for */
    int input, output, errors;
    bool succeeded;
    size_t start, end; /* unread bytes of buffer */
    size_t error_size;
    char *buffer; /* READ_BUFFER bytes, given back when the child is let go */
    char error_text[ERROR_TEXT];
};

const char *process_find(struct arena *arena, const char *program) {
    const char *path = getenv("PATH");
    struct slice rest = slice_of(path && *path ? path : "/usr/local/bin:/usr/bin:/bin"), entry;
    while (slice_split(&rest, ':', &entry)) {
        if (entry.size == 0 || entry.data[0] != '/')
            continue;
        const char *file = arena_format(arena, "%.*s/%s", SLICE_ARGS(entry), program).data;
        struct stat status;
        if (stat(file, &status) == 0 && S_ISREG(status.st_mode) && access(file, X_OK) == 0)
            return file;
    }
    return NULL;
}

static void close_end(int *descriptor) {
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

static void process_release(void *object) {
    process_end(object);
}

/* The three channels, ours in ours[], the child's in child[]. */
static bool open_channels(int ours[3], int child[3]) {
    int pair[2];
    for (int i = 0; i < 3; i++)
        ours[i] = child[i] = -1;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    ours[0] = pair[0];
    child[0] = pair[1];
    for (int i = 1; i < 3; i++) {
        if (pipe2(pair, O_CLOEXEC) != 0)
            return false;
        ours[i] = pair[0];
        child[i] = pair[1];
    }
    return true;
}

static int spawn(pid_t *pid, const struct process_options *options, const int child[3]) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return ENOMEM;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return ENOMEM;
    }
    sigset_t defaults, none;
    sigemptyset(&none);
    sigfillset(&defaults);
    sigdelset(&defaults, SIGKILL);
    sigdelset(&defaults, SIGSTOP);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    int status = 0;
    for (int i = 0; i < 3 && !status; i++)
        status = posix_spawn_file_actions_adddup2(&actions, child[i], i);
    if (!status)
        status = posix_spawn(pid, options->arguments[0], &actions, &attributes,
                             (char *const *)(uintptr_t)options->arguments,
                             (char *const *)(uintptr_t)options->environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return status;
}

/* A host may have closed 0, 1 or 2; a channel there would be overwritten while it is set up. */
static bool move_above_standard(int descriptors[3]) {
    for (int i = 0; i < 3; i++) {
        if (descriptors[i] > 2)
            continue;
        int moved = fcntl(descriptors[i], F_DUPFD_CLOEXEC, 3);
        if (moved < 0)
            return false;
        close(descriptors[i]);
        descriptors[i] = moved;
    }
    return true;
}

struct process *process_start(struct arena *arena, const struct process_options *options) {
    struct process *process = ARENA_NEW(arena, struct process);
    process->input = process->output = process->errors = -1;
    arena_on_release(arena, process_release, process);
    process->buffer = memory_alloc(READ_BUFFER);
    if (!process->buffer)
        arena_out_of_memory(arena);
    int ours[3], child[3];
    bool opened = open_channels(ours, child) && move_above_standard(child);
    process->input = ours[0];
    process->output = ours[1];
    process->errors = ours[2];
#ifdef F_SETPIPE_SZ
    fcntl(ours[1], F_SETPIPE_SZ, READ_AHEAD); /* the child works on while we do; no matter if not */
#endif
    int status = opened ? spawn(&process->pid, options, child) : errno;
    for (int i = 0; i < 3; i++)
        close_end(&child[i]);
    if (status) {
        process->pid = 0;
        process_end(process);
        failure_raise(arena->failure, BERM_ERROR_IO, (struct place){options->arguments[0], 0, 0},
                      "cannot be started: %s", strerror(status));
    }
    return process;
}

bool process_write(struct process *process, struct slice bytes) {
    while (bytes.size && process->input >= 0) {
        ssize_t sent = send(process->input, bytes.data, bytes.size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            close_end(&process->input);
        else
            bytes = slice_from(bytes, (size_t)sent);
    }
    return bytes.size == 0;
}

void process_close_input(struct process *process) {
    close_end(&process->input);
}

static void collect_errors(struct process *process) {
    char scratch[1024];
    bool full = process->error_size == ERROR_TEXT;
    char *target = full ? scratch : process->error_text + process->error_size;
    size_t room = full ? sizeof scratch : ERROR_TEXT - process->error_size;
    ssize_t got = read(process->errors, target, room);
    if (got < 0 && errno == EINTR)
        return;
    if (got <= 0)
        close_end(&process->errors);
    else if (!full)
        process->error_size += (size_t)got;
}

size_t process_read(struct process *process, char *bytes, size_t size) {
    while (process->output >= 0) {
        struct pollfd ready[2] = {{process->output, POLLIN, 0}, {process->errors, POLLIN, 0}};
        if (poll(ready, 2, -1) < 0 && errno != EINTR)
            break;
        if (process->errors >= 0 && ready[1].revents)
            collect_errors(process);
        if (!ready[0].revents)
            continue;
        ssize_t got = read(process->output, bytes, size);
        if (got > 0)
            return (size_t)got;
        if (got == 0 || errno != EINTR)
            break;
    }
    close_end(&process->output);
    return 0;
}

static bool fill(struct process *process) {
    if (!process->buffer)
        return false;
    if (process->start == process->end) {
        process->start = 0;
        process->end = process_read(process, process->buffer, READ_BUFFER);
    }
    return process->start < process->end;
}

int process_peek(struct process *process) {
    return fill(process) ? (unsigned char)process->buffer[process->start] : -1;
}

bool process_read_exact(struct process *process, char *bytes, size_t size) {
    while (size) {
        bool direct = bytes && process->start == process->end && size >= READ_BUFFER;
        size_t part = 0;
        if (direct) {
            part = process_read(process, bytes, size);
        } else if (fill(process)) {
            part = process->end - process->start;
            part = part < size ? part : size;
            if (bytes)
                memcpy(bytes, process->buffer + process->start, part);
            process->start += part;
        }
        if (part == 0)
            return false;
        bytes = bytes ? bytes + part : NULL;
        size -= part;
    }
    return true;
}

bool process_read_until(struct process *process, struct arena *arena, char end,
                        struct slice *line) {
    struct strbuf text = {0};
    while (fill(process)) {
        struct slice have =
            slice_make(process->buffer + process->start, process->end - process->start);
        size_t at = slice_find_byte(have, end);
        bool found = at != SLICE_NPOS;
        struct slice part = slice_sub(have, 0, found ? at : have.size);
        process->start += part.size + found;
        if (found && !text.data) {
            *line = arena_copy(arena, part);
            return true;
        }
        if (!text.data)
            strbuf_init(&text, arena);
        strbuf_add(&text, part);
        if (found) {
            *line = strbuf_slice(&text);
            return true;
        }
    }
    return false;
}

struct slice process_read_all(struct process *process, struct arena *arena, size_t limit) {
    struct strbuf text;
    strbuf_init(&text, arena);
    while (fill(process)) {
        struct slice have =
            slice_make(process->buffer + process->start, process->end - process->start);
        if (have.size > limit - text.size)
            failure_raise(arena->failure, BERM_ERROR_LIMIT, PLACE_NONE,
                          "a child process wrote more than %zu bytes", limit);
        strbuf_add(&text, have);
        process->start = process->end;
    }
    return strbuf_slice(&text);
}

struct slice process_error_text(const struct process *process) {
    return slice_make(process->error_text, process->error_size);
}

static bool complained(const struct process *process) {
    struct slice text = process_error_text(process);
    return slice_contains(text, SLICE("fatal:")) || slice_contains(text, SLICE("error:")) ||
           slice_contains(text, SLICE("usage:"));
}

static void wait_for(struct process *process) {
    int status = 0;
    pid_t pid;
    do
        pid = waitpid(process->pid, &status, 0);
    while (pid < 0 && errno == EINTR);
    process->succeeded =
        pid == process->pid ? WIFEXITED(status) && WEXITSTATUS(status) == 0 : !complained(process);
    process->pid = 0;
}

bool process_finish(struct process *process) {
    close_end(&process->input);
    while (process->buffer && process_read(process, process->buffer, READ_BUFFER) > 0)
        ;
    process->start = process->end = 0;
    while (process->errors >= 0)
        collect_errors(process);
    if (process->pid)
        wait_for(process);
    return process->succeeded;
}

void process_end(struct process *process) {
    close_end(&process->input);
    close_end(&process->output);
    close_end(&process->errors);
    process->start = process->end = 0;
    memory_free(process->buffer);
    process->buffer = NULL;
    if (!process->pid)
        return;
    int status;
    if (waitpid(process->pid, &status, WNOHANG) == 0) {
        kill(process->pid, SIGTERM);
        wait_for(process);
    }
    process->pid = 0;
    process->succeeded = false;
}
