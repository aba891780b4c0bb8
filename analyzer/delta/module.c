/* Modules of a directory, seen through their calls. */
#include "base/path.h"
#include "delta/relocate.h"
#include "delta/work.h"
#include "fact/table.h"
#include "resolve/instances.h"

enum { MODULES_EXPECTED = 64, MODULES_TOGETHER = 32 };

static struct slice directory_of(struct work *work, const struct placed *call) {
    struct arena *arena = work->run->arena;
    if (!call)
        return SLICE_NONE;
    struct slice source = value_literal(value_get(call->body, SLICE("source")));
    if (slice_starts(source, SLICE(PLACE_ROOT)))
        return path_normalise(arena, slice_from(source, strlen(PLACE_ROOT)));
    return caller_target(arena, path_directory(call->path), call->entity->body);
}

static bool is_circle(const struct work *work, struct slice directory) {
    for (; work; work = work->parent)
        if (slice_equal(work->unit->name, directory))
            return true;
    return false;
}

static void tell(struct work *work, const struct placed *call, const char *what) {
    struct opaque_note note = {
        .path = call->path,
        .type = call->entity->dialect->name,
        .reason = ARENA_CONCAT(work->run->arena, call->entity->name, slice_of(what)),
        .unit = work->unit->name,
        .file = call->file,
        .line = call->line};
    work_note(work, &note);
}

static bool may_open(struct work *work, const struct placed *call, struct slice directory) {
    if (slice_is_none(directory) || work->depth >= MODULE_DEPTH ||
        work->run->opened >= MODULE_WORKS)
        return false;
    if (!is_circle(work, directory))
        return true;
    tell(work, call, " calls what it stands in: what it holds is not known");
    return false;
}

/* Is it certain that the repository has no such directory? */
static bool is_missing(const struct work *work, struct slice directory) {
    const struct tree *tree = &work->run->sources.change->after;
    struct slice *names = NULL;
    uint32_t count = 0;
    enum presence presence = tree->list(tree->self, directory, &names, &count);
    return presence == TREE_ABSENT || (presence == TREE_PRESENT && !count);
}

/* The name of what holds the arguments of a call, where they do not stand in it (dialect property
 * `arguments`); "" otherwise. Such a call makes no addresses of its own. */
static struct slice arguments_name(const struct placed *call) {
    const struct dialect *dialect = call->entity->dialect;
    return dialect && dialect->record ? dialect_property(dialect, "arguments") : SLICE("");
}

static const struct placed *with_arguments(struct work *work, uint32_t side,
                                           const struct placed *call) {
    struct work *owner;
    struct slice name = call ? arguments_name(call) : SLICE("");
    const struct placed *held = name.size ? work_find(work, side, name, &owner) : NULL;
    const struct value *value = held ? value_get(held->body, SLICE("value")) : NULL;
    if (name.size)
        value = configuration_arguments(work, side, value);
    if (!value || value->kind != VALUE_MAP)
        return call;
    struct placed *placed = ARENA_NEW(work->run->arena, struct placed);
    *placed = *call;
    placed->body = value;
    return placed;
}

static struct work *make_module(struct work *work, const struct placed *before,
                                const struct placed *after) {
    struct arena *arena = work->run->arena;
    const struct placed *call = after ? after : before;
    bool named = !arguments_name(call).size;
    struct work *module = ARENA_NEW(arena, struct work);
    struct unit *unit = ARENA_NEW(arena, struct unit);
    *unit = (struct unit){.kind = UNIT_DIRECTORY, .name = directory_of(work, call)};
    *module =
        (struct work){.run = work->run,
                      .unit = unit,
                      .parent = work,
                      .prefix = named ? ARENA_CONCAT(arena, call->name, SLICE(".")) : work->prefix,
                      .calls = {with_arguments(work, UNIT_BEFORE, before),
                                with_arguments(work, UNIT_AFTER, after)},
                      .depth = work->depth + 1,
                      .neighbours = true,
                      .overlaid = true};
    if (before)
        unit_load(&work->run->sources, unit, UNIT_BEFORE, directory_of(work, before));
    if (after)
        unit_load(&work->run->sources, unit, UNIT_AFTER, directory_of(work, after));
    if (!unit->sides[UNIT_BEFORE].files.count && !unit->sides[UNIT_AFTER].files.count) {
        if (is_missing(work, unit->name))
            tell(work, call, " has a source that is not in the repository");
        return NULL;
    }
    work->run->opened++;
    work_prepare(module);
    return module;
}

