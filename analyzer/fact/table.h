/*
 * table: rows of knowledge (rules/facts, one .tsv or .txt a table), keyed and sorted, looked up
 * by binary search in the image. A lookup is case-sensitive.
 *
 * Every table is described in rules/facts/tables.yaml: file, columns, which columns are the key
 * (the key columns come first). Attribute paths are brought to the one path form (fact/path.h) when
 * the table is compiled. All rows of a type: table_each with the type alone, then path_relate on
 * each row's path against the path that changed, as paths of facts leave out list positions.
 * Cost of a lookup: three or four pages of the image, then logarithmic in the rows of the first
 * key.
 */
#ifndef BERM_FACT_TABLE_H
#define BERM_FACT_TABLE_H

#include "fact/image.h"
#include "fact/predicate.h"

struct table; /* a table of one image */

struct row {
    const struct image *image;
    const struct table *table;
    uint32_t index;
};

/* Rows of all images whose key columns begin with the given texts; visits in image order, then
 * row order, until `visit` returns false. Unknown table: no rows. */
typedef bool row_visitor(const struct row *row, void *context);
void table_each(const struct knowledge *knowledge, struct slice table, const struct slice *key,
                uint32_t key_count, row_visitor *visit, void *context);
/* True if at least one row has this key. */
bool table_has(const struct knowledge *knowledge, struct slice table, const struct slice *key,
               uint32_t key_count);
bool table_exists(const struct knowledge *knowledge, struct slice table);
/* Cell by column name; SLICE_NONE if the table has no such column. Not for predicate columns. */
struct slice row_cell(const struct row *row, const char *column);
/* The condition in a predicate column, of row->image; 0 = none, the fact is unconditional. */
predicate_ref row_predicate(const struct row *row, const char *column);
/* Names of the key columns, in order; 0 if there is no such table. */
uint32_t table_key_columns(const struct knowledge *knowledge, struct slice table,
                           struct slice *columns, uint32_t capacity);

/* What tables.yaml says of a table. `asked`: by a predicate of any image, or `used_by: reader`. */
struct table_entry {
    struct slice name, file;
    uint32_t line;
    bool asked;
};

/* The table number `index` of an image; false beyond the last. Cost: linear in the predicates. */
bool table_describe(const struct knowledge *knowledge, uint32_t image, uint32_t index,
                    struct table_entry *entry);

#endif
