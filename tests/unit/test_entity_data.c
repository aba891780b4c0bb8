#include "language_fixture.h"

static const struct entity_list *read_as(const char *path, struct slice text) {
    const struct dialect *dialect = language_detect(fixture.dialects, slice_of(path), text);
    assert_non_null(dialect);
    return entity_read(&fixture.reader, dialect, text);
}

/* Spans have a test of their own. */
static const char *without_spans(struct slice text) {
    struct strbuf out;
    strbuf_init(&out, &fixture.arena);
    for (size_t i = 0; i < text.size; i++) {
        size_t end = i + 1;
        while (end < text.size &&
               (text.data[end] == '-' || (text.data[end] >= '0' && text.data[end] <= '9')))
            end++;
        if (text.data[i] == '[' && end > i + 1 && end + 1 < text.size && text.data[end] == ']' &&
            text.data[end + 1] == ' ' && slice_contains(slice_sub(text, i, end), SLICE("-")))
            i = end + 1;
        else
            strbuf_add_byte(&out, text.data[i]);
    }
    return arena_text(&fixture.arena, strbuf_slice(&out));
}

/* The outline, without the commands and statements of embedded scripts (those are other readers'
 * work). */
static const char *outline(const char *path, const char *text) {
    struct strbuf all, out;
    strbuf_init(&all, &fixture.arena);
    strbuf_init(&out, &fixture.arena);
    entity_dump(&all, read_as(path, slice_of(text)));
    struct slice rest = strbuf_slice(&all), line;
    while (slice_split(&rest, '\n', &line)) {
        if (!line.size || slice_starts(slice_trim(line), SLICE("command ")) ||
            slice_starts(slice_trim(line), SLICE("statement ")))
            continue;
        strbuf_add(&out, line);
        strbuf_add_byte(&out, '\n');
    }
    return without_spans(strbuf_slice(&out));
}

static const struct entity *entity_named(const struct entity_list *list, const char *name) {
    for (uint32_t i = 0; i < list->count; i++)
        if (slice_is(list->items[i].name, name))
            return &list->items[i];
    fail_msg("no entity %s", name);
    return NULL;
}

static struct slice text_at(const struct entity *entity, const char *path) {
    const struct value *value = value_at(entity->body, slice_of(path));
    return value ? value_render(&fixture.arena, value, 400) : SLICE("(none)");
}

#define assert_text(slice, text) assert_string_equal(arena_text(&fixture.arena, (slice)), (text))

static void test_kubernetes(void **state) {
    (void)state;
    assert_string_equal(outline("k.yaml", "apiVersion: apps/v1\n"
                                          "kind: StatefulSet\n"
                                          "metadata: {name: db, namespace: prod}\n"
                                          "---\n"
                                          "apiVersion: v1\n"
                                          "kind: List\n"
                                          "items:\n"
                                          "- apiVersion: v1\n"
                                          "  kind: Service\n"
                                          "  metadata: {name: s}\n"),
                        "resource apps/StatefulSet prod/db {apiVersion: apps/v1, kind: "
                        "StatefulSet, metadata: {name: db, namespace: prod}}\n"
                        "resource Service s {apiVersion: v1, kind: Service, metadata: "
                        "{name: s}}\n");
}

static void test_helm_template_is_masked(void **state) {
    (void)state;
    const struct entity_list *list =
        read_as("chart/templates/d.yaml", SLICE("apiVersion: apps/v1\n"
                                                "kind: Deployment\n"
                                                "metadata:\n"
                                                "  name: web\n"
                                                "spec:\n"
                                                "  {{- if .Values.on }}\n"
                                                "  replicas: {{ .Values.n }}\n"
                                                "  {{- end }}\n"
                                                "  paused: true\n"));
    assert_int_equal(list->note_count, 0);
    const struct entity *web = entity_named(list, "web");
    const struct value *replicas = value_at(web->body, SLICE("spec.replicas"));
    assert_int_equal(replicas->kind, VALUE_UNKNOWN);
    assert_text(replicas->text, "{{ .Values.n }}");
    assert_text(text_at(web, "spec.paused"), "true");
}

