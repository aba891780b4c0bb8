/*
 * Expressions as text: every known name is put in its place, so that two sides that mean the same
 * read the same. A template that has become plain text is a literal; `true ? a : b` is decided.
 * Anything more stays an expression. One pass over the text, templates nested at most
 * RESOLVE_DEPTH deep.
 */
#include "base/strbuf.h"
#include "resolve/resolve.h"

enum mode { MODE_CODE, MODE_STRING, MODE_TEXT }; /* text: a string that is decoded already */

struct rewrite {
    struct resolve_scope *scope;
    struct slice rest;
    struct strbuf out;
    uint8_t modes[RESOLVE_DEPTH];
    uint32_t depth; /* of modes; the last one is current */
    bool replaced;  /* a name by its value */
    bool moved;     /* a reference by what it is called now */
};

static bool is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

static void take(struct rewrite *rewrite, size_t count) {
    strbuf_add(&rewrite->out, slice_sub(rewrite->rest, 0, count));
    rewrite->rest = slice_from(rewrite->rest, count);
}

static void add_escaped(struct strbuf *out, struct slice text) {
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '\n') {
            strbuf_add_text(out, "\\n");
            continue;
        }
        if (c == '"' || c == '\\')
            strbuf_add_byte(out, '\\');
        strbuf_add_byte(out, c);
    }
}

static bool render(struct strbuf *out, const struct value *value, size_t limit);

static bool render_items(struct strbuf *out, const struct value *value, size_t limit) {
    bool map = value->kind == VALUE_MAP;
    strbuf_add_byte(out, map ? '{' : '[');
    for (uint32_t i = 0; i < value->count; i++) {
        if (i)
            strbuf_add_text(out, ", ");
        if (map) {
            strbuf_add(out, value->items[i].key);
            strbuf_add_text(out, " = ");
        }
        if (!render(out, value->items[i].value, limit))
            return false;
    }
    strbuf_add_byte(out, map ? '}' : ']');
    return true;
}

/* As it would be written; false when it gets too long or cannot be said. */
static bool render(struct strbuf *out, const struct value *value, size_t limit) {
    switch ((enum value_kind)value->kind) {
    case VALUE_NULL:
        strbuf_add_text(out, "null");
        break;
    case VALUE_LITERAL:
        if (value->type == LITERAL_STRING)
            strbuf_add_byte(out, '"');
        add_escaped(out, value->text);
        if (value->type == LITERAL_STRING)
            strbuf_add_byte(out, '"');
        break;
    case VALUE_REFERENCE:
    case VALUE_EXPRESSION:
        strbuf_add(out, value->text);
        break;
    case VALUE_LIST:
    case VALUE_MAP:
        if (!render_items(out, value, limit))
            return false;
        break;
    case VALUE_UNKNOWN:
        return false;
    }
    return out->size <= limit;
}

/* "name.attribute[0]" at the front of a text; 0 if there is none. */
static size_t traversal_size(struct slice text) {
    size_t at = 0;
    while (at < text.size) {
        if (is_name_byte(text.data[at]) || text.data[at] == '.') {
            at++;
        } else if (text.data[at] == '[' && at + 1 < text.size) {
            size_t end = slice_find_byte(slice_from(text, at), ']');
            struct slice inside = slice_sub(text, at + 1, at + end);
            int64_t number;
            if (end == SLICE_NPOS || (inside.data[0] != '"' && !slice_to_int(inside, &number)))
                break;
            at += end + 1;
        } else {
            break;
        }
    }
    return at;
}

static bool put_value(struct rewrite *rewrite, struct slice name, bool raw) {
    const struct value *value = resolve_name(rewrite->scope, name);
    if (!value)
        return false;
    size_t mark = rewrite->out.size;
    bool decoded = rewrite->modes[rewrite->depth - 1] == MODE_TEXT;
    if (raw && value->kind == VALUE_LITERAL && decoded)
        strbuf_add(&rewrite->out, value->text);
    else if (raw && value->kind == VALUE_LITERAL)
        add_escaped(&rewrite->out, value->text);
    bool said =
        raw ? value->kind == VALUE_LITERAL : render(&rewrite->out, value, mark + RESOLVE_RENDER);
    size_t size = rewrite->out.size - mark;
    if (!said || size > RESOLVE_RENDER || !resolve_spend(rewrite->scope, size)) {
        rewrite->out.size = mark;
        return false;
    }
    rewrite->replaced = true;
    return true;
}

