#include "base/glob.h"
#include "base/vec.h"
#include "language/record.h"

struct dialects {
    const struct knowledge *knowledge;
    struct dialect *items; /* later images first, so that they can refine what is built in */
    uint32_t count;
};

const void *dialect_records(const struct dialect *dialect, enum image_tag tag, struct range range) {
    static const size_t sizes[IMAGE_TAG_COUNT] = {
        [IMAGE_DETECTORS] = sizeof(struct detector_record),
        [IMAGE_CONDITIONS] = sizeof(struct condition_record),
        [IMAGE_ENTITY_SHAPES] = sizeof(struct shape_record),
        [IMAGE_WEIGHTS] = sizeof(struct weight_record),
        [IMAGE_EMBEDDINGS] = sizeof(struct embedding_record),
        [IMAGE_LIST_SHAPES] = sizeof(struct list_record),
        [IMAGE_DIALECT_WORDS] = sizeof(struct word_record),
    };
    uint32_t count;
    const char *records = image_section(dialect->image, tag, &count);
    return range.count ? records + range.first * sizes[tag] : NULL;
}

static struct dialect dialect_open(const struct image *image, const struct dialect_record *record) {
    return (struct dialect){.image = image,
                            .record = record,
                            .name = image_string(image, record->name),
                            .language = image_string(image, record->language),
                            .unit = (enum unit_kind)record->unit,
                            .generic = record->generic};
}

const struct dialects *dialects_load(struct arena *arena, const struct knowledge *knowledge) {
    VEC(struct dialect) items = {0};
    for (uint32_t i = knowledge->count; i-- > 0;) {
        uint32_t count;
        const struct dialect_record *records =
            image_section(&knowledge->images[i], IMAGE_DIALECTS, &count);
        for (uint32_t n = 0; n < count; n++)
            vec_push(arena, &items, dialect_open(&knowledge->images[i], &records[n]));
    }
    struct dialects *dialects = ARENA_NEW(arena, struct dialects);
    *dialects = (struct dialects){knowledge, items.items, items.count};
    return dialects;
}

const struct knowledge *dialects_knowledge(const struct dialects *dialects) {
    return dialects->knowledge;
}

uint32_t dialects_count(const struct dialects *dialects) {
    return dialects->count;
}

const struct dialect *dialects_at(const struct dialects *dialects, uint32_t index) {
    return &dialects->items[index];
}

const struct dialect *dialect_by_name(const struct dialects *dialects, struct slice name) {
    for (uint32_t i = 0; i < dialects->count; i++)
        if (slice_equal(dialects->items[i].name, name))
            return &dialects->items[i];
    return NULL;
}

const struct language_record *dialect_language(const struct dialects *dialects,
                                               struct slice language) {
    for (uint32_t i = 0; i < dialects->knowledge->count; i++) {
        const struct image *image = &dialects->knowledge->images[i];
        uint32_t count;
        const struct language_record *records = image_section(image, IMAGE_LANGUAGES, &count);
        for (uint32_t n = 0; n < count; n++)
            if (slice_equal(image_string(image, records[n].name), language))
                return &records[n];
    }
    return NULL;
}

struct slice dialects_family(const struct dialects *dialects, struct slice language) {
    for (uint32_t i = 0; i < dialects->knowledge->count; i++) {
        const struct image *image = &dialects->knowledge->images[i];
        uint32_t count;
        const struct language_record *records = image_section(image, IMAGE_LANGUAGES, &count);
        for (uint32_t n = 0; n < count; n++)
            if (slice_equal(image_string(image, records[n].name), language))
                return image_string(image, records[n].roles);
    }
    return language;
}

static const struct word_record *dialect_words(const struct dialect *dialect, uint32_t *count) {
    struct range range = dialect_record(dialect)->words;
    *count = range.count;
    return dialect_records(dialect, IMAGE_DIALECT_WORDS, range);
}

