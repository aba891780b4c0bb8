#include "resolve/range.h"

#include "base/glob.h"
#include "base/map.h"
#include "base/strbuf.h"

#include <stdio.h>

enum { RANGE_PARTS = 4, RANGE_MOST = 1000000 };

/* One "[from:to:step]". */
struct part {
    struct slice before; /* the text in front of it */
    int64_t from, to, step;
    size_t width; /* of numbers with zeros in front; 0: they have none */
    bool letters;
};

struct pattern {
    struct part parts[RANGE_PARTS];
    uint32_t count;
    struct slice rest;
};

struct names {
    struct arena *arena;
    VEC(struct value_item) items;
    struct map known; /* names without their settings */
    int64_t count;
    bool full;
};

bool range_is_used(const struct dialect *dialect) {
    return dialect && dialect->record && dialect_property(dialect, "ranges").size;
}

static bool is_letter(struct slice text) {
    return text.size == 1 && ((text.data[0] >= 'a' && text.data[0] <= 'z') ||
                              (text.data[0] >= 'A' && text.data[0] <= 'Z'));
}

static bool read_part(struct slice inside, struct part *part) {
    struct slice from = SLICE(""), to = SLICE(""), step = SLICE("1");
    slice_split(&inside, ':', &from);
    if (!slice_split(&inside, ':', &to))
        return false;
    if (inside.size)
        step = inside;
    part->letters = is_letter(from) && is_letter(to);
    part->width = from.size > 1 && from.data[0] == '0' ? from.size : 0;
    if (part->letters) {
        part->from = from.data[0];
        part->to = to.data[0];
    } else if (!slice_to_int(from, &part->from) || !slice_to_int(to, &part->to)) {
        return false;
    }
    return slice_to_int(step, &part->step) && part->step > 0 && part->from >= 0 &&
           part->to >= part->from && part->to - part->from < RANGE_MOST;
}

/* False if the name is none with ranges that are understood. */
static bool read_pattern(struct slice name, struct pattern *pattern) {
    *pattern = (struct pattern){.count = 0};
    for (size_t open; (open = slice_find_byte(name, '[')) != SLICE_NPOS;) {
        size_t close = slice_find_byte(name, ']');
        if (close == SLICE_NPOS || close < open || pattern->count == RANGE_PARTS)
            return false;
        struct part *part = &pattern->parts[pattern->count++];
        part->before = slice_sub(name, 0, open);
        if (!read_part(slice_sub(name, open + 1, close), part))
            return false;
        name = slice_from(name, close + 1);
    }
    pattern->rest = name;
    return pattern->count > 0;
}

static int64_t part_size(const struct part *part) {
    return (part->to - part->from) / part->step + 1;
}

static void add_name(struct names *names, struct slice name, struct slice settings,
                     const struct value_item *like) {
    if (map_set_default(&names->known, name, 1) == 1 && map_get(&names->known, name) == 1) {
        names->count++;
        map_set(&names->known, name, 2);
    }
    struct slice line = ARENA_CONCAT(names->arena, name, settings);
    size_t equals = settings.size ? slice_find_byte(line, '=') : SLICE_NPOS;
    struct value *value = ARENA_NEW(names->arena, struct value);
    *value = *like->value;
    if (equals != SLICE_NPOS) {
        value->kind = VALUE_LITERAL;
        value->text = slice_trim(slice_from(line, equals + 1));
    } else if (like->value->kind == VALUE_LITERAL) {
        *value = (struct value){.kind = VALUE_NULL, .span = like->value->span};
    }
    struct value_item item = {slice_trim(slice_sub(line, 0, equals)), like->span, value};
    vec_push(names->arena, &names->items, item);
}

static void write_place(struct strbuf *out, const struct part *part, int64_t at) {
    strbuf_add(out, part->before);
    int64_t number = part->from + at * part->step;
    if (part->letters)
        strbuf_add_byte(out, (char)number);
    else
        strbuf_addf(out, "%0*lld", (int)part->width, (long long)number);
}

