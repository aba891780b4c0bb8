#include "base/map.h"
#include "entity/data.h"

struct span node_span(TSNode node) {
    return (struct span){ts_node_start_byte(node), ts_node_end_byte(node)};
}

static enum node_role role_of(const struct data *data, TSNode node) {
    return node_role(data->builder->roles, node);
}

struct value *value_new(struct data *data, enum value_kind kind, TSNode node) {
    struct value *value = ARENA_NEW(data->arena, struct value);
    value->kind = (uint8_t)kind;
    value->span = node_span(node);
    return value;
}

struct value *value_make_literal(struct data *data, enum literal_type type, struct slice text,
                                 struct span span) {
    struct value *value = ARENA_NEW(data->arena, struct value);
    *value =
        (struct value){.kind = VALUE_LITERAL, .type = (uint8_t)type, .text = text, .span = span};
    return value;
}

uint32_t value_room(const struct value *value) {
    uint32_t room = value->count ? 4 : 0;
    while (room < value->count)
        room *= 2;
    return room;
}

void value_add(struct arena *arena, struct value *value, uint32_t *capacity,
               struct value_item item) {
    value->items =
        vec_grow(arena, value->items, sizeof item, value->count, capacity, value->count + 1);
    value->items[value->count++] = item;
}

void value_place(struct value *value, struct span span) {
    value->span = span;
    for (uint32_t i = 0; i < value->count; i++) {
        value->items[i].span = span;
        value_place((struct value *)value->items[i].value, span);
    }
}

/* The scalar's text; what a template action stands in is unknown, and shown as it is written. */
static struct value *scalar_value(struct data *data, TSNode node, enum text_form form) {
    struct span span = node_span(node);
    struct text text = form == TEXT_LINES
                           ? lines_decode(data->arena, data->language,
                                          data->builder->dialect->image, data->source, span, false)
                           : text_decode(data->arena, form, data->source, span, false);
    struct value *value = value_make_literal(data, LITERAL_STRING, text.bytes, span);
    if (data->source.data != data->text.data &&
        !slice_equal(slice_sub(data->source, span.from, span.to),
                     slice_sub(data->text, span.from, span.to)))
        value->kind = VALUE_UNKNOWN;
    return value;
}

/* A plain scalar's type is that of its only child. */
static struct value *plain_value(struct data *data, TSNode node) {
    struct value *value = scalar_value(data, node, TEXT_PLAIN);
    TSNode inner = ts_node_named_child(node, 0);
    if (value->kind != VALUE_LITERAL || ts_node_is_null(inner))
        return value;
    enum node_role role = role_of(data, inner);
    if (role == ROLE_NULL)
        *value = (struct value){.kind = VALUE_NULL, .span = value->span};
    else if (role == ROLE_NUMBER || role == ROLE_BOOL)
        value->type = role == ROLE_NUMBER ? LITERAL_NUMBER : LITERAL_BOOL;
    return value;
}

static const struct value *null_at(struct data *data, TSNode node) {
    struct value *value = value_new(data, VALUE_NULL, node);
    value->span.from = value->span.to;
    return value;
}

/* What a pair without a value holds: nothing, or what a template action on the next line makes. */
static const struct value *absent_value(struct data *data, TSNode pair) {
    if (data->source.data == data->text.data)
        return null_at(data, pair);
    size_t at = ts_node_end_byte(pair), end = at;
    while (at < data->source.size && memchr(" \t\r\n", data->source.data[at], 4))
        at++;
    if (!slice_starts(slice_from(data->source, at), SLICE("{{")))
        return null_at(data, pair);
    size_t close = slice_find(slice_from(data->source, at), SLICE("}}"));
    end = close == SLICE_NPOS ? data->source.size : at + close + 2;
    struct value *value = value_new(data, VALUE_UNKNOWN, pair);
    value->span = (struct span){(uint32_t)at, (uint32_t)end};
    value->text = slice_sub(data->source, at, end);
    return value;
}

static struct slice key_text(struct data *data, TSNode key) {
    struct value *value = data_value(data, key);
    if (value->kind == VALUE_LITERAL)
        return value->text;
    return text_normalise(data->arena, node_text(key, data->source));
}

