/*
 * file: reading a configuration file as a whole.
 */
#ifndef BERM_BASE_FILE_H
#define BERM_BASE_FILE_H

#include "base/arena.h"

enum { FILE_BYTES_MAX = 64 << 20 };

/* False if there is no such file; anything else that goes wrong raises BERM_ERROR_IO. */
bool file_read(struct arena *arena, const char *path, struct slice *content);

#endif
