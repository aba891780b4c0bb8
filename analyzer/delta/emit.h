/*
 * emit: turns matched entities into events: what was removed, added, renamed, changed, executed,
 * and what each change means (derive.h).
 */
#ifndef BERM_DELTA_EMIT_H
#define BERM_DELTA_EMIT_H

#include "delta/match.h"
#include "fact/predicate.h"
#include "resolve/formula.h"
#include "resolve/resolve.h"

struct emit {
    struct arena *arena;
    const struct knowledge *knowledge;
    struct events *events;
    struct predicate_context *predicates; /* for conditional facts */
    const struct resolve_scope *moves;    /* of the after side, for instances; NULL = none */
    struct resolve_scope *scopes;         /* of both sides, of a directory; NULL = none */
    struct formula_scope *formulas;       /* of both sides, of a file with any; NULL = none */
    bool fragments; /* only hunks are known: what is gone may stand elsewhere in the file */
    const struct unit_sources *sources; /* for files that others take in; may be NULL */
};

/* Both sides after match_items. */
void emit_matches(struct emit *emit, const struct match_side *before,
                  const struct match_side *after);

/* What happened to one thing that stands on both sides. */
void emit_pair(struct emit *emit, const struct match_item *before, const struct match_item *after);

/* Appends; fills in the unit. Returns it (valid until the next one). */
struct event *emit_event(struct emit *emit, struct event event);

/* How values of this dialect are compared. */
struct comparison emit_comparison(struct arena *arena, const struct dialect *dialect);

#endif
