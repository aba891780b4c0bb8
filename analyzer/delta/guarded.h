/*
 * guarded: objects that a chart no longer puts out although they still stand in its templates, and
 * charts that it no longer brings: removed, likely, with the condition as the cause ("guard").
 */
#ifndef BERM_DELTA_GUARDED_H
#define BERM_DELTA_GUARDED_H

#include "delta/unit.h"

/* Before delivery_events. */
void guarded_events(const struct unit_sources *sources, struct events *events);

#endif
