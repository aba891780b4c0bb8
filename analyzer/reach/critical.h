/*
 * critical: systems of which a policy says that they matter more, by path.
 */
#ifndef BERM_REACH_CRITICAL_H
#define BERM_REACH_CRITICAL_H

#include "fact/vocabulary.h"

struct critical_system {
    struct slice name;
    struct slice *paths; /* patterns of glob_match_path */
    uint32_t path_count;
    enum tier floor; /* of every change that touches it */
};

struct critical_systems {
    struct critical_system *items;
    uint32_t count;
};

bool critical_covers(const struct critical_system *system, struct slice path);
/* The system with the highest floor that covers the path (the first of equals), or NULL. */
const struct critical_system *critical_find(const struct critical_systems *systems,
                                            struct slice path);

#endif
