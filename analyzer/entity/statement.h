/*
 * statement: how the reader of SQL is put together. The tree knows statements, words, names and
 * brackets; what a statement does, to what and with which clauses, is told by patterns
 * (grammars/LANGUAGE/statements.yaml):
 *   statement_read.c     entry, walk over the file, where statements begin, what is known of it
 *   statement_token.c    the tree of a statement as a list of tokens; names and normalised text
 *   statement_form.c     patterns and lists out of the image, once for each reader
 *   statement_match.c    a pattern against tokens
 *   statement_clause.c   clauses and modifiers behind what the pattern took
 *   statement_define.c   columns, types, constraints
 *   statement_truth.c    conditions that always or never hold
 *   statement_emit.c     entities
 *   statement_body.c     statements inside of bodies and of texts that are run
 * Cost: linear in the text, but for the patterns of one group, which are tried one after the other
 * by their first letter.
 */
#ifndef BERM_ENTITY_STATEMENT_H
#define BERM_ENTITY_STATEMENT_H

#include "base/map.h"
#include "base/strbuf.h"
#include "entity/builder.h"
#include "entity/code.h"

enum {
    STATEMENT_DEPTH = 200,  /* brackets; deeper ones are one opaque token */
    STATEMENT_TEXT = 2000,  /* bytes kept of a text in an attribute; longer ones end in a hash */
    STATEMENT_NESTED = 64,  /* blocks in blocks */
    STATEMENT_NOTES = 16,   /* about one text */
    STATEMENT_PARTS = 2000, /* objects or actions of one statement */
};

/* ---- tokens ---- */

struct token {
    uint8_t role;  /* enum node_role */
    bool line;     /* first on its line */
    bool glued;    /* nothing between it and the one before */
    bool executed; /* in a comment that some engines execute */
    bool optional; /* in a branch of a template */
    uint32_t from, to;
    uint32_t next; /* index behind it and what it holds */
};

struct tokens {
    VEC(struct token) list;
    VEC(TSNode) blocks; /* of tokens with ROLE_BLOCK, in order */
};

/* A run of tokens. */
struct run {
    uint32_t from, to;
};

/* ---- knowledge ---- */

enum item_kind {
    ITEM_WORDS,   /* one of the words */
    ITEM_OPTIONS, /* [...]: any of the phrases: modifiers */
    ITEM_MAYBE,   /* (...): items that may be left out */
    ITEM_PHRASE,  /* {list}, {list:key} */
    ITEM_NAMES,   /* <name>, <names>, <part>, <column>, <columns> and <key> */
    ITEM_TYPE,    /* <type>, <definition>, <columns_definition> */
    ITEM_TEXT,    /* <text:key>, <list:key> */
    ITEM_GROUP,   /* <paren> */
    ITEM_STRING,  /* <string> */
    ITEM_ANY,     /* <any> */
    ITEM_WORD,    /* <word> */
    ITEM_SKIP,    /* <*> */
};

struct phrase {
    struct slice *words; /* lower case; "#" = any one token */
    uint32_t count;
    struct slice text;
};

struct phrases {
    struct phrase *items;
    uint32_t count;
    uint32_t letters; /* bits of the letters they begin with */
};

struct item {
    enum item_kind kind;
    struct slice key; /* of a capture; ITEM_NAMES: "name", "names", "part", ... */
    const struct phrases *phrases;
    struct item *items; /* ITEM_MAYBE */
    uint32_t count;
    bool list; /* ITEM_TEXT: split at commas */
};

struct form {
    struct slice group, type, actions, traits;
    bool typed;
    struct item *items;
    uint32_t count;
    uint32_t letters; /* of the words it may begin with, 0 = any */
    const struct phrases *clauses, *modifiers;
};

struct forms {
    struct form *items;
    uint32_t count;
    struct map lists; /* "GROUP:KEY" -> index */
    VEC(struct phrases *) phrases;
    struct map reserved, functions, languages, engines;
    const struct phrases *column_words, *constraint_words, *control, *openers, *up, *down;
    const struct phrases *explain, *executes, *with, *hooks;
    VEC(struct slice) engine_names, mark_names;
};

const struct phrases *forms_list(const struct forms *forms, const char *group, struct slice key);
bool form_has(const struct form *form, const char *trait);
struct slice form_trait(const struct form *form, const char *prefix); /* "body=" */

/* ---- reading ---- */

/* What is known where the walk stands, shared by the texts nested in a file. */
struct statement_file {
    struct map created, dropped; /* names -> index of the entity */
    struct map texts;            /* variable -> index in `strings`: what may be run through it */
    VEC(struct slice) strings;
    struct slice section, engine;
    bool transaction;
    /* A body that goes on in the statements behind it: declarations and a block, or all up to the
     * end of the batch. */
    struct slice pending;
    uint32_t pending_scope;
    bool batch;       /* only the end of the batch ends it */
    bool batch_ended; /* behind the statement that is read */
};

