/* Files that a directory reads where they stand (dialect property `reads`: globs of their names):
 * what they fill in changes with them, though no block of the directory does. */
#include "base/glob.h"
#include "base/path.h"
#include "delta/work.h"

enum { READING_ABOVE = 3 }; /* levels that a file may lie below the directory that reads it */

struct reading {
    struct run *run;
    struct slice globs;
    struct map seen; /* directories looked at */
};

static struct slice globs_of(const struct dialects *dialects) {
    for (uint32_t i = 0; i < dialects_count(dialects); i++) {
        const struct dialect *dialect = dialects_at(dialects, i);
        struct slice globs =
            dialect->unit == UNIT_DIRECTORY ? dialect_property(dialect, "reads") : SLICE_NONE;
        if (globs.size)
            return globs;
    }
    return SLICE_NONE;
}

static bool is_read(struct slice globs, struct slice name) {
    struct slice glob;
    while (slice_split(&globs, ',', &glob))
        if (glob_match(slice_trim(glob), name))
            return true;
    return false;
}

/* Is there something that could read it? */
static bool declares(const struct reading *reading, struct slice directory) {
    const struct tree *tree = &reading->run->sources.change->after;
    struct slice *names = NULL;
    uint32_t count = 0;
    tree->list(tree->self, directory, &names, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct dialect *dialect =
            reader_path(reading->run->reader, path_join(reading->run->arena, directory, names[i]))
                ->dialect;
        if (dialect && dialect->unit == UNIT_DIRECTORY && dialect_property(dialect, "reads").size)
            return true;
    }
    return false;
}

/* The block names a file that is other than before. What is not the same on both sides, or depends
 * on a changed name, is told with its directory. */
static bool reads_changed(const struct reading *reading, struct slice directory, struct slice block,
                          const struct map *changed) {
    const struct change *change = reading->run->sources.change;
    if (!slice_contains(block, SLICE("file")) || resolve_uses(block, changed))
        return false;
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        const struct pair *pair = &change->pairs.items[i];
        if (path_is_below(pair->path, directory) &&
            is_read(reading->globs, path_base(pair->path)) &&
            slice_contains(block, path_base(pair->path)))
            return true;
    }
    return false;
}

static bool want_readers(const struct reading *reading, struct work *work) {
    struct cut_side *before = &work->cut[UNIT_BEFORE], *after = &work->cut[UNIT_AFTER];
    bool any = false;
    struct map names;
    map_init(&names, work->run->arena);
    resolve_changed_names(&work->scopes[UNIT_BEFORE], &work->scopes[UNIT_AFTER], &names);
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < work->cut[s].blocks.count; i++)
            work->cut[s].blocks.items[i].wanted = false;
    for (uint32_t i = 0; i < after->blocks.count; i++) {
        struct cut_block *block = &after->blocks.items[i];
        block->wanted = block->twin != ENTITY_NONE &&
                        reads_changed(reading, work->unit->name, block->block.bytes, &names);
        if (block->wanted)
            any = before->blocks.items[block->twin].wanted = true;
    }
    return any;
}

static void compare_directory(struct reading *reading, struct slice directory) {
    struct work *work = work_open(reading->run, directory);
    work_cut(work);
    work_read_settings(work);
    if (want_readers(reading, work))
        work_compare(work);
}

static bool is_unit(const struct units *units, struct slice directory) {
    for (uint32_t i = 0; i < units->list.count; i++)
        if (units->list.items[i].kind == UNIT_DIRECTORY &&
            slice_equal(units->list.items[i].name, directory))
            return true;
    return false;
}

static void look_above(struct reading *reading, const struct units *units, struct slice path) {
    struct slice directory = path_directory(path);
    for (uint32_t i = 0; i <= READING_ABOVE; i++, directory = path_directory(directory)) {
        bool whole = reading->run->options->no_block_cut && is_unit(units, directory);
        if (map_get(&reading->seen, directory) == MAP_ABSENT && declares(reading, directory) &&
            !whole)
            compare_directory(reading, directory);
        map_set(&reading->seen, directory, 1);
        if (!directory.size)
            return;
    }
}

void reading_compare(struct run *run, const struct units *units) {
    const struct change *change = run->sources.change;
    struct reading reading = {.run = run, .globs = globs_of(run->sources.dialects)};
    map_init(&reading.seen, run->arena);
    for (uint32_t i = 0; i < change->pairs.count; i++)
        if (is_read(reading.globs, path_base(change->pairs.items[i].path)))
            look_above(&reading, units, change->pairs.items[i].path);
}
