/* berm_reviewer and berm_review. */
#include "api/object.h"

struct job {
    struct berm_reviewer *reviewer;
    struct berm_review *review;
    struct berm_change *change;
    struct berm_reviewer_options options;
    size_t index;
};

/* The pipeline's failure is the reviewer's; a review's arena raises into the same one. */
static struct call call_for(struct job *job, void (*body)(void *context)) {
    struct berm_change *change = job->change;
    struct berm_repository *repository = change ? change->repository : NULL;
    return (struct call){{&job->reviewer->failure, change ? &change->failure : NULL,
                          repository ? &repository->failure : NULL},
                         body,
                         job};
}

static void set_up(void *context) {
    struct job *job = context;
    struct berm_reviewer *reviewer = job->reviewer;
    size_t cache = job->options.cache_bytes ? job->options.cache_bytes : PIPELINE_CACHE_BYTES;
    pipeline_init(&reviewer->pipeline, &reviewer->arena, &reviewer->rules->knowledge, cache);
    reviewer->pipeline.options.no_block_cut = job->options.no_block_cut;
    reviewer->pipeline.today = job->options.today;
    reviewer->pipeline.clock = job->options.clock;
}

berm_status berm_reviewer_new(berm_reviewer **out, const berm_rules *rules,
                              const berm_policy *policy, const berm_reviewer_options *options,
                              berm_error *error) {
    *out = NULL;
    struct job job = {.reviewer = OBJECT_NEW(struct berm_reviewer),
                      .options = BERM_REVIEWER_OPTIONS_INIT};
    if (!job.reviewer)
        return call_out_of_memory(error);
    call_options(&job.options, sizeof job.options, options);
    job.reviewer->rules = rules;
    struct call call = call_for(&job, set_up);
    berm_status status = call_run(&call, error);
    if (status != BERM_OK) {
        berm_reviewer_free(job.reviewer);
        return status;
    }
    job.reviewer->pipeline.policy = policy ? policy->policy : NULL;
    *out = job.reviewer;
    return BERM_OK;
}

void berm_reviewer_free(berm_reviewer *reviewer) {
    object_free(reviewer);
}

static const char *text_of(struct arena *arena, struct slice text) {
    return text.data ? arena_text(arena, text) : "";
}

static struct berm_finding describe(struct arena *arena, const struct finding *finding) {
    const char **cascade = ARENA_ARRAY(arena, const char *, finding->cascade_count + 1u);
    for (uint32_t i = 0; i < finding->cascade_count; i++)
        cascade[i] = text_of(arena, finding->cascade[i]);
    return (struct berm_finding){
        .rule = text_of(arena, finding->rule),
        .severity = word_of(WORDS_SEVERITY, finding->severity),
        .scope = word_of(WORDS_SCOPE, finding->scope),
        .confidence = word_of(WORDS_CONFIDENCE, finding->confidence),
        .effect = word_of(WORDS_EFFECT, finding->effect),
        .object = text_of(arena, finding->object),
        .path = text_of(arena, finding->path),
        .line = finding->line,
        .on_before = finding->on_before,
        .suppressed = finding->suppressed,
        .points = finding->points,
        .added = finding->marginal,
        .message = text_of(arena, finding->message),
        .why = text_of(arena, finding->why),
        .fix = text_of(arena, finding->fix),
        .cascade = cascade,
        .cascade_count = finding->cascade_count,
    };
}

static void judge(void *context) {
    struct job *job = context;
    struct berm_review *review = job->review;
    struct arena *arena = &review->arena;
    job->reviewer->pipeline.arena = arena;
    pipeline_run(&job->reviewer->pipeline, job->change->change, &review->judgement);
    const struct findings *findings = &review->judgement.findings;
    review->finding_count = findings->list.count;
    review->findings = ARENA_ARRAY(arena, struct berm_finding, findings->list.count + 1u);
    for (uint32_t i = 0; i < findings->list.count; i++)
        review->findings[i] = describe(arena, &findings->list.items[i]);
}

berm_status berm_reviewer_review(berm_review **out, berm_reviewer *reviewer, berm_change *change,
                                 berm_error *error) {
    *out = NULL;
    struct berm_review *review = OBJECT_NEW(struct berm_review);
    if (!review)
        return call_out_of_memory(error);
    arena_init(&review->arena, &reviewer->failure, 0);
    review->reviewer = reviewer;
    review->change = change;
    reviewer->open++;
    struct job job = {.reviewer = reviewer, .review = review, .change = change};
    struct call call = call_for(&job, judge);
    berm_status status = call_run(&call, error);
    if (status == BERM_OK) {
        *out = review;
    } else {
        entity_cache_abandon(reviewer->pipeline.reader.cache);
        berm_review_free(review);
    }
    return status;
}

void berm_review_free(berm_review *review) {
    if (!review)
        return;
    struct berm_reviewer *reviewer = review->reviewer;
    reviewer->pipeline.arena = &reviewer->arena;
    object_free(review);
    if (--reviewer->open == 0)
        entity_cache_trim(reviewer->pipeline.reader.cache);
}

static void probe(void *context) {
    struct job *job = context;
    pipeline_probe(&job->reviewer->pipeline, &job->change->change->pairs.items[job->index]);
}

berm_status berm_reviewer_probe(berm_reviewer *reviewer, berm_change *change, size_t index,
                                berm_error *error) {
    if (index >= change->change->pairs.count)
        return call_error(error, BERM_ERROR_ARGUMENT, NULL, "the change has no such file");
    struct job job = {.reviewer = reviewer, .change = change, .index = index};
    struct call call = call_for(&job, probe);
    struct arena scratch;
    arena_init(&scratch, &reviewer->failure, 0);
    reviewer->pipeline.arena = &scratch;
    berm_status status = call_run(&call, error);
    if (status != BERM_OK)
        entity_cache_abandon(reviewer->pipeline.reader.cache);
    arena_release(&scratch);
    reviewer->pipeline.arena = &reviewer->arena;
    return status;
}

const char *berm_review_stage(const berm_review *review, size_t index, uint64_t *spent) {
    static const char *const names[STAGE_COUNT] = {"read, parse and compare", "match rules",
                                                   "reach", "score and tier"};
    *spent = index < STAGE_COUNT ? review->judgement.spent[index] : 0;
    return index < STAGE_COUNT ? names[index] : NULL;
}

uint32_t berm_review_score(const berm_review *review) {
    return review->judgement.score.tenths;
}

uint32_t berm_review_tier(const berm_review *review) {
    return review->judgement.verdict.tier;
}

const char *berm_review_tier_name(const berm_review *review) {
    return word_of(WORDS_TIER, review->judgement.verdict.tier);
}

bool berm_review_is_complete(const berm_review *review) {
    return review->judgement.complete;
}

bool berm_review_is_understood(const berm_review *review) {
    return review->judgement.understood;
}

size_t berm_review_finding_count(const berm_review *review) {
    return review->finding_count;
}

const berm_finding *berm_review_finding(const berm_review *review, size_t index) {
    return index < review->finding_count ? &review->findings[index] : NULL;
}
