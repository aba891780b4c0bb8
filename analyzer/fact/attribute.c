/* Conditions on attributes: which values of each side a path means, and what must hold of them. */
#include "fact/path.h"
#include "fact/predicate_eval.h"
#include "fact/value_set.h"

const struct value *evaluation_body(const struct evaluation *evaluation, bool before) {
    const struct predicate_subject *subject = evaluation->subject;
    return subject && subject->type->body ? subject->type->body(subject->self, before) : NULL;
}

/* A key without a value is there all the same (`on: {pull_request_target:}`); `absent` matches it.
 */
static bool collect_one(const struct value *value, void *context) {
    struct predicate_context *target = context;
    vec_push(target->arena, &target->is, value);
    return true;
}

static bool collect_one_before(const struct value *value, void *context) {
    struct predicate_context *target = context;
    vec_push(target->arena, &target->was, value);
    return true;
}

void evaluation_drop_shared(struct predicate_context *context) {
    uint32_t was_count = context->was.count, is_count = context->is.count;
    struct value_set was = value_set_make(context->arena, context->was.items, was_count);
    struct value_set is = value_set_make(context->arena, context->is.items, is_count);
    context->was.count = context->is.count = 0;
    for (uint32_t i = 0; i < was_count; i++)
        if (!value_set_has(&is, context->was.items[i]))
            context->was.items[context->was.count++] = context->was.items[i];
    for (uint32_t i = 0; i < is_count; i++)
        if (!value_set_has(&was, context->is.items[i]))
            context->is.items[context->is.count++] = context->is.items[i];
}

static void collect(struct predicate_context *context, const struct sides *sides) {
    context->was.count = context->is.count = 0;
    if (!sides->path.size) { /* the sides themselves, as mostly */
        if (sides->was)
            collect_one_before(sides->was, context);
        if (sides->is)
            collect_one(sides->is, context);
        return;
    }
    value_each(sides->was, sides->path, collect_one_before, context);
    value_each(sides->is, sides->path, collect_one, context);
    if (slice_ends(sides->path, SLICE("[]")) && context->was.count && context->is.count)
        evaluation_drop_shared(context);
}

static bool values_differ(const struct predicate_context *context) {
    if (context->was.count != context->is.count)
        return true;
    for (uint32_t i = 0; i < context->was.count; i++)
        if (!value_equal(context->was.items[i], context->is.items[i]))
            return true;
    return false;
}

static enum predicate_result match_any(struct evaluation *evaluation, predicate_ref matcher,
                                       const struct value **values, uint32_t count) {
    enum predicate_result result = PREDICATE_NO;
    for (uint32_t i = 0; i < count; i++) {
        enum predicate_result one = evaluation_match(evaluation, matcher, values[i]);
        if (one == PREDICATE_YES)
            return one;
        result = one == PREDICATE_UNDECIDED ? one : result;
    }
    return count ? result : evaluation_match(evaluation, matcher, NULL);
}

static enum predicate_result compare(struct evaluation *evaluation,
                                     const struct predicate_record *record,
                                     const struct sides *sides, struct slice *amount) {
    struct arena *arena = evaluation->context->arena;
    struct slice path = sides->path;
    if (slice_ends(path, SLICE("[]")))
        path.size -= 2;
    struct slice *modes = ARENA_ARRAY(arena, struct slice, record->count + 1);
    for (uint32_t i = 0; i < record->count; i++)
        modes[i] = image_string(evaluation->image, evaluation_operand(evaluation, record, i));
    const struct value *was = value_at(sides->was, path), *is = value_at(sides->is, path);
    enum order order = (enum order)record->text;
    struct order_result result = order_compare(arena, order, was, is, modes, record->count);
    int64_t times = record->number >> ORDER_RELATION_BITS;
    bool yes = (record->number >> result.relation & 1) != 0 &&
               (!times || order_differs_by(order, was, is, times));
    if (yes)
        *amount = result.amount;
    return yes ? PREDICATE_YES : PREDICATE_NO;
}

