/*
 * code: how the reader of shells and programming languages is put together. One walk over the tree
 * visits statements by the role their node kind plays (grammars/LANGUAGE/entities.yaml):
 *   code_read.c      entry and walk
 *   code_flow.c      conditions, loops, cases, handlers of errors
 *   code_function.c  functions, classes, lambdas and what decorates them
 *   code_guard.c     which tests and shell options stand in front of a statement
 *   code_variable.c  what is known of variables at this point of the text
 *   code_word.c      words of a shell: decoded text and the expansions in it
 *   code_expand.c    several words from one, aliases, functions with arguments, look-alike letters
 *   code_shell.c     statements only shells have: lists, pipelines, redirections, here-documents
 *   code_command.c   a command entity from its words
 *   code_wrapper.c   the command or script inside sudo, xargs, sh -c, ssh, find -exec ...
 *   code_node.c      parts of nodes of a programming language, wherever its grammar puts them
 *   code_text.c      texts of nodes, the same however they are laid out
 *   code_value.c     values of expressions
 *   code_call.c      calls of a programming language, with imports resolved
 *   code_chain.c     what a.b().c() is called on, and what narrows it
 *   code_process.c   calls that start a process
 *   code_construct.c calls that declare resources
 *   code_assign.c    assignments of a programming language
 *   code_type.c      what names are declared to be
 *   code_handler.c   errors: handled, passed over, and tests that leave
 *   code_import.c    what names of a programming language mean
 *   code_string.c    string literals of a programming language
 *   code_table.c     what the tables know of programs and functions
 *   code_body.c      bodies of entities
 *   code_part.c      long scripts part by part, the parts remembered
 *   code_cmdlet*.c   commands with named parameters: PowerShell, cmd
 * All memory but what ends up in entities is in `scratch`. The cost is linear in the text: each
 * node is visited a bounded number of times, and what is repeated for every command (guards,
 * programs of a pipeline) is bounded by a constant.
 */
#ifndef BERM_ENTITY_CODE_H
#define BERM_ENTITY_CODE_H

#include "base/map.h"
#include "base/strbuf.h"
#include "entity/builder.h"
#include "fact/table.h"
#include "syntax/roles.h"

enum {
    CODE_DEPTH = 1000,       /* levels of the tree that are walked; deeper is a note */
    CODE_STAGE_PROGRAMS = 8, /* programs named in pipe_from and pipe_to */
    CODE_GUARDS = 64,        /* guards named by one command, innermost kept */
    CODE_ERRORS = 16,        /* notes about ERROR regions of one text */
    CODE_TEXT = 2000,        /* bytes kept of a test or call in an attribute */
    CODE_CHAIN = 200,        /* links of a.b().c() that are named */
};

struct slices {
    VEC(struct slice) list;
};

/* What a name may stand for. */
enum script_kind { SCRIPT_ALIAS = 1, SCRIPT_FUNCTION = 2, SCRIPT_FILE = 4 };

struct body;

struct children {
    struct node_child *items;
    uint32_t count;
};

enum part_kind {
    PART_TEXT,
    PART_VARIABLE,     /* $X, ${X}, ${X:-fallback} */
    PART_SUBSTITUTION, /* $(command), `command`, <(command) */
    PART_OPAQUE,       /* arithmetic and everything else that has a value of its own */
};

struct part {
    enum part_kind kind;
    struct slice text;     /* decoded; expansions as written, normalised */
    struct slice name;     /* of the variable; program of a substitution */
    struct slice operator; /* ":-", ":?", ... or none */
    struct slice fallback; /* after the operator, decoded */
    bool quoted;
};

struct word {
    struct slice text;
    struct part *parts;
    uint32_t count;
    struct span span;
    uint32_t source; /* where `text` stands verbatim in the source, or UINT32_MAX */
    bool quoted;     /* as a whole */
    bool breaks;     /* a new line begins in front of it: it is the program of another command */
};

