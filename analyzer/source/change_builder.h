/*
 * change_builder: what the sources share when they put a change together.
 */
#ifndef BERM_SOURCE_CHANGE_BUILDER_H
#define BERM_SOURCE_CHANGE_BUILDER_H

#include "base/map.h"
#include "source/sources.h"

struct change *change_new(struct arena *arena); /* complete, with trees that know nothing */
/* Raises BERM_ERROR_LIMIT over SOURCE_PAIRS. old_path SLICE_NONE = same. */
void change_add(struct change *change, struct pair pair);

/* A file that is gone here and there again with the same bytes elsewhere is one that moved. The
 * first of several in the order of pairs; empty files do not count. */
void change_pair_moved(struct change *change);

struct blob blob_absent(void);
struct blob blob_unreadable(struct slice reason, uint32_t mode);
bool text_equal_but_line_ends(struct slice a, struct slice b); /* LF against CRLF */

/* What a tree answers for a blob: only texts are known. */
enum presence presence_of(const struct blob *blob, struct slice *content);

/*
 * A tree made of known files over another tree (tree_unknown: what is not known is unknown).
 * overlay_set with CONTENT_ABSENT hides a file. Everything borrowed lives as long as the arena.
 */
struct overlay;
struct overlay *overlay_new(struct arena *arena, struct tree below);
void overlay_set(struct overlay *overlay, struct slice path, struct blob blob);
struct tree overlay_tree(struct overlay *overlay);
/* `below` with the after sides of all pairs. */
struct tree overlay_of_pairs(struct change *change, struct tree below);

/* The empty tree: everything is absent. */
extern const struct tree tree_empty;

/* Does `path` pass the paths the user gave? */
struct path_filter {
    VEC(struct slice) items; /* normalised, repository relative; none = all pass */
};
bool path_filter_passes(const struct path_filter *filter, struct slice path);

#endif
