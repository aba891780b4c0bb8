/*
 * lfs: large files that git keeps as a short pointer while the work tree holds the content.
 */
#ifndef BERM_SOURCE_LFS_H
#define BERM_SOURCE_LFS_H

#include "base/arena.h"

/* Is `pointer` a pointer to exactly what the file holds? Reads the file only if the sizes agree. */
bool lfs_holds(struct arena *arena, struct slice pointer, int directory, struct slice path);

#endif
