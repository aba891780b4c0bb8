/* Functions of lists and maps that belong together, as the columns of a table. */
#include "resolve/functions.h"

static const struct value *run_chunklist(const struct call *call) {
    const struct value *list = call->arguments[0];
    struct values made = {0}, chunk = {0};
    int64_t size;
    if (!is_list(list) || !call_number(call, 1, &size) || size < 0)
        return NULL;
    for (uint32_t i = 0; i < list->count; i++) {
        values_add(call->evaluator, &chunk, list->items[i].value);
        if (i + 1 < list->count && (!size || chunk.count < size))
            continue;
        values_add(call->evaluator, &made, make_list(call->evaluator, &chunk));
        chunk = (struct values){0};
    }
    return make_list(call->evaluator, &made);
}

/* Of a map of lists of texts: which keys each text stands under. */
static const struct value *run_transpose(const struct call *call) {
    const struct value *map = call->arguments[0];
    struct evaluator *evaluator = call->evaluator;
    VEC(struct value_item) made = {0};
    struct map places;
    if (!is_map(map))
        return NULL;
    map_init(&places, evaluator->arena);
    struct value_item *items = sorted_items(evaluator, map);
    for (uint32_t i = 0; i < map->count; i++)
        for (uint32_t n = 0; n < items[i].value->count; n++) {
            const struct value *key = make_text(evaluator, items[i].key);
            struct slice name = value_literal(items[i].value->items[n].value);
            if (!is_list(items[i].value) || slice_is_none(name))
                return NULL;
            uint32_t at = map_set_default(&places, name, made.count);
            struct values keys = {0};
            if (at == made.count)
                vec_push(evaluator->arena, &made, ((struct value_item){name, {0, 0}, make_null()}));
            for (uint32_t k = 0; k < made.items[at].value->count; k++)
                values_add(evaluator, &keys, made.items[at].value->items[k].value);
            values_add(evaluator, &keys, key);
            made.items[at].value = make_list(evaluator, &keys);
        }
    return make_map(evaluator, made.items, made.count);
}

static const struct value *run_matchkeys(const struct call *call) {
    const struct value *values = call->arguments[0], *keys = call->arguments[1];
    const struct value *wanted = call->arguments[2];
    struct values made = {0};
    if (!is_list(values) || !is_list(keys) || !is_list(wanted) || values->count != keys->count)
        return NULL;
    for (uint32_t i = 0; i < keys->count; i++)
        for (uint32_t n = 0; n < wanted->count; n++)
            if (evaluate_equal(keys->items[i].value, wanted->items[n].value) == 1) {
                values_add(call->evaluator, &made, values->items[i].value);
                break;
            }
    return make_list(call->evaluator, &made);
}

static const struct value *all_or_any(const struct call *call, bool all) {
    const struct value *list = call->arguments[0];
    for (uint32_t i = 0; i < list->count; i++)
        if (value_is_true(list->items[i].value) != all)
            return make_bool(!all);
    return is_list(list) ? make_bool(all) : NULL;
}

static const struct value *run_alltrue(const struct call *call) {
    return all_or_any(call, true);
}

static const struct value *run_anytrue(const struct call *call) {
    return all_or_any(call, false);
}

const struct function FUNCTIONS_OF_TABLES[] = {
    {"chunklist", 2, 2, NEEDS_SHAPE, run_chunklist},
    {"transpose", 1, 1, NEEDS_KNOWN, run_transpose},
    {"matchkeys", 3, 3, NEEDS_KNOWN, run_matchkeys},
    {"alltrue", 1, 1, NEEDS_KNOWN, run_alltrue},
    {"anytrue", 1, 1, NEEDS_KNOWN, run_anytrue},
    {.name = NULL},
};
