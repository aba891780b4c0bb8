/*
 * report_case: reports built by hand, for the tests of the formats.
 */
#ifndef BERM_TESTS_REPORT_CASE_H
#define BERM_TESTS_REPORT_CASE_H

#include "api/knowledge.h"
#include "base/memory.h"
#include "report/report.h"
#include "tier/governance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct report_case {
    struct failure failure;
    struct arena arena;
    struct knowledge knowledge;
    struct score_table table;
    struct change change;
    struct findings findings;
    struct score score;
    struct verdict verdict;
    struct policy *policy;
    struct report report;
    struct report_tool tool;
    struct report_options options;
    struct strbuf out;
    const struct report_format *format;
};

static void case_load(void *context) {
    struct report_case *test = context;
    knowledge_load(&test->arena, NULL, 0, &test->knowledge);
    score_table_load(&test->knowledge, &test->table);
    struct tree none = {0};
    test->policy = policy_read(&test->arena, &test->table, &none);
}

static struct report_case *case_new(const char *format) {
    struct report_case *test = calloc(1, sizeof *test);
    failure_init(&test->failure);
    arena_init(&test->arena, &test->failure, 0);
    assert_true(failure_try(&test->failure, case_load, test));
    test->change.arena = &test->arena;
    test->format = report_format_find(slice_of(format));
    assert_non_null(test->format);
    return test;
}

static void case_free(struct report_case *test) {
    arena_release(&test->arena);
    free(test);
}

static void case_pair(struct report_case *test, const char *path, const char *before,
                      const char *after) {
    struct pair pair = {.path = slice_of(path), .old_path = slice_of(path)};
    pair.before =
        (struct blob){.state = before ? CONTENT_TEXT : CONTENT_ABSENT, .bytes = slice_of(before)};
    pair.after =
        (struct blob){.state = after ? CONTENT_TEXT : CONTENT_ABSENT, .bytes = slice_of(after)};
    pair.status = !before ? PAIR_ADDED : !after ? PAIR_REMOVED : PAIR_MODIFIED;
    vec_push(&test->arena, &test->change.pairs, pair);
}

static struct span case_span(struct slice file, const char *text) {
    size_t at = slice_find(file, slice_of(text));
    assert_true(at != SLICE_NPOS);
    return (struct span){(uint32_t)at, (uint32_t)(at + strlen(text))};
}

static struct placed case_placed(struct report_case *test, uint32_t pair, bool before,
                                 const char *text) {
    const struct pair *from = &test->change.pairs.items[pair];
    struct entity *entity = ARENA_NEW(&test->arena, struct entity);
    struct slice file = before ? from->before.bytes : from->after.bytes;
    entity->span = case_span(file, text);
    entity->weight = 100;
    return (struct placed){.entity = entity, .path = from->path, .file = file};
}

static const struct value *case_value(struct report_case *test, struct slice file,
                                      const char *text) {
    struct value *value = ARENA_NEW(&test->arena, struct value);
    value->kind = VALUE_LITERAL;
    value->text = slice_of(text);
    value->span = case_span(file, text);
    return value;
}

static struct finding case_finding(const char *rule, enum severity severity, const char *object) {
    return (struct finding){.rule = slice_of(rule),
                            .title = SLICE("A title"),
                            .severity = severity,
                            .confidence = CONFIDENCE_CERTAIN,
                            .undo = UNDO_REDEPLOY,
                            .scope = SCOPE_CONFIG,
                            .effect = EFFECT_CHANGED,
                            .object = slice_of(object),
                            .path = SLICE("main.tf"),
                            .line = 1,
                            .column = 1,
                            .message = SLICE("something is different"),
                            .why = SLICE("It matters."),
                            .fix = SLICE("Keep it."),
                            .width = 1,
                            .floor = FLOOR_NONE};
}

static void case_add(struct report_case *test, struct finding finding) {
    vec_push(&test->arena, &test->findings.list, finding);
}

