#include "source/object_cache.h"

#include "base/hash.h"
#include "base/memory.h"

enum { BUCKETS_FIRST = 256, BUCKETS_MOST = 1 << 16 }; /* few for a small change */

struct cached {
    struct cached *next; /* in its bucket */
    struct cached *newer, *older;
    uint32_t hash;
    enum object_type type;
    bool plain;
    size_t id_size, size;
    char bytes[]; /* id, then content */
};

struct object_cache {
    struct cached *newest, *oldest;
    size_t bytes;
    uint32_t count, bucket_count; /* a power of two */
    struct cached **buckets;
};

struct object_cache *object_cache_new(void) {
    struct object_cache *cache = memory_alloc(sizeof *cache);
    struct cached **buckets = memory_alloc(BUCKETS_FIRST * sizeof(struct cached *));
    if (!cache || !buckets) {
        memory_free(cache);
        memory_free(buckets);
        return NULL;
    }
    memset(buckets, 0, BUCKETS_FIRST * sizeof(struct cached *));
    *cache = (struct object_cache){.bucket_count = BUCKETS_FIRST, .buckets = buckets};
    return cache;
}

static struct cached **bucket_of(const struct object_cache *cache, uint32_t hash) {
    return &cache->buckets[hash & (cache->bucket_count - 1)];
}

/* Without memory for it the chains grow instead. */
static void grow(struct object_cache *cache) {
    uint32_t count = cache->bucket_count * 4;
    struct cached **buckets = memory_alloc(count * sizeof(struct cached *));
    if (!buckets)
        return;
    memset(buckets, 0, count * sizeof(struct cached *));
    memory_free(cache->buckets);
    cache->buckets = buckets;
    cache->bucket_count = count;
    for (struct cached *object = cache->newest; object; object = object->older) {
        struct cached **bucket = bucket_of(cache, object->hash);
        object->next = *bucket;
        *bucket = object;
    }
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
    struct cached **link = bucket_of(cache, object->hash);
    while (*link != object)
        link = &(*link)->next;
    *link = object->next;
    unlink_age(cache, object);
    cache->bytes -= weight(object);
    cache->count--;
    memory_free(object);
}

void object_cache_free(struct object_cache *cache) {
    if (!cache)
        return;
    while (cache->oldest)
        drop_oldest(cache);
    memory_free(cache->buckets);
    memory_free(cache);
}

static struct cached *find(const struct object_cache *cache, struct slice id, uint32_t hash) {
    struct cached *object = *bucket_of(cache, hash);
    while (object && !slice_equal(slice_make(object->bytes, object->id_size), id))
        object = object->next;
    return object;
}

bool object_cache_get(struct object_cache *cache, struct arena *arena, struct slice id,
                      enum object_type *type, struct slice *bytes, bool *plain) {
    struct cached *object = cache ? find(cache, id, (uint32_t)hash_bytes(id)) : NULL;
    if (!object)
        return false;
    unlink_age(cache, object);
    link_newest(cache, object);
    *type = object->type;
    *plain = object->plain;
    *bytes = arena_copy(arena, slice_make(object->bytes + object->id_size, object->size));
    return true;
}

bool object_cache_has(struct object_cache *cache, struct slice id) {
    return cache && find(cache, id, (uint32_t)hash_bytes(id));
}

void object_cache_put(struct object_cache *cache, struct slice id, enum object_type type,
                      struct slice bytes, bool plain) {
    if (!cache || bytes.size > OBJECT_CACHE_LARGEST)
        return;
    uint32_t hash = (uint32_t)hash_bytes(id);
    if (find(cache, id, hash))
        return;
    struct cached *object = memory_alloc(sizeof *object + id.size + bytes.size);
    if (!object)
        return;
    *object = (struct cached){.hash = hash, .type = type, .plain = plain, .id_size = id.size};
    object->size = bytes.size;
    memcpy(object->bytes, id.data, id.size);
    if (bytes.size)
        memcpy(object->bytes + id.size, bytes.data, bytes.size);
    if (cache->count >= cache->bucket_count && cache->bucket_count < BUCKETS_MOST)
        grow(cache);
    struct cached **bucket = bucket_of(cache, hash);
    object->next = *bucket;
    *bucket = object;
    cache->count++;
    link_newest(cache, object);
    cache->bytes += weight(object);
    while (cache->bytes > OBJECT_CACHE_BYTES)
        drop_oldest(cache);
}
