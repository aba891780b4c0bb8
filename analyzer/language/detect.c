#include "base/glob.h"
#include "base/vec.h"
#include "language/record.h"

enum { DETECT_TEXT_BYTES = 64 << 10, DETECT_LINES = 512 };

/* A content that is asked for many keys: lines that may begin with one are listed at the first. */
struct probe {
    struct slice content;
    bool listed;
    uint32_t count;
    uint32_t
        lines[DETECT_LINES]; /* offsets of lines that begin neither with a blank nor with '#' */
    size_t rest;             /* where the list ends */
};

static void probe_start(struct probe *probe, struct slice content) {
    probe->content = content; /* its lines are left as they are: there are many */
    probe->listed = false;
    probe->count = 0;
    probe->rest = 0;
}

static struct slice first_line(struct slice content) {
    size_t end = slice_find_byte(slice_sub(content, 0, 512), '\n');
    return slice_trim(slice_sub(content, 0, end == SLICE_NPOS ? 512 : end));
}

/* The byte behind a key that stands at `at`, quotes included, or 0. The type of a block counts. */
static size_t key_end(struct slice text, size_t at, struct slice key) {
    bool quoted = at < text.size && (text.data[at] == '"' || text.data[at] == '\'');
    size_t from = at + quoted;
    if (!slice_starts(slice_from(text, from), key))
        return 0;
    size_t end = from + key.size;
    if (quoted) {
        if (end >= text.size || text.data[end] != text.data[at])
            return 0;
        end++;
    }
    size_t blank = end;
    while (end < text.size && (text.data[end] == ' ' || text.data[end] == '\t'))
        end++;
    if (end == text.size)
        return 0;
    bool block = !quoted && end > blank && (text.data[end] == '"' || text.data[end] == '{');
    return block || text.data[end] == ':' || text.data[end] == '=' ? end : 0;
}

static void probe_list(struct probe *probe) {
    struct slice content = probe->content;
    size_t at = 0;
    while (at < content.size && probe->count < DETECT_LINES) {
        if (!memchr(" \t\r\n#", content.data[at], 5))
            probe->lines[probe->count++] = (uint32_t)at;
        size_t end = slice_find_byte(slice_from(content, at), '\n');
        at = end == SLICE_NPOS ? content.size : at + end + 1;
    }
    probe->rest = at;
    probe->listed = true;
}

/* True if the key opens a line at column 0 (YAML, TOML). */
static bool key_at_line_start(struct probe *probe, struct slice key) {
    struct slice content = probe->content;
    bool odd = !key.size || memchr(" \t\r\n#", key.data[0], 5);
    size_t at = 0;
    if (!odd) {
        if (!probe->listed)
            probe_list(probe);
        for (uint32_t i = 0; i < probe->count; i++)
            if (key_end(content, probe->lines[i], key))
                return true;
        at = probe->rest;
    }
    while (at < content.size) {
        if (key_end(content, at, key))
            return true;
        size_t end = slice_find_byte(slice_from(content, at), '\n');
        if (end == SLICE_NPOS)
            return false;
        at += end + 1;
    }
    return false;
}

/* True if the key stands in the outermost braces (JSON, YAML flow). */
static bool key_in_braces(struct slice content, struct slice key) {
    uint32_t depth = 0;
    bool quoted = false, opens = false; /* a key may begin here */
    for (size_t i = 0; i < content.size; i++) {
        char byte = content.data[i];
        if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r')
            continue;
        if (opens && depth == 1 && key_end(content, i, key))
            return true;
        opens = !quoted && (byte == '{' || byte == ',');
        if (byte == '\\' && quoted)
            i++;
        else if (byte == '"')
            quoted = !quoted;
        else if (!quoted && (byte == '{' || byte == '['))
            depth++;
        else if (!quoted && (byte == '}' || byte == ']') && depth)
            depth--;
    }
    return false;
}

/* A template that begins with an action ({{ if }}) is no map in braces. */
static bool key_present(struct probe *probe, struct slice key) {
    struct slice content = probe->content;
    struct slice start = slice_trim(slice_sub(content, 0, 4096));
    if (start.size && start.data[0] == '{' && !slice_starts(start, SLICE("{{")) &&
        !slice_starts(start, SLICE("{%")))
        return key_in_braces(content, key);
    return key_at_line_start(probe, key);
}

