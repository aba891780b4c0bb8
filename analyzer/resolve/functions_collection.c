/* Functions of lists and maps. What they hold may be open where it does not matter. */
#include "resolve/functions.h"

#include <stdlib.h>

static bool is_empty_text(const struct value *value) {
    return is_text(value) && !value->text.size;
}

static const struct value *run_concat(const struct call *call) {
    struct values made = {0};
    for (uint32_t i = 0; i < call->count; i++) {
        const struct value *list = call->arguments[i];
        if (!is_list(list))
            return NULL;
        for (uint32_t n = 0; n < list->count; n++)
            values_add(call->evaluator, &made, list->items[n].value);
    }
    return make_list(call->evaluator, &made);
}

static const struct value *run_merge(const struct call *call) {
    VEC(struct value_item) items = {0};
    for (uint32_t i = 0; i < call->count; i++) {
        const struct value *map = call->arguments[i];
        if (!is_map(map) && map->kind != VALUE_NULL)
            return NULL;
        for (uint32_t n = 0; n < map->count; n++)
            vec_push(call->evaluator->arena, &items, map->items[n]);
    }
    return make_map(call->evaluator, items.items, items.count);
}

static const struct value *run_lookup(const struct call *call) {
    const struct value *map = call->arguments[0];
    struct slice key = call_text(call, 1);
    if (is_error(map))
        return map;
    if (!is_map(map) || !slice_is_none(map->tag) || slice_is_none(key))
        return NULL;
    const struct value *found = value_get(map, key);
    if (found)
        return found;
    return call->count == 3 ? call->arguments[2] : make_error();
}

static const struct value *same(const struct call *call) {
    return call->arguments[0];
}

static const struct value *run_tolist(const struct call *call) {
    return is_list(call->arguments[0]) ? call->arguments[0] : NULL;
}

static const struct value *run_tomap(const struct call *call) {
    return is_map(call->arguments[0]) ? call->arguments[0] : NULL;
}

static bool holds(const struct values *values, const struct value *value) {
    for (uint32_t i = 0; i < values->count; i++)
        if (value_equal(values->items[i], value))
            return true;
    return false;
}

/* Quadratic: lists here are short, and long ones are left alone. */
enum { DISTINCT_MAX = 1024 };

static bool add_distinct(const struct call *call, struct values *made, const struct value *list) {
    if (!is_list(list) || list->count > DISTINCT_MAX)
        return false;
    for (uint32_t i = 0; i < list->count; i++)
        if (!holds(made, list->items[i].value))
            values_add(call->evaluator, made, list->items[i].value);
    return made->count <= DISTINCT_MAX;
}

static const struct value *run_distinct(const struct call *call) {
    struct values made = {0};
    return add_distinct(call, &made, call->arguments[0]) ? make_list(call->evaluator, &made) : NULL;
}

static int by_text(const void *a, const void *b) {
    return slice_compare((*(const struct value *const *)a)->text,
                         (*(const struct value *const *)b)->text);
}

static const struct value *sorted(const struct call *call, struct values *values) {
    for (uint32_t i = 0; i < values->count; i++)
        if (values->items[i]->kind != VALUE_LITERAL)
            return make_list(call->evaluator, values); /* a set: its order does not count */
    if (values->count)
        qsort(values->items, values->count, sizeof *values->items, by_text);
    return make_list(call->evaluator, values);
}

static const struct value *run_setunion(const struct call *call) {
    struct values made = {0};
    for (uint32_t i = 0; i < call->count; i++)
        if (!add_distinct(call, &made, call->arguments[i]))
            return NULL;
    return sorted(call, &made);
}

/* Elements of the first list that are in all others, or in none. */
static const struct value *select_by_others(const struct call *call, bool wanted) {
    struct values made = {0}, all = {0};
    if (!add_distinct(call, &all, call->arguments[0]))
        return NULL;
    for (uint32_t i = 0; i < all.count; i++) {
        bool keep = true;
        for (uint32_t n = 1; n < call->count; n++) {
            struct values other = {0};
            if (!add_distinct(call, &other, call->arguments[n]))
                return NULL;
            keep &= holds(&other, all.items[i]) == wanted;
        }
        if (keep)
            values_add(call->evaluator, &made, all.items[i]);
    }
    return sorted(call, &made);
}

