#include "fact/table.h"

#include "base/hash.h"
#include "fact/predicate_record.h"
#include "fact/table_record.h"

static const void *section_at(const struct image *image, enum image_tag tag, size_t size,
                              uint32_t index) {
    uint32_t count;
    const char *items = image_section(image, tag, &count);
    return items ? items + size * index : NULL;
}

static const uint32_t *cells_at(const struct image *image, uint32_t index) {
    return section_at(image, IMAGE_TABLE_CELLS, sizeof(uint32_t), index);
}

static struct slice cell(const struct row *row, uint32_t column) {
    const uint32_t *cells =
        cells_at(row->image, row->table->cells + row->index * row->table->column_count);
    return image_string(row->image, cells[column]);
}

/* A dozen tables: linear. */
static const struct table *table_find(const struct image *image, struct slice name) {
    uint32_t count;
    const struct table *tables = image->bytes ? image_section(image, IMAGE_TABLES, &count) : NULL;
    for (uint32_t i = 0; tables && i < count; i++)
        if (slice_equal(image_string(image, tables[i].name), name))
            return &tables[i];
    return NULL;
}

static uint32_t binary_search(const struct table_group *groups, uint32_t low, uint32_t high,
                              uint64_t hash) {
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (groups[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* First group whose hash is not less. Hashes are evenly spread, so the place is guessed and the
 * range around it doubled: a page or two of the index are touched, whatever its size. */
static uint32_t group_lower_bound(const struct table_group *groups, uint32_t count, uint64_t hash) {
    uint32_t guess = (uint32_t)(((hash >> 32) * count) >> 32), step = 8;
    uint32_t low = guess, high = guess;
    for (; low && groups[low - 1].hash >= hash; step *= 2)
        low -= low < step ? low : step;
    for (step = 8; high < count && groups[high].hash < hash; step *= 2)
        high += count - high < step ? count - high : step;
    return binary_search(groups, low, high, hash);
}

/* Half-open range of rows. */
struct range {
    uint32_t from, to;
};

static struct range find_group(const struct image *image, const struct table *table,
                               struct slice key) {
    const struct table_group *groups =
        section_at(image, IMAGE_TABLE_ROWS, sizeof *groups, table->first_group);
    uint64_t hash = hash_bytes(key);
    uint32_t at = group_lower_bound(groups, table->group_count, hash);
    for (; at < table->group_count && groups[at].hash == hash; at++) {
        struct row first = {image, table, groups[at].first_row};
        if (slice_equal(cell(&first, 0), key))
            return (struct range){first.index, first.index + groups[at].row_count};
    }
    return (struct range){0, 0};
}

/* Narrows a range whose rows agree in the columns before `column`. */
static uint32_t bound(struct row row, struct range range, uint32_t column, struct slice key,
                      bool upper) {
    while (range.from < range.to) {
        row.index = range.from + (range.to - range.from) / 2;
        int order = slice_compare(cell(&row, column), key);
        if (order < 0 || (upper && order == 0))
            range.from = row.index + 1;
        else
            range.to = row.index;
    }
    return range.from;
}

static struct range find_rows(const struct image *image, const struct table *table,
                              const struct slice *key, uint32_t key_count) {
    if (!table->row_count || key_count > table->key_count)
        return (struct range){0, 0};
    if (!key_count)
        return (struct range){0, table->row_count};
    struct range range = find_group(image, table, key[0]);
    struct row row = {image, table, 0};
    for (uint32_t column = 1; column < key_count; column++) {
        uint32_t from = bound(row, range, column, key[column], false);
        range = (struct range){from, bound(row, range, column, key[column], true)};
    }
    return range;
}

void table_each(const struct knowledge *knowledge, struct slice name, const struct slice *key,
                uint32_t key_count, row_visitor *visit, void *context) {
    for (uint32_t i = 0; i < knowledge->count; i++) {
        const struct image *image = &knowledge->images[i];
        const struct table *table = table_find(image, name);
        if (!table)
            continue;
        struct range range = find_rows(image, table, key, key_count);
        for (struct row row = {image, table, range.from}; row.index < range.to; row.index++)
            if (!visit(&row, context))
                return;
    }
}

static bool found_one(const struct row *row, void *context) {
    (void)row;
    *(bool *)context = true;
    return false;
}

bool table_has(const struct knowledge *knowledge, struct slice table, const struct slice *key,
               uint32_t key_count) {
    bool found = false;
    table_each(knowledge, table, key, key_count, found_one, &found);
    return found;
}

bool table_exists(const struct knowledge *knowledge, struct slice table) {
    for (uint32_t i = 0; i < knowledge->count; i++)
        if (table_find(&knowledge->images[i], table))
            return true;
    return false;
}

static uint32_t column_find(const struct image *image, const struct table *table,
                            const char *column) {
    const uint32_t *names = cells_at(image, table->names);
    uint32_t i = 0;
    while (i < table->column_count && !slice_is(image_string(image, names[i]), column))
        i++;
    return i;
}

struct slice row_cell(const struct row *row, const char *column) {
    uint32_t i = column_find(row->image, row->table, column);
    return i < row->table->column_count ? cell(row, i) : SLICE_NONE;
}

predicate_ref row_predicate(const struct row *row, const char *column) {
    uint32_t i = column_find(row->image, row->table, column);
    if (i == row->table->column_count)
        return 0;
    return cells_at(row->image, row->table->cells)[row->index * row->table->column_count + i];
}

uint32_t table_key_columns(const struct knowledge *knowledge, struct slice name,
                           struct slice *columns, uint32_t capacity) {
    for (uint32_t i = 0; i < knowledge->count; i++) {
        const struct image *image = &knowledge->images[i];
        const struct table *table = table_find(image, name);
        if (!table || table->key_count > capacity)
            continue;
        const uint32_t *names = cells_at(image, table->names);
        for (uint32_t column = 0; column < table->key_count; column++)
            columns[column] = image_string(image, names[column]);
        return table->key_count;
    }
    return 0;
}

static bool is_asked(const struct knowledge *knowledge, struct slice name) {
    for (uint32_t i = 0; i < knowledge->count; i++) {
        const struct image *image = &knowledge->images[i];
        uint32_t count = 0;
        const struct predicate_record *records = image_section(image, IMAGE_PREDICATES, &count);
        for (uint32_t n = 0; n < count; n++)
            if ((records[n].op == MATCH_IN || records[n].op == MATCH_WORDS_IN) &&
                slice_equal(image_string(image, records[n].text), name))
                return true;
        const struct table *table = table_find(image, name);
        if (table && table->for_reader)
            return true;
    }
    return false;
}

bool table_describe(const struct knowledge *knowledge, uint32_t image, uint32_t index,
                    struct table_entry *entry) {
    uint32_t count = 0;
    const struct table *tables = image_section(&knowledge->images[image], IMAGE_TABLES, &count);
    if (index >= count)
        return false;
    const struct table *table = &tables[index];
    *entry = (struct table_entry){.name = image_string(&knowledge->images[image], table->name),
                                  .file = image_string(&knowledge->images[image], table->file),
                                  .line = table->line};
    entry->asked = is_asked(knowledge, entry->name);
    return true;
}
