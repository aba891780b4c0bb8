#include "score/score.h"

#include "score/order.h"

#include <assert.h>
#include <stdlib.h>

/* 1.0 of a product, and the divisor of what is counted: parts per million. R × (1e6) stays below
 * 2^64, and 1e12 leaves nine digits below the tenth of a point that is shown. */
#define WHOLE UINT64_C(1000000000000)
#define MILLION UINT64_C(1000000)
#define PARTS_PER_TENTH UINT64_C(1000)
#define POINTS_MAX 999

enum { HOST_WEIGHT_MAX = 200 };
enum { HALVINGS_MAX = 20 }; /* 999,000 parts are below one after 20 halvings */

/* A finding on its way into the product. */
struct item {
    struct finding *finding;
    struct score_line line;
    uint64_t parts; /* counted, in parts per million */
    bool low;
};

const char *score_factor_word(enum score_factor factor) {
#define FACTOR_TEXT(name, text) text,
    static const char *const words[] = {SCORE_FACTORS(FACTOR_TEXT)};
    return words[factor];
}

enum tier score_band(const uint32_t bands[TIER_COUNT], uint32_t tenths) {
    uint32_t tier = TIER_AUTO;
    for (uint32_t i = 1; i < TIER_COUNT; i++)
        if (tenths >= bands[i])
            tier = i;
    return (enum tier)tier;
}

static uint32_t step_factor(const struct score_step *steps, uint32_t count, uint32_t amount) {
    uint32_t factor = 1000;
    for (uint32_t i = 0; i < count; i++)
        if (amount >= steps[i].from)
            factor = steps[i].factor;
    return factor;
}

/* Host weight in percent of whatever the finding's event stands in: over 100 for what runs on more
 * machines than the one it is written for. */
static uint32_t host_weight(const struct finding *finding) {
    if (!finding->event || !event_side(finding->event)->entity)
        return 100;
    uint32_t weight = event_side(finding->event)->entity->weight;
    return !weight ? 100 : weight < HOST_WEIGHT_MAX ? weight : HOST_WEIGHT_MAX;
}

static void find_factors(const struct score_table *table, const struct finding *finding,
                         uint16_t *factors) {
    uint32_t fan_out = finding->fan_out == FAN_OUT_UNKNOWN ? 0 : finding->fan_out;
    const uint32_t values[SCORE_FACTOR_COUNT] = {
        [SCORE_FACTOR_ENVIRONMENT] = table->environment[finding->environment],
        [SCORE_FACTOR_PATH] = table->path[finding->path_class],
        [SCORE_FACTOR_UNDO] = table->undo[finding->undo],
        [SCORE_FACTOR_SCOPE] = table->scope[finding->scope],
        [SCORE_FACTOR_WIDTH] = step_factor(table->width, table->width_count, finding->width),
        [SCORE_FACTOR_FAN_OUT] = step_factor(table->fan_out, table->fan_out_count, fan_out),
        [SCORE_FACTOR_CONFIDENCE] = table->confidence[finding->confidence],
        [SCORE_FACTOR_HOST] = host_weight(finding) * 10,
        [SCORE_FACTOR_CRITICAL] = finding->critical ? table->critical : 1000,
    };
    for (uint32_t i = 0; i < SCORE_FACTOR_COUNT; i++)
        factors[i] = (uint16_t)values[i];
}

/* Tenths × 1000 × factors; factors are at most 10, points are clipped at each step, so nothing
 * overflows. */
static uint32_t find_points(const struct score_line *line) {
    uint64_t points = (uint64_t)line->base * PARTS_PER_TENTH;
    for (uint32_t i = 0; i < SCORE_FACTOR_COUNT; i++)
        points = points * line->factors[i] / 1000;
    points = (points + PARTS_PER_TENTH / 2) / PARTS_PER_TENTH;
    return points > POINTS_MAX ? POINTS_MAX : (uint32_t)points;
}

static struct slice finding_unit(const struct finding *finding) {
    return finding->event ? finding->event->unit : finding->path;
}

/* Groups of one rule in one unit, low severity apart, heaviest first. */
static int compare_groups(const void *left, const void *right) {
    const struct item *a = left, *b = right;
    if (a->low != b->low)
        return a->low ? 1 : -1;
    int order = slice_compare(a->finding->rule, b->finding->rule);
    if (!order)
        order = slice_compare(finding_unit(a->finding), finding_unit(b->finding));
    if (!order && a->finding->points != b->finding->points)
        order = a->finding->points > b->finding->points ? -1 : 1;
    return order ? order : finding_compare(a->finding, b->finding);
}

static int compare_counted(const void *left, const void *right) {
    const struct item *a = left, *b = right;
    if (a->low != b->low)
        return a->low ? 1 : -1;
    if (a->parts != b->parts)
        return a->parts > b->parts ? -1 : 1;
    return finding_compare(a->finding, b->finding);
}

static bool same_group(const struct item *a, const struct item *b) {
    return a->low == b->low && slice_equal(a->finding->rule, b->finding->rule) &&
           slice_equal(finding_unit(a->finding), finding_unit(b->finding));
}

