/*
 * value: what an attribute holds, the same form for every language. Immutable once built.
 *
 * A body of an entity is a VALUE_MAP. Nested blocks of HCL are lists of maps under the block's
 * name, with `block` set. Texts are decoded (quotes and escapes resolved) for literals, and source
 * text for references and expressions.
 */
#ifndef BERM_FACT_VALUE_H
#define BERM_FACT_VALUE_H

#include "base/arena.h"
#include "base/slice.h"

enum value_kind {
    VALUE_NULL,
    VALUE_LITERAL,    /* text + type */
    VALUE_LIST,       /* items without keys, in source order */
    VALUE_MAP,        /* items with keys, in source order */
    VALUE_REFERENCE,  /* text is the dotted target: "aws_db_instance.main.id", "var.name", "local.x"
                       */
    VALUE_EXPRESSION, /* unresolved source text, white space normalised; references listed in items
                         as VALUE_REFERENCE, then the argument of a function (value_argument) */
    VALUE_UNKNOWN,    /* nothing can be said (masked template, unparsable) */
};

enum literal_type { LITERAL_STRING, LITERAL_NUMBER, LITERAL_BOOL };

/* Byte range in the block the entity was read from (see entity.h), half open. */
struct span {
    uint32_t from, to;
};

struct value {
    uint8_t kind;      /* enum value_kind */
    uint8_t type;      /* enum literal_type, for VALUE_LITERAL */
    bool block;        /* VALUE_LIST of HCL blocks, VALUE_MAP that is a block */
    bool template;     /* VALUE_EXPRESSION that is a text with ${...} in it, decoded, no quotes */
    bool resolved;     /* made by resolve/: came through a variable, a local or a template */
    bool maybe;        /* VALUE_MAP, a block that may be there once, often or never; text: the name
                          of what it is made from, one after the other (resolve/dynamic.c) */
    struct slice text; /* literal, reference, expression */
    struct slice tag;  /* YAML tag such as "!Ref" or "!Sub"; SLICE_NONE without */
    struct span span;  /* of the value */
    struct value_item *items;
    uint32_t count;
};

struct value_item {
    struct slice key; /* SLICE_NONE in lists */
    struct span span; /* of key and value */
    const struct value *value;
};

/* The item of that key, or NULL. Linear: maps are small; the last of duplicate keys wins. */
const struct value *value_get(const struct value *map, struct slice key);

/*
 * The value at a path "a.b[name=web].image", or NULL. A list met while a key is wanted is entered
 * at its first element that has the path, so "lifecycle.prevent_destroy" and
 * "ingress.cidr_blocks" work on blocks; `[]` means any element, `{}` any key, `[k=v]` one element.
 * Keys that hold a dot are written in double quotes: metadata.annotations."helm.sh/hook".
 */
const struct value *value_at(const struct value *root, struct slice path);

/* Calls `visit` for every value the path selects (lists fan out); stops when it returns false. */
typedef bool value_visitor(const struct value *value, void *context);
void value_each(const struct value *root, struct slice path, value_visitor *visit, void *context);

/* With items of its own, which may be exchanged. */
struct value *value_copy(struct arena *arena, const struct value *value);

/* Equal in meaning: spans, tags' positions and key order do not count; list order does. */
bool value_equal(const struct value *a, const struct value *b);
/* 64 bits over what value_equal compares. */
uint64_t value_hash(const struct value *value);
/* What a function of a data language (!If, {"Fn::If": ..}) is applied to, as it was read; NULL for
 * anything else. It is the last item of the expression, under the key VALUE_ARGUMENT. */
#define VALUE_ARGUMENT "()"
const struct value *value_argument(const struct value *value);
/* Literal text, or SLICE_NONE for anything else (and for NULL). */
struct slice value_literal(const struct value *value);
/* True for literal "true", "yes", "on" (YAML 1.1 and HCL spellings, any case). */
bool value_is_true(const struct value *value);
bool value_is_false(const struct value *value);
/* One-line rendering for messages, at most `limit` bytes, "..." when cut. */
struct slice value_render(struct arena *arena, const struct value *value, size_t limit);

#endif
