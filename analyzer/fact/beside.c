/* Conditions on what stands beside an attribute: in the nearest mapping around it that has it. */
#include "fact/predicate_eval.h"

bool evaluation_has_beside(const struct evaluation *evaluation,
                           const struct predicate_record *record) {
    predicate_ref last =
        record->count ? evaluation_operand(evaluation, record, record->count - 1) : 0;
    const struct predicate_record *condition = evaluation_record(evaluation, last);
    return condition && condition->op == COND_BESIDE;
}

struct neighbour_search {
    const struct value *wanted; /* known by where it lies: equal ones may stand elsewhere */
    struct slice path;
    const struct value *found;
};

/* True once the wanted value was met; on the way back the innermost mapping is asked first. Depth
 * is bounded by the nesting limit of the parsers. */
static bool search(struct neighbour_search *with, const struct value *at) {
    if (at == with->wanted)
        return true;
    if (at->kind != VALUE_MAP && at->kind != VALUE_LIST)
        return false;
    for (uint32_t i = 0; i < at->count; i++) {
        if (!search(with, at->items[i].value))
            continue;
        if (!with->found && at->kind == VALUE_MAP)
            with->found = value_at(at, with->path);
        return true;
    }
    return false;
}

/* Where only the other side has the attribute: beside the place it would have. */
static const struct value *neighbour_of_none(const struct evaluation *evaluation, bool before,
                                             struct slice path, bool *met) {
    size_t dot =
        slice_is_none(evaluation->at) ? SLICE_NPOS : slice_find_last_byte(evaluation->at, '.');
    const struct value *map = evaluation_body(evaluation, before);
    if (map && dot != SLICE_NPOS)
        map = value_at(map, slice_sub(evaluation->at, 0, dot));
    *met = map && !slice_is_none(evaluation->at);
    return *met ? value_at(map, path) : NULL;
}

static const struct value *neighbour(const struct evaluation *evaluation, bool before,
                                     const struct value *wanted, struct slice path, bool *met) {
    const struct value *body = evaluation_body(evaluation, before);
    if (!wanted)
        return neighbour_of_none(evaluation, before, path, met);
    struct neighbour_search with = {wanted, path, NULL};
    *met = body && search(&with, body);
    return with.found;
}

enum predicate_result evaluation_beside(struct evaluation *evaluation,
                                        const struct predicate_record *record) {
    struct predicate_context *context = evaluation->context;
    struct slice path = image_string(evaluation->image, record->text);
    const struct value *was = context->was.count ? context->was.items[0] : NULL;
    const struct value *is = context->is.count ? context->is.items[0] : NULL;
    bool before = record->number == BESIDE_WAS, met;
    if (record->number == BESIDE_EITHER)
        before = !is;
    const struct value *value = neighbour(evaluation, before, before ? was : is, path, &met);
    if (!met)
        return PREDICATE_NO;
    return evaluation_match(evaluation, evaluation_operand(evaluation, record, 0), value);
}
