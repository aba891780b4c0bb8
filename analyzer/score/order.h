/*
 * order: the total order of findings by what they say. Findings that compare equal are
 * interchangeable.
 */
#ifndef BERM_SCORE_ORDER_H
#define BERM_SCORE_ORDER_H

#include "rule/finding.h"

int finding_compare(const struct finding *a, const struct finding *b);
int finding_compare_void(const void *a, const void *b); /* for qsort */

#endif
