/*
 * cloudformation: what names stand for inside a template: parameters by their defaults, mappings,
 * conditions, and the functions over them. Makes new values beside the entities, never in them.
 *
 * A default is what a stack gets unless whoever deploys it says otherwise, so a value that depends
 * on one is marked as resolved (less sure), and a choice between two values that depends on one
 * stays a choice: what changes in either branch is still told. A parameter that has a default on
 * one side only is not followed: a running stack keeps the value it was given.
 * A text with "${self:PATH}" in it, where the dialect's property `self` is "self:", has the text
 * at that path of the template in its place.
 * Which function does what is data: `functions:` of the dialect in grammars/languages.yaml.
 */
#ifndef BERM_RESOLVE_CLOUDFORMATION_H
#define BERM_RESOLVE_CLOUDFORMATION_H

#include "base/map.h"
#include "entity/entity.h"

enum {
    TEMPLATE_DEPTH = 64,       /* conditions that name conditions, and nesting of functions */
    TEMPLATE_RENDER = 4096,    /* bytes of the text of what stays a function */
    TEMPLATE_BUDGET = 1 << 24, /* bytes that may be made for one side; then names stay names */
};

enum template_kind { TEMPLATE_PARAMETER, TEMPLATE_MAPPING, TEMPLATE_CONDITION };

struct template_outcome {
    enum { OUTCOME_UNKNOWN, OUTCOME_FALSE, OUTCOME_TRUE } truth;
    bool open; /* depends on a default */
};

struct template_name {
    enum template_kind kind;
    const struct value *value; /* the default, the map, the condition; NULL = no default */
    bool list;                 /* a parameter that is a list written with commas */
    bool decided, visiting;
    struct template_outcome outcome; /* of a condition, once decided */
};

struct template_scope {
    struct arena *arena;
    const struct template_scope *other; /* the same template on the other side */
    VEC(struct template_name) names;
    struct map index;         /* kind and name -> names */
    const struct value *root; /* body of the template itself */
    uint32_t depth;
    size_t spent; /* of TEMPLATE_BUDGET */
};

void template_init(struct template_scope *scope, struct arena *arena,
                   const struct template_scope *other);
/* Takes what the list declares. */
void template_add(struct template_scope *scope, const struct entity_list *list);

/* The body of an entity of the template with everything known put in its place; the body itself if
 * there is nothing to put. What the dialect's property `exists` names (the condition under which
 * there is such a thing at all) becomes its outcome: true, false, or "true (..)", "false (..)"
 * where that depends on defaults. */
const struct value *template_body(struct template_scope *scope, const struct entity *entity);

/* The same for one value; `dialect` knows the functions. */
const struct value *template_resolve(struct template_scope *scope, const struct dialect *dialect,
                                     const struct value *value);

/* Private to resolve/cloudformation*.c. */
struct template_name *template_find(const struct template_scope *scope, enum template_kind kind,
                                    struct slice name);
struct template_outcome template_decide(struct template_scope *scope, const struct dialect *dialect,
                                        struct slice condition);
const struct value *template_function(struct template_scope *scope, const struct dialect *dialect,
                                      const struct value *value, struct slice role);
/* The argument of a function, resolved. */
const struct value *template_arguments(struct template_scope *scope, const struct dialect *dialect,
                                       const struct value *value);
/* An expression anew, after its argument was resolved. */
const struct value *template_rebuild(struct template_scope *scope, const struct value *value,
                                     const struct value *argument);
/* A copy that stands where `at` stood, marked as resolved or as it was; NULL if the budget is
 * spent. */
const struct value *template_copy(struct template_scope *scope, const struct value *value,
                                  struct span at, bool resolved);
bool template_spend(struct template_scope *scope, size_t bytes);
/* The role of a function's name, SLICE_NONE if the value is none. */
struct slice template_role(const struct dialect *dialect, const struct value *value);

#endif
