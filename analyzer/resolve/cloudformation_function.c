/* The functions of a template, by the role that the dialect gives their names. */
#include "resolve/cloudformation.h"

struct call {
    struct template_scope *scope;
    const struct dialect *dialect;
    const struct value *value;    /* the expression */
    const struct value *argument; /* resolved */
};

enum { TEMPLATE_LOOKUP = 256 }; /* bytes told of each row of a map whose key is not known */

typedef const struct value *function(const struct call *call);

static const struct value *argument_at(const struct call *call, uint32_t index) {
    const struct value *list = call->argument;
    return list && list->kind == VALUE_LIST && index < list->count ? list->items[index].value
                                                                   : NULL;
}

static const struct value *unchanged(const struct call *call) {
    return call->argument == value_argument(call->value)
               ? call->value
               : template_rebuild(call->scope, call->value, call->argument);
}

static struct value *make(const struct call *call, enum value_kind kind, struct slice text) {
    struct value *made = ARENA_NEW(call->scope->arena, struct value);
    *made = (struct value){.kind = (uint8_t)kind, .text = text, .span = call->value->span};
    return made;
}

static const struct value *take(const struct call *call, const struct value *found, bool resolved) {
    const struct value *copy = template_copy(call->scope, found, call->value->span, resolved);
    return copy ? copy : unchanged(call);
}

/* A text with ${..} in it, or what it comes to when there is nothing open left. */
struct text {
    const struct call *call;
    struct strbuf out;
    VEC(struct value_item) references;
    bool resolved;
};

static void text_reference(struct text *text, struct slice name) {
    struct arena *arena = text->call->scope->arena;
    struct value *reference = make(text->call, VALUE_REFERENCE, name);
    vec_push(arena, &text->references,
             ((struct value_item){SLICE_NONE, reference->span, reference}));
    strbuf_add_text(&text->out, "${");
    strbuf_add(&text->out, name);
    strbuf_add_byte(&text->out, '}');
}

/* False for what cannot stand in a text. */
static bool text_value(struct text *text, const struct value *value) {
    text->resolved |= value->resolved;
    if (!template_spend(text->call->scope, value->text.size + sizeof *value))
        return false;
    if (value->kind == VALUE_LITERAL) {
        strbuf_add(&text->out, value->text);
    } else if (value->kind == VALUE_REFERENCE) {
        text_reference(text, value->text);
    } else if (value->kind == VALUE_EXPRESSION &&
               slice_is(template_role(text->call->dialect, value), "template") &&
               !value_argument(value)) {
        strbuf_add(&text->out, value->text);
        for (uint32_t i = 0; i < value->count; i++)
            vec_push(text->call->scope->arena, &text->references, value->items[i]);
    } else {
        return false;
    }
    return true;
}

/* A text that is one reference is that reference. */
static const struct value *text_result(struct text *text, struct slice tag) {
    struct slice all = strbuf_slice(&text->out);
    if (!text->references.count) {
        struct value *made = make(text->call, VALUE_LITERAL, all);
        made->resolved = text->resolved;
        return made;
    }
    struct slice name = text->references.items[0].value->text;
    bool whole = text->references.count == 1 && all.size == name.size + 3;
    struct value *made = make(text->call, whole ? VALUE_REFERENCE : VALUE_EXPRESSION, all);
    if (whole)
        made->text = name;
    bool attribute = slice_find_byte(name, '.') != SLICE_NPOS;
    made->tag = !whole ? tag : attribute ? SLICE("!GetAtt") : SLICE("!Ref");
    made->resolved = text->resolved;
    if (!whole) {
        made->items = text->references.items;
        made->count = text->references.count;
    }
    return made;
}

static const struct value *template_name_value(const struct call *call, const struct value *names,
                                               struct slice name) {
    const struct value *given = value_get(names, name);
    if (given)
        return given;
    struct value *reference = make(call, VALUE_REFERENCE, name);
    bool attribute = slice_find_byte(name, '.') != SLICE_NPOS;
    reference->tag = attribute ? SLICE("!GetAtt") : SLICE("!Ref");
    return template_resolve(call->scope, call->dialect, reference);
}

