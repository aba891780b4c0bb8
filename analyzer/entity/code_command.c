#include "entity/code.h"

enum { COMMAND_ATTRIBUTES = 24 }; /* keys of a command's body: all there are */

/* "terraform" of terraform-1.5.7 and terraform_v1.5. */
static struct slice without_version(struct slice name) {
    size_t end = name.size;
    while (end > 0 &&
           ((name.data[end - 1] >= '0' && name.data[end - 1] <= '9') || name.data[end - 1] == '.'))
        end--;
    if (end == name.size)
        return name;
    if (end > 1 && name.data[end - 1] == 'v')
        end--;
    if (end > 1 && strchr("-_@", name.data[end - 1]))
        end--;
    return slice_sub(name, 0, end);
}

static struct slice known_name(const struct code *code, struct slice name) {
    const struct program *program = program_find(code, name);
    if (program->known)
        return program->like.size ? program->like : name;
    struct slice plain = without_version(name);
    return plain.size < name.size && program_find(code, plain)->known ? plain : name;
}

/* $(which rm), $(command -v rm): the program it finds. */
static struct slice found_program(const struct code *code, const struct part *part) {
    struct slice text = part->text, word, last = SLICE_NONE;
    if (!program_find(code, part->name)->finds || !slice_starts(text, SLICE("$(")))
        return SLICE_NONE;
    text = slice_sub(text, 2, text.size - 1);
    while (slice_split(&text, ' ', &word))
        last = word.size ? word : last;
    return last;
}

static struct slice callee_of(struct code *code, struct slice text) {
    size_t slash = slice_find_last_byte(text, '/');
    if (slash != SLICE_NPOS && slash + 1 < text.size)
        text = slice_from(text, slash + 1);
    return known_name(code, text);
}

struct slice command_callee(struct code *code, const struct word *word) {
    struct slice callee;
    bool plain = word->count == 1 && word->parts[0].kind == PART_TEXT;
    if (plain && callee_recall(code, word->text, &callee))
        return callee;
    struct slice text = word_resolved(code, word);
    if (plain) {
        callee = callee_of(code, text);
        callee_remember(code, word->text, callee);
        return callee;
    }
    for (uint32_t i = 0; i < word->count; i++)
        if (word->parts[i].kind == PART_SUBSTITUTION) {
            struct slice found = found_program(code, &word->parts[i]);
            return found.size ? known_name(code, found)
                              : text; /* a slash in it is none of a path */
        }
    return callee_of(code, text);
}

/* ---- options and operands ---- */

struct option_reader {
    struct code *code;
    const struct word *words;
    uint32_t count, at;
    struct slice program_name, with_subcommand; /* "docker", "docker build" */
    const struct program *program;
    struct options *options;
};

static bool takes_value(const struct option_reader *reader, struct slice name) {
    return option_takes_value(reader->code, reader->program_name, name) ||
           (reader->with_subcommand.size &&
            option_takes_value(reader->code, reader->with_subcommand, name));
}

static void add_option(struct option_reader *reader, struct option option) {
    vec_push(reader->code->scratch, &reader->options->list, option);
}

static bool next_is_value(const struct option_reader *reader) {
    if (reader->at + 1 >= reader->count)
        return false;
    struct slice next = reader->words[reader->at + 1].text;
    return !slice_starts(next, SLICE("-")) || next.size == 1;
}

static void take_next(struct option_reader *reader, struct slice name, uint32_t word, bool both) {
    reader->at++;
    add_option(reader, (struct option){.name = name,
                                       .value = reader->words[reader->at].text,
                                       .word = word,
                                       .value_word = reader->at,
                                       .both = both});
    if (both)
        vec_push(reader->code->scratch, &reader->options->operands, reader->at);
}

