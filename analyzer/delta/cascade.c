#include "delta/cascade.h"

#include "delta/derive.h"
#include "delta/mention.h"
#include "delta/seed.h"

#include "base/path.h"
#include "fact/path.h"
#include "fact/table.h"

struct falling {
    uint32_t root;
    uint32_t data; /* event of the first that holds data, ENTITY_NONE = none */
    uint32_t data_count;
    VEC(struct slice) names, losing;
};

struct cascade {
    struct cascade_unit *unit;
    struct arena *arena;
    VEC(struct seed) seeds;
    struct map sure, maybe; /* names of what is replaced, surely or not */
    struct map asked;       /* data sources that follow */
    VEC(struct falling) falls;
    struct map fall_index; /* root -> falls */
    struct map crossed;    /* borders of modules that a seed has crossed */
};

static bool is_resource(const struct placed *placed) {
    return slice_is(placed->entity->kind, "resource");
}

static bool is_read_only(const struct placed *placed) {
    return slice_is(placed->entity->kind, "data");
}

static bool is_replacement(const struct event *event) {
    return event->effect == EFFECT_REPLACED && event->after.entity && is_resource(&event->after) &&
           dialect_property(event->after.entity->dialect, "replacement").size;
}

static bool is_source(const struct event *event) {
    return event->effect == EFFECT_CHANGED && event->after.entity &&
           (is_resource(&event->after) || is_read_only(&event->after)) &&
           event->after.entity->dialect && event->after.entity->dialect->record &&
           dialect_property(event->after.entity->dialect, "replacement").size;
}

bool cascade_is_possible(const struct emit *emit, uint32_t first) {
    for (uint32_t i = first; i < emit->events->list.count; i++)
        if (is_replacement(&emit->events->list.items[i]) || is_source(&emit->events->list.items[i]))
            return true;
    return false;
}

bool cascade_goes_far(const struct emit *emit, uint32_t first) {
    for (uint32_t i = first; i < emit->events->list.count; i++) {
        const struct event *event = &emit->events->list.items[i];
        if (is_replacement(event) || (is_source(event) && is_read_only(&event->after)))
            return true;
    }
    return false;
}

static void add_seed(struct cascade *cascade, struct seed seed) {
    vec_push(cascade->arena, &cascade->seeds, seed);
}

static void note_replaced(struct cascade *cascade, struct slice name, enum confidence confidence) {
    map_set(confidence >= CONFIDENCE_LIKELY ? &cascade->sure : &cascade->maybe, name, 1);
}

/* Without the index of an instance. */
static struct slice address_of(struct cascade *cascade, const struct placed *placed) {
    struct slice name = placed->entity->name;
    return placed->module.size ? ARENA_CONCAT(cascade->arena, placed->module, name) : name;
}

static struct seed seed_of(struct cascade *cascade, struct cascade_unit *unit,
                           const struct event *event, uint32_t root) {
    return (struct seed){.name = address_of(cascade, &event->after),
                         .unit = unit,
                         .start = event->after.entity->name,
                         .dialect = event->after.entity->dialect,
                         .is = event->after.body,
                         .changes = event->changes,
                         .change_count = event->change_count,
                         .confidence = event->confidence,
                         .root = root,
                         .read_only = is_read_only(&event->after)};
}

/* Events of modules that were compared in between have been followed from there. */
static bool is_here(const struct cascade *cascade, const struct event *event) {
    return slice_equal(event->after.module, cascade->unit->prefix);
}

static void collect_seeds(struct cascade *cascade) {
    const struct events *events = cascade->unit->emit->events;
    for (uint32_t i = cascade->unit->first; i < events->list.count; i++) {
        const struct event *event = &events->list.items[i];
        if (!is_replacement(event) || !is_here(cascade, event))
            continue;
        note_replaced(cascade, address_of(cascade, &event->after), event->confidence);
        add_seed(cascade, seed_of(cascade, cascade->unit, event, i));
    }
    for (uint32_t i = cascade->unit->first; i < events->list.count; i++) {
        const struct event *event = &events->list.items[i];
        if (is_source(event) && is_here(cascade, event) &&
            map_get(&cascade->sure, address_of(cascade, &event->after)) == MAP_ABSENT)
            add_seed(cascade, seed_of(cascade, cascade->unit, event, ENTITY_NONE));
    }
}

