/*
 * hash: XXH3 (libxxhash). Fast and not collision-proof: whoever acts on equal hashes of foreign
 * bytes compares the bytes too, or a crafted file could hide a change.
 */
#ifndef BERM_BASE_HASH_H
#define BERM_BASE_HASH_H

#include "base/slice.h"

uint64_t hash_bytes(struct slice bytes);
/* Order-dependent combination. */
uint64_t hash_mix(uint64_t a, uint64_t b);

#endif
