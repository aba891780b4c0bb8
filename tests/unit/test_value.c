#include "arena_fixture.h"

#include "base/memory.h"
#include "fact/path.h"
#include "fact/value.h"

static const struct value *literal(const char *text) {
    struct value *value = ARENA_NEW(&arena, struct value);
    *value = (struct value){.kind = VALUE_LITERAL, .text = slice_of(text)};
    return value;
}

static struct value *container(enum value_kind kind, uint32_t count) {
    struct value *value = ARENA_NEW(&arena, struct value);
    value->kind = (uint8_t)kind;
    value->items = ARENA_ARRAY(&arena, struct value_item, count);
    value->count = count;
    return value;
}

static const struct value *map2(const char *k1, const struct value *v1, const char *k2,
                                const struct value *v2) {
    struct value *map = container(VALUE_MAP, 2);
    map->items[0] = (struct value_item){.key = slice_of(k1), .value = v1};
    map->items[1] = (struct value_item){.key = slice_of(k2), .value = v2};
    return map;
}

static const struct value *list2(const struct value *a, const struct value *b) {
    struct value *list = container(VALUE_LIST, 2);
    list->items[0].value = a;
    list->items[1].value = b;
    return list;
}

/* {spec: [{name: web, image: v1}, {name: db, port: 5432}], "helm.sh/hook": pre} */
static const struct value *sample(void) {
    return map2("spec",
                list2(map2("name", literal("web"), "image", literal("v1")),
                      map2("name", literal("db"), "port", literal("5432"))),
                "helm.sh/hook", literal("pre"));
}

static void assert_at(const char *path, const char *text) {
    struct slice found = value_literal(value_at(sample(), slice_of(path)));
    if (!text)
        assert_true(slice_is_none(found));
    else if (!slice_is(found, text))
        fail_msg("%s: '%.*s' instead of '%s'", path, SLICE_ARGS(found), text);
}

static void paths_select(void **state) {
    (void)state;
    assert_at("spec.name", "web");
    assert_at("spec.port", "5432"); /* the first element that has the path */
    assert_at("spec[name=db].port", "5432");
    assert_at("spec[name=web].port", NULL);
    assert_at("spec[1].name", "db");
    assert_at("spec[2].name", NULL);
    assert_at("spec[].image", "v1");
    assert_at("\"helm.sh/hook\"", "pre");
    assert_at("helm.sh/hook", NULL);
    assert_at("{}", NULL); /* the first child is a list */
    assert_at("*.name", "web");
    assert_at("spec.name.deeper", NULL);
    assert_at("spec[", NULL);
    assert_null(value_at(NULL, SLICE("a")));
    assert_ptr_equal(value_at(sample(), SLICE("")) == NULL, false);
}

static bool count_one(const struct value *value, void *context) {
    (void)value;
    return ++*(int *)context < 3;
}

static void each_fans_out_and_stops(void **state) {
    (void)state;
    int seen = 0;
    value_each(sample(), SLICE("spec.name"), count_one, &seen);
    assert_int_equal(seen, 2);
    seen = 0;
    value_each(sample(), SLICE("spec[].{}"), count_one, &seen);
    assert_int_equal(seen, 3); /* stopped before the fourth */
}

static const struct value *wide_map(uint32_t count, uint32_t rotate) {
    struct value *map = container(VALUE_MAP, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = (i + rotate) % count;
        map->items[i].key = arena_format(&arena, "k%u", number);
        map->items[i].value = literal(arena_format(&arena, "v%u", number).data);
    }
    return map;
}

static void assert_same(const struct value *a, const struct value *b) {
    assert_true(value_equal(a, b));
    assert_true(value_equal(b, a));
    assert_true(value_hash(a) == value_hash(b));
}

static void equality_ignores_key_order_only(void **state) {
    (void)state;
    const struct value *one = literal("1"), *two = literal("2");
    assert_same(map2("a", one, "b", two), map2("b", literal("2"), "a", literal("1")));
    assert_false(value_equal(list2(one, two), list2(two, one)));
    assert_false(value_equal(map2("a", one, "b", two), map2("a", two, "b", one)));
    assert_false(value_equal(map2("a", one, "a", two), map2("a", two, "a", one)));
    assert_same(wide_map(500, 0), wide_map(500, 17));
    struct value number = {.kind = VALUE_LITERAL, .type = LITERAL_NUMBER, .text = SLICE("1")};
    assert_false(value_equal(one, &number));
    struct value tagged = *one;
    tagged.tag = SLICE("!Ref");
    assert_false(value_equal(one, &tagged));
    struct value moved = *one;
    moved.span = (struct span){7, 9};
    assert_same(one, &moved);
    assert_false(value_equal(one, NULL));
    assert_true(value_equal(NULL, NULL));
}

