/*
 * listing: what a file no longer lists. Where a dialect has the property `lists_files` (attributes
 * that are lists of paths, comma separated), an entry that goes takes along what the file declares
 * that it named: removed, likely, although that file is still there. Not if another list of the
 * change gains it, nor for entries that are folders or addresses.
 * Where it has the property `holds_file` (TYPE=PATH of an attribute, "*" any type, comma
 * separated), what the file declares that a thing of such a type names falls with it: its cascade.
 */
#ifndef BERM_DELTA_LISTING_H
#define BERM_DELTA_LISTING_H

#include "delta/unit.h"

enum {
    LISTING_FILES = 64,     /* that are looked into */
    LISTING_CONTENTS = 200, /* things of a file that are named */
};

/* Before delivery_events. */
void listing_events(const struct unit_sources *sources, struct events *events);

#endif
