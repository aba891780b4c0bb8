/* Lists, maps, and the `for` that makes them. */
#include "resolve/evaluate.h"

/* [for key, value in collection : result if condition] */
struct loop {
    struct evaluator *evaluator;
    bool map;
    struct slice key, value; /* names; the key may be "" */
    const struct value *collection;
    size_t body, end;
    VEC(struct value_item) made;
    bool open; /* something that decides what is made is not known */
};

static void read_head(struct loop *loop) {
    struct evaluator *evaluator = loop->evaluator;
    loop->value = evaluate_word(evaluator);
    if (evaluate_accept(evaluator, ",")) {
        loop->key = loop->value;
        loop->value = evaluate_word(evaluator);
    }
    if (!loop->value.size || !slice_is(evaluate_word(evaluator), "in"))
        evaluator->failed = true;
    loop->collection = evaluate_expression(evaluator);
    evaluate_expect(evaluator, ":");
    loop->body = evaluator->at;
}

struct made {
    const struct value *key, *value, *condition;
    bool grouped;
};

static struct made read_body(struct loop *loop) {
    struct evaluator *evaluator = loop->evaluator;
    struct made made = {.value = evaluate_expression(evaluator)};
    if (loop->map) {
        made.key = made.value;
        evaluate_expect(evaluator, "=>");
        made.value = evaluate_expression(evaluator);
        made.grouped = evaluate_accept(evaluator, "...");
    }
    size_t mark = evaluator->at;
    if (slice_is(evaluate_word(evaluator), "if"))
        made.condition = evaluate_expression(evaluator);
    else
        evaluator->at = mark;
    evaluate_expect(evaluator, loop->map ? "}" : "]");
    loop->end = evaluator->at;
    return made;
}

static struct made run_body(struct loop *loop, const struct value *key, const struct value *value) {
    struct evaluator *evaluator = loop->evaluator;
    struct binding inner = {loop->value, value, evaluator->bound};
    struct binding outer = {loop->key, key, &inner};
    const struct binding *before = evaluator->bound;
    evaluator->bound = loop->key.size ? &outer : &inner;
    evaluator->at = loop->body;
    struct made made = read_body(loop);
    evaluator->bound = before;
    return made;
}

static void run_element(struct loop *loop, const struct value *key, const struct value *value) {
    struct made made = run_body(loop, key, value);
    if (loop->evaluator->failed || (made.condition && value_is_false(made.condition)))
        return;
    bool wanted = !made.condition || value_is_true(made.condition);
    bool keyed = !made.key || made.key->kind == VALUE_LITERAL;
    if (!wanted || !keyed || made.grouped || is_error(made.value)) {
        loop->open = true;
        return;
    }
    struct value_item item = {made.key ? made.key->text : SLICE_NONE, {0, 0}, made.value};
    vec_push(loop->evaluator->arena, &loop->made, item);
}

/* The names stand for themselves, so that the body reads as it was written. */
static const struct value *write_loop(struct loop *loop) {
    struct evaluator *evaluator = loop->evaluator;
    struct value key = {.kind = VALUE_REFERENCE, .text = loop->key};
    struct value value = {.kind = VALUE_REFERENCE, .text = loop->value};
    struct made made = run_body(loop, &key, &value);
    if (evaluator->failed)
        return make_null();
    struct strbuf out;
    strbuf_init(&out, evaluator->arena);
    strbuf_addf(&out, "%cfor ", loop->map ? '{' : '[');
    if (loop->key.size)
        strbuf_addf(&out, "%.*s, ", SLICE_ARGS(loop->key));
    strbuf_addf(&out, "%.*s in ", SLICE_ARGS(loop->value));
    write_value(evaluator, &out, loop->collection);
    strbuf_add_text(&out, " : ");
    if (made.key) {
        write_value(evaluator, &out, made.key);
        strbuf_add_text(&out, " => ");
    }
    write_value(evaluator, &out, made.value);
    if (made.grouped)
        strbuf_add_text(&out, "...");
    if (made.condition) {
        strbuf_add_text(&out, " if ");
        write_value(evaluator, &out, made.condition);
    }
    strbuf_add_byte(&out, loop->map ? '}' : ']');
    return make_open(evaluator, strbuf_slice(&out));
}

