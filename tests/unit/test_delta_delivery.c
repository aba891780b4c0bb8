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

#define ARGO(name, path, rest)                                                                     \
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"                                        \
    "metadata: {name: " name ", namespace: argocd}\n"                                              \
    "spec: {source: {path: " path "}, syncPolicy: {automated: {prune: " rest "}}}\n"

static const char *base_without_web(const char *overlay, const char *base) {
    struct scene scene = {.count = 0};
    add(&scene, "base/web.yaml", WEB("web"), NULL);
    add(&scene, "base/kustomization.yaml", base, "resources: []\n");
    keep(&scene, "overlays/a/kustomization.yaml", overlay);
    keep(&scene, "apps/a.yaml", ARGO("a", "overlays/a", "false"));
    return events_of(&scene);
}

static void lists_lead_from_a_delivery_to_a_base(void **state) {
    (void)state;
    const char *base = "resources: [web.yaml]\n";
    const char *orphaned = "orphaned likely apps/Deployment/shop/web in base/web.yaml\n";
    const char *removed = "removed certain apps/Deployment/shop/web in base/web.yaml\n";
    assert_non_null(strstr(base_without_web("resources: [../../base]\n", base), orphaned));
    assert_non_null(strstr(base_without_web("bases: [../../base]\n", base), orphaned));
    assert_non_null(strstr(base_without_web("components: [./../../base/]\n", base), orphaned));
    assert_non_null(strstr(base_without_web("resources: [../../bas]\n", base), removed));
    assert_non_null(
        strstr(base_without_web("resources: ['https://a.example/base']\n", base), removed));
    assert_non_null(strstr(base_without_web("resources: [../../../base]\n", base), removed));
}

static void lists_that_lead_in_a_circle_end(void **state) {
    (void)state;
    assert_non_null(strstr(
        base_without_web("resources: [../../base, .]\n", "resources: [web.yaml, ../overlays/a]\n"),
        "orphaned likely apps/Deployment/shop/web"));
    assert_non_null(strstr(base_without_web("resources: {base: ../../base}\n", "resources: [\n"),
                           "removed certain apps/Deployment/shop/web"));
}

static void what_stays_in_the_lists_of_one_delivery_is_not_removed(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "a/web.yaml", WEB("web"), NULL);
    add(&scene, "a/kustomization.yaml", "resources: [web.yaml]\n", "resources: [../base]\n");
    add(&scene, "base/kustomization.yaml", NULL, "resources: [web.yaml]\n");
    add(&scene, "base/web.yaml", NULL, WEB("web"));
    assert_null(strstr(events_of(&scene), "apps/Deployment/shop/web"));
    scene.files[3].after = slice_of(WEB("front"));
    assert_non_null(strstr(events_of(&scene), "rejected certain apps/Deployment/shop/web"));
    assert_null(strstr(events_of(&scene), "removed"));
    scene.files[1].after = slice_of("resources: [../other]\n");
    assert_non_null(strstr(events_of(&scene), "removed certain apps/Deployment/shop/web"));
}

/* Another overlay that the base is for does not get it from this one. */
static void what_leaves_a_base_for_one_overlay_is_removed(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "base/web.yaml", WEB("web"), NULL);
    add(&scene, "base/kustomization.yaml", "resources: [web.yaml]\n", "resources: []\n");
    add(&scene, "a/kustomization.yaml", "resources: [../base]\n",
        "resources: [../base, web.yaml]\n");
    add(&scene, "a/web.yaml", NULL, WEB("web"));
    assert_non_null(strstr(events_of(&scene), "removed certain apps/Deployment/shop/web"));
}

static void a_folder_that_is_no_longer_listed_loses_its_objects(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "a/kustomization.yaml", "resources: [../one, ../two]\n", "resources: [../one]\n");
    keep(&scene, "one/kustomization.yaml", "resources: [../both]\n");
    keep(&scene, "two/kustomization.yaml", "resources: [../both, web.yaml]\n");
    keep(&scene, "two/web.yaml", WEB("web"));
    keep(&scene, "both/kustomization.yaml", "resources: [ns.yaml]\n");
    keep(&scene, "both/ns.yaml", NAMESPACE);
    const char *events = events_of(&scene);
    assert_non_null(strstr(events, "removed likely apps/Deployment/shop/web in two/web.yaml"));
    assert_null(strstr(events, "Namespace/shop"));
}

#define SET(generators, path)                                                                      \
    "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\n"                                     \
    "metadata: {name: set, namespace: argocd}\nspec:\n  generators: [" generators "]\n"            \
    "  template:\n    metadata: {name: 'x-{{ .cluster }}'}\n"                                      \
    "    spec: {source: {path: '" path "'}, syncPolicy: {automated: {prune: false}}}\n"

static const char *delivered_by_set(const char *set) {
    struct scene scene = {.count = 0};
    add(&scene, "deploy/eu/web.yaml", WEB("web"), NULL);
    keep(&scene, "argo/set.yaml", set);
    return events_of(&scene);
}

