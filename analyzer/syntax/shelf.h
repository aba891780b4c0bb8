/*
 * shelf: trees of short texts that were parsed lately, for texts that differ from one of them in
 * words only (syntax/exchange.h). Such a text gets the tree of the other one with its offsets
 * moved: the same tree a parse would make, at a fiftieth of the cost. A test compares the two over
 * thousands of edits in every language.
 *
 * In a history every second block that is read differs so from the version before it. Measured on
 * bench/history.py: a parse costs about 1,600 instructions a byte, a look here about 25.
 *
 * Bounded by SHELF_BYTES; the tree used longest ago makes room. One shelf serves one thread.
 */
#ifndef BERM_SYNTAX_SHELF_H
#define BERM_SYNTAX_SHELF_H

#include "syntax/roles.h"

enum {
    SHELF_BYTES = 32 << 20,
    SHELF_TREE_BYTES = 256 << 10, /* a tree that took more is not kept: few texts are like it */
};

struct shelf;

struct shelf *shelf_new(struct failure *failure);
void shelf_free(struct shelf *shelf);

/* syntax_parse, or the tree of a text that differs in words. `roles` of the language. Closed like
 * any other; the shelf must live until then. */
void shelf_parse(struct shelf *shelf, struct failure *failure, const struct node_roles *roles,
                 const struct syntax_language *language, struct slice text, struct syntax *syntax);

/* How many texts got the tree of another one so far. */
uint64_t shelf_hits(const struct shelf *shelf);

/* ---- for parse.c ---- */

/* Is a parse that is no longer in use kept? Its memory is not current any more. */
bool shelf_keep(struct parse *parse);
/* Forgets it. */
void shelf_remove(struct parse *parse);

#endif
