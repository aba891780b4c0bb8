/*
 * flow: what may pass a firewall: protocol, ports and peers of one sentence, in one direction. Two
 * sets of flows are compared port by port: at each port the addresses of all sentences that are for
 * it count together, so that two halves of the network are the whole.
 */
#ifndef BERM_FACT_FLOW_H
#define BERM_FACT_FLOW_H

#include "fact/address.h"
#include "fact/port.h"
#include "fact/value.h"

/* More ranges of ports and addresses on both sides together, or more comparisons of what is new:
 * then the result is `too_large`. */
enum { FLOW_RANGES = 8000, FLOW_STEPS = 2000000 };

struct flow {
    bool out; /* what goes out; otherwise what comes in */
    bool deny;
    struct slice protocol; /* lower case; "*" = all */
    struct port_set ports;
    struct address_set addresses; /* finished */
    VEC(struct slice) named;      /* addresses as they are written */
    VEC(struct slice) peers;      /* that are no addresses: groups, selectors, references */
    bool unknown;                 /* its ports could not be read */
    bool opaque;                  /* some peers could not be read */
    const struct value *from;
};

struct flows {
    VEC(struct flow) list;
};

struct flow_gain {
    struct port_set ports;        /* at which more gets through */
    struct address_set addresses; /* that get through at one of them and did not before */
    struct slice protocol;        /* of the first flow that gained */
    uint64_t was_count, is_count; /* v4 addresses at the first port that gained */
    bool everywhere;              /* all of v4 or all of v6 get through where they did not */
    bool denial;                  /* a sentence that refused is gone */
    bool too_large;               /* what was found may not be all */
    bool unsure;                  /* part of what was there before could not be read */
    const struct flow *is, *was;  /* the first that gained, and one for the same port before */
};

/* Parts: "protocol=PATH from=PATH to=PATH ports=PATHS peers=PATHS groups=PATHS action=PATH
 * direction=PATH". A path that begins with '/' counts from the body, others from the element.
 * `peers` that are all missing mean everybody if `open`, otherwise nobody. `out` is the direction
 * where none is named. */
struct flow_form {
    struct slice parts;
    bool out, open;
};

void flow_read(struct arena *arena, const struct value *body, const struct value *element,
               const struct flow_form *form, struct flow *flow);

/* In the direction `out`; true if something is gained. */
bool flows_compare(struct arena *arena, const struct flows *before, const struct flows *after,
                   bool out, struct flow_gain *gain);

#endif
