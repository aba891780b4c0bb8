#include "delta/listing.h"

#include "base/path.h"
#include "delta/bundle.h"

struct listing {
    const struct unit_sources *sources;
    struct events *events;
    struct map gained; /* paths that some list got */
    VEC(struct slice) lost;
    struct map known; /* paths in `lost` */
    struct map gone;  /* what they declare that is declared no more, "type/name" */
    struct map texts; /* of the other side */
    /* Of the event that is looked at: */
    struct slice folder, lists;
    struct map declared; /* after the change by all that its lists lead to */
    VEC(const struct value *) entries;
    bool missing; /* an entry of the before side */
};

static struct slice property_of(const struct placed *placed, const char *key) {
    const struct entity *entity = placed->entity;
    return entity && entity->dialect && entity->dialect->record
               ? dialect_property(entity->dialect, key)
               : SLICE_NONE;
}

static void keep_text(struct slice entry, void *context) {
    struct listing *listing = context;
    map_set(&listing->texts, entry, 1);
}

static void note_gained(struct slice entry, void *context) {
    struct listing *listing = context;
    struct bundle bundle;
    if (map_get(&listing->texts, entry) != MAP_ABSENT)
        return;
    bundle_follow(listing->sources, false, listing->folder, entry, listing->lists, &bundle);
    struct slice path = path_join(listing->sources->arena, listing->folder, entry);
    if (!slice_is_none(path))
        map_set(&listing->gained, path, 1);
    for (uint32_t i = 0; i < bundle.files.count; i++)
        map_set(&listing->gained, bundle.files.items[i], 1);
}

/* Is everything that the bundle declared before still declared? */
static bool is_declared(struct listing *listing, const struct bundle *bundle) {
    struct bundle_names names = {.list = {0}};
    bundle_declared(listing->sources, true, bundle, &names);
    bool all = bundle->files.count && !bundle->partial;
    for (uint32_t i = 0; i < names.list.count; i++)
        if (map_get(&listing->declared, names.list.items[i]) == MAP_ABSENT) {
            map_set(&listing->gone, names.list.items[i], 1);
            all = false;
        }
    return all;
}

static void note_lost(struct slice entry, void *context) {
    struct listing *listing = context;
    struct arena *arena = listing->sources->arena;
    struct bundle bundle;
    if (map_get(&listing->texts, entry) != MAP_ABSENT || slice_contains(entry, SLICE("://")))
        return;
    bundle_follow(listing->sources, true, listing->folder, entry, listing->lists, &bundle);
    if (is_declared(listing, &bundle))
        return;
    struct value *text = ARENA_NEW(arena, struct value);
    *text = (struct value){.kind = VALUE_LITERAL, .text = entry};
    vec_push(arena, &listing->entries, text);
    for (uint32_t i = 0; i < bundle.files.count; i++)
        if (map_set_default(&listing->known, bundle.files.items[i], listing->lost.count) ==
            listing->lost.count)
            vec_push(arena, &listing->lost, bundle.files.items[i]);
}

static void begin(struct listing *listing, const struct event *event) {
    const struct placed *side = event_side(event);
    listing->folder = path_directory(side->path);
    listing->lists = property_of(side, "lists");
    listing->entries.count = 0;
    map_init(&listing->texts, listing->sources->arena);
}

static void collect_gained(struct listing *listing, const struct event *event) {
    begin(listing, event);
    if (event->before.entity)
        bundle_entries(event->before.entity->dialect, event->before.body, keep_text, listing);
    if (event->after.entity)
        bundle_entries(event->after.entity->dialect, event->after.body, note_gained, listing);
}

/* The body with the entries that are lost, under "lost". */
static const struct value *with_lost(struct listing *listing, const struct value *body) {
    struct arena *arena = listing->sources->arena;
    struct span none = {0, 0};
    struct value *list = ARENA_NEW(arena, struct value), *more = ARENA_NEW(arena, struct value);
    *list = (struct value){.kind = VALUE_LIST, .count = listing->entries.count};
    list->items = ARENA_ARRAY(arena, struct value_item, list->count);
    for (uint32_t i = 0; i < list->count; i++)
        list->items[i] = (struct value_item){SLICE_NONE, none, listing->entries.items[i]};
    *more = *body;
    more->items = ARENA_ARRAY(arena, struct value_item, body->count + 1);
    for (uint32_t i = 0; i < body->count; i++)
        more->items[i] = body->items[i];
    more->items[more->count++] = (struct value_item){SLICE("lost"), none, list};
    return more;
}

static void note_missing(struct slice entry, void *context) {
    struct listing *listing = context;
    listing->missing |= map_get(&listing->texts, entry) == MAP_ABSENT;
}

static void collect_lost(struct listing *listing, struct event *event) {
    struct bundle now;
    struct bundle_names names = {.list = {0}};
    begin(listing, event);
    listing->missing = false;
    bundle_entries(event->after.entity->dialect, event->after.body, keep_text, listing);
    bundle_entries(event->before.entity->dialect, event->before.body, note_missing, listing);
    if (!listing->missing)
        return;
    bundle_open(listing->sources, false, listing->folder, listing->lists, &now);
    map_init(&listing->declared, listing->sources->arena);
    bundle_declared(listing->sources, false, &now, &names);
    for (uint32_t i = 0; i < names.list.count; i++)
        map_set(&listing->declared, names.list.items[i], 1);
    bundle_entries(event->before.entity->dialect, event->before.body, note_lost, listing);
    if (listing->entries.count)
        event->after.body = with_lost(listing, event->after.body);
}

