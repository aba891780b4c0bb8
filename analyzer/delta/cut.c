#include "delta/cut.h"

static struct block_list split_file(struct cutter *cutter, const struct unit_file *file,
                                    uint32_t index, const struct block_list *like,
                                    struct cut_side *cut) {
    struct block_list blocks = reader_blocks_like(cutter->reader, file->dialect, file->bytes, like);
    vec_reserve(cutter->arena, &cut->blocks, cut->blocks.count + blocks.count);
    for (uint32_t b = 0; b < blocks.count; b++)
        cut->blocks.items[cut->blocks.count++] = (struct cut_block){
            .block = blocks.items[b], .file = index, .twin = ENTITY_NONE, .wanted = true};
    return blocks;
}

/* The other version of a file is mostly most of it. */
static void split_both(struct cutter *cutter, const struct unit *unit, struct cut_side *sides) {
    const struct block_list none = {.count = 0};
    uint32_t count = unit->sides[UNIT_BEFORE].files.count;
    struct block_list *known = ARENA_ARRAY(cutter->arena, struct block_list, count + 1);
    struct map files;
    map_init(&files, cutter->arena);
    for (uint32_t i = 0; i < count; i++) {
        const struct unit_file *file = &unit->sides[UNIT_BEFORE].files.items[i];
        known[i] = split_file(cutter, file, i, &none, &sides[UNIT_BEFORE]);
        map_set(&files, file->known_as, i);
    }
    for (uint32_t i = 0; i < unit->sides[UNIT_AFTER].files.count; i++) {
        const struct unit_file *file = &unit->sides[UNIT_AFTER].files.items[i];
        uint32_t at = map_get(&files, file->known_as);
        bool same =
            at != MAP_ABSENT && unit->sides[UNIT_BEFORE].files.items[at].dialect == file->dialect;
        split_file(cutter, file, i, same ? &known[at] : &none, &sides[UNIT_AFTER]);
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
    return ARENA_CONCAT(search->arena,
                        slice_make((const char *)&block->block.hash, sizeof block->block.hash),
                        file->dialect->name, SLICE(":"), place);
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

void cut_unit(struct cutter *cutter, const struct unit *unit, struct cut_side *sides) {
    split_both(cutter, unit, sides);
    struct twin_search search = {cutter->arena, unit, sides, true};
    find_twins(&search);
    search.same_file = false;
    find_twins(&search);
}

void cut_neighbours(struct cutter *cutter, const struct unit *unit, const uint32_t *from,
                    struct cut_side *sides) {
    struct cut_side *before = &sides[UNIT_BEFORE], *after = &sides[UNIT_AFTER];
    uint32_t first[UNIT_SIDES] = {before->blocks.count, after->blocks.count};
    const struct block_list none = {.count = 0};
    for (uint32_t i = from[UNIT_BEFORE]; i < unit->sides[UNIT_BEFORE].files.count; i++)
        split_file(cutter, &unit->sides[UNIT_BEFORE].files.items[i], i, &none, before);
    uint32_t count = before->blocks.count - first[UNIT_BEFORE];
    vec_reserve(cutter->arena, &after->blocks, first[UNIT_AFTER] + count);
    for (uint32_t i = 0; i < count; i++) {
        struct cut_block *block = &before->blocks.items[first[UNIT_BEFORE] + i];
        block->twin = first[UNIT_AFTER] + i;
        block->wanted = false;
        struct cut_block *twin = &after->blocks.items[after->blocks.count++];
        *twin = *block;
        twin->file = block->file - from[UNIT_BEFORE] + from[UNIT_AFTER];
        twin->twin = first[UNIT_BEFORE] + i;
    }
}
