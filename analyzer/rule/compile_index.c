#include "rule/draft.h"

#include "base/hash.h"
#include "rule/keys.h"

#include <stdlib.h>

uint32_t rule_key(enum effect effect, struct slice kind, enum rule_indexed how, struct slice text) {
    uint64_t hash =
        hash_mix((uint64_t)effect << 8 | (uint64_t)how, slice_is_none(kind) ? 0 : hash_bytes(kind));
    hash = hash_mix(hash, slice_is_none(text) ? 0 : hash_bytes(text));
    return (uint32_t)(hash ^ hash >> 32);
}

struct slice rule_first_segment(struct slice path) {
    if (!path.size || path.data[0] == '*' || path.data[0] == '[' || path.data[0] == '{')
        return SLICE_NONE;
    if (path.data[0] == '"') {
        size_t close = slice_find_byte(slice_from(path, 1), '"');
        return close == SLICE_NPOS ? SLICE_NONE : slice_sub(path, 1, close + 1);
    }
    size_t end = 0;
    while (end < path.size && path.data[end] != '.' && path.data[end] != '[')
        end++;
    return slice_sub(path, 0, end);
}

/* The exact texts a matcher allows; false where it is no text or list of texts. */
struct texts {
    VEC(struct slice) list;
};

static bool exact_text(const struct yaml_node *node) {
    return node->kind == YAML_SCALAR &&
           (node->quoted || (!slice_is(node->text, "absent") && !slice_is(node->text, "present")));
}

static bool exact_texts(struct arena *arena, const struct yaml_node *matcher, struct texts *texts) {
    texts->list.count = 0;
    if (!matcher)
        return false;
    if (exact_text(matcher)) {
        vec_push(arena, &texts->list, matcher->text);
        return true;
    }
    if (matcher->kind != YAML_LIST || !matcher->count)
        return false;
    for (uint32_t i = 0; i < matcher->count; i++) {
        if (!exact_text(matcher->entries[i].value))
            return false;
        vec_push(arena, &texts->list, matcher->entries[i].value->text);
    }
    return true;
}

static bool changes_of(struct arena *arena, const struct yaml_node *where, struct texts *texts);

/* all: one part that needs a change is enough; any: every part has to need one. */
static bool changes_of_list(struct arena *arena, const struct yaml_node *list, bool every,
                            struct texts *texts) {
    bool found = false;
    for (uint32_t i = 0; list->kind == YAML_LIST && i < list->count; i++) {
        bool needs = changes_of(arena, list->entries[i].value, texts);
        if (needs && !every)
            return true;
        if (!needs && every)
            return false;
        found |= needs;
    }
    return found;
}

/* First segments of attributes of which one must differ for the predicate to hold. */
static bool changes_of(struct arena *arena, const struct yaml_node *where, struct texts *texts) {
    static const char *const words[] = {"was",   "is",     "changed", "set",
                                        "unset", "gained", "lost",    "compare"};
    if (!where || where->kind != YAML_MAP)
        return false;
    const struct yaml_node *attribute = yaml_get(where, "attribute");
    bool needs = false;
    for (size_t i = 0; attribute && i < sizeof words / sizeof words[0]; i++)
        needs |= yaml_get(where, words[i]) != NULL;
    if (needs && attribute->kind == YAML_SCALAR) {
        struct slice segment = rule_first_segment(attribute->text);
        if (!slice_is_none(segment)) {
            vec_push(arena, &texts->list, segment);
            return true;
        }
    }
    const struct yaml_node *all = yaml_get(where, "all"), *any = yaml_get(where, "any");
    uint32_t before = texts->list.count;
    if (all && changes_of_list(arena, all, false, texts))
        return true;
    texts->list.count = before;
    if (any && changes_of_list(arena, any, true, texts))
        return true;
    texts->list.count = before;
    return false;
}

struct index_parts {
    struct texts kinds, types, methods, changes;
    bool has_kinds, has_types, has_methods, has_changes;
};