/* Key and value of a pair: by field, or the first and second child (TOML). */
static void pair_nodes(struct data *data, TSNode pair, TSNode *key, TSNode *value) {
    const struct node_roles *roles = data->builder->roles;
    *key = node_field(roles, pair, FIELD_KEY);
    *value = node_field(roles, pair, FIELD_VALUE);
    if (!ts_node_is_null(*key))
        return;
    uint32_t count, seen = 0;
    struct node_child *children = node_children(data->scratch, pair, true, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (role_of(data, children[i].node) == ROLE_COMMENT)
            continue;
        *(seen == 0 ? key : value) = children[i].node;
        seen++;
    }
}

/* The map that a path of keys leads to, made where it is missing (TOML). NULL if the way is
 * barred by something else. *last is the last key. */
static struct value *path_enter(struct data *data, struct value *map, TSNode path, bool all,
                                struct slice *last);

struct map_builder {
    struct value *value;
    uint32_t capacity;
};

/* Merge keys: what the merged maps hold and the map itself does not. */
static void map_merge(struct data *data, struct map_builder *map, const struct value *from,
                      struct span span) {
    if (from->kind == VALUE_LIST) {
        for (uint32_t i = 0; i < from->count; i++)
            if (from->items[i].value->kind == VALUE_MAP)
                map_merge(data, map, from->items[i].value, span);
        return;
    }
    for (uint32_t i = 0; from->kind == VALUE_MAP && i < from->count; i++)
        if (!value_get(map->value, from->items[i].key))
            value_add(data->arena, map->value, &map->capacity,
                      (struct value_item){from->items[i].key, span, from->items[i].value});
}

static void map_add_pair(struct data *data, struct map_builder *map, TSNode pair,
                         const struct value **merge, struct span *merge_span) {
    TSNode key = {0}, value = {0};
    pair_nodes(data, pair, &key, &value);
    if (ts_node_is_null(key))
        return;
    if (role_of(data, key) == ROLE_RECORD) {
        record_add(data, map->value, &map->capacity, key);
        return;
    }
    struct slice name;
    struct value *into = map->value;
    if (role_of(data, key) == ROLE_PATH)
        into = path_enter(data, map->value, key, false, &name);
    else
        name = key_text(data, key);
    const struct value *held =
        ts_node_is_null(value) ? absent_value(data, pair) : data_value(data, value);
    if (slice_is(name, "<<") && (held->kind == VALUE_MAP || held->kind == VALUE_LIST)) {
        *merge = held;
        *merge_span = node_span(pair);
        return;
    }
    if (!into)
        return;
    struct value_item item = {name, node_span(pair), held};
    if (data->strings == STRINGS_LINES) { /* a setting that is given again adds to it */
        uint32_t capacity = value_room(into);
        hcl_add(data, into, &capacity, item);
    } else if (into == map->value) {
        value_add(data->arena, into, &map->capacity, item);
    } else {
        uint32_t capacity = value_room(into);
        value_add(data->arena, into, &capacity, item);
    }
}

/* Does a branch of a template begin between two places of the source? */
static bool branches_between(const struct data *data, uint32_t from, uint32_t to) {
    struct slice between = slice_sub(data->source, from, to);
    for (size_t at; (at = slice_find(between, SLICE("{{"))) != SLICE_NPOS;) {
        between = slice_from(between, at + 2);
        struct slice word = slice_trim(slice_sub(between, slice_starts(between, SLICE("-")), 40));
        if (slice_starts(word, SLICE("else")))
            return true;
    }
    return false;
}

enum {
    DATA_BRANCHED = 256, /* keys of a map that are looked through for branches */
    DATA_BRANCHES = 8,   /* of one key */
};

/* True if the item had the key of an earlier one, from another branch: it is another key then. */
static bool name_branch(struct data *data, struct value *map, uint32_t at) {
    struct value_item *item = &map->items[at];
    for (uint32_t i = 0; i < at; i++)
        if (slice_equal(map->items[i].key, item->key) &&
            branches_between(data, map->items[i].span.to, item->span.from)) {
            item->key = ARENA_CONCAT(data->arena, item->key, SLICE(DATA_BRANCH));
            return true;
        }
    return false;
}

/* What stands in an else of a template is no second value but another one: "key else". */
static void name_branches(struct data *data, struct value *map) {
    for (uint32_t i = 1; data->branched && map->count <= DATA_BRANCHED && i < map->count; i++)
        for (uint32_t times = 0; times < DATA_BRANCHES && name_branch(data, map, i); times++)
            continue;
}

