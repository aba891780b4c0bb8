#include "resolve/cloudformation.h"

#include "base/strbuf.h"

void template_init(struct template_scope *scope, struct arena *arena,
                   const struct template_scope *other) {
    *scope = (struct template_scope){.arena = arena, .other = other};
    map_init(&scope->index, arena);
}

static struct slice name_key(struct arena *arena, enum template_kind kind, struct slice name) {
    static const char letters[] = "pmc";
    return ARENA_CONCAT(arena, slice_make(&letters[kind], 1), name);
}

static void name_put(struct template_scope *scope, struct slice name, struct template_name entry) {
    map_set(&scope->index, name_key(scope->arena, entry.kind, name), scope->names.count);
    vec_push(scope->arena, &scope->names, entry);
}

struct template_name *template_find(const struct template_scope *scope, enum template_kind kind,
                                    struct slice name) {
    uint32_t at = scope ? map_get(&scope->index, name_key(scope->arena, kind, name)) : MAP_ABSENT;
    return at == MAP_ABSENT ? NULL : &scope->names.items[at];
}

static bool is_list_type(struct slice type) {
    return slice_is(type, "CommaDelimitedList") || slice_starts(type, SLICE("List<"));
}

static void add_parameter(struct template_scope *scope, const struct entity *entity) {
    struct slice type = value_literal(value_get(entity->body, SLICE("Type")));
    name_put(scope, entity->name,
             (struct template_name){.kind = TEMPLATE_PARAMETER,
                                    .value = value_get(entity->body, SLICE("Default")),
                                    .list = is_list_type(type)});
}

void template_add(struct template_scope *scope, const struct entity_list *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        const struct entity *entity = &list->items[i];
        if (slice_is(entity->kind, "template") && !scope->root)
            scope->root = entity->body;
        else if (slice_is(entity->kind, "parameter"))
            add_parameter(scope, entity);
        else if (slice_is(entity->kind, "mapping"))
            name_put(scope, entity->name,
                     (struct template_name){.kind = TEMPLATE_MAPPING, .value = entity->body});
        else if (slice_is(entity->kind, "condition"))
            name_put(scope, entity->name,
                     (struct template_name){.kind = TEMPLATE_CONDITION,
                                            .value = value_get(entity->body, SLICE("value"))});
    }
}

bool template_spend(struct template_scope *scope, size_t bytes) {
    if (scope->spent > TEMPLATE_BUDGET || bytes > TEMPLATE_BUDGET - scope->spent)
        return false;
    scope->spent += bytes;
    return true;
}

const struct value *template_copy(struct template_scope *scope, const struct value *value,
                                  struct span at, bool resolved) {
    if (!template_spend(scope, sizeof *value + value->count * sizeof *value->items))
        return NULL;
    struct value *copy = ARENA_NEW(scope->arena, struct value);
    *copy = *value;
    copy->span = at;
    copy->resolved = value->resolved || resolved;
    copy->items = ARENA_ARRAY(scope->arena, struct value_item, value->count);
    for (uint32_t i = 0; i < value->count; i++) {
        const struct value *item = template_copy(scope, value->items[i].value, at, resolved);
        if (!item)
            return NULL;
        copy->items[i] = (struct value_item){value->items[i].key, at, item};
    }
    return copy;
}

struct slice template_role(const struct dialect *dialect, const struct value *value) {
    if (slice_is_none(value->tag))
        return SLICE_NONE;
    struct slice role = dialect_word(dialect, "function", slice_from(value->tag, 1));
    return slice_is_none(role) ? SLICE("expression") : role;
}

/* "a,b" as a list of texts. */
static const struct value *comma_list(struct arena *arena, const struct value *from) {
    struct value *list = ARENA_NEW(arena, struct value);
    *list = (struct value){.kind = VALUE_LIST, .span = from->span, .resolved = true};
    struct slice rest = value_literal(from), part;
    VEC(struct value_item) items = {0};
    while (slice_split(&rest, ',', &part)) {
        struct value *item = ARENA_NEW(arena, struct value);
        *item = (struct value){
            .kind = VALUE_LITERAL, .text = slice_trim(part), .span = from->span, .resolved = true};
        vec_push(arena, &items, ((struct value_item){SLICE_NONE, from->span, item}));
    }
    list->items = items.items;
    list->count = items.count;
    return list;
}

