#include "source/git_walk.h"

/* A commit whose parents are being visited. */
struct walk_step {
    struct slice id;
    struct slice *parents;
    uint32_t parent_count, next;
};

struct walk {
    struct git *git;
    struct arena *arena;
    struct map seen;
    VEC(struct walk_step) stack;
    VEC(struct slice) done; /* parents first */
};

static void enter(struct walk *walk, struct slice id) {
    if (map_get(&walk->seen, id) != MAP_ABSENT)
        return;
    map_set(&walk->seen, id, 1);
    struct git_commit commit;
    struct walk_step step = {.id = id};
    if (git_commit_read(walk->git, walk->arena, id, &commit)) {
        step.parents = commit.parents.items;
        step.parent_count = commit.parents.count;
    }
    vec_push(walk->arena, &walk->stack, step);
}

static void visit(struct walk *walk, struct slice tip) {
    enter(walk, tip);
    while (walk->stack.count) {
        struct walk_step *top = &walk->stack.items[walk->stack.count - 1];
        if (top->next < top->parent_count) {
            enter(walk, top->parents[top->next++]);
            continue;
        }
        vec_push(walk->arena, &walk->done, top->id);
        walk->stack.count--;
    }
}

struct slice *git_walk(struct git *git, struct arena *arena, struct slice tip,
                       struct slice excluded, uint32_t *count) {
    struct walk walk = {.git = git, .arena = arena};
    map_init(&walk.seen, arena);
    if (!slice_is_none(excluded))
        visit(&walk, excluded);
    uint32_t before = walk.done.count;
    visit(&walk, tip);
    *count = walk.done.count - before;
    return walk.done.items ? walk.done.items + before : NULL;
}
