/*
 * draft: one rule between its YAML and its record; private to the compiler.
 */
#ifndef BERM_RULE_DRAFT_H
#define BERM_RULE_DRAFT_H

#include "rule/read.h"

#include "base/vec.h"

struct rule_draft {
    struct rule_reader reader;
    const struct yaml_node *root;
    struct slice id;
    struct rule_record record;
    VEC(uint32_t) keys; /* rule_key of everything it is filed under */
};

/* compile_rule.c: fills the record (texts, words, selector, clauses, adjusts). */
void draft_read(struct rule_draft *draft, struct slice text, struct slice expected_id);

/* compile_select.c: entity, where, call and dialects of a rule or clause. */
void draft_selector(const struct rule_reader *reader, const struct yaml_node *map,
                    struct rule_selector *selector);
/* `call` as a predicate node: {all: [{attribute: callee, value: ..}, ..]}. */
struct yaml_node *draft_call(const struct rule_reader *reader, const struct yaml_node *call);
struct predicate_compiler draft_compiler(const struct rule_reader *reader);
predicate_ref draft_predicate(const struct rule_reader *reader, const struct yaml_node *node);

/* compile_example.c */
void draft_examples(struct rule_draft *draft);

/* compile_index.c: keys of a rule, then buckets of all of them. */
void draft_index(struct rule_draft *draft);
/* What its changes must hold: most of the rules in a bucket need not be tried. */
void draft_need(struct rule_draft *draft);
void drafts_index(struct arena *arena, struct image_writer *writer,
                  struct rule_draft *const *drafts, uint32_t count);

/* compile_check.c: dialects and tables that a rule names exist, here or among the built-in ones. */
void drafts_check(struct arena *arena, struct image_writer *writer,
                  struct rule_draft *const *drafts, uint32_t count);

#endif