struct work *module_open(struct work *work, const struct placed *before,
                         const struct placed *after) {
    struct slice from = directory_of(work, before), to = directory_of(work, after);
    struct slice key =
        arena_format(work->run->arena, "%.*s %.*s", SLICE_ARGS(before ? before->name : SLICE("-")),
                     SLICE_ARGS(after ? after->name : SLICE("-")));
    for (uint32_t i = 0; i < work->modules.count; i++)
        if (slice_equal(work->modules.items[i].key, key))
            return work->modules.items[i].work;
    struct module module = {key, NULL};
    bool open = (!before || may_open(work, before, from)) && (!after || may_open(work, after, to));
    if (open)
        module.work = make_module(work, before, after);
    vec_push(work->run->arena, &work->modules, module);
    return module.work;
}

static bool is_of_directory(void *context, struct slice path) {
    const struct dialect *dialect = reader_path(context, path)->dialect;
    return dialect && dialect->unit == UNIT_DIRECTORY;
}

struct expected {
    VEC(struct slice) directories;
};

/* Modules that stand together call each other: those beside a module may follow as well. */
static void expect_beside(struct work *work, struct slice directory, struct expected *expected) {
    struct arena *arena = work->run->arena;
    const struct tree *tree = &work->run->sources.change->after;
    struct slice parent = path_directory(directory), *names = NULL;
    uint32_t count = 0;
    if (!parent.size || !tree->folders)
        return;
    tree->folders(tree->self, parent, &names, &count);
    for (uint32_t i = 0; i < count && count <= MODULES_TOGETHER; i++)
        vec_push(arena, &expected->directories, path_join(arena, parent, names[i]));
}

/* Where one module is entered the others are likely to follow: what they hold is asked for at once,
 * which saves a question for each directory and each file. */
void module_expect(struct work *work, const struct placed *call) {
    const struct tree *tree = &work->run->sources.change->after;
    const struct cut_side *cut = &work->cut[UNIT_AFTER];
    struct expected expected = {.directories = {0}};
    if (work->run->expected || !tree->expect)
        return;
    work->run->expected = true;
    for (uint32_t i = 0; i < cut->blocks.count && expected.directories.count < MODULES_EXPECTED;
         i++) {
        struct cut_block *block = &work->cut[UNIT_AFTER].blocks.items[i];
        if (!slice_starts(slice_trim(block->block.bytes), call->entity->kind))
            continue;
        work_read(work, UNIT_AFTER, block);
        const struct entity *entity = block->list->count ? &block->list->items[0] : NULL;
        if (!entity || !slice_equal(entity->kind, call->entity->kind))
            continue;
        struct slice path = directory_of(work, work_place(work, UNIT_AFTER, block, entity));
        if (!slice_is_none(path))
            vec_push(work->run->arena, &expected.directories, path);
    }
    if (expected.directories.count)
        expect_beside(work, expected.directories.items[0], &expected);
    tree->expect(tree->self, expected.directories.items, expected.directories.count,
                 is_of_directory, work->run->reader);
}

/* What vanishes with a module. */
struct contents {
    struct work *work; /* where the moves of its addresses stand: the outermost */
    struct emit *emit;
    const struct event *event; /* of the call */
    VEC(struct slice) names;
    uint32_t moved; /* it goes on under another address */
    uint32_t kept;  /* let go without being destroyed */
    uint32_t data;  /* holds data */
};

