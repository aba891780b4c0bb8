#include "base/map.h"
#include "entity/data.h"

/*
 * <a x="1"><b>t</b></a> is {x: "1", b: [{text: "t"}]}: children of one name are a list at the place
 * of the first, however many there are, so that paths stay the same when a second one comes. An
 * attribute stands before a child of the same name.
 */

static enum node_role role_of(const struct data *data, TSNode node) {
    return node_role(data->builder->roles, node);
}

static struct slice name_of(struct data *data, TSNode node) {
    TSNode name = node_field(data->builder->roles, node, FIELD_NAME);
    return ts_node_is_null(name) ? SLICE("") : arena_copy(data->arena, node_text(name, data->text));
}

static const struct value *text_value(struct data *data, struct span span) {
    struct text text = text_decode(data->arena, TEXT_MARKUP, data->source, span, false);
    return value_make_literal(data, LITERAL_STRING, text.bytes, span);
}

static struct span inside_quotes(struct span span) {
    if (span.to > span.from + 1)
        return (struct span){span.from + 1, span.to - 1};
    return span;
}

static void add_attribute(struct data *data, struct value *map, uint32_t *capacity, TSNode node) {
    TSNode value = node_field(data->builder->roles, node, FIELD_VALUE);
    if (ts_node_is_null(value))
        return;
    value_add(data->arena, map, capacity,
              (struct value_item){name_of(data, node), node_span(node),
                                  text_value(data, inside_quotes(node_span(value)))});
}

static void add_text(struct data *data, struct value *map, uint32_t *capacity, TSNode node) {
    const struct value *value = text_value(data, node_span(node));
    if (slice_trim(value->text).size)
        value_add(data->arena, map, capacity,
                  (struct value_item){SLICE("text"), node_span(node), value});
}

/* Children of one name. */
struct group {
    struct value *list;
    uint32_t capacity;
};

struct children {
    struct map names; /* index of groups */
    VEC(struct group) groups;
};

static struct group *group_of(struct data *data, struct children *children, struct value *map,
                              uint32_t *capacity, TSNode node) {
    struct slice name = name_of(data, node);
    if (!children->groups.count)
        map_init(&children->names, data->scratch);
    uint32_t index = map_set_default(&children->names, name, children->groups.count);
    if (index == children->groups.count) {
        struct value *list = value_new(data, VALUE_LIST, node);
        list->block = true;
        value_add(data->arena, map, capacity, (struct value_item){name, node_span(node), list});
        vec_push(data->scratch, &children->groups, ((struct group){list, 0}));
    }
    return &children->groups.items[index];
}

struct value *markup_element(struct data *data, TSNode node) {
    struct value *map = value_new(data, VALUE_MAP, node);
    struct children groups = {0};
    uint32_t count, capacity = 0;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = children[i].node;
        enum node_role role = role_of(data, child);
        if (role == ROLE_ATTRIBUTE) {
            add_attribute(data, map, &capacity, child);
        } else if (role == ROLE_PLAIN) {
            add_text(data, map, &capacity, child);
        } else if (role == ROLE_ELEMENT) {
            const struct value *inner = data_value(data, child);
            struct group *group = group_of(data, &groups, map, &capacity, child);
            value_add(data->arena, group->list, &group->capacity,
                      (struct value_item){SLICE_NONE, node_span(child), inner});
        }
    }
    return map;
}

struct value *markup_document(struct data *data, TSNode node) {
    struct value *map = value_new(data, VALUE_MAP, node);
    uint32_t capacity = 0;
    value_add(data->arena, map, &capacity,
              (struct value_item){name_of(data, node), node_span(node), data_value(data, node)});
    return map;
}
