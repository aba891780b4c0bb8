#include "reach/fan_out.h"

enum { NEEDLE_BYTES_MIN = 3 }; /* a shorter name stands in too many places by chance */

/* A block of a neighbouring file. */
struct neighbour {
    struct slice path;
    struct slice bytes;
    uint32_t offset;
    uint32_t mark; /* number of the search that has counted it */
};

/* The files of one dialect in one directory of one side. */
struct neighbourhood {
    VEC(struct neighbour) blocks;
    const struct dialect *dialect;
    bool partial; /* some neighbours could not be read, or there are too many */
};

struct fan_out {
    struct arena *arena;
    const struct change *change;
    struct reader *reader;
    struct map places, answers;
    VEC(struct neighbourhood *) neighbourhoods;
    uint32_t mark;
    uint64_t scanned;
};

struct needles {
    VEC(struct slice) list;
};

struct fan_out *fan_out_new(struct arena *arena, const struct change *change,
                            struct reader *reader) {
    struct fan_out *search = ARENA_NEW(arena, struct fan_out);
    search->arena = arena;
    search->change = change;
    search->reader = reader;
    map_init(&search->places, arena);
    map_init(&search->answers, arena);
    return search;
}

static struct slice directory_of(struct slice path) {
    size_t slash = slice_find_last_byte(path, '/');
    return slash == SLICE_NPOS ? SLICE("") : slice_sub(path, 0, slash);
}

static struct slice extension_of(struct slice path) {
    size_t dot = slice_find_last_byte(path, '.');
    return dot == SLICE_NPOS ? path : slice_from(path, dot);
}

static void add_file(struct fan_out *search, struct neighbourhood *place, struct slice path,
                     struct slice content) {
    uint32_t count;
    const struct block *blocks = language_blocks(search->arena, place->dialect, content, &count);
    for (uint32_t i = 0; i < count; i++)
        vec_push(search->arena, &place->blocks,
                 ((struct neighbour){path, blocks[i].bytes, blocks[i].offset, 0}));
}

static void add_listed(struct fan_out *search, struct neighbourhood *place, const struct tree *tree,
                       struct slice directory, struct slice extension) {
    struct slice *names;
    uint32_t count, files = 0;
    size_t bytes = 0;
    if (!tree->list || tree->list(tree->self, directory, &names, &count) != TREE_PRESENT) {
        place->partial = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct slice content;
        if (!slice_ends(names[i], extension))
            continue;
        struct slice path = directory.size
                                ? arena_format(search->arena, "%.*s/%.*s", SLICE_ARGS(directory),
                                               SLICE_ARGS(names[i]))
                                : names[i];
        bool read = files < FAN_OUT_FILES && tree->read &&
                    tree->read(tree->self, path, &content) == TREE_PRESENT &&
                    bytes + content.size <= FAN_OUT_BYTES;
        if (!read) {
            place->partial = true;
            continue;
        }
        files++;
        bytes += content.size;
        add_file(search, place, path, content);
    }
}

/* Where the directory cannot be listed, the files of the change in it are all that is known. */
static void add_changed(struct fan_out *search, struct neighbourhood *place, bool before,
                        struct slice directory, struct slice extension) {
    for (uint32_t i = 0; i < search->change->pairs.count; i++) {
        const struct pair *pair = &search->change->pairs.items[i];
        const struct blob *blob = before ? &pair->before : &pair->after;
        struct slice path = before ? pair->old_path : pair->path;
        if (blob->state == CONTENT_TEXT && blob->bytes.size <= FAN_OUT_BYTES &&
            slice_ends(path, extension) && slice_equal(directory_of(path), directory))
            add_file(search, place, path, blob->bytes);
    }
}

static struct neighbourhood *find_place(struct fan_out *search, const struct placed *placed,
                                        bool before) {
    bool alone = placed->entity->dialect->unit == UNIT_FILE;
    struct slice directory = directory_of(placed->path), extension = extension_of(placed->path);
    struct slice key = arena_format(search->arena, "%d %.*s %.*s", before,
                                    SLICE_ARGS(placed->entity->dialect->name),
                                    SLICE_ARGS(alone ? placed->path : directory));
    uint32_t at = map_set_default(&search->places, key, search->neighbourhoods.count);
    if (at < search->neighbourhoods.count)
        return search->neighbourhoods.items[at];
    struct neighbourhood *place = ARENA_NEW(search->arena, struct neighbourhood);
    place->dialect = placed->entity->dialect;
    vec_push(search->arena, &search->neighbourhoods, place);
    const struct tree *tree = before ? &search->change->before : &search->change->after;
    if (alone)
        add_file(search, place, placed->path, placed->file);
    else
        add_listed(search, place, tree, directory, extension);
    if (!place->blocks.count)
        add_changed(search, place, before, directory, extension);
    return place;
}

static bool is_name_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
}

