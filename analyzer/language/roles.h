/*
 * roles: what the node kinds of a grammar mean, in words that readers share. The mapping is data:
 * `nodes:`, `tokens:` and `fields:` of grammars/LANGUAGE/entities.yaml. A reader asks for a role,
 * never for the name of a node kind.
 *
 * A role is added by a row here; the word is what entities.yaml uses.
 */
#ifndef BERM_LANGUAGE_ROLES_H
#define BERM_LANGUAGE_ROLES_H

#include "base/slice.h"

/* `nodes:` maps a role to named node kinds, `tokens:` to anonymous ones such as "&&". */
#define NODE_ROLES(X)                                                                              \
    X(NONE, "none")                                                                                \
    /* data */                                                                                     \
    X(STREAM, "stream")                                                                            \
    X(DOCUMENT, "document")                                                                        \
    X(WRAPPER, "wrapper") /* adds nothing: its children stand for it */                            \
    X(MAP, "map")                                                                                  \
    X(PAIR, "pair")                                                                                \
    X(LIST, "list")                                                                                \
    X(ITEM, "item")                                                                                \
    X(TABLE, "table")           /* a path, then pairs that belong below it */                      \
    X(TABLE_ITEM, "table-item") /* likewise, below a new element of a list */                      \
    X(KEY, "key")                                                                                  \
    X(PATH, "path")     /* a key of several keys */                                                \
    X(RECORD, "record") /* a map of its named children, each under the name of its kind */         \
    X(TEXT, "text")     /* a piece of the source as it stands */                                   \
    X(TEXTS, "texts")   /* likewise, one of several: in a record they make a list */               \
    X(PLAIN, "plain")                                                                              \
    X(DOUBLE_QUOTED, "double-quoted")                                                              \
    X(SINGLE_QUOTED, "single-quoted")                                                              \
    X(MULTILINE, "multiline") /* YAML block scalar */                                              \
    X(NUMBER, "number")                                                                            \
    X(BOOL, "bool")                                                                                \
    X(NULL, "null")                                                                                \
    X(DATE, "date")                                                                                \
    X(ANCHOR, "anchor")                                                                            \
    X(ALIAS, "alias")                                                                              \
    X(TAG, "tag")                                                                                  \
    X(COMMENT, "comment")                                                                          \
    X(BLOCK, "block")                                                                              \
    X(ELEMENT, "element")       /* of markup */                                                    \
    X(DIRECTIVES, "directives") /* a body of directives */                                         \
    X(DIRECTIVE, "directive")   /* words, the first a name, and maybe a body or a text */          \
    X(ZONE, "zone")             /* of directives, and records as items with keys */                \
    X(BODY, "body")                                                                                \
    X(ATTRIBUTE, "attribute")                                                                      \
    X(IDENTIFIER, "identifier")                                                                    \
    X(TEMPLATE, "template")                                                                        \
    X(HEREDOC, "heredoc")                                                                          \
    X(INTERPOLATION, "interpolation")                                                              \
    X(VARIABLE, "variable")                                                                        \
    X(MEMBER, "member") /* .name behind a variable */                                              \
    X(INDEX, "index")                                                                              \
    X(SPLAT, "splat")                                                                              \
    X(OPERATION, "operation")                                                                      \
    X(EXPRESSION, "expression")                                                                    \
    X(ITERATION_NAMES, "iteration-names") /* which names a loop binds */                           \
    X(ITERATION, "iteration")                                                                      \
    X(STRING, "string")                                                                            \
    X(STRING_TEXT, "string-text")                                                                  \
    X(ESCAPE, "escape")                                                                            \
    X(DELIMITER, "delimiter")                                                                      \
    /* code */                                                                                     \
    X(COMMAND, "command")                                                                          \
    X(COMMAND_NAME, "command-name")                                                                \
    X(CALL, "call")                                                                                \
    X(NEW, "new")             /* new X(...), X{...}: a call of a class or type */                  \
    X(ARGUMENT, "argument")   /* around one argument, maybe with its name */                       \
    X(SHORTHAND, "shorthand") /* {name}: name and value in one */                                  \
    X(DEFAULT, "default")     /* a parameter with a value of its own */                            \
    X(ARGUMENTS, "arguments")                                                                      \
    X(PARAMETERS, "parameters")                                                                    \
    X(KEYWORD_ARGUMENT, "keyword-argument")                                                        \
    X(FUNCTION, "function")                                                                        \
    X(CLASS, "class")                                                                              \
    X(LAMBDA, "lambda")                                                                            \
    X(ASSIGNMENT, "assignment")                                                                    \
    X(AUGMENTED_ASSIGNMENT, "augmented-assignment")                                                \
    X(DECLARATION, "declaration")                                                                  \
    X(IMPORT, "import")                                                                            \
    X(IMPORT_FROM, "import-from")                                                                  \
    X(IMPORT_ALIAS, "import-alias")                                                                \
    X(IMPORT_ALL, "import-all")   /* a name for all of a module */                                 \
    X(IMPORT_TYPE, "import-type") /* types keep their short names: only other names matter */      \
    X(DOTTED_NAME, "dotted-name")                                                                  \
    X(IF, "if")                                                                                    \
    X(UNLESS, "unless")                                                                            \
    X(ELSE_IF, "else-if")                                                                          \
    X(ELSE, "else")                                                                                \
    X(FOR, "for")                                                                                  \
    X(WHILE, "while")                                                                              \
    X(CASE, "case")                                                                                \
    X(CASE_ITEM, "case-item")                                                                      \
    X(TRY, "try")                                                                                  \
    X(EXCEPT, "except")                                                                            \
    X(FINALLY, "finally")                                                                          \
    X(WITH, "with")                                                                                \
    X(ASSERT, "assert")                                                                            \
    X(RAISE, "raise")                                                                              \
    X(RETURN, "return")                                                                            \
    X(EXIT, "exit")                                                                                \
    X(DECORATOR, "decorator")                                                                      \
    X(AND_OR, "and-or") /* a && b, a || b */                                                       \
    X(AND, "and")                                                                                  \
    X(OR, "or")                                                                                    \
    X(NOT, "not")                                                                                  \
    X(TEST, "test")                                                                                \
    X(PIPELINE, "pipeline")                                                                        \
    X(SUBSHELL, "subshell")                                                                        \
    X(GROUP, "group")                                                                              \
    X(REDIRECTED, "redirected")                                                                    \
    X(REDIRECT, "redirect")                                                                        \
    X(HEREDOC_REDIRECT, "heredoc-redirect")                                                        \
    X(HEREDOC_BODY, "heredoc-body")                                                                \
    X(HERESTRING, "herestring")                                                                    \
    X(SUBSTITUTION, "substitution") /* $(command) */                                               \
    X(EXPANSION, "expansion")       /* ${name...} */                                               \
    X(SIMPLE_EXPANSION, "simple-expansion")                                                        \
    X(CONCATENATION, "concatenation")                                                              \
    X(WORD, "word")                                                                                \
    X(RAW_STRING, "raw-string")                                                                    \
    X(ANSI_STRING, "ansi-string")                                                                  \
    X(TUPLE, "tuple")                                                                              \
    X(SUBSCRIPT, "subscript")                                                                      \
    X(BINARY, "binary")                                                                            \
    X(CONDITIONAL, "conditional")                                                                  \
    X(STATEMENT, "statement")                                                                      \
    X(NOTHING, "nothing")     /* pass, an empty statement */                                       \
    X(MODIFIERS, "modifiers") /* in front of a declaration; decorators may be among them */        \
    X(EXPORT, "export")       /* says that others may use what is declared */                      \
    X(TYPED, "typed") /* declares names with a type; as a token: stands in front of the type */    \
    X(BASES, "bases") /* what a class is derived from */                                           \
    X(PATTERN, "pattern") /* {a, b: c}: names for parts of a value */                              \
    X(BACKGROUND, "background")                                                                    \
    X(SEPARATOR, "separator")                                                                      \
    /* statements */                                                                               \
    X(EXECUTED_OPEN, "executed-open") /* of a comment that some engines execute */                 \
    X(EXECUTED_CLOSE, "executed-close")                                                            \
    X(UNBALANCED, "unbalanced") /* a bracket without its other one */                              \
    X(BATCH_END, "batch-end")

