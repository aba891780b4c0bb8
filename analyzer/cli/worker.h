/*
 * worker: a child process that does the analysis, so that a parser that crashes takes only the
 * child with it. The parent forks before it has loaded anything, hands over requests and gets
 * answers, both as bytes over a socket. A worker that dies without an answer is noticed by the end
 * of its socket, whatever SIGCHLD is set to, and can be replaced.
 *
 * The same request is then sent again one level higher:
 */
#ifndef BERM_CLI_WORKER_H
#define BERM_CLI_WORKER_H

#include "cli/output.h"

#include <sys/types.h>

enum worker_level {
    LEVEL_NORMAL,
    LEVEL_ISOLATE, /* find the files that kill, one child process each, and leave them out */
    LEVEL_GIVE_UP, /* leave all files out */
    LEVEL_COUNT
};

/* Runs in the child, once a request; answers by adding to `answer`, returns a code of its own. */
typedef int worker_handler(void *context, const char *request, size_t size, enum worker_level level,
                           struct buffer *answer);

struct worker {
    worker_handler *handle;
    void *context;
    pid_t pid; /* 0: not running */
    int socket;
};

/* Starts the child if it is not running. False with errno set when fork or socketpair fails. */
bool worker_start(struct worker *worker);
/* False if the worker has died. */
bool worker_send(struct worker *worker, const char *request, size_t size, enum worker_level level);
/* Waits for the next answer (cleared first); false if the worker died before it was complete. */
bool worker_receive(struct worker *worker, int *code, struct buffer *answer);
/* Ends and reaps the child. */
void worker_stop(struct worker *worker);

/* One request with everything above: starts, sends, replaces a worker that died and goes up the
 * levels. EXIT_USAGE after a line on stderr if even the last one died. */
int worker_ask(struct worker *worker, const char *request, size_t size, struct buffer *answer);

/* Runs `work` in a child of its own; true if it ended without a crash. */
bool survives(void (*work)(void *context), void *context);

#endif
