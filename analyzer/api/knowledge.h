/*
 * knowledge: joins the compilers of the stages into one image (at build time and for --rules DIR).
 */
#ifndef BERM_API_KNOWLEDGE_H
#define BERM_API_KNOWLEDGE_H

#include "fact/image.h"

/*
 * Compiles a directory of knowledge: *.yaml rules in any subfolder, places.yaml, score.yaml,
 * facts/tables.yaml with its tables, and from `grammars` languages.yaml with NAME/entities.yaml.
 * Each part may be missing; `grammars` may be NULL. Raises BERM_ERROR_RULE with file, line, column.
 */
struct image knowledge_compile(struct arena *arena, const char *rules, const char *grammars);

/* Built-in knowledge and, for each directory, the image compiled from it. */
void knowledge_load(struct arena *arena, const char *const *directories, uint32_t count,
                    struct knowledge *knowledge);

#endif
