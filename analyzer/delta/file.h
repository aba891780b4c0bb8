/*
 * file: the event of a file itself, whatever its content: kind "file", type the dialect's name or
 * "", name the path.
 */
#ifndef BERM_DELTA_FILE_H
#define BERM_DELTA_FILE_H

#include "delta/unit.h"

/* A side of an event about a file; `body` is its attributes. */
struct placed file_place(const struct unit_sources *sources, struct slice path, struct slice type,
                         const struct value *body);

/* The same of the file that something known stands in, at the place of that. */
struct placed file_around(struct arena *arena, const struct placed *inside,
                          const struct value *body);

/*
 * At most one event of a pair: added, removed, renamed or changed, with the attributes
 *   mode, executable     as git knows them
 *   binary               the content is no text
 *   target, outside      of a symbolic link; outside: it leads out of the repository
 *   commit               of a submodule
 *   bidirectional,       U+XXXX of the first such character in a line that is new (base/hidden.h)
 *   invisible
 *   path                 where it was renamed
 *   added[], removed[]   lines that came and went, of files whose lines stand for themselves
 * Attributes that do not apply are not set. A file of a known dialect has no such event unless one
 * of these differs or is worth a look; nor has one that `noted` says is told of already.
 */
void file_event(const struct unit_sources *sources, const struct pair *pair, bool noted,
                struct events *events);

#endif
