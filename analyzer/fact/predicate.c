#include "fact/predicate.h"

#include "fact/predicate_eval.h"

void predicate_context_init(struct predicate_context *context, struct arena *arena,
                            const struct knowledge *knowledge) {
    *context = (struct predicate_context){.arena = arena, .knowledge = knowledge};
}

static enum predicate_result evaluate(struct evaluation *evaluation, predicate_ref ref);

/* What a part that did not hold has noted is taken back. */
static enum predicate_result evaluate_joined(struct evaluation *evaluation,
                                             const struct predicate_record *record) {
    enum predicate_result stop = record->op == OP_ALL ? PREDICATE_NO : PREDICATE_YES;
    enum predicate_result result = result_not(stop);
    struct predicate_match before = {0};
    if (evaluation->match)
        before = *evaluation->match;
    for (uint32_t i = 0; i < record->count && result != stop; i++) {
        enum predicate_result one = evaluate(evaluation, evaluation_operand(evaluation, record, i));
        result = one == stop || one == PREDICATE_UNDECIDED ? one : result;
    }
    if (evaluation->match && result == PREDICATE_NO)
        *evaluation->match = before;
    return result;
}

static enum predicate_result evaluate_not(struct evaluation *evaluation,
                                          const struct predicate_record *record) {
    struct predicate_match *match = evaluation->match;
    evaluation->match = NULL;
    enum predicate_result inner = evaluate(evaluation, evaluation_operand(evaluation, record, 0));
    evaluation->match = match;
    return result_not(inner);
}

static bool subject_number(const struct evaluation *evaluation, uint32_t which, int64_t *number) {
    const struct predicate_subject *subject = evaluation->subject;
    return subject && subject->type->number &&
           subject->type->number(subject->self, (enum predicate_number)which, number);
}

static enum predicate_result evaluate_number(struct evaluation *evaluation,
                                             const struct predicate_record *record) {
    int64_t number;
    char text[24];
    if (!subject_number(evaluation, (uint32_t)record->number, &number))
        return PREDICATE_NO;
    size_t at = sizeof text;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do
        text[--at] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        text[--at] = '-';
    return evaluation_match_text(evaluation, evaluation_operand(evaluation, record, 0),
                                 slice_make(text + at, sizeof text - at), false);
}

static enum predicate_result evaluate_word(const struct evaluation *evaluation,
                                           const struct predicate_record *record) {
    int64_t number;
    if (!subject_number(evaluation, record->text, &number) || number < 0 || number > 31)
        return PREDICATE_NO;
    bool yes =
        record->op == OP_WORDS ? (record->number >> number & 1) != 0 : number >= record->number;
    return yes ? PREDICATE_YES : PREDICATE_NO;
}

static enum predicate_result evaluate_text(struct evaluation *evaluation,
                                           const struct predicate_record *record) {
    enum predicate_text which = (enum predicate_text)record->number;
    predicate_ref matcher = evaluation_operand(evaluation, record, 0);
    enum predicate_result result = evaluation_match_text(
        evaluation, matcher, evaluation_text(evaluation, which), which == TEXT_FILE);
    if (which != TEXT_COMMAND || result != PREDICATE_NO)
        return result;
    struct slice usual = evaluation_text(evaluation, TEXT_USUAL);
    return slice_is_none(usual) ? result : evaluation_match_text(evaluation, matcher, usual, false);
}

/*
 * Rules ask much the same of an event, and mostly in vain: what did not hold for a subject is
 * remembered (a refusal notes nothing, so nothing else is lost). Direct mapped: a slot forgets.
 */
struct predicate_refusal {
    const void *identity;
    const struct predicate_record *record;
};

enum { REFUSALS = 256 };

static struct predicate_refusal *refusal_slot(const struct evaluation *evaluation,
                                              predicate_ref ref) {
    struct predicate_context *context = evaluation->context;
    if (!evaluation->subject || !evaluation->subject->identity)
        return NULL;
    if (!context->refused)
        context->refused = ARENA_ARRAY(context->arena, struct predicate_refusal, REFUSALS);
    return &context->refused[ref % REFUSALS];
}

static enum predicate_result evaluate_record(struct evaluation *evaluation,
                                             const struct predicate_record *record);

static enum predicate_result evaluate(struct evaluation *evaluation, predicate_ref ref) {
    const struct predicate_record *record = evaluation_record(evaluation, ref);
    if (!record)
        return PREDICATE_YES;
    struct predicate_refusal *slot = refusal_slot(evaluation, ref);
    if (slot && slot->record == record && slot->identity == evaluation->subject->identity)
        return PREDICATE_NO;
    enum predicate_result result = evaluate_record(evaluation, record);
    if (slot && result == PREDICATE_NO)
        *slot = (struct predicate_refusal){evaluation->subject->identity, record};
    return result;
}

static enum predicate_result evaluate_record(struct evaluation *evaluation,
                                             const struct predicate_record *record) {
    switch ((enum predicate_op)record->op) {
    case OP_ALL:
    case OP_ANY:
        return evaluate_joined(evaluation, record);
    case OP_NOT:
        return evaluate_not(evaluation, record);
    case OP_ATTRIBUTE:
        return evaluation_attribute(evaluation, record);
    case OP_ATTRIBUTES:
        return evaluation_attributes(evaluation, record);
    case OP_TEXT:
        return evaluate_text(evaluation, record);
    case OP_NUMBER:
        return evaluate_number(evaluation, record);
    case OP_WORDS:
    case OP_AT_LEAST:
        return evaluate_word(evaluation, record);
    default:
        return PREDICATE_NO;
    }
}

enum predicate_result predicate_evaluate(struct predicate_context *context,
                                         const struct image *image, predicate_ref ref,
                                         const struct predicate_subject *subject,
                                         struct predicate_match *match) {
    if (match)
        *match = (struct predicate_match){0};
    struct evaluation evaluation = evaluation_make(context, image, subject, match);
    return evaluate(&evaluation, ref);
}
