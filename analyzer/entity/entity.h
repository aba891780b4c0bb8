/*
 * entity: a named thing that a file declares or does: a resource, a workflow job, a command, a
 * call. Readers turn the syntax tree of one block into an entity_list, which is a pure function of
 * (bytes, dialect, knowledge), immutable, in an arena of its own, and cached by content.
 *
 * All spans are relative to the block, so a list can be reused wherever the same block stands.
 */
#ifndef BERM_ENTITY_ENTITY_H
#define BERM_ENTITY_ENTITY_H

#include "base/strbuf.h"
#include "fact/note.h"
#include "fact/pattern.h"
#include "fact/value.h"
#include "fact/vocabulary.h"
#include "language/language.h"

#define ENTITY_NONE UINT32_MAX

struct entity {
    const struct dialect *dialect; /* an embedded script has its own dialect ("bash") */
    struct slice kind; /* "resource", "module", "variable", "job", "step", "command", "call",
                          "function", "assignment", "document", "key", ... */
    struct slice type; /* "aws_db_instance", "apps/StatefulSet", "AWS::RDS::DBInstance";
                          program of a command, callee of a call */
    struct slice name; /* the ecosystem's own address, without what the file's place adds:
                          "aws_db_instance.main", "prod/db", "deploy/step-3"; for commands the
                          normalised text */
    uint32_t scope;    /* index of the enclosing entity in the list, or ENTITY_NONE */
    uint32_t order;    /* place among siblings of the same scope */
    uint32_t weight;   /* of the host, in percent: 100 = runs where it counts; a test job on an
                          ephemeral runner 40 (data, see languages.yaml) */
    struct slice host; /* "workflow > step > shell", SLICE_NONE for what stands in its own file */
    const struct value *body; /* VALUE_MAP: all attributes */
    uint64_t body_hash;       /* value_hash(body) */
    struct span span;         /* in the block */
    uint32_t body_at;         /* where the spans in the body count from, in the block */
};

/* Behind the key of a value that stands in another branch of a template than one of that key. */
#define DATA_BRANCH " else"

/* The place of a value of the entity's body, in the block. Values that were resolved come from
 * elsewhere: their place means nothing here, and may lie outside of the entity. */
static inline struct span entity_span(const struct entity *entity, const struct value *value) {
    return (struct span){value->span.from + entity->body_at, value->span.to + entity->body_at};
}

/*
 * Attributes of commands (kind "command"), made by the shell reader and by every reader that finds
 * a command line; what is empty is left out:
 *   callee "kubectl" (":" for a bare redirection) · subcommand "delete" (first operand, for
 *   programs that take one) · verb "delete" (first word of the operands that rules/facts/verbs.tsv
 *   knows, also in delete-stack, apps:destroy, deleteAll) · data "true" (echo, grep: operands are
 * text, not objects) operands ["delete", "ns", "$NS"] as written · resolved (constants and defaults
 * of the file put in) · emptied (and what nothing protects from being empty read as empty: "$X/" is
 * "/") flags {names as written, without dashes: "r": "true", "replicas": "0"; a list when given
 * twice} arguments: all words after the callee, in order guards ["set -u", "[ -n $X ]", "! test -d
 * x", "case $X in a|b", "${X:?}"] · loop "true" function "cleanup" · pipe_from, pipe_to (programs
 * before and after, in order) substitutions (programs in $(...) and <(...) of its words) ·
 * redirects [">file"] wrappers ["sudo","xargs"] · environment ["X=1"] · text (normalised, wrappers
 * included)
 * Attributes of calls (kind "call"): callee "shutil.rmtree" (imports resolved; a.b().c() is
 * "a.b.c"; modules as tables call them, types by their short names) · new "true" (new X(..), X{..})
 * · receiver "a.b()" · owner "b" (of a receiver a.b or a.b()) · method "c" · origin "boto3.client"
 * (the call that made the variable or field the chain begins with, or the type it is declared with)
 * · known "true" (the origin is that of the receiver, not of what it is a part of)
 * · filters ["where({a: 1})"] (calls in
 * the same chain, before or behind, whose methods rules/facts/narrowing_methods.txt knows) ·
 * argument_origins (calls that made variables among the arguments) · arguments [..] (a text that is
 * not all literal has ${name} in it) · keywords {..} (named arguments, and the pairs of every map
 * among the arguments) · guards · loop · function "Class.method" · within [calls in whose arguments
 * or block it stands, of rules/facts/framing_calls.tsv, "m.Both.state_operations"] · text. A
 * command a call starts is a command entity below it. Where errors are values
 * (rules/facts/error_names.tsv): error "kept", "dropped" (by a blank name) or "unused" (the call
 * stands alone). Functions and classes: decorators [..], defaults {parameter: value}, bases,
 * exported, scope. Fields and parameters with decorators (kind "field"): decorators, declared
 * (their type), function. Handlers of errors (kind "handler"; also `if err != nil`): catches,
 * empty, passes_on "true" (raised or returned further), answers "constant" (nothing but return
 * null), function. Tests that leave (kind "check"; `if x: raise y`): condition, fails (what ends
 * the block), function, text. Assignments: value. Imports: as. What a call declares
 * (rules/facts/program_classes.tsv) is a resource beside it, named as the program names it, with
 * the named arguments as attributes.
 */

struct entity_list {
    struct entity *items;
    uint32_t count;
    struct note *notes; /* lines relative to the block; path is empty here */
    uint32_t note_count;
    uint64_t reads; /* chunks the parser asked for: the deterministic cost of this block */
};

/* Cache of entity lists by (dialect, bytes), least recently used out. One per thread. */
struct entity_cache;
struct entity_cache *entity_cache_new(struct failure *failure, size_t bytes_limit);
void entity_cache_free(struct entity_cache *cache);
/* Drops what a failure left half read, with the parse that is still current on this thread. */
void entity_cache_abandon(struct entity_cache *cache);
/* Drops the oldest lists over the limit. Lists handed out stay valid until the next trim. */
void entity_cache_trim(struct entity_cache *cache);

struct reader {
    const struct dialects *dialects;
    struct entity_cache *cache;
    struct failure *failure;
};

/* Never fails for what a block contains; problems are notes of the list. */
const struct entity_list *entity_read(struct reader *reader, const struct dialect *dialect,
                                      struct slice block);

/* language_blocks, remembered by content like the lists are: on a history most files of a directory
 * are met again and again. Valid until the next trim. */
const struct block *reader_blocks(struct reader *reader, const struct dialect *dialect,
                                  struct slice content, uint32_t *count);
struct block_list reader_blocks_like(struct reader *reader, const struct dialect *dialect,
                                     struct slice content, const struct block_list *like);

/* What a path says without content, remembered for all changes. Valid until the next trim. */
struct path_facts {
    struct path_candidates candidates;
    const struct dialect *dialect; /* NULL if the path alone tells none */
    bool told;                     /* language_is_told() */
    enum path_class path_class;
    enum environment environment;
};
const struct path_facts *reader_path(struct reader *reader, struct slice path);

/* Compiled patterns, kept for all changes: compiling them again for each took a quarter of a scan.
 */
struct pattern_cache *reader_patterns(struct reader *reader);

/* An outline, one entity a line, for tests and debugging:
 *     resource aws_db_instance aws_db_instance.main [12-90] {engine: "postgres", ...}
 * scope is shown as indentation, notes come last. */
void entity_dump(struct strbuf *out, const struct entity_list *list);

#endif