/* `fields:` maps a role to field names of the grammar. */
#define FIELD_ROLES(X)                                                                             \
    X(NONE, "none")                                                                                \
    X(KEY, "key")                                                                                  \
    X(VALUE, "value")                                                                              \
    X(NAME, "name")                                                                                \
    X(BODY, "body")                                                                                \
    X(CALLEE, "callee")                                                                            \
    X(ARGUMENTS, "arguments")                                                                      \
    X(ARGUMENT, "argument")                                                                        \
    X(OBJECT, "object")                                                                            \
    X(MEMBER, "member")                                                                            \
    X(LEFT, "left")                                                                                \
    X(RIGHT, "right")                                                                              \
    X(OPERATOR, "operator")                                                                        \
    X(CONDITION, "condition")                                                                      \
    X(CONSEQUENCE, "consequence")                                                                  \
    X(ALTERNATIVE, "alternative")                                                                  \
    X(VARIABLE, "variable")                                                                        \
    X(MODULE, "module")                                                                            \
    X(ALIAS, "alias")                                                                              \
    X(REDIRECT, "redirect")                                                                        \
    X(DESTINATION, "destination")                                                                  \
    X(DESCRIPTOR, "descriptor")                                                                    \
    X(DEFINITION, "definition")                                                                    \
    X(TYPE, "type")                                                                                \
    X(SUBSCRIPT, "subscript")                                                                      \
    X(INDEX, "index")                                                                              \
    X(OWNER, "owner")       /* type a method belongs to */                                         \
    X(DECLARED, "declared") /* type of what is declared */                                         \
    X(PARAMETERS, "parameters")                                                                    \
    X(BASES, "bases") /* what a class is derived from */

