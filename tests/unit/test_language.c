#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "entity/builder.h"
#include "language/compile.h"
#include "language/record.h"
#include "language/roles.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct fixture {
    struct failure failure;
    struct arena arena;
    struct knowledge knowledge;
    const struct dialects *dialects;
    const char *directory;
};

static struct fixture fixture;

static void fixture_build(void *context) {
    (void)context;
    struct image_writer writer;
    image_writer_init(&writer, &fixture.arena);
    languages_compile(&writer, &fixture.arena, fixture.directory);
    fixture.knowledge.images[0] = image_finish(&writer);
    fixture.knowledge.count = 1;
    fixture.dialects = dialects_load(&fixture.arena, &fixture.knowledge);
}

static bool build(const char *directory) {
    fixture.directory = directory;
    return failure_try(&fixture.failure, fixture_build, NULL);
}

static int set_up(void **state) {
    (void)state;
    failure_init(&fixture.failure);
    arena_init(&fixture.arena, &fixture.failure, 0);
    return build(SOURCE_DIRECTORY "/grammars") ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    arena_release(&fixture.arena);
    return 0;
}

static void assert_dialect(const char *path, const char *content, const char *wanted) {
    const struct dialect *found =
        language_detect(fixture.dialects, slice_of(path), slice_of(content));
    if (!wanted)
        assert_null(found);
    else if (!found)
        fail_msg("%s: no dialect, wanted %s", path, wanted);
    else
        assert_string_equal(arena_text(&fixture.arena, found->name), wanted);
}

static void test_detection(void **state) {
    (void)state;
    assert_dialect("main.tf", "", "terraform");
    assert_dialect("a/b/main.tf", "", "terraform");
    assert_dialect("a/main.tf.json", "{}", "terraform");
    assert_dialect("prod.tfvars", "", "tfvars");
    assert_dialect("terragrunt.hcl", "", "terragrunt");
    assert_dialect("stack.hcl", "", "hcl");
    assert_dialect(".github/workflows/ci.yml", "", "github-actions");
    assert_dialect("sub/.github/workflows/ci.yaml", "", "github-actions");
    assert_dialect("action.yml", "name: x\nruns:\n  using: composite\n", "github-actions");
    assert_dialect("docker-compose.prod.yml", "", "compose");
    assert_dialect("x/compose.yaml", "", "compose");
    assert_dialect("stack.yml", "services:\n  a:\n    image: b\n", "compose");
    assert_dialect("stack.yml", "services:\n  a: b\n", "yaml");
    assert_dialect("t.yaml", "AWSTemplateFormatVersion: '2010-09-09'\n", "cloudformation");
    assert_dialect("t.yaml", "Resources:\n  A:\n    Type: AWS::S3::Bucket\n", "cloudformation");
    assert_dialect("t.yaml", "Resources:\n  A: b\n", "yaml");
    assert_dialect("t.json", "{\n \"Resources\" : {\"A\": {\"Type\": \"AWS::S3::Bucket\"}}}",
                   "cloudformation");
    assert_dialect("k.yaml", "# c\napiVersion: v1\nkind: Pod\n", "kubernetes");
    assert_dialect("k.yaml", "\"apiVersion\": v1\nkind: Pod\n", "kubernetes");
    assert_dialect("k.yaml", "  apiVersion: v1\n  kind: Pod\n", "yaml");
    assert_dialect("k.yaml", "{{- if .a }}\napiVersion: v1\nkind: Pod\n{{ end }}\n", "kubernetes");
    assert_dialect("k.json", "{\"x\": {\"apiVersion\": 1}, \"kind\": 2}", "json");
    assert_dialect("k.json", "{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}", "kubernetes");
    assert_dialect("a.toml", "", "toml");
    assert_dialect("a.sh", "", "bash");
    assert_dialect("bin/run", "#!/bin/sh\n", "bash");
    assert_dialect("bin/run", "#!/usr/bin/env bash\n", "bash");
    assert_dialect("bin/run", "#!/usr/bin/env python3\n", "python");
    assert_dialect("a.py", "", "python");
    assert_dialect("README.md", "# x\n", NULL);
    assert_dialect("bin/run", "#!/usr/bin/perl\n", NULL);
}

