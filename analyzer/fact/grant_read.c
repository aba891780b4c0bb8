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
    const struct grant_form *form;
};

static const struct value *find(const struct source *from, struct slice path) {
    return part_find(from->form->body, from->form->element, path);
}

static void collect_one(const struct source *from, struct slice path, struct text_list *list) {
    const struct value *value = slice_is(path, "@") ? NULL : find(from, path);
    if (slice_is(path, "@"))
        push(from->arena, list, from->form->key);
    if (value)
        push_leaves(from->arena, list, value, false);
}

/* A product of stars alone. */
static bool is_all(struct slice text) {
    struct slice part;
    while (slice_split(&text, *JOINT, &part))
        if (!slice_is(part, "*"))
            return false;
    return true;
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
        vec_push(from->arena, list, is_all(so_far.items[i]) ? SLICE("*") : so_far.items[i]);
}

static void collect(const struct source *from, const char *name, struct text_list *list) {
    struct slice paths = part_path(from->form->parts, name), path;
    while (paths.size && slice_split(&paths, ',', &path))
        if (slice_find_byte(path, '+') == SLICE_NPOS)
            collect_one(from, path, list);
        else
            collect_product(from, path, list);
}

/* The scalars of a block say what is limited, by the order of their names; its list what to. */
static void collect_block(struct arena *arena, struct grant_conditions *into,
                          const struct value *block) {
    struct grant_condition condition = {.name = SLICE("")};
    struct slice last = SLICE("");
    for (;;) {
        const struct value_item *next = NULL;
        for (uint32_t i = 0; i < block->count; i++) {
            const struct value_item *item = &block->items[i];
            if (item->value->kind != VALUE_LIST && item->value->kind != VALUE_MAP &&
                slice_compare(item->key, last) > 0 &&
                (!next || slice_compare(item->key, next->key) < 0))
                next = item;
        }
        if (!next)
            break;
        last = next->key;
        condition.name =
            arena_format(arena, "%.*s%s%.*s", SLICE_ARGS(condition.name),
                         condition.name.size ? " " : "", SLICE_ARGS(next->value->text));
    }
    for (uint32_t i = 0; i < block->count; i++)
        if (block->items[i].value->kind == VALUE_LIST)
            push_leaves(arena, &condition.values, block->items[i].value, false);
    if (condition.name.size)
        vec_push(arena, into, condition);
}

/* {operator: {key: values}}, blocks, or one text. */
static void collect_conditions(struct arena *arena, struct grant_conditions *into,
                               const struct value *value) {
    if (value->kind == VALUE_NULL)
        return;
    if (value->kind != VALUE_LIST && value->kind != VALUE_MAP) {
        struct grant_condition one = {.name = SLICE("condition")};
        vec_push(arena, &one.values, value->text);
        vec_push(arena, into, one);
        return;
    }
    bool limbs = false;
    for (uint32_t i = 0; i < value->count; i++) {
        const struct value_item *item = &value->items[i];
        if (value->kind == VALUE_LIST)
            collect_conditions(arena, into, item->value);
        else if (item->value->kind == VALUE_MAP)
            for (uint32_t k = 0; k < item->value->count; k++) {
                const struct value_item *limb = &item->value->items[k];
                struct grant_condition one = {.name = arena_format(arena, "%.*s %.*s",
                                                                   SLICE_ARGS(item->key),
                                                                   SLICE_ARGS(limb->key))};
                push_leaves(arena, &one.values, limb->value, false);
                vec_push(arena, into, one);
                limbs = true;
            }
    }
    if (value->kind == VALUE_MAP && !limbs)
        collect_block(arena, into, value);
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

static bool is_opaque(const struct source *from, const char *name) {
    struct slice paths = part_path(from->form->parts, name), path;
    while (paths.size && slice_split(&paths, ',', &path))
        if (has_reference(find(from, path)))
            return true;
    return false;
}

static bool has(const struct source *from, const char *name) {
    return slice_is(part_path(from->form->parts, name), "yes");
}

static void collect_scope(const struct source *from, const char *name, const char *except,
                          struct grant_scope *scope) {
    collect(from, name, &scope->texts);
    collect(from, except, &scope->except);
}

/* An action stands for those behind it in its chain, too. */
static void add_lower_ranks(const struct source *from, struct text_list *actions) {
    struct slice chains = part_path(from->form->parts, "ranks"), chain, rank;
    uint32_t count = actions->count;
    while (chains.size && slice_split(&chains, ';', &chain))
        while (slice_split(&chain, ',', &rank))
            for (uint32_t i = 0; i < count; i++) {
                struct slice rest = chain, lower;
                bool ranked = slice_equal_nocase(actions->items[i], rank);
                while (ranked && slice_split(&rest, ',', &lower))
                    vec_push(from->arena, actions, lower);
            }
}

/* "deny" among the actions denies every one. */
static void judge_effect(const struct source *from, struct grant *grant) {
    struct slice effect = part_path(from->form->parts, "effect");
    struct slice deny = part_path(from->form->parts, "deny");
    grant->deny = slice_is(deny, "yes") || (effect.size && is_word(find(from, effect), "deny"));
    if (!deny.size || slice_is(deny, "yes"))
        return;
    for (uint32_t i = 0; i < grant->actions.texts.count && !grant->deny; i++)
        grant->deny = slice_equal_nocase(grant->actions.texts.items[i], deny);
    if (grant->deny)
        grant->actions.texts.count = 0;
}

/* What is named for a text stands for all that begins with it. */
static void open_ends(struct arena *arena, struct text_list *list) {
    for (uint32_t i = 0; i < list->count; i++)
        list->items[i] = arena_format(arena, "%.*s*", SLICE_ARGS(list->items[i]));
}

static void read_resources(const struct source *from, struct grant *grant) {
    struct grant_scope *resources = &grant->resources;
    collect_scope(from, "resources", "not_resources", resources);
    resources->below = has(from, "below");
    if (has(from, "begin"))
        open_ends(from->arena, &resources->texts);
}

bool grant_read(struct arena *arena, const struct grant_form *form, struct grant *grant) {
    struct source from = {arena, form};
    struct slice parts = form->parts, id = part_path(parts, "id");
    struct slice condition = part_path(parts, "condition");
    *grant = (struct grant){.from = form->element,
                            .id = SLICE(""),
                            .strict = has(&from, "strict"),
                            .closest = has(&from, "closest")};
    if (id.size && find(&from, id))
        grant->id = find(&from, id)->text;
    collect_scope(&from, "actions", "not_actions", &grant->actions);
    bool named = grant->actions.texts.count || grant->actions.except.count;
    collect(&from, "less_actions", &grant->actions.except);
    grant->written = grant->actions.texts.count;
    add_lower_ranks(&from, &grant->actions.texts);
    judge_effect(&from, grant);
    grant->opaque = is_opaque(&from, "actions") || is_opaque(&from, "principals");
    read_resources(&from, grant);
    collect_scope(&from, "principals", "not_principals", &grant->principals);
    const struct value *limits = condition.size ? find(&from, condition) : NULL;
    if (limits)
        collect_conditions(arena, &grant->conditions, limits);
    struct slice resources = part_path(parts, "resources");
    bool whole = grant->resources.texts.count || slice_find_byte(resources, '+') == SLICE_NPOS;
    return named && whole;
}
