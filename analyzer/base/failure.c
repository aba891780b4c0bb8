#include "base/failure.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void failure_init(struct failure *failure) {
    memset(&failure->error, 0, sizeof failure->error);
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
