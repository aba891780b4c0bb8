/*
 * hook: the files of `berm hook`. The scripts that git runs only find berm and call
 * `berm hook run NAME`; a hook that stood there before is kept beside it as NAME.before-berm and
 * runs first.
 */
#ifndef BERM_CLI_HOOK_H
#define BERM_CLI_HOOK_H

#include "cli/output.h"

/* Both are idempotent and return the exit code. `directory` is where git looks for hooks. */
int hook_install(const char *directory, const char *name);
int hook_uninstall(const char *directory, const char *name);

/*
 * Adds "Berm-Ack: reason" to a commit message file, as its last trailer: before comments and the
 * cut-off of `git commit --verbose`, in the block of trailers if there is one. A trailer that is
 * there already is not repeated. Returns the exit code.
 */
int hook_add_trailer(const char *file, const char *reason);

#endif