static void emit_removed(struct listing *listing, const struct entity_list *list, uint32_t at,
                         const struct placed *like) {
    struct placed placed = *like;
    placed.entity = &list->items[at];
    placed.list = list;
    placed.body = placed.entity->body;
    placed.name =
        ARENA_CONCAT(listing->sources->arena, placed.entity->type, SLICE("/"), placed.entity->name);
    struct event event = {.effect = EFFECT_REMOVED,
                          .confidence = CONFIDENCE_LIKELY,
                          .before = placed,
                          .unit = SLICE(""),
                          .reason = SLICE("delete_because_no_longer_listed")};
    vec_push(listing->sources->arena, &listing->events->list, event);
}

/* Only what stays as a file: what goes with its file is told as such. */
static void read_lost(struct listing *listing, struct slice path) {
    const struct tree *before = &listing->sources->change->before;
    const struct tree *after = &listing->sources->change->after;
    struct reader *reader = listing->sources->reader;
    struct slice bytes, now;
    if (before->read(before->self, path, &bytes) != TREE_PRESENT ||
        after->read(after->self, path, &now) != TREE_PRESENT)
        return;
    const struct dialect *dialect = language_detect(listing->sources->dialects, path, bytes);
    if (!dialect || dialect->unit != UNIT_CHANGE)
        return;
    const struct path_facts *facts = reader_path(reader, path);
    struct placed like = {.path = path,
                          .file = bytes,
                          .unit = SLICE(""),
                          .path_class = facts->path_class,
                          .environment = facts->environment};
    uint32_t count = 0;
    const struct block *blocks = reader_blocks(reader, dialect, bytes, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct entity_list *list = entity_read(reader, dialect, blocks[i].bytes);
        like.offset = blocks[i].offset;
        like.line = blocks[i].line;
        for (uint32_t k = 0; k < list->count; k++)
            if (map_get(&listing->gone, bundle_name(listing->sources->arena, &list->items[k])) !=
                MAP_ABSENT)
                emit_removed(listing, list, k, &like);
    }
}

/* The attribute that names a file, for this type. */
static struct slice held_path(const struct entity *entity) {
    struct slice rest = entity->dialect && entity->dialect->record
                            ? dialect_property(entity->dialect, "holds_file")
                            : SLICE_NONE,
                 part;
    while (slice_split(&rest, ',', &part)) {
        size_t equals = slice_find_byte(part, '=');
        struct slice type = slice_trim(slice_sub(part, 0, equals));
        if (equals != SLICE_NPOS && (slice_is(type, "*") || slice_equal(type, entity->type)))
            return slice_trim(slice_from(part, equals + 1));
    }
    return SLICE_NONE;
}

static void add_held(const struct unit_sources *sources, struct event *event, struct slice path) {
    const struct tree *tree = &sources->change->before;
    struct slice bytes;
    if (tree->read(tree->self, path, &bytes) != TREE_PRESENT)
        return;
    const struct dialect *dialect = language_detect(sources->dialects, path, bytes);
    uint32_t count = 0;
    const struct block *blocks =
        dialect ? reader_blocks(sources->reader, dialect, bytes, &count) : NULL;
    VEC(struct slice) names = {0}, units = {0};
    for (uint32_t i = 0; i < count; i++) {
        const struct entity_list *list = entity_read(sources->reader, dialect, blocks[i].bytes);
        for (uint32_t k = 0; k < list->count && names.count < LISTING_CONTENTS; k++) {
            if (!slice_is(list->items[k].kind, "resource"))
                continue;
            vec_push(sources->arena, &names, list->items[k].name);
            vec_push(sources->arena, &units, path);
        }
    }
    event->cascade = names.items;
    event->cascade_units = units.items;
    event->cascade_count = names.count;
}

static void look_into(const struct unit_sources *sources, struct event *event) {
    const struct placed *gone = &event->before;
    bool goes = event->effect == EFFECT_REMOVED || event->effect == EFFECT_RENAMED;
    struct slice attribute = goes && gone->entity ? held_path(gone->entity) : SLICE_NONE;
    if (slice_is_none(attribute) || event->cascade_count)
        return;
    struct slice text = value_literal(value_at(gone->body, attribute));
    if (text.size && !slice_contains(text, SLICE("://"))) {
        struct slice path = path_join(sources->arena, path_directory(gone->path), text);
        if (path.size)
            add_held(sources, event, path);
    }
}

static bool lists(const struct event *event) {
    return (event->effect == EFFECT_CHANGED || event->effect == EFFECT_ADDED) &&
           property_of(event_side(event), "lists_files").size;
}

void listing_events(const struct unit_sources *sources, struct events *events) {
    struct listing listing = {.sources = sources, .events = events};
    map_init(&listing.gained, sources->arena);
    map_init(&listing.known, sources->arena);
    map_init(&listing.gone, sources->arena);
    uint32_t count = events->list.count;
    for (uint32_t i = 0; i < count; i++)
        if (lists(&events->list.items[i]))
            collect_gained(&listing, &events->list.items[i]);
    for (uint32_t i = 0; i < count; i++)
        if (events->list.items[i].effect == EFFECT_CHANGED && lists(&events->list.items[i]))
            collect_lost(&listing, &events->list.items[i]);
    for (uint32_t i = 0; i < count; i++)
        look_into(sources, &events->list.items[i]);
    for (uint32_t i = 0; i < listing.lost.count && i < LISTING_FILES; i++)
        if (map_get(&listing.gained, listing.lost.items[i]) == MAP_ABSENT)
            read_lost(&listing, listing.lost.items[i]);
}