/* The attributes of one thing that read something new of a seed. */
struct reading {
    struct cascade *cascade;
    const struct seed *seed;
    struct strbuf path;
    VEC(struct attribute_change) changes;
    bool triggered; /* it asks to be replaced with it */
};

static bool holds_maps(const struct value *list) {
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i].value->kind == VALUE_MAP)
            return true;
    return false;
}

/* What it will be is known only when it is applied, unless the seed's own edit says so. */
static void note_reading(struct reading *reading, const struct value *value,
                         enum confidence confidence) {
    static const struct value later = {
        .kind = VALUE_UNKNOWN, .text = {"known after apply", sizeof "known after apply" - 1}};
    struct slice path = arena_copy(reading->cascade->arena, strbuf_slice(&reading->path));
    if (path_relate(SLICE("lifecycle.replace_triggered_by"), path) == PATH_SAME)
        reading->triggered = true;
    const struct attribute_change *count = seed_counts(reading->seed);
    const struct value *was =
        count ? seed_elements(reading->cascade->arena, reading->seed, value, count->was) : NULL;
    const struct value *is =
        count ? seed_elements(reading->cascade->arena, reading->seed, value, count->is) : NULL;
    vec_push(reading->cascade->arena, &reading->changes,
             ((struct attribute_change){.path = path,
                                        .was = was && is ? was : value,
                                        .is = was && is ? is : &later,
                                        .confidence = confidence}));
}

static void add_key(struct strbuf *path, struct slice key) {
    bool plain = key.size > 0;
    for (size_t i = 0; i < key.size && plain; i++)
        plain = strchr(".[{\"", key.data[i]) == NULL;
    if (!plain)
        strbuf_add_byte(path, '"');
    strbuf_add(path, key);
    if (!plain)
        strbuf_add_byte(path, '"');
}

static void read_value(struct reading *reading, const struct value *value, uint32_t depth) {
    if (depth > RESOLVE_DEPTH)
        return;
    bool inner = value->kind == VALUE_MAP || (value->kind == VALUE_LIST && holds_maps(value));
    if (!inner) {
        enum confidence confidence = seed_reads(reading->seed, value);
        if (confidence != CONFIDENCE_UNKNOWN)
            note_reading(reading, value, confidence);
        return;
    }
    for (uint32_t i = 0; i < value->count; i++) {
        size_t mark = reading->path.size;
        if (value->kind == VALUE_MAP) {
            if (mark)
                strbuf_add_byte(&reading->path, '.');
            add_key(&reading->path, value->items[i].key);
        }
        read_value(reading, value->items[i].value, depth + 1);
        reading->path.size = mark;
    }
}

static struct falling *join(struct cascade *cascade, uint32_t root, struct slice name) {
    uint32_t at = map_set_default(&cascade->fall_index, arena_format(cascade->arena, "%u", root),
                                  cascade->falls.count);
    if (at == cascade->falls.count)
        vec_push(cascade->arena, &cascade->falls,
                 ((struct falling){.root = root, .data = ENTITY_NONE}));
    vec_push(cascade->arena, &cascade->falls.items[at].names, name);
    return &cascade->falls.items[at];
}

static bool is_sure(enum confidence confidence) {
    return confidence >= CONFIDENCE_LIKELY;
}

static bool holds_data(const struct cascade *cascade, const struct entity *entity) {
    struct slice key[] = {dialect_system(entity->dialect, entity->type), entity->type};
    return table_has(cascade->unit->emit->knowledge, SLICE("data_types"), key, 2);
}

