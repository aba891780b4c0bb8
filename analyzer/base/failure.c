#include "base/failure.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void failure_init(struct failure *failure) {
    memset(&failure->error, 0, sizeof failure->error);
}

const char *failure_status_name(enum berm_status status) {
    static const char *const names[] = {
        [BERM_OK] = "ok",
        [BERM_ERROR_ARGUMENT] = "argument",
        [BERM_ERROR_MEMORY] = "memory",
        [BERM_ERROR_LIMIT] = "limit",
        [BERM_ERROR_IO] = "io",
        [BERM_ERROR_GIT] = "git",
        [BERM_ERROR_PATCH] = "patch",
        [BERM_ERROR_RULE] = "rule",
        [BERM_ERROR_POLICY] = "policy",
        [BERM_ERROR_JSON] = "json",
        [BERM_ERROR_INTERNAL] = "internal",
    };
    uint32_t index = (uint32_t)status;
    return index < sizeof names / sizeof *names ? names[index] : "unknown";
}

bool failure_try(struct failure *failure, void (*body)(void *context), void *context) {
    if (setjmp(failure->jump))
        return false;
    body(context);
    return true;
}

void failure_raise(struct failure *failure, enum berm_status status, struct place place,
                   const char *format, ...) {
    assert(failure && status != BERM_OK);
    struct berm_error *error = &failure->error;
    error->status = status;
    error->line = place.line;
    error->column = place.column;
    snprintf(error->where, sizeof error->where, "%s", place.where ? place.where : "");
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    longjmp(failure->jump, 1);
}
