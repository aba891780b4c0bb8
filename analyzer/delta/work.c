#include "delta/work.h"

#include "base/path.h"
#include "delta/override.h"
#include "resolve/range.h"

struct work *work_open(struct run *run, struct slice directory) {
    struct unit *unit = ARENA_NEW(run->arena, struct unit);
    struct work *work = ARENA_NEW(run->arena, struct work);
    *unit = (struct unit){.kind = UNIT_DIRECTORY, .name = directory};
    *work = (struct work){.run = run, .unit = unit, .neighbours = true, .prefix = SLICE("")};
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        unit_load(&run->sources, unit, s, directory);
    return work;
}

const struct unit_file *work_file(const struct work *work, uint32_t side,
                                  const struct cut_block *block) {
    return &work->unit->sides[side].files.items[block->file];
}

void work_read(struct work *work, uint32_t side, struct cut_block *block) {
    if (!block->list)
        block->list = entity_read(work->run->reader, work_file(work, side, block)->dialect,
                                  block->block.bytes);
}

/* Do the changed blocks need what the rest of the directory declares? */
static bool needs_neighbours(const struct work *work) {
    if (work->unit->kind != UNIT_DIRECTORY)
        return false;
    if (work->run->options->no_block_cut)
        return true;
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < work->cut[s].blocks.count; i++) {
            const struct cut_block *block = &work->cut[s].blocks.items[i];
            if (block->wanted &&
                (resolve_is_setting(block->block.bytes) || resolve_uses(block->block.bytes, NULL)))
                return true;
        }
    return false;
}

void work_add_neighbours(struct work *work) {
    struct cutter cutter = {work->run->arena, work->run->reader};
    uint32_t own[UNIT_SIDES];
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        own[s] = work->unit->sides[s].files.count;
    unit_add_neighbours(&work->run->sources, work->unit);
    cut_neighbours(&cutter, work->unit, own, work->cut);
    work->neighbours = true;
}

void work_cut(struct work *work) {
    struct cutter cutter = {work->run->arena, work->run->reader};
    cut_unit(&cutter, work->unit, work->cut);
    if (work->neighbours || work->unit->kind != UNIT_DIRECTORY)
        return;
    work->overlaid = override_is_changed(work->unit);
    if (work->overlaid || needs_neighbours(work))
        work_add_neighbours(work);
}

/* The before side is asked first; twins have the same bytes. */
static bool is_setting(const struct work *work, uint32_t side, struct cut_block *block) {
    if (side == UNIT_AFTER && block->twin != ENTITY_NONE &&
        !work->cut[UNIT_BEFORE].blocks.items[block->twin].wanted)
        return work->cut[UNIT_BEFORE].blocks.items[block->twin].setting;
    block->setting = resolve_is_setting(block->block.bytes);
    return block->setting;
}

/* Of the first dialect in the directory that has any. */
static struct slice namespaces_of(const struct work *work) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < work->unit->sides[s].files.count; i++) {
            const struct dialect *dialect = work->unit->sides[s].files.items[i].dialect;
            struct slice words =
                dialect->record ? dialect_property(dialect, "namespaces") : SLICE_NONE;
            if (words.size)
                return words;
        }
    return SLICE_NONE;
}

void work_read_settings(struct work *work) {
    const struct work *root = work;
    while (root->parent)
        root = root->parent;
    for (uint32_t s = 0; s < UNIT_SIDES; s++) {
        resolve_init(&work->scopes[s], work->run->arena);
        work->scopes[s].renames = &work->scopes[UNIT_AFTER];
        work->scopes[s].prefix = work->prefix;
        work->scopes[s].tree = s == UNIT_BEFORE ? &work->run->sources.change->before
                                                : &work->run->sources.change->after;
        work->scopes[s].directory = work->unit->name;
        work->scopes[s].root = root->unit->name;
        work->scopes[s].namespaces = namespaces_of(work);
        for (uint32_t i = 0; i < work->cut[s].blocks.count; i++) {
            struct cut_block *block = &work->cut[s].blocks.items[i];
            if (!block->wanted && !is_setting(work, s, block))
                continue;
            const struct unit_file *file = work_file(work, s, block);
            if (!slice_is_none(work->chosen) && !slice_equal(file->path, work->chosen) &&
                resolve_is_chosen(file->dialect, file->path))
                continue;
            work_read(work, s, block);
            resolve_add(&work->scopes[s], block->list, file->path);
        }
        configuration_bind(work, s);
        if (work->calls[s])
            resolve_add_arguments(&work->scopes[s], work->calls[s]->body);
    }
}

