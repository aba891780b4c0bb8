/*
 * glob: shell-style patterns. `*` and `?` stop at '/', `**` crosses it, `[a-z]` and `[!a-z]` are
 * classes, a backslash takes the next character as it is. No regular expressions, no allocation.
 * Cost: at most pattern × text steps for each `**` in the pattern, two of which are remembered.
 */
#ifndef BERM_BASE_GLOB_H
#define BERM_BASE_GLOB_H

#include "base/slice.h"

/* The whole text must match. */
bool glob_match(struct slice pattern, struct slice text);
/*
 * For paths in policies: a pattern without '/' matches any component of the path ("prod", "*.tf"),
 * a pattern with one is anchored at the root, and whatever matches a folder covers all below it.
 * A leading '/' only anchors.
 */
bool glob_match_path(struct slice pattern, struct slice path);

#endif
