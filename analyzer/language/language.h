/*
 * language: which grammar and which dialect a file is. All of it is data: grammars/languages.yaml
 * (languages, dialects, how to detect them, what an entity is) and grammars/LANGUAGE/entities.yaml
 * (which node kinds play which role), compiled into the image.
 */
#ifndef BERM_LANGUAGE_LANGUAGE_H
#define BERM_LANGUAGE_LANGUAGE_H

#include "fact/image.h"

enum unit_kind {
    UNIT_FILE,      /* workflows, scripts, compose, templates */
    UNIT_DIRECTORY, /* terraform: all files of the directory together */
    UNIT_CHANGE,    /* kubernetes: the whole change as a multiset */
};

/* A dialect of one image; borrowed from the knowledge, compared by pointer. */
struct dialect {
    const struct image *image;
    const void *record;    /* private to language/ */
    struct slice name;     /* "terraform", "kubernetes", "bash", "yaml" */
    struct slice language; /* grammar: "hcl", "yaml", "bash" */
    enum unit_kind unit;
    bool generic; /* a language without a known dialect: "yaml", "json", "toml" */
};

struct dialects; /* all dialects of a knowledge; immutable, shared between threads */
const struct dialects *dialects_load(struct arena *arena, const struct knowledge *knowledge);
const struct dialect *dialect_by_name(const struct dialects *dialects, struct slice name);
/* The language under which tables know a grammar: that of its `roles:`, or itself. */
struct slice dialects_family(const struct dialects *dialects, struct slice language);
const struct knowledge *dialects_knowledge(const struct dialects *dialects);
uint32_t dialects_count(const struct dialects *dialects);
const struct dialect *dialects_at(const struct dialects *dialects, uint32_t index);

/*
 * The name fact tables know a type by: `systems:` of the dialect, the longest prefix of the type
 * wins ("aws_db_instance" -> "terraform:aws"). Without any: the dialect's name.
 */
struct slice dialect_system(const struct dialect *dialect, struct slice type);

/*
 * A word of the dialect's `properties:`, SLICE_NONE if it has none. Known keys of pipelines: calls,
 * calls_in, calls_mark, calls_file, calls_hold, called, extended, extended_without, defaults,
 * spliced (delta/include.h), called_from (reach/fan_out.h); of all:
 * replacement (fact table of edits that replace), recomputed (attributes that count every edit),
 * exclusive (types of which a name stands for one thing), immutable (of edits that are refused),
 * reads (delta/reading.c), arguments (delta/module.c), inherits (delta/configuration.c),
 * attributes ("Properties.": what stands before the tables' paths), references (style), names
 * ("template": resolve/cloudformation.h resolves them), exists (attribute that decides whether
 * there is such a thing at all), no_value (the reference that unsets a key), placeholders
 * (pairs of marks around names that the host puts into its scripts: "<< >>, $( )"), words and frame
 * (of shells: how words are written, entity/code_cmdlet.h, and what hosts put around scripts),
 * opens (what a file begins with and a text on a command line does not), kept and forced
 * ("PATH=VALUE|VALUE, PATH~PART": an object that goes stays all the same, an edit that is refused
 * is forced), deliveries (fact table) and holds (delta/delivery.h), lists_files (delta/listing.h)
 * and lists (names of files that have any, delta/bundle.h), namespaces (first parts of references
 * that are no addresses), root_block (of a directory that keeps its own state),
 * formulas, formula_names, formula_values and formula_parent (resolve/formula.h), gives, given_by,
 * given_to, given_marks and given_values (of files of parameters, delta/given.c), read_as
 * (entity/data.h), ranges and ranges_without (resolve/range.h), includes (delta/handover.c), chart,
 * chart_templates, chart_values, chart_root, chart_parts, chart_given and values_of_chart
 * (delta/guarded.c), environment_kinds, environment_place and environment_identity
 * (delta/environment.h), self (resolve/cloudformation.h), inherited and inherited_maps
 * (delta/inherit.h),
 * case ("ignored": names of directives are read in lower case), top (name of blocks that stand in
 * no other, all of whose words are their label and, as a list, the attribute `names`).
 */
