#include "resolve/formula_parse.h"

bool formula_is_used(const struct dialect *dialect) {
    return dialect && dialect->record && dialect_property(dialect, "formulas").size;
}

void formula_init(struct formula_scope *scope, struct arena *arena,
                  const struct formula_scope *other) {
    *scope = (struct formula_scope){.arena = arena, .other = other};
    map_init(&scope->index, arena);
}

static struct slice name_key(struct arena *arena, struct slice kind, struct slice name) {
    return ARENA_CONCAT(arena, kind, SLICE(":"), name);
}

static struct formula_name *name_entry(struct formula_scope *scope, struct slice kind,
                                       struct slice name) {
    struct slice key = name_key(scope->arena, kind, name);
    uint32_t at = map_set_default(&scope->index, key, scope->names.count);
    if (at == scope->names.count)
        vec_push(scope->arena, &scope->names, ((struct formula_name){.value = NULL}));
    return &scope->names.items[at];
}

/* The row of a kind in a property such as `formula_values`; false if it has none. */
static bool value_path(const struct dialect *dialect, const char *property, struct slice kind,
                       struct slice *path) {
    struct slice rest = dialect_property(dialect, property), part;
    while (slice_split(&rest, ',', &part)) {
        part = slice_trim(part);
        size_t equals = slice_find_byte(part, '=');
        if (!slice_equal(slice_sub(part, 0, equals), kind))
            continue;
        *path = equals == SLICE_NPOS ? SLICE("") : slice_from(part, equals + 1);
        return true;
    }
    return false;
}

/* At the path; without one, the last attribute behind the first, which is the name. */
static const struct value *value_of(const struct value *body, struct slice path) {
    const struct value *last = body && body->count > 1 ? body->items[body->count - 1].value : NULL;
    const struct value *value = path.size ? value_at(body, path) : last;
    return value && value->kind != VALUE_UNKNOWN ? value : NULL;
}

void formula_add(struct formula_scope *scope, const struct entity_list *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        const struct entity *entity = &list->items[i];
        struct slice path;
        scope->dialect = entity->dialect;
        if (!value_path(entity->dialect, "formula_values", entity->kind, &path))
            continue;
        struct formula_name *name = name_entry(scope, entity->kind, entity->name);
        if (!name->given)
            name->value = value_of(entity->body, path);
    }
}

const struct value *formula_given(const struct entity *entity) {
    struct slice path;
    return value_path(entity->dialect, "given_values", entity->kind, &path)
               ? value_of(entity->body, path)
               : NULL;
}

void formula_give(struct formula_scope *scope, struct slice kind, struct slice name,
                  const struct value *value, struct slice path) {
    struct formula_name *entry = name_entry(scope, kind, name);
    *entry = (struct formula_name){.value = value, .given = true, .path = path};
}

static uint32_t find_name(const struct formula_scope *scope, struct slice kind, struct slice name) {
    if (!slice_is_none(kind))
        return map_get(&scope->index, name_key(scope->arena, kind, name));
    struct slice rest = dialect_property(scope->dialect, "formula_values"), part;
    while (slice_split(&rest, ',', &part)) {
        part = slice_trim(part);
        uint32_t at =
            map_get(&scope->index,
                    name_key(scope->arena, slice_sub(part, 0, slice_find_byte(part, '=')), name));
        if (at != MAP_ABSENT)
            return at;
    }
    return MAP_ABSENT;
}

/* A running deployment keeps the value it was given where nothing was written down. */
static bool is_one_sided(const struct formula_scope *scope, struct slice kind, struct slice name) {
    uint32_t at =
        scope->other && scope->other->dialect ? find_name(scope->other, kind, name) : MAP_ABSENT;
    return at != MAP_ABSENT && !scope->other->names.items[at].value;
}

