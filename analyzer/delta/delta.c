#include "delta/cascade.h"
#include "delta/cut.h"
#include "delta/duplicate.h"
#include "delta/emit.h"
#include "delta/environment.h"
#include "delta/opaque.h"
#include "delta/override.h"
#include "delta/relocate.h"
#include "resolve/cloudformation.h"
#include "resolve/resolve.h"

#include "base/path.h"

struct run {
    struct arena *arena;
    struct reader *reader;
    const struct delta_options *options;
    struct unit_sources sources;
    struct events *events;
    struct predicate_context predicates;
};

/* One unit on its way through the stages. */
struct work {
    struct run *run;
    struct unit *unit;
    struct cut_side cut[UNIT_SIDES];
    struct resolve_scope scopes[UNIT_SIDES];     /* directories only */
    struct template_scope templates[UNIT_SIDES]; /* files whose names resolve inside them */
    struct match_side items[UNIT_SIDES];
    bool overrides;                 /* the change touches a file that is laid over others */
    bool neighbours;                /* all files of the directory are there */
    struct cascade_block *fallible; /* blocks of the after side */
    const struct dialect *asked;    /* the last one in_template() was asked about */
    bool asked_is_template;
};

static const struct unit_file *block_file(const struct work *work, uint32_t side,
                                          const struct cut_block *block) {
    return &work->unit->sides[side].files.items[block->file];
}

static void read_block(struct work *work, uint32_t side, struct cut_block *block) {
    if (!block->list)
        block->list = entity_read(work->run->reader, block_file(work, side, block)->dialect,
                                  block->block.bytes);
}

/* Do the changed blocks need what the rest of the directory declares? */
static bool needs_neighbours(const struct work *work) {
    if (work->unit->kind != UNIT_DIRECTORY)
        return false;
    if (work->run->options->no_block_cut)
        return true;
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < work->cut[s].blocks.count; i++) {
            const struct cut_block *block = &work->cut[s].blocks.items[i];
            if (block->wanted &&
                (resolve_is_setting(block->block.bytes) || resolve_uses(block->block.bytes, NULL)))
                return true;
        }
    return false;
}

static void add_neighbours(struct work *work) {
    struct cutter cutter = {work->run->arena, work->run->reader};
    uint32_t own[UNIT_SIDES];
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        own[s] = work->unit->sides[s].files.count;
    unit_add_neighbours(&work->run->sources, work->unit);
    cut_neighbours(&cutter, work->unit, own, work->cut);
    work->neighbours = true;
}

static void cut_work(struct work *work) {
    struct cutter cutter = {work->run->arena, work->run->reader};
    cut_unit(&cutter, work->unit, work->cut);
    if (work->unit->kind == UNIT_DIRECTORY)
        work->overrides = override_is_changed(work->unit);
    if (work->overrides || needs_neighbours(work))
        add_neighbours(work);
}

/* The before side is asked first; twins have the same bytes. */
static bool is_setting(const struct work *work, uint32_t side, struct cut_block *block) {
    if (side == UNIT_AFTER && block->twin != ENTITY_NONE &&
        !work->cut[UNIT_BEFORE].blocks.items[block->twin].wanted)
        return work->cut[UNIT_BEFORE].blocks.items[block->twin].setting;
    block->setting = resolve_is_setting(block->block.bytes);
    return block->setting;
}

static void read_settings(struct work *work) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++) {
        resolve_init(&work->scopes[s], work->run->arena);
        work->scopes[s].renames = &work->scopes[UNIT_AFTER];
        for (uint32_t i = 0; i < work->cut[s].blocks.count; i++) {
            struct cut_block *block = &work->cut[s].blocks.items[i];
            if (!block->wanted && !is_setting(work, s, block))
                continue;
            read_block(work, s, block);
            resolve_add(&work->scopes[s], block->list, block_file(work, s, block)->path);
        }
    }
}

static bool is_template(const struct dialect *dialect) {
    return dialect && dialect->record && slice_is(dialect_property(dialect, "names"), "template");
}

/* is_template() for many entities of one dialect: looking its property up costs. */
static bool in_template(struct work *work, const struct dialect *dialect) {
    if (dialect != work->asked) {
        work->asked = dialect;
        work->asked_is_template = is_template(dialect);
    }
    return work->asked_is_template;
}

