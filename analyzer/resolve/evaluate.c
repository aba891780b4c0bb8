#include "resolve/evaluate.h"

bool evaluate_is_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '-';
}

static bool starts_word(char byte) {
    return evaluate_is_word(byte) && byte != '-' && !(byte >= '0' && byte <= '9');
}

void evaluate_space(struct evaluator *evaluator) {
    while (evaluator->at < evaluator->text.size &&
           memchr(" \t\r\n", evaluator->text.data[evaluator->at], 4))
        evaluator->at++;
}

char evaluate_peek(struct evaluator *evaluator) {
    evaluate_space(evaluator);
    return evaluator->at < evaluator->text.size ? evaluator->text.data[evaluator->at] : '\0';
}

bool evaluate_accept(struct evaluator *evaluator, const char *token) {
    evaluate_space(evaluator);
    if (!slice_starts(slice_from(evaluator->text, evaluator->at), slice_of(token)))
        return false;
    evaluator->at += strlen(token);
    return true;
}

void evaluate_expect(struct evaluator *evaluator, const char *token) {
    if (!evaluate_accept(evaluator, token))
        evaluator->failed = true;
}

struct slice evaluate_word(struct evaluator *evaluator) {
    if (!starts_word(evaluate_peek(evaluator)))
        return SLICE("");
    size_t from = evaluator->at;
    while (evaluator->at < evaluator->text.size &&
           evaluate_is_word(evaluator->text.data[evaluator->at]))
        evaluator->at++;
    return slice_sub(evaluator->text, from, evaluator->at);
}

static const struct value *read_number(struct evaluator *evaluator) {
    size_t from = evaluator->at, at = from;
    struct slice text = evaluator->text;
    while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9')
        at++;
    if (at + 1 < text.size && text.data[at] == '.' && text.data[at + 1] >= '0' &&
        text.data[at + 1] <= '9')
        for (at++; at < text.size && text.data[at] >= '0' && text.data[at] <= '9';)
            at++;
    evaluator->at = at;
    if (at < text.size && evaluate_is_word(text.data[at]) && text.data[at] != '-')
        evaluator->failed = true; /* 1e9 */
    struct value *value = (struct value *)make_text(
        evaluator, arena_copy(evaluator->arena, slice_sub(text, from, at)));
    value->type = LITERAL_NUMBER;
    return value;
}

static const struct value *make_reference(struct evaluator *evaluator, struct slice text) {
    struct value *value = (struct value *)make_open(evaluator, text);
    value->kind = VALUE_REFERENCE;
    return value;
}

/* An open value with something behind it. */
static const struct value *extend(struct evaluator *evaluator, const struct value *value,
                                  struct slice behind) {
    struct strbuf out;
    strbuf_init(&out, evaluator->arena);
    write_operand(evaluator, &out, value);
    strbuf_add(&out, behind);
    struct value *longer = (struct value *)make_open(evaluator, strbuf_slice(&out));
    longer->kind = value->kind;
    return longer;
}

static const struct value *member(struct evaluator *evaluator, const struct value *value,
                                  struct slice name) {
    if (is_error(value))
        return value;
    if (is_open(value))
        return extend(evaluator, value, ARENA_CONCAT(evaluator->arena, SLICE("."), name));
    int64_t number;
    if (value->kind == VALUE_LIST && slice_to_int(name, &number))
        return number >= 0 && number < value->count ? value->items[number].value : make_error();
    if (value->kind != VALUE_MAP)
        return make_error();
    const struct value *found = value_get(value, name);
    if (!found && value->block) /* a value that its declaration may complete */
        evaluator->failed = true;
    return found ? found : make_error();
}

static const struct value *index_open(struct evaluator *evaluator, const struct value *value,
                                      const struct value *index) {
    struct strbuf out;
    strbuf_init(&out, evaluator->arena);
    write_operand(evaluator, &out, value);
    strbuf_add_byte(&out, '[');
    write_value(evaluator, &out, index);
    strbuf_add_byte(&out, ']');
    struct value *open = (struct value *)make_open(evaluator, strbuf_slice(&out));
    open->kind = value->kind == VALUE_REFERENCE ? VALUE_REFERENCE : VALUE_EXPRESSION;
    return open;
}

static const struct value *element(struct evaluator *evaluator, const struct value *value,
                                   const struct value *index) {
    if (is_error(value) || is_error(index))
        return make_error();
    if (is_open(value) || index->kind != VALUE_LITERAL)
        return index_open(evaluator, value, index);
    int64_t number;
    if (value->kind == VALUE_LIST && !slice_to_int(index->text, &number))
        return make_error();
    return member(evaluator, value, index->text);
}

