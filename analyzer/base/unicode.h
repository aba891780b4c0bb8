/*
 * unicode: which characters can deceive a reader or a terminal, and how wide a character is.
 * Ranges from the Unicode Character Database 15: categories Cc, Cf, Zl, Zp, the property
 * Default_Ignorable_Code_Point, noncharacters; East_Asian_Width W and F; combining marks of the
 * blocks that hold only such.
 */
#ifndef BERM_BASE_UNICODE_H
#define BERM_BASE_UNICODE_H

#include "base/slice.h"

#define UNICODE_INVALID UINT32_MAX

/* Control (tab and newline too), bidirectional, zero-width, invisible: must be shown escaped. */
bool unicode_is_deceptive(uint32_t code);
/* Terminal columns: 0, 1 or 2. */
uint32_t unicode_width(uint32_t code);
/* The character at text[at] and its length in bytes; a byte that begins none gives
 * UNICODE_INVALID with length 1. at < text.size. */
uint32_t unicode_at(struct slice text, size_t at, size_t *length);

#endif
