#include "cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum kind { FLAG, TEXT, RULES };

struct row {
    const char *name, *argument, *help;
    unsigned commands;
    enum kind kind;
    size_t offset; /* in struct options */
};

#define JUDGING (COMMAND_DIFF | COMMAND_STAGE | COMMAND_SCAN | COMMAND_EVAL)
#define KNOWING (JUDGING | COMMAND_RULES | COMMAND_EXPLAIN | COMMAND_VERSION)
#define ROW_FLAG(name, field, help, commands)                                                      \
    { name, NULL, help, commands, FLAG, offsetof(struct options, field) }
#define ROW_TEXT(name, field, argument, help, commands)                                            \
    { name, argument, help, commands, TEXT, offsetof(struct options, field) }

static const struct row rows[] = {
    ROW_FLAG("staged", staged, "judge the index against HEAD", COMMAND_DIFF),
    ROW_TEXT("commit", commit, "REV", "judge one commit against its first parent", COMMAND_DIFF),
    ROW_TEXT("patch", patch, "FILE", "judge a unified or git patch; - is standard input",
             COMMAND_DIFF),
    ROW_TEXT("base", base, "REV", "revision that the patch applies to", COMMAND_DIFF),
    {"trees", "OLD NEW", "judge directory NEW against directory OLD", COMMAND_DIFF, FLAG,
     offsetof(struct options, trees)},
    ROW_TEXT("range", range, "A..B", "only the commits of this range", COMMAND_SCAN),
    ROW_TEXT("jobs", jobs, "N", "worker processes (default: one for each processor)", COMMAND_SCAN),
    ROW_TEXT("format", format, "FORMAT", "text (default) or json", COMMAND_DIFF),
    ROW_TEXT("output", output, "FILE", "write the report there instead of to standard output",
             COMMAND_DIFF),
    ROW_TEXT("fail-on", fail_on, "TIER",
             "exit 1 at or above auto, peer, two-peer, senior or director", COMMAND_DIFF),
    ROW_FLAG("allow-incomplete", allow_incomplete, "exit 0 although something was not understood",
             COMMAND_DIFF),
    ROW_FLAG("require-input", require_input, "exit 3 if the change holds no file", COMMAND_DIFF),
    ROW_FLAG("all", all, "show every finding with all that is known of it", COMMAND_DIFF),
    ROW_TEXT("color", color, "WHEN", "auto (default), always or never; NO_COLOR is honoured",
             COMMAND_DIFF),
    {"rules", "DIR", "add the rules and facts of a directory; may be repeated", KNOWING, RULES, 0},
    ROW_TEXT("policy", policy, "FILE", "use this policy instead of the one at the change's target",
             JUDGING),
    ROW_TEXT("today", today, "DATE", "day on which suppressions are judged, as 2027-01-31",
             JUDGING),
    ROW_FLAG("failures", failures, "name the cases that were judged wrongly, with what was found",
             COMMAND_EVAL),
    ROW_FLAG("json", json, "print as JSON", COMMAND_EVAL | COMMAND_RULES | COMMAND_VERSION),
    ROW_FLAG("coverage", coverage, "list patterns and the rules that cover them", COMMAND_RULES),
    ROW_FLAG("no-block-cut", no_block_cut, "parse unchanged blocks too (slower, same verdict)",
             JUDGING),
    ROW_FLAG("timing", timing, "print to standard error how long each part took", COMMAND_DIFF),
    ROW_FLAG("markdown", markdown, "all commands and options as Markdown", COMMAND_HELP),
    ROW_FLAG("help", help, "show this help", COMMAND_ALL),
};
enum { ROW_COUNT = sizeof rows / sizeof *rows };

#define COMMAND_ROW(upper, lower, arguments, help) {#lower, arguments, help},
static const struct { const char *word, *arguments, *help; } commands[] = {COMMANDS(COMMAND_ROW)};

unsigned command_find(const char *word) {
    unsigned i = 0;
    while (i < COMMAND_COUNT && strcmp(commands[i].word, word) != 0)
        i++;
    return i;
}

