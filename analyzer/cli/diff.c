/* The forms of `berm diff`: which change do these options and arguments mean? */
#include "cli/diff.h"

#include <errno.h>
#include <string.h>

enum form { WORKTREE, STAGED, REVISION, COMMIT, PATCH, TREES, FILES };

static int arguments_are(const struct options *options, size_t wanted, const char *form) {
    if (options->argument_count == wanted)
        return EXIT_DONE;
    return usage_error("", "%s takes %zu argument%s, not %zu; paths stand behind --", form, wanted,
                       wanted == 1 ? "" : "s", options->argument_count);
}

/* The one form that options choose, or the one the number of arguments means. */
static int form_of(const struct options *options, enum form *form) {
    const struct {
        bool given;
        enum form form;
        size_t arguments;
        const char *name;
    } choices[] = {
        {options->staged, STAGED, 0, "--staged"},
        {options->commit != NULL, COMMIT, 0, "--commit"},
        {options->patch != NULL, PATCH, 0, "--patch"},
        {options->trees, TREES, 2, "--trees OLD NEW"},
    };
    const char *chosen = NULL;
    size_t wanted = 0;
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        if (!choices[i].given)
            continue;
        if (chosen)
            return usage_error("", "%s and %s exclude each other", chosen, choices[i].name);
        chosen = choices[i].name;
        wanted = choices[i].arguments;
        *form = choices[i].form;
    }
    if (chosen)
        return arguments_are(options, wanted, chosen);
    const enum form by_count[] = {WORKTREE, REVISION, FILES};
    if (options->argument_count > 2)
        return usage_error("", "%zu arguments; give REV, A..B or OLD_FILE NEW_FILE",
                           options->argument_count);
    *form = by_count[options->argument_count];
    return EXIT_DONE;
}

static int read_patch(const char *file, struct buffer *patch) {
    bool standard_input = strcmp(file, "-") == 0;
    FILE *stream = standard_input ? stdin : fopen(file, "rbe");
    if (!stream)
        return usage_error(file, "cannot be opened: %s; check the path", strerror(errno));
    bool done = read_all(stream, patch);
    int error = errno;
    if (!standard_input)
        fclose(stream);
    return done ? EXIT_DONE : usage_error(file, "cannot be read: %s", strerror(error));
}

int diff_prepare(const struct options *options, struct diff *diff) {
    enum form form = WORKTREE;
    int code = form_of(options, &form);
    if (code != EXIT_DONE)
        return code;
    if (options->path_count && form >= PATCH)
        return usage_error("", "paths behind -- need a change from git; leave them out");
    if (options->base && form != PATCH)
        return usage_error("--base", "belongs to --patch; write A..B to compare revisions");
    diff->form = (int)form;
    return form == PATCH ? read_patch(options->patch, &diff->patch) : EXIT_DONE;
}

static berm_status from_git(const struct options *options, enum form form, struct diff *diff,
                            berm_error *error) {
    berm_status status = berm_repository_open(&diff->repository, NULL, error);
    if (status != BERM_OK)
        return status;
    berm_git_options git = BERM_GIT_OPTIONS_INIT;
    git.paths = options->paths;
    git.path_count = options->path_count;
    if (form == STAGED)
        return berm_change_from_staged(&diff->change, diff->repository, &git, error);
    if (form == COMMIT)
        return berm_change_from_commit(&diff->change, diff->repository, options->commit, &git,
                                       error);
    if (form == REVISION)
        return berm_change_from_range(&diff->change, diff->repository, options->arguments[0], &git,
                                      error);
    return berm_change_from_worktree(&diff->change, diff->repository, &git, error);
}

/* A patch is judged with the repository around it, if there is one; --base demands one. */
static berm_status from_patch(const struct options *options, struct diff *diff, berm_error *error) {
    berm_error ignored;
    berm_status status =
        berm_repository_open(&diff->repository, NULL, options->base ? error : &ignored);
    if (status != BERM_OK && options->base)
        return status;
    const char *where = strcmp(options->patch, "-") == 0 ? "standard input" : options->patch;
    return berm_change_from_patch(&diff->change, diff->patch.data, diff->patch.size, where,
                                  diff->repository, options->base, error);
}

berm_status diff_open(const struct options *options, struct diff *diff, berm_error *error) {
    enum form form = (enum form)diff->form;
    if (form == PATCH)
        return from_patch(options, diff, error);
    if (form == TREES)
        return berm_change_from_directories(&diff->change, options->arguments[0],
                                            options->arguments[1], error);
    if (form == FILES)
        return berm_change_from_two_files(&diff->change, options->arguments[0],
                                          options->arguments[1], error);
    return from_git(options, form, diff, error);
}

void diff_close(struct diff *diff) {
    berm_change_free(diff->change);
    berm_repository_free(diff->repository);
    buffer_free(&diff->patch);
    *diff = (struct diff){0};
}
