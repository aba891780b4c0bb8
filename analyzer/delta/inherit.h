/*
 * inherit: what a block does not say, the blocks around it say for it, in dialects with the
 * property `inherited` (types of entities, separated by commas). A setting that moves from a block
 * to the one around it changes nothing; one that a block begins to say hides what it took from
 * around it.
 */
#ifndef BERM_DELTA_INHERIT_H
#define BERM_DELTA_INHERIT_H

#include "delta/event.h"

/* Makes the bodies of both sides those that are in force, as far as they differ: where one side
 * alone says something, the other gets what it takes from around it. With the property
 * `inherited_maps: merged` maps are taken over key by key. */
void inherit_settings(struct arena *arena, struct placed *before, struct placed *after);

#endif
