#include "fact/place.h"

#include "base/glob.h"
#include "fact/place_record.h"

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

/* A word ends before a capital that follows a small letter, and before the last of several capitals
 * that a small letter follows ("PRODCluster" is PROD, Cluster). */
static bool is_border(struct slice text, size_t at) {
    char previous = text.data[at - 1], current = text.data[at];
    if (!is_upper(current))
        return false;
    bool small_next =
        at + 1 < text.size && is_letter(text.data[at + 1]) && !is_upper(text.data[at + 1]);
    return !is_upper(previous) || small_next;
}

/* End of the word that begins at `from`, which is a letter. */
static size_t word_end(struct slice text, size_t from) {
    size_t at = from + 1;
    while (at < text.size && is_letter(text.data[at]) && !is_border(text, at))
        at++;
    return at;
}

/* First letter at or behind `at` with at most one separator other than '/' in between, or the size
 * of the text: words of one entry stand in one component. */
static size_t word_behind(struct slice text, size_t at) {
    size_t from = at;
    if (from < text.size && !is_letter(text.data[from]) && text.data[from] != '/')
        from++;
    return from < text.size && is_letter(text.data[from]) ? from : text.size;
}

struct sequence {
    char text[PLACE_WORD_BYTES];
    size_t size;
};

static bool sequence_add(struct sequence *sequence, struct slice word) {
    if (word.size > sizeof sequence->text - sequence->size)
        return false;
    for (size_t i = 0; i < word.size; i++)
        sequence->text[sequence->size++] =
            is_upper(word.data[i]) ? (char)(word.data[i] + 32) : word.data[i];
    return true;
}

static const struct place_word *find_word(const struct knowledge *knowledge, struct slice text) {
    for (uint32_t i = 0; i < knowledge->count; i++) {
        const struct image *image = &knowledge->images[i];
        uint32_t count;
        const struct place_word *words =
            image->bytes ? image_section(image, IMAGE_WORDS, &count) : NULL;
        for (uint32_t k = 0; words && k < count; k++)
            if (words[k].kind == PLACE_ENVIRONMENT &&
                slice_equal(image_string(image, words[k].text), text))
                return &words[k];
    }
    return NULL;
}

/* The longest entry that begins with the word at `from`; *end is behind it, or behind the word. */
static const struct place_word *longest_entry(const struct knowledge *knowledge, struct slice text,
                                              size_t from, size_t *end) {
    const struct place_word *best = NULL;
    struct sequence sequence = {.size = 0};
    *end = word_end(text, from);
    for (size_t at = from; at < text.size;) {
        size_t to = word_end(text, at);
        if (!sequence_add(&sequence, slice_sub(text, at, to)))
            break;
        const struct place_word *word =
            find_word(knowledge, slice_make(sequence.text, sequence.size));
        if (word) {
            best = word;
            *end = to;
        }
        at = word_behind(text, to);
    }
    return best;
}

struct spoken {
    uint32_t environment;
    bool alone; /* there is no other word */
};

static struct spoken name_environment(const struct knowledge *knowledge, struct slice text) {
    struct spoken spoken = {ENVIRONMENT_UNKNOWN, false};
    uint32_t words = 0;
    for (size_t at = 0; at < text.size;) {
        if (!is_letter(text.data[at])) {
            at++;
            continue;
        }
        const struct place_word *word = longest_entry(knowledge, text, at, &at);
        words++;
        if (word && word->value > spoken.environment)
            spoken.environment = word->value;
    }
    spoken.alone = words == 1 && spoken.environment != ENVIRONMENT_UNKNOWN;
    return spoken;
}

enum environment place_environment(const struct knowledge *knowledge, struct slice text) {
    uint32_t found = ENVIRONMENT_UNKNOWN, least = ENVIRONMENT_UNKNOWN;
    struct slice name;
    while (slice_split(&text, '/', &name)) {
        struct spoken spoken = name_environment(knowledge, name);
        bool lowers = spoken.environment < found;
        if (spoken.environment == ENVIRONMENT_UNKNOWN || spoken.environment < least ||
            (lowers && slice_is_none(text))) /* a file is named after anything */
            continue;
        found = spoken.environment;
        if (spoken.alone)
            least = found;
    }
    return (enum environment)found;
}

enum path_class place_path_class(const struct knowledge *knowledge, struct slice path) {
    for (uint32_t i = 0; i < knowledge->count; i++) {
        const struct image *image = &knowledge->images[i];
        uint32_t count;
        const struct place_word *words =
            image->bytes ? image_section(image, IMAGE_WORDS, &count) : NULL;
        for (uint32_t k = 0; words && k < count; k++)
            if (words[k].kind == PLACE_PATH &&
                glob_match_path(image_string(image, words[k].text), path))
                return (enum path_class)words[k].value;
    }
    return PATH_ORDINARY;
}

/* The next entry of a kind behind *at, counted over all images. */
static bool next_entry(const struct knowledge *knowledge, enum place_kind kind, uint32_t *at,
                       struct slice *text) {
    uint32_t first = 0;
    for (uint32_t i = 0; i < knowledge->count; i++) {
        const struct image *image = &knowledge->images[i];
        uint32_t count = 0;
        const struct place_word *words =
            image->bytes ? image_section(image, IMAGE_WORDS, &count) : NULL;
        for (; words && *at < first + count; ++*at) {
            const struct place_word *word = &words[*at - first];
            if (word->kind != (uint32_t)kind)
                continue;
            *text = image_string(image, word->text);
            ++*at;
            return true;
        }
        first += count;
    }
    return false;
}

bool place_is_collection(const struct knowledge *knowledge, struct slice name) {
    struct slice text;
    for (uint32_t at = 0; next_entry(knowledge, PLACE_COLLECTION, &at, &text);)
        if (slice_equal(text, name))
            return true;
    return false;
}

bool place_attribute(const struct knowledge *knowledge, uint32_t *at, struct slice *path) {
    return next_entry(knowledge, PLACE_ATTRIBUTE, at, path);
}

enum environment place_of_body(const struct knowledge *knowledge, const struct value *body) {
    enum environment found = ENVIRONMENT_UNKNOWN;
    struct slice path;
    for (uint32_t at = 0; body && place_attribute(knowledge, &at, &path);) {
        struct slice text = value_literal(value_at(body, path));
        enum environment said =
            text.size ? place_environment(knowledge, text) : ENVIRONMENT_UNKNOWN;
        found = said > found ? said : found;
    }
    return found;
}

struct slice place_label(const struct knowledge *knowledge, struct slice path) {
    struct slice label = SLICE(""), rest = path, name;
    bool collected = false;
    while (slice_split(&rest, '/', &name)) {
        if (collected || name_environment(knowledge, name).environment != ENVIRONMENT_UNKNOWN)
            label = slice_sub(path, 0, (size_t)(name.data + name.size - path.data));
        collected = rest.size && place_is_collection(knowledge, name);
    }
    return label;
}
