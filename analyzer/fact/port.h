/*
 * port: sets of port numbers as intervals: "22", "20-30", "*", "80,443". A number beyond 65535, or
 * a text that is none of these, is not understood.
 */
#ifndef BERM_FACT_PORT_H
#define BERM_FACT_PORT_H

#include "base/slice.h"
#include "base/vec.h"

enum { PORT_MAX = 65535 };

struct port_range {
    uint32_t from, to; /* inclusive */
};

/* Sorted and apart once finished. */
struct port_set {
    VEC(struct port_range) ranges;
};

bool port_set_add(struct arena *arena, struct port_set *set, struct slice text);
void port_set_add_range(struct arena *arena, struct port_set *set, uint32_t from, uint32_t to);
void port_set_finish(struct port_set *set);
bool port_set_holds(const struct port_set *whole, const struct port_set *part);
bool port_set_has(const struct port_set *set, uint32_t port);
/* Both finished; so is what comes out. */
struct port_set port_set_union(struct arena *arena, const struct port_set *a,
                               const struct port_set *b);
struct port_set port_set_intersection(struct arena *arena, const struct port_set *a,
                                      const struct port_set *b);
/* What `a` has and `b` lacks. */
struct port_set port_set_difference(struct arena *arena, const struct port_set *a,
                                    const struct port_set *b);
uint32_t port_set_count(const struct port_set *set);
/* "22, 80-90"; "all ports". */
struct slice port_set_render(struct arena *arena, const struct port_set *set);

#endif
