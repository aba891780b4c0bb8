/*
 * git: the inside of `struct git`, for the files of this folder only.
 *
 * What git would execute, and what keeps it from it (measured with git 2.39.5, see the canary
 * test): core.fsmonitor (-c core.fsmonitor=false), hooks (-c core.hooksPath=/dev/null), transports
 * of partial clones (GIT_ALLOW_PROTOCOL=none, which a repository cannot lift, and
 * GIT_NO_LAZY_FETCH), clean and process filters (no command that reads the work tree is used),
 * textconv, external diffs and gpg (only raw plumbing is used).
 *
 * Processes: one `cat-file --batch-command` (it writes what it answers in large pieces; `--batch`,
 * one write for each part of an answer, where git is older) and one `diff-tree --stdin`, both
 * started at first use and kept; one `diff-index --cached` for each staged or work tree change.
 * Object ids are hexadecimal text of any length, so SHA-256 repositories need nothing special.
 */
#ifndef BERM_SOURCE_GIT_H
#define BERM_SOURCE_GIT_H

#include "base/map.h"
#include "base/process.h"
#include "source/change_builder.h"
#include "source/object_cache.h"

enum { AHEAD_LOTS = 4 }; /* one is judged, three are on their way (git_ahead.c) */

struct git {
    struct arena own; /* processes and what outlives one change; its failure is the caller's */
    const char *program;
    const char *const *environment;
    VEC(const char *) options; /* between "git" and the command */
    const char *directory;     /* absolute, where git is started (-C) */
    const char *top;           /* absolute; directory holding .git, or the bare repository */
    const char *work_tree;     /* as git says; NULL until asked for */
    bool closed;
    bool old; /* before 2.36: `cat-file --batch-command` is not known */

    struct object_cache *cache;
    struct process *objects;             /* cat-file */
    struct process *trees;               /* diff-tree */
    uint32_t pending;                    /* answers of cat-file not yet read: not 0 = out of step */
    uint32_t compared;                   /* requests to this diff-tree */
    bool comparing;                      /* an answer of diff-tree was not read to its end */
    struct git_ahead *ahead[AHEAD_LOTS]; /* what is read for commits that come, latest first */
    struct {
        struct arena *arena;       /* of names */
        const struct slice *names; /* asked for, answers not yet read: they go to the cache */
        uint32_t count;
    } later;
};

/* Every entry point calls this: failures go to the caller's frame. */
void git_enter(struct git *git, struct arena *arena);
/* `arguments` NULL-terminated, without "git" and the neutralising options. */
struct process *git_start(struct git *git, const char *const *arguments);
/* Runs to the end; output without the final newline, SLICE_NONE if git failed. */
struct slice git_output(struct git *git, struct arena *arena, const char *const *arguments);
/* Raises BERM_ERROR_GIT with git's own first line and, where there is one, a hint. */
_Noreturn void git_fail(struct git *git, struct arena *arena, struct process *process,
                        const char *what);
const char *git_work_tree(struct git *git, struct arena *arena); /* raises in a bare repository */
void git_filter(struct git *git, struct arena *arena, struct source_paths paths,
                struct path_filter *filter);

/* Objects. `bytes` NULL: not there, and `reason` says why (missing, over the limit). */
struct git_object {
    enum object_type type;
    struct slice id;
    struct slice bytes;
    struct slice reason;
    uint64_t size;
    bool plain; /* blob_is_plain() of the bytes */
};
/* Any object names (ids, "HEAD^{tree}"); one round trip for 256 of them. */
void git_objects(struct git *git, struct arena *arena, const struct slice *names, uint32_t count,
                 struct git_object *objects);
struct git_object git_object(struct git *git, struct arena *arena, struct slice name);
/* Asks for what is not in the cache and does not wait: the answers are read before the next ones,
 * into the cache. `arena` and names live until then; what is too much for a socket is left out. */
void git_objects_later(struct git *git, struct arena *arena, const struct slice *names,
                       uint32_t count);
bool git_is_full_id(struct slice text); /* 40 or 64 hexadecimal digits */

/* `root` is the id of a tree object; SLICE_NONE gives tree_empty. */
struct tree git_tree(struct git *git, struct arena *arena, struct slice root);
/* The entry at `path`: its mode (0: absent) and id. TREE_UNKNOWN if a tree object is missing. */
enum presence git_tree_find(struct tree tree, struct slice path, uint32_t *mode, struct slice *id);

struct raw_entry {
    uint32_t old_mode, new_mode;
    struct slice old_id, new_id;
    char status; /* A D M T R C U */
    struct slice path, old_path;
};
struct raw_entries {
    VEC(struct raw_entry) list;
};
/* Trees by id; SLICE_NONE = the empty tree. */
void git_compare_trees(struct git *git, struct arena *arena, struct slice before,
                       struct slice after, struct raw_entries *entries);
/* Asks several "TREE TREE" at once and does not wait: as many as it says, then the answers have to
 * be read, in order, before anything else is compared. `last` of them; false if git has trouble. */
uint32_t git_compare_ask(struct git *git, struct arena *arena, const struct slice *requests,
                         uint32_t count);
bool git_compare_answer(struct git *git, struct arena *arena, struct slice request, bool last,
                        struct raw_entries *entries);
/* The answer to a request if it was read ahead. */
bool git_expected(struct git *git, struct arena *arena, struct slice request,
                  struct raw_entries *entries);
bool git_needs_object(uint32_t mode); /* files and links: not submodules */
/* The running `diff-index --cached`; start, then read. `exact`: only identical renames, which
 * needs no contents. */
struct process *git_start_index(struct git *git, const char *tree, bool exact);
bool git_read_index(struct process *process, struct arena *arena, struct raw_entries *entries);
/* The id of the empty tree in this repository's format. */
struct slice git_empty_tree(struct git *git, struct arena *arena, struct slice any_id);

/* Reads the contents and adds the pairs that pass. */
void git_add_pairs(struct git *git, struct change *change, const struct raw_entries *entries,
                   const struct path_filter *filter);
struct blob git_blob(struct arena *arena, const struct git_object *object, uint32_t mode);

struct git_commit {
    struct slice id, tree, author, message;
    VEC(struct slice) parents;
};
/* false if there is no such commit. */
bool git_commit_read(struct git *git, struct arena *arena, struct slice name,
                     struct git_commit *commit);

/* The work tree against a commit's tree (SLICE_NONE: nothing yet), as source_worktree says. */
struct change *worktree_compare(struct arena *arena, struct git *git, struct slice tree,
                                struct source_paths paths);

#endif
