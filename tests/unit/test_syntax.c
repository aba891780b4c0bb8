#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "syntax/syntax.h"

/* Runs body(arena) under a failure of its own. */
struct fixture {
    struct failure failure;
    struct arena arena;
};

static int fixture_set_up(void **state) {
    static struct fixture fixture;
    failure_init(&fixture.failure);
    arena_init(&fixture.arena, &fixture.failure, 0);
    *state = &fixture;
    return 0;
}

static int fixture_tear_down(void **state) {
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    return 0;
}

static struct slice repeat(struct arena *arena, const char *text, size_t count) {
    struct strbuf buf;
    strbuf_init(&buf, arena);
    for (size_t i = 0; i < count; i++)
        strbuf_add_text(&buf, text);
    return strbuf_slice(&buf);
}

static void parse(struct fixture *fixture, const char *grammar, struct slice text,
                  struct syntax *syntax) {
    bool yaml = strcmp(grammar, "yaml") == 0; /* as grammars/languages.yaml says */
    struct syntax_language language = {.grammar = slice_of(grammar),
                                       .nesting = yaml ? NESTING_INDENTATION : NESTING_BRACKETS,
                                       .max_lines = yaml ? 32768 : 0};
    syntax_parse(&fixture->failure, &language, text, syntax);
}

/* The parse of a text; closed already, only reason and reads are looked at. */
static struct syntax parsed(struct fixture *fixture, const char *language, struct slice text,
                            struct slice *reason) {
    struct syntax syntax;
    parse(fixture, language, text, &syntax);
    *reason =
        slice_is_none(syntax.reason) ? SLICE_NONE : arena_copy(&fixture->arena, syntax.reason);
    syntax_close(&syntax);
    return syntax;
}

static void test_parses_plain_files(void **state) {
    struct fixture *fixture = *state;
    static const char *const texts[][2] = {
        {"yaml", "a: 1\nb: [1, 2]\n"}, {"json", "{\"a\": [1, 2]}"}, {"hcl", "a \"b\" {\n c = 1\n}"},
        {"toml", "[a]\nb = 1\n"},      {"bash", "echo hi\n"},       {"python", "print(1)\n"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct syntax syntax;
        uint32_t byte;
        parse(fixture, texts[i][0], slice_of(texts[i][1]), &syntax);
        assert_true(slice_is_none(syntax.reason));
        assert_false(syntax_first_error(syntax.root, &byte));
        assert_int_equal(ts_node_end_byte(syntax.root), strlen(texts[i][1]));
        syntax_close(&syntax);
    }
}

static void test_unknown_grammar(void **state) {
    struct slice reason;
    parsed(*state, "cobol", SLICE("x"), &reason);
    assert_true(slice_is(reason, "no grammar for cobol"));
}

static void test_first_error(void **state) {
    struct fixture *fixture = *state;
    struct syntax syntax;
    uint32_t byte = 0;
    parse(fixture, "json", SLICE("{\"a\": 1, ]}"), &syntax);
    assert_true(syntax_first_error(syntax.root, &byte));
    assert_true(byte >= 7);
    syntax_close(&syntax);
}

/* Parses nest as long as the inner one is closed first. */
static void test_nested_parses(void **state) {
    struct fixture *fixture = *state;
    struct syntax outer, inner;
    parse(fixture, "yaml", SLICE("run: echo\n"), &outer);
    parse(fixture, "bash", SLICE("echo\n"), &inner);
    syntax_close(&inner);
    uint32_t byte;
    assert_false(syntax_first_error(outer.root, &byte));
    syntax_close(&outer);
}

static void test_known_killers(void **state) {
    struct fixture *fixture = *state;
    struct arena *arena = &fixture->arena;
    struct strbuf mapping;
    strbuf_init(&mapping, arena);
    for (size_t i = 0; i < 254; i++) {
        strbuf_add_repeat(&mapping, ' ', i);
        strbuf_add_text(&mapping, "a:\n");
    }
    const struct {
        const char *language;
        struct slice text;
    } killers[] = {
        {"yaml", repeat(arena, "- ", 254)},       {"yaml", strbuf_slice(&mapping)},
        {"yaml", repeat(arena, "[", 300)},        {"yaml", repeat(arena, "[", 100000)},
        {"json", repeat(arena, "[", 100000)},     {"bash", repeat(arena, "{)", 30000)},
        {"yaml", repeat(arena, "a: 1\n", 40000)}, {"python", repeat(arena, "(", 10000)},
        {"hcl", repeat(arena, "(", 10000)},       {"bash", repeat(arena, "(", 10000)},
    };
    for (size_t i = 0; i < sizeof killers / sizeof *killers; i++) {
        struct slice reason;
        struct syntax syntax = parsed(fixture, killers[i].language, killers[i].text, &reason);
        print_message("%s, %zu bytes: %.*s (%llu reads)\n", killers[i].language,
                      killers[i].text.size, SLICE_ARGS(reason), (unsigned long long)syntax.reads);
        assert_false(slice_is_none(reason));
    }
}

/* The deepest YAML that is let through must not crash the scanner. */
static void test_deepest_allowed(void **state) {
    struct fixture *fixture = *state;
    struct slice reason;
    parsed(fixture, "yaml", repeat(&fixture->arena, "- ", SYNTAX_NESTING - 1), &reason);
    assert_true(slice_is_none(reason));
    parsed(fixture, "yaml", repeat(&fixture->arena, "[", SYNTAX_NESTING), &reason);
    assert_true(slice_is_none(reason));
}

static void test_minified_json_is_bounded(void **state) {
    struct fixture *fixture = *state;
    struct strbuf text;
    strbuf_init(&text, &fixture->arena);
    strbuf_add_text(&text, "[");
    while (text.size < 5 << 20)
        strbuf_add_text(&text, "{\"a\":1,\"b\":[2,3]},");
    strbuf_add_text(&text, "0]");
    struct slice reason;
    struct syntax syntax = parsed(fixture, "json", strbuf_slice(&text), &reason);
    print_message("5 MB json: %.*s (%llu reads)\n", SLICE_ARGS(reason),
                  (unsigned long long)syntax.reads);
    assert_true(slice_is_none(reason) || slice_contains(reason, SLICE("memory")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_parses_plain_files, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_unknown_grammar, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_first_error, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_nested_parses, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_known_killers, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_deepest_allowed, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_minified_json_is_bounded, fixture_set_up,
                                        fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
