/*
 * What of SQL a regular expression cannot tell: quotes of every kind, nested comments, blocks, the
 * lines of client programs, and the data behind COPY.
 *
 * Nothing here makes the parser fail: a bracket that is never opened is a `stray`, one that is
 * never closed ends (zero width) where its statement ends, a quote that is never closed is an
 * operator. Searches that may run to the end of the text in vain are remembered in the state where
 * that is possible; otherwise the caller's budget of reads bounds them.
 *
 * The state is 16 bytes at most, so that it is kept inside of a token.
 */
#include "tree_sitter/alloc.h"
#include "tree_sitter/parser.h"

#include <string.h>

/* The order of `externals` in grammar.js. */
enum token {
    BLOCK_COMMENT,
    HASH_COMMENT,
    EXECUTED_OPEN,
    EXECUTED_CLOSE,
    PLACEHOLDER,
    STRING,
    DOLLAR_STRING,
    QUOTED_NAME,
    BEGIN,
    END,
    CASE_OPEN,
    CASE_END,
    END_PHRASE,
    STDIN,
    VALUES,
    ROWS,
    DELIMITER,
    BATCH_END,
    DELIMITER_COMMAND,
    META_COMMAND,
    DIRECTIVE,
    COPY_DATA,
    INDEX_OPEN,
    BRACKET_OPEN,
    STRAY,
    END_OF_TEXT,
    BEFORE_END,
    UNCLOSED_PARENS,
    UNCLOSED_BRACKETS,
    UNCLOSED,
    ERROR,
};

enum { DELIMITER_BYTES = 12, WORD_BYTES = 24, TAG_BYTES = 64, NAME_BYTES = 128 };

struct scanner {
    char delimiter[DELIMITER_BYTES + 1]; /* "" = only the semicolon */
    unsigned char copy;                  /* the statement reads rows from what follows it */
    unsigned char flat;                  /* comments do not nest: one that did never ended */
    unsigned char mysql;                 /* seen ` or an executed comment: \ escapes in strings */
};

/* ---- characters ---- */

