#include "fact/flow.h"

#include <stdlib.h>

static bool is_protocol(struct slice whole, struct slice part) {
    return slice_is(whole, "*") || slice_equal(whole, part);
}

/* ---- the order of sentences ---- */

static int compare_ranks(const void *a, const void *b) {
    const struct flow *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (int)y->deny - (int)x->deny;
}

void flows_settle(struct flows *flows) {
    flows->ranked = flows->list.count != 0;
    for (uint32_t i = 0; i < flows->list.count && flows->ranked; i++)
        flows->ranked = flows->list.items[i].ranked;
    if (flows->ranked)
        qsort(flows->list.items, flows->list.count, sizeof *flows->list.items, compare_ranks);
}

/* A place between whose ends nothing differs: one port of one protocol in one direction. */
struct spot {
    bool out;
    struct slice protocol; /* "*": one that no sentence names */
    uint32_t port;
};

static bool is_at(const struct flow *flow, const struct spot *spot) {
    return flow->out == spot->out && is_protocol(flow->protocol, spot->protocol) &&
           port_set_has(&flow->ports, spot->port);
}

static void add_ranges(struct arena *arena, struct address_set *set,
                       const struct address_set *more) {
    for (uint32_t k = 0; k < more->ranges.count; k++)
        vec_push(arena, &set->ranges, more->ranges.items[k]);
}

/* Of ranked flows: without what denials in front of `index` refuse there. */
static struct address_set left_of(struct arena *arena, const struct flows *flows, uint32_t index,
                                  const struct spot *spot) {
    struct address_set left = flows->list.items[index].addresses;
    for (uint32_t i = 0; flows->ranked && i < index; i++) {
        const struct flow *denial = &flows->list.items[i];
        bool same =
            !denial->target.size || slice_equal(denial->target, flows->list.items[index].target);
        if (denial->deny && same && is_at(denial, spot))
            left = address_set_difference(arena, &left, &denial->addresses);
    }
    return left;
}

/* The addresses of all flows that pass this spot, together. */
static struct address_set addresses_at(struct arena *arena, const struct flows *flows,
                                       const struct spot *spot) {
    struct address_set set = {0};
    for (uint32_t i = 0; i < flows->list.count; i++) {
        if (flows->list.items[i].deny || !is_at(&flows->list.items[i], spot))
            continue;
        struct address_set left = left_of(arena, flows, i, spot);
        add_ranges(arena, &set, &left);
    }
    address_set_finish(&set);
    return set;
}

struct comparison_of_flows {
    struct arena *arena;
    const struct flows *before, *after;
    struct flow_gain *gain;
};

static uint32_t cut_at(const struct flows *flows, uint32_t from, uint32_t end) {
    for (uint32_t f = 0; f < flows->list.count; f++)
        for (uint32_t r = 0; r < flows->list.items[f].ports.ranges.count; r++) {
            struct port_range range = flows->list.items[f].ports.ranges.items[r];
            if (range.from > from && range.from - 1 < end)
                end = range.from - 1;
            if (range.to >= from && range.to < end)
                end = range.to;
        }
    return end;
}

/* Where something may begin or end: between these ports nothing differs. */
static struct port_set pieces_of(const struct comparison_of_flows *with, const struct flow *flow) {
    struct port_set pieces = {0};
    for (uint32_t i = 0; i < flow->ports.ranges.count; i++) {
        uint32_t from = flow->ports.ranges.items[i].from, to = flow->ports.ranges.items[i].to;
        while (from <= to) {
            uint32_t end = cut_at(with->before, from, to);
            if (with->after->ranked)
                end = cut_at(with->after, from, end);
            port_set_add_range(with->arena, &pieces, from, end);
            from = end + 1;
        }
    }
    return pieces;
}

static const struct flow *flow_at(const struct flows *flows, const struct spot *spot) {
    for (uint32_t i = 0; i < flows->list.count; i++)
        if (!flows->list.items[i].deny && is_at(&flows->list.items[i], spot))
            return &flows->list.items[i];
    return NULL;
}

/* ---- what is gained ---- */

static bool is_all(struct arena *arena, const struct address_set *set, const char *all) {
    struct address_set whole = {0};
    address_set_add(arena, &whole, slice_of(all));
    address_set_finish(&whole);
    return address_set_holds(set, &whole);
}

static bool is_everywhere(struct arena *arena, const struct address_set *set) {
    return is_all(arena, set, "0.0.0.0/0") || is_all(arena, set, "::/0");
}

