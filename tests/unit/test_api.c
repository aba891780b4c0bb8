/* The public interface as a host uses it: errors, ownership, options, and every allocation failing
 * once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/memory.h"
#include "berm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char database[] =
    "resource \"aws_db_instance\" \"main\" {\n  engine = \"postgres\"\n}\n";

struct text {
    char bytes[65536];
    size_t size;
};

static int collect(void *context, const char *bytes, size_t size) {
    struct text *text = context;
    if (text->size + size >= sizeof text->bytes)
        return 1;
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
    return 0;
}

static int refuse(void *context, const char *bytes, size_t size) {
    (void)context;
    (void)bytes;
    (void)size;
    return 1;
}

static berm_file removed(const char *path) {
    berm_file file = BERM_FILE_INIT;
    file.path = path;
    file.before = database;
    file.before_size = strlen(database);
    return file;
}

static berm_rules *rules_new(void) {
    berm_rules *rules;
    berm_error error;
    assert_int_equal(berm_rules_load(&rules, NULL, 0, &error), BERM_OK);
    return rules;
}

/* One whole review; the report is compared between runs. */
static berm_status review_once(const berm_rules *rules, struct text *report, berm_error *error) {
    berm_reviewer *reviewer = NULL;
    berm_change *change = NULL;
    berm_review *review = NULL;
    berm_file file = removed("main.tf");
    berm_status status = berm_reviewer_new(&reviewer, rules, NULL, NULL, error);
    if (status == BERM_OK)
        status = berm_change_from_files(&change, &file, 1, NULL, 0, error);
    if (status == BERM_OK)
        status = berm_reviewer_review(&review, reviewer, change, error);
    if (status == BERM_OK)
        status = berm_review_write(review, "json", NULL, collect, report, error);
    berm_review_free(review);
    berm_change_free(change);
    berm_reviewer_free(reviewer);
    return status;
}

static void test_review(void **state) {
    (void)state;
    berm_error error;
    berm_rules *rules = rules_new();
    berm_reviewer *reviewer;
    berm_change *change;
    berm_review *review, *again;
    berm_file file = removed("main.tf");
    assert_int_equal(berm_reviewer_new(&reviewer, rules, NULL, NULL, &error), BERM_OK);
    assert_int_equal(berm_change_from_files(&change, &file, 1, NULL, 0, &error), BERM_OK);
    assert_int_equal(berm_change_file_count(change), 1);
    assert_string_equal(berm_change_path(change, 0), "main.tf");
    assert_null(berm_change_path(change, 1));
    assert_string_equal(berm_change_id(change), "");
    assert_int_equal(berm_reviewer_review(&review, reviewer, change, &error), BERM_OK);
    assert_int_equal(berm_reviewer_review(&again, reviewer, change, &error), BERM_OK);
    assert_true(berm_review_tier(review) >= 3);
    assert_true(berm_review_is_understood(review));
    assert_true(berm_review_is_complete(review));
    assert_true(berm_review_finding_count(review) > 0);
    assert_null(berm_review_finding(review, berm_review_finding_count(review)));
    uint32_t sum = 0;
    for (size_t i = 0; i < berm_review_finding_count(review); i++)
        sum += berm_review_finding(review, i)->added;
    assert_int_equal(sum, berm_review_score(review));
    assert_string_equal(berm_review_finding(review, 0)->object, "aws_db_instance.main");
    berm_review_free(review);
    assert_int_equal(berm_review_score(again), sum); /* not hurt by the end of the other one */
    berm_review_free(again);
    berm_change_free(change);
    berm_reviewer_free(reviewer);
    berm_rules_free(rules);
}

static void test_nothing_is_freed_twice(void **state) {
    (void)state;
    berm_rules_free(NULL);
    berm_policy_free(NULL);
    berm_repository_free(NULL);
    berm_change_free(NULL);
    berm_reviewer_free(NULL);
    berm_review_free(NULL);
}

static void test_errors(void **state) {
    (void)state;
    berm_error error;
    berm_rules *rules = (void *)1;
    const char *missing[] = {"/no/such/directory"};
    assert_int_not_equal(berm_rules_load(&rules, missing, 1, &error), BERM_OK);
    assert_null(rules);
    assert_string_equal(error.where, missing[0]);
    assert_int_not_equal(berm_rules_load(&rules, missing, 1, NULL), BERM_OK);
    const char *many[8] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    assert_int_equal(berm_rules_load(&rules, many, 8, &error), BERM_ERROR_LIMIT);

    berm_change *change = (void *)1;
    berm_file file = BERM_FILE_INIT;
    assert_int_equal(berm_change_from_files(&change, &file, 1, NULL, 0, &error),
                     BERM_ERROR_ARGUMENT);
    assert_null(change);
    assert_int_not_equal(berm_change_from_two_files(&change, "/no/a", "/no/b", &error), BERM_OK);
    assert_int_not_equal(berm_change_from_directories(&change, "/no/a", "/no/b", &error), BERM_OK);

    berm_policy *policy = (void *)1;
    const char *text = "bands:\n  nonsense: 3\n";
    assert_int_equal(berm_policy_parse(&policy, text, strlen(text), "p", &error),
                     BERM_ERROR_POLICY);
    assert_null(policy);
    assert_int_equal(error.line, 2);
    assert_int_equal(berm_policy_load(&policy, "/no/such/file", &error), BERM_ERROR_IO);

    berm_repository *repository = (void *)1;
    assert_int_equal(berm_repository_open(&repository, "/no/such/directory", &error),
                     BERM_ERROR_IO);
    assert_null(repository);
}

