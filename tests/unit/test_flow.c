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

static struct flows random_flows(void) {
    struct flows flows = {.list = {NULL, 0, 0}};
    for (uint32_t n = below(4); n; n--) {
        struct flow flow = {.protocol = slice_of(protocols[below(3)]), .out = below(4) == 0};
        uint32_t from = below(PORTS);
        port_set_add_range(&arena, &flow.ports, from, from + below(PORTS - from));
        port_set_finish(&flow.ports);
        for (uint32_t m = 1 + below(2); m; m--)
            address_set_add(&arena, &flow.addresses,
                            arena_format(&arena, "10.0.0.%u/%u", below(HOSTS), 28 + below(5)));
        address_set_finish(&flow.addresses);
        vec_push(&arena, &flows.list, flow);
    }
    return flows;
}

static bool passes(const struct flows *flows, struct slice protocol, uint32_t port, uint32_t host) {
    struct address_set one = {0};
    address_set_add(&arena, &one, arena_format(&arena, "10.0.0.%u", host));
    address_set_finish(&one);
    for (uint32_t i = 0; i < flows->list.count; i++) {
        const struct flow *flow = &flows->list.items[i];
        bool matches = slice_is(flow->protocol, "*") || slice_equal(flow->protocol, protocol);
        if (!flow->out && matches && port_set_has(&flow->ports, port) &&
            address_set_holds(&flow->addresses, &one))
            return true;
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
        struct flows before = random_flows(), after = random_flows();
        struct flow_gain gain;
        bool gained = flows_compare(&arena, &before, &after, false, &gain);
        if (gained != passes_more(&before, &after))
            fail_msg("round %u: %d", round, (int)gained);
        assert_false(flows_compare(&arena, &after, &after, false, &gain));
    }
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
        TEST(halves_are_the_whole),
        TEST(large_firewalls_stay_cheap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
