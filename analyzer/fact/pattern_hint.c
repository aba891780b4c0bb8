#include "fact/pattern_hint.h"

#include <string.h>

enum {
    HINT_LITERALS = 64, /* more alternatives say too little */
    HINT_SHORTEST = 2,  /* bytes of a literal */
    HINT_NESTING = 20,
    HINT_TEXT = 400, /* bytes; longer texts hold everything anyway */
};

static unsigned fold(char byte) {
    return (unsigned)(unsigned char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
}

static uint64_t pair_bit(char first, char second) {
    return UINT64_C(1) << ((fold(first) * 11 + fold(second) * 5) & 63);
}

uint64_t text_mask(struct slice text) {
    uint64_t mask = text.size > HINT_TEXT ? UINT64_MAX : 0;
    for (size_t i = 1; ~mask && i < text.size; i++)
        mask |= pair_bit(text.data[i - 1], text.data[i]);
    return mask;
}

/* Literals of which every match of some part of a pattern holds one. */
struct literals {
    uint64_t masks[HINT_LITERALS];
    uint32_t count;
    size_t shortest; /* 0: none are known */
};

/* Literal bytes behind each other. */
struct run {
    uint64_t mask;
    size_t size;
    char last;
};

struct scan {
    struct slice pattern;
    size_t at;
    bool failed; /* something that is not understood */
};

static char peek(const struct scan *scan) {
    return scan->at < scan->pattern.size ? scan->pattern.data[scan->at] : '\0';
}

static void keep_better(struct literals *best, const struct literals *other) {
    if (other->shortest > best->shortest)
        *best = *other;
}

static void run_add(struct run *run, char byte) {
    if (run->size)
        run->mask |= pair_bit(run->last, byte);
    run->last = byte;
    run->size++;
}

static void run_end(struct run *run, struct literals *best) {
    struct literals literals = {.masks = {run->mask}, .count = 1, .shortest = run->size};
    if (run->size >= HINT_SHORTEST)
        keep_better(best, &literals);
    *run = (struct run){0};
}

enum times { TIMES_ONCE, TIMES_SOME, TIMES_PERHAPS };

/* {2}, {2,}, {2,5} */
static enum times read_braces(struct scan *scan) {
    size_t at = scan->at + 1, digits = at;
    bool positive = false;
    const struct slice pattern = scan->pattern;
    for (; at < pattern.size && pattern.data[at] >= '0' && pattern.data[at] <= '9'; at++)
        positive |= pattern.data[at] != '0';
    scan->failed |= at == digits;
    if (at < pattern.size && pattern.data[at] == ',')
        at++;
    while (at < pattern.size && pattern.data[at] >= '0' && pattern.data[at] <= '9')
        at++;
    scan->failed |= at >= pattern.size || pattern.data[at] != '}';
    scan->at = at + 1;
    return positive ? TIMES_SOME : TIMES_PERHAPS;
}

static enum times read_times(struct scan *scan) {
    enum times times = TIMES_ONCE;
    switch (peek(scan)) {
    case '*':
    case '?':
        times = TIMES_PERHAPS;
        scan->at++;
        break;
    case '+':
        times = TIMES_SOME;
        scan->at++;
        break;
    case '{':
        times = read_braces(scan);
        break;
    default:
        return times;
    }
    if (peek(scan) == '?' || peek(scan) == '+') /* lazy, possessive */
        scan->at++;
    return times;
}

/* Behind the bracket that ends a class. */
static void skip_class(struct scan *scan) {
    scan->at++;
    if (peek(scan) == '^')
        scan->at++;
    if (peek(scan) == ']')
        scan->at++;
    while (scan->at < scan->pattern.size && peek(scan) != ']') {
        bool named = peek(scan) == '[' && scan->at + 1 < scan->pattern.size &&
                     memchr(":.=", scan->pattern.data[scan->at + 1], 3);
        bool quotes = slice_starts(slice_from(scan->pattern, scan->at), SLICE("\\Q"));
        scan->failed |= named || quotes;
        scan->at += peek(scan) == '\\' ? 2 : 1;
    }
    scan->at++;
}

static void read_alternatives(struct scan *scan, uint32_t level, struct literals *out);

/* Behind "(": what kind of group it is. False for an option like (?i), which is none. What is
 * looked for ahead or behind is in the text like everything else, unless it must not be there. */
static bool read_group_start(struct scan *scan, bool *refuses) {
    static const char *const starts[] = {"?:", "?i:", "?=", "?<=", "?!", "?<!"};
    struct slice rest = slice_from(scan->pattern, scan->at);
    *refuses = false;
    if (slice_starts(rest, SLICE("?i)"))) {
        scan->at += 3;
        return false;
    }
    if (peek(scan) != '?') {
        scan->failed |= peek(scan) == '*';
        return true;
    }
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (slice_starts(rest, slice_of(starts[i]))) {
            *refuses = i >= 4;
            scan->at += strlen(starts[i]);
            return true;
        }
    scan->failed = true;
    return true;
}

static void read_group(struct scan *scan, uint32_t level, struct literals *best) {
    struct literals inner = {.count = 0};
    bool refuses;
    scan->at++;
    if (!read_group_start(scan, &refuses))
        return;
    if (level >= HINT_NESTING)
        scan->failed = true;
    else
        read_alternatives(scan, level + 1, &inner);
    scan->failed |= peek(scan) != ')';
    scan->at++;
    if (read_times(scan) != TIMES_PERHAPS && !refuses)
        keep_better(best, &inner);
}

static void read_literal(struct scan *scan, struct run *run, struct literals *best) {
    char byte = scan->pattern.data[scan->at++];
    enum times times = read_times(scan);
    if (times != TIMES_PERHAPS)
        run_add(run, byte);
    if (times != TIMES_ONCE)
        run_end(run, best);
}

static void read_escape(struct scan *scan, struct run *run, struct literals *best) {
    scan->at++;
    char byte = peek(scan);
    bool letter = (fold(byte) >= 'a' && fold(byte) <= 'z') || (byte >= '0' && byte <= '9');
    if (!letter && byte) {
        read_literal(scan, run, best);
        return;
    }
    scan->failed |= !byte || !memchr("dDwWsSbBAzZ", byte, 11);
    scan->at++;
    run_end(run, best);
    read_times(scan);
}

static void read_branch(struct scan *scan, uint32_t level, struct literals *best) {
    struct run run = {0};
    *best = (struct literals){.count = 0};
    while (!scan->failed && scan->at < scan->pattern.size && peek(scan) != '|' &&
           peek(scan) != ')') {
        switch (peek(scan)) {
        case '(':
            run_end(&run, best);
            read_group(scan, level, best);
            break;
        case '[':
            run_end(&run, best);
            skip_class(scan);
            read_times(scan);
            break;
        case '\\':
            read_escape(scan, &run, best);
            break;
        case '.':
        case '^':
        case '$':
            run_end(&run, best);
            scan->at++;
            read_times(scan);
            break;
        case '*':
        case '+':
        case '?':
        case '{':
            scan->failed = true;
            break;
        default:
            read_literal(scan, &run, best);
        }
    }
    run_end(&run, best);
}

/* Each branch has to give literals, or nothing is known of all of them. */
static void read_alternatives(struct scan *scan, uint32_t level, struct literals *out) {
    struct literals all = {.shortest = SIZE_MAX}, branch;
    for (;;) {
        read_branch(scan, level, &branch);
        if (!branch.shortest || all.count + branch.count > HINT_LITERALS)
            all.shortest = 0;
        for (uint32_t i = 0; all.shortest && i < branch.count; i++)
            all.masks[all.count++] = branch.masks[i];
        if (branch.shortest < all.shortest)
            all.shortest = branch.shortest;
        if (scan->failed || peek(scan) != '|')
            break;
        scan->at++;
    }
    *out = all;
}

struct pattern_hint pattern_hint_make(struct arena *arena, struct slice pattern) {
    struct scan scan = {.pattern = pattern};
    struct literals literals;
    read_alternatives(&scan, 0, &literals);
    if (scan.failed || scan.at < pattern.size || !literals.shortest || !literals.count)
        return (struct pattern_hint){.count = 0};
    uint32_t *halves = ARENA_ARRAY(arena, uint32_t, 2 * literals.count);
    for (uint32_t i = 0; i < literals.count; i++) {
        halves[2 * i] = (uint32_t)literals.masks[i];
        halves[2 * i + 1] = (uint32_t)(literals.masks[i] >> 32);
    }
    return (struct pattern_hint){halves, 2 * literals.count};
}
