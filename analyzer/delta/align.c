#include "delta/align.h"

#include "base/hash.h"
#include "base/vec.h"
#include "delta/compare.h"

#include <stdlib.h>

enum {
    SMALL_MAP = 16,      /* keys scanned rather than hashed */
    SIMILAR_ENOUGH = 50, /* percent of attributes for two elements to be one that changed */
};

static uint64_t scalar_hash(const struct value *value) {
    struct slice text = value->text;
    uint64_t kind = value->kind;
    if (value->kind == VALUE_LITERAL && value->type != LITERAL_STRING)
        return hash_mix(kind, 1); /* several spellings of one number or word */
    int64_t number;
    if (value->kind == VALUE_LITERAL &&
        (slice_to_int(text, &number) || value_is_true(value) || value_is_false(value) ||
         (text.size && text.data[0] >= '0' && text.data[0] <= '9')))
        return hash_mix(kind, 1); /* "80" equals 80 */
    return hash_mix(kind, hash_bytes(text));
}

uint64_t align_hash(const struct value *value) {
    if (value->kind == VALUE_LIST && value->count == 1)
        return align_hash(value->items[0].value); /* a list of one equals its element */
    if (value->kind != VALUE_MAP && value->kind != VALUE_LIST)
        return scalar_hash(value);
    uint64_t sum = value->kind == VALUE_MAP ? 1 : 2;
    for (uint32_t i = 0; i < value->count; i++) {
        const struct value_item *item = &value->items[i];
        if (item->value->kind == VALUE_NULL || align_is_shadowed(value, i))
            continue;
        uint64_t hash = align_hash(item->value);
        sum += value->kind == VALUE_MAP ? hash_mix(hash_bytes(item->key), hash) : hash_mix(3, hash);
    }
    return sum;
}

void align_keys_init(struct align_keys *keys, struct arena *arena, const struct value *map) {
    *keys = (struct align_keys){.map = map, .hashed = map->count > SMALL_MAP};
    if (!keys->hashed)
        return;
    map_init(&keys->index, arena);
    for (uint32_t i = 0; i < map->count; i++)
        map_set(&keys->index, map->items[i].key, i);
}

const struct value *align_keys_get(const struct align_keys *keys, struct slice key) {
    if (!keys->hashed)
        return value_get(keys->map, key);
    uint32_t index = map_get(&keys->index, key);
    return index == MAP_ABSENT ? NULL : keys->map->items[index].value;
}

bool align_is_shadowed(const struct value *map, uint32_t index) {
    if (map->kind != VALUE_MAP || map->count > SMALL_MAP)
        return false; /* a duplicate key in a large map is reported twice at worst */
    for (uint32_t i = index + 1; i < map->count; i++)
        if (slice_equal(map->items[i].key, map->items[index].key))
            return true;
    return false;
}

bool align_has_maps(const struct value *list) {
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i].value->kind != VALUE_MAP)
            return false;
    return true;
}

/* Elements of the after side chained by hash, in order, so equal ones are taken first to last. */
struct buckets {
    struct map heads;
    uint32_t *next;
    uint64_t *hashes;
    bool *taken;
};

static struct slice hash_key(const uint64_t *hash) {
    return slice_make((const char *)hash, sizeof *hash);
}

static void buckets_fill(struct buckets *buckets, struct arena *arena, const struct value *list) {
    map_init(&buckets->heads, arena);
    buckets->next = ARENA_ARRAY(arena, uint32_t, list->count);
    buckets->hashes = ARENA_ARRAY(arena, uint64_t, list->count);
    buckets->taken = ARENA_ARRAY(arena, bool, list->count);
    for (uint32_t i = list->count; i-- > 0;) {
        buckets->hashes[i] = align_hash(list->items[i].value);
        uint32_t head = map_get(&buckets->heads, hash_key(&buckets->hashes[i]));
        buckets->next[i] = head;
        map_set(&buckets->heads, hash_key(&buckets->hashes[i]), i);
    }
}

enum { BUCKET_STEPS = 64 }; /* longest walk through one bucket: bounds crafted collisions */

/* Takes an element equal to `value`; MAP_ABSENT if there is none. */
static uint32_t buckets_take(struct buckets *buckets, const struct align *align,
                             const struct value *value, const struct value *list) {
    uint64_t hash = align_hash(value);
    uint32_t at = map_get(&buckets->heads, hash_key(&hash));
    uint32_t steps = 0, first = at;
    for (; at != MAP_ABSENT && steps < BUCKET_STEPS; at = buckets->next[at]) {
        if (buckets->taken[at]) {
            if (at == first) { /* drop used heads, so that many equal elements stay linear */
                first = buckets->next[at];
                if (first != MAP_ABSENT)
                    map_set(&buckets->heads, hash_key(&buckets->hashes[at]), first);
            }
            continue;
        }
        steps++;
        if (align->same(align->context, value, list->items[at].value)) {
            buckets->taken[at] = true;
            return at;
        }
    }
    return MAP_ABSENT;
}

enum align_order align_order(const struct align *align, const struct value *was,
                             const struct value *is) {
    if (was->count != is->count)
        return ALIGN_DIFFERENT;
    uint32_t equal = 0;
    while (equal < was->count &&
           align->same(align->context, was->items[equal].value, is->items[equal].value))
        equal++;
    if (equal == was->count)
        return ALIGN_EQUAL;
    struct buckets buckets;
    buckets_fill(&buckets, align->arena, is);
    for (uint32_t i = 0; i < was->count; i++)
        if (buckets_take(&buckets, align, was->items[i].value, is) == MAP_ABSENT)
            return ALIGN_DIFFERENT;
    return ALIGN_REORDERED;
}

