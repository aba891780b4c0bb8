#include "entity/code.h"

enum { WRAPPER_LEVELS = 16 }; /* sudo env sudo ...: deeper is told as it stands, and noted */

/* Index behind the words of the subcommand, 0 if they are not there. */
static uint32_t after_subcommand(struct code *code, const struct word *words, uint32_t count,
                                 struct slice program, struct slice subcommand) {
    uint32_t at = 1;
    struct slice wanted;
    while (subcommand.size && slice_split(&subcommand, ' ', &wanted)) {
        struct options options = {0};
        options_read(code, words, count, at, program, true, &options);
        if (!options.operands.count)
            return 0;
        at = options.operands.items[0];
        if (!slice_equal(words[at].text, wanted))
            return 0;
        at++;
    }
    return at;
}

static bool is_assignment_word(struct slice text) {
    size_t equals = slice_find_byte(text, '=');
    if (equals == SLICE_NPOS || equals == 0)
        return false;
    for (size_t i = 0; i < equals; i++)
        if (text.data[i] == '/' || text.data[i] == ' ' || text.data[i] == '-')
            return false;
    return true;
}

/* Index of the first word of the inner command or script, `count` if there is none. */
static uint32_t inner_index(struct code *code, const struct word *words, uint32_t count,
                            struct slice program, const struct wrapper *row, uint32_t at) {
    for (uint32_t skipped = 0; at < count;) {
        struct options options = {0};
        options_read(code, words, count, at, program, true, &options);
        if (!options.operands.count)
            return count;
        at = options.operands.items[0];
        if (row->assignments && is_assignment_word(words[at].text)) {
            at++;
            continue;
        }
        if (skipped++ == row->skip)
            return at;
        at++;
    }
    return count;
}

static uint32_t index_of_text(const struct word *words, uint32_t count, uint32_t from,
                              struct slice text) {
    while (from < count && !slice_equal(words[from].text, text))
        from++;
    return from;
}

static struct command inner_command(struct code *code, const struct command *command,
                                    struct slice program, const struct wrapper *row, uint32_t from,
                                    uint32_t to) {
    struct command inner = *command;
    inner.words = command->words + from;
    inner.count = to - from;
    inner.outer = (struct slices){0};
    for (uint32_t i = 0; i < command->outer.list.count; i++)
        vec_push(code->scratch, &inner.outer.list, command->outer.list.items[i]);
    vec_push(code->scratch, &inner.outer.list, program);
    inner.looped = command->looped || row->loop;
    return inner;
}

/* The wrapper itself, without the words of what it runs: find and its predicates, docker run and
 * its options. */
static void emit_outside(struct code *code, const struct command *command,
                         const struct words *outside) {
    struct command outer = *command;
    outer.all = command->all ? command->all : command->words;
    outer.all_count = command->all ? command->all_count : command->count;
    outer.words = outside->list.items;
    outer.count = outside->list.count;
    command_emit(code, &outer);
}

static bool read_argv(struct code *code, const struct command *command, struct slice program,
                      const struct wrapper *row, uint32_t from, uint32_t to) {
    if (from >= to)
        return false;
    struct command inner = inner_command(code, command, program, row, from, to);
    if (row->gathers)
        shell_printed(code, &inner);
    if (row->keep) {
        inner.all = NULL;
        inner.redirects = (struct slices){0};
    } else if (!inner.all) {
        inner.all = command->words;
        inner.all_count = command->count;
    }
    if (row->keep) {
        struct words outside = {0};
        for (uint32_t i = 0; i < from; i++)
            vec_push(code->scratch, &outside.list, command->words[i]);
        emit_outside(code, command, &outside);
    }
    command_read(code, &inner);
    return true;
}

static bool has_text(const struct word *word) {
    for (uint32_t i = 0; i < word->count; i++)
        if (word->parts[i].kind == PART_TEXT && word->parts[i].text.size)
            return true;
    return false;
}

/* Wrappers around a script: those of the command, and the program that reads it. */
static uint32_t enter_script(struct code *code, const struct command *command,
                             struct slice program) {
    uint32_t mark = code->wrappers.list.count;
    for (uint32_t i = 0; i < command->outer.list.count; i++)
        vec_push(code->scratch, &code->wrappers.list, command->outer.list.items[i]);
    vec_push(code->scratch, &code->wrappers.list, program);
    return mark;
}

static struct slice first_word(struct slice text) {
    size_t end = 0;
    while (end < text.size && !memchr(" \t\n;|&", text.data[end], 7))
        end++;
    return slice_sub(text, 0, end);
}

/* What stands before a literal only writes it: print "x", console.log('x'), puts('x'). */
static bool is_printed(struct code *code, struct slice text, size_t quote) {
    size_t end = quote;
    while (end > 0 && (text.data[end - 1] == ' ' || text.data[end - 1] == '('))
        end--;
    size_t from = end;
    while (from > 0 && ((text.data[from - 1] >= 'a' && text.data[from - 1] <= 'z') ||
                        text.data[from - 1] == '_'))
        from--;
    return from < end && program_find(code, slice_sub(text, from, end))->text;
}

