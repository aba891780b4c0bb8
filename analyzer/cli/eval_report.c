/* The measures as a table and as JSON; values have four decimals and are rounded as integers. */
#include "cli/eval.h"

#include <stdlib.h>

#define MEASURE_WORD(name, text) text,
static const char *const words[] = {MEASURES(MEASURE_WORD)};

static void add_value(struct buffer *out, int ten_thousandths) {
    int size = abs(ten_thousandths);
    buffer_addf(out, "%s%d.%04d", ten_thousandths < 0 ? "-" : "", size / 10000, size % 10000);
}

static int ratio(const struct tally *tally) {
    return tally->of ? (int)((tally->hits * 10000 + tally->of / 2) / tally->of) : RANK_NONE;
}

static void write_row(struct buffer *out, const char *word, int value, const struct tally *tally) {
    buffer_addf(out, "  %-20s ", word);
    if (value == RANK_NONE)
        buffer_add_text(out, "     -");
    else
        add_value(out, value);
    if (tally)
        buffer_addf(out, "  %5llu of %llu", (unsigned long long)tally->hits,
                    (unsigned long long)tally->of);
    buffer_add_text(out, "\n");
}

static void write_suite(const struct eval_suite *suite, struct buffer *out) {
    buffer_addf(out, "%s: %llu cases", suite->name, (unsigned long long)suite->cases);
    if (suite->unreadable)
        buffer_addf(out, ", %llu unreadable", (unsigned long long)suite->unreadable);
    buffer_add_text(out, "\n");
    for (int i = 0; i < MEASURE_COUNT; i++)
        if (suite->tallies[i].asked)
            write_row(out, words[i], ratio(&suite->tallies[i]), &suite->tallies[i]);
    if (suite->ranked_count == 0)
        return;
    write_row(out, "auc", rank_auc(suite->ranked, suite->ranked_count), NULL);
    write_row(out, "size_spearman", rank_spearman(suite->ranked, suite->ranked_count), NULL);
}

void eval_write_table(const struct eval *eval, bool failures, struct buffer *out) {
    for (size_t i = 0; i < eval->suite_count; i++) {
        buffer_add_text(out, i ? "\n" : "");
        write_suite(&eval->suites[i], out);
    }
    if (!failures)
        return;
    buffer_addf(out, "\n%zu failures\n", eval->failure_count);
    for (size_t i = 0; i < eval->failure_count; i++) {
        const struct eval_failure *failure = &eval->failures[i];
        buffer_addf(out, "%s %s\n  expected %s\n  found    %s\n", failure->suite, failure->id,
                    failure->expected, failure->found.data ? failure->found.data : "");
    }
}

static void add_measure(struct buffer *out, const char **separator, const char *word, int value) {
    buffer_addf(out, "%s\n    \"%s\": ", *separator, word);
    *separator = ",";
    if (value == RANK_NONE)
        buffer_add_text(out, "{\"value\": null");
    else {
        buffer_add_text(out, "{\"value\": ");
        add_value(out, value);
    }
}

static void write_json_suite(const struct eval_suite *suite, struct buffer *out) {
    buffer_add_text(out, "  {\"suite\": ");
    buffer_add_json(out, suite->name);
    buffer_addf(out, ", \"cases\": %llu, \"unreadable\": %llu, \"measures\": {",
                (unsigned long long)suite->cases, (unsigned long long)suite->unreadable);
    const char *separator = "";
    for (int i = 0; i < MEASURE_COUNT; i++) {
        const struct tally *tally = &suite->tallies[i];
        if (!tally->asked)
            continue;
        add_measure(out, &separator, words[i], ratio(tally));
        buffer_addf(out, ", \"hits\": %llu, \"of\": %llu}", (unsigned long long)tally->hits,
                    (unsigned long long)tally->of);
    }
    if (suite->ranked_count) {
        add_measure(out, &separator, "auc", rank_auc(suite->ranked, suite->ranked_count));
        buffer_add_text(out, "}");
        add_measure(out, &separator, "size_spearman",
                    rank_spearman(suite->ranked, suite->ranked_count));
        buffer_add_text(out, "}");
    }
    buffer_add_text(out, "}}");
}

static void write_json_failure(const struct eval_failure *failure, struct buffer *out) {
    buffer_add_text(out, "  {\"suite\": ");
    buffer_add_json(out, failure->suite);
    buffer_add_text(out, ", \"id\": ");
    buffer_add_json(out, failure->id);
    buffer_add_text(out, ", \"expected\": ");
    buffer_add_json(out, failure->expected);
    buffer_add_text(out, ", \"found\": ");
    buffer_add_json(out, failure->found.data ? failure->found.data : "");
    buffer_add_text(out, "}");
}

void eval_write_json(const struct eval *eval, bool failures, struct buffer *out) {
    buffer_add_text(out, "{\"suites\": [\n");
    for (size_t i = 0; i < eval->suite_count; i++) {
        buffer_add_text(out, i ? ",\n" : "");
        write_json_suite(&eval->suites[i], out);
    }
    buffer_add_text(out, "\n]");
    if (failures) {
        buffer_add_text(out, ", \"failures\": [\n");
        for (size_t i = 0; i < eval->failure_count; i++) {
            buffer_add_text(out, i ? ",\n" : "");
            write_json_failure(&eval->failures[i], out);
        }
        buffer_add_text(out, "\n]");
    }
    buffer_add_text(out, "}\n");
}
