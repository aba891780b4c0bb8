/*
 * unicode: which characters can deceive a reader or a terminal, and how wide a character is.
 * Ranges from the Unicode Character Database 15: categories Cc, Cf, Zl, Zp, the property
 * Default_Ignorable_Code_Point, noncharacters; East_Asian_Width W and F; combining marks of the
 * blocks that hold only such.
 */
#ifndef BERM_BASE_UNICODE_H
#define BERM_BASE_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

/* Control (tab and newline too), bidirectional, zero-width, invisible: must be shown escaped. */
bool unicode_is_deceptive(uint32_t code);
/* Terminal columns: 0, 1 or 2. */
uint32_t unicode_width(uint32_t code);

#endif
