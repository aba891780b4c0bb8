#include "delta/protection.h"

#include "base/glob.h"
#include "fact/order.h"
#include "fact/path.h"
#include "fact/table.h"

static bool is_word(struct slice word) {
    static const char *const words[] = {"removed",  "absent",  "present",
                                        "added",    "lowered", "raised",
                                        "narrowed", "widened", "prefix-narrowed"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_is(word, words[i]))
            return true;
    return false;
}

static bool holds(struct slice alternatives, struct slice text) {
    struct slice part;
    while (slice_split(&alternatives, '|', &part))
        if (slice_equal_nocase(slice_trim(part), text))
            return true;
    return false;
}

/* A star alone is one: "*" among allowed origins. */
static bool is_text(struct slice pattern, const struct value *value, struct slice text) {
    if (slice_equal_nocase(pattern, text) || (slice_is(pattern, "true") && value_is_true(value)) ||
        (slice_is(pattern, "false") && value_is_false(value)))
        return true;
    return pattern.size > 1 && slice_find_byte(pattern, '*') != SLICE_NPOS &&
           glob_includes(pattern, text);
}

static bool literal_in(struct slice alternatives, const struct value *value) {
    struct slice part, text = value_literal(value);
    while (!slice_is_none(text) && slice_split(&alternatives, '|', &part)) {
        part = slice_trim(part);
        if (!is_word(part) && is_text(part, value, text))
            return true;
    }
    for (uint32_t i = 0; value && value->kind == VALUE_LIST && i < value->count; i++)
        if (literal_in(alternatives, value->items[i].value))
            return true;
    return false;
}

struct row_cells {
    struct slice safe, dangerous, normal; /* `normal`: the value when it is not set */
};

/* The number a side amounts to; false if it is none. */
static bool number_of(const struct row_cells *row, const struct value *value, int64_t *number) {
    struct slice text = value ? value_literal(value) : row->normal;
    return !slice_is_none(text) && order_number(text, ORDER_DURATION, number);
}

static bool is_unlimited(const struct row_cells *row, int64_t number) {
    enum { MILLION = 1000000 };
    return (number == 0 && holds(row->safe, SLICE("0"))) ||
           (number == -MILLION && holds(row->safe, SLICE("-1")));
}

static bool is_lowered(const struct row_cells *row, const struct value *was,
                       const struct value *is) {
    int64_t a, b;
    if (!number_of(row, was, &a) || !number_of(row, is, &b) || is_unlimited(row, b))
        return false;
    return b < a || (is_unlimited(row, a) && holds(row->dangerous, SLICE("limited")));
}

/* "<90" among the alternatives, and a number below it. */
static bool is_below(const struct row_cells *row, const struct value *value) {
    struct slice alternatives = row->dangerous, part;
    int64_t number, least;
    if (!number_of(row, value, &number) || is_unlimited(row, number))
        return false;
    while (slice_split(&alternatives, '|', &part))
        if (slice_starts(part, SLICE("<")) &&
            order_number(slice_from(part, 1), ORDER_DURATION, &least) && number < least)
            return true;
    return false;
}

static bool is_raised(const struct row_cells *row, const struct value *was,
                      const struct value *is) {
    int64_t a, b;
    if (!number_of(row, was, &a) || !number_of(row, is, &b) || is_unlimited(row, a))
        return false;
    return b > a || is_unlimited(row, b);
}

/* Also where it is exchanged for something else. */
static bool moves(const struct protection_search *search, const struct value *was,
                  const struct value *is, enum order_relation way) {
    enum order_relation relation =
        order_compare(search->arena, ORDER_SET, was, is, NULL, 0).relation;
    return relation == way || relation == ORDER_UNRELATED;
}

/* Written, and says nothing: null, "", []. */
static bool is_blank(const struct value *value) {
    return value->kind == VALUE_NULL || (value->kind == VALUE_LIST && !value->count) ||
           (value->kind == VALUE_LITERAL && !value->text.size);
}

/* Is this state of the attribute one that does not protect? */
static bool is_dangerous(const struct row_cells *row, const struct value *value) {
    if (is_below(row, value))
        return true;
    if (value && literal_in(row->dangerous, value))
        return true;
    if (value && !is_blank(value))
        return false;
    if (row->normal.size && !slice_is(row->normal, "?"))
        return holds(row->dangerous, row->normal) || !holds(row->safe, row->normal);
    return holds(row->dangerous, SLICE("removed")) || holds(row->dangerous, SLICE("absent")) ||
           holds(row->safe, SLICE("present"));
}

