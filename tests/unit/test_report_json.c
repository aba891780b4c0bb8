#include "report_case.h"

#include "base/memory.h"
#include "base/unicode.h"

#include <jansson.h>

static void golden_reports(void **state) {
    (void)state;
    case_compare_all("json", "json");
}

static json_t *parse(struct slice text) {
    json_error_t error;
    json_t *root = json_loadb(text.data, text.size, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("%s", error.text);
    return root;
}

static void the_ledger_sums_to_the_score(void **state) {
    (void)state;
    struct report_case *test = case_new("json");
    case_build_many(test);
    json_t *root = parse(case_output(test));
    double sum = 0;
    size_t index;
    json_t *line;
    json_array_foreach(json_object_get(root, "ledger"), index, line) {
        sum += json_number_value(json_object_get(line, "marginal")) * 10;
        assert_int_equal(json_integer_value(json_object_get(line, "finding")), index);
    }
    double score = json_number_value(json_object_get(root, "score")) * 10;
    assert_int_equal((long)(sum + 0.5), (long)(score + 0.5));
    json_decref(root);
    case_free(test);
}

static void every_byte_stays_valid_json(void **state) {
    (void)state;
    char bytes[256];
    for (uint32_t i = 0; i < 256; i++)
        bytes[i] = (char)i;
    struct report_case *test = case_new("json");
    struct finding finding = case_finding("a/b", SEVERITY_HIGH, "x");
    finding.object = finding.message = finding.path = slice_make(bytes, sizeof bytes);
    case_add(test, finding);
    test->options.compact = true;
    struct slice output = case_output(test);
    assert_int_equal(slice_find_byte(output, '\n'), output.size - 1);
    for (size_t at = 0, length; at + 1 < output.size; at += length) {
        uint32_t code = unicode_at(output, at, &length);
        assert_true(code != UNICODE_INVALID && !unicode_is_deceptive(code));
    }
    json_error_t error;
    json_t *root = json_loadb(output.data, output.size, JSON_ALLOW_NUL, &error);
    assert_non_null(root);
    json_decref(root);
    case_free(test);
}

static void histories_name_their_commit(void **state) {
    (void)state;
    struct report_case *test = case_new("json");
    test->report.commit = SLICE("c0ffee");
    test->report.repository = SLICE("r");
    json_t *root = parse(case_output(test));
    assert_string_equal(json_string_value(json_object_get(root, "commit")), "c0ffee");
    assert_true(json_is_null(json_object_get(root, "parent")));
    assert_string_equal(json_string_value(json_object_get(root, "rules_digest")), "0123abcd");
    json_decref(root);
    case_free(test);
}

static void every_failed_allocation_unwinds(void **state) {
    (void)state;
    case_fail_allocations("json", case_build_policy);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_reports),
        cmocka_unit_test(the_ledger_sums_to_the_score),
        cmocka_unit_test(every_byte_stays_valid_json),
        cmocka_unit_test(histories_name_their_commit),
        cmocka_unit_test(every_failed_allocation_unwinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
