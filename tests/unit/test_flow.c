/* What a firewall lets through and did not before, against brute force over a small network. */
#include "arena_fixture.h"

#include "fact/flow.h"

enum { PORTS = 12, HOSTS = 16, ROUNDS = 4000 };

static const char *const protocols[] = {"tcp", "udp", "*"};

static uint64_t seed = 20260101;

static uint32_t below(uint32_t limit) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % limit;
}

static struct flows random_flows(bool ranked) {
    struct flows flows = {.list = {NULL, 0, 0}, .closed = ranked};
    for (uint32_t n = below(4); n; n--) {
        struct flow flow = {.protocol = slice_of(protocols[below(3)]), .out = below(4) == 0};
        uint32_t from = below(PORTS);
        port_set_add_range(&arena, &flow.ports, from, from + below(PORTS - from));
        port_set_finish(&flow.ports);
        for (uint32_t m = 1 + below(2); m; m--)
            address_set_add(&arena, &flow.addresses,
                            arena_format(&arena, "10.0.0.%u/%u", below(HOSTS), 28 + below(5)));
        address_set_finish(&flow.addresses);
        flow.target = SLICE("");
        flow.ranked = ranked;
        flow.rank = below(6);
        flow.deny = ranked && below(3) == 0;
        vec_push(&arena, &flows.list, flow);
    }
    flows_settle(&flows);
    return flows;
}

static bool passes(const struct flows *flows, struct slice protocol, uint32_t port, uint32_t host) {
    struct address_set one = {0};
    address_set_add(&arena, &one, arena_format(&arena, "10.0.0.%u", host));
    address_set_finish(&one);
    for (uint32_t i = 0; i < flows->list.count; i++) { /* the first that fits */
        const struct flow *flow = &flows->list.items[i];
        bool matches = slice_is(flow->protocol, "*") || slice_equal(flow->protocol, protocol);
        if (!flow->out && matches && port_set_has(&flow->ports, port) &&
            address_set_holds(&flow->addresses, &one))
            return !flow->deny;
    }
    return false;
}

/* Of the three kinds of protocol, the last is every one that nobody names. */
static bool passes_more(const struct flows *before, const struct flows *after) {
    for (uint32_t kind = 0; kind < 3; kind++)
        for (uint32_t port = 0; port < PORTS; port++)
            for (uint32_t host = 0; host < HOSTS; host++) {
                struct slice protocol = kind < 2 ? slice_of(protocols[kind]) : SLICE("other");
                if (passes(after, protocol, port, host) && !passes(before, protocol, port, host))
                    return true;
            }
    return false;
}

static void what_passes_is_as_brute_force_says(void **state) {
    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct flows before = random_flows(false), after = random_flows(false);
        struct flow_gain gain;
        bool gained = flows_compare(&arena, &before, &after, false, &gain);
        if (gained != passes_more(&before, &after))
            fail_msg("round %u: %d", round, (int)gained);
        assert_false(flows_compare(&arena, &after, &after, false, &gain));
    }
}

/* Denials and allowances by rank. */
static void the_first_that_fits_decides(void **state) {
    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct flows before = random_flows(true), after = random_flows(true);
        struct flow_gain gain;
        bool gained = flows_compare(&arena, &before, &after, false, &gain);
        if (gained != passes_more(&before, &after))
            fail_msg("round %u: %d", round, (int)gained);
        assert_false(flows_compare(&arena, &after, &after, false, &gain));
        for (uint32_t i = 0; i < after.list.count; i++) {
            struct flows rest = {.list = {NULL, 0, 0}, .closed = true}, moved = rest;
            for (uint32_t k = 0; k < after.list.count; k++) {
                struct flow flow = after.list.items[k];
                if (k != i)
                    vec_push(&arena, &rest.list, flow);
                flow.rank = 100 + 10 * flow.rank;
                vec_push(&arena, &moved.list, flow);
            }
            flows_settle(&rest);
            flows_settle(&moved);
            bool deny = after.list.items[i].deny;
            assert_false(deny ? flows_compare(&arena, &rest, &after, false, &gain)
                              : flows_compare(&arena, &after, &rest, false, &gain));
            assert_false(flows_compare(&arena, &after, &moved, false, &gain));
        }
    }
}

