/*
 * Blocks that are made from a collection: `dynamic "x" { for_each, iterator, content }` stands for
 * one block "x" for each element. Where the collection is known they become those blocks. Where it
 * is not, one block stands for all of them: `maybe` (it need not be there), its values `resolved`,
 * with the collection under "for_each" and the name of the iterator as the text of the map; it is
 * looked at again once an instance says more. Where a name says that there is none, it stays as it
 * is written: that is the default, and others may set what they want.
 */
#include "resolve/evaluate.h"

static const struct value *only_map(const struct value *value) {
    if (value && value->kind == VALUE_LIST && value->count == 1)
        value = value->items[0].value;
    return value && value->kind == VALUE_MAP ? value : NULL;
}

static struct value *copy_of(struct resolve_scope *scope, const struct value *value,
                             uint32_t more) {
    struct value *copy = ARENA_NEW(scope->arena, struct value);
    size_t room = (size_t)value->count + more;
    if (!resolve_spend(scope, (room + 1) * sizeof *copy->items))
        return NULL;
    *copy = *value;
    copy->items = ARENA_ARRAY(scope->arena, struct value_item, room + 1);
    if (value->count)
        memcpy(copy->items, value->items, value->count * sizeof *copy->items);
    return copy;
}

/* The block that stands for those of one `dynamic`; NULL if it is not one. */
static const struct value *maybe_block(struct resolve_scope *scope, struct slice label,
                                       const struct value *dynamic) {
    const struct value *each = value_get(dynamic, SLICE("for_each"));
    const struct value *content = only_map(value_get(dynamic, SLICE("content")));
    const struct value *iterator = value_get(dynamic, SLICE("iterator"));
    if (!each || !content || value_get(dynamic, SLICE("labels")))
        return NULL;
    struct value *block = copy_of(scope, content, 1);
    if (!block)
        return NULL;
    block->block = block->maybe = true;
    block->text = iterator ? iterator->text : label;
    block->span = dynamic->span;
    block->items[block->count++] = (struct value_item){SLICE("for_each"), each->span, each};
    return block;
}

struct rewriting {
    struct resolve_scope *scope;
    struct value *map; /* the body, without "dynamic" */
    VEC(struct value_item) latent;
    bool failed;
};

static void add_block(struct rewriting *rewriting, struct slice label, const struct value *block) {
    struct value *map = rewriting->map;
    struct value_item *item = NULL;
    for (uint32_t i = 0; i < map->count; i++)
        if (slice_equal(map->items[i].key, label))
            item = &map->items[i];
    if (!item) {
        struct value *list = ARENA_NEW(rewriting->scope->arena, struct value);
        *list = (struct value){.kind = VALUE_LIST, .block = true, .span = block->span};
        item = &map->items[map->count++];
        *item = (struct value_item){label, block->span, list};
    }
    struct value *list = NULL;
    if (item->value->kind == VALUE_LIST)
        list = copy_of(rewriting->scope, item->value, 1);
    rewriting->failed |= !list;
    if (!list)
        return;
    list->items[list->count++] = (struct value_item){SLICE_NONE, block->span, block};
    item->value = list;
}

/* By default there is none, but whoever sets a variable makes some. */
static bool is_latent(struct resolve_scope *scope, const struct value *dynamic) {
    const struct value *each = value_get(dynamic, SLICE("for_each"));
    if (!each || (each->kind != VALUE_REFERENCE && each->kind != VALUE_EXPRESSION))
        return false;
    each = resolve_value(scope, each);
    return (each->kind == VALUE_LIST || each->kind == VALUE_MAP) && !each->count && each->resolved;
}

static void rewrite(struct rewriting *rewriting, struct slice label, const struct value *value) {
    if (value->kind == VALUE_LIST) {
        for (uint32_t i = 0; i < value->count; i++)
            rewrite(rewriting, label, value->items[i].value);
        return;
    }
    const struct value *block =
        value->kind == VALUE_MAP ? maybe_block(rewriting->scope, label, value) : NULL;
    if (!block)
        rewriting->failed = true;
    else if (is_latent(rewriting->scope, value))
        vec_push(rewriting->scope->arena, &rewriting->latent,
                 ((struct value_item){label, value->span, value}));
    else
        add_block(rewriting, label, block);
}

static void rewrite_labels(struct rewriting *rewriting, const struct value *value) {
    for (uint32_t i = 0; i < value->count; i++)
        if (value->kind == VALUE_MAP)
            rewrite(rewriting, value->items[i].key, value->items[i].value);
        else
            rewrite_labels(rewriting, value->items[i].value);
}

static uint32_t count_labels(const struct value *value) {
    uint32_t count = 0;
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++)
        count += count_labels(value->items[i].value);
    return value->kind == VALUE_MAP ? value->count : count;
}

static struct value *without(struct resolve_scope *scope, const struct value *body,
                             const struct value *dynamic) {
    struct value *map = copy_of(scope, body, count_labels(dynamic) + 1);
    uint32_t kept = 0;
    for (uint32_t i = 0; map && i < body->count; i++)
        if (body->items[i].value != dynamic)
            map->items[kept++] = body->items[i];
    if (map)
        map->count = kept;
    return map;
}

