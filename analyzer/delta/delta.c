#include "base/path.h"
#include "delta/cascade.h"
#include "delta/delivery.h"
#include "delta/duplicate.h"
#include "delta/environment.h"
#include "delta/guarded.h"
#include "delta/include.h"
#include "delta/instance.h"
#include "delta/listing.h"
#include "delta/override.h"
#include "delta/relocate.h"
#include "delta/work.h"

/* Notes already told, by path and reason: one of a kind for each file. */
struct told {
    struct map seen;
    struct opaque opaque;
};

static void tell_note(struct work *work, struct told *told, uint32_t side,
                      const struct cut_block *block, const struct note *note) {
    const struct unit_file *file = work_file(work, side, block);
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

/* Names that lead to themselves stand for nothing. */
static void tell_circles(struct work *work) {
    const struct resolve_scope *scope = &work->scopes[UNIT_AFTER];
    for (uint32_t i = 0; i < scope->circles.count; i++) {
        struct slice name = scope->circles.items[i];
        const struct resolve_setting *setting = resolve_find(scope, name);
        struct opaque_note note = {
            .path = setting->path,
            .type = reader_path(work->run->reader, setting->path)->dialect->name,
            .reason = ARENA_CONCAT(work->run->arena, name,
                                   SLICE(" leads to itself: what it stands for is not known")),
            .unit = work->unit->name};
        work_note(work, &note);
    }
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
    work_read(work, UNIT_AFTER, block);
    for (uint32_t i = 0; i < block->list->count; i++)
        vec_push(work->run->arena, &work->fallible->blocks[at].items,
                 work_place(work, UNIT_AFTER, block, &block->list->items[i]));
}

static struct cascade_unit *fallible_of(struct work *work, struct emit *emit);

/* What a call holds after the change: the sides are one, as if it had stood there before. */
static struct cascade_unit *enter_call(void *context, const struct placed *call) {
    struct work *work = context;
    module_expect(work, call);
    struct work *module = module_open(work, call, call);
    return module ? fallible_of(module, work->fallible->emit) : NULL;
}

static struct cascade_unit *leave_to_caller(void *context, struct slice *name) {
    struct work *work = context;
    if (!work->parent)
        return NULL;
    const struct placed *call = work->calls[work->calls[UNIT_AFTER] ? UNIT_AFTER : UNIT_BEFORE];
    *name = call->entity->name;
    return fallible_of(work->parent, work->fallible->emit);
}

static struct cascade_unit *fallible_of(struct work *work, struct emit *emit) {
    struct arena *arena = work->run->arena;
    const struct cut_side *cut = &work->cut[UNIT_AFTER];
    if (work->fallible && work->fallible->count == cut->blocks.count) {
        work->fallible->emit = emit;
        return work->fallible;
    }
    work->fallible = ARENA_NEW(arena, struct cascade_unit);
    *work->fallible =
        (struct cascade_unit){.emit = emit,
                              .names = &work->scopes[UNIT_AFTER],
                              .blocks = ARENA_ARRAY(arena, struct cascade_block, cut->blocks.count),
                              .count = cut->blocks.count,
                              .read = read_fallible,
                              .enter = enter_call,
                              .leave = leave_to_caller,
                              .context = work,
                              .prefix = work->prefix};
    for (uint32_t i = 0; i < cut->blocks.count; i++)
        work->fallible->blocks[i] = (struct cascade_block){
            .bytes = cut->blocks.items[i].block.bytes,
            .dots = cut->blocks.items[i].block.dots,
            .neighbour = work_file(work, UNIT_AFTER, &cut->blocks.items[i])->neighbour};
    return work->fallible;
}

/* What refers to what is replaced may stand in any file of the directory. */
static void cascade_work(struct work *work, struct emit *emit, uint32_t first) {
    if (work->unit->kind != UNIT_DIRECTORY || !cascade_is_possible(emit, first))
        return;
    if (!work->neighbours && cascade_goes_far(emit, first)) {
        work_add_neighbours(work);
        work_read_settings(work);
    }
    struct cascade_unit *unit = fallible_of(work, emit);
    unit->first = first;
    cascade_events(unit);
}

static bool has_templates(const struct work *work) {
    return work->unit->kind == UNIT_FILE && work->unit->sides[UNIT_AFTER].files.count &&
           work_is_template(work->unit->sides[UNIT_AFTER].files.items[0].dialect);
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
            map_set(&doubted, work_file(work, UNIT_AFTER, &after->blocks.items[i])->path, 1);
    for (uint32_t i = first; doubted.count && i < work->run->events->list.count; i++) {
        struct event *event = &work->run->events->list.items[i];
        if (event->effect == EFFECT_REMOVED && event->confidence > CONFIDENCE_POSSIBLE &&
            map_get(&doubted, event->before.path) != MAP_ABSENT)
            event->confidence = CONFIDENCE_POSSIBLE;
    }
}

/* Everything that is wanted is known then. */
void work_prepare(struct work *work) {
    bool directory = work->unit->kind == UNIT_DIRECTORY;
    work_cut(work);
    if (directory) {
        work_read_settings(work);
        work_want_users_of_changed_names(work);
    }
    bool includes = work->including[UNIT_BEFORE] || work->including[UNIT_AFTER];
    if (includes || work->run->options->no_block_cut)
        work_want_all(work);
    else if (work->overlaid)
        work_want_overridden(work);
    if (work->unit->kind != UNIT_FILE)
        return;
    work_read_templates(work);
    work_read_formulas(work);
}

static void place_wanted(struct work *work) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        work->items[s].items.count = 0;
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < work->cut[s].blocks.count; i++) {
            struct cut_block *block = &work->cut[s].blocks.items[i];
            if (!block->wanted)
                continue;
            work_read(work, s, block);
            work_add_items(work, s, block);
        }
    for (uint32_t s = 0; work->overlaid && s < UNIT_SIDES; s++)
        override_merge(work->run->arena, &work->items[s]);
    if (work->formulas[UNIT_AFTER].dialect)
        work_join_formulas(work);
    struct match_rules rules = {work->run->arena, emit_comparison};
    match_items(&rules, &work->items[UNIT_BEFORE], &work->items[UNIT_AFTER]);
}

