#include "source/disk.h"
#include "source/git.h"
#include "source/lfs.h"
#include "source/submodule.h"

enum { FLAG_SKIP_WORKTREE = 1 << 30, FLAG_INTENT_TO_ADD = 1 << 29, FLAG_ASSUME_VALID = 1 << 15 };

/* One line of `ls-files -s -z --debug`: an index entry with what lstat said when it was made. */
struct index_entry {
    uint32_t mode, stage;
    struct slice id, path;
    int64_t seconds, nanoseconds, inode, size;
    uint32_t flags;
    bool has_status;
};

/* What the work tree holds at a path. */
struct work_file {
    bool same; /* as the index says: `mode` and `id` of the index hold */
    struct blob blob;
};

struct comparison {
    struct git *git;
    struct arena *arena;
    int directory; /* descriptor of the work tree */
    struct raw_entries staged;
    struct map staged_at; /* path -> index of staged.list */
    struct timespec index_time;
    bool ignore_executable; /* core.fileMode=false; asked for at the first difference */
    bool asked_executable;
    struct raw_entries entries; /* the result: contents still to be read from git ... */
    struct change *change;
};

static int64_t number_after(struct slice *rest, const char *label) {
    int64_t value = 0;
    size_t at = slice_find(*rest, slice_of(label));
    if (at == SLICE_NPOS)
        return -1;
    struct slice digits = slice_from(*rest, at + strlen(label));
    size_t size = 0;
    while (size < digits.size && digits.data[size] >= '0' && digits.data[size] <= '9')
        size++;
    if (!slice_to_int(slice_sub(digits, 0, size), &value))
        return -1;
    *rest = slice_from(digits, size);
    return value;
}

static uint32_t hexadecimal(struct slice text) {
    uint32_t value = 0;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c >= '0' && c <= '9')
            value = value << 4 | (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value << 4 | (uint32_t)(c - 'a' + 10);
        else
            break;
    }
    return value;
}

/* The format of --debug is not promised: what cannot be read only costs a comparison of bytes. */
static void read_debug_lines(struct process *process, struct arena *arena,
                             struct index_entry *entry) {
    struct slice line, text = SLICE("");
    while (process_peek(process) == ' ') {
        if (!process_read_until(process, arena, '\n', &line))
            return;
        text = arena_format(arena, "%.*s%.*s\n", SLICE_ARGS(text), SLICE_ARGS(line));
    }
    entry->seconds = number_after(&text, "mtime: ");
    entry->nanoseconds = number_after(&text, ":");
    entry->inode = number_after(&text, "ino: ");
    entry->size = number_after(&text, "size: ");
    size_t flags = slice_find(text, SLICE("flags: "));
    if (flags == SLICE_NPOS)
        return;
    entry->flags = hexadecimal(slice_from(text, flags + strlen("flags: ")));
    entry->has_status = entry->seconds > 0 && entry->nanoseconds >= 0 && entry->size >= 0;
}

/* "100644 ID STAGE\tPATH\0" and the indented lines. */
static bool next_index_entry(struct process *process, struct arena *arena,
                             struct index_entry *entry) {
    struct slice head;
    *entry = (struct index_entry){0};
    if (!process_read_until(process, arena, '\0', &head))
        return false;
    struct slice mode, stage;
    if (!slice_split(&head, ' ', &mode) || !slice_split(&head, ' ', &entry->id) ||
        !slice_split(&head, '\t', &stage) || slice_is_none(head) || stage.size != 1)
        return false;
    for (size_t i = 0; i < mode.size; i++)
        entry->mode = entry->mode * 8 + ((uint32_t)(unsigned char)mode.data[i] & 7);
    entry->stage = (uint32_t)(stage.data[0] - '0');
    entry->path = head;
    read_debug_lines(process, arena, entry);
    return true;
}

static bool executable_matters(struct comparison *c) {
    if (!c->asked_executable) {
        const char *const arguments[] = {"config", "--type=bool", "--get", "core.fileMode", NULL};
        c->ignore_executable = slice_is(git_output(c->git, c->arena, arguments), "false");
        c->asked_executable = true;
    }
    return !c->ignore_executable;
}

/* As git does: equal times, size and inode, and the file is older than the index, or it could have
 * been written again within the same tick. */
