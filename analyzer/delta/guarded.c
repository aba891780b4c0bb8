/* What a chart no longer puts out, because a condition around it does not hold any more: one that
 * is new, or values that are others than before (dialect properties `chart`, `chart_templates`,
 * `chart_values`, `chart_root` of what the templates hold, and `chart_parts` of the chart itself).
 */
#include "delta/guarded.h"
#include "base/path.h"
#include "delta/guard.h"

enum {
    GUARDED_ABOVE = 5,   /* folders that a file may lie below its chart */
    GUARDED_FILES = 256, /* templates of one chart */
    GUARDED_DEPTH = 4,   /* folders in the folder of templates */
};

struct chart {
    struct slice folder, file;
};

/* One file of values that changed; the chart's own alone if there is none. */
struct variant {
    struct slice path;
    bool broken; /* not all of the values could be read */
    struct guard_values values[UNIT_SIDES];
};

struct guarded {
    const struct unit_sources *sources;
    struct events *events;
    const struct dialect *dialect; /* of the templates */
    struct map done;               /* charts with a variant; objects that were told */
};

static struct slice property(const struct guarded *guarded, const char *key) {
    return dialect_property(guarded->dialect, key);
}

static const struct tree *tree_of(const struct guarded *guarded, uint32_t side) {
    const struct change *change = guarded->sources->change;
    return side == UNIT_BEFORE ? &change->before : &change->after;
}

static bool read_side(const struct guarded *guarded, uint32_t side, struct slice path,
                      struct slice *bytes) {
    const struct tree *tree = tree_of(guarded, side);
    return tree->read(tree->self, path, bytes) == TREE_PRESENT;
}

/* The first of the names that is there in the folder. */
static struct slice find_named(const struct guarded *guarded, uint32_t side, struct slice folder,
                               struct slice names) {
    struct slice name, bytes;
    while (slice_split(&names, ',', &name)) {
        struct slice path = path_join(guarded->sources->arena, folder, slice_trim(name));
        if (!slice_is_none(path) && read_side(guarded, side, path, &bytes))
            return path;
    }
    return SLICE_NONE;
}

static bool find_chart(const struct guarded *guarded, struct slice path, struct chart *chart) {
    struct slice folder = path_directory(path);
    for (uint32_t i = 0; i < GUARDED_ABOVE; i++, folder = path_directory(folder)) {
        chart->folder = folder;
        chart->file = find_named(guarded, UNIT_AFTER, folder, property(guarded, "chart"));
        if (!slice_is_none(chart->file))
            return true;
        if (!folder.size)
            break;
    }
    return false;
}

static bool is_partial(const struct entity_list *list) {
    for (uint32_t i = 0; i < list->note_count; i++)
        if (list->notes[i].partial)
            return true;
    return false;
}

static const struct value *first_body(const struct guarded *guarded, uint32_t side,
                                      struct slice path, bool *broken) {
    struct slice bytes;
    if (slice_is_none(path) || !read_side(guarded, side, path, &bytes))
        return NULL;
    const struct dialect *dialect = language_detect(guarded->sources->dialects, path, bytes);
    uint32_t count = 0;
    const struct block *blocks =
        dialect ? reader_blocks(guarded->sources->reader, dialect, bytes, &count) : NULL;
    if (!count)
        return NULL;
    const struct entity_list *list =
        entity_read(guarded->sources->reader, dialect, blocks[0].bytes);
    *broken |= is_partial(list);
    return list->count ? list->items[0].body : NULL;
}

static struct variant make_variant(const struct guarded *guarded, const struct chart *chart,
                                   struct slice path) {
    struct variant variant = {.path = path};
    for (uint32_t s = 0; s < UNIT_SIDES; s++) {
        struct slice defaults =
            find_named(guarded, s, chart->folder, property(guarded, "chart_values"));
        variant.values[s] = (struct guard_values){
            .defaults = first_body(guarded, s, defaults, &variant.broken),
            .given =
                slice_equal(path, defaults) ? NULL : first_body(guarded, s, path, &variant.broken),
            .root = property(guarded, "chart_root"),
        };
    }
    return variant;
}

