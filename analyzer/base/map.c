#include "base/map.h"

#include "base/hash.h"

struct map_slot {
    struct slice key; /* data == NULL: free */
    uint64_t hash;
    uint32_t value;
};

void map_init(struct map *map, struct arena *arena) {
    *map = (struct map){.arena = arena};
}

static struct map_slot *map_slot_for(const struct map *map, struct slice key, uint64_t hash) {
    uint32_t at = (uint32_t)hash & (map->capacity - 1);
    for (;; at = (at + 1) & (map->capacity - 1)) {
        struct map_slot *slot = &map->slots[at];
        if (slice_is_none(slot->key) || (slot->hash == hash && slice_equal(slot->key, key)))
            return slot;
    }
}

static void map_grow(struct map *map) {
    struct map old = *map;
    if (old.capacity > UINT32_MAX / 4)
        arena_out_of_memory(map->arena);
    /* Made first: a map that outlives the failure to grow stays whole. */
    uint32_t capacity = old.capacity ? old.capacity * 2 : 16;
    map->slots = ARENA_ARRAY(map->arena, struct map_slot, capacity);
    map->capacity = capacity;
    for (uint32_t i = 0; i < old.capacity; i++)
        if (!slice_is_none(old.slots[i].key))
            *map_slot_for(map, old.slots[i].key, old.slots[i].hash) = old.slots[i];
}

uint32_t map_get(const struct map *map, struct slice key) {
    if (!map->count)
        return MAP_ABSENT;
    const struct map_slot *slot = map_slot_for(map, key, hash_bytes(key));
    return slice_is_none(slot->key) ? MAP_ABSENT : slot->value;
}

static uint32_t map_put(struct map *map, struct slice key, uint32_t value, bool replace) {
    if (slice_is_none(key))
        key = SLICE("");
    if (map->count * 4 >= map->capacity * 3)
        map_grow(map);
    uint64_t hash = hash_bytes(key);
    struct map_slot *slot = map_slot_for(map, key, hash);
    if (slice_is_none(slot->key)) {
        *slot = (struct map_slot){key, hash, value};
        map->count++;
    } else if (replace) {
        slot->value = value;
    }
    return slot->value;
}

void map_set(struct map *map, struct slice key, uint32_t value) {
    map_put(map, key, value, true);
}

uint32_t map_set_default(struct map *map, struct slice key, uint32_t value) {
    return map_put(map, key, value, false);
}