static bool holds_data(const struct contents *contents, const struct entity *entity) {
    struct slice key[] = {dialect_system(entity->dialect, entity->type), entity->type};
    return table_has(contents->emit->knowledge, SLICE("data_types"), key, 2);
}

/* A move takes it out: it is compared with what it is there. */
static bool goes_on(struct contents *contents, const struct placed *placed) {
    struct work *root = contents->work, *owner;
    struct slice moved = resolve_moved(&root->scopes[UNIT_AFTER], placed->name);
    const struct placed *there =
        slice_is_none(moved) ? NULL : work_find(root, UNIT_AFTER, moved, &owner);
    if (!there)
        return false;
    struct match_item before = {.placed = placed, .how = MATCH_SAME};
    struct match_item after = {.placed = there, .how = MATCH_SAME};
    contents->moved++;
    emit_pair(contents->emit, &before, &after);
    return true;
}

static void lose_resource(struct contents *contents, const struct placed *placed) {
    if (goes_on(contents, placed))
        return;
    if (resolve_is_forgotten(&contents->work->scopes[UNIT_AFTER], placed->name)) {
        contents->kept++;
        return;
    }
    vec_push(contents->emit->arena, &contents->names, placed->name);
    if (!holds_data(contents, placed->entity))
        return;
    contents->data++;
    struct event event = {.effect = EFFECT_REMOVED,
                          .confidence = contents->event->confidence,
                          .before = *placed,
                          .reason = SLICE("delete_because_no_module")};
    emit_event(contents->emit, event);
}

static void lose_all(struct contents *contents, struct work *module);

static void lose_entity(struct contents *contents, struct work *module,
                        const struct placed *placed) {
    struct instances instances = instances_of(module->run->arena, placed->body);
    if (instances.kind == INSTANCES_COUNT && !instances.count)
        return;
    if (slice_is(placed->entity->kind, "resource")) {
        lose_resource(contents, placed);
    } else if (slice_is(placed->entity->kind, "module")) {
        struct work *inner = module_open(module, placed, NULL);
        if (inner)
            lose_all(contents, inner);
    }
}

static void lose_all(struct contents *contents, struct work *module) {
    for (uint32_t i = 0; i < module->cut[UNIT_BEFORE].blocks.count; i++) {
        struct cut_block *block = &module->cut[UNIT_BEFORE].blocks.items[i];
        work_read(module, UNIT_BEFORE, block);
        for (uint32_t n = 0; n < block->list->count; n++)
            if (block->list->items[n].scope == ENTITY_NONE)
                lose_entity(contents, module,
                            work_place(module, UNIT_BEFORE, block, &block->list->items[n]));
    }
}

static struct work *outermost(struct work *work) {
    while (work->parent)
        work = work->parent;
    return work;
}

/* The call is gone, or goes by another name: so does everything in it. False if all of it goes on
 * under other addresses, or is let go. */
static bool lose_call(struct work *work, struct emit *emit, struct event *event) {
    struct event call = *event; /* the list of events grows */
    uint32_t own = (uint32_t)(event - emit->events->list.items), opened = 0;
    if (arguments_name(&call.before).size) /* nothing is destroyed by itself where a call is gone */
        call.confidence = event->confidence = CONFIDENCE_POSSIBLE;
    struct contents contents = {.work = outermost(work), .emit = emit, .event = &call};
    uint32_t instances = call.cascade_count ? call.cascade_count : 1;
    for (uint32_t i = 0; i < instances && i < MODULE_WORKS; i++) {
        struct placed *before = ARENA_NEW(emit->arena, struct placed);
        *before = call.before;
        if (call.cascade_count)
            before->name = call.cascade[i];
        struct work *module = module_open(work, before, NULL);
        opened += module != NULL;
        if (module)
            lose_all(&contents, module);
    }
    if (!opened)
        return true;
    event = &emit->events->list.items[own];
    event->cascade = contents.names.items;
    event->cascade_count = contents.names.count;
    event->falls = contents.names.count;
    event->falls_data = contents.data;
    return contents.names.count || (!contents.moved && !contents.kept);
}

