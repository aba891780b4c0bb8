#include "delta/listing.h"

#include "base/path.h"

struct listing {
    const struct unit_sources *sources;
    struct events *events;
    struct map gained; /* paths that some list got */
    VEC(struct slice) lost;
    struct map known; /* paths in `lost` */
    struct map texts; /* of the other side */
};

static struct slice lists_of(const struct placed *placed) {
    const struct entity *entity = placed->entity;
    return entity && entity->dialect && entity->dialect->record
               ? dialect_property(entity->dialect, "lists_files")
               : SLICE_NONE;
}

typedef void entry_visitor(struct listing *listing, struct slice path, struct slice text);

static void each_entry(struct listing *listing, const struct placed *placed, entry_visitor *visit) {
    struct slice names = lists_of(placed), name;
    while (slice_split(&names, ',', &name)) {
        const struct value *list = value_at(placed->body, slice_trim(name));
        for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++) {
            struct slice text = value_literal(list->items[i].value);
            struct slice path =
                slice_is_none(text) || slice_contains(text, SLICE("://"))
                    ? SLICE_NONE
                    : path_join(listing->sources->arena, path_directory(placed->path), text);
            if (path.size)
                visit(listing, path, text);
        }
    }
}

static void keep_text(struct listing *listing, struct slice path, struct slice text) {
    (void)path;
    map_set(&listing->texts, text, 1);
}

static void note_gained(struct listing *listing, struct slice path, struct slice text) {
    if (map_get(&listing->texts, text) == MAP_ABSENT)
        map_set(&listing->gained, path, 1);
}

static void note_lost(struct listing *listing, struct slice path, struct slice text) {
    if (map_get(&listing->texts, text) != MAP_ABSENT ||
        map_set_default(&listing->known, path, listing->lost.count) != listing->lost.count)
        return;
    vec_push(listing->sources->arena, &listing->lost, path);
}

static void compare_lists(struct listing *listing, const struct event *event) {
    map_init(&listing->texts, listing->sources->arena);
    if (event->before.entity)
        each_entry(listing, &event->before, keep_text);
    if (event->after.entity)
        each_entry(listing, &event->after, note_gained);
    if (event->effect != EFFECT_CHANGED)
        return;
    map_init(&listing->texts, listing->sources->arena);
    each_entry(listing, &event->after, keep_text);
    each_entry(listing, &event->before, note_lost);
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
            if (slice_is(list->items[k].kind, "resource"))
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
        if (equals != SLICE_NPOS &&
            slice_equal(slice_trim(slice_sub(part, 0, equals)), entity->type))
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

void listing_events(const struct unit_sources *sources, struct events *events) {
    struct listing listing = {.sources = sources, .events = events};
    map_init(&listing.gained, sources->arena);
    map_init(&listing.known, sources->arena);
    uint32_t count = events->list.count;
    for (uint32_t i = 0; i < count; i++) {
        const struct event *event = &events->list.items[i];
        bool whole = event->effect == EFFECT_CHANGED || event->effect == EFFECT_ADDED;
        if (whole && lists_of(event_side(event)).size)
            compare_lists(&listing, event);
    }
    for (uint32_t i = 0; i < count; i++)
        look_into(sources, &events->list.items[i]);
    for (uint32_t i = 0; i < listing.lost.count && i < LISTING_FILES; i++)
        if (map_get(&listing.gained, listing.lost.items[i]) == MAP_ABSENT)
            read_lost(&listing, listing.lost.items[i]);
}
