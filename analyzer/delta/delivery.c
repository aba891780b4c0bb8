#include "delta/delivery.h"

#include "base/path.h"
#include "base/strbuf.h"
#include "delta/delivery_search.h"
#include "delta/derive.h"

enum { DELIVERY_NAMES = 8 }; /* of those that deliver one object */

struct judging {
    struct deliveries all;
    struct events *events;
    bool read;
};

static struct slice property_of(const struct entity *entity, const char *key) {
    return entity && entity->dialect && entity->dialect->record
               ? dialect_property(entity->dialect, key)
               : SLICE_NONE;
}

/* What brings a file: the one of the nearest folder above it, or else all that lists lead there. */
struct bringers {
    const struct delivery *items[DELIVERY_NAMES];
    uint32_t count;
};

static bool is_excluded(const struct deliveries *all, const struct delivery *one,
                        struct slice path) {
    for (uint32_t i = 0; i < all->list.count; i++)
        if (all->list.items[i].excluded && slice_equal(all->list.items[i].by, one->by) &&
            delivery_covers(all->list.items[i].folder, path))
            return true;
    return one->excluded;
}

static struct bringers find_bringers(struct deliveries *all, struct slice path) {
    struct bringers found = {.count = 0};
    for (uint32_t i = 0; i < all->list.count; i++) {
        const struct delivery *one = &all->list.items[i];
        if (!is_excluded(all, one, path) && delivery_covers(one->folder, path) &&
            (!found.count || one->folder.size > found.items[0]->folder.size)) {
            found.items[0] = one;
            found.count = 1;
        }
    }
    for (uint32_t i = 0, nearest = found.count; i < all->list.count && !nearest; i++)
        if (found.count < DELIVERY_NAMES && !is_excluded(all, &all->list.items[i], path) &&
            delivery_brings(all, &all->list.items[i], path))
            found.items[found.count++] = &all->list.items[i];
    return found;
}

static bool any_deletes(const struct bringers *bringers) {
    for (uint32_t i = 0; i < bringers->count; i++)
        if (bringers->items[i]->deletes)
            return true;
    return false;
}

static struct slice names_of(struct arena *arena, const struct bringers *bringers) {
    struct strbuf out;
    strbuf_init(&out, arena);
    for (uint32_t i = 0; i < bringers->count; i++) {
        struct slice by = bringers->items[i]->by;
        if (i && slice_equal(by, bringers->items[i - 1]->by))
            continue;
        strbuf_add_text(&out, i ? ", " : "");
        strbuf_add(&out, by);
    }
    return strbuf_slice(&out);
}

static const struct value *text_value(struct arena *arena, struct slice text) {
    struct value *value = ARENA_NEW(arena, struct value);
    *value = (struct value){.kind = VALUE_LITERAL, .text = text};
    return value;
}

static const struct value *map_value(struct arena *arena, const struct value_item *items,
                                     uint32_t count) {
    struct value *map = ARENA_NEW(arena, struct value);
    *map = (struct value){.kind = VALUE_MAP, .count = count};
    map->items = ARENA_ARRAY(arena, struct value_item, count);
    memcpy(map->items, items, count * sizeof *items);
    return map;
}

/* The body with one more key, "delivery". */
static const struct value *with_map(struct arena *arena, const struct value *body,
                                    const struct value *map) {
    struct value *more = ARENA_NEW(arena, struct value);
    *more = *body;
    more->items = ARENA_ARRAY(arena, struct value_item, body->count + 1);
    memcpy(more->items, body->items, body->count * sizeof *body->items);
    more->items[more->count++] = (struct value_item){SLICE("delivery"), {0, 0}, map};
    return more;
}

static const struct value *with_key(struct arena *arena, const struct value *body, struct slice key,
                                    struct slice text) {
    struct value_item item = {key, {0, 0}, text_value(arena, text)};
    return with_map(arena, body, map_value(arena, &item, 1));
}