static void test_workflow(void **state) {
    (void)state;
    assert_string_equal(outline(".github/workflows/x.yml", "name: x\n"
                                                           "on: push\n"
                                                           "jobs:\n"
                                                           "  deploy:\n"
                                                           "    runs-on: ubuntu-latest\n"
                                                           "    steps:\n"
                                                           "      - uses: actions/checkout@v4\n"
                                                           "      - name: go\n"
                                                           "        run: echo ${{ github.ref }}\n"
                                                           "  test:\n"
                                                           "    steps:\n"
                                                           "      - run: make test\n"),
                        "workflow {name: x, on: push}\n"
                        "  job deploy {runs-on: ubuntu-latest}\n"
                        "    step actions/checkout deploy/actions/checkout {uses: "
                        "actions/checkout@v4}\n"
                        "    step deploy/go {name: go, run: echo ${{ github.ref }}}\n"
                        "  job test 40% {}\n"
                        "    step test/step-1 40% {run: make test}\n");
}

static void test_cloudformation_functions(void **state) {
    (void)state;
    const char *yaml = "Resources:\n"
                       "  Db:\n"
                       "    Type: AWS::RDS::DBInstance\n"
                       "    Properties:\n"
                       "      A: !Ref Env\n"
                       "      B: !GetAtt Sg.GroupId\n"
                       "      C: !Sub '${Env}-db'\n"
                       "      D: !If [IsProd, x, !Ref Env]\n";
    const char *json =
        "{\"Resources\": {\"Db\": {\"Type\": \"AWS::RDS::DBInstance\", \"Properties\": {"
        "\"A\": {\"Ref\": \"Env\"}, \"B\": {\"Fn::GetAtt\": [\"Sg\", \"GroupId\"]}, "
        "\"C\": {\"Fn::Sub\": \"${Env}-db\"}, "
        "\"D\": {\"Fn::If\": [\"IsProd\", \"x\", {\"Ref\": \"Env\"}]}}}}}";
    const struct entity *db = entity_named(read_as("t.yaml", slice_of(yaml)), "Db");
    const struct entity *same = entity_named(read_as("t.json", slice_of(json)), "Db");
    assert_text(db->type, "AWS::RDS::DBInstance");
    assert_int_equal(value_at(db->body, SLICE("Properties.A"))->kind, VALUE_REFERENCE);
    assert_text(value_at(db->body, SLICE("Properties.B"))->text, "Sg.GroupId");
    const struct value *sub = value_at(db->body, SLICE("Properties.C"));
    assert_int_equal(sub->kind, VALUE_EXPRESSION);
    assert_text(sub->items[0].value->text, "Env");
    assert_true(value_equal(db->body, same->body));
    assert_true(db->body_hash == same->body_hash);
}

static void test_compose(void **state) {
    (void)state;
    assert_string_equal(outline("docker-compose.yml", "services:\n"
                                                      "  db:\n"
                                                      "    image: postgres\n"
                                                      "volumes:\n"
                                                      "  data: {}\n"),
                        "project {}\n"
                        "  service service db {image: postgres}\n"
                        "  volume volume data {}\n");
}

