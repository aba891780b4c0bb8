/*
 * predicate_eval: one evaluation, shared by predicate.c (conditions) and matcher.c (one value).
 * Private to fact/.
 */
#ifndef BERM_FACT_PREDICATE_EVAL_H
#define BERM_FACT_PREDICATE_EVAL_H

#include "fact/pattern_hint.h"
#include "fact/predicate_record.h"

/* Where the values of one attribute stand: a value of each side and the path below it. */
struct sides {
    const struct value *was, *is;
    struct slice path;
};

struct evaluation {
    struct predicate_context *context;
    const struct image *image;
    const struct predicate_subject *subject; /* may be NULL for matchers */
    struct predicate_match *match;           /* may be NULL */
    bool is_path;                            /* the text matched is a path: for globs */
    struct slice at; /* path of the change that is judged; SLICE_NONE for something inside of one */
    /* the image's sections, looked up once */
    const struct predicate_record *records;
    const uint32_t *operands;
    uint32_t record_count, operand_count;
};

struct evaluation evaluation_make(struct predicate_context *context, const struct image *image,
                                  const struct predicate_subject *subject,
                                  struct predicate_match *match);

/* NULL for 0, "no predicate". */
static inline const struct predicate_record *evaluation_record(const struct evaluation *evaluation,
                                                               predicate_ref ref) {
    return ref && ref <= evaluation->record_count ? &evaluation->records[ref - 1] : NULL;
}

static inline predicate_ref evaluation_operand(const struct evaluation *evaluation,
                                               const struct predicate_record *record,
                                               uint32_t index) {
    uint32_t at = record->first + index;
    return at < evaluation->operand_count ? evaluation->operands[at] : 0;
}

/* Of a record MATCH_PATTERN. */
static inline struct pattern_hint evaluation_hint(const struct evaluation *evaluation,
                                                  const struct predicate_record *record) {
    bool any = record->count > 0; /* an image without a single operand has none to point at */
    return (struct pattern_hint){any ? evaluation->operands + record->first : NULL, record->count};
}

struct slice evaluation_text(const struct evaluation *evaluation, enum predicate_text text);
/* Of the paths of all changes (attributes.c). */
uint64_t evaluation_changes_mask(struct predicate_context *context,
                                 const struct predicate_subject *subject);

enum predicate_result evaluation_match(struct evaluation *evaluation, predicate_ref ref,
                                       const struct value *value);
enum predicate_result evaluation_match_text(struct evaluation *evaluation, predicate_ref ref,
                                            struct slice text, bool is_path);
/* OP_ATTRIBUTE (attribute.c). */
enum predicate_result evaluation_attribute(struct evaluation *evaluation,
                                           const struct predicate_record *record);

/* Conditions from operand `from` on, and what to note if they hold. */
enum predicate_result evaluation_judge(struct evaluation *evaluation,
                                       const struct predicate_record *record, uint32_t from,
                                       const struct sides *sides, struct predicate_match *match);
/* Keeps the match if the caller wants one: one that differs is preferred, then the first. */
void evaluation_note(struct evaluation *evaluation, struct predicate_match match);
/* Takes out of context->was and ->is what both hold. n log n. */
void evaluation_drop_shared(struct predicate_context *context);
/* Does the record have conditions on what stands beside the attribute (beside.c)? */
bool evaluation_has_beside(const struct evaluation *evaluation,
                           const struct predicate_record *record);
/* COND_BESIDE, for the one value of each side in context->was and ->is. */
enum predicate_result evaluation_beside(struct evaluation *evaluation,
                                        const struct predicate_record *record);
/* OP_ATTRIBUTES (attributes.c). */
enum predicate_result evaluation_attributes(struct evaluation *evaluation,
                                            const struct predicate_record *record);

/* The body of a side, or NULL. */
const struct value *evaluation_body(const struct evaluation *evaluation, bool before);

enum predicate_result result_not(enum predicate_result result);

#endif
