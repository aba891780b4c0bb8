/* Blocks that are made from a collection. */
#include "delta_scene.h"

#define INSTANCE(inside) "resource \"aws_instance\" \"main\" {\n  ami = \"ami-1\"\n" inside "}\n"
#define DISKS(list)                                                                                \
    "  dynamic \"ebs_block_device\" {\n    for_each = " list "\n    content {\n"                   \
    "      device_name = ebs_block_device.value\n    }\n  }\n"

static void assert_said(const char *events, const char *text) {
    if (!strstr(events, text))
        fail_msg("no \"%s\" in:\n%s", text, events);
}

static void a_shorter_collection_loses_a_block(void **state) {
    (void)state;
    const char *events = events_in("prod/main.tf", INSTANCE(DISKS("[\"/dev/sdb\", \"/dev/sdc\"]")),
                                   INSTANCE(DISKS("[\"/dev/sdb\"]")));
    assert_said(events, "replaced likely aws_instance.main");
    assert_said(events, "ebs_block_device[]: {device_name: /dev/sdc} -> - certain");
}

static void a_collection_may_shrink_elsewhere(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    keep(&scene, "prod/main.tf", "variable \"disks\" {}\n" INSTANCE(DISKS("var.disks")));
    add(&scene, "prod/terraform.tfvars", "disks = [\"/dev/sdb\", \"/dev/sdc\"]\n",
        "disks = [\"/dev/sdb\"]\n");
    assert_said(events_of(&scene), "replaced likely aws_instance.main");
}

static void what_is_not_known_is_only_possible(void **state) {
    (void)state;
    const char *events = events_in("prod/main.tf", INSTANCE(DISKS("data.x.y.disks")), INSTANCE(""));
    assert_said(events, "replaced possible aws_instance.main");
    events = events_in("prod/main.tf", INSTANCE(DISKS("data.x.y.disks")),
                       INSTANCE("  ebs_block_device {\n    device_name = \"/dev/sdb\"\n  }\n"));
    assert_said(events, "replaced possible aws_instance.main");
}

static void content_of_an_unknown_collection_is_seen(void **state) {
    (void)state;
#define RULES(cidr)                                                                                \
    "resource \"aws_security_group\" \"main\" {\n  dynamic \"ingress\" {\n"                        \
    "    for_each = data.x.y.ports\n    content {\n      from_port = ingress.value\n"              \
    "      cidr_blocks = [\"" cidr "\"]\n    }\n  }\n}\n"
    const char *events = events_in("prod/main.tf", RULES("10.0.0.0/8"), RULES("0.0.0.0/0"));
    assert_said(events, "ingress.cidr_blocks: [10.0.0.0/8] -> [0.0.0.0/0] likely");
}

static void instances_have_blocks_of_their_own(void **state) {
    (void)state;
#define NODES(of_b)                                                                                \
    "locals {\n  nodes = { a = [\"/dev/sdb\"], b = " of_b " }\n}\n"                                \
    "resource \"aws_instance\" \"main\" {\n  for_each = local.nodes\n" DISKS("each.value") "}\n"
    const char *events =
        events_in("prod/main.tf", NODES("[\"/dev/sdb\", \"/dev/sdc\"]"), NODES("[\"/dev/sdb\"]"));
    assert_said(events, "replaced likely aws_instance.main[\"b\"]");
    assert_null(strstr(events, "main[\"a\"]"));
}

static void broken_ones_stay_as_they_are(void **state) {
    (void)state;
    static const char *const broken[] = {
        "  dynamic \"ebs_block_device\" {\n    content {}\n  }\n",
        "  dynamic \"ebs_block_device\" {\n    for_each = [1]\n  }\n",
        "  dynamic \"ebs_block_device\" {\n    for_each = ebs_block_device.value\n    content {\n"
        "      device_name = ebs_block_device.value\n    }\n  }\n",
        "  dynamic = true\n",
        "  dynamic \"ebs_block_device\" {\n    for_each = \"text\"\n    content {}\n  }\n",
        "  dynamic \"x\" {\n    for_each = range(0, 900)\n    content {\n"
        "      dynamic \"y\" {\n        for_each = range(0, 900)\n        content {\n"
        "          dynamic \"z\" {\n            for_each = range(0, 900)\n"
        "            content {}\n          }\n        }\n      }\n    }\n  }\n",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        const char *body = arena_text(&arena, arena_format(&arena, INSTANCE("%s"), broken[i]));
        assert_string_equal(events_in("prod/main.tf", body, body), "");
        assert_said(events_in("prod/main.tf", body, INSTANCE("  tags = {}\n")),
                    "aws_instance.main");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_shorter_collection_loses_a_block, setup, teardown),
        cmocka_unit_test_setup_teardown(a_collection_may_shrink_elsewhere, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_known_is_only_possible, setup, teardown),
        cmocka_unit_test_setup_teardown(content_of_an_unknown_collection_is_seen, setup, teardown),
        cmocka_unit_test_setup_teardown(instances_have_blocks_of_their_own, setup, teardown),
        cmocka_unit_test_setup_teardown(broken_ones_stay_as_they_are, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