/* ${Name}, ${Name.Attribute}; ${!Literal} stands for itself. */
static const struct value *call_template(const struct call *call) {
    const struct value *names = argument_at(call, 1);
    struct text text = {.call = call};
    strbuf_init(&text.out, call->scope->arena);
    struct slice rest = call->value->text;
    for (;;) {
        size_t at = slice_find(rest, SLICE("${"));
        strbuf_add(&text.out, slice_sub(rest, 0, at));
        if (at == SLICE_NPOS)
            break;
        size_t length = slice_find_byte(slice_from(rest, at), '}');
        if (length == SLICE_NPOS)
            return call->value;
        struct slice name = slice_sub(rest, at + 2, at + length);
        if (slice_starts(name, SLICE("!")))
            strbuf_add(&text.out, slice_sub(rest, at, at + length + 1));
        else if (!text_value(&text, template_name_value(call, names, slice_trim(name))))
            return unchanged(call);
        rest = slice_from(rest, at + length + 1);
    }
    return text_result(&text, call->value->tag);
}

static const struct value *call_join(const struct call *call) {
    const struct value *delimiter = argument_at(call, 0), *list = argument_at(call, 1);
    if (slice_is_none(value_literal(delimiter)) || !list || list->kind != VALUE_LIST)
        return unchanged(call);
    struct text text = {.call = call, .resolved = list->resolved};
    strbuf_init(&text.out, call->scope->arena);
    for (uint32_t i = 0; i < list->count; i++) {
        if (i)
            strbuf_add(&text.out, delimiter->text);
        if (!text_value(&text, list->items[i].value))
            return unchanged(call);
    }
    return text_result(&text, SLICE("!Sub"));
}

static const struct value *call_select(const struct call *call) {
    const struct value *index = argument_at(call, 0), *list = argument_at(call, 1);
    int64_t at;
    if (!list || list->kind != VALUE_LIST || !slice_to_int(value_literal(index), &at) || at < 0 ||
        at >= list->count || index->resolved)
        return unchanged(call);
    return take(call, list->items[at].value, false);
}

static const struct value *call_split(const struct call *call) {
    struct slice delimiter = value_literal(argument_at(call, 0));
    const struct value *from = argument_at(call, 1);
    struct slice rest = value_literal(from);
    if (!delimiter.size || slice_is_none(rest) ||
        !template_spend(call->scope, rest.size * sizeof *from))
        return unchanged(call);
    struct value *list = make(call, VALUE_LIST, SLICE_NONE);
    VEC(struct value_item) items = {0};
    for (size_t at = 0; at != SLICE_NPOS;) {
        at = slice_find(rest, delimiter);
        struct value *item = make(call, VALUE_LITERAL, slice_sub(rest, 0, at));
        item->resolved = from->resolved;
        vec_push(call->scope->arena, &items, ((struct value_item){SLICE_NONE, item->span, item}));
        if (at != SLICE_NPOS)
            rest = slice_from(rest, at + delimiter.size);
    }
    list->items = items.items;
    list->count = items.count;
    return list;
}

static void add_candidate(const struct call *call, struct strbuf *text, const struct value *row,
                          struct slice second) {
    const struct value *found = row && second.size ? value_get(row, second) : row;
    strbuf_add(text, value_render(call->scope->arena, found, TEMPLATE_LOOKUP));
    strbuf_add_byte(text, ';');
}

/* A key of a map as it is written; SLICE_NONE if it is not known for every stack. */
static struct slice sure_key(const struct value *key) {
    return key->resolved ? SLICE_NONE : value_literal(key);
}

/* A map whose key is not sure stands for all its rows, after what the defaults come to. Rows that
 * only one side has came with the change, and no running stack uses them. */