/* The loss of data is another one than that of its neighbours: one event tells it for all that fall
 * with one root, unless the root loses data itself. */
static void lose_data(struct cascade *cascade, struct falling *falling, const struct event *event) {
    struct emit *emit = cascade->unit->emit;
    const struct event *root = &emit->events->list.items[falling->root];
    falling->data_count++;
    if (holds_data(cascade, root->after.entity))
        return;
    if (falling->data == ENTITY_NONE) {
        falling->data = emit->events->list.count;
        emit_event(emit, *event);
    } else {
        vec_push(cascade->arena, &falling->losing, address_of(cascade, &event->after));
    }
}

/* It joins what it falls with, unless that is surer; then it is an event of its own. */
static void fall(struct cascade *cascade, const struct seed *seed, struct event *event) {
    struct slice name = address_of(cascade, &event->after);
    bool known = map_get(is_sure(event->confidence) ? &cascade->sure : &cascade->maybe, name) !=
                     MAP_ABSENT ||
                 map_get(&cascade->sure, name) != MAP_ABSENT;
    if (known)
        return;
    note_replaced(cascade, name, event->confidence);
    uint32_t root = seed->root;
    if (root == ENTITY_NONE || is_sure(seed->confidence) != is_sure(event->confidence)) {
        root = cascade->unit->emit->events->list.count;
        emit_event(cascade->unit->emit, *event);
    } else {
        struct falling *falling = join(cascade, root, name);
        if (holds_data(cascade, event->after.entity))
            lose_data(cascade, falling, event);
    }
    add_seed(cascade, seed_of(cascade, seed->unit, event, root));
}

/* slice_contains by the name's dot, which is rarer than its first letter. */
static bool speaks_of(struct slice text, struct slice name) {
    size_t dot = slice_find_byte(name, '.');
    if (dot == SLICE_NPOS)
        return slice_contains(text, name);
    for (size_t at = dot; at < text.size; at++) {
        size_t found = slice_find_byte(slice_from(text, at), '.');
        if (found == SLICE_NPOS)
            return false;
        at += found;
        if (slice_starts(slice_from(text, at - dot), name))
            return true;
    }
    return false;
}

static bool value_speaks(const struct value *value, struct slice name) {
    if (value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION)
        return speaks_of(value->text, name);
    for (uint32_t i = 0; i < value->count; i++)
        if (value_speaks(value->items[i].value, name))
            return true;
    return false;
}

/* Has the seed come this way before? */
static bool has_crossed(struct cascade *cascade, const struct seed *seed,
                        const struct cascade_unit *unit, struct slice start) {
    struct slice root = slice_make((const char *)&seed->root, sizeof seed->root);
    struct slice key =
        ARENA_CONCAT(cascade->arena, root, seed->name, SLICE(" "), unit->prefix, SLICE(" "), start);
    return map_set_default(&cascade->crossed, key, cascade->seeds.count) != cascade->seeds.count;
}

/* Arguments that read the seed make it known inside of the module under the names of variables. */
static void enter_module(struct cascade *cascade, const struct seed *seed,
                         const struct placed *placed) {
    struct cascade_unit *unit = NULL;
    for (uint32_t i = 0; i < placed->body->count; i++) {
        const struct value_item *item = &placed->body->items[i];
        struct slice start = ARENA_CONCAT(cascade->arena, SLICE("var."), item->key);
        if (seed_reads_deep(seed, item->value) == CONFIDENCE_UNKNOWN)
            continue;
        if (!unit)
            unit = seed->unit->enter(seed->unit->context, placed);
        if (!unit)
            return;
        struct seed inside = *seed;
        inside.unit = unit;
        inside.start = start;
        if (!has_crossed(cascade, seed, unit, start))
            add_seed(cascade, inside);
    }
}

