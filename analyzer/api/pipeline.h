/*
 * pipeline: the one place where the stages meet: delta, rule, reach, score, tier in that order.
 *
 * A pipeline holds what does not change from one change to the next. Everything a run makes lives
 * in `arena`; entities live in the cache, so results are valid until the cache is trimmed. Raises
 * through the failure it was given: out of memory, a malformed policy in the change's target. What
 * the files hold is never a failure.
 */
#ifndef BERM_API_PIPELINE_H
#define BERM_API_PIPELINE_H

#include "delta/event.h"
#include "rule/finding.h"
#include "tier/governance.h"
#include "tier/tier.h"

enum { PIPELINE_CACHE_BYTES = 64 << 20 };

enum pipeline_stage { STAGE_COMPARE, STAGE_MATCH, STAGE_REACH, STAGE_DECIDE, STAGE_COUNT };

struct pipeline {
    const struct knowledge *knowledge;
    struct reader reader; /* dialects, cache, failure */
    struct delta_options options;
    const struct policy *policy; /* from outside; NULL: what the change's target says */
    policy_day today;            /* for the expiry of suppressions; 0: all count as expired */
    uint64_t (*clock)(void);     /* NULL: nothing is measured */
    struct arena *arena;         /* of the run; its failure must be the reader's */
};

/* All that is known at the end. */
struct judgement {
    struct events events;
    struct findings findings; /* in the order of reports */
    struct score score;
    struct verdict verdict;
    const struct policy *policy;
    const struct suppression_use *uses; /* of the policy's suppressions, in its order */
    uint64_t spent[STAGE_COUNT];        /* by the pipeline's clock */
    bool understood; /* false: something was not understood in a file of a known dialect or at a
                        sensitive path that is no test, documentation or vendored copy */
    bool complete;   /* understood, and whole files were known */
};

/* `arena` owns the dialects and the cache and is the arena of runs until another one is set;
 * `cache_bytes` bounds the entities kept between runs. */
void pipeline_init(struct pipeline *pipeline, struct arena *arena,
                   const struct knowledge *knowledge, size_t cache_bytes);

/* The whole way. */
void pipeline_run(struct pipeline *pipeline, struct change *change, struct judgement *judgement);

/* Reads the entities of both sides of a pair and forgets them. */
void pipeline_probe(struct pipeline *pipeline, const struct pair *pair);

#endif
