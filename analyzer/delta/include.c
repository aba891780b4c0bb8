#include "delta/include_file.h"

/* ---- all that a file leads to ---- */

struct closure {
    const struct unit_sources *sources;
    struct map seen;
    VEC(struct source) files;
    struct map names; /* texts that name something, in the first file */
    bool first;
};

static void follow_entity(const struct source *source, const struct block *block,
                          const struct entity_list *list, uint32_t at, void *context) {
    struct closure *closure = context;
    const struct entity *entity = &list->items[at];
    struct texts texts = {.arena = closure->sources->arena};
    struct source found;
    (void)block;
    include_texts(entity, entity->body, "calls", &texts);
    for (uint32_t i = 0; i < texts.list.count; i++) {
        if (closure->first)
            map_set(&closure->names, texts.list.items[i], 1);
        if (closure->files.count < INCLUDE_FILES &&
            include_find(closure->sources, false, entity->dialect, source->path,
                         texts.list.items[i], &found) &&
            map_get(&closure->seen, found.path) == MAP_ABSENT) {
            map_set(&closure->seen, found.path, 1);
            vec_push(closure->sources->arena, &closure->files, found);
        }
    }
}

static void closure_read(struct closure *closure, const struct unit_sources *sources,
                         struct slice path, const struct dialect *dialect) {
    struct source first;
    *closure = (struct closure){.sources = sources};
    map_init(&closure->seen, sources->arena);
    map_init(&closure->names, sources->arena);
    if (!include_read(sources, false, path, &first))
        return;
    vec_push(sources->arena, &closure->files, first);
    for (uint32_t i = 0; i < closure->files.count; i++) {
        struct source source = closure->files.items[i];
        closure->first = i == 0;
        include_entities(sources, dialect, &source, follow_entity, closure);
    }
}

/* ---- what is lost ---- */

struct loss {
    const struct unit_sources *sources;
    struct events *events;
    const struct event *caller;
    struct closure now;  /* of the caller's file */
    struct slice inside; /* only what stands in the thing of that name, or none */
};

static bool list_holds(struct slice words, struct slice word) {
    struct slice part;
    while (slice_split(&words, ',', &part))
        if (slice_equal(slice_trim(part), word))
            return true;
    return false;
}

/* Something that came with the change does what it did. */
static bool came_back(const struct loss *loss, const struct entity *entity) {
    for (uint32_t i = 0; i < loss->events->list.count; i++) {
        const struct event *event = &loss->events->list.items[i];
        if (event->effect == EFFECT_ADDED && event->after.entity &&
            slice_equal(event->after.entity->kind, entity->kind) &&
            value_equal(event->after.entity->body, entity->body))
            return true;
    }
    return false;
}

static bool stands_inside(const struct loss *loss, const struct entity_list *list, uint32_t at) {
    if (slice_is_none(loss->inside))
        return true;
    for (uint32_t i = list->items[at].scope; i != ENTITY_NONE; i = list->items[i].scope)
        if (slice_equal(list->items[i].name, loss->inside))
            return true;
    return false;
}

static void lose_entity(const struct source *source, const struct block *block,
                        const struct entity_list *list, uint32_t at, void *context) {
    struct loss *loss = context;
    struct arena *arena = loss->sources->arena;
    const struct entity *entity = &list->items[at];
    const struct placed *caller = &loss->caller->before;
    struct slice kinds = include_property(caller->entity->dialect, "calls_hold");
    if (!list_holds(kinds, entity->kind) || !stands_inside(loss, list, at) ||
        came_back(loss, entity))
        return;
    const struct path_facts *facts = reader_path(loss->sources->reader, source->path);
    bool nested = slice_find_byte(caller->name, '#') != SLICE_NPOS;
    struct event event = {
        .effect = EFFECT_REMOVED,
        .confidence = CONFIDENCE_LIKELY,
        .before = {.entity = entity,
                   .list = list,
                   .path = source->path,
                   .name = ARENA_CONCAT(arena, caller->name, nested ? SLICE("/") : SLICE("#"),
                                        entity->name),
                   .file = source->bytes,
                   .offset = block->offset,
                   .line = block->line,
                   .body = entity->body,
                   .unit = caller->unit,
                   .path_class = facts->path_class,
                   .environment = facts->environment},
        .unit = loss->caller->unit,
        .reason = SLICE("delete_because_no_longer_listed")};
    vec_push(arena, &loss->events->list, event);
}

