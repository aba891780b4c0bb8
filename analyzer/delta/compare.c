#include "delta/compare.h"

#include "base/strbuf.h"
#include "delta/align.h"

struct walk {
    const struct comparison *with;
    struct slice type;
    struct strbuf path;
    struct attribute_changes *out; /* NULL: only `differs` is wanted */
    bool differs;
};

static void walk_values(struct walk *walk, const struct value *was, const struct value *is);

static bool is_absent(const struct walk *walk, const struct value *value) {
    return !value || (walk->with->null_is_absent && value->kind == VALUE_NULL);
}

/* How surely a value is what it will be when the change is applied. */
static enum confidence value_confidence(const struct value *value) {
    switch ((enum value_kind)value->kind) {
    case VALUE_UNKNOWN:
        return CONFIDENCE_UNKNOWN;
    case VALUE_REFERENCE:
    case VALUE_EXPRESSION:
        return CONFIDENCE_LIKELY;
    default:
        break;
    }
    enum confidence lowest = value->resolved ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN;
    for (uint32_t i = 0; i < value->count && lowest > CONFIDENCE_UNKNOWN; i++) {
        enum confidence item = value_confidence(value->items[i].value);
        if (item < lowest)
            lowest = item;
    }
    return lowest;
}

static bool is_open(const struct value *value) {
    return value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION;
}

/* Blocks that are made from a collection that is not known. */
static bool is_maybe(const struct value *value) {
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++)
        if (!value->items[i].value->maybe)
            return false;
    return value->kind == VALUE_LIST ? value->count > 0 : value->maybe;
}

/* Setting or removing an attribute is certain whatever it holds; a literal that becomes a name
 * may well be the same value, so that is only possible. */
static enum confidence change_confidence(const struct value *was, const struct value *is) {
    if (!was || !is)
        return is_maybe(was ? was : is) ? CONFIDENCE_POSSIBLE : CONFIDENCE_CERTAIN;
    enum confidence a = value_confidence(was), b = value_confidence(is);
    enum confidence lower = a < b ? a : b;
    if (is_open(was) != is_open(is) && lower > CONFIDENCE_POSSIBLE)
        return CONFIDENCE_POSSIBLE;
    return lower;
}

static void walk_report(struct walk *walk, const struct value *was, const struct value *is,
                        bool reordered) {
    walk->differs = true;
    if (!walk->out)
        return;
    struct attribute_change change = {
        .path = arena_copy(walk->with->arena, strbuf_slice(&walk->path)),
        .was = was,
        .is = is,
        .confidence = change_confidence(was, is),
        .reordered = reordered,
    };
    vec_push(walk->with->arena, &walk->out->list, change);
}

static bool walk_is_done(const struct walk *walk) {
    return walk->differs && !walk->out;
}

/* Enters a key; returns what walk_leave needs. Keys with path characters are quoted. */
static size_t walk_enter(struct walk *walk, struct slice key) {
    size_t mark = walk->path.size;
    if (!walk->out && !walk->with->shape)
        return mark;
    if (mark)
        strbuf_add_byte(&walk->path, '.');
    bool quote = !key.size;
    for (size_t i = 0; i < key.size && !quote; i++)
        quote = strchr(".[{\"", key.data[i]) != NULL;
    if (!quote) {
        strbuf_add(&walk->path, key);
        return mark;
    }
    strbuf_add_byte(&walk->path, '"');
    strbuf_add(&walk->path, key);
    strbuf_add_byte(&walk->path, '"');
    return mark;
}

static size_t walk_enter_element(struct walk *walk, struct slice key, struct slice name) {
    size_t mark = walk->path.size;
    strbuf_add_byte(&walk->path, '[');
    if (!slice_is_none(key)) {
        strbuf_add(&walk->path, key);
        strbuf_add_byte(&walk->path, '=');
        strbuf_add(&walk->path, name);
    }
    strbuf_add_byte(&walk->path, ']');
    return mark;
}

static void walk_leave(struct walk *walk, size_t mark) {
    walk->path.size = mark;
    if (walk->path.data)
        walk->path.data[mark] = '\0';
}

