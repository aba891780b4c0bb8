/*
 * origin: where a value that is other than before was changed, when it was not where it is used:
 * the locals, variables, value files and calls of modules that it came through.
 */
#ifndef BERM_DELTA_ORIGIN_H
#define BERM_DELTA_ORIGIN_H

#include "delta/emit.h"

/* Fills in the origin of each change that came through names of the scopes of both sides. */
void origin_find(struct emit *emit, struct event *changed);

#endif
