/*
 * predicate: the conditions of rules, adjustments, policies and conditional facts. Compiled from
 * YAML into image records, evaluated against an abstract subject, so that it stands below delta.
 *
 * A predicate is `all: [..]`, `any: [..]`, `not: {..}`, or a map whose keys are and-ed:
 *     attribute: PATH with was | is | value: MATCHER, changed | set | unset: true,
 *                gained | lost: MATCHER of an element (or the value) that the other side lacks,
 *                compare: {order: WORD | modes: [strongest .. weakest], direction: WORD}
 *                direction: widened = raised = strengthened, narrowed = lowered = weakened,
 *                gained (widened, or exchanged for something else), lost (narrowed, or exchanged)
 *                beside: {PATH: MATCHER or {was, is: MATCHER}} of the nearest mapping around the
 *                value that has something at PATH; asked of each value that differs alone
 *     attributes: MATCHER in the place of `attribute` and with the same conditions but `value`:
 *                some attribute, at any depth, whose path without element steps matches
 *     environment, path, confidence, effect: words      (lists = any of)
 *     weight, fan_out, width, cascade: MATCHER of numbers (`weight: {less: 50}`)
 *     host, text, file, status, dialect, cause, protects, grade, object, rule: MATCHER
 *     entity: {kind, type, name: MATCHER}
 * A MATCHER is a scalar (exact text), a list (any of), or a map with one or several of in,
 * words_in, glob, matches, starts, ends, contains, less, greater, not, reference, any. `absent`,
 * `present`, `blank` (there, but empty) and `full` as unquoted scalars ask whether there is a
 * value. `true` and `false` match every spelling. A list value matches if one of its elements does.
 *
 * Attributes of a subject with both sides: was, is, changed, set, unset and compare look at what
 * differs, by prefix both ways. With a path that ends in `[]` they see only elements that are not
 * on the other side. On one side alone the missing side counts as absent. `value` looks at the
 * body, after preferred.
 *
 * Three-valued: a pattern that ran into its limits is undecided, never "no".
 */
#ifndef BERM_FACT_PREDICATE_H
#define BERM_FACT_PREDICATE_H

#include "base/yaml.h"
#include "fact/image.h"
#include "fact/order.h"
#include "fact/pattern_hint.h"
#include "fact/vocabulary.h"

/* What a subject answers as text, by the key used in predicates. SYSTEM has no key: it is the
 * system column of the fact tables (name of the dialect). */
#define PREDICATE_TEXTS(X)                                                                         \
    X(HOST, "host")                                                                                \
    X(COMMAND, "text")                                                                             \
    X(USUAL, "usual")                                                                              \
    X(FILE, "file")                                                                                \
    X(STATUS, "status")                                                                            \
    X(DIALECT, "dialect")                                                                          \
    X(CAUSE, "cause")                                                                              \
    X(PROTECTS, "protects")                                                                        \
    X(GRADE, "grade")                                                                              \
    X(OBJECT, "object")                                                                            \
    X(RULE, "rule")                                                                                \
    X(KIND, "kind")                                                                                \
    X(TYPE, "type")                                                                                \
    X(NAME, "name")                                                                                \
    X(SYSTEM, "system")

/* As a number; the first four are values of their enums in vocabulary.h. */
#define PREDICATE_NUMBERS(X)                                                                       \
    X(ENVIRONMENT, "environment")                                                                  \
    X(PATH_CLASS, "path")                                                                          \
    X(CONFIDENCE, "confidence")                                                                    \
    X(EFFECT, "effect")                                                                            \
    X(WEIGHT, "weight")                                                                            \
    X(FAN_OUT, "fan_out")                                                                          \
    X(WIDTH, "width")                                                                              \
    X(CASCADE, "cascade")

#define PREDICATE_TEXT_ENUM(name, text) TEXT_##name,
#define PREDICATE_NUMBER_ENUM(name, text) NUMBER_##name,
enum predicate_text { PREDICATE_TEXTS(PREDICATE_TEXT_ENUM) TEXT_COUNT };
enum predicate_number { PREDICATE_NUMBERS(PREDICATE_NUMBER_ENUM) NUMBER_COUNT };

struct predicate_change {
    struct slice path;
    const struct value *was, *is; /* NULL = not set on that side */
};

