#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "fact/pattern.h"

static struct failure failure;
static struct arena arena;

static int setup(void **state) {
    (void)state;
    failure_init(&failure);
    arena_init(&arena, &failure, 0);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_release(&arena);
    return 0;
}

static bool excludes(const char *pattern, const char *text) {
    struct pattern_hint hint = pattern_hint_make(&arena, slice_of(pattern));
    return hint_excludes(&hint, text_mask(slice_of(text)));
}

static void a_text_without_the_literals_is_excluded(void **state) {
    (void)state;
    assert_true(excludes("(^|\\.)(command|args)$", "spec.replicas"));
    assert_true(excludes("^permissions\\.", "on.push.branches"));
    assert_true(excludes("(?i)(^|[._])min_?size$", "tags.Name"));
    assert_true(excludes("x{2}abc+d?", "zzzz"));
    assert_true(excludes("container", ""));
    assert_true(excludes("(?=.*abc)(?=.*def)", "a long text with def"));
    assert_true(excludes("(?<=abc)x", "abx"));
}

static void what_matches_is_never_excluded(void **state) {
    static const char *const cases[][2] = {
        {"(^|\\.)(command|args)$", "spec.containers.args"},
        {"(?i)MinSize", "minsize"},
        {"min_?size", "minsize"},
        {"ab*cd", "acd"},
        {"(abc)?de", "de"},
        {"(abc|)x?", "q"},
        {"a{0,3}bc", "bc"},
        {"(ab|c)+", "c"},
        {"[a]bc]d", "abc]d"},
        {"[^]]xyz", "axyz"},
        {"(?!abc)de", "de"},
        {"(?<=ab)cd", "abcd"},
        {"(?=.*abc)(?=.*def)", "def abc"},
        {"(?<!ab)cd", "cd"},
        {"(?=ab)?cd", "cd"},
        {"\\bkey\\b", "a key b"},
        {"a\\.b", "a.b"},
        {"\\x61bc", "abc"},
        {"\\Qa.c\\E", "a.c"},
        {"(?x) a b c", "abc"},
        {"(?i:ABC)d", "abcd"},
        {"(x)\\1yz", "xxyz"},
        {"ab|", "q"},
        {"[[:alpha:]]bc", "abc"},
        {"(?:ab){2,}cd", "ababcd"},
        {"[\\Q]\\E]bc", "]bc"},
    };
    (void)state;
    struct pattern_cache *cache = pattern_cache_new(&arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(excludes(cases[i][0], cases[i][1]));
        assert_int_equal(pattern_search(cache, slice_of(cases[i][0]),
                                        (struct pattern_hint){.count = 0}, slice_of(cases[i][1])),
                         PATTERN_YES);
    }
}

static void odd_patterns_give_no_hint(void **state) {
    static const char *const patterns[] = {
        "",   "(",  ")", "a|", "(*UTF)abc",
        "a{", "\\", "[", "(?", "((((((((((((((((((((((((abc))))))))))))))))))))))))"};
    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        assert_int_equal(pattern_hint_make(&arena, slice_of(patterns[i])).count, 0);
}

static void a_long_text_is_never_excluded(void **state) {
    (void)state;
    char text[1000];
    memset(text, 'z', sizeof text);
    struct pattern_hint hint = pattern_hint_make(&arena, SLICE("abc"));
    assert_false(hint_excludes(&hint, text_mask(slice_make(text, sizeof text))));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_without_the_literals_is_excluded),
        cmocka_unit_test(what_matches_is_never_excluded),
        cmocka_unit_test(odd_patterns_give_no_hint),
        cmocka_unit_test(a_long_text_is_never_excluded),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
