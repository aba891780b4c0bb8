/* Outputs of modules: what they stand for where they are read, and who reads them. */
#include "delta/work.h"
#include "resolve/instances.h"

static const struct value *look_up_output(struct work *work, uint32_t side, struct slice name) {
    size_t dot = slice_find_last_byte(name, '.');
    struct work *owner;
    const struct placed *calls[UNIT_SIDES];
    for (uint32_t s = 0; s < UNIT_SIDES; s++)
        calls[s] = work_find(work, s, slice_sub(name, 0, dot), &owner);
    if (!calls[side] || instances_of(work->run->arena, calls[side]->body).kind != INSTANCES_ONE)
        return NULL;
    struct work *module = module_open(work, calls[0], calls[1]);
    struct slice wanted = ARENA_CONCAT(work->run->arena, SLICE("output"), slice_from(name, dot));
    const struct placed *output = module ? work_find(module, side, wanted, &owner) : NULL;
    return output ? value_get(output->body, SLICE("value")) : NULL;
}

/* Once for each name; what depends on itself is not known. */
static const struct value *output_of(struct work *work, uint32_t side, struct slice name) {
    uint32_t known = work->known[side].count;
    uint32_t at = map_set_default(&work->known_outputs[side], name, known);
    if (at < known)
        return work->known[side].items[at];
    vec_push(work->run->arena, &work->known[side], NULL);
    const struct value *value = look_up_output(work, side, name);
    work->known[side].items[at] = value;
    return value;
}

static const struct value *output_before(void *context, struct slice name) {
    return output_of(context, UNIT_BEFORE, name);
}

static const struct value *output_after(void *context, struct slice name) {
    return output_of(context, UNIT_AFTER, name);
}

void module_resolve_outputs(struct work *work) {
    work->outputs = true;
    for (uint32_t s = 0; s < UNIT_SIDES; s++) {
        work->scopes[s].output = s == UNIT_BEFORE ? output_before : output_after;
        work->scopes[s].output_context = work;
        map_init(&work->known_outputs[s], work->run->arena);
        resolve_reset(&work->scopes[s]);
    }
}

static bool speaks_of_module(const struct value *value) {
    if (value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION)
        return slice_contains(value->text, SLICE("module."));
    for (uint32_t i = 0; i < value->count; i++)
        if (speaks_of_module(value->items[i].value))
            return true;
    return false;
}

bool module_outputs_matter(const struct work *work) {
    const struct match_side *before = &work->items[UNIT_BEFORE], *after = &work->items[UNIT_AFTER];
    for (uint32_t i = 0; i < after->items.count; i++) {
        const struct match_item *item = &after->items.items[i];
        if (item->partner == ENTITY_NONE || !item->placed->body)
            continue;
        const struct value *was = before->items.items[item->partner].placed->body;
        const struct value *is = item->placed->body;
        if (was && was != is && (speaks_of_module(was) || speaks_of_module(is)) &&
            !value_equal(was, is))
            return true;
    }
    return false;
}

static bool is_output_changed(struct work *module, const struct entity *entity) {
    struct work *owner;
    const struct placed *before = work_find(module, UNIT_BEFORE, entity->name, &owner);
    const struct placed *after = work_find(module, UNIT_AFTER, entity->name, &owner);
    return before && after && !value_equal(before->body, after->body);
}

/* The names under which the callers of a module know its outputs that are other than before. */
static void collect_changed_outputs(struct work *module, struct map *names) {
    struct slice call = module->calls[UNIT_AFTER]->entity->name;
    for (uint32_t i = 0; i < module->cut[UNIT_AFTER].blocks.count; i++) {
        struct cut_block *block = &module->cut[UNIT_AFTER].blocks.items[i];
        if (!slice_contains(block->block.bytes, SLICE("output")))
            continue;
        work_read(module, UNIT_AFTER, block);
        for (uint32_t n = 0; n < block->list->count; n++) {
            const struct entity *entity = &block->list->items[n];
            size_t dot = slice_find_byte(entity->name, '.');
            if (slice_is(entity->kind, "output") && is_output_changed(module, entity))
                map_set(names,
                        ARENA_CONCAT(module->run->arena, call, slice_from(entity->name, dot)), 1);
        }
    }
}

static bool names_one(struct slice text, const struct map *names) {
    for (size_t at = 0, found;
         (found = slice_find(slice_from(text, at), SLICE("module."))) != SLICE_NPOS;
         at += found + 1)
        if (map_get(names, resolve_output_head(slice_from(text, at + found))) != MAP_ABSENT)
            return true;
    return false;
}

/* Only what reads the outputs: what else differs is told where its directory is compared. */
static void want_readers(struct work *work, const struct map *names) {
    const struct cut_side *before = &work->cut[UNIT_BEFORE];
    for (uint32_t i = 0; i < before->blocks.count; i++)
        before->blocks.items[i].wanted = false;
    for (uint32_t i = 0; i < work->cut[UNIT_AFTER].blocks.count; i++) {
        struct cut_block *block = &work->cut[UNIT_AFTER].blocks.items[i];
        block->wanted = block->twin != ENTITY_NONE && names_one(block->block.bytes, names);
        if (block->wanted)
            before->blocks.items[block->twin].wanted = true;
    }
}

void module_leave(struct work *module) {
    for (struct work *work = module->parent; work; module = work, work = work->parent) {
        struct map names;
        map_init(&names, work->run->arena);
        if (!module->calls[UNIT_BEFORE] || !module->calls[UNIT_AFTER])
            return;
        collect_changed_outputs(module, &names);
        if (!names.count)
            return;
        module_resolve_outputs(work);
        want_readers(work, &names);
        work_want_users_of_changed_names(work);
        work_compare(work);
    }
}
