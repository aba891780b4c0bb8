/* Files that say what the parameters of a template are: what a change of one means for the things
 * that the template declares. */
#include "base/path.h"
#include "delta/work.h"

struct given {
    struct run *run;
    struct slice path; /* of the file of values */
    const struct dialect *dialect;
    struct slice template; /* what they are for */
};

static const struct tree *tree_of(const struct run *run, uint32_t side) {
    const struct change *change = run->sources.change;
    return side == UNIT_BEFORE ? &change->before : &change->after;
}

static bool is_there(const struct run *run, struct slice path) {
    const struct tree *tree = tree_of(run, UNIT_AFTER);
    struct slice bytes;
    return !slice_is_none(path) && tree->read(tree->self, path, &bytes) == TREE_PRESENT;
}

/* "prod" of "prod.parameters.eu.json", with ".parameters" among the marks. */
static struct slice stem_of(struct slice name, struct slice marks) {
    struct slice mark;
    while (slice_split(&marks, ',', &mark)) {
        size_t at = slice_find(name, slice_trim(mark));
        if (at != SLICE_NPOS)
            return slice_sub(name, 0, at);
    }
    return SLICE_NONE;
}

/* The first of the names that is there beside the file; "*" stands for its stem. */
static struct slice named_template(const struct given *given) {
    struct arena *arena = given->run->arena;
    struct slice stem =
        stem_of(path_base(given->path), dialect_property(given->dialect, "given_marks"));
    struct slice names = dialect_property(given->dialect, "given_to"), name;
    while (slice_split(&names, ',', &name)) {
        name = slice_trim(name);
        bool any = slice_starts(name, SLICE("*"));
        if (any && !stem.size)
            continue;
        if (any)
            name = ARENA_CONCAT(arena, stem, slice_from(name, 1));
        struct slice path = path_join(arena, path_directory(given->path), name);
        if (is_there(given->run, path))
            return path;
    }
    return SLICE_NONE;
}

/* What the file itself says it is for, or what stands beside it. */
static struct slice find_template(const struct given *given, const struct entity_list *list) {
    struct slice by = dialect_property(given->dialect, "given_by");
    struct slice text =
        by.size && list->count ? value_literal(value_at(list->items[0].body, by)) : SLICE_NONE;
    if (!text.size)
        return named_template(given);
    struct slice path = path_join(given->run->arena, path_directory(given->path), text);
    return is_there(given->run, path) ? path : SLICE_NONE;
}

static void give(const struct given *given, struct formula_scope *scope,
                 const struct entity_list *list) {
    struct slice kind = dialect_property(given->dialect, "gives");
    for (uint32_t i = 0; i < list->count; i++) {
        const struct entity *entity = &list->items[i];
        if (slice_equal(entity->kind, kind))
            formula_give(scope, kind, entity->name, formula_given(entity), given->path);
    }
}

static struct work *open_template(const struct given *given) {
    struct run *run = given->run;
    struct unit *unit = ARENA_NEW(run->arena, struct unit);
    struct work *work = ARENA_NEW(run->arena, struct work);
    *unit = (struct unit){.kind = UNIT_FILE, .name = given->template};
    *work = (struct work){.run = run, .unit = unit, .prefix = SLICE("")};
    const struct path_facts *facts = reader_path(run->reader, given->path);
    for (uint32_t s = 0; s < UNIT_SIDES; s++) {
        const struct tree *tree = tree_of(run, s);
        struct slice bytes;
        if (tree->read(tree->self, given->template, &bytes) != TREE_PRESENT)
            return NULL;
        struct unit_file file = {
            .path = given->template,
            .known_as = given->template,
            .bytes = bytes,
            .group = SLICE(""),
            .dialect = language_detect(run->sources.dialects, given->template, bytes),
            .path_class = facts->path_class,
            .environment = facts->environment,
        };
        if (!formula_is_used(file.dialect))
            return NULL;
        vec_push(run->arena, &unit->sides[s].files, file);
    }
    return work;
}

static bool came_through(const struct event *event) {
    for (uint32_t i = 0; i < event->change_count; i++)
        if (event->changes[i].origin.size)
            return true;
    return false;
}

/* What else differs is told where the template is compared. */
static void keep_what_came_through(struct run *run, uint32_t first) {
    struct events *events = run->events;
    uint32_t kept = first;
    for (uint32_t i = first; i < events->list.count; i++)
        if (came_through(&events->list.items[i]))
            events->list.items[kept++] = events->list.items[i];
    events->list.count = kept;
}

static void compare_given(struct given *given, const struct entity_list *const *lists) {
    given->template = find_template(given, lists[UNIT_AFTER]);
    struct work *work = slice_is_none(given->template) ? NULL : open_template(given);
    if (!work)
        return;
    uint32_t first = given->run->events->list.count;
    work_cut(work);
    work_want_all(work);
    work_read_formulas(work);
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        give(given, &work->formulas[s], lists[s]);
    work_compare(work);
    keep_what_came_through(given->run, first);
}

void given_compare(struct run *run, struct work *work) {
    const struct unit *unit = work->unit;
    if (!unit->sides[UNIT_BEFORE].files.count || !unit->sides[UNIT_AFTER].files.count)
        return;
    const struct unit_file *file = &unit->sides[UNIT_AFTER].files.items[0];
    if (!file->dialect->record || !dialect_property(file->dialect, "gives").size)
        return;
    const struct entity_list *lists[UNIT_SIDES];
    for (uint32_t s = 0; s < UNIT_SIDES; s++) {
        if (work->cut[s].blocks.count != 1)
            return;
        work_read(work, s, &work->cut[s].blocks.items[0]);
        lists[s] = work->cut[s].blocks.items[0].list;
    }
    struct given given = {.run = run, .path = file->path, .dialect = file->dialect};
    compare_given(&given, lists);
}