static void note_twice(struct data *data, const struct value_item *item) {
    enum { SHOWN = 40 };
    if (data->twice)
        return; /* the first is enough, and counting lines costs */
    data->twice = true;
    struct slice shown = slice_sub(item->key, 0, SHOWN);
    builder_note(data->builder, item->span.from,
                 arena_format(data->arena, "the key %.*s stands twice in one map; the last counts",
                              SLICE_ARGS(shown)));
}

/* Readers of the file disagree about which of two equal keys counts. Branches of a template may
 * each bring one. */
static void note_duplicates(struct data *data, const struct value *map) {
    enum { FEW = 12 }; /* comparing all pairs is cheaper than hashing up to here */
    struct map seen;
    if (data->source.data != data->text.data)
        return;
    if (map->count > FEW)
        map_init(&seen, data->scratch);
    for (uint32_t i = 1; i < map->count && map->count <= FEW; i++)
        for (uint32_t n = 0; n < i; n++)
            if (slice_equal(map->items[i].key, map->items[n].key))
                note_twice(data, &map->items[i]);
    for (uint32_t i = 0; map->count > FEW && i < map->count; i++)
        if (map_set_default(&seen, map->items[i].key, i) != i)
            note_twice(data, &map->items[i]);
}

static struct value *map_value(struct data *data, TSNode node) {
    struct map_builder map = {value_new(data, VALUE_MAP, node), 0};
    const struct value *merge = NULL;
    struct span merge_span = {0, 0};
    uint32_t count;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    for (uint32_t i = 0; i < count; i++) {
        enum node_role role = role_of(data, children[i].node);
        if (role == ROLE_PAIR)
            map_add_pair(data, &map, children[i].node, &merge, &merge_span);
        else if (role == ROLE_WRAPPER) /* {a, b}: keys without values */
            value_add(data->arena, map.value, &map.capacity,
                      (struct value_item){key_text(data, children[i].node),
                                          node_span(children[i].node),
                                          null_at(data, children[i].node)});
    }
    name_branches(data, map.value);
    note_duplicates(data, map.value);
    if (merge)
        map_merge(data, &map, merge, merge_span);
    return data->functions ? data_function(data, map.value, SLICE_NONE) : map.value;
}

/* A map of one. */
static struct value *pair_as_map(struct data *data, TSNode pair) {
    struct map_builder map = {value_new(data, VALUE_MAP, pair), 0};
    const struct value *merge = NULL;
    struct span span;
    map_add_pair(data, &map, pair, &merge, &span);
    return map.value;
}

static const struct value *item_value(struct data *data, TSNode node) {
    if (role_of(data, node) != ROLE_ITEM)
        return role_of(data, node) == ROLE_PAIR ? pair_as_map(data, node) : data_value(data, node);
    uint32_t count;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    for (uint32_t i = 0; i < count; i++)
        if (role_of(data, children[i].node) != ROLE_COMMENT)
            return data_value(data, children[i].node);
    return null_at(data, node);
}

static struct value *list_value(struct data *data, TSNode node) {
    struct value *list = value_new(data, VALUE_LIST, node);
    uint32_t count, capacity = 0;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    for (uint32_t i = 0; i < count; i++) {
        enum node_role role = role_of(data, children[i].node);
        if (role == ROLE_COMMENT || role == ROLE_DELIMITER)
            continue;
        value_add(data->arena, list, &capacity,
                  (struct value_item){SLICE_NONE, node_span(children[i].node),
                                      item_value(data, children[i].node)});
    }
    return list;
}

/* Values in it, aliases expanded; stops counting over the limit. */
static uint32_t value_size(const struct value *value, uint32_t limit) {
    uint32_t size = 1;
    for (uint32_t i = 0; i < value->count && size < limit; i++)
        size += value_size(value->items[i].value, limit - size);
    return size;
}

static struct value *alias_value(struct data *data, TSNode node) {
    TSNode inner = ts_node_named_child(node, 0);
    struct slice name = ts_node_is_null(inner) ? SLICE("") : node_text(inner, data->text);
    for (uint32_t i = data->anchors.count; i-- > 0;) {
        const struct data_anchor *anchor = &data->anchors.items[i];
        if (!slice_equal(anchor->name, name))
            continue;
        if (anchor->size > DATA_EXPANDED - data->expanded) {
            builder_note(data->builder, ts_node_start_byte(node),
                         SLICE("aliases repeat more than 20000 values"));
            return value_new(data, VALUE_UNKNOWN, node);
        }
        data->expanded += anchor->size;
        struct value *copy = ARENA_NEW(data->arena, struct value);
        *copy = *anchor->value;
        return copy;
    }
    builder_note(data->builder, ts_node_start_byte(node), SLICE("alias without an anchor"));
    return value_new(data, VALUE_UNKNOWN, node);
}

