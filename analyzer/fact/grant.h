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

#include "base/vec.h"
#include "fact/value.h"

enum { GRANTS = 2000, GRANT_STEPS = 5000000 };

struct text_list {
    struct slice *items;
    uint32_t count, capacity;
};

/* One limb of a condition: "StringLike aws:SourceArn" and what it may be. */
struct grant_condition {
    struct slice name;
    struct text_list values;
};

struct grant {
    bool deny;
    bool but_actions, but_resources, but_principals; /* all but those named */
    bool strict; /* a resource that is not covered is more, not another thing */
    bool opaque; /* some actions or principals could not be read */
    struct text_list actions, resources, principals; /* none named = all of them */
    VEC(struct grant_condition) conditions;
    struct slice id; /* "" without */
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
 * condition=Condition effect=Effect id=Sid strict=yes" and not_actions, not_resources,
 * not_principals. A path that begins with '/' counts from the body, others from the element;
 * alternatives are separated by
 * ',' and added up; '+' joins every text of one with every text of the next, where a path that ends
 * in '?' may be missing and then means everything. False if it names no action. */
bool grant_read(struct arena *arena, const struct value *body, const struct value *element,
                struct slice parts, struct grant *grant);

/* Does every text of `part` stand for no more than the texts of `whole`? Case does not count. */
bool text_list_holds(const struct text_list *whole, const struct text_list *part);
bool text_held(const struct text_list *whole, struct slice text);

/* True if something is gained. */
bool grants_compare(struct arena *arena, const struct grants *before, const struct grants *after,
                    struct grant_gain *gain);
/* Does the whole set of grants allow this action on something? */
bool grants_allow(const struct grants *grants, struct slice action);
/* "s3:GetObject on one of buckets" for messages. */
struct slice grant_render(struct arena *arena, const struct grant *grant);

#endif
