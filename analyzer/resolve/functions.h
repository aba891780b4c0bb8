/*
 * functions: the functions of the configuration language that expressions may call, one table. Each
 * is exact or gives up (NULL): nothing that depends on the clock, on files outside of the
 * repository or on chance is in it, nor what needs floats or letters beyond ASCII in other case.
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
    struct slice name;
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

/* Each ends with a row without name. */
extern const struct function FUNCTIONS_OF_TEXT[], FUNCTIONS_OF_COLLECTIONS[],
    FUNCTIONS_OF_NUMBERS[], FUNCTIONS_OF_ENCODINGS[], FUNCTIONS_OF_PATTERNS[], FUNCTIONS_OF_FILES[],
    FUNCTIONS_OF_TABLES[], FUNCTIONS_OF_PLACES[];

/* functions_pattern.c: replace() with a pattern, which stands without its slashes. */
const struct value *replace_pattern(const struct call *call, struct slice pattern);
/* functions_encoding.c: "md5", "base64sha256", ..; NULL for any other name. */
const struct value *hash_text(struct evaluator *evaluator, struct slice name, struct slice text);

static inline bool is_list(const struct value *value) {
    return value->kind == VALUE_LIST;
}

static inline bool is_map(const struct value *value) {
    return value->kind == VALUE_MAP;
}

/* Argument texts; SLICE_NONE where it is no literal. */
static inline struct slice call_text(const struct call *call, uint32_t at) {
    return value_literal(call->arguments[at]);
}

static inline bool call_number(const struct call *call, uint32_t at, int64_t *number) {
    return as_number(call->arguments[at], number);
}

#endif
