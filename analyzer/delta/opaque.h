/*
 * opaque: what there is to tell of files without looking into them: their own events (file.h), and
 * everything that could not be understood.
 */
#ifndef BERM_DELTA_OPAQUE_H
#define BERM_DELTA_OPAQUE_H

#include "delta/unit.h"

struct opaque {
    const struct unit_sources *sources;
    struct events *events;
};

/* Events of kind "file" for every pair of the change, and the change's own notes. */
void opaque_compare(struct opaque *opaque);

/* A not-understood event. `line` is in the file, 0 = the whole file. */
struct opaque_note {
    struct slice path, type, reason, unit, file;
    uint32_t line;
    bool before;
};
void opaque_note(struct opaque *opaque, const struct opaque_note *note);

#endif