struct slice dialect_system(const struct dialect *dialect, struct slice type) {
    uint32_t count;
    const struct word_record *words = dialect_words(dialect, &count);
    struct slice system = dialect->name;
    size_t longest = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct slice prefix = dialect_string(dialect, words[i].key);
        if (slice_is(dialect_string(dialect, words[i].group), "system") && prefix.size >= longest &&
            slice_starts(type, prefix)) {
            longest = prefix.size;
            system = dialect_string(dialect, words[i].value);
        }
    }
    return system;
}

struct slice dialect_word(const struct dialect *dialect, const char *group, struct slice key) {
    uint32_t count;
    const struct word_record *words = dialect_words(dialect, &count);
    struct slice wanted = slice_of(group);
    for (uint32_t i = 0; i < count; i++) {
        if (!slice_equal(dialect_string(dialect, words[i].key), key) ||
            !slice_equal(dialect_string(dialect, words[i].group), wanted))
            continue;
        struct slice value = dialect_string(dialect, words[i].value);
        return slice_is_none(value) ? SLICE("") : value;
    }
    return SLICE_NONE;
}

bool dialect_has_words(const struct dialect *dialect, const char *group) {
    uint32_t count;
    const struct word_record *words = dialect_words(dialect, &count);
    for (uint32_t i = 0; i < count; i++)
        if (slice_is(dialect_string(dialect, words[i].group), group))
            return true;
    return false;
}

struct slice dialect_property(const struct dialect *dialect, const char *key) {
    return dialect_word(dialect, "property", slice_of(key));
}

/* Last part of a path, without a trailing version: "/usr/bin/python3.11" -> "python". */
static struct slice program_name(struct slice program) {
    size_t slash = slice_find_last_byte(program, '/');
    if (slash != SLICE_NPOS)
        program = slice_from(program, slash + 1);
    while (program.size &&
           (program.data[program.size - 1] == '.' ||
            (program.data[program.size - 1] >= '0' && program.data[program.size - 1] <= '9')))
        program.size--;
    return program;
}

const struct dialect *dialect_of_program(const struct dialects *dialects, struct slice program) {
    struct slice name = program_name(program);
    for (uint32_t i = 0; i < dialects->count; i++) {
        uint32_t count;
        const struct word_record *words = dialect_words(&dialects->items[i], &count);
        for (uint32_t n = 0; n < count; n++)
            if (slice_is(dialect_string(&dialects->items[i], words[n].group), "program") &&
                slice_equal(dialect_string(&dialects->items[i], words[n].key), name))
                return &dialects->items[i];
    }
    return NULL;
}

/* The path without [..] parts; at most `size` bytes, longer paths are cut. */
static struct slice path_without_brackets(struct slice path, char *buffer, size_t size) {
    size_t length = 0;
    bool inside = false;
    for (size_t i = 0; i < path.size && length < size; i++) {
        if (path.data[i] == '[')
            inside = true;
        else if (path.data[i] == ']')
            inside = false;
        else if (!inside)
            buffer[length++] = path.data[i];
    }
    return slice_make(buffer, length);
}

enum list_form dialect_list_form(const struct dialect *dialect, struct slice type,
                                 struct slice path, struct slice *key) {
    char buffer[512];
    struct slice plain = path_without_brackets(path, buffer, sizeof buffer);
    const struct dialect_record *record = dialect_record(dialect);
    const struct list_record *lists = dialect_records(dialect, IMAGE_LIST_SHAPES, record->lists);
    *key = SLICE_NONE;
    for (uint32_t i = 0; i < record->lists.count; i++) {
        if (lists[i].type && !glob_match(dialect_string(dialect, lists[i].type), type))
            continue;
        if (!glob_match(dialect_string(dialect, lists[i].at), plain))
            continue;
        *key = dialect_string(dialect, lists[i].key);
        return (enum list_form)lists[i].form;
    }
    return (enum list_form)record->list_default;
}
