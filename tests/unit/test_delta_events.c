#include "delta_scene.h"

#define DB "resource \"aws_db_instance\" \"main\" {\n  engine = \"mysql\"\n"

static void a_removed_resource_is_removed(void **state) {
    (void)state;
    assert_string_equal(events_in("main.tf", DB "}\nvariable \"a\" {}\n", "variable \"a\" {}\n"),
                        "removed certain aws_db_instance.main in main.tf\n");
}

static void what_a_broken_file_no_longer_shows_is_in_doubt(void **state) {
    (void)state;
    const char *service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n";
    const char *broken = "apiVersion: v1\nkind: Service\nmetadata: {name: [web\n";
    const char *events = events_in("web.yaml", service, broken);
    assert_non_null(strstr(events, "not-understood"));
    assert_null(strstr(events, "removed certain"));
}

static void form_is_no_event(void **state) {
    (void)state;
    assert_string_equal(events_in("main.tf", DB "  size = 5\n}\n",
                                  "# note\nresource \"aws_db_instance\" \"main\" {\n"
                                  "  size   = \"5\"\n\n  engine = \"mysql\" # x\n}\n"),
                        "");
    struct scene scene = {.count = 0};
    add(&scene, "main.tf", DB "}\nvariable \"a\" {}\n", "variable \"a\" {}\n");
    add(&scene, "db.tf", NULL, DB "}\n");
    assert_string_equal(events_of(&scene), "");
}

static void a_name_for_the_same_value_is_no_event(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "main.tf", DB "}\n",
        "resource \"aws_db_instance\" \"main\" {\n  engine = local.engine\n}\n");
    keep(&scene, "locals.tf", "locals {\n  engine = \"mysql\"\n}\n");
    assert_string_equal(events_of(&scene), "");
}

static void a_changed_default_is_told_where_it_is_used(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "variables.tf", "variable \"zone\" {\n  default = \"a\"\n}\n",
        "variable \"zone\" {\n  default = \"b\"\n}\n");
    keep(&scene, "main.tf",
         "resource \"aws_ebs_volume\" \"v\" {\n  availability_zone = var.zone\n}\n"
         "resource \"aws_ebs_volume\" \"w\" {\n  availability_zone = \"x\"\n}\n");
    assert_string_equal(events_of(&scene),
                        "replaced likely aws_ebs_volume.v in main.tf by availability_zone "
                        "(replace_because_cannot_update)\n"
                        "changed likely aws_ebs_volume.v in main.tf\n"
                        "  availability_zone: a -> b likely\n"
                        "changed certain var.zone in variables.tf\n"
                        "  default: a -> b certain\n");
}

static void a_new_name_without_a_move_is_renamed(void **state) {
    (void)state;
    assert_string_equal(
        events_in("main.tf", DB "}\n",
                  "resource \"aws_db_instance\" \"new\" {\n  engine = \"mysql\"\n}\n"),
        "renamed certain aws_db_instance.new was aws_db_instance.main in main.tf\n");
    assert_string_equal(
        events_in("main.tf", DB "}\n",
                  "resource \"aws_db_instance\" \"new\" {\n  engine = \"mysql\"\n}\n"
                  "moved {\n  from = aws_db_instance.main\n  to = aws_db_instance.new\n}\n"),
        "added certain moved.aws_db_instance.main in main.tf\n");
}

static void references_follow_a_move(void **state) {
    (void)state;
    assert_string_equal(events_in("main.tf",
                                  "resource \"aws_vpc\" \"a\" {\n  x = 1\n}\n"
                                  "resource \"aws_subnet\" \"s\" {\n  vpc_id = aws_vpc.a.id\n"
                                  "  tags = { n = \"x-${aws_vpc.a.id}\" }\n}\n",
                                  "resource \"aws_vpc\" \"b\" {\n  x = 1\n}\n"
                                  "moved {\n  from = aws_vpc.a\n  to = aws_vpc.b\n}\n"
                                  "resource \"aws_subnet\" \"s\" {\n  vpc_id = aws_vpc.b.id\n"
                                  "  tags = { n = \"x-${aws_vpc.b.id}\" }\n}\n"),
                        "added certain moved.aws_vpc.a in main.tf\n");
}

static void a_removed_block_keeps_the_object(void **state) {
    (void)state;
    assert_string_equal(events_in("main.tf", DB "}\n",
                                  "removed {\n  from = aws_db_instance.main\n"
                                  "  lifecycle {\n    destroy = false\n  }\n}\n"),
                        "orphaned certain aws_db_instance.main in main.tf\n"
                        "added certain removed.aws_db_instance.main in main.tf\n");
}