/* A number's text without sign noise, leading zeros before a digit and trailing decimals. */
static struct slice number_core(struct slice text) {
    if (text.size && text.data[0] == '+')
        text = slice_from(text, 1);
    size_t dot = slice_find_byte(text, '.');
    if (dot == SLICE_NPOS || slice_find_byte(text, 'e') != SLICE_NPOS ||
        slice_find_byte(text, 'E') != SLICE_NPOS)
        return text;
    while (text.size && text.data[text.size - 1] == '0')
        text.size--;
    if (text.size == dot + 1)
        text.size--;
    return text;
}

static bool literals_same(const struct value *was, const struct value *is) {
    if (slice_equal(was->text, is->text))
        return true;
    if (was->type == LITERAL_NUMBER && is->type == LITERAL_NUMBER)
        return slice_equal(number_core(was->text), number_core(is->text));
    if (was->type == LITERAL_BOOL && is->type == LITERAL_BOOL)
        return (value_is_true(was) && value_is_true(is)) ||
               (value_is_false(was) && value_is_false(is));
    return false;
}

static bool scalars_same(const struct value *was, const struct value *is) {
    if (was->kind != is->kind || !slice_equal(was->tag, is->tag))
        return false;
    if (was->kind == VALUE_NULL)
        return true;
    if (was->kind == VALUE_LITERAL)
        return literals_same(was, is);
    return slice_equal(was->text, is->text);
}

static void walk_maps(struct walk *walk, const struct value *was, const struct value *is) {
    struct align_keys keys;
    align_keys_init(&keys, walk->with->arena, is);
    for (uint32_t i = 0; i < was->count && !walk_is_done(walk); i++) {
        if (align_is_shadowed(was, i))
            continue;
        const struct value_item *item = &was->items[i];
        size_t mark = walk_enter(walk, item->key);
        walk_values(walk, item->value, align_keys_get(&keys, item->key));
        walk_leave(walk, mark);
    }
    align_keys_init(&keys, walk->with->arena, was);
    for (uint32_t i = 0; i < is->count && !walk_is_done(walk); i++) {
        const struct value_item *item = &is->items[i];
        if (align_keys_get(&keys, item->key) || align_is_shadowed(is, i))
            continue;
        size_t mark = walk_enter(walk, item->key);
        walk_values(walk, NULL, item->value);
        walk_leave(walk, mark);
    }
}

struct element_pair {
    struct walk *walk;
    struct slice key;
    bool single; /* at most one element on each side: no brackets in the path */
};

static void visit_elements(void *context, const struct value *was, const struct value *is) {
    struct element_pair *pair = context;
    struct walk *walk = pair->walk;
    if (walk_is_done(walk))
        return;
    size_t mark = walk->path.size;
    if (!slice_is_none(pair->key))
        walk_enter_element(walk, pair->key, value_literal(value_get(was ? was : is, pair->key)));
    else if (!pair->single)
        walk_enter_element(walk, SLICE_NONE, SLICE_NONE);
    walk_values(walk, was, is);
    walk_leave(walk, mark);
}

static bool elements_same(void *context, const struct value *was, const struct value *is) {
    const struct walk *walk = context;
    struct walk probe = {.with = walk->with, .type = walk->type};
    strbuf_init(&probe.path, walk->with->arena);
    if (walk->with->shape)
        strbuf_add(&probe.path, strbuf_slice(&walk->path));
    walk_values(&probe, was, is);
    return !probe.differs;
}

static uint32_t elements_similarity(void *context, const struct value *was,
                                    const struct value *is) {
    struct walk *walk = context;
    if (was->kind != VALUE_MAP || is->kind != VALUE_MAP)
        return 0;
    uint32_t larger = was->count > is->count ? was->count : is->count, equal = 0;
    for (uint32_t i = 0; i < was->count; i++) {
        const struct value *other = value_get(is, was->items[i].key);
        equal += other && elements_same(walk, was->items[i].value, other);
    }
    return larger ? equal * 100 / larger : 0;
}

static struct compare_shape shape_here(const struct walk *walk) {
    if (!walk->with->shape)
        return (struct compare_shape){COMPARE_LIST_DEFAULT, SLICE_NONE};
    struct slice path = compare_plain_path(walk->with->arena, strbuf_slice(&walk->path));
    return walk->with->shape(walk->with->context, walk->type, path);
}

