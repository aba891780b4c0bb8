/*
 * table_record: how tables lie in the image. Private to fact/ (table.c reads, compile.c writes).
 *
 * Rows of a table are consecutive and sorted by their key cells, then by the rest. The groups of
 * rows that share the first key cell are indexed by its hash, so that finding a group touches one
 * or two pages of the index (interpolation: hashes are evenly spread), one of cells and one of
 * strings; inside a group the further key cells are found by binary search.
 */
#ifndef BERM_FACT_TABLE_RECORD_H
#define BERM_FACT_TABLE_RECORD_H

#include "fact/image.h"

/* IMAGE_TABLES */
struct table {
    string_ref name;
    uint32_t column_count, key_count;
    uint32_t names; /* index of the first column name in IMAGE_TABLE_CELLS */
    uint32_t cells; /* index of the first cell of row 0 */
    uint32_t row_count;
    uint32_t first_group, group_count; /* in IMAGE_TABLE_ROWS */
    string_ref file;                   /* that describes it */
    uint32_t line;
    uint32_t for_reader; /* 1: asked by a reader, which is C */
};

/* IMAGE_TABLE_ROWS, sorted by hash, then by first row, within a table. */
struct table_group {
    uint64_t hash; /* hash_bytes of the first key cell */
    uint32_t first_row, row_count;
};

/* IMAGE_TABLE_CELLS: u32, a string_ref, or a predicate_ref in predicate columns. */

#endif