/* Whether it protected then cannot be told: a new block with `enabled = false` takes nothing away.
 * Without a `safe` every value but the dangerous ones is. */
static bool is_unknown_when_absent(const struct row_cells *row) {
    return !row->normal.size && row->safe.size && !holds(row->safe, SLICE("absent"));
}

static bool is_unresolved(const struct value *value) {
    return value && (value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION);
}

/* Which way it went, for rows that say so. */
static bool goes_wrong_way(const struct protection_search *search, const struct row_cells *row,
                           const struct value *was, const struct value *is) {
    return (holds(row->dangerous, SLICE("lowered")) && is_lowered(row, was, is)) ||
           (holds(row->dangerous, SLICE("raised")) && is_raised(row, was, is)) ||
           (holds(row->dangerous, SLICE("added")) && !was && is) ||
           (holds(row->dangerous, SLICE("narrowed")) && moves(search, was, is, ORDER_LESS)) ||
           (holds(row->dangerous, SLICE("prefix-narrowed")) &&
            order_compare(search->arena, ORDER_PREFIX, was, is, NULL, 0).relation == ORDER_LESS) ||
           (holds(row->dangerous, SLICE("widened")) && moves(search, was, is, ORDER_MORE));
}

/* CONFIDENCE_UNKNOWN: not weakened. */
static enum confidence row_judges(const struct protection_search *search,
                                  const struct row_cells *row, const struct value *was,
                                  const struct value *is) {
    if (goes_wrong_way(search, row, was, is))
        return CONFIDENCE_CERTAIN;
    if (is_dangerous(row, was) || (!was && is_unknown_when_absent(row)))
        return CONFIDENCE_UNKNOWN;
    if (is_dangerous(row, is))
        return is || row->normal.size || holds(row->dangerous, SLICE("removed"))
                   ? CONFIDENCE_CERTAIN
                   : CONFIDENCE_LIKELY;
    if (is_unresolved(is) && literal_in(row->safe, was))
        return CONFIDENCE_POSSIBLE;
    return CONFIDENCE_UNKNOWN;
}

/* high, medium (an empty cell), low */
static int grade_rank(struct slice grade) {
    return slice_is(grade, "high") ? 2 : slice_is(grade, "low") ? 0 : 1;
}

/* The attribute a row names, if the change touches it. */
static bool row_sides(const struct protection_search *search, struct slice path,
                      const struct value **was, const struct value **is) {
    *was = search->change->was;
    *is = search->change->is;
    switch (path_relate(path, search->change->path)) {
    case PATH_SAME:
        return true;
    case PATH_ABOVE: /* the subtree it stands in came or went */
        *was = *was ? value_at(search->before, path) : NULL;
        *is = *is ? value_at(search->after, path) : NULL;
        return *was || *is;
    default:
        return false;
    }
}

static bool visit_row(const struct row *row, void *context) {
    struct protection_search *search = context;
    struct slice path = row_cell(row, "attribute"), grade = row_cell(row, "grade");
    const struct value *was, *is;
    if (!row_sides(search, path, &was, &is))
        return true;
    struct row_cells cells = {row_cell(row, "safe"), row_cell(row, "dangerous"),
                              row_cell(row, "default")};
    enum confidence confidence = row_judges(search, &cells, was, is);
    if (confidence == CONFIDENCE_UNKNOWN ||
        (search->weakened &&
         (confidence < search->found ||
          (confidence == search->found && grade_rank(grade) <= grade_rank(search->grade)))))
        return true;
    search->weakened = true;
    search->found = confidence;
    search->protects = row_cell(row, "protects");
    search->grade = grade;
    search->effect = row_cell(row, "effect");
    search->path = path;
    search->was = was;
    search->is = is;
    return true;
}

void protection_search(struct protection_search *search, const struct slice *key) {
    static const struct slice table = {"protective_attributes", 21};
    struct slice any[] = {key[0], SLICE("*")};
    table_each(search->knowledge, table, key, 2, visit_row, search);
    table_each(search->knowledge, table, any, 2, visit_row, search);
}
