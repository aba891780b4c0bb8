/*
 * resolve: what names stand for inside a directory of configuration: variables by their defaults
 * and value files, locals, moves and removals. Makes new values beside the entities, never in them.
 *
 * What cannot be resolved stays as it is written; nothing is guessed. Names that refer to
 * themselves stay unresolved. Value files that are not loaded by themselves (one per environment)
 * count only while there is just one of them.
 */
#ifndef BERM_RESOLVE_RESOLVE_H
#define BERM_RESOLVE_RESOLVE_H

#include "base/map.h"
#include "entity/entity.h"
#include "source/change.h"

enum {
    RESOLVE_DEPTH = 64,    /* names followed from one to the next, and nesting of templates */
    RESOLVE_NODES = 4096,  /* a larger value is not put in the place of its name */
    RESOLVE_RENDER = 4096, /* bytes: nor is a longer one put into an expression */
    /* Bytes put in the place of names in one directory, in all; beyond, names stay. Ten names that
     * each name the one before ten times would be 10^10 bytes; ordinary directories need 100 KB. */
    RESOLVE_BUDGET = 32 << 20,
};

struct resolve_setting {
    struct slice name; /* "var.size", "local.tags" */
    const struct value *value;
    const struct value *result; /* once resolved; NULL = it cannot be */
    struct slice type;          /* of a variable, as it is written */
    struct slice path;          /* of the file that sets it */
    uint32_t rank; /* higher wins: default, override, one value file, files loaded always */
    uint8_t state;
    bool open; /* several value files of the same rank set it: not known */
};

struct resolve_move {
    struct slice from, to;
};

struct resolve_scope {
    struct arena *arena;
    VEC(struct resolve_setting) settings;
    struct map index; /* name -> settings */
    VEC(struct resolve_move) moves;
    struct map moved_from;
    const struct resolve_scope *renames; /* references follow its moves; NULL = none */
    struct slice prefix;                 /* before every address of the directory: "module.db." */
    struct slice namespaces; /* names that begin no address (dialect property), comma separated */
    /* What an output of a module is, "module.db.address", where modules are looked into; NULL if it
     * is not known. */
    const struct value *(*output)(void *context, struct slice name);
    void *output_context;
    bool settled;                 /* references say already what they are called */
    struct map forgotten;         /* addresses that are let go without being destroyed */
    VEC(struct slice) circles;    /* names that lead to themselves */
    const struct tree *tree;      /* files that functions read; NULL: none */
    struct slice directory, root; /* what their paths count from */
    struct slice included;        /* the directory of what includes it; SLICE_NONE: nothing */
    /* What a configuration of the same kind holds, by its path; NULL: not known. */
    const struct value *(*configuration)(void *context, struct resolve_scope *scope,
                                         struct slice path);
    void *configuration_context;
    uint32_t files_open;            /* templates in templates */
    struct pattern_cache *patterns; /* once one is needed */
    const struct binding *bound;    /* evaluate.h: `each` and `count` of an instance */
    uint32_t depth;
    uint32_t steps; /* of EVALUATE_STEPS */
    size_t spent;   /* of RESOLVE_BUDGET */
};

void resolve_init(struct resolve_scope *scope, struct arena *arena);
/* Is it a file that is laid over the others of its directory (property `override_files`)? */
bool resolve_is_override(const struct dialect *dialect, struct slice path);
/* Is it a file of values that counts only where somebody names it (property `automatic`: the files
 * that always count)? */
bool resolve_is_chosen(const struct dialect *dialect, struct slice path);
/* Takes what the list declares; `path` tells which value files are loaded by themselves. */
void resolve_add(struct resolve_scope *scope, const struct entity_list *list, struct slice path);

/* The arguments of a module's call are the values of its variables: nothing beats them. */
void resolve_add_arguments(struct resolve_scope *scope, const struct value *call);

/* The value with every known name put in its place; the value itself if there is none in it. */
const struct value *resolve_value(struct resolve_scope *scope, const struct value *value);
/* What a name stands for, "var.x.y" included; NULL if it is not known. */
const struct value *resolve_name(struct resolve_scope *scope, struct slice name);

/* The address an object has after the moves; SLICE_NONE if it was not moved. A move of a module or
 * of all instances moves what is inside. */
struct slice resolve_moved(const struct resolve_scope *scope, struct slice address);
/* A reference after the moves of scope->renames; SLICE_NONE if none concerns it. */
struct slice resolve_renamed(const struct resolve_scope *scope, struct slice reference);
/* Does a move begin at the object or at one of its instances? */
bool resolve_moves_within(const struct resolve_scope *scope, struct slice address);
bool resolve_is_forgotten(const struct resolve_scope *scope, struct slice address);

/* The setting of a name, NULL if there is none; whether both sides know it as the same. */
const struct resolve_setting *resolve_find(const struct resolve_scope *scope, struct slice name);
bool resolve_is_same(struct resolve_scope *before, struct resolve_scope *after, struct slice name);

/* Names whose value differs between the sides, as a set. */
void resolve_changed_names(struct resolve_scope *before, struct resolve_scope *after,
                           struct map *names);

/*
 * Looks at the bytes of a block only: does it declare something others refer to (a variable, a
 * local, a move, an assignment)? Does it use one of the names (NULL: any variable or local)?
 * May say yes too often, never no where a reader would find one.
 */
bool resolve_is_setting(struct slice block);
bool resolve_uses(struct slice block, const struct map *names);

/* Takes "module.name.output" off the front of a text; SLICE_NONE if it does not start so. */
struct slice resolve_output_head(struct slice text);
/* Forgets what names came to, so that they are looked at again. */
void resolve_reset(struct resolve_scope *scope);

/* Takes "var.name" or "local.name" off the front of a text; SLICE_NONE if it does not start so. */
struct slice resolve_head(struct slice text);

/* False if the budget does not allow so many more bytes. */
bool resolve_spend(struct resolve_scope *scope, size_t bytes);

/* The path that a text stands for, seen from a directory: PLACE_ROOT begins one of the repository.
 * SLICE_NONE if it is none, or outside. */
#define PLACE_ROOT "repository://"
struct slice resolve_path(struct resolve_scope *scope, struct slice directory, struct slice text);

/* Expressions (expression.c): their outcome, or the text with all that is known in its place. */
const struct value *resolve_expression(struct resolve_scope *scope, const struct value *value);
/* A variable's value with what its type says of attributes that are left out (type.c); NULL if the
 * type is not understood. */
const struct value *resolve_typed(struct resolve_scope *scope, struct slice type,
                                  const struct value *value);
/* A copy of `result` that stands where `value` stood, which stays if the copy would be too large.
 */
const struct value *resolve_place(struct resolve_scope *scope, const struct value *result,
                                  const struct value *value, bool named);

#endif
