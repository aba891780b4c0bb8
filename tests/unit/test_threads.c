/* Eight threads share one set of rules and one policy; each reviews every case, each in another
 * order. The reports are the same bytes as those of one thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "berm.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, CASES = 5, ROUNDS = 4 };

struct report {
    char *bytes;
    size_t size;
};

static int collect(void *context, const char *bytes, size_t size) {
    struct report *report = context;
    char *larger = realloc(report->bytes, report->size + size + 1);
    if (!larger)
        return 1;
    report->bytes = larger;
    memcpy(larger + report->size, bytes, size);
    report->size += size;
    larger[report->size] = '\0';
    return 0;
}

/* Languages and sizes differ, so that threads are in different parts of the pipeline. */
static const char *const records[CASES] = {
    "{\"id\":\"a\",\"change\":{\"files\":[{\"path\":\"prod/main.tf\",\"before\":"
    "\"resource \\\"aws_db_instance\\\" \\\"a\\\" {\\n  engine = \\\"x\\\"\\n}\\n"
    "module \\\"m\\\" {\\n  source = \\\"./m\\\"\\n}\\n\",\"after\":\"\"}]}}",
    "{\"id\":\"b\",\"change\":{\"files\":[{\"path\":\"k8s/a.yaml\",\"before\":"
    "\"apiVersion: apps/v1\\nkind: Deployment\\nmetadata: {name: a}\\nspec: {replicas: 3}\\n\","
    "\"after\":\"apiVersion: apps/v1\\nkind: Deployment\\nmetadata: {name: a}\\n"
    "spec: {replicas: 0}\\n\"}]}}",
    "{\"id\":\"c\",\"change\":{\"files\":[{\"path\":\"a.sh\",\"before\":\"rm -rf \\\"$A/x\\\"\\n\","
    "\"after\":\"rm -rf \\\"$A/\\\"\\nkubectl delete ns prod\\npython3 -c 'import shutil; "
    "shutil.rmtree(\\\"/\\\")'\\n\"}]}}",
    "{\"id\":\"d\",\"change\":{\"files\":[{\"path\":\"a.py\",\"before\":null,\"after\":"
    "\"import shutil, subprocess\\nshutil.rmtree('/data')\\n"
    "subprocess.run('terraform destroy -auto-approve', shell=True)\\n\"}]}}",
    "{\"id\":\"e\",\"change\":{\"files\":[{\"path\":\".github/workflows/a.yml\",\"before\":null,"
    "\"after\":\"on: push\\njobs:\\n  a:\\n    runs-on: x\\n    steps:\\n    - run: rm -rf "
    "/srv/*\\n"
    "\"}]}}",
};

static bool review(berm_reviewer *reviewer, const char *record, struct report *report) {
    berm_change *change = NULL;
    berm_review *made = NULL;
    berm_report_options options = BERM_REPORT_OPTIONS_INIT;
    options.all = true;
    bool good = berm_change_from_json(&change, record, strlen(record), NULL) == BERM_OK &&
                berm_reviewer_review(&made, reviewer, change, NULL) == BERM_OK &&
                berm_review_write(made, "json", &options, collect, report, NULL) == BERM_OK &&
                berm_review_write(made, "text", &options, collect, report, NULL) == BERM_OK;
    berm_review_free(made);
    berm_change_free(change);
    return good;
}

struct shared {
    const berm_rules *rules;
    const berm_policy *policy;
    struct report expected[CASES];
};

struct worker {
    pthread_t thread;
    const struct shared *shared;
    unsigned number;
    unsigned same; /* reports equal to the expected ones */
};

static void *work(void *context) {
    struct worker *worker = context;
    const struct shared *shared = worker->shared;
    berm_reviewer *reviewer;
    if (berm_reviewer_new(&reviewer, shared->rules, shared->policy, NULL, NULL) != BERM_OK)
        return NULL;
    for (unsigned i = 0; i < ROUNDS * CASES; i++) {
        unsigned at = (i + worker->number) % CASES;
        struct report report = {0};
        if (review(reviewer, records[at], &report) && report.size == shared->expected[at].size &&
            memcmp(report.bytes, shared->expected[at].bytes, report.size) == 0)
            worker->same++;
        free(report.bytes);
    }
    berm_reviewer_free(reviewer);
    return NULL;
}

static void threads_agree_with_one(void **state) {
    (void)state;
    static const char policy_text[] = "critical:\n  - {paths: [prod], floor: senior, name: pay}\n";
    berm_rules *rules;
    berm_policy *policy;
    berm_reviewer *reviewer;
    struct shared shared = {0};
    struct worker workers[THREADS] = {0};
    assert_int_equal(berm_rules_load(&rules, NULL, 0, NULL), BERM_OK);
    assert_int_equal(berm_policy_parse(&policy, policy_text, strlen(policy_text), "p", NULL),
                     BERM_OK);
    assert_int_equal(berm_reviewer_new(&reviewer, rules, policy, NULL, NULL), BERM_OK);
    shared.rules = rules;
    shared.policy = policy;
    for (unsigned i = 0; i < CASES; i++)
        assert_true(review(reviewer, records[i], &shared.expected[i]));
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i].shared = &shared;
        workers[i].number = i;
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(workers[i].same, ROUNDS * CASES);
    for (unsigned i = 0; i < CASES; i++)
        free(shared.expected[i].bytes);
    berm_reviewer_free(reviewer);
    berm_policy_free(policy);
    berm_rules_free(rules);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(threads_agree_with_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
