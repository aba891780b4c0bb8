#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "base/vec.h"
#include "syntax/exchange.h"
#include "syntax/shelf.h"

#include <stdio.h>

struct fixture {
    struct failure failure;
    struct arena arena;
    struct knowledge knowledge;
    const struct dialects *dialects;
    struct shelf *shelf;
    uint64_t random;
};

static int set_up(void **state) {
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    failure_init(&fixture.failure);
    arena_init(&fixture.arena, &fixture.failure, 0);
    fixture.knowledge.images[0] = image_builtin();
    fixture.knowledge.count = 1;
    fixture.dialects = dialects_load(&fixture.arena, &fixture.knowledge);
    fixture.shelf = shelf_new(&fixture.failure);
    fixture.random = 20261120;
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    shelf_free(fixture->shelf);
    arena_release(&fixture->arena);
    return 0;
}

static struct syntax_language language_of(const char *name) {
    bool yaml = strcmp(name, "yaml") == 0;
    return (struct syntax_language){.grammar = slice_of(name),
                                    .nesting = yaml ? NESTING_INDENTATION : NESTING_BRACKETS};
}

static uint32_t pick(struct fixture *fixture, uint32_t below) {
    fixture->random = fixture->random * UINT64_C(6364136223846793005) + 1442695040888963407U;
    return (uint32_t)(fixture->random >> 33) % below;
}

/* ---- two trees ---- */

static void list_nodes(struct strbuf *out, TSNode node) {
    strbuf_addf(out, "%s%s%s[%u-%u](", ts_node_type(node), ts_node_is_named(node) ? "!" : "",
                ts_node_is_missing(node) || ts_node_has_error(node) ? "?" : "",
                ts_node_start_byte(node), ts_node_end_byte(node));
    for (uint32_t i = 0; i < ts_node_child_count(node); i++) {
        const char *field = ts_node_field_name_for_child(node, i);
        strbuf_addf(out, "%s:", field ? field : "");
        list_nodes(out, ts_node_child(node, i));
    }
    strbuf_add_text(out, ")");
}

static struct slice outline(struct fixture *fixture, struct syntax *syntax) {
    struct strbuf out;
    strbuf_init(&out, &fixture->arena);
    if (slice_is_none(syntax->reason))
        list_nodes(&out, syntax->root);
    struct slice text = strbuf_slice(&out);
    syntax_close(syntax);
    return text;
}

static void assert_same_tree(struct fixture *fixture, const char *name,
                             const struct node_roles *roles, struct slice text) {
    struct syntax_language language = language_of(name);
    struct syntax fresh, shelved;
    syntax_parse(&fixture->failure, &language, text, &fresh);
    struct slice expected = outline(fixture, &fresh);
    uint64_t hits = shelf_hits(fixture->shelf);
    shelf_parse(fixture->shelf, &fixture->failure, roles, &language, text, &shelved);
    struct slice found = outline(fixture, &shelved);
    size_t at = 0;
    while (at < expected.size && at < found.size && expected.data[at] == found.data[at])
        at++;
    at = at < 60 ? 0 : at - 60;
    if (!slice_equal(expected, found))
        print_error("%s, %s:\n%.*s\n%.160s\n%.160s\n", name,
                    shelf_hits(fixture->shelf) > hits ? "from the shelf" : "parsed",
                    SLICE_ARGS(text), expected.data + at, found.data + at);
    assert_true(slice_equal(expected, found));
}

/* ---- random edits ---- */

static bool is_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (byte >= '0' && byte <= '9');
}

static const char *const words[] = {
    "0",     "1",     "7",    "10",   "08",  "0x1f", "1e5",
    "1_000", "true",  "null", "no",   "if",  "for",  "in",
    "do",    "fi",    "x",    "x1",   "_",   "e5",   "u00",
    "n",     "EOF",   "EOF1", "b",    "inf", "None", "r",
    "f1",    "until", "A",    "done", "not", "2026", "1L",
    "2j",    "0b1",   "0o17", "NaN",  "Inf", "nan",  "12345678901234567890123456789"};

/* A word at random: another word, one more digit, one more letter, one byte less. */
static void add_word(struct fixture *fixture, struct strbuf *out, struct slice word) {
    uint32_t way = pick(fixture, 6);
    if (way == 0) {
        strbuf_add_text(out, words[pick(fixture, sizeof words / sizeof *words)]);
    } else if (way == 1) {
        strbuf_add(out, word);
        strbuf_addf(out, "%u", pick(fixture, 100));
    } else if (way == 2) {
        strbuf_add_byte(out, (char)('a' + pick(fixture, 26)));
        strbuf_add(out, word);
    } else if (way == 3 && word.size > 1) {
        strbuf_add(out, slice_from(word, 1));
    } else {
        for (size_t i = 0; i < word.size; i++)
            strbuf_add_byte(out, word.data[i] >= '0' && word.data[i] <= '9'
                                     ? (char)('0' + pick(fixture, 10))
                                     : word.data[i]);
    }
}

