#include "cli/scan.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void scan_list_add(struct scan_list *list, const char *commit) {
    if (list->count == list->capacity) {
        uint32_t capacity = list->capacity ? list->capacity * 2 : 1024;
        struct scan_task *tasks = must_alloc(capacity * sizeof *tasks);
        if (list->count)
            memcpy(tasks, list->tasks, list->count * sizeof *tasks);
        free(list->tasks);
        list->tasks = tasks;
        list->capacity = capacity;
    }
    char *copy = must_alloc(strlen(commit) + 1);
    memcpy(copy, commit, strlen(commit));
    list->tasks[list->count++] = (struct scan_task){list->repository, copy};
}

void scan_list_free(struct scan_list *list) {
    for (uint32_t i = 0; i < list->count; i++)
        free((char *)list->tasks[i].commit);
    free(list->tasks);
}

static void add_pair(struct buffer *out, const char *key, const char *value) {
    buffer_add_text(out, key);
    buffer_add_json(out, value);
}

void scan_add_error(const struct scan_list *list, const struct scan_task *task, const char *digest,
                    const berm_error *error, struct buffer *out) {
    add_pair(out, "{\"id\":", task->commit);
    add_pair(out, ",\"repository\":", list->paths[task->repository]);
    add_pair(out, ",\"commit\":", task->commit);
    if (digest)
        add_pair(out, ",\"rules_digest\":", digest);
    add_pair(out, ",\"error\":{\"code\":", berm_status_name(error->status));
    add_pair(out, ",\"message\":", error->message);
    buffer_addf(out, ",\"line\":%u,\"column\":%u}}\n", error->line, error->column);
}

/* An answer waiting for its turn. */
struct slot {
    struct buffer line;
    bool done;
};

struct hand {
    struct worker worker;
    uint32_t asked[SCAN_AHEAD]; /* tasks sent and not answered, oldest first */
    uint32_t asked_count;
    int level; /* of the oldest */
};

struct run {
    const struct scan_list *list;
    struct hand *hands;
    uint32_t hand_count;
    struct slot *slots; /* task i waits in slot i % window */
    uint32_t window, next_ask, next_write, unreadable;
    bool progress;
};

static void show_progress(const struct run *run) {
    uint32_t step = run->list->count / 200 + 1;
    if (run->progress && (run->next_write % step == 0 || run->next_write == run->list->count))
        fprintf(stderr, "\rberm: %u of %u commits%s", run->next_write, run->list->count,
                run->next_write == run->list->count ? "\n" : "");
}

static int write_ready(struct run *run) {
    while (run->next_write < run->next_ask) {
        struct slot *slot = &run->slots[run->next_write % run->window];
        if (!slot->done)
            return EXIT_DONE;
        if (slot->line.size && fwrite(slot->line.data, 1, slot->line.size, stdout) == 0)
            return usage_error("standard output", "cannot be written: %s", strerror(errno));
        buffer_clear(&slot->line);
        slot->done = false;
        run->next_write++;
        show_progress(run);
    }
    return EXIT_DONE;
}

static void give_up(struct run *run, uint32_t task) {
    berm_error error = {.status = BERM_ERROR_INTERNAL};
    snprintf(error.message, sizeof error.message, "the analysis crashed three times");
    struct slot *slot = &run->slots[task % run->window];
    buffer_clear(&slot->line);
    scan_add_error(run->list, &run->list->tasks[task], NULL, &error, &slot->line);
    slot->done = true;
    run->unreadable++;
}

static void drop_oldest(struct hand *hand) {
    hand->asked_count--;
    memmove(hand->asked, hand->asked + 1, hand->asked_count * sizeof *hand->asked);
    hand->level = LEVEL_NORMAL;
}

/* False if the worker is dead already. */
static bool ask(struct hand *hand, uint32_t position) {
    int level = position == 0 ? hand->level : LEVEL_NORMAL;
    return worker_send(&hand->worker, (const char *)&hand->asked[position],
                       sizeof hand->asked[position], (enum worker_level)level);
}

