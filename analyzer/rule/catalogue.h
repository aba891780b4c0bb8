/*
 * catalogue: the rules as something to read: lists, explanations, diagnostics.
 */
#ifndef BERM_RULE_CATALOGUE_H
#define BERM_RULE_CATALOGUE_H

#include "rule/ruleset.h"

struct rule_entry {
    struct slice id, since, title, why, fix, message, file;
    enum severity severity;
    enum scope scope;
    enum undo undo;
    uint32_t line;   /* in `file` */
    uint32_t image;  /* index in the knowledge */
    uint32_t number; /* of the record in that image */
};

struct catalogue {
    const struct knowledge *knowledge;
    struct ruleset sets[KNOWLEDGE_IMAGES];
    VEC(struct rule_entry) rules; /* sorted by id, then by image */
};

/* Borrows the knowledge. */
void catalogue_load(struct arena *arena, const struct knowledge *knowledge,
                    struct catalogue *catalogue);
const struct rule_record *catalogue_record(const struct catalogue *catalogue,
                                           const struct rule_entry *entry);
/* NULL if there is none. */
const struct rule_entry *catalogue_find(const struct catalogue *catalogue, struct slice id);
/* The id that shares the most with a mistyped one, or SLICE_NONE for an empty catalogue. */
struct slice catalogue_nearest(const struct catalogue *catalogue, struct slice id);

/* Everything known about a rule, as plain text with a newline at the end. */
struct slice catalogue_explain(struct arena *arena, const struct catalogue *catalogue,
                               const struct rule_entry *entry);

/* A line for every pattern of the table `patterns`: priority, section, name, the rules that say
 * they cover it or "-"; then how many are, by priority. */
struct slice catalogue_coverage(struct arena *arena, const struct catalogue *catalogue);

struct rule_diagnostic {
    struct slice file;
    uint32_t line;
    struct slice message;
};
struct rule_diagnostics {
    VEC(struct rule_diagnostic) list;
};

/*
 * What compiling one file cannot see: ids that exist twice, absorbed rules and dialects that do not
 * exist, absorption in a circle, rules that no index can find, tables nobody asks.
 */
void catalogue_lint(struct arena *arena, const struct catalogue *catalogue,
                    struct rule_diagnostics *diagnostics);

#endif
