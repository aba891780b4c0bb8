#include "delta/delivery.h"

#include "base/path.h"
#include "delta/derive.h"
#include "fact/table.h"

/* One that brings the objects of a folder. */
struct delivery {
    struct slice folder, name;
    bool prunes, forces;
};

struct object {
    const struct entity *entity;
    struct slice path;
};

struct deliveries {
    const struct unit_sources *sources;
    struct events *events;
    struct slice table;
    VEC(struct delivery) list;
    VEC(struct object) objects; /* of the before side, as far as they were read */
    uint32_t files;
};

static struct slice property_of(const struct entity *entity, const char *key) {
    return entity && entity->dialect && entity->dialect->record
               ? dialect_property(entity->dialect, key)
               : SLICE_NONE;
}

/* "./apps/prod/" -> "apps/prod"; SLICE_NONE for what leaves the root or is the root itself. */
static struct slice folder_of(struct arena *arena, const struct value *value) {
    struct slice text = value_literal(value);
    if (slice_is_none(text))
        return SLICE_NONE;
    struct slice clean = path_normalise(arena, text);
    return clean.size ? clean : SLICE_NONE;
}

static bool holds_text(const struct value *value, struct slice text) {
    if (!value)
        return false;
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++)
        if (slice_equal(value_literal(value->items[i].value), text))
            return true;
    return slice_equal(value_literal(value), text);
}

struct row_visit {
    struct deliveries *all;
    const struct entity *entity;
};

static bool add_delivery(const struct row *row, void *context) {
    const struct row_visit *visit = context;
    const struct value *body = visit->entity->body;
    struct slice folder =
        folder_of(visit->all->sources->arena, value_at(body, row_cell(row, "source")));
    if (slice_is_none(folder))
        return true;
    const struct value *prune = value_at(body, row_cell(row, "prune"));
    struct delivery delivery = {
        .folder = folder,
        .name = visit->entity->name,
        .prunes = prune && value_is_true(prune),
        .forces = holds_text(value_at(body, row_cell(row, "force")), row_cell(row, "forced")),
    };
    vec_push(visit->all->sources->arena, &visit->all->list, delivery);
    return true;
}

static void read_objects(struct deliveries *all, struct slice path, const struct dialect *dialect,
                         struct slice bytes) {
    uint32_t count = 0;
    const struct block *blocks = reader_blocks(all->sources->reader, dialect, bytes, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct entity_list *list =
            entity_read(all->sources->reader, dialect, blocks[i].bytes);
        for (uint32_t k = 0; k < list->count; k++) {
            struct row_visit visit = {all, &list->items[k]};
            if (!visit.entity->type.size)
                continue;
            vec_push(all->sources->arena, &all->objects, ((struct object){visit.entity, path}));
            table_each(all->sources->knowledge, all->table, &visit.entity->type, 1, add_delivery,
                       &visit);
        }
    }
}

static void read_file(struct deliveries *all, struct slice path) {
    const struct tree *tree = &all->sources->change->before;
    struct slice bytes;
    if (all->files >= DELIVERY_FILES ||
        (!slice_ends(path, SLICE(".yaml")) && !slice_ends(path, SLICE(".yml"))) ||
        tree->read(tree->self, path, &bytes) != TREE_PRESENT)
        return;
    all->files++;
    const struct dialect *dialect = language_detect(all->sources->dialects, path, bytes);
    if (dialect && dialect->record && dialect_property(dialect, "deliveries").size)
        read_objects(all, path, dialect, bytes);
}

static void read_folder(struct deliveries *all, struct slice folder) {
    const struct tree *tree = &all->sources->change->before;
    struct slice *names = NULL;
    uint32_t count = 0;
    tree->list(tree->self, folder, &names, &count);
    for (uint32_t i = 0; i < count; i++)
        read_file(all, path_join(all->sources->arena, folder, names[i]));
}

