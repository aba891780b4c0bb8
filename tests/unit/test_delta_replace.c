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

#define VPC(range) "resource \"aws_vpc\" \"main\" {\n  cidr_block = \"" range "\"\n}\n"
#define SUBNET                                                                                     \
    "resource \"aws_subnet\" \"a\" {\n  vpc_id = aws_vpc.main.id\n  cidr_block = "                 \
    "\"10.0.1.0/24\"\n}\n"

/* The event of that effect, to be asked for its cascade. */
static const struct event *event_of(const struct scene *scene, enum effect effect) {
    struct change *change =
        source_memory(&arena, scene->files, scene->count, scene->context, scene->context_count);
    struct delta_options options = {.no_block_cut = false};
    struct events *events = ARENA_NEW(&arena, struct events);
    delta_compare(&arena, &reader, &knowledge, change, &options, events);
    for (uint32_t i = 0; i < events->list.count; i++)
        if (events->list.items[i].effect == effect)
            return &events->list.items[i];
    return NULL;
}

static void assert_cascade(const struct event *event, const char *names) {
    struct strbuf out;
    strbuf_init(&out, &arena);
    for (uint32_t i = 0; event && i < event->cascade_count; i++)
        strbuf_addf(&out, "%s%.*s", i ? " " : "", SLICE_ARGS(event->cascade[i]));
    assert_string_equal(arena_text(&arena, strbuf_slice(&out)), names);
}

static void what_refers_to_it_falls_with_it(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "main.tf", VPC("10.0.0.0/16") "locals {\n  net = aws_subnet.a.id\n}\n",
        VPC("10.1.0.0/16") "locals {\n  net = aws_subnet.a.id\n}\n");
    keep(&scene, "net.tf",
         SUBNET "resource \"aws_instance\" \"w\" {\n  subnet_id = local.net\n}\n");
    keep(&scene, "rest.tf",
         "resource \"aws_eip_association\" \"e\" {\n  instance_id = aws_instance.w.id\n}\n"
         "resource \"aws_route53_record\" \"r\" {\n  records = [aws_instance.w.private_ip]\n}\n");
    const char *events = events_of(&scene);
    assert_true(holds(events, "replaced certain aws_vpc.main in main.tf by cidr_block"));
    assert_false(holds(events, "aws_subnet.a "));
    assert_false(holds(events, "aws_eip_association.e "));
    assert_cascade(event_of(&scene, EFFECT_REPLACED),
                   "aws_subnet.a aws_instance.w aws_eip_association.e");
}

static void what_is_known_before_does_not_fall(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "main.tf",
        "resource \"aws_iam_role\" \"r\" {\n  name = \"r\"\n  path = \"/a/\"\n}\n",
        "resource \"aws_iam_role\" \"r\" {\n  name = \"r\"\n  path = \"/b/\"\n}\n");
    keep(&scene, "rest.tf",
         "resource \"aws_iam_role_policy\" \"p\" {\n  role = aws_iam_role.r.name\n}\n"
         "resource \"aws_iam_role_policy\" \"q\" {\n  role = aws_iam_role.r.id\n}\n");
    assert_true(holds(events_of(&scene), "replaced certain aws_iam_role.r"));
    assert_cascade(event_of(&scene, EFFECT_REPLACED), "aws_iam_role_policy.q");
}

static void circles_and_oneself_end(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "main.tf", VPC("10.0.0.0/16"), VPC("10.1.0.0/16"));
    keep(&scene, "rest.tf",
         "resource \"aws_subnet\" \"a\" {\n  vpc_id = aws_vpc.main.id\n"
         "  availability_zone = aws_subnet.b.id\n}\n"
         "resource \"aws_subnet\" \"b\" {\n  availability_zone = aws_subnet.a.id\n"
         "  cidr_block = aws_subnet.b.id\n}\n");
    (void)events_of(&scene);
    assert_cascade(event_of(&scene, EFFECT_REPLACED), "aws_subnet.a aws_subnet.b");
}

static void what_reads_an_edit_is_replaced(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "main.tf",
        "resource \"aws_api_gateway_integration\" \"i\" {\n  uri = \"a\"\n}\n"
        "resource \"aws_api_gateway_deployment\" \"d\" {\n  triggers = {\n"
        "    x = sha1(jsonencode(aws_api_gateway_integration.i))\n  }\n}\n",
        "resource \"aws_api_gateway_integration\" \"i\" {\n  uri = \"b\"\n}\n"
        "resource \"aws_api_gateway_deployment\" \"d\" {\n  triggers = {\n"
        "    x = sha1(jsonencode(aws_api_gateway_integration.i))\n  }\n}\n");
    assert_true(holds(events_of(&scene),
                      "replaced likely aws_api_gateway_deployment.d in main.tf by triggers.x"));
    struct scene image = {.count = 0};
    add(&image, "main.tf", "data \"aws_ami\" \"a\" {\n  name_regex = \"a\"\n}\n",
        "data \"aws_ami\" \"a\" {\n  name_regex = \"b\"\n}\n");
    keep(&image, "web.tf",
         "resource \"aws_instance\" \"w\" {\n  ami = data.aws_ami.a.id\n}\n"
         "resource \"aws_instance\" \"v\" {\n  ami = data.aws_ami.a.id\n"
         "  lifecycle {\n    ignore_changes = [ami]\n  }\n}\n");
    const char *events = events_of(&image);
    assert_true(holds(events, "replaced likely aws_instance.w in web.tf by ami"));
    assert_false(holds(events, "aws_instance.v"));
}