static struct slice edited(struct fixture *fixture, struct slice text, uint32_t word_count) {
    struct strbuf out;
    strbuf_init(&out, &fixture->arena);
    uint32_t wanted = pick(fixture, word_count), also = pick(fixture, 2 * word_count), n = 0;
    for (size_t at = 0; at < text.size;) {
        size_t end = at;
        while (end < text.size && is_word(text.data[end]))
            end++;
        struct slice word = slice_sub(text, at, end);
        if (word.size && (n == wanted || n == also))
            add_word(fixture, &out, word);
        else
            strbuf_add(&out, word);
        n += word.size > 0;
        if (end < text.size)
            strbuf_add_byte(&out, text.data[end++]);
        at = end;
    }
    return strbuf_slice(&out);
}

static uint32_t count_words(struct slice text) {
    uint32_t count = 0;
    for (size_t i = 0; i < text.size; i++)
        count += is_word(text.data[i]) && (i == 0 || !is_word(text.data[i - 1]));
    return count;
}

static const char *const samples[][2] = {
    {"hcl",
     "resource \"aws_db_instance\" \"main_1\" {\n  engine = \"postgres\" # keep 3\n"
     "  version = \"15.4\"\n  count = var.size_2 * 3 + 10\n  name = \"db-${var.stage1}-7 v2\"\n"
     "  tags = { Owner = \"team 4\", k8s = true, none = null, n = 1.5 }\n"
     "  x = [for a1 in var.list : a1 if a1 != \"b1\"]\n  d = <<EOT\nline 1 ${var.x1} text\nEOT\n"
     "  e = \"a\\n1 \\u0041b $${x1} %{ if a1 }y2%{ endif }\"\n}\n"},
    {"yaml",
     "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web-1, n: \"v2\"}\nspec:\n"
     "  replicas: 3\n  ports: [80, \"443\", 0x1f, 1e3, 08]\n  image: repo/app:v1.2.3\n"
     "  flag: yes\n  none: ~\n  date: 2026-11-20\n  at: 12:30:45\n  ver: 1.20\n  v: v1e5\n"
     "  \"key 1\": 'it''s 2'\n  esc: \"a\\x41b1 \\n1 c\"\n  key1: &a1 text 1\n  ref: *a1\n"
     "  script: |2\n      echo 1\n      x=2\n  multi: first 1\n    second 2\n"
     "  ? complex1\n  : value2\n  tag: !!str 12\n  list:\n  - a1: 1\n    b: \"2\"\n  - - x3\n"},
    {"json",
     "{\"a1\": [1, 20, -3, 1.5, 1e9, true, null], \"b\": {\"c d\": \"x\\n1 \\u00411 y2\"},\n"
     " \"version\": \"1.2.3\", \"e\": \"\"}\n"},
    {"toml",
     "title = \"a 1\"\n[owner1]\nname = 'b 2'\ndob = 1979-05-27T07:32:00Z\nn1 = 42\nf = 1.5\n"
     "h = 0xdead\nt = true\n[[items]]\nlist = [1, 2, \"x3\"]\nm = \"\"\"\nlong 1\n\\u0041b1\"\"\"\n"
     "inline = { a1 = 1, \"b 2\" = 'c3' }\nlocal = 07:32:00\n"},
    {"bash",
     "#!/bin/bash\nset -e\nVERSION1=\"1.2.3\"\nstep_1() {\n  local target=\"$1 x1\"\n"
     "  echo \"step 1 ${VERSION1:-\"a1\"} b2\" 'raw 3' $'esc\\x41b1' word4 5 -p6\n"
     "  if [ -f \"$target/1.txt\" ] && [[ $a1 == b1* ]]; then\n    cp a1 b2 2>err1\n  fi\n}\n"
     "for i1 in {1..5} a{2,3}; do\n  case $i1 in\n  v1|2) echo \"x1\" ;;\n  *.3) true ;;\n"
     "  esac\ndone\ncat <<EOF1\nbody 1 $(date1 \"x2\") ${a1}\nEOF1\ny=$((1 + 2)) arr1[3]=4\n"
     "cmd1 \"a\\\"1 b\" < in1 | tee -a \"log 2\" # note 1\nstep_1 \"work/17\" &\n"},
    {"python",
     "import os1\nfrom a1 import b2 as c3\n\ndef f1(x1, *args, key1=\"v 1\"):\n"
     "    \"\"\"doc 1\n    two\"\"\"\n    n = 10 + 0x1f + 1_000 + 2.5\n    s = f\"a {x1!r:>10} "
     "b2\"\n"
     "    r = rb'raw 1' + b\"b\\x411\" + u'z\\n1'\n    if x1 is None: return f1(3)\n"
     "    for i1 in range(5): print(\"x 1\", i1, [1, 2], {\"k1\": 'v2'})\n    return n1\n"},
};

enum { EDITS = 1500 };

