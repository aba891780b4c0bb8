/*
 * predicate_record: how predicates and matchers lie in the image. Private to fact/.
 */
#ifndef BERM_FACT_PREDICATE_RECORD_H
#define BERM_FACT_PREDICATE_RECORD_H

#include "fact/predicate.h"

enum predicate_op {
    OP_ALL = 1, /* operands: refs */
    OP_ANY,
    OP_NOT,        /* first operand: ref */
    OP_ATTRIBUTE,  /* text: path; operands: conditions */
    OP_ATTRIBUTES, /* operands: a matcher of paths, then conditions */
    OP_TEXT,       /* number: enum predicate_text; operand: matcher */
    OP_NUMBER,     /* number: enum predicate_number; operand: matcher */
    OP_WORDS,      /* text: enum predicate_number; number: bit mask of values */
    OP_AT_LEAST,   /* text: enum predicate_number; number: smallest value */

    COND_WAS, /* operand: matcher */
    COND_IS,
    COND_VALUE,
    COND_CHANGED,
    COND_SET,
    COND_UNSET,
    COND_GAINED, /* operand: matcher of an element that the other side lacks */
    COND_LOST,
    COND_BESIDE,  /* text: path; number: enum beside_side; operand: matcher of what stands there */
    COND_COMPARE, /* text: enum order; number: bit mask of order_relation, and above it by how many
                     times at least; operands: modes */

    MATCH_EXACT, /* text */
    MATCH_TRUE,
    MATCH_FALSE,
    MATCH_ABSENT,
    MATCH_PRESENT,
    MATCH_BLANK, /* there, and nothing in it */
    MATCH_FULL,  /* something in it */
    MATCH_ALL,   /* operands */
    MATCH_ANY,
    MATCH_NOT,
    MATCH_IN,       /* text: table */
    MATCH_WORDS_IN, /* text: table of words and phrases */
    MATCH_GLOB,     /* text */
    MATCH_PATTERN,  /* text; operands: its hint (fact/pattern_hint.h) */
    MATCH_STARTS,
    MATCH_ENDS,
    MATCH_CONTAINS,
    MATCH_LESS, /* number: millionths */
    MATCH_GREATER,
    MATCH_REFERENCE, /* number: 1 = is one, 0 = is none */
};

enum beside_side { BESIDE_EITHER, BESIDE_WAS, BESIDE_IS }; /* after preferred, before, after */

/* IMAGE_PREDICATES */
struct predicate_record {
    uint32_t op;
    uint32_t text;         /* string_ref unless said otherwise */
    uint32_t first, count; /* in IMAGE_OPERANDS, u32 each */
    int64_t number;
};

/* A number of configuration or of an analysed file, with or without a unit. */
bool predicate_number_parse(struct slice text, int64_t *millionths);

#endif
