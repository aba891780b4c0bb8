/*
 * builder: what every reader uses to make an entity list. entity.c owns the entry point
 * (entity_read), the cache, and the choice of reader; data_*.c read HCL, YAML, JSON and TOML,
 * code_*.c read shells and programming languages; embed.c reads a text that stands inside
 * another file (a script in a YAML scalar).
 */
#ifndef BERM_ENTITY_BUILDER_H
#define BERM_ENTITY_BUILDER_H

#include "base/vec.h"
#include "entity/entity.h"
#include "syntax/roles.h"
#include "syntax/syntax.h"

/*
 * Maps offsets of an embedded text to the block it was taken from: line i of the text begins at
 * block offset line_starts[i] (indentation of a YAML block scalar, quotes and escapes are skipped,
 * so columns are right for plain lines and lines always are). Where lines of the block were folded
 * into one, text_starts[i] says where in the text the piece from line_starts[i] begins; NULL =
 * at the beginning of line i.
 */
struct embedding {
    const uint32_t *line_starts;
    uint32_t line_count;
    const uint32_t *text_starts;
};

/* A variable of a script that its host sets: what is known of it, SLICE_NONE = only that it is not
 * empty. */
struct known {
    struct slice name, value;
};

struct builder {
    struct arena *arena; /* of the list */
    struct reader *reader;
    const struct dialect *dialect;     /* of the text being read */
    const struct node_roles *roles;    /* of the dialect's language */
    struct slice text;                 /* the text being read: block or embedded script */
    const struct embedding *embedding; /* block offsets of its lines; NULL = text is the block */
    const uint32_t *text_lines;        /* offsets in text of its lines, for the embedding */
    const struct span *at;             /* set: every span maps to this one */
    uint32_t scope;                    /* entities are added below this one, or ENTITY_NONE */
    uint32_t weight;                   /* of the host, percent */
    struct slice host;
    const struct known *known; /* variables the host gives to the script */
    uint32_t known_count;
    uint32_t depth;                   /* embeddings entered so far; at most BUILDER_DEPTH */
    struct entity_list_builder *list; /* shared by nested builders */
    struct code *code;                /* set by the code reader while it embeds: what it knows */
    struct statements *statements;    /* likewise by the reader of statements */
};

enum { BUILDER_DEPTH = 6 };

/* Parses builder->text. NULL, with a note left, if there is no tree; otherwise syntax_close it
 * after use (a failure closes it too). A tree with errors is a tree: its first error is noted. */
struct syntax *builder_parse(struct builder *builder);

/* Appends (scope ENTITY_NONE = builder->scope; weight 0 and host SLICE_NONE = the builder's); the
 * body must be the caller's own, not shared: its spans are mapped in place. The span is given
 * relative to builder->text and mapped here; order, dialect, weight, host and body_hash are filled
 * in here. Returns the index. */
uint32_t builder_add(struct builder *builder, struct entity entity);
/* `offset` counts in builder->text. The same reason on the same line is noted once. */
void builder_note(struct builder *builder, uint32_t offset, struct slice reason);
/* Offset in the block of an offset in builder->text. */
uint32_t builder_offset(const struct builder *builder, uint32_t offset);

/* The language of a script by its first line "#!/bin/sh", or `fallback`. */
struct slice builder_script_dialect(const struct builder *builder, struct slice script,
                                    struct slice fallback);

/* Reads `text` in another dialect ("bash", "python", "json") with entities below `scope`. The
 * embedding may be NULL: then every span maps to `at`. Too deep an embedding is a note. */
void builder_embed(struct builder *outer, struct slice dialect, struct slice text,
                   const struct embedding *embedding, struct span at, uint32_t scope,
                   struct slice host, uint32_t weight);

/*
 * The text of a command given as words (["sh", "-c", "rm -rf x"] or ["kubectl", "delete", "ns"]):
 * the script of a shell's -c, or the words quoted for a shell. Embedded in the shell dialect.
 */
void builder_embed_words(struct builder *outer, const struct slice *words,
                         const struct embedding *const *embeddings, const struct span *spans,
                         uint32_t count, uint32_t scope, struct slice host, uint32_t weight);

/* Calls the reader of the dialect's language on builder->text. */
void builder_run(struct builder *builder);

/* The readers. Each parses builder->text itself. */
void data_read(struct builder *builder); /* HCL, YAML, JSON, TOML: by the dialect's shapes */
void code_read(struct builder *builder); /* bash, python: commands, calls, functions, assignments */
void statement_read(struct builder *builder); /* SQL: what statements do, and to what */

#endif