static const struct value *resolve_parameter(struct template_scope *scope,
                                             const struct value *value) {
    const struct template_name *name = template_find(scope, TEMPLATE_PARAMETER, value->text);
    const struct template_name *other =
        template_find(scope->other, TEMPLATE_PARAMETER, value->text);
    if (!name || !name->value || (other && !other->value))
        return value;
    const struct value *copy = template_copy(scope, name->value, value->span, true);
    if (!copy)
        return value;
    if (!name->list || copy->kind != VALUE_LITERAL)
        return copy;
    return template_spend(scope, copy->text.size * sizeof *copy) ? comma_list(scope->arena, copy)
                                                                 : value;
}

/* {"Ref": "AWS::NoValue"}: the key is not there. */
static bool is_no_value(const struct dialect *dialect, const struct value *value) {
    struct slice word = dialect_property(dialect, "no_value");
    return value->kind == VALUE_REFERENCE && word.size && slice_equal(value->text, word);
}

/* `keep`: what is no value stays in its place, as an argument does. */
static const struct value *resolve_items(struct template_scope *scope,
                                         const struct dialect *dialect, const struct value *value,
                                         bool keep) {
    struct value *copy = NULL;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < value->count; i++) {
        const struct value *item = template_resolve(scope, dialect, value->items[i].value);
        bool gone = !keep && is_no_value(dialect, item);
        if ((gone || item != value->items[i].value) && !copy)
            copy = value_copy(scope->arena, value);
        if (copy && !gone) {
            copy->items[kept] = value->items[i];
            copy->items[kept].value = item;
        }
        kept += !gone;
    }
    if (copy)
        copy->count = kept;
    return copy ? copy : value;
}

static void add_references(struct template_scope *scope, const struct value *from, void *list) {
    VEC(struct value_item) *items = list;
    if (from->kind == VALUE_REFERENCE)
        vec_push(scope->arena, items, ((struct value_item){SLICE_NONE, from->span, from}));
    bool flat = from->kind == VALUE_EXPRESSION;
    for (uint32_t i = 0; i < from->count; i++)
        if (!flat || from->items[i].value->kind == VALUE_REFERENCE)
            add_references(scope, from->items[i].value, list);
}

const struct value *template_rebuild(struct template_scope *scope, const struct value *value,
                                     const struct value *argument) {
    struct value *made = ARENA_NEW(scope->arena, struct value);
    *made = *value;
    made->resolved = true;
    made->text = value_render(scope->arena, argument, TEMPLATE_RENDER);
    VEC(struct value_item) items = {0};
    add_references(scope, argument, &items);
    vec_push(scope->arena, &items,
             ((struct value_item){SLICE(VALUE_ARGUMENT), value->span, argument}));
    made->items = items.items;
    made->count = items.count;
    return made;
}

/* The value that the text between "${self:" and "}" names; NULL if there is none here. */
static const struct value *named_by(const struct template_scope *scope, struct slice path) {
    struct slice clean = slice_trim(slice_sub(path, 0, slice_find_byte(path, ',')));
    return scope->root && clean.size ? value_at(scope->root, clean) : NULL;
}

