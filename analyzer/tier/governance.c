#include "tier/governance.h"

#include "base/glob.h"

static struct finding own_finding(struct slice rule, enum severity severity, struct slice path) {
    return (struct finding){.rule = rule,
                            .severity = severity,
                            .undo = UNDO_REVERT,
                            .scope = SCOPE_GUARD,
                            .confidence = CONFIDENCE_CERTAIN,
                            .effect = EFFECT_CHANGED,
                            .object = path,
                            .path = path,
                            .line = 1,
                            .column = 1,
                            .floor = FLOOR_NONE,
                            .width = 1};
}

static bool covers(const struct suppression *suppression, const struct finding *finding) {
    return !slice_starts(finding->rule, SLICE("governance/policy-")) &&
           !slice_starts(finding->rule, SLICE("governance/suppression-")) &&
           glob_match(suppression->rule, finding->rule) &&
           glob_match_path(suppression->path, finding->path);
}

static struct finding expired_finding(struct arena *arena, const struct policy *policy,
                                      const struct suppression *suppression) {
    struct finding finding =
        own_finding(SLICE("governance/suppression-expired"), SEVERITY_LOW, policy->where);
    finding.title = SLICE("A suppression has expired");
    finding.object = suppression->rule;
    finding.line = suppression->line;
    finding.message = arena_format(arena, "the suppression of %.*s in %.*s ended on %.*s",
                                   SLICE_ARGS(suppression->rule), SLICE_ARGS(suppression->path),
                                   SLICE_ARGS(suppression->expiry));
    finding.why = SLICE("What it silenced counts again, as it was meant to after that day.");
    finding.fix = SLICE("Repair the cause and delete the entry, or renew it with a reason.");
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

const struct suppression_use *governance_suppress(struct arena *arena, const struct policy *policy,
                                                  policy_day today, struct findings *findings) {
    uint32_t count = findings->list.count;
    struct suppression_use *uses =
        ARENA_ARRAY(arena, struct suppression_use, policy->suppression_count);
    for (uint32_t i = 0; i < policy->suppression_count; i++) {
        const struct suppression *suppression = &policy->suppressions[i];
        uses[i].expired = !today || today > suppression->until;
        apply_suppression(suppression, &uses[i], findings->list.items, count);
        if (uses[i].expired && uses[i].findings && today)
            vec_push(arena, &findings->list, expired_finding(arena, policy, suppression));
    }
    return uses;
}

/* The first line that differs, on the side that is shown. */
static uint32_t first_difference(const struct pair *pair, bool removed) {
    struct slice was = pair->before.bytes, is = pair->after.bytes;
    size_t at = 0;
    while (at < was.size && at < is.size && was.data[at] == is.data[at])
        at++;
    return slice_line_at(removed ? was : is, at);
}

static void inspect_path(struct arena *arena, const struct pair *pair, bool removed,
                         struct findings *findings) {
    struct slice path = removed ? pair->old_path : pair->path;
    if (!policy_is_path(path))
        return;
    struct finding finding = own_finding(SLICE("governance/policy-changed"), SEVERITY_MEDIUM, path);
    finding.effect = removed ? EFFECT_REMOVED : EFFECT_CHANGED;
    finding.on_before = removed;
    finding.line = first_difference(pair, removed);
    finding.column = 0;
    finding.floor = TIER_SENIOR;
    finding.title = SLICE("The policy that judges changes is changed");
    finding.message = arena_format(arena, "%.*s, which decides who has to review, is %s",
                                   SLICE_ARGS(path), removed ? "removed" : "changed");
    finding.why = SLICE("A change must not choose its own reviewers: from the next change on, "
                        "suppressions, bands and critical systems follow the new text.");
    finding.fix = SLICE("Propose the policy as a change of its own.");
    vec_push(arena, &findings->list, finding);
}

void governance_inspect(struct arena *arena, const struct change *change,
                        struct findings *findings) {
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        const struct pair *pair = &change->pairs.items[i];
        inspect_path(arena, pair, pair->status == PAIR_REMOVED, findings);
        if (pair->status == PAIR_RENAMED)
            inspect_path(arena, pair, true, findings);
    }
}
