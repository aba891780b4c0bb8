#include "entity/code.h"

#include "base/decimal.h"

struct parts {
    struct code *code;
    struct arena *arena;
    VEC(struct part) list;
};

static bool is_name_byte(char byte) {
    return byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z');
}

static void parts_add(struct parts *parts, struct part part) {
    if (part.kind == PART_TEXT && !part.text.size && !part.quoted)
        return;
    vec_push(parts->arena, &parts->list, part);
}

static void parts_add_text(struct parts *parts, struct slice text, bool quoted) {
    parts_add(parts, (struct part){.kind = PART_TEXT, .text = text, .quoted = quoted});
}

/* Backslashes outside of quotes: the next byte stands for itself, a newline vanishes. Inside of
 * double quotes only $ ` " \ and newline are escaped. */
static struct slice unescape(struct arena *arena, struct slice text, bool quoted) {
    if (slice_find_byte(text, '\\') == SLICE_NPOS)
        return text;
    struct strbuf buf;
    strbuf_init(&buf, arena);
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if (byte != '\\' || i + 1 == text.size) {
            strbuf_add_byte(&buf, byte);
            continue;
        }
        char next = text.data[++i];
        if (next == '\n')
            continue;
        if (quoted && !strchr("$`\"\\", next))
            strbuf_add_byte(&buf, '\\');
        strbuf_add_byte(&buf, next);
    }
    return strbuf_slice(&buf);
}

/* \xHH and \NNN; returns the bytes used after the backslash. */
static size_t add_numeric_escape(struct strbuf *buf, struct slice rest) {
    bool hex = rest.data[0] == 'x';
    int base = hex ? 16 : 8, limit = hex ? 2 : 3, value = 0, used = 0;
    size_t at = hex ? 1 : 0;
    while (used < limit && at < rest.size && decimal_hex_digit(rest.data[at]) < base) {
        value = value * base + decimal_hex_digit(rest.data[at++]);
        used++;
    }
    strbuf_add_byte(buf, (char)(unsigned char)(value & 0xff));
    return at;
}

struct slice ansi_decode(struct arena *arena, struct slice text) {
    static const char letters[] = "abefnrtv\\'\"?", values[] = "\a\b\033\f\n\r\t\v\\'\"?";
    struct strbuf buf;
    strbuf_init(&buf, arena);
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != '\\' || i + 1 == text.size) {
            strbuf_add_byte(&buf, text.data[i]);
            continue;
        }
        struct slice rest = slice_from(text, i + 1);
        const char *letter = rest.data[0] ? strchr(letters, rest.data[0]) : NULL;
        if (letter) {
            strbuf_add_byte(&buf, values[letter - letters]);
            i++;
        } else if (rest.data[0] == 'x' || decimal_hex_digit(rest.data[0]) < 8) {
            i += add_numeric_escape(&buf, rest);
        } else {
            strbuf_add_byte(&buf, '\\');
        }
    }
    return strbuf_slice(&buf);
}

static void read_part(struct parts *parts, TSNode node, bool quoted);

/* First program inside $( ... ), through wrappers. */
static struct slice substitution_program(struct code *code, TSNode node) {
    for (uint32_t level = 0; level < 4; level++) {
        struct children children = code_children(code, node);
        uint32_t i = 0;
        enum node_role role = ROLE_NONE;
        for (; i < children.count; i++) {
            role = code_role(code, children.items[i].node);
            if (role == ROLE_COMMAND || role == ROLE_PIPELINE || role == ROLE_REDIRECTED ||
                role == ROLE_AND_OR)
                break;
        }
        if (i == children.count)
            return SLICE_NONE;
        node = children.items[i].node;
        if (role == ROLE_COMMAND) {
            TSNode name = node_field(code->roles, node, FIELD_NAME);
            if (ts_node_is_null(name))
                return SLICE_NONE;
            struct word word = word_read(code, name);
            return command_callee(code, &word);
        }
    }
    return SLICE_NONE;
}

