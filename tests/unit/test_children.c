/* Children read from the runtime's own tree against those that a cursor finds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/strbuf.h"
#include "syntax/roles.h"

struct fixture {
    struct failure failure;
    struct arena arena;
    uint32_t nodes, fields;
};

static int set_up(void **state) {
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    failure_init(&fixture.failure);
    arena_init(&fixture.arena, &fixture.failure, 0);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    return 0;
}

static void assert_same_node(TSNode a, TSNode b) {
    assert_true(ts_node_eq(a, b));
    assert_int_equal(ts_node_symbol(a), ts_node_symbol(b));
    assert_int_equal(ts_node_is_named(a), ts_node_is_named(b));
    assert_int_equal(ts_node_start_byte(a), ts_node_start_byte(b));
    assert_int_equal(ts_node_end_byte(a), ts_node_end_byte(b));
}

/* The children of the node and of all below it. */
static void compare(struct fixture *fixture, TSNode node) {
    uint32_t count, named_count, at = 0, named_at = 0;
    struct node_child *all = node_children(&fixture->arena, node, false, &count);
    struct node_child *named = node_children(&fixture->arena, node, true, &named_count);
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    bool more = ts_tree_cursor_goto_first_child(&cursor);
    for (; more; more = ts_tree_cursor_goto_next_sibling(&cursor)) {
        TSNode child = ts_tree_cursor_current_node(&cursor);
        TSFieldId field = ts_tree_cursor_current_field_id(&cursor);
        assert_true(at < count);
        assert_same_node(all[at].node, child);
        assert_int_equal(all[at].field, field);
        fixture->fields += field != 0;
        compare(fixture, all[at++].node);
        if (!ts_node_is_named(child) && !ts_node_is_missing(child))
            continue;
        assert_true(named_at < named_count);
        assert_same_node(named[named_at].node, child);
        assert_int_equal(named[named_at++].field, 0);
    }
    ts_tree_cursor_delete(&cursor);
    assert_int_equal(at, count);
    assert_int_equal(named_at, named_count);
    fixture->nodes += count;
}

/* Also after an edit that moves all that stands behind the first byte. */
static void compare_text(struct fixture *fixture, const char *language, struct slice text) {
    TSParser *parser = ts_parser_new();
    assert_true(ts_parser_set_language(parser, grammar_find(slice_of(language))));
    TSTree *tree = ts_parser_parse_string(parser, NULL, text.data, (uint32_t)text.size);
    compare(fixture, ts_tree_root_node(tree));
    TSInputEdit edit = {1, 1, 4, {0, 1}, {0, 1}, {0, 4}};
    ts_tree_edit(tree, &edit);
    compare(fixture, ts_tree_root_node(tree));
    ts_tree_delete(tree);
    ts_parser_delete(parser);
}

static const char *const samples[][2] = {
    {"bash",
     "#!/bin/sh\nset -eu # strict\nfor f in a b \"$c\"; do\n  rm -rf \"$f\"/x ${y:-z} >out 2>&1 "
     "|| exit 1\ndone\nif [ -n \"$1\" ] && test -d x; then A=1 B=2 run; else :; fi\n"
     "f() { cat <<EOF | sh\nrm $x\nEOF\n}\ncase $1 in a|b) x;; *) y;; esac\n"},
    {"bash", "if [ x; then (( done } | esac\nrm -rf \"$x\n"},
    {"python",
     "import os as o\n@d\ndef f(a, *b, c=1, **d):\n    # note\n    return [x.y(z)[1:2] for x in "
     "a if x]\n\nclass A(B):\n    x: int = f\"{a!r:>{b}} c\"\n"},
    {"javascript",
     "const {a, b: c} = require('x');\nclass A extends B { async f() { await g?.(h`i${j}`); "
     "} }\nx = y ? z : w // note\n"},
    {"hcl",
     "resource \"a\" \"b\" {\n  count = var.x ? 1 : 0 # note\n  tags = { for k, v in local.t : k "
     "=> \"${v}-x\" if v }\n  dynamic \"c\" {\n    for_each = [1, 2]\n  }\n}\n"},
    {"yaml",
     "a: &x\n  - b: 1\n    c: |\n      text\n  - {d: [e, \"f\"], ? g : h}\n--- # note\n*x : y\n"},
    {"json", "{\"a\": [1, true, null, {\"b\": \"c\\n\"}], \"d\": -1.5e3}"},
    {"sql",
     "BEGIN; ALTER TABLE a.b DROP COLUMN c, ADD d int DEFAULT 1; -- note\nDELETE FROM x WHERE y "
     "IN (SELECT z FROM w);\n"},
    {"dockerfile",
     "FROM a AS b\nRUN --mount=type=cache,target=/x \\\n  rm -rf y && z\nCOPY [\"a\", \"b\"]\n"},
};

static void same_as_cursor(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        compare_text(fixture, samples[i][0], slice_of(samples[i][1]));
    assert_true(fixture->nodes > 1000);
    assert_true(fixture->fields > 100);
}

/* Hidden nodes pile up: more of them than there is room for at first. */
static void long_texts(void **state) {
    struct fixture *fixture = *state;
    struct strbuf list, chain, pipes;
    strbuf_init(&list, &fixture->arena);
    strbuf_init(&chain, &fixture->arena);
    strbuf_init(&pipes, &fixture->arena);
    strbuf_add_text(&chain, "x = a");
    for (uint32_t i = 0; i < 3000; i++) {
        strbuf_addf(&list, "run a%u \"$b\" # %u\n", i, i);
        strbuf_addf(&chain, ".b%u", i);
        strbuf_addf(&pipes, "a %u |\n", i);
    }
    strbuf_add_text(&chain, "\n");
    strbuf_add_text(&pipes, "b\n");
    compare_text(fixture, "bash", strbuf_slice(&list));
    compare_text(fixture, "bash", strbuf_slice(&pipes));
    compare_text(fixture, "hcl", strbuf_slice(&chain));
    assert_true(fixture->nodes > 30000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(same_as_cursor, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_texts, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
