/*
 * Configurations that include others (dialect property `inherits`): what they get from above. The
 * arguments of the call are those of the included files with their own laid over; the call itself
 * may stand above. What the outputs of a dependency are is not known, only whose they are.
 */
#include "delta/work.h"

#include "base/path.h"
#include "resolve/evaluate.h"

enum {
    INCLUDE_NESTING = 4, /* configurations that read others */
    INCLUDE_FILES = 256, /* that one unit reads */
    INCLUDE_BELOW = 4,   /* levels below a file that are searched for what includes it */
    INCLUDE_DIRECTORIES = 512,
};

/* One file, read on its own. */
struct configuration {
    struct resolve_scope *scope;
    const struct value *inputs; /* NULL: none */
    const struct entity *call;  /* NULL: none */
    const struct entity_list *list;
    struct slice path;
};

static const struct dialect *dialect_of(const struct work *work, uint32_t side) {
    uint32_t count = work->unit->sides[side].files.count;
    const struct dialect *dialect = count ? work->unit->sides[side].files.items[0].dialect : NULL;
    return dialect && dialect->record && dialect_property(dialect, "inherits").size ? dialect
                                                                                    : NULL;
}

static void take_entity(struct configuration *configuration, const struct entity_list *list,
                        const struct entity *entity) {
    if (slice_is(entity->kind, "arguments")) {
        configuration->inputs = value_get(entity->body, SLICE("value"));
    } else if (slice_is(entity->kind, "module")) {
        configuration->call = entity;
        configuration->list = list;
    }
}

static const struct value *configuration_value(void *context, struct resolve_scope *from,
                                               struct slice path);

/* Seen from the directory of whoever reads it. */
static bool read_configuration(struct work *work, const struct resolve_scope *from,
                               struct configuration *configuration) {
    struct reader *reader = work->run->reader;
    const struct dialect *dialect = dialect_of(work, UNIT_AFTER);
    struct resolve_scope *scope = configuration->scope =
        ARENA_NEW(from->arena, struct resolve_scope);
    struct slice bytes;
    uint32_t count;
    if (!dialect)
        dialect = dialect_of(work, UNIT_BEFORE);
    if (!dialect || from->files_open >= INCLUDE_NESTING || !from->tree ||
        from->tree->read(from->tree->self, configuration->path, &bytes) != TREE_PRESENT)
        return false;
    resolve_init(scope, from->arena);
    scope->tree = from->tree;
    scope->directory = scope->root = from->directory;
    scope->included = path_directory(configuration->path);
    scope->configuration = configuration_value;
    scope->configuration_context = work;
    scope->files_open = from->files_open + 1;
    const struct block *blocks = reader_blocks(reader, dialect, bytes, &count);
    for (uint32_t i = 0; i < count; i++) {
        const struct entity_list *list = entity_read(reader, dialect, blocks[i].bytes);
        resolve_add(scope, list, configuration->path);
        for (uint32_t n = 0; n < list->count; n++)
            take_entity(configuration, list, &list->items[n]);
    }
    if (configuration->inputs)
        configuration->inputs = resolve_value(scope, configuration->inputs);
    return true;
}

struct items {
    VEC(struct value_item) list;
};

static const struct value *map_of(struct arena *arena, const struct items *items) {
    struct value *map = ARENA_NEW(arena, struct value);
    *map =
        (struct value){.kind = VALUE_MAP, .items = items->list.items, .count = items->list.count};
    return map;
}

static void add_item(struct arena *arena, struct items *items, struct slice key,
                     const struct value *value) {
    vec_push(arena, &items->list, ((struct value_item){key, {0, 0}, value}));
}

static const struct value *value_of(const struct configuration *configuration) {
    struct arena *arena = configuration->scope->arena;
    struct items locals = {.list = {0}}, all = {.list = {0}};
    struct slice head = SLICE("local.");
    for (uint32_t i = 0; i < configuration->scope->settings.count; i++) {
        struct slice name = configuration->scope->settings.items[i].name;
        const struct value *value =
            slice_starts(name, head) ? resolve_name(configuration->scope, name) : NULL;
        if (value)
            add_item(arena, &locals, slice_from(name, head.size), value);
    }
    add_item(arena, &all, SLICE("locals"), map_of(arena, &locals));
    if (configuration->inputs)
        add_item(arena, &all, SLICE("inputs"), configuration->inputs);
    return map_of(arena, &all);
}

/* Every file once: all that read it for one directory see the same. What reads itself is not known.
 */
