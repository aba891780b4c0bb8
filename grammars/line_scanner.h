/*
 * What the grammars of line-oriented formats have in common: tokens that a regular expression
 * cannot tell, because they go on over continued lines, here-documents and indented blocks. A
 * grammar defines LINE_COMMENTS (characters that make a whole line inside a continuation a
 * comment), LINE_QUOTES (1: a text in three quotes goes on over lines), LINE_INDENT (characters an
 * indented line begins with) and LINE_DECLINED (characters no text begins with) before it includes
 * this file, and lists its externals in the order of enum line_token. The scanner keeps no state.
 */
#include "tree_sitter/parser.h"

#include <string.h>

enum line_token {
    LINE_END,      /* a line break, or the end of the file */
    LINE_TEXT,     /* the rest of a line and what it is continued with, here-documents included */
    LINE_HEREDOC,  /* the same, where a here-document is all there is */
    LINE_INDENTED, /* all lines that follow and are indented, blank ones between them included */
    LINE_VALUE,    /* the rest of a line and the indented lines below it */
    LINE_NAME,     /* what stands in front of an assignment: A of `A := b` */
    LINE_TARGETS,  /* what stands in front of the colon of a rule */
    LINE_DEFINE,   /* lines up to `endef` */
};

enum { HEREDOCS = 4, HEREDOC_WORD = 64 };

struct heredocs {
    char words[HEREDOCS][HEREDOC_WORD];
    bool dedent[HEREDOCS];
    unsigned count;
};

