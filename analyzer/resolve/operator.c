/* Operators and the conditional. Only whole numbers are calculated. */
#include "resolve/evaluate.h"

static const struct value *write_binary(struct evaluator *evaluator, struct slice sign,
                                        const struct value *left, const struct value *right) {
    struct strbuf out;
    strbuf_init(&out, evaluator->arena);
    write_operand(evaluator, &out, left);
    strbuf_addf(&out, " %.*s ", SLICE_ARGS(sign));
    write_operand(evaluator, &out, right);
    return make_open(evaluator, strbuf_slice(&out));
}

static int all_equal(const struct value *a, const struct value *b) {
    if (a->count != b->count)
        return 0;
    int equal = 1;
    for (uint32_t i = 0; i < a->count && equal; i++) {
        const struct value *other =
            a->kind == VALUE_MAP ? value_get(b, a->items[i].key) : b->items[i].value;
        int one = other ? evaluate_equal(a->items[i].value, other) : 0;
        equal = one < equal ? one : equal;
    }
    return equal;
}

/* Numbers and texts that read the same: which of them is converted is not known here. */
static int literals_equal(const struct value *a, const struct value *b) {
    int64_t x, y;
    bool same = slice_equal(a->text, b->text);
    if (a->type == b->type && a->type == LITERAL_STRING)
        return same;
    if (same)
        return a->type == b->type ? 1 : -1;
    if (slice_to_int(a->text, &x) && slice_to_int(b->text, &y))
        return x == y ? -1 : 0;
    bool decimal = a->type == LITERAL_NUMBER || b->type == LITERAL_NUMBER;
    return decimal ? -1 : 0;
}

int evaluate_equal(const struct value *a, const struct value *b) {
    if (is_open(a) || is_open(b))
        return -1;
    if (a->kind != b->kind)
        return a->kind == VALUE_NULL || b->kind == VALUE_NULL ? 0 : -1;
    if (a->kind == VALUE_LITERAL)
        return literals_equal(a, b);
    return a->kind == VALUE_NULL ? 1 : all_equal(a, b);
}

static bool calculate(char sign, int64_t a, int64_t b, int64_t *result) {
    switch (sign) {
    case '+':
        return !__builtin_add_overflow(a, b, result);
    case '-':
        return !__builtin_sub_overflow(a, b, result);
    case '*':
        return !__builtin_mul_overflow(a, b, result);
    case '/':
        if (!b || a % b)
            return false;
        *result = a / b;
        return true;
    default:
        if (b <= 0 || a < 0)
            return false;
        *result = a % b;
        return true;
    }
}

static const struct value *number_binary(struct evaluator *evaluator, struct slice sign,
                                         const struct value *left, const struct value *right) {
    int64_t a, b, result;
    char first = sign.data[0];
    bool equal = sign.size == 2;
    if (!as_number(left, &a) || !as_number(right, &b))
        return NULL;
    if (first == '<')
        return make_bool(equal ? a <= b : a < b);
    if (first == '>')
        return make_bool(equal ? a >= b : a > b);
    return calculate(first, a, b, &result) ? make_number(evaluator, result) : NULL;
}

static const struct value *logic_binary(struct slice sign, const struct value *left,
                                        const struct value *right) {
    bool both = slice_is(sign, "&&");
    const struct value *sides[] = {left, right};
    bool known = true;
    for (size_t i = 0; i < 2; i++) {
        if (both ? value_is_false(sides[i]) : value_is_true(sides[i]))
            return make_bool(!both);
        known &= both ? value_is_true(sides[i]) : value_is_false(sides[i]);
    }
    return known ? make_bool(both) : NULL;
}

const struct value *evaluate_binary(struct evaluator *evaluator, struct slice sign,
                                    const struct value *left, const struct value *right) {
    if (is_error(left) || is_error(right))
        return make_error();
    const struct value *result = NULL;
    bool equality = slice_is(sign, "==") || slice_is(sign, "!=");
    if (equality) {
        int equal = evaluate_equal(left, right);
        if (equal >= 0)
            result = make_bool((equal != 0) == (sign.data[0] == '='));
    } else if (sign.data[0] == '&' || sign.data[0] == '|') {
        result = logic_binary(sign, left, right);
    } else {
        result = number_binary(evaluator, sign, left, right);
    }
    return result ? result : write_binary(evaluator, sign, left, right);
}

const struct value *evaluate_unary(struct evaluator *evaluator, char sign,
                                   const struct value *value) {
    int64_t number;
    if (is_error(value))
        return value;
    if (sign == '!' && (value_is_true(value) || value_is_false(value)))
        return make_bool(value_is_false(value));
    if (sign == '-' && as_number(value, &number) && number != INT64_MIN)
        return make_number(evaluator, -number);
    struct strbuf out;
    strbuf_init(&out, evaluator->arena);
    strbuf_add_byte(&out, sign);
    write_operand(evaluator, &out, value);
    if (value->kind == VALUE_LITERAL && value->type == LITERAL_NUMBER) {
        struct value *copy = (struct value *)make_text(evaluator, strbuf_slice(&out));
        copy->type = LITERAL_NUMBER;
        return copy;
    }
    return make_open(evaluator, strbuf_slice(&out));
}

const struct value *evaluate_choice(struct evaluator *evaluator, const struct value *condition,
                                    const struct value *yes, const struct value *no) {
    if (is_error(condition))
        return condition;
    if (value_is_true(condition))
        return yes;
    if (value_is_false(condition))
        return no;
    if (is_error(yes) || is_error(no)) {
        evaluator->failed = true;
        return condition;
    }
    if (evaluate_equal(yes, no) == 1 || (is_open(yes) && value_equal(yes, no)))
        return yes;
    struct strbuf out;
    strbuf_init(&out, evaluator->arena);
    write_operand(evaluator, &out, condition);
    strbuf_add_text(&out, " ? ");
    write_operand(evaluator, &out, yes);
    strbuf_add_text(&out, " : ");
    write_operand(evaluator, &out, no);
    return make_open(evaluator, strbuf_slice(&out));
}