static const struct value *lookup_open(const struct call *call, const struct template_name *map,
                                       const struct value *found) {
    const struct template_name *other =
        template_find(call->scope->other, TEMPLATE_MAPPING, value_literal(argument_at(call, 0)));
    struct slice first = sure_key(argument_at(call, 1)), second = sure_key(argument_at(call, 2));
    struct strbuf text;
    strbuf_init(&text, call->scope->arena);
    if (!template_spend(call->scope, (size_t)map->value->count * TEMPLATE_LOOKUP))
        return unchanged(call);
    if (found)
        add_candidate(call, &text, found, SLICE_NONE);
    strbuf_add_text(&text, " of ");
    for (uint32_t i = 0; i < map->value->count; i++) {
        const struct value_item *row = &map->value->items[i];
        bool chosen = slice_is_none(first) || slice_equal(first, row->key);
        if (!chosen || (other && !value_get(other->value, row->key)))
            continue;
        strbuf_add(&text, row->key);
        strbuf_add_byte(&text, '=');
        add_candidate(call, &text, row->value, second);
    }
    struct value *made = ARENA_NEW(call->scope->arena, struct value);
    *made = *template_rebuild(call->scope, call->value, call->argument);
    made->text = strbuf_slice(&text);
    return made;
}

static const struct value *call_lookup(const struct call *call) {
    const struct value *first = argument_at(call, 1), *second = argument_at(call, 2);
    const struct template_name *map =
        template_find(call->scope, TEMPLATE_MAPPING, value_literal(argument_at(call, 0)));
    if (!map || !first || !second)
        return unchanged(call);
    const struct value *found =
        value_get(value_get(map->value, value_literal(first)), value_literal(second));
    if (slice_is_none(sure_key(first)) || slice_is_none(sure_key(second)))
        return lookup_open(call, map, found);
    if (!found && argument_at(call, 3))
        found = value_get(argument_at(call, 3), SLICE("DefaultValue"));
    return found ? take(call, found, true) : unchanged(call);
}

static struct slice outcome_word(struct template_outcome outcome) {
    return outcome.truth == OUTCOME_TRUE    ? SLICE("true")
           : outcome.truth == OUTCOME_FALSE ? SLICE("false")
                                            : SLICE("?");
}

/* A choice that depends on a default keeps both branches, and says what the default comes to. */
static const struct value *call_if(const struct call *call) {
    const struct value *name = argument_at(call, 0), *yes = argument_at(call, 1),
                       *no = argument_at(call, 2);
    if (!yes || !no)
        return unchanged(call);
    if (value_equal(yes, no))
        return yes;
    const struct template_name *condition =
        template_find(call->scope, TEMPLATE_CONDITION, value_literal(name));
    if (!condition || !condition->value)
        return unchanged(call);
    struct template_outcome outcome = template_decide(call->scope, call->dialect, name->text);
    if (outcome.truth != OUTCOME_UNKNOWN && !outcome.open)
        return outcome.truth == OUTCOME_TRUE ? yes : no;
    struct arena *arena = call->scope->arena;
    struct value *made = ARENA_NEW(arena, struct value);
    *made = *template_rebuild(call->scope, call->value, call->argument);
    made->text = ARENA_CONCAT(arena, outcome_word(outcome), SLICE(" by "),
                              value_render(arena, condition->value, TEMPLATE_RENDER), SLICE(" ? "),
                              value_render(arena, yes, TEMPLATE_RENDER), SLICE(" : "),
                              value_render(arena, no, TEMPLATE_RENDER));
    return made;
}

static const struct {
    const char *role;
    function *call;
} functions[] = {
    {"template", call_template}, {"join", call_join}, {"select", call_select},
    {"split", call_split},       {"if", call_if},     {"lookup", call_lookup},
};

const struct value *template_function(struct template_scope *scope, const struct dialect *dialect,
                                      const struct value *value, struct slice role) {
    const struct value *argument = value_argument(value);
    struct call call = {scope, dialect, value, argument};
    if (argument)
        call.argument = template_arguments(scope, dialect, argument);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (slice_is(role, functions[i].role))
            return functions[i].call(&call);
    return argument ? unchanged(&call) : value;
}

