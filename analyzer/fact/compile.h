/*
 * compile: rules/facts/tables.yaml with its files, and rules/places.yaml, into image records.
 */
#ifndef BERM_FACT_COMPILE_H
#define BERM_FACT_COMPILE_H

#include "fact/image.h"

/* `rules` is a knowledge directory; files that are missing there are passed over, files that
 * tables.yaml names are not. Raises BERM_ERROR_RULE with file, line and column. */
void facts_compile(struct image_writer *writer, struct arena *arena, const char *rules);

/* IMAGE_TABLES and its rows and cells. */
void tables_compile(struct image_writer *writer, struct arena *arena, const char *rules);
/* IMAGE_WORDS. */
void places_compile(struct image_writer *writer, struct arena *arena, const char *rules);

#endif
