/*
 * glob: the patterns of languages.yaml. `*` matches any text without '/', `**` any text, a leading
 * "**" + "/" also nothing, `?` one byte but '/'. Everything else is literal. Case-sensitive.
 */
#ifndef BERM_LANGUAGE_GLOB_H
#define BERM_LANGUAGE_GLOB_H

#include "base/slice.h"

/* Cost: pattern length times text length at worst (one point of return per kind of star). */
bool glob_match(struct slice pattern, struct slice text);

#endif
