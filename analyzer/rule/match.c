#include "rule/matcher.h"

static void try_rule(struct matcher *matcher, uint32_t number, const struct rule_record *rule,
                     const struct event *event) {
    const struct ruleset *set = &matcher->sets[number];
    if (!selector_admits(set, &rule->selector, event))
        return;
    struct event_subject self = {event, matcher->change, NULL};
    struct predicate_subject subject = subject_of(&self);
    struct predicate_match match = {0};
    enum predicate_result result =
        predicate_evaluate(&matcher->context, set->image, rule->selector.where, &subject, &match);
    if (result == PREDICATE_NO)
        return;
    struct hit hit = {.set = set, .rule = rule};
    hit.finding.confidence = event->confidence;
    if (result == PREDICATE_YES)
        result = composites_hold(matcher, number, rule, event, &hit.group, &hit.finding.confidence);
    if (result == PREDICATE_UNDECIDED)
        hit_make_undecided(matcher, set, rule, event);
    else if (result == PREDICATE_YES)
        hit_make(matcher, &hit, event, &match);
}

static void match_event(struct matcher *matcher, const struct event *event,
                        struct candidates *candidates, const struct rules_options *options) {
    for (uint32_t number = 0; number < matcher->knowledge->count; number++) {
        const struct ruleset *set = &matcher->sets[number];
        if (options->no_index) {
            for (uint32_t i = 0; i < set->count; i++)
                try_rule(matcher, number, &set->rules[i], event);
            continue;
        }
        ruleset_candidates(set, event, candidates);
        for (uint32_t i = 0; i < candidates->list.count; i++)
            try_rule(matcher, number, &set->rules[candidates->list.items[i]], event);
    }
}

void rules_match_with(struct arena *arena, const struct knowledge *knowledge,
                      const struct change *change, const struct events *events,
                      const struct rules_options *options, struct findings *findings) {
    struct matcher *matcher = ARENA_NEW(arena, struct matcher);
    matcher->arena = arena;
    matcher->knowledge = knowledge;
    matcher->change = change;
    matcher->events = events;
    predicate_context_init(&matcher->context, arena, knowledge);
    matcher->context.patterns = options->patterns;
    for (uint32_t i = 0; i < knowledge->count; i++)
        ruleset_open(&matcher->sets[i], &knowledge->images[i]);
    struct candidates candidates = {.arena = arena};
    for (uint32_t i = 0; i < events->list.count; i++)
        match_event(matcher, &events->list.items[i], &candidates, options);
    hits_finish(matcher, options, findings);
}

void rules_match(struct arena *arena, const struct knowledge *knowledge,
                 const struct change *change, const struct events *events,
                 struct findings *findings) {
    rules_match_with(arena, knowledge, change, events, &(struct rules_options){0}, findings);
}
