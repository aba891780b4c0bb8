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
           gone->environment == here->environment && !slice_equal(gone->unit, here->unit) &&
           compare_similarity(&with, here->entity->type, gone->body, here->body) >=
               MATCH_SIMILARITY;
}

static bool is_relocated(struct arena *arena, const struct events *events,
                         const struct additions *additions, const struct event *removed) {
    uint32_t at = map_get(&additions->heads, removed->before.name);
    for (uint32_t i = 0; at != MAP_ABSENT && i < 8; i++, at = additions->next[at])
        if (is_twin(arena, &removed->before, &events->list.items[at].after))
            return true;
    return false;
}

void relocate_events(struct arena *arena, struct events *events) {
    struct additions additions = {.next = NULL};
    collect(arena, events, &additions);
    for (uint32_t i = 0; additions.heads.count && i < events->list.count; i++) {
        struct event *event = &events->list.items[i];
        if (event->effect != EFFECT_REMOVED || event->confidence <= CONFIDENCE_POSSIBLE ||
            !stands_in_directory(&event->before) || !is_relocated(arena, events, &additions, event))
            continue;
        event->confidence = CONFIDENCE_POSSIBLE;
        event->reason = SLICE("delete_because_moved_to_directory");
    }
}