static void asked_for_replacement_comes_too(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "main.tf", VPC("10.0.0.0/16"), VPC("10.1.0.0/16"));
    keep(&scene, "rest.tf",
         "resource \"aws_sqs_queue\" \"q\" {\n  name = \"q\"\n  lifecycle {\n"
         "    replace_triggered_by = [aws_vpc.main.id]\n  }\n}\n");
    (void)events_of(&scene);
    assert_cascade(event_of(&scene, EFFECT_REPLACED), "aws_sqs_queue.q");
}

#define APPLICATION(path)                                                                          \
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: storage\n"            \
    "  namespace: argocd\nspec:\n  source:\n    path: " path "\n"

static void a_name_taken_twice_replaces_the_earlier(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "apps/gateway.yaml", NULL, APPLICATION("prod/gateway"));
    keep(&scene, "apps/storage.yaml", APPLICATION("prod/storage"));
    assert_true(holds(events_of(&scene),
                      "replaced likely argoproj.io/Application/argocd/storage in apps/gateway.yaml "
                      "by spec.source.path (duplicate_identity)"));
    scene.files[0].path = SLICE("other/gateway.yaml"); /* another place is another controller */
    assert_false(holds(events_of(&scene), "replaced"));
    struct scene together = {.count = 0};
    add(&together, "apps/gateway.yaml", NULL, APPLICATION("prod/gateway"));
    add(&together, "apps/storage.yaml", APPLICATION("prod/storage"),
        APPLICATION("prod/storage") "    targetRevision: main\n");
    assert_true(holds(events_of(&together), "replaced likely argoproj.io/Application/"));
    struct scene moved = {.count = 0};
    add(&moved, "apps/gateway.yaml", NULL, APPLICATION("prod/storage"));
    add(&moved, "apps/storage.yaml", APPLICATION("prod/storage"), NULL);
    assert_false(holds(events_of(&moved), "replaced"));
}

static void what_moves_to_another_directory_may_be_kept(void **state) {
    (void)state;
    const char *vpc = VPC("10.0.0.0/16");
    struct scene scene = {.count = 0};
    add(&scene, "a/prod/main.tf", vpc, NULL);
    keep(&scene, "a/prod/rest.tf", "locals {}\n");
    add(&scene, "b/prod/main.tf", NULL, vpc);
    assert_true(holds(events_of(&scene), "removed possible aws_vpc.main in a/prod/main.tf "
                                         "(delete_because_moved_to_directory)"));
    scene.files[1].path = SLICE("b/staging/main.tf"); /* another environment is another thing */
    assert_true(holds(events_of(&scene), "removed certain aws_vpc.main in a/prod/main.tf"));
    scene.files[1].path = SLICE("b/prod/main.tf");
    scene.files[1].after = slice_of(VPC("10.9.0.0/16"));
    assert_true(holds(events_of(&scene), "removed certain aws_vpc.main in a/prod/main.tf"));
}

static void a_store_among_what_falls_is_told(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "main.tf", VPC("10.0.0.0/16") SUBNET, VPC("10.1.0.0/16") SUBNET);
    keep(&scene, "db.tf",
         "resource \"aws_db_subnet_group\" \"g\" {\n  name = aws_subnet.a.id\n}\n"
         "resource \"aws_redshift_cluster\" \"r\" {\n"
         "  cluster_subnet_group_name = aws_db_subnet_group.g.id\n}\n");
    assert_true(holds(events_of(&scene), "replaced likely aws_redshift_cluster.r in db.tf by "
                                         "cluster_subnet_group_name"));
    const struct event *event = event_of(&scene, EFFECT_REPLACED);
    while (event && !slice_is(event->after.name, "aws_vpc.main"))
        event++;
    assert_cascade(event, "aws_subnet.a aws_db_subnet_group.g aws_redshift_cluster.r");
}

static void two_attributes_of_one_thing_are_often_one(void **state) {
    (void)state;
    const char *events = events_in(
        "main.tf", "resource \"aws_iam_role_policy\" \"p\" {\n  role = aws_iam_role.r.name\n}\n",
        "resource \"aws_iam_role_policy\" \"p\" {\n  role = aws_iam_role.r.id\n}\n");
    assert_true(holds(events, "replaced possible aws_iam_role_policy.p"));
    events = events_in("main.tf",
                       "resource \"aws_iam_role_policy\" \"p\" {\n  role = aws_iam_role.r.id\n}\n",
                       "resource \"aws_iam_role_policy\" \"p\" {\n  role = aws_iam_role.s.id\n}\n");
    assert_true(holds(events, "replaced likely aws_iam_role_policy.p"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_of_facts_are_asked),
        cmocka_unit_test(another_processor_is_another_machine),
        cmocka_unit_test(a_block_of_defaults_is_no_difference),
        cmocka_unit_test(immutable_means_rejected_or_replaced),
        cmocka_unit_test(what_refers_to_it_falls_with_it),
        cmocka_unit_test(what_is_known_before_does_not_fall),
        cmocka_unit_test(circles_and_oneself_end),
        cmocka_unit_test(what_reads_an_edit_is_replaced),
        cmocka_unit_test(asked_for_replacement_comes_too),
        cmocka_unit_test(a_name_taken_twice_replaces_the_earlier),
        cmocka_unit_test(a_store_among_what_falls_is_told),
        cmocka_unit_test(two_attributes_of_one_thing_are_often_one),
        cmocka_unit_test(what_moves_to_another_directory_may_be_kept),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
