/*
 * language_fixture: the dialects of this source tree, once for all tests of a program, and a
 * reader over them.
 */
#ifndef BERM_TESTS_LANGUAGE_FIXTURE_H
#define BERM_TESTS_LANGUAGE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "entity/builder.h"
#include "language/compile.h"

static struct {
    struct failure failure;
    struct arena arena;
    struct knowledge knowledge;
    const struct dialects *dialects;
    struct reader reader;
} fixture;

static void fixture_build(void *context) {
    (void)context;
    struct image_writer writer;
    image_writer_init(&writer, &fixture.arena);
    languages_compile(&writer, &fixture.arena, SOURCE_DIRECTORY "/grammars");
    fixture.knowledge.images[0] = image_finish(&writer);
    fixture.knowledge.count = 1;
    fixture.dialects = dialects_load(&fixture.arena, &fixture.knowledge);
    fixture.reader = (struct reader){.dialects = fixture.dialects,
                                     .cache = entity_cache_new(&fixture.failure, 1 << 26),
                                     .failure = &fixture.failure};
}

static int group_set_up(void **state) {
    (void)state;
    failure_init(&fixture.failure);
    arena_init(&fixture.arena, &fixture.failure, 0);
    return failure_try(&fixture.failure, fixture_build, NULL) ? 0 : -1;
}

static int group_tear_down(void **state) {
    (void)state;
    entity_cache_free(fixture.reader.cache);
    arena_release(&fixture.arena);
    return 0;
}

#endif
