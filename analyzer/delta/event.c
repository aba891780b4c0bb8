#include "delta/event.h"

#include "delta/match.h"
#include "fact/place.h"

#include <stdlib.h>

enum { DUMP_VALUE = 80 }; /* bytes of a value shown in a dump */

static enum environment higher(enum environment a, enum environment b) {
    return a > b ? a : b;
}

enum environment placed_environment(const struct knowledge *knowledge,
                                    const struct placed *placed) {
    const struct entity *entity = placed->entity;
    enum environment found = placed->environment;
    if (!entity)
        return found;
    if (!match_is_action(entity))
        found = higher(found, place_environment(knowledge, placed->name));
    found = higher(found, place_of_body(knowledge, placed->body ? placed->body : entity->body));
    for (uint32_t up = entity->scope; placed->list && up < placed->list->count;
         up = placed->list->items[up].scope)
        found = higher(found, place_of_body(knowledge, placed->list->items[up].body));
    return found;
}

static uint64_t event_place(const struct event *event) {
    const struct placed *side = event_side(event);
    return (uint64_t)side->offset + (side->entity ? side->entity->span.from : 0);
}

static int compare_numbers(uint64_t a, uint64_t b) {
    return a < b ? -1 : a > b;
}

static int compare_kinds(const struct event *x, const struct event *y) {
    const struct entity *a = event_side(x)->entity, *b = event_side(y)->entity;
    int order = a && b ? slice_compare(a->kind, b->kind) : (a != NULL) - (b != NULL);
    if (order)
        return order;
    order = slice_compare(x->cause ? x->cause->path : SLICE_NONE,
                          y->cause ? y->cause->path : SLICE_NONE);
    return order ? order : slice_compare(x->reason, y->reason);
}

static int event_compare(const void *a, const void *b) {
    const struct event *x = a, *y = b;
    int order = slice_compare(event_side(x)->path, event_side(y)->path);
    if (!order)
        order = compare_numbers(event_place(x), event_place(y));
    if (!order)
        order = slice_compare(event_side(x)->name, event_side(y)->name);
    if (!order)
        order = compare_numbers(x->effect, y->effect);
    if (!order)
        order = compare_kinds(x, y);
    return order ? order : compare_numbers(x->id, y->id);
}

void events_sort(struct events *events) {
    for (uint32_t i = 0; i < events->list.count; i++)
        events->list.items[i].id = i; /* what is equal in all else keeps its order */
    if (events->list.count)
        qsort(events->list.items, events->list.count, sizeof *events->list.items, event_compare);
    for (uint32_t i = 0; i < events->list.count; i++)
        events->list.items[i].id = i;
}

static void dump_value(struct strbuf *out, const struct value *value) {
    if (value)
        strbuf_add(out, value_render(out->arena, value, DUMP_VALUE));
    else
        strbuf_add_text(out, "-");
}

static void dump_change(struct strbuf *out, const struct attribute_change *change) {
    strbuf_add_text(out, "  ");
    strbuf_add(out, change->path);
    strbuf_add_text(out, ": ");
    dump_value(out, change->was);
    strbuf_add_text(out, " -> ");
    dump_value(out, change->is);
    strbuf_addf(out, " %s%s\n", word_of(WORDS_CONFIDENCE, change->confidence),
                change->reordered ? " reordered" : "");
}

static void dump_event(struct strbuf *out, const struct event *event) {
    const struct placed *side = event_side(event);
    strbuf_addf(out, "%s %s %.*s", word_of(WORDS_EFFECT, event->effect),
                word_of(WORDS_CONFIDENCE, event->confidence), SLICE_ARGS(side->name));
    if (event->before.entity && event->after.entity &&
        !slice_equal(event->before.name, event->after.name))
        strbuf_addf(out, " was %.*s", SLICE_ARGS(event->before.name));
    strbuf_addf(out, " in %.*s", SLICE_ARGS(side->path));
    if (event->cause)
        strbuf_addf(out, " by %.*s", SLICE_ARGS(event->cause->path));
    if (event->reason.size)
        strbuf_addf(out, " (%.*s)", SLICE_ARGS(event->reason));
    strbuf_add_byte(out, '\n');
    for (uint32_t i = 0; !event->cause && i < event->change_count; i++)
        dump_change(out, &event->changes[i]);
    for (uint32_t i = 0; i < event->cascade_count; i++)
        strbuf_addf(out, "  with %.*s\n", SLICE_ARGS(event->cascade[i]));
}

void event_dump(struct strbuf *out, const struct events *events) {
    for (uint32_t i = 0; i < events->list.count; i++)
        dump_event(out, &events->list.items[i]);
}
