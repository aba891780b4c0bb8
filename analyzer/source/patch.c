#include "source/patch.h"

#include "source/git.h"

/* What is known of one file on both sides, in raw bytes. */
struct contents {
    struct slice before, after; /* SLICE_NONE: not known (or absent) */
    bool fragment;
};

struct assembly {
    struct arena *arena;
    struct git *git;  /* NULL: none */
    struct tree base; /* tree_unknown without git */
    struct change *change;
    struct map current;            /* path -> pair, as it is after the sections so far */
    VEC(struct contents) contents; /* one for each pair */
    bool matches_base;             /* every before side is the base's */
};

static struct slice object_named(struct assembly *a, struct slice id) {
    if (!a->git || slice_is_none(id))
        return SLICE_NONE;
    struct git_object object = git_object(a->git, a->arena, id);
    /* A branch may be called like an abbreviated id. */
    bool right = object.type == OBJECT_BLOB && slice_starts(object.id, id);
    return right ? object.bytes : SLICE_NONE;
}

static struct slice base_content(struct assembly *a, struct slice path, struct slice *id) {
    uint32_t mode;
    if (!a->git || slice_is_none(path) || git_tree_find(a->base, path, &mode, id) != TREE_PRESENT ||
        mode == 0160000)
        return SLICE_NONE;
    return git_object(a->git, a->arena, *id).bytes;
}

static bool fits(struct assembly *a, const struct patch_file *file, struct slice before,
                 struct contents *contents) {
    if (slice_is_none(before) || !patch_apply(a->arena, file, before, false, &contents->after))
        return false;
    contents->before = before;
    return true;
}

/* Hunks: the blob the patch names, else the base's file if it fits exactly, else backwards from
 * the blob after; all that is left are fragments. */
static struct contents resolve_hunks(struct assembly *a, const struct patch_file *file) {
    struct contents contents = {0};
    struct slice id = SLICE_NONE, after;
    if (slice_is_none(file->old_path) || slice_is_none(file->new_path)) {
        contents.before = patch_fragment(a->arena, file, false);
        contents.after = patch_fragment(a->arena, file, true);
        return contents;
    }
    if (fits(a, file, object_named(a, file->old_id), &contents) ||
        fits(a, file, base_content(a, file->old_path, &id), &contents))
        return contents;
    after = object_named(a, file->new_id);
    if (!slice_is_none(after) && patch_apply(a->arena, file, after, true, &contents.before)) {
        contents.after = after;
        return contents;
    }
    contents.before = patch_fragment(a->arena, file, false);
    contents.after = patch_fragment(a->arena, file, true);
    contents.fragment = true;
    return contents;
}

/* No hunks: a pure rename, copy or mode change, an empty file, or a binary. */
static struct contents resolve_whole(struct assembly *a, const struct patch_file *file) {
    struct contents contents = {0};
    struct slice id = SLICE_NONE;
    bool one_sided = slice_is_none(file->old_path) || slice_is_none(file->new_path);
    if (one_sided && !file->binary) {
        contents.before = contents.after = SLICE("");
        return contents;
    }
    contents.before = object_named(a, file->old_id);
    contents.after = object_named(a, file->new_id);
    if (file->binary)
        return contents;
    if (slice_is_none(contents.before))
        contents.before = base_content(a, file->old_path, &id);
    contents.after = contents.before;
    if (slice_is_none(contents.before)) {
        contents.before = contents.after = SLICE("");
        contents.fragment = true;
    }
    return contents;
}

static struct slice submodule_id(struct slice text) {
    struct slice line;
    while (slice_split(&text, '\n', &line))
        if (slice_starts(line, SLICE("Subproject commit ")))
            return slice_from(line, strlen("Subproject commit "));
    return text;
}

static struct blob blob_of(struct assembly *a, const struct patch_file *file, struct slice bytes,
                           uint32_t mode, bool fragment) {
    mode = mode ? mode : 0100644;
    if (file->combined)
        return blob_unreadable(SLICE("a combined diff of a merge: give the commit instead"), mode);
    if (mode == 0160000)
        return (struct blob){
            .state = CONTENT_SUBMODULE, .bytes = submodule_id(bytes), .mode = mode};
    if (file->binary && slice_is_none(bytes))
        return (struct blob){.state = CONTENT_BINARY, .bytes = SLICE(""), .mode = mode};
    struct blob blob = blob_from_bytes(a->arena, bytes, mode);
    blob.fragment = fragment;
    return blob;
}

static bool is_base_file(struct assembly *a, const struct patch_file *file,
                         const struct contents *contents) {
    struct slice id = SLICE_NONE;
    uint32_t mode;
    if (slice_is_none(file->old_path))
        return a->git && git_tree_find(a->base, file->new_path, &mode, &id) == TREE_ABSENT;
    struct slice here = base_content(a, file->old_path, &id);
    return !contents->fragment && !slice_is_none(here) && slice_equal(here, contents->before);
}

