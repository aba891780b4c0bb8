#include "base/path.h"
#include "delta/bundle.h"
#include "delta/work.h"

enum { HANDOVER_LISTS = 64 }; /* folders with lists; with more, nothing is said to stay the same */

/* A folder with lists that the change touches. */
struct hand {
    struct bundle before;
    struct map declared; /* after the change by all that its lists lead to */
};

struct handover {
    struct run *run;
    VEC(struct hand) hands;
    struct map added; /* "type/name" -> event */
};

static bool is_list(const struct dialect *dialect) {
    return dialect && dialect->record && dialect_property(dialect, "lists_files").size;
}

static void add_hand(struct handover *handover, struct slice folder, struct slice lists) {
    const struct unit_sources *sources = &handover->run->sources;
    struct hand hand;
    struct bundle after;
    struct bundle_names names = {.list = {0}};
    if (!bundle_open(sources, true, folder, lists, &hand.before) ||
        !bundle_open(sources, false, folder, lists, &after))
        return;
    map_init(&hand.declared, sources->arena);
    bundle_declared(sources, false, &after, &names);
    for (uint32_t i = 0; i < names.list.count; i++)
        map_set(&hand.declared, names.list.items[i], 1);
    vec_push(sources->arena, &handover->hands, hand);
}

static void collect_hands(struct handover *handover) {
    const struct unit_sources *sources = &handover->run->sources;
    for (uint32_t i = 0; i < sources->change->pairs.count; i++) {
        const struct pair *pair = &sources->change->pairs.items[i];
        const struct dialect *dialect = pair_dialect(sources, pair, true);
        if (pair->status != PAIR_MODIFIED || !is_list(dialect))
            continue;
        if (handover->hands.count == HANDOVER_LISTS) {
            handover->hands.count = 0;
            return;
        }
        add_hand(handover, path_directory(pair->path), dialect_property(dialect, "lists"));
    }
}

static bool is_resource(const struct placed *placed) {
    const struct entity *entity = placed->entity;
    return entity && entity->dialect && entity->dialect->record && entity->type.size &&
           (entity->dialect->unit == UNIT_CHANGE
                ? slice_is(entity->kind, "resource")
                : dialect_property(entity->dialect, "includes").size > 0);
}

/* Everyone who brought it still brings one of that name. */
static bool is_handed_over(const struct handover *handover, const struct event *event,
                           struct slice name) {
    bool any = false;
    for (uint32_t i = 0; i < handover->hands.count; i++) {
        const struct hand *hand = &handover->hands.items[i];
        if (!bundle_holds(&hand->before, event->before.path))
            continue;
        if (map_get(&hand->declared, name) == MAP_ABSENT)
            return false;
        any = true;
    }
    return any;
}

static struct slice includes_of(const struct dialect *dialect) {
    return dialect && dialect->record ? dialect_property(dialect, "includes") : SLICE_NONE;
}

struct include_search {
    struct arena *arena;
    struct slice folder, wanted;
    bool found;
};

static bool is_wanted(const struct value *value, void *context) {
    struct include_search *search = context;
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++)
        is_wanted(value->items[i].value, context);
    struct slice text = value_literal(value);
    if (text.size && slice_equal(path_join(search->arena, search->folder, text), search->wanted))
        search->found = true;
    return !search->found;
}

/* Does the file name the other one among what it includes (dialect property `includes`, KIND=PATH)?
 */
static bool includes(struct handover *handover, const struct placed *placed, struct slice wanted) {
    struct slice property = includes_of(placed->entity->dialect);
    size_t equals = slice_find_byte(property, '=');
    struct include_search search = {handover->run->arena, path_directory(placed->path), wanted,
                                    false};
    for (uint32_t i = 0; equals != SLICE_NPOS && i < placed->list->count; i++) {
        const struct entity *entity = &placed->list->items[i];
        if (slice_equal(entity->kind, slice_sub(property, 0, equals)))
            value_each(entity->body, slice_from(property, equals + 1), is_wanted, &search);
    }
    return search.found;
}

