#include "fact/order.h"

#include "base/glob.h"
#include "fact/address.h"
#include "fact/amount.h"
#include "fact/inclusion.h"

#define ORDER_WORD(name, text) text,
#define ORDER_WORD_IN_LIST(name, text) " " text

static const char *const words[] = {ORDERS(ORDER_WORD)};

bool order_find(struct slice word, enum order *order) {
    for (uint32_t i = 0; i < ORDER_COUNT; i++)
        if (slice_is(word, words[i])) {
            *order = (enum order)i;
            return true;
        }
    return false;
}

const char *order_words(void) {
    static const char text[] = "" ORDERS(ORDER_WORD_IN_LIST);
    return text + 1;
}

/* The sides of one comparison. */
struct pair {
    struct arena *arena;
    const struct value *was, *is;
};

enum { AMOUNT_TEXT = 60 };

static struct slice was_to_is(const struct pair *pair) {
    struct slice was = value_render(pair->arena, pair->was, AMOUNT_TEXT);
    struct slice is = value_render(pair->arena, pair->is, AMOUNT_TEXT);
    return arena_format(pair->arena, "%.*s \xe2\x86\x92 %.*s", SLICE_ARGS(was), SLICE_ARGS(is));
}

static struct order_result result_of(const struct pair *pair, enum order_relation relation) {
    struct order_result result = {relation, SLICE_NONE};
    if (relation != ORDER_UNKNOWN && relation != ORDER_EQUAL)
        result.amount = was_to_is(pair);
    return result;
}

static enum order_relation relation_of_sets(bool was_in_is, bool is_in_was) {
    if (was_in_is && is_in_was)
        return ORDER_EQUAL;
    if (was_in_is)
        return ORDER_MORE;
    return is_in_was ? ORDER_LESS : ORDER_UNRELATED;
}

static enum order_relation compare_amounts(const struct pair *pair, enum order order) {
    amount_t was, is;
    if (!amount_parse(value_literal(pair->was), order, &was) ||
        !amount_parse(value_literal(pair->is), order, &is))
        return ORDER_UNKNOWN;
    if (was == is)
        return ORDER_EQUAL;
    return is > was ? ORDER_MORE : ORDER_LESS;
}

bool order_has_amounts(enum order order) {
    return order == ORDER_NUMBER || order == ORDER_DURATION || order == ORDER_QUANTITY ||
           order == ORDER_PERCENT;
}

bool order_differs_by(enum order order, const struct value *was, const struct value *is,
                      int64_t times) {
    amount_t a, b;
    if (!was || !is || !amount_parse(value_literal(was), order, &a) ||
        !amount_parse(value_literal(is), order, &b))
        return false;
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    return a > b ? a / times >= b : b / times >= a;
}

/* A list, or a single value as a list of one. */
static uint32_t element_count(const struct value *value) {
    return value->kind == VALUE_LIST ? value->count : 1;
}

static const struct value *element(const struct value *value, uint32_t index) {
    return value->kind == VALUE_LIST ? value->items[index].value : value;
}

static bool addresses_of(struct arena *arena, const struct value *value, struct address_set *set) {
    for (uint32_t i = 0; i < element_count(value); i++) {
        struct slice text = value_literal(element(value, i));
        if (slice_is_none(text) || !address_set_add(arena, set, text))
            return false;
    }
    address_set_finish(set);
    return true;
}

static struct order_result compare_addresses(const struct pair *pair) {
    struct address_set was = {0}, is = {0};
    if (!addresses_of(pair->arena, pair->was, &was) || !addresses_of(pair->arena, pair->is, &is))
        return (struct order_result){ORDER_UNKNOWN, SLICE_NONE};
    struct order_result result = result_of(
        pair, relation_of_sets(address_set_holds(&is, &was), address_set_holds(&was, &is)));
    uint64_t before, after;
    if (!slice_is_none(result.amount) && address_set_count(&was, &before) &&
        address_set_count(&is, &after) && before != after) {
        struct slice from = amount_with_commas(pair->arena, before);
        struct slice to = amount_with_commas(pair->arena, after);
        result.amount = arena_format(pair->arena, "%.*s \xe2\x86\x92 %.*s addresses",
                                     SLICE_ARGS(from), SLICE_ARGS(to));
    }
    return result;
}

/* Every element of `part` as an element of `whole`, in the same order. */
static bool is_subsequence(const struct value *part, const struct value *whole) {
    uint32_t at = 0;
    for (uint32_t i = 0; i < element_count(part); i++, at++) {
        while (at < element_count(whole) && !value_equal(element(part, i), element(whole, at)))
            at++;
        if (at == element_count(whole))
            return false;
    }
    return true;
}

/* Leading numbers of a version; *suffix is what follows them. False if it does not begin so. */
enum { VERSION_PARTS = 6 };

static uint32_t version_parts(struct slice text, int64_t *parts, struct slice *suffix) {
    uint32_t count = 0;
    if (text.size && (text.data[0] == 'v' || text.data[0] == 'V'))
        text = slice_from(text, 1);
    *suffix = text;
    while (count < VERSION_PARTS) {
        size_t end = 0;
        while (end < text.size && text.data[end] >= '0' && text.data[end] <= '9')
            end++;
        if (!end || !slice_to_int(slice_sub(text, 0, end), &parts[count]))
            break;
        count++;
        text = slice_from(text, end);
        *suffix = text;
        if (!text.size || text.data[0] != '.')
            break;
        text = slice_from(text, 1);
    }
    return count;
}