static void rewrite_name(struct rewrite *rewrite) {
    size_t size = traversal_size(rewrite->rest);
    if (!size)
        size = 1;
    struct slice name = slice_sub(rewrite->rest, 0, size);
    struct slice moved = resolve_renamed(rewrite->scope, name);
    if (!slice_is_none(resolve_head(name)) && put_value(rewrite, name, false)) {
        rewrite->rest = slice_from(rewrite->rest, size);
    } else if (!slice_is_none(moved)) {
        strbuf_add(&rewrite->out, moved);
        rewrite->rest = slice_from(rewrite->rest, size);
        rewrite->moved = true;
    } else {
        take(rewrite, size);
    }
}

/* "${var.x}": a name alone becomes its text. */
static bool rewrite_interpolation(struct rewrite *rewrite) {
    struct slice inside = slice_from(rewrite->rest, 2);
    size_t end = slice_find_byte(inside, '}');
    if (end == SLICE_NPOS)
        return false;
    struct slice name = slice_trim(slice_sub(inside, 0, end));
    if (!name.size || traversal_size(name) != name.size || slice_is_none(resolve_head(name)) ||
        !put_value(rewrite, name, true))
        return false;
    rewrite->rest = slice_from(inside, end + 1);
    return true;
}

static bool push(struct rewrite *rewrite, enum mode mode) {
    if (rewrite->depth == RESOLVE_DEPTH)
        return false;
    rewrite->modes[rewrite->depth++] = (uint8_t)mode;
    return true;
}

static bool rewrite_template(struct rewrite *rewrite) {
    struct slice rest = rewrite->rest;
    bool string = rewrite->modes[rewrite->depth - 1] == MODE_STRING;
    if ((string && rest.data[0] == '\\') || slice_starts(rest, SLICE("$${"))) {
        take(rewrite, rest.data[0] == '\\' ? 2 : 3);
        return true;
    }
    if (slice_starts(rest, SLICE("${")) || slice_starts(rest, SLICE("%{"))) {
        if (rest.data[0] == '$' && rewrite_interpolation(rewrite))
            return true;
        take(rewrite, 2);
        return push(rewrite, MODE_CODE);
    }
    if (rest.data[0] == '"' && string)
        rewrite->depth--;
    take(rewrite, 1);
    return true;
}

static bool rewrite_code(struct rewrite *rewrite) {
    char c = rewrite->rest.data[0];
    if (c == '"' || c == '{') {
        take(rewrite, 1);
        return push(rewrite, c == '"' ? MODE_STRING : MODE_CODE);
    }
    if (c == '}' && rewrite->depth > 1)
        rewrite->depth--;
    if (is_name_byte(c))
        rewrite_name(rewrite);
    else
        take(rewrite, 1);
    return true;
}

static bool rewrite_all(struct rewrite *rewrite, bool text) {
    push(rewrite, text || slice_starts(rewrite->rest, SLICE("<<")) ? MODE_TEXT : MODE_CODE);
    while (rewrite->rest.size) {
        bool code = !rewrite->depth || rewrite->modes[rewrite->depth - 1] == MODE_CODE;
        if (!rewrite->depth)
            push(rewrite, MODE_CODE);
        if (!(code ? rewrite_code(rewrite) : rewrite_template(rewrite)))
            return false;
    }
    return true;
}

/* The text of one quoted string without templates; SLICE_NONE if it is anything else. */
static struct slice unquote(struct arena *arena, struct slice text) {
    if (text.size < 2 || text.data[0] != '"' || text.data[text.size - 1] != '"')
        return SLICE_NONE;
    struct strbuf out;
    strbuf_init(&out, arena);
    for (size_t i = 1; i + 1 < text.size; i++) {
        char c = text.data[i];
        if (c == '"' || ((c == '$' || c == '%') && text.data[i + 1] == '{'))
            return SLICE_NONE;
        if (c == '\\' && i + 2 < text.size) {
            c = text.data[++i];
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
        }
        strbuf_add_byte(&out, c);
    }
    return strbuf_slice(&out);
}