static void halve_repeats(struct item *items, uint32_t count) {
    qsort(items, count, sizeof *items, compare_groups);
    for (uint32_t i = 0, repeat = 0; i < count; i++) {
        repeat = i && same_group(&items[i - 1], &items[i]) ? repeat + 1 : 0;
        uint32_t shift = repeat < HALVINGS_MAX ? repeat : HALVINGS_MAX;
        items[i].line.repeat = repeat;
        items[i].parts = (items[i].finding->points * PARTS_PER_TENTH) >> shift;
        items[i].line.counted = (uint32_t)(items[i].parts / PARTS_PER_TENTH);
    }
}

static uint64_t take(uint64_t rest, uint64_t parts) {
    return rest * (MILLION - parts) / MILLION;
}

static uint32_t tenths_of(uint64_t rest) {
    return (uint32_t)((WHOLE - rest + WHOLE / 2000) / (WHOLE / 1000));
}

/* The findings of low severity as one: combined, then capped. In parts per million. */
static uint64_t low_parts(const struct score_table *table, const struct item *items, uint32_t from,
                          uint32_t count) {
    uint64_t rest = WHOLE;
    for (uint32_t i = from; i < count; i++)
        rest = take(rest, items[i].parts);
    uint64_t parts = (WHOLE - rest) / (WHOLE / MILLION);
    uint64_t cap = table->low_cap * PARTS_PER_TENTH;
    return parts < cap ? parts : cap;
}

/* Gives each low finding its share of what all added, by successive differences of the sums of
 * what they count. */
static void share_low(struct item *items, uint32_t from, uint32_t count, uint32_t marginal) {
    uint64_t all = 0, sum = 0, given = 0;
    for (uint32_t i = from; i < count; i++)
        all += items[i].parts;
    for (uint32_t i = from; all && i < count; i++) {
        sum += items[i].parts;
        uint64_t until = marginal * sum / all;
        items[i].line.marginal = (uint32_t)(until - given);
        given = until;
    }
}

/* Items are in order of what they count, the low ones behind; the low sum takes its own place in
 * the product. */
static void combine(const struct score_table *table, struct item *items, uint32_t count,
                    struct score *score) {
    uint32_t heavy = 0;
    while (heavy < count && !items[heavy].low)
        heavy++;
    uint64_t low = low_parts(table, items, heavy, count), rest = WHOLE;
    bool low_done = false;
    uint32_t before = 0;
    for (uint32_t i = 0; i < heavy || !low_done;) {
        bool take_low = !low_done && (i == heavy || items[i].parts < low);
        rest = take(rest, take_low ? low : items[i].parts);
        uint32_t now = tenths_of(rest);
        if (take_low) {
            low_done = true;
            score->low_marginal = now - before;
            share_low(items, heavy, count, score->low_marginal);
        } else {
            items[i++].line.marginal = now - before;
        }
        before = now;
    }
    score->tenths = before;
}

static bool counts(const struct finding *finding) {
    return !finding->suppressed && finding->severity != SEVERITY_NONE;
}

static uint32_t collect(const struct score_table *table, struct findings *findings,
                        struct item *items) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < findings->list.count; i++) {
        struct finding *finding = &findings->list.items[i];
        struct item item = {.finding = finding, .low = finding->severity == SEVERITY_LOW};
        item.line.base = table->severity[finding->severity];
        find_factors(table, finding, item.line.factors);
        finding->points = find_points(&item.line);
        finding->marginal = 0;
        if (counts(finding))
            items[count++] = item;
    }
    return count;
}

/* Report order: what counts in the order of the product, then the rest. */
static void reorder(struct arena *arena, struct findings *findings, const struct item *items,
                    uint32_t count) {
    uint32_t all = findings->list.count, rest = count;
    struct finding *sorted = ARENA_ARRAY(arena, struct finding, all);
    for (uint32_t i = 0; i < count; i++) {
        items[i].finding->marginal = items[i].line.marginal;
        sorted[i] = *items[i].finding;
    }
    for (uint32_t i = 0; i < all; i++)
        if (!counts(&findings->list.items[i]))
            sorted[rest++] = findings->list.items[i];
    qsort(sorted + count, rest - count, sizeof *sorted, finding_compare_void);
    assert(rest == all);
    findings->list.items = sorted;
    findings->list.capacity = all;
}

void score_findings(struct arena *arena, const struct score_table *table, struct findings *findings,
                    struct score *score) {
    *score = (struct score){0};
    if (!findings->list.count)
        return;
    struct item *items = ARENA_ARRAY(arena, struct item, findings->list.count);
    uint32_t count = collect(table, findings, items);
    halve_repeats(items, count);
    qsort(items, count, sizeof *items, compare_counted);
    combine(table, items, count, score);
    reorder(arena, findings, items, count);
    score->count = count;
    score->lines = ARENA_ARRAY(arena, struct score_line, count);
    for (uint32_t i = 0; i < count; i++) {
        score->lines[i] = items[i].line;
        score->lines[i].finding = i;
    }
}
