#include "base/decimal.h"
#include "base/glob.h"
#include "base/json_writer.h"
#include "base/unicode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static bool matches(const char *pattern, const char *text) {
    return glob_match(slice_of(pattern), slice_of(text));
}

static bool covers(const char *pattern, const char *path) {
    return glob_match_path(slice_of(pattern), slice_of(path));
}

static void stars_stop_at_slashes(void **state) {
    (void)state;
    assert_true(matches("*.tf", "main.tf"));
    assert_false(matches("*.tf", "a/main.tf"));
    assert_true(matches("**.tf", "a/main.tf"));
    assert_true(matches("a/**/z", "a/z"));
    assert_true(matches("a/**/z", "a/b/c/z"));
    assert_false(matches("a/**/z", "a/bz"));
    assert_true(matches("**/x", "x"));
    assert_false(matches("**/x", "ax"));
    assert_true(matches("a/**", "a/b/c"));
    assert_true(matches("a/*b*/c", "a/xbxbx/c"));
    assert_true(matches("**/a*c/d", "x/abc/y/abbc/d"));
    assert_true(matches("", ""));
    assert_false(matches("", "a"));
    assert_false(matches("a", ""));
    assert_true(matches("*", ""));
}

static void classes_and_escapes(void **state) {
    (void)state;
    assert_true(matches("[a-c]x", "bx"));
    assert_false(matches("[!a-c]x", "bx"));
    assert_true(matches("[]]", "]"));
    assert_true(matches("[a-]", "-"));
    assert_false(matches("[a", "a"));
    assert_true(matches("\\*", "*"));
    assert_false(matches("\\*", "a"));
    assert_false(matches("?", "/"));
}

static void hostile_patterns_end(void **state) {
    (void)state;
    char pattern[199], text[20000];
    for (size_t i = 0; i < sizeof pattern - 1; i++)
        pattern[i] = i % 2 ? 'a' : '*';
    pattern[sizeof pattern - 1] = '\0';
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_true(matches(pattern, text));
    text[sizeof text - 2] = 'b';
    assert_false(matches(pattern, text));
}

static void paths_are_covered(void **state) {
    (void)state;
    assert_true(covers("prod", "envs/prod/main.tf"));
    assert_true(covers("*.tf", "envs/prod/main.tf"));
    assert_false(covers("/prod", "envs/prod/main.tf"));
    assert_true(covers("envs/prod/", "envs/prod/a/b.tf"));
    assert_true(covers("envs/*/main.tf", "envs/prod/main.tf"));
    assert_false(covers("envs/pro", "envs/prod/main.tf"));
}

