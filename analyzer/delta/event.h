/*
 * event: what happened to one entity between before and after. The only thing rules see.
 */
#ifndef BERM_DELTA_EVENT_H
#define BERM_DELTA_EVENT_H

#include "base/strbuf.h"
#include "entity/entity.h"
#include "fact/vocabulary.h"
#include "source/change.h"

/* An entity at its place in the change. */
struct placed {
    const struct entity *entity;
    const struct entity_list *list; /* for entity->scope */
    struct slice path;              /* repository path of the file */
    struct slice
        name;                 /* full object name: entity->name with what the place adds
                                 ("module.db.aws_db_instance.main", ".github/workflows/x.yml#deploy/step-3") */
    struct slice file;        /* bytes of the whole file, for excerpts */
    uint32_t offset;          /* of the entity's block in the file */
    uint32_t line;            /* 1-based line of that offset, 0 = not counted */
    const struct value *body; /* resolved body: entity->body or resolve's overlay */
    struct slice unit;        /* directory, file path, or "" for the whole change */
    struct slice module; /* "module.db.", the front of the name of what is seen through a call */
    enum path_class path_class;
    enum environment environment;
};

/* One attribute that differs. `was`/`is` NULL = not set on that side. A vanished subtree is one
 * entry at its highest path. */
struct attribute_change {
    struct slice path;
    const struct value *was, *is;
    enum confidence confidence;
    bool reordered; /* only the order of a list that has one */
    struct slice
        origin; /* names it came through: "var.size, from prod.tfvars"; "" = it is written */
};

struct event {
    enum effect effect;
    enum confidence confidence;
    struct placed before, after;      /* entity == NULL when absent on that side */
    struct attribute_change *changes; /* for changed and everything derived from it */
    uint32_t change_count;
    const struct attribute_change *cause; /* the change that made a derived event (replaced,
                                             rejected, weakened), or NULL */
    struct slice
        reason; /* terms of the plan format where they fit: "replace_because_cannot_update" */
    struct slice protects, grade; /* of a weakened event: columns of protective_attributes */
    struct slice unit;            /* directory, file path, or "" for the whole change */
    struct slice *cascade;        /* objects that fall with this one */
    struct slice *cascade_units;  /* theirs, or NULL = that of the event */
    uint32_t cascade_count;
    uint32_t falls;        /* resources that fall with it, where they are counted, and how many */
    uint32_t falls_data;   /* of them hold data */
    uint32_t callers;      /* calls of a module that the edit is seen through, 0 = none */
    struct slice moved_to; /* for removed: the address inside of a module where it goes on */
    uint32_t id;           /* position in the sorted event list */
};

struct events {
    VEC(struct event) list; /* sorted: path, line, object, effect */
};

static inline const struct placed *event_side(const struct event *event) {
    return event->after.entity ? &event->after : &event->before;
}

/* The highest environment that the path of a thing, its name (unless it runs: then that is a whole
 * command line), its attributes, or those of what it stands in, name. */
enum environment placed_environment(const struct knowledge *knowledge, const struct placed *placed);

struct delta_options {
    bool no_block_cut; /* parse unchanged blocks too: must not change any event */
};

/* Sorts by path, place in the file, object and effect, and numbers the events. */
void events_sort(struct events *events);

/* One line an event with its changes indented below, for tests:
 *     changed certain aws_db_instance.main main.tf
 *       engine: mysql -> postgres certain */
void event_dump(struct strbuf *out, const struct events *events);

/*
 * Compares both sides of a change and emits events:
 *   removed, added, changed, renamed (same body, other name), moved is silent;
 *   derived, beside the changed event: replaced and rejected (replacement tables of the dialect),
 *   weakened (protective_attributes), unguarded, widened and narrowed (operands of commands);
 *   executed: a command or call that is new or changed on the after side;
 *   not-understood: one per note and per blob that could not be read.
 */
void delta_compare(struct arena *arena, struct reader *reader, const struct knowledge *knowledge,
                   const struct change *change, const struct delta_options *options,
                   struct events *events);

#endif
