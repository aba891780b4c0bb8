#include "entity/code.h"

static int digit_of(char byte) {
    if (byte >= 'A' && byte <= 'Z')
        return byte - 'A';
    if (byte >= 'a' && byte <= 'z')
        return byte - 'a' + 26;
    if (byte >= '0' && byte <= '9')
        return byte - '0' + 52;
    return byte == '+' ? 62 : byte == '/' ? 63 : -1;
}

/* Letters outside of ASCII become "?": no program is named with one. */
struct slice script_decode(struct arena *arena, struct slice text) {
    struct strbuf buf;
    strbuf_init(&buf, arena);
    uint32_t bits = 0, have = 0, low = 0;
    bool second = false;
    for (size_t i = 0; i < text.size && text.data[i] != '='; i++) {
        int digit = digit_of(text.data[i]);
        if (digit < 0)
            return SLICE("");
        bits = bits << 6 | (uint32_t)digit;
        have += 6;
        if (have < 8)
            continue;
        have -= 8;
        uint32_t byte = bits >> have & 0xff;
        if (second)
            strbuf_add_byte(&buf, byte || low >= 0x80 ? '?' : (char)low);
        low = byte;
        second = !second;
    }
    return buf.size ? strbuf_slice(&buf) : SLICE("");
}