static bool is_blank(int32_t c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool at_line_end(const TSLexer *lexer) {
    return lexer->lookahead == '\n' || lexer->eof(lexer);
}

static void advance(TSLexer *lexer) {
    lexer->advance(lexer, false);
}

static void skip_blanks(TSLexer *lexer) {
    while (is_blank(lexer->lookahead) && !lexer->eof(lexer))
        lexer->advance(lexer, true);
}

static void pass_blanks(TSLexer *lexer) {
    while (is_blank(lexer->lookahead) && !lexer->eof(lexer))
        advance(lexer);
}

static void pass_line(TSLexer *lexer) {
    while (!at_line_end(lexer))
        advance(lexer);
}

/* Behind a continued line: comments and blank lines do not end it. */
static void pass_comments(TSLexer *lexer) {
    for (;;) {
        pass_blanks(lexer);
        bool comment = lexer->lookahead && !lexer->eof(lexer) && lexer->lookahead < 128 &&
                       strchr(LINE_COMMENTS, (int)lexer->lookahead);
        if (comment)
            pass_line(lexer);
        if (lexer->lookahead != '\n' || lexer->eof(lexer) || (!comment && !*LINE_COMMENTS))
            return;
        advance(lexer);
    }
}

/* Behind "<<": its word is remembered. False for "<<<" and what is no word. */
static bool heredoc_open(TSLexer *lexer, struct heredocs *heredocs) {
    bool dedent = lexer->lookahead == '-';
    if (dedent)
        advance(lexer);
    int32_t quote = lexer->lookahead == '"' || lexer->lookahead == '\'' ? lexer->lookahead : 0;
    if (quote)
        advance(lexer);
    char word[HEREDOC_WORD];
    unsigned size = 0;
    while (!lexer->eof(lexer) && size + 1 < HEREDOC_WORD &&
           ((lexer->lookahead >= 'a' && lexer->lookahead <= 'z') ||
            (lexer->lookahead >= 'A' && lexer->lookahead <= 'Z') ||
            (lexer->lookahead >= '0' && lexer->lookahead <= '9') || lexer->lookahead == '_')) {
        word[size++] = (char)lexer->lookahead;
        advance(lexer);
    }
    if (quote && lexer->lookahead == quote)
        advance(lexer);
    if (!size || heredocs->count == HEREDOCS)
        return false;
    word[size] = 0;
    memcpy(heredocs->words[heredocs->count], word, size + 1);
    heredocs->dedent[heredocs->count++] = dedent;
    return true;
}

/* At a line break: the bodies, their closing words included. A body that is never closed is none.
 */
static void heredoc_bodies(TSLexer *lexer, const struct heredocs *heredocs) {
    for (unsigned i = 0; i < heredocs->count; i++) {
        bool closed = false;
        while (!closed && !lexer->eof(lexer)) {
            advance(lexer); /* the line break */
            while (heredocs->dedent[i] && lexer->lookahead == '\t')
                advance(lexer);
            const char *word = heredocs->words[i];
            while (*word && lexer->lookahead == *word && !lexer->eof(lexer)) {
                advance(lexer);
                word++;
            }
            if (lexer->lookahead == '\r')
                advance(lexer);
            closed = !*word && at_line_end(lexer);
            pass_line(lexer);
        }
        if (!closed)
            return;
        lexer->mark_end(lexer);
    }
}

/* True at a list of strings in double quotes that takes the whole line, or goes on on the next. */
static bool sees_list(TSLexer *lexer) {
    advance(lexer);
    for (;;) {
        pass_blanks(lexer);
        if (lexer->lookahead == ']') {
            advance(lexer);
            pass_blanks(lexer);
            return at_line_end(lexer);
        }
        if (lexer->lookahead == '\\')
            return true;
        if (lexer->lookahead != '"' || lexer->eof(lexer))
            return false;
        advance(lexer);
        while (!at_line_end(lexer) && lexer->lookahead != '"') {
            if (lexer->lookahead == '\\')
                advance(lexer);
            advance(lexer);
        }
        if (lexer->lookahead != '"')
            return false;
        advance(lexer);
        pass_blanks(lexer);
        if (lexer->lookahead == ',')
            advance(lexer);
        else if (lexer->lookahead != ']' && lexer->lookahead != '\\')
            return false;
    }
}

/* What a grammar with lists and options reads itself. */
static bool sees_structure(TSLexer *lexer) {
    if (lexer->lookahead == '[')
        return sees_list(lexer);
    if (lexer->lookahead != '-')
        return false;
    advance(lexer);
    if (lexer->lookahead != '-')
        return false;
    advance(lexer);
    return lexer->lookahead >= 'a' && lexer->lookahead <= 'z';
}

/* One logical line. The token ends behind its last character that is no blank. */
static bool scan_text(TSLexer *lexer, const bool *valid) {
    struct heredocs heredocs = {.count = 0};
    bool any = false, only_heredoc = true, ticks = false;
    int32_t last = 0, open = 0; /* the quote of a text in three quotes */
    unsigned quotes = 0;
    skip_blanks(lexer);
    /* What follows a "-" that is no option was looked at only: it belongs to the text. */
    int32_t first = lexer->lookahead;
    if (first && first < 128 && strchr(LINE_DECLINED, (int)first))
        return false;
    if (valid[LINE_HEREDOC] || first == '[') {
        if (sees_structure(lexer))
            return false;
        any = first == '-';
        if (any)
            lexer->mark_end(lexer);
    }
    while (!lexer->eof(lexer) && (lexer->lookahead != '\n' || open)) {
        int32_t c = lexer->lookahead;
        advance(lexer);
        bool quote = LINE_QUOTES && (c == '"' || c == '\'');
        quotes = !quote ? 0 : c == last ? quotes + 1 : 1;
        last = c;
        if (quotes == 3 && (!open || open == c)) {
            open = open ? 0 : c;
            quotes = 0;
        }
        if (c == '<' && lexer->lookahead == '<' && valid[LINE_HEREDOC]) {
            advance(lexer);
            only_heredoc &= heredoc_open(lexer, &heredocs);
            lexer->mark_end(lexer);
            any = true;
            continue;
        }
        /* ` continues a line where it was declared to: then no other ` is open. */
        ticks ^= c == '`';
        if (c == '\\' || (c == '`' && ticks)) {
            while (is_blank(lexer->lookahead) && !lexer->eof(lexer) && c == '\\')
                advance(lexer);
            if (lexer->lookahead == '\r')
                advance(lexer);
            if (lexer->lookahead == '\n' && !lexer->eof(lexer)) {
                ticks = false;
                any = true;
                advance(lexer);
                lexer->mark_end(lexer);
                pass_comments(lexer);
                continue;
            }
        }
        if (!is_blank(c)) {
            any = true;
            only_heredoc = false;
            lexer->mark_end(lexer);
        }
    }
    heredoc_bodies(lexer, &heredocs);
    lexer->result_symbol = heredocs.count && only_heredoc ? LINE_HEREDOC : LINE_TEXT;
    return any;
}

static bool is_indent(int32_t c) {
    return c && c < 128 && strchr(LINE_INDENT, (int)c);
}

/* Lines from here on, as long as they are indented. */
static bool scan_indented(TSLexer *lexer) {
    bool any = false, continued = false;
    while (!lexer->eof(lexer)) {
        bool indented = is_indent(lexer->lookahead) || continued;
        pass_blanks(lexer);
        bool blank = lexer->lookahead == '\n';
        if (!blank && !indented)
            break;
        continued = false;
        while (!at_line_end(lexer)) {
            continued = lexer->lookahead == '\\' && !continued;
            advance(lexer);
        }
        if (!blank) {
            any = true;
            lexer->mark_end(lexer);
        }
        if (!lexer->eof(lexer))
            advance(lexer);
    }
    return any;
}

/* At the beginning of a line: passes comments and blank lines; true if the value goes on here. */
static bool value_goes_on(TSLexer *lexer, bool continued) {
    for (;;) {
        bool indented = is_blank(lexer->lookahead);
        pass_blanks(lexer);
        if (lexer->eof(lexer))
            return false;
        if (lexer->lookahead == '\n') {
            advance(lexer);
            continued = false;
            continue;
        }
        if ((lexer->lookahead != '#' && lexer->lookahead != ';') || (!indented && !continued))
            return indented || continued;
        pass_line(lexer);
        if (!lexer->eof(lexer))
            advance(lexer);
    }
}

/* A value: its line, and what is continued or indented below it. Without any it is a line's end. */
static bool scan_value(TSLexer *lexer) {
    bool continued = false;
    lexer->result_symbol = LINE_END;
    skip_blanks(lexer);
    if (lexer->lookahead == '\n' || lexer->eof(lexer)) {
        if (!lexer->eof(lexer))
            advance(lexer);
        lexer->mark_end(lexer);
        if (!value_goes_on(lexer, false))
            return true;
    }
    do {
        while (!at_line_end(lexer)) {
            continued = lexer->lookahead == '\\';
            bool blank = is_blank(lexer->lookahead);
            advance(lexer);
            if (!blank)
                lexer->mark_end(lexer);
        }
        lexer->result_symbol = LINE_VALUE;
        if (lexer->eof(lexer))
            return true;
        advance(lexer);
    } while (value_goes_on(lexer, continued));
    return true;
}

/* Up to the closing bracket of $( or ${. */
static void pass_expansion(TSLexer *lexer) {
    unsigned depth = 0;
    do {
        depth += lexer->lookahead == '(' || lexer->lookahead == '{';
        depth -= lexer->lookahead == ')' || lexer->lookahead == '}';
        advance(lexer);
    } while (depth && !at_line_end(lexer));
}

/* What stands before the first operator of a line decides what the line is. */
static bool scan_head(TSLexer *lexer, const bool *valid) {
    bool any = false;
    skip_blanks(lexer);
    if (lexer->lookahead == '#')
        return false;
    while (!at_line_end(lexer) && lexer->lookahead != ';') {
        int32_t c = lexer->lookahead;
        if (c == '=' || c == ':' || c == '?' || c == '+' || c == '!') {
            advance(lexer);
            while (c == ':' && lexer->lookahead == ':')
                advance(lexer);
            bool assigns = c == '=' || lexer->lookahead == '=';
            if (assigns || c == ':') {
                lexer->result_symbol = assigns ? LINE_NAME : LINE_TARGETS;
                return any && valid[lexer->result_symbol];
            }
            any = true;
            lexer->mark_end(lexer);
        } else if (c == '$') {
            advance(lexer);
            if (lexer->lookahead == '(' || lexer->lookahead == '{')
                pass_expansion(lexer);
            any = true;
            lexer->mark_end(lexer);
        } else {
            advance(lexer);
            if (c == '\\' && lexer->lookahead == '\n')
                advance(lexer);
            if (!is_blank(c)) {
                any = true;
                lexer->mark_end(lexer);
            }
        }
    }
    return false;
}

static bool scan_define(TSLexer *lexer) {
    while (!lexer->eof(lexer)) {
        const char *word = "endef";
        pass_blanks(lexer);
        while (*word && lexer->lookahead == *word && !lexer->eof(lexer)) {
            advance(lexer);
            word++;
        }
        bool last = !*word && (at_line_end(lexer) || is_blank(lexer->lookahead));
        pass_line(lexer);
        lexer->mark_end(lexer);
        if (last) {
            lexer->result_symbol = LINE_DEFINE;
            return true;
        }
        if (!lexer->eof(lexer))
            advance(lexer);
    }
    return false;
}

static bool scan_line_token(TSLexer *lexer, const bool *valid) {
    if (valid[LINE_DEFINE])
        return scan_define(lexer);
    if (valid[LINE_INDENTED] && is_indent(lexer->lookahead) && lexer->get_column(lexer) == 0 &&
        scan_indented(lexer)) {
        lexer->result_symbol = LINE_INDENTED;
        return true;
    }
    if (valid[LINE_VALUE])
        return scan_value(lexer);
    if (valid[LINE_END]) {
        skip_blanks(lexer);
        while (lexer->lookahead == '\\' && !valid[LINE_TEXT]) { /* nothing comes on the next line */
            lexer->advance(lexer, true);
            if (lexer->lookahead == '\r')
                lexer->advance(lexer, true);
            if (lexer->lookahead != '\n')
                return false;
            lexer->advance(lexer, true);
            skip_blanks(lexer);
        }
        if (lexer->eof(lexer) || lexer->lookahead == '\n') {
            if (!lexer->eof(lexer))
                advance(lexer);
            lexer->mark_end(lexer);
            lexer->result_symbol = LINE_END;
            return true;
        }
    }
    if (valid[LINE_TEXT])
        return scan_text(lexer, valid);
    if (valid[LINE_NAME] || valid[LINE_TARGETS])
        return scan_head(lexer, valid);
    return false;
}

#define LINE_SCANNER(name)                                                                         \
    void *tree_sitter_##name##_external_scanner_create(void) {                                     \
        return NULL;                                                                               \
    }                                                                                              \
    void tree_sitter_##name##_external_scanner_destroy(void *payload) {                            \
        (void)payload;                                                                             \
    }                                                                                              \
    unsigned tree_sitter_##name##_external_scanner_serialize(void *payload, char *buffer) {        \
        (void)payload;                                                                             \
        (void)buffer;                                                                              \
        return 0;                                                                                  \
    }                                                                                              \
    void tree_sitter_##name##_external_scanner_deserialize(void *payload, const char *buffer,      \
                                                           unsigned size) {                        \
        (void)payload;                                                                             \
        (void)buffer;                                                                              \
        (void)size;                                                                                \
    }                                                                                              \
    bool tree_sitter_##name##_external_scanner_scan(void *payload, TSLexer *lexer,                 \
                                                    const bool *valid) {                           \
        (void)payload;                                                                             \
        return scan_line_token(lexer, valid);                                                      \
    }