void work_compare(struct work *work) {
    struct run *run = work->run;
    struct unit *unit = work->unit;
    place_wanted(work);
    if (unit->kind == UNIT_DIRECTORY && !work->outputs && module_outputs_matter(work)) {
        module_resolve_outputs(work);
        place_wanted(work);
    }
    struct emit emit = {.arena = run->arena,
                        .knowledge = run->sources.knowledge,
                        .events = run->events,
                        .predicates = &run->predicates,
                        .fragments = unit->fragments,
                        .sources = &run->sources};
    if (work->formulas[UNIT_AFTER].dialect)
        emit.formulas = work->formulas;
    if (unit->kind == UNIT_DIRECTORY) {
        emit.moves = &work->scopes[UNIT_AFTER];
        emit.scopes = work->scopes;
    }
    uint32_t first = run->events->list.count;
    emit_matches(&emit, &work->items[UNIT_BEFORE], &work->items[UNIT_AFTER]);
    if (unit->kind == UNIT_DIRECTORY)
        module_events(work, &emit, first);
    cascade_work(work, &emit, first);
    if (unit->kind == UNIT_CHANGE)
        duplicate_events(&emit, &run->sources, run->reader, &work->items[UNIT_AFTER]);
    if (has_templates(work))
        cascade_template(&emit, first, &work->items[UNIT_BEFORE], &work->items[UNIT_AFTER]);
    doubt_removals(work, first);
}

/* Something is said to be lost or to differ in more than its attributes. */
static bool is_grave(const struct event *event) {
    return event->effect != EFFECT_ADDED && event->effect != EFFECT_CHANGED;
}

/* Whoever calls a module decides what its variables are, so also what counts and keys are. */
static bool concerns_callers(const struct event *event) {
    if (is_grave(event))
        return true;
    for (uint32_t i = 0; i < event->change_count; i++)
        if (instance_decides(&event->changes[i]))
            return true;
    return event->effect == EFFECT_CHANGED && slice_is(event->after.entity->kind, "output");
}

static bool any_event(const struct run *run, uint32_t first,
                      bool (*concerns)(const struct event *)) {
    for (uint32_t i = first; i < run->events->list.count; i++)
        if (concerns(&run->events->list.items[i]))
            return true;
    return false;
}

/* Files that merely stand beside what changes are asked for only where something grave is to tell:
 * to list every directory is a tenth of the time of a scan. */
static bool is_overlaid_beside(const struct work *work) {
    const struct run *run = work->run;
    const struct tree *tree = &run->sources.change->after;
    struct slice *names = NULL;
    uint32_t count = 0;
    tree->list(tree->self, work->unit->name, &names, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct dialect *dialect =
            reader_path(run->reader, path_join(run->arena, work->unit->name, names[i]))->dialect;
        if (dialect && dialect->unit == UNIT_DIRECTORY &&
            (resolve_is_override(dialect, names[i]) || unit_is_shadowing(dialect, names[i])))
            return true;
    }
    return false;
}

static bool has_shadowing(const struct unit *unit) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < unit->sides[s].files.count; i++)
            if (unit_is_shadowing(unit->sides[s].files.items[i].dialect,
                                  path_base(unit->sides[s].files.items[i].path)))
                return true;
    return false;
}

/* All files of the directory from the start, overrides laid over what they override. */
static void compare_overlaid(struct work *work) {
    unit_add_neighbours(&work->run->sources, work->unit);
    unit_drop_shadowed(work->unit);
    work->neighbours = work->overlaid = true;
    work_prepare(work);
    work_compare(work);
}

/* From a module outwards. */
struct chain {
    struct slice directory;
    const struct chain *inner;
};

static bool is_in_chain(const struct chain *chain, struct slice directory) {
    while (chain && !slice_equal(chain->directory, directory))
        chain = chain->inner;
    return chain != NULL;
}

