#include "source/git_walk.h"

_Noreturn static void unknown_revision(struct arena *arena, const char *revision) {
    failure_raise(arena->failure, BERM_ERROR_GIT, (struct place){revision, 0, 0},
                  "unknown revision; in a shallow clone it may not have been fetched");
}

static struct git_commit commit_named(struct git *git, struct arena *arena, const char *revision) {
    struct git_commit commit;
    if (!git_commit_read(git, arena, slice_of(revision), &commit))
        unknown_revision(arena, revision);
    return commit;
}

/* A commit, a tag of one, or a bare tree (then only .tree is set). */
static struct git_commit tree_named(struct git *git, struct arena *arena, const char *revision) {
    struct git_commit commit;
    if (git_commit_read(git, arena, slice_of(revision), &commit))
        return commit;
    struct git_object tree = git_object(git, arena, arena_format(arena, "%s^{tree}", revision));
    if (slice_is_none(tree.bytes) || tree.type != OBJECT_TREE)
        unknown_revision(arena, revision);
    return (struct git_commit){.tree = tree.id};
}

static struct change *change_in(struct git *git, struct arena *arena) {
    struct change *change = change_new(arena);
    change->repository = arena_copy(arena, slice_of(git->top));
    return change;
}

/* Raises only for what the process says about the repository itself; contents that are missing
 * are no reason, those are asked for again without similarity. */
static void read_index(struct git *git, struct arena *arena, struct process *process,
                       const char *tree, struct raw_entries *entries) {
    bool done = git_read_index(process, arena, entries);
    if (!done) {
        process_end(process);
        process = git_start_index(git, tree, true);
        done = git_read_index(process, arena, entries);
    }
    if (!done)
        git_fail(git, arena, process, "diff-index");
    process_end(process);
}

static void drop_filtered(struct change *change, const struct path_filter *filter) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        struct pair pair = change->pairs.items[i];
        if (path_filter_passes(filter, pair.path) || path_filter_passes(filter, pair.old_path))
            change->pairs.items[kept++] = pair;
    }
    change->pairs.count = kept;
}

struct change *source_staged(struct arena *arena, struct git *git, struct source_paths paths) {
    git_enter(git, arena);
    /* Started before the first question to cat-file, so that the two run side by side. */
    struct process *process = git_start_index(git, "HEAD", false);
    struct change *change = change_in(git, arena);
    struct git_commit head;
    const char *tree = "HEAD";
    if (git_commit_read(git, arena, SLICE("HEAD"), &head)) {
        change->parent = head.id;
    } else {
        struct slice empty = git_empty_tree(git, arena, SLICE_NONE);
        if (slice_is_none(empty)) { /* git refuses the repository: it says why */
            process_finish(process);
            git_fail(git, arena, process, "diff-index");
        }
        process_end(process);
        tree = empty.data;
        process = git_start_index(git, tree, false);
    }
    struct raw_entries entries;
    read_index(git, arena, process, tree, &entries);
    struct path_filter all = {0}, filter;
    git_filter(git, arena, paths, &filter);
    git_add_pairs(git, change, &entries, &all);
    change->before = change->policy = git_tree(git, arena, head.tree);
    change->after = overlay_of_pairs(change, change->before);
    drop_filtered(change, &filter);
    change_finish(change);
    return change;
}

static void describe(struct change *change, const struct git_commit *commit) {
    change->id = commit->id;
    change->message = commit->message;
    change->author = commit->author;
}

static void compare(struct git *git, struct change *change, struct slice before, struct slice after,
                    struct source_paths paths) {
    struct raw_entries entries;
    struct path_filter filter;
    git_filter(git, change->arena, paths, &filter);
    git_compare_trees(git, change->arena, before, after, &entries);
    git_add_pairs(git, change, &entries, &filter);
    change->before = git_tree(git, change->arena, before);
    change->after = git_tree(git, change->arena, after);
    change_finish(change);
}

struct change *source_commit(struct arena *arena, struct git *git, const char *revision,
                             struct source_paths paths) {
    git_enter(git, arena);
    struct change *change = change_in(git, arena);
    struct git_commit commit = commit_named(git, arena, revision), parent = {0};
    describe(change, &commit);
    if (commit.parents.count) {
        change->parent = commit.parents.items[0];
        if (!git_commit_read(git, arena, change->parent, &parent)) {
            struct slice reason =
                arena_format(arena,
                             "parent %.*s is missing (a shallow clone ends here): "
                             "every file counts as added",
                             SLICE_ARGS(change->parent));
            vec_push(arena, &change->notes.list,
                     ((struct note){SLICE(""), 0, true, reason, false}));
        }
    }
    compare(git, change, parent.tree, commit.tree, paths);
    if (commit.parents.count && slice_is_none(parent.tree))
        change->before = tree_unknown;
    change->policy = change->before;
    return change;
}

