/*
 * output: bytes on their way out, and the one form of error lines. The program's own small tools;
 * cli/ uses the public header only.
 */
#ifndef BERM_CLI_OUTPUT_H
#define BERM_CLI_OUTPUT_H

#include "berm.h"

#include <stdio.h>

/* Exit codes of the program (README, "Exit codes"). Where several apply: 2, then 1, then 4. */
enum {
    EXIT_DONE = 0,
    EXIT_AT_OR_ABOVE = 1, /* --fail-on */
    EXIT_USAGE = 2,       /* usage, configuration, input that cannot be used */
    EXIT_NO_INPUT = 3,    /* --require-input */
    EXIT_INCOMPLETE = 4,
};

/* Growing bytes; always NUL-terminated once something was added. Ends the program with exit 2 when
 * memory runs out. */
struct buffer {
    char *data;
    size_t size, capacity;
};

void buffer_add(struct buffer *buffer, const char *bytes, size_t size);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_addf(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A JSON string in quotes, escaped; bytes that are no UTF-8 become U+FFFD. */
void buffer_add_json(struct buffer *buffer, const char *text);
/* For terminals: control, bidirectional and undecodable bytes as \xNN. */
void buffer_add_visible(struct buffer *buffer, const char *text);
void buffer_clear(struct buffer *buffer);
void buffer_free(struct buffer *buffer);
/* A berm_write that appends to the struct buffer given as context. */
int buffer_write(void *buffer, const char *bytes, size_t size);

void *must_alloc(size_t size); /* zeroed; ends the program when memory runs out */

/* The whole stream; false with errno set when reading fails. */
bool read_all(FILE *stream, struct buffer *into);

/* "berm: where:line:column: message" on stderr, control characters shown as \xNN. */
void report_error(const berm_error *error);
/* The same without a position; returns EXIT_USAGE. */
int usage_error(const char *where, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Writes to stdout and flushes; EXIT_USAGE with a line on stderr if that fails. */
int print_bytes(const char *bytes, size_t size);

#endif
