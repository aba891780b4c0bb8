#include "resolve/evaluate.h"

#include "base/glob.h"

#include "base/path.h"
#include "base/strbuf.h"

enum { STATE_NEW, STATE_VISITING, STATE_DONE };
enum { RANK_DEFAULT, RANK_OVERRIDE, RANK_FILE, RANK_AUTOMATIC };

void resolve_init(struct resolve_scope *scope, struct arena *arena) {
    *scope = (struct resolve_scope){.arena = arena, .included = SLICE_NONE};
    map_init(&scope->index, arena);
    map_init(&scope->moved_from, arena);
    map_init(&scope->forgotten, arena);
}

static struct resolve_setting *setting_get(struct resolve_scope *scope, struct slice name) {
    uint32_t at = map_set_default(&scope->index, name, scope->settings.count);
    if (at == scope->settings.count)
        vec_push(scope->arena, &scope->settings, (struct resolve_setting){.name = name});
    return &scope->settings.items[at];
}

static void setting_put(struct resolve_scope *scope, struct slice name, const struct value *value,
                        uint32_t rank, struct slice path) {
    struct resolve_setting *setting = setting_get(scope, name);
    if (setting->value && rank < setting->rank)
        return;
    setting->path = path;
    setting->open = setting->value && rank == RANK_FILE && setting->rank == RANK_FILE;
    setting->value = value;
    setting->rank = rank;
}

static struct slice automatic_files(const struct dialect *dialect) {
    return dialect && dialect->record ? dialect_property(dialect, "automatic") : SLICE_NONE;
}

/* The place of the file in the property `automatic` (globs of file names, weakest first); value
 * files that are named on the command line have none. */
static uint32_t file_rank(const struct dialect *dialect, struct slice path) {
    struct slice globs = automatic_files(dialect), glob;
    for (uint32_t rank = RANK_AUTOMATIC; slice_split(&globs, ',', &glob); rank++)
        if (glob_match(slice_trim(glob), path_base(path)))
            return rank;
    return RANK_FILE;
}

bool resolve_is_chosen(const struct dialect *dialect, struct slice path) {
    return automatic_files(dialect).size && file_rank(dialect, path) == RANK_FILE;
}

bool resolve_is_override(const struct dialect *dialect, struct slice path) {
    struct slice globs =
        dialect && dialect->record ? dialect_property(dialect, "override_files") : SLICE_NONE;
    struct slice glob;
    while (slice_split(&globs, ',', &glob))
        if (glob_match(slice_trim(glob), path_base(path)))
            return true;
    return false;
}

static uint32_t declared_rank(const struct entity *entity, struct slice path) {
    return resolve_is_override(entity->dialect, path) ? RANK_OVERRIDE : RANK_DEFAULT;
}

/* A body that only wraps one value under "value" stands for that value. */
static const struct value *wrapped_value(const struct value *body) {
    const struct value *value = value_get(body, SLICE("value"));
    return value && body->count == 1 ? value : body;
}

static struct slice prefixed(struct resolve_scope *scope, const char *prefix, struct slice name) {
    struct slice head = slice_of(prefix);
    return slice_starts(name, head)
               ? name
               : arena_format(scope->arena, "%s%.*s", prefix, SLICE_ARGS(name));
}

static struct slice address_of(const struct value *body, const char *key) {
    const struct value *value = value_get(body, slice_of(key));
    return value ? value->text : SLICE_NONE;
}

static void add_move(struct resolve_scope *scope, const struct value *body) {
    struct resolve_move move = {address_of(body, "from"), address_of(body, "to")};
    if (!move.from.size || !move.to.size)
        return;
    map_set_default(&scope->moved_from, move.from, scope->moves.count);
    vec_push(scope->arena, &scope->moves, move);
}

static void add_entity(struct resolve_scope *scope, const struct entity *entity,
                       struct slice path) {
    if (slice_is(entity->kind, "variable")) {
        const struct value *value = value_get(entity->body, SLICE("default"));
        uint32_t rank = declared_rank(entity, path);
        const struct value *type = value_get(entity->body, SLICE("type"));
        struct slice name = prefixed(scope, "var.", entity->name);
        if (value || rank == RANK_DEFAULT) /* an override may leave the default as it is */
            setting_put(scope, name, value, rank, path);
        if (type && type->kind == VALUE_EXPRESSION)
            setting_get(scope, name)->type = type->text;
    } else if (slice_is(entity->kind, "local")) {
        setting_put(scope, prefixed(scope, "local.", entity->name), wrapped_value(entity->body),
                    declared_rank(entity, path), path);
    } else if (slice_is(entity->kind, "assignment")) {
        setting_put(scope, prefixed(scope, "var.", entity->name), wrapped_value(entity->body),
                    file_rank(entity->dialect, path), path);
    } else if (slice_is(entity->kind, "moved")) {
        add_move(scope, entity->body);
    } else if (slice_is(entity->kind, "removed")) {
        struct slice from = address_of(entity->body, "from");
        if (from.size && value_is_false(value_at(entity->body, SLICE("lifecycle.destroy"))))
            map_set(&scope->forgotten, from, 1);
    }
}

