/*
 * policy: what a project asks for beyond the built-in rules, from `.berm.yml` or `.berm.yaml` at
 * the root of the policy tree (the target's tip) or from bytes the caller gives (--policy FILE).
 * The change under review never speaks for itself: a policy that is part of it is not read.
 *
 *   bands: {peer: 8, senior: 45}           thresholds may only be lowered
 *   critical:                              floors of paths
 *     - {name: payments, paths: [services/payments, "*.sql"], floor: senior}
 *   suppressions:                          all four keys are required
 *     - {rule: cluster/replicas-lowered, path: dev/app, reason: "...", until: 2027-01-31}
 *   environments: {production: [live], staging: [preview]}
 *
 * Strict: an unknown key, word or a bad value raises BERM_ERROR_POLICY with line and column.
 */
#ifndef BERM_TIER_POLICY_H
#define BERM_TIER_POLICY_H

#include "reach/critical.h"
#include "reach/environment.h"
#include "score/score.h"

/* A day as year × 10000 + month × 100 + day: ordered like the calendar. 0 = not known. */
typedef uint32_t policy_day;
/* "2027-01-31"; false unless it is a day of the calendar. */
bool policy_day_parse(struct slice text, policy_day *day);

struct suppression {
    struct slice rule, path; /* patterns: glob_match on the id, glob_match_path on the path */
    struct slice reason;
    policy_day until;    /* last day on which it holds */
    struct slice expiry; /* as written */
    uint32_t line;       /* in the policy file */
};

/* Immutable once read: shared between reviews and threads. */
struct policy {
    struct slice where;         /* file, for reports; SLICE_NONE when there is no policy */
    uint32_t bands[TIER_COUNT]; /* tenths; UINT32_MAX = not given */
    struct critical_systems critical;
    struct environment_words environments;
    struct suppression *suppressions;
    uint32_t suppression_count;
};

/* `table` is what the policy may only tighten; with NULL a looser band is no error, but still
 * without effect. */
struct policy *policy_parse(struct arena *arena, const struct score_table *table,
                            struct slice bytes, const char *where);
/* From the tree; an empty policy when there is none. Two policy files at once are an error. */
struct policy *policy_read(struct arena *arena, const struct score_table *table,
                           const struct tree *tree);
/* Lowers bands, and with the band of peer what findings of low severity may sum up to. */
void policy_tighten(const struct policy *policy, struct score_table *table);

#endif
