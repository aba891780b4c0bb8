/*
 * environment: events of whole environments, beside those of what stood in them. An environment is
 * a folder or file of a dialect with the property `environment_kinds` (kinds of entities, comma
 * separated) that held such things and of which nothing is left: the directory of a directory unit,
 * the delivery root of a change unit, the file of a file unit, or its folder where the dialect says
 * `environment_place: folder`.
 *
 * Its entity is of kind "environment", named by its path, with a slash behind a folder. Effect:
 * replaced where the change adds another one that holds mostly things of the same kinds and types,
 * with its path as the attribute `twin`; else removed. The cascade is what stood in it; folders
 * inside one another are one. An environment of the same name in another folder is taken for the
 * same one that moved, and so is one whose path a delivery follows in the same change, or whose
 * attribute that says which one it is (`environment_identity`: paths) stays as it was: no event,
 * and what stood in it is possibly gone at most. Confidence: likely,
 * or possible where a file only got another path; no event where it is not known
 * that nothing is left, or where the path names no environment (fact/place.h, place_label).
 */
#ifndef BERM_DELTA_ENVIRONMENT_H
#define BERM_DELTA_ENVIRONMENT_H

#include "delta/unit.h"

/* Before the events are sorted. Cost: linear in the events, and one listing a folder that lost
 * something. */
void environment_events(const struct unit_sources *sources, struct events *events);

#endif