static const struct value *configuration_value(void *context, struct resolve_scope *from,
                                               struct slice path) {
    struct work *work = context;
    bool before = from->tree == &work->run->sources.change->before;
    struct slice key = ARENA_CONCAT(from->arena, before ? SLICE("-") : SLICE("+"), path);
    struct configuration configuration = {.path = path};
    uint32_t known = work->configurations.count;
    if (!known)
        map_init(&work->known_configurations, from->arena);
    uint32_t at = map_set_default(&work->known_configurations, key, known);
    if (at < known)
        return work->configurations.items[at];
    vec_push(from->arena, &work->configurations, NULL);
    if (known < INCLUDE_FILES && read_configuration(work, from, &configuration))
        work->configurations.items[at] = value_of(&configuration);
    return work->configurations.items[at];
}

/* ---- what a unit includes */

struct including {
    struct work *work;
    uint32_t side;
    const struct value *inputs;  /* of everything included so far */
    bool deep;                   /* maps in maps are merged too */
    struct configuration caller; /* that has a call */
    struct items names;          /* label -> what it exposes */
};

static const struct value *merge(struct arena *arena, const struct value *below,
                                 const struct value *above, bool deep) {
    struct items merged = {.list = {0}};
    if (!below || !above || below->kind != VALUE_MAP || above->kind != VALUE_MAP)
        return above ? above : below;
    for (uint32_t i = 0; i < below->count; i++) {
        const struct value *over = value_get(above, below->items[i].key);
        const struct value *value = below->items[i].value;
        bool both = over && deep && over->kind == VALUE_MAP && value->kind == VALUE_MAP;
        add_item(arena, &merged, below->items[i].key,
                 both   ? merge(arena, value, over, deep)
                 : over ? over
                        : value);
    }
    for (uint32_t i = 0; i < above->count; i++)
        if (!value_get(below, above->items[i].key))
            vec_push(arena, &merged.list, above->items[i]);
    return map_of(arena, &merged);
}

static void include_one(struct including *including, struct slice label, const struct value *body) {
    struct resolve_scope *scope = &including->work->scopes[including->side];
    const struct value *path = value_get(body, SLICE("path"));
    struct slice strategy = value_literal(value_get(body, SLICE("merge_strategy")));
    struct slice text = path ? value_literal(resolve_value(scope, path)) : SLICE_NONE;
    struct configuration configuration = {
        .path = slice_is_none(text) ? SLICE_NONE : resolve_path(scope, scope->directory, text)};
    if (slice_is_none(configuration.path) ||
        !read_configuration(including->work, scope, &configuration))
        return;
    const struct value *exposed = value_of(&configuration);
    if (label.size)
        add_item(scope->arena, &including->names, label, exposed);
    for (uint32_t i = 0; !label.size && i < exposed->count; i++)
        vec_push(scope->arena, &including->names.list, exposed->items[i]);
    if (slice_is(strategy, "no_merge"))
        return;
    including->inputs = merge(scope->arena, including->inputs, configuration.inputs,
                              slice_starts(strategy, SLICE("deep")));
    including->deep |= slice_starts(strategy, SLICE("deep"));
    if (configuration.call)
        including->caller = configuration;
}

/* include "x" { path } and include { path } */
static void include_body(struct including *including, const struct value *body) {
    if (value_get(body, SLICE("path"))) {
        include_one(including, SLICE(""), body);
        return;
    }
    for (uint32_t i = 0; i < body->count; i++)
        if (body->items[i].value->kind == VALUE_MAP)
            include_one(including, body->items[i].key, body->items[i].value);
}

static void add_dependency(struct including *including, struct items *dependencies,
                           const struct entity *entity) {
    struct resolve_scope *scope = &including->work->scopes[including->side];
    const struct value *path = value_get(entity->body, SLICE("config_path"));
    struct slice text = path ? value_literal(resolve_value(scope, path)) : SLICE_NONE;
    struct slice name = slice_from(entity->name, strlen("dependency."));
    struct value *outputs = ARENA_NEW(scope->arena, struct value);
    struct items parts = {.list = {0}};
    if (slice_is_none(text))
        return;
    *outputs = (struct value){.kind = VALUE_REFERENCE};
    outputs->text = ARENA_CONCAT(scope->arena, SLICE("dependency[\""), text, SLICE("\"].outputs"));
    add_item(scope->arena, &parts, SLICE("outputs"), outputs);
    add_item(scope->arena, dependencies, name, map_of(scope->arena, &parts));
}

static void bind(struct resolve_scope *scope, const char *name, const struct items *items) {
    if (!items->list.count)
        return;
    struct binding *binding = ARENA_NEW(scope->arena, struct binding);
    *binding = (struct binding){slice_of(name), map_of(scope->arena, items), scope->bound};
    scope->bound = binding;
}

