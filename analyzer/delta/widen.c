#include "delta/widen.h"

#include "delta/file.h"
#include "delta/site.h"
#include "fact/amount.h"
#include "fact/flow.h"
#include "fact/grant.h"
#include "fact/table.h"

struct widen {
    struct emit *emit;
    const struct event *changed;
    VEC(struct attribute_change) gained;
};

static const struct value *literal(struct arena *arena, struct slice text) {
    struct value *value = ARENA_NEW(arena, struct value);
    *value = (struct value){.kind = VALUE_LITERAL, .text = text};
    return value;
}

static void gain(struct widen *widen, const char *path, const struct value *is) {
    struct attribute_change change = {
        .path = slice_of(path), .is = is, .confidence = CONFIDENCE_CERTAIN};
    vec_push(widen->emit->arena, &widen->gained, change);
}

static void gain_texts(struct widen *widen, const char *path, const struct text_list *texts) {
    struct arena *arena = widen->emit->arena;
    if (!texts->count)
        return;
    struct value *list = ARENA_NEW(arena, struct value);
    list->kind = VALUE_LIST;
    list->count = texts->count;
    list->items = ARENA_ARRAY(arena, struct value_item, texts->count);
    for (uint32_t i = 0; i < texts->count; i++)
        list->items[i].value = literal(arena, texts->items[i]);
    gain(widen, path, list);
}

static void gain_number(struct widen *widen, const char *path, uint64_t number) {
    struct arena *arena = widen->emit->arena;
    gain(widen, path, literal(arena, arena_format(arena, "%llu", (unsigned long long)number)));
}

static void gain_flag(struct widen *widen, const char *path, bool flag) {
    if (flag)
        gain(widen, path, literal(widen->emit->arena, SLICE("true")));
}

struct outcome {
    const char *protects;
    struct slice path, reason;
    const struct value *was, *is;
    bool unsure;
};

static void emit_widened(struct widen *widen, const struct outcome *outcome) {
    struct attribute_change *cause = ARENA_NEW(widen->emit->arena, struct attribute_change);
    *cause = (struct attribute_change){.path = outcome->path,
                                       .was = outcome->was,
                                       .is = outcome->is,
                                       .confidence = CONFIDENCE_CERTAIN};
    struct event event = *widen->changed;
    event.effect = EFFECT_WIDENED;
    event.cause = cause;
    event.confidence = outcome->unsure ? CONFIDENCE_POSSIBLE : widen->changed->confidence;
    event.reason = outcome->reason;
    event.protects = slice_of(outcome->protects);
    event.changes = widen->gained.items;
    event.change_count = widen->gained.count;
    emit_event(widen->emit, event);
    widen->gained.items = NULL;
    widen->gained.count = widen->gained.capacity = 0;
}

/* What is too large to be compared is told: it may hide anything. */
static void emit_uncompared(struct widen *widen, struct slice list) {
    struct arena *arena = widen->emit->arena;
    struct value_item *item = ARENA_NEW(arena, struct value_item);
    struct value *body = ARENA_NEW(arena, struct value);
    item->key = SLICE("reason");
    item->value = literal(arena, arena_format(arena, "%.*s is too large to be compared",
                                              SLICE_ARGS(site_name(list))));
    *body = (struct value){.kind = VALUE_MAP, .count = 1, .items = item};
    struct event event = {.effect = EFFECT_NOT_UNDERSTOOD,
                          .confidence = CONFIDENCE_CERTAIN,
                          .reason = item->value->text,
                          .after = file_around(arena, &widen->changed->after, body)};
    emit_event(widen->emit, event);
}

/* ---- permissions ---- */

struct grant_search {
    struct arena *arena;
    const struct value *body;
    struct slice parts;
    struct grants grants;
};

static void read_grant(const struct value *element, struct slice key, void *context) {
    struct grant_search *search = context;
    struct grant_form form = {search->body, element, key, search->parts};
    struct grant grant;
    if (grant_read(search->arena, &form, &grant))
        vec_push(search->arena, &search->grants.list, grant);
}

struct escalation_search {
    struct widen *widen;
    const struct grants *before, *after;
    struct text_list found;
};

static bool allows_all(const struct grants *grants, struct slice needs) {
    struct slice action;
    while (slice_split(&needs, '+', &action))
        if (!grants_allow(grants, action))
            return false;
    return true;
}

static bool visit_escalation(const struct row *row, void *context) {
    struct escalation_search *search = context;
    struct slice needs = row_cell(row, "needs");
    if (allows_all(search->after, needs) && !allows_all(search->before, needs))
        vec_push(search->widen->emit->arena, &search->found, needs);
    return true;
}

static void gain_escalations(struct widen *widen, const struct grants *before,
                             const struct grants *after) {
    struct escalation_search search = {widen, before, after, {0}};
    table_each(widen->emit->knowledge, SLICE("escalations"), NULL, 0, visit_escalation, &search);
    gain_texts(widen, "gained.escalation", &search.found);
}

