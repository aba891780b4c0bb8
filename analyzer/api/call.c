#include "api/call.h"

#include <errno.h>
#include <stdio.h>

struct nesting {
    struct call *call;
    uint32_t depth;
    bool failed;
    struct berm_error error;
};

/* One failure_try inside the other: a raise lands in the frame of its own failure. */
static void enter(void *context) {
    struct nesting *nesting = context;
    struct call *call = nesting->call;
    if (nesting->depth == CALL_FAILURES || !call->failures[nesting->depth]) {
        call->body(call->context);
        return;
    }
    struct failure *failure = call->failures[nesting->depth++];
    if (!failure_try(failure, enter, nesting)) {
        nesting->failed = true;
        nesting->error = failure->error;
    }
}

berm_status call_run(struct call *call, berm_error *error) {
    struct nesting nesting = {.call = call};
    enter(&nesting);
    if (!nesting.failed)
        return BERM_OK;
    if (error)
        *error = nesting.error;
    return nesting.error.status;
}

berm_status call_error(berm_error *error, berm_status status, const char *where,
                       const char *message) {
    if (error) {
        memset(error, 0, sizeof *error);
        error->status = status;
        snprintf(error->where, sizeof error->where, "%s", where ? where : "");
        snprintf(error->message, sizeof error->message, "%s", message);
    }
    return status;
}

berm_status call_out_of_memory(berm_error *error) {
    return call_error(error, BERM_ERROR_MEMORY, NULL, "out of memory");
}

void call_options(void *defaults, size_t size, const void *options) {
    if (!options)
        return;
    size_t given = *(const size_t *)options;
    memcpy(defaults, options, given < size ? given : size);
    *(size_t *)defaults = size;
}

static struct slice read_stream(struct arena *arena, FILE *stream, const char *file, size_t limit) {
    size_t capacity = 16384, size = 0;
    char *bytes = arena_alloc(arena, capacity);
    for (;;) {
        size_t got = fread(bytes + size, 1, capacity - size, stream);
        size += got;
        if (got == 0)
            break;
        if (size > limit)
            failure_raise(arena->failure, BERM_ERROR_LIMIT, (struct place){file, 0, 0},
                          "larger than %zu bytes; pass a smaller file", limit);
        if (size == capacity) {
            char *larger = arena_alloc(arena, capacity * 2);
            memcpy(larger, bytes, size);
            bytes = larger;
            capacity *= 2;
        }
    }
    if (ferror(stream))
        failure_raise(arena->failure, BERM_ERROR_IO, (struct place){file, 0, 0},
                      "cannot be read: %s", strerror(errno));
    return slice_make(bytes, size);
}

static void close_stream(void *holder) {
    FILE *stream = *(FILE **)holder;
    if (stream)
        fclose(stream);
}

struct slice call_read_file(struct arena *arena, const char *file, size_t limit) {
    FILE **stream = ARENA_NEW(arena, FILE *); /* registered first: that may fail too */
    arena_on_release(arena, close_stream, stream);
    *stream = fopen(file, "rbe");
    if (!*stream)
        failure_raise(arena->failure, BERM_ERROR_IO, (struct place){file, 0, 0},
                      "cannot be opened: %s; check the path", strerror(errno));
    return read_stream(arena, *stream, file, limit);
}
