/*
 * vec: a growing array in an arena. Old storage stays in the arena until it is released, which
 * costs at most as much again. Counts are 32 bits: inputs are capped far below.
 *
 *     VEC(struct event) events = {0};
 *     vec_push(arena, &events, ((struct event){...}));
 */
#ifndef BERM_BASE_VEC_H
#define BERM_BASE_VEC_H

#include "base/arena.h"

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *items;                                                                               \
        uint32_t count, capacity;                                                                  \
    }

#define vec_reserve(arena, vec, wanted)                                                            \
    ((vec)->items = vec_grow((arena), (vec)->items, sizeof *(vec)->items, (vec)->count,            \
                             &(vec)->capacity, (wanted)))

#define vec_push(arena, vec, item)                                                                 \
    (vec_reserve((arena), (vec), (vec)->count + 1), (vec)->items[(vec)->count++] = (item))

void *vec_grow(struct arena *arena, void *items, size_t size, uint32_t count, uint32_t *capacity,
               uint32_t wanted);

#endif