static void read_long(struct option_reader *reader, struct slice name) {
    uint32_t word = reader->at;
    size_t equals = slice_find_byte(name, '=');
    struct option option = {.name = name, .word = word, .value_word = UINT32_MAX};
    if (equals != SLICE_NPOS && equals > 0) {
        option.name = slice_sub(name, 0, equals);
        option.value = slice_from(name, equals + 1);
        add_option(reader, option);
        return;
    }
    if (takes_value(reader, name) && reader->at + 1 < reader->count)
        take_next(reader, name, word, false);
    else if (!next_is_value(reader) || option_is_switch(reader->code, name) ||
             (reader->program->known && !reader->program->subcommand))
        add_option(reader, option);
    else
        take_next(reader, name, word, !reader->program->known);
}

static void read_bundle(struct option_reader *reader, struct slice letters) {
    uint32_t word = reader->at;
    for (size_t i = 0; i < letters.size; i++) {
        struct slice name = slice_sub(letters, i, i + 1);
        struct option option = {.name = name, .word = word, .value_word = UINT32_MAX};
        if (!takes_value(reader, name)) {
            add_option(reader, option);
        } else if (i + 1 < letters.size) {
            option.value = slice_from(letters, i + 1);
            add_option(reader, option);
            return;
        } else if (reader->at + 1 < reader->count) {
            take_next(reader, name, word, false);
        } else {
            add_option(reader, option);
        }
    }
}

/* One dash and more than a bundle: -auto-approve, -target=x; for a program nobody knows, by its
 * look, since four letters are the most anybody bundles. */
static bool is_long_style(const struct option_reader *reader, struct slice name) {
    if (reader->program->known)
        return reader->program->single && name.size > 1;
    if (name.size > 4)
        return true;
    for (size_t i = 1; i < name.size; i++)
        if (name.data[i] == '-' || name.data[i] == '=')
            return true;
    return false;
}

static void set_subcommand(struct option_reader *reader, struct slice word) {
    reader->with_subcommand =
        ARENA_CONCAT(reader->code->scratch, reader->program_name, SLICE(" "), word);
}

void options_read(struct code *code, const struct word *words, uint32_t count, uint32_t from,
                  struct slice program, bool first_only, struct options *options) {
    struct option_reader reader = {.code = code,
                                   .words = words,
                                   .count = count,
                                   .program_name = program,
                                   .program = program_find(code, program),
                                   .options = options};
    bool ended = false;
    if (reader.program->subcommand && from > 1) /* behind the words of a subcommand */
        set_subcommand(&reader, words[from - 1].text);
    for (reader.at = from; reader.at < count; reader.at++) {
        struct slice text = words[reader.at].text;
        if (!ended && slice_is(text, "--")) {
            ended = true;
        } else if (ended || text.size < 2 || text.data[0] != '-') {
            if (reader.program->subcommand && !reader.with_subcommand.size)
                set_subcommand(&reader, text);
            vec_push(code->scratch, &options->operands, reader.at);
            if (first_only)
                return;
        } else if (text.data[1] == '-') {
            read_long(&reader, slice_from(text, 2));
        } else if (is_long_style(&reader, slice_from(text, 1))) {
            read_long(&reader, slice_from(text, 1));
        } else {
            read_bundle(&reader, slice_from(text, 1));
        }
    }
}

/* ---- the entity ---- */

/* In one piece: the size is an upper bound, each word may get two quotes and a blank. */
static struct slice joined_text(struct code *code, const struct command *command) {
    const struct word *words = command->all ? command->all : command->words;
    uint32_t count = command->all ? command->all_count : command->count;
    size_t size = 1;
    for (uint32_t i = 0; i < command->environment.list.count; i++)
        size += command->environment.list.items[i].size + 1;
    for (uint32_t i = 0; i < count; i++)
        size += words[i].text.size + 3;
    for (uint32_t i = 0; i < command->redirects.list.count; i++)
        size += command->redirects.list.items[i].size + 1;
    struct strbuf buf;
    strbuf_init_sized(&buf, code->builder->arena, size);
    for (uint32_t i = 0; i < command->environment.list.count; i++) {
        strbuf_add(&buf, command->environment.list.items[i]);
        strbuf_add_byte(&buf, ' ');
    }
    for (uint32_t i = 0; i < count; i++) {
        if (i)
            strbuf_add_byte(&buf, ' ');
        word_add_quoted(&buf, &words[i]);
    }
    for (uint32_t i = 0; i < command->redirects.list.count; i++) {
        if (buf.size)
            strbuf_add_byte(&buf, ' ');
        strbuf_add(&buf, command->redirects.list.items[i]);
    }
    return strbuf_slice(&buf);
}

