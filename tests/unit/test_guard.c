#include "delta/guard.h"
#include "delta_scene.h"

/* Values: on true, off false, none null, n 0, text "prod", empty "", list [a], map.a true. */
static const char values_text[] =
    "on: true\noff: false\nnone:\nn: 0\ntext: prod\nempty: \"\"\nlist: [a]\nmap: {a: true}\n";

static const struct value *values_body(void) {
    const struct dialect *dialect = dialect_by_name(reader.dialects, SLICE("helm-values"));
    return entity_read(&reader, dialect, slice_of(values_text))->items[0].body;
}

static enum guard_truth holds(const char *text) {
    struct guard_values values = {.defaults = values_body(), .root = SLICE(".Values.")};
    struct slice why, whole = slice_of(text);
    size_t at = slice_find(whole, SLICE("HERE"));
    assert_true(at != SLICE_NPOS);
    return guard_holds(whole, at, &values, &why);
}

static enum guard_truth condition(const char *text) {
    struct strbuf out;
    strbuf_init(&out, &arena);
    strbuf_addf(&out, "a: 1\n{{- if %s }}\nHERE\n{{- end }}\n", text);
    return holds(arena_text(&arena, strbuf_slice(&out)));
}

static void conditions_are_decided(void **state) {
    (void)state;
    static const char *const yes[] = {
        ".Values.on",
        "$.Values.on",
        "not .Values.off",
        "and .Values.on .Values.list",
        "or .Values.off .Values.map.a",
        "or .Capabilities.x .Values.on",
        "eq .Values.text \"prod\"",
        "ne .Values.text `dev`",
        "(not (eq .Values.text \"dev\"))",
        "and (eq .Values.text \"prod\") (not .Values.none)",
        "empty .Values.empty",
        "default true .Values.missing",
        "true",
    };
    static const char *const no[] = {
        ".Values.off",
        ".Values.none",
        ".Values.n",
        ".Values.empty",
        ".Values.missing.deep",
        "not .Values.on",
        "and .Values.on .Values.off",
        "and .Values.off (unknown .Release.Name)",
        "or .Values.off .Values.none",
        "eq .Values.text \"dev\"",
        "default .Values.off .Values.missing",
    };
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (condition(yes[i]) != GUARD_YES)
            fail_msg("%s does not hold", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (condition(no[i]) != GUARD_NO)
            fail_msg("%s holds", no[i]);
}

static void what_is_not_understood_is_not_decided(void **state) {
    (void)state;
    static const char *const open[] = {
        ".Capabilities.APIVersions.Has \"x\"",
        ".Values.on | quote",
        "and .Values.on .Release.x",
        "include \"x\" .",
        "(.Values.map).a",
        "(.Values.on",
        ".Values.on )",
        "",
        "not",
        "index .Values.list 0",
        "eq .Values.text",
        "gt .Values.n 1",
        "((((((((((((((((((((((((((.Values.on",
    };
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (condition(open[i]) != GUARD_UNKNOWN && condition(open[i]) != GUARD_NO)
            fail_msg("%s holds", open[i]);
}

static void all_that_stands_around_counts(void **state) {
    (void)state;
    assert_int_equal(holds("HERE"), GUARD_YES);
    assert_int_equal(holds("{{ if .Values.off }}x{{ end }}HERE"), GUARD_YES);
    assert_int_equal(holds("{{ if .Values.off }}x{{ else }}HERE{{ end }}"), GUARD_YES);
    assert_int_equal(holds("{{ if .Values.on }}x{{ else }}HERE{{ end }}"), GUARD_NO);
    assert_int_equal(holds("{{ if .Values.off }}x{{ else if .Values.on }}HERE{{ end }}"),
                     GUARD_YES);
    assert_int_equal(holds("{{ if .Values.on }}x{{ else if .Values.on }}HERE{{ else }}y{{ end }}"),
                     GUARD_NO);
    assert_int_equal(holds("{{ if .Release.x }}x{{ else }}HERE{{ end }}"), GUARD_UNKNOWN);
    assert_int_equal(holds("{{- with .Values.map }}{{- range .Values.list }}HERE"), GUARD_YES);
    assert_int_equal(holds("{{ with .Values.none }}HERE{{ end }}"), GUARD_NO);
    assert_int_equal(holds("{{ define \"x\" }}{{ if .Values.off }}{{ end }}{{ end }}HERE"),
                     GUARD_YES);
    assert_int_equal(holds("{{ end }}HERE"), GUARD_UNKNOWN);
    assert_int_equal(holds("{{ else }}HERE"), GUARD_UNKNOWN);
    assert_int_equal(holds("{{ if .Values.off HERE"), GUARD_YES);
    struct strbuf out;
    strbuf_init(&out, &arena);
    for (int i = 0; i < 100; i++)
        strbuf_add_text(&out, "{{ if .Values.on }}");
    strbuf_add_text(&out, "HERE");
    assert_int_equal(holds(arena_text(&arena, strbuf_slice(&out))), GUARD_UNKNOWN);
}

#define CHART                                                                                      \
    "apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n"                                  \
    "  - {name: redis, version: 1.0.0, condition: 'cache.enabled, redis.enabled'}\n"
#define OBJECT "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"

static const char *with_values(const char *path, const char *before, const char *after) {
    struct scene scene = {.count = 0};
    add(&scene, path, before, after);
    keep(&scene, "shop/Chart.yaml", CHART);
    if (strcmp(path, "shop/values.yaml") != 0)
        keep(&scene, "shop/values.yaml", "web: true\ncache: {enabled: true}\n");
    keep(&scene, "shop/templates/deep/web.yaml", "{{ if .Values.web }}\n" OBJECT "{{ end }}\n");
    return events_of(&scene);
}

static void values_that_change_take_objects_and_parts_along(void **state) {
    (void)state;
    const char *service = "removed likely Service/web in shop/templates/deep/web.yaml by guard "
                          "(delete_because_condition_is_false)\n";
    const char *redis = "removed likely shop/Chart.yaml#redis in shop/Chart.yaml by guard";
    const char *own = with_values("shop/values.yaml", "web: true\n", "web: false\n");
    assert_non_null(strstr(own, service));
    assert_null(strstr(own, redis));
    const char *other = with_values("shop/values-prod.yaml", "x: 1\n", "web: false\n");
    assert_non_null(strstr(other, service));
    assert_non_null(strstr(with_values("shop/values-prod.yaml", "cache: {enabled: true}\n",
                                       "cache: {enabled: false}\n"),
                           redis));
    assert_null(strstr(with_values("shop/values-prod.yaml", "web: true\n", "x: 1\n"), "removed"));
    assert_null(strstr(with_values("shop/values.yaml", "web: false\n", "web: true\n"), "removed"));
    assert_null(
        strstr(with_values("shop/values.yaml", "web: true\n", "web: [\n"), "removed likely"));
}

#define BRANCHES(first, second)                                                                    \
    "{{ if .Values.x }}\n" OBJECT "type: " first "\n{{- else }}\n" OBJECT "type: " second          \
    "\n{{ end }}\n"

static const char *in_chart(const char *before, const char *after) {
    struct scene scene = {.count = 0};
    add(&scene, "shop/templates/web.yaml", before, after);
    keep(&scene, "shop/Chart.yaml", CHART);
    keep(&scene, "shop/values.yaml", "x: false\n");
    return events_of(&scene);
}

static void branches_of_a_template_are_kept_apart(void **state) {
    (void)state;
    assert_null(strstr(in_chart(OBJECT "type: a\n", BRANCHES("a", "b")), "  type: "));
    assert_null(strstr(in_chart(OBJECT "type: a\n", BRANCHES("a", "b")), "removed"));
    assert_string_equal(in_chart(BRANCHES("a", "b"), BRANCHES("a", "c")),
                        "changed certain Service/web in shop/templates/web.yaml\n"
                        "  type else: b -> c certain\n");
    assert_non_null(strstr(in_chart(BRANCHES("a", "b"), BRANCHES("c", "b")), "  type: a -> c"));
}

#define APPLICATION(path, values)                                                                  \
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a, namespace: "         \
    "argocd}\n"                                                                                    \
    "spec: {source: {path: " path ", helm: {valuesObject: " values "}}}\n"