static const struct value *resolve_text(struct template_scope *scope, const struct dialect *dialect,
                                        const struct value *value) {
    struct slice self = dialect_property(dialect, "self"), rest = value->text;
    struct strbuf out;
    bool changed = false;
    strbuf_init(&out, scope->arena);
    for (size_t at; self.size && (at = slice_find(rest, SLICE("${"))) != SLICE_NPOS;) {
        struct slice inner = slice_from(rest, at + 2);
        size_t end = slice_find_byte(inner, '}');
        const struct value *found = slice_starts(inner, self) && end != SLICE_NPOS
                                        ? named_by(scope, slice_sub(inner, self.size, end))
                                        : NULL;
        if (found && !at && !changed && end + 1 == inner.size) {
            const struct value *copy = template_copy(scope, found, value->span, true);
            return copy ? template_resolve(scope, dialect, copy) : value;
        }
        bool known =
            found && found->kind == VALUE_LITERAL && template_spend(scope, found->text.size);
        strbuf_add(&out, slice_sub(rest, 0, known ? at : at + 2));
        if (known)
            strbuf_add(&out, template_resolve(scope, dialect, found)->text);
        changed |= known;
        rest = known ? slice_from(inner, end + 1) : inner;
    }
    if (!changed)
        return value;
    strbuf_add(&out, rest);
    struct value *made = ARENA_NEW(scope->arena, struct value);
    *made = *value;
    made->text = strbuf_slice(&out);
    made->resolved = true;
    return made;
}

static const struct value *resolve_one(struct template_scope *scope, const struct dialect *dialect,
                                       const struct value *value) {
    switch ((enum value_kind)value->kind) {
    case VALUE_REFERENCE:
        return slice_is(template_role(dialect, value), "reference")
                   ? resolve_parameter(scope, value)
                   : value;
    case VALUE_EXPRESSION:
        return template_function(scope, dialect, value, template_role(dialect, value));
    case VALUE_LITERAL:
        return slice_contains(value->text, SLICE("${")) ? resolve_text(scope, dialect, value)
                                                        : value;
    case VALUE_LIST:
    case VALUE_MAP:
        return resolve_items(scope, dialect, value, false);
    default:
        return value;
    }
}

const struct value *template_resolve(struct template_scope *scope, const struct dialect *dialect,
                                     const struct value *value) {
    if (scope->depth >= TEMPLATE_DEPTH)
        return value;
    scope->depth++;
    const struct value *result = resolve_one(scope, dialect, value);
    scope->depth--;
    return result;
}

const struct value *template_arguments(struct template_scope *scope, const struct dialect *dialect,
                                       const struct value *value) {
    if (value->kind != VALUE_LIST || scope->depth >= TEMPLATE_DEPTH)
        return template_resolve(scope, dialect, value);
    scope->depth++;
    const struct value *result = resolve_items(scope, dialect, value, true);
    scope->depth--;
    return result;
}

static const struct value *outcome_value(struct template_scope *scope, const struct entity *entity,
                                         const struct value *name) {
    const struct template_name *found =
        template_find(scope, TEMPLATE_CONDITION, value_literal(name));
    if (!found || !found->value)
        return name;
    struct template_outcome outcome = template_decide(scope, entity->dialect, name->text);
    if (outcome.truth == OUTCOME_UNKNOWN)
        return name;
    struct value *made = ARENA_NEW(scope->arena, struct value);
    *made = *name;
    struct slice word = outcome.truth == OUTCOME_TRUE ? SLICE("true") : SLICE("false");
    made->text = word;
    made->type = LITERAL_BOOL;
    if (outcome.open) {
        struct slice text = value_render(scope->arena, found->value, TEMPLATE_RENDER);
        made->text = ARENA_CONCAT(scope->arena, word, SLICE(" ("), text, SLICE(")"));
        made->type = LITERAL_STRING;
        made->resolved = true;
    }
    return made;
}

const struct value *template_body(struct template_scope *scope, const struct entity *entity) {
    const struct value *body = template_resolve(scope, entity->dialect, entity->body);
    struct slice key = dialect_property(entity->dialect, "exists");
    const struct value *name = key.size ? value_get(body, key) : NULL;
    const struct value *outcome = name ? outcome_value(scope, entity, name) : NULL;
    if (outcome == name)
        return body;
    struct value *copy = value_copy(scope->arena, body);
    for (uint32_t i = 0; i < copy->count; i++)
        if (copy->items[i].value == name)
            copy->items[i].value = outcome;
    return copy;
}