typedef struct slice word_reader(struct code *code, const struct word *word);

static struct slice word_written(struct code *code, const struct word *word) {
    (void)code;
    return word->text;
}

/* `same`: the list before; it stands for this one too if the words are the same, as mostly. */
static const struct value *words_value(struct code *code, const struct command *command,
                                       const struct options *options, word_reader *read,
                                       const struct value *same) {
    uint32_t count = options ? options->operands.count : command->count - 1;
    struct arena *arena = code->builder->arena;
    if (!count)
        return NULL;
    struct slice room[16];
    struct slice *texts = count > 16 ? arena_take(code->scratch, sizeof *texts * count) : room;
    bool equal = same && same->count == count;
    for (uint32_t i = 0; i < count; i++) {
        texts[i] = read(code, &command->words[options ? options->operands.items[i] : i + 1]);
        equal = equal && slice_equal(texts[i], same->items[i].value->text);
    }
    if (equal)
        return same;
    struct value_item *items = arena_take(arena, sizeof *items * count);
    for (uint32_t i = 0; i < count; i++) {
        struct span span = command->words[options ? options->operands.items[i] : i + 1].span;
        items[i] = (struct value_item){
            .key = SLICE_NONE, .span = span, .value = value_text(arena, texts[i], span)};
    }
    struct value *list = arena_take(arena, sizeof *list);
    *list =
        (struct value){.kind = VALUE_LIST, .span = command->span, .items = items, .count = count};
    return list;
}

/* A flag given twice with different values holds a list of them. */
static void add_flag(struct code *code, struct body *flags, struct map *seen,
                     const struct option *option, struct span span) {
    struct arena *arena = flags->arena;
    const struct value *value =
        value_text(arena, option->value.data ? option->value : SLICE("true"), span);
    uint32_t at = map_set_default(seen, option->name, flags->items.count);
    if (at == flags->items.count) {
        vec_push(arena, &flags->items,
                 ((struct value_item){.key = option->name, .span = span, .value = value}));
        return;
    }
    const struct value *old = flags->items.items[at].value;
    if (value_equal(old, value))
        return;
    uint32_t count = old->kind == VALUE_LIST ? old->count : 1;
    if (count >= 64)
        return;
    struct value_item *items = ARENA_ARRAY(code->scratch, struct value_item, count + 1);
    for (uint32_t i = 0; i < count; i++)
        items[i] = old->kind == VALUE_LIST ? old->items[i]
                                           : (struct value_item){.span = span, .value = old};
    items[count] = (struct value_item){.span = span, .value = value};
    flags->items.items[at].value = value_items(arena, VALUE_LIST, items, count + 1, span);
}

static void add_flags(struct code *code, struct body *body, const struct command *command,
                      const struct options *options) {
    struct body flags = {.arena = body->arena};
    struct map seen;
    map_init(&seen, code->scratch);
    for (uint32_t i = 0; i < options->list.count; i++)
        add_flag(code, &flags, &seen, &options->list.items[i],
                 command->words[options->list.items[i].word].span);
    if (flags.items.count)
        body_add(body, "flags", body_finish(&flags, command->span));
}

/* A word that could be the name of an action: no path, no variable, no file name. */
static bool is_action_word(struct slice text) {
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        if (!letter && (i == 0 || !(byte == '-' || byte == '_' || byte == ':' ||
                                    (byte >= '0' && byte <= '9'))))
            return false;
    }
    return text.size > 0;
}

