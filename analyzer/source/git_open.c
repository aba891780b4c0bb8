#include "source/git.h"

#include "base/path.h"
#include "base/strbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Kept from the environment: where things are, and which repository and index are meant. */
static const char *const kept[] = {"PATH",
                                   "HOME",
                                   "XDG_CONFIG_HOME",
                                   "TMPDIR",
                                   "LD_LIBRARY_PATH",
                                   "SUDO_UID",
                                   "GIT_DIR",
                                   "GIT_WORK_TREE",
                                   "GIT_COMMON_DIR",
                                   "GIT_INDEX_FILE",
                                   "GIT_OBJECT_DIRECTORY",
                                   "GIT_ALTERNATE_OBJECT_DIRECTORIES"};

static const char *const neutral_environment[] = {"GIT_CONFIG_NOSYSTEM=1",
                                                  "GIT_CONFIG_GLOBAL=/dev/null",
                                                  "GIT_ALLOW_PROTOCOL=none",
                                                  "GIT_NO_REPLACE_OBJECTS=1",
                                                  "GIT_NO_LAZY_FETCH=1",
                                                  "GIT_OPTIONAL_LOCKS=0",
                                                  "GIT_TERMINAL_PROMPT=0",
                                                  "GIT_GRAFT_FILE=/dev/null",
                                                  "GIT_ATTR_NOSYSTEM=1",
                                                  "GIT_LITERAL_PATHSPECS=1",
                                                  "LC_ALL=C"};

