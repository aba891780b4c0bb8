/*
 * keys: the hash under which rules are filed and events look them up, see rule/index.h.
 */
#ifndef BERM_RULE_KEYS_H
#define BERM_RULE_KEYS_H

#include "base/slice.h"
#include "fact/vocabulary.h"
#include "rule/record.h"

/* `kind` SLICE_NONE = rules that name no kind; `text` is the type, method or first attribute. */
uint32_t rule_key(enum effect effect, struct slice kind, enum rule_indexed how, struct slice text);

/* "lifecycle" of "lifecycle.prevent_destroy": up to the first dot or bracket, quotes removed.
 * SLICE_NONE where the path begins with a wildcard. */
struct slice rule_first_segment(struct slice path);

#endif
