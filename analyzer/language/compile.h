/*
 * compile: grammars/languages.yaml and grammars/NAME/entities.yaml into image records.
 * The form of both files is described at the head of languages.yaml.
 */
#ifndef BERM_LANGUAGE_COMPILE_H
#define BERM_LANGUAGE_COMPILE_H

#include "fact/image.h"

/* Raises BERM_ERROR_RULE with file, line and column; a missing languages.yaml is no languages. */
void languages_compile(struct image_writer *writer, struct arena *arena,
                       const char *grammars_directory);

/* grammars/LANGUAGE/statements.yaml, if there is one; its form is described at its head. */
void statements_compile(struct image_writer *writer, struct arena *arena,
                        const char *grammars_directory, struct slice language);

#endif
