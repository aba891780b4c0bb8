#include "entity/code_cmdlet.h"

enum word_style word_style_of(const struct dialect *dialect) {
    struct slice style = dialect_property(dialect, "words");
    if (slice_is_none(style))
        return WORDS_POSIX;
    return slice_is(style, "dollar") ? WORDS_DOLLAR : WORDS_PERCENT;
}

struct slice cmdlet_lines(struct arena *arena, struct slice text) {
    return slice_ends(text, SLICE("\n")) ? text : ARENA_CONCAT(arena, text, SLICE("\n"));
}

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

struct slice cmdlet_lower(struct arena *arena, struct slice text) {
    struct strbuf buf;
    strbuf_init(&buf, arena);
    for (size_t i = 0; i < text.size; i++)
        strbuf_add_byte(&buf, lower(text.data[i]));
    return text.size ? strbuf_slice(&buf) : SLICE("");
}

static bool is_name_byte(char byte) {
    return byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z');
}

/* Length of a single quote that looks like one, too: U+2018 to U+201B count as '. */
static size_t quote_at(struct slice text, size_t at, char *quote) {
    if (at >= text.size)
        return 0;
    *quote = text.data[at];
    if (*quote == '\'' || *quote == '"')
        return 1;
    if (at + 2 < text.size && memcmp(text.data + at, "\xe2\x80", 2) == 0) {
        unsigned char last = (unsigned char)text.data[at + 2];
        *quote = last >= 0x98 && last <= 0x9b ? '\'' : '"';
        return last >= 0x98 && last <= 0x9e ? 3 : 0;
    }
    return 0;
}

struct lexer {
    struct code *code;
    struct slice text;
    size_t at;
    char quote;
    bool dollar;
    struct strbuf plain;
    bool begun;
    VEC(struct part) parts;
};

static void flush(struct lexer *lexer) {
    if (lexer->begun)
        vec_push(lexer->code->scratch, &lexer->parts,
                 ((struct part){.kind = PART_TEXT,
                                .text = strbuf_slice(&lexer->plain),
                                .quoted = lexer->quote != 0}));
    lexer->begun = false;
    strbuf_init(&lexer->plain, lexer->code->builder->arena);
}

static void add_part(struct lexer *lexer, struct part part) {
    flush(lexer);
    part.quoted = lexer->quote != 0;
    vec_push(lexer->code->scratch, &lexer->parts, part);
}

static void add_bytes(struct lexer *lexer, struct slice bytes) {
    strbuf_add(&lexer->plain, bytes);
    lexer->begun = true;
}

/* Behind the bracket that closes the one at `at`. */
static size_t closing(struct slice text, size_t at) {
    size_t depth = 0;
    char quote = 0;
    for (; at < text.size; at++) {
        char byte = text.data[at];
        if (byte == '`')
            at++;
        else if (quote)
            quote = byte == quote ? 0 : quote;
        else if (byte == '\'' || byte == '"')
            quote = byte;
        else if (byte == '(' || byte == '[' || byte == '{')
            depth++;
        else if ((byte == ')' || byte == ']' || byte == '}') && --depth == 0)
            return at + 1;
    }
    return text.size;
}

/* $global:x is x, $env:X keeps its drive. */
static struct slice variable_name(struct code *code, struct slice text) {
    static const char *const scopes[] = {"global:", "script:", "local:", "private:", "using:"};
    struct slice name = cmdlet_lower(code->builder->arena, text);
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++)
        if (slice_starts(name, slice_of(scopes[i])))
            return slice_from(name, strlen(scopes[i]));
    return name;
}

static size_t name_end(struct slice text, size_t at) {
    size_t end = at;
    while (end < text.size && (is_name_byte(text.data[end]) ||
                               (text.data[end] == ':' && end > at && end + 1 < text.size &&
                                is_name_byte(text.data[end + 1]))))
        end++;
    if (end == at && at < text.size && strchr("?$^", text.data[at]))
        end++;
    return end;
}

