/*
 * grant_scope: one part of a grant (actions, resources, principals) as patterns with exceptions,
 * and the conditions that limit it. Case does not count. Private to fact/.
 */
#ifndef BERM_FACT_GRANT_SCOPE_H
#define BERM_FACT_GRANT_SCOPE_H

#include "base/slice.h"
#include "base/vec.h"

struct text_list {
    struct slice *items;
    uint32_t count, capacity;
};

/* Does every text of `part` stand for no more than the texts of `whole`? */
bool text_list_holds(const struct text_list *whole, const struct text_list *part);
bool text_held(const struct text_list *whole, struct slice text);

/* What is named, without what is excepted; none named = everything. */
struct grant_scope {
    struct text_list texts, except;
    bool below; /* a text stands for what is below it, too: "/a" for "/a/b" */
};

/* The index-th text, one of at least one: "*" where none is named. */
struct slice scope_text(const struct grant_scope *scope, uint32_t index);
uint32_t scope_texts(const struct grant_scope *scope);
bool scope_is_inverse(const struct grant_scope *scope);
/* Does the first text stand for no more than the second, in such a scope? */
bool scope_text_holds(const struct grant_scope *scope, struct slice whole, struct slice part);
/* Is `text`, without what `but` excepts, certainly all in the scope? Exceptions of the scope do not
 * count if `named_only`. */
bool scope_holds_text(const struct grant_scope *scope, struct slice text,
                      const struct text_list *but, bool named_only);
bool scope_holds(const struct grant_scope *whole, const struct grant_scope *part);

/* One limb of a condition: "StringLike aws:SourceArn" and what it may be. */
struct grant_condition {
    struct slice name;
    struct text_list values;
};

struct grant_conditions {
    struct grant_condition *items;
    uint32_t count, capacity;
};

/* Is a grant under the limits `part` no wider than one under `whole`: each of those is kept,
 * tightened, or exchanged for another value? *lost is the first that is not. The form of names is
 * that of policies of AWS: an operator and a key; of negated operators more values limit more, of
 * addresses and numbers the range counts. */
bool conditions_hold(struct arena *arena, const struct grant_conditions *whole,
                     const struct grant_conditions *part, struct slice *lost);

#endif