static void note_first(struct comparison_of_flows *with, const struct flow *flow,
                       const struct spot *spot, const struct address_set *was,
                       const struct address_set *is) {
    struct flow_gain *gain = with->gain;
    if (gain->is)
        return;
    gain->is = flow;
    gain->protocol = flow->protocol;
    gain->was = flow_at(with->before, spot);
    gain->was_count = address_set_count_v4(was);
    gain->is_count = address_set_count_v4(is);
}

static void note_gain(struct comparison_of_flows *with, const struct flow *flow,
                      const struct spot *spot, struct port_range piece,
                      const struct address_set *is) {
    struct arena *arena = with->arena;
    struct flow_gain *gain = with->gain;
    struct address_set was = addresses_at(arena, with->before, spot);
    struct address_set all = addresses_at(arena, with->after, spot);
    note_first(with, flow, spot, &was, is);
    port_set_add_range(arena, &gain->ports, piece.from, piece.to);
    add_ranges(arena, &gain->addresses, is);
    gain->everywhere =
        gain->everywhere || (is_everywhere(arena, &all) && !is_everywhere(arena, &was));
}

/* Selectors that pass the spot and choose more than one that did, or everything. */
static void judge_selectors(struct comparison_of_flows *with, const struct flow *flow,
                            const struct spot *spot, struct port_range piece) {
    struct flow_gain *gain = with->gain;
    for (uint32_t s = 0; s < flow->selectors.count; s++) {
        const struct selector *selector = &flow->selectors.items[s];
        bool held = false, more = selector_is_all(selector), known = false;
        for (uint32_t i = 0; i < with->before->list.count; i++) {
            const struct flow *was = &with->before->list.items[i];
            bool here = !was->deny && was->out == spot->out;
            held = held || (here && is_at(was, spot) &&
                            (selectors_hold(&was->selectors, selector) ||
                             is_everywhere(with->arena, &was->addresses)));
            known = known || (here && selectors_hold(&was->selectors, selector));
            for (uint32_t k = 0; here && is_at(was, spot) && k < was->selectors.count; k++)
                more = more || selector_holds(selector, &was->selectors.items[k]);
        }
        if (held || !(more || known))
            continue;
        struct address_set none = {0};
        note_first(with, flow, spot, &none, &none);
        port_set_add_range(with->arena, &gain->ports, piece.from, piece.to);
        vec_push(with->arena, &gain->selectors, selector_render(with->arena, selector));
    }
}

static void judge_flow(struct comparison_of_flows *with, uint32_t index) {
    struct arena *arena = with->arena;
    const struct flow *flow = &with->after->list.items[index];
    struct port_set pieces = pieces_of(with, flow);
    for (uint32_t i = 0; i < pieces.ranges.count; i++) {
        struct port_range piece = pieces.ranges.items[i];
        struct spot spot = {flow->out, flow->protocol, piece.from};
        struct address_set was = addresses_at(arena, with->before, &spot);
        struct address_set left = left_of(arena, with->after, index, &spot);
        if (!address_set_holds(&was, &left))
            note_gain(with, flow, &spot, piece, &left);
        judge_selectors(with, flow, &spot, piece);
    }
}

/* What a denial kept out of a spot, and what gets through it now? */
static void judge_spot(struct comparison_of_flows *with, const struct flow *denial,
                       struct slice protocol, struct port_range piece) {
    struct arena *arena = with->arena;
    struct spot spot = {denial->out, protocol, piece.from};
    struct address_set was = addresses_at(arena, with->before, &spot);
    for (uint32_t i = 0; i < with->after->list.count; i++) {
        const struct flow *flow = &with->after->list.items[i];
        if (flow->deny || !is_at(flow, &spot))
            continue;
        struct address_set left = left_of(arena, with->after, i, &spot);
        struct address_set more = address_set_difference(arena, &left, &was);
        if (!more.ranges.count)
            continue;
        note_gain(with, flow, &spot, piece, &more);
        with->gain->denial = true;
    }
}

/* Ranked: a denial that is gone or stands behind what it denied lets that through. */
static void judge_denial(struct comparison_of_flows *with, const struct flow *denial) {
    struct port_set pieces = pieces_of(with, denial);
    for (uint32_t i = 0; i < pieces.ranges.count; i++) {
        judge_spot(with, denial, denial->protocol, pieces.ranges.items[i]);
        for (uint32_t k = 0; slice_is(denial->protocol, "*") && k < with->after->list.count; k++)
            if (!slice_is(with->after->list.items[k].protocol, "*"))
                judge_spot(with, denial, with->after->list.items[k].protocol,
                           pieces.ranges.items[i]);
    }
}

