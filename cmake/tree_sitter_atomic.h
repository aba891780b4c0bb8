/*
 * Plain reference counts for the tree-sitter runtime, in the place of its own atomic.h: here every
 * tree lies in the memory of one parse, which belongs to one thread, so no count is ever shared.
 * Atomic ones cost 5 % of a parse (HCL).
 */
#ifndef TREE_SITTER_ATOMIC_H_
#define TREE_SITTER_ATOMIC_H_

#include <stddef.h>
#include <stdint.h>

static inline size_t atomic_load(const volatile size_t *count) {
    return *count;
}

static inline uint32_t atomic_inc(volatile uint32_t *count) {
    return *count += 1;
}

static inline uint32_t atomic_dec(volatile uint32_t *count) {
    return *count -= 1;
}

#endif
