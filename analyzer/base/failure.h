/*
 * failure: the one way out of deep code when it cannot go on (out of memory, bad configuration).
 *
 * The API layer owns a `struct failure` and runs work with failure_try; every arena points to the
 * failure. failure_raise unwinds to failure_try; all memory lives in arenas and everything else is
 * registered with arena_on_release, so nothing leaks. Code between the two stays linear.
 * What a file contains is never a failure: that is data (see fact/note.h).
 */
#ifndef BERM_BASE_FAILURE_H
#define BERM_BASE_FAILURE_H

#include "base/slice.h"
#include "berm.h"

#include <setjmp.h>

struct failure {
    jmp_buf jump;
    struct berm_error error; /* status, where, line, column, message */
};

void failure_init(struct failure *failure);

/* "ok", "argument", "memory", ...; "unknown" for numbers that are no status. Static. */
const char *failure_status_name(enum berm_status status);

/* Calls body(context); false if it raised, then failure->error says why. Not nestable on the same
 * failure. A function of its own, so that no local of the caller is clobbered. */
bool failure_try(struct failure *failure, void (*body)(void *context), void *context);

/* Where an error is: a file or argument (may be NULL) and a 1-based position (0 = no position). */
struct place {
    const char *where;
    uint32_t line, column;
};

#define PLACE_NONE ((struct place){NULL, 0, 0})

/* Formats the message (truncated to its buffer), never returns. */
_Noreturn void failure_raise(struct failure *failure, enum berm_status status, struct place place,
                             const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
