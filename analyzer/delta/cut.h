/*
 * cut: the blocks of a unit, and which of them stand unchanged on the other side too. Only the
 * rest has to be parsed; on real histories that is a fifth of the bytes of HCL.
 */
#ifndef BERM_DELTA_CUT_H
#define BERM_DELTA_CUT_H

#include "delta/unit.h"

struct cut_block {
    struct block block;
    uint32_t file;                  /* index in unit->sides[side].files */
    uint32_t twin;                  /* equal block of the other side, ENTITY_NONE = none */
    bool wanted;                    /* to be read: has no twin, or somebody needs it */
    bool setting;                   /* resolve_is_setting(), once it was asked */
    const struct entity_list *list; /* once read */
};

struct cut_side {
    VEC(struct cut_block) blocks; /* in order of files and offsets */
};

struct cutter {
    struct arena *arena;
    struct reader *reader; /* remembers how a file was split */
};

/* Splits every file and pairs equal blocks: in the same file first, then within a group. */
void cut_unit(struct cutter *cutter, const struct unit *unit, struct cut_side *sides);

/* Appends the files from index from[side] on, which are the same on both sides. */
void cut_neighbours(struct cutter *cutter, const struct unit *unit, const uint32_t *from,
                    struct cut_side *sides);

#endif
