/*
 * Joins over other events. The first time a clause is asked for, all events that satisfy it are
 * put into groups by what the clause joins on (`same`, `equal`, `within`), one pass over the
 * events; from then on every question is one look-up. So N events of a rule with a clause over N
 * others cost N, not N*N.
 */
#include "rule/matcher.h"

#include "base/strbuf.h"

struct clause_index {
    struct map map; /* join key -> group */
    VEC(struct event_group *) groups;
    bool undecided; /* some event could not be decided: then "none" is not certain either */
};

static struct slice directory_of(struct slice path) {
    size_t slash = slice_find_last_byte(path, '/');
    return slash == SLICE_NPOS ? SLICE("") : slice_sub(path, 0, slash);
}

static void add_part(struct strbuf *key, struct slice part) {
    strbuf_addf(key, "%zu:", part.size); /* lengths keep parts apart whatever they hold */
    strbuf_add(key, part);
}

static void add_within(struct strbuf *key, enum rule_within within, const struct event *event) {
    const struct placed *placed = event_side(event);
    switch (within) {
    case WITHIN_ENTITY:
        add_part(key, event->unit);
        add_part(key, placed->entity->kind);
        add_part(key, placed->name);
        break;
    case WITHIN_FILE:
        add_part(key, placed->path);
        break;
    case WITHIN_DIRECTORY:
        add_part(key, directory_of(placed->path));
        break;
    case WITHIN_UNIT:
        add_part(key, event->unit);
        break;
    case WITHIN_ENVIRONMENT: /* where nothing names one, a directory is taken for one */
        add_part(key, slice_of(word_of(WORDS_ENVIRONMENT, placed->environment)));
        if (placed->environment == ENVIRONMENT_UNKNOWN)
            add_part(key, directory_of(placed->path));
        break;
    case WITHIN_CHANGE:
    case WITHIN_COUNT:
        break;
    }
}

static struct slice scope_name(const struct placed *placed) {
    uint32_t scope = placed->entity->scope;
    bool known = placed->list && scope != ENTITY_NONE && scope < placed->list->count;
    return known ? placed->list->items[scope].name : SLICE("");
}

/* SLICE_NONE if there is no such text. */
static struct slice text_of(const struct placed *placed, struct slice path) {
    if (slice_is(path, "name"))
        return placed->entity->name;
    const struct value *value = value_at(placed->body, path);
    return value && value->kind == VALUE_LITERAL ? value->text : SLICE_NONE;
}

/* SLICE_NONE if the event has not what the clause compares. `other`: the event is one of those that
 * are looked for. */
static struct slice join_key(struct matcher *matcher, uint32_t set,
                             const struct rule_clause *clause, const struct event *event,
                             bool other) {
    const struct placed *placed = event_side(event);
    struct strbuf key;
    strbuf_init(&key, matcher->arena);
    if (clause->other) {
        struct slice text = text_of(
            placed, image_string(matcher->sets[set].image, other ? clause->other : clause->own));
        if (slice_is_none(text))
            return SLICE_NONE;
        add_part(&key, text);
    }
    if (clause->same & SAME_KIND)
        add_part(&key, placed->entity->kind);
    if (clause->same & SAME_TYPE)
        add_part(&key, placed->entity->type);
    if (clause->same & SAME_NAME)
        add_part(&key, placed->entity->name);
    if (clause->same & SAME_SCOPE)
        add_part(&key, scope_name(placed));
    if (clause->same & SAME_DIALECT)
        add_part(&key, placed->entity->dialect ? placed->entity->dialect->name : SLICE(""));
    add_within(&key, (enum rule_within)clause->within, event);
    return strbuf_slice(&key);
}

static bool same_object(const struct event *a, const struct event *b) {
    return slice_equal(a->unit, b->unit) && slice_equal(event_side(a)->name, event_side(b)->name) &&
           slice_equal(event_side(a)->entity->kind, event_side(b)->entity->kind);
}

/* Events of one object mostly stand side by side; one that does not counts twice, which only
 * matters for a `min` over several effects. */
static void add_member(struct matcher *matcher, struct clause_index *index, struct slice key,
                       const struct event *event) {
    uint32_t at = map_set_default(&index->map, key, index->groups.count);
    if (at == index->groups.count) {
        struct event_group *group = ARENA_NEW(matcher->arena, struct event_group);
        group->declared = -2;
        vec_push(matcher->arena, &index->groups, group);
    }
    struct event_group *group = index->groups.items[at];
    if (!group->members.count ||
        !same_object(group->members.items[group->members.count - 1], event))
        group->objects++;
    vec_push(matcher->arena, &group->members, event);
}

