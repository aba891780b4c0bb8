#include "delta/file.h"

#include "base/hidden.h"
#include "base/path.h"
#include "fact/place.h"

#define MODE_EXECUTABLE 0111U

enum {
    FILE_LINES = 20000, /* lines of a side told one by one */
    LINE_WORDS = 64,    /* of a line that are compared with those of another */
};

/* One side on its way: attributes are collected, then frozen into a body. */
struct file_side {
    const struct blob *blob;
    struct slice path;
    VEC(struct value_item) items;
};

struct file {
    const struct unit_sources *sources;
    const struct pair *pair;
    struct file_side sides[UNIT_SIDES];
};

static struct entity_list *list_of(struct arena *arena, const struct dialect *dialect,
                                   struct slice path, const struct value *body) {
    struct entity *entity = ARENA_NEW(arena, struct entity);
    entity->dialect = dialect;
    entity->kind = SLICE("file");
    entity->type = dialect ? dialect->name : SLICE("");
    entity->name = path;
    entity->scope = ENTITY_NONE;
    entity->weight = 100;
    entity->body = body;
    entity->body_hash = value_hash(body);
    struct entity_list *list = ARENA_NEW(arena, struct entity_list);
    list->items = entity;
    list->count = 1;
    return list;
}

struct placed file_around(struct arena *arena, const struct placed *inside,
                          const struct value *body) {
    struct placed file = *inside;
    file.list = list_of(arena, inside->entity->dialect, inside->path, body);
    file.entity = file.list->items;
    file.name = inside->path;
    file.body = body;
    return file;
}

struct placed file_place(const struct unit_sources *sources, struct slice path, struct slice type,
                         const struct value *body) {
    const struct dialect *dialect = type.size ? dialect_by_name(sources->dialects, type) : NULL;
    struct entity_list *list = list_of(sources->arena, dialect, path, body);
    return (struct placed){
        .entity = list->items,
        .list = list,
        .path = path,
        .name = path,
        .body = body,
        .unit = path,
        .path_class = place_path_class(sources->knowledge, path),
        .environment = place_environment(sources->knowledge, path),
    };
}

static struct value *literal(struct file *file, struct slice text, struct span span) {
    struct value *value = ARENA_NEW(file->sources->arena, struct value);
    value->kind = VALUE_LITERAL;
    value->text = text;
    value->span = span;
    return value;
}

static void set(struct file *file, uint32_t side, const char *key, const struct value *value) {
    struct value_item item = {slice_of(key), value->span, value};
    vec_push(file->sources->arena, &file->sides[side].items, item);
}

static void set_text(struct file *file, uint32_t side, const char *key, struct slice text) {
    set(file, side, key, literal(file, text, (struct span){0, 0}));
}

static bool leads_outside(struct file *file, const struct file_side *side) {
    struct slice target = side->blob->bytes, directory = path_directory(side->path);
    return slice_starts(target, SLICE("/")) ||
           slice_is_none(path_join(file->sources->arena, directory, target));
}

static void add_state(struct file *file, uint32_t s) {
    const struct blob *blob = file->sides[s].blob;
    if (blob->state == CONTENT_BINARY)
        set_text(file, s, "binary", SLICE("true"));
    if (blob->state == CONTENT_SUBMODULE)
        set_text(file, s, "commit", blob->bytes);
    if (blob->state != CONTENT_SYMLINK)
        return;
    set_text(file, s, "target", blob->bytes);
    if (leads_outside(file, &file->sides[s]))
        set_text(file, s, "outside", SLICE("true"));
}

/* A mode that is known on one side alone says nothing of a change. */
static void add_mode(struct file *file, uint32_t s) {
    const struct blob *blob = file->sides[s].blob, *other = file->sides[s ^ 1U].blob;
    if (!blob->mode || (!other->mode && other->state != CONTENT_ABSENT))
        return;
    set_text(file, s, "mode", arena_format(file->sources->arena, "%06o", blob->mode));
    if (blob->state != CONTENT_SYMLINK && blob->mode & MODE_EXECUTABLE)
        set_text(file, s, "executable", SLICE("true"));
}

static struct slice line_around(struct slice text, size_t at) {
    size_t newline = slice_find_last_byte(slice_sub(text, 0, at), '\n');
    size_t from = newline == SLICE_NPOS ? 0 : newline + 1;
    size_t size = slice_find_byte(slice_from(text, from), '\n');
    return slice_sub(text, from, size == SLICE_NPOS ? text.size : from + size);
}

