#include "score/compile.h"
#include "score/score.h"

#include "base/strbuf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* A fixture that runs a body under a failure, with an arena and the shipped table. */
struct fixture {
    struct failure failure;
    struct arena arena;
    struct knowledge knowledge;
    struct score_table table;
};

static void load(void *context) {
    struct fixture *fixture = context;
    struct image_writer writer;
    image_writer_init(&writer, &fixture->arena);
    score_compile(&writer, &fixture->arena, SOURCE_DIRECTORY "/rules");
    fixture->knowledge = (struct knowledge){.count = 1, .images = {image_finish(&writer)}};
    score_table_load(&fixture->knowledge, &fixture->table);
}

static int set_up(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    failure_init(&fixture->failure);
    arena_init(&fixture->arena, &fixture->failure, 0);
    assert_true(failure_try(&fixture->failure, load, fixture));
    *state = fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    free(fixture);
    return 0;
}

static struct finding make(const char *rule, enum severity severity, const char *path) {
    return (struct finding){.rule = slice_of(rule),
                            .severity = severity,
                            .confidence = CONFIDENCE_CERTAIN,
                            .undo = UNDO_REDEPLOY,
                            .path = slice_of(path),
                            .object = slice_of("thing"),
                            .message = slice_of("message"),
                            .line = 1,
                            .width = 1,
                            .floor = FLOOR_NONE};
}

static uint32_t score_of(struct fixture *fixture, const struct finding *list, uint32_t count,
                         struct score *score) {
    struct findings findings = {0};
    for (uint32_t i = 0; i < count; i++)
        vec_push(&fixture->arena, &findings.list, list[i]);
    score_findings(&fixture->arena, &fixture->table, &findings, score);
    uint32_t sum = 0;
    for (uint32_t i = 0; i < score->count; i++) {
        sum += score->lines[i].marginal;
        assert_int_equal(score->lines[i].finding, i);
        assert_int_equal(score->lines[i].marginal, findings.list.items[i].marginal);
    }
    assert_int_equal(sum, score->tenths);
    assert_true(score->tenths <= 1000);
    return score->tenths;
}

static void points_follow_the_table(void **state) {
    struct fixture *fixture = *state;
    struct score score;
    struct finding one = make("a/b", SEVERITY_HIGH, "x.tf");
    assert_int_equal(score_of(fixture, &one, 1, &score), 400);
    one.environment = ENVIRONMENT_PRODUCTION;
    assert_int_equal(score_of(fixture, &one, 1, &score), 500);
    one.confidence = CONFIDENCE_POSSIBLE;
    assert_int_equal(score_of(fixture, &one, 1, &score), 300);
    one.severity = SEVERITY_CRITICAL;
    one.confidence = CONFIDENCE_CERTAIN;
    assert_int_equal(score_of(fixture, &one, 1, &score), 750);
    one.suppressed = true;
    assert_int_equal(score_of(fixture, &one, 1, &score), 0);
    assert_int_equal(score_of(fixture, NULL, 0, &score), 0);
}

/* A host may count for less than a machine, or for more; none counts double twice. */
static void the_host_weighs(void **state) {
    static const struct {
        uint32_t weight, tenths;
    } cases[] = {{0, 400}, {100, 400}, {40, 160}, {150, 600}, {900, 800}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct score score;
        struct entity entity = {.weight = cases[i].weight};
        struct event event = {.after = {.entity = &entity}};
        struct finding one = make("a/b", SEVERITY_HIGH, "x.sh");
        one.event = &event;
        assert_int_equal(score_of(*state, &one, 1, &score), cases[i].tenths);
    }
}

static void repeats_of_a_rule_in_a_unit_halve(void **state) {
    struct fixture *fixture = *state;
    struct score score;
    struct finding list[40];
    for (uint32_t i = 0; i < 40; i++)
        list[i] = make("a/b", SEVERITY_MEDIUM, "same.tf");
    assert_int_equal(score_of(fixture, list, 2, &score), 306); /* 1 - .78 × .89 */
    assert_true(score_of(fixture, list, 40, &score) < 400);
    assert_int_equal(score.lines[1].repeat, 1);
    list[1].path = SLICE("other.tf");
    assert_int_equal(score_of(fixture, list, 2, &score), 392); /* 1 - .78² */
}

static void low_findings_never_reach_peer(void **state) {
    struct fixture *fixture = *state;
    struct score score;
    struct finding list[200];
    char rules[200][8];
    for (uint32_t i = 0; i < 200; i++) {
        snprintf(rules[i], sizeof rules[i], "r/%u", i);
        list[i] = make(rules[i], SEVERITY_LOW, "x");
        list[i].environment = ENVIRONMENT_PRODUCTION;
    }
    uint32_t tenths = score_of(fixture, list, 200, &score);
    assert_int_equal(tenths, 99);
    assert_int_equal(score.low_marginal, 99);
    assert_int_equal(score_band(fixture->table.bands, tenths), TIER_AUTO);
}

