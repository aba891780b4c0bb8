#include "resolve/instances.h"

#include "base/map.h"

static const struct value *attribute(const struct value *body, const char *name) {
    const struct value *value = value_get(body, slice_of(name));
    return value && value->kind != VALUE_NULL ? value : NULL;
}

static void set_keys(struct arena *arena, struct instances *instances, const struct value *value) {
    instances->kind = INSTANCES_KEYS;
    instances->keys = ARENA_ARRAY(arena, struct slice, value->count);
    for (uint32_t i = 0; i < value->count; i++) {
        const struct value_item *item = &value->items[i];
        struct slice key = value->kind == VALUE_MAP ? item->key : value_literal(item->value);
        if (slice_is_none(key)) {
            instances->kind = INSTANCES_UNKNOWN;
            return;
        }
        instances->keys[instances->count++] = key;
    }
}

/* toset(["a", "b"]): the one function that for_each is nearly always written with. */
static bool set_of_text(struct arena *arena, struct instances *instances, struct slice text) {
    struct slice head = SLICE("toset(["), tail = SLICE("])");
    if (!slice_starts(text, head) || !slice_ends(text, tail))
        return false;
    struct slice rest = slice_sub(text, head.size, text.size - tail.size), part;
    VEC(struct slice) keys = {0};
    while (slice_trim(rest).size && slice_split(&rest, ',', &part)) {
        part = slice_trim(part);
        if (!part.size && !rest.size)
            break;
        if (part.size < 2 || part.data[0] != '"' || part.data[part.size - 1] != '"' ||
            slice_find_byte(slice_sub(part, 1, part.size - 1), '"') != SLICE_NPOS ||
            slice_contains(part, SLICE("${")))
            return false;
        vec_push(arena, &keys, slice_sub(part, 1, part.size - 1));
    }
    instances->kind = INSTANCES_KEYS;
    instances->keys = keys.items;
    instances->count = keys.count;
    return true;
}

static struct instances keyed_instances(struct arena *arena, const struct value *value) {
    struct instances instances = {.kind = INSTANCES_UNKNOWN, .keyed = true};
    instances.resolved = value->resolved;
    if (value->kind == VALUE_MAP || value->kind == VALUE_LIST)
        set_keys(arena, &instances, value);
    else if (value->kind == VALUE_EXPRESSION)
        set_of_text(arena, &instances, value->text);
    return instances;
}

struct instances instances_of(struct arena *arena, const struct value *body) {
    const struct value *each = attribute(body, "for_each"), *count = attribute(body, "count");
    if (each)
        return keyed_instances(arena, each);
    struct instances instances = {.kind = INSTANCES_ONE};
    if (!count)
        return instances;
    int64_t number;
    instances.kind = INSTANCES_UNKNOWN;
    instances.resolved = count->resolved;
    if (slice_to_int(value_literal(count), &number) && number >= 0 && number < UINT32_MAX) {
        instances.kind = INSTANCES_COUNT;
        instances.count = (uint32_t)number;
    }
    return instances;
}

static void lose(struct arena *arena, struct instance_loss *loss, struct slice name) {
    if (loss->names.count < INSTANCES_NAMED)
        vec_push(arena, &loss->names, name);
    loss->total++;
}

static void lose_key(struct arena *arena, struct instance_loss *loss, struct slice key) {
    lose(arena, loss, arena_format(arena, "[\"%.*s\"]", SLICE_ARGS(key)));
}

static void lose_range(struct arena *arena, struct instance_loss *loss, uint32_t from,
                       uint32_t to) {
    for (uint32_t i = from; i < to && loss->names.count < INSTANCES_NAMED; i++)
        lose(arena, loss, arena_format(arena, "[%u]", i));
    loss->total = to > from ? to - from : 0;
}

static void lose_all(struct arena *arena, const struct instances *before,
                     struct instance_loss *loss) {
    if (before->kind == INSTANCES_COUNT)
        lose_range(arena, loss, 0, before->count);
    else if (before->kind == INSTANCES_KEYS)
        for (uint32_t i = 0; i < before->count; i++)
            lose_key(arena, loss, before->keys[i]);
    else
        lose(arena, loss, SLICE(""));
}

static void lose_keys(struct arena *arena, const struct instances *before,
                      const struct instances *after, struct instance_loss *loss) {
    struct map kept;
    map_init(&kept, arena);
    for (uint32_t i = 0; i < after->count; i++)
        map_set(&kept, after->keys[i], 1);
    for (uint32_t i = 0; i < before->count; i++)
        if (map_get(&kept, before->keys[i]) == MAP_ABSENT)
            lose_key(arena, loss, before->keys[i]);
}

void instances_lost(struct arena *arena, const struct instances *before,
                    const struct instances *after, struct instance_loss *loss) {
    loss->certain = !before->resolved && !after->resolved;
    if (before->keyed != after->keyed) {
        lose_all(arena, before, loss);
        return;
    }
    if (before->kind == INSTANCES_UNKNOWN || after->kind == INSTANCES_UNKNOWN)
        return;
    if (before->keyed) {
        lose_keys(arena, before, after, loss);
        return;
    }
    uint32_t had = before->kind == INSTANCES_ONE ? 1 : before->count;
    uint32_t has = after->kind == INSTANCES_ONE ? 1 : after->count;
    if (before->kind == INSTANCES_ONE && !has)
        lose(arena, loss, SLICE(""));
    else
        lose_range(arena, loss, has, had);
}
