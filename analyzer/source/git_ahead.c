/*
 * Reading ahead: what a scan will ask for the next commits is asked for in lots, and git works on
 * it while the commits before are judged. A question to git costs two switches between processes,
 * which is more than the answer; six a commit were half of a scan's time, and waiting for the
 * answers to a whole lot was a quarter of what was left.
 *
 * Each call moves every lot on by one step, and none waits for an answer that was asked for in
 * the same call:
 *     named   its commits are being read
 *     asked   its trees are being compared
 *     read    the differences are known, the contents are being read
 * Nothing depends on it: what is not there is asked for as if there was no hint.
 */
#include "base/path.h"
#include "source/git.h"

enum { AHEAD_OBJECTS = 4096 }; /* names asked for at once; the rest waits for its turn */

struct step {
    struct slice request; /* of diff-tree: two trees */
    struct slice after;   /* the newer tree */
    struct raw_entries entries;
};

struct git_ahead {
    struct arena arena;
    enum { AHEAD_NAMED, AHEAD_ASKED, AHEAD_READ } state;
    VEC(struct slice) commits;
    VEC(struct step) steps;
    uint32_t asked;
    struct map requests; /* of the answers that are there: request -> step */
};

struct names {
    struct arena *arena;
    struct map seen;
    VEC(struct slice) list;
};

static void ahead_release(void *object) {
    arena_release(&((struct git_ahead *)object)->arena);
}

/* The oldest lot makes room. Its names are read by now. */
static struct git_ahead *ahead_next(struct git *git) {
    struct git_ahead *ahead = git->ahead[AHEAD_LOTS - 1];
    if (!ahead) {
        ahead = ARENA_NEW(&git->own, struct git_ahead);
        arena_on_release(&git->own, ahead_release, ahead);
    }
    memmove(git->ahead + 1, git->ahead, (AHEAD_LOTS - 1) * sizeof *git->ahead);
    git->ahead[0] = ahead;
    arena_release(&ahead->arena);
    memset(ahead, 0, sizeof *ahead);
    arena_init(&ahead->arena, git->own.failure, 0);
    map_init(&ahead->requests, &ahead->arena);
    return ahead;
}

static struct names names_new(struct arena *arena) {
    struct names names = {.arena = arena};
    map_init(&names.seen, arena);
    return names;
}

static void add_name(struct names *names, struct slice name) {
    if (names->list.count >= AHEAD_OBJECTS || map_get(&names->seen, name) != MAP_ABSENT)
        return;
    map_set(&names->seen, name, 1);
    vec_push(names->arena, &names->list, name);
}

/* The directories above a path, all of which changed with it. */
static void add_directories(struct names *names, struct slice tree, struct slice path) {
    add_name(names, tree);
    for (struct slice at = path_directory(path); at.size; at = path_directory(at))
        add_name(names, ARENA_CONCAT(names->arena, tree, SLICE(":"), at));
}

/* The commits are in the cache by now, but for a parent outside of the lots. */
static void find_steps(struct git *git, struct git_ahead *lot) {
    for (uint32_t i = 0; i < lot->commits.count; i++) {
        struct git_commit commit, parent;
        if (!git_commit_read(git, &lot->arena, lot->commits.items[i], &commit) ||
            !commit.parents.count ||
            !git_commit_read(git, &lot->arena, commit.parents.items[0], &parent) ||
            slice_equal(parent.tree, commit.tree))
            continue;
        struct step step = {.after = commit.tree};
        step.request = ARENA_CONCAT(&lot->arena, parent.tree, SLICE(" "), commit.tree);
        vec_push(&lot->arena, &lot->steps, step);
    }
}

static void lot_ask(struct git *git, struct git_ahead *lot) {
    lot->state = AHEAD_ASKED;
    find_steps(git, lot);
    struct slice *requests = ARENA_ARRAY(&lot->arena, struct slice, lot->steps.count + 1u);
    for (uint32_t i = 0; i < lot->steps.count; i++)
        requests[i] = lot->steps.items[i].request;
    lot->asked = git_compare_ask(git, &lot->arena, requests, lot->steps.count);
}

static void add_contents(struct names *names, const struct step *step) {
    for (uint32_t i = 0; i < step->entries.list.count; i++) {
        const struct raw_entry *entry = &step->entries.list.items[i];
        if (git_needs_object(entry->old_mode))
            add_name(names, entry->old_id);
        if (git_needs_object(entry->new_mode))
            add_name(names, entry->new_id);
        add_directories(names, step->after, entry->path);
    }
}

/* A failure on the way leaves a lot that knows less, and a diff-tree that is not used again. */
static void lot_read(struct git *git, struct git_ahead *lot, struct names *names) {
    lot->state = AHEAD_READ;
    for (uint32_t i = 0; i < lot->asked; i++) {
        struct step *step = &lot->steps.items[i];
        if (!git_compare_answer(git, &lot->arena, step->request, i + 1 == lot->asked,
                                &step->entries))
            return;
        map_set(&lot->requests, step->request, i);
        add_contents(names, step);
    }
}

static void lot_finish(struct git *git, struct git_ahead *lot, struct names *names) {
    if (lot && lot->state == AHEAD_NAMED)
        lot_ask(git, lot);
    if (lot && lot->state == AHEAD_ASKED)
        lot_read(git, lot, names);
}

void git_expect(struct git *git, struct arena *arena, const struct slice *commits, uint32_t count) {
    git_enter(git, arena);
    git_objects_later(git, arena, NULL, 0); /* names of a lot that makes room may be among them */
    struct git_ahead *lot = ahead_next(git);
    struct names names = names_new(&lot->arena);
    for (uint32_t i = AHEAD_LOTS; i-- > 2;)
        lot_finish(git, git->ahead[i], &names);
    if (git->ahead[1] && git->ahead[1]->state == AHEAD_NAMED)
        lot_ask(git, git->ahead[1]);
    for (uint32_t i = 0; i < count; i++) {
        struct slice commit = arena_copy(&lot->arena, commits[i]);
        vec_push(&lot->arena, &lot->commits, commit);
        add_name(&names, commit);
    }
    git_objects_later(git, &lot->arena, names.list.items, names.list.count);
}

/* What is known of a request; a lot that holds it and is not that far is waited for. */
static const struct raw_entries *find_answer(struct git *git, struct slice request) {
    for (uint32_t i = AHEAD_LOTS; i-- > 0;) {
        struct git_ahead *lot = git->ahead[i];
        if (!lot)
            continue;
        if (lot->state != AHEAD_READ) {
            struct names names = names_new(&lot->arena);
            lot_finish(git, lot, &names);
            git_objects_later(git, &lot->arena, names.list.items, names.list.count);
        }
        uint32_t at = map_get(&lot->requests, request);
        if (at != MAP_ABSENT)
            return &lot->steps.items[at].entries;
    }
    return NULL;
}

bool git_expected(struct git *git, struct arena *arena, struct slice request,
                  struct raw_entries *entries) {
    const struct raw_entries *known = find_answer(git, request);
    if (!known)
        return false;
    for (uint32_t i = 0; i < known->list.count; i++) {
        struct raw_entry entry = known->list.items[i];
        bool renamed = !slice_equal(entry.path, entry.old_path);
        entry.path = arena_copy(arena, entry.path);
        entry.old_path = renamed ? arena_copy(arena, entry.old_path) : entry.path;
        entry.old_id = arena_copy(arena, entry.old_id);
        entry.new_id = arena_copy(arena, entry.new_id);
        vec_push(arena, &entries->list, entry);
    }
    return true;
}
