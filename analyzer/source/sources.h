/*
 * sources: the ways to make a change. Each raises through the arena's failure: BERM_ERROR_GIT,
 * BERM_ERROR_PATCH, BERM_ERROR_IO with what and where. A file that cannot be read is no failure
 * but a CONTENT_UNREADABLE blob.
 *
 * Git is a child process, plumbing only, with scrubbed environment and neutralised configuration
 * (knowledge: what git executes); see git.h for the table and the process protocol.
 */
#ifndef BERM_SOURCE_SOURCES_H
#define BERM_SOURCE_SOURCES_H

#include "source/change.h"

struct source_paths { /* `-- paths`: literal files or directories, relative to `directory` */
    const char *const *items;
    uint32_t count;
};

/* A running `git cat-file --batch` with an object cache; reused over a whole history. */
struct git;
/* `directory` NULL = current. Finds the repository; honours GIT_DIR and friends. */
struct git *git_open(struct arena *arena, const char *directory);
/* Absolute: the directory that holds .git, or the bare repository. */
const char *git_top(const struct git *git);
void git_close(struct git *git);                  /* also registered with the arena */
const char *git_hooks_directory(struct git *git); /* where hooks of this repository live */

struct change *source_worktree(struct arena *arena, struct git *git, struct source_paths paths);
struct change *source_staged(struct arena *arena, struct git *git, struct source_paths paths);
/* REV (against the work tree), "A..B", "A...B". */
struct change *source_revision(struct arena *arena, struct git *git, const char *range,
                               struct source_paths paths);
/* One commit against its first parent (or the empty tree). */
struct change *source_commit(struct arena *arena, struct git *git, const char *revision,
                             struct source_paths paths);
/* Commits of a range (NULL: all of HEAD), oldest first, as full ids. */
/* These commits will be asked for next: reads what they need in one go. Only saves time. */
void git_expect(struct git *git, struct arena *arena, const struct slice *commits, uint32_t count);

struct slice *source_commits(struct arena *arena, struct git *git, const char *range,
                             uint32_t *count);
/* A unified or git patch. `git` may be NULL: then hunks are judged as fragments. */
struct change *source_patch(struct arena *arena, struct slice patch, const char *where,
                            struct git *git, const char *base);
struct change *source_directories(struct arena *arena, const char *before, const char *after);
struct change *source_files(struct arena *arena, const char *before, const char *after);

/* Pairs from memory; strings are borrowed. `before`/`after` with data == NULL = absent. */
struct source_file {
    struct slice path, old_path; /* old_path SLICE_NONE = same */
    struct slice before, after;
    uint32_t mode;     /* 0 = 0100644; 0120000: the sides are targets, 0160000: commits */
    uint32_t old_mode; /* 0 = the same */
};
struct source_context {
    struct slice path, content;
};
struct change *source_memory(struct arena *arena, const struct source_file *files, uint32_t count,
                             const struct source_context *context, uint32_t context_count);

#endif
