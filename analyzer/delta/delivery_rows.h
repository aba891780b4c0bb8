/*
 * delivery_rows: what a template is made for: the rows of its generators, and texts filled in with
 * one. Private to delta/delivery*.c.
 */
#ifndef BERM_DELTA_DELIVERY_ROWS_H
#define BERM_DELTA_DELIVERY_ROWS_H

#include "base/vec.h"
#include "fact/value.h"

enum { DELIVERY_CROSSED = 4 }; /* generators that one row comes from */

struct delivery_row {
    const struct value *maps[DELIVERY_CROSSED];
    uint32_t count;
};

struct delivery_rows {
    VEC(struct delivery_row) list;
    uint32_t limit;
};

/* `rows`: paths of lists of maps in a generator; `crossed`: paths of lists of generators each row
 * of which is joined with each of the others; both comma separated. */
void delivery_rows_read(struct arena *arena, const struct value *generators, struct slice rows,
                        struct slice crossed, struct delivery_rows *out);

/* Does one of its maps say so under the key? */
bool delivery_is_excluded(const struct delivery_row *row, struct slice key);

/* The text of a value, whether it holds something to be filled in or not. */
struct slice delivery_text(const struct value *value);
/* "{{name}}" by its text in the row, "*" where that is not known. */
struct slice delivery_fill(struct arena *arena, struct slice text, const struct delivery_row *row);

#endif
