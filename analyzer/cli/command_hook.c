/* berm hook: install, uninstall, and what the installed scripts call. */
#include "cli/commands.h"
#include "cli/hook.h"
#include "cli/judge.h"

#include <stdlib.h>
#include <string.h>

static const char *const hook_names[] = {"pre-commit", "commit-msg"};
enum { HOOK_COUNT = sizeof hook_names / sizeof *hook_names };

/* Tiers from here on stop a commit. */
enum { TIER_PEER = 1, TIER_SENIOR = 3 };

struct hook {
    const struct options *options;
    struct judge judge;
};

static void add_line(const berm_review *review, struct buffer *out) {
    uint32_t score = berm_review_score(review);
    size_t count = berm_review_finding_count(review);
    const berm_finding *first = berm_review_finding(review, 0);
    buffer_addf(out, "berm: %s, score %u.%u", berm_review_tier_name(review), score / 10,
                score % 10);
    if (first) {
        buffer_add_text(out, ": ");
        buffer_add_visible(out, first->message);
    }
    if (count > 1)
        buffer_addf(out, " (and %zu more; berm diff --staged shows them)", count - 1);
    buffer_add_text(out, "\n");
}

static berm_status review_staged(struct hook *hook, enum worker_level level, struct buffer *answer,
                                 uint32_t *tier, berm_error *error) {
    berm_repository *repository = NULL;
    berm_change *change = NULL;
    berm_review *review = NULL;
    berm_status status = judge_open(&hook->judge, hook->options, error);
    if (status == BERM_OK)
        status = berm_repository_open(&repository, NULL, error);
    if (status == BERM_OK)
        status = berm_change_from_staged(&change, repository, NULL, error);
    if (status == BERM_OK)
        status = judge_review(&hook->judge, change, level, &review, error);
    if (status == BERM_OK) {
        *tier = berm_review_tier(review);
        if (*tier >= TIER_SENIOR)
            status = berm_review_write(review, "text", NULL, buffer_write, answer, error);
        else if (*tier >= TIER_PEER)
            add_line(review, answer);
    }
    berm_review_free(review);
    berm_change_free(change);
    berm_repository_free(repository);
    judge_close(&hook->judge);
    return status;
}

/* The answer's code is the tier, shifted clear of exit codes. */
enum { CODE_TIER = 16 };

static int handle(void *context, const char *request, size_t size, enum worker_level level,
                  struct buffer *answer) {
    (void)request;
    (void)size;
    berm_error error;
    uint32_t tier = 0;
    if (review_staged(context, level, answer, &tier, &error) == BERM_OK)
        return CODE_TIER + (int)tier;
    report_error(&error);
    return EXIT_USAGE;
}

/* The tier of what is staged, or -1 after a line on stderr. */
static int judge_staged(const struct options *options, struct buffer *answer) {
    struct hook hook = {.options = options};
    struct worker worker = {.handle = handle, .context = &hook};
    int code = worker_ask(&worker, "", 0, answer);
    worker_stop(&worker);
    return code >= CODE_TIER ? code - CODE_TIER : -1;
}

/* NULL if there is none or only white space. */
static const char *acknowledgement(void) {
    const char *reason = getenv("BERM_ACK");
    return reason && reason[strspn(reason, " \t\r\n")] ? reason : NULL;
}

/* stderr, as hooks do: git commit's own output stays clean. */
static int run_pre_commit(const struct options *options) {
    struct buffer answer = {0};
    int tier = judge_staged(options, &answer);
    int code = tier < 0 ? EXIT_USAGE : tier >= TIER_SENIOR ? EXIT_AT_OR_ABOVE : EXIT_DONE;
    if (tier >= TIER_PEER)
        fwrite(answer.data, 1, answer.size, stderr);
    if (code == EXIT_AT_OR_ABOVE && acknowledgement()) {
        fputs("berm: going on, BERM_ACK is given; the reason goes into the commit message\n",
              stderr);
        code = EXIT_DONE;
    } else if (code == EXIT_AT_OR_ABOVE) {
        fputs("berm: stopped; if this is meant, say why: BERM_ACK=\"reason\" git commit ...\n",
              stderr);
    }
    buffer_free(&answer);
    return code;
}

static int run_commit_message(const struct options *options) {
    if (options->argument_count != 3)
        return usage_error("", "hook run commit-msg takes the message file");
    const char *reason = acknowledgement();
    if (!reason)
        return EXIT_DONE;
    struct buffer ignored = {0};
    int tier = judge_staged(options, &ignored);
    buffer_free(&ignored);
    if (tier < 0)
        return EXIT_USAGE;
    return tier >= TIER_SENIOR ? hook_add_trailer(options->arguments[2], reason) : EXIT_DONE;
}

static int change_all(const char *directory, int (*change)(const char *, const char *)) {
    for (size_t i = 0; i < HOOK_COUNT; i++) {
        int code = change(directory, hook_names[i]);
        if (code != EXIT_DONE)
            return code;
    }
    return EXIT_DONE;
}

static int manage(bool install) {
    berm_repository *repository;
    berm_error error;
    const char *directory;
    berm_status status = berm_repository_open(&repository, NULL, &error);
    if (status == BERM_OK)
        status = berm_repository_hooks(repository, &directory, &error);
    int code = EXIT_USAGE;
    if (status == BERM_OK)
        code = change_all(directory, install ? hook_install : hook_uninstall);
    else
        report_error(&error);
    if (code == EXIT_DONE)
        printf("%s %s\n", install ? "hooks installed in" : "hooks removed from", directory);
    berm_repository_free(repository);
    return code;
}

int command_hook(const struct options *options) {
    const char *verb = options->argument_count ? options->arguments[0] : "";
    if (strcmp(verb, "run") == 0 && options->argument_count > 1) {
        if (strcmp(options->arguments[1], "pre-commit") == 0)
            return run_pre_commit(options);
        if (strcmp(options->arguments[1], "commit-msg") == 0)
            return run_commit_message(options);
    }
    bool install = strcmp(verb, "install") == 0;
    if (options->argument_count != 1 || (!install && strcmp(verb, "uninstall") != 0))
        return usage_error("", "hook needs one of install, uninstall");
    return manage(install);
}