static size_t offset_in(struct slice text, struct slice part) {
    return (size_t)(part.data - text.data);
}

static void known_lines(struct slice text, struct map *known) {
    struct hidden hidden;
    for (size_t at = 0; hidden_find(text, at, &hidden);) {
        struct slice line = line_around(text, hidden.at);
        map_set(known, line, 1);
        at = offset_in(text, line) + line.size;
    }
}

/* Only lines that are not on the before side count: what stood there before is no news. */
static void add_hidden(struct file *file) {
    static const char *const keys[HIDDEN_KINDS] = {"invisible", "bidirectional"};
    struct slice text = file->sides[UNIT_AFTER].blob->bytes;
    struct hidden hidden;
    bool told[HIDDEN_KINDS] = {false};
    if (file->sides[UNIT_AFTER].blob->state != CONTENT_TEXT || !hidden_find(text, 0, &hidden))
        return;
    struct map known;
    map_init(&known, file->sources->arena);
    if (file->sides[UNIT_BEFORE].blob->state == CONTENT_TEXT)
        known_lines(file->sides[UNIT_BEFORE].blob->bytes, &known);
    for (size_t at = 0; hidden_find(text, at, &hidden);) {
        struct slice line = line_around(text, hidden.at);
        uint32_t from = (uint32_t)hidden.at;
        at = hidden.at + 1;
        if (map_get(&known, line) != MAP_ABSENT) {
            at = offset_in(text, line) + line.size;
        } else if (!told[hidden.kind]) {
            told[hidden.kind] = true;
            set(file, UNIT_AFTER, keys[hidden.kind],
                literal(file, arena_format(file->sources->arena, "U+%04X", hidden.code),
                        (struct span){from, from + 1}));
        }
        while (at < text.size && ((unsigned char)text.data[at] & 0xC0) == 0x80)
            at++;
    }
}

static bool line_next(struct slice *rest, struct slice *line) {
    while (slice_split(rest, '\n', line)) {
        *line = slice_trim(*line);
        if (line->size && line->data[0] != '#')
            return true;
    }
    return false;
}

static void count_lines(struct slice text, struct map *counts) {
    struct slice line;
    for (uint32_t n = 0; n < FILE_LINES && line_next(&text, &line); n++) {
        uint32_t count = map_get(counts, line);
        map_set(counts, line, count == MAP_ABSENT ? 1 : count + 1);
    }
}

static bool word_next(struct slice *rest, struct slice *word) {
    size_t at = 0, end;
    while (at < rest->size && (rest->data[at] == ' ' || rest->data[at] == '\t'))
        at++;
    end = at;
    while (end < rest->size && rest->data[end] != ' ' && rest->data[end] != '\t')
        end++;
    *word = slice_sub(*rest, at, end);
    *rest = slice_from(*rest, end);
    return end > at;
}

static bool holds_word(struct slice line, struct slice word) {
    struct slice other;
    for (uint32_t n = 0; n < LINE_WORDS && word_next(&line, &other); n++)
        if (slice_equal(other, word))
            return true;
    return false;
}

/* Lines of a side by their first word, the last one of each. */
struct lines {
    struct map heads;
    VEC(struct slice) list;
};

static void index_lines(struct file *file, uint32_t s, struct lines *lines) {
    struct slice text = file->sides[s].blob->bytes, line;
    map_init(&lines->heads, file->sources->arena);
    for (uint32_t n = 0; n < FILE_LINES && line_next(&text, &line); n++) {
        struct slice rest = line, head;
        vec_push(file->sources->arena, &lines->list, line);
        if (word_next(&rest, &head))
            map_set(&lines->heads, head, n);
    }
}

/* Is all that the line says still said of the same thing? Words may be added, moved or aligned. */
static bool is_kept_line(const struct lines *others, struct slice line) {
    struct slice word;
    if (!word_next(&line, &word))
        return true;
    uint32_t at = map_get(&others->heads, word), n = 0;
    if (at == MAP_ABSENT)
        return false;
    while (n++ < LINE_WORDS && word_next(&line, &word))
        if (!holds_word(others->list.items[at], word))
            return false;
    return n <= LINE_WORDS;
}

