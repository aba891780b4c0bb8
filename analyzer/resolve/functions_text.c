/* Functions that make texts. Letters change their case, and are counted, in ASCII only. */
#include "resolve/functions.h"

static bool is_ascii(struct slice text) {
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    return !slice_is_none(text);
}

static char to_upper(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
}

static char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static const struct value *change_case(const struct call *call, bool upper) {
    struct slice text = call_text(call, 0);
    struct strbuf out;
    strbuf_init(&out, call->evaluator->arena);
    for (size_t i = 0; i < text.size; i++)
        strbuf_add_byte(&out, upper ? to_upper(text.data[i]) : to_lower(text.data[i]));
    return is_ascii(text) ? make_text(call->evaluator, strbuf_slice(&out)) : NULL;
}

static const struct value *run_upper(const struct call *call) {
    return change_case(call, true);
}

static const struct value *run_lower(const struct call *call) {
    return change_case(call, false);
}

static const struct value *run_title(const struct call *call) {
    struct slice text = call_text(call, 0);
    struct strbuf out;
    strbuf_init(&out, call->evaluator->arena);
    for (size_t i = 0; i < text.size; i++) {
        char before = i ? text.data[i - 1] : ' ';
        if (before != ' ' && !evaluate_is_word(before))
            return NULL; /* what separates words is not only space */
        strbuf_add_byte(&out, before == ' ' ? to_upper(text.data[i]) : text.data[i]);
    }
    return is_ascii(text) ? make_text(call->evaluator, strbuf_slice(&out)) : NULL;
}

static struct slice cut(struct slice text, struct slice set, bool front, bool back) {
    while (front && text.size && slice_find_byte(set, text.data[0]) != SLICE_NPOS)
        text = slice_from(text, 1);
    while (back && text.size && slice_find_byte(set, text.data[text.size - 1]) != SLICE_NPOS)
        text.size--;
    return text;
}

static const struct value *run_trim(const struct call *call) {
    struct slice set = call_text(call, 1);
    return is_ascii(set) ? make_text(call->evaluator, cut(call_text(call, 0), set, true, true))
                         : NULL;
}

static const struct value *run_trimspace(const struct call *call) {
    return make_text(call->evaluator, cut(call_text(call, 0), SLICE(" \t\r\n\f\v"), true, true));
}

static const struct value *run_chomp(const struct call *call) {
    return make_text(call->evaluator, cut(call_text(call, 0), SLICE("\r\n"), false, true));
}

static const struct value *run_trimprefix(const struct call *call) {
    struct slice text = call_text(call, 0), head = call_text(call, 1);
    return make_text(call->evaluator,
                     slice_starts(text, head) ? slice_from(text, head.size) : text);
}

static const struct value *run_trimsuffix(const struct call *call) {
    struct slice text = call_text(call, 0), tail = call_text(call, 1);
    return make_text(call->evaluator,
                     slice_ends(text, tail) ? slice_sub(text, 0, text.size - tail.size) : text);
}

static const struct value *run_startswith(const struct call *call) {
    return make_bool(slice_starts(call_text(call, 0), call_text(call, 1)));
}

static const struct value *run_endswith(const struct call *call) {
    return make_bool(slice_ends(call_text(call, 0), call_text(call, 1)));
}

static const struct value *run_strcontains(const struct call *call) {
    return make_bool(slice_contains(call_text(call, 0), call_text(call, 1)));
}

/* A pattern between slashes is a regular expression. */
static const struct value *run_replace(const struct call *call) {
    struct slice text = call_text(call, 0), what = call_text(call, 1), with = call_text(call, 2);
    if (what.size > 1 && what.data[0] == '/' && what.data[what.size - 1] == '/')
        return replace_pattern(call, slice_sub(what, 1, what.size - 1));
    if (!what.size)
        return NULL;
    struct strbuf out;
    strbuf_init(&out, call->evaluator->arena);
    for (size_t at; (at = slice_find(text, what)) != SLICE_NPOS && out.size < RESOLVE_BUDGET / 64;
         text = slice_from(text, at + what.size)) {
        strbuf_add(&out, slice_sub(text, 0, at));
        strbuf_add(&out, with);
    }
    strbuf_add(&out, text);
    return make_text(call->evaluator, strbuf_slice(&out));
}

static const struct value *run_substr(const struct call *call) {
    struct slice text = call_text(call, 0);
    int64_t offset, length, size = (int64_t)text.size;
    if (!is_ascii(text) || !call_number(call, 1, &offset) || !call_number(call, 2, &length))
        return NULL;
    if (offset < 0)
        offset += size;
    if (offset < 0 || offset > size)
        return make_error();
    int64_t end = length < 0 || length > size - offset ? size : offset + length;
    return make_text(call->evaluator, slice_sub(text, (size_t)offset, (size_t)end));
}

