#include "base/vec.h"

void *vec_grow(struct arena *arena, void *items, size_t size, uint32_t count, uint32_t *capacity,
               uint32_t wanted) {
    if (wanted <= *capacity)
        return items;
    uint32_t larger = *capacity ? *capacity : 4;
    while (larger < wanted) {
        if (larger > UINT32_MAX / 2)
            arena_out_of_memory(arena);
        larger *= 2;
    }
    if (larger > SIZE_MAX / 2 / size)
        arena_out_of_memory(arena);
    void *grown = arena_take(arena, size * larger);
    if (count)
        memcpy(grown, items, size * count);
    *capacity = larger;
    return grown;
}