static const struct value *with_delivery(struct arena *arena, const struct value *body,
                                         const struct bringers *bringers) {
    struct slice deletes = any_deletes(bringers) ? SLICE("true") : SLICE("false");
    struct value_item items[] = {
        {SLICE("name"), {0, 0}, text_value(arena, names_of(arena, bringers))},
        {SLICE("deletes"), {0, 0}, text_value(arena, deletes)},
    };
    return with_map(arena, body, map_value(arena, items, 2));
}

static void judge_removed(struct deliveries *all, struct event *event) {
    struct bringers bringers = find_bringers(all, event->before.path);
    if (!bringers.count || !event->before.body || event->before.body->kind != VALUE_MAP)
        return;
    event->before.body = with_delivery(all->sources->arena, event->before.body, &bringers);
    if (any_deletes(&bringers))
        return;
    event->effect = EFFECT_ORPHANED;
    if (event->confidence > CONFIDENCE_LIKELY)
        event->confidence = CONFIDENCE_LIKELY;
}

static void judge_rejected(struct deliveries *all, struct event *event) {
    struct bringers bringers = find_bringers(all, event->after.path);
    bool forced = false;
    for (uint32_t i = 0; i < bringers.count; i++)
        forced |= bringers.items[i]->forces;
    if (!derive_property_holds(&event->after, "forced") && !forced)
        return;
    event->effect = EFFECT_REPLACED;
    if (event->confidence > CONFIDENCE_LIKELY)
        event->confidence = CONFIDENCE_LIKELY;
}

/* "spec.group/spec.names.kind": what stands there in the body, joined in the same way. */
static struct slice defined_type(struct arena *arena, const struct value *body, struct slice way) {
    struct strbuf out;
    struct slice part;
    strbuf_init(&out, arena);
    while (slice_split(&way, '/', &part)) {
        struct slice text = value_literal(value_at(body, part));
        if (!text.size)
            return SLICE_NONE;
        strbuf_add_text(&out, out.size ? "/" : "");
        strbuf_add(&out, text);
    }
    return strbuf_slice(&out);
}

