/* What a case expects against what was found. */
#include "cli/eval.h"

#include <stdlib.h>
#include <string.h>

static char *copy(const char *text) {
    char *out = must_alloc(strlen(text) + 1);
    memcpy(out, text, strlen(text));
    return out;
}

static void *grow(void *items, size_t size, size_t count, size_t *capacity) {
    if (count < *capacity)
        return items;
    *capacity = *capacity ? *capacity * 2 : 64;
    void *larger = must_alloc(size * *capacity);
    if (count)
        memcpy(larger, items, size * count);
    free(items);
    return larger;
}

static const char *text_at(const json_t *root, const char *key) {
    const char *text = json_string_value(json_object_get(root, key));
    return text ? text : "";
}

static struct eval_suite *suite_of(struct eval *eval, const json_t *root) {
    const char *name = text_at(root, "suite");
    for (size_t i = 0; i < eval->suite_count; i++)
        if (strcmp(eval->suites[i].name, name) == 0)
            return &eval->suites[i];
    size_t capacity = eval->suite_count; /* there are few */
    eval->suites = grow(eval->suites, sizeof *eval->suites, eval->suite_count, &capacity);
    struct eval_suite *suite = &eval->suites[eval->suite_count++];
    suite->name = copy(name);
    return suite;
}

/* What one case needs on its way. */
struct judged {
    struct eval *eval;
    struct eval_suite *suite;
    const json_t *root, *expect;
    const berm_review *review;
    bool config; /* only effects of configuration count */
};

static void count(struct judged *judged, enum measure measure, bool hit) {
    struct tally *tally = &judged->suite->tallies[measure];
    tally->asked = true;
    tally->hits += hit;
    tally->of++;
}

static void describe_found(const berm_review *review, struct buffer *out) {
    uint32_t score = berm_review_score(review);
    buffer_addf(out, "%s, %u.%u", berm_review_tier_name(review), score / 10, score % 10);
    for (size_t i = 0; i < berm_review_finding_count(review); i++) {
        const berm_finding *finding = berm_review_finding(review, i);
        buffer_addf(out, "%s %s %s %s (%s)", i ? ";" : ":", finding->severity, finding->rule,
                    finding->object, finding->confidence);
    }
}

static struct eval_failure *add_failure(struct eval *eval, const json_t *root,
                                        const char *expected) {
    eval->failures =
        grow(eval->failures, sizeof *eval->failures, eval->failure_count, &eval->failure_capacity);
    struct eval_failure *failure = &eval->failures[eval->failure_count++];
    failure->suite = copy(text_at(root, "suite"));
    failure->id = copy(text_at(root, "id"));
    failure->expected = copy(expected);
    return failure;
}

static void fail(struct judged *judged, const char *expected) {
    describe_found(judged->review, &add_failure(judged->eval, judged->root, expected)->found);
}

static void judge_tier(struct judged *judged, int label) {
    struct eval_suite *suite = judged->suite;
    int given = (int)berm_review_tier(judged->review);
    bool risky = label >= 2;
    int off = label > given ? label - given : given - label;
    count(judged, risky ? MEASURE_RISKY_RECALL : MEASURE_FALSE_ALARM, given >= 2);
    count(judged, MEASURE_EXACT, off == 0);
    count(judged, MEASURE_WITHIN1, off <= 1);
    suite->tallies[MEASURE_HIGH_PRECISION].asked = true;
    if (given >= 3)
        count(judged, MEASURE_HIGH_PRECISION, risky);
    suite->ranked =
        grow(suite->ranked, sizeof *suite->ranked, suite->ranked_count, &suite->ranked_capacity);
    suite->ranked[suite->ranked_count++] =
        (struct ranked){berm_review_score(judged->review), eval_changed_lines(judged->root), risky};
    if ((given >= 2) == risky && off <= 1)
        return;
    char expected[32];
    snprintf(expected, sizeof expected, "tier %d, given %d", label, given);
    fail(judged, expected);
}

static bool names(const berm_finding *finding, const char *object) {
    if (strcmp(finding->object, object) == 0)
        return true;
    for (size_t i = 0; i < finding->cascade_count; i++)
        if (strcmp(finding->cascade[i], object) == 0)
            return true;
    return false;
}

/* 2 replaced (certain or likely), 1 possibly, 0 not at all. */
static int called_replaced(const berm_review *review, const char *address) {
    int best = 0;
    for (size_t i = 0; i < berm_review_finding_count(review); i++) {
        const berm_finding *finding = berm_review_finding(review, i);
        if (strcmp(finding->effect, "replaced") != 0 || !names(finding, address))
            continue;
        bool sure = strcmp(finding->confidence, "certain") == 0 ||
                    strcmp(finding->confidence, "likely") == 0;
        int called = sure ? 2 : 1;
        best = called > best ? called : best;
    }
    return best;
}

static void judge_replaces(struct judged *judged, const json_t *addresses) {
    for (size_t i = 0; i < json_array_size(addresses); i++) {
        const char *address = json_string_value(json_array_get(addresses, i));
        int called = called_replaced(judged->review, address ? address : "");
        count(judged, MEASURE_REPLACED_RECALL, called == 2);
        count(judged, MEASURE_POSSIBLE_RECALL, called >= 1);
        if (called == 2)
            count(judged, MEASURE_REPLACED_PRECISION, true);
        else
            fail(judged, "replaces");
    }
}

