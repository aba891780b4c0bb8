#include "delta/environment.h"

#include "delta/file.h"

#include "base/path.h"
#include "fact/place.h"

enum {
    ENVIRONMENT_FILES = 2, /* removed together: enough to call the rest of a folder unlikely */
    ENVIRONMENT_THINGS = 3,
    ENVIRONMENT_ALIKE = 50, /* percent of what was removed that a twin declares, too */
    ENVIRONMENT_TWINS = 64, /* candidates that are looked at for each */
};

struct thing {
    struct placed placed;
    struct slice unit;
    uint32_t event; /* its place in the list; ENTITY_NONE: it only got another path */
};

/* What one folder or file lost, or got. */
struct environment_side {
    struct slice path;
    bool told;                    /* with the one it lies in */
    const struct value *identity; /* says which one it is, whatever its path */
    VEC(struct thing) things;
    struct map files, folders;
    struct map types; /* kind and type -> how many */
    bool stays;       /* something of it is left, or was there before */
    bool renamed;     /* the change says where it went */
    bool guessed;     /* its path alone says that it is another one ... */
    bool distinct;    /* ... unless something else does */
    bool known;       /* a tree says so */
};

struct environments {
    const struct unit_sources *sources;
    struct events *events;
    struct {
        struct map index;
        VEC(struct environment_side *) list;
    } sides[UNIT_SIDES];
};

static bool belongs(const struct entity *entity) {
    return entity && entity->dialect && entity->dialect->record &&
           slice_list_has(dialect_property(entity->dialect, "environment_kinds"), entity->kind);
}

static struct slice environment_path(const struct environments *all, const struct dialect *dialect,
                                     struct slice path, bool before) {
    if (dialect->unit == UNIT_DIRECTORY ||
        slice_is(dialect_property(dialect, "environment_place"), "folder"))
        return path_directory(path);
    if (dialect->unit == UNIT_FILE)
        return path;
    struct slice root = unit_root(all->sources, dialect, path, before);
    return root.size ? root : path_directory(path);
}

static struct environment_side *side_find(struct environments *all, bool before,
                                          struct slice path) {
    uint32_t s = before ? UNIT_BEFORE : UNIT_AFTER, count = all->sides[s].list.count;
    struct arena *arena = all->sources->arena;
    uint32_t at = map_set_default(&all->sides[s].index, path, count);
    if (at < count)
        return all->sides[s].list.items[at];
    struct environment_side *side = ARENA_NEW(arena, struct environment_side);
    *side = (struct environment_side){.path = path, .known = true};
    map_init(&side->files, arena);
    map_init(&side->folders, arena);
    map_init(&side->types, arena);
    vec_push(arena, &all->sides[s].list, side);
    return side;
}

static struct slice type_key(struct arena *arena, const struct entity *entity) {
    return ARENA_CONCAT(arena, entity->kind, SLICE(":"), entity->type);
}

static void add_to(struct environments *all, struct environment_side *side,
                   const struct thing *thing) {
    struct arena *arena = all->sources->arena;
    vec_push(arena, &side->things, *thing);
    side->renamed |= thing->event == ENTITY_NONE;
    map_set(&side->files, thing->placed.path, 1);
    map_set(&side->folders, path_directory(thing->placed.path), 1);
    struct slice key = type_key(arena, thing->placed.entity);
    uint32_t count = map_get(&side->types, key);
    map_set(&side->types, key, count == MAP_ABSENT ? 1 : count + 1);
}

static void add_thing(struct environments *all, uint32_t at, bool before) {
    const struct event *event = &all->events->list.items[at];
    const struct placed *placed = before ? &event->before : &event->after;
    struct slice path = environment_path(all, placed->entity->dialect, placed->path, before);
    if (!path.size)
        return;
    struct thing thing = {*placed, event->unit, at};
    struct environment_side *side = side_find(all, before, path);
    side->distinct = true;
    add_to(all, side, &thing);
}

