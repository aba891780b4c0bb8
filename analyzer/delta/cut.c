#include "delta/cut.h"

static void split_side(struct arena *arena, const struct unit *unit, uint32_t side,
                       struct cut_side *cut) {
    for (uint32_t i = 0; i < unit->sides[side].files.count; i++) {
        const struct unit_file *file = &unit->sides[side].files.items[i];
        uint32_t count = 0;
        const struct block *blocks = language_blocks(arena, file->dialect, file->bytes, &count);
        vec_reserve(arena, &cut->blocks, cut->blocks.count + count);
        for (uint32_t b = 0; b < count; b++)
            vec_push(arena, &cut->blocks,
                     ((struct cut_block){
                         .block = blocks[b], .file = i, .twin = ENTITY_NONE, .wanted = true}));
    }
}

struct twin_search {
    struct arena *arena;
    const struct unit *unit;
    struct cut_side *sides;
    bool same_file;
};

static struct slice block_key(const struct twin_search *search, uint32_t side,
                              const struct cut_block *block) {
    const struct unit_file *file = &search->unit->sides[side].files.items[block->file];
    struct slice place = search->same_file ? file->known_as : file->group;
    return arena_format(search->arena, "%llx:%.*s:%.*s", (unsigned long long)block->block.hash,
                        SLICE_ARGS(file->dialect->name), SLICE_ARGS(place));
}

/* Equal blocks are queued and taken first to last. */
static void find_twins(const struct twin_search *search) {
    struct cut_side *before = &search->sides[UNIT_BEFORE], *after = &search->sides[UNIT_AFTER];
    struct map heads;
    map_init(&heads, search->arena);
    uint32_t *next = ARENA_ARRAY(search->arena, uint32_t, before->blocks.count);
    for (uint32_t i = before->blocks.count; i-- > 0;) {
        if (before->blocks.items[i].twin != ENTITY_NONE)
            continue;
        struct slice key = block_key(search, UNIT_BEFORE, &before->blocks.items[i]);
        next[i] = map_get(&heads, key);
        map_set(&heads, key, i);
    }
    for (uint32_t i = 0; i < after->blocks.count; i++) {
        struct cut_block *block = &after->blocks.items[i];
        if (block->twin != ENTITY_NONE)
            continue;
        struct slice key = block_key(search, UNIT_AFTER, block);
        uint32_t head = map_get(&heads, key);
        if (head == MAP_ABSENT ||
            !slice_equal(before->blocks.items[head].block.bytes, block->block.bytes))
            continue;
        map_set(&heads, key, next[head]);
        block->twin = head;
        before->blocks.items[head].twin = i;
        block->wanted = before->blocks.items[head].wanted = false;
    }
}

void cut_unit(struct arena *arena, const struct unit *unit, struct cut_side *sides) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        split_side(arena, unit, s, &sides[s]);
    struct twin_search search = {arena, unit, sides, true};
    find_twins(&search);
    search.same_file = false;
    find_twins(&search);
}
