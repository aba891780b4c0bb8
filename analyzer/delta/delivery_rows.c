#include "delta/delivery_rows.h"

#include "base/path.h"
#include "base/strbuf.h"

struct reading {
    struct arena *arena;
    struct slice rows, crossed;
};

static void push(const struct reading *reading, struct delivery_rows *out,
                 const struct delivery_row *row) {
    if (out->list.count < out->limit)
        vec_push(reading->arena, &out->list, *row);
}

static void read_plain(const struct reading *reading, const struct value *generator,
                       struct delivery_rows *out) {
    struct slice paths = reading->rows, path;
    while (slice_split(&paths, ',', &path)) {
        const struct value *list = value_at(generator, slice_trim(path));
        for (uint32_t i = 0; list && list->kind == VALUE_LIST && i < list->count; i++) {
            struct delivery_row row = {.maps = {list->items[i].value}, .count = 1};
            push(reading, out, &row);
        }
    }
}

/* Each row of the one with each row of the other. */
static void cross(const struct reading *reading, struct delivery_rows *out,
                  const struct delivery_rows *with) {
    struct delivery_rows left = *out;
    out->list.items = NULL;
    out->list.count = out->list.capacity = 0;
    for (uint32_t i = 0; i < left.list.count; i++)
        for (uint32_t k = 0; k < with->list.count; k++) {
            struct delivery_row row = left.list.items[i];
            for (uint32_t n = 0; n < with->list.items[k].count && row.count < DELIVERY_CROSSED; n++)
                row.maps[row.count++] = with->list.items[k].maps[n];
            push(reading, out, &row);
        }
}

static void read_crossed(const struct reading *reading, const struct value *parts,
                         struct delivery_rows *out) {
    for (uint32_t i = 0; i < parts->count && i < DELIVERY_CROSSED; i++) {
        struct delivery_rows rows = {.limit = out->limit};
        read_plain(reading, parts->items[i].value, &rows);
        if (i == 0)
            *out = rows;
        else if (rows.list.count)
            cross(reading, out, &rows);
    }
}

static void append(const struct reading *reading, struct delivery_rows *out,
                   const struct delivery_rows *more) {
    for (uint32_t i = 0; i < more->list.count; i++)
        push(reading, out, &more->list.items[i]);
}

void delivery_rows_read(struct arena *arena, const struct value *generators, struct slice rows,
                        struct slice crossed, struct delivery_rows *out) {
    struct reading reading = {arena, rows, crossed};
    bool list = generators && generators->kind == VALUE_LIST;
    for (uint32_t i = 0; list && i < generators->count; i++) {
        const struct value *generator = generators->items[i].value;
        read_plain(&reading, generator, out);
        struct slice paths = crossed, path;
        while (slice_split(&paths, ',', &path)) {
            const struct value *parts = value_at(generator, slice_trim(path));
            struct delivery_rows joined = {.limit = out->limit};
            if (parts && parts->kind == VALUE_LIST)
                read_crossed(&reading, parts, &joined);
            append(&reading, out, &joined);
        }
    }
}

bool delivery_is_excluded(const struct delivery_row *row, struct slice key) {
    for (uint32_t i = 0; key.size && i < row->count; i++) {
        const struct value *value = value_get(row->maps[i], key);
        if (value && value_is_true(value))
            return true;
    }
    return false;
}

struct slice delivery_text(const struct value *value) {
    bool text = value && (value->kind == VALUE_LITERAL || value->kind == VALUE_EXPRESSION ||
                          value->kind == VALUE_UNKNOWN);
    return text ? value->text : SLICE_NONE;
}

/* The text of a key in the row: of "path.path" and "path" the same; "*" for what is made of it. */
static struct slice known_text(const struct delivery_row *row, struct slice name) {
    struct slice head = slice_sub(name, 0, slice_find_byte(name, '.'));
    struct slice rest = slice_from(name, head.size + 1);
    for (uint32_t i = 0; i < row->count; i++) {
        struct slice whole = value_literal(value_at(row->maps[i], name));
        if (!slice_is_none(whole))
            return whole;
        struct slice part = value_literal(value_get(row->maps[i], head));
        if (!slice_is_none(part) && slice_equal(rest, head))
            return part;
    }
    return SLICE("*");
}

static bool is_name(struct slice name) {
    for (size_t i = 0; i < name.size; i++) {
        char byte = name.data[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (!letter && byte != '.' && byte != '_' && byte != '-' && !(byte >= '0' && byte <= '9'))
            return false;
    }
    return name.size > 0;
}

struct slice delivery_fill(struct arena *arena, struct slice text, const struct delivery_row *row) {
    struct strbuf out;
    strbuf_init(&out, arena);
    for (size_t open; (open = slice_find(text, SLICE("{{"))) != SLICE_NPOS;) {
        size_t close = slice_find(text, SLICE("}}"));
        if (close == SLICE_NPOS || close < open)
            break;
        struct slice name = slice_trim(slice_sub(text, open + 2, close));
        if (slice_starts(name, SLICE(".")))
            name = slice_from(name, 1);
        strbuf_add(&out, slice_sub(text, 0, open));
        strbuf_add(&out, is_name(name) ? known_text(row, name) : SLICE("*"));
        text = slice_from(text, close + 2);
    }
    strbuf_add(&out, text);
    return strbuf_slice(&out);
}
