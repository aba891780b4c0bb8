/*
 * place: what a path or a name says about where a change lands. The words are data
 * (rules/places.yaml, compiled into IMAGE_WORDS); a path is split at '/', '-', '_', '.' and
 * camel-case borders and whole words are compared, so "reproduce" is not "prod".
 */
#ifndef BERM_FACT_PLACE_H
#define BERM_FACT_PLACE_H

#include "fact/image.h"
#include "fact/value.h"
#include "fact/vocabulary.h"

/*
 * Highest wins when several words speak: production > staging > development > unknown; but words
 * that negate ("nonprod", "pre-prod") are entries of their own. Of the folders of a path the
 * deepest wins ("live.example.org/shop-dev/"), unless one above it is named by the word alone
 * ("prod/shop-dev/"); the file itself only raises (a path with a slash at its end is a folder's).
 */
enum environment place_environment(const struct knowledge *knowledge, struct slice text);
/*
 * The part of a path that says which environment it belongs to: up to the deepest component that
 * holds such a word, or that lies directly in a folder which holds one thing for each environment
 * (`collections`); "" if there is none. "clusters/eu/apps/web.yaml" -> "clusters/eu".
 */
struct slice place_label(const struct knowledge *knowledge, struct slice path);
bool place_is_collection(const struct knowledge *knowledge, struct slice name);
/* Paths of attributes that may name an environment (`attributes`), one a call, from *at = 0 on. */
bool place_attribute(const struct knowledge *knowledge, uint32_t *at, struct slice *path);
/* The highest environment that one of them names, by place_environment(). */
enum environment place_of_body(const struct knowledge *knowledge, const struct value *body);
enum path_class place_path_class(const struct knowledge *knowledge, struct slice path);

#endif
