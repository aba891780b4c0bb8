#include "delta/override.h"

#include "resolve/resolve.h"

static struct slice property(const struct dialect *dialect, const char *name) {
    return dialect && dialect->record ? dialect_property(dialect, name) : SLICE_NONE;
}

bool override_is_changed(const struct unit *unit) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < unit->sides[s].files.count; i++) {
            const struct unit_file *file = &unit->sides[s].files.items[i];
            if (!file->neighbour && resolve_is_override(file->dialect, file->path))
                return true;
        }
    return false;
}

static const struct unit_file *file_of(const struct override_search *search, uint32_t side,
                                       const struct cut_block *block) {
    return &search->unit->sides[side].files.items[block->file];
}

static bool may_declare(struct slice bytes, struct slice name) {
    struct slice part;
    while (slice_split(&name, '.', &part))
        if (!slice_contains(bytes, part))
            return false;
    return true;
}

static bool declares(const struct cut_block *block, const struct entity *wanted) {
    for (uint32_t i = 0; i < block->list->count; i++)
        if (block->list->items[i].scope == ENTITY_NONE &&
            slice_equal(block->list->items[i].kind, wanted->kind) &&
            slice_equal(block->list->items[i].name, wanted->name))
            return true;
    return false;
}

struct declared {
    uint32_t side;
    struct cut_block *block;
};

/* All blocks of both sides that declare the thing; all of them are wanted if one is. */
static void want_together(struct override_search *search, const struct entity *entity) {
    VEC(struct declared) found = {0};
    bool wanted = false;
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < search->sides[s].blocks.count; i++) {
            struct cut_block *block = &search->sides[s].blocks.items[i];
            if (!may_declare(block->block.bytes, entity->name))
                continue;
            search->read(search->context, s, block);
            if (!declares(block, entity))
                continue;
            wanted |= block->wanted;
            vec_push(search->arena, &found, ((struct declared){s, block}));
        }
    for (uint32_t i = 0; wanted && i < found.count; i++) {
        struct cut_block *block = found.items[i].block;
        block->wanted = true;
        if (block->twin != ENTITY_NONE)
            search->sides[found.items[i].side ^ 1U].blocks.items[block->twin].wanted = true;
    }
}

void override_want(struct override_search *search) {
    const struct unit_file *asked = NULL; /* blocks of one file stand together */
    bool overrides = false;
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < search->sides[s].blocks.count; i++) {
            struct cut_block *block = &search->sides[s].blocks.items[i];
            const struct unit_file *file = file_of(search, s, block);
            if (file != asked)
                overrides = resolve_is_override(file->dialect, file->path);
            asked = file;
            if (!overrides)
                continue;
            search->read(search->context, s, block);
            for (uint32_t n = 0; n < block->list->count; n++)
                if (block->list->items[n].scope == ENTITY_NONE)
                    want_together(search, &block->list->items[n]);
        }
}

/* Spans are of another file: they must not be taken for places of this one. */
static const struct value *without_place(struct arena *arena, const struct value *value) {
    struct value *copy = ARENA_NEW(arena, struct value);
    *copy = *value;
    copy->span = (struct span){0, 0};
    copy->items = ARENA_ARRAY(arena, struct value_item, (size_t)value->count + 1);
    for (uint32_t i = 0; i < value->count; i++)
        copy->items[i] = (struct value_item){value->items[i].key, copy->span,
                                             without_place(arena, value->items[i].value)};
    return copy;
}

static bool is_merged(const struct entity *entity, struct slice key) {
    struct slice words = property(entity->dialect, "override_merged"), word;
    while (slice_split(&words, ',', &word))
        if (slice_equal(slice_trim(word), key))
            return true;
    return false;
}

static const struct value *merge_maps(struct arena *arena, const struct entity *entity,
                                      const struct value *base, const struct value *over);

/* Nested blocks are lists of maps: of merged ones the first is meant, they stand once. */
static const struct value *merge_blocks(struct arena *arena, const struct value *base,
                                        const struct value *over) {
    if (base->kind != VALUE_LIST || over->kind != VALUE_LIST || !base->count || !over->count)
        return base->kind == VALUE_MAP && over->kind == VALUE_MAP
                   ? merge_maps(arena, NULL, base, over)
                   : over;
    struct value *list = ARENA_NEW(arena, struct value);
    *list = *over;
    list->count = 1;
    list->items = ARENA_NEW(arena, struct value_item);
    *list->items = *over->items;
    list->items->value = merge_maps(arena, NULL, base->items->value, over->items->value);
    return list;
}