struct elements {
    const struct value **items;
    uint32_t count;
};

/* Lists fall into their elements; everything else is one. */
static struct elements elements_of(struct arena *arena, const struct value **values,
                                   uint32_t count) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < count; i++)
        total += values[i]->kind == VALUE_LIST ? values[i]->count : 1;
    struct elements elements = {ARENA_ARRAY(arena, const struct value *, (size_t)total + 1), 0};
    for (uint32_t i = 0; i < count; i++) {
        if (values[i]->kind != VALUE_LIST)
            elements.items[elements.count++] = values[i];
        for (uint32_t k = 0; values[i]->kind == VALUE_LIST && k < values[i]->count; k++)
            elements.items[elements.count++] = values[i]->items[k].value;
    }
    return elements;
}

/* Does an element that only one side holds match? */
static enum predicate_result match_exchanged(struct evaluation *evaluation, predicate_ref matcher,
                                             bool gained) {
    struct predicate_context *context = evaluation->context;
    struct arena *arena = context->arena;
    struct elements was = elements_of(arena, context->was.items, context->was.count);
    struct elements is = elements_of(arena, context->is.items, context->is.count);
    struct elements here = gained ? is : was, there = gained ? was : is;
    struct value_set set = value_set_make(arena, there.items, there.count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < here.count; i++)
        if (!value_set_has(&set, here.items[i]))
            here.items[count++] = here.items[i];
    return count ? match_any(evaluation, matcher, here.items, count) : PREDICATE_NO;
}

static enum predicate_result condition(struct evaluation *evaluation,
                                       const struct predicate_record *record,
                                       const struct sides *sides, struct slice *amount) {
    struct predicate_context *context = evaluation->context;
    predicate_ref matcher = evaluation_operand(evaluation, record, 0);
    bool elements = slice_ends(sides->path, SLICE("[]"));
    switch ((enum predicate_op)record->op) {
    case COND_WAS:
        return match_any(evaluation, matcher, context->was.items, context->was.count);
    case COND_IS:
        return match_any(evaluation, matcher, context->is.items, context->is.count);
    case COND_CHANGED:
        return values_differ(context) ? PREDICATE_YES : PREDICATE_NO;
    case COND_SET: /* with `[]` every element stands for itself */
        return context->is.count && (elements || !context->was.count) ? PREDICATE_YES
                                                                      : PREDICATE_NO;
    case COND_UNSET:
        return context->was.count && (elements || !context->is.count) ? PREDICATE_YES
                                                                      : PREDICATE_NO;
    case COND_GAINED:
    case COND_LOST:
        return match_exchanged(evaluation, matcher, record->op == COND_GAINED);
    case COND_COMPARE:
        return compare(evaluation, record, sides, amount);
    case COND_BESIDE:
        return evaluation_beside(evaluation, record);
    default:
        return PREDICATE_YES; /* COND_VALUE was judged before */
    }
}

/* All conditions but `value`, on the values collected. */
static enum predicate_result conditions(struct evaluation *evaluation,
                                        const struct predicate_record *record, uint32_t from,
                                        const struct sides *sides, struct slice *amount) {
    enum predicate_result result = PREDICATE_YES;
    for (uint32_t i = from; i < record->count; i++) {
        const struct predicate_record *one =
            evaluation_record(evaluation, evaluation_operand(evaluation, record, i));
        enum predicate_result is = condition(evaluation, one, sides, amount);
        if (is == PREDICATE_NO)
            return is;
        result = is == PREDICATE_UNDECIDED ? is : result;
    }
    return result;
}

void evaluation_note(struct evaluation *evaluation, struct predicate_match match) {
    struct predicate_match *kept = evaluation->match;
    match.found = true;
    if (kept && (!kept->found || (match.changed && !kept->changed)))
        *kept = match;
}

static const struct value *first_or_null(const struct value **items, uint32_t count) {
    return count ? items[0] : NULL;
}

/* With conditions on neighbours each value stands for itself: those that only one side holds, in
 * their order. Leaves the pair that holds in context->was and ->is. */
