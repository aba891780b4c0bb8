/*
 * finding: a rule that matched an event. Filled in stages: rule/ makes it, reach/ measures how far
 * it reaches, score/ gives it points, tier/ may suppress it.
 */
#ifndef BERM_RULE_FINDING_H
#define BERM_RULE_FINDING_H

#include "delta/event.h"

enum { FLOOR_NONE = -1 };

/* fan_out where the neighbours could not be read. */
#define FAN_OUT_UNKNOWN UINT32_MAX

struct finding {
    struct slice rule; /* id: "infrastructure/stateful-resource-removed" */
    struct slice title, message, why, fix;
    struct slice *incidents;
    uint32_t incident_count;
    enum severity severity;
    enum undo undo;
    enum scope scope;
    enum confidence confidence;
    enum effect effect;
    struct slice object; /* name of the thing */
    struct slice path;
    uint32_t line, column; /* 1-based, of the entity or of the attribute that matched */
    bool on_before;        /* line counts in the before side */
    const struct event *event;
    const struct attribute_change
        *attribute;      /* what the message's {was} and {is} came from, or NULL */
    struct slice extent; /* by how much, where a comparison measured it; SLICE_NONE without */
    struct slice *cascade;
    uint32_t cascade_count;
    int floor;     /* enum tier, or FLOOR_NONE */
    bool absorbed; /* another finding says it already; kept only with rules_options.keep_absorbed */
    /* reach/ */
    enum environment environment;
    enum path_class path_class;
    uint32_t fan_out; /* things that refer to the object, transitively */
    uint32_t width;   /* instances, matrix legs, wildcard hosts; at least 1 */
    bool critical;    /* lies in a critical system of the policy */
    /* score/, in tenths of a point */
    uint32_t points;   /* alone, 0 to 1000 */
    uint32_t marginal; /* what it added to the score */
    /* tier/ */
    bool suppressed;
    struct slice suppression; /* reason text */
};

struct findings {
    VEC(struct finding) list;
};

#endif