/*
 * A one-liner in a language that has no reader (perl -e, node -e): its string literals that begin
 * with a known program and go on are read as commands, since that is what such one-liners are for.
 * False alarms need a text that starts with the name of a program and destroys something.
 */
static void read_literals(struct code *code, const struct command *command, struct slice program,
                          const struct word *word) {
    struct slice shell = code->builder->dialect->name;
    command_emit(code, command);
    for (size_t i = 0; i < word->text.size; i++) {
        char quote = word->text.data[i];
        if (quote != '\'' && quote != '"' && quote != '`')
            continue;
        struct slice rest = slice_from(word->text, i + 1);
        size_t end = slice_find_byte(rest, quote);
        if (end == SLICE_NPOS)
            break;
        struct slice literal = slice_sub(rest, 0, end), name = first_word(literal);
        const struct program *known = program_find(code, name);
        if (name.size < literal.size && known->known && !known->text &&
            !is_printed(code, word->text, i)) {
            uint32_t mark = enter_script(code, command, program);
            uint32_t source =
                word->source == UINT32_MAX ? UINT32_MAX : word->source + (uint32_t)i + 1;
            code_embed(code, shell, literal, source, word->span, code->scope);
            code->wrappers.list.count = mark;
        }
        i += end + 1;
    }
}

static bool read_script(struct code *code, const struct command *command, struct slice program,
                        const struct wrapper *row, uint32_t from, uint32_t to) {
    if (from >= to || (to - from == 1 && !has_text(&command->words[from])))
        return false;
    const struct dialect *dialect = dialect_by_name(code->builder->reader->dialects, row->dialect);
    if (!dialect) {
        read_literals(code, command, program, &command->words[from]);
        return true;
    }
    struct slice script = command->words[from].text;
    uint32_t source = command->words[from].source;
    if (to - from > 1) {
        struct strbuf buf;
        strbuf_init(&buf, code->builder->arena);
        for (uint32_t i = from; i < to; i++) {
            if (i > from)
                strbuf_add_byte(&buf, ' ');
            strbuf_add(&buf, command->words[i].text);
        }
        script = strbuf_slice(&buf);
        source = UINT32_MAX;
    }
    struct slice opening = dialect_property(dialect, "opens");
    if (row->encoded)
        script = script_decode(code->builder->arena, script);
    else if (opening.size && !slice_contains(script, opening))
        script = ARENA_CONCAT(code->builder->arena, opening, SLICE(" "), script);
    if (row->encoded || opening.size)
        source = UINT32_MAX;
    if (row->keep || dialect != code->builder->dialect)
        command_emit(code, command);
    uint32_t mark = enter_script(code, command, program);
    code->loops += row->loop || command->looped;
    code_embed(code, row->dialect, script, source, command->words[from].span, code->scope);
    code->loops -= row->loop || command->looped;
    code->wrappers.list.count = mark;
    return true;
}

/* The option again: psql -c a -c b. */
static void read_more(struct code *code, const struct command *command, struct slice program,
                      const struct wrapper *row, const struct word *word) {
    if (!dialect_by_name(code->builder->reader->dialects, row->dialect))
        return;
    uint32_t mark = enter_script(code, command, program);
    code_embed(code, row->dialect, word->text, word->source, word->span, code->scope);
    code->wrappers.list.count = mark;
}

static bool read_option(struct code *code, const struct command *command, struct slice program,
                        const struct wrapper *row, uint32_t from) {
    struct options options = {0};
    options_read(code, command->words, command->count, from, program, false, &options);
    bool found = false;
    for (uint32_t i = 0; i < options.list.count; i++) {
        const struct option *option = &options.list.items[i];
        if (!slice_equal(option->name, row->option) || option->value_word == UINT32_MAX)
            continue;
        if (found)
            read_more(code, command, program, row, &command->words[option->value_word]);
        else if (!read_script(code, command, program, row, option->value_word,
                              option->value_word + 1))
            return false;
        found = true;
    }
    return found;
}

static void read_inside(struct code *code, const struct command *command, struct slice program,
                        const struct wrapper *row, uint32_t from, uint32_t to) {
    struct wrapper silent = *row;
    silent.keep = false;
    struct command part = *command;
    part.all = command->words + from;
    part.all_count = to - from;
    part.redirects = (struct slices){0};
    read_argv(code, &part, program, &silent, from, to);
}

static uint32_t until_end(const struct command *command, uint32_t from) {
    while (from < command->count && !slice_is(command->words[from].text, ";") &&
           !slice_is(command->words[from].text, "+"))
        from++;
    return from;
}

