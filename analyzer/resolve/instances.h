/*
 * instances: how many objects a block stands for (count, for_each), and which of them a change
 * takes away.
 */
#ifndef BERM_RESOLVE_INSTANCES_H
#define BERM_RESOLVE_INSTANCES_H

#include "base/vec.h"
#include "fact/value.h"

enum instances_kind {
    INSTANCES_ONE,     /* neither count nor for_each */
    INSTANCES_COUNT,   /* `count` of them */
    INSTANCES_KEYS,    /* one per key */
    INSTANCES_UNKNOWN, /* cannot be told; `keyed` says for_each */
};

struct instances {
    enum instances_kind kind;
    bool keyed, resolved; /* resolved: the number came through names */
    uint32_t count;
    struct slice *keys; /* in the arena */
};

enum { INSTANCES_NAMED = 64 }; /* of so many at most each is named */

struct instances instances_of(struct arena *arena, const struct value *body);

struct instance_loss {
    VEC(struct slice) names; /* "[2]", "[\"a\"]", or "" for the object without index */
    uint32_t total;          /* names and those beyond INSTANCES_NAMED */
    bool certain;            /* false: through names, or a form that could not be told */
};

/* Instances of the before side without counterpart. A plain object and the first of a counted one
 * are the same object; between keys and anything else there is none unless it was moved. */
void instances_lost(struct arena *arena, const struct instances *before,
                    const struct instances *after, struct instance_loss *loss);

#endif