static bool is_call(const struct placed *placed) {
    return placed->entity && slice_is(placed->entity->kind, "module") && placed->entity->dialect &&
           placed->entity->dialect->unit == UNIT_DIRECTORY;
}

static bool is_gone(const struct event *event) {
    return is_call(&event->before) &&
           (event->effect == EFFECT_REMOVED || event->effect == EFFECT_RENAMED);
}

/* A move into a module: what stands there is what it has become. */
static bool is_moved_into(struct work *work, struct emit *emit, const struct event *event) {
    struct work *owner;
    if (event->effect != EFFECT_REMOVED || slice_is_none(event->moved_to))
        return false;
    struct slice target = event->moved_to;
    const struct placed *there = work_find(work, UNIT_AFTER, target, &owner);
    if (!there)
        return false;
    struct placed before = event->before;
    struct match_item a = {.placed = &before, .how = MATCH_SAME};
    struct match_item b = {.placed = there, .how = MATCH_SAME};
    emit_pair(emit, &a, &b);
    return true;
}

static void drop_event(struct events *events, uint32_t at) {
    for (uint32_t i = at; i + 1 < events->list.count; i++)
        events->list.items[i] = events->list.items[i + 1];
    events->list.count--;
}

/* Another source under the same name: once both are open, what differs is told by itself. */
static bool is_resourced(const struct event *event) {
    return event->effect == EFFECT_REPLACED && is_call(&event->after);
}

static void compare_module(struct work *work, const struct placed *before,
                           const struct placed *after, struct events *events, uint32_t first) {
    struct work *module = module_open(work, before, after);
    bool both = module && module->unit->sides[UNIT_BEFORE].files.count &&
                module->unit->sides[UNIT_AFTER].files.count;
    if (!both)
        return;
    for (uint32_t i = first; i < events->list.count; i++)
        if (is_resourced(&events->list.items[i]) &&
            slice_equal(events->list.items[i].after.name, after->name))
            drop_event(events, i--);
    work_compare(module);
}

/* Instances of the call that get other arguments than the rest are seen one by one. */
static void compare_instances(struct work *work, const struct placed *before,
                              const struct placed *after, struct events *events, uint32_t first) {
    struct arena *arena = work->run->arena;
    struct instances was = instances_of(arena, before->body), is = instances_of(arena, after->body);
    bool known = was.kind != INSTANCES_UNKNOWN && is.kind != INSTANCES_UNKNOWN;
    if (!known || (!instances_differ(before->body) && !instances_differ(after->body))) {
        compare_module(work, before, after, events, first);
        return;
    }
    for (uint32_t i = 0; i < was.count && i < MODULE_WORKS; i++) {
        struct slice suffix = instance_suffix(arena, &was, i);
        uint32_t partner = instance_find(&is, suffix);
        if (partner == INSTANCE_NONE)
            continue;
        struct placed *sides = ARENA_ARRAY(arena, struct placed, 2);
        sides[0] = *before;
        sides[1] = *after;
        sides[0].body = instance_body(&work->scopes[0], &was, i, before->body);
        sides[1].body = instance_body(&work->scopes[1], &is, partner, after->body);
        for (uint32_t s = 0; s < 2; s++)
            sides[s].name = ARENA_CONCAT(arena, sides[s].name, suffix);
        if (!value_equal(sides[0].body, sides[1].body))
            compare_module(work, &sides[0], &sides[1], events, first);
    }
}

