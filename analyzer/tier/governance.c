#include "tier/governance.h"

#include "base/glob.h"
#include "rule/rule.h"

static bool covers(const struct suppression *suppression, const struct finding *finding) {
    return !slice_starts(finding->rule, SLICE("governance/policy-")) &&
           !slice_starts(finding->rule, SLICE("governance/suppression-")) &&
           glob_match(suppression->rule, finding->rule) &&
           glob_match_path(suppression->path, finding->path);
}

static struct finding expired_finding(struct arena *arena, const struct knowledge *knowledge,
                                      const struct policy *policy,
                                      const struct suppression *suppression) {
    struct finding finding = {.rule = SLICE("governance/suppression-expired"),
                              .confidence = CONFIDENCE_CERTAIN,
                              .effect = EFFECT_CHANGED,
                              .object = suppression->rule,
                              .path = policy->where,
                              .line = suppression->line,
                              .column = 1,
                              .floor = FLOOR_NONE,
                              .width = 1};
    rules_describe(knowledge, &finding);
    finding.message = arena_format(arena, "the suppression of %.*s in %.*s ended on %.*s",
                                   SLICE_ARGS(suppression->rule), SLICE_ARGS(suppression->path),
                                   SLICE_ARGS(suppression->expiry));
    return finding;
}

static void apply_suppression(const struct suppression *suppression, struct suppression_use *use,
                              struct finding *findings, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        struct finding *finding = &findings[i];
        if (!covers(suppression, finding))
            continue;
        use->findings++;
        if (use->expired || finding->suppressed)
            continue;
        finding->suppressed = true;
        finding->suppression = suppression->reason;
    }
}

const struct suppression_use *governance_suppress(struct arena *arena,
                                                  const struct knowledge *knowledge,
                                                  const struct policy *policy, policy_day today,
                                                  struct findings *findings) {
    uint32_t count = findings->list.count;
    struct suppression_use *uses =
        ARENA_ARRAY(arena, struct suppression_use, policy->suppression_count);
    for (uint32_t i = 0; i < policy->suppression_count; i++) {
        const struct suppression *suppression = &policy->suppressions[i];
        uses[i].expired = !today || today > suppression->until;
        apply_suppression(suppression, &uses[i], findings->list.items, count);
        if (uses[i].expired && uses[i].findings && today)
            vec_push(arena, &findings->list,
                     expired_finding(arena, knowledge, policy, suppression));
    }
    return uses;
}
