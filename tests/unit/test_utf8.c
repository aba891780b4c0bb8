#include "arena_fixture.h"

#include "base/path.h"
#include "base/utf8.h"

static void invalid_sequences_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"\x80",         "\xC0\xAF",         "\xC1\xBF",
                                      "\xE0\x80\xAF", "\xED\xA0\x80",     "\xF4\x90\x80\x80",
                                      "\xC3",         "\xF0\x80\x80\x80", "\xFF"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(utf8_valid_prefix(slice_of(bad[i])), 0);
    assert_true(utf8_is_valid(SLICE("plain text \xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80 and more")));
    assert_int_equal(utf8_valid_prefix(SLICE("0123456789\xC3x")), 10);
}

static void every_codepoint_survives(void **state) {
    (void)state;
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        char bytes[4];
        uint32_t back, size = utf8_write(c, bytes);
        assert_int_equal(utf8_decode(slice_make(bytes, size), 0, &back), size);
        assert_int_equal(back, c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c);
    }
}

static void utf16_is_converted(void **state) {
    (void)state;
    bool damaged;
    struct slice text =
        utf8_from_utf16(&arena, slice_make("a\0\x3D\xD8\x00\xDE", 6), false, &damaged);
    assert_true(slice_is(text, "a\xF0\x9F\x98\x80"));
    assert_false(damaged);
    text = utf8_from_utf16(&arena, slice_make("\xD8\x3D\0a\0", 5), true, &damaged);
    assert_true(slice_is(text, "\xEF\xBF\xBD"
                               "a\xEF\xBF\xBD"));
    assert_true(damaged);
}

static void latin1_keeps_what_is_valid(void **state) {
    (void)state;
    struct slice text = utf8_from_latin1(&arena, SLICE("\xC3\xA4 \xE4 x"));
    assert_true(slice_is(text, "\xC3\xA4 \xC3\xA4 x"));
}

static void paths_are_normalised(void **state) {
    (void)state;
    assert_true(slice_is(path_normalise(&arena, SLICE("a//./b/../c/")), "a/c"));
    assert_true(slice_is(path_normalise(&arena, SLICE("/etc/x")), "etc/x"));
    assert_true(slice_is(path_normalise(&arena, SLICE(".")), ""));
    assert_true(slice_is_none(path_normalise(&arena, SLICE("a/../../x"))));
    assert_true(slice_is_none(path_normalise(&arena, slice_make("a\0b", 3))));
    assert_true(slice_is(path_join(&arena, SLICE("a/b"), SLICE("../c")), "a/c"));
    assert_true(slice_is_none(path_join(&arena, SLICE("a"), SLICE("../../c"))));
    assert_true(slice_is(path_directory(SLICE("a/b/c.tf")), "a/b"));
    assert_true(slice_is(path_directory(SLICE("c.tf")), ""));
    assert_true(path_is_below(SLICE("a/b"), SLICE("a")));
    assert_false(path_is_below(SLICE("ab"), SLICE("a")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invalid_sequences_are_refused),
        cmocka_unit_test(every_codepoint_survives),
        cmocka_unit_test(utf16_is_converted),
        cmocka_unit_test(latin1_keeps_what_is_valid),
        cmocka_unit_test(paths_are_normalised),
    };
    return cmocka_run_group_tests(tests, arena_set_up, arena_tear_down);
}
