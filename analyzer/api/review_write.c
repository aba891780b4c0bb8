/* berm_review_write: the review as a report of some format. */
#include "api/object.h"
#include "report/report.h"
#include "syntax/grammar.h"

#include <stdlib.h>

struct writing {
    struct object object;
    const struct berm_review *review;
    const struct report_format *format;
    struct berm_report_options options;
    struct strbuf out;
};

static int compare_grammars(const void *left, const void *right) {
    const struct report_grammar *a = left, *b = right;
    return slice_compare(a->name, b->name);
}

static const struct report_tool *tool_make(struct arena *arena, const struct berm_rules *rules) {
    uint32_t count = 0;
    while (grammars[count].name)
        count++;
    struct report_grammar *list = ARENA_ARRAY(arena, struct report_grammar, count + 1u);
    for (uint32_t i = 0; i < count; i++)
        list[i] =
            (struct report_grammar){slice_of(grammars[i].name), slice_of(grammars[i].version)};
    qsort(list, count, sizeof *list, compare_grammars);
    struct report_tool *tool = ARENA_NEW(arena, struct report_tool);
    *tool = (struct report_tool){slice_of(berm_version()), slice_of(berm_rules_digest(rules)), list,
                                 count, SLICE_NONE};
    report_prepare_tool(arena, tool);
    return tool;
}

/* The same for all reports of a history. */
static const struct report_tool *tool_of(struct berm_reviewer *reviewer) {
    if (!reviewer->tool)
        reviewer->tool = tool_make(&reviewer->arena, reviewer->rules);
    return reviewer->tool;
}

static void write_report(void *context) {
    struct writing *writing = context;
    const struct berm_review *review = writing->review;
    const struct judgement *judgement = &review->judgement;
    const struct change *change = review->change->change;
    bool history = writing->options.history;
    struct report report = {
        .id = change->id,
        .repository = history ? change->repository : SLICE_NONE,
        .commit = history ? change->id : SLICE_NONE,
        .parent = history ? change->parent : SLICE_NONE,
        .change = change,
        .findings = &judgement->findings,
        .score = &judgement->score,
        .verdict = &judgement->verdict,
        .policy = judgement->policy,
        .uses = judgement->uses,
        .complete = judgement->complete,
        .tool = tool_of(review->reviewer),
    };
    struct report_options options = {
        .color = writing->options.color,
        .all = writing->options.all,
        .compact = writing->options.compact,
        .width = writing->options.width,
    };
    writing->format->write(&writing->out, &report, &options);
}

static berm_status find_format(const char *format, const struct report_format **found,
                               berm_error *error) {
    *found = report_format_find(slice_of(format));
    if (*found)
        return BERM_OK;
    return call_error(error, BERM_ERROR_ARGUMENT, "--format", "no such format; use text or json");
}

berm_status berm_format_check(const char *format, berm_error *error) {
    const struct report_format *found;
    return find_format(format, &found, error);
}

berm_status berm_review_write(const berm_review *review, const char *format,
                              const berm_report_options *options, berm_write *write, void *context,
                              berm_error *error) {
    struct writing writing = {.review = review, .options = BERM_REPORT_OPTIONS_INIT};
    call_options(&writing.options, sizeof writing.options, options);
    berm_status status = find_format(format, &writing.format, error);
    if (status != BERM_OK)
        return status;
    failure_init(&writing.object.failure);
    arena_init(&writing.object.arena, &writing.object.failure, 0);
    strbuf_init(&writing.out, &writing.object.arena);
    struct call call = {
        {&writing.object.failure, &review->change->failure, &review->reviewer->failure},
        write_report,
        &writing};
    status = call_run(&call, error);
    struct slice text = strbuf_slice(&writing.out);
    if (status == BERM_OK && write(context, text.data, text.size) != 0)
        status = call_error(error, BERM_ERROR_IO, NULL, "the output was refused");
    arena_release(&writing.object.arena);
    return status;
}
