#include "entity/code_cmdlet.h"

enum { PARAMETER_LEVELS = 4, DECORATOR_LEVELS = 3, ANSWER_TEXT = 400 };

static bool is_name_byte(char byte) {
    return byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z');
}

struct slice code_qualified(struct code *code, struct slice name) {
    if (!code->function.size || !name.size)
        return name.size ? name : code->function;
    return arena_format(code->builder->arena, "%.*s.%.*s", SLICE_ARGS(code->function),
                        SLICE_ARGS(name));
}

/* "@name(x)" and "[Name]" are known as they would be called. */
void decorator_add(struct code *code, TSNode node) {
    struct slice text = shown_text(code, node);
    if (slice_starts(text, SLICE("@")))
        text = slice_from(text, 1);
    if (slice_starts(text, SLICE("#[")) && slice_ends(text, SLICE("]")))
        text = slice_sub(text, 2, text.size - 1);
    vec_push(code->scratch, &code->decorators.list, text);
}

void decorators_collect(struct code *code, TSNode node, uint32_t level) {
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        enum node_role role = code_role(code, children.items[i].node);
        if (role == ROLE_DECORATOR)
            decorator_add(code, children.items[i].node);
        else if (role == ROLE_MODIFIERS && level < DECORATOR_LEVELS)
            decorators_collect(code, children.items[i].node, level + 1);
    }
}

/* "Query" of @Query("..") and of #[Query(..)]. */
static struct slice decorator_name(struct slice text) {
    size_t from = 0, to;
    while (from < text.size && !is_name_byte(text.data[from]))
        from++;
    for (to = from; to < text.size && (is_name_byte(text.data[to]) || text.data[to] == '.');)
        to++;
    size_t dot = slice_find_last_byte(slice_sub(text, from, to), '.');
    return slice_sub(text, dot == SLICE_NPOS ? from : from + dot + 1, to);
}

static void embed_statements(struct code *code, struct slice dialect, TSNode node, uint32_t level) {
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; i < count && i < 16 && level < 6; i++) {
        TSNode child = code_named(node, i);
        enum node_role role = code_role(code, child);
        if (role == ROLE_STRING || role == ROLE_BINARY || role == ROLE_CONCATENATION)
            statement_text_read(code, dialect, child, code->scope);
        else
            embed_statements(code, dialect, child, level + 1);
    }
}

/* @Query("DELETE FROM orders"): what the method is declared to run. */
void decorator_read(struct code *code, TSNode node) {
    struct process_call call;
    if (statement_call_find(code, decorator_name(code_source(code, node)), &call))
        embed_statements(code, call.dialect, node, 0);
    code_walk_children(code, node);
}

/* Says a word in front of the declaration that others may use it? */
static bool is_exported(struct code *code, TSNode node, uint32_t level) {
    uint32_t count = ts_node_child_count(node);
    for (uint32_t i = 0; i < count && i < 16; i++) {
        TSNode child = ts_node_child(node, i);
        enum node_role role = code_role(code, child);
        if (role == ROLE_EXPORT)
            return true;
        if (role == ROLE_MODIFIERS && level < DECORATOR_LEVELS &&
            is_exported(code, child, level + 1))
            return true;
    }
    return false;
}

/* What a parameter is if it is not given. */
static bool default_split(struct code *code, TSNode node, struct slice *key, TSNode *value) {
    struct children children = code_children(code, node);
    bool assigned = false;
    for (uint32_t i = 0; i < children.count && !assigned; i++)
        assigned = slice_is(code_source(code, children.items[i].node), "=") ||
                   code_in_field(code, &children.items[i], FIELD_RIGHT) ||
                   code_in_field(code, &children.items[i], FIELD_VALUE);
    return assigned && pair_split(code, node, key, value);
}

static void add_default(struct code *code, struct body *defaults, struct slice key, TSNode value,
                        TSNode node) {
    struct value_item item = {
        .key = key, .span = code_span(node), .value = expression_value(code, value)};
    vec_push(code->scratch, &defaults->items, item);
}

