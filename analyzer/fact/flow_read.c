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

/* Of one element of a list in it. */
static struct source inside(const struct source *from, const struct value *element) {
    return (struct source){from->arena, from->body, element, from->parts};
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
    static const char *const words[] = {"*", "any", "all", "internet", "world"};
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

static void take_off(struct text_visit *visit, const struct value *value) {
    struct slice text = value_literal(value);
    struct address_set gone = {0}, *kept = &visit->flow->addresses;
    if (slice_is_none(text) || !address_set_add(visit->arena, &gone, text)) {
        visit->flow->opaque = true;
        return;
    }
    address_set_finish(&gone);
    *kept = address_set_difference(visit->arena, kept, &gone);
}

static void add_group(struct text_visit *visit, const struct value *value) {
    vec_push(visit->arena, &visit->flow->peers,
             value->text.size ? value->text : SLICE("(a selector)"));
}

static struct slice protocol_of(const struct source *from) {
    static const char *const all[] = {"-1", "all", "any", "*", "0"};
    static const char *const numbers[][2] = {{"6", "tcp"}, {"17", "udp"}, {"1", "icmp"}};
    const struct value *value = find_part(from, "protocol");
    struct slice usual = part_path(from->parts, "usual");
    if (!value || !value->text.size)
        return usual.size ? usual : SLICE("*");
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
    if (slice_is_none(value_literal(low)) || slice_is_none(value_literal(high)) ||
        !slice_to_int(value_literal(low), &a) || !slice_to_int(value_literal(high), &b)) {
        flow->unknown = true;
        return;
    }
    bool every = a < 0 || (a == 0 && b == 0);
    port_set_add_range(from->arena, &flow->ports, every ? 0 : (uint32_t)a & PORT_MAX,
                       every ? PORT_MAX : (uint32_t)b & PORT_MAX);
}

static void push_selector(const struct source *from, struct flow *flow,
                          const struct selector *selector) {
    vec_push(from->arena, &flow->selectors, *selector);
    vec_push(from->arena, &flow->peers, selector_render(from->arena, selector));
}

/* Addresses of one peer, without those taken off again, or what it selects. */
static void read_peer(const struct source *from, struct flow *flow) {
    struct flow one = {.named = {NULL, 0, 0}};
    struct text_visit visit = {&one, from->arena, false};
    struct selector selector = {find_part(from, "home"), find_part(from, "among")};
    each_part(from, "peers", &visit, add_peer);
    address_set_finish(&one.addresses);
    if (!visit.any && (selector.home || selector.among))
        push_selector(from, flow, &selector);
    each_part(from, "less", &visit, take_off);
    for (uint32_t i = 0; i < one.addresses.ranges.count; i++)
        vec_push(from->arena, &flow->addresses.ranges, one.addresses.ranges.items[i]);
    for (uint32_t i = 0; i < one.named.count; i++)
        vec_push(from->arena, &flow->named, one.named.items[i]);
    flow->opaque = flow->opaque || one.opaque;
}

/* True if some peer stands there. */
static bool read_each(const struct source *from, struct flow *flow) {
    const struct value *list = find_part(from, "each");
    for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++) {
        struct source one = inside(from, list->items[i].value);
        read_peer(&one, flow);
    }
    return list && list->kind == VALUE_LIST && list->count;
}

static void add_selector(struct text_visit *visit, const struct value *value) {
    struct selector selector = {NULL, value};
    vec_push(visit->arena, &visit->flow->selectors, selector);
    vec_push(visit->arena, &visit->flow->peers, selector_render(visit->arena, &selector));
}

static void read_peers(const struct source *from, const struct flow_form *form, struct flow *flow) {
    struct text_visit visit = {flow, from->arena, false};
    bool other = flow->out && part_path(from->parts, "out_peers").size;
    if (part_path(from->parts, "each").size)
        visit.any = read_each(from, flow);
    else
        each_part(from, other ? "out_peers" : "peers", &visit, add_peer);
    each_part(from, "groups", &visit, add_group);
    each_part(from, "selectors", &visit, add_selector);
    if (!visit.any && form->open)
        add_everybody(from->arena, flow);
    address_set_finish(&flow->addresses);
}

static void add_target(struct text_visit *visit, const struct value *value) {
    struct slice text = value_render(visit->arena, value, 200);
    if (!is_everybody(text))
        visit->flow->target = arena_format(visit->arena, "%.*s %.*s",
                                           SLICE_ARGS(visit->flow->target), SLICE_ARGS(text));
}

static void read_rank(const struct source *from, struct flow *flow, uint32_t index) {
    const struct value *rank = find_part(from, "rank");
    flow->ranked = slice_is(part_path(from->parts, "rank"), "order");
    flow->rank = index;
    if (!flow->ranked && rank && !slice_is_none(value_literal(rank)))
        flow->ranked = slice_to_int(value_literal(rank), &flow->rank);
}

static void read_line(const struct source *line, struct flow flow, struct flows *flows) {
    flow.protocol = protocol_of(line);
    read_ports(line, &flow);
    port_set_finish(&flow.ports);
    vec_push(line->arena, &flows->list, flow);
}

void flow_everything(struct arena *arena, const struct flow_form *form, struct flow *flow) {
    *flow = (struct flow){.out = form->out, .protocol = SLICE("*"), .target = SLICE("")};
    port_set_add_range(arena, &flow->ports, 0, PORT_MAX);
    port_set_finish(&flow->ports);
    add_everybody(arena, flow);
    address_set_finish(&flow->addresses);
}

void flows_read(struct arena *arena, const struct value *body, const struct value *element,
                const struct flow_form *form, struct flows *flows) {
    struct source from = {arena, body, element, form->parts};
    struct flow flow = {.out = form->out, .from = element, .target = SLICE("")};
    struct text_visit visit = {&flow, arena, false};
    flows->closed = slice_is(part_path(form->parts, "rest"), "deny");
    const struct value *direction = find_part(&from, "direction");
    if (direction)
        flow.out = begins(direction, "out") || begins(direction, "eg") || value_is_true(direction);
    flow.deny =
        is_denial(find_part(&from, "action")) || slice_is(part_path(form->parts, "deny"), "yes");
    read_rank(&from, &flow, flows->list.count);
    read_peers(&from, form, &flow);
    each_part(&from, "target", &visit, add_target);
    const struct value *lines = find_part(&from, "lines");
    bool split = lines && lines->kind == VALUE_LIST && lines->count;
    for (uint32_t i = 0; split && i < lines->count; i++) {
        struct source line = inside(&from, lines->items[i].value);
        read_line(&line, flow, flows);
    }
    if (split)
        return;
    if (part_path(form->parts, "lines").size) {
        struct source none = inside(&from, NULL);
        none.parts = SLICE("");
        read_line(&none, flow, flows);
    } else {
        read_line(&from, flow, flows);
    }
}