static const struct value *text_value(struct arena *arena, struct slice text) {
    struct value *value = ARENA_NEW(arena, struct value);
    *value = (struct value){.kind = VALUE_LITERAL, .text = text};
    return value;
}

/* The condition as if it were an attribute that changed. */
static struct attribute_change *make_cause(struct arena *arena, struct slice why,
                                           struct slice path) {
    struct attribute_change *change = ARENA_NEW(arena, struct attribute_change);
    *change = (struct attribute_change){
        .path = SLICE("guard"),
        .was = text_value(arena, SLICE("true")),
        .is = text_value(arena, ARENA_CONCAT(arena, why, SLICE(" is false"))),
        .confidence = CONFIDENCE_LIKELY,
        .origin = path,
    };
    return change;
}

struct guarded_entity {
    const struct entity_list *list;
    const struct entity *entity;
    const struct block *block;
    struct slice path, file;
};

static void tell(struct guarded *guarded, const struct guarded_entity *at, struct slice why,
                 struct slice values) {
    struct arena *arena = guarded->sources->arena;
    bool named = at->entity->type.size > 0 && at->entity->dialect->unit == UNIT_CHANGE;
    struct slice name = named ? ARENA_CONCAT(arena, at->entity->type, SLICE("/"), at->entity->name)
                              : ARENA_CONCAT(arena, at->path, SLICE("#"), at->entity->name);
    struct slice key = ARENA_CONCAT(arena, at->path, SLICE(":"), name);
    if (map_get(&guarded->done, key) != MAP_ABSENT)
        return;
    map_set(&guarded->done, key, 1);
    const struct path_facts *facts = reader_path(guarded->sources->reader, at->path);
    const struct path_facts *where =
        values.size ? reader_path(guarded->sources->reader, values) : facts;
    struct placed placed = {.entity = at->entity,
                            .list = at->list,
                            .path = at->path,
                            .name = name,
                            .file = at->file,
                            .offset = at->block->offset,
                            .line = at->block->line,
                            .body = at->entity->body,
                            .unit = named ? SLICE("") : at->path,
                            .path_class = facts->path_class,
                            .environment = where->environment};
    struct event event = {.effect = EFFECT_REMOVED,
                          .confidence = CONFIDENCE_LIKELY,
                          .before = placed,
                          .unit = placed.unit,
                          .reason = SLICE("delete_because_condition_is_false"),
                          .change_count = 1};
    event.cause = event.changes = make_cause(arena, why, values);
    vec_push(arena, &guarded->events->list, event);
}

/* Another branch puts out such a thing, too. */
static bool has_branches(const struct value *body) {
    for (uint32_t i = 0; i < body->count; i++)
        if (slice_ends(body->items[i].key, SLICE(DATA_BRANCH)))
            return true;
    return false;
}

/* The thing of that name in the file after the change; 0 where it is not there, or in each branch.
 */
static size_t find_after(const struct guarded *guarded, const struct guarded_entity *before,
                         struct slice path, struct slice bytes) {
    uint32_t count = 0;
    const struct dialect *dialect = language_detect(guarded->sources->dialects, path, bytes);
    const struct block *blocks =
        dialect ? reader_blocks(guarded->sources->reader, dialect, bytes, &count) : NULL;
    for (uint32_t i = 0; i < count; i++) {
        const struct entity_list *list =
            entity_read(guarded->sources->reader, dialect, blocks[i].bytes);
        for (uint32_t k = 0; k < list->count; k++)
            if (slice_equal(list->items[k].name, before->entity->name) &&
                !has_branches(list->items[k].body) &&
                slice_equal(list->items[k].type, before->entity->type))
                return blocks[i].offset + list->items[k].span.from + 1;
    }
    return 0;
}

static void compare_entity(struct guarded *guarded, const struct guarded_entity *before,
                           struct slice after, const struct variant *variant) {
    struct slice why = SLICE_NONE;
    size_t from = before->block->offset + before->entity->span.from + 1;
    if (guard_holds(before->file, from, &variant->values[UNIT_BEFORE], &why) != GUARD_YES)
        return;
    size_t at = find_after(guarded, before, before->path, after);
    if (at && guard_holds(after, at, &variant->values[UNIT_AFTER], &why) == GUARD_NO)
        tell(guarded, before, why, variant->path);
}

