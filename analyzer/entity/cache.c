#include "entity/cache.h"

#include "base/map.h"
#include "base/memory.h"
#include "syntax/shelf.h"

enum { CACHE_BUCKETS = 4096, CACHE_PATHS = 1 << 16, CACHE_HINTS = 1024 };

struct cache_hint {
    const char *data;
    struct cache_entry *entry;
};

struct cached_roles {
    const struct dialects *dialects;
    struct slice language;
    const struct node_roles *roles;
};

struct cached_forms {
    const struct dialects *dialects;
    struct slice language;
    const struct forms *forms;
};

struct cached_names {
    const struct dialects *dialects;
    struct known_names *names;
};

struct entity_cache {
    struct failure *failure;
    size_t limit;
    struct cache_entry *newest, *oldest;
    size_t used;         /* bytes of complete entries */
    uint32_t incomplete; /* entries whose reading goes on, or failed */
    struct arena roles_arena;
    VEC(struct cached_roles) roles;
    VEC(struct cached_forms) forms;
    VEC(struct cached_names) names;
    struct pattern_cache *patterns;
    struct shelf *shelf;
    struct arena paths_arena;
    const struct dialects *paths_of; /* whose dialects the facts name */
    struct map paths;
    VEC(const struct path_facts *) path_facts;
    struct cache_entry *buckets[CACHE_BUCKETS];
    struct cache_hint hints[CACHE_HINTS];
};

struct entity_cache *entity_cache_new(struct failure *failure, size_t bytes_limit) {
    struct entity_cache *cache = memory_alloc(sizeof *cache);
    if (!cache)
        failure_raise(failure, BERM_ERROR_MEMORY, PLACE_NONE, "out of memory");
    memset(cache, 0, sizeof *cache);
    cache->failure = failure;
    cache->limit = bytes_limit;
    arena_init(&cache->roles_arena, failure, 0);
    arena_init(&cache->paths_arena, failure, 0);
    map_init(&cache->paths, &cache->paths_arena);
    return cache;
}