/* Look-alikes: what a name promises and what the content says. */
static void test_detection_of_overlays(void **state) {
    (void)state;
    static const char overlay[] = "apiVersion: kustomize.config.k8s.io/v1beta1\n"
                                  "kind: Kustomization\nresources: [a.yaml]\n";
    static const char delivery[] = "apiVersion: kustomize.toolkit.fluxcd.io/v1\n"
                                   "kind: Kustomization\nspec:\n  path: ./apps\n";
    assert_dialect("a/kustomization.yaml", overlay, "kustomization");
    assert_dialect("Kustomization", "resources: [a.yaml]\n", "kustomization");
    assert_dialect("a/kustomization.yml", "namespace: a\n", "kustomization");
    assert_dialect("a/kustomization.yaml", delivery, "kubernetes");
    assert_dialect("a/apps.yaml", delivery, "kubernetes");
    assert_dialect("a/overlay.yaml", overlay, "kubernetes");
    assert_dialect("a/mykustomization.txt", overlay, NULL);
}

static void test_detection_of_charts(void **state) {
    (void)state;
    assert_dialect("charts/a/values.yaml", "image:\n  tag: a\n", "helm-values");
    assert_dialect("values-prod.yaml", "services:\n  web:\n    image: a\n", "helm-values");
    assert_dialect("a/enc.secret.values.yaml", "a: b\n", "helm-values");
    assert_dialect("a/values/prod.yml", "a: b\n", "helm-values");
    assert_dialect("a/values.yaml", "extraObjects:\n  - apiVersion: v1\n", "helm-values");
    assert_dialect("a/values.yaml", "apiVersion: v1\nkind: Secret\n", "kubernetes");
    assert_dialect("a/values.yaml", "AWSTemplateFormatVersion: x\n", "cloudformation");
    assert_dialect("a/values.json", "{}", "json");
    assert_dialect("a/values.py", "", "python");
    assert_dialect("a/Chart.yaml", "apiVersion: v2\nname: a\n", "helm-chart");
    assert_dialect("a/requirements.yaml", "dependencies:\n- repository: b\n", "helm-chart");
    assert_dialect("a/requirements.yml", "collections:\n- name: b\n", "yaml");
}

static void test_detection_of_playbooks(void **state) {
    (void)state;
    assert_dialect("roles/a/tasks/main.yml", "---\n- name: a\n  file: {}\n", "ansible");
    assert_dialect("roles/a/handlers/x.yaml", "- name: a\n", "ansible");
    assert_dialect("deploy.yml", "---\n# c\n\n- hosts: web\n", "ansible");
    assert_dialect("deploy.yml", "- hosts: web\n", "ansible");
    assert_dialect("site.yml", "---\n- import_playbook: a.yml\n", "ansible");
    assert_dialect("ansible/web.yml", "---\n- name: a\n  hosts: web\n", "ansible");
    assert_dialect("ansible/vars.yml", "---\na: b\n", "yaml");
    assert_dialect("group_vars/all.yml", "hosts:\n  - a\n", "yaml");
    assert_dialect("tls.yml", "tls:\n- hosts: [a]\n", "yaml");
    assert_dialect("tasks/a.yaml", "apiVersion: tekton.dev/v1\nkind: Task\n", "kubernetes");
    assert_dialect("tasks/a.yml", "---\nplatform: linux\ninputs:\n- name: a\n", "yaml");
    assert_dialect("ansible/.github/workflows/ci.yml", "on: push\n", "github-actions");
    assert_dialect("ansible/docker-compose.yml", "services: {}\n", "compose");
}