static void case_write(void *context) {
    struct report_case *test = context;
    test->report.uses = governance_suppress(&test->arena, &test->knowledge, test->policy, 20261120,
                                            &test->findings);
    score_findings(&test->arena, &test->table, &test->findings, &test->score);
    tier_decide(&test->arena, &test->table, test->policy, &test->change, &test->findings,
                &test->score, &test->verdict);
    static const struct report_grammar grammars[] = {{{"bash", 4}, {"1.2.3", 5}}};
    test->report.change = &test->change;
    test->report.findings = &test->findings;
    test->report.score = &test->score;
    test->report.verdict = &test->verdict;
    test->report.policy = test->policy;
    test->tool = (struct report_tool){SLICE("0.0.0"), SLICE("0123abcd"), grammars, 1, SLICE_NONE};
    report_prepare_tool(&test->arena, &test->tool);
    test->report.tool = &test->tool;
    strbuf_init(&test->out, &test->arena);
    test->format->write(&test->out, &test->report, &test->options);
}

static struct slice case_output(struct report_case *test) {
    assert_true(failure_try(&test->failure, case_write, test));
    return strbuf_slice(&test->out);
}

/* Compares with tests/golden/FORMAT/NAME; BERM_ACCEPT=1 writes it. */
static void case_compare(struct report_case *test, const char *name) {
    struct slice output = case_output(test);
    char path[512];
    snprintf(path, sizeof path, "%s/tests/golden/%s/%s", SOURCE_DIRECTORY, test->format->name,
             name);
    if (getenv("BERM_ACCEPT")) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(output.data, 1, output.size, file), output.size);
        fclose(file);
        return;
    }
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("%s is missing; BERM_ACCEPT=1 writes it", path);
    char *expected = calloc(1, output.size + 2);
    size_t size = fread(expected, 1, output.size + 1, file);
    fclose(file);
    bool same = size == output.size && memcmp(expected, output.data, size) == 0;
    free(expected);
    if (!same)
        fail_msg("%s differs; now it is:\n%.*s", path, SLICE_ARGS(output));
}

/* The cases both formats are shown with. */

static void case_build_removed(struct report_case *test) {
    static const char before[] = "locals {\n  a = 1\n}\n\n"
                                 "resource \"kind_database\" \"main\" {\n  name = \"x\"\n}\n";
    case_pair(test, "envs/prod/main.tf", before, "locals {\n  a = 1\n}\n");
    struct event *event = ARENA_NEW(&test->arena, struct event);
    *event = (struct event){.effect = EFFECT_REMOVED,
                            .before = case_placed(test, 0, true,
                                                  "resource \"kind_database\" \"main\" {\n"
                                                  "  name = \"x\"\n}")};
    static struct slice cascade[] = {{"kind_replica.a", 14}, {"kind_replica.b", 14}};
    struct finding finding =
        case_finding("infrastructure/thing-removed", SEVERITY_CRITICAL, "kind_database.main");
    finding.effect = EFFECT_REMOVED;
    finding.scope = SCOPE_DATA;
    finding.undo = UNDO_NONE;
    finding.on_before = true;
    finding.path = SLICE("envs/prod/main.tf");
    finding.line = 5;
    finding.environment = ENVIRONMENT_PRODUCTION;
    finding.event = event;
    finding.floor = TIER_SENIOR;
    finding.fan_out = 3;
    finding.width = 3;
    finding.cascade = cascade;
    finding.cascade_count = 2;
    finding.message = SLICE("kind_database main is removed; its data goes with it");
    finding.why = SLICE("A removed resource is destroyed by the next apply, and what it stores is "
                        "gone unless a snapshot was taken before; restoring one takes hours and "
                        "loses what was written since.");
    finding.fix = SLICE("Take it out of the state with a removed block that does not destroy it.");
    case_add(test, finding);
}

