/*
 * align: which element of one list corresponds to which of the other. Knows nothing of paths or
 * dialects; sameness and similarity are asked through callbacks.
 */
#ifndef BERM_DELTA_ALIGN_H
#define BERM_DELTA_ALIGN_H

#include "base/map.h"
#include "fact/value.h"

struct align {
    struct arena *arena;
    bool (*same)(void *context, const struct value *was, const struct value *is);
    uint32_t (*similarity)(void *context, const struct value *was, const struct value *is);
    void *context;
};

/* Called for every pair; one side is NULL for an element without counterpart. Equal elements are
 * not visited. */
typedef void align_visitor(void *context, const struct value *was, const struct value *is);

enum align_order { ALIGN_EQUAL, ALIGN_REORDERED, ALIGN_DIFFERENT };

/* ALIGN_REORDERED: the same elements, each as often, in another order. */
enum align_order align_order(const struct align *align, const struct value *was,
                             const struct value *is);
bool align_has_maps(const struct value *list); /* every element is a map, and there is one */
/* The attribute that names every element of both lists once; `wanted` or a customary one. */
struct slice align_find_key(const struct align *align, const struct value *was,
                            const struct value *is, struct slice wanted);
void align_by_key(const struct align *align, const struct value *was, const struct value *is,
                  struct slice key, align_visitor *visit, void *context);
void align_by_content(const struct align *align, const struct value *was, const struct value *is,
                      align_visitor *visit, void *context);

/* 64 bits that are equal for values that compare equal, whatever the shape of lists. */
uint64_t align_hash(const struct value *value);

/* Lookup of keys in a map; switches from scanning to hashing when the map is large. */
struct align_keys {
    const struct value *map;
    struct map index; /* used if hashed */
    bool hashed;
};
void align_keys_init(struct align_keys *keys, struct arena *arena, const struct value *map);
const struct value *align_keys_get(const struct align_keys *keys, struct slice key);
/* A later item of the map has the same key, so this one does not count. */
bool align_is_shadowed(const struct value *map, uint32_t index);

#endif
