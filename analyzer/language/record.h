/*
 * record: the image records of languages and dialects (private to language/ and to those that
 * interpret shapes: syntax/roles.c and entity/data_*.c). All text is string_ref, all ranges are
 * (first, count) in the section named.
 */
#ifndef BERM_LANGUAGE_RECORD_H
#define BERM_LANGUAGE_RECORD_H

#include "language/language.h"

enum block_cut { CUT_NONE, CUT_BRACES, CUT_DOCUMENTS };

struct language_record { /* IMAGE_LANGUAGES */
    string_ref name;
    string_ref roles;   /* language whose entities.yaml it shares: "javascript" of typescript */
    uint32_t cut;       /* enum block_cut */
    uint32_t masked;    /* 1: {{ }} and {% %} templates are masked before parsing */
    uint32_t reader;    /* enum reader_kind */
    uint32_t nesting;   /* enum nesting_kind */
    uint32_t max_lines; /* of one block; 0 = no limit */
    uint32_t strings;   /* enum string_style */
    /* of STRINGS_LINES: */
    string_ref prefixes; /* characters in front of a command that are none of it */
    string_ref doubled;  /* characters written twice for themselves */
    uint32_t expansions; /* enum expansion_style */
};

enum reader_kind { READER_DATA, READER_CODE, READER_STATEMENT };
/* How nesting is counted before a parse; NONE where the reader does. */
enum nesting_kind { NESTING_BRACKETS, NESTING_INDENTATION, NESTING_NONE, NESTING_CODE };
enum string_style {
    STRINGS_PLAIN,
    STRINGS_HCL,
    STRINGS_TOML,
    STRINGS_MARKUP,
    STRINGS_GROOVY,
    STRINGS_LINES
};
/* What stands for a variable of the format in its scripts: $(x) and $x, or {{x}}. */
enum expansion_style { EXPANSION_NONE, EXPANSION_PARENTHESES, EXPANSION_BRACES };

enum node_record_kind {
    NODE_RECORD_NODE,
    NODE_RECORD_TOKEN,
    NODE_RECORD_FIELD,
    NODE_RECORD_EXCHANGE,
    NODE_RECORD_WORD /* name of a call that plays the role: `if` where it is one */
};

struct node_role_record { /* IMAGE_NODE_ROLES */
    string_ref language, name;
    uint32_t kind; /* enum node_record_kind */
    uint32_t role; /* enum node_role, enum field_role or enum exchange_kind */
};

struct range {
    uint32_t first, count;
};

struct dialect_record { /* IMAGE_DIALECTS */
    string_ref name, language;
    uint32_t cut; /* enum block_cut, of the language */
    uint32_t unit, generic;
    uint32_t list_default; /* enum list_form */
    struct range detectors, shapes, embeddings, lists, words;
};

struct detector_record { /* IMAGE_DETECTORS: holds if for every kind of condition present it holds
                          */
    struct range conditions;
};

enum condition_kind {
    CONDITION_PATH,       /* any of: glob of the repository path */
    CONDITION_FIRST_LINE, /* any of: glob */
    CONDITION_KEY,        /* all of: a top-level key */
    CONDITION_TEXT,       /* any of: literal text anywhere in the first 64 KiB */
    CONDITION_WITHOUT,    /* none of: likewise */
    CONDITION_WHEN,       /* for every path one of: the value there matches glob `text` */
    CONDITION_UNLESS,     /* none of: likewise */
    CONDITION_AS,         /* no condition: the attribute at key `path` is called `text` */
};

struct condition_record { /* IMAGE_CONDITIONS */
    uint32_t kind;
    string_ref path, text;
};

struct shape_record {            /* IMAGE_ENTITY_SHAPES */
    string_ref parent;           /* kind of the entity it stands in; 0 = the document */
    string_ref kind, type, name; /* type and name are templates */
    string_ref at;               /* path below the parent's value; wildcards are captured */
    string_ref wrap;             /* key that the value is put under; 0 = only if it is no map */
    string_ref host;
    struct range conditions;
    struct range weights; /* IMAGE_WEIGHTS: first that holds gives the weight */
    struct range names;   /* IMAGE_CONDITIONS of kind CONDITION_AS */
};

struct weight_record { /* IMAGE_WEIGHTS */
    uint32_t weight;   /* percent */
    struct range conditions;
};

enum embedding_form {
    EMBEDDING_SCRIPT,  /* a text is a script */
    EMBEDDING_ARGV,    /* a list of words is a command, or a shell with -c and a script */
    EMBEDDING_COMMAND, /* a text or a list: script or argv */
    EMBEDDING_VALUE,   /* a text holds data of another language and is read in place */
};

struct embedding_record { /* IMAGE_EMBEDDINGS */
    string_ref parent;    /* kind of the entity it stands in */
    uint32_t form;
    uint32_t weight;
    string_ref at, also; /* `also`: path of a list appended to the words (args) */
    string_ref language; /* name of a dialect; 0 = by the first line (#!) */
    string_ref host;
    string_ref
        variables; /* path of names with values the script knows, in the entity and around it */
    uint32_t skip; /* words in front that are none of it */
    struct range conditions;
};

struct list_record { /* IMAGE_LIST_SHAPES */
    string_ref at;   /* glob of the attribute path without brackets */
    string_ref type; /* glob of the entity's type, 0 = any */
    string_ref key;
    uint32_t form; /* enum list_form */
};

struct word_record { /* IMAGE_DIALECT_WORDS: systems, properties, sensitive paths,
                        paths of lines */
    string_ref group, key, value;
};

struct statement_record {       /* IMAGE_STATEMENTS: in the order they are tried */
    string_ref language, group; /* group: "" = statements, else one of actions */
    string_ref pattern, type, clauses, modifiers, actions, traits;
};

/* Groups: "list" (key: its name), "section" (key: up, down), "engine" (key: its name), "prefix"
 * and, without key, reserved, functions, ... The value holds phrases, separated by commas. */
struct statement_words_record { /* IMAGE_STATEMENT_WORDS */
    string_ref language, group, key, value;
};

static inline uint32_t dialect_cut(const struct dialect *dialect) {
    return dialect->record ? ((const struct dialect_record *)dialect->record)->cut : CUT_NONE;
}
const void *dialect_records(const struct dialect *dialect, enum image_tag tag, struct range range);
static inline const struct dialect_record *dialect_record(const struct dialect *dialect) {
    return dialect->record;
}
static inline struct slice dialect_string(const struct dialect *dialect, string_ref ref) {
    return image_string(dialect->image, ref);
}
const struct language_record *dialect_language(const struct dialects *dialects,
                                               struct slice language);

#endif
