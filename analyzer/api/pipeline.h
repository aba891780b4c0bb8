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

struct policy;  /* tier/ */
struct verdict; /* tier/ */

struct pipeline {
    const struct knowledge *knowledge;
    const struct policy *policy; /* NULL: what the change's target says */
    struct reader reader;        /* dialects, cache, failure */
    struct delta_options options;
    struct arena *arena; /* of the run; its failure must be the reader's */
};

/* `arena` owns the dialects and the cache and is the arena of runs until another one is set;
 * `cache_bytes` bounds the entities kept between runs. */
void pipeline_init(struct pipeline *pipeline, struct arena *arena,
                   const struct knowledge *knowledge, size_t cache_bytes);

/* The whole way. */
void pipeline_run(struct pipeline *pipeline, struct change *change, struct verdict *verdict);

/* delta and rule only: findings without reach, points and policy. */
void pipeline_find(struct pipeline *pipeline, const struct change *change, struct events *events,
                   struct findings *findings);

/* Reads the entities of both sides of a pair and forgets them. */
void pipeline_probe(struct pipeline *pipeline, const struct pair *pair);

#endif
