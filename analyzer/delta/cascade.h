/*
 * cascade: what else an edit replaces, because a forced attribute of it reads something that the
 * edit makes new: an attribute that is only known after a replaced resource is created again, or
 * one that the edit changes. Followed transitively, through locals and through what is only read.
 *
 * A dependant of a replaced resource stands in the cascade of the event it comes from and is no
 * event of its own, unless it holds data or that event is surer than it is. Circles end, as nothing
 * falls twice. It goes into modules through their arguments, and out of them through their outputs.
 * Cost: one pass over the bytes of the unit, then only blocks that name what falls are read.
 */
#ifndef BERM_DELTA_CASCADE_H
#define BERM_DELTA_CASCADE_H

#include "delta/emit.h"
#include "delta/mention.h"

struct cascade_block {
    struct slice bytes;
    uint64_t dots; /* see block_dots() */ /* of the after side */
    bool neighbour;                       /* in a file that the change does not touch */
    bool read;
    VEC(const struct placed *) items; /* once read */
};

/* A directory, or a module as it is called from one. */
struct cascade_unit {
    struct emit *emit;
    uint32_t first; /* event of this unit */
    const struct resolve_scope *names;
    struct cascade_block *blocks;
    uint32_t count;
    void (*read)(void *context, uint32_t block);
    /* The module behind a call; where this one is called from, and as what ("module.db"). NULL
     * where that is not known. */
    struct cascade_unit *(*enter)(void *context, const struct placed *call);
    struct cascade_unit *(*leave)(void *context, struct slice *name);
    void *context;
    struct slice prefix; /* of its addresses */
    bool indexed;
    struct mentions mentions;
};

/* Can what happened in the unit reach files that the change does not touch? */
bool cascade_goes_far(const struct emit *emit, uint32_t first);
bool cascade_is_possible(const struct emit *emit, uint32_t first);

void cascade_events(struct cascade_unit *unit);

/* The same for a unit that is one file in which things go by their bare names (cascade_template.c);
 * both sides after match_items. What falls and holds something is an event of its own too. */
void cascade_template(struct emit *emit, uint32_t first, const struct match_side *before,
                      const struct match_side *after);

#endif