/* The call of a side, which may stand in what is included. */
static const struct placed *sole_call(struct work *work, uint32_t side) {
    for (uint32_t i = 0; i < work->cut[side].blocks.count; i++) {
        struct cut_block *block = &work->cut[side].blocks.items[i];
        const struct dialect *dialect = work_file(work, side, block)->dialect;
        if (!dialect->record || !dialect_property(dialect, "arguments").size)
            continue;
        work_read(work, side, block);
        for (uint32_t n = 0; n < block->list->count; n++)
            if (slice_is(block->list->items[n].kind, "module"))
                return work_place(work, side, block, &block->list->items[n]);
    }
    return configuration_call(work, side);
}

static void compare_arguments(struct work *work, struct events *events, uint32_t first) {
    const struct placed *calls[UNIT_SIDES], *with[UNIT_SIDES];
    for (uint32_t s = 0; s < UNIT_SIDES; s++) {
        calls[s] = sole_call(work, s);
        if (!calls[s])
            return;
        with[s] = with_arguments(work, s, calls[s]);
    }
    if (!value_equal(with[0]->body, with[1]->body))
        compare_module(work, calls[0], calls[1], events, first);
}

void module_compare_arguments(struct work *work) {
    compare_arguments(work, work->run->events, work->run->events->list.count);
}

static bool takes_arguments(const struct work *work) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < work->unit->sides[s].files.count; i++) {
            const struct dialect *dialect = work->unit->sides[s].files.items[i].dialect;
            if (dialect && dialect->record && dialect_property(dialect, "arguments").size)
                return true;
        }
    return false;
}

static void compare_calls(struct work *work, struct emit *emit, uint32_t first) {
    for (uint32_t i = 0; i < work->items[UNIT_AFTER].items.count; i++) {
        const struct match_item *after = &work->items[UNIT_AFTER].items.items[i];
        if (after->partner == ENTITY_NONE || !is_call(after->placed) ||
            (after->how != MATCH_SAME && after->how != MATCH_MOVED))
            continue;
        const struct match_item *before = &work->items[UNIT_BEFORE].items.items[after->partner];
        if (!value_equal(before->placed->body, after->placed->body))
            compare_instances(work, before->placed, after->placed, emit->events, first);
    }
}

void module_events(struct work *work, struct emit *emit, uint32_t first) {
    struct events *events = emit->events;
    uint32_t own = events->list.count;
    for (uint32_t i = first; i < own; i++) {
        struct event event = events->list.items[i];
        bool keep = true;
        if (is_gone(&event))
            keep = lose_call(work, emit, &events->list.items[i]);
        else
            keep = !is_moved_into(work, emit, &event);
        if (keep)
            continue;
        drop_event(events, i--);
        own--;
    }
    compare_calls(work, emit, first);
    if (takes_arguments(work))
        compare_arguments(work, emit->events, first);
}

/* Place, effect and cause of an event that is seen through a call; SLICE_NONE for any other. */
static struct slice event_key(struct arena *arena, const struct event *event) {
    const struct placed *side = event_side(event);
    if (!side->module.size || !side->entity)
        return SLICE_NONE;
    struct slice cause = event->cause          ? event->cause->path
                         : event->change_count ? event->changes->path
                                               : SLICE("");
    return arena_format(arena, "%d %u %u %.*s %.*s", event->effect, side->offset,
                        side->entity->span.from, SLICE_ARGS(side->path), SLICE_ARGS(cause));
}

void module_join_events(struct arena *arena, struct events *events) {
    struct map seen;
    uint32_t kept = 0;
    map_init(&seen, arena);
    for (uint32_t i = 0; i < events->list.count; i++) {
        struct event *event = &events->list.items[i];
        struct slice key = event_key(arena, event);
        uint32_t at = slice_is_none(key) ? kept : map_set_default(&seen, key, kept);
        if (at < kept) {
            events->list.items[at].callers++;
            continue;
        }
        event->callers = slice_is_none(key) ? 0 : 1;
        events->list.items[kept++] = *event;
    }
    events->list.count = kept;
}