/* What follows [*] holds for every element. */
static const struct value *splat(struct evaluator *evaluator, const struct value *value) {
    struct values found = {0};
    size_t behind = evaluator->at;
    if (is_open(value))
        return evaluate_traversal(evaluator, extend(evaluator, value, SLICE("[*]")));
    uint32_t count = value->kind == VALUE_LIST ? value->count : value->kind != VALUE_NULL;
    for (uint32_t i = 0; i < count && !evaluator->failed; i++) {
        evaluator->at = behind;
        const struct value *item = value->kind == VALUE_LIST ? value->items[i].value : value;
        item = evaluate_traversal(evaluator, item);
        if (is_error(item))
            return item;
        values_add(evaluator, &found, item);
    }
    if (!count) { /* read, for nothing */
        static const struct value nothing = {.kind = VALUE_REFERENCE, .text = {"x", 1}};
        evaluate_traversal(evaluator, &nothing);
    }
    return make_list(evaluator, &found);
}

static bool at_member(const struct evaluator *evaluator) {
    struct slice rest = slice_from(evaluator->text, evaluator->at);
    return rest.size > 1 && rest.data[0] == '.' && evaluate_is_word(rest.data[1]);
}

static const struct value *step(struct evaluator *evaluator, const struct value *value) {
    if (at_member(evaluator)) {
        size_t from = ++evaluator->at;
        while (evaluator->at < evaluator->text.size &&
               evaluate_is_word(evaluator->text.data[evaluator->at]))
            evaluator->at++;
        return member(
            evaluator, value,
            arena_copy(evaluator->arena, slice_sub(evaluator->text, from, evaluator->at)));
    }
    evaluator->at++;
    const struct value *index = evaluate_expression(evaluator);
    evaluate_expect(evaluator, "]");
    return evaluator->failed ? value : element(evaluator, value, index);
}

const struct value *evaluate_traversal(struct evaluator *evaluator, const struct value *value) {
    while (!evaluator->failed) {
        struct slice rest = slice_from(evaluator->text, evaluator->at);
        if (slice_starts(rest, SLICE("[*]")) || slice_starts(rest, SLICE(".*"))) {
            evaluator->at += rest.data[0] == '[' ? 3 : 2;
            return splat(evaluator, value);
        }
        if (!at_member(evaluator) && !slice_starts(rest, SLICE("[")))
            break;
        value = step(evaluator, value);
    }
    return value;
}

static const struct binding *binding_of(const struct evaluator *evaluator, struct slice name) {
    const struct binding *binding = evaluator->bound;
    while (binding && !slice_equal(binding->name, name))
        binding = binding->outer;
    return binding;
}

/* var.name and local.name stand for a value where it is known. `own`: a reference as it is written
 * here. */
static const struct value *root_of(struct evaluator *evaluator, struct slice word, bool *own) {
    const struct binding *binding = binding_of(evaluator, word);
    *own = false;
    if (binding)
        return binding->value;
    struct slice rest = slice_from(evaluator->text, evaluator->at - word.size);
    struct slice head = resolve_head(rest);
    if (evaluator->scope->output && slice_is_none(head))
        head = resolve_output_head(rest);
    if (!slice_is_none(head)) {
        evaluator->at += head.size - word.size;
        const struct value *known = resolve_name(evaluator->scope, head);
        evaluator->named |= known != NULL;
        *own = !known;
        return known ? known : make_reference(evaluator, arena_copy(evaluator->arena, head));
    }
    *own = true;
    return make_reference(evaluator, arena_copy(evaluator->arena, word));
}

static const struct value *renamed(struct evaluator *evaluator, const struct value *value) {
    struct slice moved = value->kind == VALUE_REFERENCE
                             ? resolve_renamed(evaluator->scope, value->text)
                             : SLICE_NONE;
    if (slice_is_none(moved))
        return value;
    evaluator->moved = true;
    return make_reference(evaluator, moved);
}

/* f(list...) takes the elements one by one. */
static void spread(struct evaluator *evaluator, struct values *arguments) {
    const struct value *last = arguments->items[arguments->count - 1];
    if (last->kind != VALUE_LIST) {
        evaluator->failed = true;
        return;
    }
    arguments->count--;
    for (uint32_t i = 0; i < last->count; i++)
        values_add(evaluator, arguments, last->items[i].value);
}

static const struct value *write_call(struct evaluator *evaluator, struct slice name,
                                      const struct values *arguments) {
    struct strbuf out;
    strbuf_init(&out, evaluator->arena);
    strbuf_addf(&out, "%.*s(", SLICE_ARGS(name));
    for (uint32_t i = 0; i < arguments->count && !evaluator->failed; i++) {
        if (i)
            strbuf_add_text(&out, ", ");
        write_value(evaluator, &out, arguments->items[i]);
    }
    strbuf_add_byte(&out, ')');
    return make_open(evaluator, strbuf_slice(&out));
}

static const struct value *read_call(struct evaluator *evaluator, struct slice name) {
    struct values arguments = {0};
    while (!evaluator->failed && !evaluate_accept(evaluator, ")")) {
        values_add(evaluator, &arguments, evaluate_expression(evaluator));
        if (evaluate_accept(evaluator, "..."))
            spread(evaluator, &arguments);
        if (!evaluate_accept(evaluator, ",") && evaluate_peek(evaluator) != ')')
            evaluator->failed = true;
    }
    if (evaluator->failed)
        return make_null();
    const struct value *known = evaluate_call(evaluator, name, &arguments);
    return known ? known : write_call(evaluator, name, &arguments);
}

