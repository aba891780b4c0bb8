#include "delta/cascade.h"

#include "base/glob.h"

#include "delta/derive.h"
#include "delta/mention.h"

#include "base/path.h"
#include "fact/path.h"
#include "fact/table.h"

/* A thing whose attributes are not what they were. */
struct seed {
    struct slice name;
    const struct dialect *dialect;
    const struct value *is; /* body */
    const struct attribute_change *changes;
    uint32_t change_count;
    enum confidence confidence;
    uint32_t root;  /* event whose cascade its dependants join; ENTITY_NONE = not replaced */
    bool read_only; /* a data source: it is asked again */
};

struct falling {
    uint32_t root;
    VEC(struct slice) names;
};

struct cascade {
    struct cascade_unit *unit;
    struct arena *arena;
    VEC(struct seed) seeds;
    struct map sure, maybe; /* names of what is replaced, surely or not */
    struct map asked;       /* data sources that follow */
    VEC(struct falling) falls;
    struct map fall_index; /* root -> falls */
    struct mentions mentions;
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

static struct seed seed_of(const struct event *event, uint32_t root) {
    return (struct seed){.name = event->after.entity->name,
                         .dialect = event->after.entity->dialect,
                         .is = event->after.body,
                         .changes = event->changes,
                         .change_count = event->change_count,
                         .confidence = event->confidence,
                         .root = root,
                         .read_only = is_read_only(&event->after)};
}

static void collect_seeds(struct cascade *cascade) {
    const struct events *events = cascade->unit->emit->events;
    for (uint32_t i = cascade->unit->first; i < events->list.count; i++) {
        const struct event *event = &events->list.items[i];
        if (!is_replacement(event))
            continue;
        note_replaced(cascade, event->after.entity->name, event->confidence);
        add_seed(cascade, seed_of(event, i));
    }
    for (uint32_t i = cascade->unit->first; i < events->list.count; i++) {
        const struct event *event = &events->list.items[i];
        if (is_source(event) && map_get(&cascade->sure, event->after.entity->name) == MAP_ABSENT)
            add_seed(cascade, seed_of(event, ENTITY_NONE));
    }
}

static const struct attribute_change *change_at(const struct seed *seed, struct slice attribute) {
    for (uint32_t i = 0; i < seed->change_count; i++) {
        struct slice path = seed->changes[i].path;
        if (slice_starts(path, attribute) &&
            (path.size == attribute.size || path.data[attribute.size] == '.' ||
             path.data[attribute.size] == '['))
            return &seed->changes[i];
    }
    return NULL;
}

/* One value was exchanged for another: what is read by it is another thing. */
static bool asks_otherwise(const struct seed *seed) {
    for (uint32_t i = 0; i < seed->change_count; i++)
        if (seed->changes[i].was && seed->changes[i].is)
            return true;
    return false;
}

/* Attributes that count every edit: the dialect's property `recomputed`, globs of names. */
static bool is_recomputed(const struct seed *seed, struct slice attribute) {
    struct slice globs = dialect_property(seed->dialect, "recomputed"), glob;
    while (slice_split(&globs, ',', &glob))
        if (glob_match(slice_trim(glob), attribute))
            return true;
    return false;
}

/* How sure the attribute has another value than before; CONFIDENCE_UNKNOWN: it has not. */
static enum confidence reads_new(const struct seed *seed, struct slice attribute) {
    if (!attribute.size || change_at(seed, attribute))
        return CONFIDENCE_LIKELY;
    if (value_get(seed->is, attribute)) /* configured, and as it was */
        return CONFIDENCE_UNKNOWN;
    if (seed->root != ENTITY_NONE)
        return CONFIDENCE_LIKELY;
    if (seed->read_only)
        return asks_otherwise(seed) ? CONFIDENCE_LIKELY : CONFIDENCE_POSSIBLE;
    return is_recomputed(seed, attribute) ? CONFIDENCE_POSSIBLE : CONFIDENCE_UNKNOWN;
}

/* The attributes of one thing that read something new of a seed. */
struct reading {
    struct cascade *cascade;
    const struct seed *seed;
    struct strbuf path;
    VEC(struct attribute_change) changes;
    bool triggered; /* it asks to be replaced with it */
};

static enum confidence text_reads(const struct seed *seed, struct slice text) {
    enum confidence best = CONFIDENCE_UNKNOWN;
    struct slice attribute;
    while (mention_next(&text, seed->name, &attribute)) {
        enum confidence confidence = reads_new(seed, attribute);
        if (confidence > best)
            best = confidence;
    }
    return best;
}

static enum confidence value_reads(const struct seed *seed, const struct value *value) {
    if (value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION)
        return text_reads(seed, value->text);
    enum confidence best = CONFIDENCE_UNKNOWN;
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++) {
        enum confidence confidence = value_reads(seed, value->items[i].value);
        if (confidence > best)
            best = confidence;
    }
    return best;
}

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
    vec_push(reading->cascade->arena, &reading->changes,
             ((struct attribute_change){
                 .path = path, .was = value, .is = &later, .confidence = confidence}));
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
        enum confidence confidence = value_reads(reading->seed, value);
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

static void join(struct cascade *cascade, uint32_t root, struct slice name) {
    uint32_t at = map_set_default(&cascade->fall_index, arena_format(cascade->arena, "%u", root),
                                  cascade->falls.count);
    if (at == cascade->falls.count)
        vec_push(cascade->arena, &cascade->falls, ((struct falling){.root = root}));
    vec_push(cascade->arena, &cascade->falls.items[at].names, name);
}

static bool is_sure(enum confidence confidence) {
    return confidence >= CONFIDENCE_LIKELY;
}

