/*
 * directory: which files a directory of our own data holds.
 */
#ifndef BERM_BASE_DIRECTORY_H
#define BERM_BASE_DIRECTORY_H

#include "base/arena.h"

enum { DIRECTORY_DEPTH = 16, DIRECTORY_FILES = 100000 };

/*
 * Paths of the regular files below a directory, relative to it, sorted by bytes. Names that begin
 * with '.' and folders named node_modules are left out; symbolic links to folders are not followed.
 * False if there is no such directory; deeper or larger trees and read errors raise BERM_ERROR_IO.
 */
bool directory_files(struct arena *arena, const char *path, struct slice **files, uint32_t *count);

#endif
