/*
 * path: '/'-separated paths inside a repository. Pure text: nothing here touches the disk.
 */
#ifndef BERM_BASE_PATH_H
#define BERM_BASE_PATH_H

#include "base/arena.h"

/* Cuts "." and empty components and resolves ".."; "" is the root. SLICE_NONE if the path leaves
 * the root ("a/../../x") or holds NUL. A leading '/' is dropped. Copies only if needed. */
struct slice path_normalise(struct arena *arena, struct slice path);
/* directory + '/' + name, normalised; SLICE_NONE if it leaves the root. */
struct slice path_join(struct arena *arena, struct slice directory, struct slice name);

struct slice path_directory(struct slice path); /* "" for a file in the root */
struct slice path_base(struct slice path);      /* the last component */
/* Is `path` the directory itself or below it? Everything is below "". */
bool path_is_below(struct slice path, struct slice directory);

#endif