struct statements {
    struct builder *builder;
    struct arena *scratch;
    const struct forms *forms;
    struct statement_file *file;
    struct tokens tokens;
    uint32_t scope;
    struct slice body; /* "function", "do", ... */
    const char *host;
    bool dynamic, explain, executed, wrapped;
    bool ran;     /* the body that was read is one statement behind AS */
    bool guessed; /* a text of a program: only what surely is a statement counts */
    uint32_t depth;
    uint32_t notes;
    VEC(struct span) hooks; /* calls of templates whose texts are run */
};

struct object {
    struct slice name;
    struct run run;
};

struct capture {
    struct slice key;
    struct slice text; /* or */
    const struct value *value;
    struct span span;
};

/* What a pattern took. */
struct reading {
    const struct form *form;
    struct strbuf type;
    VEC(struct object) objects;
    VEC(struct object) parts; /* columns, constraints, ... of the object */
    bool columns;             /* parts are columns */
    bool many;                /* parts have definitions of their own */
    struct slices modifiers;
    VEC(struct capture) captures;
    struct run definition; /* empty: none */
    uint32_t end;          /* first token behind it */
};

/* statement_token.c */
void tokens_read(struct statements *st, TSNode statement, struct tokens *tokens);
const struct token *token_at(const struct statements *st, uint32_t at);
struct slice token_text(const struct statements *st, uint32_t at);
/* Is it an unquoted word or an operator that reads like this? */
bool token_is(const struct statements *st, uint32_t at, struct slice word);
bool token_has_role(const struct statements *st, uint32_t at, enum node_role role);
/* A name at *at, normalised; false if there is none. Moves *at behind it. */
bool name_read(struct statements *st, uint32_t *at, uint32_t end, struct slice *name);
/* Words lower case, one space between tokens; in the list's arena. */
struct slice run_text(struct statements *st, struct run run);
struct span run_span(const struct statements *st, struct run run);
struct slice string_content(struct statements *st, uint32_t at, uint32_t *source);
/* How many tokens a phrase of the list takes at `at`, 0 = none fits; *found is which. */
uint32_t phrase_at(const struct statements *st, const struct phrases *phrases, uint32_t at,
                   uint32_t end, const struct phrase **found);

/* statement_match.c */
bool form_match(struct statements *st, const struct form *form, struct run run,
                struct reading *reading);
/* The first form of the group that fits, NULL if none does. */
const struct form *forms_match(struct statements *st, struct slice group, struct run run,
                               struct reading *reading);
void reading_init(struct statements *st, struct reading *reading);
/* Adds a word to its type. */
void reading_type(struct reading *reading, struct slice word);

/* statement_clause.c */
struct clauses {
    VEC(struct capture) list; /* key with _ for blanks; `run` of each in runs */
    VEC(struct run) runs;
};
void clauses_read(struct statements *st, const struct form *form, struct run run,
                  struct clauses *clauses);
const struct run *clause_find(const struct clauses *clauses, const char *key);
void modifiers_read(struct statements *st, const struct phrases *phrases, struct run run,
                    struct slices *modifiers);

/* statement_define.c */
/* Adds data_type, nullable, default of the definition of a column. */
void definition_add(struct statements *st, struct body *body, struct run run);
/* Adds columns[] and constraints[] of the definition of a table. */
void table_add(struct statements *st, struct body *body, struct run group);
/* Ends of the elements of a list at commas; calls for each. */
bool run_next_part(const struct statements *st, struct run *rest, struct run *part);
struct run type_run(struct statements *st, struct run run);
/* numeric(10,2), however it is written. */
struct slice type_text(struct statements *st, struct run run);

/* statement_truth.c */
enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_NULL, TRUTH_UNKNOWN };
enum truth truth_of(struct statements *st, struct run run);

/* statement_emit.c */
void statement_emit(struct statements *st, struct reading *reading, struct run run);
void calls_emit(struct statements *st, struct run run, uint32_t scope);

/* statement_body.c */
/* Blocks, dollar quotes and AS of a statement with a body; texts that are run. */
void bodies_read(struct statements *st, const struct reading *reading, struct run run,
                 uint32_t scope);
/* Texts in the calls of templates. */
void hooks_read(struct statements *st);
/* Remembers the text a variable is given. */
void assignments_read(struct statements *st, struct run run);

/* statement_read.c */
void statements_walk(struct statements *st, TSNode parent);
void statements_run(struct statements *st, struct run run);
/* Does a known statement begin here? */
bool statements_begin(struct statements *st, struct run run);

#endif
