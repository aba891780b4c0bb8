#include "fact/inclusion.h"

#include "base/glob.h"
#include "fact/value_set.h"

static uint32_t element_count(const struct value *value) {
    return value->kind == VALUE_LIST ? value->count : 1;
}

static const struct value *element(const struct value *value, uint32_t index) {
    return value->kind == VALUE_LIST ? value->items[index].value : value;
}

static struct slice text_of(const struct value *value) {
    bool text = value->kind == VALUE_LITERAL || value->kind == VALUE_REFERENCE ||
                value->kind == VALUE_EXPRESSION;
    return text ? value->text : SLICE_NONE;
}

bool prefix_includes(struct slice whole, struct slice part) {
    return slice_starts(part, whole);
}

/* A path as its steps: leading ".." are counted, "." and empty components are none. */
struct parsed_path {
    bool absolute;
    uint32_t ups;
    struct slice rest;
};

static bool next_component(struct slice *rest, struct slice *component) {
    while (slice_split(rest, '/', component))
        if (component->size && !slice_is(*component, "."))
            return true;
    return false;
}

static struct parsed_path parse_path(struct slice text) {
    struct parsed_path path = {.absolute = text.size && text.data[0] == '/', .rest = text};
    struct slice rest = text, component;
    while (next_component(&rest, &component) && slice_is(component, "..")) {
        path.ups += !path.absolute;
        path.rest = slice_is_none(rest) ? SLICE("") : rest;
    }
    return path;
}

/* "/" and "/" followed by stars. */
static bool is_root(struct slice text) {
    struct slice component;
    if (!text.size || text.data[0] != '/')
        return false;
    while (next_component(&text, &component))
        if (!slice_is(component, "*") && !slice_is(component, "**") && !slice_is(component, ".."))
            return false;
    return true;
}

static bool has_component(struct slice rest) {
    struct slice component;
    return next_component(&rest, &component);
}

bool path_includes(struct slice whole, struct slice part) {
    if (is_root(whole))
        return true;
    struct parsed_path outer = parse_path(whole), inner = parse_path(part);
    if (outer.absolute != inner.absolute)
        return false;
    if (outer.ups != inner.ups)
        return outer.ups > inner.ups && !has_component(outer.rest);
    struct slice a, b;
    while (next_component(&outer.rest, &a)) {
        if (slice_is(a, "**") && !has_component(outer.rest))
            return true;
        if (!next_component(&inner.rest, &b) || !glob_includes(a, b))
            return false;
    }
    return true;
}

bool texts_hold(const struct value *whole, const struct value *part, text_includes *includes) {
    uint32_t wholes = element_count(whole), parts = element_count(part);
    if ((uint64_t)wholes * parts > INCLUSION_PAIRS)
        return false;
    for (uint32_t p = 0; p < parts; p++) {
        bool held = false;
        for (uint32_t w = 0; w < wholes && !held; w++) {
            const struct value *outer = element(whole, w), *inner = element(part, p);
            held = value_equal(outer, inner) ||
                   (!slice_is_none(text_of(outer)) && !slice_is_none(text_of(inner)) &&
                    includes(text_of(outer), text_of(inner)));
        }
        if (!held)
            return false;
    }
    return true;
}

bool texts_are_known(const struct value *value, const struct value *other) {
    for (uint32_t i = 0; i < element_count(value); i++) {
        const struct value *one = element(value, i);
        bool known = !slice_is_none(text_of(one));
        for (uint32_t k = 0; !known && k < element_count(other); k++)
            known = value_equal(one, element(other, k));
        if (!known)
            return false;
    }
    return true;
}

bool set_holds(struct arena *arena, const struct value *whole, const struct value *part) {
    uint32_t count = element_count(whole);
    const struct value **elements = ARENA_ARRAY(arena, const struct value *, count + 1);
    for (uint32_t i = 0; i < count; i++)
        elements[i] = element(whole, i);
    struct value_set set = value_set_make(arena, elements, count);
    for (uint32_t i = 0; i < element_count(part); i++)
        if (!value_set_has(&set, element(part, i)))
            return false;
    return true;
}