static int32_t lower(int32_t c) {
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static bool is_digit(int32_t c) {
    return c >= '0' && c <= '9';
}

static bool is_letter(int32_t c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c >= 0x80;
}

static bool is_word(int32_t c) {
    return is_letter(c) || is_digit(c);
}

static bool is_blank(int32_t c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool is_space(int32_t c) {
    return is_blank(c) || c == '\n' || c == 0x85 || c == 0xa0 || (c >= 0x2000 && c <= 0x200f) ||
           c == 0x2028 || c == 0x2029 || c == 0x3000 || c == 0xfeff;
}

static void next(TSLexer *lexer) {
    lexer->advance(lexer, false);
}

static void skip_blanks(TSLexer *lexer) {
    while (is_blank(lexer->lookahead))
        next(lexer);
}

static void skip_spaces(TSLexer *lexer) {
    while (is_space(lexer->lookahead))
        next(lexer);
}

static bool at_line_end(TSLexer *lexer) {
    return lexer->lookahead == '\n' || lexer->eof(lexer);
}

static void skip_line(TSLexer *lexer) {
    while (!at_line_end(lexer))
        next(lexer);
}

static bool token(TSLexer *lexer, enum token kind) {
    lexer->result_symbol = (TSSymbol)kind;
    return true;
}

static bool token_here(TSLexer *lexer, enum token kind) {
    lexer->mark_end(lexer);
    return token(lexer, kind);
}

/* Lower case; longer words are cut, and equal no word that is looked for. */
static void read_word(TSLexer *lexer, char *word) {
    unsigned size = 0;
    for (; is_word(lexer->lookahead); next(lexer))
        if (size < WORD_BYTES)
            word[size++] = lexer->lookahead < 0x80 ? (char)lower(lexer->lookahead) : '?';
    word[size] = '\0';
}

static bool is_one_of(const char *word, const char *list) {
    size_t size = strlen(word);
    for (const char *at = list; size && (at = strstr(at, word)) != NULL; at += size)
        if ((at == list || at[-1] == ' ') && (at[size] == ' ' || !at[size]))
            return true;
    return false;
}

/* ---- quotes ---- */

/* May the text go on like this behind a string? */
static bool follows_string(TSLexer *lexer) {
    int32_t c = lexer->lookahead;
    return is_space(c) || lexer->eof(lexer) || c == ',' || c == ')' || c == ';' || c == ']' ||
           c == '|' || c == ':';
}

/* Behind the opening quote. Some dialects escape with \, in others it is a letter like any other:
 * where the text does not say, 'C:\' before a comma ends there. */
static bool skip_quoted(struct scanner *scanner, TSLexer *lexer, int32_t quote, bool escapes) {
    while (!lexer->eof(lexer)) {
        int32_t c = lexer->lookahead;
        next(lexer);
        if (c == '\\' && quote != '`') {
            bool closes = lexer->lookahead == quote;
            if (closes || escapes || scanner->mysql)
                next(lexer);
            if (closes && !escapes && !scanner->mysql) {
                if (lexer->lookahead == quote)
                    next(lexer);
                else if (follows_string(lexer))
                    return true;
            }
        } else if (c == quote) {
            if (lexer->lookahead != quote)
                return true;
            next(lexer);
        }
    }
    return false;
}

static int32_t closing_of(int32_t open) {
    switch (open) {
    case '[':
        return ']';
    case '(':
        return ')';
    case '{':
        return '}';
    case '<':
        return '>';
    default:
        return open;
    }
}

/* Behind q' of Oracle's q'[...]'. */
static bool skip_alternative(TSLexer *lexer) {
    int32_t close = closing_of(lexer->lookahead);
    if (is_space(lexer->lookahead))
        return false;
    next(lexer);
    while (!lexer->eof(lexer)) {
        int32_t c = lexer->lookahead;
        next(lexer);
        if (c == close && lexer->lookahead == '\'') {
            next(lexer);
            return true;
        }
    }
    return false;
}

/* Behind the first $ of $tag$ ... $tag$. */
static bool skip_dollar(TSLexer *lexer) {
    int32_t tag[TAG_BYTES];
    unsigned size = 0;
    if (is_digit(lexer->lookahead))
        return false;
    for (; is_word(lexer->lookahead) && size < TAG_BYTES; next(lexer))
        tag[size++] = lexer->lookahead;
    if (lexer->lookahead != '$')
        return false;
    next(lexer);
    while (!lexer->eof(lexer)) {
        if (lexer->lookahead != '$') {
            next(lexer);
            continue;
        }
        next(lexer);
        unsigned at = 0;
        while (at < size && lexer->lookahead == tag[at]) {
            next(lexer);
            at++;
        }
        if (at == size && lexer->lookahead == '$') {
            next(lexer);
            return true;
        }
    }
    return false;
}

/* Behind the opening. Comments nest in some dialects: one that would have to nest and never ends
 * does not, and `ended` alone says so. With `mark` the token ends where the comment does. */
static bool skip_comment(struct scanner *scanner, TSLexer *lexer, bool mark, bool *ended) {
    unsigned depth = 1;
    *ended = false;
    for (int32_t before = 0; !lexer->eof(lexer);) {
        int32_t c = lexer->lookahead;
        next(lexer);
        bool closes = before == '*' && c == '/', opens = before == '/' && c == '*';
        before = closes || opens ? 0 : c;
        depth += opens;
        if (!closes)
            continue;
        if (--depth == 0 || !*ended) {
            if (mark)
                lexer->mark_end(lexer);
            *ended = true;
        }
        if (depth == 0 || scanner->flat)
            return true;
    }
    return false;
}

/* ---- data ---- */

/* One element of the rows behind VALUES; false where the text is no row any more. */
static bool skip_row_part(struct scanner *scanner, TSLexer *lexer, unsigned *depth) {
    int32_t c = lexer->lookahead;
    bool ended;
    next(lexer);
    switch (c) {
    case '(':
        ++*depth;
        return true;
    case ')':
        return (*depth)-- > 0;
    case ';':
        return false;
    case '\'':
    case '"':
    case '`':
        return skip_quoted(scanner, lexer, c, false);
    case '$':
        if (lexer->lookahead == '$' || is_letter(lexer->lookahead))
            skip_dollar(lexer);
        return true;
    case 'q':
    case 'Q':
        if (lexer->lookahead == '\'') {
            next(lexer);
            return skip_alternative(lexer);
        }
        break;
    case '-':
        if (lexer->lookahead == '-')
            skip_line(lexer);
        return true;
    case '/':
        if (lexer->lookahead != '*')
            return true;
        next(lexer);
        return skip_comment(scanner, lexer, false, &ended);
    default:
        break;
    }
    while (is_word(c) && is_word(lexer->lookahead)) /* the q of seq'...' opens nothing */
        next(lexer);
    return true;
}

/* (...), (...), ... as far as it goes. */
static bool scan_rows(struct scanner *scanner, TSLexer *lexer) {
    bool any = false;
    while (lexer->lookahead == '(') {
        unsigned depth = 1;
        next(lexer);
        while (depth)
            if (lexer->eof(lexer) || !skip_row_part(scanner, lexer, &depth))
                return any && token(lexer, ROWS);
        any = true;
        lexer->mark_end(lexer);
        skip_spaces(lexer);
        if (lexer->lookahead != ',')
            break;
        next(lexer);
        skip_spaces(lexer);
    }
    return any && token(lexer, ROWS);
}

/* From the end of COPY ... FROM stdin; to the line "\.". Without one there is no data: the rest may
 * be statements. */
static bool scan_copy(struct scanner *scanner, TSLexer *lexer) {
    scanner->copy = 0;
    lexer->mark_end(lexer);
    while (!lexer->eof(lexer)) {
        skip_line(lexer);
        if (lexer->eof(lexer))
            break;
        next(lexer);
        if (lexer->lookahead != '\\')
            continue;
        next(lexer);
        if (lexer->lookahead != '.')
            continue;
        next(lexer);
        skip_blanks(lexer);
        if (at_line_end(lexer))
            return token_here(lexer, COPY_DATA);
    }
    return token(lexer, COPY_DATA);
}

/* ---- lines of client programs ---- */

static bool scan_meta(struct scanner *scanner, TSLexer *lexer) {
    char word[WORD_BYTES + 1];
    next(lexer);
    read_word(lexer, word);
    bool copy = strcmp(word, "copy") == 0;
    while (!at_line_end(lexer)) {
        if (!is_letter(lexer->lookahead)) {
            next(lexer);
            continue;
        }
        read_word(lexer, word);
        if (copy && (strcmp(word, "stdin") == 0 || strcmp(word, "pstdin") == 0))
            scanner->copy = 1;
    }
    return token_here(lexer, META_COMMAND);
}

static bool scan_delimiter_command(struct scanner *scanner, TSLexer *lexer) {
    char text[DELIMITER_BYTES + 1];
    unsigned size = 0;
    skip_blanks(lexer);
    while (!at_line_end(lexer) && !is_space(lexer->lookahead)) {
        if (size < DELIMITER_BYTES && lexer->lookahead < 0x80)
            text[size++] = (char)lexer->lookahead;
        next(lexer);
    }
    if (!size)
        return false;
    text[size] = '\0';
    strcpy(scanner->delimiter, strcmp(text, ";") == 0 ? "" : text);
    return token_here(lexer, DELIMITER_COMMAND);
}

/* Variables of SQL*Plus: SET of these takes a line, not a statement. */
static const char settings[] =
    "appi appinfo array arraysize autop autoprint autot autotrace cmds cmdsep colsep con concat "
    "copycommit def define echo embedded emb errorl errorlogging escape esc exitcommit feed "
    "feedback flu flush head heading headsep heads hea lin lines linesize lno long longchunksize "
    "longc markup mark newp newpage null numf numformat num numwidth pagesize pages page pau pause "
    "recsep recsepchar scan serverout serveroutput shiftinout showmode sqlbl sqlblanklines sqlc "
    "sqlcase sqlco sqlcontinue sqln sqlnumber sqlp sqlprompt sqlpre sqlprefix sqlt sqlterminator "
    "suf suffix tab term termout timi timing ti time trim trimout trimspool trims und underline "
    "ver verify wra wrap xquery";
static const char commands[] = "prompt pro rem remark whenever spool spo define undefine undef "
                               "accept acc ttitle btitle host ho connect conn disconnect source "
                               "column col variable var";

/* A line of SQL*Plus, sqlcmd or sqlite3 at the beginning of a statement, behind its first word. */
static bool scan_directive(TSLexer *lexer, const char *word) {
    bool line = is_one_of(word, commands) && (is_blank(lexer->lookahead) || at_line_end(lexer));
    if (strcmp(word, "set") == 0 && is_blank(lexer->lookahead)) {
        char name[WORD_BYTES + 1];
        skip_blanks(lexer);
        read_word(lexer, name);
        skip_blanks(lexer);
        line = is_one_of(name, settings) && lexer->lookahead != '=' && lexer->lookahead != ':';
    } else if (is_one_of(word, "exit quit")) {
        skip_blanks(lexer);
        line = at_line_end(lexer) || is_word(lexer->lookahead);
    }
    if (!line)
        return false;
    skip_line(lexer);
    return token_here(lexer, DIRECTIVE);
}

/* @file and @@file, :setvar of sqlcmd, .read of sqlite3. */
static bool scan_directive_mark(TSLexer *lexer) {
    int32_t mark = lexer->lookahead;
    char word[WORD_BYTES + 1];
    next(lexer);
    if (mark == '@') {
        if (lexer->lookahead == '@')
            next(lexer);
        if (!is_letter(lexer->lookahead) && lexer->lookahead != '/' && lexer->lookahead != '.' &&
            lexer->lookahead != '&')
            return false;
        while (!at_line_end(lexer) && lexer->lookahead != '=' && !is_space(lexer->lookahead))
            next(lexer);
        skip_blanks(lexer);
        if (!at_line_end(lexer) && !is_word(lexer->lookahead) && lexer->lookahead != '&' &&
            lexer->lookahead != ';')
            return false;
    } else {
        read_word(lexer, word);
        if (!word[0] || (mark == ':' && !is_one_of(word, "setvar on connect r out error quit exit "
                                                         "reset ed serverlist list listvar help")))
            return false;
    }
    skip_line(lexer);
    return token_here(lexer, DIRECTIVE);
}

/* ---- where statements end ---- */

/* The words after which BEGIN opens no block, but a transaction. */
static const char transactions[] = "transaction tran work isolation deferred immediate exclusive "
                                   "read distributed dialog conversation concurrent name batch "
                                   "unlogged counter";
/* Words that can only follow a name "begin". */
static const char name_follows[] = "from as is and or in between like asc desc not null default "
                                   "primary unique references collate to then";
static const char statements[] =
    "alter analyze atomic begin break call case catch close commit create declare delete deny "
    "drop end exec execute exit fetch for forall foreach goto grant if insert let loop merge null "
    "not open perform print raise raiserror reindex rename repeat replace return revoke rollback "
    "savepoint select set signal throw truncate try update use waitfor while with";

/* Behind the word BEGIN: does it open a block? */
static bool opens_block(TSLexer *lexer, bool fresh_line, bool starts) {
    bool line = false;
    while (is_space(lexer->lookahead)) {
        line |= lexer->lookahead == '\n';
        next(lexer);
    }
    int32_t c = lexer->lookahead;
    if (lexer->eof(lexer) || c == ';')
        return false;
    if (!is_letter(c))
        return starts || fresh_line ? c != ',' && c != ')' && c != '=' && c != '.'
                                    : c == '@' || c == '/' || c == '-' || c == '{';
    char word[WORD_BYTES + 1];
    read_word(lexer, word);
    if (is_one_of(word, transactions) || (line && strcmp(word, "go") == 0))
        return false;
    if (is_one_of(word, statements))
        return true;
    return (starts || fresh_line || line) && !is_one_of(word, name_follows);
}

static bool opens_case(TSLexer *lexer) {
    skip_spaces(lexer);
    int32_t c = lexer->lookahead;
    return is_word(c) || (c && c < 0x80 && strchr("(@:'\"[`$?{-+/#", (char)c) != NULL);
}

/* At the word END, read already. Behind it marks the end of the token. */
static bool scan_end(TSLexer *lexer, const bool *valid) {
    char word[WORD_BYTES + 1];
    lexer->mark_end(lexer);
    skip_blanks(lexer);
    int32_t c = lexer->lookahead;
    bool name = c < 0x80 && c && strchr("=,).<>(+*|", (char)c) != NULL;
    read_word(lexer, word);
    if (is_one_of(word, "if loop while repeat for") || (!valid[CASE_END] && !strcmp(word, "case")))
        return valid[END_PHRASE] && token_here(lexer, END_PHRASE);
    if (valid[CASE_END]) {
        if (strcmp(word, "case") == 0)
            lexer->mark_end(lexer);
        return token(lexer, CASE_END);
    }
    if (name || !valid[END])
        return false;
    if (is_one_of(word, "try catch"))
        lexer->mark_end(lexer);
    return token(lexer, END);
}

/* The same, inside of a statement of a block: nothing is taken. */
static bool ends_block(TSLexer *lexer) {
    char word[WORD_BYTES + 1];
    skip_blanks(lexer);
    int32_t c = lexer->lookahead;
    if (c < 0x80 && c && strchr("=,).<>(+*|", (char)c) != NULL)
        return false;
    read_word(lexer, word);
    return !is_one_of(word, "if loop while repeat for case");
}

/* A zero-width token for the innermost thing that cannot go on. */
static bool give_up(TSLexer *lexer, const bool *valid) {
    static const enum token order[] = {UNCLOSED_PARENS, UNCLOSED_BRACKETS, BEFORE_END, UNCLOSED};
    for (unsigned i = 0; i < sizeof order / sizeof *order; i++)
        if (valid[order[i]])
            return token(lexer, order[i]);
    return false;
}

static bool is_in_group(const bool *valid) {
    return valid[UNCLOSED_PARENS] || valid[UNCLOSED_BRACKETS];
}

static bool give_up_group(TSLexer *lexer, const bool *valid) {
    return is_in_group(valid) &&
           token(lexer, valid[UNCLOSED_PARENS] ? UNCLOSED_PARENS : UNCLOSED_BRACKETS);
}

/* Something is open that cannot go on over the end of a batch. */
static bool must_close(const bool *valid) {
    return is_in_group(valid) || valid[BEFORE_END] || valid[UNCLOSED];
}

/* GO [count] and / on a line of their own; behind the word or the slash. */
static bool scan_batch_end(TSLexer *lexer, const bool *valid, bool count) {
    uint32_t taken = 0;
    lexer->mark_end(lexer);
    skip_blanks(lexer);
    while (count && is_digit(lexer->lookahead)) {
        next(lexer);
        taken++;
    }
    skip_blanks(lexer);
    if (lexer->lookahead == ';' && count)
        next(lexer);
    skip_blanks(lexer);
    return at_line_end(lexer) && valid[BATCH_END] && token_here(lexer, BATCH_END);
}

/* ---- the tokens by their first character ---- */

struct place {
    bool line;   /* first on its line */
    bool spaced; /* white space in front */
    bool starts; /* a statement of the file may begin here */
};

/* Behind a word that may decide where a statement ends. The token ends in front of it until it is
 * known. */
static bool scan_keyword(struct scanner *scanner, TSLexer *lexer, const bool *valid,
                         const struct place *place, const char *word) {
    if (lexer->lookahead == '$' && scanner->delimiter[0] != '$')
        return false;
    if (strcmp(word, "begin") == 0 && valid[BEGIN]) {
        lexer->mark_end(lexer);
        return opens_block(lexer, place->line, place->starts) && token(lexer, BEGIN);
    }
    if (strcmp(word, "end") == 0)
        return valid[BEFORE_END] && !valid[CASE_END] ? ends_block(lexer) && token(lexer, BEFORE_END)
                                                     : scan_end(lexer, valid);
    if (strcmp(word, "case") == 0 && valid[CASE_OPEN]) {
        lexer->mark_end(lexer);
        return opens_case(lexer) && token(lexer, CASE_OPEN);
    }
    if (strcmp(word, "values") == 0 && valid[VALUES]) {
        lexer->mark_end(lexer);
        skip_spaces(lexer);
        return lexer->lookahead == '(' && token(lexer, VALUES);
    }
    if (strcmp(word, "stdin") == 0 && valid[STDIN]) {
        scanner->copy = 1;
        return token_here(lexer, STDIN);
    }
    bool alone = strcmp(word, "go") == 0 && place->line;
    if (alone || (strcmp(word, "delimiter") == 0 && place->line)) {
        if (must_close(valid)) {
            skip_blanks(lexer);
            bool stop = !alone || at_line_end(lexer) || is_digit(lexer->lookahead);
            return stop && give_up(lexer, valid);
        }
        if (alone)
            return scan_batch_end(lexer, valid, true);
        return valid[DELIMITER_COMMAND] ? scan_delimiter_command(scanner, lexer)
               : valid[END_OF_TEXT]     ? token(lexer, END_OF_TEXT)
                                        : false;
    }
    return valid[DIRECTIVE] && place->line && scan_directive(lexer, word);
}

static bool is_prefix(int32_t c) {
    c = lower(c);
    return c == 'e' || c == 'n' || c == 'b' || c == 'x' || c == 'r' || c == 'q' || c == 'u';
}

/* Letters that begin a word scan_keyword knows, or a prefix of a string. */
static bool is_special(int32_t c, bool starts) {
    static const char letters[] = "bcdegnqrsuvx";
    c = lower(c);
    return c < 0x80 && c && (strchr(letters, (char)c) || (starts && is_letter(c)));
}

/* E'...', N'...', q'[...]', r"..." and words; nothing is skipped if it is neither. */
static bool scan_letter(struct scanner *scanner, TSLexer *lexer, const bool *valid,
                        const struct place *place) {
    int32_t c = lower(lexer->lookahead);
    char word[WORD_BYTES + 3];
    unsigned size = 0;
    if (is_prefix(c)) {
        word[size++] = (char)c;
        next(lexer);
        int32_t more = lower(lexer->lookahead);
        bool alternative = c == 'q' || (c == 'n' && more == 'q');
        if ((c == 'u' && more == '&') || (c == 'n' && more == 'q')) {
            word[size++] = (char)more;
            next(lexer);
        }
        int32_t quote = lexer->lookahead;
        if (quote == '\'' || (quote == '"' && (c == 'r' || c == 'u' || c == 'b'))) {
            next(lexer);
            bool closed =
                valid[STRING] && (alternative ? skip_alternative(lexer)
                                              : skip_quoted(scanner, lexer, quote, c == 'e'));
            return closed && token_here(lexer, STRING);
        }
    }
    read_word(lexer, word + size);
    return scan_keyword(scanner, lexer, valid, place, word);
}

/* [a b] is a name where it holds one, else brackets. */
static bool scan_bracket(TSLexer *lexer, const bool *valid, const struct place *place) {
    next(lexer);
    lexer->mark_end(lexer);
    if (valid[INDEX_OPEN] && !place->spaced)
        return token(lexer, INDEX_OPEN);
    if (!valid[BRACKET_OPEN])
        return false;
    unsigned size = 0;
    bool name = is_letter(lexer->lookahead) || lexer->lookahead == '#' || lexer->lookahead == '$' ||
                lexer->lookahead == '@';
    while (name && size < NAME_BYTES && lexer->lookahead != ']') {
        int32_t c = lexer->lookahead;
        name = is_word(c) || (c && c < 0x80 && strchr(" $#@.-/\\&%()", (char)c));
        next(lexer);
        size++;
    }
    if (!name || size == NAME_BYTES)
        return token(lexer, BRACKET_OPEN);
    next(lexer);
    return token_here(lexer, QUOTED_NAME);
}

/* Behind the slash. */
static bool scan_slash(struct scanner *scanner, TSLexer *lexer, const bool *valid,
                       const struct place *place) {
    if (lexer->lookahead != '*') {
        if (!place->line)
            return false;
        if (must_close(valid)) {
            skip_blanks(lexer);
            return at_line_end(lexer) && give_up(lexer, valid);
        }
        return scan_batch_end(lexer, valid, false);
    }
    next(lexer);
    bool maria = lexer->lookahead == 'M';
    if (maria)
        next(lexer);
    if (lexer->lookahead == '!' && valid[EXECUTED_OPEN]) {
        next(lexer);
        bool space = is_space(lexer->lookahead);
        while (is_digit(lexer->lookahead))
            next(lexer);
        scanner->mysql |= !space;
        return token_here(lexer, EXECUTED_OPEN);
    }
    if (!valid[BLOCK_COMMENT])
        return false;
    bool ended;
    if (!skip_comment(scanner, lexer, true, &ended))
        scanner->flat |= ended;
    return ended && token(lexer, BLOCK_COMMENT);
}

/* # begins a comment in some dialects, a name or an operator in others. */
static bool scan_hash(TSLexer *lexer, const bool *valid, const struct place *place) {
    next(lexer);
    int32_t c = lexer->lookahead;
    bool comment = is_space(c) || lexer->eof(lexer) || c == '!' || c == '-' || c == '#' ||
                   (place->line && c != '{' && c != '>' && c != '#');
    if (c == '#') { /* ##global or ## comment */
        next(lexer);
        comment = !is_letter(lexer->lookahead);
    }
    if (!comment || !valid[HASH_COMMENT] || (!place->spaced && !place->line))
        return false;
    skip_line(lexer);
    return token_here(lexer, HASH_COMMENT);
}

/* In '''it's''', behind the quote that seemed to end it. */
static bool skip_tripled(TSLexer *lexer, int32_t quote) {
    for (unsigned count = 0; !lexer->eof(lexer); next(lexer)) {
        count = lexer->lookahead == quote ? count + 1 : 0;
        if (count == 3) {
            next(lexer);
            return true;
        }
    }
    return false;
}

/* {{ f('{{ this }}') }}: texts in it may hold what looks like its end. */
static bool scan_template(TSLexer *lexer) {
    int32_t quote = 0;
    next(lexer);
    if (lexer->lookahead != '{')
        return false;
    for (next(lexer); !lexer->eof(lexer);) {
        int32_t c = lexer->lookahead;
        next(lexer);
        if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (c == '}' && lexer->lookahead == '}') {
            next(lexer);
            return token_here(lexer, PLACEHOLDER);
        }
    }
    return false;
}

/* Strings without a backslash are left to the lexer, whose tokens are smaller. */
static bool scan_string(struct scanner *scanner, TSLexer *lexer, enum token kind) {
    int32_t quote = lexer->lookahead;
    next(lexer);
    bool tripled = false;
    for (unsigned at = 0; lexer->lookahead != '\\'; at++) {
        bool closes = lexer->lookahead == quote;
        if (lexer->eof(lexer))
            return false;
        next(lexer);
        if (closes && lexer->lookahead != quote)
            return tripled && is_word(lexer->lookahead) && skip_tripled(lexer, quote) &&
                   token_here(lexer, kind);
        tripled |= closes && at == 0;
        if (closes)
            next(lexer);
    }
    return skip_quoted(scanner, lexer, quote, false) && token_here(lexer, kind);
}

/* `own`: what this bracket closes is open, and the lexer knows it; `other`: something else is. */
static bool scan_close(TSLexer *lexer, const bool *valid, enum token own, enum token other) {
    if (valid[own])
        return false;
    if (valid[other])
        return token(lexer, other);
    next(lexer);
    return valid[STRAY] && token_here(lexer, STRAY);
}

static bool scan_end_of_text(TSLexer *lexer, const bool *valid) {
    lexer->mark_end(lexer);
    if (give_up(lexer, valid))
        return true;
    return valid[END_OF_TEXT] && token(lexer, END_OF_TEXT);
}

static bool scan_punctuation(struct scanner *scanner, TSLexer *lexer, const bool *valid,
                             const struct place *place) {
    int32_t c = lexer->lookahead;
    switch (c) {
    case '\'':
        return valid[STRING] && scan_string(scanner, lexer, STRING);
    case '"':
        return valid[QUOTED_NAME] && scan_string(scanner, lexer, QUOTED_NAME);
    case '`':
        scanner->mysql = 1;
        next(lexer);
        return valid[QUOTED_NAME] && skip_quoted(scanner, lexer, c, false) &&
               token_here(lexer, QUOTED_NAME);
    case '{':
        return valid[PLACEHOLDER] && scan_template(lexer);
    case '[':
        return scan_bracket(lexer, valid, place);
    case ']':
        return scan_close(lexer, valid, UNCLOSED_BRACKETS, UNCLOSED_PARENS);
    case ')':
        return scan_close(lexer, valid, UNCLOSED_PARENS, UNCLOSED_BRACKETS);
    case '$':
        next(lexer);
        return valid[DOLLAR_STRING] && skip_dollar(lexer) && token_here(lexer, DOLLAR_STRING);
    case '/':
        next(lexer);
        return scan_slash(scanner, lexer, valid, place);
    case '*':
        next(lexer);
        if (lexer->lookahead != '/' || !valid[EXECUTED_CLOSE])
            return false;
        next(lexer);
        return token_here(lexer, EXECUTED_CLOSE);
    case '#':
        return scan_hash(lexer, valid, place);
    case ';':
        return give_up_group(lexer, valid);
    case '\\':
        if (is_in_group(valid))
            return give_up_group(lexer, valid);
        return valid[META_COMMAND] && scan_meta(scanner, lexer);
    case '@':
    case ':':
    case '.':
        return valid[DIRECTIVE] && place->line && scan_directive_mark(lexer);
    default:
        return false;
    }
}

/* At the first byte of a delimiter of one's own, which may be that of something else. */
static bool scan_delimiter(struct scanner *scanner, TSLexer *lexer, const bool *valid,
                           const struct place *place) {
    int32_t c = lexer->lookahead;
    const char *at = scanner->delimiter + 1;
    next(lexer);
    if (*at && lexer->lookahead != *at) {
        switch (c) {
        case '/':
            return scan_slash(scanner, lexer, valid, place);
        case '$':
            return valid[DOLLAR_STRING] && skip_dollar(lexer) && token_here(lexer, DOLLAR_STRING);
        case ';':
            return give_up_group(lexer, valid);
        default:
            return false;
        }
    }
    for (; *at; at++) {
        if (lexer->lookahead != *at)
            return false;
        next(lexer);
    }
    return give_up(lexer, valid) || (valid[DELIMITER] && token_here(lexer, DELIMITER));
}

bool tree_sitter_sql_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
    struct scanner *scanner = payload;
    if (valid[ERROR])
        return false;
    if (valid[COPY_DATA] && scanner->copy)
        return scan_copy(scanner, lexer);
    if (valid[ROWS] && lexer->lookahead != '(')
        while (is_space(lexer->lookahead))
            lexer->advance(lexer, true);
    if (valid[ROWS] && lexer->lookahead == '(')
        return scan_rows(scanner, lexer);
    struct place place = {.starts = valid[DIRECTIVE]};
    while (is_space(lexer->lookahead) || (!lexer->lookahead && !lexer->eof(lexer))) {
        place.spaced = true;
        place.line |= lexer->lookahead == '\n';
        lexer->advance(lexer, true);
    }
    if (lexer->eof(lexer))
        return scan_end_of_text(lexer, valid);
    int32_t c = lexer->lookahead;
    if (c < 0 && valid[STRAY]) { /* no UTF-8 */
        next(lexer);
        return token_here(lexer, STRAY);
    }
    bool delimits = scanner->delimiter[0] && c == scanner->delimiter[0];
    bool special = c < 0x80 && strchr("'`\"[])$/*#;\\@:.{", (char)c);
    if (!delimits && !special && !is_special(c, place.starts))
        return false;
    if (!place.line && !place.spaced)
        place.line = (c == '/' || c == '#' || is_letter(c) || c == '@' || c == ':' || c == '.') &&
                     lexer->get_column(lexer) == 0;
    lexer->mark_end(lexer);
    if (delimits)
        return scan_delimiter(scanner, lexer, valid, &place);
    return special ? scan_punctuation(scanner, lexer, valid, &place)
                   : scan_letter(scanner, lexer, valid, &place);
}

/* ---- state ---- */

void *tree_sitter_sql_external_scanner_create(void) {
    return ts_calloc(1, sizeof(struct scanner));
}

void tree_sitter_sql_external_scanner_destroy(void *payload) {
    ts_free(payload);
}

unsigned tree_sitter_sql_external_scanner_serialize(void *payload, char *buffer) {
    const struct scanner *scanner = payload;
    size_t size = strlen(scanner->delimiter);
    buffer[0] = (char)(scanner->copy | scanner->flat << 1 | scanner->mysql << 2);
    memcpy(buffer + 1, scanner->delimiter, size);
    return (unsigned)(buffer[0] || size ? size + 1 : 0);
}

void tree_sitter_sql_external_scanner_deserialize(void *payload, const char *buffer,
                                                  unsigned size) {
    struct scanner *scanner = payload;
    memset(scanner, 0, sizeof *scanner);
    if (!size)
        return;
    scanner->copy = buffer[0] & 1;
    scanner->flat = buffer[0] >> 1 & 1;
    scanner->mysql = buffer[0] >> 2 & 1;
    memcpy(scanner->delimiter, buffer + 1, size - 1);
    scanner->delimiter[size - 1] = '\0';
}