static const char *with_application(const char *before, const char *after) {
    struct scene scene = {.count = 0};
    add(&scene, "argo/a.yaml", before, after);
    keep(&scene, "shop/Chart.yaml", CHART);
    keep(&scene, "shop/values.yaml", "web: true\n");
    keep(&scene, "shop/templates/web.yaml", "{{ if .Values.web }}\n" OBJECT "{{ end }}\n");
    return events_of(&scene);
}

static void values_in_what_brings_the_chart_count(void **state) {
    (void)state;
    const char *before = APPLICATION("shop", "{x: 1}");
    const char *removed = "orphaned likely Service/web"; /* it does not prune */
    assert_non_null(
        strstr(with_application(before, APPLICATION("./shop", "{web: false}")), removed));
    assert_null(strstr(with_application(before, APPLICATION("shop", "{web: true}")), removed));
    assert_null(strstr(with_application(before, APPLICATION("other", "{web: false}")), removed));
    assert_null(strstr(with_application(before, APPLICATION("../..", "{web: false}")), removed));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(conditions_are_decided, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_understood_is_not_decided, setup, teardown),
        cmocka_unit_test_setup_teardown(all_that_stands_around_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(values_that_change_take_objects_and_parts_along, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(branches_of_a_template_are_kept_apart, setup, teardown),
        cmocka_unit_test_setup_teardown(values_in_what_brings_the_chart_count, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
