#include "delta_scene.h"

#define WEB(app)                                                                                   \
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\n"              \
    "spec: {selector: {matchLabels: {app: " app "}}}\n"
#define NAMESPACE "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
#define FLUX(path, rest)                                                                           \
    "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"                            \
    "metadata: {name: apps, namespace: flux-system}\nspec: {path: " path ", " rest "}\n"

static const char *without_web(const char *delivery) {
    struct scene scene = {.count = 0};
    add(&scene, "apps/one/web.yaml", WEB("web"), NULL);
    keep(&scene, "clusters/main/apps.yaml", delivery);
    return events_of(&scene);
}

static void who_does_not_prune_leaves_objects_alone(void **state) {
    (void)state;
    assert_string_equal(without_web(FLUX("./apps/one/", "prune: false")),
                        "orphaned likely apps/Deployment/shop/web in apps/one/web.yaml\n");
    assert_string_equal(without_web(FLUX("./apps", "prune: true")),
                        "removed certain apps/Deployment/shop/web in apps/one/web.yaml\n");
    assert_string_equal(without_web(FLUX("./apps/on", "prune: false")),
                        "removed certain apps/Deployment/shop/web in apps/one/web.yaml\n");
    assert_string_equal(without_web(FLUX("../..", "prune: false")),
                        "removed certain apps/Deployment/shop/web in apps/one/web.yaml\n");
}

static void the_nearest_delivery_counts(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "apps/one/web.yaml", WEB("web"), NULL);
    keep(&scene, "clusters/a.yaml", FLUX("apps", "prune: true"));
    keep(&scene, "clusters/b.yaml", FLUX("apps/one", "prune: false"));
    assert_non_null(strstr(events_of(&scene), "orphaned likely"));
}

static void what_is_refused_is_replaced_where_it_is_forced(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "apps/one/web.yaml", WEB("web"), WEB("shop"));
    assert_non_null(strstr(events_of(&scene), "rejected certain"));
    keep(&scene, "clusters/a.yaml", FLUX("apps", "prune: true, force: true"));
    assert_non_null(strstr(events_of(&scene), "replaced likely apps/Deployment/shop/web"));
    assert_null(strstr(events_of(&scene), "rejected"));
}

static void what_goes_along_is_named(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "apps/one/ns.yaml", NAMESPACE, NULL);
    keep(&scene, "apps/one/web.yaml", WEB("web"));
    keep(&scene, "apps/two/other.yaml",
         "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shopping}\n");
    assert_string_equal(events_of(&scene), "removed certain Namespace/shop in apps/one/ns.yaml\n"
                                           "  with apps/Deployment/shop/web\n");
    scene.count = 0;
    add(&scene, "clusters/apps.yaml", FLUX("./apps/one", "prune: true"), NULL);
    assert_non_null(strstr(events_of(&scene), "  with apps/Deployment/shop/web\n"));
}

static void what_a_nested_template_declares_goes_along(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "stack/root.yaml",
        "Resources:\n  Data: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "
        "./data.yaml}}\n  Q: {Type: AWS::SQS::Queue}\n",
        "Resources:\n  Q: {Type: AWS::SQS::Queue}\n");
    keep(&scene, "stack/data.yaml", "Resources:\n  Table: {Type: AWS::DynamoDB::Table}\n");
    assert_non_null(strstr(events_of(&scene), "removed certain Data in stack/root.yaml\n"
                                              "  with Table\n"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_does_not_prune_leaves_objects_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(the_nearest_delivery_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_refused_is_replaced_where_it_is_forced, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_goes_along_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(what_a_nested_template_declares_goes_along, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