static void judge_keeps(struct judged *judged, const json_t *addresses) {
    bool any = false;
    for (size_t i = 0; i < json_array_size(addresses); i++) {
        const char *address = json_string_value(json_array_get(addresses, i));
        if (called_replaced(judged->review, address ? address : "") < 2)
            continue;
        count(judged, MEASURE_REPLACED_PRECISION, false);
        any = true;
    }
    judged->suite->tallies[MEASURE_REPLACED_PRECISION].asked = true;
    count(judged, MEASURE_FALSE_REPLACED, any);
    if (any)
        fail(judged, "keeps");
}

static int severity_level(const berm_finding *finding) {
    const char *const words[] = {"none", "low", "medium", "high", "critical"};
    for (int i = 0; i < 5; i++)
        if (strcmp(finding->severity, words[i]) == 0)
            return i;
    return 0;
}
enum { MEDIUM = 2, HIGH = 3 };

static bool is_dangerous(const berm_finding *finding, bool config) {
    const char *const effects[] = {"widened", "weakened", "unguarded",
                                   "changed", "added",    "executed"};
    if (severity_level(finding) < MEDIUM || strcmp(finding->effect, "not-understood") == 0)
        return false;
    for (size_t i = 0; config && i < sizeof effects / sizeof *effects; i++)
        if (strcmp(finding->effect, effects[i]) == 0)
            return true;
    return !config;
}

static bool found_danger(const struct judged *judged) {
    for (size_t i = 0; i < berm_review_finding_count(judged->review); i++)
        if (is_dangerous(berm_review_finding(judged->review, i), judged->config))
            return true;
    return false;
}

static void judge_dangerous(struct judged *judged, bool dangerous) {
    const json_t *about = json_object_get(judged->root, "about");
    bool found = found_danger(judged);
    bool in_scope = !judged->config || json_is_true(json_object_get(about, "in_scope"));
    if (!dangerous || in_scope)
        count(judged, dangerous ? MEASURE_DANGEROUS_RECALL : MEASURE_DANGEROUS_FALSE, found);
    if (found != dangerous && (in_scope || !dangerous))
        fail(judged, dangerous ? "dangerous" : "not dangerous");
}

static bool found_severe(const struct judged *judged, int least, const char *scope) {
    for (size_t i = 0; i < berm_review_finding_count(judged->review); i++) {
        const berm_finding *finding = berm_review_finding(judged->review, i);
        if (severity_level(finding) >= least && (!scope || strcmp(finding->scope, scope) == 0))
            return true;
    }
    return false;
}

static void judge_data_loss(struct judged *judged, bool loss) {
    bool found = found_severe(judged, MEDIUM, "data");
    count(judged, loss ? MEASURE_DATA_LOSS_RECALL : MEASURE_DATA_LOSS_FALSE, found);
    if (found != loss)
        fail(judged, loss ? "data loss" : "no data loss");
}

static void judge_calm(struct judged *judged) {
    bool calm = !found_severe(judged, HIGH, NULL);
    count(judged, MEASURE_CALM, calm);
    if (!calm)
        fail(judged, "calm");
}

void eval_add(struct eval *eval, const json_t *root, const berm_review *review) {
    struct eval_suite *suite = suite_of(eval, root);
    struct judged judged = {eval,   suite,
                            root,   json_object_get(root, "expect"),
                            review, strcmp(suite->name, "config-pairs") == 0};
    suite->cases++;
    const json_t *tier = json_object_get(judged.expect, "tier");
    const json_t *dangerous = json_object_get(judged.expect, "dangerous");
    const json_t *loss = json_object_get(judged.expect, "data_loss");
    if (json_is_integer(tier))
        judge_tier(&judged, (int)json_integer_value(tier));
    if (json_object_get(judged.expect, "replaces"))
        judge_replaces(&judged, json_object_get(judged.expect, "replaces"));
    if (json_object_get(judged.expect, "keeps"))
        judge_keeps(&judged, json_object_get(judged.expect, "keeps"));
    if (json_is_boolean(dangerous))
        judge_dangerous(&judged, json_is_true(dangerous));
    if (json_is_boolean(loss))
        judge_data_loss(&judged, json_is_true(loss));
    if (json_is_true(json_object_get(judged.expect, "calm")))
        judge_calm(&judged);
}

void eval_add_unreadable(struct eval *eval, const json_t *root, const berm_error *error) {
    struct eval_suite *suite = suite_of(eval, root);
    suite->cases++;
    suite->unreadable++;
    buffer_add_text(&add_failure(eval, root, "a verdict")->found, error->message);
}

void eval_free(struct eval *eval) {
    for (size_t i = 0; i < eval->suite_count; i++) {
        free(eval->suites[i].name);
        free(eval->suites[i].ranked);
    }
    for (size_t i = 0; i < eval->failure_count; i++) {
        free(eval->failures[i].suite);
        free(eval->failures[i].id);
        free(eval->failures[i].expected);
        buffer_free(&eval->failures[i].found);
    }
    free(eval->suites);
    free(eval->failures);
}
