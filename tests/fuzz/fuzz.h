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

#endif
