#include "resolve/formula_parse.h"

static const struct value *parse_choice(struct formula *formula);

static bool is_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

static void skip_space(struct formula *formula) {
    while (formula->at < formula->text.size &&
           memchr(" \t\r\n", formula->text.data[formula->at], 4))
        formula->at++;
}

static char peek(struct formula *formula) {
    skip_space(formula);
    return formula->at < formula->text.size ? formula->text.data[formula->at] : '\0';
}

static bool accept(struct formula *formula, const char *token) {
    skip_space(formula);
    if (!slice_starts(slice_from(formula->text, formula->at), slice_of(token)))
        return false;
    formula->at += strlen(token);
    return true;
}

static const struct value *fail(struct formula *formula) {
    formula->failed = true;
    return formula_open(formula, SLICE(""), false);
}

static void expect(struct formula *formula, const char *token) {
    if (!accept(formula, token))
        formula->failed = true;
}

static struct slice word(struct formula *formula) {
    size_t from = formula->at;
    while (formula->at < formula->text.size && is_word(formula->text.data[formula->at]))
        formula->at++;
    return slice_sub(formula->text, from, formula->at);
}

/* What stands between ${ and }. */
static const struct value *parse_inside(struct formula *formula, struct slice text) {
    struct formula inner = *formula;
    inner.text = text;
    inner.at = 0;
    const struct value *value = formula_evaluate(&inner);
    formula->failed |= inner.failed || !value;
    formula->resolved |= inner.resolved;
    return value ? value : formula_open(formula, text, false);
}

/* The } that ends what begins at `from`; nested braces and texts are passed over. */
static size_t inside_end(struct slice text, size_t from) {
    uint32_t depth = 0;
    bool quoted = false;
    for (size_t at = from; at < text.size; at++) {
        char byte = text.data[at];
        if (byte == '\'' && (at == 0 || text.data[at - 1] != '\\'))
            quoted = !quoted;
        else if (byte == '{' && !quoted)
            depth++;
        else if (byte == '}' && !quoted && depth-- == 0)
            return at;
    }
    return SLICE_NPOS;
}

const struct value *formula_text(struct formula *formula, struct slice text) {
    struct formula_values parts = {.list = {0}};
    for (size_t open; (open = slice_find(text, SLICE("${"))) != SLICE_NPOS;) {
        size_t end = inside_end(text, open + 2);
        if (end == SLICE_NPOS)
            return fail(formula);
        vec_push(formula->arena, &parts.list,
                 formula_literal(formula, LITERAL_STRING, slice_sub(text, 0, open)));
        vec_push(formula->arena, &parts.list,
                 parse_inside(formula, slice_sub(text, open + 2, end)));
        text = slice_from(text, end + 1);
    }
    vec_push(formula->arena, &parts.list, formula_literal(formula, LITERAL_STRING, text));
    const struct value *joined = formula_joined(formula, &parts);
    return joined ? joined : fail(formula);
}

/* Behind the opening quote: '' and \' are quotes. */
static const struct value *parse_string(struct formula *formula) {
    struct strbuf out;
    strbuf_init(&out, formula->arena);
    bool interpolated = false;
    while (formula->at < formula->text.size) {
        struct slice rest = slice_from(formula->text, formula->at);
        if (slice_starts(rest, SLICE("${"))) {
            size_t end = inside_end(formula->text, formula->at + 2);
            if (end == SLICE_NPOS)
                return fail(formula);
            strbuf_add(&out, slice_sub(formula->text, formula->at, end + 1));
            formula->at = end + 1;
            interpolated = true;
        } else if (slice_starts(rest, SLICE("''")) || slice_starts(rest, SLICE("\\'"))) {
            strbuf_add_byte(&out, '\'');
            formula->at += 2;
        } else if (rest.data[0] == '\'') {
            formula->at++;
            struct slice text = strbuf_slice(&out);
            return interpolated ? formula_text(formula, text)
                                : formula_literal(formula, LITERAL_STRING, text);
        } else {
            strbuf_add_byte(&out, rest.data[0]);
            formula->at++;
        }
    }
    return fail(formula);
}

static void parse_items(struct formula *formula, struct formula_values *values, const char *end) {
    while (!formula->failed && !accept(formula, end)) {
        vec_push(formula->arena, &values->list, parse_choice(formula));
        accept(formula, ",");
    }
}

static const struct value *parse_list(struct formula *formula) {
    struct formula_values items = {.list = {0}};
    parse_items(formula, &items, "]");
    struct value *list = ARENA_NEW(formula->arena, struct value);
    *list = (struct value){.kind = VALUE_LIST, .count = items.list.count};
    list->items = ARENA_ARRAY(formula->arena, struct value_item, list->count);
    for (uint32_t i = 0; i < list->count; i++)
        list->items[i] = (struct value_item){SLICE_NONE, {0, 0}, items.list.items[i]};
    return list;
}

