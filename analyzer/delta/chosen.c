/* Value files that are named where the tool is run, one for an environment: each that changes is
 * looked at as if it were the only one. Which of them is applied is not known, so what follows is
 * possible, in the environment that the file's name tells. */
#include "base/path.h"
#include "delta/work.h"

enum { CHOSEN_ABOVE = 3 }; /* levels that a folder of value files may lie below what it is for */

struct chosen {
    struct run *run;
    struct slice path;
    const struct unit_file *files[UNIT_SIDES]; /* NULL: not there on that side */
    struct slice directory;                    /* whose values they are */
};

static bool is_declaring(const struct dialect *dialect, struct slice name) {
    return dialect && dialect->unit == UNIT_DIRECTORY &&
           !dialect_property(dialect, "automatic").size && !resolve_is_chosen(dialect, name);
}

/* How many files of values there are in a directory, and whether it declares anything itself. */
static uint32_t count_chosen(struct run *run, struct slice directory, bool *declares) {
    const struct tree *tree = &run->sources.change->after;
    struct slice *names = NULL;
    uint32_t count = 0, found = 0;
    *declares = false;
    tree->list(tree->self, directory, &names, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct slice path = path_join(run->arena, directory, names[i]);
        const struct dialect *dialect = reader_path(run->reader, path)->dialect;
        found += dialect && resolve_is_chosen(dialect, names[i]);
        *declares |= is_declaring(dialect, names[i]);
    }
    return found;
}

/* The nearest directory that declares something; SLICE_NONE if the file is the only one of its own,
 * which is looked at with everything else. */
static struct slice directory_for(struct run *run, struct slice directory) {
    bool declares;
    uint32_t files = count_chosen(run, directory, &declares);
    if (declares)
        return files > 1 ? directory : SLICE_NONE;
    for (uint32_t i = 0; i < CHOSEN_ABOVE && directory.size; i++) {
        directory = path_directory(directory);
        count_chosen(run, directory, &declares);
        if (declares)
            return directory;
    }
    return SLICE_NONE;
}

static bool holds(const struct unit *unit, uint32_t side, struct slice path) {
    for (uint32_t i = 0; i < unit->sides[side].files.count; i++)
        if (slice_equal(unit->sides[side].files.items[i].path, path))
            return true;
    return false;
}

static struct work *open_with(const struct chosen *chosen) {
    struct arena *arena = chosen->run->arena;
    struct unit *unit = ARENA_NEW(arena, struct unit);
    struct work *work = ARENA_NEW(arena, struct work);
    *unit = (struct unit){.kind = UNIT_DIRECTORY, .name = chosen->directory};
    *work = (struct work){.run = chosen->run,
                          .unit = unit,
                          .neighbours = true,
                          .prefix = SLICE(""),
                          .chosen = chosen->path};
    for (uint32_t s = 0; s < UNIT_SIDES; s++) {
        unit_load(&chosen->run->sources, unit, s, chosen->directory);
        if (chosen->files[s] && !holds(unit, s, chosen->path))
            vec_push(arena, &unit->sides[s].files, *chosen->files[s]);
    }
    return work;
}

/* What else differs is told where its directory is compared. */
static void want_nothing(struct work *work) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < work->cut[s].blocks.count; i++)
            work->cut[s].blocks.items[i].wanted = false;
}

static void want_users(struct work *work) {
    struct map names;
    map_init(&names, work->run->arena);
    resolve_changed_names(&work->scopes[UNIT_BEFORE], &work->scopes[UNIT_AFTER], &names);
    struct cut_side *before = &work->cut[UNIT_BEFORE], *after = &work->cut[UNIT_AFTER];
    for (uint32_t i = 0; names.count && i < after->blocks.count; i++) {
        struct cut_block *block = &after->blocks.items[i];
        block->wanted = block->twin != ENTITY_NONE && resolve_uses(block->block.bytes, &names);
        if (block->wanted)
            before->blocks.items[block->twin].wanted = true;
    }
}

static void doubt(const struct chosen *chosen, uint32_t first) {
    struct events *events = chosen->run->events;
    enum environment environment = reader_path(chosen->run->reader, chosen->path)->environment;
    for (uint32_t i = first; i < events->list.count; i++) {
        struct event *event = &events->list.items[i];
        struct placed *sides[] = {&event->before, &event->after};
        if (event->confidence > CONFIDENCE_POSSIBLE)
            event->confidence = CONFIDENCE_POSSIBLE;
        for (size_t s = 0; s < 2; s++)
            if (sides[s]->entity && environment != ENVIRONMENT_UNKNOWN)
                sides[s]->environment = environment;
    }
}

static void compare_with(const struct chosen *chosen) {
    struct run *run = chosen->run;
    struct work *work = open_with(chosen);
    uint32_t first = run->events->list.count;
    work_cut(work);
    work_read_settings(work);
    want_nothing(work);
    want_users(work);
    work_compare(work);
    doubt(chosen, first);
}

static const struct unit_file *file_of(const struct unit *unit, uint32_t side, struct slice path) {
    for (uint32_t i = 0; i < unit->sides[side].files.count; i++)
        if (slice_equal(unit->sides[side].files.items[i].known_as, path))
            return &unit->sides[side].files.items[i];
    return NULL;
}

void chosen_compare(struct run *run, const struct unit *unit) {
    for (uint32_t i = 0; i < unit->sides[UNIT_AFTER].files.count; i++) {
        const struct unit_file *file = &unit->sides[UNIT_AFTER].files.items[i];
        if (file->neighbour || !resolve_is_chosen(file->dialect, file->path))
            continue;
        struct chosen chosen = {.run = run, .path = file->path};
        chosen.files[UNIT_BEFORE] = file_of(unit, UNIT_BEFORE, file->path);
        chosen.files[UNIT_AFTER] = file;
        chosen.directory = directory_for(run, path_directory(file->path));
        if (chosen.files[UNIT_BEFORE] && !slice_is_none(chosen.directory))
            compare_with(&chosen);
    }
}
