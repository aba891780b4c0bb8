/*
 * options: every option is one row of the table in options.c: its name, argument, help and the
 * commands it belongs to. Parsing, --help, completions and the README's table come from it.
 */
#ifndef BERM_CLI_OPTIONS_H
#define BERM_CLI_OPTIONS_H

#include "cli/output.h"

/* Every command is one row: its bit, word, arguments and help. */
#define COMMANDS(X)                                                                                \
    X(DIFF, diff, "[REV | A..B | A...B | OLD_FILE NEW_FILE] [-- PATH...]", "judge a change")       \
    X(STAGE, stage, "", "judge changes read as JSON lines, one report a line")                     \
    X(SCAN, scan, "REPO...", "judge every commit of repositories, one JSON line each")             \
    X(HOOK, hook, "install | uninstall", "judge every commit of this repository as it is made")    \
    X(RULES, rules, "list | test [PREFIX] | lint | new ID", "look at, check and write rules")      \
    X(EXPLAIN, explain, "RULE", "what a rule finds, why, and what to do about it")                 \
    X(EVAL, eval, "FILE...", "measure berm against labelled cases")                                \
    X(COMPLETIONS, completions, "bash | zsh | fish", "a completion script for a shell")            \
    X(HELP, help, "[COMMAND]", "this help, or that of a command")                                  \
    X(VERSION, version, "", "version; with --json, of rules and grammars too")

#define COMMAND_INDEX(upper, lower, arguments, help) COMMAND_INDEX_##upper,
enum { COMMANDS(COMMAND_INDEX) COMMAND_COUNT };
#define COMMAND_BIT(upper, lower, arguments, help) COMMAND_##upper = 1 << COMMAND_INDEX_##upper,
enum { COMMANDS(COMMAND_BIT) COMMAND_ALL = (1 << COMMAND_COUNT) - 1 };

enum { RULES_DIRECTORIES = 7 };

struct options {
    bool staged, trees, allow_incomplete, require_input, all, json, coverage, failures, help,
        markdown;
    bool no_block_cut, timing;
    const char *commit, *patch, *base, *format, *output, *fail_on, *policy, *color, *range, *jobs,
        *today;
    const char *rules[RULES_DIRECTORIES];
    size_t rules_count;
    /* what is left: arguments before and after "--" */
    const char *const *arguments;
    size_t argument_count;
    const char *const *paths;
    size_t path_count;
};

/* Index of a command's word, or COMMAND_COUNT. */
unsigned command_find(const char *word);

/* Parses what follows the command's word; EXIT_DONE or EXIT_USAGE. argv is permuted. */
int options_parse(unsigned command, int argc, char **argv, struct options *options);

/* Help of the program (COMMAND_COUNT) or of a command. */
void help_write(unsigned command, struct buffer *out);
/* All commands and options as Markdown tables, for the README. */
void help_write_markdown(struct buffer *out);
/* False if the shell is none of bash, zsh, fish. */
bool completions_write(const char *shell, struct buffer *out);

/* The day suppressions are compared with, as 20270131: --today, or the calendar's day in UTC. */
uint32_t options_today(const struct options *options);

/* True if reports for stdout are to be coloured: --color, NO_COLOR, a terminal. */
bool options_color(const struct options *options);

#endif
