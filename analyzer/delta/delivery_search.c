#include "delta/delivery_search.h"

#include "base/glob.h"
#include "base/path.h"
#include "delta/delivery_rows.h"

/* "./apps/prod/" -> "apps/prod"; SLICE_NONE for what leaves the root or is the root itself. */
static struct slice clean_folder(struct arena *arena, struct slice text) {
    struct slice clean = slice_is_none(text) ? SLICE_NONE : path_normalise(arena, text);
    return clean.size ? clean : SLICE_NONE;
}

static bool holds_text(const struct value *value, struct slice text) {
    if (!value)
        return false;
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++)
        if (slice_equal(value_literal(value->items[i].value), text))
            return true;
    return slice_equal(value_literal(value), text);
}

struct row_visit {
    const struct unit_sources *sources;
    const struct entity *entity;
    const struct value *body;
    struct delivery_list *found;
    struct delivery like;
    const struct delivery_rows *rows;
    struct slice made, without;
};

static void add_folder(struct row_visit *visit, struct slice text, struct slice name) {
    struct delivery delivery = visit->like;
    delivery.folder = clean_folder(visit->sources->arena, text);
    delivery.name = name;
    if (!slice_is_none(delivery.folder) && !slice_starts(delivery.folder, SLICE("*")))
        vec_push(visit->sources->arena, &visit->found->list, delivery);
}

static bool add_source(const struct value *value, void *context) {
    struct row_visit *visit = context;
    struct slice text = delivery_text(value);
    if (slice_is_none(text) || !visit->rows->list.count) {
        add_folder(visit, text, SLICE(""));
        return true;
    }
    struct arena *arena = visit->sources->arena;
    for (uint32_t i = 0; i < visit->rows->list.count; i++) {
        const struct delivery_row *row = &visit->rows->list.items[i];
        visit->like.excluded = delivery_is_excluded(row, visit->without);
        add_folder(visit, delivery_fill(arena, text, row), delivery_fill(arena, visit->made, row));
    }
    return true;
}

static bool add_row(const struct row *row, void *context) {
    struct row_visit *visit = context;
    struct arena *arena = visit->sources->arena;
    struct slice deletes = row_cell(row, "deletes"), generators = row_cell(row, "generators");
    const struct value *prune = deletes.size ? value_at(visit->body, deletes) : NULL;
    struct delivery_rows rows = {.limit = DELIVERY_ROWS};
    if (generators.size)
        delivery_rows_read(arena, value_at(visit->body, generators), row_cell(row, "rows"),
                           row_cell(row, "crossed"), &rows);
    struct slice made = row_cell(row, "name");
    visit->rows = &rows;
    visit->without = row_cell(row, "without");
    visit->made = made.size ? delivery_text(value_at(visit->body, made)) : SLICE("");
    visit->like = (struct delivery){
        .by = visit->entity->name,
        .deletes = prune && value_is_true(prune),
        .forces =
            holds_text(value_at(visit->body, row_cell(row, "force")), row_cell(row, "forced")),
    };
    value_each(visit->body, row_cell(row, "source"), add_source, visit);
    return true;
}

void deliveries_of(const struct unit_sources *sources, struct slice table,
                   const struct entity *entity, const struct value *body,
                   struct delivery_list *found) {
    struct row_visit visit = {.sources = sources, .entity = entity, .body = body, .found = found};
    if (entity->type.size && body)
        table_each(sources->knowledge, table, &entity->type, 1, add_row, &visit);
}

static void read_objects(struct deliveries *all, struct slice path, const struct dialect *dialect,
                         struct slice bytes) {
    struct arena *arena = all->sources->arena;
    uint32_t count = 0;
    const struct block *blocks = reader_blocks(all->sources->reader, dialect, bytes, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct entity_list *list =
            entity_read(all->sources->reader, dialect, blocks[i].bytes);
        for (uint32_t k = 0; k < list->count; k++) {
            const struct entity *entity = &list->items[k];
            if (!entity->type.size)
                continue;
            struct delivery_list found = {.list = {0}};
            vec_push(arena, &all->objects, ((struct object){entity, path}));
            deliveries_of(all->sources, all->table, entity, entity->body, &found);
            for (uint32_t n = 0; n < found.list.count; n++)
                vec_push(arena, &all->list, found.list.items[n]);
        }
    }
}

static void read_file(struct deliveries *all, struct slice path) {
    const struct tree *tree = &all->sources->change->before;
    struct slice bytes;
    if (all->files >= DELIVERY_FILES ||
        (!slice_ends(path, SLICE(".yaml")) && !slice_ends(path, SLICE(".yml"))) ||
        tree->read(tree->self, path, &bytes) != TREE_PRESENT)
        return;
    all->files++;
    const struct dialect *dialect = language_detect(all->sources->dialects, path, bytes);
    if (dialect && dialect->record && dialect_property(dialect, "deliveries").size)
        read_objects(all, path, dialect, bytes);
}

