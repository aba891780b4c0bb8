/*
 * The cascade of a template: what refers to a replaced thing of the same file. Everything stands in
 * one file that is read already, so readings are indexed by the name they read.
 * Cost: linear in the values of the file.
 */
#include "delta/cascade.h"

#include "delta/derive.h"
#include "fact/table.h"

struct reading {
    uint32_t item; /* of the after side */
    struct slice path;
    const struct value *value;
    uint32_t next; /* of the same name, MAP_ABSENT = last */
};

struct seed {
    struct slice name;
    uint32_t event; /* whose cascade its dependants join */
    enum confidence confidence;
};

struct fall {
    uint32_t event;
    struct slice name;
};

struct cascade {
    struct emit *emit;
    const struct match_side *before, *after;
    struct map heads; /* name -> last reading */
    VEC(struct reading) readings;
    VEC(struct seed) seeds;
    VEC(struct fall) falls;
    struct map known; /* names that are replaced -> how sure */
};

enum { READING_DEPTH = 64 };

static void add_reading(struct cascade *cascade, uint32_t item, const struct strbuf *path,
                        const struct value *reference, const struct value *value) {
    struct slice name = slice_sub(reference->text, 0, slice_find_byte(reference->text, '.'));
    struct reading reading = {item, arena_copy(cascade->emit->arena, strbuf_slice(path)), value,
                              map_get(&cascade->heads, name)};
    map_set(&cascade->heads, name, cascade->readings.count);
    vec_push(cascade->emit->arena, &cascade->readings, reading);
}

static void read_value(struct cascade *cascade, uint32_t item, struct strbuf *path,
                       const struct value *value, uint32_t depth) {
    if (value->kind == VALUE_REFERENCE)
        add_reading(cascade, item, path, value, value);
    if (value->kind == VALUE_EXPRESSION)
        for (uint32_t i = 0; i < value->count; i++)
            if (value->items[i].value->kind == VALUE_REFERENCE)
                add_reading(cascade, item, path, value->items[i].value, value);
    bool inner = value->kind == VALUE_MAP || value->kind == VALUE_LIST;
    for (uint32_t i = 0; inner && depth < READING_DEPTH && i < value->count; i++) {
        size_t mark = path->size;
        if (value->kind == VALUE_MAP) {
            if (mark)
                strbuf_add_byte(path, '.');
            strbuf_add(path, value->items[i].key);
        }
        read_value(cascade, item, path, value->items[i].value, depth + 1);
        path->size = mark;
    }
}

static void read_items(struct cascade *cascade) {
    for (uint32_t i = cascade->after->items.count; i-- > 0;) { /* the last one is found first */
        const struct match_item *item = &cascade->after->items.items[i];
        struct strbuf path;
        strbuf_init(&path, cascade->emit->arena);
        if (item->partner != ENTITY_NONE && slice_is(item->placed->entity->kind, "resource"))
            read_value(cascade, i, &path, item->placed->body, 0);
    }
}

static void add_seed(struct cascade *cascade, struct seed seed) {
    map_set(&cascade->known, seed.name, seed.confidence);
    vec_push(cascade->emit->arena, &cascade->seeds, seed);
}

static bool is_replacement(const struct event *event) {
    return event->effect == EFFECT_REPLACED && event->after.entity &&
           slice_is(event->after.entity->kind, "resource");
}

/* What holds something is told by itself, not only as part of what it falls with. */
static bool is_stateful(const struct cascade *cascade, const struct entity *entity) {
    struct slice key[] = {dialect_system(entity->dialect, entity->type), entity->type};
    return table_has(cascade->emit->knowledge, SLICE("stateful_types"), key, 2);
}

static struct event event_of(const struct cascade *cascade, const struct reading *reading,
                             const struct seed *seed) {
    struct arena *arena = cascade->emit->arena;
    const struct match_item *item = &cascade->after->items.items[reading->item];
    struct value *later = ARENA_NEW(arena, struct value);
    *later = (struct value){.kind = VALUE_UNKNOWN,
                            .text = ARENA_CONCAT(arena, SLICE("that of a new "), seed->name),
                            .span = reading->value->span};
    struct attribute_change *change = ARENA_NEW(arena, struct attribute_change);
    *change = (struct attribute_change){
        .path = reading->path, .was = reading->value, .is = later, .confidence = CONFIDENCE_LIKELY};
    return (struct event){.effect = EFFECT_REPLACED,
                          .before = *cascade->before->items.items[item->partner].placed,
                          .after = *item->placed,
                          .changes = change,
                          .change_count = 1,
                          .reason = SLICE("replace_because_cannot_update")};
}

static void follow_reading(struct cascade *cascade, const struct reading *reading,
                           const struct seed *seed) {
    struct event event = event_of(cascade, reading, seed);
    struct slice name = event.after.entity->name;
    enum confidence confidence;
    if (slice_equal(name, seed->name) ||
        !derive_replacement(cascade->emit, &event, &event.cause, &confidence))
        return;
    event.confidence = confidence < seed->confidence ? confidence : seed->confidence;
    if (event.confidence > CONFIDENCE_LIKELY)
        event.confidence = CONFIDENCE_LIKELY;
    uint32_t known = map_get(&cascade->known, name), root = seed->event;
    if (known != MAP_ABSENT && known >= event.confidence)
        return;
    bool less_sure = event.confidence < CONFIDENCE_LIKELY && seed->confidence >= CONFIDENCE_LIKELY;
    if (!less_sure)
        vec_push(cascade->emit->arena, &cascade->falls, ((struct fall){root, event.after.name}));
    if (less_sure || is_stateful(cascade, event.after.entity)) {
        if (less_sure)
            root = cascade->emit->events->list.count;
        emit_event(cascade->emit, event);
    }
    add_seed(cascade, (struct seed){name, root, event.confidence});
}

static void tell_falls(const struct cascade *cascade, uint32_t event) {
    VEC(struct slice) names = {0};
    for (uint32_t i = 0; i < cascade->falls.count; i++)
        if (cascade->falls.items[i].event == event)
            vec_push(cascade->emit->arena, &names, cascade->falls.items[i].name);
    cascade->emit->events->list.items[event].cascade = names.items;
    cascade->emit->events->list.items[event].cascade_count = names.count;
}

void cascade_template(struct emit *emit, uint32_t first, const struct match_side *before,
                      const struct match_side *after) {
    struct cascade cascade = {.emit = emit, .before = before, .after = after};
    map_init(&cascade.heads, emit->arena);
    map_init(&cascade.known, emit->arena);
    for (uint32_t i = first; i < emit->events->list.count; i++) {
        const struct event *event = &emit->events->list.items[i];
        if (is_replacement(event))
            add_seed(&cascade, (struct seed){event->after.entity->name, i, event->confidence});
    }
    if (!cascade.seeds.count)
        return;
    read_items(&cascade);
    for (uint32_t i = 0; i < cascade.seeds.count; i++) {
        struct seed seed = cascade.seeds.items[i]; /* the list grows */
        uint32_t at = map_get(&cascade.heads, seed.name);
        for (; at != MAP_ABSENT; at = cascade.readings.items[at].next)
            follow_reading(&cascade, &cascade.readings.items[at], &seed);
    }
    for (uint32_t i = 0; i < cascade.falls.count; i++)
        if (!emit->events->list.items[cascade.falls.items[i].event].cascade)
            tell_falls(&cascade, cascade.falls.items[i].event);
}
