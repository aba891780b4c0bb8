/*
 * scan: hands the commits of a list to worker processes and writes their answers in order. At most
 * SCAN_WINDOW commits a worker are ahead of the one that is written next, which bounds memory. A
 * worker that dies is replaced; the commit it died of is asked again in isolating mode.
 */
#ifndef BERM_CLI_SCAN_H
#define BERM_CLI_SCAN_H

#include "cli/worker.h"

enum {
    SCAN_WORKERS = 256,
    SCAN_WINDOW = 64,     /* commits a worker in the reorder buffer */
    SCAN_AHEAD = 4,       /* requests a worker holds, so that it never waits for the parent */
    SCAN_UNREADABLE = 64, /* code of a worker's answer that is an error record */
};

struct scan_task {
    uint32_t repository;
    const char *commit;
};

struct scan_list {
    const char *const *repositories; /* as they were given */
    const char **paths;              /* of the repositories, as reports name them */
    uint32_t repository;             /* that scan_list_add adds for */
    struct scan_task *tasks;
    uint32_t count, capacity;
};

void scan_list_add(struct scan_list *list, const char *commit);
void scan_list_free(struct scan_list *list);

/* The whole line in the place of a report; `digest` of the rules may be NULL. */
void scan_add_error(const struct scan_list *list, const struct scan_task *task, const char *digest,
                    const berm_error *error, struct buffer *out);

/* EXIT_DONE, or EXIT_USAGE after a line on stderr. The handler's request is a task's index as
 * uint32_t; its answer is a whole line. */
int scan_run(const struct scan_list *list, uint32_t jobs, worker_handler *handle, void *context);

#endif
