/*
 * process: a child process with pipes. Started from an argument vector, never through a shell.
 *
 * Safe inside a host program: writing to a dead child raises no SIGPIPE (standard input is a
 * socket), a host that ignores or reaps SIGCHLD only loses us the exit status (then the child
 * failed if it wrote "fatal:" or "error:" to standard error), no descriptor leaks into children
 * started by other threads, and the child starts with default signals.
 * Standard error is collected (its first 4 KiB) while standard output is read, so that a child
 * that writes much to it cannot block.
 */
#ifndef BERM_BASE_PROCESS_H
#define BERM_BASE_PROCESS_H

#include "base/arena.h"

struct process;

struct process_options {
    const char *const *arguments;   /* [0] is the absolute path of the program; NULL-terminated */
    const char *const *environment; /* complete; NULL-terminated */
};

/* The absolute path of a program; entries of PATH that are not absolute are passed over, so that
 * an analysed directory can never supply one. NULL if there is none. */
const char *process_find(struct arena *arena, const char *program);

/* Registered with the arena. Raises BERM_ERROR_IO if it cannot be started. */
struct process *process_start(struct arena *arena, const struct process_options *options);
/* false: the child has gone. At most about 64 KiB may be under way while nobody reads. */
bool process_write(struct process *process, struct slice bytes);
void process_close_input(struct process *process);
/* Reads up to `size` bytes; 0 at the end (or on an error). */
size_t process_read(struct process *process, char *bytes, size_t size);
/* Exactly `size` bytes; false if the output ended before. bytes == NULL skips them. */
bool process_read_exact(struct process *process, char *bytes, size_t size);
/* Up to and without `end`; false if the output ended before. The line lives in the arena. */
bool process_read_until(struct process *process, struct arena *arena, char end, struct slice *line);
/* The next byte without taking it; -1 at the end. */
int process_peek(struct process *process);
/* All that is left. Raises BERM_ERROR_LIMIT over `limit` bytes. */
struct slice process_read_all(struct process *process, struct arena *arena, size_t limit);
/* Closes, waits; true if it ended well. Further calls return the same. */
bool process_finish(struct process *process);
struct slice process_error_text(const struct process *process);
/* Lets go at once: closes both ends, ends the child, waits. */
void process_end(struct process *process);

#endif
