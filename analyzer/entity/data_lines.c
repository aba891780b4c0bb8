#include "entity/data.h"

/* How one text is decoded. */
struct lines {
    struct out out;
    struct slice text;
    struct slice prefixes, doubled;
    enum expansion_style expansions;
    bool script;
};

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\r';
}

static size_t line_end(struct slice text, size_t at) {
    size_t end = slice_find_byte(slice_from(text, at), '\n');
    return end == SLICE_NPOS ? text.size : at + end;
}

static size_t skip_blanks(struct slice text, size_t at) {
    while (at < text.size && is_blank(text.data[at]))
        at++;
    return at;
}

static bool is_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

/* A line that ends with a backslash (or a backtick after a blank) goes on. */
static size_t continued_at(struct slice text, size_t from, size_t end) {
    size_t at = end;
    while (at > from && is_blank(text.data[at - 1]))
        at--;
    size_t slashes = 0;
    while (at > from + slashes && text.data[at - 1 - slashes] == '\\')
        slashes++;
    bool tick = at > from + 1 && text.data[at - 1] == '`' && is_blank(text.data[at - 2]);
    return end < text.size && (slashes % 2 || tick) ? at - 1 : SLICE_NPOS;
}

/* The end of the bracket that opens at `at`, behind it. */
static size_t bracket_end(struct slice text, size_t at, size_t end) {
    uint32_t depth = 0;
    for (; at < end; at++) {
        char byte = text.data[at];
        depth += byte == '(' || byte == '{';
        if ((byte == ')' || byte == '}') && --depth == 0)
            return at + 1;
    }
    return end;
}

/* A variable of the format as one of the shell: ${name}, with what is no name made one. */
static void add_variable(struct lines *lines, struct slice name) {
    name = slice_trim(name);
    strbuf_add_text(&lines->out.text, "${");
    for (size_t i = 0; i < name.size; i++)
        strbuf_add_byte(&lines->out.text, is_word(name.data[i]) ? name.data[i] : '_');
    strbuf_add_byte(&lines->out.text, '}');
}

/* $(X), ${X}, $X and $$ of make; $(shell x) is what it would be in a shell. The automatic ones ($@,
 * $<) are never empty. */
static size_t add_dollar(struct lines *lines, size_t at, size_t end) {
    struct slice text = lines->text;
    if (at + 1 >= end)
        return at + 1;
    char next = text.data[at + 1];
    if (next == '(' || next == '{') {
        size_t stop = bracket_end(text, at + 1, end);
        struct slice inner = slice_trim(slice_sub(text, at + 2, stop > at + 2 ? stop - 1 : stop));
        if (slice_starts(inner, SLICE("shell "))) {
            strbuf_add_text(&lines->out.text, "$(");
            strbuf_add(&lines->out.text, slice_from(inner, 6));
            strbuf_add_byte(&lines->out.text, ')');
        } else {
            add_variable(lines, inner);
        }
        return stop;
    }
    if (is_word(next))
        add_variable(lines, slice_sub(text, at + 1, at + 2));
    else
        strbuf_add_text(&lines->out.text, "${_:?}");
    return at + 2;
}

static bool is_doubled(const struct lines *lines, size_t at, size_t end) {
    return at + 1 < end && lines->text.data[at + 1] == lines->text.data[at] &&
           lines->doubled.size &&
           slice_find_byte(lines->doubled, lines->text.data[at]) != SLICE_NPOS;
}

static void add_span(struct lines *lines, size_t at, size_t end) {
    struct slice text = lines->text;
    while (at < end) {
        char byte = text.data[at];
        if (lines->script && is_doubled(lines, at, end)) {
            strbuf_add_byte(&lines->out.text, byte);
            at += 2;
        } else if (lines->script && byte == '$' && lines->expansions == EXPANSION_PARENTHESES) {
            at = add_dollar(lines, at, end);
        } else if (lines->script && lines->expansions == EXPANSION_BRACES && byte == '{' &&
                   at + 1 < end && text.data[at + 1] == '{') {
            size_t close = slice_find(slice_sub(text, at, end), SLICE("}}"));
            size_t stop = close == SLICE_NPOS ? end : at + close + 2;
            add_variable(lines, slice_sub(text, at + 2, close == SLICE_NPOS ? end : at + close));
            at = stop;
        } else {
            if (byte != '\r')
                strbuf_add_byte(&lines->out.text, byte);
            at++;
        }
    }
}

/* Smallest indentation of the lines that hold anything. */
static size_t indentation(struct slice text, size_t from, size_t end) {
    size_t smallest = SLICE_NPOS;
    for (size_t at = from; at < end;) {
        size_t stop = line_end(text, at), first = skip_blanks(text, at);
        if (first < stop && first < end && first - at < smallest)
            smallest = first - at;
        at = stop + 1;
    }
    return smallest == SLICE_NPOS ? 0 : smallest;
}