bool work_is_template(const struct dialect *dialect) {
    return dialect && dialect->record && slice_is(dialect_property(dialect, "names"), "template");
}

/* For many entities of one dialect: looking its properties up costs. */
static void ask(struct work *work, const struct dialect *dialect) {
    if (dialect == work->asked)
        return;
    work->asked = dialect;
    work->asked_is_template = work_is_template(dialect);
    work->asked_is_formula = formula_is_used(dialect);
    work->asked_has_ranges = range_is_used(dialect);
}

void work_read_templates(struct work *work) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++) {
        template_init(&work->templates[s], work->run->arena, &work->templates[!s]);
        for (uint32_t i = 0; i < work->cut[s].blocks.count; i++) {
            struct cut_block *block = &work->cut[s].blocks.items[i];
            if (!block->wanted || !work_is_template(work_file(work, s, block)->dialect))
                continue;
            work_read(work, s, block);
            template_add(&work->templates[s], block->list);
        }
    }
}

void work_read_formulas(struct work *work) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++) {
        formula_init(&work->formulas[s], work->run->arena, &work->formulas[!s]);
        for (uint32_t i = 0; i < work->cut[s].blocks.count; i++) {
            struct cut_block *block = &work->cut[s].blocks.items[i];
            if (!formula_is_used(work_file(work, s, block)->dialect))
                continue;
            work_read(work, s, block);
            formula_add(&work->formulas[s], block->list);
        }
    }
}

/* An unchanged block changes its meaning with the names it uses. */
void work_want_users(struct work *work, const struct map *names) {
    struct cut_side *before = &work->cut[UNIT_BEFORE], *after = &work->cut[UNIT_AFTER];
    for (uint32_t i = 0; names->count && i < after->blocks.count; i++) {
        struct cut_block *block = &after->blocks.items[i];
        if (!block->wanted && resolve_uses(block->block.bytes, names))
            block->wanted = before->blocks.items[block->twin].wanted = true;
    }
}

void work_want_users_of_changed_names(struct work *work) {
    struct map names;
    map_init(&names, work->run->arena);
    resolve_changed_names(&work->scopes[UNIT_BEFORE], &work->scopes[UNIT_AFTER], &names);
    work_want_users(work, &names);
}

static void read_wanted(void *context, uint32_t side, struct cut_block *block) {
    work_read(context, side, block);
}

void work_want_overridden(struct work *work) {
    struct override_search search = {work->run->arena, work->unit, work->cut, read_wanted, work};
    override_want(&search);
}

void work_want_all(struct work *work) {
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        for (uint32_t i = 0; i < work->cut[s].blocks.count; i++)
            work->cut[s].blocks.items[i].wanted = true;
}

static bool is_file_name(const struct unit_file *file, struct slice name) {
    return slice_equal(name, file->path) || slice_equal(name, path_base(file->path));
}

/* The ecosystem's own address where there is one, else the file and the name in it. */
static struct slice full_name(struct work *work, const struct unit_file *file,
                              const struct entity *entity) {
    struct arena *arena = work->run->arena;
    if (match_is_action(entity) || work->unit->kind == UNIT_DIRECTORY)
        return work->prefix.size ? ARENA_CONCAT(arena, work->prefix, entity->name) : entity->name;
    if (work->unit->kind == UNIT_CHANGE)
        return entity->type.size ? ARENA_CONCAT(arena, entity->type, SLICE("/"), entity->name)
                                 : entity->name;
    if (!entity->name.size || is_file_name(file, entity->name))
        return file->path;
    if (slice_is(dialect_property(file->dialect, "object"), "name"))
        return entity->name;
    return ARENA_CONCAT(arena, file->path, SLICE("#"), entity->name);
}

