#include "entity/data.h"

void out_piece(struct out *out, size_t next) {
    vec_push(out->arena, &out->starts, (uint32_t)next);
    vec_push(out->arena, &out->text_starts, (uint32_t)out->text.size);
}

void out_begin(struct out *out, struct arena *arena, size_t at) {
    *out = (struct out){.arena = arena};
    strbuf_init(&out->text, arena);
    out_piece(out, at);
}

void out_line(struct out *out, size_t next) {
    strbuf_add_byte(&out->text, '\n');
    out_piece(out, next);
}

struct text out_text(const struct out *out) {
    return (struct text){strbuf_slice(&out->text),
                         {out->starts.items, out->starts.count, out->text_starts.items}};
}

static void out_byte(struct out *out, char byte, size_t next) {
    if (byte == '\n')
        out_line(out, next);
    else
        strbuf_add_byte(&out->text, byte);
}

static void out_utf8(struct out *out, uint32_t c) {
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
        c = 0xfffd;
    char bytes[4];
    size_t size = 0;
    if (c < 0x80) {
        bytes[size++] = (char)c;
    } else {
        int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
        static const unsigned char leads[] = {0, 0xc0, 0xe0, 0xf0};
        bytes[size++] = (char)(leads[more] | (c >> (6 * more)));
        while (more--)
            bytes[size++] = (char)(0x80 | ((c >> (6 * more)) & 0x3f));
    }
    strbuf_add(&out->text, slice_make(bytes, size));
}

static uint32_t hex_value(char byte) {
    if (byte >= '0' && byte <= '9')
        return (uint32_t)(byte - '0');
    if (byte >= 'a' && byte <= 'f')
        return (uint32_t)(byte - 'a') + 10;
    if (byte >= 'A' && byte <= 'F')
        return (uint32_t)(byte - 'A') + 10;
    return 16;
}

static bool hex_read(struct slice text, size_t at, uint32_t digits, uint32_t *value) {
    *value = 0;
    for (uint32_t i = 0; i < digits; i++) {
        uint32_t digit = at + i < text.size ? hex_value(text.data[at + i]) : 16;
        if (digit == 16)
            return false;
        *value = *value << 4 | digit;
    }
    return true;
}

/* A \u escape, with its low surrogate if one follows; returns the offset behind. */
static size_t escape_unicode(struct out *out, struct slice text, size_t at, uint32_t digits) {
    uint32_t value, low;
    if (!hex_read(text, at, digits, &value))
        return at;
    at += digits;
    if (value >= 0xd800 && value < 0xdc00 && at + 1 < text.size && text.data[at] == '\\' &&
        text.data[at + 1] == 'u' && hex_read(text, at + 2, 4, &low) && low >= 0xdc00 &&
        low < 0xe000) {
        value = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
        at += 6;
    }
    if (value == '\n')
        out_line(out, at);
    else
        out_utf8(out, value);
    return at;
}

/* The escape whose backslash stands at `at`; returns the offset behind it. */
static size_t escape_read(struct out *out, struct slice text, size_t at) {
    static const char names[] = "ntr0abefv\"\\/' ";
    static const char values[] = "\n\t\r\0\a\b\033\f\v\"\\/' ";
    if (at + 1 >= text.size)
        return at + 1;
    char name = text.data[at + 1];
    at += 2;
    if (name == 'x' || name == 'u' || name == 'U')
        return escape_unicode(out, text, at, name == 'x' ? 2 : name == 'u' ? 4 : 8);
    if (name == '\n') { /* a line continued: its indentation goes too */
        while (at < text.size && (text.data[at] == ' ' || text.data[at] == '\t'))
            at++;
        out_piece(out, at);
        return at;
    }
    const char *found = memchr(names, name, sizeof names - 1);
    if (found)
        out_byte(out, values[found - names], at);
    else
        strbuf_add(&out->text, slice_make((char[]){'\\', name}, 2));
    return at;
}

/* A line break in a flow scalar: one becomes a space, n become n - 1 breaks. */
static size_t fold_breaks(struct out *out, struct slice text, size_t at) {
    while (out->text.size && (out->text.data[out->text.size - 1] == ' ' ||
                              out->text.data[out->text.size - 1] == '\t'))
        out->text.size--;
    uint32_t breaks = 0;
    while (at < text.size && memchr(" \t\r\n", text.data[at], 4))
        breaks += text.data[at++] == '\n';
    for (uint32_t i = 1; i < breaks; i++)
        out_line(out, at);
    if (breaks == 1) {
        strbuf_add_byte(&out->text, ' ');
        out_piece(out, at);
    }
    return at;
}

