/*
 * condition: conditional facts. "This attribute cannot be changed while `immutable` is true" is a
 * row with a predicate in one of its columns; here it is asked of one edit of one thing.
 */
#ifndef BERM_FACT_CONDITION_H
#define BERM_FACT_CONDITION_H

#include "fact/table.h"

/* One edit: the attributes of both sides (NULL = no such side) and what differs between them. */
struct fact_edit {
    const struct value *before, *after;
    const struct predicate_change *changes;
    uint32_t change_count;
};

/* Does the predicate in that column hold? A row without one, or a table without that column, always
 * applies. Undecided: a pattern ran into its limits; treat it as "perhaps", never as "no". */
enum predicate_result row_applies_to(struct predicate_context *context, const struct row *row,
                                     const char *column, const struct fact_edit *edit);

#endif
