#include "delta/unit.h"

#include "base/path.h"
#include "fact/place.h"

static const struct blob *pair_blob(const struct pair *pair, bool before) {
    return before ? &pair->before : &pair->after;
}

static struct slice pair_path(const struct pair *pair, bool before) {
    return before && !slice_is_none(pair->old_path) ? pair->old_path : pair->path;
}

static const struct dialect *detect(const struct unit_sources *sources, const struct pair *pair,
                                    bool before) {
    const struct blob *blob = pair_blob(pair, before), *other = pair_blob(pair, !before);
    if (blob->state != CONTENT_TEXT)
        return NULL;
    struct slice content = blob->bytes;
    if (slice_equal(pair_path(pair, true), pair_path(pair, false)) &&
        other->state == CONTENT_TEXT && other->bytes.size > content.size)
        content = other->bytes;
    struct slice path = pair_path(pair, before);
    return language_choose(reader_path(sources->reader, path)->candidates, content);
}

/* Both sides of a file that stayed where it is are looked at in the longer one: unless they are of
 * one length, they get the same answer. */
static bool detected_as_one(const struct pair *pair) {
    return pair->before.state == CONTENT_TEXT && pair->after.state == CONTENT_TEXT &&
           pair->before.bytes.size != pair->after.bytes.size &&
           slice_equal(pair_path(pair, true), pair_path(pair, false));
}

void unit_detect(struct unit_sources *sources) {
    const struct change *change = sources->change;
    sources->dialects_of_pairs = arena_alloc_array(
        sources->arena, sizeof *sources->dialects_of_pairs, (size_t)change->pairs.count + 1);
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        const struct pair *pair = &change->pairs.items[i];
        const struct dialect **found = sources->dialects_of_pairs[i];
        found[UNIT_BEFORE] = detect(sources, pair, true);
        found[UNIT_AFTER] =
            detected_as_one(pair) ? found[UNIT_BEFORE] : detect(sources, pair, false);
    }
}

const struct dialect *pair_dialect(const struct unit_sources *sources, const struct pair *pair,
                                   bool before) {
    return sources
        ->dialects_of_pairs[pair - sources->change->pairs.items][before ? UNIT_BEFORE : UNIT_AFTER];
}

static bool is_marked(const struct unit_sources *sources, struct slice roots,
                      struct slice directory, bool before) {
    const struct tree *tree = before ? &sources->change->before : &sources->change->after;
    struct slice *names = NULL;
    uint32_t count = 0;
    tree->list(tree->self, directory, &names, &count);
    struct slice root;
    while (slice_split(&roots, ',', &root)) {
        root = slice_trim(root);
        for (uint32_t i = 0; i < count; i++)
            if (slice_equal(names[i], root))
                return true;
    }
    return false;
}

struct slice unit_root(const struct unit_sources *sources, const struct dialect *dialect,
                       struct slice path, bool before) {
    struct slice roots = dialect->record ? dialect_property(dialect, "roots") : SLICE_NONE;
    for (struct slice at = path_directory(path); at.size; at = path_directory(at))
        if (place_environment(sources->knowledge, path_base(at)) != ENVIRONMENT_UNKNOWN ||
            place_is_collection(sources->knowledge, path_base(path_directory(at))) ||
            is_marked(sources, roots, at, before))
            return at;
    return SLICE("");
}

/*
 * Where a directory went: a rename of a file takes its directory along if nothing of the kind is
 * left in the old one and nothing was in the new one before. Otherwise two directories are two
 * states, and what moves between them is removed here and added there.
 */
struct moves {
    const struct unit_sources *sources;
    struct map targets, occupied[UNIT_SIDES]; /* by directory */
    struct {
        VEC(struct slice) list;
    } directories;
};

static bool is_directory_pair(const struct moves *moves, const struct pair *pair, bool before) {
    const struct dialect *dialect = pair_dialect(moves->sources, pair, before);
    return dialect && dialect->unit == UNIT_DIRECTORY;
}

/* Its place tells what it includes, and under which name its state is kept. */
static bool is_bound_to_place(const struct moves *moves, const struct pair *pair) {
    const struct dialect *dialect = pair_dialect(moves->sources, pair, true);
    return dialect->record && dialect_property(dialect, "inherits").size;
}

/* Does the directory hold files of such a dialect on that side, as far as is known? */
static bool is_occupied(struct moves *moves, struct slice directory, bool before) {
    const struct change *change = moves->sources->change;
    if (map_get(&moves->occupied[before ? UNIT_BEFORE : UNIT_AFTER], directory) != MAP_ABSENT)
        return true;
    const struct tree *tree = before ? &change->before : &change->after;
    struct slice *names = NULL;
    uint32_t count = 0;
    tree->list(tree->self, directory, &names, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct slice path = path_join(moves->sources->arena, directory, names[i]);
        const struct dialect *dialect = reader_path(moves->sources->reader, path)->dialect;
        if (dialect && dialect->unit == UNIT_DIRECTORY)
            return true;
    }
    return false;
}