static void decode_flow(struct out *out, struct slice text, size_t at, size_t end,
                        enum text_form form) {
    struct slice inner = slice_sub(text, 0, end);
    while (at < end) {
        char byte = text.data[at];
        if (byte == '\n' || byte == '\r') {
            at = fold_breaks(out, inner, at);
        } else if (byte == '\\' && form == TEXT_DOUBLE) {
            at = escape_read(out, inner, at);
        } else {
            if (byte == '\'' && form == TEXT_SINGLE && at + 1 < end && text.data[at + 1] == '\'')
                at++;
            strbuf_add_byte(&out->text, byte);
            at++;
        }
    }
}

struct block_style {
    bool folded;
    char chomp;
    uint32_t explicit_indent;
    size_t body; /* offset of the first line */
};

static struct block_style block_header(struct slice text, size_t at, size_t end) {
    struct block_style style = {.folded = text.data[at] == '>'};
    for (at++; at < end && text.data[at] != '\n'; at++) {
        if (text.data[at] == '-' || text.data[at] == '+')
            style.chomp = text.data[at];
        else if (text.data[at] >= '1' && text.data[at] <= '9')
            style.explicit_indent = (uint32_t)(text.data[at] - '0');
        else if (text.data[at] == '#')
            break;
    }
    while (at < end && text.data[at] != '\n')
        at++;
    style.body = at < end ? at + 1 : end;
    return style;
}

static size_t spaces_at(struct slice text, size_t at) {
    size_t from = at;
    while (at < text.size && text.data[at] == ' ')
        at++;
    return at - from;
}

static size_t line_end(struct slice text, size_t at, size_t end) {
    const char *found = at < end ? memchr(text.data + at, '\n', end - at) : NULL;
    return found ? (size_t)(found - text.data) : end;
}

static bool line_blank(struct slice text, size_t from, size_t to) {
    while (from < to && memchr(" \t\r", text.data[from], 3))
        from++;
    return from == to;
}

/* Indentation of the first line that holds anything. */
static size_t block_indent(struct slice text, size_t at, size_t end) {
    while (at < end) {
        size_t stop = line_end(text, at, end);
        if (!line_blank(text, at, stop))
            return spaces_at(text, at);
        at = stop + 1;
    }
    return 0;
}

/* What stands between two lines of a folded scalar. */
struct fold {
    bool any, text; /* a line came before; it was not indented further */
    uint32_t blank; /* blank lines since */
};

static void fold_between(struct out *out, struct fold *fold, bool more, size_t next) {
    uint32_t breaks = fold->blank;
    if (fold->any && fold->text && !more && !breaks) {
        strbuf_add_byte(&out->text, ' ');
        out_piece(out, next);
    } else if (fold->any && !(fold->text && !more)) {
        breaks++;
    }
    for (uint32_t i = 0; i < breaks; i++)
        out_line(out, next);
    *fold = (struct fold){true, !more, 0};
}

/* Trailing line breaks are cut; one is put back unless the header says otherwise. */
static void decode_block(struct out *out, struct slice text, size_t at, size_t end) {
    struct block_style style = block_header(text, at, end);
    size_t line = at;
    while (line > 0 && text.data[line - 1] != '\n')
        line--;
    size_t indent = style.explicit_indent ? spaces_at(text, line) + style.explicit_indent
                                          : block_indent(text, style.body, end);
    struct fold fold = {false, false, 0};
    for (at = style.body; at < end;) {
        size_t stop = line_end(text, at, end), spaces = spaces_at(text, at);
        size_t from = at + (spaces < indent ? spaces : indent);
        if (line_blank(text, at, stop)) {
            fold.blank++;
        } else {
            bool more = spaces > indent || !style.folded;
            if (!fold.any && !fold.blank)
                out->starts.items[0] = (uint32_t)from;
            fold_between(out, &fold, more, from);
            strbuf_add(&out->text,
                       slice_sub(text, from, text.data[stop - 1] == '\r' ? stop - 1 : stop));
        }
        at = stop + 1;
    }
    if (style.chomp != '-' && out->text.size)
        out_line(out, end);
}

/* The end of the ${ or %{ that opens at `at`. Strings inside may hold braces. */
static size_t interpolation_end(struct slice text, size_t at, size_t end) {
    uint32_t depth = 0;
    bool quoted = false;
    for (size_t i = at + 1; i < end; i++) {
        char byte = text.data[i];
        if (byte == '\\' && quoted)
            i++;
        else if (byte == '"')
            quoted = !quoted;
        else if (byte == '{' && !quoted)
            depth++;
        else if (byte == '}' && !quoted && --depth == 0)
            return i + 1;
    }
    return end;
}

static bool word_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

/* ${a.b} as the shell may read it: ${a_b}. Directives (%{ if }) are blanked. */
static void interpolation_add(struct out *out, struct slice text, size_t at, size_t end,
                              bool script) {
    for (size_t i = at; i < end; i++) {
        char byte = text.data[i];
        bool edge = i < at + 2 || i + 1 == end;
        if (script && text.data[at] == '%')
            byte = byte == '\n' ? byte : ' ';
        else if (script && !edge && !word_byte(byte))
            byte = '_';
        out_byte(out, byte, i + 1);
    }
}