const struct value *formula_find(struct formula *formula, struct slice kind, struct slice name) {
    struct formula_scope *scope = formula->scope;
    uint32_t at = slice_is_none(name) ? MAP_ABSENT : find_name(scope, kind, name);
    if (at == MAP_ABSENT || !scope->names.items[at].value || is_one_sided(scope, kind, name))
        return NULL;
    struct formula_name *entry = &scope->names.items[at];
    if (entry->visiting || scope->depth >= FORMULA_DEPTH)
        return NULL;
    if (!entry->done) {
        entry->visiting = true;
        scope->depth++;
        const struct value *result = formula_value(scope, entry->value);
        scope->depth--;
        entry = &scope->names.items[at];
        entry->result = result;
        entry->visiting = false;
        entry->done = true;
    }
    formula->resolved = true;
    return entry->result;
}

/* The formula in a text with brackets around it; SLICE_NONE if it is an ordinary one. */
static struct slice inside_brackets(struct slice text) {
    bool formula = slice_starts(text, SLICE("[")) && slice_ends(text, SLICE("]")) &&
                   !slice_starts(text, SLICE("[["));
    return formula ? slice_sub(text, 1, text.size - 1) : SLICE_NONE;
}

/* What it came to stands where it stood. */
static const struct value *place(struct formula_scope *scope, const struct value *value,
                                 struct span span, bool resolved) {
    size_t bytes = sizeof *value + value->text.size + value->count * sizeof *value->items;
    if (bytes > FORMULA_BUDGET - scope->spent)
        return NULL;
    scope->spent += bytes;
    struct value *copy = ARENA_NEW(scope->arena, struct value);
    *copy = *value;
    copy->span = span;
    copy->resolved |= resolved;
    copy->items = ARENA_ARRAY(scope->arena, struct value_item, value->count);
    for (uint32_t i = 0; i < value->count; i++) {
        const struct value *item = place(scope, value->items[i].value, span, resolved);
        if (!item)
            return NULL;
        copy->items[i] = (struct value_item){value->items[i].key, span, item};
    }
    return copy;
}

static const struct value *evaluate(struct formula_scope *scope, const struct value *value,
                                    struct slice text, bool template) {
    struct formula formula = {.scope = scope, .arena = scope->arena, .text = text};
    const struct value *found =
        template ? formula_text(&formula, text) : formula_evaluate(&formula);
    const struct value *placed =
        found && !formula.failed ? place(scope, found, value->span, formula.resolved) : NULL;
    return placed ? placed : value;
}

static const struct value *value_items(struct formula_scope *scope, const struct value *value) {
    struct value *copy = NULL;
    for (uint32_t i = 0; i < value->count; i++) {
        const struct value *item = formula_value(scope, value->items[i].value);
        if (item == value->items[i].value)
            continue;
        if (!copy)
            copy = value_copy(scope->arena, value);
        copy->items[i].value = item;
    }
    return copy ? copy : value;
}

const struct value *formula_value(struct formula_scope *scope, const struct value *value) {
    if (!value || !scope->dialect)
        return value;
    if (value->kind == VALUE_LIST || value->kind == VALUE_MAP)
        return value_items(scope, value);
    if (slice_is(dialect_property(scope->dialect, "formulas"), "brackets")) {
        struct slice inside =
            value->kind == VALUE_LITERAL ? inside_brackets(value->text) : SLICE_NONE;
        return slice_is_none(inside) ? value : evaluate(scope, value, inside, false);
    }
    if (value->kind == VALUE_REFERENCE || value->kind == VALUE_EXPRESSION)
        return evaluate(scope, value, value->text, value->template);
    bool template = value->kind == VALUE_LITERAL && value->type == LITERAL_STRING &&
                    slice_contains(value->text, SLICE("${"));
    return template ? evaluate(scope, value, value->text, true) : value;
}

static struct slice text_of(const struct value *value) {
    return value && (value->kind == VALUE_LITERAL || value->kind == VALUE_EXPRESSION ||
                     value->kind == VALUE_REFERENCE)
               ? value->text
               : SLICE_NONE;
}

/* What a thing is declared in, or says that it belongs to (dialect property `formula_parent`: the
 * attribute that holds the name of a declaration); NULL if nothing. */
