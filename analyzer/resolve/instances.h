/*
 * instances: the objects a block stands for (count, for_each), by the suffix of their address, and
 * what each of them is made of.
 */
#ifndef BERM_RESOLVE_INSTANCES_H
#define BERM_RESOLVE_INSTANCES_H

#include "resolve/resolve.h"

enum instances_kind {
    INSTANCES_ONE,     /* neither count nor for_each */
    INSTANCES_COUNT,   /* `count` of them */
    INSTANCES_KEYS,    /* one per key */
    INSTANCES_UNKNOWN, /* cannot be told; `keyed` says for_each */
};

struct instances {
    enum instances_kind kind;
    bool keyed, resolved; /* resolved: the number came through names */
    uint32_t count;       /* 1 for INSTANCES_ONE */
    struct slice *keys;   /* of INSTANCES_KEYS, in the arena */
    const struct value **values;
    struct map by_key;
};

enum {
    INSTANCES_MAX = 256, /* of so many at most each is looked at */
    INSTANCE_NONE = UINT32_MAX,
};

struct instances instances_of(struct arena *arena, const struct value *body);

/* "", "[2]" or "[\"a\"]" */
struct slice instance_suffix(struct arena *arena, const struct instances *instances, uint32_t at);
/* INSTANCE_NONE if there is none of that suffix. A plain object and the first of a counted one are
 * the same object. */
uint32_t instance_find(const struct instances *instances, struct slice suffix);

/* Does the body say something that differs from instance to instance? */
bool instances_differ(const struct value *body);
/* The resolved body of a block with `count` or `each` of one instance in its place. */
const struct value *instance_body(struct resolve_scope *scope, const struct instances *instances,
                                  uint32_t at, const struct value *body);

#endif