static void read_templates(struct work *work) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++) {
        template_init(&work->templates[s], work->run->arena, &work->templates[!s]);
        for (uint32_t i = 0; i < work->cut[s].blocks.count; i++) {
            struct cut_block *block = &work->cut[s].blocks.items[i];
            if (!block->wanted || !is_template(block_file(work, s, block)->dialect))
                continue;
            read_block(work, s, block);
            template_add(&work->templates[s], block->list);
        }
    }
}

/* An unchanged block changes its meaning with the names it uses. */
static void want_users_of_changed_names(struct work *work) {
    struct map names;
    map_init(&names, work->run->arena);
    resolve_changed_names(&work->scopes[UNIT_BEFORE], &work->scopes[UNIT_AFTER], &names);
    struct cut_side *before = &work->cut[UNIT_BEFORE], *after = &work->cut[UNIT_AFTER];
    for (uint32_t i = 0; names.count && i < after->blocks.count; i++) {
        struct cut_block *block = &after->blocks.items[i];
        if (!block->wanted && resolve_uses(block->block.bytes, &names))
            block->wanted = before->blocks.items[block->twin].wanted = true;
    }
}

static void read_wanted(void *context, uint32_t side, struct cut_block *block) {
    read_block(context, side, block);
}

static void want_overridden(struct work *work) {
    struct override_search search = {work->run->arena, work->unit, work->cut, read_wanted, work};
    override_want(&search);
}

static void want_all(struct work *work) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < work->cut[s].blocks.count; i++)
            work->cut[s].blocks.items[i].wanted = true;
}

static bool is_file_name(const struct unit_file *file, struct slice name) {
    return slice_equal(name, file->path) || slice_equal(name, path_base(file->path));
}

/* The ecosystem's own address where there is one, else the file and the name in it. */
static struct slice full_name(struct work *work, const struct unit_file *file,
                              const struct entity *entity) {
    struct arena *arena = work->run->arena;
    if (match_is_action(entity) || work->unit->kind == UNIT_DIRECTORY)
        return entity->name;
    if (work->unit->kind == UNIT_CHANGE)
        return entity->type.size ? ARENA_CONCAT(arena, entity->type, SLICE("/"), entity->name)
                                 : entity->name;
    if (!entity->name.size || is_file_name(file, entity->name))
        return file->path;
    if (slice_is(dialect_property(file->dialect, "object"), "name"))
        return entity->name;
    return ARENA_CONCAT(arena, file->path, SLICE("#"), entity->name);
}

static const struct placed *place(struct work *work, uint32_t side, const struct cut_block *block,
                                  const struct entity *entity) {
    const struct unit_file *file = block_file(work, side, block);
    struct placed *placed = ARENA_NEW(work->run->arena, struct placed);
    *placed = (struct placed){
        .entity = entity,
        .list = block->list,
        .path = file->path,
        .name = full_name(work, file, entity),
        .file = file->bytes,
        .offset = block->block.offset,
        .line = block->block.line,
        .body = entity->body,
        .unit = work->unit->name,
        .path_class = file->path_class,
        .environment = file->environment,
    };
    if (work->unit->kind == UNIT_DIRECTORY && entity->body)
        placed->body = resolve_value(&work->scopes[side], entity->body);
    else if (entity->body && in_template(work, entity->dialect))
        placed->body = template_body(&work->templates[side], entity);
    return placed;
}

/* Instances are paired inside of the blocks they belong to. */
static struct slice without_index(struct slice address) {
    size_t open = slice_find_last_byte(address, '[');
    bool last = slice_ends(address, SLICE("]")) && open != SLICE_NPOS;
    return last ? slice_sub(address, 0, open) : address;
}

static void set_identity(struct work *work, uint32_t side, const struct unit_file *file,
                         struct match_item *item) {
    const struct resolve_scope *after = &work->scopes[UNIT_AFTER];
    struct slice name = item->placed->entity->name;
    item->identity = is_file_name(file, name) ? SLICE("") : name;
    if (work->unit->kind != UNIT_DIRECTORY || side != UNIT_BEFORE)
        return;
    struct slice moved = resolve_moved(after, name);
    if (!slice_is_none(moved))
        item->identity = without_index(moved);
    item->moved_out =
        slice_starts(moved, SLICE("module.")) && !slice_starts(name, SLICE("module."));
    item->kept = resolve_is_forgotten(after, name);
}