static const struct value *run_split(const struct call *call) {
    struct slice sign = call_text(call, 0), text = call_text(call, 1);
    struct values parts = {0};
    if (!sign.size)
        return NULL;
    for (size_t at; (at = slice_find(text, sign)) != SLICE_NPOS;
         text = slice_from(text, at + sign.size))
        values_add(call->evaluator, &parts, make_text(call->evaluator, slice_sub(text, 0, at)));
    values_add(call->evaluator, &parts, make_text(call->evaluator, text));
    return make_list(call->evaluator, &parts);
}

/* A text of parts that may be open. */
struct joined {
    struct evaluator *evaluator;
    struct strbuf out;
    bool open, wrong;
};

static void join_part(struct joined *joined, const struct value *part) {
    bool sayable = part->kind == VALUE_LITERAL || is_open(part);
    joined->wrong |= !sayable;
    if (!sayable)
        return;
    joined->open |= is_open(part);
    write_inside_text(joined->evaluator, &joined->out, part);
}

static const struct value *joined_value(struct joined *joined) {
    if (joined->wrong)
        return NULL;
    struct value *value = (struct value *)make_text(joined->evaluator, strbuf_slice(&joined->out));
    if (joined->open) {
        value->kind = VALUE_EXPRESSION;
        value->template = true;
    }
    return value;
}

static const struct value *run_join(const struct call *call) {
    struct joined joined = {.evaluator = call->evaluator};
    strbuf_init(&joined.out, call->evaluator->arena);
    uint32_t count = 0;
    for (uint32_t i = 1; i < call->count; i++) {
        const struct value *list = call->arguments[i];
        if (list->kind != VALUE_LIST)
            return NULL;
        for (uint32_t n = 0; n < list->count; n++) {
            if (count++)
                strbuf_add(&joined.out, call_text(call, 0));
            join_part(&joined, list->items[n].value);
        }
    }
    return joined_value(&joined);
}

/* %s, %v and %q of texts, %d and %0Nd of whole numbers; NULL for any other verb. */
static bool format_verb(const struct call *call, struct joined *joined, struct slice verb,
                        const struct value *argument) {
    char kind = verb.data[verb.size - 1];
    int64_t number;
    if (verb.size == 1 && (kind == 's' || kind == 'v')) {
        join_part(joined, argument);
        return true;
    }
    if (kind == 'd' && as_number(argument, &number)) {
        int64_t width = 0;
        bool padded = verb.size > 1;
        if (padded && (verb.data[0] != '0' || verb.size > 4 || number < 0 ||
                       !slice_to_int(slice_sub(verb, 0, verb.size - 1), &width)))
            return false;
        strbuf_addf(&joined->out, "%0*lld", (int)width, (long long)number);
        return true;
    }
    if (verb.size == 1 && kind == 'q' && is_text(argument)) {
        write_quoted(&joined->out, argument->text);
        return true;
    }
    (void)call;
    return false;
}

static size_t verb_size(struct slice text) {
    size_t at = 0;
    while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9')
        at++;
    return at < text.size ? at + 1 : 0;
}

static const struct value *format_with(const struct call *call, const struct value *const *values,
                                       uint32_t count) {
    struct joined joined = {.evaluator = call->evaluator};
    struct slice rest = call_text(call, 0);
    uint32_t used = 0;
    strbuf_init(&joined.out, call->evaluator->arena);
    for (size_t at; (at = slice_find_byte(rest, '%')) != SLICE_NPOS;) {
        strbuf_add(&joined.out, slice_sub(rest, 0, at));
        rest = slice_from(rest, at + 1);
        size_t size = verb_size(rest);
        if (slice_starts(rest, SLICE("%"))) {
            strbuf_add_byte(&joined.out, '%');
            size = 1;
        } else if (!size || used == count ||
                   !format_verb(call, &joined, slice_sub(rest, 0, size), values[used++])) {
            return NULL;
        }
        rest = slice_from(rest, size);
    }
    strbuf_add(&joined.out, rest);
    return used == count ? joined_value(&joined) : NULL;
}

static const struct value *run_format(const struct call *call) {
    return call_text(call, 0).data ? format_with(call, call->arguments + 1, call->count - 1) : NULL;
}

static const struct value *run_formatlist(const struct call *call) {
    uint32_t length = UINT32_MAX;
    struct values made = {0};
    for (uint32_t i = 1; i < call->count; i++)
        if (call->arguments[i]->kind == VALUE_LIST && call->arguments[i]->count < length)
            length = call->arguments[i]->count;
    if (length == UINT32_MAX || slice_is_none(call_text(call, 0)))
        return NULL;
    const struct value **row =
        ARENA_ARRAY(call->evaluator->arena, const struct value *, call->count);
    for (uint32_t n = 0; n < length; n++) {
        for (uint32_t i = 1; i < call->count; i++) {
            const struct value *argument = call->arguments[i];
            row[i - 1] = argument->kind == VALUE_LIST ? argument->items[n].value : argument;
        }
        const struct value *text = format_with(call, row, call->count - 1);
        if (!text)
            return NULL;
        values_add(call->evaluator, &made, text);
    }
    return make_list(call->evaluator, &made);
}

