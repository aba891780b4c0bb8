/*
 * protection: does an edit take a protection away? Reads rows of protective_attributes:
 * `safe` and `dangerous` are alternatives separated by '|', each a literal, a text with `*` in it
 * that stands for anything, `<90` for numbers below, or a word: removed, absent, present, added;
 * lowered, raised (of numbers and durations), limited (a number where `safe` says by 0 or -1 that
 * there was no limit); narrowed, widened (of lists as sets), prefix-narrowed (of lists of
 * prefixes). An attribute that is not set, or is empty, has the row's default. A `safe` of 0 or -1
 * beside `lowered` means that there is no limit: every other number is lower; beside `raised` it is
 * the highest number. A list is dangerous
 * as soon as one of its elements is.
 */
#ifndef BERM_DELTA_PROTECTION_H
#define BERM_DELTA_PROTECTION_H

#include "delta/event.h"

struct protection_search {
    const struct knowledge *knowledge;
    const struct value *before, *after; /* bodies */
    const struct attribute_change *change;
    struct arena *arena;
    bool weakened;
    enum confidence found; /* the surest row, the gravest of several */
    /* Of that row: */
    struct slice protects, grade, effect;
    struct slice path; /* of the attribute it names, which may lie inside of the change */
    const struct value *was, *is;
};

/* `key`: system and type; rows for every type ("*") are asked as well. */
void protection_search(struct protection_search *search, const struct slice *key);

#endif
