/* The parts of a grant, found by paths that are facts. */
#include "fact/grant.h"
#include "fact/part.h"

/* Between the texts of a product: no policy holds it. */
#define JOINT "\x1f"

static void push(struct arena *arena, struct text_list *list, struct slice text) {
    if (!slice_is_none(text)) /* "" is a group of things in some systems */
        vec_push(arena, list, text);
}

static bool is_map_list(const struct value *value) {
    return value->kind == VALUE_LIST && value->count && value->items[0].value->kind == VALUE_MAP;
}

/* All texts in a value. In a list of maps, which is how blocks are read, those of lists only: the
 * others say what the lists are. */
static void push_leaves(struct arena *arena, struct text_list *list, const struct value *value,
                        bool lists_only) {
    if (value->kind != VALUE_LIST && value->kind != VALUE_MAP) {
        if (!lists_only && value->kind != VALUE_NULL)
            push(arena, list, value->text);
        return;
    }
    bool blocks = is_map_list(value);
    for (uint32_t i = 0; i < value->count; i++) {
        bool named = value->kind == VALUE_MAP;
        push_leaves(arena, list, value->items[i].value, named ? lists_only : blocks);
    }
}

struct source {
    struct arena *arena;
    const struct value *body, *element;
};

static void collect_one(const struct source *from, struct slice path, struct text_list *list) {
    const struct value *value = part_find(from->body, from->element, path);
    if (value)
        push_leaves(from->arena, list, value, false);
}

/* Every text of each path joined with every text of the next. */
static void collect_product(const struct source *from, struct slice paths, struct text_list *list) {
    struct text_list so_far = {0};
    struct slice path;
    bool first = true;
    for (; slice_split(&paths, '+', &path); first = false) {
        struct text_list texts = {0}, next = {0};
        bool optional = slice_ends(path, SLICE("?"));
        collect_one(from, slice_sub(path, 0, path.size - optional), &texts);
        if (!texts.count && optional)
            vec_push(from->arena, &texts, SLICE("*"));
        for (uint32_t a = 0; a < (first ? 1 : so_far.count); a++)
            for (uint32_t b = 0; b < texts.count && next.count < GRANT_STEPS / 64; b++)
                vec_push(from->arena, &next,
                         first ? texts.items[b]
                               : arena_format(from->arena, "%.*s" JOINT "%.*s",
                                              SLICE_ARGS(so_far.items[a]),
                                              SLICE_ARGS(texts.items[b])));
        so_far = next;
    }
    for (uint32_t i = 0; i < so_far.count; i++)
        vec_push(from->arena, list, so_far.items[i]);
}

static void collect(const struct source *from, struct slice parts, const char *name,
                    struct text_list *list) {
    struct slice paths = part_path(parts, name), path;
    while (paths.size && slice_split(&paths, ',', &path))
        if (slice_find_byte(path, '+') == SLICE_NPOS)
            collect_one(from, path, list);
        else
            collect_product(from, path, list);
}

/* {operator: {key: values}}, and blocks whose scalars are the name and whose list is the values. */
static void collect_conditions(struct arena *arena, struct grant *grant, const struct value *value,
                               struct slice name) {
    struct grant_condition condition = {.name = name};
    for (uint32_t i = 0; i < value->count; i++) {
        const struct value_item *item = &value->items[i];
        bool map = item->value->kind == VALUE_MAP;
        if (value->kind == VALUE_LIST && map) {
            collect_conditions(arena, grant, item->value, SLICE(""));
        } else if (map) {
            collect_conditions(arena, grant, item->value, item->key);
        } else if (name.size) { /* below an operator: each key is a condition */
            struct grant_condition one = {
                .name = arena_format(arena, "%.*s %.*s", SLICE_ARGS(name), SLICE_ARGS(item->key))};
            push_leaves(arena, &one.values, item->value, false);
            vec_push(arena, &grant->conditions, one);
        } else if (item->value->kind == VALUE_LIST) {
            push_leaves(arena, &condition.values, item->value, false);
        } else {
            condition.name =
                arena_format(arena, "%.*s%s%.*s", SLICE_ARGS(condition.name),
                             condition.name.size ? " " : "", SLICE_ARGS(item->value->text));
        }
    }
    if (!name.size && condition.name.size)
        vec_push(arena, &grant->conditions, condition);
}

static bool is_word(const struct value *value, const char *word) {
    struct slice text = value ? value_literal(value) : SLICE_NONE;
    return !slice_is_none(text) && slice_equal_nocase(text, slice_of(word));
}

static bool has_reference(const struct value *value) {
    if (!value)
        return false;
    for (uint32_t i = 0;
         (value->kind == VALUE_LIST || value->kind == VALUE_MAP) && i < value->count; i++)
        if (has_reference(value->items[i].value))
            return true;
    return value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION ||
           value->kind == VALUE_UNKNOWN;
}

static bool is_opaque(const struct source *from, struct slice parts, const char *name) {
    struct slice paths = part_path(parts, name), path;
    while (paths.size && slice_split(&paths, ',', &path))
        if (has_reference(part_find(from->body, from->element, path)))
            return true;
    return false;
}

bool grant_read(struct arena *arena, const struct value *body, const struct value *element,
                struct slice parts, struct grant *grant) {
    struct source from = {arena, body, element};
    *grant = (struct grant){.from = element, .id = SLICE("")};
    struct slice effect = part_path(parts, "effect"), id = part_path(parts, "id");
    struct slice condition = part_path(parts, "condition");
    grant->deny = effect.size && is_word(part_find(body, element, effect), "deny");
    if (id.size && part_find(body, element, id))
        grant->id = part_find(body, element, id)->text;
    collect(&from, parts, "actions", &grant->actions);
    if (!grant->actions.count) {
        collect(&from, parts, "not_actions", &grant->actions);
        grant->but_actions = grant->actions.count != 0;
    }
    grant->strict = part_path(parts, "strict").size != 0;
    grant->opaque = is_opaque(&from, parts, "actions") || is_opaque(&from, parts, "principals");
    collect(&from, parts, "resources", &grant->resources);
    if (!grant->resources.count) {
        collect(&from, parts, "not_resources", &grant->resources);
        grant->but_resources = grant->resources.count != 0;
    }
    collect(&from, parts, "principals", &grant->principals);
    if (!grant->principals.count) {
        collect(&from, parts, "not_principals", &grant->principals);
        grant->but_principals = grant->principals.count != 0;
    }
    const struct value *limits = condition.size ? part_find(body, element, condition) : NULL;
    if (limits)
        collect_conditions(arena, grant, limits, SLICE(""));
    bool named = !part_path(parts, "resources").size || grant->resources.count ||
                 slice_find_byte(part_path(parts, "resources"), '+') == SLICE_NPOS;
    return grant->actions.count != 0 && named;
}