static void add_items(struct work *work, uint32_t side, const struct cut_block *block) {
    const struct unit_file *file = block_file(work, side, block);
    uint32_t first = work->items[side].items.count;
    for (uint32_t i = 0; i < block->list->count; i++) {
        const struct entity *entity = &block->list->items[i];
        struct match_item item = {
            .placed = place(work, side, block, entity),
            .path = file->known_as,
            .group = file->group,
            .parent = entity->scope == ENTITY_NONE ? ENTITY_NONE : first + entity->scope,
            .by_type = work->unit->kind == UNIT_CHANGE,
        };
        set_identity(work, side, file, &item);
        vec_push(work->run->arena, &work->items[side].items, item);
    }
}

/* Notes already told, by path and reason: one of a kind for each file. */
struct told {
    struct map seen;
    struct opaque opaque;
};

static void tell_note(struct work *work, struct told *told, uint32_t side,
                      const struct cut_block *block, const struct note *note) {
    const struct unit_file *file = block_file(work, side, block);
    struct slice key = ARENA_CONCAT(work->run->arena, file->known_as, SLICE(":"), note->reason);
    if (map_get(&told->seen, key) != MAP_ABSENT)
        return;
    map_set(&told->seen, key, 1);
    struct opaque_note out = {.path = file->path,
                              .type = file->dialect->name,
                              .reason = note->reason,
                              .unit = work->unit->name,
                              .file = file->bytes,
                              .before = side == UNIT_BEFORE};
    out.line = note->line ? block->block.line + note->line - 1 : 0;
    opaque_note(&told->opaque, &out);
}

/* The after side speaks; the before side only where the after side has nothing of the kind. */
static void tell_notes(struct work *work) {
    struct told told = {.opaque = {&work->run->sources, work->run->events}};
    map_init(&told.seen, work->run->arena);
    for (uint32_t s = UNIT_SIDES; s-- > 0;)
        for (uint32_t i = 0; i < work->cut[s].blocks.count; i++) {
            const struct cut_block *block = &work->cut[s].blocks.items[i];
            for (uint32_t n = 0; block->twin == ENTITY_NONE && n < block->list->note_count; n++)
                tell_note(work, &told, s, block, &block->list->notes[n]);
        }
}

static void read_fallible(void *context, uint32_t at) {
    struct work *work = context;
    struct cut_block *block = &work->cut[UNIT_AFTER].blocks.items[at];
    read_block(work, UNIT_AFTER, block);
    for (uint32_t i = 0; i < block->list->count; i++)
        vec_push(work->run->arena, &work->fallible[at].items,
                 place(work, UNIT_AFTER, block, &block->list->items[i]));
}

/* What refers to what is replaced may stand in any file of the directory. */
static void cascade_work(struct work *work, struct emit *emit, uint32_t first) {
    if (work->unit->kind != UNIT_DIRECTORY || !cascade_is_possible(emit, first))
        return;
    if (!work->neighbours && cascade_goes_far(emit, first)) {
        add_neighbours(work);
        read_settings(work);
    }
    const struct cut_side *cut = &work->cut[UNIT_AFTER];
    work->fallible = ARENA_ARRAY(work->run->arena, struct cascade_block, cut->blocks.count);
    for (uint32_t i = 0; i < cut->blocks.count; i++)
        work->fallible[i] = (struct cascade_block){
            .bytes = cut->blocks.items[i].block.bytes,
            .neighbour = block_file(work, UNIT_AFTER, &cut->blocks.items[i])->neighbour};
    struct cascade_unit unit = {.emit = emit,
                                .first = first,
                                .names = &work->scopes[UNIT_AFTER],
                                .blocks = work->fallible,
                                .count = cut->blocks.count,
                                .read = read_fallible,
                                .context = work};
    cascade_events(&unit);
}

