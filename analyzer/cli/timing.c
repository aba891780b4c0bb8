#include "cli/timing.h"

#include <stdio.h>
#include <time.h>

uint64_t timing_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

void timing_start(struct timing *timing, bool wanted) {
    *timing = (struct timing){wanted, wanted ? timing_clock() : 0};
}

static void print(const char *part, uint64_t nanoseconds) {
    fprintf(stderr, "timing: %-24s %5u.%03u ms\n", part, (unsigned)(nanoseconds / 1000000),
            (unsigned)(nanoseconds / 1000 % 1000));
}

void timing_lap(struct timing *timing, const char *part) {
    if (!timing->wanted)
        return;
    uint64_t now = timing_clock();
    print(part, now - timing->last);
    timing->last = now;
}

void timing_stages(struct timing *timing, const berm_review *review) {
    uint64_t spent;
    const char *name;
    for (size_t i = 0; timing->wanted && (name = berm_review_stage(review, i, &spent)); i++) {
        print(name, spent);
        timing->last += spent;
    }
    timing_lap(timing, "hand over");
}