/* A YAML node: properties (tag, anchor), then one content. */
static struct value *wrapped_value(struct data *data, TSNode node) {
    struct slice tag = SLICE_NONE, anchor = SLICE_NONE;
    struct value *value = NULL;
    uint32_t count;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = children[i].node;
        enum node_role role = role_of(data, child);
        if (role == ROLE_TAG)
            tag = arena_copy(data->arena, node_text(child, data->text));
        else if (role == ROLE_ANCHOR)
            anchor = slice_from(node_text(child, data->text), 1);
        else if (role != ROLE_COMMENT && !value)
            value = data_value(data, child);
    }
    if (!value)
        value = value_new(data, VALUE_NULL, node);
    if (!slice_is_none(tag) && !slice_starts(tag, SLICE("!!"))) {
        struct slice inner = value->tag;
        value->tag = tag;
        if (data->functions)
            value = data_function(data, value, inner);
    }
    if (!slice_is_none(anchor))
        vec_push(data->scratch, &data->anchors,
                 ((struct data_anchor){anchor, value, value_size(value, DATA_EXPANDED + 1)}));
    return value;
}

/* One table header of TOML with its pairs: [a.b] or [[a.b]]. */
static void table_read(struct data *data, struct value *root, TSNode node, bool element) {
    uint32_t count;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    struct value *at = root;
    struct map_builder map = {NULL, 0};
    for (uint32_t i = 0; i < count; i++) {
        enum node_role role = role_of(data, children[i].node);
        if (role == ROLE_PAIR && map.value) {
            const struct value *merge = NULL;
            struct span span;
            map_add_pair(data, &map, children[i].node, &merge, &span);
        } else if (!map.value && role != ROLE_COMMENT) {
            struct slice last;
            at = path_enter(data, root, children[i].node, false, &last);
            if (!at)
                return;
            struct value *table = value_new(data, VALUE_MAP, node);
            struct value *known = (struct value *)value_get(at, last);
            uint32_t capacity = value_room(at);
            if (!element && known && known->kind == VALUE_MAP) {
                map = (struct map_builder){known, value_room(known)};
                continue;
            }
            map.value = table;
            struct value *list = known && known->kind == VALUE_LIST ? known : NULL;
            struct value_item item = {last, node_span(node), table};
            if (element) {
                if (!list) {
                    list = value_new(data, VALUE_LIST, node);
                    item.value = list;
                    value_add(data->arena, at, &capacity, item);
                }
                uint32_t room = value_room(list);
                value_add(data->arena, list, &room,
                          (struct value_item){SLICE_NONE, node_span(node), table});
            } else {
                value_add(data->arena, at, &capacity, item);
            }
        }
    }
}

static struct value *step_into(struct data *data, struct value *map, struct slice key,
                               TSNode node) {
    struct value *next = (struct value *)value_get(map, key);
    if (next && next->kind == VALUE_LIST && next->count)
        next = (struct value *)next->items[next->count - 1].value;
    if (next)
        return next->kind == VALUE_MAP ? next : NULL;
    next = value_new(data, VALUE_MAP, node);
    uint32_t capacity = value_room(map);
    value_add(data->arena, map, &capacity, (struct value_item){key, node_span(node), next});
    return next;
}

static struct value *path_enter(struct data *data, struct value *map, TSNode path, bool all,
                                struct slice *last) {
    if (role_of(data, path) != ROLE_PATH) {
        *last = key_text(data, path);
        return map;
    }
    uint32_t count;
    struct node_child *children = node_children(data->scratch, path, true, &count);
    for (uint32_t i = 0; map && i < count; i++) {
        bool final = i + 1 == count;
        struct value *inside = final && !all ? map : NULL; /* the last key belongs to the caller */
        if (role_of(data, children[i].node) == ROLE_PATH) {
            struct slice name;
            map = path_enter(data, map, children[i].node, true, &name);
            continue;
        }
        *last = key_text(data, children[i].node);
        map = inside ? inside : step_into(data, map, *last, children[i].node);
    }
    return map;
}

