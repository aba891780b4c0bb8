/* Expressions and what they come to; "=" stands before what stays an expression. */
#include "delta_values.h"
#include "resolve/resolve.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct failure failure;
static struct arena arena;
static struct resolve_scope scope;

static int setup(void **state) {
    (void)state;
    failure_init(&failure);
    arena_init(&arena, &failure, 0);
    resolve_init(&scope, &arena);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_release(&arena);
    return 0;
}

static const char *evaluated(const char *text) {
    struct value value = {.kind = VALUE_EXPRESSION, .text = slice_of(text)};
    const struct value *result = resolve_value(&scope, &value);
    bool open = result->kind == VALUE_REFERENCE || result->kind == VALUE_EXPRESSION;
    return arena_text(&arena, arena_format(&arena, "%s%.*s", open ? "=" : "",
                                           SLICE_ARGS(value_render(&arena, result, 300))));
}

static void exact_functions_are_evaluated(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"upper(\"aB\")", "AB"},
        {"format(\"%s-%03d\", \"a\", 7)", "a-007"},
        {"join(\",\", concat([\"a\"], [\"b\"]))", "a,b"},
        {"merge({a = 1}, {b = 2, a = 3})", "{a: 3, b: 2}"},
        {"lookup({a = 1}, \"b\", 5)", "5"},
        {"length([1, 2, 3]) + length(\"ab\")", "5"},
        {"element([\"a\", \"b\"], 3)", "b"},
        {"slice([1, 2, 3], 1, 3)", "[2, 3]"},
        {"coalesce(\"\", null, \"x\")", "x"},
        {"try({a = 1}.b, 2)", "2"},
        {"can({a = 1}.a)", "true"},
        {"replace(\"a.b\", \".\", \"-\")", "a-b"},
        {"split(\",\", \"a,b\")[1]", "b"},
        {"cidrsubnet(\"10.0.0.0/8\", 8, 3)", "10.3.0.0/16"},
        {"cidrhost(\"10.0.1.0/24\", 5)", "10.0.1.5"},
        {"base64encode(\"hello\")", "aGVsbG8="},
        {"jsondecode(\"{\\\"a\\\": [1, true]}\").a", "[1, true]"},
        {"[for k, v in {b = 2, a = 1} : \"${k}${v}\" if v > 1]", "[b2]"},
        {"{for i, v in [\"x\"] : v => i}", "{x: 0}"},
        {"[{n = 1}, {n = 2}][*].n", "[1, 2]"},
        {"1 + 2 * 3 == 7 && !false ? \"y\" : \"n\"", "y"},
        {"\"%{ if true }a%{ else }b%{ endif }\"", "a"},
        {"setunion([\"b\"], [\"a\", \"b\"])", "[a, b]"},
        {"range(1, 4)", "[1, 2, 3]"},
        {"max([3, 5]...)", "5"},
        {"flatten([[1], [[2]]])", "[1, 2]"},
        {"zipmap([\"a\"], [1])", "{a: 1}"},
        {"regex(\"[a-z]+\", \"12ab34\")", "ab"},
        {"regex(\"^(\\\\d+)-(x)?\", \"12-\")", "[12, null]"},
        {"regex(\"(?P<y>\\\\d{4})-(?P<m>\\\\d\\\\d)\", \"2024-05\")", "{y: 2024, m: 05}"},
        {"regexall(\"[a-z]\", \"a1b2\")", "[a, b]"},
        {"length(regexall(\"x\", \"abc\"))", "0"},
        {"can(regex(\"^x\", \"abc\"))", "false"},
        {"replace(\"a-b--c\", \"/-+/\", \"_\")", "a_b_c"},
        {"replace(\"ab12\", \"/([a-z]+)(\\\\d+)/\", \"$2-$1\")", "12-ab"},
        {"base64decode(\"aGVsbG8=\")", "hello"},
        {"urlencode(\"a b/ü\")", "a+b%2F%C3%BC"},
        {"yamldecode(\"a: [1, x, true]\\nb: ~\").a", "[1, x, true]"},
        {"yamldecode(\"cidr: 10.0.0.0/16\").cidr", "10.0.0.0/16"},
        {"sha256(\"hello\")", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"},
        {"base64sha256(\"hello\")", "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="},
        {"substr(sha512(\"hello\"), 0, 8)", "9b71d224"},
        {"chunklist([1, 2, 3], 2)", "[[1, 2], [3]]"},
        {"transpose({a = [\"x\", \"y\"], b = [\"y\"]})", "{x: [a], y: [a, b]}"},
        {"matchkeys([1, 2], [\"a\", \"b\"], [\"b\"])", "[2]"},
        {"cidrsubnets(\"10.0.0.0/16\", 8, 4, 8)", "[10.0.0.0/24, 10.0.16.0/20, 10.0.32.0/24]"},
        {"dirname(\"a/b/c.tf\")", "a/b"},
        {"indent(2, \"a\\nb\")", "a   b"},
        {"setproduct([1, 2], [\"a\"], [true, false])",
         "[[1, a, true], [1, a, false], [2, a, true], [2, a, false]]"},
        {"setproduct([1], [])", "[]"},
        {"slice(aws_x.y[*].id, 1, 3)", "[aws_x.y[1].id, aws_x.y[2].id]"},
        {"slice(aws_x.y[*].id, 0, 0)", "[]"},
        {"strrev(\"abc\")", "cba"},
        {"signum(-7)", "-1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(evaluated(cases[i][0]), cases[i][1]);
}

static void what_is_not_known_stays(void **state) {
    (void)state;
    assert_string_equal(evaluated("regex(\"(\", \"a\")"), "=regex(\"(\", \"a\")");
    assert_string_equal(evaluated("regex(\"(?=a)\", \"a\")"), "=regex(\"(?=a)\", \"a\")");
    assert_string_equal(evaluated("regexall(\"x*\", \"a\")"), "=regexall(\"x*\", \"a\")");
    assert_true(
        evaluated("regex(\"^(a+)+$\", \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\")")[0] == '=');
    assert_string_equal(evaluated("yamldecode(\"a: [\")"), "=yamldecode(\"a: [\")");
    assert_string_equal(evaluated("yamldecode(\"a: yes\")"), "=yamldecode(\"a: yes\")");
    assert_string_equal(evaluated("yamldecode(\"a: &x 1\\nb: *x\")"),
                        "=yamldecode(\"a: &x 1\\nb: *x\")");
    assert_string_equal(evaluated("base64decode(\"%%\")"), "=base64decode(\"%%\")");
    assert_string_equal(evaluated("cidrsubnet(\"10.0.0.0/8\", 99999999, 1)"),
                        "=cidrsubnet(\"10.0.0.0/8\", 99999999, 1)");
    assert_string_equal(evaluated("cidrsubnet(\"fd00::/8\", 8, 1)"),
                        "=cidrsubnet(\"fd00::/8\", 8, 1)");
    assert_string_equal(evaluated("file(\"x\")"), "=file(\"x\")");
    assert_true(evaluated("md5(\"a\")")[0] == '=');
    assert_string_not_equal(evaluated("md5(\"a\")"), evaluated("md5(\"b\")"));
    assert_string_equal(evaluated("upper( aws_x.y.id )"), "=upper(aws_x.y.id)");
    assert_string_equal(evaluated("nobody_knows(1, \"a\")"), "=nobody_knows(1, \"a\")");
    assert_string_equal(evaluated("timestamp()"), "=timestamp()");
    assert_string_equal(evaluated("1 / 3"), "=1 / 3");
    assert_string_equal(evaluated("format(\"a-%s\", aws_x.y.id)"), "=a-${aws_x.y.id}");
    assert_string_equal(evaluated("concat([1], [aws_x.y.id])"), "[1, aws_x.y.id]");
    assert_string_equal(evaluated("[for s in aws_x.y : upper(s.id)]"),
                        "=[for s in aws_x.y : upper(s.id)]");
    assert_string_equal(evaluated("aws_x.y.on ? 1 : 2"), "=aws_x.y.on ? 1 : 2");
    assert_string_equal(evaluated("(aws_x.y.n + 1) * 2"), "=(aws_x.y.n + 1) * 2");
}

static void broken_expressions_stay_as_they_are(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        "(",
        ")",
        "[1, 2",
        "{a = ",
        "\"a${\"",
        "\"a${b",
        "f(",
        "a.",
        "1 +",
        "for x in y",
        "%{ if",
        "\"%{ if true }\"",
        "<<EOT",
        "a ? b",
        "[*]",
        "{for x}",
        "upper(\"a\"",
        "\"\\u12\"",
        "...",
        "f(x...)",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct value value = {.kind = VALUE_EXPRESSION, .text = slice_of(texts[i])};
        assert_non_null(resolve_value(&scope, &value));
    }
    char deep[4001];
    for (const char *open = "([{!-\""; *open; open++) {
        memset(deep, *open, sizeof deep - 1);
        deep[sizeof deep - 1] = '\0';
        struct value value = {.kind = VALUE_EXPRESSION, .text = slice_of(deep)};
        assert_non_null(resolve_value(&scope, &value));
    }
}

static void work_is_bounded(void **state) {
    (void)state;
    const char *nested = "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : "
                         "a + b + c]]]";
    assert_string_equal(evaluated(nested), arena_text(&arena, arena_format(&arena, "=%s", nested)));
    assert_true(scope.spent <= RESOLVE_BUDGET);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(exact_functions_are_evaluated, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_known_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(broken_expressions_stay_as_they_are, setup, teardown),
        cmocka_unit_test_setup_teardown(work_is_bounded, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
