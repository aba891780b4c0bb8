#include "rule/matcher.h"

#include "fact/table.h"

static bool is_calm(const struct matcher *matcher, struct slice option) {
    bool quoted = option.size > 1 && option.data[0] == '"';
    if (quoted)
        option = slice_sub(option, 1, option.size - 1);
    return table_has(matcher->knowledge, SLICE("calm_options"), &option, 1);
}

/* An option that came, or all of them where there was none, and each leaves alone what is hit. */
static bool gains_calm_options(const struct matcher *matcher,
                               const struct attribute_change *change) {
    if (change->was || !change->is)
        return false;
    if (slice_starts(change->path, SLICE("flags.")))
        return is_calm(matcher, slice_from(change->path, sizeof "flags." - 1));
    bool calm = slice_is(change->path, "flags") && change->is->kind == VALUE_MAP;
    for (uint32_t i = 0; calm && i < change->is->count; i++)
        calm = is_calm(matcher, change->is->items[i].key);
    return calm;
}

/* What the words of a command are in another form says nothing of its own. */
static bool only_gains_calm_options(const struct matcher *matcher, const struct event *event) {
    bool gains = false;
    for (uint32_t i = 0; i < event->change_count; i++) {
        const struct attribute_change *change = &event->changes[i];
        if (gains_calm_options(matcher, change))
            gains = true;
        else if (!slice_starts(change->path, SLICE("arguments")) &&
                 !slice_is(change->path, "text") && !slice_is(change->path, "usual"))
            return false;
    }
    return gains;
}

static bool is_plain_name(const struct value *value) {
    return value && slice_find_byte(value->text, '(') == SLICE_NPOS;
}

/* client.databases.delete(x) is sql.databases.delete(x) where a variable got another name. What it
 * is called on (`owner`, or where it is known what that is, `origin`) and everything else is the
 * same. */
static bool only_renames_receiver(const struct event *event) {
    bool renames = false, known = value_get(event->after.body, SLICE("known")) != NULL;
    for (uint32_t i = 0; i < event->change_count; i++) {
        const struct attribute_change *change = &event->changes[i];
        if (slice_is(change->path, "receiver"))
            renames = is_plain_name(change->was) && is_plain_name(change->is);
        else if (!slice_is(change->path, "callee") && !(known && slice_is(change->path, "owner")))
            return false;
    }
    return renames;
}

/*
 * A dangerous command that was there before, and is the same but for an option about waiting or
 * printing, is no danger of this change. Every other option may reach further or elsewhere. So is
 * a call on the same thing under another name.
 */
static bool is_settled(struct matcher *matcher, const struct ruleset *set,
                       const struct rule_record *rule, const struct event *event) {
    if (event->effect != EFFECT_EXECUTED || !event->before.entity || !event->after.entity ||
        !(only_gains_calm_options(matcher, event) || only_renames_receiver(event)))
        return false;
    struct event before = *event;
    before.after = event->before;
    before.changes = NULL;
    before.change_count = 0;
    struct event_subject self = {&before, matcher->change, NULL};
    struct predicate_subject subject = subject_of(&self);
    subject.identity = NULL; /* an event of the moment */
    return predicate_evaluate(&matcher->context, set->image, rule->selector.where, &subject,
                              NULL) == PREDICATE_YES;
}

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
    if (result == PREDICATE_NO || is_settled(matcher, set, rule, event))
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

/* What an event offers to the needs of rules; asked for when the first rule needs it. */
struct offer {
    uint64_t masks[NEED_COUNT];
    bool known[NEED_COUNT];
};

static bool offers(struct matcher *matcher, const struct event *event, struct offer *offer,
                   const struct ruleset *set, const struct rule_record *rule) {
    for (int i = 0; i < NEED_COUNT; i++) {
        enum predicate_need about = (enum predicate_need)i;
        struct pattern_hint need = ruleset_need(set, rule, about);
        if (!need.count)
            continue;
        if (!offer->known[i]) {
            struct event_subject self = {event, matcher->change, NULL};
            struct predicate_subject subject = subject_of(&self);
            offer->masks[i] = predicate_mask(&matcher->context, &subject, about);
            offer->known[i] = true;
        }
        if (hint_excludes(&need, offer->masks[i]))
            return false;
    }
    return true;
}

static void match_event(struct matcher *matcher, const struct event *event,
                        struct candidates *candidates, const struct rules_options *options) {
    struct offer offer = {.known = {false}};
    for (uint32_t number = 0; number < matcher->knowledge->count; number++) {
        const struct ruleset *set = &matcher->sets[number];
        if (options->no_index) {
            for (uint32_t i = 0; i < set->count; i++)
                try_rule(matcher, number, &set->rules[i], event);
            continue;
        }
        ruleset_candidates(set, event, &candidates[number]);
        for (uint32_t at = 0, i; candidates_next(&candidates[number], &at, &i);)
            if (offers(matcher, event, &offer, set, &set->rules[i]))
                try_rule(matcher, number, &set->rules[i], event);
    }
}

void rules_match(struct arena *arena, const struct knowledge *knowledge,
                 const struct change *change, const struct events *events,
                 const struct rules_options *options, struct findings *findings) {
    struct matcher *matcher = ARENA_NEW(arena, struct matcher);
    matcher->arena = arena;
    matcher->knowledge = knowledge;
    matcher->change = change;
    matcher->events = events;
    predicate_context_init(&matcher->context, arena, knowledge);
    matcher->context.patterns = options->patterns;
    struct candidates candidates[KNOWLEDGE_IMAGES];
    for (uint32_t i = 0; i < knowledge->count; i++) {
        ruleset_open(&matcher->sets[i], &knowledge->images[i]);
        candidates[i] = candidates_make(arena, &matcher->sets[i]);
    }
    for (uint32_t i = 0; i < events->list.count; i++)
        match_event(matcher, &events->list.items[i], candidates, options);
    hits_finish(matcher, options, findings);
}
