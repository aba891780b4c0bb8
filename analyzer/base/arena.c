#include "base/arena.h"

#include "base/memory.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

struct arena_chunk {
    struct arena_chunk *older;
    max_align_t bytes[];
};

struct arena_cleanup {
    struct arena_cleanup *older;
    void (*release)(void *);
    void *object;
};

enum { ARENA_FIRST = 4096, ARENA_LARGEST = 1 << 20, ARENA_ALIGN = _Alignof(max_align_t) };

void arena_init(struct arena *arena, struct failure *failure, size_t cap) {
    *arena = (struct arena){.failure = failure, .cap = cap};
}

void arena_release(struct arena *arena) {
    while (arena->cleanups) {
        struct arena_cleanup *cleanup = arena->cleanups;
        arena->cleanups = cleanup->older;
        cleanup->release(cleanup->object);
    }
    while (arena->chunks) {
        struct arena_chunk *chunk = arena->chunks;
        arena->chunks = chunk->older;
        memory_free(chunk);
    }
    arena_init(arena, arena->failure, arena->cap);
}

void arena_out_of_memory(struct arena *arena) {
    failure_raise(arena->failure, BERM_ERROR_MEMORY, PLACE_NONE, "out of memory");
}

/* Chunks double up to 1 MiB, so that a small review costs one malloc and a large one few. */
static void arena_grow(struct arena *arena, size_t needed) {
    size_t size = arena->used < ARENA_FIRST ? ARENA_FIRST : arena->used;
    if (size > ARENA_LARGEST)
        size = ARENA_LARGEST;
    if (size < needed)
        size = needed;
    if (arena->cap && size > arena->cap - arena->used)
        failure_raise(arena->failure, BERM_ERROR_LIMIT, PLACE_NONE,
                      "memory limit of %zu bytes reached", arena->cap);
    struct arena_chunk *chunk = memory_alloc(sizeof *chunk + size);
    if (!chunk)
        arena_out_of_memory(arena);
    chunk->older = arena->chunks;
    arena->chunks = chunk;
    arena->used += size;
    arena->next = (char *)chunk->bytes;
    arena->end = arena->next + size;
}

void *arena_take_more(struct arena *arena, size_t size) {
    if (size > SIZE_MAX / 2)
        arena_out_of_memory(arena);
    if (!size)
        size = 1; /* an address of its own, also in an arena that holds nothing yet */
    size = (size + ARENA_ALIGN - 1) & ~(size_t)(ARENA_ALIGN - 1);
    if (!arena->next || (size_t)(arena->end - arena->next) < size)
        arena_grow(arena, size);
    void *memory = arena->next;
    arena->next += size;
    return memory;
}

void *arena_alloc(struct arena *arena, size_t size) {
    return memset(arena_take(arena, size), 0, size);
}

void *arena_alloc_array(struct arena *arena, size_t size, size_t count) {
    assert(size > 0);
    if (count > SIZE_MAX / 2 / size)
        arena_out_of_memory(arena);
    return arena_alloc(arena, size * count);
}

struct slice arena_copy(struct arena *arena, struct slice text) {
    if (slice_is_none(text))
        return text;
    char *copy = arena_take(arena, text.size + 1);
    if (text.size)
        memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    return slice_make(copy, text.size);
}

const char *arena_text(struct arena *arena, struct slice text) {
    return arena_copy(arena, slice_is_none(text) ? SLICE("") : text).data;
}

struct slice arena_format(struct arena *arena, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = arena_take(arena, (size_t)(size < 0 ? 0 : size) + 1);
    text[0] = '\0';
    if (size > 0)
        vsnprintf(text, (size_t)size + 1, format, again);
    va_end(again);
    return slice_make(text, (size_t)(size < 0 ? 0 : size));
}

struct slice arena_concat(struct arena *arena, const struct slice *parts, size_t count) {
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += parts[i].size;
    char *text = arena_take(arena, size + 1), *at = text;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].size)
            memcpy(at, parts[i].data, parts[i].size);
        at += parts[i].size;
    }
    *at = '\0';
    return slice_make(text, size);
}

void arena_on_release(struct arena *arena, void (*release)(void *), void *object) {
    struct arena_cleanup *cleanup = ARENA_NEW(arena, struct arena_cleanup);
    *cleanup = (struct arena_cleanup){arena->cleanups, release, object};
    arena->cleanups = cleanup;
}
