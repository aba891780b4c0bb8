/*
 * cache: entity lists by (dialect, bytes), and the node roles resolved so far (see entity.h).
 * Private to entity/.
 */
#ifndef BERM_ENTITY_CACHE_H
#define BERM_ENTITY_CACHE_H

#include "entity/builder.h"

struct entity_list_builder {
    VEC(struct entity) items;
    VEC(uint32_t) children; /* index 0: top level, i + 1: below entity i */
    VEC(struct note) notes;
    VEC(struct cache_entry *) parts; /* entries the entities borrow texts from */
    struct slice block;
    uint64_t reads;
};

/* One list with the copy of its block, all in `arena`. */
struct cache_entry {
    struct cache_entry *newer, *older, *next; /* by use; next in the bucket */
    const struct dialect *dialect;
    uint64_t hash;
    struct slice block;
    struct arena arena;
    struct entity_list list;
    struct block_list blocks;   /* instead of the list */
    struct cache_hint *hint;    /* that leads here; blocks only */
    struct slice after;         /* of a part of a script: what is known behind it */
    struct cache_entry **parts; /* entries this one borrows from: they stay as long */
    uint32_t part_count, users; /* users: entries that borrow from this one */
    size_t counted;             /* bytes, once complete */
    bool complete;              /* false: reading it failed half-way */
};

/* An entry of blocks by where its content lies: contents are lent again and again from one place.
 * NULL if there is none. */
struct cache_entry *cache_find_blocks(struct entity_cache *cache, const struct dialect *dialect,
                                      struct slice content);
/* The same place leads to the entry, until another one does. */
void cache_hint_blocks(struct entity_cache *cache, struct slice content, struct cache_entry *entry);

/* NULL if it is not there. */
struct cache_entry *cache_find(struct entity_cache *cache, const struct dialect *dialect,
                               struct slice block, uint64_t hash);
/* A new entry, already owned by the cache, with the block copied. */
struct cache_entry *cache_add(struct entity_cache *cache, const struct dialect *dialect,
                              struct slice block, uint64_t hash);
/* The entry is complete with that list (NULL: it has none), and counts from now on. */
void cache_complete(struct entity_cache *cache, struct cache_entry *entry,
                    const struct entity_list_builder *list);
/* The facts of a path, made by `make` if they are not there, in the arena. */
typedef void path_maker(const struct reader *reader, struct arena *arena, struct slice path,
                        struct path_facts *facts);
const struct path_facts *cache_path(struct reader *reader, struct slice path, path_maker *make);
/* Trees of what was read lately. */
struct shelf *cache_shelf(struct entity_cache *cache);
/* The patterns of a language's statements, made by statement_form.c. */
struct forms;
struct forms *forms_new(struct arena *arena, const struct dialects *dialects,
                        struct slice language);
const struct forms *cache_forms(struct reader *reader, struct slice language);
/* What the tables said of names of programs and words of commands lately (code_table.c). */
struct known_names;
struct known_names *known_names_new(struct arena *arena, const struct knowledge *knowledge);
struct known_names *cache_names(struct reader *reader);
const struct node_roles *cache_roles(struct reader *reader, struct slice language);

#endif
