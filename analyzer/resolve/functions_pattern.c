/* Functions of regular expressions. */
#include "resolve/functions.h"

enum {
    PATTERN_COST = 1024, /* of EVALUATE_STEPS, for one search */
    MATCHES_MAX = 1024,  /* of one call */
};

static enum pattern_result find(const struct call *call, struct slice pattern, struct slice text,
                                size_t from, struct pattern_match *match) {
    struct resolve_scope *scope = call->evaluator->scope;
    scope->steps += PATTERN_COST;
    if (!resolve_spend(scope, text.size / 16) || scope->steps > EVALUATE_STEPS)
        return PATTERN_UNDECIDED;
    if (!scope->patterns)
        scope->patterns = pattern_cache_new(scope->arena);
    return pattern_find(scope->patterns, pattern, text, from, match);
}

static const struct value *group_value(const struct call *call, const struct pattern_group *group) {
    return slice_is_none(group->text) ? make_null() : make_text(call->evaluator, group->text);
}

/* The text without groups, else a list or, where they have names, a map of them. */
static const struct value *match_value(const struct call *call, const struct pattern_match *match) {
    struct values list = {0};
    VEC(struct value_item) items = {0};
    if (match->count == 1)
        return make_text(call->evaluator, match->groups[0].text);
    for (uint32_t i = 1; i < match->count; i++) {
        const struct pattern_group *group = &match->groups[i];
        if (match->named && slice_is_none(group->name))
            return NULL; /* both kinds in one are refused */
        struct value_item item = {group->name, {0, 0}, group_value(call, group)};
        vec_push(call->evaluator->arena, &items, item);
        values_add(call->evaluator, &list, item.value);
    }
    return match->named ? make_map(call->evaluator, items.items, items.count)
                        : make_list(call->evaluator, &list);
}

static const struct value *run_regex(const struct call *call) {
    struct pattern_match match;
    switch (find(call, call_text(call, 0), call_text(call, 1), 0, &match)) {
    case PATTERN_YES:
        return match_value(call, &match);
    case PATTERN_NO:
        return make_error();
    default:
        return NULL;
    }
}

static const struct value *run_regexall(const struct call *call) {
    struct values made = {0};
    struct slice text = call_text(call, 1);
    struct pattern_match match;
    for (size_t at = 0; at <= text.size && made.count < MATCHES_MAX; at = match.to) {
        enum pattern_result result = find(call, call_text(call, 0), text, at, &match);
        if (result == PATTERN_NO)
            return make_list(call->evaluator, &made);
        if (result != PATTERN_YES || match.to == match.from) /* nothing at all, again and again */
            return NULL;
        const struct value *value = match_value(call, &match);
        if (!value)
            return NULL;
        values_add(call->evaluator, &made, value);
    }
    return NULL;
}

static const struct pattern_group *group_named(const struct pattern_match *match,
                                               struct slice name) {
    int64_t number;
    if (slice_to_int(name, &number))
        return number >= 0 && number < match->count ? &match->groups[number] : NULL;
    for (uint32_t i = 0; i < match->count; i++)
        if (slice_equal(match->groups[i].name, name))
            return &match->groups[i];
    return NULL;
}

/* $1, $name and ${name}; what is not there is empty. */
static void add_expanded(struct strbuf *out, struct slice with, const struct pattern_match *match) {
    for (size_t i = 0; i < with.size;) {
        if (with.data[i] != '$' || i + 1 == with.size) {
            strbuf_add_byte(out, with.data[i++]);
            continue;
        }
        bool braces = with.data[i + 1] == '{';
        size_t from = i + 1 + braces, to = from;
        while (to < with.size && evaluate_is_word(with.data[to]) && with.data[to] != '-')
            to++;
        bool named = to > from && (!braces || (to < with.size && with.data[to] == '}'));
        const struct pattern_group *group =
            named ? group_named(match, slice_sub(with, from, to)) : NULL;
        if (group)
            strbuf_add(out, group->text);
        else if (!named)
            strbuf_add_byte(out, '$');
        i = named ? to + braces : with.data[i + 1] == '$' ? i + 2 : i + 1;
    }
}

const struct value *replace_pattern(const struct call *call, struct slice pattern) {
    struct slice text = call_text(call, 0), with = call_text(call, 2);
    struct pattern_match match;
    struct strbuf out;
    size_t at = 0;
    strbuf_init(&out, call->evaluator->arena);
    for (uint32_t i = 0; i < MATCHES_MAX && out.size < RESOLVE_BUDGET / 64; i++) {
        enum pattern_result result = find(call, pattern, text, at, &match);
        if (result == PATTERN_NO) {
            strbuf_add(&out, slice_from(text, at));
            return make_text(call->evaluator, strbuf_slice(&out));
        }
        if (result != PATTERN_YES || match.to == match.from)
            return NULL;
        strbuf_add(&out, slice_sub(text, at, match.from));
        add_expanded(&out, with, &match);
        at = match.to;
    }
    return NULL;
}

const struct function FUNCTIONS_OF_PATTERNS[] = {
    {"regex", 2, 2, NEEDS_PLAIN, run_regex},
    {"regexall", 2, 2, NEEDS_PLAIN, run_regexall},
    {.name = NULL},
};