/* The dialect's property `environment_identity`: paths of attributes. */
static const struct value *identity_of(const struct placed *placed) {
    const struct entity *entity = placed->entity;
    struct slice part, paths = entity && entity->dialect && entity->dialect->record
                                   ? dialect_property(entity->dialect, "environment_identity")
                                   : SLICE_NONE;
    while (slice_split(&paths, ',', &part)) {
        const struct value *value = value_at(placed->body, slice_trim(part));
        if (value)
            return value;
    }
    return NULL;
}

static void note_identity(struct environments *all, const struct placed *placed, bool before) {
    const struct value *identity = identity_of(placed);
    if (!identity)
        return;
    struct slice path = environment_path(all, placed->entity->dialect, placed->path, before);
    uint32_t s = before ? UNIT_BEFORE : UNIT_AFTER, at = map_get(&all->sides[s].index, path);
    if (at != MAP_ABSENT)
        all->sides[s].list.items[at]->identity = identity;
}

/* A folder that got another path and another identity. */
static void add_renamed_folder(struct environments *all, uint32_t at) {
    const struct event *event = &all->events->list.items[at];
    const struct value *was = identity_of(&event->before), *is = identity_of(&event->after);
    if (event->effect != EFFECT_CHANGED || !was || !is || value_equal(was, is) ||
        event->before.entity->dialect->unit != UNIT_DIRECTORY ||
        slice_equal(path_directory(event->before.path), path_directory(event->after.path)))
        return;
    struct thing gone = {event->before, event->unit, ENTITY_NONE};
    struct thing here = {event->after, event->unit, ENTITY_NONE};
    struct environment_side *side = side_find(all, true, path_directory(event->before.path));
    side->distinct = true;
    add_to(all, side, &gone);
    add_to(all, side_find(all, false, path_directory(event->after.path)), &here);
}

static const struct value *identity_in(struct environments *all, const struct dialect *dialect,
                                       struct slice bytes) {
    const struct entity_list *list = entity_read(all->sources->reader, dialect, bytes);
    for (uint32_t i = 0; i < list->count; i++) {
        struct placed placed = {.entity = &list->items[i], .body = list->items[i].body};
        const struct value *identity = identity_of(&placed);
        if (identity)
            return identity;
    }
    return NULL;
}

static void add_renamed_sides(struct environments *all, const struct pair *pair,
                              const struct dialect *dialect, struct slice from, struct slice to) {
    struct environment_side *gone = side_find(all, true, from), *here = side_find(all, false, to);
    struct thing before = {file_place(all->sources, pair->old_path, dialect->name, NULL), from,
                           ENTITY_NONE};
    struct thing after = {file_place(all->sources, pair->path, dialect->name, NULL), to,
                          ENTITY_NONE};
    before.placed.file = pair->before.bytes;
    after.placed.file = pair->after.bytes;
    if (dialect_property(dialect, "environment_identity").size) {
        const struct value *was = identity_in(all, dialect, pair->before.bytes);
        const struct value *is = identity_in(all, dialect, pair->after.bytes);
        gone->identity = was ? was : gone->identity;
        here->identity = is ? is : here->identity;
    }
    /* A folder may be named anyhow; a project is named by its folder. */
    gone->guessed |=
        dialect->unit == UNIT_DIRECTORY || !dialect_property(dialect, "environment_identity").size;
    add_to(all, gone, &before);
    add_to(all, here, &after);
}

/* A file of an environment that got another path. */
static void add_renamed_file(struct environments *all, const struct pair *pair) {
    const struct dialect *dialect = pair_dialect(all->sources, pair, true);
    if (pair->status != PAIR_RENAMED || !dialect || !dialect->record ||
        dialect->unit == UNIT_CHANGE || !dialect_property(dialect, "environment_kinds").size)
        return;
    struct slice from = environment_path(all, dialect, pair->old_path, true);
    struct slice to = environment_path(all, dialect, pair->path, false);
    if (from.size && to.size && !slice_equal(from, to))
        add_renamed_sides(all, pair, dialect, from, to);
}

