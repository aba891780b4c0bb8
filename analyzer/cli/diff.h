/*
 * diff: the change that the options and arguments of `berm diff` mean.
 */
#ifndef BERM_CLI_DIFF_H
#define BERM_CLI_DIFF_H

#include "cli/options.h"

struct diff {
    int form;            /* private to diff.c */
    struct buffer patch; /* --patch: read by the parent, standard input can be read only once */
    berm_repository *repository;
    berm_change *change;
};

/* Before the fork: checks the combination; EXIT_DONE or EXIT_USAGE. */
int diff_prepare(const struct options *options, struct diff *diff);
/* In the worker: makes the change. */
berm_status diff_open(const struct options *options, struct diff *diff, berm_error *error);
void diff_close(struct diff *diff);

#endif
