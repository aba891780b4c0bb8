#include "api/pipeline.h"

#include "reach/reach.h"
#include "rule/rule.h"

static void free_cache(void *cache) {
    entity_cache_free(cache);
}

void pipeline_init(struct pipeline *pipeline, struct arena *arena,
                   const struct knowledge *knowledge, size_t cache_bytes) {
    memset(pipeline, 0, sizeof *pipeline);
    pipeline->knowledge = knowledge;
    pipeline->arena = arena;
    pipeline->reader.failure = arena->failure;
    pipeline->reader.dialects = dialects_load(arena, knowledge);
    pipeline->reader.cache = entity_cache_new(arena->failure, cache_bytes);
    arena_on_release(arena, free_cache, pipeline->reader.cache);
}

static bool excused(enum path_class class) {
    return class == PATH_TEST || class == PATH_DOCUMENTATION || class == PATH_VENDORED;
}

/* The type of a not-understood event's entity is the dialect of its file, if it has one. */
static bool is_gap(const struct pipeline *pipeline, const struct event *event) {
    const struct placed *side = event_side(event);
    if (event->effect != EFFECT_NOT_UNDERSTOOD || excused(side->path_class))
        return false;
    return (side->entity && side->entity->type.size > 0) ||
           language_is_sensitive(pipeline->reader.dialects, side->path);
}

static bool is_understood(const struct pipeline *pipeline, const struct judgement *judgement) {
    for (uint32_t i = 0; i < judgement->events.list.count; i++)
        if (is_gap(pipeline, &judgement->events.list.items[i]))
            return false;
    for (uint32_t i = 0; i < judgement->findings.list.count; i++) {
        const struct finding *finding = &judgement->findings.list.items[i];
        bool undecided = finding->event && finding->event->effect != EFFECT_NOT_UNDERSTOOD;
        if (finding->effect == EFFECT_NOT_UNDERSTOOD && undecided && !excused(finding->path_class))
            return false; /* a rule that ran into its limits */
    }
    return true;
}

static uint64_t now(const struct pipeline *pipeline) {
    return pipeline->clock ? pipeline->clock() : 0;
}

void pipeline_run(struct pipeline *pipeline, struct change *change, struct judgement *judgement) {
    memset(judgement, 0, sizeof *judgement);
    struct arena *arena = pipeline->arena;
    struct findings *findings = &judgement->findings;
    struct score_table table;
    score_table_load(pipeline->knowledge, &table);
    const struct policy *policy = pipeline->policy;
    if (!policy)
        policy = policy_read(arena, &table, &change->policy);
    policy_tighten(policy, &table);
    judgement->policy = policy;
    uint64_t times[STAGE_COUNT + 1] = {now(pipeline)};
    delta_compare(arena, &pipeline->reader, pipeline->knowledge, change, &pipeline->options,
                  &judgement->events);
    times[STAGE_MATCH] = now(pipeline);
    struct rules_options matching = {.patterns = reader_patterns(&pipeline->reader)};
    rules_match(arena, pipeline->knowledge, change, &judgement->events, &matching, findings);
    judgement->uses =
        governance_suppress(arena, pipeline->knowledge, policy, pipeline->today, findings);
    times[STAGE_REACH] = now(pipeline);
    struct reach_options reach = {.knowledge = pipeline->knowledge,
                                  .change = change,
                                  .reader = &pipeline->reader,
                                  .critical = &policy->critical,
                                  .environments = &policy->environments};
    reach_measure(arena, &reach, findings);
    times[STAGE_DECIDE] = now(pipeline);
    score_findings(arena, &table, findings, &judgement->score);
    tier_decide(arena, &table, policy, change, findings, &judgement->score, &judgement->verdict);
    judgement->understood = is_understood(pipeline, judgement);
    judgement->complete = judgement->understood && change->complete;
    times[STAGE_COUNT] = now(pipeline);
    for (uint32_t i = 0; i < STAGE_COUNT; i++)
        judgement->spent[i] = times[i + 1] - times[i];
}

/* The dialect is a matter of the path and of the longer side, as delta sees it. */
void pipeline_probe(struct pipeline *pipeline, const struct pair *pair) {
    const struct blob *sides[] = {&pair->before, &pair->after};
    const struct blob *longer = sides[pair->after.bytes.size >= pair->before.bytes.size];
    const struct dialect *dialect =
        language_detect(pipeline->reader.dialects, pair->path, longer->bytes);
    for (size_t i = 0; dialect && i < 2; i++) {
        if (sides[i]->state != CONTENT_TEXT)
            continue;
        uint32_t count;
        struct block *blocks = language_blocks(pipeline->arena, dialect, sides[i]->bytes, &count);
        for (uint32_t j = 0; j < count; j++)
            entity_read(&pipeline->reader, dialect, blocks[j].bytes);
    }
}
