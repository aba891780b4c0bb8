#include "source/change.h"

#include "base/utf8.h"

/* How much of a file without BOM is looked at to tell UTF-16 from a binary. */
enum { UTF16_SAMPLE = 4096 };

/* Without BOM it is "obviously" UTF-16 when a NUL stands in nearly every second byte, always on
 * the same side, and never as a whole unit: the look of Latin text. */
static bool looks_like_utf16(struct slice raw, bool *big_endian) {
    size_t sample = raw.size < UTF16_SAMPLE ? raw.size : UTF16_SAMPLE;
    size_t even = 0, odd = 0, units = sample / 2;
    for (size_t i = 0; i + 2 <= sample; i += 2) {
        bool first = raw.data[i] == '\0', second = raw.data[i + 1] == '\0';
        if (first && second)
            return false;
        even += first;
        odd += second;
    }
    *big_endian = even > odd;
    size_t many = even > odd ? even : odd, few = even > odd ? odd : even;
    return raw.size % 2 == 0 && units >= 4 && few == 0 && many * 10 >= units * 9;
}

static struct blob from_utf16(struct arena *arena, struct slice raw, bool big_endian,
                              uint32_t mode) {
    bool damaged;
    struct blob blob = {.state = CONTENT_TEXT, .mode = mode};
    blob.bytes = utf8_from_utf16(arena, raw, big_endian, &damaged);
    blob.reason =
        damaged ? SLICE("damaged UTF-16, read as far as it goes") : SLICE("converted from UTF-16");
    if (slice_find_byte(blob.bytes, '\0') != SLICE_NPOS)
        blob = (struct blob){.state = CONTENT_BINARY, .bytes = SLICE(""), .mode = mode};
    return blob;
}

bool blob_is_plain(struct slice raw) {
    return !slice_is_none(raw) && raw.size <= SOURCE_FILE_BYTES &&
           !slice_starts(raw, SLICE("\xEF\xBB\xBF")) && slice_find_byte(raw, '\0') == SLICE_NPOS &&
           utf8_is_valid(raw);
}

struct blob blob_from_bytes(struct arena *arena, struct slice raw, uint32_t mode) {
    if (slice_is_none(raw))
        raw = SLICE("");
    if (mode == 0120000)
        return (struct blob){.state = CONTENT_SYMLINK, .bytes = raw, .mode = mode};
    if (mode == 0160000)
        return (struct blob){.state = CONTENT_SUBMODULE, .bytes = raw, .mode = mode};
    if (raw.size > SOURCE_FILE_BYTES) {
        struct slice reason =
            arena_format(arena, "%zu bytes (limit %d)", raw.size, (int)SOURCE_FILE_BYTES);
        return (struct blob){CONTENT_UNREADABLE, SLICE(""), reason, mode, false};
    }
    if (slice_starts(raw, SLICE("\xFF\xFE")) || slice_starts(raw, SLICE("\xFE\xFF")))
        return from_utf16(arena, slice_from(raw, 2), raw.data[0] == '\xFE', mode);
    if (slice_starts(raw, SLICE("\xEF\xBB\xBF")))
        raw = slice_from(raw, 3);
    bool big_endian;
    if (slice_find_byte(raw, '\0') != SLICE_NPOS) {
        if (looks_like_utf16(raw, &big_endian))
            return from_utf16(arena, raw, big_endian, mode);
        return (struct blob){.state = CONTENT_BINARY, .bytes = SLICE(""), .mode = mode};
    }
    struct blob blob = {.state = CONTENT_TEXT, .bytes = raw, .mode = mode};
    if (!utf8_is_valid(raw)) {
        blob.bytes = utf8_from_latin1(arena, raw);
        blob.reason = SLICE("not valid UTF-8: other bytes were read as Latin-1");
    }
    return blob;
}
