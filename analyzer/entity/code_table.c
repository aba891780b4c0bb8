#include "base/hash.h"
#include "entity/cache.h"
#include "entity/code.h"

static bool has_trait(struct slice traits, const char *wanted) {
    struct slice part;
    while (slice_split(&traits, ' ', &part))
        if (slice_is(part, wanted))
            return true;
    return false;
}

/*
 * Scripts name the same few programs and words again and again, and every command asks half a dozen
 * tables about them: answers are remembered by name. Direct mapped: a slot forgets. Names are
 * compared as a whole, so nothing depends on the hash.
 */
enum { NAME_SLOTS = 512, NAME_BYTES = 38 };

enum asked {
    ASKED_WRAPPERS = 1,
    ASKED_OPTIONS = 2,
    ASKED_SWITCH = 4,
    ASKED_VERB = 8,
    ASKED_VARIABLE = 16,
    ASKED_ASKING = 32,
};

struct known_name {
    uint8_t size, asked, yes; /* bits of enum asked; yes: there is a row */
    char text[NAME_BYTES];
    const struct program *program;
    uint8_t callee_from, callee_size; /* the part of it that names the program; size 0: not asked */
};

struct known_names {
    struct arena *arena;
    const struct knowledge *knowledge;
    struct known_name slots[NAME_SLOTS];
    struct map programs; /* all that are known, so that none is made twice */
    VEC(const struct program *) list;
};

struct known_names *known_names_new(struct arena *arena, const struct knowledge *knowledge) {
    struct known_names *names = ARENA_NEW(arena, struct known_names);
    names->arena = arena;
    names->knowledge = knowledge;
    map_init(&names->programs, arena);
    return names;
}

/* NULL for what is too long to be remembered. */
static struct known_name *name_slot(struct known_names *names, struct slice name) {
    if (name.size > NAME_BYTES || !name.size)
        return NULL;
    struct known_name *slot = &names->slots[hash_bytes(name) % NAME_SLOTS];
    if (slot->size != name.size || memcmp(slot->text, name.data, name.size) != 0) {
        *slot = (struct known_name){.size = (uint8_t)name.size};
        memcpy(slot->text, name.data, name.size);
    }
    return slot;
}

/* Is there a row whose first key is the name? */
static bool name_has(const struct code *code, enum asked what, const char *table,
                     struct slice name) {
    struct known_name *slot = name_slot(code->names, name);
    if (slot && slot->asked & what)
        return slot->yes & what;
    bool found = table_has(code->knowledge, slice_of(table), &name, 1);
    if (slot) {
        slot->asked |= (uint8_t)what;
        slot->yes |= found ? (uint8_t)what : 0;
    }
    return found;
}

static struct slice trait_value(struct slice traits, const char *prefix) {
    struct slice part, start = slice_of(prefix);
    while (slice_split(&traits, ' ', &part))
        if (slice_starts(part, start))
            return slice_from(part, start.size);
    return SLICE_NONE;
}

static bool take_program(const struct row *row, void *context) {
    struct program *program = context;
    struct slice traits = row_cell(row, "traits");
    *program = (struct program){
        .known = true,
        .aliases = has_trait(traits, "aliases"),
        .finds = has_trait(traits, "finds"),
        .escapes = has_trait(traits, "escapes"),
        .options = has_trait(traits, "options"),
        .prints = has_trait(traits, "prints"),
        .subcommand = has_trait(traits, "subcommand"),
        .text = has_trait(traits, "text") || has_trait(traits, "prints"),
        .leaves = has_trait(traits, "leaves"),
        .single = has_trait(traits, "single"),
        .filled = has_trait(traits, "filled"),
        .passes = has_trait(traits, "passes"),
        .input = has_trait(traits, "input"),
        .forgets = has_trait(traits, "forgets"),
        .runs = has_trait(traits, "runs"),
        .stdin_dialect = trait_value(traits, "stdin="),
        .like = trait_value(traits, "like="),
    };
    return true; /* the last image wins: --rules may add and correct */
}

bool callee_recall(const struct code *code, struct slice text, struct slice *callee) {
    const struct known_name *slot = name_slot(code->names, text);
    if (!slot || !slot->callee_size)
        return false;
    *callee = slice_sub(text, slot->callee_from, (size_t)slot->callee_from + slot->callee_size);
    return true;
}

void callee_remember(const struct code *code, struct slice text, struct slice callee) {
    struct known_name *slot = name_slot(code->names, text);
    uintptr_t from = (uintptr_t)text.data, at = (uintptr_t)callee.data;
    if (!slot || !callee.size || at < from || at + callee.size > from + text.size)
        return;
    slot->callee_from = (uint8_t)(at - from);
    slot->callee_size = (uint8_t)callee.size;
}

static const struct program unknown_program;

/* A program that the tables know is kept once and for all: there are a few hundred. */
static const struct program *program_make(struct known_names *names, struct slice name) {
    struct program program = {.known = false};
    table_each(names->knowledge, SLICE("programs"), &name, 1, take_program, &program);
    if (!program.known)
        return &unknown_program;
    uint32_t index = map_get(&names->programs, name);
    if (index != MAP_ABSENT)
        return names->list.items[index];
    struct program *made = ARENA_NEW(names->arena, struct program);
    *made = program;
    map_set(&names->programs, arena_copy(names->arena, name), names->list.count);
    vec_push(names->arena, &names->list, made);
    return made;
}

