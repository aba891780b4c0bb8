#include "api/object.h"

struct work {
    struct berm_repository *repository;
    const char *directory, *range;
    const char **ids;
    uint32_t count;
};

static void open_git(void *context) {
    struct work *work = context;
    work->repository->git = git_open(&work->repository->arena, work->directory);
}

berm_status berm_repository_open(berm_repository **out, const char *directory, berm_error *error) {
    *out = NULL;
    struct work work = {OBJECT_NEW(struct berm_repository), directory, NULL, NULL, 0};
    if (!work.repository)
        return call_out_of_memory(error);
    arena_init(&work.repository->commits, &work.repository->failure, 0);
    arena_init(&work.repository->expected, &work.repository->failure, 0);
    struct call call = {{&work.repository->failure}, open_git, &work};
    berm_status status = call_run(&call, error);
    if (status == BERM_OK)
        *out = work.repository;
    else
        berm_repository_free(work.repository);
    return status;
}

const char *berm_repository_path(const berm_repository *repository) {
    return git_top(repository->git);
}

void berm_repository_free(berm_repository *repository) {
    if (!repository)
        return;
    arena_release(&repository->commits);
    arena_release(&repository->expected);
    object_free(repository);
}

static void list_commits(void *context) {
    struct work *work = context;
    struct arena *arena = &work->repository->commits;
    struct slice *ids = source_commits(arena, work->repository->git, work->range, &work->count);
    work->ids = ARENA_ARRAY(arena, const char *, work->count + 1);
    for (uint32_t i = 0; i < work->count; i++)
        work->ids[i] = arena_text(arena, ids[i]);
}

berm_status berm_repository_commits(berm_repository *repository, const char *range,
                                    const char *const **ids, size_t *count, berm_error *error) {
    *ids = NULL;
    *count = 0;
    arena_release(&repository->commits);
    struct work work = {.repository = repository, .range = range};
    struct call call = {{&repository->failure}, list_commits, &work};
    berm_status status = call_run(&call, error);
    if (status != BERM_OK)
        return status;
    *ids = work.ids;
    *count = work.count;
    return BERM_OK;
}

static void expect(void *context) {
    struct work *work = context;
    struct arena *arena = &work->repository->expected;
    struct slice *ids = ARENA_ARRAY(arena, struct slice, work->count + 1u);
    for (uint32_t i = 0; i < work->count; i++)
        ids[i] = slice_of(work->ids[i]);
    git_expect(work->repository->git, arena, ids, work->count);
}

berm_status berm_repository_expect(berm_repository *repository, const char *const *ids,
                                   size_t count, berm_error *error) {
    arena_release(&repository->expected);
    struct work work = {.repository = repository,
                        .ids = (const char **)(uintptr_t)ids,
                        .count = (uint32_t)(count < UINT32_MAX ? count : UINT32_MAX)};
    struct call call = {{&repository->failure}, expect, &work};
    return call_run(&call, error);
}

static void find_hooks(void *context) {
    struct work *work = context;
    work->directory = git_hooks_directory(work->repository->git);
}

berm_status berm_repository_hooks(berm_repository *repository, const char **directory,
                                  berm_error *error) {
    *directory = NULL;
    struct work work = {.repository = repository};
    struct call call = {{&repository->failure}, find_hooks, &work};
    berm_status status = call_run(&call, error);
    *directory = work.directory;
    return status;
}
