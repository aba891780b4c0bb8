#include "base/strbuf.h"
#include "delta/compare.h"
#include "delta_values.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

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

static void add_side(struct strbuf *out, const struct value *value) {
    strbuf_add(out, value ? value_render(&arena, value, 60) : SLICE("-"));
}

static const char *dump(const struct attribute_changes *changes) {
    struct strbuf out;
    strbuf_init(&out, &arena);
    for (uint32_t i = 0; i < changes->list.count; i++) {
        const struct attribute_change *change = &changes->list.items[i];
        strbuf_add(&out, change->path);
        strbuf_add_text(&out, ": ");
        add_side(&out, change->was);
        strbuf_add_text(&out, " -> ");
        add_side(&out, change->is);
        strbuf_addf(&out, " %s%s\n", word_of(WORDS_CONFIDENCE, change->confidence),
                    change->reordered ? " reordered" : "");
    }
    return arena_text(&arena, strbuf_slice(&out));
}

static struct compare_shape shapes(void *context, struct slice type, struct slice path) {
    (void)context;
    (void)type;
    if (slice_is(path, "steps"))
        return (struct compare_shape){COMPARE_LIST_ORDERED, SLICE_NONE};
    if (slice_is(path, "ports"))
        return (struct compare_shape){COMPARE_LIST_SET, SLICE("port")};
    return (struct compare_shape){COMPARE_LIST_DEFAULT, SLICE_NONE};
}

static const char *compared(const char *was, const char *is) {
    struct comparison with = {.arena = &arena, .shape = shapes};
    struct attribute_changes changes = {0};
    const struct value *a = value_of(&arena, was), *b = value_of(&arena, is);
    compare_values(&with, SLICE("t"), a, b, &changes);
    assert_int_equal(compare_same(&with, SLICE("t"), a, b), changes.list.count == 0);
    return dump(&changes);
}

static void what_means_the_same_is_no_change(void **state) {
    (void)state;
    assert_string_equal(compared("{a: 1, b: 2}", "{b: 2, a: 1}"), "");
    assert_string_equal(compared("{a: \"true\", p: \"80\"}", "{a: true, p: 80}"), "");
    assert_string_equal(compared("{a: 1.50}", "{a: 1.5}"), "");
    assert_string_equal(compared("{a: yes}", "{a: true}"), "");
    assert_string_equal(compared("{on: push}", "{on: [push]}"), "");
    assert_string_equal(compared("{zones: [a, b, c]}", "{zones: [c, a, b]}"), "");
    assert_string_equal(compared("{tags: {a: 1}}", "{tags: block [{a: 1}]}"), "");
    assert_string_equal(compared("{r: @var.x, e: `a + b`}", "{e: `a + b`, r: @var.x}"), "");
}

static void scalars_and_subtrees_change_at_their_highest_path(void **state) {
    (void)state;
    assert_string_equal(compared("{a: 1, l: {p: true, q: 1}}", "{a: 2}"),
                        "a: 1 -> 2 certain\nl: {p: true, q: 1} -> - certain\n");
    assert_string_equal(compared("{a: {b: {c: x}}}", "{a: {b: {c: y, d: 1}}}"),
                        "a.b.c: x -> y certain\na.b.d: - -> 1 certain\n");
    assert_string_equal(compared("{m: {\"helm.sh/x\": keep}}", "{m: {}}"),
                        "m.\"helm.sh/x\": keep -> - certain\n");
    assert_string_equal(compared("{c: [a, b]}", "{c: [a]}"), "c: [a, b] -> [a] certain\n");
}

static void lists_of_maps_are_matched_by_name(void **state) {
    (void)state;
    assert_string_equal(compared("{c: [{name: a, image: x}, {name: b, image: y}]}",
                                 "{c: [{name: b, image: z}, {name: a, image: x}]}"),
                        "c[name=b].image: y -> z certain\n");
    assert_string_equal(
        compared("{ports: [{port: 1, to: 5}, {port: 2, to: 6}]}", "{ports: [{port: 2, to: 7}]}"),
        "ports[port=1]: {port: 1, to: 5} -> - certain\n"
        "ports[port=2].to: 6 -> 7 certain\n");
}

