/*
 * ruleset: the rules of one image, read in place, and how the ones for an event are found.
 */
#ifndef BERM_RULE_RULESET_H
#define BERM_RULE_RULESET_H

#include "base/vec.h"
#include "delta/event.h"
#include "rule/record.h"

struct ruleset {
    const struct image *image;
    const struct rule_record *rules;
    const struct rule_clause *clauses;
    const struct rule_adjust *adjusts;
    const struct rule_bucket *buckets;
    const uint32_t *words;
    uint32_t count, bucket_count;
};

void ruleset_open(struct ruleset *set, const struct image *image);

static inline struct slice ruleset_text(const struct ruleset *set, struct rule_range range,
                                        uint32_t index) {
    return image_string(set->image, set->words[range.from + index]);
}

static inline uint32_t ruleset_number(const struct ruleset *set, struct rule_range range,
                                      uint32_t index) {
    return set->words[range.from + index];
}

/* The numbers of the rules that may match an event: a bit for each rule of the set. */
struct candidates {
    uint64_t *words;
    uint32_t count;
};
struct candidates candidates_make(struct arena *arena, const struct ruleset *set);
/* The next one from *at on, which is moved behind it; false at the end. */
bool candidates_next(const struct candidates *candidates, uint32_t *at, uint32_t *number);
void ruleset_candidates(const struct ruleset *set, const struct event *event,
                        struct candidates *candidates);

static inline struct pattern_hint
ruleset_need(const struct ruleset *set, const struct rule_record *rule, enum predicate_need about) {
    struct rule_range need = rule->needs[about];
    return (struct pattern_hint){need.count ? set->words + need.from : NULL, need.count};
}

/* True if the event has one of the effects and dialects; the rest is in selector->where. */
bool selector_admits(const struct ruleset *set, const struct rule_selector *selector,
                     const struct event *event);

#endif
