/*
 * call: how a public function runs code that may raise. Not seen outside api/.
 *
 * Every public object owns a failure and an arena. A call that works with several objects (a
 * reviewer, the change it judges, the repository that change reads from) catches what any of their
 * arenas raises.
 */
#ifndef BERM_API_CALL_H
#define BERM_API_CALL_H

#include "base/arena.h"

enum { CALL_FAILURES = 4 };

struct call {
    struct failure *failures[CALL_FAILURES]; /* different ones; NULL ends the list */
    void (*body)(void *context);
    void *context;
};

/* BERM_OK, or the status of what was raised, with *error (may be NULL) filled. */
berm_status call_run(struct call *call, berm_error *error);

/* Fills *error (may be NULL) and returns the status. */
berm_status call_error(berm_error *error, berm_status status, const char *where,
                       const char *message);
berm_status call_out_of_memory(berm_error *error);

/*
 * Reads an options struct of any version: copies what the caller's header knew (`size` is its first
 * member) over the defaults, which are left alone for NULL.
 */
void call_options(void *defaults, size_t size, const void *options);

/* The whole file, in the arena; raises BERM_ERROR_IO, or BERM_ERROR_LIMIT above `limit` bytes. */
struct slice call_read_file(struct arena *arena, const char *file, size_t limit);

#endif
