#include "cli/commands.h"

int command_hook(const struct options *options) {
    (void)options;
    return EXIT_USAGE;
}
