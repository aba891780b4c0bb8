/*
 * hidden: characters that a reviewer does not see, or that show a text in another order than it is
 * executed in. Unlike unicode_is_deceptive, which asks what may reach a terminal, this asks what
 * has no business in a source text, so what writing systems and emoji need is let pass: joiners in
 * Arabic and Indic scripts, marks beside right-to-left text, variation selectors after a symbol
 * or an ideograph, tags of a flag. Ranges from the Unicode Character Database 15
 * (Bidi_Control, Default_Ignorable_Code_Point, Variation_Selector).
 */
#ifndef BERM_BASE_HIDDEN_H
#define BERM_BASE_HIDDEN_H

#include "base/slice.h"

enum hidden_kind {
    HIDDEN_INVISIBLE,     /* zero-width, tags, fillers, misplaced variation selectors */
    HIDDEN_BIDIRECTIONAL, /* embeddings, overrides, isolates: U+202A-202E, U+2066-2069 */
    HIDDEN_KINDS
};

struct hidden {
    enum hidden_kind kind;
    uint32_t code;
    size_t at; /* byte offset */
};

/* The first one at or after `from`, a character border; false if there is none. ASCII costs one
 * comparison per 8 bytes. */
bool hidden_find(struct slice text, size_t from, struct hidden *found);

#endif
