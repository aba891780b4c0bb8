#include "cli/worker.h"

#include <errno.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct request_head {
    uint64_t size;
    uint32_t level, reserved;
};

struct answer_head {
    uint64_t size;
    int32_t code, reserved;
};

static bool send_bytes(int socket, const void *bytes, size_t size) {
    for (const char *at = bytes; size > 0;) {
        ssize_t sent = send(socket, at, size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        size -= (size_t)sent;
    }
    return true;
}

static bool receive_bytes(int socket, void *bytes, size_t size) {
    for (char *at = bytes; size > 0;) {
        ssize_t got = recv(socket, at, size, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        size -= (size_t)got;
    }
    return true;
}

static bool receive_into(int socket, struct buffer *buffer, uint64_t size) {
    char chunk[65536];
    while (size > 0) {
        size_t part = size < sizeof chunk ? (size_t)size : sizeof chunk;
        if (!receive_bytes(socket, chunk, part))
            return false;
        buffer_add(buffer, chunk, part);
        size -= part;
    }
    return true;
}

/* Each request takes some megabytes and gives them back; kept in the process they cost no page
 * faults the next time, which are a tenth of a scan. */
static void keep_memory(void) {
#ifdef __GLIBC__
    enum { KEPT_BYTES = 64 << 20, LARGEST_BYTES = 32 << 20, AHEAD_BYTES = 1 << 20 };
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
    mallopt(M_MMAP_THRESHOLD, LARGEST_BYTES);
    mallopt(M_TOP_PAD, AHEAD_BYTES);
#endif
}

/* Answers that wait: each one sent wakes the parent, which costs more than sending many at once. */
enum { WAITING_BYTES = 32 << 10 };

static bool request_waits(int socket) {
    struct pollfd descriptor = {socket, POLLIN, 0};
    return poll(&descriptor, 1, 0) > 0;
}

/* An answer in an isolating mode goes at once: it must not be lost with the worker. */
static bool must_send(int socket, const struct request_head *head, const struct buffer *answers) {
    return head->level != LEVEL_NORMAL || answers->size >= WAITING_BYTES || !request_waits(socket);
}

/* The child's life: requests until the parent closes its end. */
static _Noreturn void serve(struct worker *worker, int socket) {
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* sisters hold copies of the parent's socket: no end of it */
#endif
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core); /* a crash is an answer here, not something to keep */
    keep_memory();
    struct buffer request = {0}, answer = {0}, answers = {0};
    struct request_head head;
    while (receive_bytes(socket, &head, sizeof head)) {
        buffer_clear(&request);
        buffer_clear(&answer);
        if (!receive_into(socket, &request, head.size))
            break;
        int code = worker->handle(worker->context, request.data ? request.data : "", request.size,
                                  (enum worker_level)head.level, &answer);
        struct answer_head reply = {answer.size, code, 0};
        buffer_add(&answers, (const char *)&reply, sizeof reply);
        buffer_add(&answers, answer.data, answer.size);
        if (!must_send(socket, &head, &answers))
            continue;
        if (!send_bytes(socket, answers.data, answers.size))
            break;
        buffer_clear(&answers);
    }
    fflush(NULL);
    _exit(0);
}

bool worker_start(struct worker *worker) {
    if (worker->pid)
        return true;
    int sockets[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
        return false;
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0) {
        int error = errno;
        close(sockets[0]);
        close(sockets[1]);
        errno = error;
        return false;
    }
    if (pid == 0) {
        close(sockets[0]);
        serve(worker, sockets[1]);
    }
    close(sockets[1]);
    worker->pid = pid;
    worker->socket = sockets[0];
    return true;
}

bool worker_send(struct worker *worker, const char *request, size_t size, enum worker_level level) {
    struct request_head head = {size, (uint32_t)level, 0};
    char whole[sizeof head + 64]; /* requests of a scan fit: one call instead of two */
    if (size > sizeof whole - sizeof head)
        return send_bytes(worker->socket, &head, sizeof head) &&
               send_bytes(worker->socket, request, size);
    memcpy(whole, &head, sizeof head);
    memcpy(whole + sizeof head, request, size);
    return send_bytes(worker->socket, whole, sizeof head + size);
}

bool worker_receive(struct worker *worker, int *code, struct buffer *answer) {
    buffer_clear(answer);
    struct answer_head head;
    if (!receive_bytes(worker->socket, &head, sizeof head) ||
        !receive_into(worker->socket, answer, head.size))
        return false;
    *code = head.code;
    return true;
}

void worker_stop(struct worker *worker) {
    if (!worker->pid)
        return;
    shutdown(worker->socket, SHUT_RDWR); /* ends it for the copies of sister workers too */
    close(worker->socket);
    while (waitpid(worker->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    worker->pid = 0;
}

int worker_ask(struct worker *worker, const char *request, size_t size, struct buffer *answer) {
    for (int level = LEVEL_NORMAL; level < LEVEL_COUNT; level++) {
        if (!worker_start(worker))
            return usage_error("", "no child process can be started: %s", strerror(errno));
        int code;
        if (worker_send(worker, request, size, (enum worker_level)level) &&
            worker_receive(worker, &code, answer))
            return code;
        worker_stop(worker);
    }
    return usage_error("", "the analysis crashed three times; please report the change");
}

bool survives(void (*work)(void *context), void *context) {
    fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        return true; /* cannot tell; the run that follows is isolated itself */
    if (pid == 0) {
        work(context);
        _exit(0);
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0; /* sanitizers exit with an error */
}
