/* berm stage: one JSON line in, one report line out, in order, flushed line by line. */
#include "cli/commands.h"
#include "cli/judge.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct stage {
    const struct options *options;
    struct judge judge;
};

/* The line's number goes before its bytes. */
struct line_head {
    uint64_t number;
};

/* The id, if the line is JSON at all; a line refused for another reason still has one. */
static void add_id(const char *line, size_t size, struct buffer *out) {
    json_error_t error;
    json_t *root = json_loadb(line, size, JSON_ALLOW_NUL, &error);
    const json_t *id = json_object_get(root, "id");
    char *text = json_is_string(id) || json_is_integer(id)
                     ? json_dumps(id, JSON_ENCODE_ANY | JSON_COMPACT)
                     : NULL;
    const char *quote = json_is_integer(id) ? "\"" : ""; /* as reports write it */
    buffer_addf(out, "%s%s%s", quote, text ? text : "null", quote);
    free(text);
    json_decref(root);
}

static void add_error(const char *line, size_t size, const berm_error *error, uint64_t number,
                      struct buffer *out) {
    buffer_clear(out);
    buffer_add_text(out, "{\"id\":");
    add_id(line, size, out);
    buffer_add_text(out, ",\"error\":{\"code\":");
    buffer_add_json(out, berm_status_name(error->status));
    buffer_add_text(out, ",\"message\":");
    buffer_add_json(out, error->message);
    buffer_addf(out, ",\"line\":%llu,\"column\":%u}}", (unsigned long long)number, error->column);
}

static berm_status review(struct stage *stage, const char *line, size_t size,
                          enum worker_level level, struct buffer *out, berm_error *error) {
    berm_change *change = NULL;
    berm_review *result = NULL;
    berm_report_options options = BERM_REPORT_OPTIONS_INIT;
    options.compact = true;
    berm_status status = berm_change_from_json(&change, line, size, error);
    if (status == BERM_OK)
        status = judge_review(&stage->judge, change, level, &result, error);
    if (status == BERM_OK)
        status = berm_review_write(result, "json", &options, buffer_write, out, error);
    berm_review_free(result);
    berm_change_free(change);
    return status;
}

/* An empty request only loads the configuration, so that its errors come before the first line. */
static int handle(void *context, const char *request, size_t size, enum worker_level level,
                  struct buffer *answer) {
    struct stage *stage = context;
    berm_error error;
    if (judge_open(&stage->judge, stage->options, &error) != BERM_OK) {
        report_error(&error);
        return EXIT_USAGE;
    }
    struct line_head head;
    if (size < sizeof head)
        return EXIT_DONE;
    memcpy(&head, request, sizeof head);
    const char *line = request + sizeof head;
    size -= sizeof head;
    if (review(stage, line, size, level, answer, &error) != BERM_OK)
        add_error(line, size, &error, head.number, answer);
    return EXIT_DONE;
}

static int answer_line(struct worker *worker, struct buffer *request, struct buffer *answer) {
    int code = worker_ask(worker, request->data, request->size, answer);
    if (code != EXIT_DONE)
        return code;
    while (answer->size && answer->data[answer->size - 1] == '\n')
        answer->size--;
    buffer_add(answer, "\n", 1);
    return print_bytes(answer->data, answer->size);
}

static bool is_blank(const char *line, size_t size) {
    for (size_t i = 0; i < size; i++)
        if (!strchr(" \t\r\n", line[i]) || line[i] == '\0')
            return false;
    return true;
}

static int run(struct worker *worker, struct buffer *request, struct buffer *answer) {
    int code = worker_ask(worker, "", 0, answer);
    char *line = NULL;
    size_t capacity = 0;
    struct line_head head = {0};
    ssize_t size;
    while (code == EXIT_DONE && (size = getline(&line, &capacity, stdin)) >= 0) {
        head.number++;
        if (is_blank(line, (size_t)size))
            continue;
        buffer_clear(request);
        buffer_add(request, (const char *)&head, sizeof head);
        buffer_add(request, line, (size_t)size);
        code = answer_line(worker, request, answer);
    }
    if (code == EXIT_DONE && ferror(stdin))
        code = usage_error("standard input", "cannot be read: %s", strerror(errno));
    free(line);
    return code;
}

int command_stage(const struct options *options) {
    if (options->argument_count)
        return usage_error("", "stage takes no arguments; it reads standard input");
    struct stage stage = {.options = options};
    struct worker worker = {.handle = handle, .context = &stage};
    struct buffer request = {0}, answer = {0};
    int code = run(&worker, &request, &answer);
    worker_stop(&worker);
    buffer_free(&request);
    buffer_free(&answer);
    return code;
}