/* Functions may be NULL: the subject knows nothing of that sort. */
struct predicate_subject_type {
    /* The attributes of a side; NULL when the thing does not exist there. */
    const struct value *(*body)(const void *self, bool before);
    /* The index-th attribute that differs; false beyond the last. */
    bool (*change)(const void *self, uint32_t index, struct predicate_change *change);
    struct slice (*text)(const void *self, enum predicate_text text); /* SLICE_NONE: has none */
    bool (*number)(const void *self, enum predicate_number number, int64_t *value);
};

struct predicate_subject {
    const struct predicate_subject_type *type;
    const void *self;
    const void *identity; /* the same for subjects that give the same answers; NULL: not known */
};

enum predicate_result { PREDICATE_NO, PREDICATE_YES, PREDICATE_UNDECIDED };

/* Index of a record + 1; 0 = no predicate, which is always yes. Predicates and matchers share the
 * record type. */
typedef uint32_t predicate_ref;

struct predicate_compiler {
    struct image_writer *writer;
    struct arena *arena;
    const char *where; /* file named in errors */
};

/* Raise BERM_ERROR_RULE with line and column. A NULL node gives 0. */
predicate_ref predicate_compile(const struct predicate_compiler *compiler,
                                const struct yaml_node *node);
predicate_ref matcher_compile(const struct predicate_compiler *compiler,
                              const struct yaml_node *node);
/* All of several; 0s are left out, so that 0 comes back if nothing is left. */
predicate_ref predicate_all(const struct predicate_compiler *compiler, const predicate_ref *refs,
                            uint32_t count);

/*
 * What must be somewhere for the predicate to hold: one of these, or anything if it is empty.
 * Where predicate_mask() excludes it, the predicate is PREDICATE_NO without a look. In the arena.
 */
enum predicate_need {
    NEED_CHANGES, /* in the path of what differs, of something that is there on both sides */
    NEED_COMMAND, /* in the text of a command */
    NEED_PROGRAM, /* in the name of what is run or called */
    NEED_COUNT
};
struct pattern_hint predicate_need(const struct predicate_compiler *compiler, predicate_ref ref,
                                   enum predicate_need about);

/*
 * What one thread needs to evaluate: compiled patterns are kept in `arena` and let go with it.
 * Patterns run under limits on match steps, depth and heap, so the result never depends on time.
 */
struct plain_path {
    struct slice text; /* without element steps */
    uint64_t mask;     /* see pattern_hint.h; of something nested: all bits */
};

struct predicate_context {
    struct arena *arena;
    const struct knowledge *knowledge; /* for `in:`; may be NULL, then every table is empty */
    struct predicate_refusal *refused; /* what did not hold, by subject; see predicate.c */
    struct pattern_cache *patterns;
    VEC(const struct value *) was, is; /* scratch */
    const void *paths_of;              /* the subject whose changed paths these are; attributes.c */
    VEC(struct plain_path) paths;
};

void predicate_context_init(struct predicate_context *context, struct arena *arena,
                            const struct knowledge *knowledge);

/* What made an attribute predicate true: for messages and positions. */
struct predicate_match {
    bool found;        /* false: no attribute was involved */
    bool changed;      /* `change` is the index of an attribute that differs */
    uint32_t change;   /* as given to predicate_subject_type.change */
    bool inner;        /* `path`, `was` and `is` are of something inside of what differs */
    struct slice path; /* of the change, or the path asked for */
    const struct value *was, *is;
    struct slice amount; /* of a comparison, or SLICE_NONE */
};

/* `match` may be NULL; the first attribute that held is kept, one that differs is preferred. */
enum predicate_result predicate_evaluate(struct predicate_context *context,
                                         const struct image *image, predicate_ref ref,
                                         const struct predicate_subject *subject,
                                         struct predicate_match *match);

/* What is there; all bits where that cannot be said. */
uint64_t predicate_mask(struct predicate_context *context, const struct predicate_subject *subject,
                        enum predicate_need about);

/*
 * One matcher on one text (SLICE_NONE = absent). `in: TABLE` looks for a row whose last key
 * column is the text and whose other key columns (system, type, kind, name) are the subject's texts
 * of that name. The subject may be NULL. `glob:` on a text is a path glob if `is_path` (`*` stops
 * at '/', a pattern without '/' is compared with the last component).
 */
enum predicate_result matcher_on_text(struct predicate_context *context, const struct image *image,
                                      predicate_ref ref, const struct predicate_subject *subject,
                                      struct slice text, bool is_path);

#endif
