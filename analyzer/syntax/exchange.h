/*
 * exchange: texts that differ in words only. Most edits of a long text put one word for another in
 * a quoted string or count a number up: "v1.4.2" to "v1.4.3". Where the grammar's lexer takes any
 * word for another (`exchange:` in grammars/LANGUAGE/entities.yaml, kinds in language/roles.h),
 * the tree of the new text is the tree of the old one with other offsets, and need not be made.
 *
 * A word is a run of ASCII letters, digits and "_", as long as it gets: nothing that quotes,
 * escapes, separates or ends a line is ever part of a difference.
 */
#ifndef BERM_SYNTAX_EXCHANGE_H
#define BERM_SYNTAX_EXCHANGE_H

#include "syntax/roles.h"

enum { EXCHANGE_WORDS = 24 }; /* more differences are no edit of a text but another text */

struct exchange {
    uint32_t from, to; /* of the word in the old text */
    uint32_t line, line_from;
    struct slice word; /* in the new text */
};

struct exchanges {
    struct exchange items[EXCHANGE_WORDS];
    uint32_t count;
};

/* Equal for texts that may pass exchanges_find. Linear, a few steps a byte. */
uint64_t exchange_key(struct slice text);
/* What differs; false if it is more than words. */
bool exchanges_find(struct slice was, struct slice is, struct exchanges *exchanges);
/* Does the tree of the old text, which must be without errors, stand for the new one? */
bool exchanges_keep_tree(const struct node_roles *roles, TSNode root, struct slice was,
                         const struct exchanges *exchanges);
/* Moves the offsets of a tree of the old text. */
void exchanges_apply(TSTree *tree, const struct exchanges *exchanges);

#endif
