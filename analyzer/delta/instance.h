/*
 * instance: blocks that stand for several objects (count, for_each), compared object by object: the
 * instances that go, and those that are another thing than before under the same address, as when
 * an element leaves the middle of a counted list. One event for a block, however many of its
 * instances it concerns; they are its cascade.
 */
#ifndef BERM_DELTA_INSTANCE_H
#define BERM_DELTA_INSTANCE_H

#include "delta/emit.h"

/* Where instances are not what the blocks say of them: makes the changes those of the instances,
 * and the bodies of both sides those of the first that differs. `changed` has both sides and the
 * changes of the blocks. */
void instance_changes(struct emit *emit, const struct match_item *before,
                      const struct match_item *after, struct event *changed);

/* Emits the removal of the instances that have no counterpart: one event under the address of the
 * block, with their addresses as its cascade. */
void instance_losses(struct emit *emit, const struct event *changed);

/* The number of instances is what changes. */
bool instance_decides(const struct attribute_change *change);

#endif
