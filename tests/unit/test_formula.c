#include "delta_scene.h"

#define SCHEMA                                                                                     \
    "{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/"                      \
    "deploymentTemplate.json#\", "
#define TEMPLATE(names, name)                                                                      \
    SCHEMA names "\"resources\": [{\"type\": \"Microsoft.Sql/servers\", \"name\": \"" name         \
                 "\", \"location\": \"x\"}]}"
#define VARIABLES(text) "\"variables\": {" text "}, "
#define PARAMETERS(text) "\"parameters\": {" text "}, "

static const char *arm(const char *before, const char *after) {
    return events_in("azuredeploy.json", before, after);
}

static const char *bicep(const char *before, const char *after) {
    return events_in("main.bicep", before, after);
}

/* Of variables a = "x-y", b = 2, on = true the formula makes the text. */
static void assert_is(const char *formula, const char *text) {
    struct strbuf before, after;
    static const char head[] = SCHEMA VARIABLES(
        "\"a\": \"x-y\", \"b\": 2, \"on\": true, "
        "\"list\": [\"p\", \"q\"], \"map\": {\"k\": {\"n\": "
        "\"deep\"}}") "\"resources\": [{\"type\": \"t/t\", \"location\": \"x\", \"name\": \"";
    strbuf_init(&before, &arena);
    strbuf_addf(&before, "%s%s\"}]}", head, text);
    strbuf_init(&after, &arena);
    strbuf_addf(&after, "%s[%s]\"}]}", head, formula);
    const char *events =
        arm(arena_text(&arena, strbuf_slice(&before)), arena_text(&arena, strbuf_slice(&after)));
    if (*events)
        fail_msg("%s is not %s: %s", formula, text, events);
}

static void functions_are_evaluated(void **state) {
    (void)state;
    assert_is("variables('a')", "x-y");
    assert_is("Variables('a')", "x-y");
    assert_is("concat(variables('a'), '-', variables('b'))", "x-y-2");
    assert_is("format('{0}/{1}/{0}', variables('a'), 'z')", "x-y/z/x-y");
    assert_is("if(variables('on'), 'yes', 'no')", "yes");
    assert_is("if(and(variables('on'), not(equals(variables('b'), 2))), 'yes', 'no')", "no");
    assert_is("if(or(false(), variables('on')), 'yes', 'no')", "yes");
    assert_is("toUpper(replace(variables('a'), '-', ''))", "XY");
    assert_is("toLower('ABC')", "abc");
    assert_is("substring(variables('a'), 0, 1)", "x");
    assert_is("take('abcdef', 3)", "abc");
    assert_is("variables('list')[1]", "q");
    assert_is("first(concat(variables('list'), createArray('z')))", "p");
    assert_is("variables('map').k.n", "deep");
    assert_is("variables('map')['k'].n", "deep");
    assert_is("coalesce(variables('b'), 'z')", "2");
    assert_is("string(length(variables('list')))", "2");
    assert_is("if(empty(''), 'none', 'some')", "none");
    assert_is("'it''s'", "it's");
}

static void what_is_open_reads_the_same_however_it_is_said(void **state) {
    (void)state;
#define OPEN "uniqueString(resourceGroup().id)"
    assert_string_equal(
        arm(TEMPLATE(VARIABLES("\"p\": \"shop\""), "[concat(variables('p'), '-', " OPEN ")]"),
            TEMPLATE(VARIABLES("\"q\": \"shop\""),
                     "[format('{0}-{1}', variables('q'), " OPEN ")]")),
        "renamed certain azuredeploy.json#q was azuredeploy.json#p in azuredeploy.json\n");
}

static void formulas_that_cannot_be_read_stay(void **state) {
    (void)state;
    static const char *const broken[] = {
        "[concat(]",  "[concat('a]", "[variables('nothing')]", "[variables(]", "[]",
        "[[literal]", "[a ? b]",     "[format('{1}', 'a')]",   "[1 2]",        "[concat('a', [])]",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct strbuf out;
        strbuf_init(&out, &arena);
        strbuf_addf(&out, TEMPLATE("", "%s"), broken[i]);
        const char *text = arena_text(&arena, strbuf_slice(&out));
        assert_string_equal(arm(text, text), "");
        assert_string_not_equal(arm(text, TEMPLATE("", "plain")), "");
    }
}

static void names_in_a_circle_and_deep_ones_end(void **state) {
    (void)state;
    const char *circle = TEMPLATE(
        VARIABLES("\"a\": \"[variables('b')]\", \"b\": \"[variables('a')]\""), "[variables('a')]");
    assert_string_not_equal(arm(circle, TEMPLATE("", "plain")), "");
    struct strbuf out;
    strbuf_init(&out, &arena);
    strbuf_add_text(&out, SCHEMA "\"variables\": {\"v0\": \"xxxxxxxxxx\"");
    for (int i = 1; i < 40; i++) {
        strbuf_addf(&out, ", \"v%d\": \"[concat(", i);
        for (int k = 0; k < 10; k++)
            strbuf_addf(&out, "%svariables('v%d')", k ? ", " : "", i - 1);
        strbuf_add_text(&out, ")]\"");
    }
    strbuf_add_text(&out,
                    "}, \"resources\": [{\"type\": \"t/t\", \"name\": \"[variables('v39')]\"}]}");
    const char *huge = arena_text(&arena, strbuf_slice(&out));
    assert_string_not_equal(arm(huge, TEMPLATE("", "plain")), "");
    strbuf_init(&out, &arena);
    for (int i = 0; i < 3000; i++)
        strbuf_add_byte(&out, '(');
    const char *deep = arena_text(&arena, strbuf_slice(&out));
    strbuf_init(&out, &arena);
    strbuf_addf(&out, TEMPLATE("", "[%s]"), deep);
    assert_string_not_equal(arm(arena_text(&arena, strbuf_slice(&out)), TEMPLATE("", "plain")), "");
}