static const struct value *parse_map(struct formula *formula) {
    VEC(struct value_item) items = {0};
    while (!formula->failed && !accept(formula, "}")) {
        const struct value *key = accept(formula, "'")
                                      ? parse_string(formula)
                                      : formula_literal(formula, LITERAL_STRING, word(formula));
        expect(formula, ":");
        if (key->kind != VALUE_LITERAL || !key->text.size)
            return fail(formula);
        vec_push(formula->arena, &items,
                 ((struct value_item){key->text, {0, 0}, parse_choice(formula)}));
        accept(formula, ",");
    }
    struct value *map = ARENA_NEW(formula->arena, struct value);
    *map = (struct value){.kind = VALUE_MAP, .items = items.items, .count = items.count};
    return map;
}

/* "name" in the list "name=kind, name=kind" of the dialect. */
static struct slice kind_of(const struct formula *formula, struct slice name) {
    struct slice rest = dialect_property(formula->scope->dialect, "formula_names"), part;
    while (slice_split(&rest, ',', &part)) {
        size_t equals = slice_find_byte(part, '=');
        if (equals != SLICE_NPOS &&
            slice_equal_nocase(slice_trim(slice_sub(part, 0, equals)), name))
            return slice_trim(slice_from(part, equals + 1));
    }
    return SLICE_NONE;
}

static const struct value *parse_call(struct formula *formula, struct slice name) {
    struct formula_values arguments = {.list = {0}};
    parse_items(formula, &arguments, ")");
    struct slice kind = kind_of(formula, name);
    const struct value *found = NULL;
    if (formula->failed)
        return fail(formula);
    if (!slice_is_none(kind) && arguments.list.count == 1)
        found = formula_find(formula, kind, value_literal(arguments.list.items[0]));
    if (!found)
        found = formula_call(formula, name, &arguments);
    if (found)
        return found;
    struct strbuf out;
    strbuf_init(&out, formula->arena);
    strbuf_add(&out, name);
    strbuf_add_byte(&out, '(');
    for (uint32_t i = 0; i < arguments.list.count; i++) {
        strbuf_add_text(&out, i ? ", " : "");
        formula_write(formula, &out, arguments.list.items[i]);
    }
    strbuf_add_byte(&out, ')');
    return formula_open(formula, strbuf_slice(&out), false);
}

static const struct value *parse_name(struct formula *formula, struct slice name) {
    if (slice_is(name, "true") || slice_is(name, "false"))
        return formula_bool(formula, slice_is(name, "true"));
    if (slice_is(name, "null")) {
        struct value *null = ARENA_NEW(formula->arena, struct value);
        *null = (struct value){.kind = VALUE_NULL};
        return null;
    }
    bool bare = !dialect_property(formula->scope->dialect, "formula_names").size;
    const struct value *found = bare ? formula_find(formula, SLICE_NONE, name) : NULL;
    return found ? found : formula_open(formula, name, false);
}

static const struct value *parse_primary(struct formula *formula) {
    char byte = peek(formula);
    if (accept(formula, "'''") || byte == '"')
        return fail(formula);
    if (accept(formula, "'"))
        return parse_string(formula);
    if (accept(formula, "[")) {
        skip_space(formula);
        bool loop = slice_starts(slice_from(formula->text, formula->at), SLICE("for "));
        return loop ? fail(formula) : parse_list(formula);
    }
    if (accept(formula, "{"))
        return parse_map(formula);
    if (accept(formula, "(")) {
        const struct value *inner = parse_choice(formula);
        expect(formula, ")");
        return inner;
    }
    struct slice name = word(formula);
    if (!name.size)
        return fail(formula);
    if (name.data[0] >= '0' && name.data[0] <= '9')
        return formula_literal(formula, LITERAL_NUMBER, name);
    return accept(formula, "(") ? parse_call(formula, name) : parse_name(formula, name);
}

static const struct value *step(struct formula *formula, const struct value *value,
                                const struct value *key, bool dotted) {
    struct slice text = value_literal(key);
    int64_t index;
    if (value->kind == VALUE_MAP && text.size && value_get(value, text))
        return value_get(value, text);
    if (value->kind == VALUE_LIST && slice_to_int(text, &index) && index >= 0 &&
        (uint64_t)index < value->count)
        return value->items[index].value;
    struct strbuf out;
    strbuf_init(&out, formula->arena);
    formula_write(formula, &out, value);
    strbuf_add_byte(&out, dotted ? '.' : '[');
    if (dotted)
        strbuf_add(&out, text);
    else
        formula_write(formula, &out, key);
    strbuf_add_text(&out, dotted ? "" : "]");
    return formula_open(formula, strbuf_slice(&out), false);
}

/* A method: az.resourceGroup(), x.list(). */
static const struct value *parse_method(struct formula *formula, const struct value *on,
                                        struct slice name) {
    struct strbuf out;
    strbuf_init(&out, formula->arena);
    formula_write(formula, &out, on);
    strbuf_add_byte(&out, '.');
    strbuf_add(&out, name);
    return parse_call(formula, strbuf_slice(&out));
}