/* Is the object one of those that go with what is removed? */
static bool goes_with(const struct deliveries *all, const struct placed *gone,
                      const struct object *object, struct slice way) {
    const struct entity *entity = object->entity;
    if (entity == gone->entity || slice_equal(entity->name, gone->entity->name))
        return false;
    if (slice_is(way, "name"))
        return slice_starts(entity->name, gone->entity->name) &&
               entity->name.size > gone->entity->name.size &&
               entity->name.data[gone->entity->name.size] == '/';
    return slice_equal(entity->type, defined_type(all->sources->arena, gone->body, way));
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

/* The folders of `list`, none of which stands in `kept` too. */
static void add_objects(struct deliveries *all, struct event *event,
                        const struct delivery_list *list, const struct delivery_list *kept,
                        struct slice way) {
    struct arena *arena = all->sources->arena;
    const struct placed *gone = &event->before;
    VEC(struct slice) names = {0};
    struct map known;
    map_init(&known, arena);
    for (uint32_t i = 0; i < all->objects.count && names.count < DELIVERY_CONTENTS; i++) {
        const struct object *object = &all->objects.items[i];
        bool goes = !slice_is_none(way) && goes_with(all, gone, object, way);
        for (uint32_t k = 0; k < list->list.count && !goes; k++)
            goes = delivery_brings(all, &list->list.items[k], object->path) &&
                   !slice_equal(object->entity->name, gone->entity->name);
        for (uint32_t k = 0; kept && k < kept->list.count && goes; k++)
            goes = !delivery_brings(all, &kept->list.items[k], object->path);
        struct slice name =
            ARENA_CONCAT(arena, object->entity->type, SLICE("/"), object->entity->name);
        if (goes && map_set_default(&known, name, names.count) == names.count)
            vec_push(arena, &names, name);
    }
    event->cascade = names.items;
    event->cascade_count = names.count;
}

static void add_contents(struct deliveries *all, struct event *event) {
    const struct placed *gone = &event->before;
    struct delivery_list list = {.list = {0}};
    deliveries_of(all->sources, all->table, gone->entity, gone->body, &list);
    struct slice way = list.list.count ? SLICE_NONE : way_of(gone->entity);
    if (slice_is_none(way) && !list.list.count)
        return;
    add_objects(all, event, &list, NULL, way);
}

/* Whatever it delivers now. */
static bool is_told(const struct delivery_list *list, const struct delivery *delivery) {
    for (uint32_t i = 0; i < list->list.count; i++)
        if (slice_equal(list->list.items[i].name, delivery->name))
            return true;
    return false;
}

static bool keeps_what_it_made(const struct row *row, void *context) {
    const struct value **body = context;
    struct slice kept = row_cell(row, "kept");
    const struct value *value = kept.size ? value_at(*body, kept) : NULL;
    *body = value && value_is_true(value) ? NULL : *body;
    return *body != NULL;
}

/* One that a template no longer makes. */
static void emit_lost(struct judging *judging, const struct event *changed,
                      struct delivery *delivery, const struct delivery_list *is) {
    struct deliveries *all = &judging->all;
    struct arena *arena = all->sources->arena;
    struct event event = {.effect = EFFECT_REMOVED,
                          .confidence = CONFIDENCE_LIKELY,
                          .before = changed->before,
                          .unit = changed->unit,
                          .reason = SLICE("delete_because_no_longer_listed")};
    struct entity *entity = ARENA_NEW(arena, struct entity);
    *entity = *changed->before.entity;
    entity->kind = SLICE("delivery");
    entity->name = delivery->name;
    event.before.entity = entity;
    event.before.name = ARENA_CONCAT(arena, changed->before.name, SLICE("#"), delivery->name);
    const struct value *body = changed->after.body;
    table_each(all->sources->knowledge, all->table, &entity->type, 1, keeps_what_it_made, &body);
    if (!body)
        event.effect = EFFECT_ORPHANED;
    struct delivery_list gone = {.list = {0}};
    vec_push(arena, &gone.list, *delivery);
    deliveries_read_folder(all, delivery->folder);
    add_objects(all, &event, &gone, is, SLICE_NONE);
    vec_push(arena, &judging->events->list, event);
}

/* Is the folder meant now, which was not before, or the other way round? */
static bool is_newly_excluded(const struct delivery_list *was, const struct delivery *now) {
    for (uint32_t i = 0; i < was->list.count; i++)
        if (was->list.items[i].excluded && slice_equal(was->list.items[i].folder, now->folder))
            return false;
    return now->excluded;
}

static void judge_exclusions(struct judging *judging, const struct event *changed,
                             const struct delivery_list *was, const struct delivery_list *is) {
    struct delivery_list none = {.list = {0}};
    for (uint32_t i = 0; i < is->list.count; i++) {
        struct delivery delivery = is->list.items[i];
        if (!is_newly_excluded(was, &delivery))
            continue;
        delivery.name = delivery.folder;
        emit_lost(judging, changed, &delivery, &none);
    }
}

/* What a template made before and does not make after. */
static void judge_template(struct judging *judging, const struct event *changed,
                           struct delivery_list *was, const struct delivery_list *is) {
    struct delivery_list told = {.list = {0}};
    for (uint32_t i = 0; i < was->list.count; i++) {
        struct delivery *delivery = &was->list.items[i];
        if (!delivery->name.size || delivery->excluded || is_told(is, delivery) ||
            is_told(&told, delivery))
            continue;
        vec_push(judging->all.sources->arena, &told.list, *delivery);
        emit_lost(judging, changed, delivery, is);
    }
    judge_exclusions(judging, changed, was, is);
}

/* Names of what is brought on one side; false if not all of it is known. */
static bool all_names(struct deliveries *all, const struct delivery_list *list, bool before,
                      struct bundle_names *names) {
    bool known = list->list.count > 0;
    for (uint32_t i = 0; i < list->list.count && known; i++)
        known = delivery_names(all, &list->list.items[i], before, names);
    return known;
}

/* From another folder: what is not there any more falls, and where nothing does the body says so
 * ("delivery.complete"). */
static void judge_redirected(struct deliveries *all, struct event *event,
                             const struct delivery_list *was, const struct delivery_list *is) {
    struct arena *arena = all->sources->arena;
    struct bundle_names old = {.list = {0}}, new = {.list = {0}};
    if (!all_names(all, was, true, &old) || !all_names(all, is, false, &new))
        return;
    struct map known;
    VEC(struct slice) lost = {0};
    map_init(&known, arena);
    for (uint32_t i = 0; i < new.list.count; i++)
        map_set(&known, new.list.items[i], 1);
    for (uint32_t i = 0; i < old.list.count && lost.count < DELIVERY_CONTENTS; i++)
        if (map_set_default(&known, old.list.items[i], 2) == 2)
            vec_push(arena, &lost, old.list.items[i]);
    event->cascade = lost.items;
    event->cascade_count = lost.count;
    if (!lost.count)
        event->after.body = with_key(arena, event->after.body, SLICE("complete"), SLICE("true"));
}

static bool same_folders(const struct delivery_list *was, const struct delivery_list *is) {
    bool same = was->list.count == is->list.count;
    for (uint32_t i = 0; same && i < was->list.count; i++)
        same = slice_equal(was->list.items[i].folder, is->list.items[i].folder);
    return same;
}

static void judge_changed(struct judging *judging, uint32_t at) {
    struct deliveries *all = &judging->all;
    struct event *event = &judging->events->list.items[at], copy = *event;
    struct delivery_list was = {.list = {0}}, is = {.list = {0}};
    deliveries_of(all->sources, all->table, event->before.entity, event->before.body, &was);
    deliveries_of(all->sources, all->table, event->after.entity, event->after.body, &is);
    bool template = was.list.count && was.list.items[0].name.size;
    if (template)
        judge_template(judging, &copy, &was, &is);
    else if (!same_folders(&was, &is))
        judge_redirected(all, event, &was, &is);
}

static bool concerns(const struct event *event) {
    const struct placed *side = event_side(event);
    return property_of(side->entity, "deliveries").size &&
           slice_is(side->entity->kind, "resource") &&
           (event->effect == EFFECT_REMOVED || event->effect == EFFECT_REJECTED ||
            event->effect == EFFECT_RENAMED);
}

static bool is_template(const struct unit_sources *sources, const struct event *event) {
    struct slice table = event->effect == EFFECT_CHANGED && event->after.entity
                             ? property_of(event->after.entity, "deliveries")
                             : SLICE_NONE;
    return table.size && slice_is(event->after.entity->kind, "resource") &&
           table_has(sources->knowledge, table, &event->after.entity->type, 1);
}

/* The tree is read only for objects: to read it costs. */
static void read_once(struct judging *judging) {
    if (!judging->read)
        deliveries_read(&judging->all);
    judging->read = true;
}

static void judge(struct judging *judging, struct event *event) {
    struct deliveries *all = &judging->all;
    if (event->effect == EFFECT_RENAMED &&
        table_has(all->sources->knowledge, all->table, &event->before.entity->type, 1))
        event->confidence = CONFIDENCE_LIKELY; /* a controller knows it by its name alone */
    if (event->effect == EFFECT_REJECTED)
        judge_rejected(all, event);
    else if (event->effect == EFFECT_REMOVED)
        judge_removed(all, event);
    if (event->effect != EFFECT_REJECTED && event->before.entity)
        add_contents(all, event);
}

void delivery_events(const struct unit_sources *sources, struct events *events) {
    struct judging judging = {.all = {.sources = sources}, .events = events};
    for (uint32_t i = 0, count = events->list.count; i < count; i++) {
        struct event *event = &events->list.items[i];
        bool template = is_template(sources, event);
        if (!template && !concerns(event))
            continue;
        deliveries_begin(&judging.all, event_side(event)->entity->dialect);
        if (template) {
            judge_changed(&judging, i);
            continue;
        }
        read_once(&judging);
        judge(&judging, event);
    }
}
