#include "entity/cache.h"
#include "entity/statement.h"

/* One entity on its way. */
struct draft {
    struct statements *st;
    const struct reading *reading;
    const struct clauses *clauses;
    struct run run; /* of the statement or action */
    struct body body;
    struct span span;
};

static void add_flag(struct draft *draft, const char *key, bool set) {
    if (set)
        body_add_key_text(&draft->body, slice_of(key), SLICE("true"), draft->span);
}

static void add_clauses(struct draft *draft) {
    struct statements *st = draft->st;
    struct body map = {.arena = st->builder->arena};
    const struct clauses *clauses = draft->clauses;
    for (uint32_t i = 0; clauses && i < clauses->list.count; i++) {
        struct run run = clauses->runs.items[i];
        struct slice text = run_text(st, run);
        struct span span = run.from < run.to ? run_span(st, run) : draft->span;
        struct slice key = clauses->list.items[i].key;
        if (!value_get(&(struct value){.items = map.items.items, .count = map.items.count}, key))
            vec_push(map.arena, &map.items,
                     ((struct value_item){key, span, value_text(map.arena, text, span)}));
    }
    if (map.items.count)
        body_add(&draft->body, "clauses", body_finish(&map, draft->span));
    const struct run *where = clauses ? clause_find(clauses, "where") : NULL;
    if (!where)
        return;
    add_flag(draft, "conditional", where->from && token_at(st, where->from - 1)->optional);
    enum truth truth = truth_of(st, *where);
    add_flag(draft, "tautology", truth == TRUTH_TRUE);
    add_flag(draft, "contradiction", truth == TRUTH_FALSE || truth == TRUTH_NULL);
}

static void add_captures(struct draft *draft) {
    const struct reading *reading = draft->reading;
    for (uint32_t i = 0; i < reading->captures.count; i++) {
        const struct capture *capture = &reading->captures.items[i];
        const struct value *value = capture->value;
        if (!value && capture->text.size)
            value = value_text(draft->body.arena, capture->text, capture->span);
        if (value)
            vec_push(draft->body.arena, &draft->body.items,
                     ((struct value_item){capture->key, capture->span, value}));
    }
}

/* Where the statement stands: the same for all entities of it. */
static void add_place(struct draft *draft) {
    struct statements *st = draft->st;
    add_flag(draft, "transaction", st->file->transaction && !st->body.size);
    add_flag(draft, "dynamic", st->dynamic);
    add_flag(draft, "explain", st->explain);
    if (draft->run.from < draft->run.to && token_at(st, draft->run.from)->executed)
        body_add_text(&draft->body, "commented", SLICE("executed"), draft->span);
    if (st->builder->code)
        code_place_add(st->builder->code, &draft->body, draft->span);
    body_add_text(&draft->body, "body", st->body, draft->span);
    body_add_text(&draft->body, "section", st->file->section, draft->span);
    body_add_text(&draft->body, "engine", st->file->engine, draft->span);
}

/* "table" of "drop table" and "alter table drop column"; "" where the object has no such word. */
static struct slice object_kind(const struct reading *reading) {
    struct slice type = strbuf_slice(&reading->type), verb, kind;
    if (form_has(reading->form, "rows"))
        return SLICE("table");
    if (!slice_split(&type, ' ', &verb))
        return SLICE("");
    if (!reading->form->group.size)
        return slice_from(type, slice_find_last_byte(type, ' ') + 1);
    return slice_split(&type, ' ', &kind) ? kind : SLICE("");
}

static struct slice object_key(struct draft *draft, struct slice name) {
    return ARENA_CONCAT(draft->st->builder->arena, object_kind(draft->reading), SLICE(":"), name);
}

static bool is_temporary(struct slice name) {
    return slice_starts(name, SLICE("#")) || slice_starts(name, SLICE("tempdb.")) ||
           slice_starts(name, SLICE("pg_temp.")) || slice_starts(name, SLICE("temp."));
}

static bool is_created(struct draft *draft, struct slice name) {
    const struct map *created = &draft->st->file->created;
    return is_temporary(name) || map_get(created, object_key(draft, name)) != MAP_ABSENT;
}

