/* A host of libberm: reviews the same change on several threads, with SIGCHLD ignored and SIGPIPE
 * at its default, and compares the reports byte for byte. */
#include <berm.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4 };

struct text {
    char *data;
    size_t size;
};

static int collect(void *context, const char *bytes, size_t size) {
    struct text *text = context;
    char *larger = realloc(text->data, text->size + size + 1);
    if (!larger)
        return 1;
    memcpy(larger + text->size, bytes, size);
    text->data = larger;
    text->size += size;
    text->data[text->size] = '\0';
    return 0;
}

struct job {
    const berm_rules *rules;
    struct text report;
    unsigned tier;
    int failed;
};

static void *review(void *context) {
    struct job *job = context;
    const char *before = "resource \"aws_db_instance\" \"main\" {\n  engine = \"postgres\"\n}\n";
    berm_error error;
    berm_reviewer *reviewer = NULL;
    berm_change *change = NULL;
    berm_review *result = NULL;
    berm_file file = BERM_FILE_INIT;
    file.path = "main.tf";
    file.before = before;
    file.before_size = strlen(before);
    job->failed = berm_reviewer_new(&reviewer, job->rules, NULL, NULL, &error) != BERM_OK ||
                  berm_change_from_files(&change, &file, 1, NULL, 0, &error) != BERM_OK ||
                  berm_reviewer_review(&result, reviewer, change, &error) != BERM_OK ||
                  berm_review_write(result, "json", NULL, collect, &job->report, &error) != BERM_OK;
    if (job->failed)
        fprintf(stderr, "%s: %s\n", berm_status_name(error.status), error.message);
    else
        job->tier = berm_review_tier(result);
    berm_review_free(result);
    berm_change_free(change);
    berm_reviewer_free(reviewer);
    return NULL;
}

int main(void) {
    signal(SIGCHLD, SIG_IGN);
    berm_rules *rules;
    berm_error error;
    if (berm_rules_load(&rules, NULL, 0, &error) != BERM_OK)
        return 2;
    struct job jobs[THREADS];
    pthread_t threads[THREADS];
    memset(jobs, 0, sizeof jobs);
    for (int i = 0; i < THREADS; i++) {
        jobs[i].rules = rules;
        if (pthread_create(&threads[i], NULL, review, &jobs[i]) != 0)
            return 2;
    }
    int failed = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        failed |= jobs[i].failed || strcmp(jobs[i].report.data, jobs[0].report.data) != 0;
    }
    if (!failed)
        printf("%s tier %u\n", berm_version(), jobs[0].tier);
    for (int i = 0; i < THREADS; i++)
        free(jobs[i].report.data);
    berm_rules_free(rules);
    return failed;
}
