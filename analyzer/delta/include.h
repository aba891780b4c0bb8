/*
 * include: what a pipeline takes from other files of the repository, or from another place of its
 * own file: templates, reusable workflows, actions, jobs that others extend. Dialect properties:
 *   calls      KIND=PATH, comma separated: attributes that name what is taken
 *   calls_in   where such a name leads: root (a path from the root of the repository), file (one
 *              from the folder of the file, from the root if it begins with a slash)
 *   calls_mark texts one of which a name has to begin with to be one of the repository
 *   calls_file names of the file in a folder that a name leads to
 *   calls_hold kinds of things that are lost where nothing takes in the file any more
 *   called     front of the name of a thing of the same file: "commands." of a step that names one
 *   extended   KIND=PATH: attributes that name what a thing takes its settings from
 *   extended_without  settings it does not take
 *   defaults   key of the whole file, whose value all things begin with
 *   spliced    tag of a list [NAME, KEY] that stands for a setting of another thing
 * What is not in the repository is never guessed.
 */
#ifndef BERM_DELTA_INCLUDE_H
#define BERM_DELTA_INCLUDE_H

#include "delta/unit.h"

enum {
    INCLUDE_DEPTH = 4,   /* files that take in files that take in files */
    INCLUDE_FILES = 64,  /* looked into for one thing */
    INCLUDE_BASES = 32,  /* things that one takes its settings from */
    INCLUDE_LOST = 1024, /* things told as lost in one change */
};

/* A thing that goes on without what it took in loses what stood there: removed, likely. Not what
 * something else in its file leads to after the change. */
void include_events(const struct unit_sources *sources, struct events *events);

/* Makes the bodies of both sides those that are in force, as far as the things they extend say
 * more. Only where the two differ in what they say themselves. */
void include_settings(const struct unit_sources *sources, struct placed *before,
                      struct placed *after);

#endif
