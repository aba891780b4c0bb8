#include "tier/tier.h"

#include <stdlib.h>

struct reasons {
    VEC(struct tier_reason) list;
};

const char *tier_reason_word(enum tier_reason_kind kind) {
    static const char *const words[REASON_KIND_COUNT] = {"band", "floor", "critical"};
    return words[kind];
}

const struct tier_requirement *tier_required(enum tier tier) {
#define STATEMENT                                                                                  \
    "a written statement of what was changed, how it was tested and how it is rolled back"
    static const struct tier_requirement requirements[TIER_COUNT] = {
        [TIER_AUTO] = {.text = SLICE("none")},
        [TIER_PEER] = {.approvals = 1, .text = SLICE("1 approval by someone else")},
        [TIER_TWO_PEER] = {.approvals = 2, .text = SLICE("2 approvals by others")},
        [TIER_SENIOR] = {.approvals = 2,
                         .seniors = 1,
                         .statement = true,
                         .text = SLICE("1 senior and 1 more, and " STATEMENT)},
        [TIER_DIRECTOR] = {.approvals = 2,
                           .seniors = 1,
                           .director = true,
                           .statement = true,
                           .audit_record = true,
                           .text =
                               SLICE("1 senior and 1 more, a director's acknowledgement, " STATEMENT
                                     ", and an audit record")},
    };
    return &requirements[tier];
}

static void add_band(struct arena *arena, const struct score_table *table,
                     const struct score *score, struct reasons *reasons) {
    enum tier tier = score_band(table->bands, score->tenths);
    struct slice text = tier == TIER_AUTO
                            ? arena_format(arena, "score %u.%u is below every band",
                                           score->tenths / 10, score->tenths % 10)
                            : arena_format(arena, "score %u.%u is in the band that begins at %u.%u",
                                           score->tenths / 10, score->tenths % 10,
                                           table->bands[tier] / 10, table->bands[tier] % 10);
    vec_push(arena, &reasons->list,
             ((struct tier_reason){.tier = tier, .kind = REASON_BAND, .text = text}));
}

/* Findings of one rule with one floor give one reason. */
struct floor_group {
    const struct finding *first;
    uint32_t count;
};

struct floor_groups {
    VEC(struct floor_group) list;
};

static void group_floors(struct arena *arena, const struct findings *findings,
                         struct floor_groups *groups) {
    struct map known;
    map_init(&known, arena);
    for (uint32_t i = 0; i < findings->list.count; i++) {
        const struct finding *finding = &findings->list.items[i];
        if (finding->floor <= TIER_AUTO || finding->suppressed ||
            finding->severity == SEVERITY_NONE)
            continue;
        struct slice key =
            arena_format(arena, "%d %.*s", finding->floor, SLICE_ARGS(finding->rule));
        uint32_t at = map_set_default(&known, key, groups->list.count);
        if (at == groups->list.count)
            vec_push(arena, &groups->list, ((struct floor_group){finding, 0}));
        groups->list.items[at].count++;
    }
}

static void add_floors(struct arena *arena, const struct findings *findings,
                       struct reasons *reasons) {
    struct floor_groups groups = {0};
    group_floors(arena, findings, &groups);
    for (uint32_t i = 0; i < groups.list.count; i++) {
        const struct finding *finding = groups.list.items[i].first;
        uint32_t more = groups.list.items[i].count - 1;
        struct slice text =
            more ? arena_format(arena, "%.*s: %.*s and %u more", SLICE_ARGS(finding->rule),
                                SLICE_ARGS(finding->object), more)
                 : arena_format(arena, "%.*s: %.*s", SLICE_ARGS(finding->rule),
                                SLICE_ARGS(finding->object));
        vec_push(arena, &reasons->list,
                 ((struct tier_reason){.tier = (enum tier)finding->floor,
                                       .kind = REASON_FLOOR,
                                       .rule = finding->rule,
                                       .text = text}));
    }
}

static bool touches(const struct critical_system *system, const struct pair *pair) {
    return critical_covers(system, pair->path) ||
           (pair->status == PAIR_RENAMED && critical_covers(system, pair->old_path));
}

static void add_critical(struct arena *arena, const struct policy *policy,
                         const struct change *change, struct reasons *reasons) {
    for (uint32_t i = 0; i < policy->critical.count; i++) {
        const struct critical_system *system = &policy->critical.items[i];
        uint32_t at = 0;
        while (at < change->pairs.count && !touches(system, &change->pairs.items[at]))
            at++;
        if (at == change->pairs.count)
            continue;
        struct slice text =
            arena_format(arena, "%.*s belongs to the critical system %.*s",
                         SLICE_ARGS(change->pairs.items[at].path), SLICE_ARGS(system->name));
        vec_push(arena, &reasons->list,
                 ((struct tier_reason){.tier = system->floor,
                                       .kind = REASON_CRITICAL,
                                       .system = system->name,
                                       .text = text}));
    }
}

static int compare_reasons(const void *left, const void *right) {
    const struct tier_reason *a = left, *b = right;
    if (a->tier != b->tier)
        return a->tier > b->tier ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return slice_compare(a->text, b->text);
}

void tier_decide(struct arena *arena, const struct score_table *table, const struct policy *policy,
                 const struct change *change, const struct findings *findings,
                 const struct score *score, struct verdict *verdict) {
    struct reasons reasons = {0};
    add_band(arena, table, score, &reasons);
    add_floors(arena, findings, &reasons);
    add_critical(arena, policy, change, &reasons);
    qsort(reasons.list.items, reasons.list.count, sizeof *reasons.list.items, compare_reasons);
    *verdict = (struct verdict){.tier = reasons.list.items[0].tier,
                                .required = tier_required(reasons.list.items[0].tier),
                                .reasons = reasons.list.items,
                                .reason_count = reasons.list.count};
}