static void add_all(struct names *names, const struct pattern *pattern, struct slice settings,
                    const struct value_item *like) {
    int64_t total = 1;
    for (uint32_t i = 0; i < pattern->count; i++)
        total = total > RANGE_MOST ? total : total * part_size(&pattern->parts[i]);
    if (total + (int64_t)names->items.count > RANGE_NAMES) {
        names->count += total;
        names->full = true;
        return;
    }
    for (int64_t n = 0; n < total; n++) {
        struct strbuf out;
        strbuf_init(&out, names->arena);
        int64_t left = n;
        for (uint32_t i = 0; i < pattern->count; i++) {
            write_place(&out, &pattern->parts[i], left % part_size(&pattern->parts[i]));
            left /= part_size(&pattern->parts[i]);
        }
        strbuf_add(&out, pattern->rest);
        add_name(names, strbuf_slice(&out), settings, like);
    }
}

/* The line as it was written, as far as it matters: what stands in brackets was cut at its colon.
 */
static struct slice line_of(struct arena *arena, const struct value_item *item) {
    struct slice text = value_literal(item->value);
    size_t open = slice_find_last_byte(item->key, '[');
    bool cut =
        open != SLICE_NPOS && slice_find_byte(slice_from(item->key, open), ']') == SLICE_NPOS;
    if (slice_is_none(text))
        return item->key;
    return ARENA_CONCAT(arena, item->key, cut ? SLICE(":") : SLICE("="), text);
}

static void add_item(struct names *names, const struct value_item *item) {
    struct slice line = line_of(names->arena, item);
    size_t end = 0;
    while (end < line.size && line.data[end] != ' ' && line.data[end] != '\t')
        end++;
    struct pattern pattern;
    struct slice name = slice_sub(line, 0, end), settings = slice_from(line, end);
    if (read_pattern(name, &pattern)) {
        add_all(names, &pattern, settings, item);
        return;
    }
    if (map_set_default(&names->known, name, 2) == 2)
        names->count += map_get(&names->known, name) == 2;
    vec_push(names->arena, &names->items, *item);
}

static struct value *number(struct arena *arena, int64_t count) {
    char text[24];
    int size = snprintf(text, sizeof text, "%lld", (long long)count);
    struct value *value = ARENA_NEW(arena, struct value);
    *value = (struct value){.kind = VALUE_LITERAL,
                            .type = LITERAL_NUMBER,
                            .text = arena_copy(arena, slice_make(text, (size_t)size))};
    return value;
}

/* Names are keys without structure; what has some is a setting of the group. */
static bool holds_names(const struct value *map, bool own) {
    for (uint32_t i = 0; i < map->count; i++)
        if (own ||
            (map->items[i].value->kind != VALUE_MAP && map->items[i].value->kind != VALUE_LIST))
            return true;
    return false;
}

const struct value *range_body(struct arena *arena, const struct entity *entity) {
    struct slice key = dialect_property(entity->dialect, "ranges");
    struct slice without = dialect_property(entity->dialect, "ranges_without");
    const struct value *body = entity->body, *hosts = value_get(body, key);
    bool own = hosts && hosts->kind == VALUE_MAP;
    const struct value *from = own ? hosts : body;
    if (entity->scope == ENTITY_NONE || !holds_names(from, own) ||
        (without.size && glob_match(without, entity->name)))
        return body;
    struct names names = {.arena = arena};
    map_init(&names.known, arena);
    for (uint32_t i = 0; i < from->count; i++)
        add_item(&names, &from->items[i]);
    struct value *map = ARENA_NEW(arena, struct value), *made = ARENA_NEW(arena, struct value);
    *map = *from;
    if (!names.full) {
        map->items = names.items.items;
        map->count = names.items.count;
    }
    *made = *body;
    const struct value *base = own ? body : map;
    made->items = ARENA_ARRAY(arena, struct value_item, base->count + 1);
    for (uint32_t i = 0; i < base->count; i++) {
        made->items[i] = base->items[i];
        if (own && base->items[i].value == hosts)
            made->items[i].value = map;
    }
    made->count = base->count + 1;
    made->items[base->count] =
        (struct value_item){SLICE("amount"), body->span, number(arena, names.count)};
    return made;
}
