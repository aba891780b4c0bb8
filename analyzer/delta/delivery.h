/*
 * delivery: what the repository says of those who bring objects to where they run. For a dialect
 * with the property `deliveries` (a fact table: which types deliver which folder, whether they
 * delete what leaves it, and whether they force what is refused):
 *   an object that is removed from a folder whose delivery does not prune is orphaned; where there
 *     is a delivery, its body has the attributes delivery.name (of all where lists lead there from
 *     several) and delivery.deletes;
 *   an edit that is refused is a replacement where the delivery, or the object itself (property
 *     `forced`), forces it;
 *   the cascade of what delivers, or holds others (property `holds`: TYPE=name for objects whose
 *     name begins with its own and a slash, TYPE=PATH/PATH for objects of the type that stands at
 *     those paths of it), is what is known to go with it;
 *   what a template no longer makes is removed, kind "delivery", with what it delivered.
 * Deliveries are searched for once a change, in its files and in the tree of the before side, the
 * folders nearest to the root first and crowds of folders last, up to DELIVERY_FOLDERS and
 * DELIVERY_FILES (delivery_search.h).
 */
#ifndef BERM_DELTA_DELIVERY_H
#define BERM_DELTA_DELIVERY_H

#include "delta/unit.h"

/* Before the events are sorted. */
void delivery_events(const struct unit_sources *sources, struct events *events);

#endif
