/*
 * delivery_search: what the before side of the repository says of those who deliver objects, and
 * the objects that stand near them. Private to delta/delivery*.c.
 *
 * A row of the dialect's table `deliveries` says of a type where its folder is named, and whether
 * it deletes what leaves it. One that is a template (`generators`) delivers a folder for each of
 * its rows: the maps that stand under `rows` of each generator, those of all parts of a generator
 * that crosses others (`crossed`). "{{name}}" stands for the text of that key in the row, a glob
 * included; for anything, where the row does not tell.
 */
#ifndef BERM_DELTA_DELIVERY_SEARCH_H
#define BERM_DELTA_DELIVERY_SEARCH_H

#include "delta/bundle.h"
#include "fact/table.h"

enum {
    DELIVERY_FOLDERS = 512,
    DELIVERY_FILES = 256,
    DELIVERY_CROWD = 32,     /* folders in one folder */
    DELIVERY_CONTENTS = 200, /* objects that are named */
    DELIVERY_ROWS = 256,     /* of generators, of one thing */
};

/* One that brings the objects of a folder. */
struct delivery {
    struct slice folder; /* may be a glob */
    struct slice by;     /* the thing that says so */
    struct slice name;   /* of what it makes, where it is a template; "" otherwise */
    bool deletes, forces;
    bool excluded;       /* the row says that this folder is not meant */
    bool opened, listed; /* `bundle` was read; the folder has lists */
    struct bundle bundle;
};

struct object {
    const struct entity *entity;
    struct slice path;
};

struct deliveries {
    const struct unit_sources *sources;
    struct slice table;
    struct slice lists; /* names of lists, comma separated */
    VEC(struct delivery) list;
    VEC(struct object) objects; /* as far as they were read */
    uint32_t files;
};

struct delivery_list {
    VEC(struct delivery) list;
};

/* What the dialect says of deliveries. */
void deliveries_begin(struct deliveries *all, const struct dialect *dialect);
/* Reads the tree of the before side, nearest to the root first. */
void deliveries_read(struct deliveries *all);
/* Objects of one folder that deliveries_read() did not reach. */
void deliveries_read_folder(struct deliveries *all, struct slice folder);

/* What a thing with that body delivers. */
void deliveries_of(const struct unit_sources *sources, struct slice table,
                   const struct entity *entity, const struct value *body,
                   struct delivery_list *found);

/* What it brings on one side: "type/name". False if that cannot be told. */
bool delivery_names(struct deliveries *all, const struct delivery *delivery, bool before,
                    struct bundle_names *names);

bool delivery_covers(struct slice folder, struct slice path);
/* Does it bring the file, directly or through lists? */
bool delivery_brings(struct deliveries *all, struct delivery *delivery, struct slice path);

#endif