static void test_terraform(void **state) {
    (void)state;
    const struct entity_list *list =
        read_as("main.tf", SLICE("resource \"aws_db_instance\" \"main\" {\n"
                                 "  name   = \"x-${var.env}\"\n"
                                 "  subnet = \"${aws_subnet.a[0].id}\"\n"
                                 "  size   = -1\n"
                                 "  ids    = [for s in var.list : s.id]\n"
                                 "  escaped = \"a\\n$${b}\"\n"
                                 "  ingress { from_port = 1 }\n"
                                 "  ingress { from_port = 2 }\n"
                                 "  lifecycle {\n    prevent_destroy = true\n  }\n"
                                 "  provisioner \"local-exec\" { command = \"ls\" }\n"
                                 "}\n"
                                 "locals { a = 1\n b = local.a }\n"
                                 "module \"db\" { source = \"./db\" }\n"));
    const struct entity *main = entity_named(list, "aws_db_instance.main");
    assert_text(main->kind, "resource");
    assert_text(main->type, "aws_db_instance");
    const struct value *name = value_at(main->body, SLICE("name"));
    assert_int_equal(name->kind, VALUE_EXPRESSION);
    assert_text(name->text, "x-${var.env}");
    assert_text(name->items[0].value->text, "var.env");
    const struct value *subnet = value_at(main->body, SLICE("subnet"));
    assert_int_equal(subnet->kind, VALUE_REFERENCE);
    assert_text(subnet->text, "aws_subnet.a[0].id");
    assert_text(text_at(main, "size"), "-1");
    const struct value *ids = value_at(main->body, SLICE("ids"));
    assert_int_equal(ids->count, 1); /* s is bound by the loop */
    assert_text(ids->items[0].value->text, "var.list");
    assert_text(text_at(main, "lifecycle.prevent_destroy"), "true");
    const struct value *ingress = value_at(main->body, SLICE("ingress"));
    assert_true(ingress->block);
    assert_int_equal(ingress->count, 2);
    assert_text(text_at(main, "provisioner.local-exec.command"), "ls");
    assert_text(text_at(entity_named(list, "local.b"), "value"), "local.a");
    assert_text(entity_named(list, "module.db")->type, "./db");
}

static void test_terraform_policy_forms_are_equal(void **state) {
    (void)state;
    const struct entity *heredoc =
        entity_named(read_as("a.tf", SLICE("resource \"p\" \"x\" {\n  policy = <<EOF\n"
                                           "{\"A\": [\"${aws_s3.b.arn}/*\", \"${var.x}\"]}\n"
                                           "EOF\n}\n")),
                     "p.x");
    const struct entity *encoded =
        entity_named(read_as("b.tf", SLICE("resource \"p\" \"x\" {\n  policy = jsonencode({ A = "
                                           "[\"${aws_s3.b.arn}/*\", var.x] })\n}\n")),
                     "p.x");
    assert_int_equal(value_at(heredoc->body, SLICE("policy"))->kind, VALUE_MAP);
    assert_true(value_equal(heredoc->body, encoded->body));
}

static void test_tfvars_and_terraform_json(void **state) {
    (void)state;
    assert_string_equal(outline("prod.tfvars", "a = [1]\n"), "assignment var.a {value: [1]}\n");
    assert_string_equal(outline("m.tf.json", "{\"resource\": {\"a_b\": {\"c\": {\"d\": 1}}}}"),
                        "resource a_b a_b.c {d: 1}\n");
}

static void test_toml(void **state) {
    (void)state;
    assert_string_equal(outline("x.toml", "a.b = 1\n[x.y]\nz = \"\\u00e9\"\n[[l]]\nk = 'v'\n"
                                          "[[l]]\nk = 'w'\n"),
                        "document {}\n"
                        "  key a {b: 1}\n"
                        "  key x {y: {z: \xc3\xa9}}\n"
                        "  key l {value: [{k: v}, {k: w}]}\n");
}

static void test_markup(void **state) {
    (void)state;
    assert_string_equal(outline("changes.xml",
                                "<?xml version='1.0'?>\n<!-- <changeSet id='0'/> -->\n"
                                "<databaseChangeLog>\n"
                                "<changeSet id=\"1\">\n"
                                "  <sql><![CDATA[a < b]]> &amp; c &#x3b; &none;</sql>\n"
                                "  <dropTable tableName='t &quot;a&quot;'/>\n"
                                "  <rollback><dropTable tableName='u'/></rollback>\n"
                                "</changeSet>\n"
                                "</databaseChangeLog>\n"),
                        "changelog {}\n"
                        "  change-set 1 {id: 1}\n"
                        "    change sql {text: a < b & c ; &none;}\n"
                        "    change dropTable t \"a\" {tableName: t \"a\"}\n"
                        "    rollback dropTable u {tableName: u}\n");
    assert_string_equal(outline("changes.xml", "<databaseChangeLog>"),
                        "changelog {}\nnote 1: syntax not understood\n");
}

