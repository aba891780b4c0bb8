/* What formulas call, and values they make. Each is exact or gives up. */
#include "resolve/formula_parse.h"

#include <stdio.h>

typedef const struct value *function(struct formula *formula, const struct value *const *arguments,
                                     uint32_t count);

const struct value *formula_literal(struct formula *formula, enum literal_type type,
                                    struct slice text) {
    struct value *value = ARENA_NEW(formula->arena, struct value);
    *value = (struct value){.kind = VALUE_LITERAL, .type = (uint8_t)type, .text = text};
    return value;
}

const struct value *formula_bool(struct formula *formula, bool value) {
    return formula_literal(formula, LITERAL_BOOL, value ? SLICE("true") : SLICE("false"));
}

const struct value *formula_open(struct formula *formula, struct slice text, bool template) {
    struct value *value = ARENA_NEW(formula->arena, struct value);
    *value = (struct value){.kind = VALUE_EXPRESSION, .text = text, .template = template};
    formula->failed |= text.size > FORMULA_TEXT;
    return value;
}

bool formula_is_open(const struct value *value) {
    return value->kind == VALUE_EXPRESSION || value->kind == VALUE_REFERENCE ||
           value->kind == VALUE_UNKNOWN;
}

static void write_quoted(struct strbuf *out, struct slice text) {
    strbuf_add_byte(out, '\'');
    strbuf_add(out, text);
    strbuf_add_byte(out, '\'');
}

static void write_items(struct formula *formula, struct strbuf *out, const struct value *value) {
    bool map = value->kind == VALUE_MAP;
    strbuf_add_byte(out, map ? '{' : '[');
    for (uint32_t i = 0; i < value->count && out->size < FORMULA_TEXT; i++) {
        strbuf_add_text(out, i ? ", " : "");
        if (map) {
            strbuf_add(out, value->items[i].key);
            strbuf_add_text(out, ": ");
        }
        formula_write(formula, out, value->items[i].value);
    }
    strbuf_add_byte(out, map ? '}' : ']');
}

void formula_write(struct formula *formula, struct strbuf *out, const struct value *value) {
    if (value->kind == VALUE_LIST || value->kind == VALUE_MAP)
        write_items(formula, out, value);
    else if (value->kind == VALUE_NULL)
        strbuf_add_text(out, "null");
    else if (value->template || (value->kind == VALUE_LITERAL && value->type == LITERAL_STRING))
        write_quoted(out, value->text);
    else
        strbuf_add(out, value->text);
    formula->failed |= out->size > FORMULA_TEXT;
}

const struct value *formula_joined(struct formula *formula, const struct formula_values *parts) {
    struct strbuf out;
    bool open = false;
    strbuf_init(&out, formula->arena);
    for (uint32_t i = 0; i < parts->list.count; i++) {
        const struct value *part = parts->list.items[i];
        if (part->kind == VALUE_LIST || part->kind == VALUE_MAP || part->kind == VALUE_NULL)
            return NULL;
        bool wrapped = formula_is_open(part) && !part->template;
        open |= formula_is_open(part);
        strbuf_add_text(&out, wrapped ? "${" : "");
        strbuf_add(&out, part->text);
        strbuf_add_text(&out, wrapped ? "}" : "");
    }
    return open ? formula_open(formula, strbuf_slice(&out), true)
                : formula_literal(formula, LITERAL_STRING, strbuf_slice(&out));
}

int formula_equal(const struct value *a, const struct value *b) {
    if (formula_is_open(a) || formula_is_open(b))
        return -1;
    return value_equal(a, b);
}

static const struct value *join_lists(struct formula *formula, const struct value *const *arguments,
                                      uint32_t count) {
    VEC(struct value_item) items = {0};
    for (uint32_t i = 0; i < count; i++) {
        if (arguments[i]->kind != VALUE_LIST)
            return NULL;
        for (uint32_t k = 0; k < arguments[i]->count; k++)
            vec_push(formula->arena, &items, arguments[i]->items[k]);
    }
    struct value *list = ARENA_NEW(formula->arena, struct value);
    *list = (struct value){.kind = VALUE_LIST, .items = items.items, .count = items.count};
    return list;
}

static const struct value *call_concat(struct formula *formula,
                                       const struct value *const *arguments, uint32_t count) {
    struct formula_values parts = {.list = {0}};
    if (count && arguments[0]->kind == VALUE_LIST)
        return join_lists(formula, arguments, count);
    for (uint32_t i = 0; i < count; i++)
        vec_push(formula->arena, &parts.list, arguments[i]);
    return formula_joined(formula, &parts);
}