/* First word of what is run: irm of (irm url). */
static struct slice first_program(struct code *code, struct slice inside) {
    inside = slice_trim(inside);
    size_t end = 0;
    while (end < inside.size && !memchr(" \t\r\n|;)(", inside.data[end], 8))
        end++;
    struct slice name = slice_sub(inside, 0, end);
    struct cmdlet cmdlet;
    if (!name.size || name.data[0] == '$' || name.data[0] == '\'' || name.data[0] == '"')
        return SLICE_NONE;
    if (cmdlet_find(code, cmdlet_lower(code->builder->arena, name), &cmdlet))
        return cmdlet.program.size ? cmdlet.program : cmdlet.name;
    return name;
}

/* .Member, [0] and calls behind a value: something else than the value. */
static size_t member_end(struct slice text, size_t at) {
    for (;;) {
        bool member = at + 1 < text.size && text.data[at] == '.' && is_name_byte(text.data[at + 1]);
        if (at < text.size && strchr("[(", text.data[at]))
            at = closing(text, at);
        else if (member)
            at = name_end(text, at + 1);
        else
            return at;
    }
}

/* The last method that is called: it says more than what it is called on. */
static struct slice last_method(struct code *code, struct slice text) {
    size_t open = slice_find_last_byte(text, '('), from = open;
    if (open == SLICE_NPOS)
        return SLICE_NONE;
    while (from > 0 && is_name_byte(text.data[from - 1]))
        from--;
    struct cmdlet cmdlet;
    if (!from || text.data[from - 1] != '.')
        return SLICE_NONE;
    struct slice name = cmdlet_lower(code->builder->arena, slice_sub(text, from - 1, open));
    return cmdlet_find(code, name, &cmdlet) ? cmdlet.program : SLICE_NONE;
}

static void read_substitution(struct lexer *lexer, size_t from, size_t open) {
    size_t end = closing(lexer->text, open), to = end;
    if (lexer->quote == 0)
        to = member_end(lexer->text, end);
    struct slice inside = slice_trim(slice_sub(lexer->text, open + 1, end > open ? end - 1 : end));
    struct arena *arena = lexer->code->builder->arena;
    struct part part = {.kind = PART_SUBSTITUTION,
                        .text = code_squeeze(arena, slice_sub(lexer->text, from, to)),
                        .name = first_program(lexer->code, inside)};
    struct slice method = last_method(lexer->code, part.text);
    if (method.size)
        part.name = method;
    bool variable = inside.size > 1 && inside.data[0] == '$' && to == end;
    if (variable && name_end(inside, 1) == inside.size) {
        part.kind = PART_VARIABLE;
        part.name = variable_name(lexer->code, slice_from(inside, 1));
        part.text = inside;
    } else if (!part.name.size) {
        part.kind = PART_OPAQUE;
    }
    add_part(lexer, part);
    lexer->at = to;
}

static void read_dollar(struct lexer *lexer) {
    struct slice text = lexer->text;
    size_t from = lexer->at, at = from + 1, end;
    if (at < text.size && text.data[at] == '(') {
        read_substitution(lexer, from, at);
        return;
    }
    bool braced = at < text.size && text.data[at] == '{';
    end = braced ? closing(text, at) : name_end(text, at);
    if (end == at) {
        add_bytes(lexer, SLICE("$"));
        lexer->at++;
        return;
    }
    struct slice name = braced ? slice_sub(text, at + 1, end - 1) : slice_sub(text, at, end);
    size_t to = lexer->quote ? end : member_end(text, end);
    struct part part = {.kind = to > end ? PART_OPAQUE : PART_VARIABLE,
                        .text =
                            code_squeeze(lexer->code->builder->arena, slice_sub(text, from, to)),
                        .name = variable_name(lexer->code, name)};
    add_part(lexer, part);
    lexer->at = to;
}

static void read_escape(struct lexer *lexer) {
    static const char letters[] = "ntr0ab", values[] = "\n\t\r\0\a\b";
    char next = lexer->at + 1 < lexer->text.size ? lexer->text.data[lexer->at + 1] : 0;
    const char *letter = lexer->quote && next ? strchr(letters, next) : NULL;
    char byte = letter ? values[letter - letters] : next;
    if (next && next != '\n')
        add_bytes(lexer, slice_make(&byte, 1));
    lexer->at += 2;
}