static void test_prisma(void **state) {
    (void)state;
    assert_string_equal(outline("schema.prisma", "// models\n"
                                                 "model User {\n"
                                                 "  id Int @id @default(autoincrement())\n"
                                                 "  at String? @db.VarChar(9) // c\n"
                                                 "  @@index([id,\n at])\n"
                                                 "}\r\n"
                                                 "enum Role { USER }\n"),
                        "table model User {id: Int @id @default(autoincrement()), at: String? "
                        "@db.VarChar(9)}\n"
                        "enum enum Role {USER: (unknown)}\n");
}

static void test_yaml_scalars(void **state) {
    (void)state;
    const struct entity_list *list = read_as("x.yaml", SLICE("a: |\n  one\n   two\n\n  three\n"
                                                             "b: >-\n  fold\n  ed\n\n  para\n"
                                                             "c: 'it''s'\n"
                                                             "d: \"a\\tb\\u00e9 \\\n   c\"\n"
                                                             "e: one\n  two\n"
                                                             "f: ~\n"));
    assert_text(value_at(entity_named(list, "a")->body, SLICE("value"))->text,
                "one\n two\n\nthree\n");
    assert_text(value_at(entity_named(list, "b")->body, SLICE("value"))->text, "fold ed\npara");
    assert_text(value_at(entity_named(list, "c")->body, SLICE("value"))->text, "it's");
    assert_text(value_at(entity_named(list, "d")->body, SLICE("value"))->text, "a\tb\xc3\xa9 c");
    assert_text(value_at(entity_named(list, "e")->body, SLICE("value"))->text, "one two");
    assert_int_equal(value_at(entity_named(list, "f")->body, SLICE("value"))->kind, VALUE_NULL);
}

static void test_yaml_merge_keys(void **state) {
    (void)state;
    const struct entity_list *list = read_as("x.yaml", SLICE("base: &b {x: 1, y: 2}\n"
                                                             "use:\n  <<: *b\n  y: 3\n"));
    const struct entity *use = entity_named(list, "use");
    assert_text(text_at(use, "x"), "1");
    assert_text(text_at(use, "y"), "3");
    assert_null(value_at(use->body, SLICE("\"<<\"")));
}

/* Each level repeats the one before ten times: 10^9 values, were aliases expanded freely. */
static void test_alias_bomb(void **state) {
    (void)state;
    struct strbuf text;
    strbuf_init(&text, &fixture.arena);
    strbuf_add_text(&text, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 10; i++) {
        strbuf_addf(&text, "a%d: &a%d [", i, i);
        for (int n = 0; n < 10; n++)
            strbuf_addf(&text, "%s*a%d", n ? "," : "", i - 1);
        strbuf_add_text(&text, "]\n");
    }
    const struct entity_list *list = read_as("bomb.yaml", strbuf_slice(&text));
    assert_true(list->note_count > 0);
    assert_true(slice_contains(list->notes[0].reason, SLICE("aliases")));
}

static void test_errors_are_notes(void **state) {
    (void)state;
    const struct entity_list *list =
        read_as("a.tf", SLICE("resource \"a\" \"b\" {\n  x = 1\n}\n\nresource \"c\" {{\n"));
    assert_true(list->note_count > 0);
    assert_true(list->notes[0].line >= 1);
    entity_named(list, "a.b");
}