static bool read_until(struct code *code, const struct command *command, struct slice program,
                       const struct wrapper *row) {
    struct words outside = {0};
    uint32_t inside = 0;
    for (uint32_t at = 0; at < command->count; at++) {
        vec_push(code->scratch, &outside.list, command->words[at]);
        if (slice_equal(command->words[at].text, row->option)) {
            at = until_end(command, at + 1);
            inside++;
        }
    }
    if (!inside)
        return false;
    emit_outside(code, command, &outside);
    for (uint32_t at = 0; at < command->count; at++)
        if (slice_equal(command->words[at].text, row->option)) {
            uint32_t to = until_end(command, at + 1);
            read_inside(code, command, program, row, at + 1, to);
            at = to;
        }
    return true;
}

/* Behind the word that is the option or a beginning of it, whatever the case: -c of -Command. */
static uint32_t rest_index(const struct command *command, uint32_t at, struct slice option) {
    for (; at + 1 < command->count; at++) {
        struct slice text = command->words[at].text;
        if (text.size >= 2 && text.size <= option.size &&
            slice_equal_nocase(text, slice_sub(option, 0, text.size)))
            return at + 1;
    }
    return command->count;
}

static bool read_row(struct code *code, const struct command *command, struct slice program,
                     const struct wrapper *row) {
    uint32_t count = command->count;
    uint32_t at = after_subcommand(code, command->words, count, program, row->subcommand);
    if (!at)
        return false;
    switch (row->form) {
    case WRAPPER_ARGV: {
        uint32_t from = inner_index(code, command->words, count, program, row, at);
        uint32_t to =
            row->option.size ? index_of_text(command->words, count, from, row->option) : count;
        return read_argv(code, command, program, row, from, to);
    }
    case WRAPPER_SCRIPT: {
        uint32_t from = inner_index(code, command->words, count, program, row, at);
        return read_script(code, command, program, row, from,
                           row->option.size ? (from < count ? from + 1 : count) : count);
    }
    case WRAPPER_OPTION:
        return read_option(code, command, program, row, at);
    case WRAPPER_UNTIL:
        return read_until(code, command, program, row);
    case WRAPPER_AFTER:
        return read_argv(code, command, program, row,
                         index_of_text(command->words, count, at, SLICE("--")) + 1, count);
    case WRAPPER_REST:
        return read_script(code, command, program, row, rest_index(command, at, row->option),
                           count);
    }
    return false;
}

/* `command -v x` and the like only ask. */
static bool only_asks(struct code *code, const struct command *command, struct slice program) {
    struct options options = {0};
    options_read(code, command->words, command->count, 1, program, true, &options);
    for (uint32_t i = 0; i < options.list.count; i++) {
        if (option_only_asks(code, program, options.list.items[i].name))
            return true;
    }
    return false;
}

bool wrapper_read(struct code *code, const struct command *command) {
    struct wrapper rows[WRAPPER_ROWS];
    struct slice program = command->callee;
    uint32_t count = wrapper_find(code, program, rows);
    if (!count || only_asks(code, command, program))
        return false;
    if (command->outer.list.count >= WRAPPER_LEVELS) {
        builder_note(code->builder, command->span.from,
                     SLICE("commands inside commands, nested more than 16 deep"));
        return false;
    }
    for (uint32_t i = 0; i < count; i++)
        if (read_row(code, command, program, &rows[i]))
            return true;
    return false;
}

struct slice wrapper_program(struct code *code, const struct word *words, uint32_t count) {
    if (!count)
        return SLICE_NONE;
    struct slice program = command_callee(code, &words[0]);
    for (uint32_t level = 0; level < WRAPPER_LEVELS; level++) {
        struct wrapper rows[WRAPPER_ROWS];
        uint32_t found = wrapper_find(code, program, rows), from = count;
        if (found && rows[0].form == WRAPPER_ARGV) {
            uint32_t at = after_subcommand(code, words, count, program, rows[0].subcommand);
            if (at)
                from = inner_index(code, words, count, program, &rows[0], at);
        }
        if (from >= count)
            return program;
        words += from;
        count -= from;
        program = command_callee(code, &words[0]);
    }
    return program;
}

/* -c of -c, -lc and -ec. */
static bool gives_option(const struct word *words, uint32_t count, struct slice option) {
    for (uint32_t i = 1; i < count; i++) {
        struct slice text = words[i].text;
        if (text.size >= 2 && text.data[0] == '-' && slice_ends(text, option))
            return true;
    }
    return false;
}

struct slice wrapper_evaluates(struct code *code, const struct word *words, uint32_t count) {
    struct wrapper rows[WRAPPER_ROWS];
    struct slice program = wrapper_program(code, words, count);
    uint32_t found = program.size ? wrapper_find(code, program, rows) : 0;
    for (uint32_t i = 0; i < found; i++) {
        bool shell = slice_equal(rows[i].dialect, code->builder->dialect->name);
        if (shell &&
            (rows[i].form == WRAPPER_SCRIPT ||
             (rows[i].form == WRAPPER_OPTION && gives_option(words, count, rows[i].option))))
            return program;
    }
    return SLICE_NONE;
}
