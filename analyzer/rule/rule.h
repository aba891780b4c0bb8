/*
 * rule: rules are data. rules/<domain>/<name>.yaml is compiled (rule/compile.c) into image records,
 * indexed by (dialect, effect, type or callee), and matched against events (rule/match.c).
 */
#ifndef BERM_RULE_RULE_H
#define BERM_RULE_RULE_H

#include "rule/finding.h"

/* Match every event; findings come out sorted (path, line, rule, object), absorbed ones removed. */
void rules_match(struct arena *arena, const struct knowledge *knowledge,
                 const struct change *change, const struct events *events,
                 struct findings *findings);

#endif
