#include "source/git.h"

#include "base/strbuf.h"

/* diff-tree keeps the trees it has read; a new process now and then gives that memory back. */
enum { COMPARISONS_PER_PROCESS = 4096 };

/* Everything a repository's configuration could turn round is said: the submodule setting hides
 * pointer moves, the rename limit changes results. */
#define RAW_OPTIONS                                                                                \
    "--raw", "-z", "--no-abbrev", "-l1000", "--ignore-submodules=none", "--no-relative",           \
        "--no-ext-diff", "--no-textconv"

static bool parse_octal(struct slice text, uint32_t *mode) {
    *mode = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '7')
            return false;
        *mode = *mode * 8 + (uint32_t)(text.data[i] - '0');
    }
    return text.size > 0 && text.size <= 7;
}

/* ":100644 100644 OLD NEW R087" */
static bool parse_meta(struct slice meta, struct raw_entry *entry) {
    struct slice old_mode, new_mode, status;
    bool whole = slice_split(&meta, ' ', &old_mode) && slice_split(&meta, ' ', &new_mode) &&
                 slice_split(&meta, ' ', &entry->old_id) &&
                 slice_split(&meta, ' ', &entry->new_id) && slice_split(&meta, ' ', &status);
    if (!whole || old_mode.size == 0 || old_mode.data[0] != ':' || status.size == 0)
        return false;
    entry->status = status.data[0];
    return parse_octal(slice_from(old_mode, 1), &entry->old_mode) &&
           parse_octal(new_mode, &entry->new_mode);
}

/* Reads as long as the output goes on with ':'; false if it broke off inside an entry. */
static bool read_entries(struct process *process, struct arena *arena,
                         struct raw_entries *entries) {
    while (process_peek(process) == ':') {
        struct slice meta;
        struct raw_entry entry = {0};
        if (!process_read_until(process, arena, '\0', &meta) || !parse_meta(meta, &entry) ||
            !process_read_until(process, arena, '\0', &entry.path))
            return false;
        entry.old_path = entry.path;
        if ((entry.status == 'R' || entry.status == 'C') &&
            !process_read_until(process, arena, '\0', &entry.path))
            return false;
        if (entries->list.count >= SOURCE_PAIRS)
            failure_raise(arena->failure, BERM_ERROR_LIMIT, PLACE_NONE,
                          "more than %d files in one change", (int)SOURCE_PAIRS);
        vec_push(arena, &entries->list, entry);
    }
    return true;
}