static void test_reports(void **state) {
    (void)state;
    berm_error error;
    berm_rules *rules = rules_new();
    berm_reviewer *reviewer;
    berm_change *change;
    berm_review *review;
    berm_file file = removed("main.tf");
    assert_int_equal(berm_reviewer_new(&reviewer, rules, NULL, NULL, &error), BERM_OK);
    assert_int_equal(berm_change_from_files(&change, &file, 1, NULL, 0, &error), BERM_OK);
    assert_int_equal(berm_reviewer_review(&review, reviewer, change, &error), BERM_OK);
    assert_int_equal(berm_review_write(review, "xml", NULL, refuse, NULL, &error),
                     BERM_ERROR_ARGUMENT);
    assert_int_equal(berm_review_write(review, "text", NULL, refuse, NULL, &error), BERM_ERROR_IO);
    static struct text text;
    memset(&text, 0, sizeof text);
    berm_report_options options = BERM_REPORT_OPTIONS_INIT;
    options.compact = true;
    assert_int_equal(berm_review_write(review, "json", &options, collect, &text, &error), BERM_OK);
    assert_ptr_equal(strchr(text.bytes, '\n'), text.bytes + text.size - 1);
    /* a caller of an older header knew the first member only */
    memset(&text, 0, sizeof text);
    options.size = sizeof options.size;
    assert_int_equal(berm_review_write(review, "json", &options, collect, &text, &error), BERM_OK);
    assert_ptr_not_equal(strchr(text.bytes, '\n'), text.bytes + text.size - 1);
    berm_review_free(review);
    berm_change_free(change);
    berm_reviewer_free(reviewer);
    berm_rules_free(rules);
}

static void test_unreadable(void **state) {
    (void)state;
    berm_error error;
    berm_rules *rules = rules_new();
    berm_reviewer *reviewer;
    berm_change *change;
    berm_review *review;
    berm_file files[] = {removed("a.tf"), removed("b/main.tf")};
    assert_int_equal(berm_reviewer_new(&reviewer, rules, NULL, NULL, &error), BERM_OK);
    assert_int_equal(berm_change_from_files(&change, files, 2, NULL, 0, &error), BERM_OK);
    assert_int_equal(berm_reviewer_probe(reviewer, change, 0, &error), BERM_OK);
    assert_int_equal(berm_reviewer_probe(reviewer, change, 2, &error), BERM_ERROR_ARGUMENT);
    assert_int_equal(berm_change_set_unreadable(change, 0, "parser crashed", &error), BERM_OK);
    assert_int_equal(berm_change_set_unreadable(change, 2, "x", &error), BERM_ERROR_ARGUMENT);
    assert_int_equal(berm_reviewer_review(&review, reviewer, change, &error), BERM_OK);
    assert_false(berm_review_is_understood(review));
    bool other = false;
    for (size_t i = 0; i < berm_review_finding_count(review); i++)
        other = other || strcmp(berm_review_finding(review, i)->path, "b/main.tf") == 0;
    assert_true(other);
    berm_review_free(review);
    berm_change_free(change);
    berm_reviewer_free(reviewer);
    berm_rules_free(rules);
}

static void test_rules(void **state) {
    (void)state;
    berm_error error;
    berm_rules *rules = rules_new();
    assert_int_equal(strlen(berm_rules_digest(rules)), 64);
    berm_rule_list *list;
    assert_int_equal(berm_rule_list_new(&list, rules, &error), BERM_OK);
    size_t count = berm_rule_list_count(list);
    assert_true(count > 0);
    assert_null(berm_rule_list_at(list, count));
    for (size_t i = 0; i < count; i++) {
        const berm_rule *rule = berm_rule_list_at(list, i);
        assert_ptr_equal(berm_rule_list_find(list, rule->id), rule);
        assert_true(i == 0 || strcmp(berm_rule_list_at(list, i - 1)->id, rule->id) < 0);
        assert_true(rule->title[0] && rule->severity[0] && rule->scope[0]);
    }
    assert_null(berm_rule_list_find(list, "no/such"));
    berm_rule_list_free(list);
    static struct text text;
    assert_int_equal(berm_rules_explain(rules, "no/such", collect, &text, &error),
                     BERM_ERROR_ARGUMENT);
    berm_rules_free(rules);
    uint32_t level;
    assert_true(berm_tier_find("senior", &level) && level == 3);
    assert_false(berm_tier_find("junior", &level));
    assert_string_equal(berm_status_name(BERM_ERROR_JSON), "json");
    assert_string_equal(berm_status_name((berm_status)77), "unknown");
}

#ifdef BERM_FAULT_INJECTION
/* Every allocation of a review fails once: always an error or the same report, never a crash. */
static void test_memory(void **state) {
    (void)state;
    berm_rules *rules = rules_new();
    berm_error error;
    static struct text whole, report;
    memset(&whole, 0, sizeof whole);
    assert_int_equal(review_once(rules, &whole, &error), BERM_OK);
    for (unsigned long n = 1;; n++) {
        memset(&report, 0, sizeof report);
        memory_fail_after(n);
        berm_status status = review_once(rules, &report, &error);
        bool reached = memory_count() >= n;
        memory_fail_after(0);
        if (!reached) {
            assert_int_equal(status, BERM_OK);
            break;
        }
        if (status == BERM_OK)
            assert_string_equal(report.bytes, whole.bytes);
        else
            assert_int_equal(status, BERM_ERROR_MEMORY);
    }
    berm_rules_free(rules);
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_review), cmocka_unit_test(test_nothing_is_freed_twice),
        cmocka_unit_test(test_errors), cmocka_unit_test(test_reports),
        cmocka_unit_test(test_rules),  cmocka_unit_test(test_unreadable),
#ifdef BERM_FAULT_INJECTION
        cmocka_unit_test(test_memory),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
