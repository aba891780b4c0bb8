#include "api/knowledge.h"
#include "tier/governance.h"
#include "tier/tier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct fixture {
    struct failure failure;
    struct arena arena;
    struct knowledge knowledge;
    struct score_table table;
    const char *text; /* of the policy to parse */
    struct policy *policy;
    const char *first, *second; /* what the two policy files hold */
};

static void load(void *context) {
    struct fixture *fixture = context;
    knowledge_load(&fixture->arena, NULL, 0, &fixture->knowledge);
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

static void parse(void *context) {
    struct fixture *fixture = context;
    fixture->policy =
        policy_parse(&fixture->arena, &fixture->table, slice_of(fixture->text), ".berm.yml");
}

static const char full_policy[] =
    "bands: {peer: 8, senior: 45.5}\n"
    "critical:\n"
    "  - {name: payments, paths: [services/payments, \"*.sql\"], floor: senior}\n"
    "  - {name: everything, paths: \"**\", floor: peer}\n"
    "suppressions:\n"
    "  - rule: cluster/*\n"
    "    path: dev\n"
    "    reason: throw-away clusters\n"
    "    until: 2027-01-31\n"
    "environments: {production: [live], staging: preview}\n";

static void a_policy_is_read(void **state) {
    struct fixture *fixture = *state;
    fixture->text = full_policy;
    assert_true(failure_try(&fixture->failure, parse, fixture));
    const struct policy *policy = fixture->policy;
    assert_int_equal(policy->bands[TIER_PEER], 80);
    assert_int_equal(policy->bands[TIER_SENIOR], 455);
    assert_int_equal(policy->critical.count, 2);
    const struct critical_system *system =
        critical_find(&policy->critical, SLICE("services/payments/a.go"));
    assert_int_equal(system->floor, TIER_SENIOR);
    assert_int_equal(critical_find(&policy->critical, SLICE("x/y.go"))->floor, TIER_PEER);
    assert_int_equal(policy->suppression_count, 1);
    assert_int_equal(policy->suppressions[0].until, 20270131);
    assert_int_equal(environment_of_words(&policy->environments, SLICE("envs/Live/x")),
                     ENVIRONMENT_PRODUCTION);
    assert_int_equal(environment_of_words(&policy->environments, SLICE("envs/alive/x")),
                     ENVIRONMENT_UNKNOWN);
    policy_tighten(policy, &fixture->table);
    assert_int_equal(fixture->table.bands[TIER_PEER], 80);
    assert_true(fixture->table.low_cap < 80);
}

static void bad_policies_name_line_and_column(void **state) {
    struct fixture *fixture = *state;
    static const struct {
        const char *text;
        uint32_t line;
    } bad[] = {
        {"bands: {peer: 8}\nband: {}\n", 2},
        {"bands:\n  peer: 11\n", 2},
        {"bands: {auto: 0}\n", 1},
        {"bands: {peer: 1.23}\n", 1},
        {"bands: [1]\n", 1},
        {"critical: [{name: x, paths: [a]}]\n", 1},
        {"critical: [{name: x, paths: [], floor: senior}]\n", 1},
        {"critical: [{name: x, paths: [a], floor: boss}]\n", 1},
        {"critical: [{name: x, paths: [a], floor: peer, also: 1}]\n", 1},
        {"suppressions:\n  - {rule: a, path: b, reason: because}\n", 2},
        {"suppressions:\n  - {rule: a, path: b, until: 2027-01-01}\n", 2},
        {"suppressions:\n  - {rule: a, path: b, reason: '', until: 2027-01-01}\n", 2},
        {"suppressions:\n  - {rule: a, path: b, reason: because, until: 2027-02-29}\n", 2},
        {"suppressions:\n  - {rule: a, path: b, reason: because, until: soon}\n", 2},
        {"environments: {prod: [x]}\n", 1},
        {"environments: {production: ['a/b']}\n", 1},
        {"- x\n", 1},
        {"a: [\n", 2},
    };
    for (uint32_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        fixture->text = bad[i].text;
        assert_false(failure_try(&fixture->failure, parse, fixture));
        assert_int_equal(fixture->failure.error.status, BERM_ERROR_POLICY);
        assert_int_equal(fixture->failure.error.line, bad[i].line);
        assert_string_equal(fixture->failure.error.where, ".berm.yml");
    }
}

static enum presence read_policy(void *self, struct slice path, struct slice *content) {
    struct fixture *fixture = self;
    const char *text = slice_is(path, ".berm.yml")    ? fixture->first
                       : slice_is(path, ".berm.yaml") ? fixture->second
                                                      : NULL;
    if (!text)
        return TREE_ABSENT;
    *content = slice_of(text);
    return TREE_PRESENT;
}

static void read_tree(void *context) {
    struct fixture *fixture = context;
    struct tree tree = {.read = read_policy, .self = fixture};
    fixture->policy = policy_read(&fixture->arena, &fixture->table, &tree);
}

static void policies_come_from_the_tree(void **state) {
    struct fixture *fixture = *state;
    assert_true(failure_try(&fixture->failure, read_tree, fixture));
    assert_true(slice_is_none(fixture->policy->where));
    fixture->second = "bands: {peer: 5}\n";
    assert_true(failure_try(&fixture->failure, read_tree, fixture));
    assert_true(slice_is(fixture->policy->where, ".berm.yaml"));
    assert_int_equal(fixture->policy->bands[TIER_PEER], 50);
    fixture->first = "";
    assert_false(failure_try(&fixture->failure, read_tree, fixture));
    assert_int_equal(fixture->failure.error.status, BERM_ERROR_POLICY);
}

static struct finding make(const char *rule, const char *path) {
    return (struct finding){.rule = slice_of(rule),
                            .severity = SEVERITY_HIGH,
                            .confidence = CONFIDENCE_CERTAIN,
                            .undo = UNDO_REDEPLOY,
                            .path = slice_of(path),
                            .object = SLICE("thing"),
                            .message = SLICE("message"),
                            .width = 1,
                            .floor = FLOOR_NONE};
}

static void suppressions_expire(void **state) {
    struct fixture *fixture = *state;
    fixture->text = full_policy;
    assert_true(failure_try(&fixture->failure, parse, fixture));
    struct findings findings = {0};
    vec_push(&fixture->arena, &findings.list, make("cluster/x", "apps/dev/a.yaml"));
    vec_push(&fixture->arena, &findings.list, make("cluster/x", "apps/prod/a.yaml"));
    vec_push(&fixture->arena, &findings.list, make("access/x", "apps/dev/a.yaml"));
    const struct suppression_use *uses = governance_suppress(&fixture->arena, &fixture->knowledge,
                                                             fixture->policy, 20270131, &findings);
    assert_int_equal(findings.list.count, 3);
    assert_true(findings.list.items[0].suppressed);
    assert_true(slice_is(findings.list.items[0].suppression, "throw-away clusters"));
    assert_false(findings.list.items[1].suppressed);
    assert_false(findings.list.items[2].suppressed);
    assert_int_equal(uses[0].findings, 1);
    assert_false(uses[0].expired);

    findings.list.items[0].suppressed = false;
    governance_suppress(&fixture->arena, &fixture->knowledge, fixture->policy, 20270201, &findings);
    assert_false(findings.list.items[0].suppressed);
    assert_int_equal(findings.list.count, 4);
    assert_true(slice_is(findings.list.items[3].rule, "governance/suppression-expired"));
    assert_int_equal(findings.list.items[3].severity, SEVERITY_LOW);
    assert_true(slice_is(findings.list.items[3].title, "A suppression has expired"));
    assert_int_equal(findings.list.items[3].line, 6);

    findings.list.count = 3;
    governance_suppress(&fixture->arena, &fixture->knowledge, fixture->policy, 0, &findings);
    assert_false(findings.list.items[0].suppressed);
}

static void governance_cannot_be_suppressed(void **state) {
    struct fixture *fixture = *state;
    fixture->text = "suppressions:\n"
                    "  - {rule: '**', path: '**', reason: everything, until: 2099-12-31}\n";
    assert_true(failure_try(&fixture->failure, parse, fixture));
    struct change change = {.arena = &fixture->arena};
    struct findings findings = {0};
    vec_push(&fixture->arena, &findings.list, make("governance/policy-changed", ".berm.yml"));
    findings.list.items[0].floor = TIER_SENIOR;
    governance_suppress(&fixture->arena, &fixture->knowledge, fixture->policy, 20260101, &findings);
    assert_false(findings.list.items[0].suppressed);
    struct score score;
    struct verdict verdict;
    score_findings(&fixture->arena, &fixture->table, &findings, &score);
    tier_decide(&fixture->arena, &fixture->table, fixture->policy, &change, &findings, &score,
                &verdict);
    assert_int_equal(verdict.tier, TIER_SENIOR);
    assert_int_equal(verdict.required->seniors, 1);
    assert_true(verdict.required->statement);
}

static void the_highest_reason_decides(void **state) {
    struct fixture *fixture = *state;
    fixture->text = full_policy;
    assert_true(failure_try(&fixture->failure, parse, fixture));
    struct change change = {.arena = &fixture->arena};
    vec_push(&fixture->arena, &change.pairs,
             ((struct pair){.path = SLICE("db/x.sql"), .old_path = SLICE("db/x.sql")}));
    struct findings findings = {0};
    struct score score;
    struct verdict verdict;
    score_findings(&fixture->arena, &fixture->table, &findings, &score);
    tier_decide(&fixture->arena, &fixture->table, fixture->policy, &change, &findings, &score,
                &verdict);
    assert_int_equal(verdict.tier, TIER_SENIOR);
    assert_int_equal(verdict.reason_count, 3);
    assert_int_equal(verdict.reasons[0].kind, REASON_CRITICAL);
    assert_true(slice_is(verdict.reasons[0].system, "payments"));

    for (uint32_t i = 0; i < 3; i++) {
        struct finding finding = make("a/b", "db/x.sql");
        finding.floor = TIER_DIRECTOR;
        vec_push(&fixture->arena, &findings.list, finding);
    }
    score_findings(&fixture->arena, &fixture->table, &findings, &score);
    tier_decide(&fixture->arena, &fixture->table, fixture->policy, &change, &findings, &score,
                &verdict);
    assert_int_equal(verdict.tier, TIER_DIRECTOR);
    assert_int_equal(verdict.reasons[0].kind, REASON_FLOOR);
    assert_true(slice_is(verdict.reasons[0].text, "a/b: thing and 2 more"));
    assert_true(verdict.required->director);

    findings.list.count = 0;
    change.pairs.count = 0;
    score_findings(&fixture->arena, &fixture->table, &findings, &score);
    tier_decide(&fixture->arena, &fixture->table, fixture->policy, &change, &findings, &score,
                &verdict);
    assert_int_equal(verdict.tier, TIER_AUTO);
    assert_int_equal(verdict.required->approvals, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_policy_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_policies_name_line_and_column, set_up, tear_down),
        cmocka_unit_test_setup_teardown(policies_come_from_the_tree, set_up, tear_down),
        cmocka_unit_test_setup_teardown(suppressions_expire, set_up, tear_down),
        cmocka_unit_test_setup_teardown(governance_cannot_be_suppressed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_highest_reason_decides, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
