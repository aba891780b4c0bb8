/* Values that expressions make: building them, asking them, writing them as expressions again. */
#include "resolve/evaluate.h"

#include <stdlib.h>

static struct value *make(struct evaluator *evaluator, enum value_kind kind) {
    struct value *value = ARENA_NEW(evaluator->arena, struct value);
    value->kind = (uint8_t)kind;
    return value;
}

const struct value *make_text(struct evaluator *evaluator, struct slice text) {
    if (!resolve_spend(evaluator->scope, sizeof(struct value) + text.size))
        evaluator->failed = true;
    struct value *value = make(evaluator, VALUE_LITERAL);
    value->text = text;
    value->type = LITERAL_STRING;
    return value;
}

const struct value *make_number(struct evaluator *evaluator, int64_t number) {
    struct value *value = make(evaluator, VALUE_LITERAL);
    value->text = arena_format(evaluator->arena, "%lld", (long long)number);
    value->type = LITERAL_NUMBER;
    return value;
}

const struct value *make_bool(bool truth) {
    static const struct value values[] = {
        {.kind = VALUE_LITERAL, .type = LITERAL_BOOL, .text = {"false", 5}},
        {.kind = VALUE_LITERAL, .type = LITERAL_BOOL, .text = {"true", 4}},
    };
    return &values[truth];
}

const struct value *make_null(void) {
    static const struct value value = {.kind = VALUE_NULL};
    return &value;
}

const struct value *make_error(void) {
    static const struct value value = {.kind = VALUE_UNKNOWN, .text = {"error", 5}};
    return &value;
}

bool is_error(const struct value *value) {
    return value == make_error();
}

struct value *make_list(struct evaluator *evaluator, const struct values *items) {
    struct value *list = make(evaluator, VALUE_LIST);
    if (!resolve_spend(evaluator->scope, items->count * sizeof *list->items)) {
        evaluator->failed = true;
        return list;
    }
    list->count = items->count;
    list->items = ARENA_ARRAY(evaluator->arena, struct value_item, (size_t)items->count + 1);
    for (uint32_t i = 0; i < items->count; i++)
        list->items[i].value = items->items[i];
    return list;
}

struct value *make_map(struct evaluator *evaluator, struct value_item *items, uint32_t count) {
    struct value *map = make(evaluator, VALUE_MAP);
    struct map places;
    map_init(&places, evaluator->arena);
    if (!resolve_spend(evaluator->scope, count * 2 * sizeof *items)) {
        evaluator->failed = true;
        return map;
    }
    map->items = ARENA_ARRAY(evaluator->arena, struct value_item, (size_t)count + 1);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = map_set_default(&places, items[i].key, map->count);
        if (at == map->count)
            map->count++;
        map->items[at] = items[i];
    }
    return map;
}

const struct value *make_open(struct evaluator *evaluator, struct slice text) {
    if (text.size > RESOLVE_RENDER || !resolve_spend(evaluator->scope, text.size))
        evaluator->failed = true;
    struct value *value = make(evaluator, VALUE_EXPRESSION);
    value->text = text;
    return value;
}

void values_add(struct evaluator *evaluator, struct values *values, const struct value *value) {
    vec_push(evaluator->arena, values, value);
}

bool is_open(const struct value *value) {
    return value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION ||
           (value->kind == VALUE_UNKNOWN && !is_error(value));
}

bool is_known(const struct value *value) {
    if (value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION ||
        value->kind == VALUE_UNKNOWN)
        return false;
    for (uint32_t i = 0; i < value->count; i++)
        if (!is_known(value->items[i].value))
            return false;
    return true;
}

bool is_text(const struct value *value) {
    return value->kind == VALUE_LITERAL && value->type == LITERAL_STRING;
}

bool as_number(const struct value *value, int64_t *number) {
    return value->kind == VALUE_LITERAL && value->type != LITERAL_BOOL &&
           slice_to_int(value->text, number);
}

struct slice as_text(struct evaluator *evaluator, const struct value *value) {
    if (value->kind == VALUE_LITERAL)
        return value->text;
    struct strbuf out;
    strbuf_init(&out, evaluator->arena);
    bool encoded = !slice_is_none(value->tag) && json_encode(evaluator, &out, value);
    return encoded ? strbuf_slice(&out) : SLICE_NONE;
}

static int by_key(const void *a, const void *b) {
    const struct value_item *left = a, *right = b;
    return slice_compare(left->key, right->key);
}

struct value_item *sorted_items(struct evaluator *evaluator, const struct value *value) {
    struct value_item *items =
        ARENA_ARRAY(evaluator->arena, struct value_item, (size_t)value->count + 1);
    if (!resolve_spend(evaluator->scope, value->count * sizeof *items))
        evaluator->failed = true;
    if (value->count)
        memcpy(items, value->items, value->count * sizeof *items);
    if (value->kind == VALUE_MAP && value->count)
        qsort(items, value->count, sizeof *items, by_key);
    return items;
}