static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static struct finding random_finding(uint32_t *seed) {
    static const char *const rules[] = {"a/a", "a/b", "b/a", "c/c"};
    static const char *const paths[] = {"x.tf", "y.tf", "z/x.yaml"};
    struct finding finding =
        make(rules[next_random(seed) % 4], (enum severity)(next_random(seed) % SEVERITY_COUNT),
             paths[next_random(seed) % 3]);
    finding.environment = (enum environment)(next_random(seed) % ENVIRONMENT_COUNT);
    finding.path_class = (enum path_class)(next_random(seed) % PATH_CLASS_COUNT);
    finding.confidence = (enum confidence)(next_random(seed) % CONFIDENCE_COUNT);
    finding.undo = (enum undo)(next_random(seed) % UNDO_COUNT);
    finding.scope = (enum scope)(next_random(seed) % SCOPE_COUNT);
    finding.width = next_random(seed) % 60;
    finding.fan_out = next_random(seed) % 20 ? next_random(seed) % 30 : FAN_OUT_UNKNOWN;
    finding.critical = next_random(seed) % 8 == 0;
    finding.line = next_random(seed) % 100;
    return finding;
}

static void a_further_finding_never_lowers_the_score(void **state) {
    struct fixture *fixture = *state;
    uint32_t seed = 7;
    for (uint32_t round = 0; round < 400; round++) {
        struct finding list[24];
        uint32_t before = 0;
        for (uint32_t i = 0; i < 24; i++) {
            struct score score;
            list[i] = random_finding(&seed);
            uint32_t now = score_of(fixture, list, i + 1, &score);
            assert_true(now >= before);
            before = now;
        }
    }
}

static void order_of_the_input_does_not_matter(void **state) {
    struct fixture *fixture = *state;
    uint32_t seed = 99;
    for (uint32_t round = 0; round < 300; round++) {
        struct finding list[16];
        struct score first, second;
        for (uint32_t i = 0; i < 16; i++)
            list[i] = random_finding(&seed);
        score_of(fixture, list, 16, &first);
        for (uint32_t i = 15; i > 0; i--) {
            uint32_t k = next_random(&seed) % (i + 1);
            struct finding swap = list[i];
            list[i] = list[k];
            list[k] = swap;
        }
        score_of(fixture, list, 16, &second);
        assert_int_equal(first.tenths, second.tenths);
        assert_int_equal(first.count, second.count);
        assert_memory_equal(first.lines, second.lines, first.count * sizeof *first.lines);
    }
}

static void bands_begin_at_their_score(void **state) {
    struct fixture *fixture = *state;
    const uint32_t *bands = fixture->table.bands;
    assert_int_equal(score_band(bands, 0), TIER_AUTO);
    assert_int_equal(score_band(bands, bands[TIER_PEER] - 1), TIER_AUTO);
    assert_int_equal(score_band(bands, bands[TIER_PEER]), TIER_PEER);
    assert_int_equal(score_band(bands, bands[TIER_SENIOR]), TIER_SENIOR);
    assert_int_equal(score_band(bands, 1000), TIER_DIRECTOR);
}

struct source {
    struct arena *arena;
    const char *text;
};

static void compile_source(void *context) {
    struct source *source = context;
    struct image_writer writer;
    image_writer_init(&writer, source->arena);
    score_compile_text(&writer, source->arena, slice_of(source->text), "score.yaml");
}

static void the_table_is_read_strictly(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t line;
    } bad[] = {
        {"severity: {low: 6}\nsurprise: 1\n", 2},
        {"severity: {lowest: 6}\n", 1},
        {"severity: {low: -1}\n", 1},
        {"severity: {low: 100}\n", 1},
        {"undo: {none: 1.2345}\n", 1},
        {"undo: {none: 11}\n", 1},
        {"width: {x: 1}\n", 1},
        {"width: 3\n", 1},
        {"low_cap: []\n", 1},
        {"[]\n", 1},
    };
    for (uint32_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct failure failure;
        failure_init(&failure);
        struct arena arena;
        arena_init(&arena, &failure, 0);
        struct source source = {&arena, bad[i].text};
        assert_false(failure_try(&failure, compile_source, &source));
        assert_int_equal(failure.error.status, BERM_ERROR_RULE);
        assert_int_equal(failure.error.line, bad[i].line);
        assert_true(failure.error.column > 0);
        assert_string_equal(failure.error.where, "score.yaml");
        arena_release(&arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(points_follow_the_table, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_host_weighs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(repeats_of_a_rule_in_a_unit_halve, set_up, tear_down),
        cmocka_unit_test_setup_teardown(low_findings_never_reach_peer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_further_finding_never_lowers_the_score, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(order_of_the_input_does_not_matter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bands_begin_at_their_score, set_up, tear_down),
        cmocka_unit_test(the_table_is_read_strictly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
