#include "fact/compile.h"

#include "base/directory.h"
#include "base/file.h"
#include "base/glob.h"
#include "base/hash.h"
#include "base/strbuf.h"
#include "fact/path.h"
#include "fact/predicate.h"
#include "fact/table_record.h"

#include <stdlib.h>

enum { COLUMNS_MAX = 16 };

struct source_row {
    struct slice cells[COLUMNS_MAX];
    const char *file;
    uint32_t line;
};

/* A table being gathered: entries of tables.yaml with the same name add to one. */
struct draft {
    struct slice name;
    struct slice columns[COLUMNS_MAX];
    uint32_t column_count, key_count;
    bool is_path[COLUMNS_MAX], is_predicate[COLUMNS_MAX];
    uint32_t line;
    bool for_reader;
    VEC(struct source_row) rows;
};

struct compiler {
    struct image_writer *writer;
    struct arena *arena;
    const char *directory, *where; /* .../facts and .../facts/tables.yaml */
    struct slice *files;
    uint32_t file_count;
    VEC(struct draft) drafts;
};

static _Noreturn void fail_at(const struct compiler *compiler, uint32_t line, uint32_t column,
                              const char *what, struct slice about) {
    failure_raise(compiler->arena->failure, BERM_ERROR_RULE,
                  (struct place){compiler->where, line, column}, "%s '%.*s'", what,
                  SLICE_ARGS(about));
}

static _Noreturn void fail_node(const struct compiler *compiler, const struct yaml_node *node,
                                const char *what, struct slice about) {
    fail_at(compiler, node->line, node->column, what, about);
}

static struct slice text_of(const struct compiler *compiler, const struct yaml_node *entry,
                            const char *key, bool required) {
    const struct yaml_node *node = yaml_get(entry, key);
    if (node && node->kind == YAML_SCALAR && node->text.size)
        return node->text;
    if (node || required)
        fail_node(compiler, node ? node : entry, "a text is needed for", slice_of(key));
    return SLICE_NONE;
}

static uint32_t column_index(const struct draft *draft, struct slice name) {
    uint32_t i = 0;
    while (i < draft->column_count && !slice_equal(draft->columns[i], name))
        i++;
    return i;
}

static void add_column(const struct compiler *compiler, struct draft *draft,
                       const struct yaml_node *node, struct slice name) {
    if (draft->column_count == COLUMNS_MAX || !name.size ||
        column_index(draft, name) < draft->column_count)
        fail_node(compiler, node, "too many columns, or a second", name);
    draft->columns[draft->column_count++] = name;
}

static const struct yaml_node *list_of(const struct compiler *compiler,
                                       const struct yaml_node *entry, const char *key) {
    const struct yaml_node *node = yaml_get(entry, key);
    if (node && node->kind != YAML_LIST)
        fail_node(compiler, node, "a list is needed for", slice_of(key));
    return node;
}

static void mark_columns(const struct compiler *compiler, const struct draft *draft,
                         const struct yaml_node *entry, const char *key, bool *marks) {
    const struct yaml_node *list = list_of(compiler, entry, key);
    for (uint32_t i = 0; list && i < list->count; i++) {
        uint32_t column = column_index(draft, list->entries[i].value->text);
        if (column == draft->column_count)
            fail_node(compiler, list->entries[i].value, "no such column",
                      list->entries[i].value->text);
        marks[column] = true;
    }
}

/* The key columns have to be the first ones, so that rows sort by their cells from the left. */
static void read_key(const struct compiler *compiler, struct draft *draft,
                     const struct yaml_node *entry) {
    const struct yaml_node *key = list_of(compiler, entry, "key");
    if (!key || !key->count || key->count > draft->column_count)
        fail_node(compiler, entry, "a list of columns is needed for", SLICE("key"));
    for (uint32_t i = 0; i < key->count; i++)
        if (!slice_equal(key->entries[i].value->text, draft->columns[i]))
            fail_node(compiler, key->entries[i].value, "the key must be the first columns, not",
                      key->entries[i].value->text);
    draft->key_count = key->count;
}