static void walk_lists(struct walk *walk, const struct value *was, const struct value *is) {
    struct compare_shape shape = shape_here(walk);
    struct align align = {
        .arena = walk->with->arena,
        .same = elements_same,
        .similarity = elements_similarity,
        .context = walk,
    };
    enum align_order order = align_order(&align, was, is);
    if (order == ALIGN_EQUAL || (order == ALIGN_REORDERED && shape.list != COMPARE_LIST_ORDERED))
        return;
    if (order == ALIGN_REORDERED || !align_has_maps(was) || !align_has_maps(is)) {
        walk_report(walk, was, is, order == ALIGN_REORDERED);
        return;
    }
    struct element_pair pair = {.walk = walk, .single = was->count <= 1 && is->count <= 1};
    pair.key = align_find_key(&align, was, is, shape.key);
    if (slice_is_none(pair.key))
        align_by_content(&align, was, is, visit_elements, &pair);
    else
        align_by_key(&align, was, is, pair.key, visit_elements, &pair);
}

/* `on: push` and `on: [push]`, `tags = {}` and `tags {}` say the same. */
static const struct value *unwrap(const struct value *list, const struct value *other) {
    if (list->kind != VALUE_LIST || other->kind == VALUE_LIST || list->count != 1)
        return list;
    const struct value *only = list->items[0].value;
    return only->kind == other->kind && (list->block || only->kind != VALUE_MAP) ? only : list;
}

static void walk_values(struct walk *walk, const struct value *was, const struct value *is) {
    if (is_absent(walk, was) || is_absent(walk, is)) {
        if (!is_absent(walk, was) || !is_absent(walk, is))
            walk_report(walk, is_absent(walk, was) ? NULL : was, is_absent(walk, is) ? NULL : is,
                        false);
        return;
    }
    const struct value *a = unwrap(was, is), *b = unwrap(is, was);
    if (a->kind == VALUE_MAP && b->kind == VALUE_MAP && slice_equal(a->tag, b->tag))
        walk_maps(walk, a, b);
    else if (a->kind == VALUE_LIST && b->kind == VALUE_LIST && slice_equal(a->tag, b->tag))
        walk_lists(walk, a, b);
    else if (a->kind == VALUE_MAP || a->kind == VALUE_LIST || !scalars_same(a, b))
        walk_report(walk, was, is, false);
}

/* Written the same: most matched things are, and need no alignment. Depth is bounded by readers. */
static bool written_same(const struct value *a, const struct value *b) {
    if (a->kind != b->kind || a->type != b->type || a->count != b->count || a->block != b->block ||
        a->template != b->template || !slice_equal(a->text, b->text) ||
        !slice_equal(a->tag, b->tag))
        return false;
    for (uint32_t i = 0; i < a->count; i++)
        if (!slice_equal(a->items[i].key, b->items[i].key) ||
            !written_same(a->items[i].value, b->items[i].value))
            return false;
    return true;
}

void compare_values(const struct comparison *comparison, struct slice type, const struct value *was,
                    const struct value *is, struct attribute_changes *changes) {
    if (was && is && written_same(was, is))
        return;
    struct walk walk = {.with = comparison, .type = type, .out = changes};
    strbuf_init(&walk.path, comparison->arena);
    walk_values(&walk, was, is);
}

bool compare_same(const struct comparison *comparison, struct slice type, const struct value *was,
                  const struct value *is) {
    struct walk walk = {.with = comparison, .type = type};
    strbuf_init(&walk.path, comparison->arena);
    walk_values(&walk, was, is);
    return !walk.differs;
}

uint32_t compare_similarity(const struct comparison *comparison, struct slice type,
                            const struct value *was, const struct value *is) {
    if (!was || !is)
        return 0;
    struct walk walk = {.with = comparison, .type = type};
    strbuf_init(&walk.path, comparison->arena);
    return elements_similarity(&walk, was, is);
}

struct slice compare_plain_path(struct arena *arena, struct slice path) {
    if (slice_find_byte(path, '[') == SLICE_NPOS)
        return path;
    struct strbuf plain;
    strbuf_init(&plain, arena);
    uint32_t depth = 0;
    for (size_t i = 0; i < path.size; i++) {
        if (path.data[i] == '[')
            depth++;
        else if (path.data[i] == ']' && depth)
            depth--;
        else if (!depth)
            strbuf_add_byte(&plain, path.data[i]);
    }
    return strbuf_slice(&plain);
}