/* The list of all that stands in the file after the change. */
static const struct entity_list *list_after(struct handover *handover,
                                            const struct placed *placed) {
    const struct tree *tree = &handover->run->sources.change->after;
    struct slice bytes;
    return tree->read(tree->self, placed->path, &bytes) == TREE_PRESENT
               ? entity_read(handover->run->reader, placed->entity->dialect, bytes)
               : NULL;
}

/* It went into a file that its own includes now, or came out of one that it was included by. */
static bool is_included(struct handover *handover, const struct placed *before,
                        const struct placed *after) {
    struct placed now = *before;
    now.list = list_after(handover, before);
    return (now.list && includes(handover, &now, after->path)) ||
           includes(handover, after, before->path);
}

static void compare(struct handover *handover, const struct placed *before,
                    const struct placed *after) {
    struct run *run = handover->run;
    struct emit emit = {.arena = run->arena,
                        .knowledge = run->sources.knowledge,
                        .events = run->events,
                        .predicates = &run->predicates};
    struct match_item a = {.placed = before, .identity = before->entity->name};
    struct match_item b = {.placed = after, .identity = after->entity->name, .how = MATCH_SAME};
    emit_pair(&emit, &a, &b);
}

static struct slice key_of(struct arena *arena, const struct placed *placed) {
    return ARENA_CONCAT(arena, placed->path, SLICE(":"), bundle_name(arena, placed->entity));
}

static void hand_over(struct handover *handover, uint32_t at, struct map *gone) {
    struct arena *arena = handover->run->arena;
    const struct event *event = &handover->run->events->list.items[at];
    struct slice name = bundle_name(arena, event->before.entity);
    uint32_t added = map_get(&handover->added, name);
    bool file = event->before.entity->dialect->unit == UNIT_FILE;
    if (file ? added == MAP_ABSENT || !is_included(handover, &event->before,
                                                   &handover->run->events->list.items[added].after)
             : !is_handed_over(handover, event, name))
        return;
    map_set(gone, key_of(arena, &event->before), 1);
    if (added == MAP_ABSENT)
        return;
    map_set(gone, key_of(arena, &handover->run->events->list.items[added].after), 1);
    struct placed *sides = ARENA_ARRAY(arena, struct placed, UNIT_SIDES);
    sides[UNIT_BEFORE] = event->before;
    sides[UNIT_AFTER] = handover->run->events->list.items[added].after;
    compare(handover, &sides[UNIT_BEFORE], &sides[UNIT_AFTER]);
}

static void drop(struct handover *handover, const struct map *gone) {
    struct events *events = handover->run->events;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < events->list.count; i++) {
        const struct event *event = &events->list.items[i];
        bool lost = event->effect == EFFECT_REMOVED || event->effect == EFFECT_ADDED;
        const struct placed *side = event_side(event);
        if (lost && is_resource(side) &&
            map_get(gone, key_of(handover->run->arena, side)) != MAP_ABSENT)
            continue;
        events->list.items[kept++] = *event;
    }
    events->list.count = kept;
}

void handover_events(struct run *run) {
    struct handover handover = {.run = run};
    struct map gone;
    map_init(&gone, run->arena);
    map_init(&handover.added, run->arena);
    uint32_t count = run->events->list.count, removed = 0;
    for (uint32_t i = 0; i < count; i++) {
        const struct event *event = &run->events->list.items[i];
        removed += event->effect == EFFECT_REMOVED && is_resource(&event->before);
        if (event->effect == EFFECT_ADDED && is_resource(&event->after))
            map_set(&handover.added, bundle_name(run->arena, event->after.entity), i);
    }
    if (!removed)
        return;
    collect_hands(&handover);
    for (uint32_t i = 0; i < count; i++)
        if (run->events->list.items[i].effect == EFFECT_REMOVED &&
            is_resource(&run->events->list.items[i].before))
            hand_over(&handover, i, &gone);
    if (gone.count)
        drop(&handover, &gone);
}