/* A document: its only content, or for TOML a map of pairs and tables. */
static struct value *document_value(struct data *data, TSNode node) {
    uint32_t count;
    struct node_child *children = node_children(data->scratch, node, true, &count);
    struct map_builder map = {value_new(data, VALUE_MAP, node), 0};
    const struct value *merge = NULL;
    struct span span;
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = children[i].node;
        switch (role_of(data, child)) {
        case ROLE_PAIR:
            map_add_pair(data, &map, child, &merge, &span);
            break;
        case ROLE_TABLE:
        case ROLE_TABLE_ITEM:
            table_read(data, map.value, child, role_of(data, child) == ROLE_TABLE_ITEM);
            map.capacity = value_room(map.value);
            break;
        case ROLE_BODY:
            return hcl_body(data, child);
        case ROLE_ELEMENT:
            return markup_document(data, child);
        case ROLE_COMMENT:
        case ROLE_NONE:
            break;
        default:
            return data_value(data, child);
        }
    }
    return map.value;
}

static struct value *reference_at(struct data *data, TSNode node) {
    struct value *value = value_new(data, VALUE_REFERENCE, node);
    value->text = arena_copy(data->arena, node_text(node, data->source));
    if (!value->text.size) /* made up by the parser, where something is missing */
        value->kind = VALUE_UNKNOWN;
    return value;
}

static struct value *value_by_role(struct data *data, TSNode node, enum node_role role) {
    switch (role) {
    case ROLE_STREAM:
    case ROLE_DOCUMENT:
        return document_value(data, node);
    case ROLE_WRAPPER:
        return wrapped_value(data, node);
    case ROLE_MAP:
        return map_value(data, node);
    case ROLE_LIST:
        return list_value(data, node);
    case ROLE_PLAIN:
        return plain_value(data, node);
    case ROLE_DOUBLE_QUOTED:
        return scalar_value(data, node, TEXT_DOUBLE);
    case ROLE_SINGLE_QUOTED:
        return scalar_value(data, node, TEXT_SINGLE);
    case ROLE_MULTILINE:
        return scalar_value(data, node, TEXT_BLOCK);
    case ROLE_STRING:
        return scalar_value(data, node, text_form_at(data->strings, data->source, node_span(node)));
    case ROLE_TEXT:
    case ROLE_TEXTS:
        return scalar_value(data, node, TEXT_LINES);
    case ROLE_RECORD:
        return data_record(data, node);
    case ROLE_BODY:
    case ROLE_BLOCK:
        return hcl_body(data, node);
    case ROLE_DIRECTIVES:
        return directives_body(data, node);
    case ROLE_ZONE:
        return zone_value(data, node);
    case ROLE_PAIR:
        return pair_as_map(data, node);
    case ROLE_IDENTIFIER:
        if (data->bare)
            return reference_at(data, node);
        return value_make_literal(data, LITERAL_STRING,
                                  arena_copy(data->arena, node_text(node, data->source)),
                                  node_span(node));
    case ROLE_KEY:
    case ROLE_DATE:
        return value_make_literal(data, LITERAL_STRING,
                                  arena_copy(data->arena, node_text(node, data->source)),
                                  node_span(node));
    case ROLE_NUMBER:
    case ROLE_BOOL:
        return value_make_literal(data, role == ROLE_NUMBER ? LITERAL_NUMBER : LITERAL_BOOL,
                                  arena_copy(data->arena, node_text(node, data->source)),
                                  node_span(node));
    case ROLE_NULL:
        return value_new(data, VALUE_NULL, node);
    case ROLE_EXPRESSION:
        return hcl_expression(data, node);
    case ROLE_ALIAS:
        return alias_value(data, node);
    case ROLE_ELEMENT:
        return markup_element(data, node);
    default:
        return value_new(data, VALUE_UNKNOWN, node);
    }
}

struct value *data_value(struct data *data, TSNode node) {
    if (data->depth >= DATA_DEPTH) {
        builder_note(data->builder, ts_node_start_byte(node), SLICE("nested too deeply"));
        return value_new(data, VALUE_UNKNOWN, node);
    }
    data->depth++;
    struct value *value = value_by_role(data, node, role_of(data, node));
    data->depth--;
    return value;
}