/* Of a program nobody knows: the first operand that looks like an action and is not perhaps the
 * value of an option. */
static void add_subcommand(struct code *code, struct body *body, const struct command *command,
                           const struct options *options, const struct program *program) {
    if (program->known && !program->subcommand)
        return;
    for (uint32_t i = 0; i < options->operands.count && i < 8; i++) {
        uint32_t index = options->operands.items[i];
        bool value = false;
        for (uint32_t n = 0; n < options->list.count && !value && !program->known; n++)
            value = options->list.items[n].value_word == index;
        if (value)
            continue;
        const struct word *word = &command->words[index];
        if (program->subcommand || is_action_word(word->text))
            body_add_text(body, "subcommand", word_resolved(code, word), word->span);
        return;
    }
}

static void add_substitutions(struct code *code, struct body *body, const struct command *command) {
    struct slices programs = {0};
    for (uint32_t w = 0; w < command->count; w++)
        for (uint32_t p = 0; p < command->words[w].count; p++) {
            const struct part *part = &command->words[w].parts[p];
            if (part->kind == PART_SUBSTITUTION && part->name.size &&
                programs.list.count < CODE_STAGE_PROGRAMS)
                vec_push(code->scratch, &programs.list, part->name);
        }
    body_add_texts(body, "substitutions", &programs, command->span);
}

static void add_place(struct code *code, struct body *body, const struct command *command) {
    body_add(body, "guards", guard_values(code, command->words, command->count));
    if (code->loops || command->looped)
        body_add_text(body, "loop", SLICE("true"), command->span);
    body_add_text(body, "function", code->function, command->span);
    body_add_texts(body, "pipe_from", &code->stage.from, command->span);
    body_add_texts(body, "pipe_to", &code->stage.to, command->span);
    body_add_texts(body, "redirects", &command->redirects, command->span);
    struct slices wrappers = {0};
    for (uint32_t i = 0; i < code->wrappers.list.count; i++)
        vec_push(code->scratch, &wrappers.list, code->wrappers.list.items[i]);
    for (uint32_t i = 0; i < command->outer.list.count; i++)
        vec_push(code->scratch, &wrappers.list, command->outer.list.items[i]);
    body_add_texts(body, "wrappers", &wrappers, command->span);
    body_add_texts(body, "environment", &command->environment, command->span);
}

/*
 * The command as it is mostly written, program, operands, options, with what is known of variables:
 * patterns over the text of a command are asked of this too. Only where it says anything else than
 * the text: an option in front of the subcommand, or a variable.
 */
static void add_usual(struct code *code, struct body *body, const struct command *command,
                      const struct options *options, struct slice callee) {
    bool differs =
        (options->operands.count && options->operands.items[0] > 1) || code->style != WORDS_POSIX;
    struct strbuf buf;
    strbuf_init(&buf, body->arena);
    strbuf_add(&buf, callee);
    for (uint32_t i = 0; i < options->operands.count; i++) {
        const struct word *word = &command->words[options->operands.items[i]];
        struct slice text = word_resolved(code, word);
        differs = differs || !slice_equal(text, word->text);
        strbuf_add_byte(&buf, ' ');
        strbuf_add(&buf, text);
    }
    differs = differs || !slice_equal(callee, command->words[0].text);
    if (!differs)
        return;
    for (uint32_t i = 1, next = 0; i < command->count; i++) {
        if (next < options->operands.count && options->operands.items[next] == i) {
            next++;
            continue;
        }
        strbuf_add_byte(&buf, ' ');
        word_add_quoted(&buf, &command->words[i]);
    }
    body_add_text(body, "usual", strbuf_slice(&buf), command->span);
}

static void note_arguments(struct code *code, const struct command *command) {
    for (uint32_t w = 0; code->in_function && w < command->count; w++)
        for (uint32_t p = 0; p < command->words[w].count; p++) {
            const struct part *part = &command->words[w].parts[p];
            if (part->kind == PART_VARIABLE && is_argument(part->name))
                code->arguments = true;
        }
}

