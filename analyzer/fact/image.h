/*
 * image: compiled knowledge (dialects, rules, facts, score table) in one position-independent
 * blob: sections of fixed-size records plus one string section. No pointers, so the built-in image
 * is used in place from read-only memory and start-up does not depend on its size.
 *
 * Layout: header, section table, sections (8-byte aligned). Strings are referred to by a u32
 * offset into the string section, where a u32 length precedes the bytes; 0 is "no string".
 * The image is read on the machine that wrote it; byte order is the host's.
 */
#ifndef BERM_FACT_IMAGE_H
#define BERM_FACT_IMAGE_H

#include "base/map.h"
#include "base/vec.h"

typedef uint32_t string_ref;

/* One tag per section; whoever owns the record type documents it beside the type. */
enum image_tag {
    IMAGE_STRINGS = 1,
    IMAGE_LANGUAGES,       /* language/language.h */
    IMAGE_NODE_ROLES,      /* language/language.h */
    IMAGE_DIALECTS,        /* language/language.h */
    IMAGE_DETECTORS,       /* language/language.h */
    IMAGE_ENTITY_SHAPES,   /* language/language.h */
    IMAGE_LIST_SHAPES,     /* language/language.h */
    IMAGE_TABLES,          /* fact/table.h */
    IMAGE_TABLE_ROWS,      /* fact/table.h */
    IMAGE_TABLE_CELLS,     /* fact/table.h */
    IMAGE_WORDS,           /* fact/place.h: environment words, path classes */
    IMAGE_PREDICATES,      /* fact/predicate.h */
    IMAGE_OPERANDS,        /* fact/predicate.h */
    IMAGE_RULES,           /* rule/record.h */
    IMAGE_RULE_INDEX,      /* rule/record.h */
    IMAGE_RULE_LISTS,      /* rule/record.h */
    IMAGE_EXAMPLES,        /* rule/record.h */
    IMAGE_RULE_CLAUSES,    /* rule/record.h */
    IMAGE_RULE_ADJUSTS,    /* rule/record.h */
    IMAGE_SCORE,           /* score/score.h */
    IMAGE_REACH,           /* reach/reach.h */
    IMAGE_CONDITIONS,      /* language/record.h */
    IMAGE_WEIGHTS,         /* language/record.h */
    IMAGE_EMBEDDINGS,      /* language/record.h */
    IMAGE_DIALECT_WORDS,   /* language/record.h */
    IMAGE_STATEMENTS,      /* language/record.h */
    IMAGE_STATEMENT_WORDS, /* language/record.h */
    IMAGE_TAG_COUNT
};

struct image {
    const unsigned char *bytes;
    size_t size;
};

struct image_writer {
    struct arena *arena;
    struct map strings;    /* text -> string_ref: each string is stored once */
    struct map predicates; /* content -> predicate_ref: likewise (predicate_compile.c) */
    VEC(char) blob;
    struct {
        VEC(char) bytes;
        uint32_t record_size, count;
    } sections[IMAGE_TAG_COUNT];
};

void image_writer_init(struct image_writer *writer, struct arena *arena);
string_ref image_add_string(struct image_writer *writer, struct slice text);
/* Appends a record; returns its index in the section. All records of a tag have one size. */
uint32_t image_add_record(struct image_writer *writer, enum image_tag tag, const void *record,
                          size_t size);
uint32_t image_count(const struct image_writer *writer, enum image_tag tag);
/* Access to a record already written (valid until the next image_add_record of that tag). */
void *image_record(struct image_writer *writer, enum image_tag tag, uint32_t index);
/* The finished image, in the writer's arena. */
struct image image_finish(struct image_writer *writer);

/* False if the bytes are not an image of this version (size, magic, section bounds are checked). */
bool image_open(struct image *image, const void *bytes, size_t size);
struct slice image_string(const struct image *image, string_ref ref);
/* First record of a section and their number; NULL and 0 when it is absent. */
const void *image_section(const struct image *image, enum image_tag tag, uint32_t *count);

/* The image compiled into this binary. */
struct image image_builtin(void);
/* Its SHA-256 in hexadecimal (64 characters and a NUL), computed when it was built. */
const char *image_builtin_digest(void);

/* Built-in knowledge first, then what --rules added. Immutable, shared between threads. */
enum { KNOWLEDGE_IMAGES = 8 };
struct knowledge {
    struct image images[KNOWLEDGE_IMAGES];
    uint32_t count;
    char digest[65]; /* SHA-256 over all images, hexadecimal */
};

#endif
