/*
 * selector: peers that are chosen by labels: {matchLabels: {..}, matchExpressions: [..]} or any map
 * of that form, in places (namespaces) that are chosen likewise. Fewer labels choose more.
 */
#ifndef BERM_FACT_SELECTOR_H
#define BERM_FACT_SELECTOR_H

#include "base/vec.h"
#include "fact/value.h"

struct selector {
    const struct value *home;  /* NULL: here */
    const struct value *among; /* NULL: all there */
};

struct selectors {
    struct selector *items;
    uint32_t count, capacity;
};

/* Does `whole` certainly choose all that `part` does? */
bool selector_holds(const struct selector *whole, const struct selector *part);
bool selectors_hold(const struct selectors *whole, const struct selector *part);
/* Everything, wherever it is. */
bool selector_is_all(const struct selector *selector);
struct slice selector_render(struct arena *arena, const struct selector *selector);

#endif