static void collect(struct environments *all) {
    for (uint32_t i = 0; i < all->events->list.count; i++) {
        const struct event *event = &all->events->list.items[i];
        if (event->effect == EFFECT_REMOVED && !event->after.entity &&
            belongs(event->before.entity))
            add_thing(all, i, true);
        else if (event->effect == EFFECT_ADDED && belongs(event->after.entity))
            add_thing(all, i, false);
        else
            add_renamed_folder(all, i);
    }
    for (uint32_t i = 0; i < all->sources->change->pairs.count; i++)
        add_renamed_file(all, &all->sources->change->pairs.items[i]);
    for (uint32_t i = 0; i < all->events->list.count; i++) {
        const struct event *event = &all->events->list.items[i];
        if (event->effect == EFFECT_REMOVED)
            note_identity(all, &event->before, true);
        else if (event->effect == EFFECT_ADDED)
            note_identity(all, &event->after, false);
    }
}

/* Files of the change that stand there on the other side, too. */
static void look_at_pairs(struct environments *all) {
    const struct change *change = all->sources->change;
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        const struct pair *pair = &change->pairs.items[i];
        for (uint32_t s = 0; s < UNIT_SIDES; s++) {
            bool before = s == UNIT_BEFORE;
            const struct blob *other = before ? &pair->after : &pair->before;
            struct slice path = before ? pair->path : pair->old_path;
            const struct dialect *dialect = pair_dialect(all->sources, pair, !before);
            if (other->state == CONTENT_ABSENT || !dialect || !dialect->record ||
                !dialect_property(dialect, "environment_kinds").size)
                continue;
            uint32_t at =
                map_get(&all->sides[s].index, environment_path(all, dialect, path, !before));
            if (at != MAP_ABSENT)
                all->sides[s].list.items[at]->stays = true;
        }
    }
}

static void look_into(struct environments *all, struct environment_side *side, bool before,
                      struct slice folder) {
    const struct change *change = all->sources->change;
    const struct tree *tree = before ? &change->after : &change->before; /* the other side */
    struct slice *names = NULL;
    uint32_t count = 0;
    enum presence presence = tree->list(tree->self, folder, &names, &count);
    if (presence == TREE_UNKNOWN)
        side->known = false;
    for (uint32_t i = 0; i < count; i++) {
        struct slice path = path_join(all->sources->arena, folder, names[i]);
        const struct dialect *dialect = reader_path(all->sources->reader, path)->dialect;
        if (dialect && dialect->record && dialect_property(dialect, "environment_kinds").size)
            side->stays = true;
    }
}

/* A file has been looked at as a pair. */
static void look_around(struct environments *all, struct environment_side *side, bool before) {
    if (map_get(&side->files, side->path) != MAP_ABSENT)
        return;
    map_set(&side->folders, side->path, 1);
    for (uint32_t i = 0; i < side->things.count && !side->stays; i++) {
        struct slice folder = path_directory(side->things.items[i].placed.path);
        if (map_get(&side->folders, folder) != 1)
            continue;
        map_set(&side->folders, folder, 0);
        look_into(all, side, before, folder);
    }
}

static bool has_label(const struct environments *all, struct slice path) {
    return place_label(all->sources->knowledge, path).size > 0;
}

/* Percent of the things of the one that have one of their kind and type in the other. */
static uint32_t alike(struct arena *arena, const struct environment_side *gone,
                      const struct environment_side *here) {
    struct map left;
    uint32_t found = 0;
    map_init(&left, arena);
    for (uint32_t i = 0; i < gone->things.count; i++) {
        struct slice key = type_key(arena, gone->things.items[i].placed.entity);
        uint32_t count = map_get(&left, key);
        if (count == MAP_ABSENT)
            count = map_get(&here->types, key);
        if (count == MAP_ABSENT || !count)
            continue;
        map_set(&left, key, count - 1);
        found++;
    }
    return found * 100 / gone->things.count;
}

