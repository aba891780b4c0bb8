/*
 * rule: rules are data. rules/<domain>/<name>.yaml is compiled (rule/compile.c) into image records,
 * indexed by (dialect, effect, type or callee), and matched against events (rule/match.c).
 */
#ifndef BERM_RULE_RULE_H
#define BERM_RULE_RULE_H

#include "rule/finding.h"

struct rules_options {
    bool no_index;                  /* try every rule on every event: must not change any finding */
    struct pattern_cache *patterns; /* to be used again for the next change; NULL: none */
    bool keep_absorbed; /* keep findings that others made redundant, marked `absorbed` */
};

/* Match every event; findings come out sorted (path, line, rule, object), absorbed ones removed.
 * Texts are in `arena` or borrowed from the knowledge; events must live as long. A pattern that
 * ran into its limits gives a finding of effect not-understood for that rule and file.
 * Cost: per event a few binary searches and the rules filed under its effect, kind and type (or
 * method, or changed attribute); joins over other events are hashed, never quadratic. */
void rules_match(struct arena *arena, const struct knowledge *knowledge,
                 const struct change *change, const struct events *events,
                 const struct rules_options *options, struct findings *findings);

/*
 * The words of a rule for a finding that berm makes without an event (`internal: true`): title,
 * why, fix, severity, undo, scope, floor. False if no rule has that id.
 */
bool rules_describe(const struct knowledge *knowledge, struct finding *finding);

#endif
