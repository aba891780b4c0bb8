#include "base/utf8.h"

#include "base/strbuf.h"

static bool is_tail(struct slice text, size_t at) {
    return at < text.size && ((unsigned char)text.data[at] & 0xC0) == 0x80;
}

static uint32_t tail_bits(struct slice text, size_t at) {
    return (unsigned char)text.data[at] & 0x3FU;
}

uint32_t utf8_decode(struct slice text, size_t at, uint32_t *codepoint) {
    uint32_t lead = (unsigned char)text.data[at];
    if (lead < 0x80) {
        *codepoint = lead;
        return 1;
    }
    uint32_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    uint32_t value = lead & (0x7FU >> length);
    for (uint32_t i = 1; i < length; i++) {
        if (!is_tail(text, at + i))
            return 0;
        value = value << 6 | tail_bits(text, at + i);
    }
    bool overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
    if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 0;
    *codepoint = value;
    return length;
}

uint32_t utf8_write(uint32_t codepoint, char out[4]) {
    if (codepoint > 0x10FFFF || (codepoint >= 0xD800 && codepoint <= 0xDFFF))
        codepoint = 0xFFFD;
    uint32_t length = codepoint < 0x80 ? 1 : codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (uint32_t i = length; i-- > 1; codepoint >>= 6)
        out[i] = (char)(0x80 | (codepoint & 0x3F));
    out[0] = (char)(leads[length] | codepoint);
    return length;
}

static size_t skip_ascii(struct slice text, size_t at) {
    while (text.size - at >= 8) {
        uint64_t word;
        memcpy(&word, text.data + at, 8);
        if (word & 0x8080808080808080U)
            break;
        at += 8;
    }
    while (at < text.size && !((unsigned char)text.data[at] & 0x80))
        at++;
    return at;
}

size_t utf8_valid_prefix(struct slice text) {
    size_t at = skip_ascii(text, 0);
    while (at < text.size) {
        uint32_t codepoint, length = utf8_decode(text, at, &codepoint);
        if (!length)
            break;
        at = skip_ascii(text, at + length);
    }
    return at;
}

bool utf8_is_valid(struct slice text) {
    return utf8_valid_prefix(text) == text.size;
}

static uint32_t utf16_unit(struct slice bytes, size_t at, bool big_endian) {
    uint32_t first = (unsigned char)bytes.data[at], second = (unsigned char)bytes.data[at + 1];
    return big_endian ? first << 8 | second : second << 8 | first;
}

struct slice utf8_from_utf16(struct arena *arena, struct slice bytes, bool big_endian,
                             bool *damaged) {
    /* Two bytes become at most three; a pair of surrogates, four bytes, becomes four. */
    char *out = arena_alloc(arena, bytes.size / 2 * 3 + 4);
    size_t size = 0, at = 0;
    *damaged = bytes.size % 2 != 0;
    for (; at + 2 <= bytes.size; at += 2) {
        uint32_t unit = utf16_unit(bytes, at, big_endian);
        if (unit >= 0xD800 && unit < 0xDC00 && at + 4 <= bytes.size) {
            uint32_t low = utf16_unit(bytes, at + 2, big_endian);
            if (low >= 0xDC00 && low <= 0xDFFF) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                at += 2;
            }
        }
        *damaged = *damaged || (unit >= 0xD800 && unit <= 0xDFFF);
        size += utf8_write(unit, out + size);
    }
    if (bytes.size % 2)
        size += utf8_write(0xFFFD, out + size);
    return slice_make(out, size);
}

struct slice utf8_from_latin1(struct arena *arena, struct slice bytes) {
    struct strbuf out;
    strbuf_init(&out, arena);
    while (bytes.size) {
        size_t valid = utf8_valid_prefix(bytes);
        strbuf_add(&out, slice_sub(bytes, 0, valid));
        if (valid < bytes.size) {
            char encoded[4];
            uint32_t size = utf8_write((unsigned char)bytes.data[valid], encoded);
            strbuf_add(&out, slice_make(encoded, size));
            valid++;
        }
        bytes = slice_from(bytes, valid);
    }
    return strbuf_slice(&out);
}
