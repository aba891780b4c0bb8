/*
 * inclusion: which texts and sets hold which others. Private to fact/. Values are lists, or single
 * values taken as lists of one.
 */
#ifndef BERM_FACT_INCLUSION_H
#define BERM_FACT_INCLUSION_H

#include "fact/value.h"

enum { INCLUSION_PAIRS = 1000000 }; /* more comparisons than that: "does not hold" */

/* Does `whole` hold all that `part` means? True only if it certainly does; see also glob_includes.
 */
typedef bool text_includes(struct slice whole, struct slice part);

/* Everything that begins with `whole`. */
bool prefix_includes(struct slice whole, struct slice part);
/* A path holds itself and what is below it; components may hold wildcards; "/" holds everything. */
bool path_includes(struct slice whole, struct slice part);

/* Every text of `part` is held by one of `whole`. */
bool texts_hold(const struct value *whole, const struct value *part, text_includes *includes);
/* Every element that is no text (a reference, an unknown) stands on the other side, too. */
bool texts_are_known(const struct value *value, const struct value *other);
/* Every element of `part` is one of `whole`. n log n. */
bool set_holds(struct arena *arena, const struct value *whole, const struct value *part);

#endif