/* An attribute more for an entity that is told already. */
static void mark_entity(struct statements *st, uint32_t index, const char *key) {
    struct entity *entity = &st->builder->list->items.items[index];
    struct body body = {.arena = st->builder->arena};
    for (uint32_t i = 0; i < entity->body->count; i++)
        vec_push(body.arena, &body.items, entity->body->items[i]);
    struct value *flag =
        (struct value *)(uintptr_t)value_text(body.arena, SLICE("true"), entity->body->span);
    body_add_key(&body, slice_of(key), flag);
    entity->body = body_finish(&body, entity->body->span);
    entity->body_hash = value_hash(entity->body);
}

static void remember(struct draft *draft, struct slice name, uint32_t index) {
    struct statement_file *file = draft->st->file;
    const struct form *form = draft->reading->form;
    struct slice key = object_key(draft, name);
    if (form_has(form, "drops"))
        map_set(&file->dropped, key, index);
    if (!form_has(form, "creates"))
        return;
    uint32_t dropped = map_get(&file->dropped, key);
    if (dropped != MAP_ABSENT) {
        mark_entity(draft->st, dropped, "recreated");
        mark_entity(draft->st, index, "recreated");
    }
    map_set(&file->created, key, index);
}

/* The statement's words around one of several objects. */
static struct slice object_text(struct draft *draft, const struct object *object, uint32_t count,
                                const struct object *all) {
    struct statements *st = draft->st;
    struct slice text = run_text(st, draft->run);
    if (count < 2)
        return text;
    struct slice head = run_text(st, (struct run){draft->run.from, all[0].run.from});
    struct slice own = run_text(st, object->run);
    struct slice tail = run_text(st, (struct run){all[count - 1].run.to, draft->run.to});
    return ARENA_CONCAT(st->builder->arena, head, SLICE(" "), own,
                        tail.size ? SLICE(" ") : SLICE(""), tail);
}

static const struct run *definition_of(const struct statements *st, const struct reading *reading,
                                       const struct object *part, struct run *own) {
    if (!reading->many || !part)
        return reading->definition.from < reading->definition.to ? &reading->definition : NULL;
    struct slice name;
    uint32_t at = part->run.from;
    if (!name_read((struct statements *)(uintptr_t)st, &at, part->run.to, &name))
        return NULL;
    *own = (struct run){at, part->run.to};
    return own;
}

static void add_definition(struct draft *draft) {
    struct statements *st = draft->st;
    for (uint32_t at = draft->reading->end; at < draft->run.to; at = token_at(st, at)->next)
        if (token_has_role(st, at, ROLE_GROUP)) {
            table_add(st, &draft->body, (struct run){at + 1, token_at(st, at)->next});
            return;
        } else if (token_is(st, at, SLICE("as")) || token_is(st, at, SLICE("like"))) {
            return;
        }
}

static uint32_t add_entity(struct draft *draft, struct slice name, struct slice text) {
    struct statements *st = draft->st;
    const struct reading *reading = draft->reading;
    body_add_texts(&draft->body, "modifiers", &reading->modifiers, draft->span);
    add_captures(draft);
    add_clauses(draft);
    if (form_has(reading->form, "definition"))
        add_definition(draft);
    add_place(draft);
    body_add_text(&draft->body, "text", text, draft->span);
    return builder_add(st->builder, (struct entity){.kind = SLICE("statement"),
                                                    .type = strbuf_slice(&reading->type),
                                                    .name = name,
                                                    .scope = st->scope,
                                                    .body = body_finish(&draft->body, draft->span),
                                                    .span = draft->span});
}

static bool has_capture(const struct reading *reading, const char *key) {
    for (uint32_t i = 0; i < reading->captures.count; i++)
        if (slice_is(reading->captures.items[i].key, key))
            return true;
    return false;
}

static void add_marks(struct draft *draft) {
    struct statements *st = draft->st;
    const struct slices *modifiers = &draft->reading->modifiers;
    for (uint32_t n = 0; n < st->forms->mark_names.count; n++) {
        struct slice name = st->forms->mark_names.items[n];
        const struct phrases *mark = forms_list(st->forms, "mark", name);
        bool set = false;
        for (uint32_t i = 0; i < modifiers->list.count; i++)
            for (uint32_t p = 0; p < mark->count; p++)
                set |= slice_equal(mark->items[p].text, modifiers->list.items[i]);
        add_flag(draft, name.data, set);
    }
}

