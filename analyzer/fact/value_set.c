#include "fact/value_set.h"

#include <stdlib.h>

struct value_set_item {
    uint64_t hash;
    const struct value *value;
};

static int compare_items(const void *a, const void *b) {
    const struct value_set_item *x = a, *y = b;
    return x->hash < y->hash ? -1 : x->hash > y->hash;
}

struct value_set value_set_make(struct arena *arena, const struct value *const *values,
                                uint32_t count) {
    struct value_set set = {ARENA_ARRAY(arena, struct value_set_item, count + 1), count};
    for (uint32_t i = 0; i < count; i++)
        set.items[i] = (struct value_set_item){value_hash(values[i]), values[i]};
    qsort(set.items, count, sizeof *set.items, compare_items);
    return set;
}

bool value_set_has(const struct value_set *set, const struct value *value) {
    uint64_t hash = value_hash(value);
    uint32_t low = 0, high = set->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (set->items[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < set->count && set->items[low].hash == hash; low++)
        if (value_equal(set->items[low].value, value))
            return true;
    return false;
}
