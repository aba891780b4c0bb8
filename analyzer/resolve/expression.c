/* Expressions of a body: evaluated (evaluate.h), and the outcome put where the expression stood. */
#include "resolve/evaluate.h"

static const struct value *evaluate_whole(struct evaluator *evaluator, const struct value *value) {
    if (value->template || value->kind == VALUE_LITERAL)
        return evaluate_template(evaluator, value->text);
    evaluator->text = value->text;
    const struct value *result = evaluate_expression(evaluator);
    if (evaluate_peek(evaluator) || evaluator->at < evaluator->text.size)
        evaluator->failed = true;
    return result;
}

/* What stays open keeps what is known of it besides its text. */
static const struct value *still_open(struct evaluator *evaluator, const struct value *value,
                                      const struct value *result) {
    bool same = result->kind == value->kind && result->template == value->template;
    if (same && slice_equal(result->text, value->text))
        return value;
    struct value *copy = ARENA_NEW(evaluator->arena, struct value);
    *copy = *value;
    copy->kind = result->kind;
    copy->template = result->template;
    copy->text = result->text;
    copy->resolved = evaluator->named;
    return copy;
}

const struct value *resolve_expression(struct resolve_scope *scope, const struct value *value) {
    struct evaluator evaluator = {.scope = scope, .arena = scope->arena, .bound = scope->bound};
    const struct value *result = evaluate_whole(&evaluator, value);
    if (evaluator.failed || is_error(result))
        return value;
    if (is_open(result))
        return still_open(&evaluator, value, result);
    return resolve_place(scope, result, value, evaluator.named);
}