const struct program *program_find(const struct code *code, struct slice name) {
    struct known_name *slot = name_slot(code->names, name);
    if (!slot)
        return program_make(code->names, name);
    if (!slot->program)
        slot->program = program_make(code->names, name);
    return slot->program;
}

struct wrapper_list {
    struct wrapper *rows;
    uint32_t count;
};

static enum wrapper_form form_of(struct slice word) {
    static const char *const words[] = {"argv", "script", "option", "until", "after", "rest"};
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_is(word, words[i]))
            return (enum wrapper_form)i;
    return WRAPPER_ARGV;
}

static struct slice dash_none(struct slice cell) {
    return slice_is(cell, "-") ? SLICE("") : cell;
}

static bool take_wrapper(const struct row *row, void *context) {
    struct wrapper_list *list = context;
    struct slice traits = row_cell(row, "traits");
    int64_t skip = 0;
    slice_to_int(row_cell(row, "skip"), &skip);
    list->rows[list->count++] = (struct wrapper){
        .subcommand = dash_none(row_cell(row, "subcommand")),
        .form = form_of(row_cell(row, "form")),
        .option = dash_none(row_cell(row, "option")),
        .dialect = dash_none(row_cell(row, "dialect")),
        .skip = (uint32_t)skip,
        .keep = has_trait(traits, "keep"),
        .loop = has_trait(traits, "loop"),
        .assignments = has_trait(traits, "assignments"),
        .encoded = has_trait(traits, "encoded"),
        .gathers = has_trait(traits, "gathers"),
    };
    return list->count < WRAPPER_ROWS;
}

uint32_t wrapper_find(const struct code *code, struct slice program, struct wrapper *rows) {
    struct wrapper_list list = {.rows = rows};
    if (!name_has(code, ASKED_WRAPPERS, "command_wrappers", program))
        return 0;
    table_each(code->knowledge, SLICE("command_wrappers"), &program, 1, take_wrapper, &list);
    for (uint32_t i = 0; i < list.count; i++)
        if (slice_is(rows[i].dialect, "own"))
            rows[i].dialect = code->builder->dialect->name;
    return list.count;
}

bool option_takes_value(const struct code *code, struct slice program, struct slice option) {
    struct slice key[2] = {program, option};
    return name_has(code, ASKED_OPTIONS, "program_options", program) &&
           table_has(code->knowledge, SLICE("program_options"), key, 2);
}

bool option_is_switch(const struct code *code, struct slice option) {
    return name_has(code, ASKED_SWITCH, "switches", option);
}

bool option_only_asks(const struct code *code, struct slice program, struct slice option) {
    struct slice key[2] = {program, option};
    return name_has(code, ASKED_ASKING, "asking_options", program) &&
           table_has(code->knowledge, SLICE("asking_options"), key, 2);
}

bool word_is_verb(const struct code *code, struct slice word) {
    return name_has(code, ASKED_VERB, "verbs", word);
}

bool variable_is_always_set(const struct code *code, struct slice name) {
    return name_has(code, ASKED_VARIABLE, "shell_variables", name);
}

static bool take_option(const struct row *row, void *context) {
    *(struct slice *)context = row_cell(row, "text");
    return true;
}

struct slice shell_option(const struct code *code, struct slice name) {
    struct slice text = SLICE_NONE;
    table_each(code->knowledge, SLICE("shell_options"), &name, 1, take_option, &text);
    return text;
}

bool lookalike_find(const struct code *code, uint32_t codepoint, struct slice *shown) {
    struct slice key = arena_format(code->scratch, "%04X", (unsigned)codepoint);
    *shown = SLICE_NONE;
    table_each(code->knowledge, SLICE("lookalikes"), &key, 1, take_option, shown);
    if (slice_is(*shown, "space"))
        *shown = SLICE(" ");
    else if (slice_is(*shown, "nothing"))
        *shown = SLICE("");
    return shown->data != NULL;
}

static bool take_module(const struct row *row, void *context) {
    *(struct slice *)context = row_cell(row, "module");
    return true;
}

struct slice module_alias(const struct code *code, struct slice path) {
    struct slice key[2] = {code->family, path}, name = path;
    table_each(code->knowledge, SLICE("module_aliases"), key, 2, take_module, &name);
    return name;
}

struct process_search {
    struct process_call *call;
    bool found;
};

static bool take_process_call(const struct row *row, void *context) {
    struct process_search *search = context;
    int64_t argument = 0;
    slice_to_int(row_cell(row, "argument"), &argument);
    *search->call = (struct process_call){
        .keyword = dash_none(row_cell(row, "keyword")),
        .form = row_cell(row, "form"),
        .dialect = row_cell(row, "script"),
        .argument = (uint32_t)argument,
    };
    search->found = true;
    return true;
}

bool process_call_find(const struct code *code, struct slice callee, struct process_call *call) {
    struct process_search search = {.call = call};
    struct slice key[2] = {code->family, callee};
    table_each(code->knowledge, SLICE("process_calls"), key, 2, take_process_call, &search);
    return search.found;
}

bool statement_call_find(const struct code *code, struct slice method, struct process_call *call) {
    struct process_search search = {.call = call};
    struct slice key[2] = {code->family, method};
    table_each(code->knowledge, SLICE("statement_calls"), key, 2, take_process_call, &search);
    return search.found;
}

bool statement_word(const struct code *code, struct slice dialect, struct slice word) {
    struct slice key[2] = {dialect, word};
    return table_has(code->knowledge, SLICE("statement_words"), key, 2);
}