static void check_keys(const struct compiler *compiler, const struct yaml_node *entry) {
    static const char *const known[] = {"name",  "file",       "name_column", "columns", "key",
                                        "paths", "predicates", "only",        "used_by"};
    for (uint32_t i = 0; i < entry->count; i++) {
        bool ok = false;
        for (size_t k = 0; k < sizeof known / sizeof *known; k++)
            ok = ok || slice_is(entry->entries[i].key, known[k]);
        if (!ok)
            fail_at(compiler, entry->entries[i].line, entry->entries[i].column, "unknown key",
                    entry->entries[i].key);
    }
}

static struct draft read_shape(const struct compiler *compiler, const struct yaml_node *entry) {
    struct draft draft = {.name = text_of(compiler, entry, "name", true)};
    const struct yaml_node *columns = list_of(compiler, entry, "columns");
    for (uint32_t i = 0; columns && i < columns->count; i++)
        add_column(compiler, &draft, columns->entries[i].value, columns->entries[i].value->text);
    struct slice name_column = text_of(compiler, entry, "name_column", false);
    if (!slice_is_none(name_column))
        add_column(compiler, &draft, entry, name_column);
    read_key(compiler, &draft, entry);
    mark_columns(compiler, &draft, entry, "paths", draft.is_path);
    mark_columns(compiler, &draft, entry, "predicates", draft.is_predicate);
    struct slice user = text_of(compiler, entry, "used_by", false);
    draft.for_reader = !slice_is_none(user);
    draft.line = entry->line;
    if (draft.for_reader && !slice_is(user, "reader"))
        fail_node(compiler, yaml_get(entry, "used_by"), "the only word here is reader, not", user);
    return draft;
}

static bool same_shape(const struct draft *a, const struct draft *b) {
    bool same = a->column_count == b->column_count && a->key_count == b->key_count &&
                !memcmp(a->is_path, b->is_path, sizeof a->is_path) &&
                !memcmp(a->is_predicate, b->is_predicate, sizeof a->is_predicate);
    for (uint32_t i = 0; same && i < a->column_count; i++)
        same = slice_equal(a->columns[i], b->columns[i]);
    return same;
}

static struct draft *draft_for(struct compiler *compiler, const struct yaml_node *entry) {
    struct draft draft = read_shape(compiler, entry);
    for (uint32_t i = 0; i < compiler->drafts.count; i++) {
        struct draft *known = &compiler->drafts.items[i];
        if (!slice_equal(known->name, draft.name))
            continue;
        if (!same_shape(known, &draft))
            fail_node(compiler, entry, "other columns than before for table", draft.name);
        known->for_reader |= draft.for_reader;
        return known;
    }
    vec_push(compiler->arena, &compiler->drafts, draft);
    return &compiler->drafts.items[compiler->drafts.count - 1];
}

/* metadata.annotations["helm.sh/x"] becomes metadata.annotations."helm.sh/x". */
static struct slice convert_path(const struct compiler *compiler, const struct source_row *row,
                                 struct slice path) {
    struct strbuf out;
    strbuf_init(&out, compiler->arena);
    for (size_t i = 0; i < path.size; i++)
        if (slice_starts(slice_from(path, i), SLICE("[\"")))
            strbuf_add_byte(&out, '.');
        else if (!(path.data[i] == ']' && i && path.data[i - 1] == '"'))
            strbuf_add_byte(&out, path.data[i]);
    if (!path_is_valid(strbuf_slice(&out)))
        failure_raise(compiler->arena->failure, BERM_ERROR_RULE,
                      (struct place){row->file, row->line, 1}, "'%.*s' is no attribute path",
                      SLICE_ARGS(path));
    return strbuf_slice(&out);
}