static bool is_number(struct slice text) {
    bool dot = false;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '.' && i && !dot)
            dot = true;
        else if ((text.data[i] < '0' || text.data[i] > '9') && (i || text.data[i] != '-'))
            return false;
    }
    return text.size > 0 && text.data[text.size - 1] >= '0';
}

/* Position of a byte outside strings and brackets; SLICE_NPOS if there is none. */
static size_t find_outside(struct slice text, const char *what) {
    size_t length = strlen(what);
    int open = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '\\' && quoted) {
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted) {
            if (!open && i + length <= text.size && memcmp(text.data + i, what, length) == 0)
                return i;
            open += c == '(' || c == '[' || c == '{';
            open -= c == ')' || c == ']' || c == '}';
        }
    }
    return SLICE_NPOS;
}

/* A literal's text for comparison: quoted and bare spellings are one. */
static struct slice literal_text(struct arena *arena, struct slice text) {
    text = slice_trim(text);
    if (is_number(text) || slice_is(text, "true") || slice_is(text, "false"))
        return text;
    return unquote(arena, text);
}

/* 1 true, 0 false, -1 not decided. */
static int decide(struct arena *arena, struct slice condition) {
    condition = slice_trim(condition);
    if (slice_is(condition, "true") || slice_is(condition, "\"true\""))
        return 1;
    if (slice_is(condition, "false") || slice_is(condition, "\"false\""))
        return 0;
    if (condition.size && condition.data[0] == '!') {
        int inner = decide(arena, slice_from(condition, 1));
        return inner < 0 ? inner : !inner;
    }
    size_t at = find_outside(condition, "==");
    bool negated = at == SLICE_NPOS;
    if (negated)
        at = find_outside(condition, "!=");
    if (at == SLICE_NPOS)
        return -1;
    struct slice left = literal_text(arena, slice_sub(condition, 0, at));
    struct slice right = literal_text(arena, slice_from(condition, at + 2));
    if (slice_is_none(left) || slice_is_none(right))
        return -1;
    return slice_equal(left, right) != negated;
}

static struct slice choose(struct arena *arena, struct slice text) {
    for (uint32_t i = 0; i < RESOLVE_DEPTH; i++) {
        size_t question = find_outside(text, "?"), colon;
        if (question == SLICE_NPOS)
            break;
        struct slice rest = slice_from(text, question + 1);
        int truth = decide(arena, slice_sub(text, 0, question));
        colon = find_outside(rest, " : ");
        if (truth < 0 || colon == SLICE_NPOS ||
            find_outside(slice_sub(rest, 0, colon), "?") != SLICE_NPOS)
            break;
        text = slice_trim(truth ? slice_sub(rest, 0, colon) : slice_from(rest, colon + 3));
    }
    return text;
}

static void become_literal(struct value *result, enum literal_type type) {
    result->kind = VALUE_LITERAL;
    result->type = (uint8_t)type;
    result->template = false;
    result->items = NULL;
    result->count = 0;
}

static const struct value *make_result(struct resolve_scope *scope, const struct value *value,
                                       struct slice text, bool named) {
    struct value *result = ARENA_NEW(scope->arena, struct value);
    *result = *value;
    result->resolved = named;
    if (value->template) {
        result->text = text;
        if (!slice_contains(text, SLICE("${")) && !slice_contains(text, SLICE("%{")))
            become_literal(result, LITERAL_STRING);
        return result;
    }
    text = choose(scope->arena, slice_trim(text));
    struct slice plain = unquote(scope->arena, text);
    result->text = text;
    if (!slice_is_none(plain)) {
        result->text = plain;
        become_literal(result, LITERAL_STRING);
    } else if (is_number(text)) {
        become_literal(result, LITERAL_NUMBER);
    } else if (slice_is(text, "true") || slice_is(text, "false")) {
        become_literal(result, LITERAL_BOOL);
    }
    return result;
}

const struct value *resolve_expression(struct resolve_scope *scope, const struct value *value) {
    struct rewrite rewrite = {.scope = scope, .rest = value->text};
    strbuf_init(&rewrite.out, scope->arena);
    bool moves = scope->renames && scope->renames->moves.count;
    if ((!moves && !resolve_uses(value->text, NULL)) || !rewrite_all(&rewrite, value->template) ||
        (!rewrite.replaced && !rewrite.moved))
        return value;
    return make_result(scope, value, strbuf_slice(&rewrite.out), rewrite.replaced);
}
