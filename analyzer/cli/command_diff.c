#include "cli/commands.h"
#include "cli/diff.h"
#include "cli/judge.h"
#include "cli/timing.h"

#include <errno.h>
#include <string.h>

struct job {
    const struct options *options;
    struct diff diff;
    struct judge judge;
    bool color;
};

static int exit_code(const struct options *options, const berm_review *review) {
    uint32_t level;
    if (options->fail_on && berm_tier_find(options->fail_on, &level) &&
        berm_review_tier(review) >= level)
        return EXIT_AT_OR_ABOVE;
    if (!options->allow_incomplete && !berm_review_is_understood(review))
        return EXIT_INCOMPLETE;
    return EXIT_DONE;
}

static berm_status review(struct job *job, enum worker_level level, struct buffer *answer,
                          int *code, berm_error *error) {
    const struct options *options = job->options;
    struct timing timing;
    timing_start(&timing, options->timing);
    berm_status status = judge_open(&job->judge, options, error);
    timing_lap(&timing, "rules");
    if (status == BERM_OK)
        status = diff_open(options, &job->diff, error);
    timing_lap(&timing, "source");
    berm_review *result = NULL;
    if (status == BERM_OK)
        status = judge_review(&job->judge, job->diff.change, level, &result, error);
    if (status == BERM_OK) {
        timing_stages(&timing, result);
        berm_report_options report = BERM_REPORT_OPTIONS_INIT;
        report.color = job->color;
        report.all = options->all;
        const char *format = options->format ? options->format : "text";
        status = berm_review_write(result, format, &report, buffer_write, answer, error);
        *code = exit_code(options, result);
        if (options->require_input && berm_change_file_count(job->diff.change) == 0)
            *code = EXIT_NO_INPUT;
        timing_lap(&timing, "report");
    }
    berm_review_free(result);
    return status;
}

static int handle(void *context, const char *request, size_t size, enum worker_level level,
                  struct buffer *answer) {
    (void)request;
    (void)size;
    struct job *job = context;
    berm_error error;
    int code = EXIT_USAGE;
    if (review(job, level, answer, &code, &error) != BERM_OK) {
        buffer_clear(answer);
        report_error(&error);
        code = EXIT_USAGE;
    }
    diff_close(&job->diff);
    judge_close(&job->judge);
    return code;
}

static int write_output(const char *file, const struct buffer *answer) {
    FILE *stream = fopen(file, "wbe");
    if (!stream)
        return usage_error(file, "cannot be written: %s; check the path", strerror(errno));
    bool written = fwrite(answer->data, 1, answer->size, stream) == answer->size;
    int error = errno;
    if (fclose(stream) != 0 || !written)
        return usage_error(file, "cannot be written: %s", strerror(written ? errno : error));
    return EXIT_DONE;
}

int command_diff(const struct options *options) {
    struct job job = {.options = options, .color = options_color(options)};
    berm_error error;
    if (options->format && berm_format_check(options->format, &error) != BERM_OK) {
        report_error(&error);
        return EXIT_USAGE;
    }
    int code = diff_prepare(options, &job.diff);
    if (code != EXIT_DONE)
        return code;
    struct worker worker = {.handle = handle, .context = &job};
    struct buffer answer = {0};
    code = worker_ask(&worker, "", 0, &answer);
    if (code != EXIT_USAGE) {
        int written = options->output ? write_output(options->output, &answer)
                                      : print_bytes(answer.data, answer.size);
        code = written == EXIT_DONE ? code : written;
    }
    worker_stop(&worker);
    buffer_free(&answer);
    diff_close(&job.diff);
    return code;
}