struct words {
    VEC(struct word) list;
};

/* What is known of a variable where the walk stands. */
struct variable {
    struct slice name;
    struct slice resolved, emptied; /* meaningful if `known` */
    bool known;                     /* one value, from constants and defaults */
    bool filled;                    /* never empty here */
    uint32_t guards;                /* guards in force that speak of it */
};

struct variables {
    struct map index;
    VEC(struct variable) list;
};

struct guard {
    struct slice text;
    bool negated;
    bool lasting; /* from here to the end of the block, not around it */
    VEC(uint32_t) variables;
};

/* What a grammar leaves apart, found in one pass over the tree. */
struct outline {
    VEC(struct span) bodies;    /* of functions and blocks inside of calls, outermost first */
    VEC(uint32_t) heredocs;     /* where here-documents are announced ... */
    VEC(TSNode) heredoc_bodies; /* ... and their bodies, in the same order */
};

/* A variable made by a call, or declared with a type. */
struct origin {
    struct slice name, callee;
    struct slices filters; /* narrowing calls of the value */
    bool typed;
    uint32_t before; /* index of what was known of the name before, or MAP_ABSENT */
};

struct stage {
    struct slices from, to; /* programs before and after in the pipeline */
    TSNode before;          /* the stage in front */
};

/* How words are written: with $x, \ and quotes of a POSIX shell; with $x and ` as in PowerShell;
 * with %x% and ^ as in cmd. In the last two commands have named parameters (code_cmdlet.h). */
enum word_style { WORDS_POSIX, WORDS_DOLLAR, WORDS_PERCENT };

struct code {
    struct builder *builder;
    const struct knowledge *knowledge;
    struct known_names *names; /* what the tables said lately */
    struct arena *scratch;
    const struct node_roles *roles;
    bool shell; /* commands are statements, variables are expanded in words */
    enum word_style style;
    struct slice text;
    struct variables *variables;
    VEC(struct guard) guards;
    struct slices options;  /* "set -e", "set -u": shell options in force */
    struct slices wrappers; /* "sudo", "ssh": around the script being read */
    struct stage stage;
    struct map imports; /* local name -> index of `imported` */
    struct map types;   /* short name of a type -> index of `imported` */
    struct slices imported;
    struct slices decorators;
    struct slices within; /* calls that frame this place: rules/facts/framing_calls.tsv */
    struct slice family;  /* the language tables know this one by */
    struct outline *outline;
    bool errors_are_values, errors_have_defaults;
    struct slice result; /* what becomes of what `result_call` returns */
    TSNode result_call;
    struct slice pending; /* name of `pending_lambda` */
    TSNode pending_lambda;
    struct slices following; /* narrowing calls on what the next call returns */
    VEC(struct origin) origins;
    struct map origin_index;
    VEC(struct origin) field_origins; /* of fields, by the name of the field alone */
    struct map field_index;
    struct slice function; /* qualified name of the function or class */
    bool in_function;
    struct span owner; /* where the type stands that the method belongs to */
    bool exporting;    /* the next function or class is for others */
    uint32_t scope;
    uint32_t loops;
    uint32_t depth;
    uint32_t errors;
    uint32_t calls;         /* aliases and functions entered */
    uint32_t scripts;       /* enum script_kind: which are known */
    struct slice evaluated; /* program that runs what is substituted into its words: eval, sh -c */
    bool arguments;         /* a command of this function acts on $1, $@ ... */
    bool depth_noted;
};

/* code_part.c: false, with nothing done, if the text has to be read as a whole. */
bool code_read_parts(struct builder *builder);
struct slice code_state_save(const struct code *code, struct arena *arena);
void code_state_load(struct code *code, struct slice state);

/* code_read.c */
/* Reads builder->text, inside of `outer` or NULL. For a part of a text: what is known before it
 * ("" = it is the first) and where to put what is known behind it. */