static bool row_is_wanted(const struct draft *draft, const struct source_row *row,
                          const struct yaml_node *only) {
    for (uint32_t i = 0; only && i < only->count; i++) {
        uint32_t column = column_index(draft, only->entries[i].key);
        const struct yaml_node *texts = only->entries[i].value;
        bool hit = false;
        for (uint32_t k = 0; column < draft->column_count && k < texts->count; k++)
            hit = hit || slice_equal(row->cells[column], texts->entries[k].value->text);
        if (!hit)
            return false;
    }
    return true;
}

static void read_line(struct compiler *compiler, struct draft *draft, struct source_row row,
                      struct slice line, struct slice name) {
    uint32_t given = draft->column_count - !slice_is_none(name), column = 0;
    struct slice part;
    for (; slice_split(&line, '\t', &part); column++)
        if (column < given)
            row.cells[column] = part;
    for (; column < given && draft->is_predicate[column]; column++)
        row.cells[column] = SLICE(""); /* conditions at the end may be left out */
    if (column != given)
        failure_raise(compiler->arena->failure, BERM_ERROR_RULE,
                      (struct place){row.file, row.line, 1}, "a row of '%.*s' has %u columns",
                      SLICE_ARGS(draft->name), given);
    if (!slice_is_none(name))
        row.cells[given] = name;
    for (column = 0; column < given; column++)
        if (draft->is_path[column])
            row.cells[column] = convert_path(compiler, &row, row.cells[column]);
    vec_push(compiler->arena, &draft->rows, row);
}

static void read_file(struct compiler *compiler, struct draft *draft, struct slice file,
                      struct slice name, const struct yaml_node *only) {
    struct slice content, line;
    struct source_row row = {
        .file =
            arena_format(compiler->arena, "%s/%.*s", compiler->directory, SLICE_ARGS(file)).data};
    if (!file_read(compiler->arena, row.file, &content))
        return;
    while (slice_split(&content, '\n', &line)) {
        row.line++;
        if (!line.size || line.data[0] == '#')
            continue;
        read_line(compiler, draft, row, line, name);
        if (!row_is_wanted(draft, &draft->rows.items[draft->rows.count - 1], only))
            draft->rows.count--;
    }
}

/* The text that the pattern's only `*` stands for. */
static struct slice star_text(struct slice pattern, struct slice file) {
    size_t star = slice_find_byte(pattern, '*');
    return star == SLICE_NPOS ? file : slice_sub(file, star, file.size - (pattern.size - star - 1));
}

static void read_entry(struct compiler *compiler, const struct yaml_node *entry) {
    if (entry->kind != YAML_MAP)
        fail_node(compiler, entry, "a table is a map, not", entry->text);
    check_keys(compiler, entry);
    struct draft *draft = draft_for(compiler, entry);
    struct slice pattern = text_of(compiler, entry, "file", true);
    bool named = yaml_get(entry, "name_column") != NULL, found = false;
    for (uint32_t i = 0; i < compiler->file_count; i++) {
        if (!glob_match(pattern, compiler->files[i]))
            continue;
        found = true;
        read_file(compiler, draft, compiler->files[i],
                  named ? star_text(pattern, compiler->files[i]) : SLICE_NONE,
                  yaml_get(entry, "only"));
    }
    if (!found)
        fail_node(compiler, yaml_get(entry, "file"), "no file matches", pattern);
}

static int compare_rows(const void *a, const void *b) {
    const struct source_row *x = a, *y = b;
    for (uint32_t i = 0; i < COLUMNS_MAX; i++) {
        int order = slice_compare(x->cells[i], y->cells[i]);
        if (order)
            return order;
    }
    return 0;
}

static uint32_t write_cell(const struct compiler *compiler, const struct draft *draft,
                           const struct source_row *row, uint32_t column) {
    if (!draft->is_predicate[column])
        return image_add_string(compiler->writer, row->cells[column]);
    if (!row->cells[column].size)
        return 0;
    struct predicate_compiler predicates = {
        compiler->writer, compiler->arena,
        arena_format(compiler->arena, "%s:%u", row->file, row->line).data};
    return predicate_compile(&predicates, yaml_parse(compiler->arena, row->cells[column],
                                                     predicates.where, BERM_ERROR_RULE));
}

