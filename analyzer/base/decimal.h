/*
 * decimal: numbers of configuration files as integers in fixed point.
 */
#ifndef BERM_BASE_DECIMAL_H
#define BERM_BASE_DECIMAL_H

#include "base/slice.h"

/*
 * "1.25" with 3 decimals is 1250. Only digits and one point, no sign; false on anything else, on
 * more decimals than that, and on overflow.
 */
bool decimal_parse(struct slice text, uint32_t decimals, uint32_t *out);

/* 0 to 15, or 99 for what is no hexadecimal digit. */
int decimal_hex_digit(char byte);

#endif