static enum predicate_result judge_pairs(struct evaluation *evaluation,
                                         const struct predicate_record *record, uint32_t from,
                                         struct slice *amount) {
    struct predicate_context *context = evaluation->context;
    if (context->was.count > 1 || context->is.count > 1)
        evaluation_drop_shared(context);
    uint32_t was_count = context->was.count, is_count = context->is.count;
    const struct value **was = ARENA_ARRAY(context->arena, const struct value *, was_count + 1);
    const struct value **is = ARENA_ARRAY(context->arena, const struct value *, is_count + 1);
    for (uint32_t i = 0; i < was_count; i++)
        was[i] = context->was.items[i];
    for (uint32_t i = 0; i < is_count; i++)
        is[i] = context->is.items[i];
    enum predicate_result result = PREDICATE_NO;
    for (uint32_t i = 0; i < was_count || i < is_count; i++) {
        struct sides one = {i < was_count ? was[i] : NULL, i < is_count ? is[i] : NULL, SLICE("")};
        collect(context, &one);
        enum predicate_result held = conditions(evaluation, record, from, &one, amount);
        if (held == PREDICATE_YES)
            return held;
        result = held == PREDICATE_UNDECIDED ? held : result;
    }
    return result;
}

enum predicate_result evaluation_judge(struct evaluation *evaluation,
                                       const struct predicate_record *record, uint32_t from,
                                       const struct sides *sides, struct predicate_match *match) {
    struct predicate_context *context = evaluation->context;
    collect(context, sides);
    bool beside = evaluation_has_beside(evaluation, record);
    enum predicate_result result =
        beside ? judge_pairs(evaluation, record, from, &match->amount)
               : conditions(evaluation, record, from, sides, &match->amount);
    if (result != PREDICATE_YES)
        return result;
    if (beside || (!match->was && !match->is)) {
        match->was = first_or_null(context->was.items, context->was.count);
        match->is = first_or_null(context->is.items, context->is.count);
        match->inner = match->inner || beside;
    }
    evaluation_note(evaluation, *match);
    return result;
}

/* The steps of `pattern` below `above`, which names a parent of it. */
static struct slice path_below(struct slice pattern, struct slice above) {
    struct slice rest = pattern;
    struct path_step step;
    while (path_relate(slice_sub(pattern, 0, pattern.size - rest.size), above) == PATH_INSIDE)
        if (!path_next(&rest, &step))
            break;
    return rest;
}

/* False if the change does not touch the attribute. */
static bool find_sides(const struct evaluation *evaluation, struct slice pattern,
                       const struct predicate_change *change, struct sides *sides) {
    switch (path_relate(pattern, change->path)) {
    case PATH_SAME:
        *sides = (struct sides){change->was, change->is, SLICE("")};
        if (slice_ends(pattern, SLICE("[]")) && !slice_ends(change->path, SLICE("]")))
            sides->path = SLICE("[]");
        return true;
    case PATH_ABOVE:
        *sides = (struct sides){change->was, change->is, path_below(pattern, change->path)};
        return true;
    case PATH_INSIDE:
        *sides = (struct sides){evaluation_body(evaluation, true),
                                evaluation_body(evaluation, false), pattern};
        return true;
    default:
        return false;
    }
}

static enum predicate_result judge_changes(struct evaluation *evaluation,
                                           const struct predicate_record *record,
                                           struct slice path) {
    const struct predicate_subject *subject = evaluation->subject;
    enum predicate_result result = PREDICATE_NO;
    struct predicate_change change;
    for (uint32_t i = 0; subject->type->change && subject->type->change(subject->self, i, &change);
         i++) {
        struct sides sides;
        if (!find_sides(evaluation, path, &change, &sides))
            continue;
        collect(evaluation->context, &sides);
        if (!values_differ(evaluation->context))
            continue;
        evaluation->at = sides.path.size ? SLICE_NONE : change.path;
        struct predicate_match match = {
            .changed = true, .change = i, .path = change.path, .was = change.was, .is = change.is};
        enum predicate_result one = evaluation_judge(evaluation, record, 0, &sides, &match);
        if (one == PREDICATE_YES)
            return one;
        result = one == PREDICATE_UNDECIDED ? one : result;
    }
    return result;
}

