/*
 * place: what a path or a name says about where a change lands. The words are data
 * (rules/places.yaml, compiled into IMAGE_WORDS); a path is split at '/', '-', '_', '.' and
 * camel-case borders and whole words are compared, so "reproduce" is not "prod".
 */
#ifndef BERM_FACT_PLACE_H
#define BERM_FACT_PLACE_H

#include "fact/image.h"
#include "fact/vocabulary.h"

/*
 * Highest wins when several words speak: production > staging > development > unknown; but words
 * that negate ("nonprod", "pre-prod") are entries of their own. Of the folders of a path the
 * deepest wins ("live.example.org/shop-dev/"), unless one above it is named by the word alone
 * ("prod/shop-dev/"); the file itself only raises.
 */
enum environment place_environment(const struct knowledge *knowledge, struct slice text);
enum path_class place_path_class(const struct knowledge *knowledge, struct slice path);

#endif
