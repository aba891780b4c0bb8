/* Sets of ports against brute force over a small range, and what texts mean. */
#include "arena_fixture.h"

#include "fact/port.h"

enum { PORTS = 64, ROUNDS = 4000 };

static uint64_t seed = 20260101;

static uint32_t random_below(uint32_t limit) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % limit;
}

static struct port_set set_of_bits(uint64_t bits) {
    struct port_set set = {0};
    for (uint32_t i = 0; i < PORTS; i++)
        if (bits >> i & 1)
            port_set_add_range(&arena, &set, i, i);
    port_set_finish(&set);
    return set;
}

static uint64_t bits_of(const struct port_set *set) {
    uint64_t bits = 0;
    for (uint32_t i = 0; i < PORTS; i++)
        bits |= (uint64_t)port_set_has(set, i) << i;
    return bits;
}

/* A few intervals: neighbours and gaps are likely. */
static uint64_t random_bits(void) {
    uint64_t bits = 0;
    for (uint32_t n = random_below(5); n; n--) {
        uint32_t from = random_below(PORTS), to = from + random_below(8);
        for (uint32_t i = from; i <= to && i < PORTS; i++)
            bits |= (uint64_t)1 << i;
    }
    return bits;
}

static uint32_t count_bits(uint64_t bits) {
    uint32_t count = 0;
    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

static void sets_are_as_brute_force_says(void **state) {
    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint64_t a = random_bits(), b = random_bits(), c = random_bits();
        struct port_set x = set_of_bits(a), y = set_of_bits(b), z = set_of_bits(c);
        assert_int_equal(bits_of(&x), a);
        assert_int_equal(port_set_count(&x), count_bits(a));
        assert_int_equal(port_set_holds(&x, &y), (a & b) == b);
        assert_true(port_set_holds(&x, &x));
        if (port_set_holds(&x, &y) && port_set_holds(&y, &x))
            assert_int_equal(a, b);
        if (port_set_holds(&x, &y) && port_set_holds(&y, &z))
            assert_true(port_set_holds(&x, &z));
        struct port_set sum = port_set_union(&arena, &x, &y);
        struct port_set both = port_set_intersection(&arena, &x, &y);
        struct port_set rest = port_set_difference(&arena, &x, &y);
        assert_int_equal(bits_of(&sum), a | b);
        assert_int_equal(bits_of(&both), a & b);
        assert_int_equal(bits_of(&rest), a & ~b);
    }
}

static bool reads(const char *text, struct port_set *set) {
    *set = (struct port_set){.ranges = {NULL, 0, 0}};
    bool read = port_set_add(&arena, set, slice_of(text));
    port_set_finish(set);
    return read;
}

static void texts_are_read(void **state) {
    (void)state;
    struct port_set set;
    assert_true(reads("22", &set) && port_set_has(&set, 22) && port_set_count(&set) == 1);
    assert_true(reads("80, 443,8000-8002", &set) && port_set_count(&set) == 5);
    assert_true(reads("*", &set) && port_set_count(&set) == PORT_MAX + 1);
    assert_true(reads("-1", &set) && port_set_count(&set) == PORT_MAX + 1);
    static const char *const bad[] = {"", "x", "70000", "30-20", "1-", "-", "1--2", "22,"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (reads(bad[i], &set))
            fail_msg("'%s' is read", bad[i]);
    reads("22,8000-8002", &set);
    assert_true(slice_is(port_set_render(&arena, &set), "22, 8000-8002"));
    reads("0-65535", &set);
    assert_true(slice_is(port_set_render(&arena, &set), "all ports"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sets_are_as_brute_force_says, arena_set_up,
                                        arena_tear_down),
        cmocka_unit_test_setup_teardown(texts_are_read, arena_set_up, arena_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
