/*
 * Calls that declare something when the program runs: rules/facts/program_packages.tsv says which
 * packages have such classes, and which argument names what they make; program_classes.tsv what
 * each class makes. Beside the call there is then an entity of kind "resource", with the type that
 * other facts know it by, the name it is given, and the named arguments as attributes, in small
 * letters with underscores; of Enumeration.NAME the name is the value. What is not said has the
 * value that program_classes.tsv says.
 */
#include "base/glob.h"
#include "entity/code.h"

enum { CONSTRUCT_DEPTH = 12 };

struct construct {
    struct slice family, name, type, unsaid;
    uint32_t argument;    /* that names it */
    struct slice keyword; /* or the named one */
    struct slice options; /* named argument whose own named arguments count as its */
    struct slice class;   /* without the package, dots and underscores only */
    struct slice last;    /* its last name */
};

static bool keep_package(const struct row *row, void *context) {
    struct construct *construct = context;
    int64_t argument;
    construct->family = row_cell(row, "family");
    construct->keyword = row_cell(row, "keyword");
    construct->options = row_cell(row, "options");
    construct->argument =
        slice_to_int(row_cell(row, "argument"), &argument) ? (uint32_t)argument : 0;
    return false;
}

static bool is_separator(char byte) {
    return byte == '.' || byte == '/' || byte == ':';
}

/* "/aws-s3.Bucket" -> "aws_s3.Bucket" */
static struct slice class_of(struct arena *arena, struct slice rest) {
    struct strbuf out;
    strbuf_init(&out, arena);
    for (size_t i = 0; i < rest.size; i++) {
        char byte = is_separator(rest.data[i]) ? '.' : rest.data[i] == '-' ? '_' : rest.data[i];
        if (byte != '.' || strbuf_slice(&out).size)
            strbuf_add_byte(&out, byte);
    }
    return strbuf_slice(&out);
}

/* The longest package that the callee's name begins with; else the one without a name. */
static void find_package(struct code *code, struct slice callee, struct construct *construct) {
    struct slice none = SLICE("");
    size_t from = 0;
    table_each(code->knowledge, SLICE("program_packages"), &none, 1, keep_package, construct);
    for (size_t i = 1; i < callee.size; i++) {
        struct slice package = slice_sub(callee, 0, i);
        struct construct found = {.argument = UINT32_MAX};
        if (!is_separator(callee.data[i]))
            continue;
        table_each(code->knowledge, SLICE("program_packages"), &package, 1, keep_package, &found);
        if (found.argument != UINT32_MAX) {
            *construct = found;
            from = i;
        }
    }
    construct->class = class_of(code->scratch, slice_from(callee, from));
    size_t dot = slice_find_last_byte(construct->class, '.');
    construct->last = dot == SLICE_NPOS ? construct->class : slice_from(construct->class, dot + 1);
}

static bool keep_class(const struct row *row, void *context) {
    struct construct *construct = context;
    struct slice pattern = row_cell(row, "class");
    if (!slice_equal(pattern, construct->class) && !glob_match(pattern, construct->last))
        return true;
    construct->type = row_cell(row, "type");
    construct->unsaid = row_cell(row, "unsaid");
    return false;
}

/* ---- attributes ---- */

static bool is_capital(char byte) {
    return byte >= 'A' && byte <= 'Z';
}

static bool is_small(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

/* "removalPolicy" -> "removal_policy" */
static struct slice plain_key(struct arena *arena, struct slice key) {
    struct strbuf out;
    strbuf_init(&out, arena);
    for (size_t i = 0; i < key.size; i++) {
        bool capital = is_capital(key.data[i]);
        if (capital && i && is_small(key.data[i - 1]))
            strbuf_add_byte(&out, '_');
        strbuf_add_byte(&out, capital ? (char)(key.data[i] + 32) : key.data[i]);
    }
    return strbuf_slice(&out);
}

/* "rds.RemovalPolicy.RETAIN" -> "RETAIN"; SLICE_NONE for what is no constant. */
static struct slice constant_name(struct slice text) {
    size_t dot = slice_find_last_byte(text, '.');
    if (dot == SLICE_NPOS || dot + 1 == text.size)
        return SLICE_NONE;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        bool letter = is_capital(byte) || byte == '_' || (byte >= '0' && byte <= '9');
        if (!letter && (i > dot || (!is_small(byte) && byte != '.')))
            return SLICE_NONE;
    }
    return slice_from(text, dot + 1);
}

