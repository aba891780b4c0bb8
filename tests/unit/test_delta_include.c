#include "delta_scene.h"

#define TEST_JOB "test:\n  script:\n    - npm test\n"
#define DEPLOY_JOB "deploy:\n  script: [./deploy.sh]\n"
#define REUSED                                                                                     \
    "on: workflow_call\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n"                  \
    "      - run: npm test\n"

static const char *gitlab(const char *before, const char *after, const char *path,
                          const char *included) {
    struct scene scene = {.count = 0};
    add(&scene, ".gitlab-ci.yml", before, after);
    if (included)
        keep(&scene, path, included);
    return events_of(&scene);
}

static void what_is_no_longer_taken_in_is_lost(void **state) {
    (void)state;
    static const char *const includes[] = {"include: ci/test.yml\n", "include: [/ci/test.yml]\n",
                                           "include:\n  local: ci/test.yml\n",
                                           "include:\n  - local: '/ci/test.yml'\n"};
    for (size_t i = 0; i < sizeof includes / sizeof *includes; i++) {
        const char *before = arena_text(&arena, arena_format(&arena, "%s" DEPLOY_JOB, includes[i]));
        assert_non_null(strstr(gitlab(before, DEPLOY_JOB, "ci/test.yml", TEST_JOB),
                               "removed likely .gitlab-ci.yml#test in ci/test.yml"));
        assert_null(strstr(gitlab(before, DEPLOY_JOB, "ci/other.yml", TEST_JOB), "removed"));
        assert_null(
            strstr(gitlab(before, DEPLOY_JOB TEST_JOB, "ci/test.yml", TEST_JOB), "removed"));
    }
    assert_null(strstr(gitlab("include: https://x.io/ci/test.yml\n", "a: {script: [b]}\n",
                              "ci/test.yml", TEST_JOB),
                       "#test"));
}

static void another_way_to_the_same_file_counts(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, ".gitlab-ci.yml", "include: ci/test.yml\n" DEPLOY_JOB,
        "include: ci/all.yml\n" DEPLOY_JOB);
    keep(&scene, "ci/test.yml", TEST_JOB);
    keep(&scene, "ci/all.yml", "include: [ci/test.yml, ci/all.yml, .gitlab-ci.yml]\n");
    assert_null(strstr(events_of(&scene), "removed"));
}

static void calls_of_workflows_and_actions(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, ".github/workflows/ci.yml",
        "on: push\njobs:\n  checks:\n    uses: ./.github/workflows/reused.yml\n  b:\n"
        "    runs-on: x\n    steps:\n      - uses: ./.github/actions/lint\n      - run: make\n",
        "on: push\njobs:\n  b:\n    runs-on: x\n    steps:\n      - run: make\n");
    keep(&scene, ".github/workflows/reused.yml", REUSED);
    keep(&scene, ".github/actions/lint/action.yml",
         "runs:\n  using: composite\n  steps:\n    - run: npm run lint\n      shell: bash\n");
    const char *events = events_of(&scene);
    assert_non_null(strstr(events, "removed likely .github/workflows/ci.yml#checks/test in "
                                   ".github/workflows/reused.yml"));
    assert_non_null(strstr(events, "/step-1 in .github/actions/lint/action.yml"));
}

/* A job that goes with its steps is told once. */
static void steps_go_with_their_job(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, ".github/workflows/ci.yml",
        "on: push\njobs:\n  b:\n    steps:\n      - uses: ./a\n  c:\n    steps: [{run: x}]\n",
        "on: push\njobs:\n  c:\n    steps: [{run: x}]\n");
    keep(&scene, "a/action.yaml", "runs:\n  using: composite\n  steps:\n    - run: npm test\n");
    assert_null(strstr(events_of(&scene), "a/action.yaml"));
}