/* @'...'@ and @"..."@: the lines between. */
static bool read_heretext(struct lexer *lexer) {
    struct slice text = lexer->text;
    if (text.size < 5 || text.data[0] != '@' || !strchr("'\"", text.data[1]))
        return false;
    size_t from = slice_find_byte(text, '\n'), to = slice_find_last_byte(text, '\n');
    lexer->quote = '\'';
    add_bytes(lexer, from < to ? slice_sub(text, from + 1, to) : SLICE(""));
    lexer->at = text.size;
    return true;
}

static void lex_dollar(struct lexer *lexer) {
    struct slice text = lexer->text;
    char quote, byte = text.data[lexer->at];
    char next = lexer->at + 1 < text.size ? text.data[lexer->at + 1] : 0;
    size_t size = quote_at(text, lexer->at, &quote);
    if (size && !lexer->quote) {
        flush(lexer);
        lexer->quote = quote;
        add_bytes(lexer, SLICE(""));
        lexer->at += size;
    } else if (size && quote == lexer->quote && next == byte) {
        add_bytes(lexer, slice_make(&byte, 1));
        lexer->at += 2;
    } else if (size && quote == lexer->quote) {
        flush(lexer);
        lexer->quote = 0;
        lexer->at += size;
    } else if (byte == '`' && lexer->quote != '\'') {
        read_escape(lexer);
    } else if (byte == '$' && lexer->quote != '\'') {
        read_dollar(lexer);
    } else if (byte == '(' && !lexer->quote) {
        read_substitution(lexer, lexer->at, lexer->at);
    } else if (!lexer->quote && (byte == '{' || (byte == '@' && strchr("({", next) && next))) {
        size_t end = closing(text, lexer->at + (byte == '@'));
        add_part(lexer, (struct part){.kind = PART_OPAQUE,
                                      .text = code_squeeze(lexer->code->builder->arena,
                                                           slice_sub(text, lexer->at, end))});
        lexer->at = end;
    } else {
        add_bytes(lexer, slice_sub(text, lexer->at, lexer->at + 1));
        lexer->at++;
    }
}

/* %x%, %x:a=b%, !x!, %%x, %1, %~dp0 */
static size_t percent_end(struct slice text, size_t at, struct slice *name) {
    char mark = text.data[at];
    size_t from = at + 1, end;
    if (mark == '%' && from < text.size &&
        (text.data[from] == '%' || text.data[from] == '~' ||
         (text.data[from] >= '0' && text.data[from] <= '9') || text.data[from] == '*')) {
        from += text.data[from] == '%' || text.data[from] == '~';
        while (from < text.size && (text.data[from] == '~' || is_name_byte(text.data[from])) &&
               from < at + 8)
            from++;
        *name = slice_sub(text, at, from > at + 1 ? from : at + 2);
        return at + name->size;
    }
    for (end = from; end < text.size && text.data[end] != mark && text.data[end] != '\n'; end++)
        ;
    if (end == text.size || text.data[end] != mark || end == from)
        return at;
    size_t colon = slice_find_byte(slice_sub(text, from, end), ':');
    *name = slice_sub(text, from, colon == SLICE_NPOS ? end : from + colon);
    return end + 1;
}

static void lex_percent(struct lexer *lexer) {
    struct slice text = lexer->text, name;
    char byte = text.data[lexer->at];
    size_t end = byte == '%' || byte == '!' ? percent_end(text, lexer->at, &name) : lexer->at;
    if (end > lexer->at) {
        struct part part = {.kind = PART_VARIABLE,
                            .text = slice_sub(text, lexer->at, end),
                            .name = cmdlet_lower(lexer->code->builder->arena, name)};
        add_part(lexer, part);
        lexer->at = end;
    } else if (byte == '"') {
        flush(lexer);
        lexer->quote = lexer->quote ? 0 : '"';
        lexer->at++;
        if (lexer->quote)
            add_bytes(lexer, SLICE(""));
    } else {
        lexer->at += byte == '^' && !lexer->quote;
        if (lexer->at < text.size)
            add_bytes(lexer, slice_sub(text, lexer->at, lexer->at + 1));
        lexer->at++;
    }
}