/* One object, or one part of it. */
static uint32_t emit_object(struct draft *draft, const struct object *object,
                            const struct object *part, struct slice text) {
    struct statements *st = draft->st;
    const struct reading *reading = draft->reading;
    struct slice table = object ? object->name : SLICE(""), name = table;
    draft->body = (struct body){.arena = st->builder->arena};
    draft->span = run_span(st, draft->run);
    if (part && part->name.size)
        name = table.size ? ARENA_CONCAT(st->builder->arena, table, SLICE("."), part->name)
                          : part->name;
    bool rows = slice_is(object_kind(reading), "table");
    if (rows && !has_capture(reading, "table"))
        body_add_text(&draft->body, "table", table, draft->span);
    if (part && reading->columns)
        body_add_text(&draft->body, "column", part->name, run_span(st, part->run));
    struct run own;
    const struct run *definition = definition_of(st, reading, part, &own);
    if (definition)
        definition_add(st, &draft->body, *definition);
    bool temporary = false;
    for (uint32_t i = 0; i < reading->modifiers.list.count; i++)
        temporary |= slice_starts(reading->modifiers.list.items[i], SLICE("temp"));
    bool creates = form_has(reading->form, "creates");
    if (form_has(reading->form, "keep"))
        body_add_text(&draft->body, "on", table, draft->span);
    add_marks(draft);
    add_flag(draft, "created", !creates && (temporary || is_created(draft, table)));
    uint32_t index = add_entity(draft, name, text);
    if (object)
        remember(draft, table, index);
    return index;
}

static uint32_t emit_reading(struct statements *st, const struct reading *reading,
                             const struct clauses *clauses, struct run run, struct slice prefix) {
    struct draft draft = {.st = st, .reading = reading, .clauses = clauses, .run = run};
    uint32_t objects = reading->objects.count, parts = reading->parts.count, first = ENTITY_NONE;
    for (uint32_t o = 0; o < (objects ? objects : 1); o++)
        for (uint32_t p = 0; p < (parts ? parts : 1); p++) {
            const struct object *object = objects ? &reading->objects.items[o] : NULL;
            const struct object *part = parts ? &reading->parts.items[p] : NULL;
            struct slice text = parts ? object_text(&draft, part, parts, reading->parts.items)
                                : objects && !prefix.size
                                    ? object_text(&draft, object, objects, reading->objects.items)
                                    : run_text(st, run);
            if (prefix.size)
                text = ARENA_CONCAT(st->builder->arena, prefix, SLICE(" "), text);
            uint32_t index = emit_object(&draft, object, part, text);
            first = first == ENTITY_NONE ? index : first;
        }
    return first;
}

/* ---- actions ---- */

/* What the actions of a statement have in common, and what the one before said. */
struct acting {
    struct statements *st;
    const struct reading *head;
    struct slice prefix;
    const struct form *last;
};

static bool begins_action(struct statements *st, const struct slice group, uint32_t at,
                          uint32_t end) {
    for (uint32_t i = 0; i < st->forms->count; i++) {
        const struct form *form = &st->forms->items[i];
        if (form->letters && slice_equal(form->group, group) &&
            phrase_at(st, form->items[0].phrases, at, end, NULL))
            return true;
    }
    return false;
}

/* ADD a int, b int: the second is what the first is. */
static bool match_repeated(struct acting *acting, struct run run, struct reading *reading) {
    const struct form *form = acting->last;
    if (!form || !form_has(form, "repeats") ||
        begins_action(acting->st, form->group, run.from, run.to))
        return false;
    struct form rest = *form;
    while (rest.count && rest.items[0].kind != ITEM_NAMES) {
        rest.items++;
        rest.count--;
    }
    return rest.count && form_match(acting->st, &rest, run, reading);
}

