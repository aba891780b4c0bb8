/*
 * match: which entity of the before side is which of the after side, within one unit of
 * comparison. In stages, each only over what the earlier ones left:
 *   1  level by level from the roots, inside matched parents: same identity (equal body and same
 *      file first); then the same content under another name;
 *   2  anywhere in the unit: the same identity and body (moved), the same content under another
 *      name (renamed);
 *   3  leftovers that are alone of their type in a scope and alike (renamed, less sure); commands
 *      and calls of one scope by callee and what they act on, then by order.
 * Cost: a constant number of passes, each linear with one hash lookup per entity.
 */
#ifndef BERM_DELTA_MATCH_H
#define BERM_DELTA_MATCH_H

#include "delta/compare.h"
#include "delta/event.h"

enum match_how {
    MATCH_NONE,
    MATCH_SAME,    /* same identity */
    MATCH_MOVED,   /* same identity and body in another scope */
    MATCH_RENAMED, /* same content, other name */
    MATCH_SIMILAR, /* alone of its type on both sides and alike */
    MATCH_PAIRED,  /* a command or call that changed its text */
};

enum { MATCH_SIMILARITY = 70 }; /* percent of attributes that are equal, for MATCH_SIMILAR */

struct match_item {
    const struct placed *placed;
    struct slice identity; /* the name it goes by: entity->name unless a move says otherwise */
    struct slice path;     /* of its file on the after side, so that a renamed file is one file */
    struct slice group;    /* never matched across groups: the delivery root of a manifest */
    uint32_t parent;       /* index among the items of its side, before this one; ENTITY_NONE */
    bool by_type;          /* the type is part of the identity */
    bool kept;             /* if it vanishes, the object itself stays */
    bool moved_out;        /* if it vanishes, it goes on inside a module of the directory */
    struct slice moved_to; /* the address it has there */
    struct slice formula;  /* that its name came from; SLICE_NONE if it is written */
    /* Filled in by match_items: */
    bool ordinal;     /* the name only counts: known by its content */
    uint32_t partner; /* index on the other side, ENTITY_NONE */
    enum match_how how;
    uint32_t depth, scope;
    uint64_t content; /* hash over kind, type, body and everything below */
};

struct match_side {
    VEC(struct match_item) items;
};

/* `comparison` gives the one for a dialect. */
struct match_rules {
    struct arena *arena;
    struct comparison (*comparison)(struct arena *arena, const struct dialect *dialect);
};

void match_items(const struct match_rules *rules, struct match_side *before,
                 struct match_side *after);

/* Commands, calls and statements: things that run, known by their text. */
bool match_is_action(const struct entity *entity);
/* The text a thing that runs is known by, the name of anything else. A statement is named after its
 * object: its text is an attribute. */
struct slice match_identity(const struct entity *entity);

#endif