/* A sentence that refused, and of which nothing says the same any more. */
static bool is_denial_lost(const struct flow *denial, const struct flows *after) {
    for (uint32_t i = 0; i < after->list.count; i++) {
        const struct flow *flow = &after->list.items[i];
        if (flow->deny && flow->out == denial->out &&
            is_protocol(flow->protocol, denial->protocol) &&
            (!flow->target.size || slice_equal(flow->target, denial->target)) &&
            port_set_holds(&flow->ports, &denial->ports) &&
            address_set_holds(&flow->addresses, &denial->addresses))
            return false;
    }
    return true;
}

/* One sentence of the other side lets all of it through: most of a large firewall is so. */
static bool is_kept(const struct flow *flow, const struct flows *before) {
    for (uint32_t i = 0; i < before->list.count; i++) {
        const struct flow *was = &before->list.items[i];
        bool selected = true;
        for (uint32_t s = 0; s < flow->selectors.count && selected; s++)
            selected = selectors_hold(&was->selectors, &flow->selectors.items[s]);
        if (selected && was->deny == flow->deny && was->out == flow->out &&
            is_protocol(was->protocol, flow->protocol) &&
            port_set_holds(&was->ports, &flow->ports) &&
            address_set_holds(&was->addresses, &flow->addresses))
            return true;
    }
    return false;
}

static uint64_t ranges_of(const struct flows *flows) {
    uint64_t ranges = 0;
    for (uint32_t i = 0; i < flows->list.count; i++) {
        const struct flow *flow = &flows->list.items[i];
        ranges += flow->ports.ranges.count + flow->addresses.ranges.count + flow->selectors.count;
    }
    return ranges;
}

/* How much one look at a spot costs. */
static uint64_t depth_of(const struct flows *flows) {
    uint64_t denials = 1;
    for (uint32_t i = 0; flows->ranked && i < flows->list.count; i++)
        denials += flows->list.items[i].deny;
    return denials;
}

static bool has_twin(const struct flow *flow, const struct flows *others) {
    for (uint32_t i = 0; i < others->list.count; i++)
        if (flow->from && others->list.items[i].from &&
            value_equal(flow->from, others->list.items[i].from))
            return true;
    return false;
}

static void judge_gone(struct comparison_of_flows *with, const struct flow *flow) {
    struct flow_gain *gain = with->gain;
    bool hidden = flow->unknown || flow->opaque;
    gain->unsure = gain->unsure || (hidden && !has_twin(flow, with->after));
    if (!flow->deny || flow->unknown)
        return;
    if (with->before->ranked && with->after->ranked)
        judge_denial(with, flow);
    if (with->before->closed && with->before->ranked &&
        (with->after->ranked || !with->after->list.count))
        return;
    if (is_denial_lost(flow, with->after)) {
        gain->denial = true;
        gain->is = gain->is ? gain->is : flow;
    }
}

bool flows_compare(struct arena *arena, const struct flows *before, const struct flows *after,
                   bool out, struct flow_gain *gain) {
    struct comparison_of_flows with = {arena, before, after, gain};
    *gain = (struct flow_gain){.protocol = SLICE(""), .first = true};
    uint64_t ranges = ranges_of(before) + ranges_of(after), steps = 0;
    uint64_t cost = ranges * (depth_of(before) + depth_of(after)) / 2;
    gain->too_large = ranges > FLOW_RANGES;
    if (gain->too_large)
        return false;
    for (uint32_t i = 0; i < after->list.count; i++) {
        const struct flow *flow = &after->list.items[i];
        if (flow->deny || flow->out != out || flow->unknown || is_kept(flow, before))
            continue;
        steps += cost * (flow->ports.ranges.count + 1);
        if (steps < FLOW_STEPS)
            judge_flow(&with, i);
        else
            gain->too_large = true;
    }
    for (uint32_t i = 0; i < before->list.count; i++) {
        const struct flow *flow = &before->list.items[i];
        steps += flow->deny ? cost * (flow->ports.ranges.count + 1) : 1;
        gain->first = gain->first && (flow->deny || flow->out != out);
        if (flow->out == out && steps < FLOW_STEPS)
            judge_gone(&with, flow);
        gain->too_large = gain->too_large || steps >= FLOW_STEPS;
    }
    port_set_finish(&gain->ports);
    address_set_finish(&gain->addresses);
    return gain->is != NULL;
}