/* name: type = value, where no field marks the value: it stands behind the parameter or ends it. */
static void default_behind(struct code *code, const struct children *children, uint32_t i,
                           struct body *defaults) {
    TSNode node = children->items[i].node, name = code_named(node, 0), value = {0};
    uint32_t count = ts_node_child_count(node);
    if (code->roles->fields[FIELD_DECLARED][0] || code_role(code, node) != ROLE_TYPED)
        return;
    if (i + 2 < children->count && slice_is(code_source(code, children->items[i + 1].node), "="))
        value = children->items[i + 2].node;
    else if (count > 2 && slice_is(code_source(code, ts_node_child(node, count - 2)), "="))
        value = ts_node_child(node, count - 1);
    while (!ts_node_is_null(name) && code_role(code, name) == ROLE_MODIFIERS)
        name = ts_node_next_named_sibling(name);
    if (!ts_node_is_null(value) && !ts_node_is_null(name))
        add_default(code, defaults, code_source(code, name), value, node);
}

/* a \\ b, where grammars have an operator for it. */
static bool is_default_operation(struct code *code, TSNode node) {
    return code_role(code, node) == ROLE_BINARY && ts_node_child_count(node) == 3 &&
           code_role(code, ts_node_child(node, 1)) == ROLE_DEFAULT;
}

/* Parameters that need not be given, with what they are then. */
static void collect_defaults(struct code *code, TSNode node, struct body *defaults,
                             uint32_t level) {
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node, value;
        struct slice key;
        if (!ts_node_is_named(child))
            continue;
        if (level < PARAMETER_LEVELS)
            collect_defaults(code, child, defaults, level + 1);
        default_behind(code, &children, i, defaults);
        if (is_default_operation(code, child))
            add_default(code, defaults, code_source(code, ts_node_child(child, 0)),
                        ts_node_child(child, 2), child);
        else if (code_role(code, child) == ROLE_DEFAULT && default_split(code, child, &key, &value))
            add_default(code, defaults, key, value, child);
    }
}

static TSNode parameters_find(struct code *code, TSNode node) {
    TSNode found = node_field(code->roles, node, FIELD_PARAMETERS);
    if (code_is_word(code, node)) /* def name(a, b \\ c) */
        return arguments_find(code, node);
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; ts_node_is_null(found) && i < count && i < 16; i++)
        if (code_role(code, code_named(node, i)) == ROLE_PARAMETERS)
            found = code_named(node, i);
    return found;
}

/* What frameworks do with what is passed: f(@Valid order). */
static void add_parameter_decorators(struct code *code, struct body *body, TSNode parameters) {
    struct slices outer = code->decorators;
    code->decorators = (struct slices){0};
    decorators_collect(code, parameters, 0);
    struct children children = code_children(code, parameters);
    for (uint32_t i = 0; i < children.count; i++) {
        enum node_role role = code_role(code, children.items[i].node);
        if (role == ROLE_TYPED || role == ROLE_DEFAULT)
            decorators_collect(code, children.items[i].node, 0);
    }
    body_add_texts(body, "parameter_decorators", &code->decorators, code_span(parameters));
    code->decorators = outer;
}

static void add_defaults(struct code *code, struct body *body, TSNode node) {
    TSNode parameters = parameters_find(code, node);
    struct body defaults = {.arena = code->builder->arena};
    if (ts_node_is_null(parameters))
        return;
    collect_defaults(code, parameters, &defaults, 0);
    if (defaults.items.count)
        body_add(body, "defaults", body_finish(&defaults, code_span(parameters)));
    add_parameter_decorators(code, body, parameters);
}

/* What a class takes from elsewhere in its body: use SoftDeletes; */
static void add_mixins(struct code *code, struct body *body, TSNode node) {
    TSNode inside = node_field(code->roles, node, FIELD_BODY);
    struct slices mixins = {0};
    if (ts_node_is_null(inside))
        return;
    struct children children = code_children(code, inside);
    for (uint32_t i = 0; i < children.count; i++)
        if (code_role(code, children.items[i].node) == ROLE_BASES)
            vec_push(code->scratch, &mixins.list, shown_text(code, children.items[i].node));
    body_add_texts(body, "mixins", &mixins, code_span(inside));
}

