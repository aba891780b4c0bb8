#include "fact/flow.h"

static bool is_protocol(struct slice whole, struct slice part) {
    return slice_is(whole, "*") || slice_equal(whole, part);
}

/* The addresses of all flows that pass this port, together. */
static struct address_set addresses_at(struct arena *arena, const struct flows *flows, bool out,
                                       struct slice protocol, uint32_t port) {
    struct address_set set = {0};
    for (uint32_t i = 0; i < flows->list.count; i++) {
        const struct flow *flow = &flows->list.items[i];
        if (flow->deny || flow->out != out || !is_protocol(flow->protocol, protocol) ||
            !port_set_has(&flow->ports, port))
            continue;
        for (uint32_t k = 0; k < flow->addresses.ranges.count; k++)
            vec_push(arena, &set.ranges, flow->addresses.ranges.items[k]);
    }
    address_set_finish(&set);
    return set;
}

/* Where something may begin or end: between these ports nothing differs. */
static struct port_set pieces_of(struct arena *arena, const struct flow *flow,
                                 const struct flows *before) {
    struct port_set pieces = {0};
    for (uint32_t i = 0; i < flow->ports.ranges.count; i++) {
        uint32_t from = flow->ports.ranges.items[i].from, to = flow->ports.ranges.items[i].to;
        while (from <= to) {
            uint32_t end = to;
            for (uint32_t f = 0; f < before->list.count; f++)
                for (uint32_t r = 0; r < before->list.items[f].ports.ranges.count; r++) {
                    struct port_range range = before->list.items[f].ports.ranges.items[r];
                    if (range.from > from && range.from - 1 < end)
                        end = range.from - 1;
                    if (range.to >= from && range.to < end)
                        end = range.to;
                }
            port_set_add_range(arena, &pieces, from, end);
            from = end + 1;
        }
    }
    return pieces;
}

static const struct flow *flow_before(const struct flows *before, const struct flow *flow,
                                      uint32_t port) {
    for (uint32_t i = 0; i < before->list.count; i++) {
        const struct flow *was = &before->list.items[i];
        if (!was->deny && was->out == flow->out && is_protocol(was->protocol, flow->protocol) &&
            port_set_has(&was->ports, port))
            return was;
    }
    return NULL;
}

static void note_gain(struct arena *arena, struct flow_gain *gain, const struct flow *flow,
                      struct port_range piece, const struct address_set *was) {
    if (!gain->is) {
        gain->is = flow;
        gain->protocol = flow->protocol;
        if (!address_set_count(was, &gain->was_count) ||
            !address_set_count(&flow->addresses, &gain->is_count))
            gain->was_count = gain->is_count = 0;
    }
    port_set_add_range(arena, &gain->ports, piece.from, piece.to);
    for (uint32_t k = 0; k < flow->addresses.ranges.count; k++)
        vec_push(arena, &gain->addresses.ranges, flow->addresses.ranges.items[k]);
}

static bool is_all(struct arena *arena, const struct address_set *set, const char *all) {
    struct address_set whole = {0};
    address_set_add(arena, &whole, slice_of(all));
    address_set_finish(&whole);
    return address_set_holds(set, &whole);
}

static bool is_everywhere(struct arena *arena, const struct address_set *set) {
    return is_all(arena, set, "0.0.0.0/0") || is_all(arena, set, "::/0");
}

static void judge_flow(struct arena *arena, const struct flows *before, const struct flows *after,
                       const struct flow *flow, struct flow_gain *gain) {
    struct port_set pieces = pieces_of(arena, flow, before);
    for (uint32_t i = 0; i < pieces.ranges.count; i++) {
        struct port_range piece = pieces.ranges.items[i];
        struct address_set was = addresses_at(arena, before, flow->out, flow->protocol, piece.from);
        if (address_set_holds(&was, &flow->addresses))
            continue;
        bool first = gain->is == NULL;
        note_gain(arena, gain, flow, piece, &was);
        if (first)
            gain->was = flow_before(before, flow, piece.from);
        struct address_set is = addresses_at(arena, after, flow->out, flow->protocol, piece.from);
        gain->everywhere =
            gain->everywhere || (is_everywhere(arena, &is) && !is_everywhere(arena, &was));
    }
}

/* A sentence that refused, and of which nothing says the same any more. */
static bool is_denial_lost(const struct flow *denial, const struct flows *after) {
    for (uint32_t i = 0; i < after->list.count; i++) {
        const struct flow *flow = &after->list.items[i];
        if (flow->deny && flow->out == denial->out &&
            is_protocol(flow->protocol, denial->protocol) &&
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
        if (was->deny == flow->deny && was->out == flow->out &&
            is_protocol(was->protocol, flow->protocol) &&
            port_set_holds(&was->ports, &flow->ports) &&
            address_set_holds(&was->addresses, &flow->addresses))
            return true;
    }
    return false;
}

static uint64_t ranges_of(const struct flows *flows) {
    uint64_t ranges = 0;
    for (uint32_t i = 0; i < flows->list.count; i++)
        ranges +=
            flows->list.items[i].ports.ranges.count + flows->list.items[i].addresses.ranges.count;
    return ranges;
}

bool flows_compare(struct arena *arena, const struct flows *before, const struct flows *after,
                   bool out, struct flow_gain *gain) {
    *gain = (struct flow_gain){.protocol = SLICE("")};
    uint64_t ranges = ranges_of(before) + ranges_of(after), steps = 0;
    gain->too_large = ranges > FLOW_RANGES;
    if (gain->too_large)
        return false;
    for (uint32_t i = 0; i < after->list.count; i++) {
        const struct flow *flow = &after->list.items[i];
        if (flow->deny || flow->out != out || flow->unknown || is_kept(flow, before))
            continue;
        steps += ranges * (flow->ports.ranges.count + 1);
        if (steps < FLOW_STEPS)
            judge_flow(arena, before, after, flow, gain);
        else
            gain->too_large = true;
    }
    for (uint32_t i = 0; i < before->list.count; i++) {
        const struct flow *flow = &before->list.items[i];
        gain->unsure = gain->unsure || (flow->out == out && (flow->unknown || flow->opaque));
        if (flow->deny && flow->out == out && !flow->unknown && is_denial_lost(flow, after)) {
            gain->denial = true;
            gain->is = gain->is ? gain->is : flow;
        }
    }
    port_set_finish(&gain->ports);
    address_set_finish(&gain->addresses);
    return gain->is != NULL;
}