static const struct template_outcome undecided = {OUTCOME_UNKNOWN, true};

static struct template_outcome outcome_of(bool truth, bool open) {
    return (struct template_outcome){truth ? OUTCOME_TRUE : OUTCOME_FALSE, open};
}

/* One condition on its way to an outcome. */
struct decision {
    struct template_scope *scope;
    const struct dialect *dialect;
};

static struct template_outcome decide(const struct decision *decision,
                                      const struct value *condition);

static struct template_outcome decide_equals(const struct decision *decision,
                                             const struct value *list) {
    if (list->kind != VALUE_LIST || list->count != 2)
        return undecided;
    const struct value *a =
        template_resolve(decision->scope, decision->dialect, list->items[0].value);
    const struct value *b =
        template_resolve(decision->scope, decision->dialect, list->items[1].value);
    if (a->kind == VALUE_LITERAL && b->kind == VALUE_LITERAL)
        return outcome_of(slice_equal(a->text, b->text), a->resolved || b->resolved);
    return value_equal(a, b) ? outcome_of(true, a->resolved || b->resolved) : undecided;
}

/* `end`: the outcome of one that decides for all: false for all-of, true for any-of. */
static struct template_outcome decide_list(const struct decision *decision,
                                           const struct value *list, bool end) {
    struct template_outcome result = outcome_of(!end, false), last = outcome_of(end, true);
    if (list->kind != VALUE_LIST)
        return undecided;
    for (uint32_t i = 0; i < list->count; i++) {
        struct template_outcome part = decide(decision, list->items[i].value);
        if (part.truth == last.truth && !part.open)
            return part;
        if (part.truth == last.truth)
            result = last;
        else if (part.truth == OUTCOME_UNKNOWN && result.truth != last.truth)
            result = undecided;
        result.open |= part.open;
    }
    return result;
}

static struct template_outcome decide_not(const struct decision *decision,
                                          const struct value *argument) {
    bool list = argument->kind == VALUE_LIST && argument->count == 1;
    struct template_outcome inner = decide(decision, list ? argument->items[0].value : argument);
    if (inner.truth != OUTCOME_UNKNOWN)
        inner.truth = inner.truth == OUTCOME_TRUE ? OUTCOME_FALSE : OUTCOME_TRUE;
    return inner;
}

static struct template_outcome decide_role(const struct decision *decision, struct slice role,
                                           const struct value *argument) {
    if (slice_is(role, "equals"))
        return decide_equals(decision, argument);
    if (slice_is(role, "and") || slice_is(role, "or"))
        return decide_list(decision, argument, slice_is(role, "or"));
    if (slice_is(role, "not"))
        return decide_not(decision, argument);
    if (slice_is(role, "condition"))
        return template_decide(decision->scope, decision->dialect, value_literal(argument));
    return undecided;
}

static struct template_outcome decide(const struct decision *decision,
                                      const struct value *condition) {
    const struct value *argument = value_argument(condition);
    struct slice role = template_role(decision->dialect, condition);
    if (condition->kind == VALUE_MAP && condition->count == 1) { /* {"Condition": "Name"} */
        role = dialect_word(decision->dialect, "function", condition->items[0].key);
        argument = condition->items[0].value;
    }
    if (!argument || decision->scope->depth >= TEMPLATE_DEPTH)
        return undecided;
    decision->scope->depth++;
    struct template_outcome outcome = decide_role(decision, role, argument);
    decision->scope->depth--;
    return outcome;
}

struct template_outcome template_decide(struct template_scope *scope, const struct dialect *dialect,
                                        struct slice condition) {
    struct template_name *name = template_find(scope, TEMPLATE_CONDITION, condition);
    if (!name || !name->value || name->visiting)
        return undecided;
    if (!name->decided) {
        struct decision decision = {scope, dialect};
        name->visiting = true;
        name->outcome = decide(&decision, name->value);
        name->visiting = false;
        name->decided = true;
    }
    return name->outcome;
}