static void moves_collect(struct moves *moves) {
    const struct change *change = moves->sources->change;
    map_init(&moves->targets, moves->sources->arena);
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        map_init(&moves->occupied[s], moves->sources->arena);
    for (uint32_t i = 0; i < change->pairs.count; i++)
        for (uint32_t s = 0; s < UNIT_SIDES; s++)
            if (is_directory_pair(moves, &change->pairs.items[i], s == UNIT_BEFORE))
                map_set(&moves->occupied[s],
                        path_directory(pair_path(&change->pairs.items[i], s == UNIT_BEFORE)), 1);
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        const struct pair *pair = &change->pairs.items[i];
        struct slice from = path_directory(pair_path(pair, true));
        struct slice to = path_directory(pair_path(pair, false));
        if (pair->status != PAIR_RENAMED || slice_equal(from, to) ||
            map_get(&moves->targets, from) != MAP_ABSENT || !is_directory_pair(moves, pair, true) ||
            !is_directory_pair(moves, pair, false) || is_bound_to_place(moves, pair) ||
            is_occupied(moves, from, false) || is_occupied(moves, to, true))
            continue;
        map_set(&moves->targets, from, moves->directories.list.count);
        vec_push(moves->sources->arena, &moves->directories.list, to);
    }
}

static struct slice moved_directory(const struct moves *moves, struct slice directory) {
    uint32_t at = map_get(&moves->targets, directory);
    return at == MAP_ABSENT ? directory : moves->directories.list.items[at];
}

struct collector {
    const struct unit_sources *sources;
    struct units *units;
    struct map index;                  /* key of a unit */
    struct map root_index[UNIT_SIDES]; /* directory -> roots */
    VEC(struct slice) roots;
    struct moves moves;
};

static struct unit *unit_find(struct collector *collector, enum unit_kind kind,
                              const struct dialect *dialect, struct slice name) {
    struct slice scope = kind == UNIT_DIRECTORY ? SLICE("") : dialect->name;
    static const char kinds[] = "0123456789";
    struct slice key = ARENA_CONCAT(collector->sources->arena, slice_make(&kinds[kind], 1), scope,
                                    SLICE(":"), name);
    uint32_t at = map_set_default(&collector->index, key, collector->units->list.count);
    if (at == collector->units->list.count)
        vec_push(collector->sources->arena, &collector->units->list,
                 ((struct unit){.kind = kind, .name = name}));
    return &collector->units->list.items[at];
}

static struct unit_file file_make(const struct unit_sources *sources, const struct dialect *dialect,
                                  struct slice path, struct slice bytes) {
    const struct path_facts *facts = reader_path(sources->reader, path);
    return (struct unit_file){
        .path = path,
        .known_as = path,
        .bytes = bytes,
        .group = SLICE(""),
        .dialect = dialect,
        .path_class = facts->path_class,
        .environment = facts->environment,
    };
}

/* Files of one directory have one root: trees are asked once for each. */
static struct slice root_of(struct collector *collector, const struct dialect *dialect,
                            struct slice path, bool before) {
    struct map *index = &collector->root_index[before ? UNIT_BEFORE : UNIT_AFTER];
    uint32_t at = map_set_default(index, path_directory(path), collector->roots.count);
    if (at == collector->roots.count)
        vec_push(collector->sources->arena, &collector->roots,
                 unit_root(collector->sources, dialect, path, before));
    return collector->roots.items[at];
}

static struct slice folder_label(const struct unit_sources *sources, const struct pair *pair,
                                 bool before) {
    return path_base(place_label(sources->knowledge, path_directory(pair_path(pair, before))));
}

/* Production's file moved to staging: gone here, new there. */
static bool changes_environment(const struct unit_sources *sources, const struct pair *pair) {
    return pair->status == PAIR_RENAMED &&
           (reader_path(sources->reader, pair_path(pair, true))->environment !=
                reader_path(sources->reader, pair_path(pair, false))->environment ||
            !slice_equal(folder_label(sources, pair, true), folder_label(sources, pair, false)));
}

/* A file left a folder that is delivered on its own, and goes on without it. */
static bool leaves_root(struct collector *collector, const struct dialect *dialect,
                        const struct pair *pair) {
    if (pair->status != PAIR_RENAMED)
        return false;
    struct slice from = root_of(collector, dialect, pair_path(pair, true), true);
    return from.size &&
           !slice_equal(from, root_of(collector, dialect, pair_path(pair, false), false)) &&
           is_marked(collector->sources, dialect_property(dialect, "roots"), from, false);
}

