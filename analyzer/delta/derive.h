/*
 * derive: what a changed attribute means, from the fact tables of the dialect: a replacement, a
 * refusal, a lost protection. The tables are named by the dialect's properties `replacement` and
 * `immutable`; `protective_attributes` is asked for every dialect.
 */
#ifndef BERM_DELTA_DERIVE_H
#define BERM_DELTA_DERIVE_H

#include "delta/emit.h"

/* `changed` has both sides and its changes. Appends at most one replaced and one rejected event,
 * and one weakened event per attribute. */
void derive_events(struct emit *emit, const struct event *changed);

/* The weakened events alone: for a thing that is another one in name. */
void derive_weakened(struct emit *emit, const struct event *changed);

/* Do the facts say that these changes replace the thing? `cause` is the surest of them. Emits
 * nothing. */
bool derive_replacement(struct emit *emit, const struct event *changed,
                        const struct attribute_change **cause, enum confidence *confidence);

/* Does a property of the dialect hold of a thing: "PATH=VALUE|VALUE, PATH~PART|PART"? */
bool derive_property_holds(const struct placed *placed, const char *property);

/* For things that vanish: the before side says that the object itself stays. */
bool derive_is_kept(const struct placed *before);

#endif