void code_read_text(struct builder *builder, struct code *outer, const struct slice *before,
                    struct slice *after);
void code_walk(struct code *code, TSNode node);
void code_walk_all(struct code *code, const struct children *children, uint32_t from, uint32_t to);
void code_walk_children(struct code *code, TSNode node);
void code_walk_block(struct code *code, TSNode node); /* guards in it end with it */
struct children code_children(struct code *code, TSNode node);
enum node_role code_role(const struct code *code, TSNode node);
/* A call that plays another role: `words:` of entities.yaml. */
bool code_is_word(const struct code *code, TSNode node);
bool code_in_field(const struct code *code, const struct node_child *child, enum field_role field);
struct slice code_source(const struct code *code, TSNode node);
struct slice code_line(struct code *code, TSNode node); /* source on one line, quotes dropped */
struct slice code_squeeze(struct arena *arena, struct slice text);
struct span code_span(TSNode node);
/* Reads a script inside this text. `source` is where it stands verbatim in the text, or
 * UINT32_MAX: then all of it is at `at`. It knows the place (guards, loop, function, wrappers), and
 * in the same language the variables too. */
void code_embed(struct code *code, struct slice dialect, struct slice script, uint32_t source,
                struct span at, uint32_t scope);
uint32_t code_emit(struct code *code, const char *kind, struct slice type, struct slice name,
                   struct body *body, struct span span);
/* Only outside of functions and loops; `word` may be NULL. */
void assignment_emit(struct code *code, struct slice name, const struct value *value,
                     const struct word *word, struct span span);
/* The same wherever it stands: an attribute of an object is set for all who use the object. */
void setting_emit(struct code *code, struct slice name, const struct value *value,
                  const struct word *word, struct span span);

/* code_guard.c */
void guard_push(struct code *code, struct slice text, bool negated, bool lasting);
void guard_pop_to(struct code *code, uint32_t count);
const struct value *guard_values(struct code *code, const struct word *words, uint32_t count);

/* code_variable.c */
void variables_init(struct variables *variables, struct arena *arena);
struct variable *variable_find(struct variables *variables, struct slice name);
struct variable *variable_get(struct code *code, struct slice name); /* made if absent */
void variable_assign(struct code *code, struct slice name, const struct word *value);
void variable_fill(struct code *code, struct slice name);   /* a value nobody knows, not empty */
void variable_forget(struct code *code, struct slice name); /* any value from here on, or none */
struct slice word_resolved(struct code *code, const struct word *word);
struct slice word_emptied(struct code *code, const struct word *word);
/* Nothing but text, known variables and fallbacks. */
bool word_is_constant(struct code *code, const struct word *word);
struct slice ansi_decode(struct arena *arena, struct slice text);

/* code_word.c */
struct word word_read(struct code *code, TSNode node);
struct word word_of_text(struct code *code, struct slice text, struct span span);
void words_expand_braces(struct code *code, const struct word *word, struct words *out);
struct slice word_text(struct arena *arena, const struct part *parts, uint32_t count);
/* As it would be written on a command line: in double quotes where it has to be. */
void word_add_quoted(struct strbuf *buf, const struct word *word);

/* code_expand.c */
struct command;
/* Braces, and variables that hold several words. */
void words_expand(struct code *code, const struct word *word, struct words *out);
/* The value of an array, as words_expand takes it apart. */
struct slice elements_join(struct code *code, const struct words *words);
/* `alias x=y` is kept; true if the command is an alias, and what it stands for was read. */
void alias_keep(struct code *code, const struct command *command);
bool alias_read(struct code *code, const struct command *command);
/* A function that acts on its arguments is read again where they are constants. */
/* A here-document written to a file, and the file run. */
void file_keep(struct code *code, const struct command *command);
void file_run(struct code *code, const struct command *command);
bool is_argument(struct slice name);
uint32_t script_kind_of(struct slice variable); /* 0: an ordinary variable */
void function_keep(struct code *code, struct slice name, struct slice body);
void function_call(struct code *code, const struct command *command);
/* Reads the command as it looks, if letters of it look like others. */
void lookalikes_read(struct code *code, struct span span);

