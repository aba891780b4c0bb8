/*
 * guard: under which conditions a template puts out what stands at a place in it, and whether they
 * hold for given values. Conditions are those of Go templates: values ("root" is what stands in
 * front of their paths), texts, not, and, or, eq, ne, empty, default and parentheses; anything else
 * is not known.
 */
#ifndef BERM_DELTA_GUARD_H
#define BERM_DELTA_GUARD_H

#include "fact/value.h"

enum { GUARD_NESTING = 32 };

enum guard_truth { GUARD_UNKNOWN, GUARD_NO, GUARD_YES };

struct guard_values {
    const struct value *given, *defaults; /* either may be NULL; the first goes first */
    struct slice root;                    /* ".Values." */
};

/* Do all conditions hold that stand around the offset? The first that does not is *why. YES if
 * there are none. */
enum guard_truth guard_holds(struct slice text, size_t offset, const struct guard_values *values,
                             struct slice *why);
/* The value at a path of keys; NULL if it is not set. */
const struct value *guard_value(const struct guard_values *values, struct slice path);
/* Neither nothing, nor false, nor zero, nor empty. */
bool guard_is_true(const struct value *value);

#endif
