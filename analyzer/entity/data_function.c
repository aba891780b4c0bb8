#include "entity/data.h"

enum { RENDER_LIMIT = 4096 };

/* "Sub" for !Sub x and for {Fn::Sub: x}; the argument of the long form is *argument. */
static struct slice function_name(struct data *data, struct value *value,
                                  const struct value **argument) {
    if (!slice_is_none(value->tag)) {
        *argument = value;
        return slice_from(value->tag, 1);
    }
    if (value->kind != VALUE_MAP || value->count != 1)
        return SLICE_NONE;
    struct slice key = value->items[0].key;
    struct slice prefix = dialect_property(data->builder->dialect, "function_prefix");
    *argument = value->items[0].value;
    struct slice name = slice_from(key, prefix.size);
    bool is_map = slice_is(dialect_word(data->builder->dialect, "function", name), "map");
    if (prefix.size && slice_starts(key, prefix) && !is_map &&
        slice_find_byte(name, ':') == SLICE_NPOS) /* else a loop's name */
        return name;
    struct slice known = dialect_word(data->builder->dialect, "function", key);
    return slice_is(known, "reference") ? key : SLICE_NONE;
}

static void reference_add(struct data *data, struct value *value, uint32_t *capacity,
                          struct slice text) {
    struct value *reference = ARENA_NEW(data->arena, struct value);
    *reference = (struct value){.kind = VALUE_REFERENCE, .text = text, .span = value->span};
    value_add(data->arena, value, capacity,
              (struct value_item){SLICE_NONE, value->span, reference});
}

/* ${Name} and ${Name.Attribute}, but not ${!Literal}. */
void data_template_references(struct data *data, struct value *value) {
    uint32_t capacity = 0;
    struct slice text = value->text;
    for (size_t i = 0; i + 2 < text.size; i++) {
        if (text.data[i] != '$' || text.data[i + 1] != '{' || text.data[i + 2] == '!')
            continue;
        size_t end = slice_find_byte(slice_from(text, i), '}');
        if (end == SLICE_NPOS)
            return;
        reference_add(data, value, &capacity, slice_trim(slice_sub(text, i + 2, i + end)));
        i += end;
    }
}

static void nested_references(struct data *data, struct value *into, uint32_t *capacity,
                              const struct value *from) {
    if (from->kind == VALUE_REFERENCE)
        reference_add(data, into, capacity, from->text);
    for (uint32_t i = 0; i < from->count; i++)
        if (from->kind != VALUE_EXPRESSION || from->items[i].value->kind == VALUE_REFERENCE)
            nested_references(data, into, capacity, from->items[i].value);
}

static void argument_add(struct data *data, struct value *value, uint32_t capacity,
                         const struct value *argument) {
    value_add(data->arena, value, &capacity,
              (struct value_item){SLICE(VALUE_ARGUMENT), value->span, argument});
}

/* "A.B" of "A.B" and of [A, B]. */
static struct slice attribute_text(struct data *data, const struct value *argument) {
    if (argument->kind != VALUE_LIST)
        return value_literal(argument);
    struct strbuf text;
    strbuf_init(&text, data->arena);
    for (uint32_t i = 0; i < argument->count; i++) {
        struct slice part = value_literal(argument->items[i].value);
        if (slice_is_none(part))
            return SLICE_NONE;
        if (i)
            strbuf_add_byte(&text, '.');
        strbuf_add(&text, part);
    }
    return strbuf_slice(&text);
}

struct value *data_function(struct data *data, struct value *value, struct slice inner) {
    const struct value *argument = NULL;
    struct slice name = function_name(data, value, &argument);
    if (slice_is_none(name))
        return value;
    const struct dialect *dialect = data->builder->dialect;
    struct slice role = dialect_word(dialect, "function", name);
    if (slice_is_none(role))
        role = dialect_word(dialect, "function", SLICE("*"));
    struct value *made = ARENA_NEW(data->arena, struct value);
    made->span = value->span;
    made->tag = arena_format(data->arena, "!%.*s", SLICE_ARGS(name));
    made->kind = VALUE_REFERENCE;
    if (slice_is(role, "reference") || slice_is(role, "attribute")) {
        made->text = attribute_text(data, argument);
        if (!slice_is_none(made->text))
            return made;
    }
    made->kind = VALUE_EXPRESSION;
    if (slice_is(role, "template")) {
        bool list = argument->kind == VALUE_LIST && argument->count;
        made->text = value_literal(list ? argument->items[0].value : argument);
        if (!slice_is_none(made->text)) {
            data_template_references(data, made);
            if (list && argument->count > 1)
                argument_add(data, made, made->count, argument);
            return made;
        }
    }
    struct value *bare = ARENA_NEW(data->arena, struct value);
    *bare = *argument;
    if (argument == value)
        bare->tag = inner;
    made->text = value_render(data->arena, bare, RENDER_LIMIT);
    uint32_t capacity = 0;
    nested_references(data, made, &capacity, argument);
    argument_add(data, made, capacity, bare);
    return made;
}
