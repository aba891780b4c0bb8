/* Configurations that include others. */
#include "delta_scene.h"

#define MODULE                                                                                     \
    "variable \"name\" {}\nvariable \"vpc\" {\n  default = \"\"\n}\n"                              \
    "resource \"aws_db_instance\" \"main\" {\n  username = var.name\n}\n"                          \
    "resource \"aws_subnet\" \"main\" {\n  vpc_id = var.vpc\n}\n"
#define SOURCE "terraform {\n  source = \"../../modules//db\"\n}\n"
#define UP "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n}\n"
#define NAME(name) "inputs = {\n  name = " name "\n}\n"
#define UNIT "live/db/terragrunt.hcl"
#define REPLACED "replaced likely aws_db_instance.main in modules/db/main.tf"

static void assert_said(const struct scene *scene, const char *text) {
    const char *events = events_of(scene);
    if (!strstr(events, text))
        fail_msg("no \"%s\" in:\n%s", text, events);
}

static void assert_quiet(const struct scene *scene) {
    const char *events = events_of(scene);
    if (strstr(events, "aws_") || strstr(events, "module."))
        fail_msg("told:\n%s", events);
}

static struct scene scene_of(const char *before, const char *after, const char *root) {
    struct scene scene = {.count = 0};
    add(&scene, UNIT, before, after);
    keep(&scene, "modules/db/main.tf", MODULE);
    if (root)
        keep(&scene, "live/root.hcl", root);
    return scene;
}

static void own_arguments_come_first(void **state) {
    (void)state;
    struct scene same = scene_of(UP SOURCE NAME("\"a\""), UP SOURCE, NAME("\"a\""));
    assert_quiet(&same);
    struct scene other = scene_of(UP SOURCE NAME("\"b\""), UP SOURCE, NAME("\"a\""));
    assert_said(&other, REPLACED);
}

static void what_is_included_reaches_every_unit(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "live/root.hcl", NAME("\"a\""), NAME("\"b\""));
    keep(&scene, UNIT, UP SOURCE);
    keep(&scene, "modules/db/main.tf", MODULE);
    assert_said(&scene, REPLACED);
    struct scene hidden = {.count = 0};
    add(&hidden, "live/root.hcl", NAME("\"a\""), NAME("\"b\""));
    keep(&hidden, UNIT, UP SOURCE NAME("\"c\""));
    keep(&hidden, "modules/db/main.tf", MODULE);
    assert_quiet(&hidden);
}

static void the_call_may_stand_above(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "live/env.hcl", "locals {\n  name = \"a\"\n}\n", "locals {\n  name = \"b\"\n}\n");
    keep(&scene, "live/common/db.hcl",
         "locals {\n  env = read_terragrunt_config(find_in_parent_folders(\"env.hcl\"))\n}\n"
         "terraform {\n  source = \"${get_repo_root()}/modules/db\"\n}\n"
         "inputs = {\n  name = local.env.locals.name\n}\n");
    keep(&scene, UNIT,
         "include \"db\" {\n"
         "  path = \"${dirname(find_in_parent_folders(\"env.hcl\"))}/common/db.hcl\"\n}\n");
    keep(&scene, "modules/db/main.tf", MODULE);
    assert_said(&scene, REPLACED);
}

static void what_is_exposed_has_a_name(void **state) {
    (void)state;
    const char *root = "locals {\n  name = \"a\"\n}\n";
    struct scene same = scene_of(UP SOURCE NAME("\"a-db\""),
                                 UP SOURCE NAME("\"${include.root.locals.name}-db\""), root);
    assert_quiet(&same);
    struct scene unlabelled = scene_of(
        UP SOURCE NAME("\"a\""),
        "include {\n  path = \"../root.hcl\"\n}\n" SOURCE NAME("include.locals.name"), root);
    assert_quiet(&unlabelled);
}

