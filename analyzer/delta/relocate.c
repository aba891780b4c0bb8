#include "delta/relocate.h"

#include "delta/emit.h"

static bool stands_in_directory(const struct placed *placed) {
    const struct entity *entity = placed->entity;
    return entity->dialect && entity->dialect->record && entity->dialect->unit == UNIT_DIRECTORY &&
           (slice_is(entity->kind, "resource") || slice_is(entity->kind, "module"));
}

/* Index of the added event of that name by order of the list; chained by `next`. */
struct additions {
    struct map heads;
    uint32_t *next;
};

static void collect(struct arena *arena, const struct events *events, struct additions *additions) {
    map_init(&additions->heads, arena);
    additions->next = ARENA_ARRAY(arena, uint32_t, events->list.count);
    for (uint32_t i = events->list.count; i-- > 0;) {
        const struct event *event = &events->list.items[i];
        if (event->effect != EFFECT_ADDED || !stands_in_directory(&event->after))
            continue;
        additions->next[i] = map_get(&additions->heads, event->after.name);
        map_set(&additions->heads, event->after.name, i);
    }
}

static bool is_twin(struct arena *arena, const struct placed *gone, const struct placed *here) {
    struct comparison with = emit_comparison(arena, here->entity->dialect);
    return slice_equal(gone->entity->kind, here->entity->kind) &&
           !slice_equal(gone->unit, here->unit) &&
           compare_similarity(&with, here->entity->type, gone->body, here->body) >=
               MATCH_SIMILARITY;
}

static bool moves_into_module(const struct event *removed) {
    return slice_equal(removed->reason, SLICE(REASON_MOVED_INTO_MODULE));
}

static bool is_relocated(struct arena *arena, const struct events *events,
                         const struct additions *additions, const struct event *removed) {
    bool anywhere = moves_into_module(removed);
    uint32_t at = map_get(&additions->heads, removed->before.name);
    for (uint32_t i = 0; at != MAP_ABSENT && i < 8; i++, at = additions->next[at]) {
        const struct placed *here = &events->list.items[at].after;
        if ((anywhere || here->environment == removed->before.environment) &&
            is_twin(arena, &removed->before, here))
            return true;
    }
    return false;
}

static bool may_be_relocated(const struct event *event) {
    return event->effect == EFFECT_REMOVED && event->confidence > CONFIDENCE_POSSIBLE &&
           stands_in_directory(&event->before);
}

void relocate_events(struct arena *arena, struct events *events) {
    struct additions additions = {.next = NULL};
    uint32_t kept = 0;
    collect(arena, events, &additions);
    for (uint32_t i = 0; additions.heads.count && i < events->list.count; i++) {
        struct event *event = &events->list.items[i];
        if (!may_be_relocated(event) || !is_relocated(arena, events, &additions, event))
            continue;
        event->confidence = CONFIDENCE_POSSIBLE;
        if (!moves_into_module(event))
            event->reason = SLICE("delete_because_moved_to_directory");
    }
    for (uint32_t i = 0; i < events->list.count; i++) {
        const struct event *event = &events->list.items[i];
        if (!moves_into_module(event) || event->confidence > CONFIDENCE_POSSIBLE)
            events->list.items[kept++] = *event;
    }
    events->list.count = kept;
}
