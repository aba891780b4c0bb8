/*
 * functions: the functions of the configuration language that expressions may call, one table. Each
 * is exact or gives up (NULL): nothing that depends on the clock, on files or on chance is in it,
 * nor what needs floats or letters beyond ASCII in other case.
 *
 * Private to resolve/.
 */
#ifndef BERM_RESOLVE_FUNCTIONS_H
#define BERM_RESOLVE_FUNCTIONS_H

#include "resolve/evaluate.h"

/* What a function asks of its arguments before it is called. */
enum function_needs {
    NEEDS_PLAIN, /* texts, numbers and truths only */
    NEEDS_KNOWN, /* nothing in them is open */
    NEEDS_SHAPE, /* they are not open themselves; what they hold may be */
    NEEDS_ANY,   /* whatever they are, outcomes that cannot be included */
};

struct call {
    struct evaluator *evaluator;
    const struct value *const *arguments;
    uint32_t count;
};

typedef const struct value *function_body(const struct call *call);

struct function {
    const char *name;
    uint32_t least, most; /* arguments */
    enum function_needs needs;
    function_body *body;
};

enum { FUNCTION_MANY = UINT32_MAX };

extern const struct function FUNCTIONS_OF_TEXT[], FUNCTIONS_OF_COLLECTIONS[],
    FUNCTIONS_OF_NUMBERS[]; /* each ends with a row without name */

/* Argument texts; SLICE_NONE where it is no literal. */
static inline struct slice call_text(const struct call *call, uint32_t at) {
    return value_literal(call->arguments[at]);
}

static inline bool call_number(const struct call *call, uint32_t at, int64_t *number) {
    return as_number(call->arguments[at], number);
}

#endif