static bool key_is_unique(const struct align *align, const struct value *list, struct slice key) {
    struct map seen;
    map_init(&seen, align->arena);
    for (uint32_t i = 0; i < list->count; i++) {
        struct slice name = value_literal(value_get(list->items[i].value, key));
        if (!name.size || map_set_default(&seen, name, i) != i)
            return false;
    }
    return true;
}

struct slice align_find_key(const struct align *align, const struct value *was,
                            const struct value *is, struct slice wanted) {
    static const struct slice customary[] = {
        {"name", 4}, {"id", 2}, {"key", 3}, {"Sid", 3}, {"sid", 3},
    };
    if (!slice_is_none(wanted))
        return key_is_unique(align, was, wanted) && key_is_unique(align, is, wanted) ? wanted
                                                                                     : SLICE_NONE;
    for (size_t i = 0; i < sizeof customary / sizeof *customary; i++)
        if (key_is_unique(align, was, customary[i]) && key_is_unique(align, is, customary[i]))
            return customary[i];
    return SLICE_NONE;
}

void align_by_key(const struct align *align, const struct value *was, const struct value *is,
                  struct slice key, align_visitor *visit, void *context) {
    struct map index;
    map_init(&index, align->arena);
    for (uint32_t i = 0; i < is->count; i++)
        map_set(&index, value_literal(value_get(is->items[i].value, key)), i);
    bool *taken = ARENA_ARRAY(align->arena, bool, is->count);
    for (uint32_t i = 0; i < was->count; i++) {
        const struct value *element = was->items[i].value;
        uint32_t at = map_get(&index, value_literal(value_get(element, key)));
        visit(context, element, at == MAP_ABSENT ? NULL : is->items[at].value);
        if (at != MAP_ABSENT)
            taken[at] = true;
    }
    for (uint32_t i = 0; i < is->count; i++)
        if (!taken[i])
            visit(context, NULL, is->items[i].value);
}

struct candidate {
    uint32_t was, is, score;
};

static int candidate_compare(const void *a, const void *b) {
    const struct candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    if (x->was != y->was)
        return x->was < y->was ? -1 : 1;
    return x->is < y->is ? -1 : x->is > y->is;
}

struct rest {
    VEC(uint32_t) items;
};

/* Pairs what is left by similarity, best first; `partner` is filled per element of `was`. */
static void pair_by_similarity(const struct align *align, const struct value *was,
                               const struct value *is, const struct rest *a, const struct rest *b,
                               uint32_t *partner) {
    VEC(struct candidate) candidates = {0};
    for (uint32_t i = 0; i < a->items.count; i++)
        for (uint32_t j = 0; j < b->items.count; j++) {
            struct candidate c = {a->items.items[i], b->items.items[j], 0};
            c.score =
                align->similarity(align->context, was->items[c.was].value, is->items[c.is].value);
            if (c.score >= SIMILAR_ENOUGH)
                vec_push(align->arena, &candidates, c);
        }
    if (!candidates.count)
        return;
    qsort(candidates.items, candidates.count, sizeof *candidates.items, candidate_compare);
    bool *used = ARENA_ARRAY(align->arena, bool, is->count);
    for (uint32_t i = 0; i < candidates.count; i++) {
        const struct candidate *c = &candidates.items[i];
        if (partner[c->was] != MAP_ABSENT || used[c->is])
            continue;
        partner[c->was] = c->is;
        used[c->is] = true;
    }
}

static void pair_by_order(const struct rest *a, const struct rest *b, uint32_t *partner) {
    for (uint32_t i = 0; i < a->items.count && i < b->items.count; i++)
        partner[a->items.items[i]] = b->items.items[i];
}

void align_by_content(const struct align *align, const struct value *was, const struct value *is,
                      align_visitor *visit, void *context) {
    struct buckets buckets;
    buckets_fill(&buckets, align->arena, is);
    struct rest a = {0}, b = {0};
    for (uint32_t i = 0; i < was->count; i++)
        if (buckets_take(&buckets, align, was->items[i].value, is) == MAP_ABSENT)
            vec_push(align->arena, &a.items, i);
    for (uint32_t i = 0; i < is->count; i++)
        if (!buckets.taken[i])
            vec_push(align->arena, &b.items, i);
    uint32_t *partner = ARENA_ARRAY(align->arena, uint32_t, was->count);
    for (uint32_t i = 0; i < was->count; i++)
        partner[i] = MAP_ABSENT;
    bool one_to_one = a.items.count == 1 && b.items.count == 1;
    if (one_to_one || (uint64_t)a.items.count * b.items.count > COMPARE_ALIGN)
        pair_by_order(&a, &b, partner);
    else
        pair_by_similarity(align, was, is, &a, &b, partner);
    for (uint32_t i = 0; i < a.items.count; i++) {
        uint32_t at = a.items.items[i];
        visit(context, was->items[at].value,
              partner[at] == MAP_ABSENT ? NULL : is->items[partner[at]].value);
        if (partner[at] != MAP_ABSENT)
            buckets.taken[partner[at]] = true;
    }
    for (uint32_t i = 0; i < b.items.count; i++)
        if (!buckets.taken[b.items.items[i]])
            visit(context, NULL, is->items[b.items.items[i]].value);
}