void resolve_add_arguments(struct resolve_scope *scope, const struct value *call) {
    for (uint32_t i = 0; i < call->count; i++) {
        struct slice name = prefixed(scope, "var.", call->items[i].key);
        if (map_get(&scope->index, name) == MAP_ABSENT)
            continue; /* source, count and the like, or nothing that the module declares */
        struct resolve_setting *setting = setting_get(scope, name);
        if (call->items[i].value->kind == VALUE_NULL)
            continue; /* the default */
        setting->value = setting->result = call->items[i].value;
        if (setting->type.size)
            setting->result = resolve_typed(scope, setting->type, setting->value);
        setting->rank = UINT32_MAX;
        setting->open = false;
        setting->state = STATE_DONE; /* resolved where it is called from */
    }
}

void resolve_add(struct resolve_scope *scope, const struct entity_list *list, struct slice path) {
    for (uint32_t i = 0; i < list->count; i++)
        add_entity(scope, &list->items[i], path);
}

static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

struct slice resolve_head(struct slice text) {
    size_t at = slice_starts(text, SLICE("var.")) ? 4 : slice_starts(text, SLICE("local.")) ? 6 : 0;
    size_t end = at;
    while (at && end < text.size && is_name_byte(text.data[end]))
        end++;
    return end > at ? slice_sub(text, 0, end) : SLICE_NONE;
}

static size_t word_end(struct slice text, size_t at) {
    while (at < text.size && is_name_byte(text.data[at]))
        at++;
    return at;
}

struct slice resolve_output_head(struct slice text) {
    size_t from = slice_starts(text, SLICE("module.")) ? 7 : 0, dot = word_end(text, from);
    bool more = from && dot > from && dot < text.size && text.data[dot] == '.';
    size_t end = more ? word_end(text, dot + 1) : 0;
    return more && end > dot + 1 ? slice_sub(text, 0, end) : SLICE_NONE;
}

struct slice resolve_path(struct resolve_scope *scope, struct slice directory, struct slice text) {
    struct slice root = SLICE(PLACE_ROOT);
    if (slice_starts(text, root))
        return path_normalise(scope->arena, slice_from(text, root.size));
    bool plain = text.size && text.data[0] != '/' && text.data[0] != '~' &&
                 !slice_contains(text, SLICE("${"));
    return plain ? path_join(scope->arena, directory, text) : SLICE_NONE;
}

void resolve_reset(struct resolve_scope *scope) {
    for (uint32_t i = 0; i < scope->settings.count; i++)
        if (scope->settings.items[i].rank != UINT32_MAX)
            scope->settings.items[i].state = STATE_NEW;
}

/* Settings may be added no more once this ran. */
static const struct value *setting_result(struct resolve_scope *scope, uint32_t at) {
    struct resolve_setting *setting = &scope->settings.items[at];
    if (setting->open || !setting->value || scope->depth >= RESOLVE_DEPTH)
        return NULL;
    if (setting->state == STATE_VISITING) {
        vec_push(scope->arena, &scope->circles, setting->name);
        return NULL;
    }
    if (setting->state == STATE_NEW) {
        uint32_t circles = scope->circles.count;
        setting->state = STATE_VISITING;
        scope->depth++;
        setting->result = resolve_value(scope, setting->value);
        if (scope->circles.count > circles)
            setting->result = NULL; /* what leads to itself is not known */
        if (setting->type.size && setting->result)
            setting->result = resolve_typed(scope, setting->type, setting->result);
        scope->depth--;
        setting->state = STATE_DONE;
    }
    return setting->result;
}

/* ["k"].b[0] as a path: "k".b[0] */
static struct slice path_of_rest(struct arena *arena, struct slice rest) {
    struct strbuf path;
    strbuf_init(&path, arena);
    for (size_t i = 0; i < rest.size; i++) {
        bool key = rest.data[i] == '[' && i + 1 < rest.size && rest.data[i + 1] == '"';
        if (key)
            strbuf_add_byte(&path, '.');
        else if (rest.data[i] != ']' || !i || rest.data[i - 1] != '"')
            strbuf_add_byte(&path, rest.data[i]);
    }
    struct slice text = strbuf_slice(&path);
    return text.size && text.data[0] == '.' ? slice_from(text, 1) : text;
}

