/*
 * submodule: the commit a submodule's checkout stands at, read without git: running git inside a
 * submodule would mean a second repository's configuration.
 */
#ifndef BERM_SOURCE_SUBMODULE_H
#define BERM_SOURCE_SUBMODULE_H

#include "source/change.h"

/* TREE_ABSENT: not checked out. TREE_UNKNOWN: `reason` says why. */
enum presence submodule_head(struct arena *arena, int directory, struct slice path,
                             struct slice *id, struct slice *reason);

#endif
