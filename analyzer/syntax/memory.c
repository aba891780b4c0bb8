#include "syntax/memory.h"

#include "base/memory.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <tree_sitter/api.h>

enum { CHUNK_MIN = 64 << 10, CHUNK_MAX = 4 << 20, HEADER = 16 };

struct parse_chunk {
    struct parse_chunk *next;
    size_t size;
};

/* Per thread, not shared: the runtime's hooks carry no context of their own. */
static _Thread_local struct parse_memory *current;
static pthread_once_t installed = PTHREAD_ONCE_INIT;

static size_t *block_size(void *block) {
    return (size_t *)(void *)((char *)block - HEADER);
}

static _Noreturn void memory_escape(struct parse_memory *memory, unsigned state) {
    memory->state = state;
    if (!memory->escape)
        failure_raise(memory->failure, BERM_ERROR_MEMORY, PLACE_NONE, "out of memory");
    longjmp(*memory->escape, 1);
}

static void chunk_add(struct parse_memory *memory, size_t wanted) {
    size_t size = memory->used < CHUNK_MIN ? CHUNK_MIN : memory->used;
    if (size > CHUNK_MAX)
        size = CHUNK_MAX;
    if (size < wanted + sizeof(struct parse_chunk) + HEADER)
        size = wanted + sizeof(struct parse_chunk) + HEADER;
    if (memory->escape && memory->cap && memory->used + size > memory->cap)
        memory_escape(memory, PARSE_MEMORY_CAP);
    struct parse_chunk *chunk = memory_alloc(size);
    if (!chunk)
        memory_escape(memory, PARSE_MEMORY_OUT);
    chunk->next = memory->chunks;
    chunk->size = size;
    memory->chunks = chunk;
    memory->used += size;
    memory->next = (char *)chunk + sizeof *chunk;
    memory->end = (char *)chunk + size;
}

static void *block_new(struct parse_memory *memory, size_t size) {
    if (size > SIZE_MAX / 4)
        memory_escape(memory, PARSE_MEMORY_CAP);
    size = size ? (size + PARSE_CLASS_BYTES - 1) & ~(size_t)(PARSE_CLASS_BYTES - 1)
                : PARSE_CLASS_BYTES;
    size_t class = size / PARSE_CLASS_BYTES;
    if (class < PARSE_CLASSES && memory->free_blocks[class]) {
        void *block = memory->free_blocks[class];
        memcpy(&memory->free_blocks[class], block, sizeof(void *));
        return block;
    }
    if ((size_t)(memory->end - memory->next) < size + HEADER)
        chunk_add(memory, size + HEADER);
    char *block = memory->next + HEADER;
    memory->next = block + size;
    *block_size(block) = size;
    return block;
}

void *parse_memory_block(struct parse_memory *memory, size_t size) {
    return block_new(memory, size);
}

static void *hook_malloc(size_t size) {
    return current ? block_new(current, size) : malloc(size);
}

static void *hook_calloc(size_t count, size_t size) {
    if (!current)
        return calloc(count, size);
    if (size && count > SIZE_MAX / size)
        memory_escape(current, PARSE_MEMORY_CAP);
    void *block = block_new(current, count * size);
    memset(block, 0, count * size);
    return block;
}

static void hook_free(void *block) {
    if (!block)
        return;
    if (!current) {
        free(block);
        return;
    }
    size_t class = *block_size(block) / PARSE_CLASS_BYTES;
    if (class < PARSE_CLASSES) {
        memcpy(block, &current->free_blocks[class], sizeof(void *));
        current->free_blocks[class] = block;
    }
}

static void *hook_realloc(void *old, size_t size) {
    if (!current)
        return realloc(old, size);
    if (!old)
        return block_new(current, size);
    size_t had = *block_size(old);
    if (size <= had)
        return old;
    void *block = block_new(current, size);
    memcpy(block, old, had);
    hook_free(old);
    return block;
}

static void hooks_install(void) {
    ts_set_allocator(hook_malloc, hook_calloc, hook_realloc, hook_free);
}

void parse_memory_enter(struct parse_memory *memory, struct failure *failure, size_t cap) {
    pthread_once(&installed, hooks_install);
    memset(memory, 0, sizeof *memory);
    memory->cap = cap;
    parse_memory_resume(memory, failure);
}

void parse_memory_resume(struct parse_memory *memory, struct failure *failure) {
    memory->failure = failure;
    memory->outer = current;
    current = memory;
}

void parse_memory_leave(struct parse_memory *memory) {
    current = memory->outer;
    memory->outer = NULL;
}

void parse_memory_free(struct parse_memory *memory) {
    for (struct parse_chunk *chunk = memory->chunks, *next; chunk; chunk = next) {
        next = chunk->next;
        memory_free(chunk);
    }
    memory->chunks = NULL;
    memory->next = memory->end = NULL;
}