/* Offset of the needle as a whole word from `from` on; not where it is a part of a longer address,
 * so a dot in front forbids it. */
static size_t find_word(struct slice text, struct slice needle, size_t from) {
    for (;;) {
        size_t at = slice_find(slice_from(text, from), needle);
        if (at == SLICE_NPOS)
            return at;
        at += from;
        size_t end = at + needle.size;
        bool begins = at == 0 || !(is_name_byte(text.data[at - 1]) || text.data[at - 1] == '.');
        if (begins && (end == text.size || !is_name_byte(text.data[end])))
            return at;
        from = at + 1;
    }
}

/* How others write the name: without the parts that only the place adds ("prod/db" is "db"). */
static struct slice needle_of(struct slice name) {
    size_t slash = slice_find_last_byte(name, '/');
    return slash == SLICE_NPOS ? name : slice_from(name, slash + 1);
}

static bool is_needle(struct slice needle) {
    return needle.size >= NEEDLE_BYTES_MIN && slice_find_byte(needle, ' ') == SLICE_NPOS &&
           slice_find_byte(needle, '\n') == SLICE_NPOS;
}

/* What a block that holds the needle declares around it is searched for next. */
static void add_declared(struct fan_out *search, const struct neighbourhood *place,
                         const struct neighbour *block, struct slice needle, struct needles *next) {
    const struct entity_list *list = entity_read(search->reader, place->dialect, block->bytes);
    size_t at = find_word(block->bytes, needle, 0);
    for (uint32_t i = 0; list && i < list->count; i++) {
        const struct entity *entity = &list->items[i];
        if (entity->scope != ENTITY_NONE || at < entity->span.from || at >= entity->span.to)
            continue;
        struct slice declared = needle_of(entity->name);
        if (is_needle(declared) && next->list.count < FAN_OUT_MAX)
            vec_push(search->arena, &next->list, arena_copy(search->arena, declared));
    }
}

/* One step: blocks that hold a needle and were not counted yet. */
static uint32_t search_step(struct fan_out *search, struct neighbourhood *place,
                            const struct needles *needles, struct needles *next) {
    uint32_t found = 0;
    for (uint32_t n = 0; n < needles->list.count; n++)
        for (uint32_t i = 0; i < place->blocks.count; i++) {
            struct neighbour *block = &place->blocks.items[i];
            if (block->mark == search->mark)
                continue;
            search->scanned += block->bytes.size;
            if (find_word(block->bytes, needles->list.items[n], 0) == SLICE_NPOS)
                continue;
            block->mark = search->mark;
            found++;
            add_declared(search, place, block, needles->list.items[n], next);
        }
    return found;
}

/* The block in which the thing itself stands does not refer to it. */
static void mark_own(struct fan_out *search, struct neighbourhood *place,
                     const struct placed *placed) {
    for (uint32_t i = 0; i < place->blocks.count; i++) {
        struct neighbour *block = &place->blocks.items[i];
        if (block->offset == placed->offset && slice_equal(block->path, placed->path))
            block->mark = search->mark;
    }
}

static uint32_t run_search(struct fan_out *search, const struct placed *placed, bool before) {
    struct slice needle = needle_of(placed->entity->name);
    struct neighbourhood *place = find_place(search, placed, before);
    if (!is_needle(needle) || search->scanned > FAN_OUT_SCANNED)
        return FAN_OUT_UNKNOWN;
    struct needles needles = {0};
    vec_push(search->arena, &needles.list, needle);
    uint32_t found = 0;
    search->mark++;
    mark_own(search, place, placed);
    for (uint32_t depth = 0; depth < FAN_OUT_DEPTH && needles.list.count; depth++) {
        struct needles next = {0};
        found += search_step(search, place, &needles, &next);
        needles = next;
        if (found >= FAN_OUT_MAX || search->scanned > FAN_OUT_SCANNED)
            break;
    }
    if (!found && place->partial)
        return FAN_OUT_UNKNOWN;
    return found < FAN_OUT_MAX ? found : FAN_OUT_MAX;
}

uint32_t fan_out_find(struct fan_out *search, const struct placed *placed, bool before) {
    if (!placed->entity->dialect)
        return FAN_OUT_UNKNOWN;
    struct slice key =
        arena_format(search->arena, "%d %u %.*s", before, placed->offset, SLICE_ARGS(placed->path));
    key =
        arena_format(search->arena, "%.*s %.*s", SLICE_ARGS(key), SLICE_ARGS(placed->entity->name));
    uint32_t known = map_get(&search->answers, key);
    if (known != MAP_ABSENT)
        return known ? known - 1 : FAN_OUT_UNKNOWN; /* 0 stands for unknown */
    uint32_t found = run_search(search, placed, before);
    map_set(&search->answers, key, found == FAN_OUT_UNKNOWN ? 0 : found + 1);
    return found;
}