/* {0} and {1}; with anything else in the braces it is not decided. */
static const struct value *call_format(struct formula *formula,
                                       const struct value *const *arguments, uint32_t count) {
    struct formula_values parts = {.list = {0}};
    struct slice text = count ? value_literal(arguments[0]) : SLICE_NONE;
    if (slice_is_none(text) || slice_contains(text, SLICE("{{")) ||
        slice_contains(text, SLICE("}}")))
        return NULL;
    for (size_t open; (open = slice_find_byte(text, '{')) != SLICE_NPOS;) {
        size_t close = slice_find_byte(text, '}');
        int64_t index;
        if (close == SLICE_NPOS || close < open ||
            !slice_to_int(slice_sub(text, open + 1, close), &index) || index < 0 ||
            index + 1 >= (int64_t)count)
            return NULL;
        vec_push(formula->arena, &parts.list,
                 formula_literal(formula, LITERAL_STRING, slice_sub(text, 0, open)));
        vec_push(formula->arena, &parts.list, arguments[index + 1]);
        text = slice_from(text, close + 1);
    }
    vec_push(formula->arena, &parts.list, formula_literal(formula, LITERAL_STRING, text));
    return formula_joined(formula, &parts);
}

static const struct value *call_if(struct formula *formula, const struct value *const *arguments,
                                   uint32_t count) {
    (void)formula;
    if (count != 3 || !(value_is_true(arguments[0]) || value_is_false(arguments[0])))
        return NULL;
    return arguments[value_is_true(arguments[0]) ? 1 : 2];
}

static const struct value *call_equals(struct formula *formula,
                                       const struct value *const *arguments, uint32_t count) {
    int equal = count == 2 ? formula_equal(arguments[0], arguments[1]) : -1;
    return equal < 0 ? NULL : formula_bool(formula, equal == 1);
}

static const struct value *call_not(struct formula *formula, const struct value *const *arguments,
                                    uint32_t count) {
    if (count != 1 || !(value_is_true(arguments[0]) || value_is_false(arguments[0])))
        return NULL;
    return formula_bool(formula, value_is_false(arguments[0]));
}

/* All (`all`) or any of them: decided by one that decides, or when all are known. */
static const struct value *logic(struct formula *formula, const struct value *const *arguments,
                                 uint32_t count, bool all) {
    bool known = count > 0;
    for (uint32_t i = 0; i < count; i++) {
        bool yes = value_is_true(arguments[i]), no = value_is_false(arguments[i]);
        if (all ? no : yes)
            return formula_bool(formula, !all);
        known = known && (yes || no);
    }
    return known ? formula_bool(formula, all) : NULL;
}

static const struct value *call_and(struct formula *formula, const struct value *const *arguments,
                                    uint32_t count) {
    return logic(formula, arguments, count, true);
}

static const struct value *call_or(struct formula *formula, const struct value *const *arguments,
                                   uint32_t count) {
    return logic(formula, arguments, count, false);
}

static const struct value *cased(struct formula *formula, const struct value *const *arguments,
                                 uint32_t count, bool upper) {
    struct slice text = count == 1 ? value_literal(arguments[0]) : SLICE_NONE;
    struct strbuf out;
    if (slice_is_none(text))
        return NULL;
    strbuf_init(&out, formula->arena);
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i], low = upper ? 'a' : 'A', high = upper ? 'z' : 'Z';
        if ((unsigned char)byte >= 0x80)
            return NULL;
        strbuf_add_byte(&out, byte >= low && byte <= high ? (char)(byte ^ 0x20) : byte);
    }
    return formula_literal(formula, LITERAL_STRING, strbuf_slice(&out));
}

static const struct value *call_lower(struct formula *formula, const struct value *const *arguments,
                                      uint32_t count) {
    return cased(formula, arguments, count, false);
}

static const struct value *call_upper(struct formula *formula, const struct value *const *arguments,
                                      uint32_t count) {
    return cased(formula, arguments, count, true);
}

static const struct value *call_replace(struct formula *formula,
                                        const struct value *const *arguments, uint32_t count) {
    if (count != 3)
        return NULL;
    struct slice text = value_literal(arguments[0]), old = value_literal(arguments[1]);
    struct slice new = value_literal(arguments[2]);
    struct strbuf out;
    if (slice_is_none(text) || !old.size || slice_is_none(new))
        return NULL;
    strbuf_init(&out, formula->arena);
    for (size_t at; (at = slice_find(text, old)) != SLICE_NPOS;) {
        strbuf_add(&out, slice_sub(text, 0, at));
        strbuf_add(&out, new);
        text = slice_from(text, at + old.size);
    }
    strbuf_add(&out, text);
    return formula_literal(formula, LITERAL_STRING, strbuf_slice(&out));
}