/* TOML and Groovy: one quote or three. In Groovy both kinds have escapes, and "..." has ${}. */
static void decode_quotes(struct out *out, struct slice text, size_t from, size_t to, bool groovy,
                          bool script) {
    char quote = text.data[from];
    size_t quotes =
        to - from >= 6 && text.data[from + 1] == quote && text.data[from + 2] == quote ? 3 : 1;
    size_t at = from + quotes, end = to >= from + 2 * quotes ? to - quotes : to;
    if (quotes == 3 && at < end && text.data[at] == '\n')
        at++;
    out->starts.items[0] = (uint32_t)at;
    struct slice inner = slice_sub(text, 0, end);
    while (at < end) {
        bool marker = groovy && quote == '"' && at + 1 < end && text.data[at + 1] == '{';
        if (groovy && text.data[at] == '\\' && at + 1 < end && text.data[at + 1] == '$') {
            strbuf_add_byte(&out->text, '$');
            at += 2;
        } else if (marker && text.data[at] == '$') {
            size_t stop = interpolation_end(text, at, end);
            interpolation_add(out, text, at, stop, script);
            at = stop;
        } else if (text.data[at] == '\\' && (quote == '"' || groovy)) {
            at = escape_read(out, inner, at);
        } else {
            out_byte(out, text.data[at], at + 1);
            at++;
        }
    }
}

/* One step through HCL template text; returns the offset behind it. */
static size_t hcl_step(struct out *out, struct slice text, size_t at, size_t end, bool escapes,
                       bool script) {
    char byte = text.data[at];
    bool marker = (byte == '$' || byte == '%') && at + 1 < end;
    if (marker && text.data[at + 1] == byte && at + 2 < end && text.data[at + 2] == '{') {
        if (!script)
            strbuf_add_byte(&out->text, byte);
        strbuf_add(&out->text, slice_sub(text, at + 1, at + 3));
        return at + 3;
    }
    if (marker && text.data[at + 1] == '{') {
        size_t stop = interpolation_end(text, at, end);
        interpolation_add(out, text, at, stop, script);
        return stop;
    }
    if (escapes && byte == '\\')
        return escape_read(out, slice_sub(text, 0, end), at);
    out_byte(out, byte, at + 1);
    return at + 1;
}

static void decode_hcl(struct out *out, struct slice text, size_t from, size_t to, bool script) {
    size_t at = from + 1, end = to > from + 1 ? to - 1 : to;
    while (at < end)
        at = hcl_step(out, text, at, end, true, script);
}

/* Smallest indentation of the lines that hold anything. */
static size_t heredoc_indent(struct slice text, size_t at, size_t end) {
    size_t smallest = SLICE_NPOS;
    while (at < end) {
        size_t stop = line_end(text, at, end), from = at;
        while (from < stop && (text.data[from] == ' ' || text.data[from] == '\t'))
            from++;
        if (!line_blank(text, at, stop) && from - at < smallest)
            smallest = from - at;
        at = stop + 1;
    }
    return smallest == SLICE_NPOS ? 0 : smallest;
}

static void decode_heredoc(struct out *out, struct slice text, size_t from, size_t to,
                           bool script) {
    bool dedent = from + 2 < to && text.data[from + 2] == '-';
    size_t at = line_end(text, from, to) + 1, end = to;
    while (end > at && text.data[end - 1] != '\n')
        end--; /* the closing word */
    size_t indent = dedent ? heredoc_indent(text, at, end) : 0;
    while (at < end) {
        size_t stop = line_end(text, at, end);
        at = at + indent < stop ? at + indent : stop;
        out->starts.items[out->starts.count - 1] = (uint32_t)at;
        while (at < end && text.data[at] != '\n')
            at = hcl_step(out, text, at, end, false, script);
        if (at < end)
            out_line(out, ++at);
    }
}

/* The character at &name; or &#n; and the offset behind it; 0 if there is none. */
static uint32_t markup_reference(struct slice source, size_t at, size_t to, size_t *next) {
    static const struct {
        const char *name;
        char byte;
    } names[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}};
    enum { LONGEST = 10 };
    size_t end = at + 1;
    while (end < to && end < at + LONGEST && source.data[end] != ';')
        end++;
    if (end >= to || source.data[end] != ';')
        return 0;
    struct slice name = slice_sub(source, at + 1, end);
    *next = end + 1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is(name, names[i].name))
            return (uint32_t)names[i].byte;
    bool hex = slice_starts(name, SLICE("#x"));
    if (!slice_starts(name, SLICE("#")) || name.size == 1)
        return 0;
    uint32_t value = 0;
    for (size_t i = hex ? 2 : 1; i < name.size; i++) {
        uint32_t digit = hex_value(name.data[i]);
        if (digit >= (hex ? 16u : 10u))
            return 0;
        value = value * (hex ? 16 : 10) + digit;
    }
    return value;
}