static bool holds_data(const struct cascade *cascade, const struct entity *entity) {
    struct slice key[] = {dialect_system(entity->dialect, entity->type), entity->type};
    return table_has(cascade->unit->emit->knowledge, SLICE("data_types"), key, 2);
}

/* It joins what it falls with, unless that is surer; then it is an event of its own. What holds
 * data is told by itself as well: its loss is another one than that of its neighbours. */
static void fall(struct cascade *cascade, const struct seed *seed, struct event *event) {
    struct slice name = event->after.entity->name;
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
        join(cascade, root, name);
        if (holds_data(cascade, event->after.entity))
            emit_event(cascade->unit->emit, *event);
    }
    add_seed(cascade, seed_of(event, root));
}

static void follow(struct cascade *cascade, const struct seed *seed, const struct placed *placed) {
    struct reading reading = {.cascade = cascade, .seed = seed};
    bool resource = is_resource(placed), read_only = is_read_only(placed);
    if ((!resource && !read_only) || slice_equal(placed->entity->name, seed->name))
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
        if (map_get(&cascade->asked, placed->entity->name) == MAP_ABSENT)
            add_seed(cascade, seed_of(&event, ENTITY_NONE));
        map_set(&cascade->asked, placed->entity->name, 1);
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
    struct cascade_block *block = &cascade->unit->blocks[at];
    if (block->neighbour && seed->root == ENTITY_NONE && !seed->read_only)
        return; /* only looked for where the change is: such a reading is rare */
    if (!block->read)
        cascade->unit->read(cascade->unit->context, at);
    block->read = true;
    for (uint32_t i = 0; i < block->items.count; i++)
        follow(cascade, seed, block->items.items[i]);
}

/* Through the names that stand for what reads it. */
static void follow_mentions(struct cascade *cascade, const struct seed *seed) {
    VEC(struct slice) names = {0};
    struct map visited;
    map_init(&visited, cascade->arena);
    vec_push(cascade->arena, &names, seed->name);
    for (uint32_t n = 0; n < names.count; n++) {
        uint32_t at = mentions_find(&cascade->mentions, names.items[n]);
        for (; at != MAP_ABSENT; at = cascade->mentions.list.items[at].next) {
            struct mention mention = cascade->mentions.list.items[at];
            if (slice_is_none(mention.name))
                follow_block(cascade, seed, mention.block);
            else if (map_get(&visited, mention.name) == MAP_ABSENT)
                vec_push(cascade->arena, &names, mention.name);
            map_set(&visited, slice_is_none(mention.name) ? SLICE("") : mention.name, 1);
        }
    }
}

static void add_name_mentions(struct mentions *mentions, const struct value *value,
                              struct slice name) {
    if (value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION)
        mentions_add(mentions, value->text, name, 0);
    else
        for (uint32_t i = 0; i < value->count; i++)
            add_name_mentions(mentions, value->items[i].value, name);
}

static void collect_mentions(struct cascade *cascade) {
    const struct cascade_unit *unit = cascade->unit;
    mentions_init(&cascade->mentions, cascade->arena);
    for (uint32_t i = unit->count; i-- > 0;)
        mentions_add(&cascade->mentions, unit->blocks[i].bytes, SLICE_NONE, i);
    for (uint32_t i = unit->names->settings.count; i-- > 0;) {
        const struct resolve_setting *setting = &unit->names->settings.items[i];
        if (setting->value)
            add_name_mentions(&cascade->mentions, setting->value, setting->name);
    }
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

static bool value_names(const struct value *value, struct slice name) {
    if (value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION)
        return speaks_of(value->text, name);
    for (uint32_t i = 0; i < value->count; i++)
        if (value_names(value->items[i].value, name))
            return true;
    return false;
}

/* Most changed things are named nowhere else: a search for the text is a tenth of the index. */
static bool is_named(const struct cascade_unit *unit, struct slice name) {
    for (uint32_t i = 0; i < unit->count; i++)
        if (speaks_of(unit->blocks[i].bytes, name))
            return true;
    for (uint32_t i = 0; i < unit->names->settings.count; i++) {
        const struct resolve_setting *setting = &unit->names->settings.items[i];
        if (setting->value && value_names(setting->value, name))
            return true;
    }
    return false;
}

static bool is_any_named(const struct cascade *cascade) {
    for (uint32_t i = 0; i < cascade->seeds.count; i++)
        if (is_named(cascade->unit, cascade->seeds.items[i].name))
            return true;
    return false;
}

/* Instances that the event stands for come first. */
static void join_cascade(struct arena *arena, struct event *event, const struct falling *falling) {
    uint32_t own = event->cascade_count;
    struct slice *names = ARENA_ARRAY(arena, struct slice, (size_t)own + falling->names.count);
    if (own)
        memcpy(names, event->cascade, own * sizeof *names);
    memcpy(names + own, falling->names.items, falling->names.count * sizeof *names);
    event->cascade = names;
    event->cascade_count = own + falling->names.count;
}

void cascade_events(struct cascade_unit *unit) {
    struct arena *arena = unit->emit->arena;
    struct cascade cascade = {.unit = unit, .arena = arena};
    map_init(&cascade.sure, arena);
    map_init(&cascade.maybe, arena);
    map_init(&cascade.asked, arena);
    map_init(&cascade.fall_index, arena);
    collect_seeds(&cascade);
    if (!is_any_named(&cascade))
        return;
    collect_mentions(&cascade);
    for (uint32_t i = 0; i < cascade.seeds.count; i++) {
        struct seed seed = cascade.seeds.items[i]; /* the list grows */
        follow_mentions(&cascade, &seed);
    }
    for (uint32_t i = 0; i < cascade.falls.count; i++)
        join_cascade(arena, &unit->emit->events->list.items[cascade.falls.items[i].root],
                     &cascade.falls.items[i]);
}
