/*
 * fan_out: how many things refer to a thing, transitively, by a search for its address in the
 * files beside it. Lexical and bounded: what holds the address as a whole word counts, and so does
 * what refers to that in turn. Only blocks that hold the word are parsed.
 */
#ifndef BERM_REACH_FAN_OUT_H
#define BERM_REACH_FAN_OUT_H

#include "reach/reach.h"

/* One search per change: directories are read once, answers remembered. */
struct fan_out;
struct fan_out *fan_out_new(struct arena *arena, const struct change *change,
                            struct reader *reader);

/* FAN_OUT_UNKNOWN where neighbours could not be read and none was seen. */
uint32_t fan_out_find(struct fan_out *search, const struct placed *placed, bool before);

/* Pipelines that take in the file as a whole (dialect property `called_from`: folders they stand
 * in,
 * "." for the root), whatever stands in it. */
uint32_t fan_out_callers(struct fan_out *search, const struct placed *placed, bool before);

#endif
