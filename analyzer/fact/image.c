#include "fact/image.h"

#include <assert.h>

#define IMAGE_MAGIC 0x316d6265u /* "ebm1" */

struct image_header {
    uint32_t magic, sections;
    uint64_t size;
};

struct image_section_entry {
    uint32_t tag, record_size, count, reserved;
    uint64_t offset;
};

void image_writer_init(struct image_writer *writer, struct arena *arena) {
    memset(writer, 0, sizeof *writer);
    writer->arena = arena;
    map_init(&writer->strings, arena);
    map_init(&writer->predicates, arena);
    static const char reserved[8] = {0};
    for (size_t i = 0; i < sizeof reserved; i++)
        vec_push(arena, &writer->blob, reserved[i]);
}

#define IMAGE_APPEND(writer, vec, from, size)                                                      \
    do {                                                                                           \
        vec_reserve((writer)->arena, (vec), (vec)->count + (uint32_t)(size));                      \
        if (size)                                                                                  \
            memcpy((vec)->items + (vec)->count, (from), (size));                                   \
        (vec)->count += (uint32_t)(size);                                                          \
    } while (0)

string_ref image_add_string(struct image_writer *writer, struct slice text) {
    if (slice_is_none(text))
        return 0;
    uint32_t known = map_get(&writer->strings, text);
    if (known != MAP_ABSENT)
        return known;
    string_ref ref = writer->blob.count;
    uint32_t size = (uint32_t)text.size;
    IMAGE_APPEND(writer, &writer->blob, &size, sizeof size);
    IMAGE_APPEND(writer, &writer->blob, text.data, text.size);
    static const char padding[4] = {0};
    size_t pad = 4 - text.size % 4; /* at least one NUL behind every string */
    IMAGE_APPEND(writer, &writer->blob, padding, pad);
    map_set(&writer->strings, arena_copy(writer->arena, text), ref);
    return ref;
}

uint32_t image_add_record(struct image_writer *writer, enum image_tag tag, const void *record,
                          size_t size) {
    assert(tag > IMAGE_STRINGS && tag < IMAGE_TAG_COUNT && size % 4 == 0);
    assert(!writer->sections[tag].record_size || writer->sections[tag].record_size == size);
    writer->sections[tag].record_size = (uint32_t)size;
    IMAGE_APPEND(writer, &writer->sections[tag].bytes, record, size);
    return writer->sections[tag].count++;
}

uint32_t image_count(const struct image_writer *writer, enum image_tag tag) {
    return writer->sections[tag].count;
}

void *image_record(struct image_writer *writer, enum image_tag tag, uint32_t index) {
    assert(index < writer->sections[tag].count);
    return writer->sections[tag].bytes.items + (size_t)index * writer->sections[tag].record_size;
}

struct image image_finish(struct image_writer *writer) {
    struct image_section_entry table[IMAGE_TAG_COUNT] = {0};
    uint64_t offset = sizeof(struct image_header) + sizeof table;
    for (uint32_t tag = IMAGE_STRINGS; tag < IMAGE_TAG_COUNT; tag++) {
        bool strings = tag == IMAGE_STRINGS;
        uint32_t size = strings ? writer->blob.count : writer->sections[tag].bytes.count;
        table[tag] =
            (struct image_section_entry){tag, strings ? 1 : writer->sections[tag].record_size,
                                         strings ? size : writer->sections[tag].count, 0, offset};
        offset += (size + 7u) & ~7u;
    }
    unsigned char *bytes = arena_alloc(writer->arena, offset);
    struct image_header header = {IMAGE_MAGIC, IMAGE_TAG_COUNT, offset};
    memcpy(bytes, &header, sizeof header);
    memcpy(bytes + sizeof header, table, sizeof table);
    for (uint32_t tag = IMAGE_STRINGS; tag < IMAGE_TAG_COUNT; tag++) {
        bool strings = tag == IMAGE_STRINGS;
        size_t size = strings ? writer->blob.count : writer->sections[tag].bytes.count;
        const char *from = strings ? writer->blob.items : writer->sections[tag].bytes.items;
        if (size)
            memcpy(bytes + table[tag].offset, from, size);
    }
    return (struct image){bytes, offset};
}

static const struct image_section_entry *image_entry(const struct image *image, uint32_t tag) {
    return (const struct image_section_entry *)(const void *)(image->bytes +
                                                              sizeof(struct image_header)) +
           tag;
}

bool image_open(struct image *image, const void *bytes, size_t size) {
    const struct image_header *header = bytes;
    size_t fixed = sizeof *header + IMAGE_TAG_COUNT * sizeof(struct image_section_entry);
    if (size < fixed || header->magic != IMAGE_MAGIC || header->sections != IMAGE_TAG_COUNT ||
        header->size != size)
        return false;
    *image = (struct image){bytes, size};
    for (uint32_t tag = IMAGE_STRINGS; tag < IMAGE_TAG_COUNT; tag++) {
        const struct image_section_entry *entry = image_entry(image, tag);
        if (entry->offset > size ||
            (uint64_t)entry->count * entry->record_size > size - entry->offset)
            return false;
    }
    return true;
}

struct slice image_string(const struct image *image, string_ref ref) {
    if (!ref)
        return SLICE_NONE;
    const unsigned char *at = image->bytes + image_entry(image, IMAGE_STRINGS)->offset + ref;
    uint32_t size;
    memcpy(&size, at, sizeof size);
    return slice_make((const char *)at + sizeof size, size);
}

const void *image_section(const struct image *image, enum image_tag tag, uint32_t *count) {
    const struct image_section_entry *entry = image_entry(image, tag);
    *count = entry->count;
    return entry->count ? image->bytes + entry->offset : NULL;
}
