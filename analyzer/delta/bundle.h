/*
 * bundle: the files that a folder brings because lists in it lead to them: a file with the property
 * `lists_files` names files and further folders, whose lists are followed in turn, upwards too.
 * Entries that are addresses lead nowhere.
 */
#ifndef BERM_DELTA_BUNDLE_H
#define BERM_DELTA_BUNDLE_H

#include "delta/unit.h"

enum {
    BUNDLE_FOLDERS = 256, /* followed for one bundle */
    BUNDLE_FILES = 4096,  /* in one bundle */
};

struct bundle {
    struct map index; /* path -> place in files */
    VEC(struct slice) files;
    VEC(struct slice) folders; /* with a list */
    bool partial;              /* an entry that is not there, or a limit */
};

/* The lists of a folder on one side, by the names in `lists` (comma separated). False if it has
 * none: then it brings what lies in it. */
bool bundle_open(const struct unit_sources *sources, bool before, struct slice folder,
                 struct slice lists, struct bundle *bundle);
/* The same for one entry of a list that stands in `folder`. */
void bundle_follow(const struct unit_sources *sources, bool before, struct slice folder,
                   struct slice entry, struct slice lists, struct bundle *bundle);
bool bundle_holds(const struct bundle *bundle, struct slice path);

/* What the files of the bundle declare on that side: "type/name". */
struct bundle_names {
    VEC(struct slice) list;
};
void bundle_declared(const struct unit_sources *sources, bool before, const struct bundle *bundle,
                     struct bundle_names *names);
/* The name that a thing has there. */
struct slice bundle_name(struct arena *arena, const struct entity *entity);

/* Calls `visit` with every entry of the lists of a thing. */
typedef void bundle_visitor(struct slice entry, void *context);
void bundle_entries(const struct dialect *dialect, const struct value *body, bundle_visitor *visit,
                    void *context);

#endif