static const struct value *head_value(struct resolve_scope *scope, struct slice name,
                                      struct slice *head) {
    *head = resolve_head(name);
    uint32_t at = slice_is_none(*head) ? MAP_ABSENT : map_get(&scope->index, *head);
    if (at != MAP_ABSENT)
        return setting_result(scope, at);
    if (scope->output && !scope->settled)
        *head = resolve_output_head(name);
    bool output = scope->output && !scope->settled && !slice_is_none(*head);
    return output ? scope->output(scope->output_context, *head) : NULL;
}

const struct value *resolve_name(struct resolve_scope *scope, struct slice name) {
    struct slice head;
    const struct value *result = head_value(scope, name, &head);
    struct slice rest = slice_from(name, head.size);
    return result && rest.size ? value_at(result, path_of_rest(scope->arena, rest)) : result;
}

/* Names that are not addresses of objects. */
static bool is_address(const struct resolve_scope *scope, struct slice reference) {
    struct slice words = scope->namespaces, word;
    struct slice head = slice_sub(reference, 0, slice_find_byte(reference, '.'));
    while (slice_split(&words, ',', &word))
        if (slice_equal(head, slice_trim(word)))
            return false;
    return head.size < reference.size;
}

struct slice resolve_renamed(const struct resolve_scope *scope, struct slice reference) {
    if (scope->settled)
        return SLICE_NONE;
    bool moves = scope->renames && scope->renames->moves.count;
    struct slice moved = moves ? resolve_moved(scope->renames, reference) : SLICE_NONE;
    if (!scope->prefix.size || !is_address(scope, reference))
        return moved;
    return ARENA_CONCAT(scope->arena, scope->prefix, slice_is_none(moved) ? reference : moved);
}

static uint32_t count_nodes(const struct value *value, uint32_t limit) {
    uint32_t count = 1;
    for (uint32_t i = 0; i < value->count && count < limit; i++)
        count += count_nodes(value->items[i].value, limit - count);
    return count;
}

bool resolve_spend(struct resolve_scope *scope, size_t bytes) {
    if (bytes > RESOLVE_BUDGET - scope->spent)
        return false;
    scope->spent += bytes;
    return true;
}

/* The copy stands where the name stood. */
static struct value *copy_at(struct resolve_scope *scope, const struct value *value,
                             struct span span, bool named) {
    struct value *copy = ARENA_NEW(scope->arena, struct value);
    *copy = *value;
    copy->span = span;
    copy->resolved |= named;
    copy->items = ARENA_ARRAY(scope->arena, struct value_item, value->count);
    for (uint32_t i = 0; i < value->count; i++)
        copy->items[i] = (struct value_item){value->items[i].key, span,
                                             copy_at(scope, value->items[i].value, span, named)};
    return copy;
}

const struct value *resolve_place(struct resolve_scope *scope, const struct value *result,
                                  const struct value *value, bool named) {
    uint32_t nodes = count_nodes(result, RESOLVE_NODES + 1);
    if (nodes > RESOLVE_NODES || !resolve_spend(scope, nodes * sizeof *result))
        return value;
    struct value *copy = copy_at(scope, result, value->span, named);
    if (slice_is_none(copy->tag) && (copy->kind == VALUE_MAP || copy->kind == VALUE_LIST))
        copy->tag = value->tag; /* the name was encoded */
    return copy;
}

/* a.b[var.x]: what is asked for depends on names itself. */
static bool is_computed(struct slice text) {
    return slice_find_byte(text, '[') != SLICE_NPOS || slice_find_byte(text, '*') != SLICE_NPOS;
}

static const struct value *resolve_reference(struct resolve_scope *scope,
                                             const struct value *value) {
    const struct value *found = resolve_name(scope, value->text);
    if (!found && (scope->bound || is_computed(value->text)))
        return resolve_expression(scope, value);
    struct slice moved = found ? SLICE_NONE : resolve_renamed(scope, value->text);
    if (!slice_is_none(moved)) {
        struct value *copy = ARENA_NEW(scope->arena, struct value);
        *copy = *value;
        copy->text = moved;
        return copy;
    }
    return found ? resolve_place(scope, found, value, true) : value;
}

static bool is_emptied(const struct value *value) {
    return value->kind == VALUE_LIST && value->block && !value->count;
}

/* Blocks of which there are none are not there. */
static void drop_emptied(struct value *body) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < body->count; i++)
        if (!is_emptied(body->items[i].value))
            body->items[kept++] = body->items[i];
    body->count = kept;
}