static const struct value *run_tostring(const struct call *call) {
    const struct value *value = call->arguments[0];
    if (value->kind == VALUE_NULL)
        return value;
    return value->kind == VALUE_LITERAL ? make_text(call->evaluator, value->text) : make_error();
}

static const struct value *run_tobool(const struct call *call) {
    const struct value *value = call->arguments[0];
    struct slice text = value_literal(value);
    if (value->kind == VALUE_NULL)
        return value;
    return slice_is(text, "true") || slice_is(text, "false") ? make_bool(text.size == 4)
                                                             : make_error();
}

static const struct value *run_basename(const struct call *call) {
    struct slice text = cut(call_text(call, 0), SLICE("/"), false, true);
    size_t slash = slice_find_last_byte(text, '/');
    return text.size ? make_text(call->evaluator,
                                 slash == SLICE_NPOS ? text : slice_from(text, slash + 1))
                     : NULL;
}

static const struct value *run_dirname(const struct call *call) {
    struct slice text = call_text(call, 0), root = SLICE(PLACE_ROOT);
    size_t from = slice_starts(text, root) ? root.size : 0;
    struct slice path = slice_from(text, from);
    size_t slash = slice_find_last_byte(path, '/');
    bool plain = slash != SLICE_NPOS && slash && !slice_contains(path, SLICE("./")) &&
                 !slice_contains(path, SLICE("//"));
    if (from && slash == SLICE_NPOS)
        return make_text(call->evaluator, root);
    return plain ? make_text(call->evaluator, slice_sub(text, 0, from + slash)) : NULL;
}

static const struct value *run_indent(const struct call *call) {
    struct slice text = call_text(call, 1), line;
    struct strbuf out;
    int64_t spaces;
    if (!call_number(call, 0, &spaces) || spaces < 0 || spaces > 64)
        return NULL;
    strbuf_init(&out, call->evaluator->arena);
    for (size_t at; (at = slice_find_byte(text, '\n')) != SLICE_NPOS;
         text = slice_from(text, at + 1)) {
        line = slice_sub(text, 0, at + 1);
        strbuf_add(&out, line);
        strbuf_addf(&out, "%*s", (int)spaces, "");
    }
    strbuf_add(&out, text);
    return make_text(call->evaluator, strbuf_slice(&out));
}

static const struct value *run_strrev(const struct call *call) {
    struct slice text = call_text(call, 0);
    struct strbuf out;
    strbuf_init(&out, call->evaluator->arena);
    for (size_t i = text.size; i-- > 0;)
        strbuf_add_byte(&out, text.data[i]);
    return is_ascii(text) ? make_text(call->evaluator, strbuf_slice(&out)) : NULL;
}

const struct function FUNCTIONS_OF_TEXT[] = {
    {"upper", 1, 1, NEEDS_PLAIN, run_upper},
    {"lower", 1, 1, NEEDS_PLAIN, run_lower},
    {"title", 1, 1, NEEDS_PLAIN, run_title},
    {"trim", 2, 2, NEEDS_PLAIN, run_trim},
    {"trimspace", 1, 1, NEEDS_PLAIN, run_trimspace},
    {"chomp", 1, 1, NEEDS_PLAIN, run_chomp},
    {"trimprefix", 2, 2, NEEDS_PLAIN, run_trimprefix},
    {"trimsuffix", 2, 2, NEEDS_PLAIN, run_trimsuffix},
    {"startswith", 2, 2, NEEDS_PLAIN, run_startswith},
    {"endswith", 2, 2, NEEDS_PLAIN, run_endswith},
    {"strcontains", 2, 2, NEEDS_PLAIN, run_strcontains},
    {"replace", 3, 3, NEEDS_PLAIN, run_replace},
    {"substr", 3, 3, NEEDS_PLAIN, run_substr},
    {"split", 2, 2, NEEDS_PLAIN, run_split},
    {"join", 2, FUNCTION_MANY, NEEDS_SHAPE, run_join},
    {"format", 1, FUNCTION_MANY, NEEDS_ANY, run_format},
    {"formatlist", 2, FUNCTION_MANY, NEEDS_SHAPE, run_formatlist},
    {"tostring", 1, 1, NEEDS_KNOWN, run_tostring},
    {"tobool", 1, 1, NEEDS_KNOWN, run_tobool},
    {"basename", 1, 1, NEEDS_PLAIN, run_basename},
    {"dirname", 1, 1, NEEDS_PLAIN, run_dirname},
    {"indent", 2, 2, NEEDS_PLAIN, run_indent},
    {"strrev", 1, 1, NEEDS_PLAIN, run_strrev},
    {.name = NULL},
};