static void collect_side(struct collector *collector, const struct pair *pair, bool before) {
    const struct unit_sources *sources = collector->sources;
    const struct dialect *dialect = pair_dialect(sources, pair, before);
    if (!dialect)
        return;
    struct slice path = pair_path(pair, before), name = pair->path;
    if (dialect->unit == UNIT_DIRECTORY)
        name = before ? moved_directory(&collector->moves, path_directory(path))
                      : path_directory(path);
    else if (dialect->unit == UNIT_CHANGE)
        name = SLICE("");
    const struct blob *blob = pair_blob(pair, before);
    struct unit *unit = unit_find(collector, dialect->unit, dialect, name);
    struct unit_file file = file_make(sources, dialect, path, blob->bytes);
    bool stays = dialect->unit != UNIT_CHANGE ||
                 (!changes_environment(sources, pair) && !leaves_root(collector, dialect, pair));
    if (stays)
        file.known_as = pair->path;
    if (dialect->unit == UNIT_CHANGE)
        file.group = root_of(collector, dialect, stays ? pair->path : path, before && !stays);
    unit->fragments |= blob->fragment;
    vec_push(sources->arena, &unit->sides[before ? UNIT_BEFORE : UNIT_AFTER].files, file);
}

void units_collect(const struct unit_sources *sources, struct units *units) {
    struct collector collector = {
        .sources = sources, .units = units, .moves = {.sources = sources}};
    map_init(&collector.index, sources->arena);
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        map_init(&collector.root_index[s], sources->arena);
    moves_collect(&collector.moves);
    for (uint32_t i = 0; i < sources->change->pairs.count; i++) {
        const struct pair *pair = &sources->change->pairs.items[i];
        if (pair->status != PAIR_COPIED)
            collect_side(&collector, pair, true);
        collect_side(&collector, pair, false);
    }
}

void unit_add_neighbours(const struct unit_sources *sources, struct unit *unit) {
    const struct tree *tree = &sources->change->after;
    struct map changed;
    map_init(&changed, sources->arena);
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < unit->sides[s].files.count; i++)
            map_set(&changed, unit->sides[s].files.items[i].path, 1);
    struct slice *names = NULL;
    uint32_t count = 0;
    tree->list(tree->self, unit->name, &names, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct slice path = path_join(sources->arena, unit->name, names[i]), bytes;
        if (map_get(&changed, path) != MAP_ABSENT)
            continue;
        const struct dialect *dialect = reader_path(sources->reader, path)->dialect;
        if (!dialect || dialect->unit != UNIT_DIRECTORY ||
            tree->read(tree->self, path, &bytes) != TREE_PRESENT)
            continue;
        struct unit_file file = file_make(sources, dialect, path, bytes);
        file.neighbour = true;
        for (uint32_t s = 0; s < UNIT_SIDES; s++)
            vec_push(sources->arena, &unit->sides[s].files, file);
    }
}

void unit_load(const struct unit_sources *sources, struct unit *unit, uint32_t side,
               struct slice directory) {
    const struct change *change = sources->change;
    const struct tree *tree = side == UNIT_BEFORE ? &change->before : &change->after;
    struct slice *names = NULL;
    uint32_t count = 0;
    tree->list(tree->self, directory, &names, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct slice path = path_join(sources->arena, directory, names[i]), bytes;
        const struct dialect *dialect = reader_path(sources->reader, path)->dialect;
        if (!dialect || dialect->unit != UNIT_DIRECTORY ||
            tree->read(tree->self, path, &bytes) != TREE_PRESENT)
            continue;
        vec_push(sources->arena, &unit->sides[side].files,
                 file_make(sources, dialect, path, bytes));
    }
    unit_drop_shadowed(unit);
}

/* The ending of a name that stands for another one: "tofu" for "tf". SLICE_NONE if it has none. */
static struct slice shadowing_end(const struct dialect *dialect, struct slice name,
                                  struct slice *other) {
    struct slice words =
                     dialect && dialect->record ? dialect_property(dialect, "shadows") : SLICE_NONE,
                 word;
    while (slice_split(&words, ',', &word)) {
        size_t equals = slice_find_byte(word, '=');
        struct slice end = slice_trim(slice_sub(word, 0, equals));
        if (equals == SLICE_NPOS || !slice_ends(name, end) || name.size == end.size ||
            name.data[name.size - end.size - 1] != '.')
            continue;
        *other = slice_trim(slice_from(word, equals + 1));
        return end;
    }
    return SLICE_NONE;
}

bool unit_is_shadowing(const struct dialect *dialect, struct slice name) {
    struct slice other;
    return !slice_is_none(shadowing_end(dialect, name, &other));
}

static bool is_shadowed(const struct unit_file *file, const struct unit_file *by) {
    struct slice other, end = shadowing_end(by->dialect, by->path, &other);
    struct slice stem = slice_sub(by->path, 0, by->path.size - end.size);
    return !slice_is_none(end) && slice_starts(file->path, stem) &&
           slice_equal(slice_from(file->path, stem.size), other);
}

void unit_drop_shadowed(struct unit *unit) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++) {
        uint32_t kept = 0, count = unit->sides[s].files.count;
        struct unit_file *files = unit->sides[s].files.items;
        for (uint32_t i = 0; i < count; i++) {
            bool shadowed = false;
            for (uint32_t n = 0; n < count && !shadowed; n++)
                shadowed = is_shadowed(&files[i], &files[n]);
            if (!shadowed)
                files[kept++] = files[i];
        }
        unit->sides[s].files.count = kept;
    }
}
