/* berm scan: every commit of repositories, judged by worker processes, written in commit order. */
#include "cli/commands.h"
#include "cli/judge.h"
#include "cli/scan.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a worker keeps open between commits. */
struct scanner {
    const struct options *options;
    const struct scan_list *list;
    struct judge judge;
    berm_repository *repository;
    uint32_t repository_index;
    uint32_t expected; /* index behind the tasks that were read ahead */
    bool alone;        /* one worker: the next task is the next in the list */
};

/* Commits read ahead, as berm_repository_expect wants them: three lots before their turn. */
enum { SCAN_LOT = 32, SCAN_LOTS = 3 };

static berm_status open_repository(struct scanner *scanner, uint32_t index, berm_error *error) {
    if (scanner->repository && scanner->repository_index == index)
        return BERM_OK;
    berm_repository_free(scanner->repository);
    scanner->repository_index = index;
    return berm_repository_open(&scanner->repository, scanner->list->repositories[index], error);
}

/* The next lot; false if there is none. A failure is told by the review that meets it. */
static bool read_lot(struct scanner *scanner) {
    const struct scan_list *list = scanner->list;
    const char *ids[SCAN_LOT];
    size_t count = 0;
    uint32_t index = scanner->expected;
    while (count < SCAN_LOT && index < list->count &&
           list->tasks[index].repository == scanner->repository_index)
        ids[count++] = list->tasks[index++].commit;
    scanner->expected = index;
    if (count)
        berm_repository_expect(scanner->repository, ids, count, NULL);
    return count > 0;
}

/* Some lots are read by git while the one before is judged. */
static void read_ahead(struct scanner *scanner, uint32_t index) {
    if (!scanner->alone)
        return;
    if (scanner->expected < index)
        scanner->expected = index;
    while (scanner->expected <= index + SCAN_LOTS * SCAN_LOT && read_lot(scanner))
        continue;
}

static berm_status review(struct scanner *scanner, const struct scan_task *task,
                          enum worker_level level, struct buffer *out, berm_error *error) {
    berm_change *change = NULL;
    berm_review *result = NULL;
    berm_report_options options = BERM_REPORT_OPTIONS_INIT;
    options.history = true;
    options.compact = true;
    berm_status status = open_repository(scanner, task->repository, error);
    if (status == BERM_OK)
        read_ahead(scanner, (uint32_t)(task - scanner->list->tasks));
    if (status == BERM_OK)
        status = berm_change_from_commit(&change, scanner->repository, task->commit, NULL, error);
    if (status == BERM_OK)
        status = judge_review(&scanner->judge, change, level, &result, error);
    if (status == BERM_OK)
        status = berm_review_write(result, "json", &options, buffer_write, out, error);
    berm_review_free(result);
    berm_change_free(change);
    return status;
}

/* A repository whose reading failed may have lost its git: the next commit gets a new one. */
static void add_error(struct scanner *scanner, const struct scan_task *task,
                      const berm_error *error, struct buffer *out) {
    buffer_clear(out);
    scan_add_error(scanner->list, task, berm_rules_digest(scanner->judge.rules), error, out);
    berm_repository_free(scanner->repository);
    scanner->repository = NULL;
}

/* The request is the index of a task; an empty one only loads the configuration. */
static int handle(void *context, const char *request, size_t size, enum worker_level level,
                  struct buffer *answer) {
    struct scanner *scanner = context;
    berm_error error;
    if (judge_open(&scanner->judge, scanner->options, &error) != BERM_OK) {
        report_error(&error);
        return EXIT_USAGE;
    }
    uint32_t index;
    if (size < sizeof index)
        return EXIT_DONE;
    memcpy(&index, request, sizeof index);
    const struct scan_task *task = &scanner->list->tasks[index];
    int code = EXIT_DONE;
    if (review(scanner, task, level, answer, &error) != BERM_OK) {
        add_error(scanner, task, &error, answer);
        code = SCAN_UNREADABLE;
    }
    return code;
}

static const char *copy_text(const char *text) {
    size_t size = strlen(text);
    char *copy = must_alloc(size + 1);
    memcpy(copy, text, size);
    return copy;
}

static int list_commits(struct scan_list *list, const char *directory, const char *range) {
    berm_repository *repository;
    berm_error error;
    const char *const *ids;
    size_t count = 0;
    berm_status status = berm_repository_open(&repository, directory, &error);
    if (status == BERM_OK)
        status = berm_repository_commits(repository, range, &ids, &count, &error);
    if (status != BERM_OK)
        report_error(&error);
    else
        list->paths[list->repository] = copy_text(berm_repository_path(repository));
    for (size_t i = 0; i < count; i++)
        scan_list_add(list, ids[i]);
    berm_repository_free(repository);
    return status == BERM_OK ? EXIT_DONE : EXIT_USAGE;
}

static int workers_wanted(const struct options *options, uint32_t *jobs) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    *jobs = processors < 1 ? 1 : processors > SCAN_WORKERS ? SCAN_WORKERS : (uint32_t)processors;
    if (!options->jobs)
        return EXIT_DONE;
    char *end;
    unsigned long wanted = strtoul(options->jobs, &end, 10);
    if (*end || end == options->jobs || wanted < 1 || wanted > SCAN_WORKERS)
        return usage_error("--jobs", "'%s' is no number from 1 to %d", options->jobs, SCAN_WORKERS);
    *jobs = (uint32_t)wanted;
    return EXIT_DONE;
}

int command_scan(const struct options *options) {
    uint32_t jobs;
    if (options->argument_count == 0)
        return usage_error("", "scan needs at least one repository");
    int code = workers_wanted(options, &jobs);
    struct scan_list list = {0};
    list.paths = must_alloc(options->argument_count * sizeof *list.paths);
    for (size_t i = 0; i < options->argument_count && code == EXIT_DONE; i++) {
        list.repositories = options->arguments;
        list.repository = (uint32_t)i;
        code = list_commits(&list, options->arguments[i], options->range);
    }
    struct scanner scanner = {.options = options, .list = &list, .alone = jobs == 1};
    if (code == EXIT_DONE)
        code = scan_run(&list, jobs, handle, &scanner);
    for (size_t i = 0; i < options->argument_count; i++)
        free((char *)list.paths[i]);
    free(list.paths);
    scan_list_free(&list);
    return code;
}
