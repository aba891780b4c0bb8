/*
 * address: sets of IP addresses. Private to fact/. v4 and v6 are apart: "0.0.0.0/0" does not hold
 * "::1". "*" is every address of both.
 */
#ifndef BERM_FACT_ADDRESS_H
#define BERM_FACT_ADDRESS_H

#include "base/vec.h"

struct address {
    uint32_t family; /* 4 or 6 */
    uint64_t high, low;
};

struct address_range {
    struct address from, to; /* inclusive */
};

struct address_set {
    VEC(struct address_range) ranges;
};

/* Adds "10.0.0.0/8", "::1", "*"; false if the text is no address. */
bool address_set_add(struct arena *arena, struct address_set *set, struct slice text);
/* Sorts and joins what touches; to be called once after the last one was added. */
void address_set_finish(struct address_set *set);
/* Is every address of `part` in `whole`? Linear; both finished. */
bool address_set_holds(const struct address_set *whole, const struct address_set *part);
/* What `a` has and `b` lacks; both finished, and so is what comes out. */
struct address_set address_set_difference(struct arena *arena, const struct address_set *a,
                                          const struct address_set *b);
/* Number of v4 addresses; false if there is a v6 one. */
bool address_set_count(const struct address_set *set, uint64_t *count);
/* The v4 ones among others. */
uint64_t address_set_count_v4(const struct address_set *set);

#endif