/* `value` conditions: on the body, after preferred. *only if there are no others. */
static enum predicate_result judge_body(struct evaluation *evaluation,
                                        const struct predicate_record *record, struct slice path,
                                        bool *only) {
    struct predicate_context *context = evaluation->context;
    const struct value *root = evaluation_body(evaluation, false);
    root = root ? root : evaluation_body(evaluation, true);
    enum predicate_result result = PREDICATE_YES;
    *only = true;
    for (uint32_t i = 0; i < record->count; i++) {
        const struct predicate_record *one =
            evaluation_record(evaluation, evaluation_operand(evaluation, record, i));
        if (one->op == COND_BESIDE)
            continue;
        if (one->op != COND_VALUE) {
            *only = false;
            continue;
        }
        collect(context, &(struct sides){NULL, root, path});
        enum predicate_result is = match_any(evaluation, evaluation_operand(evaluation, one, 0),
                                             context->is.items, context->is.count);
        if (is == PREDICATE_NO)
            return is;
        result = is == PREDICATE_UNDECIDED ? is : result;
    }
    return result;
}

/* One value of the body for which every condition holds, and those on its neighbours. */
static enum predicate_result judge_values(struct evaluation *evaluation,
                                          const struct predicate_record *record, struct slice path,
                                          struct predicate_match *match) {
    struct predicate_context *context = evaluation->context;
    const struct value *root = evaluation_body(evaluation, false);
    root = root ? root : evaluation_body(evaluation, true);
    collect(context, &(struct sides){NULL, root, path});
    struct elements values = {
        ARENA_ARRAY(context->arena, const struct value *, context->is.count + 1), 0};
    while (values.count < context->is.count) {
        values.items[values.count] = context->is.items[values.count];
        values.count++;
    }
    enum predicate_result result = PREDICATE_NO;
    for (uint32_t v = 0; v < values.count; v++) {
        enum predicate_result held = PREDICATE_YES;
        for (uint32_t i = 0; i < record->count && held != PREDICATE_NO; i++) {
            const struct predicate_record *one =
                evaluation_record(evaluation, evaluation_operand(evaluation, record, i));
            collect(context, &(struct sides){values.items[v], values.items[v], SLICE("")});
            enum predicate_result is =
                one->op == COND_BESIDE
                    ? evaluation_beside(evaluation, one)
                    : match_any(evaluation, evaluation_operand(evaluation, one, 0),
                                &values.items[v], 1);
            held = is == PREDICATE_YES ? held : is;
        }
        match->is = values.items[v];
        if (held == PREDICATE_YES)
            return held;
        result = held == PREDICATE_UNDECIDED ? held : result;
    }
    return result;
}

enum predicate_result evaluation_attribute(struct evaluation *evaluation,
                                           const struct predicate_record *record) {
    struct slice path = image_string(evaluation->image, record->text);
    const struct value *was = evaluation_body(evaluation, true),
                       *is = evaluation_body(evaluation, false);
    bool only;
    enum predicate_result result = judge_body(evaluation, record, path, &only);
    if (result == PREDICATE_NO)
        return result;
    struct predicate_match match = {.path = path};
    if (only) {
        match.is = value_at(is ? is : was, path);
        if (evaluation_has_beside(evaluation, record))
            result = judge_values(evaluation, record, path, &match);
        if (result == PREDICATE_YES)
            evaluation_note(evaluation, match);
        return result;
    }
    struct sides whole = {was, is, path};
    enum predicate_result rest = was && is
                                     ? judge_changes(evaluation, record, path)
                                     : evaluation_judge(evaluation, record, 0, &whole, &match);
    return rest == PREDICATE_YES ? result : rest;
}
