/*
 * relocate: what vanishes from one directory and stands in another one under the same address.
 * Whether it is destroyed depends on whether its state went along, which nobody writes down: such a
 * removal is possible, not certain. Only within one environment.
 */
#ifndef BERM_DELTA_RELOCATE_H
#define BERM_DELTA_RELOCATE_H

#include "delta/event.h"

void relocate_events(struct arena *arena, struct events *events);

#endif
