#include "entity/data.h"
#include "fact/path.h"

#include <stdlib.h>

/* A value that a shape makes an entity of. */
struct match {
    const struct shape_record *shape;
    const struct value *value;
    struct span span;
    struct captures captures;
};

struct matches {
    VEC(struct match) list;
};

struct finder {
    struct data *data;
    const struct shape_record *shape;
    struct matches *matches;
};

static bool match_known(const struct matches *matches, const struct value *value) {
    for (uint32_t i = 0; i < matches->list.count; i++)
        if (matches->list.items[i].value == value)
            return true;
    return false;
}

static void find(const struct finder *finder, const struct value *value, struct slice rest,
                 struct span span, struct captures captures);

static void find_end(const struct finder *finder, const struct value *value, struct span span,
                     const struct captures *captures) {
    if (value->kind == VALUE_LIST && value->block) { /* each block is one */
        for (uint32_t i = 0; i < value->count; i++)
            find_end(finder, value->items[i].value, value->items[i].span, captures);
        return;
    }
    if (!data_conditions_hold(finder->data, finder->shape->conditions, value, captures))
        return;
    struct match match = {finder->shape, value, span, *captures};
    vec_push(finder->data->scratch, &finder->matches->list, match);
}

static void find_key(const struct finder *finder, const struct value *map,
                     const struct path_step *step, struct slice rest, struct captures captures) {
    for (uint32_t i = 0; i < map->count; i++) {
        const struct value_item *item = &map->items[i];
        if (step->kind == STEP_KEY && !slice_equal(item->key, step->key))
            continue;
        struct captures inner = captures;
        if (step->kind != STEP_KEY && inner.count < 4)
            inner.items[inner.count++] = item->key;
        find(finder, item->value, rest, item->span, inner);
    }
}

static void find(const struct finder *finder, const struct value *value, struct slice rest,
                 struct span span, struct captures captures) {
    struct path_step step;
    struct slice from = rest;
    if (!path_next(&rest, &step)) {
        find_end(finder, value, span, &captures);
        return;
    }
    if (value->kind == VALUE_LIST) {
        /* Blocks of one name are entered without a step of their own. */
        bool element = step.kind == STEP_ANY_ELEMENT;
        for (uint32_t i = 0; i < value->count; i++) {
            captures.index = i + 1;
            find(finder, value->items[i].value, element ? rest : from, value->items[i].span,
                 captures);
        }
    } else if (value->kind == VALUE_MAP && step.kind == STEP_ANY_ELEMENT && !value->block) {
        return;
    } else if (value->kind == VALUE_MAP) {
        find_key(finder, value, &step, rest, captures);
    }
}

/* Most shapes begin with a key that the value has not. */
static bool may_find(const struct value *value, struct slice path) {
    size_t end = 0;
    while (end < path.size && !memchr(".[{*\"", path.data[end], 5))
        end++;
    if (!end || value->kind != VALUE_MAP)
        return true;
    struct slice key = slice_sub(path, 0, end);
    for (uint32_t i = 0; i < value->count; i++)
        if (slice_equal(value->items[i].key, key))
            return true;
    return false;
}

static int match_compare(const void *a, const void *b) {
    const struct match *x = a, *y = b;
    if (x->span.from != y->span.from)
        return x->span.from < y->span.from ? -1 : 1;
    return (x->shape > y->shape) - (x->shape < y->shape);
}

/* All entities that stand directly below one of this kind (0 = the document), in source order.
 * The first shape that takes a value keeps it. */
static void matches_find(struct data *data, struct slice parent, const struct value *value,
                         struct span span, const struct captures *captures,
                         struct matches *matches) {
    const struct dialect *dialect = data->builder->dialect;
    struct range range = dialect_record(dialect)->shapes;
    const struct shape_record *shapes = dialect_records(dialect, IMAGE_ENTITY_SHAPES, range);
    for (uint32_t i = 0; i < range.count; i++) {
        if (!slice_equal(dialect_string(dialect, shapes[i].parent), parent))
            continue;
        struct slice path = dialect_string(dialect, shapes[i].at);
        if (!may_find(value, path))
            continue;
        struct matches found = {0};
        struct finder finder = {data, &shapes[i], &found};
        struct captures begin = {.parent = captures->parent, .parent_type = captures->parent_type};
        find(&finder, value, path, span, begin);
        uint32_t before = matches->list.count;
        for (uint32_t n = 0; n < found.list.count; n++) {
            struct matches earlier = {{matches->list.items, before, before}};
            if (!match_known(&earlier, found.list.items[n].value))
                vec_push(data->scratch, &matches->list, found.list.items[n]);
        }
    }
    if (matches->list.count)
        qsort(matches->list.items, matches->list.count, sizeof *matches->list.items, match_compare);
}

struct cut {
    struct arena *arena;
    const struct value **values; /* sorted by address: membership only, the order is never seen */
    uint32_t count;
};

static int pointer_compare(const void *a, const void *b) {
    const struct value *x = *(const struct value *const *)a, *y = *(const struct value *const *)b;
    return (x > y) - (x < y);
}

static bool cut_holds(const struct cut *cut, const struct value *value) {
    return bsearch(&value, cut->values, cut->count, sizeof *cut->values, pointer_compare) != NULL;
}

/* The value without the parts that are entities of their own; NULL if nothing is left. Only paths
 * down to such parts are copied. */
