/*
 * governance: suppressions of the policy put into effect, before the score is taken. Changes of
 * the policy itself are found by rules (rules/governance/).
 */
#ifndef BERM_TIER_GOVERNANCE_H
#define BERM_TIER_GOVERNANCE_H

#include "tier/policy.h"

/* What became of one suppression of the policy in this review. */
struct suppression_use {
    bool expired;
    uint32_t findings; /* it covers, or would cover had it not expired */
};

/*
 * Marks findings that a suppression covers and that are not about governance themselves. One that
 * has expired covers nothing; where it would have, a finding governance/suppression-expired says
 * so. `today` is given by the caller, never read from a clock; 0 = not known, then every
 * suppression counts as expired. Returns one use for each suppression of the policy, in its order.
 */
const struct suppression_use *governance_suppress(struct arena *arena,
                                                  const struct knowledge *knowledge,
                                                  const struct policy *policy, policy_day today,
                                                  struct findings *findings);

#endif
