/* Any bytes as a file of a format with a grammar of its own. */
#include "fuzz.h"

static int discard(void *context, const char *bytes, size_t size) {
    (void)context;
    (void)bytes;
    (void)size;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_lines((const char *)data, size, discard);
    return 0;
}