static bool is_untouched(const struct comparison *c, const struct index_entry *entry,
                         const struct stat *status) {
    if (!entry->has_status || entry->size != (int64_t)(uint32_t)status->st_size ||
        entry->seconds != (int64_t)status->st_mtim.tv_sec ||
        entry->nanoseconds != (int64_t)status->st_mtim.tv_nsec ||
        entry->inode != (int64_t)(uint32_t)status->st_ino)
        return false;
    bool link = S_ISLNK(status->st_mode), executable = status->st_mode & 0100;
    uint32_t mode = link ? 0120000 : executable ? 0100755 : 0100644;
    if (mode != entry->mode || (!link && !S_ISREG(status->st_mode)))
        return false;
    return status->st_mtim.tv_sec < c->index_time.tv_sec ||
           (status->st_mtim.tv_sec == c->index_time.tv_sec &&
            status->st_mtim.tv_nsec < c->index_time.tv_nsec);
}

static struct work_file submodule_file(struct comparison *c, const struct index_entry *entry) {
    struct slice id, reason;
    switch (submodule_head(c->arena, c->directory, entry->path, &id, &reason)) {
    case TREE_ABSENT:
        return (struct work_file){.same = true};
    case TREE_UNKNOWN:
        return (struct work_file){.blob = blob_unreadable(reason, entry->mode)};
    default:
        break;
    }
    if (slice_equal(id, entry->id))
        return (struct work_file){.same = true};
    struct blob blob = {.state = CONTENT_SUBMODULE, .bytes = id, .mode = entry->mode};
    return (struct work_file){.blob = blob};
}

/* The disk may be unable to hold links or execute bits; then the index knows better. */
static uint32_t mode_on_disk(struct comparison *c, const struct index_entry *entry,
                             const struct disk_file *file) {
    bool regular = (entry->mode & 0170000) == 0100000 && file->kind == DISK_FILE;
    if (regular && file->mode != entry->mode && !executable_matters(c))
        return entry->mode;
    return file->mode;
}

static struct work_file compare_file(struct comparison *c, const struct index_entry *entry) {
    struct disk_file file = disk_load(c->arena, c->directory, entry->path);
    if (file.kind == DISK_ABSENT)
        return (struct work_file){.blob = blob_absent()};
    bool added = entry->flags & FLAG_INTENT_TO_ADD;
    if (file.kind == DISK_ERROR || added)
        return (struct work_file){.blob = disk_blob(c->arena, &file)};
    file.mode = mode_on_disk(c, entry, &file);
    struct git_object object = git_object(c->git, c->arena, entry->id);
    bool equal = !slice_is_none(object.bytes) && file.kind != DISK_TOO_LARGE &&
                 slice_equal(object.bytes, file.bytes);
    if (equal && entry->mode == 0120000 && file.kind == DISK_FILE)
        return (struct work_file){.same = true}; /* a link where the disk knows none */
    if (!equal && file.kind != DISK_LINK &&
        lfs_holds(c->arena, object.bytes, c->directory, entry->path)) {
        equal = true;
        file.bytes = object.bytes;
        file.kind = DISK_FILE;
    }
    if (equal && file.mode == entry->mode)
        return (struct work_file){.same = true};
    return (struct work_file){.blob = disk_blob(c->arena, &file)};
}

static struct work_file work_file_of(struct comparison *c, const struct index_entry *entry) {
    struct stat status;
    if (entry->mode == 0160000)
        return submodule_file(c, entry);
    if (entry->flags & FLAG_ASSUME_VALID)
        return (struct work_file){.same = true};
    bool there = disk_status(c->directory, entry->path.data, &status);
    if (!there && (entry->flags & FLAG_SKIP_WORKTREE))
        return (struct work_file){.same = true}; /* sparse checkout */
    if (there && is_untouched(c, entry, &status))
        return (struct work_file){.same = true};
    return compare_file(c, entry);
}

/* Adds HEAD against work tree for one index entry. Sides that git holds go through `entries`; a
 * side on the disk is put in afterwards, see finish_pairs. */
struct work_side {
    bool replaced;
    struct blob blob;
};

struct work_sides {
    VEC(struct work_side) list; /* one for each of entries */
};

static void add_entry(struct comparison *c, struct work_sides *sides, struct raw_entry entry,
                      struct work_side side) {
    vec_push(c->arena, &c->entries.list, entry);
    vec_push(c->arena, &sides->list, side);
}

static void compare_entry(struct comparison *c, struct work_sides *sides,
                          const struct index_entry *index, bool *seen) {
    uint32_t at = map_get(&c->staged_at, index->path);
    struct work_file file = work_file_of(c, index);
    bool staged = at != MAP_ABSENT;
    if (!staged && file.same)
        return;
    bool unborn = index->flags & FLAG_INTENT_TO_ADD;
    struct raw_entry entry = {.old_mode = unborn ? 0 : index->mode,
                              .new_mode = index->mode,
                              .old_id = index->id,
                              .new_id = index->id,
                              .status = unborn ? 'A' : 'M',
                              .path = index->path,
                              .old_path = index->path};
    if (staged) {
        entry = c->staged.list.items[at];
        seen[at] = true;
        if (entry.status == 'D')
            entry.status = 'M';
    }
    if (entry.status == 'U')
        entry.status = 'M';
    add_entry(c, sides, entry, (struct work_side){!file.same, file.blob});
}