/* A module is where it is called from, unless its own place says otherwise. */
static void see_through_call(const struct work *work, uint32_t side, struct placed *placed) {
    const struct placed *call = work->calls[side] ? work->calls[side] : work->calls[side ^ 1U];
    if (call && placed->environment == ENVIRONMENT_UNKNOWN)
        placed->environment = call->environment;
    if (call && placed->path_class == PATH_ORDINARY)
        placed->path_class = call->path_class;
}

/* By what its formulas come to; the name, too, is one. */
static void place_formulas(struct work *work, uint32_t side, const struct cut_block *block,
                           struct placed *placed) {
    struct formula_scope *scope = &work->formulas[side];
    const struct entity *entity = placed->entity;
    if (formula_is_name(entity))
        return;
    placed->body = formula_body(scope, block->list, entity);
    struct slice name = formula_name_of(scope, block->list, entity);
    if (slice_equal(name, entity->name))
        return;
    struct entity *copy = ARENA_NEW(work->run->arena, struct entity);
    *copy = *entity;
    copy->name = name;
    placed->entity = copy;
    placed->name = full_name(work, work_file(work, side, block), copy);
}

static void place_resolved(struct work *work, uint32_t side, const struct cut_block *block,
                           struct placed *placed) {
    ask(work, placed->entity->dialect);
    if (work->asked_is_template)
        placed->body = template_body(&work->templates[side], placed->entity);
    else if (work->asked_is_formula)
        place_formulas(work, side, block, placed);
    else if (work->asked_has_ranges)
        placed->body = range_body(work->run->arena, placed->entity);
}

const struct placed *work_place(struct work *work, uint32_t side, const struct cut_block *block,
                                const struct entity *entity) {
    const struct unit_file *file = work_file(work, side, block);
    struct placed *placed = arena_take(work->run->arena, sizeof *placed);
    *placed = (struct placed){
        .entity = entity,
        .list = block->list,
        .path = file->path,
        .name = full_name(work, file, entity),
        .file = file->bytes,
        .offset = block->block.offset,
        .line = block->block.line,
        .body = entity->body,
        .unit = work->unit->name,
        .module = work->prefix,
        .path_class = file->path_class,
        .environment = file->environment,
    };
    see_through_call(work, side, placed);
    if (work->unit->kind == UNIT_DIRECTORY && entity->body)
        placed->body = resolve_value(&work->scopes[side], entity->body);
    else if (entity->body)
        place_resolved(work, side, block, placed);
    return placed;
}

/* Instances are paired inside of the blocks they belong to. */
struct slice work_without_index(struct slice address) {
    size_t open = slice_find_last_byte(address, '[');
    bool last = slice_ends(address, SLICE("]")) && open != SLICE_NPOS;
    return last ? slice_sub(address, 0, open) : address;
}

static void collect_names(struct work *work, uint32_t side, struct map *names) {
    map_init(names, work->run->arena);
    for (uint32_t i = 0; i < work->items[side].items.count; i++)
        map_set(names, work->items[side].items.items[i].identity, 1);
}

/* Raw names of things whose name is not on the other side. */
static void collect_raw(struct work *work, uint32_t side, const struct map *others,
                        struct map *raw) {
    map_init(raw, work->run->arena);
    for (uint32_t i = 0; i < work->items[side].items.count; i++) {
        const struct match_item *item = &work->items[side].items.items[i];
        if (item->formula.size && map_get(others, item->identity) == MAP_ABSENT)
            map_set(raw, item->formula, i);
    }
}

void work_join_formulas(struct work *work) {
    struct map names[UNIT_SIDES], raw[UNIT_SIDES];
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        collect_names(work, s, &names[s]);
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        collect_raw(work, s, &names[!s], &raw[s]);
    for (uint32_t i = 0; i < work->items[UNIT_AFTER].items.count; i++) {
        struct match_item *after = &work->items[UNIT_AFTER].items.items[i];
        uint32_t at = after->formula.size ? map_get(&raw[UNIT_BEFORE], after->formula) : MAP_ABSENT;
        if (at != MAP_ABSENT && map_get(&raw[UNIT_AFTER], after->formula) == i)
            after->identity = work->items[UNIT_BEFORE].items.items[at].identity;
    }
}