/* "A..B" and "A...B": the two names, an empty one being HEAD. false: no range. */
static bool split_range(struct arena *arena, const char *range, const char **from, const char **to,
                        bool *symmetric) {
    struct slice text = slice_of(range);
    size_t at = slice_find(text, SLICE(".."));
    if (at == SLICE_NPOS)
        return false;
    *symmetric = slice_starts(slice_from(text, at), SLICE("..."));
    struct slice second = slice_from(text, at + (*symmetric ? 3 : 2));
    *from = at ? arena_text(arena, slice_sub(text, 0, at)) : "HEAD";
    *to = second.size ? arena_text(arena, second) : "HEAD";
    return true;
}

static struct git_commit merge_base(struct git *git, struct arena *arena, const char *range,
                                    const struct git_commit *from, const struct git_commit *to) {
    const char *const arguments[] = {"merge-base", arena_text(arena, from->id),
                                     arena_text(arena, to->id), NULL};
    struct slice id = git_output(git, arena, arguments);
    if (slice_is_none(id) || id.size == 0)
        failure_raise(arena->failure, BERM_ERROR_GIT, (struct place){range, 0, 0},
                      "no common ancestor; in a shallow clone fetch more history, or use A..B");
    return commit_named(git, arena, id.data);
}

struct change *source_revision(struct arena *arena, struct git *git, const char *range,
                               struct source_paths paths) {
    git_enter(git, arena);
    const char *from, *to;
    bool symmetric;
    if (!split_range(arena, range, &from, &to, &symmetric)) {
        struct git_commit commit = tree_named(git, arena, range);
        struct change *change = worktree_compare(arena, git, commit.tree, paths);
        change->parent = commit.id;
        return change;
    }
    struct change *change = change_in(git, arena);
    struct git_commit before =
        symmetric ? commit_named(git, arena, from) : tree_named(git, arena, from);
    struct git_commit after = symmetric ? commit_named(git, arena, to) : tree_named(git, arena, to);
    struct slice tip = before.tree;
    if (symmetric)
        before = merge_base(git, arena, range, &before, &after);
    describe(change, &after);
    change->parent = before.id;
    compare(git, change, before.tree, after.tree, paths);
    change->policy = slice_equal(tip, before.tree) ? change->before : git_tree(git, arena, tip);
    return change;
}

struct change *source_worktree(struct arena *arena, struct git *git, struct source_paths paths) {
    git_enter(git, arena);
    struct git_commit head;
    bool born = git_commit_read(git, arena, SLICE("HEAD"), &head);
    struct change *change = worktree_compare(arena, git, born ? head.tree : SLICE_NONE, paths);
    change->parent = born ? head.id : SLICE_NONE;
    return change;
}

struct slice *source_commits(struct arena *arena, struct git *git, const char *range,
                             uint32_t *count) {
    git_enter(git, arena);
    *count = 0;
    const char *from = NULL, *to = range ? range : "HEAD";
    bool symmetric;
    if (range)
        split_range(arena, range, &from, &to, &symmetric);
    struct git_commit tip;
    if (!range && !git_commit_read(git, arena, SLICE("HEAD"), &tip)) {
        if (slice_is_none(git_empty_tree(git, arena, SLICE_NONE)))
            unknown_revision(arena, "HEAD");
        return NULL; /* nothing committed yet */
    }
    tip = commit_named(git, arena, to);
    const char *excluded = NULL;
    struct git_commit base = {.id = SLICE_NONE};
    if (from) {
        base = commit_named(git, arena, from);
        excluded = arena_format(arena, "^%.*s", SLICE_ARGS(base.id)).data;
    }
    const char *const arguments[] = {
        "rev-list", "--reverse", "--topo-order", arena_text(arena, tip.id), excluded, NULL};
    struct process *process = git_start(git, arguments);
    process_close_input(process);
    VEC(struct slice) ids = {0};
    struct slice line;
    while (process_read_until(process, arena, '\n', &line))
        vec_push(arena, &ids, line);
    bool whole = process_finish(process);
    process_end(process);
    if (!whole) /* a commit is missing */
        return git_walk(git, arena, tip.id, base.id, count);
    *count = ids.count;
    return ids.items;
}
