/*
 * predicate_eval: one evaluation, shared by predicate.c (conditions) and matcher.c (one value).
 * Private to fact/.
 */
#ifndef BERM_FACT_PREDICATE_EVAL_H
#define BERM_FACT_PREDICATE_EVAL_H

#include "fact/predicate_record.h"

struct evaluation {
    struct predicate_context *context;
    const struct image *image;
    const struct predicate_subject *subject; /* may be NULL for matchers */
    struct predicate_match *match;           /* may be NULL */
    bool is_path;                            /* the text matched is a path: for globs */
};

const struct predicate_record *evaluation_record(const struct evaluation *evaluation,
                                                 predicate_ref ref);
predicate_ref evaluation_operand(const struct evaluation *evaluation,
                                 const struct predicate_record *record, uint32_t index);
struct slice evaluation_text(const struct evaluation *evaluation, enum predicate_text text);

enum predicate_result evaluation_match(struct evaluation *evaluation, predicate_ref ref,
                                       const struct value *value);
enum predicate_result evaluation_match_text(struct evaluation *evaluation, predicate_ref ref,
                                            struct slice text, bool is_path);
/* OP_ATTRIBUTE (attribute.c). */
enum predicate_result evaluation_attribute(struct evaluation *evaluation,
                                           const struct predicate_record *record);

enum predicate_result result_not(enum predicate_result result);

#endif
