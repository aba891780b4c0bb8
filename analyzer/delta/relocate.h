/*
 * relocate: what vanishes from one directory and stands in another one under the same address.
 * Whether it is destroyed depends on whether its state went along, which nobody writes down: such a
 * removal is possible, not certain. Only within one environment. Where a `moved` block says that it
 * goes on inside a module, and it does stand in another directory, it is no removal at all.
 */
#ifndef BERM_DELTA_RELOCATE_H
#define BERM_DELTA_RELOCATE_H

#include "delta/event.h"

/* A term of the plan format. */
#define REASON_MOVED_INTO_MODULE "moved_into_module"

void relocate_events(struct arena *arena, struct events *events);

#endif