static const struct value *run_setintersection(const struct call *call) {
    return select_by_others(call, true);
}

static const struct value *run_setsubtract(const struct call *call) {
    return select_by_others(call, false);
}

/* The first varies slowest. */
static const struct value *run_setproduct(const struct call *call) {
    struct values made = {0};
    uint64_t total = 1;
    for (uint32_t i = 0; i < call->count; i++) {
        if (!is_list(call->arguments[i]))
            return NULL;
        total *= call->arguments[i]->count;
        if (total > DISTINCT_MAX)
            return NULL;
    }
    for (uint64_t n = 0; n < total; n++) {
        struct values row = {0};
        uint64_t rest = n, width = total;
        for (uint32_t i = 0; i < call->count; i++) {
            width /= call->arguments[i]->count;
            values_add(call->evaluator, &row, call->arguments[i]->items[rest / width].value);
            rest %= width;
        }
        values_add(call->evaluator, &made, make_list(call->evaluator, &row));
    }
    return make_list(call->evaluator, &made);
}

static const struct value *run_length(const struct call *call) {
    const struct value *value = call->arguments[0];
    if (is_list(value) || is_map(value))
        return make_number(call->evaluator, value->count);
    if (!is_text(value))
        return NULL;
    for (size_t i = 0; i < value->text.size; i++)
        if ((unsigned char)value->text.data[i] >= 0x80)
            return NULL;
    return make_number(call->evaluator, (int64_t)value->text.size);
}

static const struct value *run_coalesce(const struct call *call) {
    for (uint32_t i = 0; i < call->count; i++) {
        const struct value *value = call->arguments[i];
        if (is_error(value))
            return value;
        if (is_open(value) || value->template)
            return NULL; /* may be null */
        if (value->kind != VALUE_NULL && !is_empty_text(value))
            return value;
    }
    return make_error();
}

static const struct value *run_coalescelist(const struct call *call) {
    for (uint32_t i = 0; i < call->count; i++) {
        const struct value *value = call->arguments[i];
        if (is_error(value))
            return value;
        if (is_open(value))
            return NULL;
        if (value->count)
            return value;
    }
    return make_error();
}

/* An open argument may turn out to be wrong. */
static const struct value *run_try(const struct call *call) {
    for (uint32_t i = 0; i < call->count; i++)
        if (!is_error(call->arguments[i]))
            return is_open(call->arguments[i]) && i + 1 < call->count ? NULL : call->arguments[i];
    return make_error();
}

static const struct value *run_can(const struct call *call) {
    const struct value *value = call->arguments[0];
    return is_open(value) ? NULL : make_bool(!is_error(value));
}

enum { OPEN_PARTS = 64 }; /* elements taken from a list that is not known */

/* a.b[*].id at 2 is a.b[2].id: NULL for anything else. */
static const struct value *open_element(const struct call *call, const struct value *list,
                                        int64_t index) {
    size_t star = slice_find(list->text, SLICE("[*]"));
    if (list->kind != VALUE_REFERENCE || star == SLICE_NPOS || index < 0 ||
        slice_contains(slice_from(list->text, star + 3), SLICE("[")))
        return NULL;
    struct slice text = arena_format(call->evaluator->arena, "%.*s[%lld]%.*s",
                                     SLICE_ARGS(slice_sub(list->text, 0, star)), (long long)index,
                                     SLICE_ARGS(slice_from(list->text, star + 3)));
    struct value *value = (struct value *)make_open(call->evaluator, text);
    value->kind = VALUE_REFERENCE;
    return value;
}

static const struct value *slice_open(const struct call *call, int64_t from, int64_t to) {
    struct values made = {0};
    if (from < 0 || to < from || to - from > OPEN_PARTS)
        return NULL;
    for (; from < to; from++) {
        const struct value *part = open_element(call, call->arguments[0], from);
        if (!part)
            return NULL;
        values_add(call->evaluator, &made, part);
    }
    return make_list(call->evaluator, &made);
}