static void equality_survives_missing_memory(void **state) {
    (void)state;
    const struct value *a = wide_map(100, 0), *b = wide_map(100, 3);
    memory_fail_after(1);
    assert_true(value_equal(a, b));
    memory_fail_after(0);
}

static void words_are_read_in_any_case(void **state) {
    (void)state;
    assert_true(value_is_true(literal("True")));
    assert_true(value_is_true(literal("ON")));
    assert_true(value_is_false(literal("no")));
    assert_false(value_is_true(literal("1")));
    assert_false(value_is_true(NULL));
    assert_false(value_is_false(NULL));
}

static void rendering_is_one_bounded_line(void **state) {
    (void)state;
    struct slice text = value_render(&arena, sample(), 200);
    assert_true(slice_is(text, "{spec: [{name: web, image: v1}, {name: db, port: 5432}], "
                               "helm.sh/hook: pre}"));
    assert_true(slice_is(value_render(&arena, literal("a\nb\x1b[0m"), 20), "a b [0m"));
    assert_true(slice_is(value_render(&arena, literal("abcdefgh"), 6), "abc..."));
    assert_true(slice_is(value_render(&arena, literal("a\xc3\xa9\xc3\xa9xx"), 6), "a\xc3\xa9..."));
    assert_true(slice_is(value_render(&arena, literal("abcdefgh"), 2), ".."));
    assert_true(slice_is(value_render(&arena, NULL, 5), ""));
}

static void assert_relation(const char *pattern, const char *concrete, enum path_relation want) {
    enum path_relation is = path_relate(slice_of(pattern), slice_of(concrete));
    if (is != want)
        fail_msg("%s / %s: %d instead of %d", pattern, concrete, (int)is, (int)want);
}

static void paths_relate_by_prefix(void **state) {
    (void)state;
    assert_relation("spec.replicas", "spec.replicas", PATH_SAME);
    assert_relation("spec", "spec.replicas", PATH_INSIDE);
    assert_relation("spec.replicas", "spec", PATH_ABOVE);
    assert_relation("spec.replicas", "spec.replica", PATH_UNRELATED);
    assert_relation("ingress.cidr_blocks", "ingress[0].cidr_blocks[1]", PATH_SAME);
    assert_relation("ingress[].cidr_blocks[]", "ingress.cidr_blocks", PATH_SAME);
    assert_relation("c[name=web].image", "c[name=db].image", PATH_UNRELATED);
    assert_relation("c[name=web].image", "c[name=web].image", PATH_SAME);
    assert_relation("c[].image", "c[name=db].image", PATH_SAME);
    assert_relation("tags.{}", "tags.Owner", PATH_SAME);
    assert_relation("tags.*", "tags.Owner", PATH_SAME);
    assert_relation("tags.*", "tags", PATH_ABOVE);
    assert_relation("a.\"b.c\".d", "a.\"b.c\"", PATH_ABOVE);
    assert_relation("items.*", "items[3]", PATH_SAME);
}

static void validity_of_paths(void **state) {
    (void)state;
    assert_true(path_is_valid(SLICE("a.b[name=web].\"x.y\"[].{}.*[3]")));
    assert_false(path_is_valid(SLICE("")));
    assert_false(path_is_valid(SLICE("a..b")));
    assert_false(path_is_valid(SLICE("a[")));
    assert_false(path_is_valid(SLICE("a[x]")));
    assert_false(path_is_valid(SLICE(".a")));
    assert_false(path_is_valid(SLICE("a.")));
    assert_false(path_is_valid(SLICE("\"a")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_set_up, arena_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(paths_select),
        TEST(each_fans_out_and_stops),
        TEST(equality_ignores_key_order_only),
        TEST(equality_survives_missing_memory),
        TEST(words_are_read_in_any_case),
        TEST(rendering_is_one_bounded_line),
        TEST(paths_relate_by_prefix),
        TEST(validity_of_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
