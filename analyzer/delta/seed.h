/*
 * seed: a thing of which attributes are not what they were, and whether what refers to it reads
 * something new. Private to cascade.c.
 */
#ifndef BERM_DELTA_SEED_H
#define BERM_DELTA_SEED_H

#include "delta/cascade.h"

/* A thing whose attributes are not what they were. */
struct seed {
    struct slice name; /* its whole address */
    struct cascade_unit *unit;
    struct slice start; /* what speaks of it there: its address, an argument, an output */
    const struct dialect *dialect;
    const struct value *is; /* body */
    const struct attribute_change *changes;
    uint32_t change_count;
    enum confidence confidence;
    uint32_t root;  /* event whose cascade its dependants join; ENTITY_NONE = not replaced */
    bool read_only; /* a data source: it is asked again */
};

/* How sure a value reads something new of the seed; CONFIDENCE_UNKNOWN: it does not. Lists are gone
 * through, in the second form maps as well. */
enum confidence seed_reads(const struct seed *seed, const struct value *value);
enum confidence seed_reads_deep(const struct seed *seed, const struct value *value);

/* The change by which there are more or fewer instances of it, or NULL. */
const struct attribute_change *seed_counts(const struct seed *seed);
/* a[*].id while there are so many of a; NULL where that is not known. */
const struct value *seed_elements(struct arena *arena, const struct seed *seed,
                                  const struct value *value, const struct value *count);

#endif
