/*
 * lost: objects that go although their declaration stays: instances of a lowered count or of keys
 * that are gone, what a module call held whose source is another one now.
 */
#ifndef BERM_DELTA_LOST_H
#define BERM_DELTA_LOST_H

#include "delta/emit.h"

void lost_events(struct emit *emit, const struct event *changed);

#endif