static void test_trees_are_the_parsers(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct arena outer = fixture->arena;
        const struct node_roles *roles =
            node_roles_new(&fixture->arena, fixture->dialects, slice_of(samples[i][0]));
        struct slice text = slice_of(samples[i][1]);
        uint64_t before = shelf_hits(fixture->shelf);
        assert_same_tree(fixture, samples[i][0], roles, text);
        struct arena scratch;
        outer = fixture->arena;
        for (uint32_t n = 0; n < EDITS; n++) {
            arena_init(&scratch, &fixture->failure, 0);
            fixture->arena = scratch;
            assert_same_tree(fixture, samples[i][0], roles,
                             edited(fixture, text, count_words(text)));
            arena_release(&fixture->arena);
        }
        fixture->arena = outer;
        uint64_t hits = shelf_hits(fixture->shelf) - before;
        print_message("%s: %u of %u edited texts\n", samples[i][0], (unsigned)hits, EDITS);
        assert_true(hits > EDITS / 8);
    }
}

static bool differ_in_words(const char *was, const char *is, struct exchanges *exchanges) {
    return exchanges_find(slice_of(was), slice_of(is), exchanges);
}

static void test_only_words_are_exchanged(void **state) {
    (void)state;
    struct exchanges found;
    assert_true(differ_in_words("a 1 b", "a 22 b", &found));
    assert_int_equal(found.count, 1);
    assert_int_equal(found.items[0].from, 2);
    assert_int_equal(found.items[0].to, 3);
    assert_true(slice_is(found.items[0].word, "22"));
    assert_true(differ_in_words("", "", &found));
    assert_true(differ_in_words("\"a\"", "\"bc\"", &found));
    assert_false(differ_in_words("\"\"", "\"a\"", &found)); /* a word for none */
    assert_false(differ_in_words("a b", "a  b", &found));
    assert_false(differ_in_words("a-b", "a/b", &found));
    assert_false(differ_in_words("a", "a\n", &found));
    assert_false(differ_in_words("a\n", "a", &found));
}

static void test_a_key_is_one_for_texts_alike(void **state) {
    (void)state;
    assert_true(exchange_key(SLICE("a = \"v 1\"\n")) == exchange_key(SLICE("a = \"w 22\"\n")));
    assert_true(exchange_key(SLICE("n = 1\n")) == exchange_key(SLICE("n = 22\n")));
    assert_true(exchange_key(SLICE("a = b\n")) != exchange_key(SLICE("a = c\n")));
    assert_true(exchange_key(SLICE("it's\na\n")) != exchange_key(SLICE("it's\nb\n")));
}

/* A text with errors is parsed again: what is near an error depends on everything. */
static void test_errors_are_not_kept(void **state) {
    struct fixture *fixture = *state;
    const struct node_roles *roles =
        node_roles_new(&fixture->arena, fixture->dialects, SLICE("hcl"));
    uint64_t before = shelf_hits(fixture->shelf);
    assert_same_tree(fixture, "hcl", roles, SLICE("a = \"1\"\n}}\n"));
    assert_same_tree(fixture, "hcl", roles, SLICE("a = \"2\"\n}}\n"));
    assert_int_equal(shelf_hits(fixture->shelf), before);
}

/* The same text inside of itself: the outer tree stays what it is. */
static void test_trees_in_use_are_not_lent(void **state) {
    struct fixture *fixture = *state;
    const struct node_roles *roles =
        node_roles_new(&fixture->arena, fixture->dialects, SLICE("json"));
    struct syntax_language language = language_of("json");
    struct syntax outer, inner;
    assert_same_tree(fixture, "json", roles, SLICE("[\"a\"]"));
    uint64_t before = shelf_hits(fixture->shelf);
    shelf_parse(fixture->shelf, &fixture->failure, roles, &language, SLICE("[\"bcd\"]"), &outer);
    assert_int_equal(shelf_hits(fixture->shelf), before + 1);
    shelf_parse(fixture->shelf, &fixture->failure, roles, &language, SLICE("[\"ef\"]"), &inner);
    assert_int_equal(shelf_hits(fixture->shelf), before + 1);
    assert_int_equal(ts_node_end_byte(inner.root), 6);
    syntax_close(&inner);
    assert_int_equal(ts_node_end_byte(outer.root), 7);
    syntax_drop(&outer);
    shelf_parse(fixture->shelf, &fixture->failure, roles, &language, SLICE("[\"g\"]"), &inner);
    assert_int_equal(ts_node_end_byte(inner.root), 5);
    syntax_close(&inner);
}

/* More than fits: the oldest make room, and what is found is still right. */
static void test_makes_room(void **state) {
    struct fixture *fixture = *state;
    const struct node_roles *roles =
        node_roles_new(&fixture->arena, fixture->dialects, SLICE("json"));
    for (uint32_t n = 0; n < 1200; n++) {
        struct arena whole = fixture->arena;
        arena_init(&fixture->arena, &fixture->failure, 0);
        struct slice text = arena_format(&fixture->arena, "[%*s\"a\", %u]", (int)n + 1, " ", n);
        assert_same_tree(fixture, "json", roles, text);
        arena_release(&fixture->arena);
        fixture->arena = whole;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_trees_are_the_parsers, set_up, tear_down),
        cmocka_unit_test(test_only_words_are_exchanged),
        cmocka_unit_test(test_a_key_is_one_for_texts_alike),
        cmocka_unit_test_setup_teardown(test_errors_are_not_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_trees_in_use_are_not_lent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_makes_room, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