static void write_rows(const struct compiler *compiler, struct draft *draft, struct table *table) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < draft->rows.count; i++)
        if (!i || compare_rows(&draft->rows.items[i], &draft->rows.items[kept - 1]))
            draft->rows.items[kept++] = draft->rows.items[i];
    table->cells = image_count(compiler->writer, IMAGE_TABLE_CELLS);
    table->row_count = kept;
    for (uint32_t i = 0; i < kept; i++)
        for (uint32_t column = 0; column < draft->column_count; column++) {
            uint32_t cell = write_cell(compiler, draft, &draft->rows.items[i], column);
            image_add_record(compiler->writer, IMAGE_TABLE_CELLS, &cell, sizeof cell);
        }
}

static int compare_groups(const void *a, const void *b) {
    const struct table_group *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->first_row > y->first_row) - (x->first_row < y->first_row);
}

static void write_groups(const struct compiler *compiler, const struct draft *draft,
                         struct table *table) {
    VEC(struct table_group) groups = {0};
    for (uint32_t i = 0; i < table->row_count; i++) {
        struct slice key = draft->rows.items[i].cells[0];
        if (!i || !slice_equal(key, draft->rows.items[i - 1].cells[0]))
            vec_push(compiler->arena, &groups, ((struct table_group){hash_bytes(key), i, 0}));
        groups.items[groups.count - 1].row_count++;
    }
    if (groups.count)
        qsort(groups.items, groups.count, sizeof *groups.items, compare_groups);
    table->first_group = image_count(compiler->writer, IMAGE_TABLE_ROWS);
    table->group_count = groups.count;
    for (uint32_t i = 0; i < groups.count; i++)
        image_add_record(compiler->writer, IMAGE_TABLE_ROWS, &groups.items[i],
                         sizeof groups.items[i]);
}

static void write_table(const struct compiler *compiler, struct draft *draft) {
    struct table table = {.name = image_add_string(compiler->writer, draft->name),
                          .column_count = draft->column_count,
                          .key_count = draft->key_count,
                          .names = image_count(compiler->writer, IMAGE_TABLE_CELLS),
                          .file = image_add_string(compiler->writer, slice_of(compiler->where)),
                          .line = draft->line,
                          .for_reader = draft->for_reader};
    for (uint32_t i = 0; i < draft->column_count; i++) {
        string_ref name = image_add_string(compiler->writer, draft->columns[i]);
        image_add_record(compiler->writer, IMAGE_TABLE_CELLS, &name, sizeof name);
    }
    if (draft->rows.count)
        qsort(draft->rows.items, draft->rows.count, sizeof *draft->rows.items, compare_rows);
    write_rows(compiler, draft, &table);
    write_groups(compiler, draft, &table);
    image_add_record(compiler->writer, IMAGE_TABLES, &table, sizeof table);
}

void tables_compile(struct image_writer *writer, struct arena *arena, const char *rules) {
    struct compiler compiler = {.writer = writer, .arena = arena};
    compiler.directory = arena_format(arena, "%s/facts", rules).data;
    compiler.where = arena_format(arena, "%s/tables.yaml", compiler.directory).data;
    struct slice content;
    if (!file_read(arena, compiler.where, &content))
        return;
    directory_files(arena, compiler.directory, &compiler.files, &compiler.file_count);
    const struct yaml_node *root = yaml_parse(arena, content, compiler.where, BERM_ERROR_RULE);
    const struct yaml_node *tables = list_of(&compiler, root, "tables");
    if (root->count != (tables != NULL))
        fail_node(&compiler, root, "the only key of this file is", SLICE("tables"));
    for (uint32_t i = 0; tables && i < tables->count; i++)
        read_entry(&compiler, tables->entries[i].value);
    for (uint32_t i = 0; i < compiler.drafts.count; i++)
        write_table(&compiler, &compiler.drafts.items[i]);
}
