/*
 * arena: memory that is given back all at once. One per review, one per entity list, one per parse.
 *
 * arena_alloc is a pointer bump (amortised), returns zeroed memory and never NULL: out of memory
 * or over the cap raises BERM_ERROR_MEMORY / BERM_ERROR_LIMIT through the arena's failure.
 * Things that are not memory (a PCRE2 code, a child process) are registered with
 * arena_on_release and let go in reverse order.
 * An arena is used by one thread at a time.
 */
#ifndef BERM_BASE_ARENA_H
#define BERM_BASE_ARENA_H

#include "base/failure.h"
#include "base/slice.h"

struct arena_chunk;
struct arena_cleanup;

struct arena {
    struct arena_chunk *chunks;
    struct arena_cleanup *cleanups;
    char *next, *end;
    size_t used; /* bytes taken from the system */
    size_t cap;  /* 0 = none */
    struct failure *failure;
};

/* `cap` in bytes, 0 for none. The failure is borrowed for the arena's life. */
void arena_init(struct arena *arena, struct failure *failure, size_t cap);
void arena_release(struct arena *arena); /* the arena can be used again afterwards */

void *arena_alloc(struct arena *arena, size_t size);
void *arena_take_more(struct arena *arena, size_t size); /* arena_take where there is no room */
/* The same, not zeroed: for bytes that are written at once. */
static inline void *arena_take(struct arena *arena, size_t size) {
    size_t room = (size_t)(arena->end - arena->next), align = _Alignof(max_align_t);
    size_t rounded = (size + align - 1) & ~(align - 1);
    if (size - 1 >= room || rounded > room)
        return arena_take_more(arena, size);
    void *memory = arena->next;
    arena->next += rounded;
    return memory;
}
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), sizeof(type), (count)))
void *arena_alloc_array(struct arena *arena, size_t size, size_t count); /* checks overflow */

/* Copies; the result is also NUL-terminated. */
struct slice arena_copy(struct arena *arena, struct slice text);
const char *arena_text(struct arena *arena, struct slice text);
struct slice arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The parts behind each other. A tenth of what arena_format costs: for keys and names. */
struct slice arena_concat(struct arena *arena, const struct slice *parts, size_t count);
#define ARENA_CONCAT(arena, ...)                                                                   \
    arena_concat((arena), (const struct slice[]){__VA_ARGS__},                                     \
                 sizeof((const struct slice[]){__VA_ARGS__}) / sizeof(struct slice))

void arena_on_release(struct arena *arena, void (*release)(void *), void *object);

_Noreturn void arena_out_of_memory(struct arena *arena);

#endif
