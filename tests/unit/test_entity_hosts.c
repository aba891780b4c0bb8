/* What stands inside other files: where its lines are, what it is called, how much it counts. */
#include "entity_fixture.h"

static const struct entity *find(const struct entity_list *list, const char *kind,
                                 const char *name) {
    for (uint32_t i = 0; i < list->count; i++)
        if (slice_is(list->items[i].kind, kind) && slice_is(list->items[i].name, name))
            return &list->items[i];
    fail_msg("no %s %s", kind, name);
    return NULL;
}

static void assert_stands_at(const char *text, const struct entity *entity, const char *what) {
    assert_memory_equal(text + entity->span.from, what, strlen(what));
}

static void a_list_of_texts_is_one_script(void **state) {
    static const char text[] = "job:\n"
                               "  script:\n"
                               "    - export DIR=/srv/app\n"
                               "    - |\n"
                               "      echo begin\n"
                               "      rm -rf $DIR/cache\n"
                               "    - !reference [.x, script]\n"
                               "    - [\"true\", 'kubectl get pods']\n";
    const struct entity_list *list = fixture_read(*state, "gitlab-ci", slice_of(text));
    const struct entity *delete = find(list, "command", "rm -rf $DIR/cache");
    assert_stands_at(text, delete, "rm -rf $DIR/cache");
    const struct value *resolved = value_at(delete->body, SLICE("resolved[0]"));
    assert_true(slice_is(resolved->text, "/srv/app/cache"));
    assert_stands_at(text, find(list, "command", "kubectl get pods"), "kubectl get pods");
    assert_true(slice_is(delete->host, "workflow > job"));
    assert_int_equal(list->note_count, 0);
}

static void folded_lines_keep_their_places(void **state) {
    static const char text[] = "job:\n"
                               "  script:\n"
                               "    - >-\n"
                               "          echo one two three &&\n"
                               "          echo four\n"
                               "          five &&\n"
                               "          kubectl get pods\n"
                               "    - \"echo a &&\n"
                               "       kubectl\n"
                               "       get nodes\"\n"
                               "    - echo b &&\n"
                               "      kubectl get jobs\n";
    const struct entity_list *list = fixture_read(*state, "gitlab-ci", slice_of(text));
    assert_stands_at(text, find(list, "command", "kubectl get pods"), "kubectl get pods\n");
    assert_stands_at(text, find(list, "command", "kubectl get nodes"), "kubectl\n");
    assert_stands_at(text, find(list, "command", "kubectl get jobs"), "kubectl get jobs\n");
}

static void weights_have_names(void **state) {
    const char *text = "test: {script: [make]}\n"
                       "deploy: {script: [make]}\n"
                       "test-prod: {environment: x, script: [make]}\n";
    const struct entity_list *list = fixture_read(*state, "gitlab-ci", slice_of(text));
    assert_int_equal(find(list, "job", "test")->weight, 40);
    assert_int_equal(find(list, "job", "deploy")->weight, 100);
    assert_int_equal(find(list, "job", "test-prod")->weight, 100);
    text = "{\"scripts\": {\"postinstall\": \"node x\", \"test\": \"jest\"}}";
    list = fixture_read(*state, "npm", slice_of(text));
    assert_int_equal(find(list, "command", "node x")->weight, 150);
    assert_int_equal(find(list, "command", "jest")->weight, 40);
}

static void attributes_have_common_names(void **state) {
    const char *text = "jobs:\n"
                       "  - job: deploy\n"
                       "    dependsOn: [test]\n"
                       "    continueOnError: true\n"
                       "    steps:\n"
                       "      - script: make\n"
                       "        condition: succeeded()\n";
    const struct entity_list *list = fixture_read(*state, "azure-pipelines", slice_of(text));
    const struct entity *job = find(list, "job", "deploy");
    assert_non_null(value_at(job->body, SLICE("needs[0]")));
    assert_non_null(value_get(job->body, SLICE("continue-on-error")));
    assert_null(value_get(job->body, SLICE("dependsOn")));
    const struct entity *step = find(list, "step", "deploy/step-1");
    assert_true(slice_is(value_get(step->body, SLICE("run"))->text, "make"));
    assert_non_null(value_get(step->body, SLICE("if")));
    text = "workflows:\n  main:\n    jobs:\n      - test\n      - deploy: {requires: [test]}\n";
    list = fixture_read(*state, "circleci", slice_of(text));
    find(list, "job", "main/test");
    assert_non_null(value_at(find(list, "job", "main/deploy")->body, SLICE("needs[0]")));
}

static void marks_of_the_host_are_variables(void **state) {
    static const char azure[] = "steps:\n"
                                "  - bash: |\n"
                                "      rm -rf $(Build.SourcesDirectory)/x $(pwd)/y\n"
                                "      kubectl get pods\n";
    const struct entity_list *list = fixture_read(*state, "azure-pipelines", slice_of(azure));
    find(list, "command", "rm -rf $Build_SourcesDirectory/x $(pwd)/y");
    assert_stands_at(azure, find(list, "command", "kubectl get pods"), "kubectl get pods");
    static const char circle[] = "jobs:\n"
                                 "  a:\n"
                                 "    steps:\n"
                                 "      - run: echo << pipeline.git.branch >> && kubectl get pods\n"
                                 "      - run: |\n"
                                 "          cat <<EOF >>x\n"
                                 "          EOF\n";
    list = fixture_read(*state, "circleci", slice_of(circle));
    assert_int_equal(list->note_count, 0);
    assert_stands_at(circle, find(list, "command", "kubectl get pods"), "kubectl get pods");
}

/* A text in a text in a file, the inner ones known by how they begin. */
static void a_script_in_data_in_a_text(void **state) {
    static const char text[] = "resource \"aws_instance\" \"a\" {\n"
                               "  user_data = <<-EOT\n"
                               "    #cloud-config\n"
                               "    runcmd:\n"
                               "      - [sh, -c, \"echo a; kubectl get pods\"]\n"
                               "      - kubectl get nodes\n"
                               "    write_files:\n"
                               "      - path: /x\n"
                               "        content: |\n"
                               "          #!/bin/sh\n"
                               "          kubectl get jobs\n"
                               "  EOT\n"
                               "}\n";
    const struct entity_list *list = fixture_read(*state, "terraform", slice_of(text));
    assert_stands_at(text, find(list, "command", "kubectl get pods"), "kubectl get pods");
    assert_stands_at(text, find(list, "command", "kubectl get nodes"), "kubectl get nodes");
    assert_stands_at(text, find(list, "command", "kubectl get jobs"), "kubectl get jobs");
}

/* Broken and hostile files end as notes. */
static void hostile_files_are_read(void **state) {
    static const char *const texts[] = {
        "job:\n  script: [[[[\n",
        "script: &a [*a]\n",
        "a:\n  script: {x: y}\nb:\n  script: 1\n",
        "job:\n  script:\n    - \"\\\n",
        "a: {script: [\"\", |\n",
        "",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_non_null(fixture_read(*state, "gitlab-ci", slice_of(texts[i])));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_of_texts_is_one_script),
        cmocka_unit_test(folded_lines_keep_their_places),
        cmocka_unit_test(weights_have_names),
        cmocka_unit_test(attributes_have_common_names),
        cmocka_unit_test(marks_of_the_host_are_variables),
        cmocka_unit_test(a_script_in_data_in_a_text),
        cmocka_unit_test(hostile_files_are_read),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
