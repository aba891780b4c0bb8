#include "source/object_cache.h"

#include "base/hash.h"
#include "base/memory.h"

enum { BUCKETS_FIRST = 256, BUCKETS_MOST = 1 << 16 }; /* few for a small change */

enum { COPIED_BYTES = 512 }; /* less is copied: cheaper than remembering to give it back */

struct cached {
    struct cached *next; /* in its bucket */
    struct cached *newer, *older;
    uint32_t hash, users; /* users: arenas whose owner looks at the content */
    enum object_type type;
    bool plain, dropped; /* dropped: no longer in the cache, goes with its last user */
    size_t id_size, size;
    char bytes[]; /* id, then content, then a NUL */
};

struct object_cache {
    struct cached *newest, *oldest;
    size_t bytes;
    uint32_t count, bucket_count; /* a power of two */
    struct cached **buckets;
    struct cached *open; /* being filled, not yet in a bucket */
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
    object->dropped = true;
    if (!object->users)
        memory_free(object);
}

static void give_back(void *object_) {
    struct cached *object = object_;
    if (--object->users == 0 && object->dropped)
        memory_free(object);
}

static struct slice lend(struct arena *arena, struct cached *object) {
    struct slice bytes = slice_make(object->bytes + object->id_size, object->size);
    if (object->size < COPIED_BYTES)
        return arena_copy(arena, bytes);
    arena_on_release(arena, give_back, object); /* first: it may fail */
    object->users++;
    return bytes;
}

void object_cache_free(struct object_cache *cache) {
    if (!cache)
        return;
    while (cache->oldest)
        drop_oldest(cache);
    memory_free(cache->open);
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
    *bytes = lend(arena, object);
    return true;
}

bool object_cache_has(struct object_cache *cache, struct slice id) {
    return cache && find(cache, id, (uint32_t)hash_bytes(id));
}

char *object_cache_room(struct object_cache *cache, struct slice id, size_t size) {
    uint32_t hash = (uint32_t)hash_bytes(id);
    if (!cache || size > OBJECT_CACHE_LARGEST || find(cache, id, hash))
        return NULL;
    memory_free(cache->open);
    struct cached *object = cache->open = memory_alloc(sizeof *object + id.size + size + 1);
    if (!object)
        return NULL;
    *object = (struct cached){.hash = hash, .id_size = id.size, .size = size};
    memcpy(object->bytes, id.data, id.size);
    object->bytes[id.size + size] = '\0';
    return object->bytes + id.size;
}

struct slice object_cache_put(struct object_cache *cache, struct arena *arena,
                              enum object_type type, bool plain) {
    struct cached *object = cache->open;
    cache->open = NULL;
    object->type = type;
    object->plain = plain;
    if (cache->count >= cache->bucket_count && cache->bucket_count < BUCKETS_MOST)
        grow(cache);
    struct cached **bucket = bucket_of(cache, object->hash);
    object->next = *bucket;
    *bucket = object;
    cache->count++;
    link_newest(cache, object);
    cache->bytes += weight(object);
    struct slice bytes = lend(arena, object); /* before it can be the oldest that has to go */
    while (cache->bytes > OBJECT_CACHE_BYTES)
        drop_oldest(cache);
    return bytes;
}
