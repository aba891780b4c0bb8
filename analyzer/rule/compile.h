/*
 * compile: rules/<domain>/<name>.yaml become image records. Strict: an unknown key, a wrong word,
 * an id that is not the path, a duplicate id, a missing firing or silent example, an unknown
 * placeholder, table or dialect raises BERM_ERROR_RULE with file, line, column and a hint.
 */
#ifndef BERM_RULE_COMPILE_H
#define BERM_RULE_COMPILE_H

#include "fact/image.h"

/*
 * Reads every rule below the directory, in sorted order. Skipped are facts/ and the data files
 * that lie at the top (score.yaml, places.yaml); what is no .yaml file is not a rule. A missing
 * directory is an error. Cost: linear in the bytes; build time, or once with --rules.
 */
void rules_compile(struct image_writer *writer, struct arena *arena, const char *rules_directory);

/* One rule from memory; `path` is relative to the directory of rules ("domain/name.yaml"). */
void rules_compile_text(struct image_writer *writer, struct arena *arena, const char *path,
                        struct slice text);

#endif