static size_t skip_prefixes(const struct lines *lines, size_t at, size_t end) {
    size_t from = skip_blanks(lines->text, at), stop = from;
    while (stop < end && lines->prefixes.size &&
           slice_find_byte(lines->prefixes, lines->text.data[stop]) != SLICE_NPOS)
        stop++;
    return stop > from && stop < end ? skip_blanks(lines->text, stop) : at;
}

/* Behind a continued line: the first line that is neither blank nor a comment. */
static size_t skip_comments(struct slice text, size_t at, size_t end) {
    while (at < end) {
        size_t first = skip_blanks(text, at);
        if (first >= end || (text.data[first] != '#' && text.data[first] != '\n'))
            return at;
        at = line_end(text, first) + 1;
    }
    return end;
}

static void decode_script(struct lines *lines, size_t at, size_t end) {
    size_t indent = indentation(lines->text, at, end);
    bool begins = true;
    while (at < end) {
        size_t stop = line_end(lines->text, at);
        if (stop > end)
            stop = end;
        size_t from = at + indent < stop ? at + indent : stop;
        if (begins)
            from = skip_prefixes(lines, from, stop);
        lines->out.starts.items[lines->out.starts.count - 1] = (uint32_t)from;
        size_t continued = continued_at(lines->text, from, stop);
        add_span(lines, from, continued == SLICE_NPOS ? stop : continued);
        if (continued != SLICE_NPOS)
            strbuf_add_byte(&lines->out.text, '\\');
        at = stop + 1;
        if (continued != SLICE_NPOS)
            at = skip_comments(lines->text, at, end);
        begins = continued == SLICE_NPOS;
        if (at < end)
            out_line(&lines->out, at);
    }
}

/* What stands between the first and the last line; with "<<-" tabs in front do not count. */
static void decode_heredoc(struct lines *lines, size_t at, size_t end) {
    bool dedent = at + 2 < end && lines->text.data[at + 2] == '-';
    size_t last = end;
    while (last > at && lines->text.data[last - 1] != '\n')
        last--;
    at = line_end(lines->text, at) + 1;
    while (at < last) {
        size_t stop = line_end(lines->text, at);
        while (dedent && lines->text.data[at] == '\t')
            at++;
        lines->out.starts.items[lines->out.starts.count - 1] = (uint32_t)at;
        add_span(lines, at, stop);
        at = stop + 1;
        if (at <= last)
            out_line(&lines->out, at);
    }
}

static struct slice without_quotes(struct slice text) {
    if (text.size < 2 || (text.data[0] != '"' && text.data[0] != '\'') ||
        text.data[text.size - 1] != text.data[0])
        return text;
    struct slice inner = slice_sub(text, 1, text.size - 1);
    return slice_find_byte(inner, text.data[0]) == SLICE_NPOS ? inner : text;
}

/* One line for each that is not continued. */
static void decode_value(struct lines *lines, size_t at, size_t end) {
    bool first = true;
    while (at < end) {
        size_t stop = line_end(lines->text, at);
        if (stop > end)
            stop = end;
        size_t from = skip_blanks(lines->text, at);
        size_t continued = continued_at(lines->text, at, stop);
        size_t to = continued == SLICE_NPOS ? stop : continued;
        bool comment = !first && from < stop && lines->text.data[from] == '#';
        if (!comment && from < to)
            add_span(lines, from, to);
        at = stop + 1;
        if (continued != SLICE_NPOS)
            at = skip_comments(lines->text, at, end);
        else if (at < end && lines->out.text.size && !comment)
            out_line(&lines->out, at);
        first = false;
    }
}

struct text lines_decode(struct arena *arena, const struct language_record *language,
                         const struct image *image, struct slice source, struct span span,
                         bool script) {
    struct lines lines = {.text = slice_sub(source, 0, span.to), .script = script};
    out_begin(&lines.out, arena, span.from);
    if (language) {
        lines.prefixes = image_string(image, language->prefixes);
        lines.doubled = image_string(image, language->doubled);
        lines.expansions = (enum expansion_style)language->expansions;
    }
    struct slice here = slice_sub(source, span.from, span.to);
    if (script && slice_starts(here, SLICE("<<")) && slice_contains(here, SLICE("\n")))
        decode_heredoc(&lines, span.from, span.to);
    else if (script)
        decode_script(&lines, span.from, span.to);
    else
        decode_value(&lines, span.from, span.to);
    struct text text = out_text(&lines.out);
    if (!script)
        text.bytes = without_quotes(slice_trim(text.bytes));
    return text;
}
