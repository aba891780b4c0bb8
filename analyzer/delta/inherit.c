#include "delta/inherit.h"

static const struct entity *entity_around(const struct placed *placed,
                                          const struct entity *entity) {
    return placed->list && entity->scope != ENTITY_NONE ? &placed->list->items[entity->scope]
                                                        : NULL;
}

/* The map, and what `around` has beside it. */
static const struct value *merged(struct arena *arena, const struct value *map,
                                  const struct value *around) {
    if (map->kind != VALUE_MAP || around->kind != VALUE_MAP)
        return map;
    struct value *both = ARENA_NEW(arena, struct value);
    *both = *map;
    both->items = ARENA_ARRAY(arena, struct value_item, map->count + around->count);
    memcpy(both->items, map->items, map->count * sizeof *map->items);
    for (uint32_t i = 0; i < around->count; i++)
        if (!value_get(map, around->items[i].key))
            both->items[both->count++] = around->items[i];
    return both;
}

static const struct value *in_force(struct arena *arena, const struct placed *placed,
                                    struct slice key, bool merges) {
    const struct value *found = value_get(placed->body, key);
    const struct entity *at = entity_around(placed, placed->entity);
    for (; at && (!found || merges); at = entity_around(placed, at)) {
        const struct value *around = value_get(at->body, key);
        if (around)
            found = found ? merged(arena, found, around) : around;
    }
    return found;
}

struct sides {
    struct arena *arena;
    const struct placed *here, *there;
    bool merges;
};

/* The body with what is in force for every key that only one side says; the body itself if nothing
 * is to be taken over. */
static const struct value *body_in_force(const struct sides *sides) {
    const struct value *own = sides->here->body, *other = sides->there->body;
    struct value *body = ARENA_NEW(sides->arena, struct value);
    *body = *own;
    body->items = ARENA_ARRAY(sides->arena, struct value_item, own->count + other->count + 1);
    if (own->count)
        memcpy(body->items, own->items, own->count * sizeof *own->items);
    for (uint32_t i = 0; i < other->count; i++) {
        struct value_item item = other->items[i];
        if (value_get(own, item.key))
            continue;
        item.value = in_force(sides->arena, sides->here, item.key, sides->merges);
        if (item.value)
            body->items[body->count++] = item;
    }
    for (uint32_t i = 0; sides->merges && i < own->count; i++)
        body->items[i].value = in_force(sides->arena, sides->here, own->items[i].key, true);
    return body;
}

void inherit_settings(struct arena *arena, struct placed *before, struct placed *after) {
    const struct dialect *dialect = after->entity->dialect;
    if (before->entity->scope == ENTITY_NONE || after->entity->scope == ENTITY_NONE ||
        before->body == after->body || !dialect || !dialect->record)
        return;
    struct slice types = dialect_property(dialect, "inherited");
    if (!types.size || !slice_list_has(types, after->entity->type) ||
        value_equal(before->body, after->body))
        return;
    bool merges = slice_is(dialect_property(dialect, "inherited_maps"), "merged");
    struct sides sides = {arena, before, after, merges};
    const struct value *was = body_in_force(&sides);
    sides.here = after;
    sides.there = before;
    after->body = body_in_force(&sides);
    before->body = was;
}
