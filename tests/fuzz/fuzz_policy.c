/* Any bytes as a policy. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    berm_policy *policy = NULL;
    berm_policy_parse(&policy, (const char *)data, size, "fuzz", NULL);
    berm_policy_free(policy);
    return 0;
}
