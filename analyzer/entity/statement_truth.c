/*
 * Conditions that hold always or never, whatever the rows are: 1=1, true, x=x, NOT FALSE, and what
 * AND, OR and NOT make of them. Anything else is unknown.
 */
#include "entity/statement.h"

static enum truth truth_or(struct statements *st, struct run *rest, uint32_t depth);

static bool word_here(struct statements *st, const struct run *rest, const char *word) {
    return rest->from < rest->to && token_is(st, rest->from, slice_of(word));
}

static bool is_connective(struct statements *st, const struct run *rest) {
    return word_here(st, rest, "and") || word_here(st, rest, "or") || word_here(st, rest, "&&") ||
           word_here(st, rest, "xor");
}

static enum truth truth_not(enum truth truth) {
    switch (truth) {
    case TRUTH_TRUE:
        return TRUTH_FALSE;
    case TRUTH_FALSE:
        return TRUTH_TRUE;
    default:
        return truth;
    }
}

/* The next operand of AND or OR, without them; that of BETWEEN holds an AND of its own. */
static struct run next_operand(struct statements *st, struct run *rest) {
    struct run run = {rest->from, rest->from};
    bool between = false;
    while (rest->from < rest->to) {
        if (is_connective(st, rest)) {
            if (!between || !word_here(st, rest, "and"))
                break;
            between = false;
        } else if (word_here(st, rest, "between")) {
            between = true;
        }
        rest->from = token_at(st, rest->from)->next;
    }
    run.to = rest->from;
    return run;
}

static uint32_t run_count(const struct statements *st, struct run run) {
    uint32_t count = 0;
    for (uint32_t at = run.from; at < run.to; at = token_at(st, at)->next)
        count++;
    return count;
}

static bool is_literal(const struct statements *st, struct run run) {
    if (run_count(st, run) != 1)
        return false;
    return token_has_role(st, run.from, ROLE_NUMBER) || token_has_role(st, run.from, ROLE_STRING);
}

static bool is_null(const struct statements *st, struct run run) {
    return run_count(st, run) == 1 && token_is(st, run.from, SLICE("null"));
}

/* A placeholder or a call may be something else each time it is asked. */
static bool is_steady(const struct statements *st, struct run run) {
    for (uint32_t at = run.from; at < run.to; at++)
        if (token_has_role(st, at, ROLE_INTERPOLATION) || token_has_role(st, at, ROLE_GROUP))
            return false;
    return run.from < run.to;
}

static enum truth of_bool(bool holds) {
    return holds ? TRUTH_TRUE : TRUTH_FALSE;
}

static enum truth compare_sides(struct statements *st, struct slice operator, struct run left,
                                struct run right) {
    struct slice a = run_text(st, left), b = run_text(st, right);
    bool same = slice_equal(a, b);
    if (is_null(st, left) || is_null(st, right))
        return TRUTH_NULL;
    bool literals = is_literal(st, left) && is_literal(st, right);
    if (!is_steady(st, left) || !is_steady(st, right) || (!literals && !same))
        return TRUTH_UNKNOWN;
    if (slice_is(operator, "=") || slice_is(operator, "=="))
        return of_bool(same);
    if (slice_is(operator, "<>") || slice_is(operator, "!="))
        return of_bool(!same);
    if (same)
        return of_bool(slice_is(operator, "<=") || slice_is(operator, ">="));
    int64_t x, y;
    if (!slice_to_int(a, &x) || !slice_to_int(b, &y))
        return TRUTH_UNKNOWN;
    if (slice_is(operator, "<") || slice_is(operator, "<="))
        return of_bool(x < y);
    if (slice_is(operator, ">") || slice_is(operator, ">="))
        return of_bool(x > y);
    return TRUTH_UNKNOWN;
}

static enum truth truth_of_word(struct statements *st, uint32_t at) {
    if (token_is(st, at, SLICE("true")))
        return TRUTH_TRUE;
    if (token_is(st, at, SLICE("false")))
        return TRUTH_FALSE;
    if (token_is(st, at, SLICE("null")))
        return TRUTH_NULL;
    int64_t number;
    if (token_has_role(st, at, ROLE_NUMBER) && slice_to_int(token_text(st, at), &number))
        return of_bool(number != 0);
    return TRUTH_UNKNOWN;
}

/* x IS [NOT] NULL | TRUE | FALSE */
static enum truth truth_is(struct statements *st, struct run left, struct run right,
                           uint32_t depth) {
    bool negated = word_here(st, &right, "not");
    right.from += negated;
    if (run_count(st, right) != 1)
        return TRUTH_UNKNOWN;
    enum truth wanted = truth_of_word(st, right.from);
    enum truth is = truth_or(st, &left, depth + 1);
    if (is == TRUTH_UNKNOWN || wanted == TRUTH_UNKNOWN)
        return TRUTH_UNKNOWN;
    return of_bool((is == wanted) != negated);
}

static bool is_comparison(const struct statements *st, uint32_t at) {
    static const char *const operators[] = {"=", "==", "<>", "!=", "<", ">", "<=", ">="};
    struct slice text = token_text(st, at);
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (slice_is(text, operators[i]))
            return token_has_role(st, at, ROLE_OPERATION);
    return false;
}

static enum truth truth_of_operand(struct statements *st, struct run run, uint32_t depth) {
    if (run.from >= run.to || depth > 64)
        return TRUTH_UNKNOWN;
    if (token_is(st, run.from, SLICE("not")) || token_is(st, run.from, SLICE("!")))
        return truth_not(truth_of_operand(st, (struct run){run.from + 1, run.to}, depth + 1));
    if (run_count(st, run) == 1) {
        if (!token_has_role(st, run.from, ROLE_GROUP))
            return truth_of_word(st, run.from);
        struct run inner = {run.from + 1, token_at(st, run.from)->next};
        return truth_or(st, &inner, depth + 1);
    }
    for (uint32_t at = run.from; at < run.to; at = token_at(st, at)->next) {
        struct run left = {run.from, at}, right = {token_at(st, at)->next, run.to};
        if (token_is(st, at, SLICE("is")))
            return truth_is(st, left, right, depth);
        if (is_comparison(st, at))
            return compare_sides(st, token_text(st, at), left, right);
    }
    return TRUTH_UNKNOWN;
}

static enum truth truth_and(struct statements *st, struct run *rest, uint32_t depth) {
    enum truth result = TRUTH_TRUE;
    for (;;) {
        enum truth truth = truth_of_operand(st, next_operand(st, rest), depth);
        if (truth == TRUTH_FALSE)
            result = TRUTH_FALSE;
        else if (truth != TRUTH_TRUE && result != TRUTH_FALSE)
            result = result == TRUTH_UNKNOWN ? result : truth;
        if (!word_here(st, rest, "and") && !word_here(st, rest, "&&"))
            return result;
        rest->from++;
    }
}

static enum truth truth_or(struct statements *st, struct run *rest, uint32_t depth) {
    enum truth result = TRUTH_FALSE;
    if (depth > 64)
        return TRUTH_UNKNOWN;
    for (;;) {
        enum truth truth = truth_and(st, rest, depth);
        if (truth == TRUTH_TRUE)
            result = TRUTH_TRUE;
        else if (truth != TRUTH_FALSE && result != TRUTH_TRUE)
            result = result == TRUTH_UNKNOWN ? result : truth;
        if (!word_here(st, rest, "or"))
            break;
        rest->from++;
    }
    return rest->from < rest->to ? TRUTH_UNKNOWN : result;
}

enum truth truth_of(struct statements *st, struct run run) {
    return truth_or(st, &run, 0);
}