static const struct value *cut_apply(const struct cut *cut, const struct value *value,
                                     uint32_t depth) {
    if (cut_holds(cut, value))
        return NULL;
    if (!depth || (value->kind != VALUE_MAP && value->kind != VALUE_LIST))
        return value;
    struct value *copy = NULL;
    for (uint32_t i = 0; i < value->count; i++) {
        const struct value *kept = cut_apply(cut, value->items[i].value, depth - 1);
        if (kept == value->items[i].value && !copy)
            continue;
        if (!copy) {
            copy = value_copy(cut->arena, value);
            copy->count = i;
        }
        if (kept) {
            copy->items[copy->count] = value->items[i];
            copy->items[copy->count++].value = kept;
        }
    }
    if (!copy)
        return value;
    return copy->count ? copy : NULL;
}

enum { CUT_DEPTH = 8 }; /* steps in the paths of shapes */

static const struct value *body_without(struct data *data, const struct value *value,
                                        const struct matches *children) {
    if (!children->list.count)
        return value;
    struct cut cut = {data->arena,
                      ARENA_ARRAY(data->scratch, const struct value *, children->list.count),
                      children->list.count};
    for (uint32_t i = 0; i < cut.count; i++)
        cut.values[i] = children->list.items[i].value;
    qsort(cut.values, cut.count, sizeof *cut.values, pointer_compare);
    const struct value *left = cut_apply(&cut, value, CUT_DEPTH);
    if (left)
        return left;
    struct value *empty = ARENA_NEW(data->arena, struct value);
    *empty = (struct value){.kind = VALUE_MAP, .span = value->span};
    return empty;
}

/* A body is a map: anything else is put under a key. */
static struct value *body_wrap(struct data *data, const struct value *value, struct slice wrap) {
    struct value *body = ARENA_NEW(data->arena, struct value);
    if (value->kind == VALUE_MAP && slice_is_none(wrap)) {
        *body = *value;
        return body;
    }
    uint32_t capacity = 0;
    *body = (struct value){.kind = VALUE_MAP, .span = value->span};
    value_add(data->arena, body, &capacity,
              (struct value_item){slice_is_none(wrap) ? SLICE("value") : wrap, value->span, value});
    return body;
}

static const struct value *body_copy(struct data *data, const struct value *value) {
    struct value *copy = ARENA_NEW(data->scratch, struct value);
    *copy = *value;
    copy->items = ARENA_ARRAY(data->scratch, struct value_item, value->count);
    for (uint32_t i = 0; i < value->count; i++) {
        copy->items[i] = value->items[i];
        copy->items[i].value = body_copy(data, value->items[i].value);
    }
    return copy;
}

/* What is the same in several formats has one name: `as:` of the shape. */
static void body_rename(struct data *data, struct value *body, struct range names) {
    const struct dialect *dialect = data->builder->dialect;
    const struct condition_record *records = dialect_records(dialect, IMAGE_CONDITIONS, names);
    struct value_item *items = NULL;
    for (uint32_t i = 0; i < names.count; i++)
        for (uint32_t n = 0; n < body->count; n++) {
            if (!slice_equal(body->items[n].key, dialect_string(dialect, records[i].path)))
                continue;
            if (!items) {
                items = ARENA_ARRAY(data->arena, struct value_item, body->count);
                memcpy(items, body->items, body->count * sizeof *items);
                body->items = items;
            }
            items[n].key = dialect_string(dialect, records[i].text);
        }
}

static uint32_t weight_of(struct data *data, const struct match *match, uint32_t inherited) {
    const struct weight_record *weights =
        dialect_records(data->builder->dialect, IMAGE_WEIGHTS, match->shape->weights);
    for (uint32_t i = 0; i < match->shape->weights.count; i++)
        if (data_conditions_hold(data, weights[i].conditions, match->value, &match->captures))
            return weights[i].weight;
    return inherited;
}

static void entity_make(struct data *data, const struct match *match, uint32_t scope,
                        uint32_t weight, uint32_t depth) {
    const struct dialect *dialect = data->builder->dialect;
    const struct shape_record *shape = match->shape;
    struct entity entity = {.kind = dialect_string(dialect, shape->kind), .scope = scope};
    entity.type =
        data_template(data, dialect_string(dialect, shape->type), match->value, &match->captures);
    entity.name =
        data_template(data, dialect_string(dialect, shape->name), match->value, &match->captures);
    entity.weight = weight_of(data, match, weight);
    entity.host = shape->host ? dialect_string(dialect, shape->host) : SLICE_NONE;
    entity.span = match->span;
    struct captures inner = {.parent = entity.name, .parent_type = entity.type};
    struct matches children = {0};
    if (depth)
        matches_find(data, entity.kind, match->value, match->span, &inner, &children);
    struct value *body = body_wrap(data, body_without(data, match->value, &children),
                                   dialect_string(dialect, shape->wrap));
    body_rename(data, body, shape->names);
    entity.body = data_embed_values(data, entity.kind, body);
    const struct value *read = entity.body;
    if (data->builder->embedding || data->builder->at)
        read = body_copy(data, entity.body);
    uint32_t index = builder_add(data->builder, entity);
    data_embed(data, index, read);
    for (uint32_t i = 0; i < children.list.count; i++)
        entity_make(data, &children.list.items[i], index, entity.weight, depth - 1);
}

enum { SHAPE_DEPTH = 8 }; /* entities inside entities */

void data_entities(struct data *data, const struct value *root, struct span span) {
    struct captures none = {.parent = SLICE("")};
    struct matches matches = {0};
    matches_find(data, SLICE_NONE, root, span, &none, &matches);
    for (uint32_t i = 0; i < matches.list.count; i++)
        entity_make(data, &matches.list.items[i], data->builder->scope, data->builder->weight,
                    SHAPE_DEPTH);
}