struct slice git_empty_tree(struct git *git, struct arena *arena, struct slice any_id) {
    /* git knows these two objects without having them. */
    if (any_id.size == 40)
        return SLICE("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
    if (any_id.size == 64)
        return SLICE("6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321");
    const char *const arguments[] = {"hash-object", "-t", "tree", "--stdin", NULL};
    return git_output(git, arena, arguments);
}

static struct process *tree_process(struct git *git, bool exact) {
    bool reuse = git->trees && !git->comparing && !exact && git->compared < COMPARISONS_PER_PROCESS;
    if (reuse)
        return git->trees;
    if (git->trees)
        process_end(git->trees);
    const char *const arguments[] = {"diff-tree", "--stdin", "-r", exact ? "-M100%" : "-M",
                                     RAW_OPTIONS, NULL};
    git->trees = git_start(git, arguments);
    git->compared = exact ? COMPARISONS_PER_PROCESS : 0; /* an exact one is used once */
    git->comparing = false;
    return git->trees;
}

/* A line that is no object id is echoed, flushed: it marks the end of an answer. */
static void ask(struct git *git, struct process *process, struct arena *arena,
                struct slice request) {
    git->comparing = true;
    git->compared++;
    process_write(process, ARENA_CONCAT(arena, request, SLICE("\nend\n")));
}

static bool read_comparison(struct process *process, struct arena *arena, struct slice request,
                            struct raw_entries *entries) {
    struct slice echo, marker;
    *entries = (struct raw_entries){0};
    return process_read_until(process, arena, '\n', &echo) && slice_equal(echo, request) &&
           read_entries(process, arena, entries) &&
           process_read_until(process, arena, '\n', &marker) && slice_is(marker, "end");
}

static bool compare_with(struct git *git, struct arena *arena, struct slice request, bool exact,
                         struct raw_entries *entries) {
    struct process *process = tree_process(git, exact);
    ask(git, process, arena, request);
    git->comparing = !read_comparison(process, arena, request, entries);
    return !git->comparing;
}

/* Requests under way at once: their text has to fit the socket, or both sides wait. */
enum { REQUESTS_AHEAD = 64 };

uint32_t git_compare_ask(struct git *git, struct arena *arena, const struct slice *requests,
                         uint32_t count) {
    if (count > REQUESTS_AHEAD)
        count = REQUESTS_AHEAD;
    struct process *process = count ? tree_process(git, false) : NULL;
    for (uint32_t i = 0; i < count; i++)
        ask(git, process, arena, requests[i]);
    return count;
}

bool git_compare_answer(struct git *git, struct arena *arena, struct slice request, bool last,
                        struct raw_entries *entries) {
    bool whole = read_comparison(git->trees, arena, request, entries);
    if (whole && last)
        git->comparing = false; /* otherwise the next comparison starts another process */
    return whole;
}

void git_compare_trees(struct git *git, struct arena *arena, struct slice before,
                       struct slice after, struct raw_entries *entries) {
    git_enter(git, arena);
    *entries = (struct raw_entries){0};
    if (slice_is_none(before) && slice_is_none(after))
        return;
    struct slice any = slice_is_none(before) ? after : before;
    if (slice_is_none(before))
        before = git_empty_tree(git, arena, any);
    if (slice_is_none(after))
        after = git_empty_tree(git, arena, any);
    if (slice_equal(before, after))
        return;
    struct slice request = ARENA_CONCAT(arena, before, SLICE(" "), after);
    if (git_expected(git, arena, request, entries))
        return;
    /* Looking for similar files reads contents, which a partial clone may not have. */
    if (compare_with(git, arena, request, false, entries) ||
        compare_with(git, arena, request, true, entries))
        return;
    process_finish(git->trees);
    struct process *process = git->trees;
    git->trees = NULL;
    git_fail(git, arena, process, "diff-tree");
}

struct process *git_start_index(struct git *git, const char *tree, bool exact) {
    const char *const arguments[] = {"diff-index",
                                     "--cached",
                                     "--ita-invisible-in-index",
                                     exact ? "-M100%" : "-M",
                                     RAW_OPTIONS,
                                     "--end-of-options",
                                     tree,
                                     "--",
                                     NULL};
    struct process *process = git_start(git, arguments);
    process_close_input(process);
    return process;
}

bool git_read_index(struct process *process, struct arena *arena, struct raw_entries *entries) {
    *entries = (struct raw_entries){0};
    bool whole = read_entries(process, arena, entries) && process_peek(process) < 0;
    return process_finish(process) && whole;
}

bool git_needs_object(uint32_t mode) {
    return (mode & 0170000) == 0100000 || (mode & 0170000) == 0120000;
}

/* A side is read now, or made from what the entry says. `next` walks through the objects. */
static struct blob side_of(struct arena *arena, uint32_t mode, struct slice id,
                           const struct git_object **next) {
    if (mode == 0)
        return blob_absent();
    if (mode == 0160000)
        return (struct blob){.state = CONTENT_SUBMODULE, .bytes = id, .mode = mode};
    if (!git_needs_object(mode))
        return blob_unreadable(arena_format(arena, "unknown file mode %o", mode), mode);
    return git_blob(arena, (*next)++, mode);
}

static enum pair_status status_of(const struct raw_entry *entry) {
    switch (entry->status) {
    case 'A':
        return PAIR_ADDED;
    case 'D':
        return PAIR_REMOVED;
    case 'R':
        return PAIR_RENAMED;
    case 'C':
        return PAIR_COPIED;
    default:
        return PAIR_MODIFIED;
    }
}

static bool passes(const struct raw_entry *entry, const struct path_filter *filter) {
    return path_filter_passes(filter, entry->path) || path_filter_passes(filter, entry->old_path);
}

static void add_pair(struct change *change, const struct raw_entry *entry,
                     const struct git_object **next) {
    struct pair pair = {
        .path = entry->path, .old_path = entry->old_path, .status = status_of(entry)};
    pair.before = side_of(change->arena, entry->old_mode, entry->old_id, next);
    pair.after = side_of(change->arena, entry->new_mode, entry->new_id, next);
    if (entry->status == 'U')
        pair.after = blob_unreadable(SLICE("unmerged: the index holds a conflict"), 0);
    change_add(change, pair);
}

void git_add_pairs(struct git *git, struct change *change, const struct raw_entries *entries,
                   const struct path_filter *filter) {
    struct arena *arena = change->arena;
    VEC(struct slice) names = {0};
    for (uint32_t i = 0; i < entries->list.count; i++) {
        const struct raw_entry *entry = &entries->list.items[i];
        if (!passes(entry, filter))
            continue;
        if (git_needs_object(entry->old_mode))
            vec_push(arena, &names, entry->old_id);
        if (git_needs_object(entry->new_mode))
            vec_push(arena, &names, entry->new_id);
    }
    struct git_object *objects = ARENA_ARRAY(arena, struct git_object, (size_t)names.count + 1);
    git_objects(git, arena, names.items, names.count, objects);
    const struct git_object *next = objects;
    for (uint32_t i = 0; i < entries->list.count; i++)
        if (passes(&entries->list.items[i], filter))
            add_pair(change, &entries->list.items[i], &next);
}