static const struct value *read_word(struct evaluator *evaluator) {
    struct slice word = evaluate_word(evaluator);
    struct slice rest = slice_from(evaluator->text, evaluator->at);
    while (slice_starts(rest, SLICE("::"))) { /* a function of a provider */
        evaluator->at += 2;
        struct slice more = evaluate_word(evaluator);
        word = slice_make(word.data, word.size + 2 + more.size);
        rest = slice_from(evaluator->text, evaluator->at);
    }
    if (!word.size)
        evaluator->failed = true;
    if (slice_starts(rest, SLICE("("))) {
        evaluator->at++;
        return evaluate_traversal(evaluator, read_call(evaluator, word));
    }
    if (slice_is(word, "true") || slice_is(word, "false"))
        return make_bool(word.size == 4);
    if (slice_is(word, "null"))
        return make_null();
    bool own;
    const struct value *root = root_of(evaluator, word, &own);
    const struct value *value = evaluate_traversal(evaluator, root);
    return own ? renamed(evaluator, value) : value;
}

static const struct value *read_primary(struct evaluator *evaluator) {
    char first = evaluate_peek(evaluator);
    if (++evaluator->scope->steps > EVALUATE_STEPS)
        evaluator->failed = true;
    if (first >= '0' && first <= '9')
        return read_number(evaluator);
    if (first == '"')
        return evaluate_traversal(evaluator, evaluate_string(evaluator));
    if (first == '<')
        return evaluate_heredoc(evaluator);
    if (first == '(' || first == '[' || first == '{') {
        evaluator->at++;
        const struct value *value = first == '(' ? evaluate_expression(evaluator)
                                                 : evaluate_bracket(evaluator, first == '{');
        if (first == '(')
            evaluate_expect(evaluator, ")");
        return evaluate_traversal(evaluator, value);
    }
    return read_word(evaluator);
}

static const struct value *read_unary(struct evaluator *evaluator) {
    char sign = evaluate_peek(evaluator);
    if (sign != '!' && sign != '-')
        return read_primary(evaluator);
    evaluator->at++;
    if (++evaluator->depth > EVALUATE_DEPTH)
        evaluator->failed = true;
    const struct value *value = evaluator->failed ? make_null() : read_unary(evaluator);
    evaluator->depth--;
    return evaluator->failed ? value : evaluate_unary(evaluator, sign, value);
}

/* Longer signs first: "<=" is no "<". */
static const struct {
    const char *sign;
    uint32_t strength;
} OPERATORS[] = {{"||", 1}, {"&&", 2}, {"==", 3}, {"!=", 3}, {"<=", 4}, {">=", 4}, {"<", 4},
                 {">", 4},  {"+", 5},  {"-", 5},  {"*", 6},  {"/", 6},  {"%", 6}};

enum { OPERATOR_COUNT = sizeof OPERATORS / sizeof *OPERATORS };

static uint32_t next_operator(struct evaluator *evaluator, uint32_t weakest) {
    evaluate_space(evaluator);
    struct slice rest = slice_from(evaluator->text, evaluator->at);
    if (slice_starts(rest, SLICE("%{")))
        return OPERATOR_COUNT;
    for (uint32_t i = 0; i < OPERATOR_COUNT; i++)
        if (slice_starts(rest, slice_of(OPERATORS[i].sign)))
            return OPERATORS[i].strength >= weakest ? i : OPERATOR_COUNT;
    return OPERATOR_COUNT;
}

static const struct value *read_binary(struct evaluator *evaluator, uint32_t weakest) {
    const struct value *left = read_unary(evaluator);
    uint32_t found;
    while (!evaluator->failed && (found = next_operator(evaluator, weakest)) < OPERATOR_COUNT) {
        struct slice sign = slice_of(OPERATORS[found].sign);
        evaluator->at += sign.size;
        const struct value *right = read_binary(evaluator, OPERATORS[found].strength + 1);
        if (!evaluator->failed)
            left = evaluate_binary(evaluator, sign, left, right);
    }
    return left;
}

const struct value *evaluate_expression(struct evaluator *evaluator) {
    if (++evaluator->depth > EVALUATE_DEPTH)
        evaluator->failed = true;
    if (evaluator->failed)
        return make_null();
    const struct value *value = read_binary(evaluator, 1);
    if (!evaluator->failed && evaluate_accept(evaluator, "?")) {
        const struct value *yes = evaluate_expression(evaluator);
        evaluate_expect(evaluator, ":");
        const struct value *no = evaluate_expression(evaluator);
        if (!evaluator->failed)
            value = evaluate_choice(evaluator, value, yes, no);
    }
    evaluator->depth--;
    return value;
}