static void run_all(struct loop *loop) {
    struct evaluator *evaluator = loop->evaluator;
    const struct value *collection = loop->collection;
    bool map = collection->kind == VALUE_MAP;
    struct value_item *items = sorted_items(evaluator, collection);
    for (uint32_t i = 0; i < collection->count && !evaluator->failed && !loop->open; i++)
        run_element(loop, map ? make_text(evaluator, items[i].key) : make_number(evaluator, i),
                    items[i].value);
}

static const struct value *read_for(struct evaluator *evaluator, bool map) {
    struct loop loop = {.evaluator = evaluator, .map = map};
    read_head(&loop);
    if (evaluator->failed)
        return make_null();
    if (is_error(loop.collection))
        loop.open = true;
    bool known = (loop.collection->kind == VALUE_LIST || loop.collection->kind == VALUE_MAP) &&
                 slice_is_none(loop.collection->tag);
    if (known)
        run_all(&loop);
    if (!known || loop.open || !loop.collection->count) {
        const struct value *written = write_loop(&loop);
        if (!known || loop.open)
            return written;
    }
    evaluator->at = loop.end;
    if (map)
        return make_map(evaluator, loop.made.items, loop.made.count);
    struct values values = {0};
    for (uint32_t i = 0; i < loop.made.count; i++)
        values_add(evaluator, &values, loop.made.items[i].value);
    return make_list(evaluator, &values);
}

static bool accept_for(struct evaluator *evaluator) {
    size_t mark = evaluator->at;
    if (slice_is(evaluate_word(evaluator), "for") && evaluate_word(evaluator).size) {
        evaluator->at = mark;
        evaluate_word(evaluator);
        return true;
    }
    evaluator->at = mark;
    return false;
}

static const struct value *read_key(struct evaluator *evaluator) {
    size_t mark = evaluator->at;
    struct slice word = evaluate_word(evaluator);
    char next = evaluate_peek(evaluator);
    if (word.size && (next == '=' || next == ':'))
        return make_text(evaluator, arena_copy(evaluator->arena, word));
    evaluator->at = mark;
    return evaluate_expression(evaluator);
}

static const struct value *read_map(struct evaluator *evaluator) {
    VEC(struct value_item) items = {0};
    bool open = false, wrong = false;
    while (!evaluator->failed && !evaluate_accept(evaluator, "}")) {
        const struct value *key = read_key(evaluator);
        if (!evaluate_accept(evaluator, "="))
            evaluate_expect(evaluator, ":");
        const struct value *value = evaluate_expression(evaluator);
        open |= key->kind != VALUE_LITERAL;
        wrong |= is_error(value) || is_error(key);
        struct value_item item = {key->text, {0, 0}, value};
        vec_push(evaluator->arena, &items, item);
        evaluate_accept(evaluator, ",");
    }
    if (wrong)
        return make_error();
    if (open) /* a key that is not known */
        evaluator->failed = true;
    return make_map(evaluator, items.items, items.count);
}

static const struct value *read_list(struct evaluator *evaluator) {
    struct values values = {0};
    bool wrong = false;
    while (!evaluator->failed && !evaluate_accept(evaluator, "]")) {
        const struct value *value = evaluate_expression(evaluator);
        wrong |= is_error(value);
        values_add(evaluator, &values, value);
        if (!evaluate_accept(evaluator, ",") && evaluate_peek(evaluator) != ']')
            evaluator->failed = true;
    }
    return wrong ? make_error() : make_list(evaluator, &values);
}

const struct value *evaluate_bracket(struct evaluator *evaluator, bool map) {
    if (accept_for(evaluator))
        return read_for(evaluator, map);
    return map ? read_map(evaluator) : read_list(evaluator);
}
