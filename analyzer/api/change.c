/* The constructors and getters of berm_change. Each constructor is one row: a small function that
 * calls the source, run by change_make with the failures of change and repository caught. */
#include "api/object.h"

struct making {
    struct berm_change *change;
    const struct change_maker *maker;
};

static const char *text_of(struct arena *arena, struct slice text) {
    return text.data ? arena_text(arena, text) : "";
}

static void make(void *context) {
    struct making *making = context;
    struct berm_change *out = making->change;
    struct change *change = making->maker->make(out, making->maker);
    out->change = change;
    out->id = text_of(&out->arena, change->id);
    out->parent = text_of(&out->arena, change->parent);
    out->directory = text_of(&out->arena, change->repository);
    out->paths = ARENA_ARRAY(&out->arena, const char *, change->pairs.count + 1u);
    for (uint32_t i = 0; i < change->pairs.count; i++)
        out->paths[i] = text_of(&out->arena, change->pairs.items[i].path);
}

berm_status change_make(struct berm_change **out, const struct change_maker *maker,
                        berm_error *error) {
    *out = NULL;
    struct making making = {OBJECT_NEW(struct berm_change), maker};
    if (!making.change)
        return call_out_of_memory(error);
    making.change->repository = maker->repository;
    struct call call = {
        {&making.change->failure, maker->repository ? &maker->repository->failure : NULL},
        make,
        &making};
    berm_status status = call_run(&call, error);
    if (status == BERM_OK)
        *out = making.change;
    else
        berm_change_free(making.change);
    return status;
}

void berm_change_free(berm_change *change) {
    object_free(change);
}

static struct source_paths maker_paths(const struct change_maker *maker) {
    return (struct source_paths){maker->options.paths, (uint32_t)maker->options.path_count};
}

static struct change_maker git_maker(berm_repository *repository, const char *text,
                                     const berm_git_options *options) {
    struct change_maker maker = {
        .repository = repository, .text = text, .options = BERM_GIT_OPTIONS_INIT};
    call_options(&maker.options, sizeof maker.options, options);
    return maker;
}

static struct change *make_worktree(struct berm_change *change, const struct change_maker *maker) {
    return source_worktree(&change->arena, maker->repository->git, maker_paths(maker));
}

berm_status berm_change_from_worktree(berm_change **out, berm_repository *repository,
                                      const berm_git_options *options, berm_error *error) {
    struct change_maker maker = git_maker(repository, NULL, options);
    maker.make = make_worktree;
    return change_make(out, &maker, error);
}

static struct change *make_staged(struct berm_change *change, const struct change_maker *maker) {
    return source_staged(&change->arena, maker->repository->git, maker_paths(maker));
}

berm_status berm_change_from_staged(berm_change **out, berm_repository *repository,
                                    const berm_git_options *options, berm_error *error) {
    struct change_maker maker = git_maker(repository, NULL, options);
    maker.make = make_staged;
    return change_make(out, &maker, error);
}

static struct change *make_range(struct berm_change *change, const struct change_maker *maker) {
    return source_revision(&change->arena, maker->repository->git, maker->text, maker_paths(maker));
}

berm_status berm_change_from_range(berm_change **out, berm_repository *repository,
                                   const char *range, const berm_git_options *options,
                                   berm_error *error) {
    struct change_maker maker = git_maker(repository, range, options);
    maker.make = make_range;
    return change_make(out, &maker, error);
}

static struct change *make_commit(struct berm_change *change, const struct change_maker *maker) {
    return source_commit(&change->arena, maker->repository->git, maker->text, maker_paths(maker));
}

berm_status berm_change_from_commit(berm_change **out, berm_repository *repository,
                                    const char *revision, const berm_git_options *options,
                                    berm_error *error) {
    struct change_maker maker = git_maker(repository, revision, options);
    maker.make = make_commit;
    return change_make(out, &maker, error);
}

/* The source borrows the patch for the change's life, so it is copied. */
static struct change *make_patch(struct berm_change *change, const struct change_maker *maker) {
    return source_patch(&change->arena, arena_copy(&change->arena, maker->bytes),
                        arena_text(&change->arena, slice_of(maker->text)),
                        maker->repository ? maker->repository->git : NULL, maker->second);
}

berm_status berm_change_from_patch(berm_change **out, const char *patch, size_t size,
                                   const char *where, berm_repository *repository, const char *base,
                                   berm_error *error) {
    struct change_maker maker = {.make = make_patch,
                                 .repository = repository,
                                 .text = where ? where : "patch",
                                 .second = base,
                                 .bytes = {patch ? patch : "", size}};
    return change_make(out, &maker, error);
}

