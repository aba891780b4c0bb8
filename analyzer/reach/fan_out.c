#include "reach/fan_out.h"

#include "base/path.h"

enum { NEEDLE_BYTES_MIN = 3 }; /* a shorter name stands in too many places by chance */

/* A block of a neighbouring file. */
struct neighbour {
    struct slice path;
    struct slice bytes;
    uint32_t offset;
    const struct entity_list *list; /* read when the block first holds what is searched for */
    uint32_t parent;                /* scope of the entities that count, see find_level */
    uint32_t *marks; /* by entity, the last by the block: number of the search that counted it */
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
    const struct block *blocks = reader_blocks(search->reader, place->dialect, content, &count);
    for (uint32_t i = 0; i < count; i++)
        vec_push(
            search->arena, &place->blocks,
            ((struct neighbour){path, blocks[i].bytes, blocks[i].offset, NULL, ENTITY_NONE, NULL}));
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

/* The entities that count: those at the top, or, where one holds everything (a workflow, a
 * document), its children. */
static uint32_t find_level(const struct entity_list *list) {
    uint32_t top = ENTITY_NONE;
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i].scope != ENTITY_NONE)
            continue;
        if (top != ENTITY_NONE)
            return ENTITY_NONE;
        top = i;
    }
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i].scope == top)
            return top;
    return ENTITY_NONE;
}

static void read_block(struct fan_out *search, const struct neighbourhood *place,
                       struct neighbour *block) {
    static const struct entity_list empty = {0};
    const struct entity_list *list = entity_read(search->reader, place->dialect, block->bytes);
    block->list = list ? list : &empty;
    block->parent = find_level(block->list);
    block->marks = ARENA_ARRAY(search->arena, uint32_t, block->list->count + 1);
}

/* One search for one thing. */
struct hunt {
    const struct placed *placed;
    struct needles *next; /* what to search for in the next step */
    uint32_t found;
};

static bool is_own_block(const struct hunt *hunt, const struct neighbour *block) {
    return block->offset == hunt->placed->offset && slice_equal(block->path, hunt->placed->path);
}

static void count_entity(struct fan_out *search, struct hunt *hunt, struct neighbour *block,
                         uint32_t index) {
    const struct entity *entity = &block->list->items[index];
    const struct entity *own = hunt->placed->entity;
    if (block->marks[index] == search->mark ||
        (is_own_block(hunt, block) && entity->span.from == own->span.from &&
         entity->span.to == own->span.to))
        return;
    block->marks[index] = search->mark;
    hunt->found++;
    struct slice declared = needle_of(entity->name);
    if (is_needle(declared) && hunt->next->list.count < FAN_OUT_MAX)
        vec_push(search->arena, &hunt->next->list, arena_copy(search->arena, declared));
}

/* The entities of a block that hold the needle; the block itself where it has none. */
static void count_block(struct fan_out *search, struct hunt *hunt, struct neighbour *block,
                        struct slice needle) {
    bool inside = false;
    for (uint32_t i = 0; i < block->list->count; i++) {
        const struct entity *entity = &block->list->items[i];
        struct slice text = slice_sub(block->bytes, entity->span.from, entity->span.to);
        if (entity->scope != block->parent || find_word(text, needle, 0) == SLICE_NPOS)
            continue;
        inside = true;
        count_entity(search, hunt, block, i);
    }
    uint32_t *mark = &block->marks[block->list->count];
    if (inside || is_own_block(hunt, block) || *mark == search->mark)
        return;
    *mark = search->mark;
    hunt->found++;
}

static void search_step(struct fan_out *search, struct neighbourhood *place,
                        const struct needles *needles, struct hunt *hunt) {
    for (uint32_t n = 0; n < needles->list.count && hunt->found < FAN_OUT_MAX; n++) {
        struct slice needle = needles->list.items[n];
        for (uint32_t i = 0; i < place->blocks.count; i++) {
            struct neighbour *block = &place->blocks.items[i];
            search->scanned += block->bytes.size;
            if (find_word(block->bytes, needle, 0) == SLICE_NPOS)
                continue;
            if (!block->list)
                read_block(search, place, block);
            count_block(search, hunt, block, needle);
        }
    }
}

