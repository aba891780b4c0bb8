#include "delta_scene.h"

#include "fact/place.h"

#define STACK                                                                                      \
    "Resources:\n  Net: {Type: AWS::EC2::VPC}\n  Db: {Type: AWS::RDS::DBInstance, Properties: "    \
    "{Engine: a}}\n  Runs: {Type: AWS::ECS::Cluster}\n"
#define NAMESPACE "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
#define SERVICE "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"
#define MODULE(name) "module \"" name "\" {\n  source = \"./m\"\n}\n"

static bool tells(const struct scene *scene, const char *line) {
    return strstr(events_of(scene), line) != NULL;
}

static void a_folder_makes_way_for_its_twin(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "envs/prod/main.tf", MODULE("a") MODULE("b"), NULL);
    add(&scene, "envs/prod/vars.tf", "variable \"x\" {}\n" MODULE("c"), NULL);
    add(&scene, "envs/prod-eu/main.tf", NULL, MODULE("a") MODULE("d"));
    assert_true(tells(&scene, "replaced likely envs/prod/ in envs/prod/main.tf by twin"));
}

#define BACKEND(key) "terraform {\n  backend \"s3\" {\n    key = \"" key "\"\n  }\n}\n"

static void a_renamed_folder_is_another_one_with_another_state(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    scene.files[scene.count++] = (struct source_file){.path = SLICE("envs/prod-eu/main.tf"),
                                                      .old_path = SLICE("envs/prod/main.tf"),
                                                      .before = SLICE(MODULE("a") BACKEND("x")),
                                                      .after = SLICE(MODULE("a") BACKEND("y"))};
    assert_true(tells(&scene, "replaced likely envs/prod/ in envs/prod/main.tf by twin"));
    scene.files[0].after = scene.files[0].before;
    assert_string_equal(events_of(&scene), "");
    scene.files[0].before = scene.files[0].after = SLICE(MODULE("a"));
    assert_true(tells(&scene, "replaced possible envs/prod/ in envs/prod/main.tf by twin"));
    scene.files[0].path = SLICE("stacks/prod/main.tf");
    assert_string_equal(events_of(&scene), "");
}

static void a_renamed_project_is_another_one_without_a_name(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    const char *text = "services:\n  db:\n    image: postgres\n";
    scene.files[scene.count++] = (struct source_file){.path = SLICE("new/prod-b/compose.yml"),
                                                      .old_path = SLICE("old/prod-a/compose.yml"),
                                                      .before = slice_of(text),
                                                      .after = slice_of(text)};
    assert_true(tells(&scene, "replaced likely old/prod-a/ in old/prod-a/compose.yml by twin"));
    scene.files[0].before = scene.files[0].after =
        SLICE("name: shop\nservices:\n  db:\n    image: postgres\n");
    assert_false(tells(&scene, "replaced likely"));
}

static void half_alike_is_a_twin_and_less_is_none(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "stacks/prod.yaml", STACK, NULL);
    add(&scene, "stacks/prod-eu.yaml", NULL, "Resources:\n  Q: {Type: AWS::SQS::Queue}\n");
    assert_true(tells(&scene, "removed likely stacks/prod.yaml in stacks/prod.yaml\n"));
    scene.files[1].after = SLICE("Resources:\n  N: {Type: AWS::EC2::VPC}\n"
                                 "  D: {Type: AWS::RDS::DBInstance, Properties: {Engine: b}}\n");
    assert_true(tells(&scene, "replaced likely stacks/prod.yaml in stacks/prod.yaml by twin"));
}

static void folders_inside_one_another_are_one(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "envs/prod/a.yaml", NAMESPACE, NULL);
    add(&scene, "envs/prod/b.yaml", SERVICE, NULL);
    add(&scene, "envs/prod/resources/main.tf", MODULE("a") MODULE("b") MODULE("c"), NULL);
    const char *events = events_of(&scene);
    assert_non_null(strstr(events, "removed likely envs/prod/ in envs/prod/a.yaml\n"));
    assert_null(strstr(events, "removed likely envs/prod/resources/"));
}

static void what_stays_is_not_gone(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "envs/prod/a.yaml", NAMESPACE, NULL);
    add(&scene, "envs/prod/b.yaml", SERVICE, SERVICE "spec: {type: NodePort}\n");
    assert_false(tells(&scene, "removed likely envs/prod/"));
    scene.count = 1; /* one file, and nobody knows what stands beside it */
    assert_false(tells(&scene, "removed likely envs/prod/"));
}

static void another_place_is_no_other_environment(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "stacks/prod.yaml", STACK, NULL);
    add(&scene, "cloud/prod.yaml", NULL,
        "Resources:\n  N: {Type: AWS::EC2::VPC}\n"
        "  Db: {Type: AWS::RDS::DBInstance, Properties: {Engine: b, Port: 1}}\n");
    const char *events = events_of(&scene);
    assert_null(strstr(events, "likely stacks/prod.yaml in"));
    assert_non_null(strstr(events, "removed possible Db"));
}

static void a_followed_folder_is_no_other_environment(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "overlays/prod/a.yaml", NAMESPACE, NULL);
    add(&scene, "overlays/prod/b.yaml", SERVICE, NULL);
    add(&scene, "overlays/live/a.yaml", NULL, NAMESPACE);
    add(&scene, "overlays/live/b.yaml", NULL, SERVICE);
    assert_true(tells(&scene, "replaced likely overlays/prod/"));
    add(&scene, "app.yaml",
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\n"
        "spec: {source: {path: ./overlays/prod}}\n",
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\n"
        "spec: {source: {path: overlays/live/}}\n");
    assert_false(tells(&scene, "replaced likely overlays/prod/"));
}

static void assert_label(const char *path, const char *label) {
    struct slice found = place_label(&knowledge, slice_of(path));
    assert_true(slice_equal(found, slice_of(label)));
}

static void labels_are_environments_and_members_of_collections(void **state) {
    (void)state;
    assert_label("infra/prod-eu/db/main.tf", "infra/prod-eu");
    assert_label("clusters/eu/apps/web.yaml", "clusters/eu");
    assert_label("stacks/staging.yaml", "stacks/staging.yaml");
    assert_label("modules/db/main.tf", "");
    assert_label("", "");
    assert_label("clusters", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_folder_makes_way_for_its_twin, setup, teardown),
        cmocka_unit_test_setup_teardown(a_renamed_folder_is_another_one_with_another_state, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_renamed_project_is_another_one_without_a_name, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(half_alike_is_a_twin_and_less_is_none, setup, teardown),
        cmocka_unit_test_setup_teardown(folders_inside_one_another_are_one, setup, teardown),
        cmocka_unit_test_setup_teardown(what_stays_is_not_gone, setup, teardown),
        cmocka_unit_test_setup_teardown(another_place_is_no_other_environment, setup, teardown),
        cmocka_unit_test_setup_teardown(a_followed_folder_is_no_other_environment, setup, teardown),
        cmocka_unit_test_setup_teardown(labels_are_environments_and_members_of_collections, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