struct slice dialect_property(const struct dialect *dialect, const char *key);

/* A word of one of the dialect's lists by group ("property", "transparent", "function") and key;
 * "" if it has no value, SLICE_NONE if it is not there. */
struct slice dialect_word(const struct dialect *dialect, const char *group, struct slice key);
bool dialect_has_words(const struct dialect *dialect, const char *group);

/* The dialect a #! line or a program name stands for ("/bin/sh" -> bash), or NULL. */
const struct dialect *dialect_of_program(const struct dialects *dialects, struct slice program);

enum list_form {
    LIST_ORDERED, /* the order means something */
    LIST_SET,     /* elements without order */
    LIST_KEYED,   /* elements are maps, known by the value of a key */
};

/*
 * How the elements of a list at an attribute path are matched (`lists:` of the dialect). The path
 * is compared without its brackets: "spec.containers[name=web].env" as "spec.containers.env".
 * *key is set for LIST_KEYED.
 */
enum list_form dialect_list_form(const struct dialect *dialect, struct slice type,
                                 struct slice path, struct slice *key);

/*
 * The dialect of a file, or NULL for a language berm does not know. `content` may be either side
 * (the longer one is passed by callers); detection looks at path, first line and top-level keys,
 * never parses. Cost: linear in the number of detectors, content scanned at most once.
 */
const struct dialect *language_detect(const struct dialects *dialects, struct slice path,
                                      struct slice content);

/* language_detect in two steps, for paths that are met again and again: what fits the path, in the
 * arena, and which of it the content is. */
struct detector_record;
struct path_candidates {
    const struct path_candidate {
        const struct dialect *dialect;
        const struct detector_record *detector;
    } * items;
    uint32_t count;
};
struct path_candidates language_candidates(struct arena *arena, const struct dialects *dialects,
                                           struct slice path);
const struct dialect *language_choose(struct path_candidates candidates, struct slice content);

/* Paths that are a finding even when the language is unknown (data: `sensitive:` in
 * languages.yaml): Jenkinsfile, CODEOWNERS, *.tf, Dockerfile ... */
bool language_is_sensitive(const struct dialects *dialects, struct slice path);
/* Files whose lines stand for themselves (data: `lines:`): .gitattributes, CODEOWNERS ... They
 * have no dialect; their file event says which lines came and went. */
bool language_has_lines(const struct dialects *dialects, struct slice path);
/* Files whose coming, going and changing is an event of its own though they are read (data:
 * `told:`), with the lines that came and went: migrations. */
bool language_is_told(const struct dialects *dialects, struct slice path);

/*
 * Top-level blocks of a file: HCL blocks, YAML documents; one block for the whole file where the
 * language cannot be cut. Text between blocks (blank lines, comments) belongs to the block that
 * follows, so blocks cover the file without gaps. Speed: near memchr.
 */
struct block {
    struct slice bytes;
    uint32_t offset; /* in the file */
    uint32_t line;   /* 1-based line of its first byte */
    uint64_t hash;
    uint64_t dots; /* block_dots() */
};

/* A bit for each dot by the two bytes on each side of it: a text that lacks a bit of a dotted name
 * does not speak of it. */
uint64_t block_dots(struct slice text);

struct block *language_blocks(struct arena *arena, const struct dialect *dialect,
                              struct slice content, uint32_t *count);

/* The same, and quicker for what stands in `like`, the blocks of another version of the text. */
struct block_list {
    struct block *items;
    uint32_t count;
};
struct block_list language_blocks_like(struct arena *arena, const struct dialect *dialect,
                                       struct slice content, const struct block_list *like);

#endif
