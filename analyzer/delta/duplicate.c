#include "delta/duplicate.h"

#include "base/path.h"

struct search {
    struct emit *emit;
    const struct unit_sources *sources;
    struct reader *reader;
    const struct match_item *item; /* the added one */
};

static bool is_exclusive(const struct entity *entity) {
    if (!entity->dialect || !entity->dialect->record || !entity->type.size)
        return false;
    struct slice types = dialect_property(entity->dialect, "exclusive"), type;
    while (slice_split(&types, ',', &type))
        if (slice_equal(slice_trim(type), entity->type))
            return true;
    return false;
}

static bool is_same(const struct entity *a, const struct entity *b) {
    return slice_equal(a->kind, b->kind) && slice_equal(a->type, b->type) &&
           slice_equal(a->name, b->name);
}

static void emit_duplicate(const struct search *search, const struct placed *earlier) {
    const struct placed *added = search->item->placed;
    struct comparison with = emit_comparison(search->emit->arena, added->entity->dialect);
    struct attribute_changes changes = {0};
    compare_values(&with, added->entity->type, earlier->body, added->body, &changes);
    if (!changes.list.count)
        return;
    emit_event(search->emit, (struct event){.effect = EFFECT_REPLACED,
                                            .confidence = CONFIDENCE_LIKELY,
                                            .before = *earlier,
                                            .after = *added,
                                            .changes = changes.list.items,
                                            .change_count = changes.list.count,
                                            .cause = &changes.list.items[0],
                                            .reason = SLICE("duplicate_identity")});
}

static bool find_in_change(const struct search *search, const struct match_side *after) {
    for (uint32_t i = 0; i < after->items.count; i++) {
        const struct match_item *other = &after->items.items[i];
        if (other == search->item || other->partner == ENTITY_NONE ||
            !slice_equal(other->group, search->item->group) ||
            !is_same(other->placed->entity, search->item->placed->entity))
            continue;
        emit_duplicate(search, other->placed);
        return true;
    }
    return false;
}

static bool find_in_block(const struct search *search, struct slice path, struct slice file,
                          const struct block *block) {
    const struct placed *added = search->item->placed;
    const struct entity_list *list =
        entity_read(search->reader, added->entity->dialect, block->bytes);
    for (uint32_t i = 0; i < list->count; i++) {
        if (!is_same(&list->items[i], added->entity))
            continue;
        struct placed earlier = *added;
        earlier.entity = &list->items[i];
        earlier.list = list;
        earlier.path = path;
        earlier.file = file;
        earlier.offset = block->offset;
        earlier.line = block->line;
        earlier.body = list->items[i].body;
        emit_duplicate(search, &earlier);
        return true;
    }
    return false;
}

static bool find_in_file(const struct search *search, struct slice path) {
    const struct tree *tree = &search->sources->change->after;
    const struct entity *entity = search->item->placed->entity;
    struct slice bytes,
        name = slice_from(entity->name, slice_find_last_byte(entity->name, '/') + 1);
    if (tree->read(tree->self, path, &bytes) != TREE_PRESENT || !slice_contains(bytes, name) ||
        language_detect(search->sources->dialects, path, bytes) != entity->dialect)
        return false;
    uint32_t count = 0;
    const struct block *blocks = reader_blocks(search->reader, entity->dialect, bytes, &count);
    for (uint32_t i = 0; i < count; i++)
        if (slice_contains(blocks[i].bytes, name) && find_in_block(search, path, bytes, &blocks[i]))
            return true;
    return false;
}

/* Files of the change have been looked at as such. */
static void find_beside(const struct search *search, const struct map *changed) {
    const struct tree *tree = &search->sources->change->after;
    struct slice directory = path_directory(search->item->placed->path), *names = NULL;
    uint32_t count = 0;
    tree->list(tree->self, directory, &names, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct slice path = path_join(search->emit->arena, directory, names[i]);
        if (map_get(changed, path) == MAP_ABSENT && find_in_file(search, path))
            return;
    }
}

void duplicate_events(struct emit *emit, const struct unit_sources *sources, struct reader *reader,
                      const struct match_side *after) {
    struct map changed = {0};
    for (uint32_t i = 0; i < after->items.count; i++) {
        const struct match_item *item = &after->items.items[i];
        if (item->partner != ENTITY_NONE || !is_exclusive(item->placed->entity))
            continue;
        struct search search = {emit, sources, reader, item};
        if (!changed.arena) {
            map_init(&changed, emit->arena);
            for (uint32_t p = 0; p < sources->change->pairs.count; p++)
                map_set(&changed, sources->change->pairs.items[p].path, 1);
        }
        if (!find_in_change(&search, after))
            find_beside(&search, &changed);
    }
}
