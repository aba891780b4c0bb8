/*
 * Values written as text, for tests of delta and resolve:
 *     {name: web, port: 80, on: true, tags: [a, b], ref: @var.x, expr: `a + b`, text: "80"}
 * `block [..]` makes a list of HCL blocks, `null` and `?` (unknown) are words.
 */
#ifndef BERM_TESTS_DELTA_VALUES_H
#define BERM_TESTS_DELTA_VALUES_H

#include "base/strbuf.h"
#include "base/vec.h"
#include "fact/value.h"

#include <assert.h>

static inline void skip_space(const char **at) {
    while (**at == ' ' || **at == '\n' || **at == ',')
        (*at)++;
}

static inline struct value *new_value(struct arena *arena, enum value_kind kind,
                                      struct slice text) {
    struct value *value = ARENA_NEW(arena, struct value);
    value->kind = (uint8_t)kind;
    value->text = text;
    return value;
}

static inline struct slice take_until(const char **at, const char *stop) {
    const char *from = *at;
    while (**at && !strchr(stop, **at))
        (*at)++;
    return slice_trim(slice_make(from, (size_t)(*at - from)));
}

static inline struct slice take_quoted_text(const char **at) {
    char quote[2] = {*(*at)++, 0};
    const char *from = *at;
    while (**at != quote[0])
        (*at)++;
    return slice_make(from, (size_t)((*at)++ - from));
}

static inline struct value *word_value(struct arena *arena, struct slice word) {
    if (slice_is(word, "null"))
        return new_value(arena, VALUE_NULL, SLICE_NONE);
    if (slice_is(word, "?"))
        return new_value(arena, VALUE_UNKNOWN, SLICE_NONE);
    if (word.data[0] == '@')
        return new_value(arena, VALUE_REFERENCE, slice_from(word, 1));
    struct value *value = new_value(arena, VALUE_LITERAL, word);
    int64_t number;
    bool digits = slice_to_int(word, &number) || (word.data[0] >= '0' && word.data[0] <= '9');
    bool truth = slice_is(word, "true") || slice_is(word, "false") || slice_is(word, "yes");
    value->type = (uint8_t)(digits ? LITERAL_NUMBER : truth ? LITERAL_BOOL : LITERAL_STRING);
    return value;
}

static inline const struct value *take_value(struct arena *arena, const char **at) {
    skip_space(at);
    bool block = strncmp(*at, "block ", 6) == 0;
    if (block)
        *at += 6;
    if (**at == '"')
        return new_value(arena, VALUE_LITERAL, take_quoted_text(at));
    if (**at == '`')
        return new_value(arena, VALUE_EXPRESSION, take_quoted_text(at));
    if (**at != '{' && **at != '[')
        return word_value(arena, take_until(at, ",]}"));
    bool map = *(*at)++ == '{';
    VEC(struct value_item) items = {0};
    for (skip_space(at); **at != '}' && **at != ']'; skip_space(at)) {
        struct value_item item = {.key = SLICE_NONE};
        if (map) {
            item.key = **at == '"' ? take_quoted_text(at) : take_until(at, ":");
            assert(**at == ':');
            (*at)++;
        }
        item.value = take_value(arena, at);
        vec_push(arena, &items, item);
    }
    (*at)++;
    struct value *value = new_value(arena, map ? VALUE_MAP : VALUE_LIST, SLICE_NONE);
    value->block = block;
    value->items = items.items;
    value->count = items.count;
    return value;
}

static inline const struct value *value_of(struct arena *arena, const char *text) {
    return text ? take_value(arena, &text) : NULL;
}

#endif