/* Without an entity: every key replaces. */
static const struct value *merge_maps(struct arena *arena, const struct entity *entity,
                                      const struct value *base, const struct value *over) {
    struct value *merged = ARENA_NEW(arena, struct value);
    *merged = *over;
    merged->count = 0;
    merged->items = ARENA_ARRAY(arena, struct value_item, (size_t)base->count + over->count + 1);
    for (uint32_t i = 0; i < base->count; i++)
        if (!value_get(over, base->items[i].key))
            merged->items[merged->count++] = (struct value_item){
                base->items[i].key, {0, 0}, without_place(arena, base->items[i].value)};
    for (uint32_t i = 0; i < over->count; i++) {
        const struct value *known = value_get(base, over->items[i].key);
        struct value_item item = over->items[i];
        if (known && entity && is_merged(entity, item.key))
            item.value = merge_blocks(arena, without_place(arena, known), item.value);
        merged->items[merged->count++] = item;
    }
    return merged;
}

static void lay_over(struct arena *arena, struct match_item *base, const struct placed *over) {
    const struct placed *under = base->placed;
    struct placed *placed = ARENA_NEW(arena, struct placed);
    struct entity *entity = ARENA_NEW(arena, struct entity);
    *entity = *under->entity;
    entity->span = over->entity->span;
    entity->body = merge_maps(arena, entity, under->entity->body, over->entity->body);
    entity->body_hash = value_hash(entity->body);
    *placed = *over;
    placed->entity = entity;
    placed->list = under->list;
    placed->name = under->name;
    placed->body = merge_maps(arena, entity, under->body, over->body);
    base->placed = placed;
}

static bool is_override(const struct match_item *item) {
    return item->parent == ENTITY_NONE &&
           resolve_is_override(item->placed->entity->dialect, item->placed->path);
}

static struct slice key_of(struct arena *arena, const struct match_item *item) {
    return ARENA_CONCAT(arena, item->placed->entity->kind, SLICE(":"), item->placed->entity->name);
}

static bool has_overrides(const struct match_side *side) {
    for (uint32_t i = 0; i < side->items.count; i++)
        if (is_override(&side->items.items[i]))
            return true;
    return false;
}

/* First what stands in ordinary files, then what is only in overrides: so what is overridden comes
 * before what stands inside of its override. */
struct merging {
    struct arena *arena;
    struct match_side *side;
    struct match_side made;
    struct map bases; /* key -> index in made */
    uint32_t *renumbered;
};

static bool stands_in_override(const struct match_side *side, uint32_t at) {
    while (side->items.items[at].parent != ENTITY_NONE)
        at = side->items.items[at].parent;
    return is_override(&side->items.items[at]);
}

static void take(struct merging *merging, uint32_t at) {
    struct match_item item = merging->side->items.items[at];
    bool over = is_override(&item);
    struct slice key = item.parent == ENTITY_NONE ? key_of(merging->arena, &item) : SLICE_NONE;
    uint32_t base = over ? map_get(&merging->bases, key) : MAP_ABSENT;
    if (base != MAP_ABSENT) {
        lay_over(merging->arena, &merging->made.items.items[base], item.placed);
        merging->renumbered[at] = base;
        return;
    }
    if (item.parent != ENTITY_NONE)
        item.parent = merging->renumbered[item.parent];
    merging->renumbered[at] = merging->made.items.count;
    if (!slice_is_none(key))
        map_set_default(&merging->bases, key, merging->made.items.count);
    vec_push(merging->arena, &merging->made.items, item);
}

void override_merge(struct arena *arena, struct match_side *side) {
    if (!has_overrides(side))
        return;
    struct merging merging = {.arena = arena, .side = side};
    map_init(&merging.bases, arena);
    merging.renumbered = ARENA_ARRAY(arena, uint32_t, (size_t)side->items.count + 1);
    for (uint32_t i = 0; i < side->items.count; i++)
        if (!stands_in_override(side, i))
            take(&merging, i);
    for (uint32_t i = 0; i < side->items.count; i++)
        if (stands_in_override(side, i))
            take(&merging, i);
    *side = merging.made;
}
