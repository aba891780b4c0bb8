/* Modules seen through their calls, and directories that are broken. */
#include "delta_scene.h"

#define ROOT(argument) "module \"db\" {\n  source = \"../modules/db\"\n  name   = " argument "\n}\n"
#define MODULE                                                                                     \
    "variable \"name\" {}\nresource \"aws_db_instance\" \"main\" {\n  db_name = var.name\n}\n"

static void assert_told(const struct scene *scene, const char *text) {
    const char *events = events_of(scene);
    if (!strstr(events, text))
        fail_msg("no \"%s\" in:\n%s", text, events);
}

static void arguments_reach_what_a_module_holds(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "prod/main.tf", ROOT("\"a\""), ROOT("\"b\""));
    keep(&scene, "modules/db/main.tf", MODULE);
    assert_told(&scene, "replaced likely module.db.aws_db_instance.main in modules/db/main.tf");
}

static void a_call_takes_what_it_holds_along(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "prod/main.tf", ROOT("\"a\""), "locals {}\n");
    keep(&scene, "modules/db/main.tf", MODULE);
    assert_told(&scene, "removed certain module.db in prod/main.tf\n"
                        "  with module.db.aws_db_instance.main\n");
    assert_told(&scene, "removed certain module.db.aws_db_instance.main in modules/db/main.tf "
                        "(delete_because_no_module)");
}

static void an_edit_inside_is_seen_once(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "modules/db/main.tf", MODULE,
        "variable \"name\" {}\nresource \"aws_db_instance\" \"main\" {\n"
        "  db_name = \"x-${var.name}\"\n}\n");
    keep(&scene, "prod/main.tf", ROOT("\"a\""));
    keep(&scene, "stage/main.tf", ROOT("\"b\""));
    const char *events = events_of(&scene);
    const char *first = strstr(events, "replaced likely module.db.aws_db_instance.main");
    assert_non_null(first);
    assert_null(strstr(first + 1, "replaced likely"));
}

static void circles_are_told(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "a/main.tf", "locals {\n  x = local.y\n  y = 1\n}\n",
        "locals {\n  x = local.y\n  y = local.x\n}\n");
    keep(&scene, "a/db.tf", "resource \"aws_db_instance\" \"main\" {\n  db_name = local.x\n}\n");
    assert_told(&scene, "leads to itself");
    struct scene modules = {.count = 0};
    add(&modules, "a/main.tf", "module \"b\" {\n  source = \"../b\"\n  x = 1\n}\n",
        "module \"b\" {\n  source = \"../b\"\n  x = 2\n}\n");
    keep(&modules, "b/main.tf",
         "variable \"x\" {}\nmodule \"a\" {\n  source = \"../a\"\n  x = var.x\n}\n");
    assert_told(&modules, "not-understood");
}

static void a_missing_module_is_no_reason_to_stop(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "prod/main.tf", ROOT("\"a\""), "locals {}\n");
    assert_told(&scene, "removed certain module.db in prod/main.tf");
}

static void errors_and_unknown_functions_leave_the_rest(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "main.tf",
        "resource \"aws_db_instance\" \"main\" {\n  db_name = \"a\"\n}\nlocals {\n  x = = 1\n",
        "resource \"aws_db_instance\" \"main\" {\n  db_name = frobnicate(\"b\")\n}\n"
        "locals {\n  x = = 2\n");
    assert_told(&scene, "replaced possible aws_db_instance.main");
    assert_told(&scene, "not-understood");
}

static void five_megabytes_of_values(void **state) {
    (void)state;
    enum { SIZE = 5 << 20 };
    struct strbuf before, after;
    strbuf_init(&before, &arena);
    strbuf_init(&after, &arena);
    for (uint32_t i = 0; before.size < SIZE; i++) {
        strbuf_addf(&before, "name_%u = \"value number %u of many\"\n", i, i);
        strbuf_addf(&after, "name_%u = \"value number %u of many\"\n", i, i == 7 ? 8 : i);
    }
    struct scene scene = {.count = 0};
    add(&scene, "terraform.tfvars", arena_text(&arena, strbuf_slice(&before)),
        arena_text(&arena, strbuf_slice(&after)));
    keep(&scene, "main.tf",
         "variable \"name_7\" {}\nresource \"aws_db_instance\" \"main\" {\n  db_name = "
         "var.name_7\n}\n");
    const char *events = run(&scene, false);
    assert_true(strstr(events, "replaced likely aws_db_instance.main") ||
                strstr(events, "not-understood"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(arguments_reach_what_a_module_holds, setup, teardown),
        cmocka_unit_test_setup_teardown(a_call_takes_what_it_holds_along, setup, teardown),
        cmocka_unit_test_setup_teardown(an_edit_inside_is_seen_once, setup, teardown),
        cmocka_unit_test_setup_teardown(circles_are_told, setup, teardown),
        cmocka_unit_test_setup_teardown(a_missing_module_is_no_reason_to_stop, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_and_unknown_functions_leave_the_rest, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(five_megabytes_of_values, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
