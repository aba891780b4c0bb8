#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>

#ifdef BERM_FAULT_INJECTION
/* Test builds only: the shipped library has no mutable globals. */
static _Thread_local unsigned long fail_at, made;
static _Thread_local long live;

void memory_fail_after(unsigned long n) {
    fail_at = n;
    made = 0;
}

unsigned long memory_count(void) {
    return made;
}

long memory_live(void) {
    return live;
}

static bool fails(void) {
    return ++made == fail_at;
}

static void count_live(long change) {
    live += change;
}
#else
static bool fails(void) {
    return false;
}

static void count_live(long change) {
    (void)change;
}
#endif

void *memory_alloc(size_t size) {
    void *block = fails() ? NULL : malloc(size ? size : 1);
    count_live(block != NULL);
    return block;
}

void *memory_realloc(void *old, size_t size) {
    void *block = fails() ? NULL : realloc(old, size ? size : 1);
    count_live(block && !old);
    return block;
}

void memory_free(void *pointer) {
    count_live(-(pointer != NULL));
    free(pointer);
}