static const struct environment_side *find_twin(struct environments *all,
                                                const struct environment_side *gone) {
    const struct environment_side *best = NULL;
    uint32_t most = ENVIRONMENT_ALIKE - 1;
    uint32_t count = all->sides[UNIT_AFTER].list.count;
    for (uint32_t i = 0; i < count && i < ENVIRONMENT_TWINS; i++) {
        const struct environment_side *here = all->sides[UNIT_AFTER].list.items[i];
        uint32_t share = here->stays ? 0 : alike(all->sources->arena, gone, here);
        if (share > most) {
            most = share;
            best = here;
        }
    }
    return best;
}

static struct slice without_dot(const struct value *value) {
    struct slice text = value_literal(value);
    while (slice_starts(text, SLICE("./")))
        text = slice_from(text, 2);
    return slice_ends(text, SLICE("/")) ? slice_sub(text, 0, text.size - 1) : text;
}

/* Does something that is delivered from there follow to the new place? */
static bool is_followed(const struct environments *all, struct slice from, struct slice to) {
    for (uint32_t i = 0; i < all->events->list.count; i++) {
        const struct event *event = &all->events->list.items[i];
        for (uint32_t k = 0; event->effect == EFFECT_CHANGED && k < event->change_count; k++)
            if (event->changes[k].was && event->changes[k].is &&
                slice_equal(without_dot(event->changes[k].was), from) &&
                slice_equal(without_dot(event->changes[k].is), to))
                return true;
    }
    return false;
}

static bool is_moved(const struct environments *all, const struct environment_side *side,
                     const struct environment_side *twin) {
    struct slice from = side->path, to = twin->path;
    if (side->identity && twin->identity && value_equal(side->identity, twin->identity))
        return true;
    const struct knowledge *knowledge = all->sources->knowledge;
    struct slice was = place_label(knowledge, from), is = place_label(knowledge, to);
    bool named = was.size && is.size;
    return slice_equal(path_base(named ? was : from), path_base(named ? is : to)) ||
           is_followed(all, from, to);
}

/* The path of the twin, as if it were an attribute. */
static struct attribute_change *make_cause(const struct environments *all,
                                           const struct environment_side *twin) {
    struct arena *arena = all->sources->arena;
    struct attribute_change *change = ARENA_NEW(arena, struct attribute_change);
    struct value *text = ARENA_NEW(arena, struct value);
    *text = (struct value){.kind = VALUE_LITERAL, .text = twin->path};
    *change = (struct attribute_change){
        .path = SLICE("twin"), .is = text, .confidence = CONFIDENCE_CERTAIN};
    return change;
}

/* Who delivered what stood there (delivery.h), as the only attribute. */
static const struct value *body_of(struct arena *arena, const struct environment_side *side) {
    for (uint32_t i = 0; i < side->things.count; i++) {
        const struct value *delivery =
            value_get(side->things.items[i].placed.body, SLICE("delivery"));
        if (!delivery)
            continue;
        struct value *body = ARENA_NEW(arena, struct value);
        *body = (struct value){.kind = VALUE_MAP, .count = 1};
        body->items = ARENA_ARRAY(arena, struct value_item, 1);
        body->items[0] = (struct value_item){SLICE("delivery"), {0, 0}, delivery};
        return body;
    }
    return NULL;
}

static struct placed place_environment_of(const struct environments *all,
                                          const struct environment_side *side) {
    struct placed placed = side->things.items[0].placed;
    struct arena *arena = all->sources->arena;
    struct entity *entity = ARENA_NEW(arena, struct entity);
    bool folder = map_get(&side->files, side->path) == MAP_ABSENT;
    *entity = *placed.entity;
    entity->kind = SLICE("environment");
    entity->type = placed.entity->dialect->name;
    entity->name = placed.name = folder ? ARENA_CONCAT(arena, side->path, SLICE("/")) : side->path;
    entity->scope = ENTITY_NONE;
    entity->body = placed.body = body_of(arena, side);
    placed.unit = SLICE("");
    placed.entity = entity;
    return placed;
}

/* Is there a file among them that stands for the whole folder? */
static bool holds_the_folder(const struct environment_side *side) {
    for (uint32_t i = 0; i < side->things.count; i++)
        if (slice_is(
                dialect_property(side->things.items[i].placed.entity->dialect, "environment_place"),
                "folder"))
            return true;
    return false;
}

