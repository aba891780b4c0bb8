/* berm eval: labelled cases through the whole pipeline, and how often it was right. */
#include "cli/commands.h"
#include "cli/eval.h"
#include "cli/judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct place {
    const char *file;
    uint32_t line;
};

static int refuse(struct place place, const char *message) {
    berm_error error = {.status = BERM_ERROR_JSON, .line = place.line};
    snprintf(error.where, sizeof error.where, "%s", place.file);
    snprintf(error.message, sizeof error.message, "%s", message);
    report_error(&error);
    return EXIT_USAGE;
}

static void judge_case(struct judge *judge, struct eval *eval, const json_t *root, const char *line,
                       size_t size) {
    berm_error error;
    berm_change *change = NULL;
    berm_review *review = NULL;
    berm_status status = berm_change_from_json(&change, line, size, &error);
    if (status == BERM_OK)
        status = judge_review(judge, change, LEVEL_NORMAL, &review, &error);
    if (status == BERM_OK)
        eval_add(eval, root, review);
    else
        eval_add_unreadable(eval, root, &error);
    berm_review_free(review);
    berm_change_free(change);
}

static int read_case(struct judge *judge, struct eval *eval, struct place place, const char *line,
                     size_t size) {
    json_error_t error;
    json_t *root = json_loadb(line, size, JSON_ALLOW_NUL, &error);
    if (!root)
        return refuse(place, "no JSON object; one labelled case a line is expected");
    int code = EXIT_DONE;
    if (json_is_object(json_object_get(root, "expect")))
        judge_case(judge, eval, root, line, size);
    else
        code = refuse(place, "the case has no \"expect\"; pass files of labelled cases");
    json_decref(root);
    return code;
}

static int read_file(struct judge *judge, struct eval *eval, const char *file) {
    FILE *stream = fopen(file, "rbe");
    if (!stream)
        return usage_error(file, "cannot be opened: %s; check the path", strerror(errno));
    char *line = NULL;
    size_t capacity = 0;
    struct place place = {file, 0};
    int code = EXIT_DONE;
    for (ssize_t size; code == EXIT_DONE && (size = getline(&line, &capacity, stream)) >= 0;) {
        place.line++;
        if (size > 1)
            code = read_case(judge, eval, place, line, (size_t)size);
    }
    if (ferror(stream))
        code = usage_error(file, "cannot be read: %s", strerror(errno));
    free(line);
    fclose(stream);
    return code;
}

int command_eval(const struct options *options) {
    if (options->argument_count == 0)
        return usage_error("", "eval needs at least one file of labelled cases");
    struct judge judge = {0};
    struct eval eval = {0};
    struct buffer out = {0};
    berm_error error;
    int code = EXIT_DONE;
    if (judge_open(&judge, options, &error) != BERM_OK) {
        report_error(&error);
        code = EXIT_USAGE;
    }
    for (size_t i = 0; i < options->argument_count && code == EXIT_DONE; i++)
        code = read_file(&judge, &eval, options->arguments[i]);
    if (code == EXIT_DONE) {
        (options->json ? eval_write_json : eval_write_table)(&eval, options->failures, &out);
        code = print_bytes(out.data, out.size);
    }
    buffer_free(&out);
    eval_free(&eval);
    judge_close(&judge);
    return code;
}
