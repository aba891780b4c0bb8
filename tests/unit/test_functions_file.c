/* Files of the repository that expressions read. */
#include "delta_scene.h"

#define MACHINE(data)                                                                              \
    "variable \"name\" {\n  default = \"shop\"\n}\n"                                               \
    "resource \"azurerm_linux_virtual_machine\" \"main\" {\n  custom_data = " data "\n}\n"
#define FILLED "base64encode(templatefile(\"${path.module}/init.tftpl\", { name = var.name }))"

static void assert_said(const char *events, const char *text) {
    if (!strstr(events, text))
        fail_msg("no \"%s\" in:\n%s", text, events);
}

static const char *with_template(const char *before, const char *after, const char *template) {
    struct scene scene = {.count = 0};
    add(&scene, "prod/main.tf", before, after);
    keep(&scene, "prod/init.tftpl", template);
    return events_of(&scene);
}

static void a_template_is_what_it_makes(void **state) {
    (void)state;
    assert_string_equal(
        with_template(MACHINE("base64encode(\"host shop\")"), MACHINE(FILLED), "host ${name}"), "");
}

static void other_arguments_make_another_text(void **state) {
    (void)state;
    const char *events = with_template(
        MACHINE(FILLED),
        MACHINE("base64encode(templatefile(\"${path.module}/init.tftpl\", {name = \"x\"}))"),
        "host ${name}%{ if name != \"x\" } main%{ endif }");
    assert_said(events, "replaced likely azurerm_linux_virtual_machine.main");
}

static void a_file_that_is_not_there_is_not_known(void **state) {
    (void)state;
    const char *events =
        events_in("prod/main.tf", MACHINE("file(\"a.sh\")"), MACHINE("file(\"b.sh\")"));
    assert_said(events, "replaced");
    assert_null(strstr(events, "replaced certain"));
}

static void a_template_that_is_not_understood_is_known_by_its_hash(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "prod/main.tf", "locals {}\n" MACHINE(FILLED), MACHINE(FILLED));
    add(&scene, "prod/init.tftpl", "${unknown_function(name)}", "${unknown_function(name)} more");
    assert_said(events_of(&scene), "replaced likely azurerm_linux_virtual_machine.main");
}

static void a_changed_file_is_seen_where_it_is_read(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "prod/templates/init.tftpl", "host ${name}", "host ${name} more");
    keep(&scene, "prod/main.tf",
         MACHINE("templatefile(\"${path.module}/templates/init.tftpl\", { name = var.name })"));
    assert_said(events_of(&scene), "replaced likely azurerm_linux_virtual_machine.main");
    struct scene same = {.count = 0};
    add(&same, "prod/templates/init.tftpl", "host ${name}", "host ${ name }");
    keep(&same, "prod/main.tf",
         MACHINE("templatefile(\"${path.module}/templates/init.tftpl\", { name = var.name })"));
    assert_null(strstr(events_of(&same), "azurerm"));
}

static void a_file_is_read_beside_the_module(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "modules/vm/main.tf", MACHINE("filebase64(\"${path.module}/a.sh\")"),
        MACHINE("filebase64(\"${path.module}/b.sh\")"));
    keep(&scene, "modules/vm/a.sh", "echo a\n");
    keep(&scene, "modules/vm/b.sh", "echo a\n");
    keep(&scene, "prod/main.tf", "module \"vm\" {\n  source = \"../modules/vm\"\n}\n");
    assert_null(strstr(events_of(&scene), "replaced"));
}

static void nothing_is_read_outside(void **state) {
    (void)state;
    static const char *const paths[] = {
        "/etc/passwd", "~/x", "../../../x", "${path.module}/../../x", "${var.nobody}/x", ""};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const char *body =
            arena_text(&arena, arena_format(&arena, MACHINE("file(\"%s\")"), paths[i]));
        assert_null(strstr(events_in("prod/main.tf", body, body), "replaced"));
    }
    struct scene scene = {.count = 0};
    add(&scene, "prod/main.tf", MACHINE("1"), MACHINE("templatefile(\"init.tftpl\", {})"));
    keep(&scene, "prod/init.tftpl", "${templatefile(\"init.tftpl\", {})}");
    assert_said(events_of(&scene), "azurerm_linux_virtual_machine.main");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_template_is_what_it_makes, setup, teardown),
        cmocka_unit_test_setup_teardown(other_arguments_make_another_text, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_that_is_not_there_is_not_known, setup, teardown),
        cmocka_unit_test_setup_teardown(a_template_that_is_not_understood_is_known_by_its_hash,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_changed_file_is_seen_where_it_is_read, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_is_read_beside_the_module, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_read_outside, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