struct folders {
    VEC(struct slice) list;
};

static void add_folders(struct deliveries *all, struct slice folder, struct folders *few,
                        struct folders *many) {
    const struct tree *tree = &all->sources->change->before;
    struct slice *names = NULL;
    uint32_t count = 0;
    if (tree->folders)
        tree->folders(tree->self, folder, &names, &count);
    struct folders *into = count < DELIVERY_CROWD ? few : many;
    for (uint32_t i = 0; i < count && into->list.count < DELIVERY_FOLDERS; i++) {
        struct slice path = path_join(all->sources->arena, folder, names[i]);
        enum path_class class = reader_path(all->sources->reader, path)->path_class;
        if (!slice_starts(names[i], SLICE(".")) && class != PATH_VENDORED)
            vec_push(all->sources->arena, &into->list, path);
    }
}

/* Breadth first: deliveries mostly stand near the root, and not in one of hundreds of folders. */
static void read_tree(struct deliveries *all) {
    struct folders queues[2] = {0};
    vec_push(all->sources->arena, &queues[0].list, SLICE(""));
    for (uint32_t q = 0; q < 2; q++)
        for (uint32_t at = 0; at < queues[q].list.count && all->files < DELIVERY_FILES; at++) {
            struct slice folder = queues[q].list.items[at];
            read_folder(all, folder);
            add_folders(all, folder, &queues[q], &queues[1]);
        }
}

static const struct delivery *find_delivery(const struct deliveries *all, struct slice path) {
    const struct delivery *best = NULL;
    for (uint32_t i = 0; i < all->list.count; i++) {
        const struct delivery *one = &all->list.items[i];
        if (path_is_below(path, one->folder) && (!best || one->folder.size > best->folder.size))
            best = one;
    }
    return best;
}

static const struct value *text_value(struct arena *arena, struct slice text) {
    struct value *value = ARENA_NEW(arena, struct value);
    *value = (struct value){.kind = VALUE_LITERAL, .text = text};
    return value;
}

/* The body with one more key. */
static const struct value *with_delivery(struct arena *arena, const struct value *body,
                                         const struct delivery *delivery) {
    struct value *map = ARENA_NEW(arena, struct value), *more = ARENA_NEW(arena, struct value);
    struct span none = {0, 0};
    *map = (struct value){.kind = VALUE_MAP, .count = 2};
    map->items = ARENA_ARRAY(arena, struct value_item, 2);
    map->items[0] = (struct value_item){SLICE("name"), none, text_value(arena, delivery->name)};
    map->items[1] = (struct value_item){
        SLICE("prune"), none, text_value(arena, delivery->prunes ? SLICE("true") : SLICE("false"))};
    *more = *body;
    more->items = ARENA_ARRAY(arena, struct value_item, body->count + 1);
    for (uint32_t i = 0; i < body->count; i++)
        more->items[i] = body->items[i];
    more->items[more->count++] = (struct value_item){SLICE("delivery"), none, map};
    return more;
}

static void judge_removed(struct deliveries *all, struct event *event) {
    const struct delivery *delivery = find_delivery(all, event->before.path);
    if (!delivery || !event->before.body || event->before.body->kind != VALUE_MAP)
        return;
    event->before.body = with_delivery(all->sources->arena, event->before.body, delivery);
    if (delivery->prunes)
        return;
    event->effect = EFFECT_ORPHANED;
    if (event->confidence > CONFIDENCE_LIKELY)
        event->confidence = CONFIDENCE_LIKELY;
}

static void judge_rejected(struct deliveries *all, struct event *event) {
    const struct delivery *delivery = find_delivery(all, event->after.path);
    if (!derive_property_holds(&event->after, "forced") && (!delivery || !delivery->forces))
        return;
    event->effect = EFFECT_REPLACED;
    if (event->confidence > CONFIDENCE_LIKELY)
        event->confidence = CONFIDENCE_LIKELY;
}