/* The grammar counts blanks in front of an expansion in quotes as its own. */
static uint32_t own_start(const struct code *code, TSNode node) {
    uint32_t at = ts_node_start_byte(node), end = ts_node_end_byte(node);
    while (at < end && strchr(" \t\r\n", code->text.data[at]))
        at++;
    return at;
}

static struct slice own_source(const struct code *code, TSNode node) {
    return slice_sub(code->text, own_start(code, node), ts_node_end_byte(node));
}

static void read_substitution(struct parts *parts, TSNode node, bool quoted) {
    struct code *code = parts->code;
    struct slice source = own_source(code, node);
    struct slice text = code_squeeze(code->builder->arena, source);
    if (source.size > 1 && source.data[0] == '`')
        text = ARENA_CONCAT(code->builder->arena, SLICE("$("),
                            slice_trim(slice_sub(source, 1, source.size - 1)), SLICE(")"));
    parts_add(parts, (struct part){.kind = PART_SUBSTITUTION,
                                   .text = text,
                                   .name = substitution_program(code, node),
                                   .quoted = quoted});
}

/* ${name}, ${name:-fallback}, ${name%%pattern}, ${#name}, ${!name}, ${name[0]} */
static void read_expansion(struct parts *parts, TSNode node, bool quoted) {
    struct code *code = parts->code;
    struct slice source = own_source(code, node), inside = source;
    if (slice_starts(inside, SLICE("${")) && slice_ends(inside, SLICE("}")))
        inside = slice_sub(inside, 2, inside.size - 1);
    size_t name_size = 0;
    while (name_size < inside.size && is_name_byte(inside.data[name_size]))
        name_size++;
    if (!name_size && inside.size == 1)
        name_size = 1; /* ${@} */
    if (!name_size) {  /* ${#X}, ${!X} */
        parts_add(parts, (struct part){.kind = PART_OPAQUE, .text = source, .quoted = quoted});
        return;
    }
    struct part part = {.kind = PART_VARIABLE, .quoted = quoted};
    part.name = slice_sub(inside, 0, name_size);
    struct slice rest = slice_from(inside, name_size);
    if (!rest.size) {
        part.text = ARENA_CONCAT(code->builder->arena, SLICE("$"), part.name);
    } else {
        size_t size = rest.data[0] == ':' && rest.size > 1 && strchr("-=?+", rest.data[1]) ? 2 : 1;
        part.operator= slice_sub(rest, 0, size);
        part.fallback = slice_from(rest, size);
        if (part.fallback.size >= 2 && strchr("'\"", part.fallback.data[0]) &&
            part.fallback.data[part.fallback.size - 1] == part.fallback.data[0])
            part.fallback = slice_sub(part.fallback, 1, part.fallback.size - 1);
        part.text = code_squeeze(code->builder->arena, source);
    }
    parts_add(parts, part);
}

static void read_variable(struct parts *parts, TSNode node, bool quoted) {
    struct slice text = own_source(parts->code, node);
    parts_add(parts, (struct part){.kind = PART_VARIABLE,
                                   .text = text,
                                   .name = slice_from(text, 1),
                                   .quoted = quoted});
}

/* What stands between children of a string or concatenation belongs to it: grammars leave out
 * some of the text. */
static void read_quoted(struct parts *parts, TSNode node) {
    struct code *code = parts->code;
    struct arena *arena = code->builder->arena;
    struct children children = {0};
    uint32_t at = ts_node_start_byte(node), end = ts_node_end_byte(node);
    struct slice source = slice_sub(code->text, at, end);
    if (slice_find_byte(source, '$') != SLICE_NPOS || slice_find_byte(source, '`') != SLICE_NPOS)
        children = code_children(code, node);
    if (at < end && code->text.data[at] == '$')
        at++;
    if (at < end && code->text.data[at] == '"')
        at++;
    if (end > at && code->text.data[end - 1] == '"')
        end--;
    parts_add_text(parts, SLICE(""), true);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        enum node_role role = code_role(code, child);
        if (role != ROLE_SUBSTITUTION && role != ROLE_EXPANSION && role != ROLE_SIMPLE_EXPANSION &&
            role != ROLE_OPERATION)
            continue;
        struct slice before = slice_sub(code->text, at, own_start(code, child));
        parts_add_text(parts, unescape(arena, before, true), true);
        read_part(parts, child, true);
        at = ts_node_end_byte(child);
    }
    parts_add_text(parts, unescape(arena, slice_sub(code->text, at, end), true), true);
}

