/*
 * code_cmdlet: shells in which commands have named parameters and names are the same in small and
 * capital letters (PowerShell, and cmd with its /x): `words:` under the properties of a dialect.
 * A command is told as the program it stands for with that program's options, if
 * rules/facts/cmdlets.tsv and cmdlet_parameters.tsv know one (Remove-Item -Recurse is rm
 * --recursive), so that rules hold whatever the spelling; its text has the names in full.
 */
#ifndef BERM_ENTITY_CODE_CMDLET_H
#define BERM_ENTITY_CODE_CMDLET_H

#include "entity/code.h"

/* code_cmdlet_word.c */
enum word_style word_style_of(const struct dialect *dialect);
/* The grammar of cmd needs an end of the last line. */
struct slice cmdlet_lines(struct arena *arena, struct slice text);
/* A word as it is written from..to in the source of `code`. */
struct word cmdlet_word(struct code *code, uint32_t from, uint32_t to);
struct slice cmdlet_lower(struct arena *arena, struct slice text);
/* Words apart by blanks outside of quotes: ranges in the source. */
struct word_ranges {
    VEC(struct span) list;
};
void cmdlet_split(const struct code *code, struct span span, struct arena *arena,
                  struct word_ranges *out);
/* Name of the variable in `$x`, `[int]$env:X`, `%x%`, `%%x`; none if it is something else. */
struct slice cmdlet_variable(struct code *code, struct slice text);

/* What an environment variable of the host is called here. */
struct slice cmdlet_environment(struct code *code, struct slice name);
/* Name of the program at a path: C:\tools\x.exe is x. */
struct slice cmdlet_base(struct slice text);
/* With slashes, if it is a path. */
struct slice cmdlet_path(struct code *code, struct slice text);

/* code_cmdlet.c */
void cmdlet_read(struct code *code, TSNode node);
/* The program a command is told as. */
struct slice cmdlet_program(struct code *code, TSNode node);
void cmdlet_invocation(struct code *code, TSNode node);
TSNode cmdlet_child(const struct code *code, TSNode node, enum node_role role);

/* code_cmdlet_variable.c */
void cmdlet_assignment(struct code *code, TSNode node);
void cmdlet_parameter(struct code *code, TSNode node); /* of a function or script */
void cmdlet_loop(struct code *code, TSNode node);
/* Children of an if, those of nodes that only hold others in the place of these. */
struct children cmdlet_branches(struct code *code, TSNode node);
/* The test of an if in cmd, whose first child is given. */
struct slice cmdlet_condition(struct code *code, TSNode first);
/* Does a test of this text hold when what it asks about is empty? */
bool cmdlet_holds_when_empty(struct slice text);

/* code_cmdlet_table.c */
struct cmdlet {
    struct slice name;    /* in full: Remove-Item */
    struct slice program; /* it stands for; "" for itself */
    struct slice piped;   /* option it is to the program in front of it in a pipeline */
};
/* `name` in small letters. */
bool cmdlet_find(const struct code *code, struct slice name, struct cmdlet *cmdlet);
/* Do names of cmdlets begin with this word? *means: the verb it is. */
bool cmdlet_verb_find(const struct code *code, struct slice word, struct slice *means);

enum parameter_form {
    PARAMETER_UNKNOWN,
    PARAMETER_SWITCH,
    PARAMETER_VALUE,
    PARAMETER_IGNORED, /* its value does not matter */
    PARAMETER_WORD,    /* its value stays a word of its own */
};
struct cmdlet_parameter {
    struct slice name;  /* in full */
    struct slice means; /* an option, "operand", "words" (operands), "-" for nothing, "" itself */
    enum parameter_form form;
};
/* By its name or a beginning of it, in small letters: of the cmdlet, or of all. */
struct cmdlet_parameter parameter_find(const struct code *code, struct slice cmdlet,
                                       struct slice name);

#endif
