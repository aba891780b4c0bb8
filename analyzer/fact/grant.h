/*
 * grant: who may do what to which things, under which conditions; the same form for policies of
 * clouds, roles of clusters and bindings. Texts may hold `*` and `?`. Two sets of grants are
 * compared by what the one allows and the other does not: a wildcard that covers it counts, a new
 * sentence that allows nothing new does not.
 *
 * What a grant applies to that is neither covered nor a widening of something known (another
 * bucket, another role) is another thing, not more: it is left out. What stands on both sides
 * costs little, the rest the product of the sizes: at most GRANTS on a side and GRANT_STEPS
 * comparisons, beyond which the result is `too_large`.
 */
#ifndef BERM_FACT_GRANT_H
#define BERM_FACT_GRANT_H

#include "fact/grant_scope.h"
#include "fact/value.h"

enum { GRANTS = 2000, GRANT_STEPS = 5000000 };

struct grant {
    bool deny;
    bool strict;  /* a resource that is not covered is more, not another thing */
    bool closest; /* of several grants the one that names a thing most closely counts alone */
    bool opaque;  /* some actions or principals could not be read */
    struct grant_scope actions, resources, principals;
    struct grant_conditions conditions;
    uint32_t written; /* so many of the actions are named, the others follow from them; 0 = all */
    struct slice id;  /* "" without */
    const struct value *from;
};

struct grants {
    VEC(struct grant) list;
};

/* What one side allows and the other does not. Texts are borrowed; empty lists: nothing. */
struct grant_gain {
    struct text_list actions;     /* not allowed before, on anything */
    struct text_list resources;   /* where more is meant than before */
    struct text_list principals;  /* who could not, before */
    struct text_list conditions;  /* names of conditions that no longer limit */
    struct text_list denials;     /* actions that are no longer denied */
    bool too_large;               /* nothing was compared */
    bool unsure;                  /* part of what was there before could not be read */
    bool inverse;                 /* by a grant of all but something */
    const struct grant *is, *was; /* the first that gained, and what it was; was may be NULL */
};

/* Where the parts of a grant stand: "actions=Action resources=Resource principals=Principal
 * condition=Condition effect=Effect id=Sid", and
 *   not_actions, not_resources, not_principals   what is excepted: from what is named, or else
 *                                                from everything
 *   less_actions                                 excepted from what is named, and nothing without
 *   ranks=write,read;x,y  an action stands for those behind it, too, up to the ';'
 *   deny=yes           a denial; deny=WORD: one if an action is that word, of every action
 *   strict=yes closest=yes as in struct grant; below=yes as in struct grant_scope, of resources
 *   begin=yes          a resource stands for every text that begins with it
 * A path that begins with '/' counts from the body, others from the element; "@" is the key under
 * which the element stands; alternatives are separated by ',' and added up; '+' joins every text of
 * one with every text of the next, where a path that ends in '?' may be missing and then means
 * everything. False if it names no action. */
struct grant_form {
    const struct value *body, *element;
    struct slice key; /* of the element; SLICE_NONE without */
    struct slice parts;
};

bool grant_read(struct arena *arena, const struct grant_form *form, struct grant *grant);

/* To be called once when all were read: what is denied to everybody without a condition, and what a
 * closer grant speaks of, is excepted from the others. */
void grants_settle(struct arena *arena, struct grants *grants);

/* True if something is gained. */
bool grants_compare(struct arena *arena, const struct grants *before, const struct grants *after,
                    struct grant_gain *gain);
/* Does the whole set of grants allow this action on something? */
bool grants_allow(const struct grants *grants, struct slice action);
/* "s3:GetObject on one of buckets" for messages. */
struct slice grant_render(struct arena *arena, const struct grant *grant);

#endif