/* Nothing in it can be anything but one word. */
static bool is_plain_word(struct slice text) {
    for (size_t i = 0; i < text.size; i++)
        if (!is_name_byte(text.data[i]) && text.data[i] != '-' && text.data[i] != '.' &&
            text.data[i] != '/')
            return false;
    return text.size > 0;
}

static void read_concatenation(struct parts *parts, TSNode node) {
    struct slice source = code_source(parts->code, node);
    if (is_plain_word(source)) {
        parts_add_text(parts, source, false);
        return;
    }
    struct children children = code_children(parts->code, node);
    uint32_t at = ts_node_start_byte(node);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        if (ts_node_start_byte(child) > at)
            parts_add_text(parts, slice_sub(parts->code->text, at, ts_node_start_byte(child)),
                           false);
        read_part(parts, child, false);
        at = ts_node_end_byte(child);
    }
}

static void read_raw(struct parts *parts, TSNode node, bool ansi) {
    struct slice text = code_source(parts->code, node);
    size_t from = ansi ? 2 : 1;
    text = text.size > from ? slice_sub(text, from, text.size - 1) : SLICE("");
    if (ansi)
        text = ansi_decode(parts->code->builder->arena, text);
    parts_add_text(parts, text, true);
}

static void read_part(struct parts *parts, TSNode node, bool quoted) {
    struct code *code = parts->code;
    switch (code_role(code, node)) {
    case ROLE_RAW_STRING:
        read_raw(parts, node, false);
        break;
    case ROLE_ANSI_STRING:
        read_raw(parts, node, true);
        break;
    case ROLE_DOUBLE_QUOTED:
        read_quoted(parts, node);
        break;
    case ROLE_CONCATENATION:
    case ROLE_COMMAND_NAME:
        read_concatenation(parts, node);
        break;
    case ROLE_SIMPLE_EXPANSION:
        read_variable(parts, node, quoted);
        break;
    case ROLE_EXPANSION:
        read_expansion(parts, node, quoted);
        break;
    case ROLE_SUBSTITUTION:
        read_substitution(parts, node, quoted);
        break;
    case ROLE_OPERATION:
        parts_add(parts,
                  (struct part){.kind = PART_OPAQUE,
                                .text = code_squeeze(code->builder->arena, code_source(code, node)),
                                .quoted = quoted});
        break;
    default:
        parts_add_text(parts, unescape(code->builder->arena, code_source(code, node), quoted),
                       quoted);
    }
}

struct slice word_text(struct arena *arena, const struct part *parts, uint32_t count) {
    if (count == 1)
        return parts[0].text;
    struct strbuf buf;
    strbuf_init(&buf, arena);
    for (uint32_t i = 0; i < count; i++) {
        struct slice next = i + 1 < count ? parts[i + 1].text : SLICE("");
        bool braced = parts[i].kind == PART_VARIABLE &&
                      !parts[i].operator.size && next.size && parts[i + 1].kind == PART_TEXT &&
                       is_name_byte(next.data[0]);
        if (!braced) {
            strbuf_add(&buf, parts[i].text);
            continue;
        }
        strbuf_add(&buf, SLICE("${"));
        strbuf_add(&buf, parts[i].name);
        strbuf_add_byte(&buf, '}');
    }
    return strbuf_slice(&buf);
}

static bool all_quoted(const struct part *parts, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (!parts[i].quoted)
            return false;
    return count > 0;
}

/* Where the decoded text stands byte for byte in the source, so that lines can be told. */
static uint32_t verbatim_offset(struct code *code, TSNode node, struct slice text) {
    struct slice source = code_source(code, node);
    if (!text.size || text.size > source.size)
        return UINT32_MAX;
    size_t lead = source.size - text.size > 1 ? (source.size - text.size) / 2 : 0;
    if (text.data == source.data + lead ||
        slice_equal(slice_sub(source, lead, lead + text.size), text))
        return ts_node_start_byte(node) + (uint32_t)lead;
    return UINT32_MAX;
}