static void read_folder(struct deliveries *all, struct slice folder) {
    const struct tree *tree = &all->sources->change->before;
    struct slice *names = NULL;
    uint32_t count = 0;
    tree->list(tree->self, folder, &names, &count);
    for (uint32_t i = 0; i < count; i++)
        read_file(all, path_join(all->sources->arena, folder, names[i]));
}

struct folders {
    VEC(struct slice) list;
};

static void add_folders(struct deliveries *all, struct slice folder, struct folders *few,
                        struct folders *many) {
    const struct tree *tree = &all->sources->change->before;
    struct slice *names = NULL;
    uint32_t count = 0;
    if (tree->folders)
        tree->folders(tree->self, folder, &names, &count);
    struct folders *into = count < DELIVERY_CROWD ? few : many;
    for (uint32_t i = 0; i < count && into->list.count < DELIVERY_FOLDERS; i++) {
        struct slice path = path_join(all->sources->arena, folder, names[i]);
        enum path_class class = reader_path(all->sources->reader, path)->path_class;
        if (!slice_starts(names[i], SLICE(".")) && class != PATH_VENDORED)
            vec_push(all->sources->arena, &into->list, path);
    }
}

/* Breadth first: deliveries mostly stand near the root, and not in one of hundreds of folders. */
static void read_from(struct deliveries *all, struct slice root) {
    struct folders queues[2] = {0};
    vec_push(all->sources->arena, &queues[0].list, root);
    for (uint32_t q = 0; q < 2; q++)
        for (uint32_t at = 0; at < queues[q].list.count && all->files < DELIVERY_FILES; at++) {
            struct slice folder = queues[q].list.items[at];
            read_folder(all, folder);
            add_folders(all, folder, &queues[q], &queues[1]);
        }
}

void deliveries_begin(struct deliveries *all, const struct dialect *dialect) {
    all->table = dialect_property(dialect, "deliveries");
    all->lists = dialect_property(dialect, "lists");
}

void deliveries_read(struct deliveries *all) {
    read_from(all, SLICE(""));
}

void deliveries_read_folder(struct deliveries *all, struct slice folder) {
    for (uint32_t i = 0; i < all->objects.count; i++)
        if (path_is_below(all->objects.items[i].path, folder))
            return;
    all->files = 0;
    read_from(all, folder);
}

/* A file at a time, in the folder and below it. */
static void names_below(struct deliveries *all, const struct tree *tree, struct slice folder,
                        struct bundle *bundle, uint32_t depth) {
    struct slice *names = NULL;
    uint32_t count = 0;
    tree->list(tree->self, folder, &names, &count);
    for (uint32_t i = 0; i < count && bundle->files.count < DELIVERY_FILES; i++)
        if (slice_ends(names[i], SLICE(".yaml")) || slice_ends(names[i], SLICE(".yml")))
            vec_push(all->sources->arena, &bundle->files,
                     path_join(all->sources->arena, folder, names[i]));
    count = 0;
    if (tree->folders && depth)
        tree->folders(tree->self, folder, &names, &count);
    for (uint32_t i = 0; i < count && bundle->files.count < DELIVERY_FILES; i++)
        names_below(all, tree, path_join(all->sources->arena, folder, names[i]), bundle, depth - 1);
}

bool delivery_names(struct deliveries *all, const struct delivery *delivery, bool before,
                    struct bundle_names *names) {
    enum { LEVELS = 6 };
    const struct change *change = all->sources->change;
    const struct tree *tree = before ? &change->before : &change->after;
    struct bundle bundle;
    if (slice_find_byte(delivery->folder, '*') != SLICE_NPOS)
        return false;
    if (!bundle_open(all->sources, before, delivery->folder, all->lists, &bundle))
        names_below(all, tree, delivery->folder, &bundle, LEVELS);
    bundle_declared(all->sources, before, &bundle, names);
    return bundle.files.count && bundle.files.count < DELIVERY_FILES && !bundle.partial;
}

bool delivery_covers(struct slice folder, struct slice path) {
    if (slice_find_byte(folder, '*') == SLICE_NPOS)
        return path_is_below(path, folder);
    for (struct slice at = path; at.size; at = path_directory(at))
        if (glob_match(folder, at))
            return true;
    return false;
}

bool delivery_brings(struct deliveries *all, struct delivery *delivery, struct slice path) {
    if (delivery_covers(delivery->folder, path))
        return true;
    if (!delivery->opened) {
        delivery->opened = true;
        delivery->listed =
            bundle_open(all->sources, true, delivery->folder, all->lists, &delivery->bundle);
    }
    return delivery->listed && bundle_holds(&delivery->bundle, path);
}