static void test_detection_of_templates(void **state) {
    (void)state;
    static const char schema[] =
        "{ \"$schema\": \"https://x/2019-04-01/deploymentTemplate.json#\", \"resources\": [] }";
    assert_dialect("azuredeploy.json", schema, "arm");
    assert_dialect("a/main.json", schema, "arm");
    assert_dialect("a/main.yaml", schema, "yaml");
    assert_dialect("a.json", "{\"resources\": []}", "json");
    assert_dialect("a.json", "{\"see\": \"deploymentTemplate.json#\"}", "json");
    assert_dialect("a.json", "{\"$schema\": \"https://x/deploymentParameters.json#\"}", "json");
}

static void test_units_and_sides(void **state) {
    (void)state;
    assert_int_equal(dialect_by_name(fixture.dialects, SLICE("terraform"))->unit, UNIT_DIRECTORY);
    assert_int_equal(dialect_by_name(fixture.dialects, SLICE("kubernetes"))->unit, UNIT_CHANGE);
    assert_int_equal(dialect_by_name(fixture.dialects, SLICE("bash"))->unit, UNIT_FILE);
    assert_true(dialect_by_name(fixture.dialects, SLICE("yaml"))->generic);
    assert_null(dialect_by_name(fixture.dialects, SLICE("cobol")));
    const struct dialect *shell = dialect_of_program(fixture.dialects, SLICE("/usr/bin/bash"));
    assert_true(slice_is(shell->name, "bash"));
    assert_true(
        slice_is(dialect_of_program(fixture.dialects, SLICE("python3.11"))->name, "python"));
    assert_null(dialect_of_program(fixture.dialects, SLICE("perl")));
}

static void test_sensitive(void **state) {
    (void)state;
    assert_true(language_is_sensitive(fixture.dialects, SLICE("Jenkinsfile")));
    assert_true(language_is_sensitive(fixture.dialects, SLICE("a/b/Dockerfile.prod")));
    assert_true(language_is_sensitive(fixture.dialects, SLICE(".github/CODEOWNERS")));
    assert_false(language_is_sensitive(fixture.dialects, SLICE("src/main.c")));
}

static void test_list_forms(void **state) {
    (void)state;
    const struct dialect *kubernetes = dialect_by_name(fixture.dialects, SLICE("kubernetes"));
    struct slice key;
    assert_int_equal(dialect_list_form(kubernetes, SLICE("apps/Deployment"),
                                       SLICE("spec.template.spec.containers"), &key),
                     LIST_KEYED);
    assert_true(slice_is(key, "name"));
    assert_int_equal(dialect_list_form(kubernetes, SLICE("apps/Deployment"),
                                       SLICE("spec.template.spec.containers[name=a].command"),
                                       &key),
                     LIST_ORDERED);
    assert_int_equal(dialect_list_form(kubernetes, SLICE("Role"), SLICE("rules[].verbs"), &key),
                     LIST_SET);
    const struct dialect *terraform = dialect_by_name(fixture.dialects, SLICE("terraform"));
    assert_int_equal(dialect_list_form(terraform, SLICE("aws_x"), SLICE("subnet_ids"), &key),
                     LIST_SET);
}

/* Every role a built-in grammar names must exist in that grammar. */
static void test_roles_resolve(void **state) {
    (void)state;
    static const char *const languages[] = {"hcl", "yaml", "json", "toml", "bash", "python"};
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        const TSLanguage *language = grammar_find(slice_of(languages[i]));
        assert_non_null(language);
        uint32_t count;
        const struct image *image = &fixture.knowledge.images[0];
        const struct node_role_record *records = image_section(image, IMAGE_NODE_ROLES, &count);
        for (uint32_t n = 0; n < count; n++) {
            struct slice name = image_string(image, records[n].name);
            if (!slice_is(image_string(image, records[n].language), languages[i]))
                continue;
            bool found =
                records[n].kind == NODE_RECORD_FIELD
                    ? ts_language_field_id_for_name(language, name.data, (uint32_t)name.size) != 0
                    : ts_language_symbol_for_name(language, name.data, (uint32_t)name.size,
                                                  records[n].kind != NODE_RECORD_TOKEN) != 0;
            if (!found)
                fail_msg("%s: no %.*s", languages[i], SLICE_ARGS(name));
        }
    }
    assert_int_equal(node_role_find(SLICE("call")), ROLE_CALL);
    assert_int_equal(node_role_find(SLICE("nonsense")), ROLE_COUNT);
}