static const struct value *run_slice(const struct call *call) {
    const struct value *list = call->arguments[0];
    struct values made = {0};
    int64_t from, to;
    for (uint32_t i = 0; i < call->count; i++)
        if (is_error(call->arguments[i]))
            return call->arguments[i];
    if (!call_number(call, 1, &from) || !call_number(call, 2, &to))
        return NULL;
    if (is_open(list))
        return slice_open(call, from, to);
    if (!is_list(list))
        return NULL;
    if (from < 0 || from > to || to > list->count)
        return make_error();
    for (uint32_t i = (uint32_t)from; i < to; i++)
        values_add(call->evaluator, &made, list->items[i].value);
    return make_list(call->evaluator, &made);
}

static const struct value *run_element(const struct call *call) {
    const struct value *list = call->arguments[0];
    int64_t index;
    if (!is_list(list) || !call_number(call, 1, &index))
        return NULL;
    return list->count && index >= 0 ? list->items[index % list->count].value : make_error();
}

static const struct value *run_index(const struct call *call) {
    const struct value *list = call->arguments[0];
    if (!is_list(list))
        return NULL;
    for (uint32_t i = 0; i < list->count; i++) {
        int equal = evaluate_equal(list->items[i].value, call->arguments[1]);
        if (equal)
            return equal < 0 ? NULL : make_number(call->evaluator, i);
    }
    return make_error();
}

static const struct value *run_contains(const struct call *call) {
    const struct value *list = call->arguments[0];
    bool undecided = false;
    if (!is_list(list))
        return NULL;
    for (uint32_t i = 0; i < list->count; i++) {
        int equal = evaluate_equal(list->items[i].value, call->arguments[1]);
        if (equal == 1)
            return make_bool(true);
        undecided |= equal < 0;
    }
    return undecided ? NULL : make_bool(false);
}

static bool flatten_into(const struct call *call, struct values *made, const struct value *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        const struct value *item = list->items[i].value;
        if (is_open(item) && !item->template)
            return false; /* may be a list */
        if (!is_list(item))
            values_add(call->evaluator, made, item);
        else if (!flatten_into(call, made, item))
            return false;
    }
    return true;
}

static const struct value *run_flatten(const struct call *call) {
    struct values made = {0};
    if (!is_list(call->arguments[0]) || !flatten_into(call, &made, call->arguments[0]))
        return NULL;
    return make_list(call->evaluator, &made);
}

static const struct value *run_compact(const struct call *call) {
    const struct value *list = call->arguments[0];
    struct values made = {0};
    for (uint32_t i = 0; i < list->count; i++) {
        const struct value *item = list->items[i].value;
        if (is_open(item) && !item->template)
            return NULL;
        if (item->kind != VALUE_NULL && !is_empty_text(item))
            values_add(call->evaluator, &made, item);
    }
    return is_list(list) ? make_list(call->evaluator, &made) : NULL;
}

static const struct value *run_keys(const struct call *call) {
    const struct value *map = call->arguments[0];
    struct values made = {0};
    struct value_item *items = sorted_items(call->evaluator, map);
    for (uint32_t i = 0; is_map(map) && i < map->count; i++)
        values_add(call->evaluator, &made, make_text(call->evaluator, items[i].key));
    return is_map(map) ? make_list(call->evaluator, &made) : NULL;
}

static const struct value *run_values(const struct call *call) {
    const struct value *map = call->arguments[0];
    struct values made = {0};
    struct value_item *items = sorted_items(call->evaluator, map);
    for (uint32_t i = 0; is_map(map) && i < map->count; i++)
        values_add(call->evaluator, &made, items[i].value);
    return is_map(map) ? make_list(call->evaluator, &made) : NULL;
}

static const struct value *run_zipmap(const struct call *call) {
    const struct value *keys = call->arguments[0], *values = call->arguments[1];
    VEC(struct value_item) items = {0};
    if (!is_list(keys) || !is_list(values) || keys->count != values->count)
        return NULL;
    for (uint32_t i = 0; i < keys->count; i++) {
        struct value_item item = {
            value_literal(keys->items[i].value), {0, 0}, values->items[i].value};
        if (slice_is_none(item.key))
            return NULL;
        vec_push(call->evaluator->arena, &items, item);
    }
    return make_map(call->evaluator, items.items, items.count);
}

static const struct value *run_reverse(const struct call *call) {
    const struct value *list = call->arguments[0];
    struct values made = {0};
    for (uint32_t i = list->count; is_list(list) && i-- > 0;)
        values_add(call->evaluator, &made, list->items[i].value);
    return is_list(list) ? make_list(call->evaluator, &made) : NULL;
}

