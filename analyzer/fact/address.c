#include "fact/address.h"

#include <stdlib.h>

static int compare_addresses(const struct address *a, const struct address *b) {
    if (a->family != b->family)
        return a->family < b->family ? -1 : 1;
    if (a->high != b->high)
        return a->high < b->high ? -1 : 1;
    return a->low < b->low ? -1 : a->low > b->low;
}

static bool parse_decimal(struct slice text, uint32_t limit, uint32_t *number) {
    if (!text.size || text.size > 3)
        return false;
    *number = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        *number = *number * 10 + (uint32_t)(text.data[i] - '0');
    }
    return *number <= limit;
}

static bool parse_v4(struct slice text, uint32_t *bits) {
    struct slice part;
    uint32_t count = 0, number;
    *bits = 0;
    while (slice_split(&text, '.', &part)) {
        if (++count > 4 || !parse_decimal(part, 255, &number))
            return false;
        *bits = *bits << 8 | number;
    }
    return count == 4;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

struct groups {
    uint16_t items[8];
    uint32_t count;
};

static bool add_group(struct groups *groups, struct slice text) {
    uint32_t v4, number = 0;
    if (groups->count <= 6 && parse_v4(text, &v4)) {
        groups->items[groups->count++] = (uint16_t)(v4 >> 16);
        groups->items[groups->count++] = (uint16_t)v4;
        return true;
    }
    if (!text.size || text.size > 4 || groups->count == 8)
        return false;
    for (size_t i = 0; i < text.size; i++) {
        int digit = hex_digit(text.data[i]);
        if (digit < 0)
            return false;
        number = number << 4 | (uint32_t)digit;
    }
    groups->items[groups->count++] = (uint16_t)number;
    return true;
}

static bool parse_groups(struct slice text, struct groups *groups) {
    struct slice part;
    if (!text.size)
        return true;
    while (slice_split(&text, ':', &part))
        if (!add_group(groups, part))
            return false;
    return true;
}

static bool parse_v6(struct slice text, struct address *address) {
    struct groups head = {.count = 0}, tail = {.count = 0};
    size_t gap = slice_find(text, SLICE("::"));
    bool full = gap == SLICE_NPOS;
    if (!parse_groups(slice_sub(text, 0, full ? text.size : gap), &head) ||
        (!full && !parse_groups(slice_from(text, gap + 2), &tail)))
        return false;
    if (full ? head.count != 8 : head.count + tail.count > 7)
        return false;
    uint16_t all[8] = {0};
    memcpy(all, head.items, head.count * sizeof *all);
    memcpy(all + 8 - tail.count, tail.items, tail.count * sizeof *all);
    address->family = 6;
    for (uint32_t i = 0; i < 4; i++) {
        address->high = address->high << 16 | all[i];
        address->low = address->low << 16 | all[i + 4];
    }
    return true;
}

static bool parse_address(struct slice text, struct address *address) {
    uint32_t v4;
    *address = (struct address){0};
    if (!parse_v4(text, &v4))
        return parse_v6(text, address);
    *address = (struct address){4, 0, v4};
    return true;
}

/* The bits of a 64-bit half that belong to the host, for `fixed` bits of network. */
static uint64_t host_bits(uint32_t fixed) {
    return fixed >= 64 ? 0 : UINT64_MAX >> fixed;
}

static bool parse_range(struct slice text, struct address_range *range) {
    size_t slash = slice_find_byte(text, '/');
    struct address address;
    if (!parse_address(slice_sub(text, 0, slash == SLICE_NPOS ? text.size : slash), &address))
        return false;
    uint32_t bits = address.family == 4 ? 32 : 128, prefix = bits;
    if (slash != SLICE_NPOS && !parse_decimal(slice_from(text, slash + 1), bits, &prefix))
        return false;
    uint64_t low = address.family == 4 ? host_bits(32 + prefix)
                   : prefix <= 64      ? UINT64_MAX
                                       : host_bits(prefix - 64);
    uint64_t high = address.family == 4 ? 0 : host_bits(prefix);
    range->from = (struct address){address.family, address.high & ~high, address.low & ~low};
    range->to = (struct address){address.family, address.high | high, address.low | low};
    return true;
}

bool address_set_add(struct arena *arena, struct address_set *set, struct slice text) {
    struct address_range range;
    text = slice_trim(text);
    if (slice_is(text, "*"))
        return address_set_add(arena, set, SLICE("0.0.0.0/0")) &&
               address_set_add(arena, set, SLICE("::/0"));
    if (!parse_range(text, &range))
        return false;
    vec_push(arena, &set->ranges, range);
    return true;
}

static int compare_ranges(const void *a, const void *b) {
    const struct address_range *x = a, *y = b;
    int order = compare_addresses(&x->from, &y->from);
    return order ? order : compare_addresses(&x->to, &y->to);
}

/* Does `next` begin inside or directly behind `range`? */
static bool touches(const struct address_range *range, const struct address_range *next) {
    struct address behind = range->to;
    if (behind.family != next->from.family)
        return false;
    if (compare_addresses(&next->from, &behind) <= 0)
        return true;
    behind.low++;
    behind.high += behind.low == 0;
    return compare_addresses(&next->from, &behind) == 0;
}

void address_set_finish(struct address_set *set) {
    if (!set->ranges.count)
        return;
    struct address_range *items = set->ranges.items;
    qsort(items, set->ranges.count, sizeof *items, compare_ranges);
    uint32_t kept = 0;
    for (uint32_t i = 1; i < set->ranges.count; i++)
        if (!touches(&items[kept], &items[i]))
            items[++kept] = items[i];
        else if (compare_addresses(&items[i].to, &items[kept].to) > 0)
            items[kept].to = items[i].to;
    set->ranges.count = kept + 1;
}

bool address_set_holds(const struct address_set *whole, const struct address_set *part) {
    uint32_t at = 0;
    for (uint32_t i = 0; i < part->ranges.count; i++) {
        const struct address_range *range = &part->ranges.items[i];
        while (at < whole->ranges.count &&
               compare_addresses(&whole->ranges.items[at].to, &range->to) < 0)
            at++;
        if (at == whole->ranges.count ||
            compare_addresses(&whole->ranges.items[at].from, &range->from) > 0)
            return false;
    }
    return true;
}

static struct address next_address(struct address address, bool up) {
    if (up) {
        address.low++;
        address.high += address.low == 0;
    } else {
        address.high -= address.low == 0;
        address.low--;
    }
    return address;
}

struct address_set address_set_difference(struct arena *arena, const struct address_set *a,
                                          const struct address_set *b) {
    struct address_set set = {0};
    for (uint32_t i = 0; i < a->ranges.count; i++) {
        struct address_range rest = a->ranges.items[i];
        bool any = true;
        for (uint32_t k = 0; k < b->ranges.count && any; k++) {
            const struct address_range *gone = &b->ranges.items[k];
            if (compare_addresses(&gone->to, &rest.from) < 0 ||
                compare_addresses(&gone->from, &rest.to) > 0)
                continue;
            struct address_range front = {rest.from, next_address(gone->from, false)};
            if (compare_addresses(&gone->from, &rest.from) > 0)
                vec_push(arena, &set.ranges, front);
            any = compare_addresses(&gone->to, &rest.to) < 0;
            rest.from = next_address(gone->to, true);
        }
        if (any)
            vec_push(arena, &set.ranges, rest);
    }
    return set;
}

bool address_set_count(const struct address_set *set, uint64_t *count) {
    *count = 0;
    for (uint32_t i = 0; i < set->ranges.count; i++) {
        if (set->ranges.items[i].from.family != 4)
            return false;
        *count += set->ranges.items[i].to.low - set->ranges.items[i].from.low + 1;
    }
    return true;
}

uint64_t address_set_count_v4(const struct address_set *set) {
    uint64_t count = 0;
    for (uint32_t i = 0; i < set->ranges.count; i++)
        if (set->ranges.items[i].from.family == 4)
            count += set->ranges.items[i].to.low - set->ranges.items[i].from.low + 1;
    return count;
}