struct command;
/* code_shell.c */
void shell_list(struct code *code, TSNode node);
void shell_pipeline(struct code *code, TSNode node);
void shell_redirected(struct code *code, TSNode node);
void shell_command(struct code *code, TSNode node);
void shell_declaration(struct code *code, TSNode node);
void shell_assignment(struct code *code, TSNode node);
/* Adds what the stage in front prints, if that is certain: `echo x | xargs rm` is rm x. */
void shell_printed(struct code *code, struct command *command);
/* Of `for x in a`: the value of x if there is just one. */
void shell_loop_variable(struct code *code, TSNode node, struct slice name);
bool shell_leaves(struct code *code, TSNode node); /* does it end with exit or return? */
/* Could there be a command in the text of a word or test? */
bool shell_may_run(struct slice text);

/* code_command.c */
struct program;
struct command {
    const struct word *words; /* program first */
    uint32_t count;
    const struct word *all; /* what `text` is made of: wrappers too; NULL = words */
    uint32_t all_count;
    struct span span;
    struct slices redirects;
    struct slices environment;     /* X=1 before the program */
    struct slices outer;           /* wrappers of this command, outermost first */
    bool looped;                   /* xargs, parallel */
    struct slice callee;           /* by command_know: command_callee() of the first word, */
    const struct program *program; /* and what is known of it */
    struct slice script;           /* here-document or here-string given to it */
    uint32_t script_source;        /* see word.source */
    struct span script_span;
};
/* The command and whatever runs inside it. */
void command_read(struct code *code, const struct command *command);
/* Looks up what its program is: once, as every step asks. */
void command_know(struct code *code, struct command *command);
void command_emit(struct code *code, const struct command *command); /* of one that is known */
struct slice command_callee(struct code *code, const struct word *word);

struct option {
    struct slice name, value; /* value none = a switch */
    uint32_t word;            /* where it is written */
    uint32_t value_word;      /* where the value is written, UINT32_MAX if in the same word */
    bool both;                /* the value may be an operand: the program is not known */
};
struct options {
    VEC(struct option) list;
    VEC(uint32_t) operands; /* indexes of words */
};
/* Splits words 1.. into options and operands; `first_only` stops at the first operand. */
void options_read(struct code *code, const struct word *words, uint32_t count, uint32_t from,
                  struct slice program, bool first_only, struct options *options);

/* The first word of the operands that the table of verbs knows: "delete" of `widgets delete-all x`,
 * "list" of `list deleted`. None for programs whose operands are objects. In the builder's arena.
 */
struct slice command_verb(struct code *code, const struct command *command,
                          const struct options *options, const struct program *program);

/* What the tables know of a program (rules/facts/programs.tsv). */
struct program {
    bool known;
    bool aliases;    /* alias: its operands are names for commands */
    bool finds;      /* which: prints the path of the program it is given */
    bool escapes;    /* printf: understands backslashes in what it prints */
    bool options;    /* set, shopt: changes the shell's own options */
    bool prints;     /* echo, printf: its operands are its output */
    bool subcommand; /* its first operand is a subcommand */
    bool text;       /* its operands are text, not something it acts on */
    bool leaves;     /* exit, return: what follows in the block runs only if it did not */
    bool single;     /* long options with one dash: -auto-approve */
    bool filled;     /* what it prints is never empty: mktemp, pwd, date */
    bool passes;     /* cat, tee: hands standard input on */
    bool input;      /* nsupdate, sftp: its standard input says what it does */
    bool forgets;    /* read, unset: its operands are variables that get another value */
    bool runs;       /* python, php, java: its first operand may be a program of its own */
    struct slice stdin_dialect; /* language it reads from standard input: sh, python */
    struct slice like;          /* program it is another name of */
};
/* The program that a word without variables names, if it was told lately and is a part of it. */
bool callee_recall(const struct code *code, struct slice text, struct slice *callee);
void callee_remember(const struct code *code, struct slice text, struct slice callee);
/* Never NULL; stays as long as the reader. */
const struct program *program_find(const struct code *code, struct slice name);

