/*
 * value_set: values to look others up in, by meaning (value_equal). Built once, n log n; a lookup
 * costs one hash and a binary search.
 */
#ifndef BERM_FACT_VALUE_SET_H
#define BERM_FACT_VALUE_SET_H

#include "fact/value.h"

struct value_set {
    struct value_set_item *items; /* sorted by hash */
    uint32_t count;
};

/* The values are borrowed. */
struct value_set value_set_make(struct arena *arena, const struct value *const *values,
                                uint32_t count);
bool value_set_has(const struct value_set *set, const struct value *value);

#endif