static void maps_are_merged_where_it_is_asked_for(void **state) {
    (void)state;
#define SETTINGS(strategy, own)                                                                    \
    "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n" strategy "}\n" SOURCE    \
    "inputs = {\n  settings = " own "\n}\n"
    struct scene scene = {.count = 0};
    add(&scene, UNIT, SETTINGS("  merge_strategy = \"deep\"\n", "{ size = 1 }"),
        SETTINGS("", "{ size = 1 }"));
    keep(&scene, "live/root.hcl", "inputs = {\n  settings = { name = \"a\" }\n}\n");
    keep(&scene, "modules/db/main.tf",
         "variable \"settings\" {}\nresource \"aws_db_instance\" \"main\" {\n"
         "  username = lookup(var.settings, \"name\", \"none\")\n}\n");
    assert_said(&scene, REPLACED);
}

static void outputs_of_dependencies_are_named(void **state) {
    (void)state;
#define NEEDS(path)                                                                                \
    SOURCE "dependency \"vpc\" {\n  config_path = \"" path "\"\n  mock_outputs = {\n"              \
           "    id = \"mock\"\n  }\n}\ninputs = {\n  vpc = dependency.vpc.outputs.id\n}\n"
    struct scene scene = scene_of(NEEDS("../vpc"), NEEDS("../other"), NULL);
    assert_said(&scene, "replaced likely aws_subnet.main");
    assert_said(&scene, "dependency[\"../other\"].outputs.id");
}

static void a_unit_that_moves_leaves_its_state(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    scene.files[scene.count++] = (struct source_file){.path = SLICE("live/database/terragrunt.hcl"),
                                                      .old_path = SLICE(UNIT),
                                                      .before = SLICE(UP SOURCE),
                                                      .after = SLICE(UP SOURCE)};
    keep(&scene, "live/root.hcl", NAME("\"a\""));
    keep(&scene, "modules/db/main.tf", MODULE);
    assert_said(&scene, "removed possible module.terragrunt in " UNIT);
}

static void broken_includes_end(void **state) {
    (void)state;
    static const char *const units[] = {
        "include \"x\" {\n  path = find_in_parent_folders(\"nothing.hcl\")\n}\n",
        "include \"x\" {\n  path = \"terragrunt.hcl\"\n}\n",
        "include \"x\" {\n  path = \"../../../../x.hcl\"\n}\n",
        "include \"x\" {\n  path = local.nobody\n}\n",
        "include \"x\" {}\n",
        ("include \"x\" {\n  path = read_terragrunt_config(\"terragrunt.hcl\").locals.x\n}\n"
         "locals {\n  x = read_terragrunt_config(\"terragrunt.hcl\").locals.x\n}\n"),
        "dependency \"x\" {}\ninputs = {\n  name = dependency.x.outputs.y\n}\n",
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        const char *before = arena_text(&arena, arena_format(&arena, "%s" SOURCE, units[i]));
        const char *after = arena_text(&arena, arena_format(&arena, "%s" SOURCE "# x\n", units[i]));
        struct scene scene = scene_of(before, after, NULL);
        assert_quiet(&scene);
    }
}

static void what_is_read_again_and_again_is_read_once(void **state) {
    (void)state;
    struct strbuf fan;
    strbuf_init(&fan, &arena);
    strbuf_add_text(&fan, "locals {\n");
    for (int i = 0; i < 40; i++)
        strbuf_addf(&fan, "  x%d = read_terragrunt_config(\"b%d.hcl\")\n", i, i % 4);
    strbuf_add_text(&fan, "}\ninputs = {\n  name = local.x1\n}\n");
    const char *text = arena_text(&arena, strbuf_slice(&fan));
    struct scene scene = {.count = 0};
    add(&scene, UNIT, text, arena_text(&arena, arena_format(&arena, "%s" SOURCE, text)));
    static const char *const paths[] = {"live/db/b0.hcl", "live/db/b1.hcl", "live/db/b2.hcl",
                                        "live/db/b3.hcl"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        keep(&scene, paths[i], text);
    assert_null(strstr(events_of(&scene), "removed"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(own_arguments_come_first, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_included_reaches_every_unit, setup, teardown),
        cmocka_unit_test_setup_teardown(the_call_may_stand_above, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_exposed_has_a_name, setup, teardown),
        cmocka_unit_test_setup_teardown(maps_are_merged_where_it_is_asked_for, setup, teardown),
        cmocka_unit_test_setup_teardown(outputs_of_dependencies_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_unit_that_moves_leaves_its_state, setup, teardown),
        cmocka_unit_test_setup_teardown(broken_includes_end, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_read_again_and_again_is_read_once, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
