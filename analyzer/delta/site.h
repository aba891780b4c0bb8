/*
 * site: where the elements of a list stand that a fact names: "" is the body itself, "a.b" the
 * elements at that path, "**.name" those of every list or map under that name, at any depth and in
 * any case.
 */
#ifndef BERM_DELTA_SITE_H
#define BERM_DELTA_SITE_H

#include "fact/value.h"

/* `key` is the one in the place of a last step `{}`, SLICE_NONE without. */
typedef void site_visitor(const struct value *element, struct slice key, void *context);

/* Elements are maps. False if something else stands there that could not be read (a variable): then
 * nothing can be said of what was allowed. */
bool site_each(const struct value *body, struct slice site, site_visitor *visit, void *context);
/* The name for messages: the path without what stands for any depth. */
struct slice site_name(struct slice site);

#endif
