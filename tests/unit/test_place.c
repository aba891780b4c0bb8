#include "arena_fixture.h"

#include "fact/place.h"

static void assert_environments(const char *const *texts, enum environment wanted) {
    for (; *texts; texts++) {
        enum environment is = place_environment(&knowledge, slice_of(*texts));
        if (is != wanted)
            fail_msg("%s is %s", *texts, word_of(WORDS_ENVIRONMENT, is));
    }
}

static void words_name_environments(void **state) {
    (void)state;
    assert_environments((const char *const[]){"prod", "PRD", "envs/production/main.tf",
                                              "my-prod-cluster", "prodCluster", "PRODCluster",
                                              "app.prod.yaml", "prod1", "eu_prod_2", "main-prod",
                                              "live/us-east-1", "dev-to-prod", "dev/prod", NULL},
                        ENVIRONMENT_PRODUCTION);
    assert_environments((const char *const[]){"nonprod", "non-prod", "non_production", "preprod",
                                              "pre-prod", "preProd", "PreProduction", "stage",
                                              "staging.tfvars", "uat", "qa2", "test-env",
                                              "prod-like", NULL},
                        ENVIRONMENT_STAGING);
    assert_environments((const char *const[]){"dev", "development", "sandbox-3", "preview",
                                              "local/docker.yaml", "playground", "envs/dev", NULL},
                        ENVIRONMENT_DEVELOPMENT);
    assert_environments((const char *const[]){"reproduce", "product", "products.tf", "liveness",
                                              "livenessProbe", "devops", "olive", "main.tf", "",
                                              "live-reload", "device", "/", "123", "localstack",
                                              NULL},
                        ENVIRONMENT_UNKNOWN);
}

static void the_strongest_word_wins_but_not_across_components(void **state) {
    (void)state;
    assert_int_equal(place_environment(&knowledge, SLICE("pre/prod")), ENVIRONMENT_PRODUCTION);
    assert_int_equal(place_environment(&knowledge, SLICE("staging/prod")), ENVIRONMENT_PRODUCTION);
    assert_int_equal(place_environment(&knowledge, SLICE("dev/staging")), ENVIRONMENT_STAGING);
    assert_int_equal(place_environment(&knowledge, SLICE("live.example.org/shop-dev/main.tf")),
                     ENVIRONMENT_DEVELOPMENT);
    assert_int_equal(place_environment(&knowledge, SLICE("prod/shop-dev/main.tf")),
                     ENVIRONMENT_PRODUCTION);
    assert_int_equal(place_environment(&knowledge, SLICE("prod-eu/shop/dev.tf")),
                     ENVIRONMENT_PRODUCTION);
}

static void long_and_odd_names_end(void **state) {
    (void)state;
    char text[70000];
    memset(text, 'p', sizeof text);
    assert_int_equal(place_environment(&knowledge, slice_make(text, sizeof text)),
                     ENVIRONMENT_UNKNOWN);
    memset(text, '-', sizeof text);
    assert_int_equal(place_environment(&knowledge, slice_make(text, sizeof text)),
                     ENVIRONMENT_UNKNOWN);
    assert_int_equal(place_environment(&knowledge, SLICE("\xff\xfe-prod")), ENVIRONMENT_PRODUCTION);
}

static void assert_class(const char *path, enum path_class wanted) {
    enum path_class is = place_path_class(&knowledge, slice_of(path));
    if (is != wanted)
        fail_msg("%s is %s", path, word_of(WORDS_PATH_CLASS, is));
}

static void paths_have_classes(void **state) {
    (void)state;
    assert_class("main.tf", PATH_ORDINARY);
    assert_class("src/contest/main.py", PATH_ORDINARY);
    assert_class("infra/modules/db/main.tf", PATH_ORDINARY);
    assert_class("tests/main.tf", PATH_TEST);
    assert_class("a/b/test_deploy.py", PATH_TEST);
    assert_class("a/handler_test.go", PATH_TEST);
    assert_class("docs/run.sh", PATH_DOCUMENTATION);
    assert_class("README.md", PATH_DOCUMENTATION);
    assert_class("modules/x/examples/complete/main.tf", PATH_EXAMPLE);
    assert_class("tests/fixtures/a.yaml", PATH_FIXTURE);
    assert_class("vendor/x/tests/a.go", PATH_VENDORED);
    assert_class("web/app.min.js", PATH_GENERATED);
    assert_class(".terraform.lock.hcl", PATH_GENERATED);
    assert_class("", PATH_ORDINARY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_name_environments),
        cmocka_unit_test(the_strongest_word_wins_but_not_across_components),
        cmocka_unit_test(long_and_odd_names_end),
        cmocka_unit_test(paths_have_classes),
    };
    return cmocka_run_group_tests(tests, knowledge_set_up, arena_tear_down);
}
