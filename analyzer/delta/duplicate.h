/*
 * duplicate: an added object that takes the name of one that is there already. Where names are
 * exclusive (the dialect's property `exclusive`: types, comma separated), the controller makes one
 * thing of both: what belonged to the earlier one is exchanged. Looked for in the same change and
 * in the unchanged files of the directory; cost: those that hold the name are read.
 */
#ifndef BERM_DELTA_DUPLICATE_H
#define BERM_DELTA_DUPLICATE_H

#include "delta/emit.h"
#include "delta/unit.h"

/* After match_items; emits `replaced` with the reason "duplicate_identity". */
void duplicate_events(struct emit *emit, const struct unit_sources *sources, struct reader *reader,
                      const struct match_side *after);

#endif
