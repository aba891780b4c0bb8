/*
 * Included in front of every external scanner. Some take their memory from malloc, not from the
 * runtime's allocator; ours never calls a parser's destructor, because what it owns goes with the
 * memory of the parse (analyzer/syntax/memory.h), so that memory would be lost.
 */
#ifndef BERM_SCANNER_ALLOC_H
#define BERM_SCANNER_ALLOC_H

#include <stdlib.h>

#include "tree_sitter/alloc.h"

#define malloc(size) ts_malloc(size)
#define calloc(count, size) ts_calloc(count, size)
#define realloc(block, size) ts_realloc(block, size)
#define free(block) ts_free(block)

#endif
