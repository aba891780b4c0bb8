/* What the declared type of a variable adds to its value: attributes that may be left out. */
#include "resolve/evaluate.h"

static const struct value *apply(struct evaluator *type, const struct value *value);

/* Skips a type to its end: the value has nothing that it could apply to. */
static void skip(struct evaluator *type) {
    static const struct value nothing = {.kind = VALUE_UNKNOWN, .text = {"type", 4}};
    apply(type, &nothing);
}

/* optional(TYPE) or optional(TYPE, DEFAULT), behind the parenthesis. */
static const struct value *apply_optional(struct evaluator *type, const struct value *value) {
    if (value)
        value = apply(type, value);
    else
        skip(type);
    const struct value *normal = make_null();
    if (evaluate_accept(type, ","))
        normal = evaluate_expression(type);
    evaluate_expect(type, ")");
    return value && value->kind != VALUE_NULL ? value : normal;
}

static const struct value *apply_attribute(struct evaluator *type, const struct value *value) {
    size_t mark = type->at;
    if (slice_is(evaluate_word(type), "optional") && evaluate_accept(type, "("))
        return apply_optional(type, value);
    type->at = mark;
    if (value)
        return apply(type, value);
    skip(type);
    return NULL;
}

/* object({name = TYPE, ..}), behind the word. */
static const struct value *apply_object(struct evaluator *type, const struct value *value) {
    VEC(struct value_item) items = {0};
    evaluate_expect(type, "(");
    evaluate_expect(type, "{");
    while (!type->failed && !evaluate_accept(type, "}")) {
        struct value_item item = {.key = evaluate_word(type)};
        if (!item.key.size && evaluate_accept(type, "\"")) {
            item.key = evaluate_word(type);
            evaluate_expect(type, "\"");
        }
        evaluate_expect(type, "=");
        item.key = arena_copy(type->arena, item.key);
        item.value = apply_attribute(type, value_get(value, item.key));
        if (item.value)
            vec_push(type->arena, &items, item);
        evaluate_accept(type, ",");
    }
    evaluate_expect(type, ")");
    if (value->kind != VALUE_MAP || type->failed)
        return value;
    struct value *made = make_map(type, items.items, items.count);
    made->span = value->span;
    made->resolved = value->resolved;
    return made;
}

/* list(TYPE), set(TYPE), map(TYPE), behind the word. */
static const struct value *apply_elements(struct evaluator *type, const struct value *value) {
    struct value *made = ARENA_NEW(type->arena, struct value);
    evaluate_expect(type, "(");
    size_t mark = type->at;
    skip(type);
    size_t end = type->at;
    *made = *value;
    made->items = ARENA_ARRAY(type->arena, struct value_item, (size_t)value->count + 1);
    for (uint32_t i = 0; i < value->count && !type->failed; i++) {
        type->at = mark;
        made->items[i] = value->items[i];
        made->items[i].value = apply(type, value->items[i].value);
    }
    type->at = end;
    evaluate_expect(type, ")");
    return made;
}

static const struct value *apply(struct evaluator *type, const struct value *value) {
    struct slice word = evaluate_word(type);
    if (++type->depth > EVALUATE_DEPTH || ++type->scope->steps > EVALUATE_STEPS || !word.size)
        type->failed = true;
    if (type->failed)
        return value;
    if (slice_is(word, "object"))
        value = apply_object(type, value);
    else if (evaluate_peek(type) == '(' && !slice_is(word, "tuple"))
        value = apply_elements(type, value);
    else if (evaluate_peek(type) == '(')
        type->failed = true;
    type->depth--;
    return value;
}

const struct value *resolve_typed(struct resolve_scope *scope, struct slice text,
                                  const struct value *value) {
    if (!slice_contains(text, SLICE("optional(")))
        return value;
    struct evaluator type = {.scope = scope, .arena = scope->arena, .text = text};
    const struct value *typed = apply(&type, value);
    return type.failed || evaluate_peek(&type) ? NULL : typed;
}
