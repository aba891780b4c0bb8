/* Strings, heredocs and templates: text with ${expression} and %{directive} in it. */
#include "base/utf8.h"
#include "resolve/evaluate.h"

#include "base/decimal.h"

enum form { FORM_QUOTED, FORM_DECODED };

struct text {
    struct evaluator *evaluator;
    enum form form;
    struct strbuf out;
    const struct value *only; /* all there is so far is one interpolation */
    bool open;                /* a part of it is not known */
    bool any;                 /* something was added */
    bool trim;                /* white space that follows goes away */
};

static bool is_white(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct slice rest_of(const struct text *text) {
    return slice_from(text->evaluator->text, text->evaluator->at);
}

/* Must stand alone: no text can be made of it. */
static bool is_alone(const struct value *value) {
    bool items = value->kind == VALUE_LIST || value->kind == VALUE_MAP;
    bool encoded = !slice_is_none(value->tag) && is_known(value);
    return (items && !encoded) || is_error(value) || value->kind == VALUE_NULL;
}

/* Something else is added to what may have been one interpolation. */
static void settle(struct text *text) {
    if (text->only && is_alone(text->only))
        text->evaluator->failed = true;
    text->only = NULL;
    text->any = true;
}

static void add_literal(struct text *text, struct slice part) {
    if (text->trim)
        while (part.size && is_white(part.data[0]))
            part = slice_from(part, 1);
    if (!part.size)
        return;
    text->trim = false;
    settle(text);
    strbuf_add(&text->out, part);
}

/* The escape at evaluator->at. */
static void read_escape(struct text *text) {
    struct slice rest = rest_of(text);
    char name = rest.size > 1 ? rest.data[1] : '\0';
    const char *names = "ntr\"\\", *values = "\n\t\r\"\\";
    const char *found = name ? strchr(names, name) : NULL;
    if (found) {
        text->evaluator->at += 2;
        add_literal(text, slice_make(&values[found - names], 1));
        return;
    }
    size_t digits = name == 'u' ? 4 : name == 'U' ? 8 : 0;
    uint32_t code = 0;
    for (size_t i = 0; i < digits; i++) {
        int digit = i + 2 < rest.size ? decimal_hex_digit(rest.data[i + 2]) : 99;
        digits = digit > 15 ? 0 : digits;
        code = code << 4 | ((uint32_t)digit & 15);
    }
    if (!digits) {
        text->evaluator->failed = true;
        return;
    }
    char bytes[4];
    add_literal(text, slice_make(bytes, utf8_write(code, bytes)));
    text->evaluator->at += 2 + digits;
}

static void trim_before(struct text *text) {
    while (text->out.size && is_white(text->out.data[text->out.size - 1]))
        text->out.size--;
}

/* Behind ${ or %{: a tilde takes away the white space before. */
static void accept_tilde(struct text *text) {
    if (slice_starts(rest_of(text), SLICE("~"))) {
        trim_before(text);
        text->evaluator->at++;
    }
}

static void close_marker(struct text *text) {
    text->trim = evaluate_accept(text->evaluator, "~");
    evaluate_expect(text->evaluator, "}");
}

static void add_value(struct text *text, const struct value *value) {
    if (is_error(value) || (value->kind != VALUE_LITERAL && !is_open(value) &&
                            slice_is_none(as_text(text->evaluator, value)))) {
        text->evaluator->failed = true;
        return;
    }
    write_inside_text(text->evaluator, &text->out, value);
    text->open |= is_open(value);
}

static void read_interpolation(struct text *text) {
    struct evaluator *evaluator = text->evaluator;
    evaluator->at += 2;
    accept_tilde(text);
    const struct value *value = evaluate_expression(evaluator);
    close_marker(text);
    if (evaluator->failed)
        return;
    bool first = !text->any;
    settle(text);
    if (!first || !is_alone(value))
        add_value(text, value);
    text->only = first ? value : NULL;
}

static void read_parts(struct text *text);

static struct slice directive_word(struct text *text) {
    struct evaluator *evaluator = text->evaluator;
    size_t mark = evaluator->at;
    if (!slice_starts(rest_of(text), SLICE("%{")))
        return SLICE("");
    evaluator->at += 2;
    if (slice_starts(rest_of(text), SLICE("~")))
        evaluator->at++;
    struct slice word = evaluate_word(evaluator);
    evaluator->at = mark;
    return word;
}

/* "%{ word" with its tilde */
static void enter_directive(struct text *text) {
    text->evaluator->at += 2;
    accept_tilde(text);
    evaluate_word(text->evaluator);
}

/* What one branch adds is kept or dropped. */
static void read_branch(struct text *text, bool keep) {
    size_t mark = text->out.size;
    bool open = text->open;
    read_parts(text);
    if (keep)
        return;
    text->out.size = mark;
    text->open = open;
}

static void end_directive(struct text *text, const char *word) {
    if (!slice_is(directive_word(text), word)) {
        text->evaluator->failed = true;
        return;
    }
    enter_directive(text);
    close_marker(text);
}

static void read_if(struct text *text) {
    struct evaluator *evaluator = text->evaluator;
    enter_directive(text);
    const struct value *condition = evaluate_expression(evaluator);
    close_marker(text);
    bool yes = value_is_true(condition);
    if (!yes && !value_is_false(condition))
        evaluator->failed = true;
    read_branch(text, yes);
    if (slice_is(directive_word(text), "else")) {
        end_directive(text, "else");
        read_branch(text, !yes);
    }
    end_directive(text, "endif");
}

struct text_loop {
    struct slice key, value;
    size_t body;
};

static void run_loop(struct text *text, const struct text_loop *loop, const struct value *key,
                     const struct value *value) {
    struct evaluator *evaluator = text->evaluator;
    struct binding inner = {loop->value, value, evaluator->bound};
    struct binding outer = {loop->key, key, &inner};
    const struct binding *before = evaluator->bound;
    evaluator->bound = loop->key.size ? &outer : &inner;
    evaluator->at = loop->body;
    read_parts(text);
    evaluator->bound = before;
}

static void read_for(struct text *text) {
    struct evaluator *evaluator = text->evaluator;
    struct text_loop loop = {.key = SLICE("")};
    enter_directive(text);
    loop.value = evaluate_word(evaluator);
    if (evaluate_accept(evaluator, ",")) {
        loop.key = loop.value;
        loop.value = evaluate_word(evaluator);
    }
    if (!slice_is(evaluate_word(evaluator), "in"))
        evaluator->failed = true;
    const struct value *list = evaluate_expression(evaluator);
    close_marker(text);
    bool trim = text->trim, map = list->kind == VALUE_MAP;
    if ((list->kind != VALUE_LIST && !map) || !list->count || !slice_is_none(list->tag))
        evaluator->failed = true;
    loop.body = evaluator->at;
    struct value_item *items = evaluator->failed ? NULL : sorted_items(evaluator, list);
    for (uint32_t i = 0; i < list->count && !evaluator->failed; i++) {
        text->trim = trim;
        run_loop(text, &loop, map ? make_text(evaluator, items[i].key) : make_number(evaluator, i),
                 items[i].value);
    }
    end_directive(text, "endfor");
}

/* False where a directive ends the part that is read, or is none. */
static bool read_directive(struct text *text) {
    struct slice word = directive_word(text);
    settle(text);
    if (++text->evaluator->depth > EVALUATE_DEPTH)
        text->evaluator->failed = true;
    else if (slice_is(word, "if"))
        read_if(text);
    else if (slice_is(word, "for"))
        read_for(text);
    else
        return text->evaluator->depth--, false;
    text->evaluator->depth--;
    return true;
}

static size_t literal_size(const struct text *text, struct slice rest) {
    size_t at = 0;
    while (at < rest.size && !strchr(text->form == FORM_QUOTED ? "\"\\$%" : "$%", rest.data[at]))
        at++;
    return at;
}

/* Up to the end of the text, or the directive that closes the part. */
static void read_parts(struct text *text) {
    struct evaluator *evaluator = text->evaluator;
    while (!evaluator->failed && evaluator->at < evaluator->text.size) {
        struct slice rest = rest_of(text);
        size_t size = literal_size(text, rest);
        bool quoted = text->form == FORM_QUOTED && size < rest.size;
        if (size) {
            add_literal(text, slice_sub(rest, 0, size));
            evaluator->at += size;
        } else if (quoted && rest.data[0] == '"') {
            return;
        } else if (quoted && rest.data[0] == '\\') {
            read_escape(text);
        } else if (slice_starts(rest, SLICE("${"))) {
            read_interpolation(text);
        } else if (slice_starts(rest, SLICE("%{"))) {
            if (!read_directive(text))
                return;
        } else {
            bool twice = rest.size > 2 && rest.data[1] == rest.data[0] && rest.data[2] == '{';
            size = twice ? 3 : 1;
            text->open |= twice; /* stays as it is, which reads as no plain text */
            add_literal(text, slice_sub(rest, 0, size));
            evaluator->at += size;
        }
    }
}

static const struct value *finish(struct text *text) {
    struct evaluator *evaluator = text->evaluator;
    struct slice bytes = strbuf_slice(&text->out);
    if (evaluator->failed)
        return make_null();
    if (text->only)
        return text->only;
    if (!text->open)
        return make_text(evaluator, bytes);
    struct value *value = (struct value *)make_text(evaluator, bytes);
    value->kind = VALUE_EXPRESSION;
    value->template = true;
    return value;
}

const struct value *evaluate_string(struct evaluator *evaluator) {
    struct text text = {.evaluator = evaluator, .form = FORM_QUOTED};
    strbuf_init(&text.out, evaluator->arena);
    evaluator->at++;
    if (++evaluator->depth > EVALUATE_DEPTH)
        evaluator->failed = true;
    read_parts(&text);
    evaluator->depth--;
    if (!slice_starts(rest_of(&text), SLICE("\"")))
        evaluator->failed = true;
    evaluator->at++;
    return finish(&text);
}

const struct value *evaluate_template(struct evaluator *evaluator, struct slice bytes) {
    struct text text = {.evaluator = evaluator, .form = FORM_DECODED};
    strbuf_init(&text.out, evaluator->arena);
    evaluator->text = bytes;
    evaluator->at = 0;
    read_parts(&text);
    if (evaluator->at < evaluator->text.size)
        evaluator->failed = true;
    return finish(&text);
}

static size_t indentation(struct slice line) {
    size_t at = 0;
    while (at < line.size && (line.data[at] == ' ' || line.data[at] == '\t'))
        at++;
    return at;
}

/* The lines of a heredoc without their common indentation. */
static struct slice without_indentation(struct arena *arena, struct slice lines) {
    size_t least = SLICE_NPOS;
    struct slice rest = lines, line;
    while (rest.size && slice_split(&rest, '\n', &line))
        if (slice_trim(line).size && indentation(line) < least)
            least = indentation(line);
    struct strbuf out;
    strbuf_init(&out, arena);
    rest = lines;
    while (rest.size && slice_split(&rest, '\n', &line)) {
        strbuf_add(&out, slice_from(line, least < line.size ? least : line.size));
        strbuf_add_byte(&out, '\n');
    }
    return strbuf_slice(&out);
}

const struct value *evaluate_heredoc(struct evaluator *evaluator) {
    evaluate_expect(evaluator, "<<");
    bool dedent = evaluate_accept(evaluator, "-");
    struct slice word = evaluate_word(evaluator), rest = slice_from(evaluator->text, evaluator->at);
    size_t begin = slice_find_byte(rest, '\n'), at = begin;
    if (evaluator->failed || !word.size || begin == SLICE_NPOS) {
        evaluator->failed = true;
        return make_null();
    }
    while (at < rest.size) {
        struct slice line = slice_from(rest, at + 1);
        size_t next = slice_find_byte(line, '\n');
        if (slice_starts(slice_trim(slice_sub(line, 0, next)), word) &&
            slice_trim(slice_sub(line, 0, next)).size == word.size)
            break;
        at = next == SLICE_NPOS ? rest.size : at + 1 + next;
    }
    if (at >= rest.size) {
        evaluator->failed = true;
        return make_null();
    }
    struct slice lines = slice_sub(rest, begin + 1, at + 1), all = evaluator->text;
    size_t behind = evaluator->at + at + 1;
    behind += indentation(slice_from(all, behind)) + word.size;
    if (dedent)
        lines = without_indentation(evaluator->arena, lines);
    const struct value *value = evaluate_template(evaluator, lines);
    evaluator->text = all;
    evaluator->at = behind;
    return value;
}
