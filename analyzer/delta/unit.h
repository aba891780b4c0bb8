/*
 * unit: the files of a change grouped by what is compared as one: a file, a directory, or all
 * manifests of the change (DESIGN.md section 2, "Units of comparison").
 */
#ifndef BERM_DELTA_UNIT_H
#define BERM_DELTA_UNIT_H

#include "base/map.h"
#include "delta/event.h"

enum { UNIT_BEFORE, UNIT_AFTER, UNIT_SIDES };

struct unit_file {
    struct slice path;
    struct slice known_as; /* its path on the after side */
    struct slice bytes;
    struct slice group; /* things are never matched across groups */
    const struct dialect *dialect;
    bool neighbour; /* not part of the change: the same on both sides */
    enum path_class path_class;
    enum environment environment;
};

struct unit {
    enum unit_kind kind;
    struct slice name; /* directory, path of the file, or "" */
    bool fragments;    /* only hunks of some file are known */
    struct {
        VEC(struct unit_file) files;
    } sides[UNIT_SIDES];
};

struct units {
    VEC(struct unit) list; /* in order of the first file */
};

struct unit_sources {
    struct arena *arena;
    const struct knowledge *knowledge;
    const struct dialects *dialects;
    const struct change *change;
    struct reader *reader;                         /* remembers what paths say */
    const struct dialect *(*dialects_of_pairs)[2]; /* by pair: UNIT_BEFORE, UNIT_AFTER */
};

/* Finds the dialects of all pairs: each is asked for several times. */
void unit_detect(struct unit_sources *sources);

void units_collect(const struct unit_sources *sources, struct units *units);

/* Adds the files of a directory unit that the change does not touch, to both sides. */
void unit_add_neighbours(const struct unit_sources *sources, struct unit *unit);

/* All files of a directory on one side, changed or not; what cannot be listed adds none. */
void unit_load(const struct unit_sources *sources, struct unit *unit, uint32_t side,
               struct slice directory);
/* Is it a file that stands before another one of its name (dialect property `shadows`,
 * "tofu=tf": x.tofu is read instead of x.tf)? */
bool unit_is_shadowing(const struct dialect *dialect, struct slice name);
/* Drops the files that others stand before. */
void unit_drop_shadowed(struct unit *unit);

/* The dialect of one side of a pair; NULL if there is no text or no known dialect. */
const struct dialect *pair_dialect(const struct unit_sources *sources, const struct pair *pair,
                                   bool before);

/*
 * The folder that is delivered as one: the nearest directory above the file that holds one of the
 * names in the dialect's property `roots` (comma separated), that is named after an environment, or
 * that lies in a folder of such (places.yaml, `collections`); "" if there is none.
 */
struct slice unit_root(const struct unit_sources *sources, const struct dialect *dialect,
                       struct slice path, bool before);

#endif
