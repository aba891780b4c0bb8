#include "fact/amount.h"

enum { MILLION = 1000000 };

struct unit {
    const char *name;
    int64_t numerator, denominator;
};

static const struct unit durations[] = {
    {"ns", 1, 1000000000}, {"us", 1, 1000000},  {"\xc2\xb5s", 1, 1000000},
    {"ms", 1, 1000},       {"s", 1, 1},         {"sec", 1, 1},
    {"second", 1, 1},      {"seconds", 1, 1},   {"m", 60, 1},
    {"min", 60, 1},        {"minute", 60, 1},   {"minutes", 60, 1},
    {"h", 3600, 1},        {"hour", 3600, 1},   {"hours", 3600, 1},
    {"d", 86400, 1},       {"day", 86400, 1},   {"days", 86400, 1},
    {"w", 604800, 1},      {"week", 604800, 1}, {"weeks", 604800, 1},
    {"y", 31536000, 1},    {NULL, 0, 0},
};

#define KILO ((int64_t)1000)
#define KIBI ((int64_t)1024)

static const struct unit quantities[] = {
    {"n", 1, 1000000000},
    {"u", 1, 1000000},
    {"m", 1, 1000},
    {"B", 1, 1},
    {"k", KILO, 1},
    {"kB", KILO, 1},
    {"K", KILO, 1},
    {"KB", KILO, 1},
    {"M", KILO *KILO, 1},
    {"MB", KILO *KILO, 1},
    {"G", KILO *KILO *KILO, 1},
    {"GB", KILO *KILO *KILO, 1},
    {"T", KILO *KILO *KILO *KILO, 1},
    {"TB", KILO *KILO *KILO *KILO, 1},
    {"P", KILO *KILO *KILO *KILO *KILO, 1},
    {"PB", KILO *KILO *KILO *KILO *KILO, 1},
    {"Ki", KIBI, 1},
    {"KiB", KIBI, 1},
    {"Mi", KIBI *KIBI, 1},
    {"MiB", KIBI *KIBI, 1},
    {"Gi", KIBI *KIBI *KIBI, 1},
    {"GiB", KIBI *KIBI *KIBI, 1},
    {"Ti", KIBI *KIBI *KIBI *KIBI, 1},
    {"TiB", KIBI *KIBI *KIBI *KIBI, 1},
    {"Pi", KIBI *KIBI *KIBI *KIBI *KIBI, 1},
    {"PiB", KIBI *KIBI *KIBI *KIBI *KIBI, 1},
    {"r/s", 1, 1}, /* requests a second */
    {"r/m", 1, 60},
    {NULL, 0, 0},
};

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Digits with one optional point at the front of *rest. At most 18 digits before the point. */
static bool take_decimal(struct slice *rest, amount_t *amount) {
    int64_t whole = 0, fraction = 0, scale = MILLION;
    size_t i = 0, digits = 0;
    for (; i < rest->size && is_digit(rest->data[i]); i++, digits++) {
        if (whole > INT64_MAX / 100)
            return false;
        whole = whole * 10 + (rest->data[i] - '0');
    }
    if (i < rest->size && rest->data[i] == '.')
        for (i++; i < rest->size && is_digit(rest->data[i]); i++, digits++) {
            scale /= 10;
            fraction += scale * (rest->data[i] - '0');
        }
    *amount = (amount_t)whole * MILLION + fraction;
    *rest = slice_from(*rest, i);
    return digits > 0;
}

static size_t unit_end(struct slice text) {
    size_t i = 0;
    while (i < text.size && !is_digit(text.data[i]) && text.data[i] != '.' && text.data[i] != ' ')
        i++;
    return i;
}

static const struct unit *unit_find(const struct unit *units, struct slice name, bool any_case) {
    for (; units->name; units++)
        if (slice_is(name, units->name) ||
            (any_case && slice_equal_nocase(name, slice_of(units->name))))
            return units;
    return NULL;
}

static bool parse_one(struct slice text, const struct unit *units, amount_t *amount) {
    if (!take_decimal(&text, amount))
        return false;
    text = slice_trim(text);
    if (!text.size)
        return true;
    const struct unit *unit = unit_find(units, text, false);
    if (unit)
        *amount = *amount * unit->numerator / unit->denominator;
    return unit != NULL;
}

/* "1h30m", "90 days". */
static bool parse_duration(struct slice text, amount_t *amount) {
    *amount = 0;
    for (bool first = true; text.size; first = false) {
        amount_t part;
        if (!take_decimal(&text, &part))
            return false;
        text = slice_trim(text);
        if (first && !text.size) {
            *amount = part;
            return true;
        }
        size_t end = unit_end(text);
        const struct unit *unit = unit_find(durations, slice_sub(text, 0, end), true);
        if (!unit)
            return false;
        *amount += part * unit->numerator / unit->denominator;
        text = slice_trim(slice_from(text, end));
    }
    return true;
}

/* ISO 8601 without months, whose length is not fixed: "P7D", "PT1H30M". */
static bool parse_iso_duration(struct slice text, amount_t *amount) {
    bool time = false, any = false;
    *amount = 0;
    for (text = slice_from(text, 1); text.size; any = true) {
        if (!time && text.data[0] == 'T') {
            time = true;
            text = slice_from(text, 1);
        }
        amount_t part;
        if (!take_decimal(&text, &part) || !text.size || (!time && text.data[0] == 'M'))
            return false;
        const struct unit *unit = unit_find(durations, slice_sub(text, 0, 1), true);
        if (!unit)
            return false;
        *amount += part * unit->numerator / unit->denominator;
        text = slice_from(text, 1);
    }
    return any;
}

static bool parse_unsigned(struct slice text, enum order order, amount_t *amount) {
    static const struct unit percents[] = {{"%", 1, 1}, {NULL, 0, 0}};
    static const struct unit none[] = {{NULL, 0, 0}};
    switch (order) {
    case ORDER_NUMBER:
        return parse_one(text, none, amount);
    case ORDER_PERCENT:
        return parse_one(text, percents, amount);
    case ORDER_QUANTITY:
        return parse_one(text, quantities, amount);
    case ORDER_DURATION:
        return text.size && text.data[0] == 'P' ? parse_iso_duration(text, amount)
                                                : parse_duration(text, amount);
    default:
        return false;
    }
}

bool amount_parse(struct slice text, enum order order, amount_t *amount) {
    text = slice_trim(text);
    bool negative = text.size && text.data[0] == '-';
    if (text.size && (text.data[0] == '-' || text.data[0] == '+'))
        text = slice_from(text, 1);
    if (!text.size || text.size > 64 || !parse_unsigned(text, order, amount))
        return false;
    if (negative)
        *amount = -*amount;
    return true;
}

bool order_number(struct slice text, enum order order, int64_t *millionths) {
    amount_t amount;
    if (!amount_parse(text, order, &amount) || amount > INT64_MAX || amount < -INT64_MAX)
        return false;
    *millionths = (int64_t)amount;
    return true;
}

struct slice amount_with_commas(struct arena *arena, uint64_t number) {
    char text[32];
    size_t at = sizeof text, digits = 0;
    do {
        if (digits && digits % 3 == 0)
            text[--at] = ',';
        text[--at] = (char)('0' + number % 10);
        digits++;
    } while (number /= 10);
    return arena_copy(arena, slice_make(text + at, sizeof text - at));
}
