/*
 * tier: who has to approve. The highest of the score's band, the floors of findings and the floors
 * of critical systems the change touches; every reason is listed, also those below the highest.
 */
#ifndef BERM_TIER_TIER_H
#define BERM_TIER_TIER_H

#include "tier/policy.h"

enum tier_reason_kind { REASON_BAND, REASON_FLOOR, REASON_CRITICAL, REASON_KIND_COUNT };
const char *tier_reason_word(enum tier_reason_kind kind); /* "band", "floor", "critical" */

struct tier_reason {
    enum tier tier;
    enum tier_reason_kind kind;
    struct slice rule;   /* of a floor; SLICE_NONE otherwise */
    struct slice system; /* name of a critical system; SLICE_NONE otherwise */
    struct slice text;   /* one sentence without a full stop */
};

/* DESIGN of the tiers: what each asks for. */
struct tier_requirement {
    uint32_t approvals; /* by others than the author, all together */
    uint32_t seniors;   /* how many of them are seniors */
    bool director;      /* a director's acknowledgement */
    bool statement;     /* of what was changed, how it was tested and how it is rolled back */
    bool audit_record;
    struct slice text;
};

struct verdict {
    enum tier tier;
    const struct tier_requirement *required;
    struct tier_reason *reasons; /* highest tier first, then band, floors, critical systems */
    uint32_t reason_count;
};

const struct tier_requirement *tier_required(enum tier tier);

/* Findings are scored already; `table` is the tightened one. */
void tier_decide(struct arena *arena, const struct score_table *table, const struct policy *policy,
                 const struct change *change, const struct findings *findings,
                 const struct score *score, struct verdict *verdict);

#endif
