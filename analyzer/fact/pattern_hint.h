/*
 * pattern_hint: what a text must hold for a pattern to match, so that most patterns need not be
 * run.
 *
 * A mask has a bit for each two neighbouring bytes of a text, letters without their case. A pattern
 * has the masks of literals of which every match holds one: a text that lacks a bit of each of them
 * cannot match. The other way round nothing is said.
 */
#ifndef BERM_FACT_PATTERN_HINT_H
#define BERM_FACT_PATTERN_HINT_H

#include "base/arena.h"

/* As it lies in the image, where predicates are compiled: reviews make none. */
struct pattern_hint {
    const uint32_t *halves; /* of the masks, the low one first */
    uint32_t count;         /* of halves; 0: nothing is known */
};

/* The pattern compiles; halves in the arena. What is not understood of it gives no hint. */
struct pattern_hint pattern_hint_make(struct arena *arena, struct slice pattern);

/* Of a text that is too long for masks to say anything: all bits. */
uint64_t text_mask(struct slice text);

static inline bool hint_excludes(const struct pattern_hint *hint, uint64_t mask) {
    uint32_t low = ~(uint32_t)mask, high = ~(uint32_t)(mask >> 32);
    for (uint32_t i = 0; i + 1 < hint->count; i += 2)
        if (!(hint->halves[i] & low) && !(hint->halves[i + 1] & high))
            return false;
    return hint->count > 0;
}

#endif
