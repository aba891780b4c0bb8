/*
 * syntax: one bounded tree-sitter parse. Hostile input cannot make it run long, take much memory
 * or crash the process: before parsing the bytes are checked for nesting and line count, input is
 * handed over in small chunks and the number of reads is the budget (external scanners rescan
 * between progress callbacks, so only reads bound them), and parser, scanner and tree live in one
 * capped arena that is dropped as a whole.
 *
 * Budgets are counts, so the verdict never depends on the machine's load. Measured (figures and
 * inputs in tests/unit/test_syntax.c): ordinary files take 0.3 to 1.8 reads per KiB.
 */
#ifndef BERM_SYNTAX_SYNTAX_H
#define BERM_SYNTAX_SYNTAX_H

#include "base/arena.h"
#include "language/record.h"
#include "syntax/grammar.h"

struct parse; /* parser + tree + their memory */

/* Parses nest (a script inside a YAML scalar): the inner one must be closed before the outer tree
 * is walked on, because cursors take memory from the parse opened last on their thread. */

struct syntax {
    struct parse *parse;
    TSNode root;         /* valid if reason is none */
    struct slice reason; /* why there is no tree: "nested 300 levels deep (limit 200)" */
    uint32_t reason_line;
    uint64_t reads;
};

enum {
    SYNTAX_NESTING = 200, /* brackets, and indentation levels in YAML */
    SYNTAX_READS_PER_CHUNK = 64,
    SYNTAX_ARENA_BYTES = 256 << 20,
};

/* NULL if no grammar of that name is linked. The language is initialised on first use. */
const TSLanguage *grammar_find(struct slice name);

/* The deepest nesting of brackets (and of indentation) and the line it begins on. An upper bound:
 * brackets in strings and comments count too, unless that would exceed the limit. */
uint32_t syntax_nesting(struct slice text, enum nesting_kind kind, uint32_t *line);

/* The grammar of a text and what it can take (grammars/languages.yaml). */
struct syntax_language {
    struct slice grammar;
    enum nesting_kind nesting;
    uint32_t max_lines; /* 0 = no limit */
};

/* Never raises for what the text holds. The result must be closed. */
void syntax_parse(struct failure *failure, const struct syntax_language *language,
                  struct slice text, struct syntax *syntax);
void syntax_close(struct syntax *syntax);
/* The same after a failure, which may have left anything half done: nothing of it is kept. */
void syntax_drop(struct syntax *syntax);

/* First ERROR or MISSING node in document order, to tell what part was not understood. */
bool syntax_first_error(TSNode root, uint32_t *byte);

#endif
