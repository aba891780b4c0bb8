/*
 * formula: values that are formulas over the parameters and variables of one template, written as
 * texts ("[concat(parameters('a'), '-b')]") or as they stand ("'${a}-b'", "a.b ? c : d"). Makes new
 * values beside the entities, never in them.
 *
 * What depends on anything else stays open: it comes out as the formula again, written in one way
 * with everything known put in its place, so that two sides that mean the same read the same: texts
 * that are put together are one text with ${} in it, however that was said. Nothing is guessed.
 * What a parameter is comes from a file of parameters or is its default, which whoever deploys may
 * say otherwise: such a value is marked as resolved. A parameter that has a value on one side only
 * is not followed, unless it is new.
 * Data (properties of the dialect): `formulas` ("brackets": texts in brackets are formulas; "bare":
 * references and expressions are), `formula_names` (functions whose argument is a name, and the
 * kind of what it names: "parameters=parameter"; without any, names stand for themselves),
 * `formula_values` ("parameter=defaultValue": where the value of what is named stands; "parameter":
 * the last attribute but the name's own), `formula_parent` (attribute that names what a thing
 * belongs to, whose name stands in front of its own).
 */
#ifndef BERM_RESOLVE_FORMULA_H
#define BERM_RESOLVE_FORMULA_H

#include "base/map.h"
#include "entity/entity.h"

enum {
    FORMULA_ORIGINS = 4,      /* names on the way that are told */
    FORMULA_DEPTH = 64,       /* names that lead to names, and nesting */
    FORMULA_STEPS = 1 << 20,  /* operands evaluated for one side of a template */
    FORMULA_TEXT = 4096,      /* bytes of a formula that is made; a longer one stays */
    FORMULA_BUDGET = 8 << 20, /* bytes made for one side in all */
};

struct formula_name {
    const struct value *value; /* NULL: none is known */
    const struct value *result;
    bool given, done, visiting; /* by a file of parameters */
    struct slice path;          /* of that file */
};

struct formula_scope {
    struct arena *arena;
    const struct dialect *dialect;
    const struct formula_scope *other; /* the same template on the other side */
    VEC(struct formula_name) names;
    struct map index; /* kind, ":", name */
    uint32_t depth, steps;
    size_t spent;
};

/* Does the dialect have formulas? */
bool formula_is_used(const struct dialect *dialect);

void formula_init(struct formula_scope *scope, struct arena *arena,
                  const struct formula_scope *other);
/* Takes what the list declares. */
void formula_add(struct formula_scope *scope, const struct entity_list *list);
/* What an entity of a file of parameters gives (property `given_values`, as `formula_values`). */
const struct value *formula_given(const struct entity *entity);
/* A value that a file says a parameter has. */
void formula_give(struct formula_scope *scope, struct slice kind, struct slice name,
                  const struct value *value, struct slice path);

/* The value with what its formulas come to; the value itself if there are none. */
const struct value *formula_value(struct formula_scope *scope, const struct value *value);
/* Is it a parameter or a variable? Those stay as they are written. */
bool formula_is_name(const struct entity *entity);
/* The name of a thing, where it is one of its attributes: "name", or that behind the name of what
 * it stands in; the entity's own otherwise. */
struct slice formula_name_of(struct formula_scope *scope, const struct entity_list *list,
                             const struct entity *entity);
/* The body with what its formulas come to. */
const struct value *formula_body(struct formula_scope *scope, const struct entity_list *list,
                                 const struct entity *entity);
/* The names through which a value that is written `is` is another one than before: "a and b, from
 * prod.json"; "" if it is what is written that changed. */
struct slice formula_origin(struct formula_scope *before, struct formula_scope *after,
                            const struct value *is);

#endif
