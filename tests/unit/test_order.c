#include "arena_fixture.h"

#include "base/strbuf.h"
#include "base/vec.h"
#include "fact/order.h"

#include <stdio.h>
#include <stdlib.h>

static const struct value *literal(struct slice text) {
    struct value *value = ARENA_NEW(&arena, struct value);
    bool reference = slice_starts(text, SLICE("$ref"));
    *value = (struct value){.kind = reference ? VALUE_REFERENCE : VALUE_LITERAL, .text = text};
    return value;
}

/* "a b c" is a list, anything without a blank a single text, "[]" an empty list. */
static const struct value *value_of(const char *text) {
    if (!strchr(text, ' ') && strcmp(text, "[]"))
        return literal(arena_copy(&arena, slice_of(text)));
    struct value *list = ARENA_NEW(&arena, struct value);
    list->kind = VALUE_LIST;
    list->items = ARENA_ARRAY(&arena, struct value_item, strlen(text));
    struct slice rest = arena_copy(&arena, slice_of(text)), part;
    while (strcmp(text, "[]") && slice_split(&rest, ' ', &part))
        if (part.size)
            list->items[list->count++].value = literal(part);
    return list;
}

static enum order_relation relate(enum order order, const char *was, const char *is) {
    return order_compare(&arena, order, value_of(was), value_of(is), NULL, 0).relation;
}

static void assert_relation(enum order order, const char *was, const char *is,
                            enum order_relation wanted) {
    enum order_relation found = relate(order, was, is);
    if (found != wanted)
        fail_msg("order %d, '%s' to '%s': %d instead of %d", (int)order, was, is, (int)found,
                 (int)wanted);
}

/* Also backwards: more one way is less the other way. */
static void assert_more(enum order order, const char *was, const char *is) {
    assert_relation(order, was, is, ORDER_MORE);
    assert_relation(order, is, was, ORDER_LESS);
}

static void assert_equal(enum order order, const char *was, const char *is) {
    assert_relation(order, was, is, ORDER_EQUAL);
    assert_relation(order, is, was, ORDER_EQUAL);
}

static void assert_both(enum order order, const char *was, const char *is,
                        enum order_relation wanted) {
    assert_relation(order, was, is, wanted);
    assert_relation(order, is, was, wanted);
}

static void amounts(void **state) {
    (void)state;
    assert_more(ORDER_NUMBER, "1", "6");
    assert_more(ORDER_NUMBER, "-2", "-1.5");
    assert_equal(ORDER_NUMBER, "1.0", "1");
    assert_both(ORDER_NUMBER, "1", "many", ORDER_UNKNOWN);
    assert_both(ORDER_NUMBER, "1", "99999999999999999999999", ORDER_UNKNOWN);
    assert_both(ORDER_NUMBER, "1", "$ref", ORDER_UNKNOWN);
    assert_equal(ORDER_DURATION, "60s", "1m");
    assert_equal(ORDER_DURATION, "1h30m", "PT90M");
    assert_equal(ORDER_DURATION, "P7D", "1w");
    assert_more(ORDER_DURATION, "500ms", "10s");
    assert_more(ORDER_DURATION, "7d", "30days");
    assert_both(ORDER_DURATION, "P1M", "P2M", ORDER_UNKNOWN);
    assert_both(ORDER_DURATION, "10x", "20x", ORDER_UNKNOWN);
    assert_more(ORDER_QUANTITY, "500m", "1");
    assert_more(ORDER_QUANTITY, "1G", "1Gi");
    assert_equal(ORDER_QUANTITY, "1Gi", "1024Mi");
    assert_more(ORDER_QUANTITY, "10Ti", "11Ti");
    assert_more(ORDER_PERCENT, "0.5%", "5%");
    assert_equal(ORDER_PERCENT, "50", "50%");
}