static struct flow flow_of(bool deny, int64_t rank, uint32_t from, uint32_t to, const char *peers) {
    struct flow flow = {
        .protocol = SLICE("tcp"), .deny = deny, .ranked = true, .rank = rank, .target = SLICE("")};
    port_set_add_range(&arena, &flow.ports, from, to);
    address_set_add(&arena, &flow.addresses, slice_of(peers));
    address_set_finish(&flow.addresses);
    return flow;
}

static struct flows two(struct flow a, struct flow b) {
    struct flows flows = {.list = {NULL, 0, 0}};
    vec_push(&arena, &flows.list, a);
    vec_push(&arena, &flows.list, b);
    flows_settle(&flows);
    return flows;
}

static void a_denial_that_comes_too_late_is_none(void **state) {
    (void)state;
    struct flow allow = flow_of(false, 200, 0, PORT_MAX, "10.0.0.0/8");
    struct flows front = two(flow_of(true, 100, 22, 22, "10.1.0.0/16"), allow);
    struct flows behind = two(flow_of(true, 300, 22, 22, "10.1.0.0/16"), allow);
    struct flow_gain gain;
    assert_true(flows_compare(&arena, &front, &behind, false, &gain));
    assert_true(gain.denial && port_set_count(&gain.ports) == 1);
    assert_int_equal(gain.is_count, 65536);
    assert_false(flows_compare(&arena, &behind, &front, false, &gain));
    front.list.items[0].target = SLICE(" 10.0.0.5"); /* denied on one machine alone */
    assert_false(flows_compare(&arena, &front, &behind, false, &gain));
}

static const struct value *labels(const char *const *pairs, uint32_t count) {
    struct value *map = ARENA_NEW(&arena, struct value);
    map->kind = VALUE_MAP;
    map->count = count;
    map->items = ARENA_ARRAY(&arena, struct value_item, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        struct value *text = ARENA_NEW(&arena, struct value);
        *text = (struct value){.kind = VALUE_LITERAL, .text = slice_of(pairs[i] + 1)};
        map->items[i].key = slice_make(pairs[i], 1);
        map->items[i].value = text;
    }
    return map;
}

static void fewer_labels_choose_more(void **state) {
    (void)state;
    static const char *const both[] = {"a1", "b2"}, *const other[] = {"a3"};
    const struct value *none = labels(both, 0), *one = labels(both, 1), *two = labels(both, 2);
    struct selector here = {NULL, one}, close = {NULL, two}, all_here = {NULL, NULL};
    struct selector everywhere = {none, none}, there = {one, two},
                    exchanged = {NULL, labels(other, 1)};
    assert_true(selector_holds(&here, &close));
    assert_false(selector_holds(&close, &here));
    assert_true(selector_holds(&all_here, &here));
    assert_false(selector_holds(&all_here, &there));
    assert_true(selector_holds(&everywhere, &there));
    assert_true(selector_holds(&everywhere, &all_here));
    assert_false(selector_holds(&here, &exchanged));
    assert_true(selector_is_all(&everywhere));
    assert_false(selector_is_all(&all_here));
    assert_string_equal(selector_render(&arena, &close).data, "a=1, b=2 here");
}

static struct flows chosen(struct selector selector, uint32_t to) {
    struct flow flow = flow_of(false, 0, 80, to, "192.0.2.1");
    struct flows flows = {.list = {NULL, 0, 0}};
    flow.addresses.ranges.count = 0;
    flow.ranked = false;
    vec_push(&arena, &flow.selectors, selector);
    vec_push(&arena, &flows.list, flow);
    return flows;
}

static void another_selector_is_not_more(void **state) {
    (void)state;
    static const char *const both[] = {"a1", "b2"}, *const other[] = {"a3"};
    struct selector one = {NULL, labels(both, 1)}, two = {NULL, labels(both, 2)};
    struct selector three = {NULL, labels(other, 1)};
    struct flows wide = chosen(one, 80), narrow = chosen(two, 80), exchanged = chosen(three, 80);
    struct flows ports = chosen(two, 81);
    struct flow_gain gain;
    assert_true(flows_compare(&arena, &narrow, &wide, false, &gain));
    assert_int_equal(gain.selectors.count, 1);
    assert_false(flows_compare(&arena, &wide, &narrow, false, &gain));
    assert_false(flows_compare(&arena, &narrow, &exchanged, false, &gain));
    assert_true(flows_compare(&arena, &narrow, &ports, false, &gain));
    assert_int_equal(port_set_count(&gain.ports), 1);
}