static void commands_of_the_same_file(void **state) {
    (void)state;
    static const char head[] = "commands:\n  verify:\n    steps:\n      - run: npm test\n"
                               "jobs:\n  a:\n    steps:\n      - checkout\n";
    struct scene scene = {.count = 0};
    add(&scene, ".circleci/config.yml",
        arena_text(&arena, arena_format(&arena, "%s      - verify\n", head)), head);
    assert_non_null(strstr(events_of(&scene), "/commands.verify/step-1 in .circleci/config.yml"));
}

#define BASE ".base:\n  when: manual\n  variables: {A: a}\n"

static void what_is_taken_from_others_is_no_change(void **state) {
    (void)state;
    const char *events = gitlab(BASE "j:\n  when: manual\n  script: [a]\n",
                                BASE "j:\n  extends: .base\n  script: [a]\n", NULL, NULL);
    assert_null(strstr(events, "when"));
    events = gitlab(BASE "j:\n  extends: .base\n  script: [a]\n", BASE "j:\n  script: [a]\n", NULL,
                    NULL);
    assert_non_null(strstr(events, "  when: manual -> - certain"));
    events = gitlab("include: b.yml\nj:\n  when: manual\n  script: [a]\n",
                    "include: b.yml\nj:\n  extends: .base\n  script: [a]\n", "b.yml", BASE);
    assert_null(strstr(events, "when"));
    events = gitlab("j:\n  image: a\n  script: [a]\n", "default:\n  image: a\nj:\n  script: [a]\n",
                    NULL, NULL);
    assert_null(strstr(events, "gitlab-ci.yml#j"));
    /* what is not there is not guessed */
    events = gitlab("include: b.yml\nj:\n  when: manual\n  script: [a]\n",
                    "include: b.yml\nj:\n  extends: .base\n  script: [a]\n", NULL, NULL);
    assert_non_null(strstr(events, "when: manual -> -"));
}

static void circles_end(void **state) {
    (void)state;
    assert_non_null(gitlab(".a:\n  extends: .b\n.b:\n  extends: [.a, .b]\nj:\n  extends: .a\n",
                           ".a:\n  extends: .b\n.b:\n  extends: [.a, .b]\n  when: manual\n"
                           "j:\n  extends: [.b, .a]\n",
                           NULL, NULL));
    assert_non_null(gitlab("include: a.yml\nj: {extends: .x, script: [a]}\n",
                           "j: {extends: .x, when: manual, script: [a]}\n", "a.yml",
                           "include: a.yml\n.x: {extends: .x}\n"));
}

static void lists_in_lists(void **state) {
    (void)state;
    const char *events = gitlab(
        ".s:\n  script: [npm test]\nj:\n  script: [npm test]\n",
        ".s:\n  script: [npm test]\nj:\n  script:\n    - !reference [.s, script]\n", NULL, NULL);
    assert_null(strstr(events, "script"));
    events = gitlab(".s:\n  script: [npm test]\nj:\n  script: [npm test]\n",
                    ".s:\n  script: [npm test]\nj:\n  script:\n    - !reference [.none, script]\n",
                    NULL, NULL);
    assert_non_null(strstr(events, "script"));
}

static void settings_of_a_called_workflow(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, ".github/workflows/ci.yml",
        "on: push\njobs:\n  d:\n    runs-on: x\n    environment: production\n    steps: [{run: "
        "a}]\n",
        "on: push\njobs:\n  d:\n    uses: ./.github/workflows/d.yml\n");
    add(&scene, ".github/workflows/d.yml", NULL,
        "on: workflow_call\njobs:\n  go:\n    runs-on: x\n    environment: production\n"
        "    steps: [{run: a}]\n");
    assert_null(strstr(events_of(&scene), "environment"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_longer_taken_in_is_lost),
        cmocka_unit_test(another_way_to_the_same_file_counts),
        cmocka_unit_test(calls_of_workflows_and_actions),
        cmocka_unit_test(steps_go_with_their_job),
        cmocka_unit_test(commands_of_the_same_file),
        cmocka_unit_test(what_is_taken_from_others_is_no_change),
        cmocka_unit_test(circles_end),
        cmocka_unit_test(lists_in_lists),
        cmocka_unit_test(settings_of_a_called_workflow),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
