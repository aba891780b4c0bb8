#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t hash_bytes(struct slice bytes) {
    return XXH3_64bits(bytes.data ? bytes.data : "", bytes.size);
}

uint64_t hash_mix(uint64_t a, uint64_t b) {
    uint64_t pair[2] = {a, b};
    return XXH3_64bits(pair, sizeof pair);
}
