/*
 * matcher: what the files of the matching stage share while one change is judged.
 */
#ifndef BERM_RULE_MATCHER_H
#define BERM_RULE_MATCHER_H

#include "rule/rule.h"
#include "rule/ruleset.h"
#include "rule/subject.h"

struct clause_index;

/* Where lines of a file were last counted to: hits come in the order of the file, and counting each
 * from its front would cost the square of a file of many findings. */
struct line_cursor {
    const char *file;
    size_t offset, start; /* start of the line that holds the offset */
    uint32_t line;
};

struct matcher {
    struct arena *arena;
    const struct knowledge *knowledge;
    const struct change *change;
    const struct events *events;
    struct predicate_context context;
    struct ruleset sets[KNOWLEDGE_IMAGES];
    struct clause_index **clauses[KNOWLEDGE_IMAGES]; /* one a clause, made when first asked */
    VEC(struct hit) hits;
    struct line_cursor lines[2]; /* before, after */
};

/* The other events that made a clause hold; shared by all hits of one group. */
struct event_group {
    VEC(const struct event *) members; /* in the order of events */
    uint32_t objects;                  /* distinct ones */
    int64_t declared; /* before, in the directories of the members; -1 = not counted */
    const struct rule_record *spread; /* absorb.c: the rule whose absorptions are entered */
};

/* A finding with what only this stage needs to know of it. */
struct hit {
    struct finding finding;
    const struct ruleset *set;
    const struct rule_record *rule; /* NULL for an undecided one */
    struct event_group *group;      /* of the first `with` clause, or NULL */
};

/* composite.c: the rule's with and unless. Sets the group of the first `with` and lowers the
 * confidence where a share could not be counted. */
enum predicate_result composites_hold(struct matcher *matcher, uint32_t set,
                                      const struct rule_record *rule, const struct event *event,
                                      struct event_group **group, enum confidence *confidence);

/* Binary search: members stand in the order of the event list. */
bool group_has(const struct event_group *group, const struct event *event);

/* share.c: how many things the directories of these events declared before; -1 = unknown. */
int64_t share_declared(struct matcher *matcher, const struct event_group *group);

/* make.c */
void hit_make(struct matcher *matcher, struct hit *hit, const struct event *event,
              const struct predicate_match *match);
void hit_make_undecided(struct matcher *matcher, const struct ruleset *set,
                        const struct rule_record *rule, const struct event *event);

/* absorb.c: absorbs, merges, sorts and hands over. */
void hits_finish(struct matcher *matcher, const struct rules_options *options,
                 struct findings *findings);

#endif