static void addresses(void **state) {
    (void)state;
    assert_more(ORDER_CIDR, "10.0.0.0/16", "0.0.0.0/0");
    assert_equal(ORDER_CIDR, "0.0.0.0/1 128.0.0.0/1", "0.0.0.0/0");
    assert_more(ORDER_CIDR, "10.0.0.0/8", "10.0.0.0/8 192.168.0.0/16");
    assert_both(ORDER_CIDR, "10.0.0.0/8", "192.168.0.0/16", ORDER_UNRELATED);
    assert_equal(ORDER_CIDR, "10.1.2.3/8", "10.0.0.0/8");
    assert_equal(ORDER_CIDR, "1.2.3.4", "1.2.3.4/32");
    assert_both(ORDER_CIDR, "0.0.0.0/0", "::/0", ORDER_UNRELATED);
    assert_more(ORDER_CIDR, "2001:db8::/32", "::/0");
    assert_more(ORDER_CIDR, "::1", "::/127");
    assert_equal(ORDER_CIDR, "::/1 8000::/1", "::/0");
    assert_more(ORDER_CIDR, "0.0.0.0/0", "*");
    assert_more(ORDER_CIDR, "[]", "10.0.0.0/8");
    assert_equal(ORDER_CIDR, "::ffff:1.2.3.4", "::ffff:102:304");
    assert_both(ORDER_CIDR, "10.0.0.0/8", "10.0.0.0/33", ORDER_UNKNOWN);
    assert_both(ORDER_CIDR, "10.0.0.0/8", "$ref.cidr", ORDER_UNKNOWN);
    assert_both(ORDER_CIDR, "10.0.0.0/8", "1::2::3", ORDER_UNKNOWN);
    assert_both(ORDER_CIDR, "10.0.0.0/8", "1.2.3", ORDER_UNKNOWN);
}

static void paths(void **state) {
    (void)state;
    assert_more(ORDER_PATH, "build/tmp", "build");
    assert_more(ORDER_PATH, "/var/lib/x", "/");
    assert_more(ORDER_PATH, "build", "/");
    assert_more(ORDER_PATH, "$DIR/cache", "$DIR");
    assert_more(ORDER_PATH, "/srv/a", "/srv/*");
    assert_more(ORDER_PATH, "build", "./*");
    assert_more(ORDER_PATH, "build", ".");
    assert_more(ORDER_PATH, "build", "..");
    assert_more(ORDER_PATH, "a/log1", "a/log?");
    assert_more(ORDER_PATH, "a/b/c", "a/**");
    assert_equal(ORDER_PATH, "build/", "./build");
    assert_equal(ORDER_PATH, "/", "/*");
    assert_both(ORDER_PATH, "build", "src", ORDER_UNRELATED);
    assert_both(ORDER_PATH, "/a", "a", ORDER_UNRELATED);
    assert_more(ORDER_PATH, "a b", "a b c");
}

static void globs(void **state) {
    (void)state;
    assert_more(ORDER_GLOB, "s3:GetObject", "s3:Get*");
    assert_more(ORDER_GLOB, "s3:Get*", "s3:*");
    assert_more(ORDER_GLOB, "arn:aws:s3:::b/*", "*");
    assert_more(ORDER_GLOB, "main", "main release/*");
    assert_more(ORDER_GLOB, "a*b*c", "a*c");
    assert_both(ORDER_GLOB, "main", "release", ORDER_UNRELATED);
    assert_both(ORDER_GLOB, "a*", "*a", ORDER_UNRELATED);
    assert_equal(ORDER_GLOB, "* x", "*");
}

static void sets_lists_versions(void **state) {
    (void)state;
    assert_more(ORDER_SET, "get list", "list delete get");
    assert_equal(ORDER_SET, "a b", "b a");
    assert_equal(ORDER_SET, "a b a", "b a");
    assert_both(ORDER_SET, "a b", "a c", ORDER_UNRELATED);
    assert_more(ORDER_LIST, "a c", "a b c");
    assert_both(ORDER_LIST, "a b", "b a", ORDER_UNRELATED);
    assert_more(ORDER_VERSION, "1.2.3", "1.10.0");
    assert_more(ORDER_VERSION, "v9.6", "v15.1");
    assert_more(ORDER_VERSION, "14.2-alpine", "15.0-alpine");
    assert_both(ORDER_VERSION, "14", "14.2", ORDER_UNKNOWN);
    assert_both(ORDER_VERSION, "14-a", "14-b", ORDER_UNKNOWN);
    assert_both(ORDER_VERSION, "latest", "1.2", ORDER_UNKNOWN);
    assert_more(ORDER_MAJOR, "postgres:14-alpine", "postgres:15.2@sha256:00ff");
    assert_more(ORDER_MAJOR, "^1.9.0", "~2.0");
    assert_both(ORDER_MAJOR, "host:5000/postgres:14", "host:5000/postgres:14.2", ORDER_EQUAL);
    assert_both(ORDER_MAJOR, "host:5000/postgres", "host:5000/postgres:14", ORDER_UNKNOWN);
    assert_both(ORDER_MAJOR, "latest", ":", ORDER_UNKNOWN);
    assert_both(ORDER_IMAGE, "host:5000/shop/web:1", "host:5000/shop/web@sha256:00ff", ORDER_EQUAL);
    assert_both(ORDER_IMAGE, "host:5000/shop/web", "host:5000/shop/api", ORDER_UNRELATED);
    assert_both(ORDER_IMAGE, "shop/web:1", "host/shop/web:1", ORDER_UNRELATED);
    assert_both(ORDER_IMAGE, "shop/web:1", "${HOST}/shop/web:1", ORDER_UNKNOWN);
}