static const struct value *run_sort(const struct call *call) {
    const struct value *list = call->arguments[0];
    struct values made = {0};
    for (uint32_t i = 0; i < list->count; i++) {
        if (!is_text(list->items[i].value))
            return NULL;
        values_add(call->evaluator, &made, list->items[i].value);
    }
    return is_list(list) ? sorted(call, &made) : NULL;
}

static const struct value *run_range(const struct call *call) {
    int64_t from = 0, to, by = 1;
    struct values made = {0};
    uint32_t last = call->count > 1 ? 1 : 0;
    if (!call_number(call, last, &to) || (last && !call_number(call, 0, &from)) ||
        (call->count == 3 && !call_number(call, 2, &by)) || by <= 0 || to - from > DISTINCT_MAX)
        return NULL;
    for (int64_t i = from; i < to; i += by)
        values_add(call->evaluator, &made, make_number(call->evaluator, i));
    return make_list(call->evaluator, &made);
}

static const struct value *run_one(const struct call *call) {
    const struct value *list = call->arguments[0];
    if (!is_list(list))
        return NULL;
    if (list->count > 1)
        return make_error();
    return list->count ? list->items[0].value : make_null();
}

static const struct value *run_sum(const struct call *call) {
    int64_t sum = 0, number;
    const struct value *list = call->arguments[0];
    for (uint32_t i = 0; i < list->count; i++)
        if (!as_number(list->items[i].value, &number) || __builtin_add_overflow(sum, number, &sum))
            return NULL;
    return is_list(list) && list->count ? make_number(call->evaluator, sum) : NULL;
}

const struct function FUNCTIONS_OF_COLLECTIONS[] = {
    {"concat", 1, FUNCTION_MANY, NEEDS_SHAPE, run_concat},
    {"merge", 1, FUNCTION_MANY, NEEDS_SHAPE, run_merge},
    {"lookup", 2, 3, NEEDS_ANY, run_lookup},
    {"toset", 1, 1, NEEDS_SHAPE, run_distinct},
    {"tolist", 1, 1, NEEDS_SHAPE, run_tolist},
    {"tomap", 1, 1, NEEDS_SHAPE, run_tomap},
    {"sensitive", 1, 1, NEEDS_ANY, same},
    {"nonsensitive", 1, 1, NEEDS_ANY, same},
    {"length", 1, 1, NEEDS_SHAPE, run_length},
    {"coalesce", 1, FUNCTION_MANY, NEEDS_ANY, run_coalesce},
    {"coalescelist", 1, FUNCTION_MANY, NEEDS_ANY, run_coalescelist},
    {"try", 1, FUNCTION_MANY, NEEDS_ANY, run_try},
    {"can", 1, 1, NEEDS_ANY, run_can},
    {"slice", 3, 3, NEEDS_ANY, run_slice},
    {"element", 2, 2, NEEDS_SHAPE, run_element},
    {"index", 2, 2, NEEDS_SHAPE, run_index},
    {"contains", 2, 2, NEEDS_SHAPE, run_contains},
    {"distinct", 1, 1, NEEDS_KNOWN, run_distinct},
    {"flatten", 1, 1, NEEDS_SHAPE, run_flatten},
    {"compact", 1, 1, NEEDS_SHAPE, run_compact},
    {"keys", 1, 1, NEEDS_SHAPE, run_keys},
    {"values", 1, 1, NEEDS_SHAPE, run_values},
    {"zipmap", 2, 2, NEEDS_SHAPE, run_zipmap},
    {"reverse", 1, 1, NEEDS_SHAPE, run_reverse},
    {"sort", 1, 1, NEEDS_KNOWN, run_sort},
    {"range", 1, 3, NEEDS_KNOWN, run_range},
    {"one", 1, 1, NEEDS_SHAPE, run_one},
    {"sum", 1, 1, NEEDS_KNOWN, run_sum},
    {"setunion", 1, FUNCTION_MANY, NEEDS_SHAPE, run_setunion},
    {"setintersection", 1, FUNCTION_MANY, NEEDS_KNOWN, run_setintersection},
    {"setsubtract", 2, 2, NEEDS_KNOWN, run_setsubtract},
    {"setproduct", 2, FUNCTION_MANY, NEEDS_SHAPE, run_setproduct},
    {.name = NULL},
};
