/*
 * formula_parse: one formula, parsed and evaluated at once. Private to resolve/formula*.c.
 */
#ifndef BERM_RESOLVE_FORMULA_PARSE_H
#define BERM_RESOLVE_FORMULA_PARSE_H

#include "base/strbuf.h"
#include "resolve/formula.h"

struct formula {
    struct formula_scope *scope;
    struct arena *arena;
    struct slice text;
    size_t at;
    uint32_t depth;
    bool failed;   /* not understood: the formula stays */
    bool resolved; /* a parameter was put in its place */
};

struct formula_values {
    VEC(const struct value *) list;
};

/* The outcome of a formula, of a text with ${} in it; NULL if it is not understood. */
const struct value *formula_evaluate(struct formula *formula);
const struct value *formula_text(struct formula *formula, struct slice text);

/* What a name stands for; NULL if nothing is known. */
const struct value *formula_find(struct formula *formula, struct slice kind, struct slice name);

/* formula_function.c: NULL: no such function, or it does not decide. */
const struct value *formula_call(struct formula *formula, struct slice name,
                                 const struct formula_values *arguments);
/* 1 equal, 0 not, -1 not known. */
int formula_equal(const struct value *a, const struct value *b);

/* Values made. */
const struct value *formula_literal(struct formula *formula, enum literal_type type,
                                    struct slice text);
const struct value *formula_bool(struct formula *formula, bool value);
const struct value *formula_open(struct formula *formula, struct slice text, bool template);
/* Parts one behind the other: a text, with ${} where a part is open. NULL for lists and maps. */
const struct value *formula_joined(struct formula *formula, const struct formula_values *parts);
bool formula_is_open(const struct value *value);
/* A value as it stands in a formula. */
void formula_write(struct formula *formula, struct strbuf *out, const struct value *value);

#endif
