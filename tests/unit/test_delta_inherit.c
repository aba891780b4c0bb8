/* What blocks take from those around them: settings that move outwards, and those that hide others.
 */
#include "delta_scene.h"

#define INNER(outer, inner) "server {\n listen 80;\n" outer " location / {\n" inner " }\n}\n"

static void moved_outwards(void **state) {
    (void)state;
    const char *events = events_in("nginx/a.conf", INNER("", "auth_basic x;\ndeny all;\n"),
                                   INNER("auth_basic x;\ndeny all;\n", ""));
    assert_string_equal(events, "changed certain nginx/a.conf#default:80 in nginx/a.conf\n"
                                "  auth_basic: - -> x certain\n"
                                "  access: - -> deny all certain\n");
}

static void moved_outwards_and_changed(void **state) {
    (void)state;
    const char *events =
        events_in("nginx/a.conf", INNER("", "auth_basic x;\n"), INNER("auth_basic off;\n", ""));
    assert_non_null(strstr(events, "  auth_basic: x -> off certain\n"));
}

/* A block that says something of its own has nothing of that from around. */
static void hidden(void **state) {
    (void)state;
    const char *events =
        events_in("nginx/a.conf", INNER("add_header A 1;\nadd_header B 2;\n", ""),
                  INNER("add_header A 1;\nadd_header B 2;\n", "add_header B 2;\n"));
    assert_non_null(strstr(events, "  add_header.a: "));
    assert_null(strstr(events, "add_header.b"));
}

/* Only what differs is looked for around. */
static void told_once(void **state) {
    (void)state;
    const char *events = events_in("nginx/a.conf", INNER("auth_basic x;\n", "root /a;\n"),
                                   INNER("auth_basic off;\n", "root /b;\n"));

    const char *inner = strstr(events, "#default:80 /");
    assert_non_null(strstr(events, "auth_basic: x -> off"));
    assert_non_null(inner);
    assert_null(strstr(inner, "auth_basic"));
}

/* Maps are taken over key by key where the dialect says so. */
static void merged(void **state) {
    (void)state;
    const char *events = events_in(
        "lb/haproxy.cfg",
        "defaults\n timeout client 5s\nbackend a\n timeout server 9s\n timeout check 1s\n",
        "defaults\n timeout client 5s\n timeout server 9s\nbackend a\n timeout check 2s\n");
    assert_non_null(strstr(events, "timeout.check: 1s -> 2s"));
    assert_null(strstr(events, "timeout.server: 9s"));
    assert_null(strstr(events, "timeout.client"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moved_outwards), cmocka_unit_test(moved_outwards_and_changed),
        cmocka_unit_test(hidden),         cmocka_unit_test(told_once),
        cmocka_unit_test(merged),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
