#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>

#ifdef BERM_FAULT_INJECTION
/* Test builds only: the shipped library has no mutable globals. */
static _Thread_local unsigned long fail_at, made;

void memory_fail_after(unsigned long n) {
    fail_at = n;
    made = 0;
}

unsigned long memory_count(void) {
    return made;
}

static bool fails(void) {
    return ++made == fail_at;
}
#else
static bool fails(void) {
    return false;
}
#endif

void *memory_alloc(size_t size) {
    return fails() ? NULL : malloc(size ? size : 1);
}

void *memory_realloc(void *old, size_t size) {
    return fails() ? NULL : realloc(old, size ? size : 1);
}

void memory_free(void *pointer) {
    free(pointer);
}
