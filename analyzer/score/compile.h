/*
 * compile: rules/score.yaml into records of IMAGE_SCORE, its `reach:` part into
 * IMAGE_REACH. Strict: an unknown key or word, a number
 * out of range or with more decimals than are kept is an error with line and column.
 */
#ifndef BERM_SCORE_COMPILE_H
#define BERM_SCORE_COMPILE_H

#include "fact/image.h"

/* Reads DIRECTORY/score.yaml; nothing happens when there is no such file. */
void score_compile(struct image_writer *writer, struct arena *arena, const char *rules_directory);
/* The same from bytes; `where` names them in errors. */
void score_compile_text(struct image_writer *writer, struct arena *arena, struct slice text,
                        const char *where);

#endif