/* Is the object one of those that go with what is removed? */
static bool goes_with(const struct deliveries *all, const struct placed *gone,
                      const struct object *object, struct slice way, struct slice folder) {
    const struct entity *entity = object->entity;
    if (entity == gone->entity || slice_equal(entity->name, gone->entity->name))
        return false;
    if (!slice_is_none(folder))
        return path_is_below(object->path, folder);
    if (slice_is(way, "name"))
        return slice_starts(entity->name, gone->entity->name) &&
               entity->name.size > gone->entity->name.size &&
               entity->name.data[gone->entity->name.size] == '/';
    struct slice group = value_literal(value_at(gone->body, SLICE("spec.group")));
    struct slice kind = value_literal(value_at(gone->body, SLICE("spec.names.kind")));
    return group.size && kind.size &&
           slice_equal(entity->type, ARENA_CONCAT(all->sources->arena, group, SLICE("/"), kind));
}

static struct slice way_of(const struct entity *entity) {
    struct slice rest = property_of(entity, "holds"), part;
    while (slice_split(&rest, ',', &part)) {
        size_t equals = slice_find_last_byte(part, '=');
        if (equals != SLICE_NPOS &&
            slice_equal(slice_trim(slice_sub(part, 0, equals)), entity->type))
            return slice_trim(slice_from(part, equals + 1));
    }
    return SLICE_NONE;
}

static bool keep_folder(const struct row *row, void *context) {
    struct slice *path = context;
    *path = row_cell(row, "source");
    return false;
}

static void add_contents(struct deliveries *all, struct event *event) {
    const struct placed *gone = &event->before;
    struct arena *arena = all->sources->arena;
    struct slice way = way_of(gone->entity), folder = SLICE_NONE, source = SLICE_NONE;
    table_each(all->sources->knowledge, all->table, &gone->entity->type, 1, keep_folder, &source);
    if (source.size)
        folder = folder_of(arena, value_at(gone->body, source));
    if (slice_is_none(way) && slice_is_none(folder))
        return;
    VEC(struct slice) names = {0};
    struct map known;
    map_init(&known, arena);
    for (uint32_t i = 0; i < all->objects.count && names.count < DELIVERY_CONTENTS; i++) {
        const struct object *object = &all->objects.items[i];
        struct slice name =
            ARENA_CONCAT(arena, object->entity->type, SLICE("/"), object->entity->name);
        if (goes_with(all, gone, object, way, folder) &&
            map_set_default(&known, name, names.count) == names.count)
            vec_push(arena, &names, name);
    }
    event->cascade = names.items;
    event->cascade_count = names.count;
}

static bool concerns(const struct event *event) {
    const struct placed *side = event_side(event);
    return property_of(side->entity, "deliveries").size &&
           slice_is(side->entity->kind, "resource") &&
           (event->effect == EFFECT_REMOVED || event->effect == EFFECT_REJECTED ||
            event->effect == EFFECT_RENAMED);
}

void delivery_events(const struct unit_sources *sources, struct events *events) {
    struct deliveries all = {.sources = sources, .events = events};
    for (uint32_t i = 0; i < events->list.count; i++) {
        struct event *event = &events->list.items[i];
        if (!concerns(event))
            continue;
        if (!all.table.size) {
            all.table = property_of(event_side(event)->entity, "deliveries");
            read_tree(&all);
        }
        if (event->effect == EFFECT_RENAMED &&
            table_has(sources->knowledge, all.table, &event->before.entity->type, 1))
            event->confidence = CONFIDENCE_LIKELY; /* a controller knows it by its name alone */
        if (event->effect == EFFECT_REJECTED)
            judge_rejected(&all, event);
        else if (event->effect == EFFECT_REMOVED)
            judge_removed(&all, event);
        if (event->effect != EFFECT_REJECTED && event->before.entity)
            add_contents(&all, event);
    }
}