static bool has_templates(const struct work *work) {
    return work->unit->kind == UNIT_FILE && work->unit->sides[UNIT_AFTER].files.count &&
           is_template(work->unit->sides[UNIT_AFTER].files.items[0].dialect);
}

static bool is_partial(const struct cut_block *block) {
    bool partial = false;
    for (uint32_t n = 0; block->list && n < block->list->note_count; n++)
        partial |= block->list->notes[n].partial;
    return partial;
}

/* What is not seen in a file that was not understood need not be gone. */
static void doubt_removals(struct work *work, uint32_t first) {
    struct map doubted;
    map_init(&doubted, work->run->arena);
    const struct cut_side *after = &work->cut[UNIT_AFTER];
    for (uint32_t i = 0; i < after->blocks.count; i++)
        if (is_partial(&after->blocks.items[i]))
            map_set(&doubted, block_file(work, UNIT_AFTER, &after->blocks.items[i])->path, 1);
    for (uint32_t i = first; doubted.count && i < work->run->events->list.count; i++) {
        struct event *event = &work->run->events->list.items[i];
        if (event->effect == EFFECT_REMOVED && event->confidence > CONFIDENCE_POSSIBLE &&
            map_get(&doubted, event->before.path) != MAP_ABSENT)
            event->confidence = CONFIDENCE_POSSIBLE;
    }
}

static void compare_unit(struct run *run, struct unit *unit) {
    struct work work = {.run = run, .unit = unit};
    cut_work(&work);
    if (unit->kind == UNIT_DIRECTORY) {
        read_settings(&work);
        want_users_of_changed_names(&work);
    }
    if (run->options->no_block_cut)
        want_all(&work);
    else if (work.overrides)
        want_overridden(&work);
    if (unit->kind == UNIT_FILE)
        read_templates(&work);
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < work.cut[s].blocks.count; i++) {
            struct cut_block *block = &work.cut[s].blocks.items[i];
            if (!block->wanted)
                continue;
            read_block(&work, s, block);
            add_items(&work, s, block);
        }
    for (uint32_t s = 0; work.overrides && s < UNIT_SIDES; s++)
        override_merge(run->arena, &work.items[s]);
    struct match_rules rules = {run->arena, emit_comparison};
    match_items(&rules, &work.items[UNIT_BEFORE], &work.items[UNIT_AFTER]);
    struct emit emit = {.arena = run->arena,
                        .knowledge = run->sources.knowledge,
                        .events = run->events,
                        .predicates = &run->predicates,
                        .fragments = unit->fragments};
    if (unit->kind == UNIT_DIRECTORY) {
        emit.moves = &work.scopes[UNIT_AFTER];
        emit.scopes = work.scopes;
    }
    uint32_t first = run->events->list.count;
    emit_matches(&emit, &work.items[UNIT_BEFORE], &work.items[UNIT_AFTER]);
    cascade_work(&work, &emit, first);
    if (unit->kind == UNIT_CHANGE)
        duplicate_events(&emit, &run->sources, run->reader, &work.items[UNIT_AFTER]);
    if (has_templates(&work))
        cascade_template(&emit, first, &work.items[UNIT_BEFORE], &work.items[UNIT_AFTER]);
    doubt_removals(&work, first);
    tell_notes(&work);
}

void delta_compare(struct arena *arena, struct reader *reader, const struct knowledge *knowledge,
                   const struct change *change, const struct delta_options *options,
                   struct events *events) {
    static const struct delta_options defaults = {.no_block_cut = false};
    struct run run = {.arena = arena,
                      .reader = reader,
                      .options = options ? options : &defaults,
                      .sources = {arena, knowledge, reader->dialects, change, reader, NULL},
                      .events = events};
    unit_detect(&run.sources);
    predicate_context_init(&run.predicates, arena, knowledge);
    run.predicates.patterns = reader_patterns(reader);
    struct units units = {0};
    units_collect(&run.sources, &units);
    for (uint32_t i = 0; i < units.list.count; i++)
        compare_unit(&run, &units.list.items[i]);
    relocate_events(arena, events);
    environment_events(&run.sources, events);
    struct opaque opaque = {&run.sources, events};
    opaque_compare(&opaque);
    events_sort(events);
}
