/*
 * delivery: what the repository says of those who bring objects to where they run. For a dialect
 * with the property `deliveries` (a fact table: which types deliver which folder, whether they
 * delete what leaves it, and whether they force what is refused):
 *   an object that is removed from a folder whose delivery does not prune is orphaned; where there
 *     is a delivery, its body has the attributes delivery.name and delivery.prune;
 *   an edit that is refused is a replacement where the delivery, or the object itself (property
 *     `forced`), forces it;
 *   the cascade of what delivers, or holds others (property `holds`: TYPE=name for objects whose
 *     name begins with its own and a slash, TYPE=type for objects of the kind it defines), is what
 *     is known to go with it.
 * Deliveries are searched for once a change, in its files and in the tree of the before side, the
 * folders nearest to the root first and crowds of folders last, up to DELIVERY_FOLDERS and
 * DELIVERY_FILES.
 */
#ifndef BERM_DELTA_DELIVERY_H
#define BERM_DELTA_DELIVERY_H

#include "delta/unit.h"

enum {
    DELIVERY_FOLDERS = 512,
    DELIVERY_FILES = 256,
    DELIVERY_CROWD = 32,     /* folders in one folder */
    DELIVERY_CONTENTS = 200, /* objects that are named */
};

/* Before the events are sorted. */
void delivery_events(const struct unit_sources *sources, struct events *events);

#endif
