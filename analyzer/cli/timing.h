/*
 * timing: how long the parts of a run took, for --timing. Measures and prints; no verdict sees it.
 */
#ifndef BERM_CLI_TIMING_H
#define BERM_CLI_TIMING_H

#include <berm.h>

/* Nanoseconds of a clock that never goes back. */
uint64_t timing_clock(void);

struct timing {
    bool wanted;
    uint64_t last;
};
void timing_start(struct timing *timing, bool wanted);
/* Prints the time since the last call under that name. */
void timing_lap(struct timing *timing, const char *part);
/* As timing_lap, by the stages of the review. */
void timing_stages(struct timing *timing, const berm_review *review);

#endif
