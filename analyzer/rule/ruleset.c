#include "rule/ruleset.h"

#include "rule/keys.h"

#include <string.h>

void ruleset_open(struct ruleset *set, const struct image *image) {
    uint32_t ignored;
    *set = (struct ruleset){.image = image};
    set->rules = image_section(image, IMAGE_RULES, &set->count);
    set->buckets = image_section(image, IMAGE_RULE_INDEX, &set->bucket_count);
    set->clauses = image_section(image, IMAGE_RULE_CLAUSES, &ignored);
    set->adjusts = image_section(image, IMAGE_RULE_ADJUSTS, &ignored);
    set->words = image_section(image, IMAGE_RULE_LISTS, &ignored);
}

static const struct rule_bucket *ruleset_bucket(const struct ruleset *set, uint32_t key) {
    uint32_t low = 0, high = set->bucket_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (set->buckets[middle].key == key)
            return &set->buckets[middle];
        if (set->buckets[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

struct candidates candidates_make(struct arena *arena, const struct ruleset *set) {
    uint32_t count = set->count / 64 + 1;
    return (struct candidates){ARENA_ARRAY(arena, uint64_t, count), count};
}

bool candidates_next(const struct candidates *candidates, uint32_t *at, uint32_t *number) {
    for (uint32_t i = *at / 64; i < candidates->count; i++) {
        uint64_t rest = candidates->words[i];
        if (i == *at / 64)
            rest &= UINT64_MAX << *at % 64;
        if (!rest)
            continue;
        *number = i * 64 + (uint32_t)__builtin_ctzll(rest);
        *at = *number + 1;
        return true;
    }
    return false;
}

static void add_bucket(const struct ruleset *set, struct candidates *candidates, uint32_t key) {
    const struct rule_bucket *bucket = ruleset_bucket(set, key);
    for (uint32_t i = 0; bucket && i < bucket->rules.count; i++) {
        uint32_t rule = set->words[bucket->rules.from + i];
        candidates->words[rule / 64] |= UINT64_C(1) << rule % 64;
    }
}

static struct slice event_method(const struct placed *placed) {
    const struct value *body = placed->body ? placed->body : placed->entity->body;
    return value_literal(body ? value_get(body, SLICE("method")) : NULL);
}

void ruleset_candidates(const struct ruleset *set, const struct event *event,
                        struct candidates *candidates) {
    memset(candidates->words, 0, candidates->count * sizeof *candidates->words);
    if (!set->bucket_count)
        return;
    const struct placed *placed = event_side(event);
    struct slice method = event_method(placed);
    const struct slice kinds[] = {placed->entity->kind, SLICE_NONE};
    for (size_t k = 0; k < 2; k++) {
        enum effect effect = event->effect;
        add_bucket(set, candidates, rule_key(effect, kinds[k], INDEXED_KIND, SLICE_NONE));
        add_bucket(set, candidates, rule_key(effect, kinds[k], INDEXED_TYPE, placed->entity->type));
        if (method.size)
            add_bucket(set, candidates, rule_key(effect, kinds[k], INDEXED_METHOD, method));
        for (uint32_t i = 0; effect == EFFECT_CHANGED && i < event->change_count; i++)
            add_bucket(set, candidates,
                       rule_key(effect, kinds[k], INDEXED_CHANGE,
                                rule_first_segment(event->changes[i].path)));
    }
}

bool selector_admits(const struct ruleset *set, const struct rule_selector *selector,
                     const struct event *event) {
    if (!(selector->effects >> event->effect & 1))
        return false;
    if (!selector->dialects.count)
        return true;
    const struct dialect *dialect = event_side(event)->entity->dialect;
    for (uint32_t i = 0; dialect && i < selector->dialects.count; i++)
        if (slice_equal(dialect->name, ruleset_text(set, selector->dialects, i)))
            return true;
    return false;
}
