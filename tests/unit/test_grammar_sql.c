/*
 * The corpus of our own grammars, grammars/NAME/test/corpus in the form of the tree-sitter command
 * line tool, which is not needed for it: a title between lines of "=", a text, a line of "-", the
 * tree. No tree holds an ERROR.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "syntax/syntax.h"

#include <stdio.h>
#include <stdlib.h>

struct corpus {
    struct failure failure;
    struct arena arena;
    uint32_t cases;
};

static bool is_rule(struct slice line, char byte) {
    for (size_t i = 0; i < line.size; i++)
        if (line.data[i] != byte)
            return false;
    return line.size >= 40;
}

/* Up to a line of that byte; *rest is moved behind it. */
static struct slice until_rule(struct slice *rest, char byte) {
    struct slice all = *rest, line;
    while (rest->size) {
        size_t from = (size_t)(rest->data - all.data);
        slice_split(rest, '\n', &line);
        if (is_rule(line, byte))
            return slice_sub(all, 0, from);
    }
    return all;
}

static void add_squeezed(struct strbuf *out, struct slice text) {
    bool space = false;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if (byte == ' ' || byte == '\n') {
            space = out->size > 0;
            continue;
        }
        if (space && byte != ')')
            strbuf_add_byte(out, ' ');
        space = false;
        strbuf_add_byte(out, byte);
    }
}

static void add_tree(struct strbuf *out, TSNode node) {
    strbuf_addf(out, "(%s", ts_node_type(node));
    TSTreeCursor cursor = ts_tree_cursor_new(node);
    for (bool more = ts_tree_cursor_goto_first_child(&cursor); more;
         more = ts_tree_cursor_goto_next_sibling(&cursor)) {
        TSNode child = ts_tree_cursor_current_node(&cursor);
        if (!ts_node_is_named(child) && !ts_node_is_missing(child))
            continue;
        strbuf_add_byte(out, ' ');
        add_tree(out, child);
    }
    ts_tree_cursor_delete(&cursor);
    strbuf_add_byte(out, ')');
}

static void check_case(struct corpus *corpus, const char *file, struct slice title,
                       struct slice text, struct slice tree) {
    struct syntax_language language = {.grammar = SLICE("sql"), .nesting = NESTING_NONE};
    struct syntax syntax;
    struct strbuf wanted, made;
    strbuf_init(&wanted, &corpus->arena);
    strbuf_init(&made, &corpus->arena);
    add_squeezed(&wanted, tree);
    syntax_parse(&corpus->failure, &language, text, &syntax);
    if (syntax.reason.size)
        fail_msg("%s: %.*s: %.*s", file, SLICE_ARGS(title), SLICE_ARGS(syntax.reason));
    add_tree(&made, syntax.root);
    bool error = ts_node_has_error(syntax.root);
    syntax_close(&syntax);
    if (error || !slice_equal(strbuf_slice(&wanted), strbuf_slice(&made)))
        fail_msg("%s: %.*s\nwanted %s\nmade   %s", file, SLICE_ARGS(title), wanted.data, made.data);
    corpus->cases++;
}

static void check_file(struct corpus *corpus, const char *path) {
    struct slice content, rest;
    assert_true(file_read(&corpus->arena, path, &content));
    rest = content;
    until_rule(&rest, '=');
    while (rest.size) {
        struct slice title = slice_trim(until_rule(&rest, '='));
        struct slice text = until_rule(&rest, '-');
        struct slice tree = until_rule(&rest, '=');
        /* One line break at each end belongs to the form. */
        text = slice_sub(text, 1, text.size - 2);
        check_case(corpus, path, title, text, tree);
    }
}

static void test_corpus(void **state) {
    (void)state;
    struct corpus corpus = {.cases = 0};
    const char *directory = SOURCE_DIRECTORY "/grammars/sql/test/corpus";
    struct slice *names;
    uint32_t count;
    failure_init(&corpus.failure);
    arena_init(&corpus.arena, &corpus.failure, 0);
    assert_true(directory_files(&corpus.arena, directory, &names, &count));
    for (uint32_t i = 0; i < count; i++)
        check_file(&corpus,
                   arena_format(&corpus.arena, "%s/%.*s", directory, SLICE_ARGS(names[i])).data);
    assert_true(corpus.cases >= 40);
    arena_release(&corpus.arena);
}

/* Nothing but time and a note comes of what no grammar can make sense of; no ERROR nodes either. */
static void test_hostile(void **state) {
    (void)state;
    static const char *const pieces[] = {"(",
                                         "[",
                                         "begin ",
                                         "case when ",
                                         "$$",
                                         "'",
                                         "\"",
                                         "/*",
                                         "/*!",
                                         "values (",
                                         "a[",
                                         "{{",
                                         "q'[",
                                         "copy x from stdin;\n",
                                         "delimiter x\n",
                                         ")",
                                         "]",
                                         "end ",
                                         "\\x\n",
                                         "`",
                                         "E'\\",
                                         "#",
                                         "\xff",
                                         "\xe2\x80",
                                         "go\n"};
    struct failure failure;
    struct arena arena;
    failure_init(&failure);
    arena_init(&arena, &failure, 0);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        for (size_t n = 0; n < sizeof pieces / sizeof *pieces; n++) {
            struct strbuf text;
            strbuf_init(&text, &arena);
            for (uint32_t k = 0; k < 150; k++)
                strbuf_addf(&text, "%s%sx", pieces[i], pieces[n]);
            struct syntax_language language = {.grammar = SLICE("sql"), .nesting = NESTING_NONE};
            struct syntax syntax;
            syntax_parse(&failure, &language, strbuf_slice(&text), &syntax);
            if (!syntax.reason.size && ts_node_has_error(syntax.root))
                fail_msg("ERROR in %s", text.data);
            syntax_close(&syntax);
            arena_release(&arena);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corpus),
        cmocka_unit_test(test_hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
