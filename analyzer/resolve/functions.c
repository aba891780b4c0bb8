#include "resolve/functions.h"

static const struct function *find_in(const struct function *table, struct slice name) {
    for (; table->name; table++)
        if (slice_is(name, table->name))
            return table;
    return NULL;
}

static const struct function *find(struct slice name) {
    static const struct function *const tables[] = {
        FUNCTIONS_OF_COLLECTIONS, FUNCTIONS_OF_TEXT,  FUNCTIONS_OF_ENCODINGS, FUNCTIONS_OF_NUMBERS,
        FUNCTIONS_OF_PATTERNS,    FUNCTIONS_OF_FILES, FUNCTIONS_OF_TABLES,    FUNCTIONS_OF_PLACES};
    const struct function *found = NULL;
    for (size_t i = 0; i < sizeof tables / sizeof *tables && !found; i++)
        found = find_in(tables[i], name);
    return found;
}

/* What was encoded is a text to every function; false if that text is not known. */
static bool decode_tag(struct evaluator *evaluator, const struct value **argument) {
    if (slice_is_none((*argument)->tag))
        return true;
    struct slice text = as_text(evaluator, *argument);
    if (slice_is_none(text) || !slice_is((*argument)->tag, "json"))
        return false;
    *argument = make_text(evaluator, text);
    return true;
}

static bool is_fit(const struct value *argument, enum function_needs needs) {
    if (needs == NEEDS_PLAIN)
        return argument->kind == VALUE_LITERAL;
    return needs != NEEDS_KNOWN || is_known(argument);
}

const struct value *evaluate_call(struct evaluator *evaluator, struct slice name,
                                  struct values *arguments) {
    const struct function *function = find(name);
    if (!function || arguments->count < function->least || arguments->count > function->most)
        return NULL;
    for (uint32_t i = 0; i < arguments->count && function->needs != NEEDS_ANY; i++) {
        if (is_error(arguments->items[i]))
            return arguments->items[i];
        if (is_open(arguments->items[i]) || !decode_tag(evaluator, &arguments->items[i]) ||
            !is_fit(arguments->items[i], function->needs))
            return NULL;
    }
    struct call call = {evaluator, name, arguments->items, arguments->count};
    return function->body(&call);
}