static void test_too_deep_is_a_note(void **state) {
    (void)state;
    struct strbuf text;
    strbuf_init(&text, &fixture.arena);
    strbuf_add_text(&text, "a: 1\nb: ");
    for (int i = 0; i < 300; i++)
        strbuf_add_byte(&text, '[');
    const struct entity_list *list = read_as("x.yaml", strbuf_slice(&text));
    assert_int_equal(list->count, 0);
    assert_int_equal(list->note_count, 1);
    assert_int_equal(list->notes[0].line, 2);
}

/* An entity's span must hold the words it was read from, also inside embedded scripts. */
static void test_spans(void **state) {
    (void)state;
    struct slice text = SLICE("resource \"a\" \"b\" {\n}\nresource \"c\" \"d\" {\n  e = 1\n}\n");
    const struct entity *entity = entity_named(read_as("s.tf", text), "c.d");
    assert_text(slice_sub(text, entity->span.from, entity->span.to),
                "resource \"c\" \"d\" {\n  e = 1\n}");
    const struct value *e = value_at(entity->body, SLICE("e"));
    assert_text(slice_sub(text, e->span.from, e->span.to), "1");
}

static void test_embedded_scripts(void **state) {
    (void)state;
    struct slice text = SLICE("jobs:\n  a:\n    steps:\n      - run: |\n          cd x\n"
                              "            rm -rf ${{ inputs.dir }}/y\n");
    const struct entity_list *list = read_as(".github/workflows/e.yml", text);
    const struct entity *command = NULL;
    for (uint32_t i = 0; i < list->count; i++)
        if (slice_is(list->items[i].kind, "command") && slice_is(list->items[i].type, "rm"))
            command = &list->items[i];
    assert_non_null(command);
    assert_text(slice_sub(text, command->span.from, command->span.to),
                "rm -rf ${{ inputs.dir }}/y");
    assert_text(list->items[command->scope].kind, "step");
    assert_text(command->host, "workflow > job > step");
    list = read_as("job.yaml", SLICE("apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\n"
                                     "spec: {template: {spec: {containers: [{name: c,\n"
                                     "  command: [sh, -c], args: ['rm -rf /data']}]}}}\n"));
    assert_text(list->items[1].name, "rm -rf /data");
    list = read_as("u.tf", SLICE("resource \"a\" \"b\" {\n  user_data = <<-E\n    #!/bin/sh\n"
                                 "    rm -rf ${var.x}/y\n  E\n}\n"));
    assert_text(list->items[1].type, "rm");
    assert_int_equal(list->note_count, 0);
}

static const char *kind_of_step(const char *defaults, const char *job, const char *step) {
    struct slice text =
        arena_format(&fixture.arena, "%sjobs:\n  a:\n%s    steps:\n      - run: print('x')\n%s",
                     defaults, job, step);
    const struct entity_list *list = read_as(".github/workflows/e.yml", text);
    const struct entity *last = &list->items[list->count - 1];
    return arena_text(
        &fixture.arena,
        arena_format(&fixture.arena, "%.*s %.*s", SLICE_ARGS(last->kind),
                     SLICE_ARGS(last->kind.size == 6 ? last->type : last->dialect->name)));
}

#define WORKFLOW_PYTHON "defaults:\n  run:\n    shell: python\n"
#define JOB_PYTHON "    defaults:\n      run:\n        shell: python\n"

static void test_default_shells(void **state) {
    (void)state;
    assert_string_equal(kind_of_step(WORKFLOW_PYTHON, "", ""), "call python");
    assert_string_equal(kind_of_step("", JOB_PYTHON, ""), "call python");
    assert_string_equal(kind_of_step("defaults: {run: {shell: pwsh}}\n", JOB_PYTHON, ""),
                        "call python");
    assert_string_equal(
        kind_of_step("defaults: {run: {shell: bash}}\n", "", "        shell: python {0}\n"),
        "call python");
    assert_string_equal(kind_of_step("", "", "        shell: pwsh -File {0}\n"),
                        "command powershell");
    assert_string_equal(kind_of_step("", "", "        shell: fish {0}\n"), "script fish");
    assert_string_equal(kind_of_step("", "    runs-on: windows-2022\n", ""), "command powershell");
    assert_string_equal(kind_of_step("", "    runs-on: windows-2022\n" JOB_PYTHON, ""),
                        "call python");
}

