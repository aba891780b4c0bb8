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

/*
 * For texts that are no paths: `*` is any text, `?` any byte, everything else stands for itself.
 * Linear but for one retry at each star, at worst the product of the sizes.
 */
bool glob_match_text(struct slice pattern, struct slice text);
/*
 * Does `whole` match every text that `part`, a pattern of that kind too, matches? True only if it
 * certainly does. The second is for texts in which the case of ASCII letters does not count.
 */
bool glob_includes(struct slice whole, struct slice part);
bool glob_includes_nocase(struct slice whole, struct slice part);
/* Is there certainly no text that both match? Case does not count; by what stands in front of the
 * first and behind the last wildcard of each. */
bool glob_is_apart_nocase(struct slice a, struct slice b);

#endif