static void amounts_differ_by_a_factor(void **state) {
    (void)state;
    assert_true(order_differs_by(ORDER_NUMBER, value_of("6"), value_of("30"), 5));
    assert_false(order_differs_by(ORDER_NUMBER, value_of("6"), value_of("29"), 5));
    assert_true(order_differs_by(ORDER_DURATION, value_of("5m"), value_of("10s"), 30));
    assert_true(order_differs_by(ORDER_QUANTITY, value_of("2Gi"), value_of("512Mi"), 4));
    assert_true(order_differs_by(ORDER_NUMBER, value_of("0"), value_of("1"), 1000));
    assert_false(order_differs_by(ORDER_NUMBER, value_of("x"), value_of("1"), 2));
    assert_false(order_differs_by(ORDER_NUMBER, NULL, value_of("1"), 2));
}

static void modes_have_a_given_order(void **state) {
    (void)state;
    static const struct slice modes[] = {{"enforce", 7}, {"audit", 5}, {"off", 3}};
    struct order_result weaker =
        order_compare(&arena, ORDER_MODES, value_of("enforce"), value_of("off"), modes, 3);
    assert_int_equal(weaker.relation, ORDER_LESS);
    assert_true(slice_is(weaker.amount, "enforce \xe2\x86\x92 off"));
    assert_int_equal(
        order_compare(&arena, ORDER_MODES, value_of("off"), value_of("audit"), modes, 3).relation,
        ORDER_MORE);
    assert_int_equal(
        order_compare(&arena, ORDER_MODES, value_of("off"), value_of("none"), modes, 3).relation,
        ORDER_UNKNOWN);
    assert_int_equal(order_compare(&arena, ORDER_MODES, NULL, value_of("off"), modes, 3).relation,
                     ORDER_UNKNOWN);
}

static void amounts_are_told(void **state) {
    (void)state;
    struct order_result wider =
        order_compare(&arena, ORDER_CIDR, value_of("10.0.0.0/16"), value_of("0.0.0.0/0"), NULL, 0);
    assert_true(slice_is(wider.amount, "65,536 \xe2\x86\x92 4,294,967,296 addresses"));
    struct order_result fewer =
        order_compare(&arena, ORDER_NUMBER, value_of("6"), value_of("1"), NULL, 0);
    assert_true(slice_is(fewer.amount, "6 \xe2\x86\x92 1"));
    assert_true(slice_is_none(
        order_compare(&arena, ORDER_NUMBER, value_of("1"), value_of("1.0"), NULL, 0).amount));
}

static void words_are_found(void **state) {
    (void)state;
    enum order order;
    assert_true(order_find(SLICE("cidr"), &order));
    assert_int_equal(order, ORDER_CIDR);
    assert_false(order_find(SLICE("cdir"), &order));
    int64_t millionths;
    assert_true(order_number(SLICE("1.5"), ORDER_NUMBER, &millionths));
    assert_int_equal(millionths, 1500000);
    assert_false(order_number(SLICE("99999999999999"), ORDER_NUMBER, &millionths));
    assert_false(order_number(SLICE(""), ORDER_NUMBER, &millionths));
}

/* ---- properties on generated values ---- */

static uint32_t seed;

static uint32_t below(uint32_t limit) {
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % limit;
}

static void add_address(struct strbuf *out) {
    static const char *const bases[] = {"10.0.0.0", "10.128.0.0", "192.168.0.0", "0.0.0.0",
                                        "128.0.0.0"};
    strbuf_addf(out, "%s/%u", bases[below(5)], (unsigned)below(4) * 8 + below(2));
}

static void add_words(struct strbuf *out, const char *const *words, uint32_t count,
                      const char *separator) {
    for (uint32_t i = 0, n = 1 + below(3); i < n; i++)
        strbuf_addf(out, "%s%s", i ? separator : "", words[below(count)]);
}

