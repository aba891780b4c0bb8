/*
 * object_cache: the most recently used objects of a repository by full id, up to a number of
 * bytes. What is after one commit is before the next, so a history reads most objects once.
 * Not knowing an object costs one hash. Contents are lent to an arena, not copied: what it lent is
 * there until the arena is released, whatever becomes of the cache.
 */
#ifndef BERM_SOURCE_OBJECT_CACHE_H
#define BERM_SOURCE_OBJECT_CACHE_H

#include "base/arena.h"

enum object_type { OBJECT_NONE, OBJECT_BLOB, OBJECT_TREE, OBJECT_COMMIT, OBJECT_TAG };

enum {
    OBJECT_CACHE_BYTES = 32 << 20,
    OBJECT_CACHE_LARGEST = OBJECT_CACHE_BYTES / 8, /* a larger object is not kept */
};

struct object_cache;

/* NULL when out of memory: everything then works, uncached. */
struct object_cache *object_cache_new(void);
void object_cache_free(struct object_cache *cache);
/* False if it is not there. */
bool object_cache_get(struct object_cache *cache, struct arena *arena, struct slice id,
                      enum object_type *type, struct slice *bytes, bool *plain);
bool object_cache_has(struct object_cache *cache, struct slice id);
/* Room for the content of an object, to be filled before anything else is asked; NULL if it is not
 * kept: too large, out of memory, there already. */
char *object_cache_room(struct object_cache *cache, struct slice id, size_t size);
/* What was filled last is kept, and lent. `plain`: blob_is_plain() said so; looked at once, for
 * files are read again with each commit. */
struct slice object_cache_put(struct object_cache *cache, struct arena *arena,
                              enum object_type type, bool plain);

#endif
