/*
 * override: files whose blocks are laid over the blocks of the same address in the rest of the
 * directory (dialect properties `override_files`, globs of file names, and `override_merged`,
 * nested blocks that are merged by key where all others are replaced whole). One thing with an
 * override is one thing: without this a removed override looks like a removed resource.
 */
#ifndef BERM_DELTA_OVERRIDE_H
#define BERM_DELTA_OVERRIDE_H

#include "delta/cut.h"
#include "delta/match.h"

/*
 * Does the change touch such a file? Only then are overrides laid over. One that merely stands
 * beside what changes is not looked for, as that would list every directory (a tenth of the time of
 * a scan): an edit that it makes ineffective is told all the same.
 */
bool override_is_changed(const struct unit *unit);

/*
 * Wants all blocks that declare a thing of which one block is wanted already, if one of them stands
 * in an override. `read` gives the entities of a block. Blocks are searched for the parts of the
 * name before they are read.
 */
struct override_search {
    struct arena *arena;
    const struct unit *unit;
    struct cut_side *sides;
    void (*read)(void *context, uint32_t side, struct cut_block *block);
    void *context;
};
void override_want(struct override_search *search);

/* Lays overrides over what they override; an override of nothing stays what it is. A finding then
 * points into the override, where its values stand. */
void override_merge(struct arena *arena, struct match_side *side);

#endif
