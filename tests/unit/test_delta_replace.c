/* What an edit makes of a thing: facts with conditions, and what falls with it. */
#include "delta_scene.h"

static bool holds(const char *events, const char *line) {
    return strstr(events, line) != NULL;
}

#define USER_DATA(text, replace)                                                                   \
    "resource \"aws_instance\" \"web\" {\n  user_data = \"" text                                   \
    "\"\n  user_data_replace_on_change = " replace "\n}\n"

static void conditions_of_facts_are_asked(void **state) {
    (void)state;
    const char *events = events_in("main.tf", USER_DATA("a", "true"), USER_DATA("b", "true"));
    assert_true(holds(events, "replaced likely aws_instance.web in main.tf by user_data"));
    events = events_in("main.tf", USER_DATA("a", "false"), USER_DATA("b", "false"));
    assert_false(holds(events, "replaced"));
    events = events_in("main.tf", USER_DATA("a", "var.replace"), USER_DATA("b", "var.replace"));
    assert_true(holds(events, "replaced possible aws_instance.web in main.tf by user_data"));
}

#define INSTANCE(type)                                                                             \
    "resource \"aws_instance\" \"web\" {\n  instance_type = " type "\n  ami = \"a\"\n}\n"

static void another_processor_is_another_machine(void **state) {
    (void)state;
    const char *events =
        events_in("main.tf", INSTANCE("\"m5.large\""), INSTANCE("\"m6g.2xlarge\""));
    assert_true(holds(events, "replaced likely aws_instance.web"));
    events = events_in("main.tf", INSTANCE("\"m5.large\""), INSTANCE("\"m6i.2xlarge\""));
    assert_false(holds(events, "replaced"));
    events = events_in("main.tf", INSTANCE("\"m5.large\""), INSTANCE("var.type"));
    assert_true(holds(events, "replaced possible aws_instance.web"));
}

static void a_block_of_defaults_is_no_difference(void **state) {
    (void)state;
    const char *bare = "resource \"aws_ecr_repository\" \"r\" {\n  name = \"r\"\n}\n";
    const char *events = events_in("main.tf", bare,
                                   "resource \"aws_ecr_repository\" \"r\" {\n  name = \"r\"\n"
                                   "  encryption_configuration {\n"
                                   "    encryption_type = \"AES256\"\n  }\n}\n");
    assert_false(holds(events, "replaced"));
    events = events_in("main.tf", bare,
                       "resource \"aws_ecr_repository\" \"r\" {\n  name = \"r\"\n"
                       "  encryption_configuration {\n    encryption_type = \"KMS\"\n  }\n}\n");
    assert_true(holds(events, "replaced likely aws_ecr_repository.r"));
}

#define RELEASE(name)                                                                              \
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n"                                   \
    "metadata:\n  name: web\nspec:\n  releaseName: " name "\n"

static void immutable_means_rejected_or_replaced(void **state) {
    (void)state;
    const char *events = events_in("k8s/web.yaml", RELEASE("a"), RELEASE("b"));
    assert_true(holds(events, "replaced certain helm.toolkit.fluxcd.io/HelmRelease/web"));
    assert_false(holds(events, "rejected"));
    events = events_in("k8s/claim.yaml",
                       "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: c\n"
                       "spec:\n  storageClassName: a\n",
                       "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: c\n"
                       "spec:\n  storageClassName: b\n");
    assert_true(holds(events, "rejected "));
    assert_false(holds(events, "replaced"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_of_facts_are_asked),
        cmocka_unit_test(another_processor_is_another_machine),
        cmocka_unit_test(a_block_of_defaults_is_no_difference),
        cmocka_unit_test(immutable_means_rejected_or_replaced),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
