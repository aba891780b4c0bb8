/*
 * score: points of findings and the one number they make, from the table in rules/score.yaml.
 *
 * Units: points and scores are tenths (635 = 63.5 of 100), factors are thousandths (1250 = 1.25).
 * No floating point: the same findings give the same digits everywhere.
 *
 *   points  = severity × environment × path × undo × scope × width × fan-out × confidence × host
 *             weight × critical, clipped to 0 .. 99.9
 *   counted = points / 2^k for the k-th finding (from 0) of one rule in one unit
 *   score   = 100 × (1 − Π(1 − counted/100)); findings of low severity are first combined among
 *             themselves and capped at low_cap, below the band of peer
 *
 * The product is taken in descending order of what is counted, each step rounded down. That order
 * is total and every step is monotone in both operands, therefore a further finding never lowers
 * the score, not even by rounding, and the order of the input does not matter.
 */
#ifndef BERM_SCORE_SCORE_H
#define BERM_SCORE_SCORE_H

#include "rule/finding.h"

/* What multiplies a finding's severity, in the order in which reports show it. */
#define SCORE_FACTORS(X)                                                                           \
    X(ENVIRONMENT, "environment")                                                                  \
    X(PATH, "path")                                                                                \
    X(UNDO, "undo")                                                                                \
    X(SCOPE, "scope")                                                                              \
    X(WIDTH, "width")                                                                              \
    X(FAN_OUT, "fan-out")                                                                          \
    X(CONFIDENCE, "confidence")                                                                    \
    X(HOST, "host")                                                                                \
    X(CRITICAL, "critical")

#define SCORE_FACTOR_ENUM(name, text) SCORE_FACTOR_##name,
enum score_factor { SCORE_FACTORS(SCORE_FACTOR_ENUM) SCORE_FACTOR_COUNT };
const char *score_factor_word(enum score_factor factor);

/*
 * Record of IMAGE_SCORE. `list` says what `key` and `value` are:
 */
enum score_list {
    SCORE_SEVERITY,    /* key: enum severity, value: tenths */
    SCORE_ENVIRONMENT, /* key: enum environment, value: thousandths */
    SCORE_PATH,        /* enum path_class, thousandths */
    SCORE_UNDO,        /* enum undo, thousandths */
    SCORE_SCOPE,       /* enum scope, thousandths */
    SCORE_CONFIDENCE,  /* enum confidence, thousandths */
    SCORE_WIDTH,       /* key: width from which on the factor holds, thousandths */
    SCORE_FAN_OUT,     /* key: fan-out from which on, thousandths */
    SCORE_CRITICAL,    /* key 0, thousandths */
    SCORE_LOW_CAP,     /* key 0, tenths */
    SCORE_BAND,        /* key: enum tier, value: least score in tenths */
    SCORE_LIST_COUNT
};

struct score_record {
    uint32_t list, key, value;
};

struct score_step {
    uint32_t from, factor;
};

enum { SCORE_STEPS = 16 };

/* The table, unpacked. Images added later may only raise points and factors and lower bands. */
struct score_table {
    uint32_t severity[SEVERITY_COUNT];
    uint32_t environment[ENVIRONMENT_COUNT], path[PATH_CLASS_COUNT], undo[UNDO_COUNT];
    uint32_t scope[SCOPE_COUNT], confidence[CONFIDENCE_COUNT];
    struct score_step width[SCORE_STEPS], fan_out[SCORE_STEPS];
    uint32_t width_count, fan_out_count;
    uint32_t critical, low_cap;
    uint32_t bands[TIER_COUNT];
};

/* Without a table in any image every finding has 0 points. */
void score_table_load(const struct knowledge *knowledge, struct score_table *table);

/* The band a score falls into. */
enum tier score_band(const uint32_t bands[TIER_COUNT], uint32_t tenths);

/* One line of the ledger. */
struct score_line {
    uint32_t finding;                     /* index in the findings */
    uint32_t base;                        /* of the severity, tenths */
    uint16_t factors[SCORE_FACTOR_COUNT]; /* thousandths */
    uint32_t repeat;                      /* this is the k-th of its rule and unit, from 0 */
    uint32_t counted;                     /* points after halving, tenths, rounded down */
    uint32_t marginal; /* what the score gained, tenths; all lines sum to the score */
};

struct score {
    uint32_t tenths; /* 0 to 1000 */
    struct score_line *lines;
    uint32_t count;        /* findings that count: not suppressed, severity above none */
    uint32_t low_marginal; /* tenths of all findings of low severity together */
};

/*
 * Fills points and marginal of every finding and brings the findings into the order of reports:
 * as counted, then those that do not count; ties by rule, path, line, object, message.
 * Cost: n log n.
 */
void score_findings(struct arena *arena, const struct score_table *table, struct findings *findings,
                    struct score *score);

#endif