static void add_keys(struct rule_draft *draft, enum effect effect,
                     const struct index_parts *parts) {
    struct arena *arena = draft->reader.arena;
    const struct slice none = SLICE_NONE;
    const struct texts *texts = NULL;
    enum rule_indexed how = INDEXED_KIND;
    if (parts->has_types) {
        texts = &parts->types;
        how = INDEXED_TYPE;
    } else if (parts->has_methods) {
        texts = &parts->methods;
        how = INDEXED_METHOD;
    } else if (parts->has_changes && effect == EFFECT_CHANGED) {
        texts = &parts->changes;
        how = INDEXED_CHANGE;
    }
    uint32_t kinds = parts->has_kinds ? parts->kinds.list.count : 1;
    uint32_t count = texts ? texts->list.count : 1;
    for (uint32_t k = 0; k < kinds; k++)
        for (uint32_t t = 0; t < count; t++)
            vec_push(arena, &draft->keys,
                     rule_key(effect, parts->has_kinds ? parts->kinds.list.items[k] : none, how,
                              texts ? texts->list.items[t] : none));
    if (how == INDEXED_KIND && !parts->has_kinds)
        how = INDEXED_NOT;
    if (how > draft->record.indexed)
        draft->record.indexed = how; /* the weakest of its effects counts */
}

void draft_index(struct rule_draft *draft) {
    struct arena *arena = draft->reader.arena;
    const struct yaml_node *entity = yaml_get(draft->root, "entity");
    const struct yaml_node *call = yaml_get(draft->root, "call");
    struct index_parts parts = {0};
    parts.has_kinds = exact_texts(arena, entity ? yaml_get(entity, "kind") : NULL, &parts.kinds);
    parts.has_types = exact_texts(arena, entity ? yaml_get(entity, "type") : NULL, &parts.types);
    if (call) {
        if (!parts.has_kinds) {
            parts.has_kinds = true;
            vec_push(arena, &parts.kinds.list, SLICE("command"));
            vec_push(arena, &parts.kinds.list, SLICE("call"));
        }
        if (!parts.has_types)
            parts.has_types = exact_texts(arena, yaml_get(call, "callee"), &parts.types);
        parts.has_methods = exact_texts(arena, yaml_get(call, "method"), &parts.methods);
    }
    parts.has_changes = changes_of(arena, yaml_get(draft->root, "where"), &parts.changes);
    for (uint32_t effect = 0; effect < EFFECT_COUNT; effect++)
        if (draft->record.selector.effects >> effect & 1)
            add_keys(draft, (enum effect)effect, &parts);
}

void draft_need(struct rule_draft *draft) {
    struct predicate_compiler compiler = draft_compiler(&draft->reader);
    for (int about = 0; about < NEED_COUNT; about++) {
        struct pattern_hint need =
            predicate_need(&compiler, draft->record.selector.where, (enum predicate_need)about);
        draft->record.needs[about] = read_range(&draft->reader, need.halves, need.count);
    }
}

struct filed {
    uint32_t key, rule;
};

static int compare_filed(const void *a, const void *b) {
    const struct filed *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

static void write_buckets(struct image_writer *writer, const struct filed *filed, uint32_t count) {
    for (uint32_t i = 0; i < count;) {
        struct rule_bucket bucket = {filed[i].key, {image_count(writer, IMAGE_RULE_LISTS), 0}};
        for (uint32_t last = UINT32_MAX; i < count && filed[i].key == bucket.key; i++) {
            if (filed[i].rule == last)
                continue;
            last = filed[i].rule;
            image_add_record(writer, IMAGE_RULE_LISTS, &last, sizeof last);
            bucket.rules.count++;
        }
        image_add_record(writer, IMAGE_RULE_INDEX, &bucket, sizeof bucket);
    }
}

void drafts_index(struct arena *arena, struct image_writer *writer,
                  struct rule_draft *const *drafts, uint32_t count) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < count; i++)
        total += drafts[i]->keys.count;
    struct filed *filed = ARENA_ARRAY(arena, struct filed, (size_t)total + 1);
    uint32_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t k = 0; k < drafts[i]->keys.count; k++)
            filed[at++] = (struct filed){drafts[i]->keys.items[k], i};
    }
    if (total)
        qsort(filed, total, sizeof *filed, compare_filed);
    write_buckets(writer, filed, total);
}