/* code_table.c: knowledge of programs and functions in rules/facts. */
enum wrapper_form {
    WRAPPER_ARGV,   /* a command begins at an operand */
    WRAPPER_SCRIPT, /* operands are the text of a script */
    WRAPPER_OPTION, /* the value of an option is the text of a script */
    WRAPPER_UNTIL,  /* a command stands between an option and ";" or "+" */
    WRAPPER_AFTER,  /* a command stands after "--" */
    WRAPPER_REST,   /* the text of a script stands behind an option, or a beginning of its name */
};
struct wrapper {
    struct slice subcommand; /* words that have to come first, "compose exec" */
    enum wrapper_form form;
    struct slice option;  /* OPTION and UNTIL: its name; ARGV: a word that ends the command */
    struct slice dialect; /* of the script */
    uint32_t skip;        /* operands before it, without the subcommand */
    bool keep, loop, assignments;
    bool encoded; /* the script is base64 of UTF-16 */
    bool gathers; /* what it reads are more words of the command */
};
enum { WRAPPER_ROWS = 8 };
uint32_t wrapper_find(const struct code *code, struct slice program, struct wrapper *rows);
/* `program` may be followed by a subcommand: "docker build". */
bool option_takes_value(const struct code *code, struct slice program, struct slice option);
bool option_is_switch(const struct code *code, struct slice option);
/* `command -v`: with this option the program only tells. */
bool option_only_asks(const struct code *code, struct slice program, struct slice option);
bool word_is_verb(const struct code *code, struct slice word);
/* By the shell or the login session. */
bool variable_is_always_set(const struct code *code, struct slice name);
/* "set -e" for "e" and "errexit"; SLICE_NONE for options nobody needs to know. */
struct slice shell_option(const struct code *code, struct slice name);

/* What the tables call a module: "fs.promises" for "node:fs/promises". */
struct slice module_alias(const struct code *code, struct slice path);

struct process_call {
    struct slice keyword, form, dialect; /* form: "script", "argv" (or a script as one text) */
    uint32_t argument;
};
/* What a letter outside of ASCII looks like; nothing for what is not seen. */
bool lookalike_find(const struct code *code, uint32_t codepoint, struct slice *shown);

bool process_call_find(const struct code *code, struct slice callee, struct process_call *call);
/* Calls of that name, whatever the receiver, which take a statement of another language. */
bool statement_call_find(const struct code *code, struct slice method, struct process_call *call);
/* Is it a word that such a statement begins with? */
bool statement_word(const struct code *code, struct slice dialect, struct slice word);

/* code_wrapper.c */
/* Reads what runs inside; true if the command itself need not be told any more. */
bool wrapper_read(struct code *code, const struct command *command);
/* The text in base64 of UTF-16, as `-EncodedCommand` takes it; "" if it is none. */
struct slice script_decode(struct arena *arena, struct slice text);
/* The program if what is substituted into its words is run by it: eval "$(x)", sh -c "$(x)". */
struct slice wrapper_evaluates(struct code *code, const struct word *words, uint32_t count);
/* The program that runs in the end: "rm" of `sudo -u x xargs rm`. */
struct slice wrapper_program(struct code *code, const struct word *words, uint32_t count);

/* ---- programming languages ---- */

