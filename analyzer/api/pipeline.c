#include "api/pipeline.h"

#include "rule/rule.h"

static void free_cache(void *cache) {
    entity_cache_free(cache);
}

void pipeline_init(struct pipeline *pipeline, struct arena *arena,
                   const struct knowledge *knowledge, size_t cache_bytes) {
    memset(pipeline, 0, sizeof *pipeline);
    pipeline->knowledge = knowledge;
    pipeline->arena = arena;
    pipeline->reader.failure = arena->failure;
    pipeline->reader.dialects = dialects_load(arena, knowledge);
    pipeline->reader.cache = entity_cache_new(arena->failure, cache_bytes);
    arena_on_release(arena, free_cache, pipeline->reader.cache);
}

void pipeline_find(struct pipeline *pipeline, const struct change *change, struct events *events,
                   struct findings *findings) {
    delta_compare(pipeline->arena, &pipeline->reader, pipeline->knowledge, change,
                  &pipeline->options, events);
    rules_match(pipeline->arena, pipeline->knowledge, change, events, findings);
}

/* The dialect is a matter of the path and of the longer side, as delta sees it. */
void pipeline_probe(struct pipeline *pipeline, const struct pair *pair) {
    const struct blob *sides[] = {&pair->before, &pair->after};
    const struct blob *longer = sides[pair->after.bytes.size >= pair->before.bytes.size];
    const struct dialect *dialect =
        language_detect(pipeline->reader.dialects, pair->path, longer->bytes);
    for (size_t i = 0; dialect && i < 2; i++) {
        if (sides[i]->state != CONTENT_TEXT)
            continue;
        uint32_t count;
        struct block *blocks = language_blocks(pipeline->arena, dialect, sides[i]->bytes, &count);
        for (uint32_t j = 0; j < count; j++)
            entity_read(&pipeline->reader, dialect, blocks[j].bytes);
    }
}
