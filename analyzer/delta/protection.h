/*
 * protection: does an edit take a protection away? Reads rows of protective_attributes:
 * `safe` and `dangerous` are alternatives separated by '|', each a literal or a word: removed,
 * lowered, absent, present, added. An attribute that is not set has the row's default.
 */
#ifndef BERM_DELTA_PROTECTION_H
#define BERM_DELTA_PROTECTION_H

#include "delta/event.h"

struct protection_search {
    const struct knowledge *knowledge;
    const struct value *before, *after; /* bodies */
    const struct attribute_change *change;
    bool weakened;
    enum confidence found; /* the surest row */
};

/* `key`: system and type; rows for every type ("*") are asked as well. */
void protection_search(struct protection_search *search, const struct slice *key);

#endif
