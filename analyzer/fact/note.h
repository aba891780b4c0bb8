/*
 * note: something that could not be read, decoded, parsed or decided. Never dropped: delta turns
 * each into a `not-understood` event, so that it is seen and can only raise the tier.
 */
#ifndef BERM_FACT_NOTE_H
#define BERM_FACT_NOTE_H

#include "base/vec.h"

struct note {
    struct slice path;   /* repository path of the file */
    uint32_t line;       /* 1-based, 0 = the whole file */
    bool before;         /* on the before side */
    struct slice reason; /* "nested 300 levels deep (limit 200)": what, with the figure */
    bool partial;        /* things that the file declares may have been overlooked */
};

struct notes {
    VEC(struct note) list;
};

#endif
