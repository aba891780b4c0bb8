/*
 * entity_fixture: the dialects and tables of this source tree, and the reader over them, for tests
 * of entities.
 */
#ifndef BERM_TESTS_ENTITY_FIXTURE_H
#define BERM_TESTS_ENTITY_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "entity/entity.h"
#include "fact/compile.h"
#include "language/compile.h"

#include <stdio.h>

struct fixture {
    struct failure failure;
    struct arena arena;
    struct knowledge knowledge;
    struct reader reader;
};

static void fixture_load(void *context) {
    struct fixture *fixture = context;
    struct image_writer writer;
    image_writer_init(&writer, &fixture->arena);
    languages_compile(&writer, &fixture->arena, SOURCE_DIRECTORY "/grammars");
    facts_compile(&writer, &fixture->arena, SOURCE_DIRECTORY "/rules");
    fixture->knowledge.images[fixture->knowledge.count++] = image_finish(&writer);
    fixture->reader = (struct reader){
        .dialects = dialects_load(&fixture->arena, &fixture->knowledge),
        .cache = entity_cache_new(&fixture->failure, 1 << 24),
        .failure = &fixture->failure,
    };
}

static inline int fixture_set_up(void **state) {
    static struct fixture fixture;
    fixture = (struct fixture){0};
    failure_init(&fixture.failure);
    arena_init(&fixture.arena, &fixture.failure, 0);
    if (!failure_try(&fixture.failure, fixture_load, &fixture)) {
        fprintf(stderr, "%s:%u: %s\n", fixture.failure.error.where, fixture.failure.error.line,
                fixture.failure.error.message);
        return -1;
    }
    *state = &fixture;
    return 0;
}

static inline int fixture_tear_down(void **state) {
    struct fixture *fixture = *state;
    entity_cache_free(fixture->reader.cache);
    arena_release(&fixture->arena);
    return 0;
}

static inline const struct entity_list *fixture_read(struct fixture *fixture, const char *dialect,
                                                     struct slice text) {
    return entity_read(&fixture->reader,
                       dialect_by_name(fixture->reader.dialects, slice_of(dialect)), text);
}

/* entity_dump of a text. */
static inline const char *fixture_dump(struct fixture *fixture, const char *dialect,
                                       struct slice text) {
    struct strbuf out;
    strbuf_init(&out, &fixture->arena);
    strbuf_add_text(&out, "");
    entity_dump(&out, fixture_read(fixture, dialect, text));
    return strbuf_slice(&out).data;
}

struct expectation {
    const char *text;
    const char *has[6]; /* texts the dump has to hold */
    const char * not ;  /* a text it must not hold */
};

static inline void expect_dump(struct fixture *fixture, const char *dialect,
                               const struct expectation *expectation) {
    const char *dump = fixture_dump(fixture, dialect, slice_of(expectation->text));
    for (size_t i = 0; i < 6 && expectation->has[i]; i++)
        if (!strstr(dump, expectation->has[i]))
            fail_msg("%s\nlacks %s\nin %s", expectation->text, expectation->has[i], dump);
    if (expectation->not &&strstr(dump, expectation->not ))
        fail_msg("%s\nshould lack %s\nin %s", expectation->text, expectation->not, dump);
}

#define EXPECT_ALL(fixture, dialect, table)                                                        \
    for (size_t row = 0; row < sizeof(table) / sizeof *(table); row++)                             \
    expect_dump(fixture, dialect, &(table)[row])

#endif
