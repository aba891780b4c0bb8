/*
 * eval: measures of labelled cases. A case is a change with an `expect`; what is measured follows
 * from the keys of `expect`, and each suite gets the measures its cases ask for.
 *
 *   tier                risky = label at least 2 (two-peer): risky_recall, false_alarm, exact,
 *                       within1, high_precision, auc, size_spearman
 *   replaces, keeps     replaced_precision, replaced_recall, possible_recall, false_replaced
 *   dangerous           dangerous_recall (only cases in scope), dangerous_false
 *   data_loss           data_loss_recall, data_loss_false
 *   calm                calm
 */
#ifndef BERM_CLI_EVAL_H
#define BERM_CLI_EVAL_H

#include "cli/output.h"

#include <jansson.h>

#define MEASURES(X)                                                                                \
    X(RISKY_RECALL, "risky_recall")     /* risky cases given at least two-peer */                  \
    X(FALSE_ALARM, "false_alarm")       /* other cases given at least two-peer */                  \
    X(EXACT, "exact")                   /* the labelled tier */                                    \
    X(WITHIN1, "within1")               /* at most one tier off */                                 \
    X(HIGH_PRECISION, "high_precision") /* labelled risky, of those given at least senior */       \
    X(REPLACED_PRECISION, "replaced_precision")                                                    \
    X(REPLACED_RECALL, "replaced_recall")                                                          \
    X(POSSIBLE_RECALL, "possible_recall") /* called replaced or possibly replaced */               \
    X(FALSE_REPLACED, "false_replaced")   /* kept cases called replaced */                         \
    X(DANGEROUS_RECALL, "dangerous_recall")                                                        \
    X(DANGEROUS_FALSE, "dangerous_false")                                                          \
    X(DATA_LOSS_RECALL, "data_loss_recall")                                                        \
    X(DATA_LOSS_FALSE, "data_loss_false")                                                          \
    X(CALM, "calm") /* calm cases without any finding of severity high or above */

#define MEASURE_ENUM(name, text) MEASURE_##name,
enum measure { MEASURES(MEASURE_ENUM) MEASURE_COUNT };

struct tally {
    bool asked; /* some case asks for it */
    uint64_t hits, of;
};

/* For measures over ranks. */
struct ranked {
    uint32_t score, size;
    bool risky;
};

struct eval_suite {
    char *name;
    uint64_t cases, unreadable;
    struct tally tallies[MEASURE_COUNT];
    struct ranked *ranked;
    size_t ranked_count, ranked_capacity;
};

struct eval_failure {
    char *suite, *id, *expected;
    struct buffer found;
};

struct eval {
    struct eval_suite *suites; /* in order of appearance */
    size_t suite_count;
    struct eval_failure *failures;
    size_t failure_count, failure_capacity;
};

/* Adds one judged case: `root` is the decoded line. */
void eval_add(struct eval *eval, const json_t *root, const berm_review *review);
/* A case that could not be judged: counted, and a miss of nothing else. */
void eval_add_unreadable(struct eval *eval, const json_t *root, const berm_error *error);
void eval_free(struct eval *eval);

/* Lines that differ between the two sides of all files, as multisets: moved lines do not count. */
uint32_t eval_changed_lines(const json_t *root);

/* Ten-thousandths; -10001 when there is nothing to rank. */
enum { RANK_NONE = -10001 };
/* Chance that a risky case has a higher score than another one; ties count half. */
int rank_auc(const struct ranked *items, size_t count);
/* Spearman's correlation of score and size, with mean ranks for ties. */
int rank_spearman(const struct ranked *items, size_t count);

void eval_write_table(const struct eval *eval, bool failures, struct buffer *out);
void eval_write_json(const struct eval *eval, bool failures, struct buffer *out);

#endif
