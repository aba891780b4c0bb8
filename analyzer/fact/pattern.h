/*
 * pattern: PCRE2 under limits. Patterns are bytes, not UTF-8 characters, and cannot switch that on.
 */
#ifndef BERM_FACT_PATTERN_H
#define BERM_FACT_PATTERN_H

#include "fact/pattern_hint.h"

enum {
    PATTERN_BYTES = 2000,     /* length of a pattern */
    PATTERN_SIZE = 256 << 10, /* its compiled form, in bytes */
    PATTERN_NESTING = 50,     /* parentheses */
    PATTERN_STEPS = 500000,   /* match steps for one text: about 5 ms */
    PATTERN_DEPTH = 20000,    /* of backtracking */
    PATTERN_HEAP_KIB = 4096,
};

enum pattern_result { PATTERN_NO, PATTERN_YES, PATTERN_UNDECIDED };

/* Compiled patterns of one thread; let go with the arena. */
struct pattern_cache;
struct pattern_cache *pattern_cache_new(struct arena *arena);
/* Searches the text; the hint is the pattern's, or empty. Undecided: a limit was reached, or the
 * pattern does not compile. */
enum pattern_result pattern_search(struct pattern_cache *cache, struct slice pattern,
                                   struct pattern_hint hint, struct slice text);

/* A group of a pattern, the whole match being the first. */
struct pattern_group {
    struct slice name; /* SLICE_NONE: it has none */
    struct slice text; /* SLICE_NONE: it took no part */
};

struct pattern_match {
    struct pattern_group *groups;
    uint32_t count;
    size_t from, to;
    bool named; /* some group has a name */
};

/*
 * The first match from `from` on, as the regular expressions of Go find it: "$" is the end of the
 * text only. For patterns of files under analysis, so with a hundredth of the steps, and only what
 * both kinds of expressions read alike: undecided for anything else, and beyond ASCII. The cache
 * keeps every pattern: use one that goes with the change.
 */
enum pattern_result pattern_find(struct pattern_cache *cache, struct slice pattern,
                                 struct slice text, size_t from, struct pattern_match *match);

/* For our own data: raises status at place if the pattern does not compile within the limits. */
void pattern_check(struct arena *arena, struct slice pattern, struct place place,
                   enum berm_status status);

#endif
