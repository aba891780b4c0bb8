#include "fact/value.h"

#include "base/hash.h"
#include "base/memory.h"
#include "base/strbuf.h"
#include "fact/path.h"

#include <stdlib.h>

/* Maps up to this size are compared with a table on the stack. */
enum { VALUE_SMALL = 32 };

const struct value *value_get(const struct value *map, struct slice key) {
    if (!map || map->kind != VALUE_MAP)
        return NULL;
    for (uint32_t i = map->count; i-- > 0;)
        if (slice_equal(map->items[i].key, key))
            return map->items[i].value;
    return NULL;
}

/* A walk down a path: `visit` is called for every value at its end. */
struct path_walk {
    value_visitor *visit;
    void *context;
};

static bool walk(const struct path_walk *walk_, const struct value *value, struct slice rest);

static bool walk_items(const struct path_walk *walk_, const struct value *value,
                       struct slice rest) {
    for (uint32_t i = 0; i < value->count; i++)
        if (!walk(walk_, value->items[i].value, rest))
            return false;
    return true;
}

static bool element_agrees(const struct value *element, const struct path_step *step) {
    const struct value *child = step->key.size ? value_at(element, step->key) : element;
    struct slice text = value_literal(child);
    return !slice_is_none(text) && slice_equal(text, step->value);
}

static bool walk_element(const struct path_walk *walk_, const struct value *list,
                         const struct path_step *step, struct slice rest) {
    for (uint32_t i = 0; i < list->count; i++)
        if (element_agrees(list->items[i].value, step) && !walk(walk_, list->items[i].value, rest))
            return false;
    return true;
}

/* A single value stands for a list of one: "ingress[].port" also enters a lone ingress map. */
static bool walk_list_step(const struct path_walk *walk_, const struct value *value,
                           const struct path_step *step, struct slice rest) {
    bool list = value->kind == VALUE_LIST;
    if (step->kind == STEP_ANY_ELEMENT)
        return list ? walk_items(walk_, value, rest) : walk(walk_, value, rest);
    if (step->kind == STEP_ELEMENT)
        return list ? walk_element(walk_, value, step, rest)
                    : !element_agrees(value, step) || walk(walk_, value, rest);
    if (list)
        return step->index >= value->count || walk(walk_, value->items[step->index].value, rest);
    return step->index != 0 || walk(walk_, value, rest);
}

static bool walk_key_step(const struct path_walk *walk_, const struct value *value,
                          const struct path_step *step, struct slice from, struct slice rest) {
    if (value->kind == VALUE_LIST)
        return walk_items(walk_, value, step->kind == STEP_ANY ? rest : from);
    if (value->kind != VALUE_MAP)
        return true;
    if (step->kind != STEP_KEY)
        return walk_items(walk_, value, rest);
    const struct value *child = value_get(value, step->key);
    return !child || walk(walk_, child, rest);
}

/* Depth: one level per path step and per level of nested lists, which readers bound. */
static bool walk(const struct path_walk *walk_, const struct value *value, struct slice rest) {
    struct slice from = rest;
    struct path_step step;
    if (!path_next(&rest, &step))
        return walk_->visit(value, walk_->context);
    if (step.kind == STEP_KEY || step.kind == STEP_ANY_KEY || step.kind == STEP_ANY)
        return walk_key_step(walk_, value, &step, from, rest);
    return walk_list_step(walk_, value, &step, rest);
}

void value_each(const struct value *root, struct slice path, value_visitor *visit, void *context) {
    struct path_walk all = {visit, context};
    if (root)
        walk(&all, root, path);
}

static bool take_first(const struct value *value, void *context) {
    *(const struct value **)context = value;
    return false;
}

const struct value *value_at(const struct value *root, struct slice path) {
    const struct value *found = NULL;
    value_each(root, path, take_first, &found);
    return found;
}

typedef const struct value_item *item_pointer;

/* By key, then by place, so that the order among duplicates (the last one wins) counts. */
static int compare_items(const void *a, const void *b) {
    item_pointer x = *(const item_pointer *)a, y = *(const item_pointer *)b;
    int order = slice_compare(x->key, y->key);
    return order ? order : (x > y) - (x < y);
}

static void sort_items(item_pointer *sorted, const struct value *map) {
    for (uint32_t i = 0; i < map->count; i++)
        sorted[i] = &map->items[i];
    qsort(sorted, map->count, sizeof *sorted, compare_items);
}

static bool items_equal_sorted(const struct value *a, const struct value *b, item_pointer *table) {
    item_pointer *left = table, *right = table + a->count;
    sort_items(left, a);
    sort_items(right, b);
    for (uint32_t i = 0; i < a->count; i++)
        if (!slice_equal(left[i]->key, right[i]->key) ||
            !value_equal(left[i]->value, right[i]->value))
            return false;
    return true;
}

