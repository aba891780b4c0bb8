/*
 * mention: which blocks and which names (locals) speak of a name, from their bytes alone. May say
 * yes too often (comments, texts), never no where a reader would find a reference.
 */
#ifndef BERM_DELTA_MENTION_H
#define BERM_DELTA_MENTION_H

#include "base/map.h"
#include "base/vec.h"

struct mention {
    struct slice name; /* of a local that speaks of it, SLICE_NONE = a block */
    uint32_t block;
    uint32_t next;
};

struct mentions {
    struct arena *arena;
    struct map heads; /* "a.b" and "a.b.c" -> first mention */
    VEC(struct mention) list;
};

void mentions_init(struct mentions *mentions, struct arena *arena);

/* To be added last to first: what was added last is found first. */
void mentions_add(struct mentions *mentions, struct slice text, struct slice name, uint32_t block);
/* Index of the first mention of a dotted name of two or three parts; MAP_ABSENT without. */
uint32_t mentions_find(const struct mentions *mentions, struct slice name);

/*
 * The next reference to `name` in the source text of an expression: takes the text up to its end
 * off and says which attribute is read, "" for the whole thing. False if there is none.
 */
bool mention_next(struct slice *text, struct slice name, struct slice *attribute);

#endif