static struct slice say_grants(struct arena *arena, const struct grant_gain *found) {
    if (found->is->deny) {
        struct grant denied = *found->is;
        denied.actions = (struct grant_scope){.texts = found->denials};
        struct slice text = grant_render(arena, &denied);
        return arena_format(arena, "no longer denied: %.*s", SLICE_ARGS(text));
    }
    struct slice is = grant_render(arena, found->is);
    struct slice was = found->was ? grant_render(arena, found->was) : SLICE("nothing");
    if (!slice_equal(was, is))
        return arena_format(arena, "%.*s \xe2\x86\x92 %.*s", SLICE_ARGS(was), SLICE_ARGS(is));
    if (found->conditions.count)
        return arena_format(arena, "%.*s, no longer limited by %.*s", SLICE_ARGS(is),
                            SLICE_ARGS(found->conditions.items[0]));
    return is;
}

static bool visit_grant_place(const struct row *row, void *context) {
    struct widen *widen = context;
    struct arena *arena = widen->emit->arena;
    const struct event *changed = widen->changed;
    struct slice list = row_cell(row, "list"), parts = row_cell(row, "parts");
    struct grant_search before = {arena, changed->before.body, parts, {{0}}};
    struct grant_search after = {arena, changed->after.body, parts, {{0}}};
    struct grant_gain found, lost;
    bool readable = site_each(before.body, list, read_grant, &before);
    site_each(after.body, list, read_grant, &after);
    if (!readable)
        return true;
    grants_settle(arena, &before.grants);
    grants_settle(arena, &after.grants);
    bool gains = grants_compare(arena, &before.grants, &after.grants, &found);
    if (found.too_large)
        emit_uncompared(widen, list);
    if (!gains)
        return true;
    gain_texts(widen, "gained.actions", &found.actions);
    gain_texts(widen, "gained.resources", &found.resources);
    gain_texts(widen, "gained.principals", &found.principals);
    gain_texts(widen, "gained.conditions", &found.conditions);
    gain_texts(widen, "gained.denials", &found.denials);
    gain_flag(widen, "gained.inverse", found.inverse);
    if (grants_compare(arena, &after.grants, &before.grants, &lost)) {
        gain_texts(widen, "lost.actions", &lost.actions);
        gain_texts(widen, "lost.resources", &lost.resources);
    }
    if (found.actions.count)
        gain_escalations(widen, &before.grants, &after.grants);
    struct outcome outcome = {.protects = "permissions",
                              .path = site_name(list),
                              .reason = say_grants(arena, &found),
                              .was = found.was ? found.was->from : NULL,
                              .is = found.is->deny ? NULL : found.is->from,
                              .unsure = found.unsure};
    if (found.is->deny)
        outcome.was = found.is->from;
    emit_widened(widen, &outcome);
    return true;
}

/* ---- firewalls ---- */

struct flow_search {
    struct arena *arena;
    const struct value *body;
    struct flow_form form;
    struct flows flows;
};

static void read_flow(const struct value *element, struct slice key, void *context) {
    (void)key;
    struct flow_search *search = context;
    flows_read(search->arena, search->body, element, &search->form, &search->flows);
}

/* The platform's own sentence where none is written: everything passes. */
static void fill_flows(struct flow_search *search) {
    struct flow flow;
    if (search->flows.list.count)
        return;
    flow_everything(search->arena, &search->form, &flow);
    vec_push(search->arena, &search->flows.list, flow);
}

struct port_search {
    struct arena *arena;
    const struct port_set *ports;
    struct text_list found;
};

static bool visit_port(const struct row *row, void *context) {
    struct port_search *search = context;
    int64_t port;
    struct slice text = row_cell(row, "port");
    if (slice_to_int(text, &port) && port >= 0 && port_set_has(search->ports, (uint32_t)port))
        vec_push(search->arena, &search->found, text);
    return true;
}

/* "10.0.0.0/16, 192.168.0.0/16"; "nobody" where no flow was. */
static struct slice say_peers(struct arena *arena, const struct flow *flow) {
    enum { SHOWN = 2 };
    struct slice text = SLICE("");
    for (uint32_t i = 0; flow && i < flow->named.count && i < SHOWN; i++)
        text = arena_format(arena, "%.*s%s%.*s", SLICE_ARGS(text), i ? ", " : "",
                            SLICE_ARGS(flow->named.items[i]));
    if (flow && flow->named.count > SHOWN)
        text = arena_format(arena, "%.*s and %u more", SLICE_ARGS(text), flow->named.count - SHOWN);
    if (text.size)
        return text;
    if (flow && flow->addresses.ranges.count)
        return SLICE("everybody");
    return flow && flow->peers.count ? flow->peers.items[0] : SLICE("nobody");
}

static struct slice say_ports(struct arena *arena, const struct flow_gain *found) {
    struct slice ports = port_set_render(arena, &found->ports);
    if (slice_starts(ports, SLICE("all")))
        return ports;
    return arena_format(arena, "port%s %.*s", port_set_count(&found->ports) == 1 ? "" : "s",
                        SLICE_ARGS(ports));
}