/* ---- files that others take in ---- */

/* What others write to name the file: its name, or that of its folder where the file's own says
 * nothing (`calls_file`); without the extension if they leave that out. */
static struct slice file_needle(const struct dialect *dialect, struct slice path) {
    struct slice base = path_base(path), names = dialect_property(dialect, "calls_file"), name;
    while (slice_split(&names, ',', &name))
        if (slice_equal(slice_trim(name), base))
            return path_base(directory_of(path));
    return base;
}

static uint32_t count_in_folder(struct fan_out *search, const struct tree *tree,
                                const struct placed *placed, struct slice folder,
                                struct slice needle) {
    struct slice *names = NULL, content;
    uint32_t count = 0, found = 0;
    if (tree->list)
        tree->list(tree->self, folder, &names, &count); /* what is known of it */
    for (uint32_t i = 0; i < count && i < FAN_OUT_MAX; i++) {
        struct slice path = path_join(search->arena, folder, names[i]);
        if (slice_equal(path, placed->path) || !slice_ends(path, SLICE("ml")) ||
            search->scanned > FAN_OUT_SCANNED ||
            tree->read(tree->self, path, &content) != TREE_PRESENT)
            continue;
        search->scanned += content.size;
        found += find_word(content, needle, 0) != SLICE_NPOS;
    }
    return found;
}

/* Pipelines that take in the file, in the folders where they stand and beside it. */
static uint32_t count_callers(struct fan_out *search, const struct placed *placed, bool before) {
    const struct dialect *dialect =
        language_detect(search->reader->dialects, placed->path, placed->file);
    struct slice folders =
        dialect && dialect->record ? dialect_property(dialect, "called_from") : SLICE_NONE;
    struct slice own = directory_of(placed->path), folder;
    const struct tree *tree = before ? &search->change->before : &search->change->after;
    if (!folders.size || !tree->read)
        return 0;
    struct slice needle = file_needle(dialect, placed->path);
    bool beside = false;
    uint32_t found = 0;
    while (slice_split(&folders, ',', &folder)) {
        folder = slice_is(slice_trim(folder), ".") ? SLICE("") : slice_trim(folder);
        beside = beside || slice_equal(folder, own);
        found += count_in_folder(search, tree, placed, folder, needle);
    }
    return beside ? found : found + count_in_folder(search, tree, placed, own, needle);
}

static uint32_t run_search(struct fan_out *search, const struct placed *placed, bool before) {
    struct slice needle = needle_of(placed->entity->name);
    struct neighbourhood *place = find_place(search, placed, before);
    if (!is_needle(needle) || search->scanned > FAN_OUT_SCANNED)
        return FAN_OUT_UNKNOWN;
    struct needles needles = {0};
    vec_push(search->arena, &needles.list, needle);
    struct hunt hunt = {.placed = placed};
    search->mark++;
    for (uint32_t depth = 0; depth < FAN_OUT_DEPTH && needles.list.count; depth++) {
        struct needles next = {0};
        hunt.next = &next;
        search_step(search, place, &needles, &hunt);
        needles = next;
        if (hunt.found >= FAN_OUT_MAX || search->scanned > FAN_OUT_SCANNED)
            break;
    }
    uint32_t found = hunt.found;
    if (!found && place->partial)
        return FAN_OUT_UNKNOWN;
    return found < FAN_OUT_MAX ? found : FAN_OUT_MAX;
}

uint32_t fan_out_callers(struct fan_out *search, const struct placed *placed, bool before) {
    struct slice key =
        arena_format(search->arena, "file %d %.*s", before, SLICE_ARGS(placed->path));
    uint32_t known = map_get(&search->answers, key);
    if (known != MAP_ABSENT)
        return known;
    uint32_t found = count_callers(search, placed, before);
    map_set(&search->answers, key, found);
    return found;
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