static void a_changed_name_changes_what_is_made_of_it(void **state) {
    (void)state;
    assert_non_null(strstr(
        arm(TEMPLATE(VARIABLES("\"p\": \"shop\", \"n\": \"[variables('p')]\""), "[variables('n')]"),
            TEMPLATE(VARIABLES("\"p\": \"store\", \"n\": \"[variables('p')]\""),
                     "[variables('n')]")),
        "  name: shop -> store likely\n"));
}

/* A deployment keeps the value that it was given. */
static void a_default_on_one_side_only_is_not_followed(void **state) {
    (void)state;
    assert_null(
        strstr(arm(TEMPLATE(PARAMETERS("\"n\": {\"type\": \"string\"}"), "[parameters('n')]"),
                   TEMPLATE(PARAMETERS("\"n\": {\"type\": \"string\", \"defaultValue\": \"shop\"}"),
                            "[parameters('n')]")),
               "name:"));
}

#define STORE(name)                                                                                \
    "resource s 'Microsoft.Storage/storageAccounts@2023-01-01' = {\n  name: " name "\n}\n"

static void bicep_formulas_are_evaluated(void **state) {
    (void)state;
    static const struct {
        const char *names, *formula;
    } cases[] = {
        {"param n string = 'shop'\n", "n"},
        {"var p = 'sh'\n", "'${p}op'"},
        {"var p = { a: 'shop' }\n", "p.a"},
        {"var p = [ 'x', 'shop' ]\n", "p[1]"},
        {"var on = true\n", "on ? 'shop' : 'other'"},
        {"var p = 'prod'\n", "p == 'prod' && !false ? 'shop' : 'other'"},
        {"var p = 'prod'\nvar q = p != 'prod' ? 'x' : toLower('SHOP')\n", "q"},
        {"var p = null\n", "p ?? 'shop'"},
        {"var location = 'shop'\nvar n = location\n", "n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct strbuf out;
        strbuf_init(&out, &arena);
        strbuf_addf(&out, "%s" STORE("%s"), cases[i].names, cases[i].formula);
        const char *events = bicep(STORE("'shop'"), arena_text(&arena, strbuf_slice(&out)));
        if (strstr(events, "resource") || strstr(events, "#s"))
            fail_msg("%s: %s", cases[i].formula, events);
        assert_null(strstr(events, "removed"));
        assert_null(strstr(events, "renamed"));
    }
}

static void a_parent_is_the_first_part_of_a_name(void **state) {
    (void)state;
#define DATABASE(parent, name)                                                                     \
    "resource d 'Microsoft.Sql/servers/databases@2022-05-01' = {\n" parent "  name: " name "\n}\n"
#define SERVER "resource s 'Microsoft.Sql/servers@2022-05-01' = {\n  name: 'shop'\n}\n"
    const char *before = SERVER DATABASE("", "'shop/orders'");
    assert_null(strstr(bicep(before, SERVER DATABASE("  parent: s\n", "'orders'")), "name:"));
    assert_non_null(
        strstr(bicep(before, SERVER DATABASE("  parent: s\n", "'bills'")), "shop/bills"));
    assert_non_null(
        strstr(bicep(before, SERVER DATABASE("  parent: other\n", "'orders'")), "shop/orders"));
    const char *circle = DATABASE("  parent: d\n", "'orders'");
    assert_string_equal(bicep(circle, circle), "");
}

static void files_of_parameters_reach_the_template(void **state) {
    (void)state;
    struct scene scene = {.count = 0};
    add(&scene, "infra/prod.bicepparam", "using 'main.bicep'\nparam n = 'shop'\n",
        "using 'main.bicep'\nparam n = 'store'\n");
    keep(&scene, "infra/main.bicep", "param n string\n" STORE("'${n}data'"));
    assert_non_null(
        strstr(events_of(&scene),
               "changed likely infra/main.bicep#storedata was infra/main.bicep#shopdata "
               "in infra/main.bicep\n  name: shopdata -> storedata likely\n"));
    scene.files[0].after = slice_of("using 'other.bicep'\nparam n = 'store'\n");
    assert_null(strstr(events_of(&scene), "shopdata"));
    scene.files[0].after = slice_of("using 'main.bicep'\nparam n = \n");
    assert_null(strstr(events_of(&scene), "shopdata ->"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(functions_are_evaluated, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_open_reads_the_same_however_it_is_said, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(formulas_that_cannot_be_read_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(names_in_a_circle_and_deep_ones_end, setup, teardown),
        cmocka_unit_test_setup_teardown(a_changed_name_changes_what_is_made_of_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_default_on_one_side_only_is_not_followed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(bicep_formulas_are_evaluated, setup, teardown),
        cmocka_unit_test_setup_teardown(a_parent_is_the_first_part_of_a_name, setup, teardown),
        cmocka_unit_test_setup_teardown(files_of_parameters_reach_the_template, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
