/*
 * rule_template: the file that `berm rules new` starts a rule with.
 */
#ifndef BERM_CLI_RULE_TEMPLATE_H
#define BERM_CLI_RULE_TEMPLATE_H

#include "cli/output.h"

/* Writes DIRECTORY/ID.yaml; refuses to overwrite. Returns the exit code. */
int rule_template_write(const char *directory, const char *id);

#endif
