/*
 * path: attribute paths in their one form, "a.b[name=web].image", taken apart step by step.
 *
 *     key      a child of a map; in double quotes if it holds a dot, a bracket or a brace
 *     {}  *    any child of a map (`*` also any element of a list)
 *     []       any element of a list
 *     [3]      one element
 *     [k=v]    the elements whose child k is the literal v; [=v] elements that are the literal v
 *
 * Nothing is allocated; a malformed rest is one key, so that no text is refused here.
 */
#ifndef BERM_FACT_PATH_H
#define BERM_FACT_PATH_H

#include "base/slice.h"

enum path_step_kind {
    STEP_KEY,
    STEP_ANY_KEY,
    STEP_ANY,
    STEP_ANY_ELEMENT,
    STEP_INDEX,
    STEP_ELEMENT
};

struct path_step {
    enum path_step_kind kind;
    struct slice key;   /* STEP_KEY, STEP_ELEMENT */
    struct slice value; /* STEP_ELEMENT */
    uint32_t index;     /* STEP_INDEX */
};

/* Takes the next step off *rest; false at the end. */
bool path_next(struct slice *rest, struct path_step *step);
/* True if the path is one that path_next reads without falling back: for our own data. */
bool path_is_valid(struct slice path);

enum path_relation {
    PATH_UNRELATED,
    PATH_SAME,
    PATH_INSIDE, /* the concrete path lies below the pattern */
    PATH_ABOVE,  /* the concrete path is a parent of what the pattern names */
};

/*
 * How a concrete path stands to a pattern. Element steps of either side are optional for the other
 * ("ingress.cidr_blocks" is "ingress[0].cidr_blocks" and "ingress[].cidr_blocks"), because a path
 * without them means any element.
 */
enum path_relation path_relate(struct slice pattern, struct slice concrete);

#endif
