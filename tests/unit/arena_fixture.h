/*
 * arena_fixture: an arena and its failure for the length of a test, and, for tests that ask for
 * it, the built-in knowledge in `knowledge`.
 */
#ifndef BERM_TESTS_ARENA_FIXTURE_H
#define BERM_TESTS_ARENA_FIXTURE_H

#include "api/knowledge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct failure failure;
static struct arena arena;
static struct knowledge knowledge;

static inline int arena_set_up(void **state) {
    (void)state;
    failure_init(&failure);
    arena_init(&arena, &failure, 0);
    return 0;
}

static inline int knowledge_set_up(void **state) {
    arena_set_up(state);
    knowledge_load(&arena, NULL, 0, &knowledge);
    return 0;
}

static inline int arena_tear_down(void **state) {
    (void)state;
    arena_release(&arena);
    return 0;
}

#endif