/* Without memory for a table: quadratic, but right. */
static bool items_equal_slow(const struct value *a, const struct value *b) {
    for (uint32_t i = 0; i < a->count; i++) {
        struct slice key = a->items[i].key;
        const struct value *x = value_get(a, key), *y = value_get(b, key);
        if (!y || !value_equal(x, y) || !value_get(a, b->items[i].key))
            return false;
    }
    return true;
}

static bool items_equal_in_order(const struct value *a, const struct value *b) {
    for (uint32_t i = 0; i < a->count; i++)
        if (!slice_equal(a->items[i].key, b->items[i].key) ||
            !value_equal(a->items[i].value, b->items[i].value))
            return false;
    return true;
}

static bool same_key_order(const struct value *a, const struct value *b) {
    for (uint32_t i = 0; i < a->count; i++)
        if (!slice_equal(a->items[i].key, b->items[i].key))
            return false;
    return true;
}

static bool maps_equal(const struct value *a, const struct value *b) {
    if (same_key_order(a, b))
        return items_equal_in_order(a, b);
    item_pointer small[2 * VALUE_SMALL];
    if (a->count <= VALUE_SMALL)
        return items_equal_sorted(a, b, small);
    item_pointer *table = memory_alloc(2 * (size_t)a->count * sizeof *table);
    if (!table)
        return items_equal_slow(a, b);
    bool equal = items_equal_sorted(a, b, table);
    memory_free(table);
    return equal;
}

struct value *value_copy(struct arena *arena, const struct value *value) {
    struct value *copy = ARENA_NEW(arena, struct value);
    *copy = *value;
    copy->items = ARENA_ARRAY(arena, struct value_item, value->count);
    if (value->count)
        memcpy(copy->items, value->items, value->count * sizeof *copy->items);
    return copy;
}

bool value_equal(const struct value *a, const struct value *b) {
    if (a == b)
        return true;
    if (!a || !b || a->kind != b->kind || a->count != b->count || !slice_equal(a->tag, b->tag))
        return false;
    switch ((enum value_kind)a->kind) {
    case VALUE_NULL:
        return true;
    case VALUE_LITERAL:
        return a->type == b->type && slice_equal(a->text, b->text);
    case VALUE_LIST:
        return items_equal_in_order(a, b);
    case VALUE_MAP:
        return maps_equal(a, b);
    case VALUE_REFERENCE:
    case VALUE_EXPRESSION:
        return slice_equal(a->text, b->text);
    case VALUE_UNKNOWN:
        return slice_equal(a->text, b->text);
    }
    return false;
}

/* A multiplication, not a hash of both: a body has a hundred values and less. */
static uint64_t mix(uint64_t a, uint64_t b) {
    a = (a ^ b) * UINT64_C(0x9E3779B97F4A7C15);
    return a ^ a >> 32;
}

uint64_t value_hash(const struct value *value) {
    if (!value)
        return 0;
    uint64_t hash = value->kind + UINT64_C(1);
    if (value->tag.size)
        hash = mix(hash, hash_bytes(value->tag));
    switch ((enum value_kind)value->kind) {
    case VALUE_NULL:
        return hash;
    case VALUE_LIST:
        for (uint32_t i = 0; i < value->count; i++)
            hash = mix(hash, value_hash(value->items[i].value));
        return mix(hash, value->count);
    case VALUE_MAP: {
        uint64_t sum = value->count, last = 0; /* a sum: key order does not count */
        for (uint32_t i = 0; i < value->count; i++) {
            if (!i || value->items[i].value != value->items[i - 1].value) /* one for several keys */
                last = value_hash(value->items[i].value);
            sum += mix(hash_bytes(value->items[i].key), last);
        }
        return mix(hash, sum);
    }
    case VALUE_LITERAL:
        hash = mix(hash, value->type);
        break;
    default:
        break;
    }
    return mix(hash, hash_bytes(value->text));
}

const struct value *value_argument(const struct value *value) {
    if (!value || value->kind != VALUE_EXPRESSION || !value->count)
        return NULL;
    const struct value_item *last = &value->items[value->count - 1];
    return slice_is(last->key, VALUE_ARGUMENT) ? last->value : NULL;
}

struct slice value_literal(const struct value *value) {
    return value && value->kind == VALUE_LITERAL ? value->text : SLICE_NONE;
}

static bool literal_is_one_of(const struct value *value, const char *const *words) {
    struct slice text = value_literal(value);
    for (; !slice_is_none(text) && *words; words++)
        if (slice_equal_nocase(text, slice_of(*words)))
            return true;
    return false;
}

bool value_is_true(const struct value *value) {
    static const char *const words[] = {"true", "yes", "on", NULL};
    return literal_is_one_of(value, words);
}

bool value_is_false(const struct value *value) {
    static const char *const words[] = {"false", "no", "off", NULL};
    return literal_is_one_of(value, words);
}
