/*
 * evaluate: what an expression of the configuration language amounts to, as far as the names of a
 * directory and the functions of functions.c say. One pass over the text: it is parsed and
 * evaluated at once, the body of a `for` once for every element.
 *
 * What depends on anything else stays open: it comes out as the expression again, written in one
 * way whatever the spacing, with everything known put in its place, so that two sides that mean the
 * same read the same. Lists and maps may hold open values. Nothing is guessed: a function that is
 * not known, an argument that a function does not decide exactly, or more work than the limits of
 * resolve.h allow leave the expression as it is. No floats: only whole numbers are calculated.
 *
 * Private to resolve/.
 */
#ifndef BERM_RESOLVE_EVALUATE_H
#define BERM_RESOLVE_EVALUATE_H

#include "base/strbuf.h"
#include "base/vec.h"
#include "resolve/resolve.h"

enum {
    EVALUATE_DEPTH = 96,      /* nesting of an expression */
    EVALUATE_STEPS = 1 << 22, /* operands evaluated for one side of a directory */
};

/* A name that a `for` expression binds, or `each` and `count` of an instance. */
struct binding {
    struct slice name;
    const struct value *value;
    const struct binding *outer;
};

struct evaluator {
    struct resolve_scope *scope;
    struct arena *arena;
    struct slice text; /* what is read, and how far */
    size_t at;
    const struct binding *bound;
    uint32_t depth;
    bool failed; /* not understood, or too much: the expression stays */
    bool named;  /* a name was put in its place */
    bool moved;  /* a reference goes by another name now */
};

struct values {
    const struct value **items;
    uint32_t count, capacity;
};

/* Parses at evaluator->at as far as an expression goes. Never NULL; see `failed`. */
const struct value *evaluate_expression(struct evaluator *evaluator);
/* Behind a value: .name, [index], [*]. `reference`: an open value that is a plain address. */
const struct value *evaluate_traversal(struct evaluator *evaluator, const struct value *value);
/* evaluate_for.c: behind the opening bracket. */
const struct value *evaluate_bracket(struct evaluator *evaluator, bool map);
/* evaluate_text.c: a decoded text with ${} and %{} in it, as a whole. */
const struct value *evaluate_template(struct evaluator *evaluator, struct slice text);
/* A string at evaluator->at, quotes included; a heredoc. */
const struct value *evaluate_string(struct evaluator *evaluator);
const struct value *evaluate_heredoc(struct evaluator *evaluator);

/* Lexical helpers. */
void evaluate_space(struct evaluator *evaluator);
bool evaluate_accept(struct evaluator *evaluator, const char *token);
void evaluate_expect(struct evaluator *evaluator, const char *token);
struct slice evaluate_word(struct evaluator *evaluator); /* "" if there is none */
char evaluate_peek(struct evaluator *evaluator);         /* next byte behind space, 0 at the end */
bool evaluate_is_word(char byte);

/* operator.c */
const struct value *evaluate_binary(struct evaluator *evaluator, struct slice sign,
                                    const struct value *left, const struct value *right);
const struct value *evaluate_unary(struct evaluator *evaluator, char sign,
                                   const struct value *value);
const struct value *evaluate_choice(struct evaluator *evaluator, const struct value *condition,
                                    const struct value *yes, const struct value *no);
/* 1 equal, 0 not, -1 not known. */
int evaluate_equal(const struct value *a, const struct value *b);

/* functions.c: SLICE_NONE arguments never occur. NULL: no such function, or not decided. */
const struct value *evaluate_call(struct evaluator *evaluator, struct slice name,
                                  struct values *arguments);

/* make.c: values made, and what is asked of them. */
const struct value *make_text(struct evaluator *evaluator, struct slice text);
const struct value *make_number(struct evaluator *evaluator, int64_t number);
const struct value *make_bool(bool value);
const struct value *make_null(void);
/* The outcome of what cannot be: a key that is not there. */
const struct value *make_error(void);
bool is_error(const struct value *value);
struct value *make_list(struct evaluator *evaluator, const struct values *items);
/* Keys may repeat: the last one counts, at the place of the first. */
struct value *make_map(struct evaluator *evaluator, struct value_item *items, uint32_t count);
const struct value *make_open(struct evaluator *evaluator, struct slice text);
void values_add(struct evaluator *evaluator, struct values *values, const struct value *value);

bool is_open(const struct value *value);  /* a reference or an expression */
bool is_known(const struct value *value); /* nothing in it is open */
bool is_text(const struct value *value);
bool as_number(const struct value *value, int64_t *number);
/* The text that a value becomes inside of a text; SLICE_NONE if it has none. */
struct slice as_text(struct evaluator *evaluator, const struct value *value);
/* Any list-like value's items by the order in which they are gone through: maps by key. */
struct value_item *sorted_items(struct evaluator *evaluator, const struct value *value);

/* As it would be written, put into `out`; fails where it gets longer than RESOLVE_RENDER. */
void write_value(struct evaluator *evaluator, struct strbuf *out, const struct value *value);
/* The same in parentheses where an operator stands in it. */
void write_operand(struct evaluator *evaluator, struct strbuf *out, const struct value *value);
/* A template's text: interpolations as they are. */
void write_inside_text(struct evaluator *evaluator, struct strbuf *out, const struct value *value);
/* text with quotes and escapes */
void write_quoted(struct strbuf *out, struct slice text);

/* dynamic.c: blocks that are made from a collection. */
/* The body with "dynamic" written as blocks that may be there; the body itself if it has none. */
const struct value *resolve_dynamic(struct resolve_scope *scope, const struct value *body);
bool resolve_is_maybe(const struct value *list);
/* The blocks of a list that has such: as many as there are, where that is known. */
const struct value *resolve_maybe(struct resolve_scope *scope, const struct value *list);

/* json.c: false if anything in it is open or has no such form. */
bool json_encode(struct evaluator *evaluator, struct strbuf *out, const struct value *value);
/* NULL if it is no JSON, or has numbers that are not whole. */
const struct value *json_decode(struct evaluator *evaluator, struct slice text);

#endif