static const struct entity *parent_of(const struct entity_list *list, const struct entity *entity) {
    struct slice key = dialect_property(entity->dialect, "formula_parent");
    const struct value *symbol = key.size ? value_get(entity->body, key) : NULL;
    if (!symbol || symbol->kind != VALUE_REFERENCE)
        return NULL;
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t scope = list->items[i].scope;
        if (&list->items[i] != entity && scope != ENTITY_NONE &&
            slice_equal(list->items[i].kind, entity->kind) &&
            slice_equal(list->items[scope].name, symbol->text))
            return &list->items[i];
    }
    return NULL;
}

static struct slice name_at(struct formula_scope *scope, const struct entity_list *list,
                            const struct entity *entity, uint32_t depth) {
    const struct value *given = value_get(entity->body, SLICE("name"));
    struct slice raw = text_of(given);
    if (slice_is_none(raw) || !slice_ends(entity->name, raw) || depth >= FORMULA_DEPTH)
        return entity->name;
    struct slice own = text_of(formula_value(scope, given));
    const struct entity *parent = parent_of(list, entity);
    if (entity->name.size == raw.size && !parent)
        return own;
    if (!parent && (entity->scope == ENTITY_NONE || slice_equal(own, raw)))
        return entity->name;
    struct slice outer =
        name_at(scope, list, parent ? parent : &list->items[entity->scope], depth + 1);
    return ARENA_CONCAT(scope->arena, outer, SLICE("/"), own);
}

struct slice formula_name_of(struct formula_scope *scope, const struct entity_list *list,
                             const struct entity *entity) {
    return name_at(scope, list, entity, 0);
}

/* The whole name stands in the place of what is written, where it begins with a parent's. */
const struct value *formula_body(struct formula_scope *scope, const struct entity_list *list,
                                 const struct entity *entity) {
    const struct value *body = formula_value(scope, entity->body);
    if (!parent_of(list, entity))
        return body;
    struct value *copy = value_copy(scope->arena, body);
    for (uint32_t i = 0; i < copy->count; i++) {
        if (!slice_is(copy->items[i].key, "name"))
            continue;
        struct value *name = ARENA_NEW(scope->arena, struct value);
        *name = *copy->items[i].value;
        name->text = formula_name_of(scope, list, entity);
        copy->items[i].value = name;
    }
    return copy;
}

bool formula_is_name(const struct entity *entity) {
    struct slice path;
    return value_path(entity->dialect, "formula_values", entity->kind, &path);
}

static bool is_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

/* Does the name stand for something else than before? */
static bool is_other(struct formula_scope *before, struct formula_scope *after, struct slice name) {
    uint32_t was = find_name(before, SLICE_NONE, name), is = find_name(after, SLICE_NONE, name);
    if (was == MAP_ABSENT || is == MAP_ABSENT)
        return false;
    const struct value *old = formula_value(before, before->names.items[was].value);
    const struct value *new = formula_value(after, after->names.items[is].value);
    return old && new && !value_equal(old, new);
}

static struct slice other_name(struct formula_scope *before, struct formula_scope *after,
                               const struct value *value) {
    struct slice text = text_of(value);
    for (size_t at = 0; at < text.size;) {
        size_t from = at;
        while (at < text.size && is_word(text.data[at]))
            at++;
        struct slice word = slice_sub(text, from, at);
        if (word.size && is_other(before, after, word))
            return word;
        at += at == from;
    }
    for (uint32_t i = 0; value && i < value->count; i++) {
        struct slice found = other_name(before, after, value->items[i].value);
        if (!slice_is_none(found))
            return found;
    }
    return SLICE_NONE;
}

struct slice formula_origin(struct formula_scope *before, struct formula_scope *after,
                            const struct value *is) {
    struct strbuf out;
    struct slice path = SLICE_NONE;
    strbuf_init(&out, after->arena);
    for (uint32_t i = 0; is && i < FORMULA_ORIGINS; i++) {
        struct slice name = other_name(before, after, is);
        if (slice_is_none(name))
            break;
        const struct formula_name *entry = &after->names.items[find_name(after, SLICE_NONE, name)];
        strbuf_add_text(&out, i ? " and " : "");
        strbuf_add(&out, name);
        path = entry->path;
        is = entry->value;
    }
    if (path.size) {
        strbuf_add_text(&out, ", from ");
        strbuf_add(&out, path);
    }
    return strbuf_slice(&out);
}