static void compare_template(struct guarded *guarded, struct slice path,
                             const struct variant *variant) {
    struct slice before, after;
    if (!read_side(guarded, UNIT_BEFORE, path, &before) ||
        !read_side(guarded, UNIT_AFTER, path, &after) || !slice_contains(after, SLICE("{{")))
        return;
    struct reader *reader = guarded->sources->reader;
    const struct dialect *dialect = language_detect(guarded->sources->dialects, path, before);
    uint32_t count = 0;
    if (dialect != guarded->dialect)
        return;
    const struct block *blocks = reader_blocks(reader, dialect, before, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct entity_list *list = entity_read(reader, dialect, blocks[i].bytes);
        for (uint32_t k = 0; k < list->count; k++) {
            struct guarded_entity at = {list, &list->items[k], &blocks[i], path, before};
            if (slice_is(list->items[k].kind, "resource"))
                compare_entity(guarded, &at, after, variant);
        }
    }
}

static void compare_folder(struct guarded *guarded, struct slice folder,
                           const struct variant *variant, uint32_t depth) {
    const struct tree *tree = tree_of(guarded, UNIT_AFTER);
    struct slice *names = NULL;
    uint32_t count = 0;
    tree->list(tree->self, folder, &names, &count);
    for (uint32_t i = 0; i < count && i < GUARDED_FILES; i++)
        compare_template(guarded, path_join(guarded->sources->arena, folder, names[i]), variant);
    count = 0;
    if (tree->folders && depth < GUARDED_DEPTH)
        tree->folders(tree->self, folder, &names, &count);
    for (uint32_t i = 0; i < count && i < GUARDED_FILES; i++)
        compare_folder(guarded, path_join(guarded->sources->arena, folder, names[i]), variant,
                       depth + 1);
}

/* The first condition whose value is set decides; without any the part is there. */
static enum guard_truth part_is_there(const struct value *conditions,
                                      const struct guard_values *values, struct slice *why) {
    struct slice rest = value_literal(conditions), one;
    while (slice_split(&rest, ',', &one)) {
        const struct value *value = guard_value(values, slice_trim(one));
        *why = slice_trim(one);
        if (value)
            return guard_is_true(value) ? GUARD_YES : GUARD_NO;
    }
    return GUARD_YES;
}

/* Charts that the chart brings, each with the values that switch it on ("dependency=condition"). */
static void compare_parts(struct guarded *guarded, const struct chart *chart,
                          const struct variant *variant) {
    struct slice parts = property(guarded, "chart_parts"), bytes, why = SLICE_NONE;
    size_t equals = slice_find_byte(parts, '=');
    if (equals == SLICE_NPOS || !read_side(guarded, UNIT_BEFORE, chart->file, &bytes))
        return;
    const struct dialect *dialect = language_detect(guarded->sources->dialects, chart->file, bytes);
    uint32_t count = 0;
    const struct block *blocks =
        dialect ? reader_blocks(guarded->sources->reader, dialect, bytes, &count) : NULL;
    for (uint32_t i = 0; i < count; i++) {
        const struct entity_list *list =
            entity_read(guarded->sources->reader, dialect, blocks[i].bytes);
        for (uint32_t k = 0; k < list->count; k++) {
            struct guarded_entity at = {list, &list->items[k], &blocks[i], chart->file, bytes};
            const struct value *condition =
                value_at(list->items[k].body, slice_from(parts, equals + 1));
            if (condition && slice_equal(list->items[k].kind, slice_sub(parts, 0, equals)) &&
                part_is_there(condition, &variant->values[UNIT_BEFORE], &why) == GUARD_YES &&
                part_is_there(condition, &variant->values[UNIT_AFTER], &why) == GUARD_NO)
                tell(guarded, &at, why, variant->path);
        }
    }
}

static void compare_variant(struct guarded *guarded, const struct chart *chart,
                            const struct variant *variant) {
    struct slice folder =
        path_join(guarded->sources->arena, chart->folder, property(guarded, "chart_templates"));
    if (variant->broken)
        return;
    if (!slice_is_none(folder))
        compare_folder(guarded, folder, variant, 0);
    compare_parts(guarded, chart, variant);
}

