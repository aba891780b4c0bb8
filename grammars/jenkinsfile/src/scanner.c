#include "tree_sitter/parser.h"

static bool is_name(int32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void advance_blanks(TSLexer *lexer) {
    while (lexer->lookahead == ' ' || lexer->lookahead == '\t')
        lexer->advance(lexer, false);
}

static bool advance_name(TSLexer *lexer) {
    bool any = false;
    while (is_name(lexer->lookahead)) {
        lexer->advance(lexer, false);
        any = true;
    }
    return any;
}

/* `name: value`, or a name that ends the line. */
static bool sees_argument(TSLexer *lexer) {
    if (lexer->lookahead == '"' || lexer->lookahead == '\'')
        return true;
    if (!advance_name(lexer))
        return false;
    advance_blanks(lexer);
    if (lexer->lookahead == ':') {
        lexer->advance(lexer, false);
        return lexer->lookahead != ':';
    }
    return lexer->lookahead == '\n' || lexer->lookahead == '\r' || lexer->lookahead == '}' ||
           lexer->eof(lexer);
}

bool tree_sitter_jenkinsfile_external_scanner_scan(void *payload, TSLexer *lexer,
                                                   const bool *valid) {
    (void)payload;
    (void)valid;
    while (lexer->lookahead == ' ' || (lexer->lookahead >= '\t' && lexer->lookahead <= '\r'))
        lexer->advance(lexer, true);
    if ((lexer->lookahead >= '0' && lexer->lookahead <= '9') || !advance_name(lexer))
        return false;
    lexer->mark_end(lexer);
    if (lexer->lookahead != ' ' && lexer->lookahead != '\t')
        return false;
    advance_blanks(lexer);
    lexer->result_symbol = 0;
    return sees_argument(lexer);
}

void *tree_sitter_jenkinsfile_external_scanner_create(void) {
    return 0;
}

void tree_sitter_jenkinsfile_external_scanner_destroy(void *payload) {
    (void)payload;
}

unsigned tree_sitter_jenkinsfile_external_scanner_serialize(void *payload, char *buffer) {
    (void)payload;
    (void)buffer;
    return 0;
}

void tree_sitter_jenkinsfile_external_scanner_deserialize(void *payload, const char *buffer,
                                                          unsigned size) {
    (void)payload;
    (void)buffer;
    (void)size;
}
