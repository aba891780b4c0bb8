#include "delta_scene.h"

static const char *hosts(const char *before, const char *after) {
    struct strbuf sides[2];
    const char *lines[] = {before, after};
    for (int i = 0; i < 2; i++) {
        strbuf_init(&sides[i], &arena);
        strbuf_addf(&sides[i], "[web]\n%s\n\n[web:vars]\nport=22\n", lines[i]);
    }
    return events_in("inventories/prod/hosts", arena_text(&arena, strbuf_slice(&sides[0])),
                     arena_text(&arena, strbuf_slice(&sides[1])));
}

static void ranges_are_the_names_they_stand_for(void **state) {
    (void)state;
    static const struct {
        const char *range, *names;
    } same[] = {
        {"web[1:3]", "web1\nweb2\nweb3"},
        {"web[01:03].example.org", "web01.example.org\nweb02.example.org\nweb03.example.org"},
        {"web[008:010]", "web008\nweb009\nweb010"},
        {"web[1:5:2]", "web1\nweb3\nweb5"},
        {"db-[a:c]", "db-a\ndb-b\ndb-c"},
        {"r[1:2]-h[1:2]", "r1-h1\nr2-h1\nr1-h2\nr2-h2"},
        {"web[1:2] port=22 user=x", "web1 port=22 user=x\nweb2 port=22 user=x"},
        {"web[1:1]", "web1"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        assert_string_equal(hosts(same[i].range, same[i].names), "");
}

static void hosts_are_counted_each_once(void **state) {
    (void)state;
    assert_non_null(strstr(hosts("web[01:10]", "web[01:04]"), "  amount: 10 -> 4 certain\n"));
    assert_non_null(strstr(hosts("a\nb", "a\na\nb\nc"), "  amount: 2 -> 3 certain\n"));
    assert_non_null(strstr(hosts("a", "web[1:500000]"), "  amount: 1 -> 500000 certain\n"));
    assert_null(strstr(hosts("a port=1", "a port=2"), "amount"));
}

static void what_is_no_range_stays(void **state) {
    (void)state;
    static const char *const odd[] = {
        "web[3:1]",   "web[a:3]",     "web[1:",
        "web[1]",     "web]1:2[",     "web[:]",
        "web[1:2:0]", "web[-1:2]",    "web[1:9999999999999999999999]",
        "[::1]:22",   "web[1:2:3:4]",
    };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        assert_string_equal(hosts(odd[i], odd[i]), "");
}

static void groups_of_yaml_are_counted_where_they_stand(void **state) {
    (void)state;
    const char *events =
        events_in("inventories/prod/hosts.yml",
                  "all:\n  children:\n    web:\n      hosts:\n        web[01:03]:\n    db:\n"
                  "      hosts:\n        db1: {port: 1}\n      vars: {a: 1}\n",
                  "all:\n  children:\n    web:\n      hosts:\n        web01:\n");
    assert_non_null(strstr(events, "  amount: 3 -> 1 certain\n"));
    assert_non_null(strstr(events, "removed certain inventories/prod/hosts.yml#db"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ranges_are_the_names_they_stand_for, setup, teardown),
        cmocka_unit_test_setup_teardown(hosts_are_counted_each_once, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_range_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(groups_of_yaml_are_counted_where_they_stand, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