static const struct value *call_substring(struct formula *formula,
                                          const struct value *const *arguments, uint32_t count) {
    int64_t from, length;
    struct slice text = count == 3 ? value_literal(arguments[0]) : SLICE_NONE;
    if (slice_is_none(text) || !slice_to_int(value_literal(arguments[1]), &from) ||
        !slice_to_int(value_literal(arguments[2]), &length) || from < 0 || length < 0 ||
        from + length > (int64_t)text.size)
        return NULL;
    return formula_literal(formula, LITERAL_STRING,
                           slice_sub(text, (size_t)from, (size_t)(from + length)));
}

static const struct value *call_take(struct formula *formula, const struct value *const *arguments,
                                     uint32_t count) {
    int64_t length;
    struct slice text = count == 2 ? value_literal(arguments[0]) : SLICE_NONE;
    if (slice_is_none(text) || !slice_to_int(value_literal(arguments[1]), &length) || length < 0)
        return NULL;
    return formula_literal(formula, LITERAL_STRING, slice_sub(text, 0, (size_t)length));
}

static const struct value *call_same(struct formula *formula, const struct value *const *arguments,
                                     uint32_t count) {
    if (count != 1 || arguments[0]->kind != VALUE_LITERAL)
        return NULL;
    return formula_literal(formula, LITERAL_STRING, arguments[0]->text);
}

static const struct value *call_truth(struct formula *formula, const struct value *const *arguments,
                                      uint32_t count) {
    if (count != 1 || !(value_is_true(arguments[0]) || value_is_false(arguments[0])))
        return NULL;
    return formula_bool(formula, value_is_true(arguments[0]));
}

static const struct value *call_true(struct formula *formula, const struct value *const *arguments,
                                     uint32_t count) {
    (void)arguments;
    return count ? NULL : formula_bool(formula, true);
}

static const struct value *call_false(struct formula *formula, const struct value *const *arguments,
                                      uint32_t count) {
    (void)arguments;
    return count ? NULL : formula_bool(formula, false);
}

static const struct value *call_coalesce(struct formula *formula,
                                         const struct value *const *arguments, uint32_t count) {
    (void)formula;
    for (uint32_t i = 0; i < count; i++) {
        if (formula_is_open(arguments[i]))
            return NULL;
        if (arguments[i]->kind != VALUE_NULL)
            return arguments[i];
    }
    return NULL;
}

static const struct value *call_empty(struct formula *formula, const struct value *const *arguments,
                                      uint32_t count) {
    if (count != 1 || formula_is_open(arguments[0]))
        return NULL;
    const struct value *value = arguments[0];
    bool text = value->kind == VALUE_LITERAL;
    return formula_bool(formula, text ? !value->text.size : !value->count);
}

static const struct value *call_length(struct formula *formula,
                                       const struct value *const *arguments, uint32_t count) {
    char number[24];
    if (count != 1 || formula_is_open(arguments[0]) || arguments[0]->kind == VALUE_NULL)
        return NULL;
    const struct value *value = arguments[0];
    size_t length = value->kind == VALUE_LITERAL ? value->text.size : value->count;
    int size = snprintf(number, sizeof number, "%zu", length);
    return formula_literal(formula, LITERAL_NUMBER,
                           arena_copy(formula->arena, slice_make(number, (size_t)size)));
}

static const struct value *call_list(struct formula *formula, const struct value *const *arguments,
                                     uint32_t count) {
    struct value *list = ARENA_NEW(formula->arena, struct value);
    *list = (struct value){.kind = VALUE_LIST, .count = count};
    list->items = ARENA_ARRAY(formula->arena, struct value_item, count);
    for (uint32_t i = 0; i < count; i++)
        list->items[i] = (struct value_item){SLICE_NONE, {0, 0}, arguments[i]};
    return list;
}

static const struct value *call_first(struct formula *formula, const struct value *const *arguments,
                                      uint32_t count) {
    (void)formula;
    bool list = count == 1 && arguments[0]->kind == VALUE_LIST && arguments[0]->count;
    return list ? arguments[0]->items[0].value : NULL;
}

static const struct {
    const char *name;
    function *call;
} functions[] = {
    {"concat", call_concat},   {"format", call_format},     {"if", call_if},
    {"equals", call_equals},   {"not", call_not},           {"and", call_and},
    {"or", call_or},           {"tolower", call_lower},     {"toupper", call_upper},
    {"replace", call_replace}, {"take", call_take},         {"substring", call_substring},
    {"string", call_same},     {"bool", call_truth},        {"true", call_true},
    {"false", call_false},     {"coalesce", call_coalesce}, {"empty", call_empty},
    {"length", call_length},   {"createarray", call_list},  {"first", call_first},
};

const struct value *formula_call(struct formula *formula, struct slice name,
                                 const struct formula_values *arguments) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (slice_equal_nocase(name, slice_of(functions[i].name)))
            return functions[i].call(formula, arguments->list.items, arguments->list.count);
    return NULL;
}