/* The grammar takes a line that begins with a backslash (\\rm) for more words of the command on the
 * line before: such a word has the newline in front. */
static void drop_newline(struct code *code, TSNode node, struct word *word) {
    struct slice source = code_source(code, node);
    if (!word->count || !source.size || source.data[0] != '\n')
        return;
    word->breaks = true;
    word->parts[0].text = slice_trim(word->parts[0].text);
}

struct word word_read(struct code *code, TSNode node) {
    struct parts parts = {.code = code, .arena = code->scratch};
    parts.list.items = arena_take(code->scratch, sizeof *parts.list.items);
    parts.list.capacity = 1; /* most words have one */
    read_part(&parts, node, false);
    struct word word = {.parts = parts.list.items, .count = parts.list.count};
    drop_newline(code, node, &word);
    word.text = word_text(code->builder->arena, word.parts, word.count);
    if (!word.text.data)
        word.text = SLICE("");
    word.span = code_span(node);
    while (word.breaks && word.span.from < word.span.to && code->text.data[word.span.from] <= ' ')
        word.span.from++;
    word.quoted = all_quoted(word.parts, word.count);
    word.source = verbatim_offset(code, node, word.text);
    return word;
}

struct word word_of_text(struct code *code, struct slice text, struct span span) {
    struct part *part = ARENA_NEW(code->scratch, struct part);
    *part = (struct part){.kind = PART_TEXT, .text = text, .quoted = true};
    return (struct word){
        .text = text, .parts = part, .count = 1, .span = span, .source = UINT32_MAX};
}

/* {a,b} outside of quotes, one level: enough for /{bin,etc}; nested braces stay as they are. */
void words_expand_braces(struct code *code, const struct word *word, struct words *out) {
    size_t open = slice_find_byte(word->text, '{'), close = SLICE_NPOS;
    bool plain = open != SLICE_NPOS;
    for (uint32_t i = 0; plain && i < word->count; i++)
        plain = word->parts[i].kind == PART_TEXT && !word->parts[i].quoted;
    struct slice inside = SLICE_NONE;
    if (plain && (close = slice_find_byte(slice_from(word->text, open), '}')) != SLICE_NPOS)
        inside = slice_sub(word->text, open + 1, open + close);
    if (!inside.size || slice_find_byte(inside, ',') == SLICE_NPOS ||
        slice_find_byte(inside, '{') != SLICE_NPOS) {
        vec_push(code->scratch, &out->list, *word);
        return;
    }
    struct slice head = slice_sub(word->text, 0, open);
    struct slice tail = slice_from(word->text, open + close + 1), part;
    uint32_t made = 0;
    while (made++ < 64 && slice_split(&inside, ',', &part)) {
        struct slice text = arena_format(code->builder->arena, "%.*s%.*s%.*s", SLICE_ARGS(head),
                                         SLICE_ARGS(part), SLICE_ARGS(tail));
        struct word one = word_of_text(code, text, word->span);
        one.parts->quoted = false;
        vec_push(code->scratch, &out->list, one);
    }
}

static bool is_special(char byte, bool quoted) {
    switch (byte) {
    case ' ':
    case '\t':
    case '\n':
        return true;
    case ';':
    case '&':
    case '|':
    case '<':
    case '>':
    case '(':
    case ')':
    case '*':
    case '?':
    case '#':
        return quoted;
    default:
        return false;
    }
}

static bool needs_quotes(const struct word *word) {
    if (!word->text.size)
        return true;
    for (uint32_t i = 0; i < word->count; i++) {
        const struct part *part = &word->parts[i];
        for (size_t n = 0; part->kind == PART_TEXT && n < part->text.size; n++)
            if (is_special(part->text.data[n], part->quoted))
                return true;
    }
    return false;
}

void word_add_quoted(struct strbuf *buf, const struct word *word) {
    bool quotes = needs_quotes(word);
    if (quotes)
        strbuf_add_byte(buf, '"');
    strbuf_add(buf, word->text);
    if (quotes)
        strbuf_add_byte(buf, '"');
}
