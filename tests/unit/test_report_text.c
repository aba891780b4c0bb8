#include "report_case.h"

#include "base/memory.h"
#include "base/unicode.h"
#include "report/excerpt.h"
#include "report/visible.h"

static void golden_reports(void **state) {
    (void)state;
    case_compare_all("text", "txt");
}

/* Everything but line ends has to be harmless. */
static void check_harmless(struct slice output) {
    struct slice rest = output, line;
    while (slice_split(&rest, '\n', &line))
        assert_false(slice_starts(slice_trim(line), SLICE("::")));
    assert_false(slice_contains(output, SLICE("##[")));
    for (size_t at = 0, length; at < output.size; at += length) {
        uint32_t code = unicode_at(output, at, &length);
        assert_true(code != UNICODE_INVALID);
        assert_true(code == '\n' || !unicode_is_deceptive(code));
    }
}

static void check_hostile(struct slice hostile, const char *content) {
    struct report_case *test = case_new("text");
    static const char path[] = "main.tf";
    case_pair(test, path, content, content);
    test->change.pairs.items[0].after.bytes = hostile;
    struct finding finding = case_finding("a/b", SEVERITY_HIGH, "x");
    finding.object = finding.message = finding.why = finding.fix = finding.rule = hostile;
    finding.floor = TIER_SENIOR;
    case_add(test, finding);
    finding.severity = SEVERITY_LOW;
    finding.path = hostile;
    case_add(test, finding);
    finding.suppressed = true;
    finding.suppression = hostile;
    case_add(test, finding);
    check_harmless(case_output(test));
    test->options.all = true;
    check_harmless(case_output(test));
    case_free(test);
}

static void every_byte_is_shown_harmlessly(void **state) {
    (void)state;
    char all[256];
    for (uint32_t i = 0; i < 256; i++) {
        char byte = (char)i;
        check_hostile(slice_make(&byte, 1), "x\n");
        all[i] = byte;
    }
    check_hostile(slice_make(all, sizeof all), "x\n");
    check_hostile(SLICE("a\xe2\x80\xae b\xe2\x80\x8b\xef\xbb\xbf\xe2\x81\xa6\xf3\xa0\x81\x81"),
                  "x\n");
    check_hostile(SLICE("\x1b]52;c;AAAA\x07\xc2\x9b"
                        "31m::error::x\r\n"),
                  "x\n");
    check_hostile(SLICE("::error::x ::stop \n::set-output\n##[error]##vso[task]"), "x\n");
}

static void random_bytes_are_shown_harmlessly(void **state) {
    (void)state;
    uint32_t seed = 3;
    for (uint32_t round = 0; round < 60; round++) {
        char bytes[300];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[i] = (char)(seed >> 24);
        }
        check_hostile(slice_make(bytes, sizeof bytes), "x\n");
    }
}

static void escapes_are_readable(void **state) {
    (void)state;
    struct report_case *test = case_new("text");
    strbuf_init(&test->out, &test->arena);
    visible_add(&test->out, SLICE("a\x1b[1m\xff\xe2\x80\xae\n\xc3\xa9"));
    assert_string_equal(test->out.data, "a\\x1b[1m\\xff\\u{202e}\\n\xc3\xa9");
    strbuf_init(&test->out, &test->arena);
    visible_add(&test->out, SLICE("::error::a AWS::X ##[error] ##vso[x] # ## x"));
    assert_string_equal(test->out.data, "\\x3a:error::a AWS::X \\x23#[error] \\x23#vso[x] # ## x");
    strbuf_init(&test->out, &test->arena);
    visible_add_clipped(&test->out, SLICE("abcdefghijklmnop"), 10);
    assert_string_equal(test->out.data, "abcd...nop");
    case_free(test);
}

static void show(struct report_case *test, const char *line, size_t from, size_t to) {
    struct spot spot = {.line = slice_of(line), .number = 7, .from = from, .to = to};
    strbuf_init(&test->out, &test->arena);
    excerpt_add(&test->out, &spot, 2, 60);
}

static void carets_stand_under_what_is_meant(void **state) {
    (void)state;
    struct report_case *test = case_new("text");
    show(test, "abc def", 4, 7);
    assert_string_equal(test->out.data, "  +  7 | abc def\n"
                                        "       |     ^^^\n");
    show(test, "\tx = 1", 5, 6);
    assert_string_equal(test->out.data, "  +  7 |     x = 1\n"
                                        "       |         ^\n");
    show(test, "\xe4\xb8\xad\xe6\x96\x87 = 1", 9, 10);
    assert_string_equal(test->out.data, "  +  7 | \xe4\xb8\xad\xe6\x96\x87 = 1\n"
                                        "       |        ^\n");
    show(test, "abc", 0, 0);
    assert_string_equal(test->out.data, "  +  7 | abc\n");
    show(test, "abc", 3, 3);
    assert_string_equal(test->out.data, "  +  7 | abc\n");
    case_free(test);
}

static void long_lines_are_cut_around_the_caret(void **state) {
    (void)state;
    struct report_case *test = case_new("text");
    size_t size = 100000;
    char *line = malloc(size + 1);
    memset(line, 'a', size);
    line[size] = '\0';
    for (size_t at = 0; at + 3 < size; at += 9973) {
        memcpy(line + at, "XYZ", 3);
        show(test, line, at, at + 3);
        struct slice output = strbuf_slice(&test->out), first, second;
        assert_true(slice_split(&output, '\n', &first));
        assert_true(slice_split(&output, '\n', &second));
        assert_true(first.size <= 66);
        size_t caret = slice_find(second, SLICE("^^^"));
        assert_true(caret != SLICE_NPOS);
        assert_true(slice_starts(slice_from(first, caret), SLICE("XYZ")));
        memcpy(line + at, "aaa", 3);
    }
    free(line);
    case_free(test);
}

static void colour_only_when_asked(void **state) {
    (void)state;
    struct report_case *test = case_new("text");
    case_build_removed(test);
    assert_false(slice_contains(case_output(test), SLICE("\x1b")));
    test->options.color = true;
    assert_true(slice_contains(case_output(test), SLICE("\x1b[1;31mdirector")));
    case_free(test);
}

static void narrow_and_huge_widths_work(void **state) {
    (void)state;
    static const uint32_t widths[] = {1, 40, 41, 200, 100000};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        struct report_case *test = case_new("text");
        case_build_removed(test);
        test->options.width = widths[i];
        assert_true(case_output(test).size > 100);
        case_free(test);
    }
}

static void every_failed_allocation_unwinds(void **state) {
    (void)state;
    case_fail_allocations("text", case_build_changed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_reports),
        cmocka_unit_test(every_byte_is_shown_harmlessly),
        cmocka_unit_test(random_bytes_are_shown_harmlessly),
        cmocka_unit_test(escapes_are_readable),
        cmocka_unit_test(carets_stand_under_what_is_meant),
        cmocka_unit_test(long_lines_are_cut_around_the_caret),
        cmocka_unit_test(colour_only_when_asked),
        cmocka_unit_test(narrow_and_huge_widths_work),
        cmocka_unit_test(every_failed_allocation_unwinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