/* code_node.c */
/* Without parentheses, await, casts and the like. */
TSNode code_plain(const struct code *code, TSNode node);
TSNode code_named(TSNode node, uint32_t index); /* child; null if there are fewer */
/* Of `a.b(c)`: object a, member b; function is what is called if it is no method. */
struct callee {
    TSNode function, object, member;
};
struct callee callee_find(const struct code *code, TSNode call);
bool code_is_call(const struct code *code, TSNode node);
/* True if the node is a.b, a["b"] or, where reading is calling, a.b without arguments. */
bool member_split(const struct code *code, TSNode node, TSNode *object, TSNode *member);
struct slice member_text(struct code *code, TSNode member);
TSNode arguments_find(const struct code *code, TSNode call);
/* {..} as an argument, or what a NEW is filled with; null if it is none. */
TSNode map_find(const struct code *code, TSNode node);
bool code_is_pair(const struct code *code, TSNode node);
/* [..], or braces without pairs; null if it is none. */
TSNode list_find(const struct code *code, TSNode node);
/* Left and right side of an assignment, declaration or field; false if it has no value. */
bool assignment_split(const struct code *code, TSNode node, TSNode *left, TSNode *right);
/* Key and value of a pair, named argument or shorthand. */
bool pair_split(struct code *code, TSNode node, struct slice *key, TSNode *value);

/* code_text.c */
void outline_read(struct code *code, TSNode root);
/* The body announced at this node; null without one. */
TSNode outline_heredoc(const struct code *code, TSNode node);
/* On one line, laid out in one way only; bodies of functions inside are left out. What is too long
 * ends with a hash of all of it, so that texts stay different. */
struct slice shown_text(struct code *code, TSNode node);
struct slice shown_range(struct code *code, uint32_t from, uint32_t to);

/* code_value.c */
const struct value *expression_value(struct code *code, TSNode node);
/* Maps and lists too, with all they hold. */
const struct value *nested_value(struct code *code, TSNode node);

/* code_call.c */
struct arguments {
    struct body *positional, *keywords;
    VEC(TSNode) nodes;         /* of the positional ones */
    VEC(TSNode) keyword_nodes; /* values, in the order of `keywords` */
};
/* Where the walk stands: guards, loop, function, framing calls. */
void code_place_add(struct code *code, struct body *body, struct span span);
void call_read(struct code *code, TSNode node);     /* the call and what is inside */
void backtick_read(struct code *code, TSNode node); /* `command` */
void arguments_read(struct code *code, TSNode call, struct arguments *arguments);

/* code_construct.c: what the call declares, if the tables know that it declares something. */
void construct_read(struct code *code, struct slice callee, const struct arguments *arguments,
                    struct span span);

/* code_chain.c */
bool method_narrows(const struct code *code, struct slice method);
bool method_iterates(const struct code *code, struct slice method);
/* a |> b(c): what narrows a narrows what b is called on. */
void chain_pipe(struct code *code, TSNode left, TSNode right);
/* Texts of the narrowing calls in front of this method and behind it. */
void chain_filters(struct code *code, TSNode object, struct slices *out);
/* The call that made what the chain begins with, or the type it was declared with: "boto3.client";
 * "" if that is not known. */
struct slice chain_origin(struct code *code, TSNode object, bool *whole);
/* The same, without what is only declared. */
struct slice chain_maker(struct code *code, TSNode object);
/* `filters`: narrowing calls of the value; may be NULL. */
void origin_set(struct code *code, struct slice name, struct slice callee, bool typed,
                const struct slices *filters);
void origin_set_field(struct code *code, struct slice field, struct slice callee, bool typed);
bool origin_field_is_typed(const struct code *code, struct slice field);
bool origin_is_typed(const struct code *code, struct slice name);
void origins_forget(struct code *code, uint32_t count);

/* code_type.c */
/* Notes of the names a node declares what they are declared to be. */
void type_read(struct code *code, TSNode node);

/* code_process.c */
/* False if it is no call that starts a process. */
bool process_call_read(struct code *code, struct slice callee, TSNode node,
                       const struct arguments *arguments, uint32_t scope);