/* A directory with a languages.yaml of its own. */
static const char *directory_with(const char *text) {
    static char directory[64];
    snprintf(directory, sizeof directory, "/tmp/berm-language-XXXXXX");
    assert_non_null(mkdtemp(directory));
    char path[96];
    snprintf(path, sizeof path, "%s/languages.yaml", directory);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return directory;
}

static void directory_remove(const char *directory) {
    char path[96];
    snprintf(path, sizeof path, "%s/languages.yaml", directory);
    unlink(path);
    rmdir(directory);
}

static void refused_at(const char *text, uint32_t line, uint32_t column) {
    const char *directory = directory_with(text);
    assert_false(build(directory));
    directory_remove(directory);
    assert_int_equal(fixture.failure.error.status, BERM_ERROR_RULE);
    assert_int_equal(fixture.failure.error.line, line);
    assert_int_equal(fixture.failure.error.column, column);
}

static void test_errors_have_positions(void **state) {
    (void)state;
    refused_at("dialects:\n  - name: x\n    language: yaml\n    colour: red\n", 4, 13);
    refused_at("dialects:\n  - name: x\n    language: yaml\n    unit: galaxy\n", 4, 11);
    refused_at("dialects:\n  - language: yaml\n", 2, 5);
    refused_at("languages:\n  yaml: { reader: magic }\n", 2, 19);
}

static struct slice toy_outline;

static void toy_read(void *context) {
    (void)context;
    struct reader reader = {fixture.dialects, entity_cache_new(&fixture.failure, 1 << 20),
                            &fixture.failure};
    struct slice text = SLICE("menu:\n  soup: {price: 3, guests: [a]}\n  cake: {price: 4}\n");
    const struct dialect *dialect =
        language_detect(fixture.dialects, SLICE("today.menu.yaml"), text);
    assert_non_null(dialect);
    struct strbuf out;
    strbuf_init(&out, &fixture.arena);
    entity_dump(&out, entity_read(&reader, dialect, text));
    toy_outline = strbuf_slice(&out);
    entity_cache_free(reader.cache);
}

/* A dialect made of data alone, in an image beside the built-in one. */
static void test_toy_dialect(void **state) {
    (void)state;
    struct image builtin = fixture.knowledge.images[0];
    const char *directory =
        directory_with("dialects:\n"
                       "  - name: menu\n"
                       "    language: yaml\n"
                       "    detect:\n"
                       "      - paths: ['*.menu.yaml']\n"
                       "    entities:\n"
                       "      - { kind: card, at: '' }\n"
                       "      - { kind: dish, in: card, at: 'menu.{}', type: food,\n"
                       "          name: '{1} for {price}',\n"
                       "          weights: [ { weight: 10, when: { price: '4' } } ] }\n");
    assert_true(build(directory));
    directory_remove(directory);
    fixture.knowledge.images[1] = fixture.knowledge.images[0];
    fixture.knowledge.images[0] = builtin;
    fixture.knowledge.count = 2;
    fixture.dialects = dialects_load(&fixture.arena, &fixture.knowledge);
    assert_true(failure_try(&fixture.failure, toy_read, NULL));
    assert_string_equal(arena_text(&fixture.arena, toy_outline),
                        "card [0-57] {}\n"
                        "  dish food soup for 3 [8-37] {price: 3, guests: [a]}\n"
                        "  dish food cake for 4 10% [40-56] {price: 4}\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_detection, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_detection_of_overlays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_detection_of_charts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_detection_of_templates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_detection_of_playbooks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_units_and_sides, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sensitive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_list_forms, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_roles_resolve, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_errors_have_positions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_toy_dialect, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
