/* Any bytes as a patch without a repository. */
#include "fuzz.h"

static int discard(void *context, const char *bytes, size_t size) {
    (void)context;
    (void)bytes;
    (void)size;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    berm_change *change = NULL;
    if (berm_change_from_patch(&change, (const char *)data, size, "fuzz", NULL, NULL, NULL) ==
        BERM_OK)
        fuzz_review(change, discard);
    berm_change_free(change);
    return 0;
}
