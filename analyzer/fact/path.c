#include "fact/path.h"

static bool ends_key(char c) {
    return c == '.' || c == '[' || c == '{';
}

static bool take_quoted(struct slice *rest, struct path_step *step) {
    size_t end = slice_find_byte(slice_from(*rest, 1), '"');
    if (end == SLICE_NPOS)
        return false;
    *step = (struct path_step){.kind = STEP_KEY, .key = slice_sub(*rest, 1, end + 1)};
    *rest = slice_from(*rest, end + 2);
    return true;
}

static bool take_brackets(struct slice *rest, struct path_step *step) {
    size_t end = slice_find_byte(*rest, ']');
    if (end == SLICE_NPOS)
        return false;
    struct slice inside = slice_sub(*rest, 1, end);
    size_t equals = slice_find_byte(inside, '=');
    int64_t index;
    if (!inside.size)
        *step = (struct path_step){.kind = STEP_ANY_ELEMENT};
    else if (equals != SLICE_NPOS)
        *step = (struct path_step){.kind = STEP_ELEMENT,
                                   .key = slice_sub(inside, 0, equals),
                                   .value = slice_from(inside, equals + 1)};
    else if (slice_to_int(inside, &index) && index >= 0 && index < UINT32_MAX)
        *step = (struct path_step){.kind = STEP_INDEX, .index = (uint32_t)index};
    else
        return false;
    *rest = slice_from(*rest, end + 1);
    return true;
}

static bool take_key(struct slice *rest, struct path_step *step) {
    size_t end = 0;
    while (end < rest->size && !ends_key(rest->data[end]))
        end++;
    if (!end)
        return false;
    struct slice key = slice_sub(*rest, 0, end);
    enum path_step_kind kind = slice_is(key, "*") ? STEP_ANY : STEP_KEY;
    *step = (struct path_step){.kind = kind, .key = key};
    *rest = slice_from(*rest, end);
    return true;
}

static bool take_step(struct slice *rest, struct path_step *step) {
    if (rest->data[0] == '"')
        return take_quoted(rest, step);
    if (rest->data[0] == '[')
        return take_brackets(rest, step);
    if (slice_starts(*rest, SLICE("{}"))) {
        *step = (struct path_step){.kind = STEP_ANY_KEY};
        *rest = slice_from(*rest, 2);
        return true;
    }
    return take_key(rest, step);
}

static bool next_valid(struct slice *rest, struct path_step *step) {
    if (rest->data[0] == '.')
        *rest = slice_from(*rest, 1);
    return rest->size && take_step(rest, step);
}

bool path_next(struct slice *rest, struct path_step *step) {
    if (!rest->size)
        return false;
    struct slice all = *rest;
    if (!next_valid(rest, step)) {
        *step = (struct path_step){.kind = STEP_KEY, .key = all};
        *rest = SLICE_NONE;
    }
    return true;
}

bool path_is_valid(struct slice path) {
    struct path_step step;
    if (!path.size || path.data[0] == '.')
        return false;
    while (path.size)
        if (!next_valid(&path, &step))
            return false;
    return true;
}

static bool is_element_step(const struct path_step *step) {
    return step->kind == STEP_ANY_ELEMENT || step->kind == STEP_INDEX || step->kind == STEP_ELEMENT;
}

static bool elements_agree(const struct path_step *a, const struct path_step *b) {
    if (a->kind != b->kind || a->kind == STEP_ANY_ELEMENT)
        return true;
    if (a->kind == STEP_INDEX)
        return a->index == b->index;
    return slice_equal(a->key, b->key) && slice_equal(a->value, b->value);
}

static bool keys_agree(const struct path_step *a, const struct path_step *b) {
    return a->kind != STEP_KEY || b->kind != STEP_KEY || slice_equal(a->key, b->key);
}

/* A step of each side; element steps that the other side leaves out are passed over. */
struct path_pair {
    struct slice a_rest, b_rest;
    struct path_step a, b;
    bool a_has, b_has;
};

static void pair_next_a(struct path_pair *pair) {
    pair->a_has = path_next(&pair->a_rest, &pair->a);
}

static void pair_next_b(struct path_pair *pair) {
    pair->b_has = path_next(&pair->b_rest, &pair->b);
}

static bool pair_align(struct path_pair *pair) {
    bool a_element = is_element_step(&pair->a), b_element = is_element_step(&pair->b);
    if (a_element == b_element)
        return true;
    if (a_element && pair->b.kind != STEP_ANY)
        pair_next_a(pair);
    else if (b_element && pair->a.kind != STEP_ANY)
        pair_next_b(pair);
    else
        return true;
    return false;
}

/* What is left of one side when the other is used up: only element steps mean the same place. */
static bool only_elements(struct path_step step, struct slice rest) {
    do
        if (!is_element_step(&step))
            return false;
    while (path_next(&rest, &step));
    return true;
}

enum path_relation path_relate(struct slice pattern, struct slice concrete) {
    struct path_pair pair = {.a_rest = pattern, .b_rest = concrete};
    pair_next_a(&pair);
    pair_next_b(&pair);
    while (pair.a_has && pair.b_has) {
        if (!pair_align(&pair))
            continue;
        bool elements = is_element_step(&pair.a) && is_element_step(&pair.b);
        if (elements ? !elements_agree(&pair.a, &pair.b) : !keys_agree(&pair.a, &pair.b))
            return PATH_UNRELATED;
        pair_next_a(&pair);
        pair_next_b(&pair);
    }
    if (pair.a_has)
        return only_elements(pair.a, pair.a_rest) ? PATH_SAME : PATH_ABOVE;
    if (pair.b_has)
        return only_elements(pair.b, pair.b_rest) ? PATH_SAME : PATH_INSIDE;
    return PATH_SAME;
}
