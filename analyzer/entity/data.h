/*
 * data: the reader of data languages (HCL, YAML, JSON, TOML, XML). A tree becomes one value per
 * document (data_value.c, data_hcl.c, data_markup.c), the value becomes entities by the dialect's
 * shapes (data_shape.c), and scripts standing in scalars are read in their own dialect
 * (data_embed.c). Private to entity/data_*.c.
 */
#ifndef BERM_ENTITY_DATA_H
#define BERM_ENTITY_DATA_H

#include "base/strbuf.h"
#include "entity/builder.h"
#include "entity/cache.h"
#include "language/record.h"

enum {
    DATA_DEPTH = 256,      /* values nested deeper become unknown, with a note */
    DATA_EXPANDED = 20000, /* values that aliases may repeat in one block */
};

struct data_anchor {
    struct slice name;
    const struct value *value;
    uint32_t size; /* values in it, aliases expanded */
};

struct data {
    struct builder *builder;
    struct arena *arena;
    struct arena *scratch; /* dropped after reading */
    struct slice source;   /* as it stands in the file */
    struct slice text;     /* what was parsed: templates masked, same length */
    enum string_style strings;
    const struct language_record *language;
    VEC(struct data_anchor) anchors;
    uint32_t expanded, depth;
    bool branched;  /* templates in it have branches */
    bool twice;     /* a key that stands twice was noted */
    bool functions; /* the dialect knows function tags (!Ref) */
    bool bare;      /* a word as a value is a reference (dialect property `formulas`) */
};

/* data_mask.c: {{ }} and {% %} at equal length; the text itself if there are none. */
struct slice data_mask(struct arena *arena, struct slice text);
/* The first word of lines as another one, which is no longer ("param=var"; dialect property
 * `read_as`): what the grammar knows under that name. At equal length. */
struct slice mask_words(struct arena *arena, struct slice text, struct slice words);
/* In a script: ${{ x }}, and what stands between the `pairs` of the dialect ("<< >>, $( )"), become
 * variables of the shell, in place and at equal length. */
void mask_placeholders(struct slice text, struct slice pairs);
/* Blanks the marks, separated by spaces, that a host puts around scripts of a dialect. */
void mask_frame(struct slice text, struct slice marks);

/* data_text.c: a scalar without quotes, escapes and indentation, and where its lines stand. */
enum text_form {
    TEXT_PLAIN,   /* line breaks fold to a space */
    TEXT_DOUBLE,  /* "..." with escapes, line breaks fold (YAML, JSON) */
    TEXT_SINGLE,  /* '...' with '' for a quote */
    TEXT_BLOCK,   /* YAML | and > */
    TEXT_TOML,    /* any of the four TOML strings */
    TEXT_HCL,     /* "..." with ${} kept as they are */
    TEXT_HEREDOC, /* <<X and <<-X */
    TEXT_MARKUP,  /* &lt; and its kin, <![CDATA[ ]]>; lines are kept */
    TEXT_GROOVY,  /* '...', "..." and three of either */
    TEXT_LINES,   /* lines as they stand: lines_decode */
};

struct text {
    struct slice bytes;
    struct embedding lines; /* offsets in the source the node was cut from */
};

/* A text under construction and where each of its pieces begins in it and in the source: lines, and
 * parts of a line that stand on different lines of the source. */
struct out {
    struct strbuf text;
    VEC(uint32_t) starts, text_starts;
    struct arena *arena;
};
/* `next`: source offset of what follows. */
void out_begin(struct out *out, struct arena *arena, size_t at);
void out_piece(struct out *out, size_t next);
void out_line(struct out *out, size_t next); /* a line break */
struct text out_text(const struct out *out);

/*
 * data_lines.c: a text of a line-oriented format. As a script: without the indentation all lines
 * share, what continues a line left as it is, comments inside of it dropped, the format's own
 * variables as those of a shell; of a here-document, its lines. Otherwise: on one line where it was
 * continued, and without quotes around all of it.
 */
struct text lines_decode(struct arena *arena, const struct language_record *language,
                         const struct image *image, struct slice source, struct span span,
                         bool script);

/* `from`, `to`: the scalar with its quotes, in source. `script`: HCL interpolations are turned
 * into shell expansions of the same length. */
struct text text_decode(struct arena *arena, enum text_form form, struct slice source,
                        struct span span, bool script);
/* One text, each of its parts on lines of its own. */
struct text text_join(struct arena *arena, const struct text *texts, uint32_t count);
/* The form of the scalar that stands at the span of a value. */
enum text_form text_form_at(enum string_style style, struct slice source, struct span span);
/* White space runs become one space. */
struct slice text_normalise(struct arena *arena, struct slice text);

/* data_value.c */
struct value *data_value(struct data *data, TSNode node);
struct value *value_new(struct data *data, enum value_kind kind, TSNode node);
struct value *value_make_literal(struct data *data, enum literal_type type, struct slice text,
                                 struct span span);
void value_add(struct arena *arena, struct value *value, uint32_t *capacity,
               struct value_item item);
/* The capacity of a map or list that has only grown by value_add, from none: vec_grow doubles, from
 * 4 on. */
uint32_t value_room(const struct value *value);
struct span node_span(TSNode node);
/* Every span in it becomes `span`. */
void value_place(struct value *value, struct span span);
/* data_function.c: !Ref X, {Ref: X} and their kin, by the dialect's `functions:`; the value itself
 * otherwise. `inner`: the tag it had before it got this one (!Base64 {Ref: X}). */
struct value *data_function(struct data *data, struct value *value, struct slice inner);

/* The ${name} of an expression's text become its references. */
void data_template_references(struct data *data, struct value *value);

/* data_hcl.c */
struct value *hcl_body(struct data *data, TSNode body);
struct value *hcl_expression(struct data *data, TSNode expression);

/* data_markup.c: an element; the root element under its name. */
struct value *markup_element(struct data *data, TSNode element);
struct value *markup_document(struct data *data, TSNode element);
void hcl_add(struct data *data, struct value *map, uint32_t *capacity, struct value_item item);

/* data_directive.c: a map of directives by their names. */
struct value *directives_body(struct data *data, TSNode node);

/* data_zone.c: a map of what holds for a zone, and its records. */
struct value *zone_value(struct data *data, TSNode node);

/* data_record.c: a map of the named children of a node, by their kinds. */
struct value *data_record(struct data *data, TSNode node);
/* One more of the records that stand in a map, under the name of their kind. */
void record_add(struct data *data, struct value *map, uint32_t *capacity, TSNode record);

/* data_shape.c: entities of one document. */
void data_entities(struct data *data, const struct value *root, struct span span);
/* True if the conditions hold for a value; `captures` fill {1}, {2} in paths. */
struct captures {
    struct slice items[4];
    uint32_t count;
    uint32_t index; /* 1-based place in a list */
    uint32_t above; /* 1 + index of the entity that "^path" begins at, 0 = none */
    struct slice parent, parent_type;
};
/* data_template.c: {path}, {^path}, {1}, {a|b}, {path:group}, {path/} filled in. */
struct slice data_template(struct data *data, struct slice pattern, const struct value *value,
                           const struct captures *captures);
bool data_conditions_hold(struct data *data, struct range range, const struct value *value,
                          const struct captures *captures);

/* data_embed.c: scripts and foreign data of an entity. `body` is its body as it was read: the
 * entity's own has been moved to the block's offsets. */
void data_embed(struct data *data, uint32_t entity, const struct value *body);
/* Values of another language in the entity's body, read in place; the body itself otherwise. */
const struct value *data_embed_values(struct data *data, struct slice kind,
                                      const struct value *body);

#endif
