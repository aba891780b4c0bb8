/*
 * work: one unit of comparison on its way through the stages, and the modules it is seen through.
 * Private to delta/: delta.c runs the stages, work.c reads and places what stands in the unit,
 * module.c opens the modules that a directory calls, caller.c looks for directories that call one.
 */
#ifndef BERM_DELTA_WORK_H
#define BERM_DELTA_WORK_H

#include "delta/cut.h"
#include "delta/emit.h"
#include "delta/opaque.h"
#include "resolve/cloudformation.h"
#include "resolve/formula.h"
#include "resolve/resolve.h"

enum {
    MODULE_DEPTH = 8,  /* modules in modules */
    MODULE_WORKS = 96, /* modules opened for one change, in all; further ones stay closed */
};

struct run {
    struct arena *arena;
    struct reader *reader;
    const struct delta_options *options;
    struct unit_sources sources;
    struct events *events;
    struct predicate_context predicates;
    uint32_t opened;               /* of MODULE_WORKS */
    bool expected;                 /* module_expect() was called */
    struct map noted;              /* path and reason */
    VEC(struct opaque_note) notes; /* told at the end, each once */
};

struct cascade_unit;
struct including;

/* A module that a directory calls, opened. */
struct module {
    struct slice key;
    struct work *work; /* NULL: its source is not there */
};

struct work {
    struct run *run;
    struct unit *unit;
    struct cut_side cut[UNIT_SIDES];
    struct resolve_scope scopes[UNIT_SIDES];     /* directories only */
    struct template_scope templates[UNIT_SIDES]; /* files whose names resolve inside them */
    struct formula_scope formulas[UNIT_SIDES];   /* files whose values are formulas */
    struct match_side items[UNIT_SIDES];
    bool outputs;                  /* of modules are looked up */
    bool overlaid;                 /* overrides are laid over what they override */
    bool neighbours;               /* all files of the directory are there */
    struct cascade_unit *fallible; /* blocks of the after side, once something may fall */
    const struct dialect *asked;   /* the last one work_in_template() was asked about */
    bool asked_is_template, asked_is_formula, asked_has_ranges;
    struct slice chosen; /* the one value file that counts; SLICE_NONE: all that there are */
    /* Of a module that is seen through a call: */
    struct work *parent;
    struct slice prefix; /* "module.db." before the addresses in it; "" in a root */
    const struct placed *calls[UNIT_SIDES]; /* NULL: not called on that side */
    uint32_t depth;
    struct including *including[UNIT_SIDES]; /* configuration.c */
    struct map known_configurations;         /* side and path -> configurations */
    VEC(const struct value *) configurations;
    VEC(struct module) modules;           /* opened from here */
    struct map known_outputs[UNIT_SIDES]; /* name -> known */
    VEC(const struct value *) known[UNIT_SIDES];
};

/* delta.c */
void work_prepare(struct work *work);
/* Matches what is wanted and emits its events, those of the modules it calls included. */
void work_compare(struct work *work);

/* work.c */
/* A directory with all its files on both sides, that the change need not touch. */
struct work *work_open(struct run *run, struct slice directory);
const struct unit_file *work_file(const struct work *work, uint32_t side,
                                  const struct cut_block *block);
void work_read(struct work *work, uint32_t side, struct cut_block *block);
void work_cut(struct work *work);
void work_add_neighbours(struct work *work);
void work_read_settings(struct work *work);
void work_read_templates(struct work *work);
void work_read_formulas(struct work *work);
/* Things whose name is the same formula on both sides are the same, unless another thing has the
 * name already that it comes to. */
void work_join_formulas(struct work *work);
void work_want_users(struct work *work, const struct map *names);
void work_want_users_of_changed_names(struct work *work);
void work_want_overridden(struct work *work);
void work_want_all(struct work *work);
const struct placed *work_place(struct work *work, uint32_t side, const struct cut_block *block,
                                const struct entity *entity);
/* Names resolve inside of its files (dialect property `names`). */
bool work_is_template(const struct dialect *dialect);
/* An address without the index of an instance at its end. */
struct slice work_without_index(struct slice address);
void work_add_items(struct work *work, uint32_t side, const struct cut_block *block);
/* What stands under an address of this directory, "module.a.x.y" included; NULL if nothing does.
 * Loads all files of the directory. */
const struct placed *work_find(struct work *work, uint32_t side, struct slice address,
                               struct work **owner);

/* Something that could not be understood, beside the files themselves. */
void work_note(struct work *work, const struct opaque_note *note);

/* chosen.c: what the changed value files mean that count one at a time, one for an environment. */
void chosen_compare(struct run *run, const struct unit *unit);

/* reading.c: what changed files mean where blocks that did not change read them. */
void reading_compare(struct run *run, const struct units *units);

/* given.c: what a file of parameters means for the template that it is for. */
void given_compare(struct run *run, struct work *work);

/* handover.c: what leaves one file for another one that the same lists lead to, or that it includes
 * (dialect property `includes`), stays the same thing. */
void handover_events(struct run *run);

/* configuration.c: what a configuration gets from those it includes. */
/* The names `include` and `dependency` of its directory, once its settings are known. */
void configuration_bind(struct work *work, uint32_t side);
/* The arguments of its call, those that it says itself laid over the others. NULL: none at all. */
const struct value *configuration_arguments(struct work *work, uint32_t side,
                                            const struct value *own);
/* The call that stands in what it includes; NULL if there is none. */
const struct placed *configuration_call(struct work *work, uint32_t side);
/* What changed files mean for those that include them. */
void configuration_compare(struct run *run, const struct units *units);

/* module.c */
/* Before the first of several calls is opened; `call` is one of them. Once a review is enough. */
void module_expect(struct work *work, const struct placed *call);
/* The module of a call that stands on one side or on both; NULL if its source is not in the
 * repository. The placed bodies say which arguments it gets. */
struct work *module_open(struct work *work, const struct placed *before,
                         const struct placed *after);
/* What the events from `first` on and the matched calls mean for what stands inside of modules. */
void module_events(struct work *work, struct emit *emit, uint32_t first);
/* A call whose arguments do not stand in it, compared with what they are on both sides. */
void module_compare_arguments(struct work *work);
/* The same edit seen through several calls is one event. */
void module_join_events(struct arena *arena, struct events *events);

/* output.c */
/* From here on outputs of modules stand for what they are. Costs reading the modules, so it is done
 * only where it matters: where matched things differ in something that speaks of a module. */
void module_resolve_outputs(struct work *work);
bool module_outputs_matter(const struct work *work);
/* Compares what reads the outputs of a module that are other than before, outwards. */
void module_leave(struct work *module);

/* caller.c */
struct caller {
    struct slice directory, name; /* "prod", "module.db" */
    enum environment environment; /* by its path */
};
struct callers {
    VEC(struct caller) list; /* the ones that matter most come first */
};
/* Directories of the repository with a call whose source is `directory`. Looks at those of the
 * change and at those near by. */
void callers_find(struct run *run, struct slice directory, struct callers *callers);
/* The path that a module's source leads to from a directory; SLICE_NONE if it is elsewhere. */
struct slice caller_target(struct arena *arena, struct slice directory, const struct value *body);

#endif