static const struct value *parse_postfix(struct formula *formula) {
    const struct value *value = parse_primary(formula);
    while (!formula->failed) {
        if (accept(formula, "::") || accept(formula, ".?") || accept(formula, ".")) {
            struct slice name = word(formula);
            if (!name.size)
                return fail(formula);
            value =
                accept(formula, "(")
                    ? parse_method(formula, value, name)
                    : step(formula, value, formula_literal(formula, LITERAL_STRING, name), true);
        } else if (peek(formula) == '[' && accept(formula, "[")) {
            accept(formula, "?");
            const struct value *key = parse_choice(formula);
            expect(formula, "]");
            value = step(formula, value, key, false);
        } else if (peek(formula) == '!' &&
                   !slice_starts(slice_from(formula->text, formula->at), SLICE("!=")) &&
                   !slice_starts(slice_from(formula->text, formula->at), SLICE("!~"))) {
            accept(formula, "!");
        } else {
            break;
        }
    }
    return value;
}

static const struct value *open_with(struct formula *formula, const char *sign,
                                     const struct value *left, const struct value *right) {
    struct strbuf out;
    strbuf_init(&out, formula->arena);
    if (left) {
        formula_write(formula, &out, left);
        strbuf_add_byte(&out, ' ');
    }
    strbuf_add_text(&out, sign);
    strbuf_add_text(&out, left ? " " : "");
    formula_write(formula, &out, right);
    return formula_open(formula, strbuf_slice(&out), false);
}

static const struct value *parse_unary(struct formula *formula) {
    if (peek(formula) == '-' && accept(formula, "-"))
        return open_with(formula, "-", NULL, parse_postfix(formula));
    if (peek(formula) != '!')
        return parse_postfix(formula);
    accept(formula, "!");
    const struct value *value = parse_unary(formula);
    if (value_is_true(value) || value_is_false(value))
        return formula_bool(formula, value_is_false(value));
    return open_with(formula, "!", NULL, value);
}

struct level {
    const char *signs[5];
};

/* Loosest first; a sign that begins another one stands behind it. */
static const struct level levels[] = {
    {{"??"}},     {{"||"}},          {{"&&"}}, {{"==", "!=", "=~", "!~"}}, {{"<=", ">=", "<", ">"}},
    {{"+", "-"}}, {{"*", "/", "%"}},
};
enum { LEVELS = sizeof levels / sizeof *levels };

static const struct value *decide(struct formula *formula, const char *sign,
                                  const struct value *left, const struct value *right) {
    int equal = formula_equal(left, right);
    if (strcmp(sign, "==") == 0 && equal >= 0)
        return formula_bool(formula, equal == 1);
    if (strcmp(sign, "!=") == 0 && equal >= 0)
        return formula_bool(formula, equal == 0);
    if (strcmp(sign, "&&") == 0 && value_is_false(left))
        return left;
    if (strcmp(sign, "&&") == 0 && value_is_true(left))
        return right;
    if (strcmp(sign, "||") == 0 && value_is_true(left))
        return left;
    if (strcmp(sign, "||") == 0 && value_is_false(left))
        return right;
    if (strcmp(sign, "??") == 0 && left->kind == VALUE_NULL)
        return right;
    if (strcmp(sign, "??") == 0 && !formula_is_open(left))
        return left;
    return open_with(formula, sign, left, right);
}

static const char *accept_sign(struct formula *formula, const struct level *level) {
    for (uint32_t i = 0; i < 5 && level->signs[i]; i++)
        if (accept(formula, level->signs[i]))
            return level->signs[i];
    return NULL;
}

static const struct value *parse_level(struct formula *formula, uint32_t at) {
    if (at == LEVELS)
        return parse_unary(formula);
    const struct value *left = parse_level(formula, at + 1);
    for (const char *sign; !formula->failed && (sign = accept_sign(formula, &levels[at]));)
        left = decide(formula, sign, left, parse_level(formula, at + 1));
    return left;
}

static const struct value *parse_choice(struct formula *formula) {
    if (formula->depth >= FORMULA_DEPTH || formula->scope->steps >= FORMULA_STEPS)
        return fail(formula);
    formula->depth++;
    formula->scope->steps++;
    const struct value *value = parse_level(formula, 0);
    if (!formula->failed && peek(formula) == '?' && accept(formula, "?")) {
        struct formula_values three = {.list = {0}};
        vec_push(formula->arena, &three.list, value);
        vec_push(formula->arena, &three.list, parse_choice(formula));
        expect(formula, ":");
        vec_push(formula->arena, &three.list, parse_choice(formula));
        const struct value *chosen = formula_call(formula, SLICE("if"), &three);
        value = chosen
                    ? chosen
                    : open_with(formula, "?", value,
                                open_with(formula, ":", three.list.items[1], three.list.items[2]));
    }
    formula->depth--;
    return value;
}

const struct value *formula_evaluate(struct formula *formula) {
    const struct value *value = parse_choice(formula);
    skip_space(formula);
    return formula->failed || formula->at < formula->text.size ? NULL : value;
}