static bool is_sure(const struct environment_side *side) {
    return side->known || side->renamed || side->files.count >= ENVIRONMENT_FILES ||
           side->things.count >= ENVIRONMENT_THINGS || holds_the_folder(side) ||
           map_get(&side->files, side->path) != MAP_ABSENT;
}

static void emit(struct environments *all, const struct environment_side *side,
                 const struct environment_side *twin) {
    struct arena *arena = all->sources->arena;
    struct event event = {.effect = twin ? EFFECT_REPLACED : EFFECT_REMOVED,
                          .confidence = side->guessed && !side->distinct ? CONFIDENCE_POSSIBLE
                                                                         : CONFIDENCE_LIKELY,
                          .before = place_environment_of(all, side),
                          .unit = SLICE(""),
                          .cascade_count = side->things.count};
    if (twin) {
        event.cause = event.changes = make_cause(all, twin);
        event.change_count = 1;
    }
    event.cascade = ARENA_ARRAY(arena, struct slice, side->things.count);
    event.cascade_units = ARENA_ARRAY(arena, struct slice, side->things.count);
    for (uint32_t i = 0; i < side->things.count; i++) {
        event.cascade[i] = side->things.items[i].placed.name;
        event.cascade_units[i] = side->things.items[i].unit;
    }
    vec_push(arena, &all->events->list, event);
}

/* What stands in the same environment under another path need not be gone. */
static void doubt(struct environments *all, const struct environment_side *side,
                  const struct environment_side *twin) {
    struct map names;
    map_init(&names, all->sources->arena);
    for (uint32_t i = 0; i < twin->things.count; i++)
        map_set(&names, twin->things.items[i].placed.entity->name, 1);
    for (uint32_t i = 0; i < side->things.count; i++) {
        const struct thing *thing = &side->things.items[i];
        if (thing->event == ENTITY_NONE)
            continue;
        struct event *event = &all->events->list.items[thing->event];
        if (map_get(&names, thing->placed.entity->name) != MAP_ABSENT &&
            event->confidence > CONFIDENCE_POSSIBLE)
            event->confidence = CONFIDENCE_POSSIBLE;
    }
}

static void tell(struct environments *all, const struct environment_side *side) {
    const struct environment_side *twin = find_twin(all, side);
    if (twin && is_moved(all, side, twin))
        doubt(all, side, twin);
    else if (is_sure(side) && has_label(all, side->path))
        emit(all, side, twin);
}

/* Folders of one environment that are gone are told as one, by the outermost. */
static void join_nested(struct environments *all) {
    uint32_t count = all->sides[UNIT_BEFORE].list.count;
    for (uint32_t i = 0; i < count && count <= ENVIRONMENT_TWINS; i++)
        for (uint32_t k = 0; k < count; k++) {
            struct environment_side *outer = all->sides[UNIT_BEFORE].list.items[i];
            struct environment_side *inner = all->sides[UNIT_BEFORE].list.items[k];
            if (i == k || outer->stays || inner->stays || outer->told || inner->told ||
                !path_is_below(inner->path, outer->path) || !has_label(all, outer->path))
                continue;
            inner->told = true;
            for (uint32_t n = 0; n < inner->things.count; n++)
                vec_push(all->sources->arena, &outer->things, inner->things.items[n]);
        }
}

void environment_events(const struct unit_sources *sources, struct events *events) {
    struct environments all = {.sources = sources, .events = events};
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        map_init(&all.sides[s].index, sources->arena);
    collect(&all);
    if (!all.sides[UNIT_BEFORE].list.count)
        return;
    look_at_pairs(&all);
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < all.sides[s].list.count; i++)
            look_around(&all, all.sides[s].list.items[i], s == UNIT_BEFORE);
    join_nested(&all);
    for (uint32_t i = 0; i < all.sides[UNIT_BEFORE].list.count; i++)
        if (!all.sides[UNIT_BEFORE].list.items[i]->stays &&
            !all.sides[UNIT_BEFORE].list.items[i]->told)
            tell(&all, all.sides[UNIT_BEFORE].list.items[i]);
}