static struct change *make_directories(struct berm_change *change,
                                       const struct change_maker *maker) {
    return source_directories(&change->arena, maker->text, maker->second);
}

berm_status berm_change_from_directories(berm_change **out, const char *before, const char *after,
                                         berm_error *error) {
    struct change_maker maker = {.make = make_directories, .text = before, .second = after};
    return change_make(out, &maker, error);
}

static struct change *make_two_files(struct berm_change *change, const struct change_maker *maker) {
    return source_files(&change->arena, maker->text, maker->second);
}

berm_status berm_change_from_two_files(berm_change **out, const char *before, const char *after,
                                       berm_error *error) {
    struct change_maker maker = {.make = make_two_files, .text = before, .second = after};
    return change_make(out, &maker, error);
}

static struct slice copy(struct arena *arena, const char *bytes, size_t size) {
    return bytes ? arena_copy(arena, slice_make(bytes, size)) : SLICE_NONE;
}

static struct slice copy_text(struct arena *arena, const char *text) {
    return text ? arena_copy(arena, slice_of(text)) : SLICE_NONE;
}

static struct berm_file file_at(struct arena *arena, const struct berm_file *files, size_t index) {
    const char *bytes = (const char *)files + (files->size ? files->size : sizeof *files) * index;
    struct berm_file file = BERM_FILE_INIT;
    call_options(&file, sizeof file, bytes);
    if (!file.path || !*file.path)
        failure_raise(arena->failure, BERM_ERROR_ARGUMENT, PLACE_NONE,
                      "file %zu has no path; set path", index);
    return file;
}

static struct change *make_memory(struct berm_change *change, const struct change_maker *maker) {
    struct arena *arena = &change->arena;
    struct source_file *files = ARENA_ARRAY(arena, struct source_file, maker->count + 1);
    for (size_t i = 0; i < maker->count; i++) {
        struct berm_file file = file_at(arena, maker->files, i);
        files[i] = (struct source_file){.path = copy_text(arena, file.path),
                                        .old_path = copy_text(arena, file.old_path),
                                        .before = copy(arena, file.before, file.before_size),
                                        .after = copy(arena, file.after, file.after_size),
                                        .mode = file.mode};
    }
    struct source_context *context =
        ARENA_ARRAY(arena, struct source_context, maker->context_count + 1);
    for (size_t i = 0; i < maker->context_count; i++) {
        struct berm_file file = file_at(arena, maker->context, i);
        context[i].path = copy_text(arena, file.path);
        context[i].content = copy(arena, file.after ? file.after : "", file.after_size);
    }
    return source_memory(arena, files, (uint32_t)maker->count, context,
                         (uint32_t)maker->context_count);
}

berm_status berm_change_from_files(berm_change **out, const berm_file *files, size_t count,
                                   const berm_file *context, size_t context_count,
                                   berm_error *error) {
    struct change_maker maker = {.make = make_memory,
                                 .files = files,
                                 .context = context,
                                 .count = count,
                                 .context_count = context_count};
    return change_make(out, &maker, error);
}

size_t berm_change_file_count(const berm_change *change) {
    return change->change->pairs.count;
}

const char *berm_change_path(const berm_change *change, size_t index) {
    return index < change->change->pairs.count ? change->paths[index] : NULL;
}

const char *berm_change_id(const berm_change *change) {
    return change->id;
}

const char *berm_change_parent(const berm_change *change) {
    return change->parent;
}

const char *berm_change_repository(const berm_change *change) {
    return change->directory;
}

struct marking {
    struct berm_change *change;
    size_t index;
    const char *reason;
};

static void mark(void *context) {
    struct marking *marking = context;
    struct arena *arena = &marking->change->arena;
    struct pair *pair = &marking->change->change->pairs.items[marking->index];
    struct slice reason = arena_copy(arena, slice_of(marking->reason));
    struct blob *sides[] = {&pair->before, &pair->after};
    for (size_t i = 0; i < 2; i++) {
        if (sides[i]->state == CONTENT_ABSENT)
            continue;
        sides[i]->state = CONTENT_UNREADABLE;
        sides[i]->bytes = SLICE("");
        sides[i]->reason = reason;
    }
}

berm_status berm_change_set_unreadable(berm_change *change, size_t index, const char *reason,
                                       berm_error *error) {
    if (index >= change->change->pairs.count)
        return call_error(error, BERM_ERROR_ARGUMENT, NULL, "the change has no such file");
    struct marking marking = {change, index, reason};
    struct call call = {{&change->failure}, mark, &marking};
    return call_run(&call, error);
}