void configuration_bind(struct work *work, uint32_t side) {
    struct resolve_scope *scope = &work->scopes[side];
    struct items dependencies = {.list = {0}};
    struct including *including;
    if (!dialect_of(work, side))
        return;
    including = work->including[side] = ARENA_NEW(scope->arena, struct including);
    *including = (struct including){.work = work, .side = side};
    scope->configuration = configuration_value;
    scope->configuration_context = work;
    for (uint32_t i = 0; i < work->cut[side].blocks.count; i++) {
        struct cut_block *block = &work->cut[side].blocks.items[i];
        work_read(work, side, block);
        for (uint32_t n = 0; n < block->list->count; n++) {
            const struct entity *entity = &block->list->items[n];
            if (slice_is(entity->kind, "include"))
                include_body(including, entity->body);
            else if (slice_is(entity->kind, "dependency"))
                add_dependency(including, &dependencies, entity);
        }
    }
    bind(scope, "include", &including->names);
    bind(scope, "dependency", &dependencies);
}

const struct value *configuration_arguments(struct work *work, uint32_t side,
                                            const struct value *own) {
    const struct including *including = work->including[side];
    if (!including)
        return own;
    return merge(work->run->arena, including->inputs, own, including->deep);
}

const struct placed *configuration_call(struct work *work, uint32_t side) {
    const struct including *including = work->including[side];
    struct arena *arena = work->run->arena;
    if (!including || !including->caller.call)
        return NULL;
    const struct configuration *caller = &including->caller;
    struct placed *placed = ARENA_NEW(arena, struct placed);
    const struct unit_file *file = &work->unit->sides[side].files.items[0];
    *placed = (struct placed){.entity = caller->call,
                              .list = caller->list,
                              .path = file->path,
                              .name = caller->call->name,
                              .file = file->bytes,
                              .unit = work->unit->name,
                              .module = work->prefix,
                              .path_class = file->path_class,
                              .environment = file->environment};
    placed->body = resolve_value(caller->scope, caller->call->body);
    return placed;
}

/* ---- who includes a file that changed */

struct search {
    struct run *run;
    const struct units *units;
    struct map seen;
    uint32_t directories;
};

static bool includes(const struct run *run, struct slice path) {
    const struct dialect *dialect = reader_path(run->reader, path)->dialect;
    return dialect && dialect->record && dialect_property(dialect, "inherits").size;
}

static void compare_unit(struct search *search, struct slice directory) {
    struct work *work = work_open(search->run, directory);
    work_cut(work);
    work_read_settings(work);
    module_compare_arguments(work);
}

static bool is_unit(const struct search *search, struct slice directory) {
    for (uint32_t i = 0; i < search->units->list.count; i++)
        if (search->units->list.items[i].kind == UNIT_DIRECTORY &&
            slice_equal(search->units->list.items[i].name, directory))
            return true;
    return false;
}

static void search_below(struct search *search, struct slice directory, uint32_t levels) {
    const struct tree *tree = &search->run->sources.change->after;
    struct slice *names = NULL;
    uint32_t count = 0;
    bool seen = map_get(&search->seen, directory) != MAP_ABSENT, any = false;
    if (search->directories >= INCLUDE_DIRECTORIES)
        return;
    map_set(&search->seen, directory, 1);
    search->directories++;
    tree->list(tree->self, directory, &names, &count);
    for (uint32_t i = 0; i < count; i++)
        any |= includes(search->run, path_join(search->run->arena, directory, names[i]));
    if (any && !seen && !is_unit(search, directory))
        compare_unit(search, directory);
    if (!levels || !tree->folders)
        return;
    tree->folders(tree->self, directory, &names, &count);
    for (uint32_t i = 0; i < count; i++)
        search_below(search, path_join(search->run->arena, directory, names[i]), levels - 1);
}

/* A file beside or above which something of the kind stands; asked by its name first. */
static bool may_be_included(const struct run *run, const struct pair *pair) {
    return slice_ends(pair->path, SLICE(".hcl")) && pair->after.state == CONTENT_TEXT &&
           pair->before.state == CONTENT_TEXT &&
           (includes(run, pair->path) || slice_contains(pair->after.bytes, SLICE("locals")) ||
            slice_contains(pair->after.bytes, SLICE("inputs")));
}

static void tell_limit(struct run *run, const struct pair *pair) {
    struct opaque_note note = {
        .path = pair->path,
        .type = reader_path(run->reader, pair->path)->dialect->name,
        .reason = SLICE("more folders stand below than are searched for what includes it"),
        .unit = path_directory(pair->path)};
    vec_push(run->arena, &run->notes, note);
}

void configuration_compare(struct run *run, const struct units *units) {
    const struct change *change = run->sources.change;
    struct search search = {.run = run, .units = units};
    map_init(&search.seen, run->arena);
    for (uint32_t i = 0; i < change->pairs.count; i++) {
        const struct pair *pair = &change->pairs.items[i];
        if (!may_be_included(run, pair))
            continue;
        search_below(&search, path_directory(pair->path), INCLUDE_BELOW);
        if (search.directories >= INCLUDE_DIRECTORIES && includes(run, pair->path)) {
            tell_limit(run, pair);
            return;
        }
    }
}