static void a_forced_attribute_replaces(void **state) {
    (void)state;
    assert_string_equal(
        events_in("main.tf", DB "  username = \"a\"\n}\n", DB "  username = \"b\"\n}\n"),
        "replaced certain aws_db_instance.main in main.tf by username "
        "(replace_because_cannot_update)\n"
        "changed certain aws_db_instance.main in main.tf\n"
        "  username: a -> b certain\n");
    assert_string_equal(
        events_in("main.tf",
                  DB "  username = \"a\"\n  lifecycle {\n    ignore_changes = [username]\n  }\n}\n",
                  DB
                  "  username = \"b\"\n  lifecycle {\n    ignore_changes = [username]\n  }\n}\n"),
        "changed certain aws_db_instance.main in main.tf\n"
        "  username: a -> b certain\n");
}

static void a_lost_protection_weakens(void **state) {
    (void)state;
    assert_string_equal(events_in("main.tf", DB "  deletion_protection = true\n}\n", DB "}\n"),
                        "changed certain aws_db_instance.main in main.tf\n"
                        "  deletion_protection: true -> - certain\n"
                        "weakened certain aws_db_instance.main in main.tf by deletion_protection"
                        " (delete/replace of the resource becomes possible)\n");
    assert_string_equal(events_in("main.tf", DB "}\n", DB "  deletion_protection = true\n}\n"),
                        "changed certain aws_db_instance.main in main.tf\n"
                        "  deletion_protection: - -> true certain\n");
    assert_string_equal(
        events_in("main.tf", DB "  lifecycle {\n    prevent_destroy = true\n  }\n}\n", DB "}\n"),
        "changed certain aws_db_instance.main in main.tf\n"
        "  lifecycle: [{prevent_destroy: true}] -> - certain\n"
        "weakened certain aws_db_instance.main in main.tf by lifecycle.prevent_destroy"
        " (a plan no longer refuses to destroy it)\n");
}

static void a_lowered_count_removes_instances(void **state) {
    (void)state;
    assert_string_equal(events_in("main.tf", DB "  count = 3\n}\n", DB "  count = 1\n}\n"),
                        "removed certain aws_db_instance.main in main.tf by count "
                        "(delete_because_count_index)\n"
                        "  with aws_db_instance.main[1]\n"
                        "  with aws_db_instance.main[2]\n"
                        "changed certain aws_db_instance.main in main.tf\n"
                        "  count: 3 -> 1 certain\n");
}

static void add_renamed(struct scene *scene, const char *old_path, const char *path,
                        const char *before, const char *after) {
    add(scene, path, before, after);
    scene->files[scene->count - 1].old_path = slice_of(old_path);
}

static void a_renamed_directory_is_the_same_directory(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add_renamed(&scene, "old/main.tf", "new/main.tf", DB "}\n", DB "}\n");
    add(&scene, "old/v.tf", "variable \"a\" {}\n", NULL);
    assert_string_equal(events_of(&scene), "removed certain var.a in old/v.tf\n");
    /* With the old directory still in use the object leaves one state for another,
     * unless its state was moved as well. */
    keep(&scene, "old/rest.tf", "variable \"b\" {}\n");
    assert_string_equal(events_of(&scene), "added certain aws_db_instance.main in new/main.tf\n"
                                           "removed possible aws_db_instance.main in old/main.tf "
                                           "(delete_because_moved_to_directory)\n"
                                           "removed certain var.a in old/v.tf\n");
}

static void what_moves_into_a_module_of_the_directory_is_not_removed(void **state) {
    (void)state;
    static const char module[] = "module \"db\" {\n  source = \"./db\"\n}\n";
    static const char moved[] = "moved {\n  from = aws_db_instance.main\n"
                                "  to   = module.db.aws_db_instance.main\n}\n";
    struct scene scene = {.count = 0};
    add(&scene, "main.tf", DB "}\n", module);
    add(&scene, "moved.tf", NULL, moved);
    add(&scene, "db/main.tf", NULL, DB "}\n");
    assert_null(strstr(events_of(&scene), "removed"));
    /* It has to stand there. */
    scene.count = 0;
    add(&scene, "main.tf", DB "}\n", module);
    add(&scene, "moved.tf", NULL, moved);
    assert_non_null(strstr(events_of(&scene), "removed certain aws_db_instance.main"));
}

