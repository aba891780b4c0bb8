/* Any bytes as an SQL file: the second half of it is new. */
#include "fuzz.h"

static int discard(void *context, const char *bytes, size_t size) {
    (void)context;
    (void)bytes;
    (void)size;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    berm_file file = BERM_FILE_INIT;
    file.path = "db/migrate/1.sql";
    file.before = file.after = (const char *)data;
    file.before_size = size / 2;
    file.after_size = size;
    berm_change *change = NULL;
    if (berm_change_from_files(&change, &file, 1, NULL, 0, NULL) == BERM_OK)
        fuzz_review(change, discard);
    berm_change_free(change);
    return 0;
}