static enum pair_status status_of(const struct patch_file *file) {
    if (slice_is_none(file->old_path))
        return PAIR_ADDED;
    if (slice_is_none(file->new_path))
        return PAIR_REMOVED;
    if (slice_equal(file->old_path, file->new_path))
        return PAIR_MODIFIED;
    return file->copied ? PAIR_COPIED : PAIR_RENAMED;
}

static void add_section(struct assembly *a, const struct patch_file *file) {
    bool added = slice_is_none(file->old_path), removed = slice_is_none(file->new_path);
    struct contents contents = file->combined      ? (struct contents){0}
                               : file->hunks.count ? resolve_hunks(a, file)
                                                   : resolve_whole(a, file);
    struct pair pair = {.path = removed ? file->old_path : file->new_path,
                        .old_path = added ? file->new_path : file->old_path,
                        .status = status_of(file)};
    uint32_t old_mode = file->old_mode ? file->old_mode : file->new_mode;
    uint32_t new_mode = file->new_mode ? file->new_mode : file->old_mode;
    pair.before = pair.after = blob_absent();
    if (!added)
        pair.before = blob_of(a, file, contents.before, old_mode, contents.fragment);
    if (!removed)
        pair.after = blob_of(a, file, contents.after, new_mode, contents.fragment);
    a->matches_base = a->matches_base && is_base_file(a, file, &contents);
    map_set(&a->current, pair.path, a->change->pairs.count);
    vec_push(a->arena, &a->contents, contents);
    change_add(a->change, pair);
}

/* A later commit of a mailbox goes on with what an earlier one left: then both are one pair. */
static bool continue_pair(struct assembly *a, const struct patch_file *file) {
    uint32_t at = slice_is_none(file->old_path) ? MAP_ABSENT : map_get(&a->current, file->old_path);
    if (at == MAP_ABSENT || file->copied || file->binary || file->combined)
        return false;
    struct pair *pair = &a->change->pairs.items[at];
    struct contents *contents = &a->contents.items[at];
    struct slice after;
    if (contents->fragment || pair->after.state != CONTENT_TEXT ||
        !slice_equal(pair->path, file->old_path) ||
        !patch_apply(a->arena, file, contents->after, false, &after))
        return false;
    contents->after = after;
    uint32_t mode = file->new_mode ? file->new_mode : pair->after.mode;
    if (slice_is_none(file->new_path)) {
        pair->after = blob_absent();
        pair->path = pair->old_path;
        pair->status = PAIR_REMOVED;
        return true;
    }
    pair->after = blob_of(a, file, after, mode, false);
    if (!slice_equal(file->new_path, file->old_path)) {
        pair->path = file->new_path;
        if (pair->status == PAIR_ADDED)
            pair->old_path = pair->path;
        else
            pair->status = slice_equal(pair->path, pair->old_path) ? PAIR_MODIFIED : PAIR_RENAMED;
        map_set(&a->current, pair->path, at);
    }
    return true;
}

static struct slice base_tree(struct assembly *a, const char *base) {
    struct git_commit commit;
    if (git_commit_read(a->git, a->arena, slice_of(base ? base : "HEAD"), &commit))
        return commit.tree;
    if (base)
        failure_raise(a->arena->failure, BERM_ERROR_GIT, (struct place){base, 0, 0},
                      "unknown revision");
    return SLICE_NONE;
}

static void drop_nothing(struct change *change) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < change->pairs.count; i++)
        if (change->pairs.items[i].before.state != CONTENT_ABSENT ||
            change->pairs.items[i].after.state != CONTENT_ABSENT)
            change->pairs.items[kept++] = change->pairs.items[i];
    change->pairs.count = kept;
}

static void set_trees(struct assembly *a, bool based) {
    struct change *change = a->change;
    if (a->git)
        change->policy = a->base;
    if (a->git && (based || a->matches_base)) {
        change->before = a->base;
    } else {
        struct overlay *before = overlay_new(a->arena, tree_unknown);
        for (uint32_t i = 0; i < change->pairs.count; i++)
            overlay_set(before, change->pairs.items[i].old_path, change->pairs.items[i].before);
        change->before = overlay_tree(before);
    }
    change->after =
        overlay_of_pairs(change, a->git && (based || a->matches_base) ? a->base : tree_unknown);
}

struct change *source_patch(struct arena *arena, struct slice text, const char *where,
                            struct git *git, const char *base) {
    struct patch patch;
    struct assembly a = {.arena = arena,
                         .git = git,
                         .base = tree_unknown,
                         .change = change_new(arena),
                         .matches_base = git != NULL};
    patch_parse(arena, text, where, &patch);
    map_init(&a.current, arena);
    if (git) {
        git_enter(git, arena);
        a.base = git_tree(git, arena, base_tree(&a, base));
        a.change->repository = arena_copy(arena, slice_of(git->top));
    }
    for (uint32_t i = 0; i < patch.files.count; i++)
        if (!continue_pair(&a, &patch.files.items[i]))
            add_section(&a, &patch.files.items[i]);
    a.change->message = patch.message;
    a.change->author = patch.author;
    a.change->notes = patch.notes;
    drop_nothing(a.change);
    set_trees(&a, base != NULL);
    change_finish(a.change);
    return a.change;
}
