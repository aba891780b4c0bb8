/*
 * Reading ahead: what a scan will ask for the next commits is asked for in one go. A question to
 * git costs two switches between processes, which is more than the answer; six a commit were half
 * of a scan's time. Nothing depends on it: what is not there is asked for as if there was no hint.
 */
#include "base/path.h"
#include "source/git.h"

enum { AHEAD_OBJECTS = 4096 }; /* names asked for at once; the rest waits for its turn */

struct git_ahead {
    struct arena arena;
    struct map requests; /* of diff-tree -> answers */
    VEC(struct raw_entries) answers;
};

struct names {
    struct map seen;
    VEC(struct slice) list;
};

static void ahead_release(void *object) {
    arena_release(&((struct git_ahead *)object)->arena);
}

/* The older of the two lots makes room. Its names are read by now: later ones were asked for. */
static struct git_ahead *ahead_next(struct git *git) {
    struct git_ahead *ahead = git->ahead[1];
    if (!ahead) {
        ahead = ARENA_NEW(&git->own, struct git_ahead);
        arena_on_release(&git->own, ahead_release, ahead);
    }
    git->ahead[1] = git->ahead[0];
    git->ahead[0] = ahead;
    arena_release(&ahead->arena);
    memset(ahead, 0, sizeof *ahead);
    arena_init(&ahead->arena, git->own.failure, 0);
    map_init(&ahead->requests, &ahead->arena);
    return ahead;
}

static void add_name(struct git_ahead *ahead, struct names *names, struct slice name) {
    if (names->list.count >= AHEAD_OBJECTS || map_get(&names->seen, name) != MAP_ABSENT)
        return;
    map_set(&names->seen, name, 1);
    vec_push(&ahead->arena, &names->list, name);
}

/* The objects go to the cache; those that are there already are not asked for. */
static void fetch(struct git *git, const struct names *names) {
    struct arena *arena = &git->ahead[0]->arena;
    struct git_object *objects = ARENA_ARRAY(arena, struct git_object, names->list.count + 1u);
    git_objects(git, arena, names->list.items, names->list.count, objects);
}

static struct names names_new(struct git_ahead *ahead) {
    struct names names = {.list = {0}};
    map_init(&names.seen, &ahead->arena);
    return names;
}

/* The directories above a path, all of which changed with it. */
static void add_directories(struct git_ahead *ahead, struct names *names, struct slice tree,
                            struct slice path) {
    add_name(ahead, names, tree);
    for (struct slice at = path_directory(path); at.size; at = path_directory(at))
        add_name(ahead, names, ARENA_CONCAT(&ahead->arena, tree, SLICE(":"), at));
}

struct step {
    struct slice before, after; /* trees */
    struct slice request;
};

struct steps {
    VEC(struct step) list;
};

static void find_steps(struct git *git, const struct slice *commits, uint32_t count,
                       struct steps *steps) {
    struct git_ahead *ahead = git->ahead[0];
    struct names parents = names_new(ahead);
    struct git_commit *read = ARENA_ARRAY(&ahead->arena, struct git_commit, count + 1u);
    for (uint32_t i = 0; i < count; i++)
        if (git_commit_read(git, &ahead->arena, commits[i], &read[i]) && read[i].parents.count)
            add_name(ahead, &parents, read[i].parents.items[0]);
    fetch(git, &parents);
    for (uint32_t i = 0; i < count; i++) {
        struct git_commit parent;
        if (!read[i].parents.count ||
            !git_commit_read(git, &ahead->arena, read[i].parents.items[0], &parent) ||
            slice_equal(parent.tree, read[i].tree))
            continue;
        struct step step = {parent.tree, read[i].tree, SLICE_NONE};
        step.request = ARENA_CONCAT(&ahead->arena, step.before, SLICE(" "), step.after);
        vec_push(&ahead->arena, &steps->list, step);
    }
}

static void add_contents(struct git_ahead *ahead, struct names *names, const struct step *step,
                         const struct raw_entries *entries) {
    for (uint32_t i = 0; i < entries->list.count; i++) {
        const struct raw_entry *entry = &entries->list.items[i];
        if (git_needs_object(entry->old_mode))
            add_name(ahead, names, entry->old_id);
        if (git_needs_object(entry->new_mode))
            add_name(ahead, names, entry->new_id);
        add_directories(ahead, names, step->after, entry->path);
    }
}

void git_expect(struct git *git, struct arena *arena, const struct slice *commits, uint32_t count) {
    git_enter(git, arena);
    struct git_ahead *ahead = ahead_next(git);
    struct names names = names_new(ahead);
    for (uint32_t i = 0; i < count; i++)
        add_name(ahead, &names, commits[i]);
    fetch(git, &names);
    struct steps steps = {.list = {0}};
    find_steps(git, commits, count, &steps);
    struct slice *requests = ARENA_ARRAY(&ahead->arena, struct slice, steps.list.count + 1u);
    for (uint32_t i = 0; i < steps.list.count; i++)
        requests[i] = steps.list.items[i].request;
    struct raw_entries *answers =
        ARENA_ARRAY(&ahead->arena, struct raw_entries, steps.list.count + 1u);
    uint32_t done = git_compare_many(git, &ahead->arena, requests, steps.list.count, answers);
    names = names_new(ahead);
    for (uint32_t i = 0; i < done; i++) {
        map_set(&ahead->requests, requests[i], ahead->answers.count);
        vec_push(&ahead->arena, &ahead->answers, answers[i]);
        add_contents(ahead, &names, &steps.list.items[i], &answers[i]);
    }
    git_objects_later(git, &ahead->arena, names.list.items, names.list.count);
}

bool git_expected(struct git *git, struct arena *arena, struct slice request,
                  struct raw_entries *entries) {
    const struct raw_entries *known = NULL;
    for (size_t i = 0; i < 2 && git->ahead[i] && !known; i++) {
        uint32_t at = map_get(&git->ahead[i]->requests, request);
        known = at == MAP_ABSENT ? NULL : &git->ahead[i]->answers.items[at];
    }
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