static void blocks_without_a_name_are_aligned_by_content(void **state) {
    (void)state;
    assert_string_equal(compared("{i: block [{p: 1, c: x, d: q}, {p: 2, c: y, d: q}]}",
                                 "{i: block [{p: 2, c: z, d: q}, {p: 1, c: x, d: q}]}"),
                        "i[].c: y -> z certain\n");
    assert_string_equal(compared("{i: block [{p: 1, c: x}]}", "{i: block [{p: 2, c: y}]}"),
                        "i.p: 1 -> 2 certain\ni.c: x -> y certain\n");
    assert_string_equal(
        compared("{i: block [{p: 1, c: x}, {p: 2, c: y}]}", "{i: block [{p: 2, c: y}]}"),
        "i[]: {p: 1, c: x} -> - certain\n");
}

static void order_counts_where_the_dialect_says_so(void **state) {
    (void)state;
    assert_string_equal(compared("{steps: [a, b]}", "{steps: [b, a]}"),
                        "steps: [a, b] -> [b, a] certain reordered\n");
}

static void unresolved_values_lower_the_confidence(void **state) {
    (void)state;
    assert_string_equal(compared("{a: @var.x}", "{a: @var.y}"), "a: var.x -> var.y likely\n");
    assert_string_equal(compared("{a: x}", "{a: @var.y}"), "a: x -> var.y possible\n");
    assert_string_equal(compared("{a: x}", "{a: ?}"), "a: x -> (unknown) unknown\n");
}

static void null_is_absent_only_where_it_is(void **state) {
    (void)state;
    assert_string_equal(compared("{on: {push: null}}", "{on: {}}"), "on.push: null -> - certain\n");
    struct comparison with = {.arena = &arena, .null_is_absent = true};
    assert_true(
        compare_same(&with, SLICE(""), value_of(&arena, "{a: null}"), value_of(&arena, "{}")));
}

static void a_large_list_stays_linear(void **state) {
    (void)state;
    struct strbuf was, is;
    strbuf_init(&was, &arena);
    strbuf_init(&is, &arena);
    strbuf_add_text(&was, "{l: [");
    strbuf_add_text(&is, "{l: [");
    for (uint32_t i = 0; i < 20000; i++) {
        strbuf_addf(&was, "{a: x%u, b: 1},", i % 50);
        strbuf_addf(&is, "{a: x%u, b: %u},", (i + 7) % 50, i == 500 ? 2 : 1);
    }
    strbuf_add_text(&was, "]}");
    strbuf_add_text(&is, "]}");
    assert_string_equal(compared(was.data, is.data), "l[].b: 1 -> 2 certain\n");
}

static void similarity_is_the_share_of_equal_attributes(void **state) {
    (void)state;
    struct comparison with = {.arena = &arena};
    assert_int_equal(compare_similarity(&with, SLICE(""), value_of(&arena, "{a: 1, b: 2, c: 3}"),
                                        value_of(&arena, "{a: 1, b: 2, d: 3, e: 4}")),
                     50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_means_the_same_is_no_change),
        cmocka_unit_test(scalars_and_subtrees_change_at_their_highest_path),
        cmocka_unit_test(lists_of_maps_are_matched_by_name),
        cmocka_unit_test(blocks_without_a_name_are_aligned_by_content),
        cmocka_unit_test(order_counts_where_the_dialect_says_so),
        cmocka_unit_test(unresolved_values_lower_the_confidence),
        cmocka_unit_test(null_is_absent_only_where_it_is),
        cmocka_unit_test(a_large_list_stays_linear),
        cmocka_unit_test(similarity_is_the_share_of_equal_attributes),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