/* It only says how it is used. An interpreter hands the option on to what it runs. */
static bool asks_for_help(const struct options *options, const struct program *program) {
    if (program->runs || program->stdin_dialect.size)
        return false;
    for (uint32_t i = 0; i < options->list.count; i++)
        if (slice_is(options->list.items[i].name, "help") && !options->list.items[i].value.data)
            return true;
    return false;
}

void command_emit(struct code *code, const struct command *command) {
    struct value_item room[COMMAND_ATTRIBUTES];
    struct body body = {.arena = code->builder->arena,
                        .items = {.items = room, .capacity = COMMAND_ATTRIBUTES}};
    struct slice callee = SLICE(":"), text = joined_text(code, command);
    if (command->count) {
        struct options options = {0};
        const struct program *program = command->program;
        callee = command->callee;
        options_read(code, command->words, command->count, 1, callee, false, &options);
        if (asks_for_help(&options, program))
            return;
        body_add_text(&body, "callee", callee, command->words[0].span);
        if (program->text)
            body_add_text(&body, "data", SLICE("true"), command->span);
        else
            note_arguments(code, command);
        add_subcommand(code, &body, command, &options, program);
        body_add_text(&body, "verb", command_verb(code, command, &options, program),
                      command->words[0].span);
        const struct value *operands = words_value(code, command, &options, word_written, NULL);
        const struct value *resolved =
            words_value(code, command, &options, word_resolved, operands);
        body_add(&body, "operands", operands);
        body_add(&body, "resolved", resolved);
        body_add(&body, "emptied", words_value(code, command, &options, word_emptied, resolved));
        add_flags(code, &body, command, &options);
        bool no_options = options.operands.count + 1 == command->count;
        body_add(&body, "arguments",
                 words_value(code, command, NULL, word_written, no_options ? operands : NULL));
        if (program->subcommand || code->style != WORDS_POSIX ||
            !slice_equal(callee, command->words[0].text))
            add_usual(code, &body, command, &options, callee);
        add_substitutions(code, &body, command);
        if (program->input)
            body_add_text(&body, "input", command->script, command->script_span);
    } else {
        body_add_text(&body, "callee", callee, command->span);
    }
    add_place(code, &body, command);
    body_add_text(&body, "text", text, command->span);
    code_emit(code, "command", callee, text, &body, command->span);
}

/* ---- what else a command does to what follows ---- */

static void set_option(struct code *code, struct slice name, bool on) {
    struct slice text = shell_option(code, name);
    if (!text.size)
        return;
    uint32_t count = code->options.list.count, kept = 0;
    for (uint32_t i = 0; i < count; i++)
        if (!slice_equal(code->options.list.items[i], text))
            code->options.list.items[kept++] = code->options.list.items[i];
    code->options.list.count = kept;
    if (on)
        vec_push(code->scratch, &code->options.list, text);
}

static void read_options(struct code *code, const struct command *command) {
    struct options options = {0};
    options_read(code, command->words, command->count, 1, command->callee, false, &options);
    for (uint32_t i = 0; i < options.list.count; i++) {
        const struct option *option = &options.list.items[i];
        set_option(code, option->value.data ? option->value : option->name, true);
    }
    for (uint32_t i = 0; i < options.operands.count; i++) {
        struct slice text = command->words[options.operands.items[i]].text;
        if (text.size < 2 || text.data[0] != '+')
            continue;
        bool named = slice_is(text, "+o") && i + 1 < options.operands.count;
        for (size_t n = 1; n < text.size && !named; n++)
            set_option(code, slice_sub(text, n, n + 1), false);
        if (named)
            set_option(code, command->words[options.operands.items[i + 1]].text, false);
    }
}

