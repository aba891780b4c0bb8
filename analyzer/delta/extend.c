/* What things take from those they extend (dialect property `extended`), and lists that are put
 * into lists (`spliced`: the tag of such a list). */
#include "base/path.h"
#include "delta/include_file.h"

enum { SPLICED_ITEMS = 1024 };

struct extension {
    const struct unit_sources *sources;
    const struct placed *placed;
    bool before;
    struct value *body;
    uint32_t room, bases;
    struct slice wanted; /* name of the base that is looked for; none: all of that kind */
    const struct entity *found;
    uint32_t depth;
};

static bool is_left_out(const struct extension *extension, struct slice key) {
    struct slice rest = include_property(extension->placed->entity->dialect, "extended_without"),
                 part;
    while (slice_split(&rest, ',', &part))
        if (slice_equal(slice_trim(part), key))
            return true;
    return false;
}

static void add_item(struct extension *extension, struct value_item item) {
    struct value *body = extension->body;
    if (body->count == extension->room) {
        extension->room = extension->room * 2 + 8;
        struct value_item *items =
            ARENA_ARRAY(extension->sources->arena, struct value_item, extension->room);
        if (body->count)
            memcpy(items, body->items, body->count * sizeof *items);
        body->items = items;
    }
    body->items[body->count++] = item;
}

/* Maps are taken over key by key. */
static const struct value *merged(struct arena *arena, const struct value *own,
                                  const struct value *base) {
    if (own->kind != VALUE_MAP || base->kind != VALUE_MAP)
        return own;
    struct value *both = ARENA_NEW(arena, struct value);
    *both = *own;
    both->items = ARENA_ARRAY(arena, struct value_item, own->count + base->count + 1);
    if (own->count)
        memcpy(both->items, own->items, own->count * sizeof *own->items);
    for (uint32_t i = 0; i < base->count; i++)
        if (!value_get(own, base->items[i].key))
            both->items[both->count++] = base->items[i];
    return both;
}

static void take_over(struct extension *extension, const struct value *base) {
    for (uint32_t i = 0; base && base->kind == VALUE_MAP && i < base->count; i++) {
        struct value_item *own = NULL;
        if (is_left_out(extension, base->items[i].key))
            continue;
        for (uint32_t n = 0; n < extension->body->count && !own; n++)
            if (slice_equal(extension->body->items[n].key, base->items[i].key))
                own = &extension->body->items[n];
        if (own)
            own->value = merged(extension->sources->arena, own->value, base->items[i].value);
        else
            add_item(extension, base->items[i]);
    }
}

static void extend_by(struct extension *extension, const struct entity *entity,
                      const struct entity_list *list, struct slice path);

static void take_entity(const struct source *source, const struct block *block,
                        const struct entity_list *list, uint32_t at, void *context) {
    struct extension *extension = context;
    const struct entity *entity = &list->items[at];
    bool wanted = slice_is_none(extension->wanted) || slice_equal(extension->wanted, entity->name);
    (void)block;
    if (!wanted || !slice_equal(entity->kind, extension->placed->entity->kind) ||
        extension->bases >= INCLUDE_BASES)
        return;
    extension->bases++;
    extension->found = entity;
    take_over(extension, entity->body);
    struct slice outer = extension->wanted;
    extend_by(extension, entity, list, source->path);
    extension->wanted = outer;
}

/* In the files that the file takes in as a whole. */
static void look_in_files(struct extension *extension, const struct entity_list *list,
                          struct slice path) {
    const struct dialect *dialect = extension->placed->entity->dialect;
    for (uint32_t i = 0; i < list->count; i++) {
        struct texts texts = {.arena = extension->sources->arena};
        struct source source;
        if (list->items[i].scope != ENTITY_NONE)
            continue;
        include_texts(&list->items[i], list->items[i].body, "calls", &texts);
        for (uint32_t n = 0; n < texts.list.count && !extension->found; n++)
            if (include_find(extension->sources, extension->before, dialect, path,
                             texts.list.items[n], &source))
                include_entities(extension->sources, dialect, &source, take_entity, extension);
    }
}

static void extend_by_name(struct extension *extension, struct slice name,
                           const struct entity_list *list, struct slice path) {
    const struct dialect *dialect = extension->placed->entity->dialect;
    struct source source = {.path = path};
    extension->found = NULL;
    extension->wanted = SLICE_NONE;
    if (include_find(extension->sources, extension->before, dialect, path, name, &source)) {
        include_entities(extension->sources, dialect, &source, take_entity, extension);
        return;
    }
    extension->wanted = name;
    for (uint32_t i = 0; i < list->count && !extension->found; i++)
        take_entity(&source, NULL, list, i, extension);
    if (!extension->found)
        look_in_files(extension, list, path);
}

