/*
 * Every allocation fails once: of ours, of libyaml, of PCRE2 and of jansson. Whatever was going on
 * ends with BERM_ERROR_MEMORY, gives back every block and leaves no verdict behind.
 *
 * PCRE2 and jansson get their memory from base/memory.c in every build. libyaml has no hook: this
 * program defines the functions it calls, which come before those of the shared library.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "berm.h"
#include "rule/compile.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

static unsigned long yaml_calls; /* proof that libyaml comes here */

#define SEEN_BY_LIBYAML __attribute__((visibility("default")))
SEEN_BY_LIBYAML void *yaml_malloc(size_t size);
SEEN_BY_LIBYAML void *yaml_realloc(void *old, size_t size);
SEEN_BY_LIBYAML void yaml_free(void *block);
SEEN_BY_LIBYAML yaml_char_t *yaml_strdup(const yaml_char_t *text);

void *yaml_malloc(size_t size) {
    yaml_calls++;
    return memory_alloc(size);
}

void *yaml_realloc(void *old, size_t size) {
    yaml_calls++;
    return memory_realloc(old, size);
}

void yaml_free(void *block) {
    memory_free(block);
}

yaml_char_t *yaml_strdup(const yaml_char_t *text) {
    size_t size = text ? strlen((const char *)text) + 1 : 0;
    yaml_char_t *copy = size ? yaml_malloc(size) : NULL;
    return copy ? memcpy(copy, text, size) : NULL;
}

/* The steps from one failing allocation to the next: all of them up to `dense`, then a prime. */
struct plan {
    unsigned long dense, stride;
};

static const struct plan every = {(unsigned long)-1, 1};

/* Runs the work with one allocation failing after the other until none is reached; the number of
 * allocations it makes. */
static unsigned long fail_each(berm_status (*work)(const void *context), const void *context,
                               struct plan plan) {
    for (unsigned long n = 1;; n += n < plan.dense ? 1 : plan.stride) {
        long live = memory_live();
        memory_fail_after(n);
        berm_status status = work(context);
        unsigned long made = memory_count();
        memory_fail_after(0);
        assert_int_equal(memory_live(), live);
        if (made < n) {
            assert_int_equal(status, BERM_OK);
            return made;
        }
        if (status != BERM_ERROR_MEMORY)
            fail_msg("allocation %lu failed: %s", n, berm_status_name(status));
    }
}

/* ---- rules -------------------------------------------------------------------------------------
 */

struct rule_file {
    struct slice path, text;
};

struct compilation {
    struct arena arena;
    const struct rule_file *file;
};

static void compile(void *context) {
    struct compilation *compilation = context;
    struct image_writer writer;
    image_writer_init(&writer, &compilation->arena);
    const char *path = arena_text(&compilation->arena, compilation->file->path);
    rules_compile_text(&writer, &compilation->arena, path, compilation->file->text);
    image_finish(&writer);
}

static berm_status compile_alone(const void *context) {
    struct failure failure;
    struct compilation compilation = {.file = context};
    failure_init(&failure);
    arena_init(&compilation.arena, &failure, 0);
    berm_status status =
        failure_try(&failure, compile, &compilation) ? BERM_OK : failure.error.status;
    arena_release(&compilation.arena);
    return status;
}

static bool is_rule(struct slice path) {
    return slice_ends(path, SLICE(".yaml")) && slice_find_byte(path, '/') != SLICE_NPOS &&
           !slice_starts(path, SLICE("facts/"));
}

static void each_rule_file_alone(void **state) {
    (void)state;
    struct failure failure;
    struct arena arena;
    failure_init(&failure);
    arena_init(&arena, &failure, 0);
    struct slice *paths;
    uint32_t count, rules = 0;
    assert_true(directory_files(&arena, SOURCE_DIRECTORY "/rules", &paths, &count));
    for (uint32_t i = 0; i < count; i++) {
        struct rule_file file = {paths[i], SLICE_NONE};
        const char *where =
            arena_format(&arena, SOURCE_DIRECTORY "/rules/%.*s", SLICE_ARGS(paths[i])).data;
        if (!is_rule(paths[i]))
            continue;
        assert_true(file_read(&arena, where, &file.text));
        assert_true(fail_each(compile_alone, &file, every) > 10);
        rules++;
    }
    arena_release(&arena);
    assert_true(rules >= 45 && yaml_calls > rules);
}

/* All rules with facts and dialects, as --rules reads them: some 100,000 allocations. */
static berm_status load_directory(const void *directory) {
    const char *directories[] = {directory};
    berm_rules *rules;
    berm_status status = berm_rules_load(&rules, directories, 1, NULL);
    berm_rules_free(rules);
    return status;
}

static void a_directory_of_rules(void **state) {
    (void)state;
    fail_each(load_directory, SOURCE_DIRECTORY "/rules", (struct plan){40, 9973});
}

/* ---- a review ----------------------------------------------------------------------------------
 */