static void a_value_file_reaches_where_it_is_used(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "terraform.tfvars", "size = 3\n", "size = 1\n");
    keep(&scene, "main.tf", DB "  count = var.size\n}\nvariable \"size\" {}\n");
    assert_string_equal(events_of(&scene),
                        "removed likely aws_db_instance.main in main.tf by count "
                        "(delete_because_count_index)\n"
                        "  with aws_db_instance.main[1]\n"
                        "  with aws_db_instance.main[2]\n"
                        "changed likely aws_db_instance.main in main.tf\n"
                        "  count: 3 -> 1 likely\n"
                        "changed certain var.size in terraform.tfvars\n"
                        "  value: 3 -> 1 certain\n");
}

static void templates_with_the_same_text_are_equal(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "main.tf", DB "  identifier = \"prod-db\"\n}\n",
        DB "  identifier = \"${var.env}-db\"\n}\nvariable \"env\" {\n  default = \"prod\"\n}\n");
    assert_string_equal(events_of(&scene), "added certain var.env in main.tf\n");
}

#define OPERANDS                                                                                   \
    "  operands: [build] -> [/] certain\n"                                                         \
    "  resolved: [build] -> [/] certain\n"                                                         \
    "  emptied: [build] -> [/] certain\n"                                                          \
    "  arguments: [-rf, build] -> [-rf, /] certain\n"

static void commands_are_executed_changed_and_unguarded(void **state) {
    (void)state;
    assert_string_equal(events_in("a.sh", "#!/bin/sh\nrm -rf build\n", "#!/bin/sh\nrm -rf /\n"),
                        "changed certain rm -rf / was rm -rf build in a.sh\n" OPERANDS
                        "widened certain rm -rf / was rm -rf build in a.sh by operands\n"
                        "executed certain rm -rf / was rm -rf build in a.sh\n" OPERANDS);
    assert_string_equal(events_in("a.sh", "#!/bin/sh\nif [ -d x ]; then\n  rm -rf x\nfi\n",
                                  "#!/bin/sh\nrm -rf x\n"),
                        "changed certain rm -rf x in a.sh\n"
                        "  guards: [[ -d x ]] -> - certain\n"
                        "unguarded certain rm -rf x in a.sh by guards\n");
    assert_string_equal(events_in("a.sh", "#!/bin/sh\nmake\n", "#!/bin/sh\nmake\n# note\n"), "");
}

static void hostile_directories_are_read(void **state) {
    (void)state;
    struct strbuf text;
    strbuf_init(&text, &arena);
    for (uint32_t i = 0; i < 3000; i++)
        strbuf_addf(&text, "locals {\n  a%u = \"${local.a%u}${local.a%u}\"\n}\n", i, i + 1, i + 1);
    strbuf_add_text(&text, "resource \"x\" \"y\" {\n  z = local.a0\n}\n}}}{{{ \"\n");
    assert_non_null(events_in("main.tf", "", text.data));
}

#define SET(image)                                                                                 \
    "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\n  namespace: prod\n"           \
    "spec:\n  serviceName: " image "\n"

static void manifests_are_matched_over_the_change(void **state) {
    (void)state;
    assert_string_equal(
        events_in("k/db.yaml", SET("a"), SET("b")),
        "rejected certain apps/StatefulSet/prod/db in k/db.yaml by spec.serviceName\n"
        "changed certain apps/StatefulSet/prod/db in k/db.yaml\n"
        "  spec.serviceName: a -> b certain\n");
    struct scene scene = {.count = 0};
    add(&scene, "k/db.yaml", SET("a"), NULL);
    add(&scene, "k/other.yaml", NULL, SET("a"));
    assert_string_equal(events_of(&scene), "");
    scene = (struct scene){.count = 0};
    add(&scene, "prod/db.yaml", SET("a"), NULL);
    add(&scene, "staging/db.yaml", NULL, SET("a"));
    assert_string_equal(events_of(&scene),
                        "removed certain apps/StatefulSet/prod/db in prod/db.yaml\n"
                        "added certain apps/StatefulSet/prod/db in staging/db.yaml\n");
}

