#include "base/hash.h"
#include "entity/cache.h"
#include "fact/place.h"
#include "language/record.h"

void builder_run(struct builder *builder) {
    const struct language_record *language =
        dialect_language(builder->reader->dialects, builder->dialect->language);
    if (language && language->reader == READER_CODE)
        code_read(builder);
    else if (language && language->reader == READER_STATEMENT)
        statement_read(builder);
    else
        data_read(builder);
}

const struct entity_list *entity_read(struct reader *reader, const struct dialect *dialect,
                                      struct slice block) {
    uint64_t hash = hash_mix(hash_bytes(block), hash_bytes(dialect->name));
    struct cache_entry *entry = cache_find(reader->cache, dialect, block, hash);
    if (entry)
        return &entry->list;
    entry = cache_add(reader->cache, dialect, block, hash);
    struct entity_list_builder list = {.block = entry->block};
    struct builder builder = {.arena = &entry->arena,
                              .reader = reader,
                              .dialect = dialect,
                              .roles = cache_roles(reader, dialect->language),
                              .text = entry->block,
                              .scope = ENTITY_NONE,
                              .weight = 100,
                              .host = SLICE_NONE,
                              .list = &list};
    builder_run(&builder);
    cache_complete(reader->cache, entry, &list);
    return &entry->list;
}

/* Blocks and lists of the same bytes are two entries: the hash tells them apart. */
enum { HASH_BLOCKS = 1 };

struct block_list reader_blocks_like(struct reader *reader, const struct dialect *dialect,
                                     struct slice content, const struct block_list *like) {
    struct cache_entry *entry = cache_find_blocks(reader->cache, dialect, content);
    if (entry)
        return entry->blocks;
    uint64_t hash = hash_mix(hash_bytes(content), hash_bytes(dialect->name) + HASH_BLOCKS);
    entry = cache_find(reader->cache, dialect, content, hash);
    if (!entry) {
        entry = cache_add(reader->cache, dialect, content, hash);
        entry->blocks = language_blocks_like(&entry->arena, dialect, entry->block, like);
        cache_complete(reader->cache, entry, NULL);
    }
    cache_hint_blocks(reader->cache, content, entry);
    return entry->blocks;
}

const struct block *reader_blocks(struct reader *reader, const struct dialect *dialect,
                                  struct slice content, uint32_t *count) {
    struct block_list none = {.count = 0};
    struct block_list blocks = reader_blocks_like(reader, dialect, content, &none);
    *count = blocks.count;
    return blocks.items;
}

static void path_read(const struct reader *reader, struct arena *arena, struct slice path,
                      struct path_facts *facts) {
    const struct knowledge *knowledge = dialects_knowledge(reader->dialects);
    facts->candidates = language_candidates(arena, reader->dialects, path);
    facts->dialect = language_choose(facts->candidates, SLICE(""));
    facts->told = language_is_told(reader->dialects, path);
    facts->path_class = place_path_class(knowledge, path);
    facts->environment = place_environment(knowledge, path);
}

const struct path_facts *reader_path(struct reader *reader, struct slice path) {
    return cache_path(reader, path, path_read);
}

static uint32_t dump_depth(const struct entity_list *list, uint32_t index) {
    uint32_t depth = 0;
    while (list->items[index].scope != ENTITY_NONE) {
        index = list->items[index].scope;
        depth++;
    }
    return depth;
}

static void dump_entity(struct strbuf *out, const struct entity_list *list, uint32_t index) {
    const struct entity *entity = &list->items[index];
    strbuf_add_repeat(out, ' ', (size_t)2 * dump_depth(list, index));
    strbuf_add(out, entity->kind);
    if (entity->type.size)
        strbuf_addf(out, " %.*s", SLICE_ARGS(entity->type));
    if (entity->name.size)
        strbuf_addf(out, " %.*s", SLICE_ARGS(entity->name));
    if (entity->weight != 100)
        strbuf_addf(out, " %u%%", entity->weight);
    if (entity->host.size)
        strbuf_addf(out, " (%.*s)", SLICE_ARGS(entity->host));
    strbuf_addf(out, " [%u-%u] ", entity->span.from, entity->span.to);
    strbuf_add(out, value_render(out->arena, entity->body, 4000));
    strbuf_add_byte(out, '\n');
}

void entity_dump(struct strbuf *out, const struct entity_list *list) {
    for (uint32_t i = 0; i < list->count; i++)
        dump_entity(out, list, i);
    for (uint32_t i = 0; i < list->note_count; i++)
        strbuf_addf(out, "note %u: %.*s\n", list->notes[i].line, SLICE_ARGS(list->notes[i].reason));
}