static void add_bases(struct code *code, struct body *body, TSNode node) {
    TSNode bases = node_field(code->roles, node, FIELD_BASES);
    for (uint32_t i = 0; ts_node_is_null(bases) && i < 8; i++) {
        TSNode child = code_named(node, i);
        if (ts_node_is_null(child))
            return;
        if (code_role(code, child) == ROLE_BASES)
            bases = child;
    }
    if (!ts_node_is_null(bases))
        body_add_text(body, "bases", shown_text(code, bases), code_span(bases));
    add_mixins(code, body, node);
}

/* "(s *Store)" owns what is declared: Store.Clean. */
static struct slice owner_name(struct code *code, TSNode node, struct slice name) {
    TSNode owner = node_field(code->roles, node, FIELD_OWNER);
    if (ts_node_is_null(owner))
        return name;
    struct slice text = code_source(code, owner);
    size_t to = text.size, from;
    while (to && !is_name_byte(text.data[to - 1]))
        to--;
    for (from = to; from && is_name_byte(text.data[from - 1]); from--)
        ;
    if (from == to)
        return name;
    return arena_format(code->builder->arena, "%.*s.%.*s", SLICE_ARGS(slice_sub(text, from, to)),
                        SLICE_ARGS(name));
}

/* The only thing in a block that is neither a statement nor a comment. */
static TSNode only_value(struct code *code, TSNode node) {
    for (uint32_t i = 0; i < PARAMETER_LEVELS && !ts_node_is_null(node); i++) {
        enum node_role role = code_role(code, node);
        if (role != ROLE_BLOCK && role != ROLE_RETURN)
            return role == ROLE_STATEMENT || role == ROLE_COMMENT ? (TSNode){0} : node;
        node = ts_node_named_child_count(node) == 1 ? code_named(node, 0) : (TSNode){0};
    }
    return (TSNode){0};
}

/* def f(x), do: y */
static TSNode keyword_body(struct code *code, TSNode node) {
    TSNode arguments = arguments_find(code, node), value;
    uint32_t count = ts_node_is_null(arguments) ? 0 : ts_node_named_child_count(arguments);
    TSNode map = count > 1 ? code_named(arguments, count - 1) : (TSNode){0};
    struct slice key;
    if (ts_node_is_null(map) || code_role(code, map) != ROLE_MAP)
        return (TSNode){0};
    TSNode pair = code_named(map, 0);
    bool found =
        !ts_node_is_null(pair) && pair_split(code, pair, &key, &value) && slice_is(key, "do");
    return found ? value : (TSNode){0};
}

/* What a function answers that does nothing else: def can_edit(user): return user.is_admin. */
static void add_answer(struct code *code, struct body *body, TSNode node) {
    TSNode at = node_field(code->roles, node, FIELD_BODY);
    uint32_t count = ts_node_is_null(at) ? ts_node_named_child_count(node) : 0;
    for (uint32_t i = count; i-- > 0 && i + 4 > count && ts_node_is_null(at);)
        if (code_role(code, code_named(node, i)) == ROLE_BLOCK)
            at = code_named(node, i);
    if (ts_node_is_null(at) && code_is_word(code, node))
        at = keyword_body(code, node);
    at = only_value(code, at);
    if (!ts_node_is_null(at) && ts_node_end_byte(at) - ts_node_start_byte(at) <= ANSWER_TEXT)
        body_add_text(body, "answer", shown_text(code, at), code_span(at));
}

static uint32_t emit_function(struct code *code, TSNode node, bool class, struct slice scope) {
    bool exported = code->exporting;
    code->exporting = false;
    struct body attributes = {.arena = code->builder->arena};
    body_add_texts(&attributes, "decorators", &code->decorators, code_span(node));
    if (class)
        add_bases(code, &attributes, node);
    else if (!code->shell)
        add_answer(code, &attributes, node);
    add_defaults(code, &attributes, node);
    if (exported || (!code->shell && is_exported(code, node, 0)))
        body_add_text(&attributes, "exported", SLICE("true"), code_span(node));
    body_add_text(&attributes, "scope", scope, code_span(node));
    return code_emit(code, class ? "class" : "function", SLICE(""), code->function, &attributes,
                     code_span(node));
}

