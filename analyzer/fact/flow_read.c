/* The parts of a flow, found by paths that are facts. */
#include "fact/flow.h"
#include "fact/part.h"

struct source {
    struct arena *arena;
    const struct value *body, *element;
    struct slice parts;
};

static const struct value *find_part(const struct source *from, const char *name) {
    return part_value(from->body, from->element, from->parts, name);
}

/* The texts of a value, lists taken apart. */
struct text_visit {
    struct flow *flow;
    struct arena *arena;
    bool any;
};

typedef void text_visitor(struct text_visit *visit, const struct value *value);

static void each_text(struct text_visit *visit, const struct value *value, text_visitor *one) {
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++)
        each_text(visit, value->items[i].value, one);
    if (value->kind != VALUE_LIST && value->kind != VALUE_NULL) {
        visit->any = true;
        one(visit, value);
    }
}

static void each_part(const struct source *from, const char *name, struct text_visit *visit,
                      text_visitor *one) {
    struct slice paths = part_path(from->parts, name), path;
    while (paths.size && slice_split(&paths, ',', &path)) {
        const struct value *value = part_find(from->body, from->element, path);
        if (value)
            each_text(visit, value, one);
    }
}

static void add_port(struct text_visit *visit, const struct value *value) {
    struct slice text = value_literal(value);
    if (slice_is_none(text) || !port_set_add(visit->arena, &visit->flow->ports, text))
        visit->flow->unknown = true;
}

static bool is_everybody(struct slice text) {
    static const char *const words[] = {"*", "any", "internet"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equal_nocase(text, slice_of(words[i])))
            return true;
    return false;
}

static void add_everybody(struct arena *arena, struct flow *flow) {
    address_set_add(arena, &flow->addresses, SLICE("0.0.0.0/0"));
    address_set_add(arena, &flow->addresses, SLICE("::/0"));
}

static void add_opaque(struct text_visit *visit, const struct value *value) {
    vec_push(visit->arena, &visit->flow->peers, value->text);
    visit->flow->opaque = visit->flow->opaque || value->kind != VALUE_LITERAL;
}

static void add_peer(struct text_visit *visit, const struct value *value) {
    struct slice text = value_literal(value);
    bool everybody = !slice_is_none(text) && is_everybody(text);
    if (everybody)
        add_everybody(visit->arena, visit->flow);
    else if (slice_is_none(text) || !address_set_add(visit->arena, &visit->flow->addresses, text))
        text = SLICE_NONE;
    if (slice_is_none(text))
        add_opaque(visit, value);
    else
        vec_push(visit->arena, &visit->flow->named, text);
}

static void add_group(struct text_visit *visit, const struct value *value) {
    vec_push(visit->arena, &visit->flow->peers,
             value->text.size ? value->text : SLICE("(a selector)"));
}

static struct slice protocol_of(const struct source *from) {
    static const char *const all[] = {"-1", "all", "any", "*", "0"};
    static const char *const numbers[][2] = {{"6", "tcp"}, {"17", "udp"}, {"1", "icmp"}};
    const struct value *value = find_part(from, "protocol");
    if (!value || !value->text.size)
        return SLICE("*");
    struct slice text = part_lower(from->arena, value->text);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (slice_is(text, all[i]))
            return SLICE("*");
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (slice_is(text, numbers[i][0]))
            return slice_of(numbers[i][1]);
    return text;
}

static bool begins(const struct value *value, const char *prefix) {
    struct slice text = value ? value_literal(value) : SLICE_NONE;
    size_t size = strlen(prefix);
    return text.size >= size && slice_equal_nocase(slice_sub(text, 0, size), slice_of(prefix));
}

static bool is_denial(const struct value *action) {
    return begins(action, "deny") || begins(action, "drop") || begins(action, "block") ||
           begins(action, "reject");
}

static void read_ports(const struct source *from, struct flow *flow) {
    struct text_visit visit = {flow, from->arena, false};
    const struct value *low = find_part(from, "from"), *high = find_part(from, "to");
    int64_t a, b;
    each_part(from, "ports", &visit, add_port);
    if (visit.any)
        return;
    if (!low && !high) {
        port_set_add_range(from->arena, &flow->ports, 0, PORT_MAX);
        return;
    }
    low = low ? low : high;
    high = high ? high : low;
    if (!slice_to_int(value_literal(low), &a) || !slice_to_int(value_literal(high), &b)) {
        flow->unknown = true;
        return;
    }
    bool every = a < 0 || (a == 0 && b == 0);
    port_set_add_range(from->arena, &flow->ports, every ? 0 : (uint32_t)a & PORT_MAX,
                       every ? PORT_MAX : (uint32_t)b & PORT_MAX);
}

static void read_peers(const struct source *from, const struct flow_form *form, struct flow *flow) {
    struct text_visit visit = {flow, from->arena, false};
    each_part(from, "peers", &visit, add_peer);
    each_part(from, "groups", &visit, add_group);
    if (!visit.any && form->open)
        add_everybody(from->arena, flow);
    address_set_finish(&flow->addresses);
}

void flow_read(struct arena *arena, const struct value *body, const struct value *element,
               const struct flow_form *form, struct flow *flow) {
    struct source from = {arena, body, element, form->parts};
    *flow = (struct flow){.out = form->out, .from = element};
    const struct value *direction = find_part(&from, "direction");
    if (direction)
        flow->out = begins(direction, "out") || begins(direction, "eg") || value_is_true(direction);
    flow->protocol = protocol_of(&from);
    flow->deny = is_denial(find_part(&from, "action"));
    read_ports(&from, flow);
    port_set_finish(&flow->ports);
    read_peers(&from, form, flow);
}
