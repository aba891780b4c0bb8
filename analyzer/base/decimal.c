#include "base/decimal.h"

static bool add_digit(uint64_t *value, char byte) {
    if (byte < '0' || byte > '9')
        return false;
    *value = *value * 10 + (uint64_t)(byte - '0');
    return *value <= UINT32_MAX;
}

bool decimal_parse(struct slice text, uint32_t decimals, uint32_t *out) {
    size_t point = slice_find_byte(text, '.');
    struct slice whole = point == SLICE_NPOS ? text : slice_sub(text, 0, point);
    struct slice part = point == SLICE_NPOS ? SLICE("") : slice_from(text, point + 1);
    if (!whole.size || part.size > decimals || (point != SLICE_NPOS && !part.size))
        return false;
    uint64_t value = 0;
    for (size_t i = 0; i < whole.size; i++)
        if (!add_digit(&value, whole.data[i]))
            return false;
    for (size_t i = 0; i < decimals; i++)
        if (!add_digit(&value, i < part.size ? part.data[i] : '0'))
            return false;
    *out = (uint32_t)value;
    return true;
}

int decimal_hex_digit(char byte) {
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    if (byte >= 'A' && byte <= 'F')
        return byte - 'A' + 10;
    return 99;
}