static const char terraform_before[] =
    "resource \"aws_db_instance\" \"main\" {\n  engine = \"postgres\"\n  tags = { a = \"b\" }\n"
    "  lifecycle {\n    prevent_destroy = true\n  }\n}\n"
    "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"logs-${var.name}\"\n}\n"
    "resource \"aws_instance\" \"web\" {\n  ami = aws_db_instance.main.id\n}\n";
static const char terraform_after[] =
    "resource \"aws_s3_bucket\" \"logs\" {\n  bucket = \"logs\"\n  force_destroy = true\n}\n"
    "resource \"aws_instance\" \"web\" {\n  ami = \"x\"\n}\n";
static const char manifest_before[] =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: prod}\nspec:\n"
    "  replicas: 3\n  template:\n    spec:\n      containers:\n      - name: a\n"
    "        image: a:1\n        command: [sh, -c, 'rm -rf \"$DATA\"/*']\n---\n"
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: prod}\n";
static const char manifest_after[] =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: prod}\nspec:\n"
    "  replicas: 0\n  template:\n    spec:\n      containers:\n      - name: a\n"
    "        image: a:2\n        command: [sh, -c, 'rm -rf \"$DATA\"/* /srv']\n";
static const char script_before[] =
    "#!/bin/bash\nset -eu\n[ -n \"$TARGET\" ] && rm -rf \"$TARGET\"\n";
static const char script_after[] =
    "#!/bin/bash\nrm -rf \"$TARGET/\"\nfor i in a b; do kubectl delete namespace \"$i\"; done\n"
    "python3 - <<'EOF'\nimport shutil\nshutil.rmtree('/data')\nEOF\n";
static const char program_after[] =
    "import subprocess, shutil\ndef clean(path):\n    shutil.rmtree(path)\n"
    "subprocess.run(['terraform', 'destroy', '-auto-approve'])\n"
    "subprocess.run('rm -rf /var/lib/data', shell=True)\n";
static const char workflow_after[] =
    "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - run: |\n"
    "        terraform destroy -auto-approve\n        rm -rf /srv/*\n";

static berm_file file_of(const char *path, const char *before, const char *after) {
    berm_file file = BERM_FILE_INIT;
    file.path = path;
    file.before = before;
    file.before_size = before ? strlen(before) : 0;
    file.after = after;
    file.after_size = after ? strlen(after) : 0;
    return file;
}

struct output {
    size_t size;
    uint64_t sum;
};

static int add_up(void *context, const char *bytes, size_t size) {
    struct output *output = context;
    for (size_t i = 0; i < size; i++)
        output->sum = output->sum * 31 + (unsigned char)bytes[i];
    output->size += size;
    return 0;
}

static berm_status write_reports(const berm_review *review, struct output *output) {
    berm_status status = berm_review_write(review, "json", NULL, add_up, output, NULL);
    return status == BERM_OK ? berm_review_write(review, "text", NULL, add_up, output, NULL)
                             : status;
}

static berm_status review_change(const berm_rules *rules, berm_change *change) {
    berm_reviewer *reviewer = NULL;
    berm_review *review = NULL;
    struct output output = {0};
    berm_status status = berm_reviewer_new(&reviewer, rules, NULL, NULL, NULL);
    if (status == BERM_OK)
        status = berm_reviewer_review(&review, reviewer, change, NULL);
    if (status == BERM_OK)
        status = write_reports(review, &output);
    if (status == BERM_OK)
        assert_int_equal(berm_review_tier(review), 4);
    berm_review_free(review);
    berm_reviewer_free(reviewer);
    return status;
}

static berm_status review_files(const void *context) {
    berm_change *change = NULL;
    const berm_file files[] = {
        file_of("prod/main.tf", terraform_before, terraform_after),
        file_of("k8s/web.yaml", manifest_before, manifest_after),
        file_of("scripts/clean.sh", script_before, script_after),
        file_of("tools/clean.py", NULL, program_after),
        file_of(".github/workflows/a.yml", NULL, workflow_after),
    };
    const berm_file context_file = file_of("prod/other.tf", NULL, terraform_after);
    berm_status status = berm_change_from_files(&change, files, sizeof files / sizeof *files,
                                                &context_file, 1, NULL);
    if (status == BERM_OK)
        status = review_change(context, change);
    berm_change_free(change);
    return status;
}

static berm_rules *rules_new(void) {
    berm_rules *rules;
    assert_int_equal(berm_rules_load(&rules, NULL, 0, NULL), BERM_OK);
    return rules;
}

static void one_review(void **state) {
    (void)state;
    berm_rules *rules = rules_new();
    assert_true(fail_each(review_files, rules, every) > 50);
    berm_rules_free(rules);
}