static void extend_by(struct extension *extension, const struct entity *entity,
                      const struct entity_list *list, struct slice path) {
    struct texts texts = {.arena = extension->sources->arena};
    if (extension->depth >= INCLUDE_DEPTH)
        return;
    extension->depth++;
    include_texts(entity, entity->body, "extended", &texts);
    for (uint32_t i = texts.list.count; i-- > 0;) /* the last one wins */
        extend_by_name(extension, texts.list.items[i], list, path);
    extension->depth--;
}

/* What all things of the file begin with: `default` of GitLab. */
static const struct value *defaults_of(const struct placed *placed) {
    struct slice key = include_property(placed->entity->dialect, "defaults");
    for (uint32_t i = 0; key.size && i < placed->list->count; i++)
        if (placed->list->items[i].scope == ENTITY_NONE)
            return value_get(placed->list->items[i].body, key);
    return NULL;
}

/* ---- lists in lists ---- */

/* [job, key] of `!reference [job, key]`. */
static const struct value *spliced_value(const struct extension *extension,
                                         const struct value *reference) {
    const struct entity_list *list = extension->placed->list;
    if (reference->kind != VALUE_LIST || reference->count < 2 || !list)
        return NULL;
    struct slice name = value_literal(reference->items[0].value);
    struct slice key = value_literal(reference->items[1].value);
    for (uint32_t i = 0; i < list->count; i++)
        if (slice_equal(list->items[i].name, name) &&
            slice_equal(list->items[i].kind, extension->placed->entity->kind))
            return value_get(list->items[i].body, key);
    return NULL;
}

static const struct value *splice_list(const struct extension *extension, const struct value *list,
                                       struct slice tag) {
    struct value *flat = ARENA_NEW(extension->sources->arena, struct value);
    bool any = false;
    *flat = *list;
    flat->items = ARENA_ARRAY(extension->sources->arena, struct value_item, SPLICED_ITEMS);
    flat->count = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct value *item = list->items[i].value;
        const struct value *other =
            slice_equal(item->tag, tag) ? spliced_value(extension, item) : NULL;
        uint32_t more = other && other->kind == VALUE_LIST ? other->count : 0;
        if (flat->count + more + 1 > SPLICED_ITEMS)
            return list;
        for (uint32_t n = 0; n < more; n++)
            flat->items[flat->count++] = other->items[n];
        if (!more)
            flat->items[flat->count++] = list->items[i];
        any = any || more;
    }
    return any ? flat : list;
}

static void splice(struct extension *extension) {
    struct slice tag = include_property(extension->placed->entity->dialect, "spliced");
    for (uint32_t i = 0; tag.size && i < extension->body->count; i++) {
        struct value_item *item = &extension->body->items[i];
        if (slice_equal(item->value->tag, tag)) {
            const struct value *other = spliced_value(extension, item->value);
            item->value = other ? other : item->value;
        } else if (item->value->kind == VALUE_LIST && item->value->count < SPLICED_ITEMS) {
            item->value = splice_list(extension, item->value, tag);
        }
    }
}

/* ---- both sides ---- */

static const struct value *body_in_force(const struct unit_sources *sources,
                                         const struct placed *placed, bool before) {
    struct value *body = ARENA_NEW(sources->arena, struct value);
    struct extension extension = {
        .sources = sources, .placed = placed, .before = before, .body = body};
    *body = *placed->body;
    extension.room = body->count;
    body->items = ARENA_ARRAY(sources->arena, struct value_item, body->count + 1);
    if (body->count)
        memcpy(body->items, placed->body->items, body->count * sizeof *body->items);
    splice(&extension);
    extend_by(&extension, placed->entity, placed->list, placed->path);
    take_over(&extension, defaults_of(placed));
    return body;
}

static bool takes_nothing(const struct placed *placed, struct arena *arena) {
    struct texts texts = {.arena = arena};
    include_texts(placed->entity, placed->body, "extended", &texts);
    return !texts.list.count && !defaults_of(placed);
}

static bool splices(const struct placed *placed) {
    struct slice tag = include_property(placed->entity->dialect, "spliced");
    for (uint32_t i = 0; tag.size && i < placed->body->count; i++) {
        const struct value *value = placed->body->items[i].value;
        for (uint32_t n = 0; value->kind == VALUE_LIST && n < value->count; n++)
            if (slice_equal(value->items[n].value->tag, tag))
                return true;
        if (slice_equal(value->tag, tag))
            return true;
    }
    return false;
}

void include_settings(const struct unit_sources *sources, struct placed *before,
                      struct placed *after) {
    const struct dialect *dialect = after->entity->dialect;
    if (!sources || !before->list || !after->list || before->body == after->body ||
        before->body->kind != VALUE_MAP || after->body->kind != VALUE_MAP ||
        !include_property(dialect, "extended").size || value_equal(before->body, after->body))
        return;
    if (takes_nothing(before, sources->arena) && takes_nothing(after, sources->arena) &&
        !splices(before) && !splices(after))
        return;
    before->body = body_in_force(sources, before, true);
    after->body = body_in_force(sources, after, false);
}
