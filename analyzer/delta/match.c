#include "delta/match.h"

#include "base/hash.h"
#include "base/map.h"
#include "base/strbuf.h"

enum { SIDE_BEFORE, SIDE_AFTER, SIDE_COUNT };

struct matcher {
    const struct match_rules *rules;
    struct match_side *sides[SIDE_COUNT];
    struct arena *scratch; /* keys of one pass */
    uint32_t next_scope;
    uint32_t depth;            /* level looked at; ENTITY_NONE = all */
    uint32_t open[SIDE_COUNT]; /* items of that level without a partner */
};

/* Appends the key an item goes by in a pass; false if it takes no part in it. */
typedef bool key_maker(struct strbuf *key, const struct match_item *item);

bool match_is_action(const struct entity *entity) {
    static const char *const kinds[] = {"command", "call", "check", "statement"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (slice_is(entity->kind, kinds[i]))
            return true;
    return false;
}

static bool is_statement(const struct entity *entity) {
    return slice_is(entity->kind, "statement");
}

struct slice match_identity(const struct entity *entity) {
    struct slice text = SLICE_NONE;
    if (is_statement(entity))
        text = value_literal(value_get(entity->body, SLICE("text")));
    return text.size ? text : entity->name;
}

/* Numbers go in as their bytes: keys are only compared, and formatting them was most of the cost.
 */
static void add_number(struct strbuf *key, uint64_t number) {
    strbuf_add(key, slice_make((const char *)&number, sizeof number));
}

static void add_part(struct strbuf *key, struct slice part) {
    add_number(key, part.size);
    strbuf_add(key, part);
}

static void add_hash(struct strbuf *key, uint64_t hash) {
    add_number(key, hash);
}

static void add_scope(struct strbuf *key, const struct match_item *item) {
    add_number(key, item->scope);
    add_part(key, item->placed->entity->kind);
}

static void add_identity(struct strbuf *key, const struct match_item *item) {
    add_part(key, item->identity);
    if (item->by_type)
        add_part(key, item->placed->entity->type);
}

/* "deploy/step-3": a name that only counts. Such a thing is known by its content. */
static bool has_ordinal_name(const struct match_item *item) {
    struct slice name = item->identity, kind = item->placed->entity->kind;
    size_t end = name.size;
    while (end && name.data[end - 1] >= '0' && name.data[end - 1] <= '9')
        end--;
    if (end == name.size || !end || name.data[end - 1] != '-')
        return false;
    return slice_ends(slice_sub(name, 0, end - 1), kind);
}

static uint64_t body_hash(const struct placed *placed) {
    if (placed->body == placed->entity->body)
        return placed->entity->body_hash;
    return value_hash(placed->body);
}

static bool key_exact(struct strbuf *key, const struct match_item *item) {
    if (item->ordinal)
        return false;
    add_scope(key, item);
    add_identity(key, item);
    add_part(key, item->path);
    add_hash(key, body_hash(item->placed));
    return true;
}

static bool key_ordinal_content(struct strbuf *key, const struct match_item *item) {
    if (!item->ordinal)
        return false;
    add_scope(key, item);
    add_hash(key, item->content);
    return true;
}

static bool key_same_file(struct strbuf *key, const struct match_item *item) {
    if (item->ordinal)
        return false;
    add_scope(key, item);
    add_identity(key, item);
    add_part(key, item->path);
    return true;
}

static bool key_identity(struct strbuf *key, const struct match_item *item) {
    if (item->ordinal)
        return false;
    add_scope(key, item);
    add_identity(key, item);
    return true;
}

/* "apps/Deployment" and "extensions/Deployment" of one name are one thing that changed its group.
 */
static bool key_other_group(struct strbuf *key, const struct match_item *item) {
    if (!item->by_type)
        return false;
    struct slice type = item->placed->entity->type;
    size_t slash = slice_find_last_byte(type, '/');
    add_scope(key, item);
    add_part(key, item->identity);
    add_part(key, slash == SLICE_NPOS ? type : slice_from(type, slash + 1));
    return true;
}

static bool has_content(const struct match_item *item) {
    return item->placed->body && item->placed->body->count > 0;
}

static bool key_content(struct strbuf *key, const struct match_item *item) {
    if (match_is_action(item->placed->entity) || !has_content(item))
        return false;
    add_scope(key, item);
    add_part(key, item->placed->entity->type);
    add_hash(key, item->content);
    return true;
}

static bool key_ordinal_type(struct strbuf *key, const struct match_item *item) {
    if (!item->ordinal)
        return false;
    add_scope(key, item);
    add_part(key, item->placed->entity->type);
    return true;
}

static void add_group(struct strbuf *key, const struct match_item *item) {
    add_part(key, item->group);
    add_part(key, item->placed->entity->kind);
    add_part(key, item->placed->entity->type);
}

static bool key_moved(struct strbuf *key, const struct match_item *item) {
    if (item->ordinal)
        return false;
    add_group(key, item);
    add_part(key, item->identity);
    add_hash(key, body_hash(item->placed));
    return true;
}

static bool key_moved_action(struct strbuf *key, const struct match_item *item) {
    if (!match_is_action(item->placed->entity))
        return false;
    add_group(key, item);
    add_part(key, item->identity);
    return true;
}

static bool key_renamed(struct strbuf *key, const struct match_item *item) {
    if (match_is_action(item->placed->entity) || !has_content(item))
        return false;
    add_group(key, item);
    add_hash(key, item->content);
    return true;
}

static bool key_type(struct strbuf *key, const struct match_item *item) {
    if (match_is_action(item->placed->entity) || !item->placed->entity->type.size)
        return false;
    add_scope(key, item);
    add_part(key, item->placed->entity->type);
    return true;
}

static struct slice body_text(const struct match_item *item, const char *name) {
    return value_literal(value_get(item->placed->body, slice_of(name)));
}

static bool key_callee(struct strbuf *key, const struct match_item *item) {
    if (!match_is_action(item->placed->entity))
        return false;
    add_scope(key, item);
    add_part(key, item->placed->entity->type);
    return true;
}

/* Statements are paired by what they act on, or not at all: DROP TABLE a is not DROP TABLE b. */
static bool key_program(struct strbuf *key, const struct match_item *item) {
    return !is_statement(item->placed->entity) && key_callee(key, item);
}

static bool key_subcommand(struct strbuf *key, const struct match_item *item) {
    if (!key_program(key, item))
        return false;
    add_part(key, body_text(item, "subcommand"));
    return true;
}

static bool key_object(struct strbuf *key, const struct match_item *item) {
    if (is_statement(item->placed->entity)) {
        key_callee(key, item);
        add_part(key, item->placed->entity->name);
        return true;
    }
    if (!key_subcommand(key, item))
        return false;
    const struct value *operands = value_get(item->placed->body, SLICE("operands"));
    if (!operands)
        operands = value_get(item->placed->body, SLICE("arguments"));
    add_hash(key, value_hash(operands));
    return true;
}

static bool key_method(struct strbuf *key, const struct match_item *item) {
    struct slice method = body_text(item, "method");
    if (!match_is_action(item->placed->entity) || !method.size)
        return false;
    add_scope(key, item);
    add_part(key, method);
    return true;
}

static bool takes_part(const struct matcher *matcher, const struct match_item *item) {
    return item->partner == ENTITY_NONE &&
           (matcher->depth == ENTITY_NONE || item->depth == matcher->depth);
}

static void join(struct matcher *matcher, uint32_t before, uint32_t after, enum match_how how) {
    struct match_item *a = &matcher->sides[SIDE_BEFORE]->items.items[before];
    struct match_item *b = &matcher->sides[SIDE_AFTER]->items.items[after];
    a->partner = after;
    b->partner = before;
    a->how = b->how = how;
    matcher->open[SIDE_BEFORE]--;
    matcher->open[SIDE_AFTER]--;
}

/* Who is without a partner at this level? */
static void look_at(struct matcher *matcher, uint32_t depth) {
    matcher->depth = depth;
    for (uint32_t s = 0; s < SIDE_COUNT; s++) {
        matcher->open[s] = 0;
        for (uint32_t i = 0; i < matcher->sides[s]->items.count; i++)
            matcher->open[s] += takes_part(matcher, &matcher->sides[s]->items.items[i]);
    }
}

static bool is_over(const struct matcher *matcher) {
    return !matcher->open[SIDE_BEFORE] || !matcher->open[SIDE_AFTER];
}

/* What runs where it counts more than before is not the same thing moved. */
static bool may_move(const struct match_item *a, const struct match_item *b) {
    return b->placed->entity->weight <= a->placed->entity->weight;
}

/* Items of the before side by key, those of one key in order. */
struct queues {
    struct map heads;
    uint32_t *next;
};

static void queues_fill(struct matcher *matcher, struct queues *queues, key_maker *make) {
    struct match_side *side = matcher->sides[SIDE_BEFORE];
    map_init(&queues->heads, matcher->scratch);
    queues->next = ARENA_ARRAY(matcher->scratch, uint32_t, side->items.count);
    for (uint32_t i = side->items.count; i-- > 0;) {
        struct strbuf key;
        strbuf_init(&key, matcher->scratch);
        if (!takes_part(matcher, &side->items.items[i]) || !make(&key, &side->items.items[i]))
            continue;
        queues->next[i] = map_get(&queues->heads, strbuf_slice(&key));
        map_set(&queues->heads, strbuf_slice(&key), i);
    }
}

static void match_pass(struct matcher *matcher, key_maker *make, enum match_how how) {
    if (is_over(matcher))
        return;
    struct queues queues;
    queues_fill(matcher, &queues, make);
    struct match_side *before = matcher->sides[SIDE_BEFORE], *after = matcher->sides[SIDE_AFTER];
    for (uint32_t i = 0; queues.heads.count && i < after->items.count; i++) {
        struct match_item *item = &after->items.items[i];
        struct strbuf key;
        strbuf_init(&key, matcher->scratch);
        if (!takes_part(matcher, item) || !make(&key, item))
            continue;
        uint32_t head = map_get(&queues.heads, strbuf_slice(&key));
        if (head == MAP_ABSENT ||
            (how == MATCH_MOVED && !may_move(&before->items.items[head], item)))
            continue;
        map_set(&queues.heads, strbuf_slice(&key), queues.next[head]);
        join(matcher, head, i, how);
    }
    arena_release(matcher->scratch);
}

/* Would key_exact() give both the same key? */
static bool are_exactly_alike(const struct match_item *a, const struct match_item *b) {
    const struct entity *x = a->placed->entity, *y = b->placed->entity;
    return !a->ordinal && !b->ordinal && a->scope == b->scope && a->by_type == b->by_type &&
           body_hash(a->placed) == body_hash(b->placed) && slice_equal(x->kind, y->kind) &&
           slice_equal(a->identity, b->identity) && slice_equal(a->path, b->path) &&
           (!a->by_type || slice_equal(x->type, y->type));
}

/* As long as both sides go the same way, the pass by key_exact() would join each item with the one
 * at its side: those of its key that come before have been joined with each other. */
static void match_beginning(struct matcher *matcher) {
    const struct match_side *before = matcher->sides[SIDE_BEFORE];
    const struct match_side *after = matcher->sides[SIDE_AFTER];
    for (uint32_t i = 0, k = 0; !is_over(matcher); i++, k++) {
        while (!takes_part(matcher, &before->items.items[i]))
            i++;
        while (!takes_part(matcher, &after->items.items[k]))
            k++;
        if (!are_exactly_alike(&before->items.items[i], &after->items.items[k]))
            return;
        join(matcher, i, k, MATCH_SAME);
    }
}

struct alone {
    uint32_t index[SIDE_COUNT], count[SIDE_COUNT];
};

static bool are_alike(struct matcher *matcher, const struct alone *alone) {
    const struct match_item *a =
        &matcher->sides[SIDE_BEFORE]->items.items[alone->index[SIDE_BEFORE]];
    const struct match_item *b = &matcher->sides[SIDE_AFTER]->items.items[alone->index[SIDE_AFTER]];
    const struct entity *entity = b->placed->entity;
    struct comparison with = matcher->rules->comparison(matcher->scratch, entity->dialect);
    return compare_similarity(&with, entity->type, a->placed->body, b->placed->body) >=
           MATCH_SIMILARITY;
}

static void match_similar(struct matcher *matcher) {
    if (is_over(matcher))
        return;
    struct map index;
    map_init(&index, matcher->scratch);
    VEC(struct alone) list = {0};
    for (uint32_t s = 0; s < SIDE_COUNT; s++)
        for (uint32_t i = 0; i < matcher->sides[s]->items.count; i++) {
            const struct match_item *item = &matcher->sides[s]->items.items[i];
            struct strbuf key;
            strbuf_init(&key, matcher->scratch);
            if (!takes_part(matcher, item) || !key_type(&key, item))
                continue;
            uint32_t at = map_set_default(&index, strbuf_slice(&key), list.count);
            if (at == list.count)
                vec_push(matcher->scratch, &list, (struct alone){.count = {0}});
            list.items[at].index[s] = i;
            list.items[at].count[s]++;
        }
    for (uint32_t i = 0; i < list.count; i++) {
        const struct alone *alone = &list.items[i];
        if (alone->count[SIDE_BEFORE] == 1 && alone->count[SIDE_AFTER] == 1 &&
            are_alike(matcher, alone))
            join(matcher, alone->index[SIDE_BEFORE], alone->index[SIDE_AFTER], MATCH_SIMILAR);
    }
    arena_release(matcher->scratch);
}

/* Depths, and content hashes from the leaves up: children stand behind their parents. */
static uint32_t prepare(struct match_side *side) {
    uint32_t deepest = 0;
    for (uint32_t i = 0; i < side->items.count; i++) {
        struct match_item *item = &side->items.items[i];
        const struct entity *entity = item->placed->entity;
        item->partner = ENTITY_NONE;
        item->how = MATCH_NONE;
        item->ordinal = has_ordinal_name(item);
        item->depth = item->parent == ENTITY_NONE ? 0 : side->items.items[item->parent].depth + 1;
        deepest = item->depth > deepest ? item->depth : deepest;
        item->content = hash_mix(hash_bytes(entity->kind), body_hash(item->placed));
    }
    for (uint32_t i = side->items.count; i-- > 0;) {
        const struct match_item *item = &side->items.items[i];
        if (item->parent != ENTITY_NONE)
            side->items.items[item->parent].content += hash_mix(7, item->content);
    }
    return deepest;
}

static void scope_roots(struct matcher *matcher) {
    struct map groups;
    map_init(&groups, matcher->scratch);
    for (uint32_t s = 0; s < SIDE_COUNT; s++)
        for (uint32_t i = 0; i < matcher->sides[s]->items.count; i++) {
            struct match_item *item = &matcher->sides[s]->items.items[i];
            if (item->depth)
                continue;
            item->scope = map_set_default(&groups, item->group, matcher->next_scope);
            if (item->scope == matcher->next_scope)
                matcher->next_scope++;
        }
    arena_release(matcher->scratch);
}

/* Children of a matched pair share a scope; children of anything else have one of their own. */
static void scope_children(struct matcher *matcher, uint32_t depth) {
    struct match_side *before = matcher->sides[SIDE_BEFORE], *after = matcher->sides[SIDE_AFTER];
    uint32_t first = matcher->next_scope;
    for (uint32_t i = 0; i < before->items.count; i++)
        if (before->items.items[i].depth == depth)
            before->items.items[i].scope = first + before->items.items[i].parent;
    first += before->items.count;
    for (uint32_t i = 0; i < after->items.count; i++) {
        struct match_item *item = &after->items.items[i];
        if (item->depth != depth)
            continue;
        uint32_t partner = after->items.items[item->parent].partner;
        item->scope = partner == ENTITY_NONE ? first + item->parent : matcher->next_scope + partner;
    }
    matcher->next_scope = first + after->items.count;
}

static void match_level(struct matcher *matcher, uint32_t depth) {
    look_at(matcher, depth);
    match_beginning(matcher);
    match_pass(matcher, key_exact, MATCH_SAME);
    match_pass(matcher, key_ordinal_content, MATCH_SAME);
    match_pass(matcher, key_same_file, MATCH_SAME);
    match_pass(matcher, key_identity, MATCH_SAME);
    match_pass(matcher, key_other_group, MATCH_SAME);
    match_pass(matcher, key_content, MATCH_RENAMED);
    match_pass(matcher, key_ordinal_type, MATCH_SAME);
}

void match_items(const struct match_rules *rules, struct match_side *before,
                 struct match_side *after) {
    struct arena *scratch = ARENA_NEW(rules->arena, struct arena);
    arena_init(scratch, rules->arena->failure, 0);
    arena_on_release(rules->arena, (void (*)(void *))arena_release, scratch);
    struct matcher matcher = {.rules = rules, .sides = {before, after}, .scratch = scratch};
    uint32_t a = prepare(before), b = prepare(after);
    uint32_t deepest = a > b ? a : b;
    scope_roots(&matcher);
    for (uint32_t depth = 0; depth <= deepest; depth++) {
        if (depth)
            scope_children(&matcher, depth);
        match_level(&matcher, depth);
    }
    look_at(&matcher, ENTITY_NONE);
    match_pass(&matcher, key_moved, MATCH_MOVED);
    match_pass(&matcher, key_moved_action, MATCH_MOVED);
    match_pass(&matcher, key_renamed, MATCH_RENAMED);
    match_similar(&matcher);
    match_pass(&matcher, key_object, MATCH_PAIRED);
    match_pass(&matcher, key_subcommand, MATCH_PAIRED);
    match_pass(&matcher, key_program, MATCH_PAIRED);
    match_pass(&matcher, key_method, MATCH_PAIRED);
}