/* A new worker takes over what the dead one had not answered; the oldest task killed it. */
static int replace(struct run *run, struct hand *hand) {
    worker_stop(&hand->worker);
    if (hand->asked_count && ++hand->level == LEVEL_COUNT) {
        give_up(run, hand->asked[0]);
        drop_oldest(hand);
    }
    if (!worker_start(&hand->worker))
        return usage_error("", "no child process can be started: %s", strerror(errno));
    for (uint32_t i = 0; i < hand->asked_count; i++)
        if (!ask(hand, i))
            break; /* dead again: poll reports the end of its socket */
    return EXIT_DONE;
}

static int feed(struct run *run, struct hand *hand) {
    while (hand->asked_count < SCAN_AHEAD && run->next_ask < run->list->count &&
           run->next_ask - run->next_write < run->window) {
        hand->asked[hand->asked_count++] = run->next_ask++;
        if (!ask(hand, hand->asked_count - 1))
            return EXIT_DONE;
    }
    return EXIT_DONE;
}

static int take_answer(struct run *run, struct hand *hand) {
    struct slot *slot = &run->slots[hand->asked[0] % run->window];
    int code;
    if (!worker_receive(&hand->worker, &code, &slot->line))
        return replace(run, hand);
    if (code == EXIT_USAGE)
        return EXIT_USAGE; /* the worker has said why */
    run->unreadable += code == SCAN_UNREADABLE;
    slot->done = true;
    drop_oldest(hand);
    return EXIT_DONE;
}

static int wait_for_answers(struct run *run) {
    struct pollfd polls[SCAN_WORKERS];
    for (uint32_t i = 0; i < run->hand_count; i++)
        polls[i] = (struct pollfd){run->hands[i].asked_count ? run->hands[i].worker.socket : -1,
                                   POLLIN, 0};
    if (poll(polls, run->hand_count, -1) < 0)
        return errno == EINTR ? EXIT_DONE : usage_error("", "poll: %s", strerror(errno));
    int code = EXIT_DONE;
    for (uint32_t i = 0; i < run->hand_count && code == EXIT_DONE; i++)
        if (polls[i].revents)
            code = take_answer(run, &run->hands[i]);
    return code;
}

static int loop(struct run *run) {
    int code = EXIT_DONE;
    while (code == EXIT_DONE && run->next_write < run->list->count) {
        for (uint32_t i = 0; i < run->hand_count && code == EXIT_DONE; i++)
            code = feed(run, &run->hands[i]);
        if (code == EXIT_DONE)
            code = wait_for_answers(run);
        if (code == EXIT_DONE)
            code = write_ready(run);
    }
    return code;
}

/* Loads the configuration in every worker first, so that its errors come before any line. */
static int start(struct run *run, worker_handler *handle, void *context) {
    struct buffer ignored = {0};
    int code = EXIT_DONE;
    for (uint32_t i = 0; i < run->hand_count && code == EXIT_DONE; i++) {
        run->hands[i].worker = (struct worker){.handle = handle, .context = context};
        code = worker_ask(&run->hands[i].worker, "", 0, &ignored);
    }
    buffer_free(&ignored);
    return code;
}

int scan_run(const struct scan_list *list, uint32_t jobs, worker_handler *handle, void *context) {
    struct run run = {.list = list, .hand_count = jobs, .window = jobs * SCAN_WINDOW};
    run.progress = isatty(STDERR_FILENO);
    run.hands = must_alloc(jobs * sizeof *run.hands);
    run.slots = must_alloc(run.window * sizeof *run.slots);
    int code = start(&run, handle, context);
    if (code == EXIT_DONE)
        code = loop(&run);
    for (uint32_t i = 0; i < jobs; i++)
        worker_stop(&run.hands[i].worker);
    for (uint32_t i = 0; i < run.window; i++)
        buffer_free(&run.slots[i].line);
    free(run.hands);
    free(run.slots);
    if (code == EXIT_DONE && fflush(stdout) != 0)
        code = usage_error("standard output", "cannot be written: %s", strerror(errno));
    if (code == EXIT_DONE && run.unreadable)
        fprintf(stderr, "berm: %u of %u commits could not be read; their lines say why\n",
                run.unreadable, list->count);
    return code;
}
