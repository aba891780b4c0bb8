/*
 * parse: one parser run with the memory it took. Private to syntax/.
 */
#ifndef BERM_SYNTAX_PARSE_H
#define BERM_SYNTAX_PARSE_H

#include "syntax/memory.h"
#include "syntax/syntax.h"

enum { PARSE_REASON_BYTES = 160 };

struct parse {
    struct parse_memory memory;
    struct slice text;
    uint64_t reads, reads_limit, steps, steps_limit;
    const char *stopped; /* which budget ran out */
    TSTree *tree;
    char reason[PARSE_REASON_BYTES];

    /* of a parse that was made for a shelf (syntax/shelf.h) */
    struct shelf *shelf;
    const TSLanguage *grammar;
    uint64_t key;                       /* exchange_key(text) */
    struct parse *newer, *older, *next; /* by use; next in the bucket */
    size_t counted;                     /* bytes, while it is kept */
    bool kept;
    char *own_text; /* where the text lies, in its memory */
    size_t room;
};

/* Makes its memory the current one again. */
void parse_resume(struct parse *parse, struct failure *failure, struct syntax *syntax);
/* Gives everything back; its memory is not the current one. */
void parse_free(struct parse *parse);

#endif