static void keep_latent(struct rewriting *rewriting, const struct value *dynamic) {
    struct arena *arena = rewriting->scope->arena;
    struct value *list = ARENA_NEW(arena, struct value), *map = rewriting->map;
    *list = (struct value){.kind = VALUE_LIST, .block = true, .span = dynamic->span};
    list->items = ARENA_ARRAY(arena, struct value_item, rewriting->latent.count);
    for (uint32_t i = 0; i < rewriting->latent.count; i++) {
        struct value *labelled = ARENA_NEW(arena, struct value);
        *labelled = (struct value){.kind = VALUE_MAP, .block = true, .count = 1};
        labelled->span = rewriting->latent.items[i].span;
        labelled->items = &rewriting->latent.items[i];
        list->items[list->count++] = (struct value_item){SLICE_NONE, labelled->span, labelled};
    }
    map->items[map->count++] = (struct value_item){SLICE("dynamic"), list->span, list};
}

const struct value *resolve_dynamic(struct resolve_scope *scope, const struct value *body) {
    const struct value *dynamic = value_get(body, SLICE("dynamic"));
    if (!dynamic || (dynamic->kind != VALUE_LIST && dynamic->kind != VALUE_MAP))
        return body;
    struct rewriting rewriting = {.scope = scope, .map = without(scope, body, dynamic)};
    if (!rewriting.map)
        return body;
    rewrite_labels(&rewriting, dynamic);
    if (rewriting.latent.count)
        keep_latent(&rewriting, dynamic);
    return rewriting.failed ? body : rewriting.map;
}

static const struct value *marked(struct resolve_scope *scope, const struct value *value) {
    struct value *copy = copy_of(scope, value, 0);
    if (!copy)
        return value;
    copy->resolved = true;
    for (uint32_t i = 0; i < copy->count; i++)
        copy->items[i].value = marked(scope, copy->items[i].value);
    return copy;
}

/* Nobody knows how many there are: the iterator stands for itself. */
static const struct value *stay(struct resolve_scope *scope, const struct value *block,
                                const struct value *each) {
    struct value itself = {.kind = VALUE_REFERENCE, .text = block->text};
    struct binding binding = {block->text, &itself, scope->bound};
    struct value *made = copy_of(scope, block, 0);
    if (!made)
        return block;
    scope->bound = &binding;
    for (uint32_t i = 0; i < made->count; i++) {
        struct value_item *item = &made->items[i];
        item->value = slice_is(item->key, "for_each")
                          ? each
                          : marked(scope, resolve_value(scope, item->value));
    }
    scope->bound = binding.outer;
    return made;
}

struct element {
    struct slice key; /* SLICE_NONE: of a list or a set, which is not known */
    const struct value *value;
    bool resolved;
};

static const struct value *make_block(struct resolve_scope *scope, const struct value *block,
                                      const struct element *element) {
    struct value key = {.kind = VALUE_LITERAL, .type = LITERAL_STRING, .text = element->key};
    if (slice_is_none(element->key)) {
        key.kind = VALUE_REFERENCE;
        key.text = ARENA_CONCAT(scope->arena, block->text, SLICE(".key"));
    }
    struct value_item parts[] = {{SLICE("key"), {0, 0}, &key},
                                 {SLICE("value"), {0, 0}, element->value}};
    struct value iterator = {.kind = VALUE_MAP, .items = parts, .count = 2};
    struct binding binding = {block->text, &iterator, scope->bound};
    struct value content = *block;
    content.maybe = false;
    content.text = SLICE_NONE;
    content.resolved |= element->resolved;
    content.count--; /* for_each is the last */
    scope->bound = &binding;
    const struct value *made = resolve_value(scope, &content);
    scope->bound = binding.outer;
    return made == &content ? copy_of(scope, &content, 0) : made;
}

static void expand(struct resolve_scope *scope, const struct value *block, struct values *made) {
    const struct value *each =
        resolve_value(scope, block->items[block->count - 1].value); /* for_each */
    bool known = (each->kind == VALUE_LIST || each->kind == VALUE_MAP) && slice_is_none(each->tag);
    if (!known || scope->depth >= RESOLVE_DEPTH) {
        vec_push(scope->arena, made, stay(scope, block, each));
        return;
    }
    scope->depth++;
    for (uint32_t i = 0; i < each->count; i++) {
        struct element element = {each->items[i].key, each->items[i].value, each->resolved};
        const struct value *one = make_block(scope, block, &element);
        vec_push(scope->arena, made, one ? one : block);
        if (!one)
            break;
    }
    scope->depth--;
}

bool resolve_is_maybe(const struct value *list) {
    for (uint32_t i = 0; list->block && i < list->count; i++)
        if (list->items[i].value->maybe)
            return true;
    return false;
}

const struct value *resolve_maybe(struct resolve_scope *scope, const struct value *list) {
    struct values made = {0};
    for (uint32_t i = 0; i < list->count; i++) {
        const struct value *block = list->items[i].value;
        if (block->maybe)
            expand(scope, block, &made);
        else
            vec_push(scope->arena, &made, resolve_value(scope, block));
    }
    struct value *copy = ARENA_NEW(scope->arena, struct value);
    *copy = *list;
    copy->items = ARENA_ARRAY(scope->arena, struct value_item, (size_t)made.count + 1);
    copy->count = resolve_spend(scope, made.count * sizeof *copy->items) ? made.count : 0;
    for (uint32_t i = 0; i < copy->count; i++)
        copy->items[i] = (struct value_item){SLICE_NONE, made.items[i]->span, made.items[i]};
    return copy->count == made.count ? copy : list;
}