static void a_template_delivers_the_folders_of_its_rows(void **state) {
    (void)state;
    static const char *const found[] = {
        SET("{list: {elements: [{cluster: us}, {cluster: eu}]}}", "deploy/{{.cluster}}"),
        SET("{git: {directories: [{path: deploy/*}]}}", "{{ .path.path }}"),
        SET("{git: {directories: [{path: deploy/*}]}}", "{{path}}"),
        SET("{git: {directories: [{path: other/*}]}}", "deploy/{{path.basename}}"),
        SET("{matrix: {generators: [{list: {elements: [{at: deploy}]}}, "
            "{list: {elements: [{cluster: eu}]}}]}}",
            "{{at}}/{{cluster}}"),
    };
    static const char *const not_found[] = {
        SET("{list: {elements: [{cluster: us}]}}", "deploy/{{.cluster}}"),
        SET("{git: {directories: [{path: other/*}]}}", "{{path}}"),
        SET("{clusters: {}}", "{{path}}"),
        SET("{list: {elements: [{cluster: eu}]}}", "deploy/{{.cluster"),
        SET("{list: {elements: nothing}}", "{{ }}"),
    };
    for (size_t i = 0; i < sizeof found / sizeof *found; i++)
        assert_non_null(strstr(delivered_by_set(found[i]), "orphaned likely"));
    for (size_t i = 0; i < sizeof not_found / sizeof *not_found; i++)
        assert_non_null(strstr(delivered_by_set(not_found[i]), "removed certain"));
}

static void what_a_template_no_longer_makes_is_removed(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "argo/set.yaml",
        SET("{list: {elements: [{cluster: us}, {cluster: eu}]}}", "deploy/{{.cluster}}"),
        SET("{list: {elements: [{cluster: us}]}}", "deploy/{{.cluster}}"));
    keep(&scene, "deploy/eu/web.yaml", WEB("web"));
    keep(&scene, "deploy/us/ns.yaml", NAMESPACE);
    assert_non_null(strstr(events_of(&scene),
                           "removed likely argoproj.io/ApplicationSet/argocd/set#x-eu in "
                           "argo/set.yaml (delete_because_no_longer_listed)\n"
                           "  with apps/Deployment/shop/web\n"));
}

static void folders_that_are_excluded_are_not_delivered(void **state) {
    (void)state;
    assert_non_null(strstr(delivered_by_set(SET("{git: {directories: [{path: deploy/*}, "
                                                "{path: deploy/eu, exclude: true}]}}",
                                                "{{path}}")),
                           "removed certain"));
    struct scene scene = {.count = 0};
    add(&scene, "argo/set.yaml", SET("{git: {directories: [{path: deploy/*}]}}", "{{path}}"),
        SET("{git: {directories: [{path: deploy/*}, {path: deploy/eu, exclude: true}]}}",
            "{{path}}"));
    keep(&scene, "deploy/eu/web.yaml", WEB("web"));
    assert_non_null(strstr(events_of(&scene),
                           "removed likely argoproj.io/ApplicationSet/argocd/set#deploy/eu in "
                           "argo/set.yaml (delete_because_no_longer_listed)\n"
                           "  with apps/Deployment/shop/web\n"));
    const char *before = scene.files[0].before.data;
    scene.files[0].before = scene.files[0].after;
    scene.files[0].after = slice_of(before);
    assert_null(strstr(events_of(&scene), "removed"));
}

static void another_folder_takes_along_what_it_does_not_hold(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "flux.yaml", FLUX("./full", "prune: true"), FLUX("./small", "prune: true"));
    keep(&scene, "full/kustomization.yaml", "resources: [../base, ns.yaml]\n");
    keep(&scene, "full/ns.yaml", NAMESPACE);
    keep(&scene, "base/kustomization.yaml", "resources: [web.yaml]\n");
    keep(&scene, "base/web.yaml", WEB("web"));
    keep(&scene, "small/deep/web.yaml", WEB("web"));
    const char *events = events_of(&scene);
    assert_non_null(strstr(events, "  with Namespace/shop\n"));
    assert_null(strstr(events, "with apps/Deployment"));
    scene.files[0].after = slice_of(FLUX("./nothing", "prune: true"));
    assert_null(strstr(events_of(&scene), "with "));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_does_not_prune_leaves_objects_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(the_nearest_delivery_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_refused_is_replaced_where_it_is_forced, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_goes_along_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(lists_lead_from_a_delivery_to_a_base, setup, teardown),
        cmocka_unit_test_setup_teardown(lists_that_lead_in_a_circle_end, setup, teardown),
        cmocka_unit_test_setup_teardown(what_stays_in_the_lists_of_one_delivery_is_not_removed,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(what_leaves_a_base_for_one_overlay_is_removed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_folder_that_is_no_longer_listed_loses_its_objects, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_template_delivers_the_folders_of_its_rows, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_a_template_no_longer_makes_is_removed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(folders_that_are_excluded_are_not_delivered, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(another_folder_takes_along_what_it_does_not_hold, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_a_nested_template_declares_goes_along, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
