/*
 * memory: the only callers of malloc, realloc and free in the library, so that a test can fail
 * every n-th allocation. In builds with BERM_FAULT_INJECTION the counter is per thread.
 */
#ifndef BERM_BASE_MEMORY_H
#define BERM_BASE_MEMORY_H

#include <stddef.h>

void *memory_alloc(size_t size); /* NULL when out of memory */
void *memory_realloc(void *old, size_t size);
void memory_free(void *pointer);

#ifdef BERM_FAULT_INJECTION
/* Fails the n-th allocation from now on (1 = the next one); 0 switches it off. */
void memory_fail_after(unsigned long n);
/* Allocations made by this thread since memory_fail_after was called. */
unsigned long memory_count(void);
/* Blocks this thread took minus blocks it gave back, over all its life: equal before and after
 * something that must not leak. */
long memory_live(void);
#endif

#endif
