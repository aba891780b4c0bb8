/*
 * include_file: the files that the things of a pipeline name, and what stands in them. Private to
 * include.c and extend.c.
 */
#ifndef BERM_DELTA_INCLUDE_FILE_H
#define BERM_DELTA_INCLUDE_FILE_H

#include "delta/include.h"

struct texts {
    struct arena *arena;
    VEC(struct slice) list;
};

/* A file of the repository on one side. */
struct source {
    struct slice path, bytes;
    const struct dialect *dialect; /* as its path says; it is read as that of who takes it in */
};

struct slice include_property(const struct dialect *dialect, const char *key);
/* The texts that the attributes in that property (KIND=PATH) hold. */
void include_texts(const struct entity *entity, const struct value *body, const char *property,
                   struct texts *texts);
bool include_read(const struct unit_sources *sources, bool before, struct slice path,
                  struct source *source);
/* The file that a text in `from` names; false if it is none of the repository, or cannot be read.
 */
bool include_find(const struct unit_sources *sources, bool before, const struct dialect *dialect,
                  struct slice from, struct slice text, struct source *source);

typedef void include_visitor(const struct source *source, const struct block *block,
                             const struct entity_list *list, uint32_t at, void *context);
void include_entities(const struct unit_sources *sources, const struct dialect *dialect,
                      const struct source *source, include_visitor *visit, void *context);

#endif
