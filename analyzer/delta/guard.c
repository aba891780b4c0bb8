#include "delta/guard.h"

enum { CONDITION_DEPTH = 16 };

/* What a condition or a part of one comes to. */
struct outcome {
    bool known;
    const struct value *value; /* NULL: not set */
    struct slice text;         /* a literal; SLICE_NONE: it is the value */
    bool literal, truth;
};

struct condition {
    struct slice text;
    size_t at;
    uint32_t depth;
    const struct guard_values *values;
};

static struct outcome evaluate(struct condition *condition);

const struct value *guard_value(const struct guard_values *values, struct slice path) {
    const struct value *given = values->given ? value_at(values->given, path) : NULL;
    return given || !values->defaults ? given : value_at(values->defaults, path);
}

bool guard_is_true(const struct value *value) {
    if (!value || value->kind == VALUE_NULL)
        return false;
    if (value->kind == VALUE_LIST || value->kind == VALUE_MAP)
        return value->count > 0;
    return !(value->kind == VALUE_LITERAL &&
             (!value->text.size || (value->type != LITERAL_STRING &&
                                    (value_is_false(value) || slice_is(value->text, "0")))));
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static void skip(struct condition *condition) {
    while (condition->at < condition->text.size && is_blank(condition->text.data[condition->at]))
        condition->at++;
}

static struct slice next_word(struct condition *condition) {
    skip(condition);
    size_t from = condition->at;
    while (condition->at < condition->text.size && !is_blank(condition->text.data[condition->at]) &&
           !memchr("()|", condition->text.data[condition->at], 3))
        condition->at++;
    return slice_sub(condition->text, from, condition->at);
}

static bool at_end(struct condition *condition) {
    skip(condition);
    return condition->at >= condition->text.size || condition->text.data[condition->at] == ')';
}

static struct outcome unknown(void) {
    return (struct outcome){.known = false};
}

static struct outcome from_bool(bool truth) {
    return (struct outcome){.known = true, .literal = true, .truth = truth, .text = SLICE_NONE};
}

static bool is_true(const struct outcome *outcome) {
    if (!outcome->literal)
        return guard_is_true(outcome->value);
    return slice_is_none(outcome->text) ? outcome->truth : outcome->text.size > 0;
}

static struct outcome quoted(struct condition *condition) {
    char quote = condition->text.data[condition->at++];
    size_t from = condition->at;
    while (condition->at < condition->text.size && condition->text.data[condition->at] != quote)
        condition->at++;
    struct slice text = slice_sub(condition->text, from, condition->at);
    condition->at += condition->at < condition->text.size;
    return (struct outcome){.known = true, .literal = true, .text = text, .truth = text.size > 0};
}

/* The parenthesis that closes the one at `from`; the end of the text if there is none. */
static size_t closing(struct slice text, size_t from) {
    uint32_t depth = 0;
    char quote = '\0';
    for (size_t at = from; at < text.size; at++) {
        char byte = text.data[at];
        if (quote)
            quote = byte == quote ? '\0' : quote;
        else if (byte == '"' || byte == '`')
            quote = byte;
        else if (byte == '(')
            depth++;
        else if (byte == ')' && --depth == 0)
            return at;
    }
    return text.size;
}

static struct outcome parenthesised(struct condition *condition) {
    size_t close = closing(condition->text, condition->at);
    struct condition inner = *condition;
    inner.text = slice_sub(condition->text, condition->at + 1, close);
    inner.at = 0;
    struct outcome found = evaluate(&inner);
    skip(&inner);
    bool whole = inner.at >= inner.text.size && close < condition->text.size;
    condition->at = close < condition->text.size ? close + 1 : close;
    /* (.x).y and the like */
    bool more = condition->at < condition->text.size && condition->text.data[condition->at] == '.';
    if (more)
        next_word(condition);
    return more || !whole ? unknown() : found;
}

static bool is_path(struct slice path) {
    for (size_t i = 0; i < path.size; i++)
        if (memchr("[]{}\"'*$", path.data[i], 8))
            return false;
    return path.size > 0;
}

static struct outcome operand(struct condition *condition) {
    skip(condition);
    char byte = condition->at < condition->text.size ? condition->text.data[condition->at] : '\0';
    if (byte == '(')
        return parenthesised(condition);
    if (byte == '"' || byte == '`')
        return quoted(condition);
    struct slice word = next_word(condition);
    if (slice_starts(word, SLICE("$")))
        word = slice_from(word, 1);
    if (slice_is(word, "true") || slice_is(word, "false"))
        return from_bool(slice_is(word, "true"));
    struct slice root = condition->values->root, path = slice_from(word, root.size);
    if (!slice_starts(word, root) || !is_path(path))
        return unknown();
    const struct value *value = guard_value(condition->values, path);
    bool open = value && value->kind != VALUE_LITERAL && value->kind != VALUE_LIST &&
                value->kind != VALUE_MAP && value->kind != VALUE_NULL;
    return (struct outcome){.known = !open, .value = value, .text = SLICE_NONE};
}

static struct slice text_of(const struct outcome *outcome) {
    if (outcome->literal && slice_is_none(outcome->text))
        return outcome->truth ? SLICE("true") : SLICE("false");
    return outcome->literal ? outcome->text : value_literal(outcome->value);
}

static struct outcome compare(struct condition *condition, bool wanted) {
    struct outcome left = operand(condition), right = operand(condition);
    struct slice a = text_of(&left), b = text_of(&right);
    if (!left.known || !right.known || !at_end(condition))
        return unknown();
    bool equal = !slice_is_none(a) && !slice_is_none(b) && slice_equal(a, b);
    return from_bool(equal == wanted);
}

/* One that decides is enough, whatever the others are. */
static struct outcome all_or_any(struct condition *condition, bool all) {
    bool known = true;
    while (!at_end(condition)) {
        struct outcome one = operand(condition);
        if (one.known && is_true(&one) != all) {
            while (!at_end(condition))
                operand(condition);
            return from_bool(!all);
        }
        known = known && one.known;
    }
    return known ? from_bool(all) : unknown();
}

static struct outcome negated(struct condition *condition) {
    struct outcome inner = operand(condition);
    return inner.known && at_end(condition) ? from_bool(!is_true(&inner)) : unknown();
}

static struct outcome by_default(struct condition *condition) {
    struct outcome fallback = operand(condition), value = operand(condition);
    if (!fallback.known || !value.known || !at_end(condition))
        return unknown();
    return is_true(&value) ? value : fallback;
}

static struct outcome evaluate(struct condition *condition) {
    if (condition->depth++ >= CONDITION_DEPTH)
        return unknown();
    size_t from = condition->at;
    struct slice word = next_word(condition);
    struct outcome found;
    if (slice_is(word, "not") || slice_is(word, "empty"))
        found = negated(condition);
    else if (slice_is(word, "and") || slice_is(word, "or"))
        found = all_or_any(condition, slice_is(word, "and"));
    else if (slice_is(word, "eq") || slice_is(word, "ne"))
        found = compare(condition, slice_is(word, "eq"));
    else if (slice_is(word, "default"))
        found = by_default(condition);
    else {
        condition->at = from;
        found = operand(condition);
    }
    condition->depth--;
    return at_end(condition) ? found : unknown();
}

static enum guard_truth truth_of(struct slice text, const struct guard_values *values) {
    struct condition condition = {.text = slice_trim(text), .values = values};
    struct outcome found = evaluate(&condition);
    skip(&condition);
    if (!found.known || condition.at < condition.text.size)
        return GUARD_UNKNOWN;
    return is_true(&found) ? GUARD_YES : GUARD_NO;
}

/* An open block of the template. */
struct frame {
    struct slice condition;  /* SLICE_NONE: none, as of a definition */
    bool otherwise;          /* behind its else */
    enum guard_truth before; /* whether one of the branches before holds */
};

struct stack {
    struct frame frames[GUARD_NESTING];
    uint32_t count;
    bool lost; /* nested too deeply, or ends that do not match */
};

static bool takes(struct slice *text, const char *word) {
    size_t size = strlen(word);
    if (!slice_starts(*text, slice_of(word)) || (text->size > size && !is_blank(text->data[size])))
        return false;
    *text = slice_trim(slice_from(*text, size));
    return true;
}

static void push(struct stack *stack, struct slice condition) {
    if (stack->count >= GUARD_NESTING)
        stack->lost = true;
    else
        stack->frames[stack->count++] = (struct frame){.condition = condition, .before = GUARD_NO};
}

static void turn(struct stack *stack, struct slice rest, const struct guard_values *values) {
    struct frame *frame = stack->count ? &stack->frames[stack->count - 1] : NULL;
    if (!frame || slice_is_none(frame->condition)) {
        stack->lost = true;
        return;
    }
    enum guard_truth held = frame->otherwise ? GUARD_NO : truth_of(frame->condition, values);
    if (held == GUARD_YES || (held == GUARD_UNKNOWN && frame->before != GUARD_YES))
        frame->before = held;
    bool another = takes(&rest, "if");
    frame->otherwise = !another;
    if (another)
        frame->condition = rest;
}

static void read_tag(struct stack *stack, struct slice tag, const struct guard_values *values) {
    if (takes(&tag, "if") || takes(&tag, "with") || takes(&tag, "range"))
        push(stack, tag);
    else if (takes(&tag, "define") || takes(&tag, "block"))
        push(stack, SLICE_NONE);
    else if (takes(&tag, "else"))
        turn(stack, tag, values);
    else if (takes(&tag, "end")) {
        stack->lost |= !stack->count;
        stack->count -= stack->count > 0;
    }
}

static struct slice without_dashes(struct slice tag) {
    if (slice_starts(tag, SLICE("-")))
        tag = slice_from(tag, 1);
    if (slice_ends(tag, SLICE("-")))
        tag = slice_sub(tag, 0, tag.size - 1);
    return slice_trim(tag);
}

static enum guard_truth frame_holds(const struct frame *frame, const struct guard_values *values) {
    if (slice_is_none(frame->condition))
        return GUARD_YES;
    if (frame->before == GUARD_YES)
        return GUARD_NO;
    enum guard_truth own = frame->otherwise ? GUARD_YES : truth_of(frame->condition, values);
    return own == GUARD_YES && frame->before == GUARD_UNKNOWN ? GUARD_UNKNOWN : own;
}

enum guard_truth guard_holds(struct slice text, size_t offset, const struct guard_values *values,
                             struct slice *why) {
    struct stack stack = {.count = 0};
    struct slice rest = slice_sub(text, 0, offset);
    for (size_t open; (open = slice_find(rest, SLICE("{{"))) != SLICE_NPOS;) {
        rest = slice_from(rest, open + 2);
        size_t close = slice_find(rest, SLICE("}}"));
        if (close == SLICE_NPOS)
            break;
        read_tag(&stack, without_dashes(slice_sub(rest, 0, close)), values);
        rest = slice_from(rest, close + 2);
    }
    enum guard_truth all = stack.lost ? GUARD_UNKNOWN : GUARD_YES;
    for (uint32_t i = 0; i < stack.count && !stack.lost; i++) {
        enum guard_truth one = frame_holds(&stack.frames[i], values);
        if (one == GUARD_NO) {
            *why = stack.frames[i].condition;
            return GUARD_NO;
        }
        if (one == GUARD_UNKNOWN)
            all = GUARD_UNKNOWN;
    }
    return all;
}