/* An output that reads the seed is something new wherever the module is called. */
static void leave_module(struct cascade *cascade, const struct seed *seed,
                         const struct placed *placed) {
    const struct value *value = value_get(placed->body, SLICE("value"));
    enum confidence confidence = value ? seed_reads_deep(seed, value) : CONFIDENCE_UNKNOWN;
    struct slice call, name = placed->entity->name;
    struct cascade_unit *unit =
        confidence == CONFIDENCE_UNKNOWN ? NULL : seed->unit->leave(seed->unit->context, &call);
    if (!unit)
        return;
    struct slice bare = slice_from(name, slice_find_byte(name, '.') + 1);
    struct seed outside = {.unit = unit,
                           .start = ARENA_CONCAT(cascade->arena, call, SLICE("."), bare),
                           .dialect = seed->dialect,
                           .confidence =
                               confidence < seed->confidence ? confidence : seed->confidence,
                           .root = seed->root,
                           .read_only = true};
    outside.name = ARENA_CONCAT(cascade->arena, unit->prefix, outside.start);
    if (!has_crossed(cascade, &outside, unit, outside.start))
        add_seed(cascade, outside);
}

static void follow(struct cascade *cascade, const struct seed *seed, const struct placed *placed) {
    struct reading reading = {.cascade = cascade, .seed = seed};
    bool resource = is_resource(placed), read_only = is_read_only(placed);
    if (slice_is(placed->entity->kind, "module"))
        enter_module(cascade, seed, placed);
    else if (slice_is(placed->entity->kind, "output"))
        leave_module(cascade, seed, placed);
    if ((!resource && !read_only) || slice_equal(address_of(cascade, placed), seed->name))
        return;
    strbuf_init(&reading.path, cascade->arena);
    read_value(&reading, placed->body, 0);
    if (!reading.changes.count)
        return;
    struct event event = {.effect = EFFECT_REPLACED,
                          .confidence = seed->confidence,
                          .before = *placed,
                          .after = *placed,
                          .changes = reading.changes.items,
                          .change_count = reading.changes.count,
                          .reason = SLICE("replace_because_cannot_update")};
    if (read_only) {
        struct slice name = address_of(cascade, placed);
        if (map_set_default(&cascade->asked, name, seed->root) == seed->root)
            add_seed(cascade, seed_of(cascade, seed->unit, &event, ENTITY_NONE));
        return;
    }
    enum confidence confidence = CONFIDENCE_LIKELY;
    if (reading.triggered)
        event.reason = SLICE("replace_by_triggers");
    else if (!derive_replacement(cascade->unit->emit, &event, &event.cause, &confidence))
        return;
    if (!event.cause)
        event.cause = &event.changes[0];
    if (confidence < event.confidence)
        event.confidence = confidence;
    if (event.confidence > CONFIDENCE_LIKELY)
        event.confidence = CONFIDENCE_LIKELY;
    fall(cascade, seed, &event);
}

static void follow_block(struct cascade *cascade, const struct seed *seed, uint32_t at) {
    struct cascade_block *block = &seed->unit->blocks[at];
    if (block->neighbour && seed->root == ENTITY_NONE && !seed->read_only)
        return; /* only looked for where the change is: such a reading is rare */
    if (!block->read)
        seed->unit->read(seed->unit->context, at);
    block->read = true;
    for (uint32_t i = 0; i < block->items.count; i++)
        follow(cascade, seed, block->items.items[i]);
}

static void add_name_mentions(struct mentions *mentions, const struct value *value,
                              struct slice name) {
    if (value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION)
        mentions_add(mentions, value->text, name, 0);
    else
        for (uint32_t i = 0; i < value->count; i++)
            add_name_mentions(mentions, value->items[i].value, name);
}

static struct mentions *mentions_of(struct cascade *cascade, struct cascade_unit *unit) {
    if (unit->indexed)
        return &unit->mentions;
    unit->indexed = true;
    mentions_init(&unit->mentions, cascade->arena);
    for (uint32_t i = unit->count; i-- > 0;)
        mentions_add(&unit->mentions, unit->blocks[i].bytes, SLICE_NONE, i);
    for (uint32_t i = unit->names->settings.count; i-- > 0;) {
        const struct resolve_setting *setting = &unit->names->settings.items[i];
        if (setting->value && setting->rank != UINT32_MAX) /* an argument comes from outside */
            add_name_mentions(&unit->mentions, setting->value, setting->name);
    }
    return &unit->mentions;
}

