#include "entity/data.h"

/* A list under the key: made where there is none, the one that is there otherwise. */
static void list_add(struct data *data, struct value *map, uint32_t *capacity, struct slice key,
                     struct value_item item) {
    struct value *list = (struct value *)value_get(map, key);
    if (!list || list->kind != VALUE_LIST) {
        list = ARENA_NEW(data->arena, struct value);
        *list = (struct value){.kind = VALUE_LIST, .span = item.span};
        list->block = item.value->kind == VALUE_MAP;
        value_add(data->arena, map, capacity, (struct value_item){key, item.span, list});
    }
    uint32_t room = value_room(list);
    value_add(data->arena, list, &room, item);
}

/* The last of several texts of one kind counts. */
static void text_set(struct data *data, struct value *map, uint32_t *capacity,
                     struct value_item item) {
    for (uint32_t i = 0; i < map->count; i++)
        if (slice_equal(map->items[i].key, item.key)) {
            map->items[i] = item;
            return;
        }
    value_add(data->arena, map, capacity, item);
}

static void pair_add(struct data *data, struct value *map, uint32_t *capacity, TSNode pair) {
    struct value *held = data_value(data, pair); /* a map of one */
    for (uint32_t i = 0; held->kind == VALUE_MAP && i < held->count; i++)
        hcl_add(data, map, capacity, held->items[i]);
}

void record_add(struct data *data, struct value *map, uint32_t *capacity, TSNode record) {
    struct value_item item = {SLICE_NONE, node_span(record), data_value(data, record)};
    list_add(data, map, capacity, slice_of(ts_node_type(record)), item);
}

/* The first word of a record is its name, others are values. */
static struct value_item record_item(struct data *data, const struct value *map, TSNode child,
                                     enum node_role role) {
    struct slice kind = slice_of(ts_node_type(child));
    struct value *held = data_value(data, child);
    if (role == ROLE_IDENTIFIER && held->kind == VALUE_REFERENCE) {
        if (value_get(map, kind))
            kind = SLICE("reference");
        else
            held->kind = VALUE_LITERAL;
    }
    return (struct value_item){role == ROLE_RECORD || role == ROLE_TEXTS ? SLICE_NONE : kind,
                               node_span(child), held};
}

struct value *data_record(struct data *data, TSNode node) {
    const struct node_roles *roles = data->builder->roles;
    struct value *map = value_new(data, VALUE_MAP, node);
    map->block = true;
    uint32_t count, capacity = 0;
    struct node_child *children = node_children(data->scratch, node, false, &count);
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = children[i].node;
        enum node_role role = node_role(roles, child);
        if (role == ROLE_NONE || role == ROLE_COMMENT)
            continue;
        if (role == ROLE_PAIR) {
            pair_add(data, map, &capacity, child);
            continue;
        }
        struct value_item item = record_item(data, map, child, role);
        if (slice_is_none(item.key))
            list_add(data, map, &capacity, slice_of(ts_node_type(child)), item);
        else
            text_set(data, map, &capacity, item);
    }
    return map;
}
