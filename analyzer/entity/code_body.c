#include "entity/code.h"

const struct value *value_text(struct arena *arena, struct slice text, struct span span) {
    struct value *value = arena_take(arena, sizeof *value);
    *value =
        (struct value){.kind = VALUE_LITERAL, .type = LITERAL_STRING, .text = text, .span = span};
    return value;
}

const struct value *value_items(struct arena *arena, enum value_kind kind,
                                const struct value_item *items, uint32_t count, struct span span) {
    struct value *value = arena_take(arena, sizeof *value);
    *value = (struct value){.kind = (uint8_t)kind, .span = span, .count = count};
    value->items = arena_take(arena, sizeof *items * count);
    if (count)
        memcpy(value->items, items, count * sizeof *items);
    return value;
}

const struct value *texts_value(struct arena *arena, const struct slices *texts, struct span span) {
    if (!texts->list.count)
        return NULL;
    struct value_item *items = arena_take(arena, sizeof *items * texts->list.count);
    for (uint32_t i = 0; i < texts->list.count; i++)
        items[i] = (struct value_item){.span = span,
                                       .value = value_text(arena, texts->list.items[i], span)};
    struct value *value = arena_take(arena, sizeof *value);
    *value = (struct value){
        .kind = VALUE_LIST, .span = span, .items = items, .count = texts->list.count};
    return value;
}

void body_add_key(struct body *body, struct slice key, const struct value *value) {
    if (value)
        vec_push(body->arena, &body->items,
                 ((struct value_item){.key = key, .span = value->span, .value = value}));
}

void body_add_key_text(struct body *body, struct slice key, struct slice text, struct span span) {
    if (text.size)
        body_add_key(body, key, value_text(body->arena, text, span));
}

void body_add_key_texts(struct body *body, struct slice key, const struct slices *texts,
                        struct span span) {
    body_add_key(body, key, texts_value(body->arena, texts, span));
}

const struct value *body_finish(struct body *body, struct span span) {
    return value_items(body->arena, VALUE_MAP, body->items.items, body->items.count, span);
}