/* Lines of one side that the other does not hold, as often as it does not. A line of the old side
 * that only grew is not gone. */
static void add_lines(struct file *file, uint32_t s, const char *key) {
    struct arena *arena = file->sources->arena;
    struct slice rest = file->sides[s].blob->bytes, line;
    struct slice text = rest;
    struct map others;
    struct lines grown = {.list = {0}};
    map_init(&others, arena);
    count_lines(file->sides[s ^ 1U].blob->bytes, &others);
    if (s == UNIT_BEFORE)
        index_lines(file, s ^ 1U, &grown);
    struct value *list = ARENA_NEW(arena, struct value);
    uint32_t capacity = 0;
    list->kind = VALUE_LIST;
    for (uint32_t n = 0; n < FILE_LINES && line_next(&rest, &line); n++) {
        uint32_t count = map_get(&others, line);
        if (count != MAP_ABSENT && count) {
            map_set(&others, line, count - 1);
            continue;
        }
        if (s == UNIT_BEFORE && is_kept_line(&grown, line))
            continue;
        uint32_t from = (uint32_t)offset_in(text, line);
        struct span span = {from, from + (uint32_t)line.size};
        list->items = vec_grow(arena, list->items, sizeof *list->items, list->count, &capacity,
                               list->count + 1);
        list->items[list->count++] =
            (struct value_item){SLICE_NONE, span, literal(file, line, span)};
    }
    if (!list->count)
        return;
    list->span = list->items[0].span;
    set(file, s, key, list);
}

static const struct value *body_of(struct file *file, uint32_t s) {
    struct value *body = ARENA_NEW(file->sources->arena, struct value);
    body->kind = VALUE_MAP;
    body->items = file->sides[s].items.items;
    body->count = file->sides[s].items.count;
    return body;
}

/* Where the sides begin to differ: the first byte of that line. */
static uint32_t first_difference(const struct file *file, uint32_t s) {
    struct slice text = file->sides[s].blob->bytes, other = file->sides[s ^ 1U].blob->bytes;
    size_t at = 0, size = text.size < other.size ? text.size : other.size;
    while (at < size && text.data[at] == other.data[at])
        at++;
    if (at == text.size && at)
        at--; /* what follows went: the last line is shown */
    return (uint32_t)offset_in(text, line_around(text, at));
}

static struct placed place_side(struct file *file, uint32_t s, struct slice type) {
    const struct file_side *side = &file->sides[s];
    struct placed placed = file_place(file->sources, side->path, type, body_of(file, s));
    if (side->blob->state != CONTENT_TEXT || !side->blob->bytes.size)
        return placed;
    placed.file = side->blob->bytes;
    struct span span = {first_difference(file, s), (uint32_t)side->blob->bytes.size};
    ((struct entity *)(uintptr_t)placed.entity)->span = span;
    return placed;
}

struct file_changes {
    VEC(struct attribute_change) list;
};

static void push_change(struct file *file, struct file_changes *changes, struct slice path,
                        const struct value *was, const struct value *is) {
    if (was && is && value_equal(was, is))
        return;
    struct attribute_change change = {
        .path = path, .was = was, .is = is, .confidence = CONFIDENCE_CERTAIN};
    vec_push(file->sources->arena, &changes->list, change);
}

/* Each line is a change of its own, so that a finding points at it. */
static void compare_item(struct file *file, struct file_changes *changes,
                         const struct value_item *item, bool before) {
    const struct value *value = item->value;
    struct slice path = item->key;
    if (value->kind == VALUE_LIST)
        path = arena_format(file->sources->arena, "%.*s[]", SLICE_ARGS(path));
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++) {
        const struct value *line = value->items[i].value;
        push_change(file, changes, path, before ? line : NULL, before ? NULL : line);
    }
    if (value->kind != VALUE_LIST)
        push_change(file, changes, path, before ? value : NULL, before ? NULL : value);
}

static struct file_changes compare_bodies(struct file *file, const struct value *was,
                                          const struct value *is) {
    struct file_changes changes = {0};
    for (uint32_t i = 0; i < was->count; i++) {
        const struct value *now = value_get(is, was->items[i].key);
        if (now)
            push_change(file, &changes, was->items[i].key, was->items[i].value, now);
        else
            compare_item(file, &changes, &was->items[i], true);
    }
    for (uint32_t i = 0; i < is->count; i++)
        if (!value_get(was, is->items[i].key))
            compare_item(file, &changes, &is->items[i], false);
    return changes;
}