/* Reads a text as a statement, if it begins like one. */
bool statement_text_read(struct code *code, struct slice dialect, TSNode node, uint32_t scope);
/* Reads the text of a call that runs it as a statement. */
void statement_call_read(struct code *code, struct slice callee, const struct arguments *arguments,
                         uint32_t scope);

/* code_assign.c */
void call_assignment(struct code *code, TSNode node);
void pair_read(struct code *code, TSNode node);

/* code_function.c */
void function_read(struct code *code, TSNode node);
void lambda_read(struct code *code, TSNode node);
void decorator_add(struct code *code, TSNode node);
/* Adds those that stand in front of a declaration. */
void decorators_collect(struct code *code, TSNode node, uint32_t level);
void decorator_read(struct code *code, TSNode node);
struct slice code_qualified(struct code *code, struct slice name);

/* code_flow.c */
void flow_if(struct code *code, TSNode node);
void flow_conditional(struct code *code, TSNode node);
void flow_binary(struct code *code, TSNode node);
void flow_loop(struct code *code, TSNode node);
void flow_case(struct code *code, TSNode node);

/* code_handler.c */
void flow_handler(struct code *code, TSNode node);
/* Where errors are values: if err != nil {..} is a handler. False if it is no such test. */
bool error_test_read(struct code *code, TSNode node, const struct children *children);
/* A call that ends the block as raising does. */
bool call_leaves(struct code *code, TSNode node);
void check_emit(struct code *code, TSNode node, struct slice text, bool negated,
                struct slice fails);
/* Where errors are values: what becomes of that of the next call: kept, dropped, unused. */
void result_assigned(struct code *code, TSNode node, TSNode right);
void result_alone(struct code *code, TSNode node);
void result_replaced(struct code *code, const struct callee *callee);
struct slice result_take(struct code *code, TSNode call);

/* code_import.c: what names mean. */
void call_import(struct code *code, TSNode node);
void call_import_from(struct code *code, TSNode node);
void call_import_type(struct code *code, TSNode node);
/* `const {rm} = require("fs")`, `del = shutil.rmtree`: false if it is another assignment. */
bool import_assignment(struct code *code, TSNode left, TSNode right);
/* Does a.b.c() begin with something that was imported? */
bool import_is_root(struct code *code, TSNode node);
/* Dotted name with imports resolved; SLICE_NONE where it is not a chain of names and calls. */
struct slice call_name(struct code *code, TSNode node);

/* code_string.c: string literals and expressions made of them. */
struct string {
    struct slice text; /* decoded; what is not literal stands as ${name} */
    bool literal;      /* some of it is */
    bool exact;        /* all of it is */
    uint32_t source;   /* see word.source */
};
struct string string_read(struct code *code, TSNode node);

/* code_body.c: bodies of entities, in the arena of the list. */
struct body {
    struct arena *arena;
    VEC(struct value_item) items;
};
const struct value *value_text(struct arena *arena, struct slice text, struct span span);
const struct value *value_items(struct arena *arena, enum value_kind kind,
                                const struct value_item *items, uint32_t count, struct span span);
/* A list of texts; NULL for an empty one. */
const struct value *texts_value(struct arena *arena, const struct slices *texts, struct span span);
/* These leave out what is empty. Keys must be static. */
void body_add_key(struct body *body, struct slice key, const struct value *value);
void body_add_key_text(struct body *body, struct slice key, struct slice text, struct span span);
void body_add_key_texts(struct body *body, struct slice key, const struct slices *texts,
                        struct span span);
/* The same for a key that is a literal. */
#define body_add(body, key, value) body_add_key((body), SLICE(key), (value))
#define body_add_text(body, key, text, span) body_add_key_text((body), SLICE(key), (text), (span))
#define body_add_texts(body, key, texts, span)                                                     \
    body_add_key_texts((body), SLICE(key), (texts), (span))
const struct value *body_finish(struct body *body, struct span span);

#endif