static struct slice say_flows(struct arena *arena, const struct flow_gain *found) {
    if (!found->ports.ranges.count)
        return SLICE("what was refused is let through");
    struct slice was = say_peers(arena, found->was), is = say_peers(arena, found->is);
    struct slice ports = say_ports(arena, found), count = SLICE("");
    if (found->selectors.count && !found->addresses.ranges.count)
        is = found->selectors.items[0];
    if (found->denial)
        return arena_format(arena, "%.*s was refused on %.*s and is let through", SLICE_ARGS(is),
                            SLICE_ARGS(ports));
    if (found->is_count > found->was_count) {
        struct slice a = amount_with_commas(arena, found->was_count);
        struct slice b = amount_with_commas(arena, found->is_count);
        count =
            arena_format(arena, ": %.*s \xe2\x86\x92 %.*s addresses", SLICE_ARGS(a), SLICE_ARGS(b));
    }
    return arena_format(arena, "%.*s \xe2\x86\x92 %.*s on %.*s%.*s", SLICE_ARGS(was),
                        SLICE_ARGS(is), SLICE_ARGS(ports), SLICE_ARGS(count));
}

static void gain_flows(struct widen *widen, const struct flow_gain *found) {
    struct arena *arena = widen->emit->arena;
    struct port_search named = {arena, &found->ports, {0}};
    if (found->ports.ranges.count) {
        gain(widen, "gained.ports", literal(arena, port_set_render(arena, &found->ports)));
        gain_number(widen, "gained.port_count", port_set_count(&found->ports));
    }
    table_each(widen->emit->knowledge, SLICE("administrative_ports"), NULL, 0, visit_port, &named);
    gain_texts(widen, "gained.named", &named.found);
    gain(widen, "gained.protocol", literal(arena, found->protocol));
    gain_flag(widen, "gained.everywhere", found->everywhere);
    gain_texts(widen, "gained.peers",
               &(struct text_list){found->selectors.items, found->selectors.count, 0});
    gain_flag(widen, "gained.denial", found->denial);
    gain_flag(widen, "gained.first", found->first);
    if (found->is_count > found->was_count)
        gain_number(widen, "gained.size", found->is_count - found->was_count);
    if (found->was_count || (found->was && found->was->peers.count))
        gain_number(widen, "gained.before", found->was_count);
}

static void compare_flows(struct widen *widen, const struct flow_search *before,
                          const struct flow_search *after, bool out, struct slice list) {
    struct arena *arena = widen->emit->arena;
    struct flow_gain found;
    bool gains = flows_compare(arena, &before->flows, &after->flows, out, &found);
    if (found.too_large)
        emit_uncompared(widen, list);
    if (!gains || (found.unsure && !found.everywhere))
        return;
    gain_flows(widen, &found);
    struct outcome outcome = {.protects = out ? "egress" : "ingress",
                              .path = site_name(list),
                              .reason = say_flows(arena, &found),
                              .was = found.is->deny ? found.is->from : NULL,
                              .is = found.is->deny ? NULL : found.is->from,
                              .unsure = found.unsure};
    emit_widened(widen, &outcome);
}

static bool visit_flow_place(const struct row *row, void *context) {
    struct widen *widen = context;
    struct arena *arena = widen->emit->arena;
    const struct event *changed = widen->changed;
    struct slice list = row_cell(row, "list");
    struct flow_form form = {.parts = row_cell(row, "parts"),
                             .out = slice_is(row_cell(row, "direction"), "out"),
                             .open = slice_is(row_cell(row, "missing"), "everybody")};
    struct flow_search before = {arena, changed->before.body, form, {.closed = false}};
    struct flow_search after = {arena, changed->after.body, form, {.closed = false}};
    bool filled = slice_is(row_cell(row, "missing"), "no-list-everybody");
    bool readable = site_each(before.body, list, read_flow, &before);
    site_each(after.body, list, read_flow, &after);
    if (!readable)
        return true;
    if (filled) {
        fill_flows(&before);
        fill_flows(&after);
    }
    flows_settle(&before.flows);
    flows_settle(&after.flows);
    compare_flows(widen, &before, &after, false, list);
    compare_flows(widen, &before, &after, true, list);
    return true;
}

void widen_events(struct emit *emit, const struct event *changed) {
    const struct entity *entity = changed->after.entity;
    struct widen widen = {.emit = emit, .changed = changed};
    if (!entity->dialect || !entity->dialect->record || !changed->before.body ||
        !changed->after.body)
        return;
    struct slice key[] = {dialect_system(entity->dialect, entity->type), entity->type};
    struct slice any[] = {key[0], SLICE("*")};
    table_each(emit->knowledge, SLICE("grant_places"), key, 2, visit_grant_place, &widen);
    table_each(emit->knowledge, SLICE("grant_places"), any, 2, visit_grant_place, &widen);
    table_each(emit->knowledge, SLICE("flow_places"), key, 2, visit_flow_place, &widen);
}
