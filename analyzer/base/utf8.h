/*
 * utf8: validating and producing UTF-8 (RFC 3629: no surrogates, nothing overlong, <= U+10FFFF).
 */
#ifndef BERM_BASE_UTF8_H
#define BERM_BASE_UTF8_H

#include "base/arena.h"

/* Decodes the character at `at` (< text.size): its length 1..4 and *codepoint, or 0 if the bytes
 * there are no valid UTF-8. */
uint32_t utf8_decode(struct slice text, size_t at, uint32_t *codepoint);
/* Writes 1..4 bytes; a surrogate or a value over U+10FFFF becomes U+FFFD. */
uint32_t utf8_write(uint32_t codepoint, char out[4]);
/* Offset of the first invalid byte, or text.size. ASCII runs cost one comparison per 8 bytes. */
size_t utf8_valid_prefix(struct slice text);
bool utf8_is_valid(struct slice text);

/* UTF-16 code units without BOM; a lone surrogate and an odd last byte become U+FFFD and set
 * *damaged. */
struct slice utf8_from_utf16(struct arena *arena, struct slice bytes, bool big_endian,
                             bool *damaged);
/* Valid UTF-8 is kept, every other byte is taken as Latin-1. */
struct slice utf8_from_latin1(struct arena *arena, struct slice bytes);

#endif