static uint32_t verbatim(struct slice source, uint32_t from, struct slice text) {
    for (uint32_t lead = 0; lead < 3 && lead + text.size <= source.size; lead++)
        if (text.size && slice_equal(slice_sub(source, lead, lead + text.size), text))
            return from + lead;
    size_t line = slice_find_byte(source, '\n');
    if (line != SLICE_NPOS && slice_starts(slice_from(source, line + 1), text))
        return from + (uint32_t)line + 1;
    return UINT32_MAX;
}

struct word cmdlet_word(struct code *code, uint32_t from, uint32_t to) {
    struct lexer lexer = {.code = code, .text = slice_sub(code->text, from, to)};
    lexer.dollar = code->style == WORDS_DOLLAR;
    strbuf_init(&lexer.plain, code->builder->arena);
    bool heretext = lexer.dollar && read_heretext(&lexer);
    while (!heretext && lexer.at < lexer.text.size) {
        if (lexer.dollar)
            lex_dollar(&lexer);
        else
            lex_percent(&lexer);
    }
    flush(&lexer);
    struct word word = {.parts = lexer.parts.items,
                        .count = lexer.parts.count,
                        .span = {from, to},
                        .quoted = lexer.parts.count > 0};
    struct strbuf buf;
    strbuf_init(&buf, code->builder->arena);
    for (uint32_t i = 0; i < word.count; i++) {
        strbuf_add(&buf, word.parts[i].text);
        word.quoted = word.quoted && word.parts[i].quoted;
    }
    word.text = buf.size ? strbuf_slice(&buf) : SLICE("");
    word.source = verbatim(lexer.text, from, word.text);
    return word;
}

void cmdlet_split(const struct code *code, struct span span, struct arena *arena,
                  struct word_ranges *out) {
    bool quoted = false;
    for (uint32_t at = span.from, from = UINT32_MAX; at <= span.to; at++) {
        char byte = at < span.to ? code->text.data[at] : ' ';
        bool blank = at == span.to ||
                     (!quoted && (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'));
        if (byte == '"')
            quoted = !quoted;
        if (byte == '^' && at + 1 < span.to && from == UINT32_MAX &&
            code->text.data[at + 1] == '\n')
            continue; /* the line goes on */
        if (!blank && from == UINT32_MAX)
            from = at;
        if (!blank || from == UINT32_MAX)
            continue;
        vec_push(arena, &out->list, ((struct span){from, at}));
        from = UINT32_MAX;
    }
}

struct slice cmdlet_base(struct slice text) {
    static const char *const ends[] = {".exe", ".cmd", ".bat", ".com", ".ps1"};
    size_t cut = text.size;
    while (cut > 0 && text.data[cut - 1] != '\\' && text.data[cut - 1] != '/')
        cut--;
    if (cut < text.size)
        text = slice_from(text, cut);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (text.size > 4 && slice_equal_nocase(slice_from(text, text.size - 4), slice_of(ends[i])))
            return slice_sub(text, 0, text.size - 4);
    return text;
}

struct slice cmdlet_environment(struct code *code, struct slice name) {
    name = cmdlet_lower(code->builder->arena, name);
    return code->style == WORDS_DOLLAR ? ARENA_CONCAT(code->builder->arena, SLICE("env:"), name)
                                       : name;
}

struct slice cmdlet_path(struct code *code, struct slice text) {
    if (slice_find_byte(text, '\\') == SLICE_NPOS)
        return text;
    struct strbuf buf;
    strbuf_init(&buf, code->builder->arena);
    for (size_t i = 0; i < text.size; i++)
        strbuf_add_byte(&buf, text.data[i] == '\\' ? '/' : text.data[i]);
    return strbuf_slice(&buf);
}

struct slice cmdlet_variable(struct code *code, struct slice text) {
    text = slice_trim(text);
    while (code->style == WORDS_DOLLAR && text.size && text.data[0] == '[')
        text = slice_trim(slice_from(text, closing(text, 0)));
    if (code->style != WORDS_DOLLAR)
        return cmdlet_lower(code->builder->arena, text);
    bool braced = slice_starts(text, SLICE("${"));
    if (text.size < 2 || text.data[0] != '$' || (!braced && name_end(text, 1) != text.size))
        return SLICE_NONE;
    return variable_name(code, braced ? slice_sub(text, 2, text.size - 1) : slice_from(text, 1));
}