static int set(const struct row *row, const char *value, struct options *options) {
    char *field = (char *)options + row->offset;
    if (row->kind == FLAG) {
        *(bool *)field = true;
    } else if (row->kind == TEXT) {
        if (*(const char **)field)
            return usage_error("", "--%s is given twice; give it once", row->name);
        *(const char **)field = value;
    } else {
        if (options->rules_count == RULES_DIRECTORIES)
            return usage_error("", "more than %d --rules directories", RULES_DIRECTORIES);
        options->rules[options->rules_count++] = value;
    }
    return EXIT_DONE;
}

/* The rows of this command as getopt_long wants them; val is the row's index + 1. */
static void long_options(unsigned command, struct option *out) {
    size_t count = 0;
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].commands & (1u << command))
            out[count++] = (struct option){rows[i].name,
                                           rows[i].kind == FLAG ? no_argument : required_argument,
                                           NULL, (int)i + 1};
    out[count] = (struct option){NULL, 0, NULL, 0};
}

static int refuse(unsigned command, int code, char **argv) {
    const char *given = argv[optind - 1];
    if (code == ':')
        return usage_error("", "%s needs an argument; see berm help %s", given,
                           commands[command].word);
    return usage_error("", "unknown or ambiguous option %s; see berm help %s", given,
                       commands[command].word);
}

uint32_t options_today(const struct options *options) {
    unsigned year, month, day;
    char rest;
    if (options->today) {
        bool read = sscanf(options->today, "%4u-%2u-%2u%c", &year, &month, &day, &rest) == 3;
        bool valid = read && year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
        return valid ? year * 10000 + month * 100 + day : 0;
    }
    time_t now = time(NULL);
    struct tm date;
    gmtime_r(&now, &date);
    return (uint32_t)((date.tm_year + 1900) * 10000 + (date.tm_mon + 1) * 100 + date.tm_mday);
}

static int check(const struct options *options) {
    uint32_t level;
    if (options->fail_on && !berm_tier_find(options->fail_on, &level))
        return usage_error("--fail-on",
                           "'%s' is no tier; use auto, peer, two-peer, senior or director",
                           options->fail_on);
    if (options->today && options_today(options) == 0)
        return usage_error("--today", "'%s' is no day; write it as 2027-01-31", options->today);
    const char *color = options->color;
    if (color && strcmp(color, "auto") && strcmp(color, "always") && strcmp(color, "never"))
        return usage_error("--color", "'%s' is none of auto, always, never", color);
    return EXIT_DONE;
}

int options_parse(unsigned command, int argc, char **argv, struct options *options) {
    memset(options, 0, sizeof *options);
    int end = 0;
    while (end < argc && strcmp(argv[end], "--") != 0)
        end++;
    struct option list[ROW_COUNT + 1];
    long_options(command, list);
    optind = 0; /* glibc: start anew; argv[0] is skipped */
    opterr = 0;
    for (int code; (code = getopt_long(end, argv, ":h", list, NULL)) != -1;) {
        if (code == 'h')
            options->help = true;
        else if (code == '?' || code == ':')
            return refuse(command, code, argv);
        else if (set(&rows[code - 1], optarg, options) != EXIT_DONE)
            return EXIT_USAGE;
    }
    options->arguments = (const char *const *)argv + optind;
    options->argument_count = (size_t)(end - optind);
    if (end < argc) {
        options->paths = (const char *const *)argv + end + 1;
        options->path_count = (size_t)(argc - end - 1);
    }
    return check(options);
}

bool options_color(const struct options *options) {
    if (options->output)
        return options->color && strcmp(options->color, "always") == 0;
    if (options->color && strcmp(options->color, "auto") != 0)
        return strcmp(options->color, "always") == 0;
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (no_color && *no_color)
        return false;
    return isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
}

/* ---- help and completions, from the same rows ------------------------------------------------ */

static void write_option(const struct row *row, struct buffer *out) {
    size_t start = out->size;
    buffer_addf(out, "  --%s%s%s", row->name, row->argument ? " " : "",
                row->argument ? row->argument : "");
    int width = (int)(out->size - start);
    buffer_addf(out, "%*s%s\n", width < 24 ? 24 - width : 1, "", row->help);
}

static void write_options(unsigned command, struct buffer *out) {
    buffer_add_text(out, "\nOptions:\n");
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].commands & (1u << command))
            write_option(&rows[i], out);
}

