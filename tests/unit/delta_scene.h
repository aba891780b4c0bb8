/*
 * Changes written in place and their events as text, for tests of delta. Every scene is compared
 * with and without the cut of unchanged blocks.
 */
#ifndef BERM_TESTS_DELTA_SCENE_H
#define BERM_TESTS_DELTA_SCENE_H

#include "api/knowledge.h"
#include "delta/event.h"
#include "source/sources.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct failure failure;
static struct arena arena;
static struct knowledge knowledge;
static struct reader reader;

static inline int setup(void **state) {
    (void)state;
    failure_init(&failure);
    arena_init(&arena, &failure, 0);
    knowledge_load(&arena, NULL, 0, &knowledge);
    reader = (struct reader){dialects_load(&arena, &knowledge),
                             entity_cache_new(&failure, 64 << 20), &failure};
    return 0;
}

static inline int teardown(void **state) {
    (void)state;
    entity_cache_free(reader.cache);
    arena_release(&arena);
    return 0;
}

#define FILES 8

struct scene {
    struct source_file files[FILES];
    struct source_context context[FILES];
    uint32_t count, context_count;
};

static inline void add(struct scene *scene, const char *path, const char *before,
                       const char *after) {
    scene->files[scene->count++] = (struct source_file){
        .path = slice_of(path), .before = slice_of(before), .after = slice_of(after)};
}

static inline void keep(struct scene *scene, const char *path, const char *content) {
    scene->context[scene->context_count++] =
        (struct source_context){slice_of(path), slice_of(content)};
}

static inline const char *run(const struct scene *scene, bool no_block_cut) {
    struct change *change =
        source_memory(&arena, scene->files, scene->count, scene->context, scene->context_count);
    struct delta_options options = {.no_block_cut = no_block_cut};
    struct events events = {0};
    delta_compare(&arena, &reader, &knowledge, change, &options, &events);
    struct strbuf out;
    strbuf_init(&out, &arena);
    event_dump(&out, &events);
    return arena_text(&arena, strbuf_slice(&out));
}

/* Cutting unchanged blocks away must not change any event. */
static inline const char *events_of(const struct scene *scene) {
    const char *cut = run(scene, false);
    assert_string_equal(cut, run(scene, true));
    return cut;
}

static inline const char *events_in(const char *path, const char *before, const char *after) {
    struct scene scene = {.count = 0};
    add(&scene, path, before, after);
    return events_of(&scene);
}

#endif