static enum effect effect_of(const struct pair *pair) {
    if (pair->after.state == CONTENT_ABSENT)
        return EFFECT_REMOVED;
    if (pair->before.state == CONTENT_ABSENT || pair->status == PAIR_COPIED)
        return EFFECT_ADDED;
    return pair->status == PAIR_RENAMED ? EFFECT_RENAMED : EFFECT_CHANGED;
}

static void collect(struct file *file, const struct dialect *dialect, bool told) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++) {
        add_state(file, s);
        add_mode(file, s);
    }
    add_hidden(file);
    for (uint32_t s = 0; file->pair->status == PAIR_RENAMED && s < UNIT_SIDES; s++)
        set_text(file, s, "path", file->sides[s].path);
    bool lines = !dialect && language_has_lines(file->sources->dialects, file->pair->path);
    if (!lines && !told)
        return;
    add_lines(file, UNIT_BEFORE, "removed");
    add_lines(file, UNIT_AFTER, "added");
}

/* What a new file is without being remarkable. */
static bool is_plain(const struct value *body) {
    return !body->count || (body->count == 1 && slice_is(body->items[0].key, "mode"));
}

static bool is_wanted(struct file *file, const struct event *event, const struct dialect *dialect,
                      bool noted) {
    bool one_sided = event->effect == EFFECT_REMOVED || event->effect == EFFECT_ADDED;
    uint32_t paths = event->effect == EFFECT_RENAMED; /* known from the effect */
    bool remarkable = one_sided
                          ? event->effect == EFFECT_ADDED && !is_plain(body_of(file, UNIT_AFTER))
                          : event->change_count > paths;
    if (remarkable)
        return true;
    return !noted && (!dialect || dialect->generic);
}

static bool is_text(const struct blob *blob) {
    return blob->state == CONTENT_TEXT || blob->state == CONTENT_ABSENT;
}

/* The cheap question first: nothing but the text of a known dialect differs. */
static bool is_ordinary(const struct pair *pair, const struct dialect *dialect) {
    const struct blob *before = &pair->before, *after = &pair->after;
    struct hidden hidden;
    if (!dialect || dialect->generic || !is_text(before) || !is_text(after))
        return false;
    bool added = before->state == CONTENT_ABSENT && (after->mode & MODE_EXECUTABLE);
    bool changed = before->mode && after->mode && before->mode != after->mode;
    return !added && !changed && !hidden_find(after->bytes, 0, &hidden);
}

void file_event(const struct unit_sources *sources, const struct pair *pair, bool noted,
                struct events *events) {
    struct file file = {.sources = sources, .pair = pair};
    struct slice old = slice_is_none(pair->old_path) ? pair->path : pair->old_path;
    file.sides[UNIT_BEFORE] = (struct file_side){.blob = &pair->before, .path = old};
    file.sides[UNIT_AFTER] = (struct file_side){.blob = &pair->after, .path = pair->path};
    struct event event = {.effect = effect_of(pair), .confidence = CONFIDENCE_CERTAIN};
    const struct dialect *dialect = pair_dialect(sources, pair, event.effect == EFFECT_REMOVED);
    bool told = reader_path(sources->reader, pair->path)->told && is_text(&pair->before) &&
                is_text(&pair->after);
    if (!told && is_ordinary(pair, dialect))
        return;
    collect(&file, dialect, told);
    if (event.effect == EFFECT_CHANGED || event.effect == EFFECT_RENAMED) {
        struct file_changes changes =
            compare_bodies(&file, body_of(&file, UNIT_BEFORE), body_of(&file, UNIT_AFTER));
        event.changes = changes.list.items;
        event.change_count = changes.list.count;
    }
    if (!told && !is_wanted(&file, &event, dialect, noted))
        return;
    struct slice type = dialect ? dialect->name : SLICE("");
    if (event.effect != EFFECT_ADDED)
        event.before = place_side(&file, UNIT_BEFORE, type);
    if (event.effect != EFFECT_REMOVED)
        event.after = place_side(&file, UNIT_AFTER, type);
    event.unit = event_side(&event)->unit;
    vec_push(sources->arena, &events->list, event);
}