static bool condition_holds(const struct dialect *dialect, const struct condition_record *condition,
                            struct probe *probe) {
    struct slice text = dialect_string(dialect, condition->text);
    switch ((enum condition_kind)condition->kind) {
    case CONDITION_FIRST_LINE:
        return glob_match(text, first_line(probe->content));
    case CONDITION_KEY:
        return key_present(probe, text);
    case CONDITION_TEXT:
    case CONDITION_WITHOUT:
        return slice_contains(slice_sub(probe->content, 0, DETECT_TEXT_BYTES), text);
    default:
        return false;
    }
}

/* Without any condition on paths all are right. */
static bool path_holds(const struct dialect *dialect, const struct detector_record *detector,
                       struct slice path) {
    const struct condition_record *conditions =
        dialect_records(dialect, IMAGE_CONDITIONS, detector->conditions);
    bool present = false;
    for (uint32_t i = 0; i < detector->conditions.count; i++) {
        if (conditions[i].kind != CONDITION_PATH)
            continue;
        present = true;
        if (glob_match(dialect_string(dialect, conditions[i].text), path))
            return true;
    }
    return !present;
}

static bool content_holds(const struct dialect *dialect, const struct detector_record *detector,
                          struct probe *probe) {
    const struct condition_record *conditions =
        dialect_records(dialect, IMAGE_CONDITIONS, detector->conditions);
    for (uint32_t kind = CONDITION_PATH + 1; kind <= CONDITION_WITHOUT; kind++) {
        bool present = false, any = false, all = true;
        for (uint32_t i = 0; i < detector->conditions.count; i++) {
            if (conditions[i].kind != kind)
                continue;
            present = true;
            bool holds = condition_holds(dialect, &conditions[i], probe);
            any |= holds;
            all &= holds;
            if (kind == CONDITION_KEY ? !holds : holds)
                break;
        }
        bool holds = kind == CONDITION_KEY ? all : any != (kind == CONDITION_WITHOUT);
        if (present && !holds)
            return false;
    }
    return detector->conditions.count > 0;
}

const struct dialect *language_detect(const struct dialects *dialects, struct slice path,
                                      struct slice content) {
    struct probe probe;
    probe_start(&probe, content);
    for (uint32_t i = 0; i < dialects_count(dialects); i++) {
        const struct dialect *dialect = dialects_at(dialects, i);
        struct range range = dialect_record(dialect)->detectors;
        const struct detector_record *detectors = dialect_records(dialect, IMAGE_DETECTORS, range);
        for (uint32_t n = 0; n < range.count; n++)
            if (path_holds(dialect, &detectors[n], path) &&
                content_holds(dialect, &detectors[n], &probe))
                return dialect;
    }
    return NULL;
}

struct path_candidates language_candidates(struct arena *arena, const struct dialects *dialects,
                                           struct slice path) {
    VEC(struct path_candidate) found = {0};
    for (uint32_t i = 0; i < dialects_count(dialects); i++) {
        const struct dialect *dialect = dialects_at(dialects, i);
        struct range range = dialect_record(dialect)->detectors;
        const struct detector_record *detectors = dialect_records(dialect, IMAGE_DETECTORS, range);
        for (uint32_t n = 0; n < range.count; n++)
            if (detectors[n].conditions.count && path_holds(dialect, &detectors[n], path))
                vec_push(arena, &found, ((struct path_candidate){dialect, &detectors[n]}));
    }
    return (struct path_candidates){found.items, found.count};
}

const struct dialect *language_choose(struct path_candidates candidates, struct slice content) {
    struct probe probe;
    probe_start(&probe, content);
    for (uint32_t i = 0; i < candidates.count; i++)
        if (content_holds(candidates.items[i].dialect, candidates.items[i].detector, &probe))
            return candidates.items[i].dialect;
    return NULL;
}

static bool is_listed(const struct dialects *dialects, const char *group, struct slice path) {
    const struct knowledge *knowledge = dialects_knowledge(dialects);
    for (uint32_t i = 0; i < knowledge->count; i++) {
        const struct image *image = &knowledge->images[i];
        uint32_t count;
        const struct word_record *words = image_section(image, IMAGE_DIALECT_WORDS, &count);
        for (uint32_t n = 0; n < count; n++)
            if (slice_is(image_string(image, words[n].group), group) &&
                glob_match(image_string(image, words[n].key), path))
                return true;
    }
    return false;
}

bool language_is_sensitive(const struct dialects *dialects, struct slice path) {
    return is_listed(dialects, "sensitive", path);
}

bool language_has_lines(const struct dialects *dialects, struct slice path) {
    return is_listed(dialects, "lines", path);
}

bool language_is_told(const struct dialects *dialects, struct slice path) {
    return is_listed(dialects, "told", path);
}