static void decode_markup(struct out *out, struct slice source, size_t from, size_t to) {
    bool verbatim = false;
    for (size_t at = from; at < to;) {
        struct slice rest = slice_sub(source, at, to);
        struct slice open = SLICE("<![CDATA["), close = SLICE("]]>");
        size_t next = at + 1;
        uint32_t c;
        if (slice_starts(rest, verbatim ? close : open)) {
            at += verbatim ? close.size : open.size;
            verbatim = !verbatim;
        } else if (!verbatim && source.data[at] == '&' &&
                   (c = markup_reference(source, at, to, &next)) != 0) {
            out_utf8(out, c);
            at = next;
        } else {
            out_byte(out, source.data[at], at + 1);
            at++;
        }
    }
}

struct text text_decode(struct arena *arena, enum text_form form, struct slice source,
                        struct span span, bool script) {
    struct out out;
    size_t from = span.from, to = span.to < source.size ? span.to : source.size;
    bool quoted = form == TEXT_DOUBLE || form == TEXT_SINGLE || form == TEXT_HCL;
    out_begin(&out, arena, from + quoted);
    if (from >= to)
        return (struct text){SLICE(""), {out.starts.items, out.starts.count, NULL}};
    switch (form) {
    case TEXT_PLAIN:
        decode_flow(&out, source, from, to, form);
        break;
    case TEXT_DOUBLE:
    case TEXT_SINGLE:
        decode_flow(&out, source, from + 1, to > from + 1 ? to - 1 : to, form);
        break;
    case TEXT_BLOCK:
        decode_block(&out, source, from, to);
        break;
    case TEXT_TOML:
    case TEXT_GROOVY:
        decode_quotes(&out, source, from, to, form == TEXT_GROOVY, script);
        break;
    case TEXT_LINES: /* data_lines.c: it depends on the language */
        strbuf_add(&out.text, slice_sub(source, from, to));
        break;
    case TEXT_HCL:
        decode_hcl(&out, source, from, to, script);
        break;
    case TEXT_HEREDOC:
        decode_heredoc(&out, source, from, to, script);
        break;
    case TEXT_MARKUP:
        decode_markup(&out, source, from, to);
        break;
    }
    return out_text(&out);
}

struct text text_join(struct arena *arena, const struct text *texts, uint32_t count) {
    struct out out = {.arena = arena};
    strbuf_init(&out.text, arena);
    for (uint32_t i = 0; i < count; i++) {
        const struct text *text = &texts[i];
        if (out.text.size && out.text.data[out.text.size - 1] == '\n') {
            out.starts.count--;
            out.text_starts.count--;
        } else if (i) {
            strbuf_add_byte(&out.text, '\n');
        }
        for (uint32_t n = 0; n < text->lines.line_count; n++) {
            uint32_t from = text->lines.text_starts ? text->lines.text_starts[n] : 0;
            vec_push(arena, &out.starts, text->lines.line_starts[n]);
            vec_push(arena, &out.text_starts, (uint32_t)out.text.size + from);
        }
        strbuf_add(&out.text, text->bytes);
    }
    return out_text(&out);
}

enum text_form text_form_at(enum string_style style, struct slice source, struct span span) {
    char first = span.from < source.size ? source.data[span.from] : 0;
    if (style == STRINGS_TOML)
        return TEXT_TOML;
    if (style == STRINGS_MARKUP)
        return TEXT_MARKUP;
    if (style == STRINGS_GROOVY && (first == '"' || first == '\''))
        return TEXT_GROOVY;
    if (style == STRINGS_LINES)
        return TEXT_LINES;
    if (style == STRINGS_HCL)
        return first == '<' ? TEXT_HEREDOC : first == '"' ? TEXT_HCL : TEXT_PLAIN;
    if (first == '"')
        return TEXT_DOUBLE;
    if (first == '\'')
        return TEXT_SINGLE;
    return first == '|' || first == '>' ? TEXT_BLOCK : TEXT_PLAIN;
}

struct slice text_normalise(struct arena *arena, struct slice text) {
    struct strbuf out;
    strbuf_init(&out, arena);
    bool space = false;
    for (size_t i = 0; i < text.size; i++) {
        bool white = memchr(" \t\r\n", text.data[i], 4) != NULL;
        if (white) {
            space = true;
            continue;
        }
        if (space && out.size)
            strbuf_add_byte(&out, ' ');
        space = false;
        strbuf_add_byte(&out, text.data[i]);
    }
    return strbuf_slice(&out);
}
