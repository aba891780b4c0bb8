/*
 * part: "key=PATH key=PATH,PATH": where the parts of something stand in a value, as a cell of a
 * fact table says it. A path that begins with '/' counts from the body, others from the element.
 * Private to fact/.
 */
#ifndef BERM_FACT_PART_H
#define BERM_FACT_PART_H

#include "fact/value.h"

/* The text behind "name=", SLICE_NONE if there is none. */
struct slice part_path(struct slice parts, const char *name);
/* The value of one path, or NULL. */
const struct value *part_find(const struct value *body, const struct value *element,
                              struct slice path);
/* Of the part's path; NULL also for null. */
const struct value *part_value(const struct value *body, const struct value *element,
                               struct slice parts, const char *name);
/* ASCII. */
struct slice part_lower(struct arena *arena, struct slice text);

#endif
