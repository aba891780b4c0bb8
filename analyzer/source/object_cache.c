#include "source/object_cache.h"

#include "base/hash.h"
#include "base/memory.h"

enum { BUCKETS = 1 << 14 };

struct cached {
    struct cached *next; /* in its bucket */
    struct cached *newer, *older;
    uint32_t bucket;
    enum object_type type;
    size_t id_size, size;
    char bytes[]; /* id, then content */
};

struct object_cache {
    struct cached *newest, *oldest;
    size_t bytes;
    struct cached *buckets[BUCKETS];
};

struct object_cache *object_cache_new(void) {
    struct object_cache *cache = memory_alloc(sizeof *cache);
    if (cache)
        memset(cache, 0, sizeof *cache);
    return cache;
}

static void unlink_age(struct object_cache *cache, struct cached *object) {
    *(object->newer ? &object->newer->older : &cache->newest) = object->older;
    *(object->older ? &object->older->newer : &cache->oldest) = object->newer;
    object->newer = object->older = NULL;
}

static void link_newest(struct object_cache *cache, struct cached *object) {
    object->older = cache->newest;
    object->newer = NULL;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = object;
    cache->newest = object;
}

static size_t weight(const struct cached *object) {
    return sizeof *object + object->id_size + object->size;
}

static void drop_oldest(struct object_cache *cache) {
    struct cached *object = cache->oldest;
    struct cached **link = &cache->buckets[object->bucket];
    while (*link != object)
        link = &(*link)->next;
    *link = object->next;
    unlink_age(cache, object);
    cache->bytes -= weight(object);
    memory_free(object);
}

void object_cache_free(struct object_cache *cache) {
    if (!cache)
        return;
    while (cache->oldest)
        drop_oldest(cache);
    memory_free(cache);
}

static struct cached *find(struct object_cache *cache, struct slice id, uint32_t bucket) {
    struct cached *object = cache->buckets[bucket];
    while (object && !slice_equal(slice_make(object->bytes, object->id_size), id))
        object = object->next;
    return object;
}

bool object_cache_get(struct object_cache *cache, struct arena *arena, struct slice id,
                      enum object_type *type, struct slice *bytes) {
    struct cached *object = cache ? find(cache, id, (uint32_t)(hash_bytes(id) % BUCKETS)) : NULL;
    if (!object)
        return false;
    unlink_age(cache, object);
    link_newest(cache, object);
    *type = object->type;
    *bytes = arena_copy(arena, slice_make(object->bytes + object->id_size, object->size));
    return true;
}

bool object_cache_has(struct object_cache *cache, struct slice id) {
    return cache && find(cache, id, (uint32_t)(hash_bytes(id) % BUCKETS));
}

void object_cache_put(struct object_cache *cache, struct slice id, enum object_type type,
                      struct slice bytes) {
    if (!cache || bytes.size > OBJECT_CACHE_LARGEST)
        return;
    uint32_t bucket = (uint32_t)(hash_bytes(id) % BUCKETS);
    if (find(cache, id, bucket))
        return;
    struct cached *object = memory_alloc(sizeof *object + id.size + bytes.size);
    if (!object)
        return;
    *object = (struct cached){.bucket = bucket, .type = type, .id_size = id.size};
    object->size = bytes.size;
    memcpy(object->bytes, id.data, id.size);
    if (bytes.size)
        memcpy(object->bytes + id.size, bytes.data, bytes.size);
    object->next = cache->buckets[bucket];
    cache->buckets[bucket] = object;
    link_newest(cache, object);
    cache->bytes += weight(object);
    while (cache->bytes > OBJECT_CACHE_BYTES)
        drop_oldest(cache);
}
