/*
 * amount: numbers with units, without floating point.
 */
#ifndef BERM_FACT_AMOUNT_H
#define BERM_FACT_AMOUNT_H

#include "fact/order.h"

/* 64 bits hold 8 TiB in millionths, which is too little for a volume. */
__extension__ typedef __int128 amount_t;

/* In millionths of the base unit; false if the text is no such amount. Digits behind the sixth
 * decimal are dropped. */
bool amount_parse(struct slice text, enum order order, amount_t *amount);
/* 65536 as "65,536". */
struct slice amount_with_commas(struct arena *arena, uint64_t number);

#endif
