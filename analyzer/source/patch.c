#include "source/change_builder.h"

struct change *source_patch(struct arena *arena, struct slice patch, const char *where,
                            struct git *git, const char *base) {
    (void)patch;
    (void)git;
    (void)base;
    failure_raise(arena->failure, BERM_ERROR_PATCH, (struct place){where, 0, 0}, "not read");
}
