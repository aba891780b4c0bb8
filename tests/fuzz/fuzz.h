/* What the fuzz targets share: one review through both reports, with built-in rules. */
#ifndef BERM_FUZZ_H
#define BERM_FUZZ_H

#include "berm.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reviews and writes; a failure other than memory or a limit is a defect. */
static inline void fuzz_review(berm_change *change, berm_write *sink) {
    static berm_rules *rules;
    berm_error error = {0};
    if (!rules && berm_rules_load(&rules, NULL, 0, &error) != BERM_OK)
        abort();
    berm_reviewer *reviewer = NULL;
    berm_review *review = NULL;
    if (berm_reviewer_new(&reviewer, rules, NULL, NULL, &error) != BERM_OK)
        abort();
    if (berm_reviewer_review(&review, reviewer, change, &error) == BERM_OK) {
        if (berm_review_write(review, "json", NULL, sink, NULL, &error) != BERM_OK ||
            berm_review_write(review, "text", NULL, sink, NULL, &error) != BERM_OK)
            abort();
    } else if (error.status != BERM_ERROR_LIMIT && error.status != BERM_ERROR_POLICY) {
        abort();
    }
    berm_review_free(review);
    berm_reviewer_free(reviewer);
}

/* Any bytes as a file of a format with a grammar of our own, which the first of them says: the
 * second half is new. */
static inline void fuzz_lines(const char *data, size_t size, berm_write *sink) {
    static const char *const paths[] = {"nginx/nginx.conf", "lb/haproxy.cfg", "dns/example.zone",
                                        "Makefile",         "Dockerfile",     "unit/x.service",
                                        "crontab",          "justfile",       "Jenkinsfile",
                                        ".htaccess",        "Caddyfile"};
    if (!size)
        return;
    berm_file file = BERM_FILE_INIT;
    file.path = paths[(unsigned char)data[0] % (sizeof paths / sizeof *paths)];
    file.before = file.after = data + 1;
    file.before_size = (size - 1) / 2;
    file.after_size = size - 1;
    berm_change *change = NULL;
    if (berm_change_from_files(&change, &file, 1, NULL, 0, NULL) == BERM_OK)
        fuzz_review(change, sink);
    berm_change_free(change);
}

#endif