/*
 * `words:` maps a role to names of calls that play it.
 * `exchange:` maps a kind to named nodes in which words may be put for others without any effect
 * on the tree but its offsets (syntax/exchange.h). A word is a run of letters, digits and "_":
 *   text    any word for any other: what stands in quotes
 *   name    other digits in a word of a node that begins with a letter: no grammar's keyword,
 *           truth value or number has both
 *   number  digits for digits, if they are all of the node and a blank, a comma, a semicolon or
 *           a closing bracket follows
 */
#define EXCHANGE_KINDS(X) X(NONE, "none") X(TEXT, "text") X(NAME, "name") X(NUMBER, "number")

#define ROLE_ENUM(name, word) ROLE_##name,
#define FIELD_ENUM(name, word) FIELD_##name,
#define EXCHANGE_ENUM(name, word) EXCHANGE_##name,

enum node_role { NODE_ROLES(ROLE_ENUM) ROLE_COUNT };
enum field_role { FIELD_ROLES(FIELD_ENUM) FIELD_COUNT };
enum exchange_kind { EXCHANGE_KINDS(EXCHANGE_ENUM) EXCHANGE_COUNT };

#undef ROLE_ENUM
#undef FIELD_ENUM
#undef EXCHANGE_ENUM

/* ROLE_COUNT, FIELD_COUNT or EXCHANGE_COUNT if there is no such word. */
enum node_role node_role_find(struct slice word);
enum field_role field_role_find(struct slice word);
enum exchange_kind exchange_kind_find(struct slice word);

#endif