static void compare_index(struct comparison *c, struct process *process, struct work_sides *sides) {
    bool *seen = ARENA_ARRAY(c->arena, bool, (size_t)c->staged.list.count + 1);
    struct index_entry index;
    struct slice conflicted = SLICE_NONE;
    while (next_index_entry(process, c->arena, &index)) {
        if (index.stage && slice_equal(conflicted, index.path))
            continue; /* the stages of one path come together */
        if (index.stage)
            conflicted = index.path;
        compare_entry(c, sides, &index, seen);
    }
    for (uint32_t i = 0; i < c->staged.list.count; i++)
        if (!seen[i])
            add_entry(c, sides, c->staged.list.items[i], (struct work_side){0});
}

static void settle_status(struct pair *pair) {
    if (pair->after.state == CONTENT_ABSENT && pair->status != PAIR_RENAMED &&
        pair->status != PAIR_COPIED)
        pair->status = PAIR_REMOVED;
    else if (pair->before.state == CONTENT_ABSENT)
        pair->status = PAIR_ADDED;
    else if (pair->after.state == CONTENT_ABSENT) { /* renamed in the index, then deleted */
        pair->path = pair->old_path;
        pair->status = PAIR_REMOVED;
    }
}

static void finish_pairs(struct comparison *c, const struct work_sides *sides,
                         const struct path_filter *filter) {
    struct change *change = c->change;
    struct path_filter all = {0};
    git_add_pairs(c->git, change, &c->entries, &all);
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        struct pair *pair = &change->pairs.items[i];
        if (sides->list.items[i].replaced)
            pair->after = sides->list.items[i].blob;
        settle_status(pair);
    }
    change->after = overlay_of_pairs(change, change->before);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        struct pair pair = change->pairs.items[i];
        bool passes =
            path_filter_passes(filter, pair.path) || path_filter_passes(filter, pair.old_path);
        bool nothing = pair.before.state == CONTENT_ABSENT && pair.after.state == CONTENT_ABSENT;
        if (passes && !nothing)
            change->pairs.items[kept++] = pair;
    }
    change->pairs.count = kept;
}

static struct process *start_listing(struct git *git) {
    const char *const arguments[] = {"ls-files", "-s", "-z", "--debug", "--full-name", NULL};
    /* From a subfolder ls-files lists only what is below. */
    const char *here = git->directory;
    git->directory = git->work_tree;
    struct process *process = git_start(git, arguments);
    git->directory = here;
    process_close_input(process);
    return process;
}

static void read_index_time(struct comparison *c) {
    const char *const arguments[] = {"rev-parse", "--path-format=absolute", "--git-path", "index",
                                     NULL};
    struct slice path = git_output(c->git, c->arena, arguments);
    struct stat status;
    if (!slice_is_none(path) && stat(path.data, &status) == 0)
        c->index_time = status.st_mtim;
}

static void read_staged(struct comparison *c, struct process *process, const char *tree) {
    if (!git_read_index(process, c->arena, &c->staged)) {
        process_end(process);
        process = git_start_index(c->git, tree, true);
        if (!git_read_index(process, c->arena, &c->staged))
            git_fail(c->git, c->arena, process, "diff-index");
    }
    process_end(process);
    map_init(&c->staged_at, c->arena);
    for (uint32_t i = 0; i < c->staged.list.count; i++)
        map_set(&c->staged_at, c->staged.list.items[i].path, i);
}

struct change *worktree_compare(struct arena *arena, struct git *git, struct slice tree,
                                struct source_paths paths) {
    git_enter(git, arena);
    struct slice root = slice_is_none(tree) ? git_empty_tree(git, arena, tree) : tree;
    struct comparison c = {.git = git, .arena = arena, .change = change_new(arena)};
    struct process *staged = git_start_index(git, arena_text(arena, root), false);
    const char *top = git_work_tree(git, arena);
    struct process *listing = start_listing(git);
    struct path_filter filter;
    struct work_sides sides = {0};
    c.directory = disk_open_directory(arena, top);
    read_index_time(&c);
    git_filter(git, arena, paths, &filter);
    read_staged(&c, staged, root.data);
    compare_index(&c, listing, &sides);
    if (!process_finish(listing))
        git_fail(git, arena, listing, "ls-files");
    process_end(listing);
    c.change->repository = arena_copy(arena, slice_of(top));
    c.change->before = c.change->policy = git_tree(git, arena, tree);
    finish_pairs(&c, &sides, &filter);
    change_finish(c.change);
    return c.change;
}
