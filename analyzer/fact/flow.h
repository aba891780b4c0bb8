/*
 * flow: what may pass a firewall: protocol, ports and peers of one sentence, in one direction. Two
 * sets of flows are compared port by port: at each port the addresses of all sentences that are for
 * it count together, so that two halves of the network are the whole. Where sentences have ranks
 * the first that fits decides: a denial behind what allows the same denies nothing.
 *
 * Peers that are selected by labels are held by a selector of fewer labels. A selector that is
 * neither held nor holds one that was there names others, not more.
 */
#ifndef BERM_FACT_FLOW_H
#define BERM_FACT_FLOW_H

#include "fact/address.h"
#include "fact/port.h"
#include "fact/selector.h"
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
    struct selectors selectors;   /* beside the addresses */
    VEC(struct slice) named;      /* addresses as they are written */
    VEC(struct slice) peers;      /* that are no addresses: groups, selectors, references */
    bool unknown;                 /* its ports could not be read */
    bool opaque;                  /* some peers could not be read */
    bool ranked;                  /* has a rank */
    int64_t rank;                 /* lower ones decide first, denials before others */
    struct slice target;          /* what it is limited to on the near side; "" = nothing */
    const struct value *from;
};

struct flows {
    VEC(struct flow) list;
    bool ranked; /* all are, and they stand in that order */
    bool closed; /* what no sentence names is refused */
};

struct flow_gain {
    struct port_set ports;        /* at which more gets through */
    struct address_set addresses; /* that get through at one of them and did not before */
    VEC(struct slice) selectors;  /* wider than those before, as texts */
    struct slice protocol;        /* of the first flow that gained */
    uint64_t was_count, is_count; /* v4 addresses at the first port that gained */
    bool everywhere;              /* all of v4 or all of v6 get through where they did not */
    bool denial;                  /* a sentence that refused is gone, or comes too late */
    bool first;                   /* nothing was let through in that direction */
    bool too_large;               /* what was found may not be all */
    bool unsure;                  /* part of what was there before could not be read */
    const struct flow *is, *was;  /* the first that gained, and one for the same port before */
};

/* Parts: "protocol=PATH from=PATH to=PATH ports=PATHS peers=PATHS groups=PATHS action=PATH
 * direction=PATH", and
 *   lines=PATH         a list: protocol, from, to and ports stand in its elements, each of which is
 *                      a flow of its own; usual=PROTOCOL where one names none
 *   each=PATH          a list of peers: peers, less (addresses taken off again) and the selectors
 *                      home (of places; missing = here) and among (missing = all) stand in its
 *                      elements
 *   selectors=PATHS    lists of selectors
 *   out_peers=PATHS    in the place of peers for what goes out
 *   rank=PATH          a number; rank=order: the order of the list
 *   target=PATHS       what the sentence is limited to on the near side
 *   deny=yes           a denial; rest=deny: what no sentence names is refused, so that a denial of
 *                      nothing that is let through is none
 * A path that begins with '/' counts from the body, others from the element. `peers` that are all
 * missing mean everybody if `open`, otherwise nobody. `out` is the direction where none is named.
 */
struct flow_form {
    struct slice parts;
    bool out, open;
};

/* Adds the flows of one element. */
void flows_read(struct arena *arena, const struct value *body, const struct value *element,
                const struct flow_form *form, struct flows *flows);
/* To be called once when all were read. */
void flows_settle(struct flows *flows);

/* Everything passes, in the direction of the form. */
void flow_everything(struct arena *arena, const struct flow_form *form, struct flow *flow);

/* In the direction `out`; true if something is gained. */
bool flows_compare(struct arena *arena, const struct flows *before, const struct flows *after,
                   bool out, struct flow_gain *gain);

#endif
