#include "base/memory.h"
#include "base/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

struct job {
    struct arena arena;
    struct failure failure;
    struct slice bytes;
    struct yaml_node *root;
};

static void parse_body(void *context) {
    struct job *job = context;
    job->root = yaml_parse(&job->arena, job->bytes, "rules/x.yaml", BERM_ERROR_RULE);
}

static bool parse(struct job *job, struct slice bytes) {
    failure_init(&job->failure);
    arena_init(&job->arena, &job->failure, 0);
    job->bytes = bytes;
    return failure_try(&job->failure, parse_body, job);
}

static void assert_refused(struct slice bytes, const char *message, uint32_t line,
                           uint32_t column) {
    struct job job;
    assert_false(parse(&job, bytes));
    assert_int_equal(job.failure.error.status, BERM_ERROR_RULE);
    assert_string_equal(job.failure.error.where, "rules/x.yaml");
    if (!strstr(job.failure.error.message, message))
        fail_msg("'%s' instead of '%s'", job.failure.error.message, message);
    assert_int_equal(job.failure.error.line, line);
    assert_int_equal(job.failure.error.column, column);
    arena_release(&job.arena);
}

static void reads_a_tree_with_positions(void **state) {
    (void)state;
    struct job job;
    assert_true(parse(&job, SLICE("# note\nid: a/b\non: [removed, \"true\"]\nwhy: |\n  one\n  two\n"
                                  "list:\n  - {x: 1}\n  - y: ~\n")));
    assert_int_equal(job.root->kind, YAML_MAP);
    assert_int_equal(job.root->count, 4);
    struct yaml_node *id = yaml_get(job.root, "id");
    assert_true(slice_is(id->text, "a/b"));
    assert_false(id->quoted);
    assert_int_equal(id->line, 2);
    assert_int_equal(id->column, 5);
    struct yaml_node *on = yaml_get(job.root, "on");
    assert_int_equal(on->kind, YAML_LIST);
    assert_true(slice_is_none(on->entries[0].key));
    assert_false(on->entries[0].value->quoted);
    assert_true(on->entries[1].value->quoted);
    assert_true(slice_is(yaml_get(job.root, "why")->text, "one\ntwo\n"));
    assert_true(yaml_get(job.root, "why")->quoted);
    struct yaml_node *list = yaml_get(job.root, "list");
    assert_true(slice_is(yaml_get(list->entries[0].value, "x")->text, "1"));
    assert_int_equal(list->entries[1].value->entries[0].line, 9);
    assert_int_equal(list->entries[1].value->entries[0].column, 5);
    assert_null(yaml_get(job.root, "absent"));
    assert_null(yaml_get(id, "id"));
    arena_release(&job.arena);
}

static void nothing_is_an_empty_map(void **state) {
    (void)state;
    static const char *const texts[] = {"", "# only a comment\n", "---\n", "--- {}\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct job job;
        assert_true(parse(&job, slice_of(texts[i])));
        assert_int_equal(job.root->kind, YAML_MAP);
        assert_int_equal(job.root->count, 0);
        arena_release(&job.arena);
    }
}

static void refuses_what_configuration_must_not_hold(void **state) {
    (void)state;
    assert_refused(SLICE("a: 1\nb: 2\na: 3\n"), "duplicate key 'a'", 3, 1);
    assert_refused(SLICE("a: &x 1\nb: *x\n"), "anchors", 1, 4);
    assert_refused(SLICE("a: 1\nb: *x\n"), "aliases", 2, 4);
    assert_refused(SLICE("a: 1\n---\nb: 2\n"), "second document", 2, 1);
    assert_refused(SLICE("[a, b]: 1\n"), "a key must be a text", 1, 1);
    assert_refused(SLICE("a: [1, 2\nb: 3\n"), "not valid YAML", 2, 2);
    assert_refused(SLICE("a:\n\t- b\n"), "not valid YAML", 2, 1);
    assert_refused(SLICE("a: \"\xff\"\n"), "not valid YAML", 1, 5);
}

static void finds_duplicates_in_long_maps(void **state) {
    (void)state;
    char text[4096];
    size_t size = 0;
    for (int i = 0; i < 200; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "key%d: 1\n", i);
    struct job job;
    assert_true(parse(&job, slice_make(text, size)));
    assert_int_equal(job.root->count, 200);
    arena_release(&job.arena);
    size += (size_t)snprintf(text + size, sizeof text - size, "key150: 1\n");
    assert_refused(slice_make(text, size), "duplicate key 'key150'", 201, 1);
}

/* CPU seconds are only compared with a bound a hundred times too large. */
static void assert_quick_refusal(const char *unit, size_t size) {
    char *bytes = malloc(size);
    for (size_t i = 0; i < size; i++)
        bytes[i] = unit[i % strlen(unit)];
    struct job job;
    clock_t start = clock();
    assert_false(parse(&job, slice_make(bytes, size)));
    assert_true((double)(clock() - start) / CLOCKS_PER_SEC < 2.0);
    arena_release(&job.arena);
    free(bytes);
}

static void nesting_and_size_are_bounded(void **state) {
    (void)state;
    assert_quick_refusal("[", 1 << 20);
    assert_quick_refusal("{", 1 << 20);
    assert_quick_refusal("{)", 60000);
    assert_quick_refusal("[{", 1 << 20);
    assert_quick_refusal("[\n", 1 << 20);
    assert_quick_refusal("- ", 1 << 20);
    assert_quick_refusal("? ", 1 << 20);
    assert_quick_refusal("a", (1 << 20) + 1);
    char deep[200];
    memset(deep, '[', 64);
    memset(deep + 64, ']', 64);
    struct job job;
    assert_true(parse(&job, slice_make(deep, 128)));
    arena_release(&job.arena);
    memset(deep, '[', 65);
    memset(deep + 65, ']', 65);
    assert_refused(slice_make(deep, 130), "nested deeper than 64 levels", 1, 65);
}

static void every_failed_allocation_unwinds(void **state) {
    (void)state;
    struct job job;
    unsigned long n = 0;
    bool ok;
    do {
        memory_fail_after(++n);
        ok = parse(&job, SLICE("a: [1, 2, {b: c}]\n"));
        memory_fail_after(0);
        if (!ok)
            assert_int_equal(job.failure.error.status, BERM_ERROR_MEMORY);
        arena_release(&job.arena);
    } while (!ok);
    assert_true(n > 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_tree_with_positions),
        cmocka_unit_test(nothing_is_an_empty_map),
        cmocka_unit_test(refuses_what_configuration_must_not_hold),
        cmocka_unit_test(finds_duplicates_in_long_maps),
        cmocka_unit_test(nesting_and_size_are_bounded),
        cmocka_unit_test(every_failed_allocation_unwinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