static void halves_are_the_whole(void **state) {
    (void)state;
    struct flows before = {.list = {NULL, 0, 0}}, after = {.list = {NULL, 0, 0}};
    struct flow flow = {.protocol = SLICE("tcp")};
    port_set_add_range(&arena, &flow.ports, 22, 22);
    address_set_add(&arena, &flow.addresses, SLICE("10.0.0.0/16"));
    address_set_finish(&flow.addresses);
    vec_push(&arena, &before.list, flow);
    flow.addresses = (struct address_set){.ranges = {NULL, 0, 0}};
    address_set_add(&arena, &flow.addresses, SLICE("0.0.0.0/1"));
    address_set_add(&arena, &flow.addresses, SLICE("128.0.0.0/1"));
    address_set_finish(&flow.addresses);
    vec_push(&arena, &after.list, flow);
    struct flow_gain gain;
    assert_true(flows_compare(&arena, &before, &after, false, &gain));
    assert_true(gain.everywhere);
    assert_int_equal(gain.was_count, 65536);
    assert_int_equal(gain.is_count, (uint64_t)1 << 32);
    assert_false(flows_compare(&arena, &after, &before, false, &gain));
}

static struct flow flow_from(const char *address, const char *other) {
    struct flow flow = {.protocol = SLICE("tcp")};
    port_set_add_range(&arena, &flow.ports, 443, 443);
    address_set_add(&arena, &flow.addresses, slice_of(address));
    if (other)
        address_set_add(&arena, &flow.addresses, slice_of(other));
    address_set_finish(&flow.addresses);
    return flow;
}

/* Addresses of the new kind beside them do not hide how many there were of the old one. */
static void old_addresses_are_counted_beside_new_ones(void **state) {
    (void)state;
    struct flows before = {.list = {NULL, 0, 0}}, after = {.list = {NULL, 0, 0}};
    vec_push(&arena, &before.list, flow_from("198.51.100.7", NULL));
    vec_push(&arena, &after.list, flow_from("0.0.0.0/0", "::/0"));
    struct flow_gain gain;
    assert_true(flows_compare(&arena, &before, &after, false, &gain));
    assert_true(gain.everywhere);
    assert_int_equal(gain.was_count, 1);
    assert_int_equal(gain.is_count, UINT64_C(1) << 32);
}

/* Nothing that a hostile file holds takes long. */
static void large_firewalls_stay_cheap(void **state) {
    (void)state;
    struct flows before = {.list = {NULL, 0, 0}}, after = {.list = {NULL, 0, 0}};
    for (uint32_t i = 0; i < 1500; i++) {
        struct flow flow = {.protocol = SLICE("tcp")};
        port_set_add_range(&arena, &flow.ports, i * 16, i * 16 + 3);
        address_set_add(&arena, &flow.addresses, arena_format(&arena, "10.0.%u.0/24", i % 256));
        address_set_finish(&flow.addresses);
        vec_push(&arena, &before.list, flow);
        if (i == 7) {
            flow.ports = (struct port_set){.ranges = {NULL, 0, 0}};
            port_set_add_range(&arena, &flow.ports, i * 16 + 5, i * 16 + 6);
        }
        vec_push(&arena, &after.list, flow);
    }
    struct flow_gain gain;
    assert_true(flows_compare(&arena, &before, &after, false, &gain));
    assert_int_equal(port_set_count(&gain.ports), 2);
    for (uint32_t i = 0; i < after.list.count; i++)
        after.list.items[i].protocol = SLICE("udp");
    assert_true(flows_compare(&arena, &before, &after, false, &gain));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_set_up, arena_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_passes_is_as_brute_force_says),
        TEST(the_first_that_fits_decides),
        TEST(a_denial_that_comes_too_late_is_none),
        TEST(fewer_labels_choose_more),
        TEST(another_selector_is_not_more),
        TEST(halves_are_the_whole),
        TEST(old_addresses_are_counted_beside_new_ones),
        TEST(large_firewalls_stay_cheap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
