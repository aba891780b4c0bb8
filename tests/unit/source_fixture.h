/* What the tests of sources share: a temporary directory, git run through the shell, and a change
 * made under failure_try. */
#ifndef SOURCE_FIXTURE_H
#define SOURCE_FIXTURE_H

#include "source/sources.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static char root[64], origin[4096];
static struct failure failure;
static struct arena arena;

static void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline void shell(const char *format, ...) {
    char script[8192];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(script, sizeof script, format, arguments);
    va_end(arguments);
    char command[8400];
    snprintf(command, sizeof command, "set -e; exec >/dev/null 2>&1; %s", script);
    if (system(command) != 0)
        fail_msg("failed: %s", script);
}

static inline int set_up(void **state) {
    (void)state;
    snprintf(root, sizeof root, "/tmp/berm-test-XXXXXX");
    failure_init(&failure);
    arena_init(&arena, &failure, 0);
    if (!getcwd(origin, sizeof origin) || !mkdtemp(root) || chdir(root) != 0)
        return -1;
    setenv("HOME", root, 1);
    static const char *const cleared[] = {"GIT_DIR",       "GIT_INDEX_FILE",
                                          "GIT_WORK_TREE", "GIT_CONFIG_COUNT",
                                          "GIT_PREFIX",    "GIT_OBJECT_DIRECTORY"};
    for (size_t i = 0; i < sizeof cleared / sizeof *cleared; i++)
        unsetenv(cleared[i]);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    setenv("GIT_AUTHOR_NAME", "Test Author", 1);
    setenv("GIT_AUTHOR_EMAIL", "author@example.com", 1);
    setenv("GIT_COMMITTER_NAME", "Test Author", 1);
    setenv("GIT_COMMITTER_EMAIL", "author@example.com", 1);
    return 0;
}

static inline int tear_down(void **state) {
    (void)state;
    char command[256];
    arena_release(&arena);
    unsetenv("GIT_INDEX_FILE");
    unsetenv("GIT_DIR");
    unsetenv("GIT_WORK_TREE");
    snprintf(command, sizeof command, "chmod -R u+rwx %s; rm -rf %s", root, root);
    return chdir(origin) != 0 || system(command) != 0;
}

enum mode {
    MODE_WORKTREE,
    MODE_STAGED,
    MODE_REVISION,
    MODE_COMMIT,
    MODE_PATCH,
    MODE_DIRECTORIES,
    MODE_FILES
};

struct request {
    enum mode mode;
    const char *directory, *first, *second; /* second: a patch, a base, the other directory */
    struct source_paths paths;
    struct git *git;
    struct change *change;
};

static inline void answer(void *context) {
    struct request *r = context;
    if (r->mode < MODE_PATCH && !r->git)
        r->git = git_open(&arena, r->directory);
    if (r->mode == MODE_WORKTREE)
        r->change = source_worktree(&arena, r->git, r->paths);
    else if (r->mode == MODE_STAGED)
        r->change = source_staged(&arena, r->git, r->paths);
    else if (r->mode == MODE_REVISION)
        r->change = source_revision(&arena, r->git, r->first, r->paths);
    else if (r->mode == MODE_COMMIT)
        r->change = source_commit(&arena, r->git, r->first, r->paths);
    else if (r->mode == MODE_PATCH)
        r->change = source_patch(&arena, slice_of(r->first), "test.patch", r->git, r->second);
    else if (r->mode == MODE_DIRECTORIES)
        r->change = source_directories(&arena, r->first, r->second);
    else
        r->change = source_files(&arena, r->first, r->second);
}

static inline struct change *ask(struct request r) {
    if (!failure_try(&failure, answer, &r))
        fail_msg("%s: %s", failure.error.where, failure.error.message);
    return r.change;
}

/* The error of a request that must fail. */
static inline const struct berm_error *refused(struct request r) {
    if (failure_try(&failure, answer, &r))
        fail_msg("was accepted");
    return &failure.error;
}

static inline const struct pair *pair_at(const struct change *change, const char *path) {
    for (uint32_t i = 0; i < change->pairs.count; i++)
        if (slice_is(change->pairs.items[i].path, path))
            return &change->pairs.items[i];
    fail_msg("no pair for %s among %u", path, change->pairs.count);
    return NULL;
}

static inline void assert_slice(struct slice text, const char *expected) {
    if (!slice_is(text, expected))
        fail_msg("'%.*s' instead of '%s'", SLICE_ARGS(text), expected);
}

static inline void assert_pair(const struct change *change, const char *path,
                               enum pair_status status, const char *before, const char *after) {
    const struct pair *pair = pair_at(change, path);
    assert_int_equal(pair->status, status);
    assert_slice(pair->before.bytes, before);
    assert_slice(pair->after.bytes, after);
    assert_int_equal(pair->before.state == CONTENT_ABSENT, status == PAIR_ADDED);
    assert_int_equal(pair->after.state == CONTENT_ABSENT, status == PAIR_REMOVED);
}

static inline void assert_reads(struct tree tree, const char *path, enum presence presence,
                                const char *expected) {
    struct slice content;
    assert_int_equal(tree.read(tree.self, slice_of(path), &content), presence);
    if (presence == TREE_PRESENT)
        assert_slice(content, expected);
}

static inline void assert_lists(struct tree tree, const char *path, enum presence presence,
                                const char *expected) {
    struct slice *names;
    uint32_t count;
    assert_int_equal(tree.list(tree.self, slice_of(path), &names, &count), presence);
    char joined[1024] = "";
    for (uint32_t i = 0; i < count; i++) {
        size_t size = strlen(joined);
        snprintf(joined + size, sizeof joined - size, "%s%.*s", i ? " " : "", SLICE_ARGS(names[i]));
    }
    assert_string_equal(joined, expected);
}

#endif
