#include "base/glob.h"

/* Matches one character against a class "[...]"; *next is behind it. False also when unclosed. */
static bool class_match(struct slice pattern, size_t at, char byte, size_t *next) {
    size_t i = at + 1;
    bool negated = i < pattern.size && (pattern.data[i] == '!' || pattern.data[i] == '^');
    i += negated;
    bool hit = false;
    for (size_t first = i; i < pattern.size && (pattern.data[i] != ']' || i == first); i++) {
        char low = pattern.data[i], high = low;
        if (i + 2 < pattern.size && pattern.data[i + 1] == '-' && pattern.data[i + 2] != ']') {
            high = pattern.data[i + 2];
            i += 2;
        }
        hit = hit || (byte >= low && byte <= high);
    }
    *next = i + 1;
    return i < pattern.size && hit != negated;
}

/* Matches the one-character element of the pattern at `at`; *next is behind it. */
static bool element_match(struct slice pattern, size_t at, char byte, size_t *next) {
    *next = at + 1;
    switch (pattern.data[at]) {
    case '?':
        return byte != '/';
    case '[':
        return class_match(pattern, at, byte, next) && byte != '/';
    case '\\':
        if (at + 1 < pattern.size) {
            *next = at + 2;
            return pattern.data[at + 1] == byte;
        }
        break;
    default:
        break;
    }
    return pattern.data[at] == byte;
}

/* Where to go on after a mismatch: the last star and the text it has swallowed so far. */
struct star {
    size_t pattern, text;
    bool set;
    bool folders; /* swallows whole folders only */
};

static bool star_retry(struct star *star, struct slice text, bool crosses, size_t *p, size_t *t) {
    if (!star->set)
        return false;
    do {
        if (star->text >= text.size || (!crosses && text.data[star->text] == '/'))
            return false;
        star->text++;
    } while (star->folders && text.data[star->text - 1] != '/');
    *p = star->pattern;
    *t = star->text;
    return true;
}

/* Most patterns end in literal text, and most texts end otherwise: tells these apart first. */
static bool tail_differs(struct slice pattern, struct slice text) {
    size_t p = pattern.size, t = text.size;
    while (p > 0 && !memchr("*?[]\\", pattern.data[p - 1], 5)) {
        if (pattern.data[p - 1] == '/' && p > 1 && pattern.data[p - 2] == '*')
            return false; /* two stars and a slash may match nothing at all */
        if (t == 0 || pattern.data[p - 1] != text.data[t - 1])
            return true;
        p--;
        t--;
    }
    return false;
}

/* Greedy matching that remembers one `*` and one `**`. A later star makes earlier ones of its kind
 * needless; a `**` makes an earlier `*` needless too, but not the other way round. */
bool glob_match(struct slice pattern, struct slice text) {
    struct star single = {0}, deep = {0};
    size_t p = 0, t = 0;
    if (tail_differs(pattern, text))
        return false;
    while (t < text.size || p < pattern.size) {
        size_t next;
        if (p < pattern.size && pattern.data[p] == '*') {
            bool crosses = p + 1 < pattern.size && pattern.data[p + 1] == '*';
            p += crosses ? 2 : 1;
            bool folders = crosses && p < pattern.size && pattern.data[p] == '/' &&
                           (t == 0 || text.data[t - 1] == '/');
            p += folders; /* two stars and a slash match no folder, too */
            *(crosses ? &deep : &single) = (struct star){p, t, true, folders};
            if (crosses)
                single.set = false;
        } else if (p < pattern.size && t < text.size &&
                   element_match(pattern, p, text.data[t], &next)) {
            p = next;
            t++;
        } else if (star_retry(&single, text, false, &p, &t)) {
            continue;
        } else {
            single.set = false;
            if (!star_retry(&deep, text, true, &p, &t))
                return false;
        }
    }
    return true;
}

/* The pattern matches the path or a folder above it. */
static bool covers(struct slice pattern, struct slice path) {
    for (size_t i = 1; i <= path.size; i++)
        if ((i == path.size || path.data[i] == '/') && glob_match(pattern, slice_sub(path, 0, i)))
            return true;
    return false;
}

bool glob_match_path(struct slice pattern, struct slice path) {
    bool anchored = slice_starts(pattern, SLICE("/"));
    if (anchored)
        pattern = slice_from(pattern, 1);
    if (slice_ends(pattern, SLICE("/")))
        pattern = slice_sub(pattern, 0, pattern.size - 1);
    if (anchored || slice_find_byte(pattern, '/') != SLICE_NPOS)
        return covers(pattern, path);
    struct slice rest = path, part;
    while (slice_split(&rest, '/', &part))
        if (glob_match(pattern, part))
            return true;
    return false;
}

/* How two bytes of texts are compared. */
struct text_glob {
    bool nocase;  /* ASCII */
    bool pattern; /* the text is a pattern: only a star of the other holds its stars */
};

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool byte_held(struct text_glob how, char whole, char part) {
    if (how.pattern && part == '*')
        return false;
    return whole == '?' || whole == part || (how.nocase && lower(whole) == lower(part));
}

/* The last star retries with one byte more. */
static bool text_match(struct text_glob how, struct slice pattern, struct slice text) {
    size_t p = 0, t = 0, star = SLICE_NPOS, mark = 0;
    while (t < text.size) {
        if (p < pattern.size && pattern.data[p] == '*') {
            star = ++p;
            mark = t;
        } else if (p < pattern.size && byte_held(how, pattern.data[p], text.data[t])) {
            p++;
            t++;
        } else if (star != SLICE_NPOS) {
            p = star;
            t = ++mark;
        } else {
            return false;
        }
    }
    while (p < pattern.size && pattern.data[p] == '*')
        p++;
    return p == pattern.size;
}

bool glob_match_text(struct slice pattern, struct slice text) {
    return text_match((struct text_glob){false, false}, pattern, text);
}

bool glob_includes(struct slice whole, struct slice part) {
    return text_match((struct text_glob){false, true}, whole, part);
}

bool glob_includes_nocase(struct slice whole, struct slice part) {
    return text_match((struct text_glob){true, true}, whole, part);
}

static bool is_wild(char byte) {
    return byte == '*' || byte == '?';
}

static bool is_plain(struct slice text) {
    return slice_find_byte(text, '*') == SLICE_NPOS && slice_find_byte(text, '?') == SLICE_NPOS;
}

/* Do both begin, or end, in letters that differ, before a wildcard of either? */
static bool ends_differ(struct slice a, struct slice b, bool behind) {
    for (size_t i = 0; i < a.size && i < b.size; i++) {
        char x = a.data[behind ? a.size - 1 - i : i], y = b.data[behind ? b.size - 1 - i : i];
        if (is_wild(x) || is_wild(y))
            return false;
        if (lower(x) != lower(y))
            return true;
    }
    return false;
}

bool glob_is_apart_nocase(struct slice a, struct slice b) {
    if (is_plain(a) || is_plain(b))
        return is_plain(a) ? !glob_includes_nocase(b, a) : !glob_includes_nocase(a, b);
    return ends_differ(a, b, false) || ends_differ(a, b, true);
}