/* A copy of its own: the spans of entities are moved in place. */
static const struct value *plain_value(struct arena *arena, const struct value *value,
                                       uint32_t level) {
    struct value *copy = ARENA_NEW(arena, struct value);
    *copy = *value;
    struct slice constant = value->kind == VALUE_EXPRESSION || value->kind == VALUE_REFERENCE
                                ? constant_name(value->text)
                                : SLICE_NONE;
    if (!slice_is_none(constant)) {
        copy->kind = VALUE_LITERAL;
        copy->type = LITERAL_STRING;
        copy->text = constant;
    }
    if (!value->count || level >= CONSTRUCT_DEPTH)
        return copy;
    copy->items = ARENA_ARRAY(arena, struct value_item, value->count);
    for (uint32_t i = 0; i < value->count; i++) {
        copy->items[i] = value->items[i];
        copy->items[i].value = plain_value(arena, value->items[i].value, level + 1);
        if (value->kind == VALUE_MAP)
            copy->items[i].key = plain_key(arena, value->items[i].key);
    }
    return copy;
}

static void add_attributes(struct code *code, const struct construct *construct,
                           const struct arguments *arguments, struct body *body) {
    for (uint32_t i = 0; i < arguments->keywords->items.count; i++) {
        struct value_item item = arguments->keywords->items.items[i];
        TSNode node = code_plain(code, arguments->keyword_nodes.items[i]);
        if (construct->options.size && slice_equal(item.key, construct->options) &&
            code_is_call(code, node)) {
            struct body positional = {.arena = code->scratch}, keywords = {.arena = code->scratch};
            struct arguments inner = {.positional = &positional, .keywords = &keywords};
            struct construct plain = {.options = SLICE("")};
            arguments_read(code, node, &inner);
            add_attributes(code, &plain, &inner, body);
            continue;
        }
        if (slice_equal(item.key, construct->keyword))
            continue;
        item.key = plain_key(body->arena, item.key);
        item.value = plain_value(body->arena, item.value, 0);
        vec_push(body->arena, &body->items, item);
    }
}

static bool has_attribute(const struct body *body, struct slice key) {
    for (uint32_t i = 0; i < body->items.count; i++)
        if (slice_equal(body->items.items[i].key, key))
            return true;
    return false;
}

/* "removal_policy=RETAIN, x=y" */
static void add_unsaid(struct slice unsaid, struct body *body, struct span span) {
    struct slice part;
    while (unsaid.size && slice_split(&unsaid, ',', &part)) {
        size_t equals = slice_find_byte(part, '=');
        struct slice key = slice_trim(slice_sub(part, 0, equals));
        if (equals == SLICE_NPOS || has_attribute(body, key))
            continue;
        struct value_item item = {
            .key = key,
            .span = span,
            .value = value_text(body->arena, slice_trim(slice_from(part, equals + 1)), span)};
        vec_push(body->arena, &body->items, item);
    }
}

/* ---- the name ---- */

static struct slice name_of(const struct construct *construct, const struct arguments *arguments) {
    const struct body *positional = arguments->positional;
    if (positional->items.count > construct->argument) {
        const struct value *value = positional->items.items[construct->argument].value;
        bool text = value->kind == VALUE_LITERAL && value->type == LITERAL_STRING;
        bool built = value->kind == VALUE_EXPRESSION && slice_contains(value->text, SLICE("${"));
        return text || built ? value->text : SLICE_NONE;
    }
    for (uint32_t i = 0; construct->keyword.size && i < arguments->keywords->items.count; i++)
        if (slice_equal(arguments->keywords->items.items[i].key, construct->keyword))
            return value_literal(arguments->keywords->items.items[i].value);
    return SLICE_NONE;
}

/* What comes before the name is what the new thing belongs to: no text. */
static bool is_owned(const struct construct *construct, const struct arguments *arguments) {
    for (uint32_t i = 0; i < construct->argument && i < arguments->positional->items.count; i++)
        if (arguments->positional->items.items[i].value->kind == VALUE_LITERAL)
            return false;
    return true;
}

void construct_read(struct code *code, struct slice callee, const struct arguments *arguments,
                    struct span span) {
    struct construct construct = {.argument = UINT32_MAX};
    if (arguments->positional->items.count + arguments->keywords->items.count == 0)
        return;
    find_package(code, callee, &construct);
    if (construct.argument == UINT32_MAX || !is_owned(&construct, arguments))
        return;
    construct.name = name_of(&construct, arguments);
    if (!construct.name.size)
        return;
    table_each(code->knowledge, SLICE("program_classes"), &construct.family, 1, keep_class,
               &construct);
    if (!construct.type.size)
        return;
    struct body body = {.arena = code->builder->arena};
    add_attributes(code, &construct, arguments, &body);
    add_unsaid(construct.unsaid, &body, span);
    code_emit(code, "resource", construct.type, construct.name, &body, span);
}
