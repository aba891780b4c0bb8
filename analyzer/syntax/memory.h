/*
 * memory: where tree-sitter's memory comes from. The runtime has one allocator for the whole
 * process; ours is set once, before the first parse, and serves each thread from the arena of the
 * parse that is current on it (parses nest: a script inside a YAML scalar). Outside of any parse
 * it is malloc.
 *
 * Over its cap, or out of memory, an arena jumps out of the parser (`escape`): everything that
 * parser owns lies in the arena, so nothing leaks and nothing is left half done. Freed blocks up
 * to 1 KiB are reused by size class, which keeps error recovery from growing without bound.
 */
#ifndef BERM_SYNTAX_MEMORY_H
#define BERM_SYNTAX_MEMORY_H

#include "base/failure.h"

#include <setjmp.h>
#include <stddef.h>

enum { PARSE_CLASSES = 65, PARSE_CLASS_BYTES = 16 };

struct parse_chunk;

struct parse_memory {
    struct parse_memory *outer; /* the parse this one is nested in */
    struct parse_chunk *chunks;
    char *next, *end;
    size_t used, cap;                 /* bytes taken from the system */
    void *free_blocks[PARSE_CLASSES]; /* index = size / PARSE_CLASS_BYTES */
    jmp_buf *escape;                  /* NULL while no parser runs */
    struct failure *failure;          /* out of memory then, in a cursor, raises here */
    enum { PARSE_MEMORY_OK, PARSE_MEMORY_CAP, PARSE_MEMORY_OUT } state;
};

/* Makes this the current memory of the thread. The failure is borrowed. */
void parse_memory_enter(struct parse_memory *memory, struct failure *failure, size_t cap);
/* Leaves it, with all that is in it; must be the current one. */
void parse_memory_leave(struct parse_memory *memory);
/* Makes one that was left the current memory again. */
void parse_memory_resume(struct parse_memory *memory, struct failure *failure);
/* Bytes that live as long as it does; raises when out of memory. */
void *parse_memory_block(struct parse_memory *memory, size_t size);
/* Gives everything back; must have been left. */
void parse_memory_free(struct parse_memory *memory);

#endif