static const char *generate(enum order order) {
    static const char *const components[] = {"a", "b", "*", "?", "c1"};
    static const char *const globs[] = {"a", "*", "?", "ab", "b"};
    struct strbuf out;
    strbuf_init(&out, &arena);
    switch (order) {
    case ORDER_CIDR:
        for (uint32_t i = 0, n = 1 + below(3); i < n; i++) {
            strbuf_add_text(&out, i ? " " : "");
            add_address(&out);
        }
        break;
    case ORDER_PATH:
        strbuf_add_text(&out, below(2) ? "/" : "");
        add_words(&out, components, 5, "/");
        break;
    case ORDER_GLOB:
        add_words(&out, globs, 5, "");
        break;
    case ORDER_SET:
    case ORDER_LIST:
        add_words(&out, components, 5, " ");
        break;
    case ORDER_DURATION:
        strbuf_addf(&out, "%u%s", below(200), (const char *const[]){"s", "m", "ms", "h"}[below(4)]);
        break;
    case ORDER_QUANTITY:
        strbuf_addf(&out, "%u%s", below(2000), (const char *const[]){"", "Ki", "k", "m"}[below(4)]);
        break;
    case ORDER_VERSION:
        strbuf_addf(&out, "%u.%u", below(3), below(3));
        break;
    default:
        strbuf_addf(&out, "%u.%u", below(20), below(3));
    }
    return strbuf_slice(&out).data;
}

static enum order_relation mirrored(enum order_relation relation) {
    if (relation == ORDER_MORE)
        return ORDER_LESS;
    return relation == ORDER_LESS ? ORDER_MORE : relation;
}

static void check_laws(enum order order) {
    const char *a = generate(order), *b = generate(order), *c = generate(order);
    assert_relation(order, a, a, ORDER_EQUAL);
    enum order_relation ab = relate(order, a, b), bc = relate(order, b, c);
    assert_relation(order, b, a, mirrored(ab));
    bool rising =
        (ab == ORDER_MORE || ab == ORDER_EQUAL) && (bc == ORDER_MORE || bc == ORDER_EQUAL);
    enum order_relation ac = relate(order, a, c);
    if (rising && !(ac == ORDER_MORE || (ac == ORDER_EQUAL && ab == bc && ab == ORDER_EQUAL)))
        fail_msg("order %d: %s, %s, %s: %d %d %d", (int)order, a, b, c, (int)ab, (int)bc, (int)ac);
}

static void orders_are_orders(void **state) {
    (void)state;
    seed = 20260101;
    for (uint32_t i = 0; i < 3000; i++)
        for (uint32_t order = 0; order < ORDER_MODES; order++)
            check_laws((enum order)order);
}

static void large_lists_stay_cheap(void **state) {
    (void)state;
    enum { COUNT = 50000 };
    struct value *lists[2];
    for (uint32_t l = 0; l < 2; l++) {
        lists[l] = ARENA_NEW(&arena, struct value);
        lists[l]->kind = VALUE_LIST;
        lists[l]->count = COUNT;
        lists[l]->items = ARENA_ARRAY(&arena, struct value_item, COUNT);
        for (uint32_t i = 0; i < COUNT; i++)
            lists[l]->items[i].value =
                literal(arena_format(&arena, "10.%u.%u.%u/32", i >> 16, i >> 8 & 255, i & 255));
    }
    lists[1]->items[7].value = literal(SLICE("0.0.0.0/0"));
    for (uint32_t order = 0; order < ORDER_MODES; order++)
        order_compare(&arena, (enum order)order, lists[0], lists[1], NULL, 0);
    assert_int_equal(order_compare(&arena, ORDER_CIDR, lists[0], lists[1], NULL, 0).relation,
                     ORDER_MORE);
    assert_int_equal(order_compare(&arena, ORDER_SET, lists[0], lists[1], NULL, 0).relation,
                     ORDER_UNRELATED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_set_up, arena_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(amounts),
        TEST(addresses),
        TEST(paths),
        TEST(globs),
        TEST(sets_lists_versions),
        TEST(amounts_differ_by_a_factor),
        TEST(modes_have_a_given_order),
        TEST(amounts_are_told),
        TEST(words_are_found),
        TEST(orders_are_orders),
        TEST(large_lists_stay_cheap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
