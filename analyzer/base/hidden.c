#include "base/hidden.h"

#include "base/utf8.h"

#define FLAG_BASE 0x1F3F4U
#define TAG_END 0xE007FU

enum { FLAG_TAGS = 7 }; /* at most six letters and the end */

static bool within(uint32_t code, uint32_t from, uint32_t to) {
    return code >= from && code <= to;
}

static bool is_bidirectional(uint32_t code) {
    return within(code, 0x202A, 0x202E) || within(code, 0x2066, 0x2069);
}

static bool is_tag(uint32_t code) {
    return code == 0xE0001 || within(code, 0xE0020, TAG_END);
}

static bool is_selector(uint32_t code) {
    return within(code, 0xFE00, 0xFE0F) || within(code, 0xE0100, 0xE01EF);
}

static bool is_mark(uint32_t code) {
    return code == 0x200E || code == 0x200F || code == 0x061C;
}

static bool is_filler(uint32_t code) {
    return code == 0x115F || code == 0x1160 || code == 0x3164 || code == 0xFFA0;
}

static bool is_invisible(uint32_t code) {
    return within(code, 0x200B, 0x200D) || within(code, 0x2060, 0x2064) || code == 0xFEFF ||
           code == 0x180E || within(code, 0xFFF9, 0xFFFB) || is_mark(code) || is_filler(code) ||
           is_tag(code) || is_selector(code);
}

/* Scripts that join or part their letters with U+200C and U+200D. */
static bool is_joining(uint32_t code) {
    return within(code, 0x0600, 0x109F) || within(code, 0x1780, 0x18AF) ||
           within(code, 0x1A00, 0x1CFF) || within(code, 0xA800, 0xABFF) ||
           within(code, 0xFB50, 0xFDFF) || within(code, 0xFE70, 0xFEFC);
}

static bool is_right_to_left(uint32_t code) {
    return within(code, 0x0590, 0x08FF) || within(code, 0xFB1D, 0xFDFF) ||
           within(code, 0xFE70, 0xFEFC);
}

static bool is_symbol(uint32_t code) {
    return code == 0xA9 || code == 0xAE ||
           (within(code, 0x203C, 0x2E7F) && !is_invisible(code) && !is_bidirectional(code)) ||
           within(code, 0x3030, 0x303D) || code == 0x3297 || code == 0x3299 ||
           within(code, 0x1F000, 0x1FAFF);
}

static bool is_ideograph(uint32_t code) {
    return within(code, 0x3400, 0x9FFF) || within(code, 0xF900, 0xFAFF) ||
           within(code, 0x20000, 0x3FFFF);
}

static bool is_hangul(uint32_t code) {
    return within(code, 0x1100, 0x11FF) || within(code, 0x3130, 0x318F) ||
           within(code, 0xAC00, 0xD7A3) || within(code, 0xFFA1, 0xFFDC);
}

/* Digits, # and * become keycaps with U+FE0F U+20E3. */
static bool is_keycap(uint32_t code) {
    return within(code, '0', '9') || code == '#' || code == '*';
}

static uint32_t code_at(struct slice text, size_t at) {
    uint32_t code = 0;
    return at < text.size && utf8_decode(text, at, &code) ? code : 0;
}

/* Where the character before `at` begins; `at` if there is none. */
static size_t step_back(struct slice text, size_t at) {
    for (size_t size = 1; size <= 4 && size <= at; size++) {
        uint32_t code;
        if (utf8_decode(text, at - size, &code) == size)
            return at - size;
    }
    return at;
}

static bool is_flag_tag(struct slice text, size_t at) {
    for (uint32_t i = 0; i < FLAG_TAGS; i++) {
        size_t back = step_back(text, at);
        uint32_t code = back < at ? code_at(text, back) : 0;
        if (!is_tag(code))
            return code == FLAG_BASE;
        at = back;
    }
    return false;
}

static bool is_selector_in_place(uint32_t code, uint32_t before, uint32_t after) {
    if (code == 0xFE0E || code == 0xFE0F)
        return is_symbol(before) || (is_keycap(before) && (after == 0x20E3 || code == 0xFE0E));
    if (code < 0xFE10)
        return is_ideograph(before) || within(before, 0x2200, 0x2AFF);
    return is_ideograph(before);
}

/* Does the writing around it need the character? */
static bool is_in_place(struct slice text, size_t at, uint32_t code, size_t length) {
    size_t back = step_back(text, at);
    uint32_t before = back < at ? code_at(text, back) : 0, after = code_at(text, at + length);
    if (is_selector(code))
        return is_selector_in_place(code, before, after);
    if (is_tag(code))
        return is_flag_tag(text, at);
    if (is_mark(code))
        return is_right_to_left(before) || is_right_to_left(after);
    if (is_filler(code))
        return is_hangul(before) || is_hangul(after);
    if (code == 0x200C)
        return is_joining(before);
    if (code == 0x200D)
        return is_joining(before) || ((is_symbol(before) || before == 0xFE0F) && is_symbol(after));
    if (code == 0x180E)
        return within(before, 0x1800, 0x18AF);
    return code == 0xFEFF && at == 0;
}

static size_t skip_ascii(struct slice text, size_t at) {
    uint64_t word;
    for (; text.size - at >= sizeof word; at += sizeof word) {
        memcpy(&word, text.data + at, sizeof word);
        if (word & 0x8080808080808080U)
            break;
    }
    while (at < text.size && !((unsigned char)text.data[at] & 0x80))
        at++;
    return at;
}

bool hidden_find(struct slice text, size_t from, struct hidden *found) {
    for (size_t at = from; (at = skip_ascii(text, at)) < text.size;) {
        uint32_t code, length = utf8_decode(text, at, &code);
        bool bidirectional = length && is_bidirectional(code);
        if (bidirectional ||
            (length && is_invisible(code) && !is_in_place(text, at, code, length))) {
            *found =
                (struct hidden){bidirectional ? HIDDEN_BIDIRECTIONAL : HIDDEN_INVISIBLE, code, at};
            return true;
        }
        at += length ? length : 1;
    }
    return false;
}
