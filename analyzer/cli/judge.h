/*
 * judge: what diff, stage, scan and hook share inside the worker: rules, policy and a reviewer made
 * from the options, and a review that leaves out what kills the parser.
 */
#ifndef BERM_CLI_JUDGE_H
#define BERM_CLI_JUDGE_H

#include "cli/options.h"
#include "cli/worker.h"

struct judge {
    berm_rules *rules;
    berm_policy *policy; /* NULL without --policy */
    berm_reviewer *reviewer;
};

/* Does nothing the second time. */
berm_status judge_open(struct judge *judge, const struct options *options, berm_error *error);
void judge_close(struct judge *judge);

/* Reviews the change at a level; the change is altered above LEVEL_NORMAL. */
berm_status judge_review(struct judge *judge, berm_change *change, enum worker_level level,
                         berm_review **review, berm_error *error);

#endif
