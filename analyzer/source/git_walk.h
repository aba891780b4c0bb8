/*
 * git_walk: the commits of a range where git itself gives up, because one of them is missing. Slow
 * (a round trip a commit), so only for damaged and partial repositories.
 */
#ifndef BERM_SOURCE_GIT_WALK_H
#define BERM_SOURCE_GIT_WALK_H

#include "source/git.h"

/*
 * What `tip` reaches and `excluded` (SLICE_NONE: nothing) does not, every parent before its
 * children, parents in the order of their commit. A commit that cannot be read is in the list,
 * and nothing behind it is.
 */
struct slice *git_walk(struct git *git, struct arena *arena, struct slice tip,
                       struct slice excluded, uint32_t *count);

#endif
