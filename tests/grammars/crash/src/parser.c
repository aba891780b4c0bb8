/*
 * A parser that really crashes, for the tests of crash isolation: the JSON grammar whose lexer
 * aborts at the byte '!'. Linked into test builds only (cmake/grammars.cmake).
 */
#include "parser.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const TSLanguage *tree_sitter_crash(void); /* first: the build takes the grammar's name from here */
const TSLanguage *tree_sitter_json(void);

static bool lex_or_crash(TSLexer *lexer, TSStateId state) {
    if (lexer->lookahead == '!')
        abort();
    return tree_sitter_json()->lex_fn(lexer, state);
}

const TSLanguage *tree_sitter_crash(void) {
    static TSLanguage language; /* of ABI 14 as the original, which ends at that member */
    if (!language.lex_fn) {
        memcpy(&language, tree_sitter_json(), offsetof(TSLanguage, name));
        language.lex_fn = lex_or_crash;
    }
    return &language;
}