static void an_override_is_part_of_what_it_overrides(void **state) {
    (void)state;
    const char *base = DB "  size = 5\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n";
    const char *over = "resource \"aws_db_instance\" \"main\" {\n  size = 9\n  lifecycle {\n"
                       "    ignore_changes = all\n  }\n}\n";
    struct scene scene = {.count = 0};
    add(&scene, "a_override.tf", over, NULL);
    keep(&scene, "main.tf", base);
    assert_string_equal(events_of(&scene), "changed certain aws_db_instance.main in main.tf\n"
                                           "  size: 9 -> 5 certain\n"
                                           "  lifecycle.ignore_changes: all -> - certain\n");
    scene = (struct scene){.count = 0};
    add(&scene, "override.tf", NULL, over);
    keep(&scene, "main.tf", base);
    assert_string_equal(events_of(&scene), "changed certain aws_db_instance.main in override.tf\n"
                                           "  size: 5 -> 9 certain\n"
                                           "  lifecycle.ignore_changes: - -> all certain\n");
    /* One that only stands beside is not looked for. */
    scene = (struct scene){.count = 0};
    add(&scene, "main.tf", base,
        DB "  size = 6\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n");
    keep(&scene, "override.tf", over);
    assert_string_equal(events_of(&scene), "changed certain aws_db_instance.main in main.tf\n"
                                           "  size: 5 -> 6 certain\n");
    /* Where both change, only what comes out counts. */
    scene = (struct scene){.count = 0};
    add(&scene, "main.tf", base,
        DB "  size = 6\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n");
    add(&scene, "override.tf", over,
        "resource \"aws_db_instance\" \"main\" {\n  size = 9\n  lifecycle {\n"
        "    prevent_destroy = false\n  }\n}\n");
    assert_string_equal(events_of(&scene),
                        "changed certain aws_db_instance.main in override.tf\n"
                        "  lifecycle.prevent_destroy: true -> false certain\n"
                        "  lifecycle.ignore_changes: all -> - certain\n"
                        "weakened certain aws_db_instance.main in override.tf by "
                        "lifecycle.prevent_destroy (a plan no longer refuses to destroy it)\n");
    /* Defaults and locals are overridden too, whatever the order of the files. */
    scene = (struct scene){.count = 0};
    add(&scene, "a_override.tf", "variable \"size\" {\n  default = 5\n}\n",
        "variable \"size\" {\n  default = 7\n}\n");
    keep(&scene, "main.tf", DB "  size = var.size\n}\nvariable \"size\" {\n  default = 1\n}\n");
    assert_non_null(strstr(events_of(&scene), "changed likely aws_db_instance.main in main.tf\n"
                                              "  size: 5 -> 7 likely\n"));
    /* An override of nothing is a thing of its own. */
    scene = (struct scene){.count = 0};
    add(&scene, "override.tf", over, NULL);
    assert_non_null(
        strstr(events_of(&scene), "removed certain aws_db_instance.main in override.tf"));
}

#define COMPOSE "services:\n  a:\n    image: x\n"

static void a_command_in_one_text_is_opened(void **state) {
    (void)state;
    const char *events =
        events_in("compose.yml", COMPOSE, COMPOSE "    command: sh -c \"cd /x && rm -rf y\"\n");
    assert_non_null(strstr(events, "executed certain rm -rf y in compose.yml\n"));
}

static void what_is_unknown_is_told(void **state) {
    (void)state;
    assert_string_equal(events_in("Procfile", "a\n", "b\n"),
                        "not-understood certain Procfile in Procfile (no reader for this kind "
                        "of file)\n");
}

static void files_without_a_reader_are_told(void **state) {
    (void)state;
    assert_string_equal(events_in("notes.txt", "a\n", "b\n"),
                        "changed certain notes.txt in notes.txt\n");
    assert_string_equal(events_in("notes.txt", "a\n", NULL),
                        "removed certain notes.txt in notes.txt\n");
    assert_string_equal(events_in("run.sh", NULL, ""), "");
    struct scene scene = {.count = 0};
    add_renamed(&scene, "a.txt", "b.txt", "a\n", "b\n");
    assert_string_equal(events_of(&scene), "renamed certain b.txt was a.txt in b.txt\n"
                                           "  path: a.txt -> b.txt certain\n");
}

static void lines_that_came_and_went_are_told(void **state) {
    (void)state;
    assert_string_equal(
        events_in("CODEOWNERS", "# who\n* @a\n/x @a\n* @a\n", "/x  @a\n* @a\n# they\n* @b\n"),
        "changed certain CODEOWNERS in CODEOWNERS\n"
        "  removed[]: * @a -> - certain\n"
        "  added[]: - -> /x  @a certain\n"
        "  added[]: - -> * @b certain\n");
}