static const char *const neutral_options[] = {"--no-pager",
                                              "-c",
                                              "core.fsmonitor=false",
                                              "-c",
                                              "core.hooksPath=/dev/null",
                                              "-c",
                                              "protocol.allow=never",
                                              "-c",
                                              "core.attributesFile=/dev/null",
                                              "-c",
                                              "core.untrackedCache=false",
                                              "-c",
                                              "core.sshCommand=false",
                                              "-c",
                                              "core.askPass="};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const *environment_new(struct arena *arena, bool neutral) {
    const char **list =
        ARENA_ARRAY(arena, const char *, COUNT(kept) + COUNT(neutral_environment) + 3);
    size_t count = 0;
    for (size_t i = 0; i < COUNT(kept); i++) {
        const char *value = getenv(kept[i]);
        if (value)
            list[count++] = arena_format(arena, "%s=%s", kept[i], value).data;
    }
    for (size_t i = 0; neutral && i < COUNT(neutral_environment); i++)
        list[count++] = neutral_environment[i];
    for (size_t i = 0; !neutral && i < 2; i++) {
        static const char *const users[] = {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"};
        const char *value = getenv(users[i]);
        if (value)
            list[count++] = arena_format(arena, "%s=%s", users[i], value).data;
    }
    return list;
}

void git_enter(struct git *git, struct arena *arena) {
    if (git->closed)
        failure_raise(arena->failure, BERM_ERROR_INTERNAL, PLACE_NONE, "the repository is closed");
    git->own.failure = arena->failure;
}

struct process *git_start(struct git *git, const char *const *arguments) {
    uint32_t count = 0;
    while (arguments[count])
        count++;
    const char **all = ARENA_ARRAY(&git->own, const char *, (size_t)git->options.count + count + 4);
    uint32_t at = 0;
    all[at++] = git->program;
    all[at++] = "-C";
    all[at++] = git->directory;
    for (uint32_t i = 0; i < git->options.count; i++)
        all[at++] = git->options.items[i];
    memcpy(all + at, arguments, count * sizeof *all);
    return process_start(&git->own, &(struct process_options){all, git->environment});
}

static struct slice first_line(struct slice text) {
    struct slice line = slice_sub(text, 0, slice_find_byte(text, '\n'));
    static const char *const prefixes[] = {"fatal: ", "error: "};
    for (size_t i = 0; i < COUNT(prefixes); i++)
        if (slice_starts(line, slice_of(prefixes[i])))
            line = slice_from(line, strlen(prefixes[i]));
    return slice_trim(line);
}

void git_fail(struct git *git, struct arena *arena, struct process *process, const char *what) {
    struct slice text = arena_copy(arena, process_error_text(process));
    process_end(process);
    struct place place = {git->top, 0, 0};
    if (slice_contains(text, SLICE("dubious ownership")))
        failure_raise(arena->failure, BERM_ERROR_GIT, place,
                      "the repository belongs to another user; if you trust it: "
                      "git config --global --add safe.directory '%s'",
                      git->top);
    if (text.size == 0)
        failure_raise(arena->failure, BERM_ERROR_GIT, place, "git %s failed", what);
    failure_raise(arena->failure, BERM_ERROR_GIT, place, "git %s: %.*s", what,
                  SLICE_ARGS(first_line(text)));
}

struct slice git_output(struct git *git, struct arena *arena, const char *const *arguments) {
    struct process *process = git_start(git, arguments);
    process_close_input(process);
    struct slice text = process_read_all(process, arena, 64 << 20);
    bool done = process_finish(process);
    process_end(process);
    if (!done)
        return SLICE_NONE;
    if (text.size && text.data[text.size - 1] == '\n')
        text.size--;
    return slice_make(arena_text(arena, text), text.size);
}

static bool exists(struct arena *arena, const char *directory, const char *name) {
    struct stat status;
    return lstat(arena_format(arena, "%s/%s", directory, name).data, &status) == 0;
}

/* Walks up as git does; NULL if nothing was found. */
static const char *discover(struct arena *arena, const char *directory) {
    char *at = (char *)(uintptr_t)arena_text(arena, slice_of(directory));
    for (;;) {
        const char *here = *at ? at : "/";
        if (exists(arena, here, ".git") ||
            (exists(arena, here, "HEAD") && exists(arena, here, "objects") &&
             exists(arena, here, "refs")))
            return here;
        char *slash = strrchr(at, '/');
        if (!slash || !*at)
            return NULL;
        *slash = '\0';
    }
}

/* git's own rule: the owner is me, or who called sudo. */
static bool is_mine(const char *path) {
    struct stat status;
    if (lstat(path, &status) != 0 || status.st_uid == geteuid())
        return true;
    const char *sudo = geteuid() == 0 ? getenv("SUDO_UID") : NULL;
    int64_t user;
    return sudo && slice_to_int(slice_of(sudo), &user) && user == (int64_t)status.st_uid;
}

/* The git directory that a .git file names ("gitdir: PATH"); the file itself if it names none. */
static const char *linked_directory(struct arena *arena, const char *top, const char *inner) {
    char text[PATH_MAX + 16];
    int file = open(inner, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t size = file < 0 ? 0 : read(file, text, sizeof text);
    if (file >= 0)
        close(file);
    struct slice line = slice_trim(slice_make(text, size > 0 ? (size_t)size : 0));
    if (!slice_starts(line, SLICE("gitdir: ")))
        return inner;
    struct slice path = slice_from(line, strlen("gitdir: "));
    if (path.size && path.data[0] == '/')
        return arena_text(arena, path);
    return arena_format(arena, "%s/%.*s", top, SLICE_ARGS(path)).data;
}

static bool is_foreign(struct arena *arena, const char *top) {
    if (getenv("GIT_DIR"))
        return false; /* git asks for no owner then */
    const char *inner = arena_format(arena, "%s/.git", top).data;
    return !is_mine(top) || !is_mine(inner) || !is_mine(linked_directory(arena, top, inner));
}

static void add_option(struct git *git, const char *option) {
    vec_push(&git->own, &git->options, option);
}

/* Passes on what the user trusts; global and system scope only, never the repository's own. */
static void trust_as_user_does(struct git *git, const char *scope) {
    const char *const arguments[] = {
        git->program, "-C", "/", "config", scope, "-z", "--get-all", "safe.directory", NULL};
    const struct process_options options = {arguments, environment_new(&git->own, false)};
    struct process *process = process_start(&git->own, &options);
    process_close_input(process);
    struct slice value;
    while (process_read_until(process, &git->own, '\0', &value)) {
        add_option(git, "-c");
        add_option(git, arena_format(&git->own, "safe.directory=%.*s", SLICE_ARGS(value)).data);
    }
    process_finish(process);
    process_end(process);
}

static void locate(struct git *git, struct arena *arena, const char *directory) {
    char resolved[PATH_MAX];
    if (!realpath(directory ? directory : ".", resolved))
        failure_raise(arena->failure, BERM_ERROR_IO,
                      (struct place){directory ? directory : ".", 0, 0}, "%s", strerror(errno));
    git->directory = arena_text(&git->own, slice_of(resolved));
    git->top = getenv("GIT_DIR") ? git->directory : discover(&git->own, git->directory);
    if (!git->top)
        failure_raise(arena->failure, BERM_ERROR_GIT, (struct place){git->directory, 0, 0},
                      "not a git repository, and none above it; use --trees or --patch, or go to "
                      "a repository");
}

static void git_release(void *object) {
    git_close(object);
}

struct git *git_open(struct arena *arena, const char *directory) {
    struct git *git = ARENA_NEW(arena, struct git);
    arena_init(&git->own, arena->failure, 0);
    arena_on_release(arena, git_release, git);
    git->program = process_find(&git->own, "git");
    if (!git->program)
        failure_raise(arena->failure, BERM_ERROR_GIT, PLACE_NONE,
                      "git is not installed, or not in PATH");
    locate(git, arena, directory);
    git->environment = environment_new(&git->own, true);
    for (size_t i = 0; i < COUNT(neutral_options); i++)
        add_option(git, neutral_options[i]);
    if (is_foreign(&git->own, git->top)) {
        trust_as_user_does(git, "--system");
        trust_as_user_does(git, "--global");
    }
    git->cache = object_cache_new();
    return git;
}

void git_close(struct git *git) {
    if (!git || git->closed)
        return;
    git->closed = true;
    object_cache_free(git->cache);
    git->cache = NULL;
    arena_release(&git->own);
}

const char *git_work_tree(struct git *git, struct arena *arena) {
    if (git->work_tree)
        return git->work_tree;
    const char *const arguments[] = {"rev-parse", "--show-toplevel", NULL};
    struct process *process = git_start(git, arguments);
    process_close_input(process);
    struct slice path = process_read_all(process, &git->own, 1 << 16);
    if (!process_finish(process)) {
        if (slice_contains(process_error_text(process), SLICE("work tree")))
            failure_raise(arena->failure, BERM_ERROR_GIT, (struct place){git->top, 0, 0},
                          "the repository has no work tree; name a commit or a range");
        git_fail(git, arena, process, "rev-parse");
    }
    process_end(process);
    if (path.size && path.data[path.size - 1] == '\n')
        path.size--;
    return git->work_tree = arena_text(&git->own, path);
}

/* Where `directory` stands inside the work tree, "" in a bare repository. */
static struct slice prefix_of(struct git *git, struct arena *arena) {
    const char *const arguments[] = {"rev-parse", "--show-prefix", NULL};
    struct slice prefix = git_output(git, arena, arguments);
    return slice_is_none(prefix) ? SLICE("") : prefix;
}

void git_filter(struct git *git, struct arena *arena, struct source_paths paths,
                struct path_filter *filter) {
    *filter = (struct path_filter){0};
    if (paths.count == 0)
        return;
    struct slice prefix = prefix_of(git, arena);
    for (uint32_t i = 0; i < paths.count; i++) {
        struct slice item = slice_of(paths.items[i]);
        struct slice top =
            slice_of(item.size && item.data[0] == '/' ? git_work_tree(git, arena) : "");
        struct slice path = SLICE_NONE;
        if (top.size == 0)
            path = path_join(arena, prefix, item);
        else if (path_is_below(item, top))
            path = path_normalise(arena, slice_from(item, top.size));
        if (slice_is_none(path))
            failure_raise(arena->failure, BERM_ERROR_GIT, (struct place){paths.items[i], 0, 0},
                          "the path is outside the repository");
        vec_push(arena, &filter->items, path);
    }
}

/* With the user's own configuration: core.hooksPath is often global. rev-parse executes nothing. */
const char *git_hooks_directory(struct git *git) {
    const char *const bare[] = {"rev-parse", "--is-bare-repository", NULL};
    bool is_bare = slice_is(git_output(git, &git->own, bare), "true");
    const char *at = is_bare ? git->directory : git_work_tree(git, &git->own);
    const char *const arguments[] = {
        git->program, "-C", at, "rev-parse", "--path-format=absolute", "--git-path", "hooks", NULL};
    const struct process_options options = {arguments, environment_new(&git->own, false)};
    struct process *process = process_start(&git->own, &options);
    process_close_input(process);
    struct slice path = process_read_all(process, &git->own, 1 << 16);
    if (!process_finish(process))
        git_fail(git, &git->own, process, "rev-parse");
    process_end(process);
    if (path.size && path.data[path.size - 1] == '\n')
        path.size--;
    return arena_text(&git->own, path);
}

const char *git_top(const struct git *git) {
    return git->top;
}
