/* The program: finds the command's row and runs it. */
#include "cli/commands.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define COMMAND_ENTRY(upper, lower, arguments, help) command_##lower,
static int (*const functions[])(const struct options *options) = {COMMANDS(COMMAND_ENTRY)};

int command_help(const struct options *options) {
    unsigned command = COMMAND_COUNT;
    if (options->argument_count > 1)
        return usage_error("", "help takes one command");
    if (options->argument_count == 1) {
        command = command_find(options->arguments[0]);
        if (command == COMMAND_COUNT)
            return usage_error("", "there is no command '%s'; berm help lists them",
                               options->arguments[0]);
    }
    struct buffer out = {0};
    if (options->markdown)
        help_write_markdown(&out);
    else
        help_write(command, &out);
    int code = print_bytes(out.data, out.size);
    buffer_free(&out);
    return code;
}

int command_completions(const struct options *options) {
    struct buffer out = {0};
    if (options->argument_count != 1 || !completions_write(options->arguments[0], &out))
        return usage_error("", "completions takes one of bash, zsh, fish");
    int code = print_bytes(out.data, out.size);
    buffer_free(&out);
    return code;
}

static int run(unsigned command, int argc, char **argv) {
    struct options options;
    int code = options_parse(command, argc, argv, &options);
    if (code != EXIT_DONE)
        return code;
    if (!options.help)
        return functions[command](&options);
    struct buffer out = {0};
    help_write(command, &out);
    code = print_bytes(out.data, out.size);
    buffer_free(&out);
    return code;
}

/* A closed standard stream must not become the socket of a worker. What is put there fails to write
 * (and to read), as the closed one would have. */
static void hold_standard_streams(void) {
    for (int stream = 0; stream <= 2; stream++)
        if (fcntl(stream, F_GETFD) < 0 &&
            open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY) != stream)
            _exit(EXIT_USAGE);
}

int main(int argc, char **argv) {
    hold_standard_streams();
    signal(SIGCHLD, SIG_DFL); /* an ignored one is inherited and would hide how children ended */
    if (argc < 2) {
        struct buffer out = {0};
        help_write(COMMAND_COUNT, &out);
        fputs(out.data, stderr);
        buffer_free(&out);
        return EXIT_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--version") == 0)
        word = "version";
    else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        word = "help";
    unsigned command = command_find(word);
    if (command == COMMAND_COUNT)
        return usage_error("", "there is no command '%s'; berm help lists them", word);
    return run(command, argc - 1, argv + 1);
}