/* def name(a) do .. end: the first argument is what is declared. */
static TSNode word_target(const struct code *code, TSNode node) {
    TSNode arguments = arguments_find(code, node);
    TSNode target = ts_node_is_null(arguments) ? arguments : code_named(arguments, 0);
    for (uint32_t i = 0; i < 4 && !ts_node_is_null(target); i++) {
        enum node_role role = node_role(code->roles, target);
        if (role == ROLE_CALL)
            target = node_field(code->roles, target, FIELD_CALLEE);
        else if (role == ROLE_BINARY) /* name(a) when a > 1 */
            target = node_field(code->roles, target, FIELD_LEFT);
        else
            break;
    }
    return target;
}

static void walk_word_body(struct code *code, TSNode node) {
    struct children children = code_children(code, node);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        if (code_role(code, child) != ROLE_ARGUMENTS) {
            code_walk(code, child);
            continue;
        }
        struct children inner = code_children(code, child);
        for (uint32_t n = 0, named = 0; n < inner.count; n++) {
            named += ts_node_is_named(inner.items[n].node);
            if (named > 1)
                code_walk(code, inner.items[n].node);
        }
    }
}

static void walk_body(struct code *code, TSNode node) {
    TSNode body = node_field(code->roles, node, FIELD_BODY);
    uint32_t guards = code->guards.count, origins = code->origins.count;
    if (code_is_word(code, node))
        walk_word_body(code, node);
    else if (!code->shell || code->style != WORDS_POSIX)
        code_walk_children(code, node);
    else if (!ts_node_is_null(body))
        code_walk(code, body);
    guard_pop_to(code, guards);
    if (!code->shell)
        origins_forget(code, origins);
}

static void read_named(struct code *code, TSNode node, struct slice name) {
    struct code outer = *code;
    bool class = code_role(code, node) == ROLE_CLASS;
    code->function = code_qualified(code, owner_name(code, node, name));
    code->in_function = code->in_function || !class;
    TSNode owner = node_field(code->roles, node, FIELD_OWNER);
    code->owner = ts_node_is_null(owner) ? (struct span){0, 0} : code_span(owner);
    if (!code->shell)
        decorators_collect(code, node, 0);
    code->scope = emit_function(code, node, class, outer.function);
    code->decorators = (struct slices){0};
    code->following = (struct slices){0};
    code->loops = 0;
    code->stage = (struct stage){0};
    code->arguments = false;
    walk_body(code, node);
    TSNode body = node_field(code->roles, node, FIELD_BODY);
    if (code->arguments && code->shell && !ts_node_is_null(body))
        function_keep(code, code->function, code_source(code, body));
    code->arguments = outer.arguments;
    code->function = outer.function;
    code->in_function = outer.in_function;
    code->scope = outer.scope;
    code->loops = outer.loops;
    code->stage = outer.stage;
    code->following = outer.following;
}

static struct slice take_pending(struct code *code, TSNode node) {
    struct slice name = SLICE("");
    if (code->pending.size && ts_node_eq(code->pending_lambda, node))
        name = code->pending;
    code->pending = SLICE("");
    return name;
}

void function_read(struct code *code, TSNode node) {
    TSNode name = code_is_word(code, node) ? word_target(code, node)
                                           : node_field(code->roles, node, FIELD_NAME);
    if (code->style != WORDS_POSIX)
        name = cmdlet_child(code, node, ROLE_IDENTIFIER);
    struct slice pending = take_pending(code, node);
    struct slice text = ts_node_is_null(name) ? pending : code_source(code, name);
    read_named(code, node, text);
}

/* One with a name is a function; any other is part of the function it stands in. */
void lambda_read(struct code *code, TSNode node) {
    struct slice name = take_pending(code, node);
    if (name.size) {
        read_named(code, node, name);
        return;
    }
    bool outer = code->in_function;
    struct slices following = code->following;
    code->following = (struct slices){0};
    code->in_function = true;
    walk_body(code, node);
    code->in_function = outer;
    code->following = following;
}