/* ${X:?} ends the shell if X is empty, ${X:=d} gives it a value: X is filled from here on. */
static void read_effects(struct code *code, const struct command *command) {
    for (uint32_t w = 0; w < command->count; w++)
        for (uint32_t p = 0; p < command->words[w].count; p++) {
            const struct part *part = &command->words[w].parts[p];
            if (part->kind != PART_VARIABLE || part->operator.size != 2)
                continue;
            if (part->operator.data[1] == '?')
                variable_get(code, part->name)->filled = true;
            else if (part->operator.data[1] == '=' && part->fallback.size)
                variable_get(code, part->name)->filled = true;
        }
}

/* The language that standard input of this command, or what it passes on, is read in. */
static struct slice stdin_dialect(const struct code *code, struct slice callee, bool through) {
    const struct program *program = program_find(code, callee);
    if (program->stdin_dialect.size && !through)
        return program->stdin_dialect;
    if (!through && !program->passes)
        return SLICE_NONE;
    for (uint32_t i = 0; i < code->stage.to.list.count; i++) {
        const struct program *next = program_find(code, code->stage.to.list.items[i]);
        if (next->stdin_dialect.size)
            return next->stdin_dialect;
        if (!next->passes)
            break;
    }
    return SLICE_NONE;
}

static bool has_option(const struct options *options, struct slice name) {
    for (uint32_t i = 0; i < options->list.count; i++)
        if (slice_equal(options->list.items[i].name, name))
            return true;
    return false;
}

static void read_stdin(struct code *code, const struct command *command) {
    struct slice callee = command->callee;
    const struct program *program = command->program;
    struct slice script = command->script, dialect = SLICE_NONE;
    uint32_t source = command->script_source;
    struct span span = command->script_span;
    if (script.size) {
        dialect = stdin_dialect(code, callee, false);
        if (!dialect.size && program->passes)
            file_keep(code, command);
    } else if (program->prints && code->stage.to.list.count) {
        struct options options = {0};
        options_read(code, command->words, command->count, 1, callee, false, &options);
        dialect = options.operands.count ? stdin_dialect(code, callee, true) : SLICE_NONE;
        struct strbuf buf;
        strbuf_init(&buf, code->builder->arena);
        for (uint32_t i = 0; dialect.size && i < options.operands.count; i++) {
            if (i)
                strbuf_add_byte(&buf, ' ');
            strbuf_add(&buf, word_resolved(code, &command->words[options.operands.items[i]]));
        }
        script = strbuf_slice(&buf);
        if (program->escapes || has_option(&options, SLICE("e")))
            script = ansi_decode(code->builder->arena, script);
        span = command->span;
        source = options.operands.count == 1 ? command->words[options.operands.items[0]].source
                                             : UINT32_MAX;
    }
    if (!dialect.size)
        return;
    struct stage outer = code->stage;
    uint32_t wrappers = code->wrappers.list.count;
    for (uint32_t i = 0; !program->stdin_dialect.size && i < outer.to.list.count; i++)
        vec_push(code->scratch, &code->wrappers.list, outer.to.list.items[i]);
    if (program->stdin_dialect.size)
        vec_push(code->scratch, &code->wrappers.list, callee);
    code->stage = (struct stage){0};
    code_embed(code, dialect, script, source, span, code->scope);
    code->stage = outer;
    code->wrappers.list.count = wrappers;
}

void command_know(struct code *code, struct command *command) {
    if (!command->count)
        return;
    command->callee = command_callee(code, &command->words[0]);
    command->program = program_find(code, command->callee);
}

void command_read(struct code *code, const struct command *given) {
    struct command own = *given;
    const struct command *command = &own;
    command_know(code, &own);
    if (!own.count) {
        command_emit(code, command);
        return;
    }
    if (!wrapper_read(code, command)) {
        command_emit(code, command);
        read_stdin(code, command);
    }
    function_call(code, command);
    file_run(code, command);
    if (own.program->options)
        read_options(code, command);
    if (own.program->aliases)
        alias_keep(code, command);
    for (uint32_t i = 1; own.program->forgets && i < command->count; i++)
        variable_forget(code, command->words[i].text);
    read_effects(code, command);
}