static struct clause_index *build_index(struct matcher *matcher, uint32_t number,
                                        const struct rule_clause *clause) {
    const struct ruleset *set = &matcher->sets[number];
    struct clause_index *index = ARENA_NEW(matcher->arena, struct clause_index);
    map_init(&index->map, matcher->arena);
    for (uint32_t i = 0; i < matcher->events->list.count; i++) {
        const struct event *event = &matcher->events->list.items[i];
        if (!selector_admits(set, &clause->selector, event))
            continue;
        struct event_subject self = {event, matcher->change, NULL};
        struct predicate_subject subject = subject_of(&self);
        enum predicate_result result = predicate_evaluate(&matcher->context, set->image,
                                                          clause->selector.where, &subject, NULL);
        struct slice key =
            result == PREDICATE_YES ? join_key(matcher, number, clause, event, true) : SLICE_NONE;
        if (!slice_is_none(key))
            add_member(matcher, index, key, event);
        else if (result == PREDICATE_UNDECIDED)
            index->undecided = true;
    }
    return index;
}

static struct clause_index *clause_index_of(struct matcher *matcher, uint32_t set,
                                            uint32_t clause) {
    const struct ruleset *rules = &matcher->sets[set];
    if (!matcher->clauses[set]) {
        uint32_t count;
        image_section(rules->image, IMAGE_RULE_CLAUSES, &count);
        matcher->clauses[set] = ARENA_ARRAY(matcher->arena, struct clause_index *, count);
    }
    if (!matcher->clauses[set][clause])
        matcher->clauses[set][clause] = build_index(matcher, set, &rules->clauses[clause]);
    return matcher->clauses[set][clause];
}

bool group_has(const struct event_group *group, const struct event *event) {
    uint32_t low = 0, high = group->members.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (group->members.items[middle] == event)
            return true;
        if (group->members.items[middle] < event)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Other events of the group: other objects, or for `within: entity` other events of the object. */
static uint32_t others(const struct rule_clause *clause, const struct event_group *group,
                       const struct event *event) {
    uint32_t own = group_has(group, event);
    return (clause->within == WITHIN_ENTITY ? group->members.count : group->objects) - own;
}

static bool share_reached(struct matcher *matcher, const struct rule_clause *clause,
                          struct event_group *group, enum confidence *confidence) {
    if (!clause->share)
        return true;
    if (group->declared == -2)
        group->declared = share_declared(matcher, group);
    if (group->declared < 0) { /* nobody knows how many there were */
        if (*confidence > CONFIDENCE_POSSIBLE)
            *confidence = CONFIDENCE_POSSIBLE;
        return true;
    }
    return (int64_t)group->objects * 100 >= group->declared * (int64_t)clause->share;
}

static enum predicate_result clause_holds(struct matcher *matcher, uint32_t set, uint32_t clause,
                                          const struct event *event, struct event_group **group,
                                          enum confidence *confidence) {
    const struct rule_clause *record = &matcher->sets[set].clauses[clause];
    struct clause_index *index = clause_index_of(matcher, set, clause);
    struct slice key = join_key(matcher, set, record, event, false);
    uint32_t at = slice_is_none(key) ? MAP_ABSENT : map_get(&index->map, key);
    if (at != MAP_ABSENT) {
        *group = index->groups.items[at];
        if (others(record, *group, event) >= record->min &&
            share_reached(matcher, record, *group, confidence))
            return PREDICATE_YES;
    }
    return index->undecided ? PREDICATE_UNDECIDED : PREDICATE_NO;
}

enum predicate_result composites_hold(struct matcher *matcher, uint32_t set,
                                      const struct rule_record *rule, const struct event *event,
                                      struct event_group **group, enum confidence *confidence) {
    bool undecided = false;
    for (uint32_t i = 0; i < rule->clauses.count; i++) {
        uint32_t clause = rule->clauses.from + i;
        bool unless = matcher->sets[set].clauses[clause].unless;
        struct event_group *found = NULL;
        enum confidence ignored = CONFIDENCE_CERTAIN;
        enum predicate_result result =
            clause_holds(matcher, set, clause, event, &found, unless ? &ignored : confidence);
        if (result == (unless ? PREDICATE_YES : PREDICATE_NO))
            return PREDICATE_NO;
        undecided |= result == PREDICATE_UNDECIDED;
        if (!unless && !*group)
            *group = found;
    }
    return undecided ? PREDICATE_UNDECIDED : PREDICATE_YES;
}
