#include "fact/grant_scope.h"

#include "base/glob.h"
#include "fact/address.h"

bool text_held(const struct text_list *whole, struct slice text) {
    for (uint32_t i = 0; i < whole->count; i++)
        if (glob_includes_nocase(whole->items[i], text))
            return true;
    return false;
}

bool text_list_holds(const struct text_list *whole, const struct text_list *part) {
    for (uint32_t i = 0; i < part->count; i++)
        if (!text_held(whole, part->items[i]))
            return false;
    return true;
}

uint32_t scope_texts(const struct grant_scope *scope) {
    return scope->texts.count ? scope->texts.count : 1;
}

struct slice scope_text(const struct grant_scope *scope, uint32_t index) {
    return scope->texts.count ? scope->texts.items[index] : SLICE("*");
}

bool scope_is_inverse(const struct grant_scope *scope) {
    return !scope->texts.count && scope->except.count;
}

static bool is_below(struct slice whole, struct slice part) {
    if (slice_ends(whole, SLICE("/")))
        whole.size--;
    return part.size > whole.size && part.data[whole.size] == '/' &&
           slice_equal_nocase(slice_sub(part, 0, whole.size), whole);
}

bool scope_text_holds(const struct grant_scope *scope, struct slice whole, struct slice part) {
    return glob_includes_nocase(whole, part) || (scope->below && is_below(whole, part));
}

static bool is_named(const struct grant_scope *scope, struct slice text) {
    for (uint32_t i = 0; i < scope->texts.count; i++)
        if (scope_text_holds(scope, scope->texts.items[i], text))
            return true;
    return !scope->texts.count;
}

bool scope_holds_text(const struct grant_scope *scope, struct slice text,
                      const struct text_list *but, bool named_only) {
    if (but && text_held(but, text))
        return true;
    if (!is_named(scope, text))
        return false;
    for (uint32_t i = 0; !named_only && i < scope->except.count; i++)
        if (!glob_is_apart_nocase(text, scope->except.items[i]) &&
            !(but && text_held(but, scope->except.items[i])))
            return false;
    return true;
}

bool scope_holds(const struct grant_scope *whole, const struct grant_scope *part) {
    for (uint32_t i = 0; i < scope_texts(part); i++)
        if (!scope_holds_text(whole, scope_text(part, i), &part->except, false))
            return false;
    return true;
}

/* ---- conditions ---- */

static bool is_in(struct slice text, const char *word) {
    return slice_contains(text, slice_of(word));
}

static struct slice without_end(struct slice text, const char *end) {
    struct slice suffix = slice_of(end);
    return slice_ends(text, suffix) ? slice_sub(text, 0, text.size - suffix.size) : text;
}

/* `limit` may be milder than `by` for the limb to hold: if it exists, or by patterns. */
static bool is_same_limb(struct slice limit, struct slice by) {
    size_t a = slice_find_byte(limit, ' '), b = slice_find_byte(by, ' ');
    if (slice_equal_nocase(limit, by))
        return true;
    if (a == SLICE_NPOS || b == SLICE_NPOS ||
        !slice_equal_nocase(slice_from(limit, a), slice_from(by, b)))
        return false;
    struct slice mild = without_end(slice_sub(limit, 0, a), "IfExists"), hard = slice_sub(by, 0, b);
    if (slice_ends(mild, SLICE("Like")) && !is_in(mild, "Not")) {
        mild = without_end(mild, "Like");
        hard = without_end(without_end(hard, "Like"), "Equals");
    }
    return slice_equal_nocase(mild, hard);
}

/* Another value in the place of the one there was limits, too, though not the same. */
static bool is_exchanged(const struct text_list *was, const struct text_list *is) {
    for (uint32_t i = 0; i < was->count; i++) {
        bool off =
            slice_equal_nocase(was->items[i], SLICE("true")) && text_held(is, SLICE("false"));
        if (off || text_held(is, was->items[i]))
            return false;
    }
    return is->count != 0;
}

static bool read_addresses(struct arena *arena, const struct text_list *texts,
                           struct address_set *set) {
    for (uint32_t i = 0; i < texts->count; i++)
        if (!address_set_add(arena, set, texts->items[i]))
            return false;
    address_set_finish(set);
    return texts->count != 0;
}

/* Of values that are excluded: nothing of what was is in what is now. */
static bool is_apart_from_all(const struct text_list *was, const struct text_list *is) {
    for (uint32_t i = 0; i < was->count; i++)
        for (uint32_t k = 0; k < is->count; k++)
            if (!glob_is_apart_nocase(was->items[i], is->items[k]))
                return false;
    return is->count != 0;
}

enum verdict { VERDICT_NONE, VERDICT_HELD, VERDICT_WIDER };

/* Addresses that have none in common with those before are an exchange. */
static enum verdict judge_addresses(struct arena *arena, const struct text_list *limit,
                                    const struct text_list *by) {
    struct address_set whole = {0}, part = {0};
    if (!read_addresses(arena, limit, &whole) || !read_addresses(arena, by, &part))
        return VERDICT_NONE;
    if (address_set_holds(&whole, &part))
        return VERDICT_HELD;
    return address_set_holds(&part, &whole) ? VERDICT_WIDER : VERDICT_NONE;
}

static enum verdict judge_numbers(const struct text_list *limit, const struct text_list *by,
                                  bool less) {
    int64_t most, is;
    if (limit->count != 1 || by->count != 1 || !slice_to_int(limit->items[0], &most) ||
        !slice_to_int(by->items[0], &is))
        return VERDICT_NONE;
    return (less ? is <= most : is >= most) ? VERDICT_HELD : VERDICT_WIDER;
}

static bool is_kept(struct arena *arena, const struct grant_condition *limit,
                    const struct grant_condition *by) {
    bool negated = is_in(limit->name, "Not");
    const struct text_list *whole = negated ? &by->values : &limit->values;
    const struct text_list *part = negated ? &limit->values : &by->values;
    if (!is_same_limb(limit->name, by->name))
        return false;
    enum verdict verdict = VERDICT_NONE;
    if (is_in(limit->name, "IpAddress"))
        verdict = judge_addresses(arena, whole, part);
    else if (is_in(limit->name, "LessThan") || is_in(limit->name, "GreaterThan"))
        verdict = judge_numbers(whole, part, is_in(limit->name, "LessThan"));
    if (verdict != VERDICT_NONE)
        return verdict == VERDICT_HELD;
    return text_list_holds(whole, part) ||
           (negated ? is_apart_from_all(part, whole) : is_exchanged(whole, part));
}

bool conditions_hold(struct arena *arena, const struct grant_conditions *whole,
                     const struct grant_conditions *part, struct slice *lost) {
    for (uint32_t i = 0; i < whole->count; i++) {
        bool kept = false;
        for (uint32_t k = 0; k < part->count && !kept; k++)
            kept = is_kept(arena, &whole->items[i], &part->items[k]);
        if (!kept) {
            *lost = whole->items[i].name;
            return false;
        }
    }
    return true;
}