/* The thing of the same file that the name is for: it stays, but nothing calls it. */
static void lose_named(struct loss *loss, struct slice text) {
    const struct placed *caller = &loss->caller->before;
    struct slice front = include_property(caller->entity->dialect, "called");
    struct source source;
    if (!front.size || map_get(&loss->now.names, text) != MAP_ABSENT ||
        !include_read(loss->sources, true, caller->path, &source) || !loss->now.files.count)
        return;
    loss->inside = ARENA_CONCAT(loss->sources->arena, front, text);
    if (slice_contains(loss->now.files.items[0].bytes, text))
        include_entities(loss->sources, caller->entity->dialect, &source, lose_entity, loss);
    loss->inside = SLICE_NONE;
}

/* A file that goes tells itself what goes with it. */
static void lose_text(struct loss *loss, struct slice text) {
    const struct placed *caller = &loss->caller->before;
    const struct dialect *dialect = caller->entity->dialect;
    struct source source, after;
    if (!include_find(loss->sources, true, dialect, caller->path, text, &source)) {
        lose_named(loss, text);
        return;
    }
    if (map_get(&loss->now.seen, source.path) == MAP_ABSENT &&
        include_read(loss->sources, false, source.path, &after))
        include_entities(loss->sources, dialect, &source, lose_entity, loss);
}

/* A step that goes with its job is told as that. */
static bool goes_with_scope(const struct events *events, const struct event *event) {
    const struct placed *gone = &event->before;
    if (event->effect != EFFECT_REMOVED || !gone->list || gone->entity->scope == ENTITY_NONE)
        return false;
    const struct entity *scope = &gone->list->items[gone->entity->scope];
    for (uint32_t i = 0; i < events->list.count; i++)
        if (events->list.items[i].effect == EFFECT_REMOVED &&
            events->list.items[i].before.entity == scope)
            return true;
    return false;
}

static bool holds_text(const struct texts *texts, struct slice text) {
    for (uint32_t i = 0; i < texts->list.count; i++)
        if (slice_equal(texts->list.items[i], text))
            return true;
    return false;
}

static void look_at(const struct unit_sources *sources, struct events *events, uint32_t at) {
    struct event event = events->list.items[at];
    const struct entity *entity = event.before.entity;
    bool goes = event.effect == EFFECT_REMOVED || event.effect == EFFECT_CHANGED;
    if (!goes || !entity || !include_property(entity->dialect, "calls").size)
        return;
    struct texts was = {.arena = sources->arena}, is = {.arena = sources->arena};
    include_texts(entity, entity->body, "calls", &was);
    if (event.after.entity)
        include_texts(event.after.entity, event.after.entity->body, "calls", &is);
    struct loss loss = {
        .sources = sources, .events = events, .caller = &event, .inside = SLICE_NONE};
    for (uint32_t i = 0, read = 0; i < was.list.count; i++) {
        if (holds_text(&is, was.list.items[i]) || goes_with_scope(events, &event))
            continue;
        if (!read++)
            closure_read(&loss.now, sources,
                         event.after.entity ? event.after.path : event.before.path,
                         entity->dialect);
        lose_text(&loss, was.list.items[i]);
    }
}

void include_events(const struct unit_sources *sources, struct events *events) {
    uint32_t count = events->list.count;
    for (uint32_t i = 0; i < count && events->list.count < count + INCLUDE_LOST; i++)
        look_at(sources, events, i);
}
