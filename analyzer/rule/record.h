/*
 * record: the form of a compiled rule in the image. Written by rule/compile*.c, read in place by
 * everything else in rule/. All fields are 32 bits; texts are string_ref; a list is a range of
 * IMAGE_RULE_LISTS, whose records are single words.
 *
 * Sections: IMAGE_RULES struct rule_record, sorted by id; IMAGE_RULE_CLAUSES struct rule_clause;
 * IMAGE_RULE_ADJUSTS struct rule_adjust; IMAGE_EXAMPLES struct rule_example; IMAGE_RULE_INDEX
 * struct rule_bucket, sorted by key.
 */
#ifndef BERM_RULE_RECORD_H
#define BERM_RULE_RECORD_H

#include "fact/predicate.h"

enum { RULE_NOTHING = -1 }; /* no word */

struct rule_range {
    uint32_t from, count;
};

/* What an event must be like, for a rule itself and for its clauses. */
struct rule_selector {
    uint32_t effects;           /* bit 1 << enum effect */
    struct rule_range dialects; /* string_ref of names; none = any */
    predicate_ref where;        /* entity, call and where in one */
};

enum rule_same { SAME_TYPE = 1, SAME_NAME = 2, SAME_SCOPE = 4, SAME_DIALECT = 8, SAME_KIND = 16 };

enum rule_within {
    WITHIN_ENTITY,
    WITHIN_FILE,
    WITHIN_DIRECTORY,
    WITHIN_UNIT,
    WITHIN_ENVIRONMENT,
    WITHIN_CHANGE,
    WITHIN_COUNT
};

/* How many findings a rule makes at most: one for each of these. */
enum rule_per { PER_OBJECT, PER_FILE, PER_DIRECTORY, PER_UNIT, PER_CHANGE };

/* A condition on other events of the change: `with` or `unless`. */
struct rule_clause {
    struct rule_selector selector;
    uint32_t unless;       /* 1: silences the rule */
    uint32_t same;         /* bits of enum rule_same */
    string_ref other, own; /* attributes whose texts are equal, "name" the name; 0 = not asked */
    uint32_t within;       /* enum rule_within */
    uint32_t min;          /* other events wanted, at least 1 */
    uint32_t share;        /* percent of what was declared there before, 0 = not asked */
};

struct rule_adjust {
    predicate_ref when;
    int32_t severity;   /* enum severity or RULE_NOTHING */
    int32_t floor;      /* enum tier, or one of the two words below */
    int32_t confidence; /* enum confidence: an upper bound, or RULE_NOTHING */
};
enum { ADJUST_FLOOR_KEEP = -1, ADJUST_FLOOR_NONE = -2 };

struct rule_record {
    string_ref id, since, title, message, why, fix, query;
    string_ref file; /* as it was found, for diagnostics */
    uint32_t line;
    struct rule_selector selector;
    struct rule_range clauses; /* IMAGE_RULE_CLAUSES */
    struct rule_range absorbs; /* string_ref of ids */
    struct rule_range incidents;
    struct rule_range covers;   /* string_ref of patterns (rules/facts/patterns.tsv) */
    struct rule_range adjusts;  /* IMAGE_RULE_ADJUSTS */
    struct rule_range examples; /* IMAGE_EXAMPLES */
    uint32_t severity, undo, scope;
    int32_t effect; /* reported instead of the event's, or RULE_NOTHING */
    int32_t floor;  /* enum tier or RULE_NOTHING */
    predicate_ref floor_when;
    uint32_t per;     /* enum rule_per */
    uint32_t indexed; /* enum rule_indexed: how it is found; 0: internal, by no event */
    struct rule_range needs[NEED_COUNT]; /* halves of predicate_need(selector.where) */
};

struct rule_example {
    string_ref name;
    string_ref object, effect; /* expectations, 0 = not asked */
    uint32_t fires, absorbed;
    uint32_t line;             /* expected line of the finding, 0 = not asked */
    uint32_t at_line;          /* of the example in the rule file */
    struct rule_range files;   /* EXAMPLE_FILE_WORDS each: path, before, after (0 = absent),
                                  old_path (0 = the same), mode and old_mode as numbers */
    struct rule_range context; /* words in twos: path, content */
};

enum { EXAMPLE_FILE_WORDS = 6 };

/* How a rule is found: the one thing its events must have in common beside effect and kind. */
enum rule_indexed { INDEXED_TYPE = 1, INDEXED_METHOD, INDEXED_CHANGE, INDEXED_KIND, INDEXED_NOT };

/* All rules under one key: words in IMAGE_RULE_LISTS. Keys are hashes; two that collide share a
 * bucket, which only costs a candidate. */
struct rule_bucket {
    uint32_t key;
    struct rule_range rules;
};

#endif