static void set_identity(struct work *work, uint32_t side, const struct unit_file *file,
                         struct match_item *item) {
    const struct resolve_scope *after = &work->scopes[UNIT_AFTER];
    struct slice name = match_identity(item->placed->entity);
    item->identity = is_file_name(file, name) ? SLICE("") : name;
    if (work->unit->kind != UNIT_DIRECTORY || side != UNIT_BEFORE)
        return;
    struct slice moved = resolve_moved(after, name);
    if (!slice_is_none(moved))
        item->identity = work_without_index(moved);
    item->moved_out =
        slice_starts(moved, SLICE("module.")) && !slice_starts(name, SLICE("module."));
    if (item->moved_out)
        item->moved_to = moved;
    item->kept = resolve_is_forgotten(after, name);
}

void work_add_items(struct work *work, uint32_t side, const struct cut_block *block) {
    const struct unit_file *file = work_file(work, side, block);
    uint32_t first = work->items[side].items.count;
    vec_reserve(work->run->arena, &work->items[side].items, first + block->list->count);
    for (uint32_t i = 0; i < block->list->count; i++) {
        const struct entity *entity = &block->list->items[i];
        struct match_item item = {
            .placed = work_place(work, side, block, entity),
            .path = file->known_as,
            .group = file->group,
            .parent = entity->scope == ENTITY_NONE ? ENTITY_NONE : first + entity->scope,
            .by_type = work->unit->kind == UNIT_CHANGE,
        };
        if (item.placed->entity != entity)
            item.formula = entity->name;
        set_identity(work, side, file, &item);
        vec_push(work->run->arena, &work->items[side].items, item);
    }
}

static bool may_declare(struct slice bytes, struct slice address) {
    struct slice part;
    while (slice_split(&address, '.', &part))
        if (!slice_contains(bytes, part))
            return false;
    return true;
}

static const struct placed *find_here(struct work *work, uint32_t side, struct slice address) {
    for (uint32_t i = 0; i < work->cut[side].blocks.count; i++) {
        struct cut_block *block = &work->cut[side].blocks.items[i];
        if (!may_declare(block->block.bytes, address))
            continue;
        work_read(work, side, block);
        for (uint32_t n = 0; n < block->list->count; n++)
            if (slice_equal(block->list->items[n].name, address))
                return work_place(work, side, block, &block->list->items[n]);
    }
    return NULL;
}

/* "module.a[0].x.y" -> "module.a", and the rest "x.y"; SLICE_NONE if it is of this directory. */
static struct slice split_module(struct slice *address) {
    struct slice head = SLICE("module."), rest = slice_from(*address, head.size);
    size_t end = 0;
    while (end < rest.size && rest.data[end] != '.' && rest.data[end] != '[')
        end++;
    struct slice name = slice_sub(*address, 0, head.size + end);
    rest = slice_from(rest, end);
    size_t close = slice_starts(rest, SLICE("[")) ? slice_find(rest, SLICE("].")) : 0;
    if (!slice_starts(*address, head) || close == SLICE_NPOS)
        return SLICE_NONE;
    rest = slice_from(rest, close ? close + 1 : 0);
    if (!slice_starts(rest, SLICE(".")))
        return SLICE_NONE;
    *address = slice_from(rest, 1);
    return name;
}

const struct placed *work_find(struct work *work, uint32_t side, struct slice address,
                               struct work **owner) {
    if (!work->neighbours) {
        work_add_neighbours(work);
        work_read_settings(work);
    }
    struct slice inside = address, name = split_module(&inside);
    *owner = work;
    if (slice_is_none(name))
        return find_here(work, side, work_without_index(address));
    const struct placed *calls[UNIT_SIDES];
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        calls[s] = find_here(work, s, name);
    struct work *module = calls[side] ? module_open(work, calls[0], calls[1]) : NULL;
    return module ? work_find(module, side, inside, owner) : NULL;
}

void work_note(struct work *work, const struct opaque_note *note) {
    struct run *run = work->run;
    struct slice key = ARENA_CONCAT(run->arena, note->path, SLICE(":"), note->reason);
    if (map_get(&run->noted, key) == MAP_ABSENT)
        vec_push(run->arena, &run->notes, *note);
    map_set(&run->noted, key, 1);
}