static uint32_t emit_action(struct acting *acting, struct run run) {
    struct statements *st = acting->st;
    struct reading reading;
    reading_init(st, &reading);
    strbuf_add(&reading.type, strbuf_slice(&acting->head->type));
    for (uint32_t i = 0; i < acting->head->objects.count; i++)
        vec_push(st->scratch, &reading.objects, acting->head->objects.items[i]);
    for (uint32_t i = 0; i < acting->head->captures.count; i++)
        vec_push(st->scratch, &reading.captures, acting->head->captures.items[i]);
    for (uint32_t i = 0; i < acting->head->modifiers.list.count; i++)
        vec_push(st->scratch, &reading.modifiers.list, acting->head->modifiers.list.items[i]);
    const struct form *form = acting->last;
    if (!match_repeated(acting, run, &reading))
        form = forms_match(st, acting->head->form->actions, run, &reading);
    acting->last = form;
    reading.form = form ? form : acting->head->form;
    struct clauses clauses = {.runs = {0}};
    if (form) {
        clauses_read(st, form, (struct run){reading.end, run.to}, &clauses);
        modifiers_read(st, form->modifiers, run, &reading.modifiers);
    }
    return emit_reading(st, &reading, &clauses, run, acting->prefix);
}

static uint32_t emit_actions(struct statements *st, const struct reading *head, struct run run) {
    struct acting acting = {
        .st = st, .head = head, .prefix = run_text(st, (struct run){run.from, head->end})};
    struct run rest = {head->end, run.to}, part;
    if (!form_has(head->form, "list"))
        return emit_action(&acting, rest);
    uint32_t first = ENTITY_NONE;
    for (uint32_t n = 0; n < STATEMENT_PARTS && run_next_part(st, &rest, &part); n++)
        if (part.from < part.to) {
            uint32_t index = emit_action(&acting, part);
            first = first == ENTITY_NONE ? index : first;
        }
    return first;
}

/* ---- calls ---- */

static bool is_told_function(const struct statements *st, struct slice name) {
    if (map_get(&st->forms->functions, name) != MAP_ABSENT)
        return true;
    size_t dot = slice_find_last_byte(name, '.');
    return dot != SLICE_NPOS &&
           map_get(&st->forms->functions, slice_from(name, dot + 1)) != MAP_ABSENT;
}

static void emit_call(struct statements *st, struct slice name, struct run run, uint32_t group,
                      uint32_t scope) {
    struct draft draft = {.st = st, .run = run, .span = run_span(st, run)};
    draft.body = (struct body){.arena = st->builder->arena};
    body_add_text(&draft.body, "callee", name, draft.span);
    struct slices texts = {0};
    struct run rest = {group + 1, token_at(st, group)->next}, part;
    while (run_next_part(st, &rest, &part))
        vec_push(st->scratch, &texts.list, run_text(st, part));
    body_add_texts(&draft.body, "arguments", &texts, draft.span);
    add_place(&draft);
    struct slice text = run_text(st, run);
    body_add_text(&draft.body, "text", text, draft.span);
    builder_add(st->builder, (struct entity){.kind = SLICE("call"),
                                             .type = name,
                                             .name = text,
                                             .scope = scope,
                                             .body = body_finish(&draft.body, draft.span),
                                             .span = draft.span});
}

void calls_emit(struct statements *st, struct run run, uint32_t scope) {
    for (uint32_t at = run.from; at < run.to; at++) {
        struct slice name;
        uint32_t next = at;
        if (!token_has_role(st, at, ROLE_WORD) || at + 1 >= run.to ||
            !(token_has_role(st, at + 1, ROLE_GROUP) || token_has_role(st, at + 1, ROLE_MEMBER)))
            continue;
        if (!name_read(st, &next, run.to, &name) || next >= run.to)
            continue;
        if (token_has_role(st, next, ROLE_GROUP) && is_told_function(st, name))
            emit_call(st, name, (struct run){at, token_at(st, next)->next}, next, scope);
        at = next - 1;
    }
}

void statement_emit(struct statements *st, struct reading *reading, struct run run) {
    const struct form *form = reading->form;
    if (form->actions.size && reading->end < run.to) {
        bodies_read(st, reading, run, emit_actions(st, reading, run));
        return;
    }
    struct clauses clauses;
    clauses_read(st, form, (struct run){reading->end, run.to}, &clauses);
    modifiers_read(st, form->modifiers, (struct run){reading->end, run.to}, &reading->modifiers);
    uint32_t first = emit_reading(st, reading, &clauses, run, SLICE(""));
    calls_emit(st, run, first);
    bodies_read(st, reading, run, first);
}
