#include "delta_values.h"
#include "resolve/instances.h"
#include "resolve/resolve.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

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

static void declare(const char *kind, const char *name, const char *body, const char *path) {
    struct entity *entity = ARENA_NEW(&arena, struct entity);
    entity->kind = slice_of(kind);
    entity->name = arena_copy(&arena, slice_of(name));
    entity->body = value_of(&arena, body);
    struct entity_list list = {.items = entity, .count = 1};
    resolve_add(&scope, &list, slice_of(path));
}

static const char *resolved(const char *text) {
    const struct value *value = resolve_value(&scope, value_of(&arena, text));
    struct slice shown = value_render(&arena, value, 200);
    return arena_text(&arena, arena_format(&arena, "%s%.*s",
                                           value->kind == VALUE_LITERAL      ? ""
                                           : value->kind == VALUE_REFERENCE  ? "@"
                                           : value->kind == VALUE_EXPRESSION ? "="
                                                                             : "",
                                           SLICE_ARGS(shown)));
}

static void names_stand_for_defaults_and_locals(void **state) {
    (void)state;
    declare("variable", "var.env", "{default: prod, type: string}", "v.tf");
    declare("local", "local.name", "{value: @var.env}", "v.tf");
    declare("local", "local.tags", "{value: {team: x, env: @var.env}}", "v.tf");
    assert_string_equal(resolved("@local.name"), "prod");
    assert_string_equal(resolved("@local.tags.env"), "prod");
    assert_string_equal(resolved("@local.tags[\"team\"]"), "x");
    assert_string_equal(resolved("{a: @var.env, b: [@var.env, 1]}"), "{a: prod, b: [prod, 1]}");
    assert_string_equal(resolved("@var.other"), "@var.other");
    assert_string_equal(resolved("@aws_x.y.id"), "@aws_x.y.id");
}

/* Names that double what they name: without a budget 2^60 bytes, or as many values. */
static void growth_is_bounded(void **state) {
    (void)state;
    char name[32], body[96];
    declare("local", "local.a0", "{value: x}", "v.tf");
    declare("local", "local.b0", "{value: [x]}", "v.tf");
    for (int i = 1; i <= 60; i++) {
        snprintf(name, sizeof name, "local.a%d", i);
        snprintf(body, sizeof body, "{value: `\"${local.a%d}${local.a%d}\"`}", i - 1, i - 1);
        declare("local", name, body, "v.tf");
        snprintf(name, sizeof name, "local.b%d", i);
        snprintf(body, sizeof body, "{value: [@local.b%d, @local.b%d]}", i - 1, i - 1);
        declare("local", name, body, "v.tf");
    }
    const struct value *text = resolve_value(&scope, value_of(&arena, "@local.a60"));
    assert_int_equal(text->kind, VALUE_EXPRESSION);
    assert_true(text->text.size <= 2 * RESOLVE_RENDER + 64);
    resolve_value(&scope, value_of(&arena, "@local.b60"));
    assert_true(scope.spent <= RESOLVE_BUDGET && arena.used < 4 * (size_t)RESOLVE_BUDGET);
}

static void templates_become_text(void **state) {
    (void)state;
    declare("variable", "var.env", "{default: prod}", "v.tf");
    declare("variable", "var.n", "{default: 3}", "v.tf");
    assert_string_equal(resolved("`\"${var.env}-db-${var.n}\"`"), "prod-db-3");
    assert_string_equal(resolved("`\"${var.env}-${aws_x.y.id}\"`"), "=prod-${aws_x.y.id}");
    assert_string_equal(resolved("`\"$${var.env}\"`"), "=$${var.env}");
    assert_string_equal(resolved("`length(var.env)`"), "4");
    assert_string_equal(resolved("`my.var.env + \"var.env\"`"), "=my.var.env + \"var.env\"");
    assert_string_equal(resolved("`var.env == \"prod\" ? 2 : 1`"), "2");
    assert_string_equal(resolved("`var.n != 3 ? 2 : \"b\"`"), "b");
    assert_string_equal(resolved("`\"${upper(var.env)}\"`"), "PROD");
}

static void decoded_templates_keep_their_quotes(void **state) {
    (void)state;
    declare("variable", "var.env", "{default: prod}", "v.tf");
    struct value value = *value_of(&arena, "`say \\ ${var.env}`");
    value.template = true;
    const struct value *result = resolve_value(&scope, &value);
    assert_int_equal(result->kind, VALUE_LITERAL);
    assert_true(slice_is(result->text, "say \\ prod"));
    assert_true(result->resolved);
}

static void circles_and_depth_are_left_alone(void **state) {
    (void)state;
    declare("local", "local.a", "{value: @local.b}", "v.tf");
    declare("local", "local.b", "{value: @local.a}", "v.tf");
    declare("local", "local.c", "{value: `\"${local.c}x\"`}", "v.tf");
    assert_non_null(resolved("@local.a"));
    assert_non_null(resolved("@local.c"));
    for (uint32_t i = 0; i < 200; i++)
        declare("local", arena_text(&arena, arena_format(&arena, "local.d%u", i)),
                arena_text(&arena, arena_format(&arena, "{value: @local.d%u}", i + 1)), "v.tf");
    declare("local", "local.d200", "{value: end}", "v.tf");
    assert_non_null(resolved("@local.d0"));
    char deep[2000] = "`";
    for (int i = 0; i < 300; i++)
        strcat(deep, "\"${");
    strcat(deep, "var.x`");
    assert_non_null(resolved(deep));
}

