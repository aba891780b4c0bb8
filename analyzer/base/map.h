/*
 * map: from text to a 32-bit number (mostly an index into a vec). Open addressing, in an arena.
 * Never iterate over one for output: iterate over the vec it indexes, so that no hash order shows.
 * Keys are borrowed. Lookup and insertion: one hash (XXH3) and on average under two probes.
 */
#ifndef BERM_BASE_MAP_H
#define BERM_BASE_MAP_H

#include "base/arena.h"

struct map_slot;

struct map {
    struct arena *arena;
    struct map_slot *slots;
    uint32_t count, capacity;
};

#define MAP_ABSENT UINT32_MAX

void map_init(struct map *map, struct arena *arena);
uint32_t map_get(const struct map *map, struct slice key); /* MAP_ABSENT if there is none */
void map_set(struct map *map, struct slice key, uint32_t value);
/* Sets only if absent; returns the value that is there afterwards. */
uint32_t map_set_default(struct map *map, struct slice key, uint32_t value);

#endif