static void compare_chart(struct guarded *guarded, const struct chart *chart, struct slice values) {
    struct arena *arena = guarded->sources->arena;
    struct slice key = ARENA_CONCAT(arena, chart->folder, SLICE("="), values);
    if (map_get(&guarded->done, key) != MAP_ABSENT)
        return;
    map_set(&guarded->done, key, 1);
    struct variant variant = make_variant(guarded, chart, values);
    compare_variant(guarded, chart, &variant);
}

/* Where a thing of that type says which chart it brings, and with which values. */
static bool given_paths(const struct dialect *dialect, struct slice type, struct slice *source,
                        struct slice *values) {
    struct slice rest = dialect_property(dialect, "chart_given"), part;
    while (slice_split(&rest, ',', &part)) {
        part = slice_trim(part);
        size_t equals = slice_find_byte(part, '='), colon = slice_find_last_byte(part, ':');
        if (equals == SLICE_NPOS || colon == SLICE_NPOS || colon < equals ||
            !slice_equal(slice_sub(part, 0, equals), type))
            continue;
        *source = slice_sub(part, equals + 1, colon);
        *values = slice_from(part, colon + 1);
        return true;
    }
    return false;
}

/* Values that stand in what brings the chart. */
static void compare_given(struct guarded *guarded, const struct event *event) {
    const struct entity *entity = event->after.entity;
    struct slice source, values, folder;
    if (event->effect != EFFECT_CHANGED || !entity->dialect || !entity->dialect->record ||
        !given_paths(entity->dialect, entity->type, &source, &values))
        return;
    guarded->dialect = entity->dialect;
    folder = value_literal(value_at(event->after.body, source));
    if (!folder.size || slice_contains(folder, SLICE("://")))
        return;
    struct chart chart = {.folder = path_normalise(guarded->sources->arena, folder)};
    if (slice_is_none(chart.folder))
        return;
    chart.file = find_named(guarded, UNIT_AFTER, chart.folder, property(guarded, "chart"));
    if (slice_is_none(chart.file))
        return;
    struct variant variant = make_variant(guarded, &chart, SLICE_NONE);
    variant.path = event->after.path;
    variant.values[UNIT_BEFORE].given = value_at(event->before.body, values);
    variant.values[UNIT_AFTER].given = value_at(event->after.body, values);
    compare_variant(guarded, &chart, &variant);
}

static bool is_template(const struct guarded *guarded, const struct chart *chart,
                        struct slice path) {
    struct slice folder =
        path_join(guarded->sources->arena, chart->folder, property(guarded, "chart_templates"));
    return !slice_is_none(folder) && path_is_below(path, folder);
}

/* The dialect that says what charts are. */
static const struct dialect *find_dialect(const struct dialects *dialects) {
    for (uint32_t i = 0; i < dialects_count(dialects); i++)
        if (dialect_property(dialects_at(dialects, i), "chart_templates").size)
            return dialects_at(dialects, i);
    return NULL;
}

static bool is_values(const struct dialect *dialect) {
    return dialect && dialect->record && dialect_property(dialect, "values_of_chart").size;
}

void guarded_events(const struct unit_sources *sources, struct events *events) {
    struct guarded guarded = {.sources = sources, .events = events};
    const struct change *change = sources->change;
    map_init(&guarded.done, sources->arena);
    for (uint32_t i = 0, count = events->list.count; i < count; i++) {
        struct event event = events->list.items[i]; /* the list grows */
        compare_given(&guarded, &event);
    }
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        const struct pair *pair = &change->pairs.items[i];
        const struct dialect *dialect = pair_dialect(sources, pair, true);
        struct chart chart;
        bool values = is_values(dialect);
        if (pair->status != PAIR_MODIFIED || !dialect ||
            (!values && !slice_contains(pair->after.bytes, SLICE("{{"))))
            continue;
        guarded.dialect = find_dialect(sources->dialects);
        if (!guarded.dialect || !find_chart(&guarded, pair->path, &chart))
            continue;
        if (values)
            compare_chart(&guarded, &chart, pair->path);
        else if (is_template(&guarded, &chart, pair->path))
            compare_chart(&guarded, &chart,
                          find_named(&guarded, UNIT_AFTER, chart.folder,
                                     dialect_property(guarded.dialect, "chart_values")));
    }
}
