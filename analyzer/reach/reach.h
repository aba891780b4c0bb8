/*
 * reach: how far a finding reaches: in which environment, how many at once, what refers to the
 * thing, whether it belongs to a critical system. Fills the reach/ fields of findings.
 *
 * Which attributes speak of an environment or of a number of instances is data (`reach:` in
 * rules/score.yaml); what a word means is fact/place.h and the policy.
 */
#ifndef BERM_REACH_REACH_H
#define BERM_REACH_REACH_H

#include "base/yaml.h"
#include "reach/critical.h"
#include "reach/environment.h"
#include "rule/finding.h"

enum reach_list {
    REACH_NUMBER,      /* path of an attribute that is a number of instances */
    REACH_ITEMS,       /* path of a list or map with one instance an item */
    REACH_PRODUCT,     /* path of a map of lists: one instance a combination */
    REACH_WILDCARD_IN, /* path of an attribute in which wildcards count */
    REACH_WILDCARD,    /* text: the wildcard, width: what it counts for */
    REACH_LIST_COUNT
};

/* Record of IMAGE_REACH. */
struct reach_record {
    uint32_t list;
    string_ref text;
    uint32_t width;
};

/* From the `reach:` map of a score table; `where` names the file in errors. */
void reach_compile(struct image_writer *writer, struct arena *arena, const struct yaml_node *node,
                   const char *where);

enum {
    WIDTH_MAX = 100000,
    FAN_OUT_DEPTH = 3,           /* a thing that refers to a thing that refers to a thing */
    FAN_OUT_MAX = 200,           /* things counted for one finding, at most */
    FAN_OUT_FILES = 64,          /* neighbours read for one directory */
    FAN_OUT_BYTES = 1 << 20,     /* of them together */
    FAN_OUT_SCANNED = 256 << 20, /* bytes searched in one change; after that fan-out is unknown */
};

struct reach_options {
    const struct knowledge *knowledge;
    const struct change *change;
    struct reader *reader;                        /* NULL: fan-out stays unknown */
    const struct critical_systems *critical;      /* of the policy; may be NULL */
    const struct environment_words *environments; /* of the policy; may be NULL */
};

/*
 * Costs nothing without findings. Findings that are suppressed, of low severity, or about commands
 * and calls (nothing refers to those) get no search; theirs is unknown or 0.
 */
void reach_measure(struct arena *arena, const struct reach_options *options,
                   struct findings *findings);

#endif