static void decimals_are_exact(void **state) {
    (void)state;
    uint32_t value;
    assert_true(decimal_parse(SLICE("1.25"), 3, &value));
    assert_int_equal(value, 1250);
    assert_true(decimal_parse(SLICE("10"), 1, &value));
    assert_int_equal(value, 100);
    static const char *const bad[] = {"",    ".",     "1.",  ".5",     "-1",
                                      "1e3", "1.2.3", "0x1", "1.2345", "99999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(decimal_parse(slice_of(bad[i]), 3, &value));
}

static void characters_are_decoded_and_judged(void **state) {
    (void)state;
    size_t length;
    assert_int_equal(unicode_at(SLICE("\xe2\x82\xac"), 0, &length), 0x20ac);
    assert_int_equal(length, 3);
    static const char *const bad[] = {"\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                      "\xe2\x82", "\x80",         "\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(unicode_at(slice_of(bad[i]), 0, &length), UNICODE_INVALID);
        assert_int_equal(length, 1);
    }
    assert_true(unicode_is_deceptive(0x202e));
    assert_true(unicode_is_deceptive(0x9b));
    assert_true(unicode_is_deceptive(0x200b));
    assert_true(unicode_is_deceptive(0xe0041));
    assert_false(unicode_is_deceptive('a'));
    assert_false(unicode_is_deceptive(0x4e2d));
    assert_false(unicode_is_deceptive(0x10000));
    assert_int_equal(unicode_width(0x4e2d), 2);
    assert_int_equal(unicode_width(0x301), 0);
    assert_int_equal(unicode_width(0xe9), 1);
}

static void json_is_always_valid_text(void **state) {
    (void)state;
    struct failure failure;
    failure_init(&failure);
    struct arena arena;
    arena_init(&arena, &failure, 0);
    struct strbuf out;
    strbuf_init(&out, &arena);
    struct json_writer json;
    json_init(&json, &out);
    json_open_object(&json);
    json_put_string(&json, "a", SLICE("\"\\\n\x1b\xff\xe2\x80\xae"));
    json_put_string(&json, "t", SLICE("\xf3\xa0\x81\x81"));
    json_put_string(&json, "n", SLICE_NONE);
    json_put_tenths(&json, "s", 635);
    json_key(&json, "l");
    json_open_array(&json);
    json_number(&json, -1);
    json_bool(&json, true);
    json_end(&json);
    json_end(&json);
    assert_string_equal(out.data,
                        "{\"a\":\"\\\"\\\\\\n\\u001b\xef\xbf\xbd\\u202e\","
                        "\"t\":\"\\udb40\\udc41\",\"n\":null,\"s\":63.5,\"l\":[-1,true]}");
    arena_release(&arena);
}

static bool text_matches(const char *pattern, const char *text) {
    return glob_match_text(slice_of(pattern), slice_of(text));
}

static bool includes(const char *whole, const char *part) {
    return glob_includes(slice_of(whole), slice_of(part));
}

static bool apart(const char *a, const char *b) {
    return glob_is_apart_nocase(slice_of(a), slice_of(b));
}

static void plain_texts_have_no_folders(void **state) {
    (void)state;
    assert_true(text_matches("a*z", "a/b/z"));
    assert_true(text_matches("a?z", "a/z"));
    assert_true(text_matches("*", ""));
    assert_true(text_matches("a*b*c", "axbxbxc"));
    assert_false(text_matches("a*b", "axbx"));
    assert_false(text_matches("[ab]", "a"));
    assert_true(text_matches("a?", "a*"));
    assert_true(includes("a*", "a?b*"));
    assert_true(includes("*", "*"));
    assert_false(includes("a?", "a*"));
    assert_false(includes("A*", "ab"));
    assert_true(glob_includes_nocase(SLICE("S3:get*"), SLICE("s3:GetObject")));
    assert_false(glob_includes_nocase(SLICE("s3:Get?"), SLICE("s3:Get*")));
}

static void patterns_are_apart_by_their_ends(void **state) {
    (void)state;
    assert_true(apart("s3:*", "iam:*"));
    assert_true(apart("*/read", "*/write"));
    assert_true(apart("iam:PassRole", "IAM:Get*"));
    assert_false(apart("iam:PassRole", "IAM:*"));
    assert_false(apart("a*", "*z"));
    assert_false(apart("a?", "ab"));
    assert_true(apart("a", "b"));
    assert_false(apart("", "*"));
}

/* Every pattern and text of up to four letters out of a, *, ?. */
static struct slice small_text(uint32_t index, const char *letters, char *out) {
    size_t count = strlen(letters), size = 0;
    for (; index; index = (index - 1) / (uint32_t)count)
        out[size++] = letters[(index - 1) % count];
    return slice_make(out, size);
}

static void inclusion_is_as_brute_force_says(void **state) {
    (void)state;
    enum { PATTERNS = 1 + 4 + 16 + 64 + 256, TEXTS = 1 + 3 + 9 + 27 + 81 + 243 };
    for (uint32_t i = 0; i < PATTERNS; i++)
        for (uint32_t k = 0; k < PATTERNS; k++) {
            char first[8], second[8], third[8];
            struct slice whole = small_text(i, "ab*?", first), part = small_text(k, "ab*?", second);
            bool included = glob_includes(whole, part),
                 disjoint = glob_is_apart_nocase(whole, part);
            for (uint32_t n = 0; (included || disjoint) && n < TEXTS; n++) {
                struct slice text = small_text(n, "abc", third);
                bool in_part = glob_match_text(part, text), in = glob_match_text(whole, text);
                if ((included && in_part && !in) || (disjoint && in_part && in))
                    fail_msg("%.*s %.*s %.*s", SLICE_ARGS(whole), SLICE_ARGS(part),
                             SLICE_ARGS(text));
            }
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stars_stop_at_slashes),
        cmocka_unit_test(classes_and_escapes),
        cmocka_unit_test(hostile_patterns_end),
        cmocka_unit_test(paths_are_covered),
        cmocka_unit_test(plain_texts_have_no_folders),
        cmocka_unit_test(patterns_are_apart_by_their_ends),
        cmocka_unit_test(inclusion_is_as_brute_force_says),
        cmocka_unit_test(decimals_are_exact),
        cmocka_unit_test(characters_are_decoded_and_judged),
        cmocka_unit_test(json_is_always_valid_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
