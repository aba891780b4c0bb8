/*
 * range: names written as ranges ("web[01:10].example.org", "db-[a:c]") as the names they stand
 * for, and how many there are. The names are the keys of the map `hosts`, or of the body itself; a
 * line of a name with settings ("web1 port=22") was read as a pair, at its first colon or equals
 * sign.
 */
#ifndef BERM_RESOLVE_RANGE_H
#define BERM_RESOLVE_RANGE_H

#include "entity/entity.h"

enum { RANGE_NAMES = 1024 }; /* written out; of more, only the number is told */

/* Dialect property `ranges`: the key of the map. */
bool range_is_used(const struct dialect *dialect);
/* The body with every name by itself and their number as "amount"; the body itself if it has no
 * names, or if the entity is one of those that hold none (`ranges_without`, a glob of names). */
const struct value *range_body(struct arena *arena, const struct entity *entity);

#endif
