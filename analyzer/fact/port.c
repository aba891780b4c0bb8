#include "fact/port.h"

#include <stdlib.h>

static bool parse_port(struct slice text, uint32_t *port) {
    int64_t number;
    if (!slice_to_int(slice_trim(text), &number) || number < 0 || number > PORT_MAX)
        return false;
    *port = (uint32_t)number;
    return true;
}

void port_set_add_range(struct arena *arena, struct port_set *set, uint32_t from, uint32_t to) {
    struct port_range range = {from, to};
    if (from <= to)
        vec_push(arena, &set->ranges, range);
}

static bool add_one(struct arena *arena, struct port_set *set, struct slice text) {
    uint32_t from, to;
    if (slice_is(text, "*") || slice_is(text, "-1") || slice_equal_nocase(text, SLICE("all")) ||
        slice_equal_nocase(text, SLICE("any"))) {
        port_set_add_range(arena, set, 0, PORT_MAX);
        return true;
    }
    size_t dash = slice_find_byte(text, '-');
    if (dash == SLICE_NPOS)
        dash = slice_find_byte(text, ':');
    if (!parse_port(slice_sub(text, 0, dash == SLICE_NPOS ? text.size : dash), &from))
        return false;
    to = from;
    if (dash != SLICE_NPOS && !parse_port(slice_from(text, dash + 1), &to))
        return false;
    port_set_add_range(arena, set, from, to);
    return from <= to;
}

bool port_set_add(struct arena *arena, struct port_set *set, struct slice text) {
    struct slice part;
    text = slice_trim(text);
    if (!text.size)
        return false;
    while (slice_split(&text, ',', &part))
        if (!add_one(arena, set, slice_trim(part)))
            return false;
    return true;
}

static int compare_ranges(const void *a, const void *b) {
    const struct port_range *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

void port_set_finish(struct port_set *set) {
    if (!set->ranges.count)
        return;
    struct port_range *items = set->ranges.items;
    qsort(items, set->ranges.count, sizeof *items, compare_ranges);
    uint32_t kept = 0;
    for (uint32_t i = 1; i < set->ranges.count; i++)
        if (items[i].from > items[kept].to + 1)
            items[++kept] = items[i];
        else if (items[i].to > items[kept].to)
            items[kept].to = items[i].to;
    set->ranges.count = kept + 1;
}

bool port_set_holds(const struct port_set *whole, const struct port_set *part) {
    uint32_t at = 0;
    for (uint32_t i = 0; i < part->ranges.count; i++) {
        const struct port_range *range = &part->ranges.items[i];
        while (at < whole->ranges.count && whole->ranges.items[at].to < range->to)
            at++;
        if (at == whole->ranges.count || whole->ranges.items[at].from > range->from)
            return false;
    }
    return true;
}

bool port_set_has(const struct port_set *set, uint32_t port) {
    for (uint32_t i = 0; i < set->ranges.count; i++)
        if (set->ranges.items[i].from <= port && port <= set->ranges.items[i].to)
            return true;
    return false;
}

struct port_set port_set_union(struct arena *arena, const struct port_set *a,
                               const struct port_set *b) {
    struct port_set set = {0};
    for (uint32_t i = 0; i < a->ranges.count; i++)
        vec_push(arena, &set.ranges, a->ranges.items[i]);
    for (uint32_t i = 0; i < b->ranges.count; i++)
        vec_push(arena, &set.ranges, b->ranges.items[i]);
    port_set_finish(&set);
    return set;
}

struct port_set port_set_intersection(struct arena *arena, const struct port_set *a,
                                      const struct port_set *b) {
    struct port_set set = {0};
    for (uint32_t i = 0, k = 0; i < a->ranges.count && k < b->ranges.count;) {
        struct port_range x = a->ranges.items[i], y = b->ranges.items[k];
        port_set_add_range(arena, &set, x.from > y.from ? x.from : y.from,
                           x.to < y.to ? x.to : y.to);
        i += x.to <= y.to;
        k += y.to <= x.to;
    }
    return set;
}

struct port_set port_set_difference(struct arena *arena, const struct port_set *a,
                                    const struct port_set *b) {
    struct port_set set = {0};
    for (uint32_t i = 0; i < a->ranges.count; i++) {
        uint32_t from = a->ranges.items[i].from, to = a->ranges.items[i].to;
        for (uint32_t k = 0; k < b->ranges.count && from <= to; k++) {
            const struct port_range *gone = &b->ranges.items[k];
            if (gone->to < from || gone->from > to)
                continue;
            if (gone->from > from)
                port_set_add_range(arena, &set, from, gone->from - 1);
            from = gone->to + 1;
        }
        port_set_add_range(arena, &set, from, to);
    }
    return set;
}

uint32_t port_set_count(const struct port_set *set) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < set->ranges.count; i++)
        count += set->ranges.items[i].to - set->ranges.items[i].from + 1;
    return count;
}

struct slice port_set_render(struct arena *arena, const struct port_set *set) {
    enum { SHOWN = 4 };
    if (port_set_count(set) > PORT_MAX)
        return SLICE("all ports");
    struct slice text = SLICE("");
    for (uint32_t i = 0; i < set->ranges.count && i < SHOWN; i++) {
        struct port_range range = set->ranges.items[i];
        text = range.from == range.to
                   ? arena_format(arena, "%.*s%s%u", SLICE_ARGS(text), i ? ", " : "", range.from)
                   : arena_format(arena, "%.*s%s%u-%u", SLICE_ARGS(text), i ? ", " : "", range.from,
                                  range.to);
    }
    if (set->ranges.count > SHOWN)
        text = arena_format(arena, "%.*s ...", SLICE_ARGS(text));
    return text;
}