static void a_value_file_wins_over_the_default(void **state) {
    (void)state;
    declare("variable", "var.size", "{default: 1}", "v.tf");
    declare("assignment", "var.size", "{value: 2}", "prod.tfvars");
    assert_string_equal(resolved("@var.size"), "2");
    teardown(NULL);
    setup(NULL);
    declare("variable", "var.size", "{default: 1}", "v.tf");
    declare("assignment", "var.size", "{value: 2}", "prod.tfvars");
    declare("assignment", "var.size", "{value: 3}", "dev.tfvars");
    assert_string_equal(resolved("@var.size"), "@var.size");
}

static void moves_rename_addresses(void **state) {
    (void)state;
    declare("moved", "", "{from: @aws_x.a, to: @aws_x.b}", "m.tf");
    declare("moved", "", "{from: @aws_x.b, to: @module.m.aws_x.b}", "m.tf");
    declare("moved", "", "{from: @aws_c.a, to: @aws_c.a}", "m.tf");
    declare("removed", "", "{from: @aws_y.z, lifecycle: block [{destroy: false}]}", "m.tf");
    assert_true(slice_is(resolve_moved(&scope, SLICE("aws_x.a")), "module.m.aws_x.b"));
    assert_true(slice_is(resolve_moved(&scope, SLICE("aws_x.a[0]")), "module.m.aws_x.b[0]"));
    assert_true(slice_is_none(resolve_moved(&scope, SLICE("aws_x.ab"))));
    assert_true(slice_is_none(resolve_moved(&scope, SLICE("aws_c.a"))));
    assert_true(resolve_is_forgotten(&scope, SLICE("aws_y.z[1]")));
    assert_false(resolve_is_forgotten(&scope, SLICE("aws_y.zz")));
}

static void blocks_are_asked_by_their_bytes(void **state) {
    (void)state;
    assert_true(resolve_is_setting(SLICE("\n# note\nvariable \"x\" {}")));
    assert_true(resolve_is_setting(SLICE("/* a */ locals { a = 1 }")));
    assert_true(resolve_is_setting(SLICE("size = 3")));
    assert_true(resolve_is_setting(SLICE("{\"variable\": {}}")));
    assert_false(resolve_is_setting(SLICE("resource \"a\" \"b\" {}")));
    struct map names;
    map_init(&names, &arena);
    map_set(&names, SLICE("var.size"), 1);
    assert_true(resolve_uses(SLICE("n = var.size\n"), &names));
    assert_false(resolve_uses(SLICE("n = var.sizes\n"), &names));
    assert_true(resolve_uses(SLICE("n = \"${local.a}\""), NULL));
    assert_false(resolve_uses(SLICE("n = a.b.c"), NULL));
}

/* The suffixes of the instances, and what one of them says of itself. */
static const char *instances(const char *body) {
    const struct value *value = value_of(&arena, body);
    struct instances all = instances_of(&arena, value);
    struct strbuf out;
    strbuf_init(&out, &arena);
    for (uint32_t i = 0; all.kind != INSTANCES_UNKNOWN && i < all.count; i++) {
        struct slice suffix = instance_suffix(&arena, &all, i);
        const struct value *own = value_get(instance_body(&scope, &all, i, value), SLICE("name"));
        assert_int_equal(instance_find(&all, suffix), i);
        strbuf_addf(&out, "%.*s %.*s;", SLICE_ARGS(suffix),
                    SLICE_ARGS(own ? own->text : SLICE("-")));
    }
    return arena_text(&arena, strbuf_slice(&out));
}

static void instances_have_suffixes_and_bodies(void **state) {
    (void)state;
    assert_string_equal(instances("{}"), " -;");
    assert_string_equal(instances("{count: 2, name: `\"q${count.index}\"`}"), "[0] q0;[1] q1;");
    assert_string_equal(instances("{for_each: {a: x, b: y}, name: @each.value}"),
                        "[\"a\"] x;[\"b\"] y;");
    assert_string_equal(instances("{for_each: [b, a], name: `\"${each.key}${each.value}\"`}"),
                        "[\"b\"] bb;[\"a\"] aa;");
    assert_string_equal(instances("{count: @var.x}"), "");
    struct instances one = instances_of(&arena, value_of(&arena, "{}"));
    struct instances two = instances_of(&arena, value_of(&arena, "{count: 2}"));
    assert_int_equal(instance_find(&one, SLICE("[0]")), 0);
    assert_int_equal(instance_find(&two, SLICE("")), 0);
    assert_int_equal(instance_find(&two, SLICE("[2]")), INSTANCE_NONE);
    assert_int_equal(instance_find(&two, SLICE("[\"a\"]")), INSTANCE_NONE);
    assert_false(instances_differ(value_of(&arena, "{a: @x.each.y, b: [@var.count]}")));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_stand_for_defaults_and_locals, setup, teardown),
        cmocka_unit_test_setup_teardown(growth_is_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(templates_become_text, setup, teardown),
        cmocka_unit_test_setup_teardown(decoded_templates_keep_their_quotes, setup, teardown),
        cmocka_unit_test_setup_teardown(circles_and_depth_are_left_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(a_value_file_wins_over_the_default, setup, teardown),
        cmocka_unit_test_setup_teardown(moves_rename_addresses, setup, teardown),
        cmocka_unit_test_setup_teardown(blocks_are_asked_by_their_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(instances_have_suffixes_and_bodies, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