static void test_duplicate_keys_are_a_note(void **state) {
    (void)state;
    const struct entity_list *list = read_as("x.yaml", SLICE("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n"));
    assert_int_equal(list->note_count, 1);
    assert_int_equal(list->notes[0].line, 5);
    struct strbuf text;
    strbuf_init(&text, &fixture.arena);
    for (int i = 0; i < 100; i++)
        strbuf_addf(&text, "k%d: 1\n", i % 99);
    list = read_as("y.yaml", strbuf_slice(&text));
    assert_int_equal(list->note_count, 1);
    assert_int_equal(list->notes[0].line, 100);
    list = read_as("z.yaml", SLICE("a: {<<: {b: 1}, b: 2}\n{{ if x }}\nc: 1\n{{ else }}\nc: 2\n"
                                   "{{ end }}\n"));
    assert_int_equal(list->note_count, 0);
}

static void test_cache_returns_the_same_list(void **state) {
    (void)state;
    struct slice text = SLICE("cached: 1\n");
    const struct entity_list *first = read_as("c.yaml", text);
    char copy[32];
    memcpy(copy, text.data, text.size);
    assert_ptr_equal(first, read_as("d.yaml", slice_make(copy, text.size)));
    entity_cache_trim(fixture.reader.cache);
    assert_ptr_equal(first, read_as("c.yaml", text));
}

static void test_hostile_texts_do_not_crash(void **state) {
    (void)state;
    static const char *const paths[] = {"a.yaml", "a.json", "a.tf", "a.toml",
                                        ".github/workflows/a.yml"};
    static const char *const texts[] = {
        "",          "\n",          "---\n",       "a: *b\n",      "a: &a *a\n",
        "{{",        "{{ x }}",     "a: {{",       "{%",           "? ",
        "- - -",     "\"\\",        "a: |",        "a: >-",        "a: |9\n  x",
        "x = <<E\n", "x = <<-E\nE", "x = \"${",    "x = \"%{",     "[",
        "[[",        "[a",          "a = '''",     "a = \"\"\"",   "<<: [1, 2]",
        "<<: *x",    "!Ref\n",      "!<x> a",      "\xff\xfe",     "a: \"\\ud800\"",
        "{\"a\":",   "jobs:\n",     "jobs: [1]\n", "jobs: {a: 1}", "jobs: {a: {steps: x}}\n",
    };
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++)
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            outline(paths[p], texts[t]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kubernetes),
        cmocka_unit_test(test_helm_template_is_masked),
        cmocka_unit_test(test_workflow),
        cmocka_unit_test(test_cloudformation_functions),
        cmocka_unit_test(test_compose),
        cmocka_unit_test(test_terraform),
        cmocka_unit_test(test_terraform_policy_forms_are_equal),
        cmocka_unit_test(test_tfvars_and_terraform_json),
        cmocka_unit_test(test_toml),
        cmocka_unit_test(test_markup),
        cmocka_unit_test(test_prisma),
        cmocka_unit_test(test_yaml_scalars),
        cmocka_unit_test(test_yaml_merge_keys),
        cmocka_unit_test(test_alias_bomb),
        cmocka_unit_test(test_errors_are_notes),
        cmocka_unit_test(test_too_deep_is_a_note),
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_embedded_scripts),
        cmocka_unit_test(test_default_shells),
        cmocka_unit_test(test_duplicate_keys_are_a_note),
        cmocka_unit_test(test_cache_returns_the_same_list),
        cmocka_unit_test(test_hostile_texts_do_not_crash),
    };
    return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