static enum order_relation compare_versions(const struct pair *pair) {
    int64_t was[VERSION_PARTS], is[VERSION_PARTS];
    struct slice was_suffix, is_suffix;
    uint32_t was_count = version_parts(value_literal(pair->was), was, &was_suffix);
    uint32_t is_count = version_parts(value_literal(pair->is), is, &is_suffix);
    if (!was_count || !is_count)
        return ORDER_UNKNOWN;
    for (uint32_t i = 0; i < was_count && i < is_count; i++)
        if (was[i] != is[i])
            return is[i] > was[i] ? ORDER_MORE : ORDER_LESS;
    return was_count == is_count && slice_equal(was_suffix, is_suffix) ? ORDER_EQUAL
                                                                       : ORDER_UNKNOWN;
}

/* Where the tag or digest of an image begins, or its end. */
static size_t image_tag(struct slice text) {
    text = slice_sub(text, 0, slice_find_byte(text, '@'));
    size_t slash = slice_find_last_byte(text, '/'), colon = slice_find_last_byte(text, ':');
    bool tagged = colon != SLICE_NPOS && (slash == SLICE_NPOS || colon > slash);
    return tagged ? colon : text.size;
}

static enum order_relation compare_images(const struct pair *pair) {
    struct slice was = value_literal(pair->was), is = value_literal(pair->is);
    if (!was.size || !is.size || slice_find_byte(was, '$') != SLICE_NPOS ||
        slice_find_byte(is, '$') != SLICE_NPOS)
        return ORDER_UNKNOWN;
    bool same = slice_equal(slice_sub(was, 0, image_tag(was)), slice_sub(is, 0, image_tag(is)));
    return same ? ORDER_EQUAL : ORDER_UNRELATED;
}

/* 15 of "v15.2", "^15", "postgres:15-alpine@sha256:...", "host:5000/postgres:15" and
 * "git::https://host/x?ref=v15.0". */
static bool major_of(struct slice text, int64_t *major) {
    size_t ref = slice_find(text, SLICE("?ref="));
    if (ref != SLICE_NPOS)
        text = slice_from(text, ref + 5);
    text = slice_sub(text, 0, slice_find_byte(text, '@'));
    if (image_tag(text) < text.size)
        text = slice_from(text, image_tag(text) + 1);
    size_t from = 0, end;
    while (from < text.size && slice_find_byte(SLICE("^~<>=vV "), text.data[from]) != SLICE_NPOS)
        from++;
    for (end = from; end < text.size && text.data[end] >= '0' && text.data[end] <= '9';)
        end++;
    return end > from && slice_to_int(slice_sub(text, from, end), major);
}

static enum order_relation compare_majors(const struct pair *pair) {
    int64_t was, is;
    if (!major_of(value_literal(pair->was), &was) || !major_of(value_literal(pair->is), &is))
        return ORDER_UNKNOWN;
    if (was == is)
        return ORDER_EQUAL;
    return is > was ? ORDER_MORE : ORDER_LESS;
}

static uint32_t mode_index(struct slice text, const struct slice *modes, uint32_t count) {
    uint32_t i = 0;
    while (i < count && !slice_equal(modes[i], text))
        i++;
    return i;
}

static enum order_relation compare_modes(const struct pair *pair, const struct slice *modes,
                                         uint32_t count) {
    uint32_t was = mode_index(value_literal(pair->was), modes, count);
    uint32_t is = mode_index(value_literal(pair->is), modes, count);
    if (was == count || is == count)
        return ORDER_UNKNOWN;
    if (was == is)
        return ORDER_EQUAL;
    return is < was ? ORDER_MORE : ORDER_LESS;
}

static enum order_relation compare_elements(const struct pair *pair, enum order order) {
    bool more, less;
    if (order == ORDER_LIST) {
        more = is_subsequence(pair->was, pair->is);
        less = is_subsequence(pair->is, pair->was);
    } else if (order == ORDER_SET) {
        more = set_holds(pair->arena, pair->is, pair->was);
        less = set_holds(pair->arena, pair->was, pair->is);
    } else {
        text_includes *includes = order == ORDER_PATH   ? path_includes
                                  : order == ORDER_GLOB ? glob_includes
                                                        : prefix_includes;
        if (!texts_are_known(pair->was, pair->is) || !texts_are_known(pair->is, pair->was))
            return ORDER_UNKNOWN;
        more = texts_hold(pair->is, pair->was, includes);
        less = texts_hold(pair->was, pair->is, includes);
    }
    return relation_of_sets(more, less);
}

struct order_result order_compare(struct arena *arena, enum order order, const struct value *was,
                                  const struct value *is, const struct slice *modes,
                                  uint32_t mode_count) {
    struct pair pair = {arena, was, is};
    if (!was || !is || was->kind == VALUE_NULL || is->kind == VALUE_NULL)
        return (struct order_result){ORDER_UNKNOWN, SLICE_NONE};
    if (value_equal(was, is))
        return (struct order_result){ORDER_EQUAL, SLICE_NONE};
    switch (order) {
    case ORDER_CIDR:
        return compare_addresses(&pair);
    case ORDER_VERSION:
        return result_of(&pair, compare_versions(&pair));
    case ORDER_MAJOR:
        return result_of(&pair, compare_majors(&pair));
    case ORDER_IMAGE:
        return result_of(&pair, compare_images(&pair));
    case ORDER_MODES:
        return result_of(&pair, compare_modes(&pair, modes, mode_count));
    case ORDER_PATH:
    case ORDER_GLOB:
    case ORDER_PREFIX:
    case ORDER_SET:
    case ORDER_LIST:
        return result_of(&pair, compare_elements(&pair, order));
    default:
        return result_of(&pair, compare_amounts(&pair, order));
    }
}