static void case_build_changed(struct report_case *test) {
    static const char before[] = "resource \"kind\" \"a\" {\n\tprotect = true\n}\n";
    static const char after[] = "resource \"kind\" \"a\" {\n\tsize    = 3\n\tprotect = false\n}\n";
    case_pair(test, "main.tf", before, after);
    struct event *event = ARENA_NEW(&test->arena, struct event);
    *event = (struct event){
        .effect = EFFECT_WEAKENED,
        .before = case_placed(test, 0, true, "resource \"kind\" \"a\" {\n\tprotect = true\n}"),
        .after = case_placed(test, 0, false,
                             "resource \"kind\" \"a\" {\n\tsize    = 3\n"
                             "\tprotect = false\n}")};
    struct attribute_change *attribute = ARENA_NEW(&test->arena, struct attribute_change);
    *attribute = (struct attribute_change){
        .path = SLICE("protect"),
        .was = case_value(test, event->before.file, "true"),
        .is = case_value(test, event->after.file, "false"),
        .confidence = CONFIDENCE_CERTAIN,
    };
    struct finding finding = case_finding("guard/protection-lowered", SEVERITY_HIGH, "kind.a");
    finding.effect = EFFECT_WEAKENED;
    finding.scope = SCOPE_GUARD;
    finding.line = 3;
    finding.column = 12;
    finding.event = event;
    finding.attribute = attribute;
    finding.confidence = CONFIDENCE_LIKELY;
    finding.fan_out = FAN_OUT_UNKNOWN;
    finding.message = SLICE("protect of kind a goes from true to false");
    case_add(test, finding);
    finding = case_finding("guard/other", SEVERITY_MEDIUM, "kind.b");
    finding.line = 2;
    finding.column = 2;
    case_add(test, finding);
    finding = case_finding("guard/small", SEVERITY_LOW, "kind.c");
    case_add(test, finding);
}

static void case_build_many(struct report_case *test) {
    for (uint32_t i = 0; i < 40; i++) {
        struct finding finding = case_finding(i % 3 ? "cluster/several" : "access/several",
                                              i % 4 == 3 ? SEVERITY_LOW : SEVERITY_MEDIUM,
                                              arena_format(&test->arena, "thing-%02u", i).data);
        finding.line = i + 1;
        case_add(test, finding);
    }
}

struct policy_source {
    struct report_case *test;
    const char *text;
};

static void case_parse_policy(void *context) {
    struct policy_source *source = context;
    source->test->policy = policy_parse(&source->test->arena, &source->test->table,
                                        slice_of(source->text), ".berm.yml");
}

static void case_build_policy(struct report_case *test) {
    struct policy_source source = {
        test, "bands: {peer: 5}\n"
              "critical: [{name: payments, paths: [main.tf], floor: two-peer}]\n"
              "suppressions:\n"
              "  - {rule: guard/other, path: '**', reason: accepted by the owners, "
              "until: 2027-01-31}\n"
              "  - {rule: guard/small, path: '**', reason: for the move, until: 2026-01-31}\n"};
    assert_true(failure_try(&test->failure, case_parse_policy, &source));
    case_build_changed(test);
    test->report.id = SLICE("case-7");
}

static void case_build_incomplete(struct report_case *test) {
    struct finding finding =
        case_finding("governance/not-understood", SEVERITY_MEDIUM, "deploy.yaml");
    finding.effect = EFFECT_NOT_UNDERSTOOD;
    finding.confidence = CONFIDENCE_UNKNOWN;
    finding.path = SLICE("deploy.yaml");
    finding.line = 0;
    finding.column = 0;
    finding.fan_out = FAN_OUT_UNKNOWN;
    finding.message = SLICE("deploy.yaml could not be understood: nested 300 levels deep");
    case_add(test, finding);
    test->report.complete = false;
}

static const struct {
    const char *name;
    void (*build)(struct report_case *test);
} report_cases[] = {
    {"nothing", NULL},
    {"removed", case_build_removed},
    {"changed", case_build_changed},
    {"many", case_build_many},
    {"policy", case_build_policy},
    {"incomplete", case_build_incomplete},
};

static void case_compare_all(const char *format, const char *extension) {
    for (size_t i = 0; i < sizeof report_cases / sizeof *report_cases; i++) {
        struct report_case *test = case_new(format);
        test->report.complete = true;
        if (report_cases[i].build)
            report_cases[i].build(test);
        char name[64];
        snprintf(name, sizeof name, "%s.%s", report_cases[i].name, extension);
        case_compare(test, name);
        case_free(test);
    }
}

/* Writes the report with the first, second, ... allocation failing, until none does. */
static inline void case_fail_allocations(const char *format, void (*build)(struct report_case *)) {
    bool done = false;
    for (unsigned long n = 1; !done && n < 1000; n++) {
        struct report_case *test = case_new(format);
        build(test);
        memory_fail_after(n);
        done = failure_try(&test->failure, case_write, test);
        memory_fail_after(0);
        if (!done)
            assert_int_equal(test->failure.error.status, BERM_ERROR_MEMORY);
        case_free(test);
    }
    assert_true(done);
}

#endif