static void hidden_characters_are_told_where_they_are_new(void **state) {
    (void)state;
    assert_string_equal(events_in("a.txt", "x\n", "x\ny\xE2\x80\xAE\xE2\x80\x8Bz\n"),
                        "changed certain a.txt in a.txt\n"
                        "  bidirectional: - -> U+202E certain\n"
                        "  invisible: - -> U+200B certain\n");
    assert_string_equal(events_in("run.sh", "echo y\n", "echo y # \xE2\x80\x8B\n"),
                        "changed certain run.sh in run.sh\n"
                        "  invisible: - -> U+200B certain\n");
    assert_string_equal(events_in("run.sh", "# \xE2\x80\x8B\n", "# 1\n# \xE2\x80\x8B\n"), "");
    assert_string_equal(events_in("a.txt", "\xE2\x80\xAE\nx\n", "\xE2\x80\xAE\ny\n"),
                        "changed certain a.txt in a.txt\n");
}

static const char *events_of_modes(struct slice path, uint32_t was, uint32_t is, const char *before,
                                   const char *after) {
    struct source_file file = {.path = path, .before = slice_of(before), .after = slice_of(after)};
    struct change *change = source_memory(&arena, &file, 1, NULL, 0);
    struct pair *pair = &change->pairs.items[0];
    enum content_state states[] = {CONTENT_TEXT, CONTENT_SYMLINK, CONTENT_SUBMODULE};
    pair->before.mode = was;
    pair->after.mode = is;
    pair->before.state = before ? states[was == 0120000   ? 1
                                         : was == 0160000 ? 2
                                                          : 0]
                                : CONTENT_ABSENT;
    pair->after.state = states[is == 0120000 ? 1 : is == 0160000 ? 2 : 0];
    struct events events = {0};
    delta_compare(&arena, &reader, &knowledge, change, NULL, &events);
    struct strbuf out;
    strbuf_init(&out, &arena);
    event_dump(&out, &events);
    return arena_text(&arena, strbuf_slice(&out));
}

static void modes_links_and_submodules_are_told(void **state) {
    (void)state;
    assert_string_equal(events_of_modes(SLICE("run.sh"), 0100644, 0100755, "a\n", "b\n"),
                        "removed certain a in run.sh\n"
                        "executed certain b in run.sh\n"
                        "changed certain run.sh in run.sh\n"
                        "  mode: 100644 -> 100755 certain\n"
                        "  executable: - -> true certain\n");
    assert_string_equal(events_of_modes(SLICE("x/y"), 0120000, 0120000, "../a", "../../b"),
                        "changed certain x/y in x/y\n"
                        "  target: ../a -> ../../b certain\n"
                        "  outside: - -> true certain\n");
    assert_string_equal(events_of_modes(SLICE("y"), 0, 0120000, NULL, "/etc"),
                        "added certain y in y\n");
    assert_string_equal(events_of_modes(SLICE("lib"), 0160000, 0160000, "1111", "2222"),
                        "changed certain lib in lib\n"
                        "  commit: 1111 -> 2222 certain\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_removed_resource_is_removed),
        cmocka_unit_test(what_a_broken_file_no_longer_shows_is_in_doubt),
        cmocka_unit_test(form_is_no_event),
        cmocka_unit_test(a_name_for_the_same_value_is_no_event),
        cmocka_unit_test(a_changed_default_is_told_where_it_is_used),
        cmocka_unit_test(a_new_name_without_a_move_is_renamed),
        cmocka_unit_test(references_follow_a_move),
        cmocka_unit_test(a_removed_block_keeps_the_object),
        cmocka_unit_test(a_forced_attribute_replaces),
        cmocka_unit_test(a_lost_protection_weakens),
        cmocka_unit_test(a_lowered_count_removes_instances),
        cmocka_unit_test(a_renamed_directory_is_the_same_directory),
        cmocka_unit_test(what_moves_into_a_module_of_the_directory_is_not_removed),
        cmocka_unit_test(a_value_file_reaches_where_it_is_used),
        cmocka_unit_test(templates_with_the_same_text_are_equal),
        cmocka_unit_test(commands_are_executed_changed_and_unguarded),
        cmocka_unit_test(hostile_directories_are_read),
        cmocka_unit_test(manifests_are_matched_over_the_change),
        cmocka_unit_test(an_override_is_part_of_what_it_overrides),
        cmocka_unit_test(a_command_in_one_text_is_opened),
        cmocka_unit_test(what_is_unknown_is_told),
        cmocka_unit_test(files_without_a_reader_are_told),
        cmocka_unit_test(lines_that_came_and_went_are_told),
        cmocka_unit_test(hidden_characters_are_told_where_they_are_new),
        cmocka_unit_test(modes_links_and_submodules_are_told),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
