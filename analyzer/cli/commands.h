/*
 * commands: one function a command, in command_NAME.c; each returns the exit code.
 */
#ifndef BERM_CLI_COMMANDS_H
#define BERM_CLI_COMMANDS_H

#include "cli/options.h"

#define COMMAND_FUNCTION(upper, lower, arguments, help)                                            \
    int command_##lower(const struct options *options);
COMMANDS(COMMAND_FUNCTION)

#endif