static void write_program_help(struct buffer *out) {
    buffer_add_text(out, "berm judges a change: what would it destroy, recreate, expose or leave "
                         "unguarded,\nhow far does that reach, how bad is it, and who has to "
                         "approve it.\n\nUsage: berm COMMAND [OPTION...]\n\nCommands:\n");
    for (unsigned i = 0; i < COMMAND_COUNT; i++)
        buffer_addf(out, "  %-13s%s\n", commands[i].word, commands[i].help);
    buffer_add_text(out,
                    "\nberm help COMMAND shows its options. Without anything, berm diff judges "
                    "the work tree.\n\nExit codes: 0 done; 1 at or above --fail-on; 2 usage, "
                    "configuration or unusable input;\n3 no input (--require-input); 4 "
                    "something was not understood (--allow-incomplete: 0).\n");
}

void help_write(unsigned command, struct buffer *out) {
    if (command == COMMAND_COUNT) {
        write_program_help(out);
        return;
    }
    buffer_addf(out, "berm %s: %s\n\nUsage: berm %s [OPTION...] %s\n", commands[command].word,
                commands[command].help, commands[command].word, commands[command].arguments);
    write_options(command, out);
}

static void add_escaped(struct buffer *out, const char *text) {
    for (; *text; text++) {
        if (*text == '|')
            buffer_add(out, "\\", 1);
        buffer_add(out, text, 1);
    }
}

static void write_markdown_option(const struct row *row, struct buffer *out) {
    buffer_addf(out, "| `--%s%s%s` | ", row->name, row->argument ? " " : "",
                row->argument ? row->argument : "");
    const char *separator = "";
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        if (row->commands & (1u << i) && row->commands != COMMAND_ALL) {
            buffer_addf(out, "%s%s", separator, commands[i].word);
            separator = ", ";
        }
    }
    buffer_addf(out, "%s | ", row->commands == COMMAND_ALL ? "all" : "");
    add_escaped(out, row->help);
    buffer_add_text(out, " |\n");
}

void help_write_markdown(struct buffer *out) {
    buffer_add_text(out, "| command | does |\n|---|---|\n");
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        buffer_addf(out, "| `berm %s%s", commands[i].word, *commands[i].arguments ? " " : "");
        add_escaped(out, commands[i].arguments);
        buffer_addf(out, "` | %s |\n", commands[i].help);
    }
    buffer_add_text(out, "\n| option | of | does |\n|---|---|---|\n");
    for (size_t i = 0; i < ROW_COUNT; i++)
        write_markdown_option(&rows[i], out);
}

static void write_words(unsigned command, const char *prefix, struct buffer *out) {
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (rows[i].commands & (1u << command))
            buffer_addf(out, "%s--%s", prefix, rows[i].name);
}

static void write_bash(struct buffer *out) {
    buffer_add_text(out, "_berm() {\n    local word=${COMP_WORDS[COMP_CWORD]} words=\n"
                         "    case ${COMP_WORDS[1]} in\n");
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        buffer_addf(out, "    %s) words=\"", commands[i].word);
        write_words(i, " ", out);
        buffer_add_text(out, "\" ;;\n");
    }
    buffer_add_text(out, "    esac\n    [ \"$COMP_CWORD\" -gt 1 ] || words=\"");
    for (unsigned i = 0; i < COMMAND_COUNT; i++)
        buffer_addf(out, " %s", commands[i].word);
    buffer_add_text(out, "\"\n    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
                         "complete -o default -F _berm berm\n");
}

static void write_fish(struct buffer *out) {
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        buffer_addf(out, "complete -c berm -n __fish_use_subcommand -a %s -d '%s'\n",
                    commands[i].word, commands[i].help);
        for (size_t j = 0; j < ROW_COUNT; j++)
            if (rows[j].commands & (1u << i))
                buffer_addf(out, "complete -c berm -n '__fish_seen_subcommand_from %s' -l %s%s\n",
                            commands[i].word, rows[j].name, rows[j].kind == FLAG ? "" : " -r");
    }
}

bool completions_write(const char *shell, struct buffer *out) {
    if (strcmp(shell, "fish") == 0) {
        write_fish(out);
        return true;
    }
    bool zsh = strcmp(shell, "zsh") == 0;
    if (!zsh && strcmp(shell, "bash") != 0)
        return false;
    if (zsh) /* zsh runs bash's form through its own emulation */
        buffer_add_text(out, "autoload -U +X bashcompinit && bashcompinit\n");
    write_bash(out);
    return true;
}
