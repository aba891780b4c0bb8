#include "cli/judge.h"
#include "cli/timing.h"

berm_status judge_open(struct judge *judge, const struct options *options, berm_error *error) {
    if (judge->reviewer)
        return BERM_OK;
    berm_reviewer_options reviewer_options = BERM_REVIEWER_OPTIONS_INIT;
    reviewer_options.no_block_cut = options->no_block_cut;
    reviewer_options.today = options_today(options);
    reviewer_options.clock = options->timing ? timing_clock : NULL;
    berm_status status =
        berm_rules_load(&judge->rules, options->rules, options->rules_count, error);
    if (status == BERM_OK && options->policy)
        status = berm_policy_load(&judge->policy, options->policy, error);
    if (status == BERM_OK)
        status = berm_reviewer_new(&judge->reviewer, judge->rules, judge->policy, &reviewer_options,
                                   error);
    return status;
}

void judge_close(struct judge *judge) {
    berm_reviewer_free(judge->reviewer);
    berm_policy_free(judge->policy);
    berm_rules_free(judge->rules);
    *judge = (struct judge){0};
}

struct probe {
    struct judge *judge;
    berm_change *change;
    size_t index;
};

static void run_probe(void *context) {
    struct probe *probe = context;
    berm_reviewer_probe(probe->judge->reviewer, probe->change, probe->index, NULL);
}

static berm_status leave_out(struct judge *judge, berm_change *change, enum worker_level level,
                             berm_error *error) {
    size_t count = berm_change_file_count(change);
    for (size_t i = 0; i < count; i++) {
        struct probe probe = {judge, change, i};
        if (level == LEVEL_ISOLATE && survives(run_probe, &probe))
            continue;
        berm_status status = berm_change_set_unreadable(change, i, "parser crashed", error);
        if (status != BERM_OK)
            return status;
    }
    return BERM_OK;
}

berm_status judge_review(struct judge *judge, berm_change *change, enum worker_level level,
                         berm_review **review, berm_error *error) {
    *review = NULL;
    if (level != LEVEL_NORMAL) {
        berm_status status = leave_out(judge, change, level, error);
        if (status != BERM_OK)
            return status;
    }
    return berm_reviewer_review(review, judge->reviewer, change, error);
}