/* A reviewer goes on after a review that ran out of memory, also while another one is alive. */
static void the_next_review_is_whole(void **state) {
    (void)state;
    berm_rules *rules = rules_new();
    berm_reviewer *reviewer;
    berm_change *change;
    berm_review *review, *again;
    berm_file file = file_of("scripts/clean.sh", script_before, script_after);
    berm_file first = file_of("main.tf", terraform_before, terraform_after);
    assert_int_equal(berm_reviewer_new(&reviewer, rules, NULL, NULL, NULL), BERM_OK);
    berm_change *other;
    assert_int_equal(berm_change_from_files(&other, &first, 1, NULL, 0, NULL), BERM_OK);
    assert_int_equal(berm_change_from_files(&change, &file, 1, NULL, 0, NULL), BERM_OK);
    assert_int_equal(berm_reviewer_review(&review, reviewer, other, NULL), BERM_OK);
    uint32_t score = berm_review_score(review);
    berm_status status = BERM_ERROR_MEMORY;
    for (unsigned long n = 1; status != BERM_OK; n++) {
        memory_fail_after(n);
        status = berm_reviewer_review(&again, reviewer, change, NULL);
        memory_fail_after(0);
        assert_true(status == BERM_OK || status == BERM_ERROR_MEMORY);
    }
    assert_int_equal(berm_review_score(review), score);
    berm_review_free(again);
    berm_review_free(review);
    berm_change_free(other);
    berm_change_free(change);
    berm_reviewer_free(reviewer);
    berm_rules_free(rules);
}

/* ---- other inputs ------------------------------------------------------------------------------
 */

static const char policy[] =
    "critical:\n  - paths: ['infra/**']\n    floor: senior\n    name: pay\n"
    "suppressions:\n  - rule: data/x\n    path: 'c/**'\n    reason: because\n    until: "
    "2027-01-31\n"
    "bands: {peer: 5}\n";

static berm_status parse_policy(const void *context) {
    (void)context;
    berm_policy *parsed;
    berm_status status = berm_policy_parse(&parsed, policy, strlen(policy), "policy", NULL);
    berm_policy_free(parsed);
    return status;
}

static void a_policy(void **state) {
    (void)state;
    assert_true(fail_each(parse_policy, NULL, every) > 50);
}

static const char record[] =
    "{\"id\":\"a\",\"change\":{\"message\":\"m\",\"files\":["
    "{\"path\":\"prod/main.tf\",\"before\":\"resource \\\"aws_db_instance\\\" \\\"a\\\" {\\n}\\n\","
    "\"after\":null},{\"path\":\"a.sh\",\"before\":null,\"after\":\"cm0gLXJmIC8K\","
    "\"encoding\":\"base64\"},{\"path\":\"b.sh\",\"before\":\"\",\"after\":"
    "\"kubectl delete namespace production\\nterraform destroy -auto-approve\\n\"}],"
    "\"context\":[{\"path\":\"n.tf\",\"content\":\"x = 1\\n\"}]}}";

static berm_status stage_record(const void *context) {
    berm_change *change = NULL;
    berm_status status = berm_change_from_json(&change, record, strlen(record), NULL);
    if (status == BERM_OK)
        status = review_change(context, change);
    berm_change_free(change);
    return status;
}

static void a_json_record(void **state) {
    (void)state;
    berm_rules *rules = rules_new();
    assert_true(fail_each(stage_record, rules, every) > 50);
    berm_rules_free(rules);
}

static const char patch[] = "diff --git a/a.sh b/a.sh\nnew file mode 100755\n--- /dev/null\n"
                            "+++ b/a.sh\n@@ -0,0 +1,3 @@\n+kubectl delete namespace production\n"
                            "+rm -rf /\n+terraform destroy -auto-approve\n";

static berm_status review_patch(const void *context) {
    berm_change *change = NULL;
    berm_status status =
        berm_change_from_patch(&change, patch, strlen(patch), "patch", NULL, NULL, NULL);
    if (status == BERM_OK)
        status = review_change(context, change);
    berm_change_free(change);
    return status;
}

static void a_patch(void **state) {
    (void)state;
    berm_rules *rules = rules_new();
    assert_true(fail_each(review_patch, rules, every) > 20);
    berm_rules_free(rules);
}

/* Examples of rules run the pipeline many times in one call: prime steps. */
static int ignore(void *context, const char *bytes, size_t size) {
    (void)context;
    (void)bytes;
    (void)size;
    return 0;
}

static berm_status run_examples(const void *context) {
    size_t failed;
    return berm_rules_test(context, "data/", ignore, NULL, &failed, NULL);
}

static void examples_of_rules(void **state) {
    (void)state;
    berm_rules *rules = rules_new();
    fail_each(run_examples, rules, (struct plan){20, 211});
    berm_rules_free(rules);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_policy),
        cmocka_unit_test(a_json_record),
        cmocka_unit_test(a_patch),
        cmocka_unit_test(one_review),
        cmocka_unit_test(the_next_review_is_whole),
        cmocka_unit_test(examples_of_rules),
        cmocka_unit_test(a_directory_of_rules),
        cmocka_unit_test(each_rule_file_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
