/*
 * template: texts of a rule with {placeholders}. A brace that is not followed by a lower-case name
 * and a closing brace is ordinary text, so that snippets of HCL or expressions can be quoted.
 */
#ifndef BERM_RULE_TEMPLATE_H
#define BERM_RULE_TEMPLATE_H

#include "rule/finding.h"

/* Names that a message, fix or why may use; ends with NULL. */
extern const char *const template_names[];

/* The first {name} that is no known placeholder; false when all are known. */
bool template_unknown(struct slice text, struct slice *name);

/* What the placeholders stand for, beside what the finding itself says. */
struct template_values {
    const struct finding *finding;
    uint32_t joined;            /* other events that made the rule match */
    struct slice joined_object; /* name of the first of them, "" without */
};

/* Values of the analysed files are shown in one line and cut at TEMPLATE_VALUE bytes. */
enum { TEMPLATE_VALUE = 80 };
struct slice template_fill(struct arena *arena, struct slice text,
                           const struct template_values *values);

#endif