/* Through the names that stand for what reads it. */
static void follow_mentions(struct cascade *cascade, const struct seed *seed) {
    VEC(struct slice) names = {0};
    struct map visited;
    map_init(&visited, cascade->arena);
    struct mentions *mentions = mentions_of(cascade, seed->unit);
    vec_push(cascade->arena, &names, seed->start);
    for (uint32_t n = 0; n < names.count; n++) {
        uint32_t at = mentions_find(mentions, names.items[n]);
        for (; at != MAP_ABSENT; at = mentions->list.items[at].next) {
            struct mention mention = mentions->list.items[at];
            if (slice_is_none(mention.name))
                follow_block(cascade, seed, mention.block);
            else if (map_get(&visited, mention.name) == MAP_ABSENT)
                vec_push(cascade->arena, &names, mention.name);
            map_set(&visited, slice_is_none(mention.name) ? SLICE("") : mention.name, 1);
        }
    }
}

/* Most changed things are named nowhere else: a search for the text is a tenth of the index. */
static bool is_named(const struct cascade_unit *unit, struct slice name) {
    uint64_t dots = block_dots(name);
    for (uint32_t i = 0; i < unit->count; i++)
        if ((unit->blocks[i].dots & dots) == dots && speaks_of(unit->blocks[i].bytes, name))
            return true;
    for (uint32_t i = 0; i < unit->names->settings.count; i++) {
        const struct resolve_setting *setting = &unit->names->settings.items[i];
        if (setting->value && value_speaks(setting->value, name))
            return true;
    }
    return false;
}

static bool is_any_named(const struct cascade *cascade) {
    for (uint32_t i = 0; i < cascade->seeds.count; i++)
        if (is_named(cascade->unit, cascade->seeds.items[i].start))
            return true;
    return false;
}

/* Instances that the event stands for come first. */
static void join_cascade(struct arena *arena, struct event *event, const struct slice *fallen,
                         uint32_t count) {
    uint32_t own = event->cascade_count;
    struct slice *names = ARENA_ARRAY(arena, struct slice, (size_t)own + count + 1);
    if (own)
        memcpy(names, event->cascade, own * sizeof *names);
    if (count)
        memcpy(names + own, fallen, count * sizeof *names);
    event->cascade = names;
    event->cascade_count = own + count;
}

static void tell_falling(struct arena *arena, struct events *events,
                         const struct falling *falling) {
    struct event *root = &events->list.items[falling->root];
    join_cascade(arena, root, falling->names.items, falling->names.count);
    root->falls = falling->names.count;
    root->falls_data = falling->data_count;
    if (falling->data != ENTITY_NONE)
        join_cascade(arena, &events->list.items[falling->data], falling->losing.items,
                     falling->losing.count);
}

void cascade_events(struct cascade_unit *unit) {
    struct arena *arena = unit->emit->arena;
    struct cascade cascade = {.unit = unit, .arena = arena};
    map_init(&cascade.sure, arena);
    map_init(&cascade.maybe, arena);
    map_init(&cascade.asked, arena);
    map_init(&cascade.fall_index, arena);
    map_init(&cascade.crossed, arena);
    collect_seeds(&cascade);
    if (!is_any_named(&cascade))
        return;
    for (uint32_t i = 0; i < cascade.seeds.count; i++) {
        struct seed seed = cascade.seeds.items[i]; /* the list grows */
        follow_mentions(&cascade, &seed);
    }
    for (uint32_t i = 0; i < cascade.falls.count; i++)
        tell_falling(arena, unit->emit->events, &cascade.falls.items[i]);
}
