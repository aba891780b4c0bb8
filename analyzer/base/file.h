/*
 * file: reading a file as a whole.
 */
#ifndef BERM_BASE_FILE_H
#define BERM_BASE_FILE_H

#include "base/arena.h"

#include <sys/types.h>

enum { FILE_BYTES_MAX = 64 << 20 };

/* False if there is no such file; anything else that goes wrong raises BERM_ERROR_IO. */
bool file_read(struct arena *arena, const char *path, struct slice *content);

/* Reads until `size` bytes or the end of the file; the number read, or -1 with errno. */
ssize_t file_read_all(int descriptor, char *data, size_t size);

#endif
