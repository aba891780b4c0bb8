#include "base/hidden.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void expect(const char *text, enum hidden_kind kind, uint32_t code, size_t at) {
    struct hidden found;
    assert_true(hidden_find(slice_of(text), 0, &found));
    assert_int_equal(found.kind, kind);
    assert_int_equal(found.code, code);
    assert_int_equal(found.at, at);
}

static void expect_none(const char *text) {
    struct hidden found;
    assert_false(hidden_find(slice_of(text), 0, &found));
}

static void controls_of_direction_are_found_everywhere(void **state) {
    (void)state;
    expect("access = \xE2\x80\xAE", HIDDEN_BIDIRECTIONAL, 0x202E, 9);
    expect("\xE2\x81\xA6x", HIDDEN_BIDIRECTIONAL, 0x2066, 0);
    expect("\xD7\x90\xE2\x81\xA9", HIDDEN_BIDIRECTIONAL, 0x2069, 2); /* beside Hebrew too */
}

static void what_has_no_width_is_found(void **state) {
    (void)state;
    expect("ad\xE2\x80\x8Bmin", HIDDEN_INVISIBLE, 0x200B, 2);
    expect("ad\xE2\x80\x8Dmin", HIDDEN_INVISIBLE, 0x200D, 2);
    expect("a\xEF\xBB\xBF", HIDDEN_INVISIBLE, 0xFEFF, 1);
    expect("a\xE2\x80\x8E", HIDDEN_INVISIBLE, 0x200E, 1);
    expect("const \xE3\x85\xA4 = 1", HIDDEN_INVISIBLE, 0x3164, 6);
}

static void text_hidden_in_tags_and_selectors_is_found(void **state) {
    (void)state;
    expect("x\xF3\xA0\x81\xA9", HIDDEN_INVISIBLE, 0xE0069, 1);
    expect("x\xEF\xB8\x80", HIDDEN_INVISIBLE, 0xFE00, 1);
    /* the first selector after a symbol is in its place, further ones are not */
    expect("\xF0\x9F\x98\x80\xEF\xB8\x8F\xF3\xA0\x84\x90", HIDDEN_INVISIBLE, 0xE0110, 7);
    /* more tags after a flag than a flag can have */
    expect("\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA1\xF3\xA0\x81\xA1\xF3\xA0\x81\xA1\xF3\xA0\x81\xA1"
           "\xF3\xA0\x81\xA1\xF3\xA0\x81\xA1\xF3\xA0\x81\xA1\xF3\xA0\x81\xA1",
           HIDDEN_INVISIBLE, 0xE0061, 32);
}

static void writing_and_emoji_pass(void **state) {
    (void)state;
    expect_none("plain text, \xC3\xA9t\xC3\xA9, \xE6\x97\xA5\xE6\x9C\xAC");
    expect_none("\xE2\x9A\xA0\xEF\xB8\x8F 1\xEF\xB8\x8F\xE2\x83\xA3 \xC2\xA9\xEF\xB8\x8F");
    /* man, joiner, laptop; flag of Wales */
    expect_none("\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x92\xBB");
    expect_none("\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xB7\xF3\xA0\x81\xAC"
                "\xF3\xA0\x81\xB3\xF3\xA0\x81\xBF");
    expect_none("\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE");             /* Persian, non-joiner */
    expect_none("\xD7\x90\xE2\x80\x8F.");                            /* Hebrew with a mark */
    expect_none("\xE8\x91\x9B\xF3\xA0\x84\x80");                     /* ideographic variant */
    expect_none("\xEF\xBB\xBFkey: 1");                               /* byte order mark */
    expect_none("\xE0\xA4\x95\xE0\xA5\x8D\xE2\x80\x8D\xE0\xA4\xB7"); /* Devanagari */
}

static void bytes_that_are_no_text_do_no_harm(void **state) {
    (void)state;
    expect_none("");
    expect_none("\xE2\x80");
    expect_none("\xFF\xFE\x80\x80\x80");
    expect("\xFF\xE2\x80\x8B", HIDDEN_INVISIBLE, 0x200B, 1);
    struct hidden found;
    struct slice text = SLICE("\xE2\x80\x8B \xE2\x80\x8B");
    assert_true(hidden_find(text, 3, &found));
    assert_int_equal(found.at, 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(controls_of_direction_are_found_everywhere),
        cmocka_unit_test(what_has_no_width_is_found),
        cmocka_unit_test(text_hidden_in_tags_and_selectors_is_found),
        cmocka_unit_test(writing_and_emoji_pass),
        cmocka_unit_test(bytes_that_are_no_text_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
