#include "delta/protection.h"

#include "fact/order.h"
#include "fact/path.h"
#include "fact/table.h"

static bool is_word(struct slice word) {
    static const char *const words[] = {"removed", "lowered", "absent", "present", "added"};
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

static bool literal_in(struct slice alternatives, const struct value *value) {
    struct slice part, text = value_literal(value);
    while (!slice_is_none(text) && slice_split(&alternatives, '|', &part)) {
        part = slice_trim(part);
        if (is_word(part))
            continue;
        if (slice_equal_nocase(part, text) || (slice_is(part, "true") && value_is_true(value)) ||
            (slice_is(part, "false") && value_is_false(value)))
            return true;
    }
    return false;
}

static bool is_lowered(const struct value *was, const struct value *is) {
    int64_t a, b;
    return order_number(value_literal(was), ORDER_NUMBER, &a) &&
           order_number(value_literal(is), ORDER_NUMBER, &b) && b < a;
}

struct row_cells {
    struct slice safe, dangerous, normal; /* `normal`: the value when it is not set */
};

/* Is this state of the attribute one that does not protect? */
static bool is_dangerous(const struct row_cells *row, const struct value *value) {
    if (value && value->kind != VALUE_NULL)
        return literal_in(row->dangerous, value);
    if (row->normal.size && !slice_is(row->normal, "?"))
        return holds(row->dangerous, row->normal) || !holds(row->safe, row->normal);
    return holds(row->dangerous, SLICE("removed")) || holds(row->dangerous, SLICE("absent")) ||
           holds(row->safe, SLICE("present"));
}

static bool is_unresolved(const struct value *value) {
    return value && (value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION);
}

/* CONFIDENCE_UNKNOWN: not weakened. */
static enum confidence row_judges(const struct row_cells *row, const struct value *was,
                                  const struct value *is) {
    if (is_dangerous(row, was))
        return CONFIDENCE_UNKNOWN;
    if (is_dangerous(row, is))
        return is || row->normal.size || holds(row->dangerous, SLICE("removed"))
                   ? CONFIDENCE_CERTAIN
                   : CONFIDENCE_LIKELY;
    if (holds(row->dangerous, SLICE("lowered")) && is_lowered(was, is))
        return CONFIDENCE_CERTAIN;
    if (holds(row->dangerous, SLICE("added")) && !was && is)
        return CONFIDENCE_CERTAIN;
    if (is_unresolved(is) && literal_in(row->safe, was))
        return CONFIDENCE_POSSIBLE;
    return CONFIDENCE_UNKNOWN;
}

static bool visit_row(const struct row *row, void *context) {
    struct protection_search *search = context;
    struct slice path = row_cell(row, "attribute");
    const struct value *was = search->change->was, *is = search->change->is;
    switch (path_relate(path, search->change->path)) {
    case PATH_SAME:
        break;
    case PATH_ABOVE: /* the subtree it stands in came or went */
        was = was ? value_at(search->before, path) : NULL;
        is = is ? value_at(search->after, path) : NULL;
        if (!was && !is)
            return true;
        break;
    default:
        return true;
    }
    struct row_cells cells = {row_cell(row, "safe"), row_cell(row, "dangerous"),
                              row_cell(row, "default")};
    enum confidence confidence = row_judges(&cells, was, is);
    if (confidence != CONFIDENCE_UNKNOWN) {
        search->weakened = true;
        if (confidence > search->found)
            search->found = confidence;
    }
    return true;
}

void protection_search(struct protection_search *search, const struct slice *key) {
    static const struct slice table = {"protective_attributes", 21};
    struct slice any[] = {key[0], SLICE("*")};
    table_each(search->knowledge, table, key, 2, visit_row, search);
    table_each(search->knowledge, table, any, 2, visit_row, search);
}