static void entry_unlink(struct entity_cache *cache, struct cache_entry *entry) {
    *(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void entry_link(struct entity_cache *cache, struct cache_entry *entry) {
    entry->newer = NULL;
    entry->older = cache->newest;
    *(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
    cache->newest = entry;
}

static void entry_unhint(struct cache_entry *entry) {
    if (entry->hint)
        *entry->hint = (struct cache_hint){NULL, NULL};
    entry->hint = NULL;
}

static void entry_drop(struct entity_cache *cache, struct cache_entry *entry) {
    struct cache_entry **link = &cache->buckets[entry->hash % CACHE_BUCKETS];
    while (*link != entry)
        link = &(*link)->next;
    *link = entry->next;
    entry_unlink(cache, entry);
    entry_unhint(entry);
    for (uint32_t i = 0; i < entry->part_count; i++)
        entry->parts[i]->users--;
    cache->incomplete -= !entry->complete;
    cache->used -= entry->counted;
    arena_release(&entry->arena);
    memory_free(entry);
}

void entity_cache_free(struct entity_cache *cache) {
    if (!cache)
        return;
    for (struct cache_entry *entry = cache->newest; entry; entry = entry->older)
        entry->part_count = 0; /* those it borrows from may go first */
    while (cache->newest)
        entry_drop(cache, cache->newest);
    shelf_free(cache->shelf);
    arena_release(&cache->roles_arena);
    arena_release(&cache->paths_arena);
    memory_free(cache);
}

static void paths_forget(struct entity_cache *cache) {
    arena_release(&cache->paths_arena);
    map_init(&cache->paths, &cache->paths_arena);
    memset(&cache->path_facts, 0, sizeof cache->path_facts);
}

void entity_cache_trim(struct entity_cache *cache) {
    if (cache->path_facts.count > CACHE_PATHS)
        paths_forget(cache);
    if (!cache->incomplete && cache->used <= cache->limit)
        return;
    /* Somewhat below the limit, so that not every change has to look for the oldest. */
    size_t limit = cache->used > cache->limit ? cache->limit - cache->limit / 8 : cache->limit;
    struct cache_entry *entry = cache->oldest;
    while (entry && (cache->incomplete || cache->used > limit)) {
        struct cache_entry *newer = entry->newer;
        if (!entry->users && (cache->used > limit || !entry->complete))
            entry_drop(cache, entry);
        entry = newer;
    }
}

void entity_cache_abandon(struct entity_cache *cache) {
    for (struct cache_entry *entry = cache->newest, *older; entry; entry = older) {
        older = entry->older;
        if (!entry->complete)
            entry_drop(cache, entry);
    }
}

static void entry_use(struct entity_cache *cache, struct cache_entry *entry) {
    entry_unlink(cache, entry);
    entry_link(cache, entry);
}

static struct cache_hint *hint_at(struct entity_cache *cache, const char *data) {
    return &cache->hints[(uintptr_t)data / 16 % CACHE_HINTS];
}

struct cache_entry *cache_find_blocks(struct entity_cache *cache, const struct dialect *dialect,
                                      struct slice content) {
    const struct cache_hint *hint = hint_at(cache, content.data);
    struct cache_entry *entry = hint->data == content.data ? hint->entry : NULL;
    if (!entry || entry->dialect != dialect || !slice_equal(entry->block, content))
        return NULL;
    entry_use(cache, entry);
    return entry;
}

void cache_hint_blocks(struct entity_cache *cache, struct slice content,
                       struct cache_entry *entry) {
    struct cache_hint *hint = hint_at(cache, content.data);
    if (hint->entry)
        entry_unhint(hint->entry);
    entry_unhint(entry);
    *hint = (struct cache_hint){content.data, entry};
    entry->hint = hint;
}

struct cache_entry *cache_find(struct entity_cache *cache, const struct dialect *dialect,
                               struct slice block, uint64_t hash) {
    struct cache_entry *entry = cache->buckets[hash % CACHE_BUCKETS];
    while (entry && !(entry->complete && entry->hash == hash && entry->dialect == dialect &&
                      slice_equal(entry->block, block)))
        entry = entry->next;
    if (entry)
        entry_use(cache, entry);
    return entry;
}

struct cache_entry *cache_add(struct entity_cache *cache, const struct dialect *dialect,
                              struct slice block, uint64_t hash) {
    struct cache_entry *entry = memory_alloc(sizeof *entry);
    if (!entry)
        failure_raise(cache->failure, BERM_ERROR_MEMORY, PLACE_NONE, "out of memory");
    memset(entry, 0, sizeof *entry);
    entry->dialect = dialect;
    entry->hash = hash;
    arena_init(&entry->arena, cache->failure, 0);
    entry->next = cache->buckets[hash % CACHE_BUCKETS];
    cache->buckets[hash % CACHE_BUCKETS] = entry;
    entry_link(cache, entry);
    cache->incomplete++;
    entry->block = arena_copy(&entry->arena, block);
    return entry;
}

void cache_complete(struct entity_cache *cache, struct cache_entry *entry,
                    const struct entity_list_builder *list) {
    if (list) {
        entry->list = (struct entity_list){.items = list->items.items,
                                           .count = list->items.count,
                                           .notes = list->notes.items,
                                           .note_count = list->notes.count,
                                           .reads = list->reads};
        entry->parts = list->parts.items;
        entry->part_count = list->parts.count;
        for (uint32_t i = 0; i < entry->part_count; i++)
            entry->parts[i]->users++;
    }
    entry->complete = true;
    entry->counted = entry->arena.used + sizeof *entry;
    cache->used += entry->counted;
    cache->incomplete--;
}

const struct path_facts *cache_path(struct reader *reader, struct slice path, path_maker *make) {
    struct entity_cache *cache = reader->cache;
    if (cache->paths_of != reader->dialects)
        paths_forget(cache);
    cache->paths_of = reader->dialects;
    uint32_t at = map_get(&cache->paths, path);
    if (at != MAP_ABSENT)
        return cache->path_facts.items[at];
    struct path_facts *facts = ARENA_NEW(&cache->paths_arena, struct path_facts);
    make(reader, &cache->paths_arena, path, facts);
    at = cache->path_facts.count;
    vec_push(&cache->paths_arena, &cache->path_facts, facts);
    map_set(&cache->paths, arena_copy(&cache->paths_arena, path), at);
    return facts;
}

const struct node_roles *cache_roles(struct reader *reader, struct slice language) {
    struct entity_cache *cache = reader->cache;
    for (uint32_t i = 0; i < cache->roles.count; i++)
        if (cache->roles.items[i].dialects == reader->dialects &&
            slice_equal(cache->roles.items[i].language, language))
            return cache->roles.items[i].roles;
    struct cached_roles made = {reader->dialects, language,
                                node_roles_new(&cache->roles_arena, reader->dialects, language)};
    vec_push(&cache->roles_arena, &cache->roles, made);
    return made.roles;
}

struct shelf *cache_shelf(struct entity_cache *cache) {
    if (!cache->shelf)
        cache->shelf = shelf_new(cache->failure);
    return cache->shelf;
}

const struct forms *cache_forms(struct reader *reader, struct slice language) {
    struct entity_cache *cache = reader->cache;
    for (uint32_t i = 0; i < cache->forms.count; i++)
        if (cache->forms.items[i].dialects == reader->dialects &&
            slice_equal(cache->forms.items[i].language, language))
            return cache->forms.items[i].forms;
    struct cached_forms made = {reader->dialects, language,
                                forms_new(&cache->roles_arena, reader->dialects, language)};
    vec_push(&cache->roles_arena, &cache->forms, made);
    return made.forms;
}

struct known_names *cache_names(struct reader *reader) {
    struct entity_cache *cache = reader->cache;
    for (uint32_t i = 0; i < cache->names.count; i++)
        if (cache->names.items[i].dialects == reader->dialects)
            return cache->names.items[i].names;
    struct cached_names made = {
        reader->dialects,
        known_names_new(&cache->roles_arena, dialects_knowledge(reader->dialects))};
    vec_push(&cache->roles_arena, &cache->names, made);
    return made.names;
}

struct pattern_cache *reader_patterns(struct reader *reader) {
    struct entity_cache *cache = reader->cache;
    if (!cache->patterns)
        cache->patterns = pattern_cache_new(&cache->roles_arena);
    return cache->patterns;
}