static const struct value *resolve_items(struct resolve_scope *scope, const struct value *value) {
    struct value *copy = NULL;
    bool emptied = false;
    for (uint32_t i = 0; i < value->count; i++) {
        const struct value *item = resolve_value(scope, value->items[i].value);
        if (item == value->items[i].value)
            continue;
        if (!copy)
            copy = value_copy(scope->arena, value);
        copy->items[i].value = item;
        emptied |= is_emptied(item);
    }
    if (emptied)
        drop_emptied(copy);
    return copy ? copy : value;
}

/* JSON has its templates in texts; where the language has its own form of them, a text that still
 * holds a marker holds it escaped. */
static bool is_json_template(const struct value *value) {
    size_t at = value->type == LITERAL_STRING ? slice_find(value->text, SLICE("${")) : SLICE_NPOS;
    return at != SLICE_NPOS && (!at || value->text.data[at - 1] != '$');
}

const struct value *resolve_value(struct resolve_scope *scope, const struct value *value) {
    switch ((enum value_kind)value->kind) {
    case VALUE_REFERENCE:
        return resolve_reference(scope, value);
    case VALUE_EXPRESSION:
        return resolve_expression(scope, value);
    case VALUE_LITERAL:
        return is_json_template(value) ? resolve_expression(scope, value) : value;
    case VALUE_LIST:
        return resolve_is_maybe(value) ? resolve_maybe(scope, value) : resolve_items(scope, value);
    case VALUE_MAP:
        return resolve_items(scope, resolve_dynamic(scope, value));
    default:
        return value;
    }
}

static struct slice move_once(const struct resolve_scope *scope, struct slice address) {
    for (size_t end = address.size; end; end--) {
        if (end < address.size && address.data[end] != '.' && address.data[end] != '[')
            continue;
        uint32_t at = map_get(&scope->moved_from, slice_sub(address, 0, end));
        if (at == MAP_ABSENT)
            continue;
        struct slice to = scope->moves.items[at].to, rest = slice_from(address, end);
        if (slice_starts(rest, SLICE("[")) && slice_ends(to, SLICE("]")))
            continue; /* the object without index only */
        return arena_format(scope->arena, "%.*s%.*s", SLICE_ARGS(to), SLICE_ARGS(rest));
    }
    return SLICE_NONE;
}

struct slice resolve_moved(const struct resolve_scope *scope, struct slice address) {
    struct slice moved = SLICE_NONE;
    for (uint32_t i = 0; i < RESOLVE_DEPTH; i++) {
        struct slice next = move_once(scope, slice_is_none(moved) ? address : moved);
        if (slice_is_none(next))
            return moved;
        moved = next;
    }
    return SLICE_NONE; /* a circle */
}

bool resolve_moves_within(const struct resolve_scope *scope, struct slice address) {
    for (uint32_t i = 0; i < scope->moves.count; i++) {
        struct slice from = scope->moves.items[i].from, rest = slice_from(from, address.size);
        if (slice_starts(from, address) && (!rest.size || rest.data[0] == '['))
            return true;
    }
    return false;
}

bool resolve_is_forgotten(const struct resolve_scope *scope, struct slice address) {
    for (size_t end = address.size; end; end--)
        if ((end == address.size || address.data[end] == '.' || address.data[end] == '[') &&
            map_get(&scope->forgotten, slice_sub(address, 0, end)) != MAP_ABSENT)
            return true;
    return false;
}

const struct resolve_setting *resolve_find(const struct resolve_scope *scope, struct slice name) {
    uint32_t at = map_get(&scope->index, name);
    return at == MAP_ABSENT ? NULL : &scope->settings.items[at];
}

bool resolve_is_same(struct resolve_scope *before, struct resolve_scope *after, struct slice name) {
    struct resolve_scope *scopes[] = {before, after};
    const struct value *found[2] = {NULL, NULL};
    for (size_t i = 0; i < 2; i++) {
        uint32_t at = map_get(&scopes[i]->index, name);
        found[i] = at == MAP_ABSENT ? NULL : setting_result(scopes[i], at);
    }
    return found[0] && found[1] ? value_equal(found[0], found[1]) : found[0] == found[1];
}

static void note_changed(struct resolve_scope *scope, struct resolve_scope *other,
                         struct map *names) {
    for (uint32_t i = 0; i < scope->settings.count; i++) {
        struct slice name = scope->settings.items[i].name;
        uint32_t at = map_get(&other->index, name);
        const struct value *a = setting_result(scope, i);
        const struct value *b = at == MAP_ABSENT ? NULL : setting_result(other, at);
        if (a != b && (!a || !b || !value_equal(a, b)))
            map_set(names, name, 1);
    }
}

void resolve_changed_names(struct resolve_scope *before, struct resolve_scope *after,
                           struct map *names) {
    note_changed(before, after, names);
    note_changed(after, before, names);
}
