#include "resolve/instances.h"

#include "resolve/evaluate.h"

static const struct value *attribute(const struct value *body, const char *name) {
    const struct value *value = value_get(body, slice_of(name));
    return value && value->kind != VALUE_NULL ? value : NULL;
}

static void set_keys(struct arena *arena, struct instances *instances, const struct value *value) {
    instances->kind = INSTANCES_KEYS;
    instances->keys = ARENA_ARRAY(arena, struct slice, (size_t)value->count + 1);
    instances->values = ARENA_ARRAY(arena, const struct value *, (size_t)value->count + 1);
    map_init(&instances->by_key, arena);
    for (uint32_t i = 0; i < value->count; i++) {
        const struct value_item *item = &value->items[i];
        struct slice key = value->kind == VALUE_MAP ? item->key : value_literal(item->value);
        if (slice_is_none(key)) {
            instances->kind = INSTANCES_UNKNOWN;
            return;
        }
        uint32_t at = map_set_default(&instances->by_key, key, instances->count);
        if (at == instances->count)
            instances->count++;
        instances->keys[at] = key;
        instances->values[at] = item->value;
    }
}

static struct instances keyed_instances(struct arena *arena, const struct value *value) {
    struct instances instances = {.kind = INSTANCES_UNKNOWN, .keyed = true};
    instances.resolved = value->resolved;
    if (value->kind == VALUE_MAP || value->kind == VALUE_LIST)
        set_keys(arena, &instances, value);
    return instances;
}

struct instances instances_of(struct arena *arena, const struct value *body) {
    const struct value *each = attribute(body, "for_each"), *count = attribute(body, "count");
    if (each)
        return keyed_instances(arena, each);
    struct instances instances = {.kind = INSTANCES_ONE, .count = 1};
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

struct slice instance_suffix(struct arena *arena, const struct instances *instances, uint32_t at) {
    if (instances->kind == INSTANCES_KEYS)
        return ARENA_CONCAT(arena, SLICE("[\""), instances->keys[at], SLICE("\"]"));
    return instances->kind == INSTANCES_COUNT ? arena_format(arena, "[%u]", at) : SLICE("");
}

uint32_t instance_find(const struct instances *instances, struct slice suffix) {
    int64_t number = 0;
    bool bracket = slice_starts(suffix, SLICE("[")) && slice_ends(suffix, SLICE("]"));
    struct slice inside = bracket ? slice_sub(suffix, 1, suffix.size - 1) : SLICE("");
    if (instances->kind == INSTANCES_KEYS) {
        if (inside.size < 2 || inside.data[0] != '"')
            return INSTANCE_NONE;
        return map_get(&instances->by_key, slice_sub(inside, 1, inside.size - 1));
    }
    if (suffix.size && (!bracket || !slice_to_int(inside, &number)))
        return INSTANCE_NONE;
    return instances->kind != INSTANCES_UNKNOWN && number >= 0 && number < instances->count
               ? (uint32_t)number
               : INSTANCE_NONE;
}

static bool says(struct slice text, struct slice word) {
    for (size_t at = 0, found; (found = slice_find(slice_from(text, at), word)) != SLICE_NPOS;
         at += found + 1) {
        size_t from = at + found;
        if (!from || (!evaluate_is_word(text.data[from - 1]) && text.data[from - 1] != '.'))
            return true;
    }
    return false;
}

bool instances_differ(const struct value *value) {
    if (value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION)
        return says(value->text, SLICE("each.")) || says(value->text, SLICE("count.index"));
    for (uint32_t i = 0; i < value->count; i++)
        if (instances_differ(value->items[i].value))
            return true;
    return false;
}

static const struct value *map_of(struct arena *arena, const char *first, const struct value *a,
                                  const char *second, const struct value *b) {
    struct value *map = ARENA_NEW(arena, struct value);
    map->kind = VALUE_MAP;
    map->count = b ? 2 : 1;
    map->items = ARENA_ARRAY(arena, struct value_item, 2);
    map->items[0] = (struct value_item){slice_of(first), {0, 0}, a};
    map->items[1] = (struct value_item){slice_of(second), {0, 0}, b};
    return map;
}

static const struct value *literal(struct arena *arena, struct slice text, bool number) {
    struct value *value = ARENA_NEW(arena, struct value);
    *value = (struct value){.kind = VALUE_LITERAL, .text = text};
    value->type = number ? LITERAL_NUMBER : LITERAL_STRING;
    return value;
}

const struct value *instance_body(struct resolve_scope *scope, const struct instances *instances,
                                  uint32_t at, const struct value *body) {
    struct arena *arena = scope->arena;
    struct binding binding = {.name = SLICE("count")};
    if (instances->kind == INSTANCES_KEYS) {
        binding.name = SLICE("each");
        binding.value = map_of(arena, "key", literal(arena, instances->keys[at], false), "value",
                               instances->values[at]);
    } else if (instances->kind == INSTANCES_COUNT) {
        binding.value =
            map_of(arena, "index", literal(arena, arena_format(arena, "%u", at), true), "", NULL);
    } else {
        return body;
    }
    scope->bound = &binding;
    scope->settled = true;
    const struct value *result = resolve_value(scope, body);
    scope->bound = NULL;
    scope->settled = false;
    return result;
}