/* The module as one of its callers has it; NULL unless it is called on both sides, and by something
 * that it does not call itself. */
static struct work *open_through(struct run *run, const struct caller *caller,
                                 const struct chain *inner, uint32_t depth) {
    struct chain chain = {caller->directory, inner};
    struct callers above = {.list = {0}};
    struct work *work = NULL, *owner;
    if (depth < MODULE_DEPTH)
        callers_find(run, caller->directory, &above);
    for (uint32_t i = 0; i < above.list.count; i++)
        if (is_in_chain(&chain, above.list.items[i].directory))
            return NULL;
    if (above.list.count)
        work = open_through(run, &above.list.items[0], &chain, depth + 1);
    if (!work) {
        work = work_open(run, caller->directory);
        work_prepare(work);
    }
    const struct placed *before = work_find(work, UNIT_BEFORE, caller->name, &owner);
    const struct placed *after = work_find(work, UNIT_AFTER, caller->name, &owner);
    return before && after ? module_open(work, before, after) : NULL;
}

/* Does the block say where the state is kept (dialect properties `root_block` and, of what stands
 * in it, `environment_identity`)? */
static bool keeps_state(const struct dialect *dialect, struct slice bytes) {
    struct slice block = dialect->record ? dialect_property(dialect, "root_block") : SLICE_NONE;
    if (!block.size || !slice_starts(slice_trim(bytes), block))
        return false;
    struct slice names = dialect_property(dialect, "environment_identity"), name;
    while (slice_split(&names, ',', &name))
        if (slice_contains(bytes, slice_trim(name)))
            return true;
    return false;
}

/* A directory that takes no values, or says where its state is kept, is nobody's module. */
static bool may_be_called(const struct work *work) {
    const struct resolve_scope *scope = &work->scopes[UNIT_AFTER];
    const struct cut_side *after = &work->cut[UNIT_AFTER];
    bool takes = false;
    for (uint32_t i = 0; i < scope->settings.count && !takes; i++)
        takes = slice_starts(scope->settings.items[i].name, SLICE("var."));
    for (uint32_t i = 0; takes && i < after->blocks.count; i++)
        if (keeps_state(work_file(work, UNIT_AFTER, &after->blocks.items[i])->dialect,
                        after->blocks.items[i].block.bytes))
            return false;
    return takes;
}

/* What an edit of a module means is decided by its callers. False if none is known. */
static bool compare_through_callers(struct run *run, const struct unit *unit, uint32_t first) {
    struct callers callers = {.list = {0}};
    bool found = false;
    callers_find(run, unit->name, &callers);
    for (uint32_t i = 0; i < callers.list.count; i++) {
        const struct chain inner = {unit->name, NULL};
        struct work *module = open_through(run, &callers.list.items[i], &inner, 0);
        if (!module)
            continue;
        if (!found)
            run->events->list.count = first;
        found = true;
        work_compare(module);
        module_leave(module);
    }
    return found;
}

static void compare_directory(struct run *run, struct work *work) {
    uint32_t first = run->events->list.count;
    struct unit unit = *work->unit;
    if (has_shadowing(work->unit)) {
        compare_overlaid(work);
    } else {
        work_prepare(work);
        work_compare(work);
        if (!work->overlaid && any_event(run, first, is_grave) && is_overlaid_beside(work)) {
            struct unit *again = ARENA_NEW(run->arena, struct unit);
            *again = unit;
            *work = (struct work){.run = run, .unit = again, .prefix = SLICE("")};
            run->events->list.count = first;
            compare_overlaid(work);
        }
    }
    if (any_event(run, first, concerns_callers) && may_be_called(work))
        compare_through_callers(run, work->unit, first);
}

static void compare_unit(struct run *run, struct unit *unit) {
    struct work work = {.run = run, .unit = unit, .prefix = SLICE("")};
    if (unit->kind == UNIT_DIRECTORY) {
        compare_directory(run, &work);
        chosen_compare(run, unit);
        tell_circles(&work);
    } else {
        work_prepare(&work);
        work_compare(&work);
        given_compare(run, &work);
    }
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
    map_init(&run.noted, arena);
    unit_detect(&run.sources);
    predicate_context_init(&run.predicates, arena, knowledge);
    run.predicates.patterns = reader_patterns(reader);
    struct units units = {0};
    units_collect(&run.sources, &units);
    for (uint32_t i = 0; i < units.list.count; i++)
        compare_unit(&run, &units.list.items[i]);
    reading_compare(&run, &units);
    configuration_compare(&run, &units);
    relocate_events(arena, events);
    module_join_events(arena, events);
    handover_events(&run);
    guarded_events(&run.sources, events);
    listing_events(&run.sources, events);
    include_events(&run.sources, events);
    delivery_events(&run.sources, events);
    environment_events(&run.sources, events);
    struct opaque opaque = {&run.sources, events};
    for (uint32_t i = 0; i < run.notes.count; i++)
        opaque_note(&opaque, &run.notes.items[i]);
    opaque_compare(&opaque);
    events_sort(events);
}
