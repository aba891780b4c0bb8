/*
 * compare: two values in, a list of attribute changes out. What does not change meaning makes no
 * change: key order, spelling of numbers and words, a scalar against a list of just that scalar,
 * the order of a list that is a set.
 *
 * How a list is compared is the dialect's business (list shape); the default is: maps are keyed by
 * the first of name, id, key, sid that every element of both sides has, once each; other maps are
 * aligned by content; scalars are a multiset and change as a whole.
 * Cost: linear in the values, plus at most COMPARE_ALIGN per list of maps without keys.
 */
#ifndef BERM_DELTA_COMPARE_H
#define BERM_DELTA_COMPARE_H

#include "delta/event.h"

enum {
    COMPARE_ALIGN = 4096, /* pairs of elements looked at; above it they are paired by order */
};

enum compare_list { COMPARE_LIST_DEFAULT, COMPARE_LIST_SET, COMPARE_LIST_ORDERED };

struct compare_shape {
    enum compare_list list;
    struct slice key; /* elements are told apart by this attribute; SLICE_NONE = find one */
};

/* The shape of the list at `path` (no brackets) of an entity of `type`. */
typedef struct compare_shape compare_shape_finder(void *context, struct slice type,
                                                  struct slice path);

struct comparison {
    struct arena *arena;
    compare_shape_finder *shape; /* NULL: the default everywhere */
    void *context;
    bool null_is_absent; /* HCL: an attribute set to null is not set */
};

struct attribute_changes {
    VEC(struct attribute_change) list;
};

/* Appends the changes between two bodies (either may be NULL), in the order of the before side,
 * then of the after side. */
void compare_values(const struct comparison *comparison, struct slice type, const struct value *was,
                    const struct value *is, struct attribute_changes *changes);

/* True if compare_values would find nothing; stops at the first difference. */
bool compare_same(const struct comparison *comparison, struct slice type, const struct value *was,
                  const struct value *is);

/* Share of equal attributes of two maps, in percent of the larger one; 0 for anything else. */
uint32_t compare_similarity(const struct comparison *comparison, struct slice type,
                            const struct value *was, const struct value *is);

/* A path without its [..] parts, as fact tables and list shapes are keyed. */
struct slice compare_plain_path(struct arena *arena, struct slice path);

#endif
