#include "base/arena.h"
#include "base/map.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "base/vec.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void slices_compare_by_bytes(void **state) {
    (void)state;
    assert_true(slice_compare(SLICE("a"), SLICE("ab")) < 0);
    assert_int_equal(slice_find(SLICE("hello"), SLICE("ll")), 2);
    assert_true(slice_find(SLICE("hello"), SLICE("lll")) == SLICE_NPOS);
    assert_int_equal(slice_line_at(SLICE("a\nb\nc"), 4), 3);
    int64_t number;
    assert_true(slice_to_int(SLICE("-42"), &number));
    assert_int_equal(number, -42);
    assert_false(slice_to_int(SLICE("4 2"), &number));
}

static void fill(void *context) {
    struct arena *arena = context;
    struct map map;
    map_init(&map, arena);
    VEC(uint32_t) numbers = {0};
    for (uint32_t i = 0; i < 5000; i++) {
        map_set(&map, arena_format(arena, "key %u", i), i);
        vec_push(arena, &numbers, i);
    }
    assert_int_equal(map_get(&map, SLICE("key 4711")), 4711);
    assert_int_equal(map_get(&map, SLICE("key 5000")), MAP_ABSENT);
    assert_int_equal(numbers.items[4999], 4999);
}

static void every_failed_allocation_unwinds(void **state) {
    (void)state;
    unsigned long n = 1;
    for (;; n++) {
        struct failure failure;
        failure_init(&failure);
        struct arena arena;
        arena_init(&arena, &failure, 0);
        memory_fail_after(n);
        bool done = failure_try(&failure, fill, &arena);
        memory_fail_after(0);
        if (!done)
            assert_int_equal(failure.error.status, BERM_ERROR_MEMORY);
        arena_release(&arena);
        if (done)
            break;
    }
    assert_true(n > 3);
}

static void allocate_too_much(void *context) {
    arena_alloc(context, 20000);
}

static void caps_are_failures(void **state) {
    (void)state;
    struct failure failure;
    failure_init(&failure);
    struct arena arena;
    arena_init(&arena, &failure, 10000);
    assert_false(failure_try(&failure, allocate_too_much, &arena));
    assert_int_equal(failure.error.status, BERM_ERROR_LIMIT);
    arena_release(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_compare_by_bytes),
        cmocka_unit_test(every_failed_allocation_unwinds),
        cmocka_unit_test(caps_are_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
