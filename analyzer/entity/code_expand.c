/*
 * What the shell does to the words of a command before it runs it: braces, variables that hold
 * several words, arrays, aliases, and the functions of the same text that are given constants. Only
 * what is certain is expanded; the rest stays as it is written.
 */
#include "entity/code.h"

#include "base/utf8.h"

enum {
    EXPANDED_WORDS = 256,  /* words made of one command's, more stay as they are written */
    NAMED_SCRIPT = 1024,   /* bytes of a function that is read again where it is called */
    NAMED_SCRIPT_DEPTH = 3 /* functions that call functions */
};

/* Never part of a word: keeps the elements of an array apart in the value of its variable. */
#define ELEMENT_END '\x1f'

/* ---- words ---- */

struct fields {
    struct code *code;
    struct words *out;
    const struct word *word;
    VEC(struct part) parts; /* of the word being put together */
    bool begun;
};

static void fields_end(struct fields *fields) {
    if (!fields->begun)
        return;
    struct arena *arena = fields->code->builder->arena;
    struct word word = {.parts = fields->parts.items,
                        .count = fields->parts.count,
                        .span = fields->word->span,
                        .source = UINT32_MAX};
    word.text = word_text(arena, word.parts, word.count);
    vec_push(fields->code->scratch, &fields->out->list, word);
    memset(&fields->parts, 0, sizeof fields->parts);
    fields->begun = false;
}

static void fields_add(struct fields *fields, struct part part) {
    vec_push(fields->code->scratch, &fields->parts, part);
    fields->begun = true;
}

static bool is_blank(char byte) {
    return byte == ' ' || byte == '\t' || byte == '\n';
}

/* ${name[@]} and ${name[*]}; $@ and $*. */
static bool names_elements(const struct part *part) {
    bool all = slice_is(part->fallback, "@]") || slice_is(part->fallback, "*]");
    return slice_is(part->name, "@") || slice_is(part->name, "*") ||
           (slice_is(part->operator, "[") && all);
}

/* The value a part stands for if the shell makes several words of it, else none. */
static struct slice several(struct code *code, const struct part *part, char *separator) {
    if (part->kind != PART_VARIABLE)
        return SLICE_NONE;
    const struct variable *variable = variable_find(code->variables, part->name);
    bool elements = names_elements(part);
    if (!elements && slice_is(part->name, "IFS") && !part->quoted && !variable) {
        *separator = ' ';
        return SLICE(" ");
    }
    if (variable && variable->known && is_argument(part->name) && !part->operator.size) {
        *separator = ELEMENT_END;
        return variable->resolved;
    }
    if (!variable || !variable->known || (part->quoted && !elements) ||
        (part->operator.size && !elements))
        return SLICE_NONE;
    *separator = elements ? ELEMENT_END : ' ';
    struct slice value = variable->resolved;
    if (elements)
        return value;
    bool apart = slice_starts(value, SLICE("-")); /* an option is read as one */
    for (size_t i = 0; i < value.size && !apart; i++)
        apart = is_blank(value.data[i]);
    return apart ? value : SLICE_NONE;
}

static bool ends_field(char byte, char separator) {
    return separator == ELEMENT_END ? byte == ELEMENT_END : is_blank(byte);
}

static void add_fields(struct fields *fields, struct slice value, char separator) {
    size_t from = 0;
    for (size_t i = 0; i <= value.size; i++) {
        if (i < value.size && !ends_field(value.data[i], separator))
            continue;
        if (i > from)
            fields_add(fields, (struct part){.kind = PART_TEXT,
                                             .text = slice_sub(value, from, i),
                                             .quoted = separator == ELEMENT_END});
        if (i < value.size)
            fields_end(fields);
        from = i + 1;
    }
}

static void expand_fields(struct code *code, const struct word *word, struct words *out) {
    char separator = 0;
    bool any = false;
    for (uint32_t i = 0; i < word->count && !any; i++)
        any = several(code, &word->parts[i], &separator).data != NULL;
    if (!any || out->list.count >= EXPANDED_WORDS) {
        vec_push(code->scratch, &out->list, *word);
        return;
    }
    struct fields fields = {.code = code, .out = out, .word = word};
    for (uint32_t i = 0; i < word->count; i++) {
        struct slice value = several(code, &word->parts[i], &separator);
        if (value.data)
            add_fields(&fields, value, separator);
        else
            fields_add(&fields, word->parts[i]);
    }
    fields_end(&fields);
}

void words_expand(struct code *code, const struct word *word, struct words *out) {
    if (slice_find_byte(word->text, '{') == SLICE_NPOS) {
        expand_fields(code, word, out);
        return;
    }
    struct words braces = {0};
    words_expand_braces(code, word, &braces);
    for (uint32_t i = 0; i < braces.list.count; i++)
        expand_fields(code, &braces.list.items[i], out);
}

struct slice elements_join(struct code *code, const struct words *words) {
    struct strbuf buf;
    strbuf_init(&buf, code->builder->arena);
    for (uint32_t i = 0; i < words->list.count; i++) {
        if (i)
            strbuf_add_byte(&buf, ELEMENT_END);
        strbuf_add(&buf, word_resolved(code, &words->list.items[i]));
    }
    return strbuf_slice(&buf);
}

/* ---- aliases and functions: names for scripts ---- */

/* Kept among the variables, under a key that is no name of one. */
static struct slice script_prefix(enum script_kind kind) {
    return kind == SCRIPT_ALIAS      ? SLICE("alias ")
           : kind == SCRIPT_FUNCTION ? SLICE("function ")
                                     : SLICE("file ");
}

uint32_t script_kind_of(struct slice variable) {
    uint32_t kind = SCRIPT_FILE;
    while (kind && !slice_starts(variable, script_prefix((enum script_kind)kind)))
        kind >>= 1;
    return kind;
}

static void script_keep(struct code *code, enum script_kind kind, struct slice name,
                        struct slice script) {
    struct slice key = ARENA_CONCAT(code->scratch, script_prefix(kind), name);
    struct variable *variable = variable_get(code, key);
    variable->known = true;
    variable->resolved = variable->emptied = script;
    code->scripts |= kind;
}

static struct variable *script_find(struct code *code, enum script_kind kind, struct slice name) {
    char room[64];
    struct slice prefix = script_prefix(kind), key = slice_make(room, prefix.size + name.size);
    if (!(code->scripts & kind) || code->calls >= NAMED_SCRIPT_DEPTH)
        return NULL;
    if (key.size <= sizeof room) {
        memcpy(room, prefix.data, prefix.size);
        memcpy(room + prefix.size, name.data, name.size);
    } else {
        key = ARENA_CONCAT(code->scratch, prefix, name);
    }
    struct variable *variable = variable_find(code->variables, key);
    return variable && variable->known && variable->resolved.size ? variable : NULL;
}

/* A script that names itself is not entered again. */
static void script_read(struct code *code, struct slice key, struct slice script,
                        struct span span) {
    variable_find(code->variables, key)->known = false;
    code->calls++;
    code_embed(code, code->builder->dialect->name, script, UINT32_MAX, span, code->scope);
    code->calls--;
    variable_find(code->variables, key)->known = true;
}

void alias_keep(struct code *code, const struct command *command) {
    for (uint32_t i = 1; i < command->count; i++) {
        struct slice text = word_resolved(code, &command->words[i]);
        size_t equals = slice_find_byte(text, '=');
        if (equals != SLICE_NPOS && equals > 0 && text.size - equals <= NAMED_SCRIPT)
            script_keep(code, SCRIPT_ALIAS, slice_sub(text, 0, equals),
                        slice_from(text, equals + 1));
    }
}

bool alias_read(struct code *code, const struct command *command) {
    if (!command->count || command->all || command->script.size)
        return false;
    const struct variable *alias = script_find(code, SCRIPT_ALIAS, command->words[0].text);
    if (!alias)
        return false;
    struct slice key = alias->name, script = alias->resolved;
    struct strbuf buf;
    strbuf_init(&buf, code->builder->arena);
    for (uint32_t i = 0; i < command->environment.list.count; i++)
        strbuf_addf(&buf, "%.*s ", SLICE_ARGS(command->environment.list.items[i]));
    strbuf_add(&buf, script);
    for (uint32_t i = 1; i < command->count; i++) {
        strbuf_add_byte(&buf, ' ');
        word_add_quoted(&buf, &command->words[i]);
    }
    for (uint32_t i = 0; i < command->redirects.list.count; i++) {
        strbuf_add_byte(&buf, ' ');
        strbuf_add(&buf, command->redirects.list.items[i]);
    }
    script_read(code, key, strbuf_slice(&buf), command->span);
    return true;
}

/* `cat > x <<EOF`: the file is known to whoever runs it later in the text. */
void file_keep(struct code *code, const struct command *command) {
    if (command->script.size > NAMED_SCRIPT)
        return;
    for (uint32_t i = 0; i < command->redirects.list.count; i++) {
        struct slice redirect = command->redirects.list.items[i];
        if (slice_starts(redirect, SLICE(">")) && !slice_starts(redirect, SLICE(">&")))
            script_keep(code, SCRIPT_FILE, slice_trim(slice_from(redirect, 1)), command->script);
    }
}

void file_run(struct code *code, const struct command *command) {
    if (!(code->scripts & SCRIPT_FILE))
        return;
    const struct word *word = &command->words[0];
    if (slice_equal(command->program->stdin_dialect, code->builder->dialect->name))
        word = command->count > 1 ? &command->words[1] : NULL;
    const struct variable *file =
        word ? script_find(code, SCRIPT_FILE, word_resolved(code, word)) : NULL;
    if (file)
        script_read(code, file->name, file->resolved, command->span);
}

bool is_argument(struct slice name) {
    return name.size == 1 && strchr("123456789@*", name.data[0]) != NULL;
}

void function_keep(struct code *code, struct slice name, struct slice body) {
    if (body.size <= NAMED_SCRIPT)
        script_keep(code, SCRIPT_FUNCTION, name, body);
}

static void bind_argument(struct code *code, struct slice name, struct slice value) {
    struct variable *variable = variable_get(code, name);
    variable->known = variable->filled = true;
    variable->resolved = variable->emptied = value;
}

/* $1, $2 ... as far as they are known, and $@ if all are. */
static bool bind_arguments(struct code *code, const struct command *command) {
    static const char digits[] = "123456789";
    struct words words = {0};
    bool any = false, all = true;
    for (uint32_t i = 1; i < command->count; i++) {
        const struct word *word = &command->words[i];
        bool constant = word_is_constant(code, word);
        any = any || constant;
        all = all && constant;
        vec_push(code->scratch, &words.list, *word);
        if (constant && i <= 9)
            bind_argument(code, slice_make(&digits[i - 1], 1), word_resolved(code, word));
    }
    if (any && all) {
        bind_argument(code, SLICE("@"), elements_join(code, &words));
        bind_argument(code, SLICE("*"), elements_join(code, &words));
    }
    return any;
}

static void forget_arguments(struct code *code) {
    static const char names[] = "123456789@*";
    for (size_t i = 0; i + 1 < sizeof names; i++)
        variable_forget(code, slice_make(&names[i], 1));
}

void function_call(struct code *code, const struct command *command) {
    const struct variable *function = script_find(code, SCRIPT_FUNCTION, command->words[0].text);
    if (!function || command->count < 2 || code->in_function)
        return;
    struct slice key = function->name, outer = code->function;
    struct slice body = function->resolved;
    if (bind_arguments(code, command)) {
        code->function = command->words[0].text;
        script_read(code, key, body, command->span);
        code->function = outer;
    }
    forget_arguments(code);
}

/* ---- letters that look like others ---- */

/* Appends a word as a reader takes it: look-alikes replaced, invisible characters dropped. Words of
 * another alphabet, of which letters remain, are words. */
static bool add_shown(struct code *code, struct slice word, struct strbuf *out) {
    struct strbuf buf;
    strbuf_init(&buf, code->scratch);
    for (size_t at = 0; at < word.size;) {
        uint32_t codepoint, size = utf8_decode(word, at, &codepoint);
        struct slice shown = slice_sub(word, at, at + size);
        if (!size || (size > 1 && !lookalike_find(code, codepoint, &shown))) {
            strbuf_add(out, word);
            return false;
        }
        strbuf_add(&buf, shown);
        at += size;
    }
    strbuf_add(out, strbuf_slice(&buf));
    return true;
}

static size_t word_end(struct slice text, size_t from, bool *ascii) {
    *ascii = true;
    while (from < text.size && !is_blank(text.data[from]))
        *ascii = (unsigned char)text.data[from++] < 0x80 && *ascii;
    return from;
}

static bool is_ascii(struct slice text) {
    unsigned char any = 0;
    for (size_t i = 0; i < text.size; i++)
        any |= (unsigned char)text.data[i];
    return any < 0x80;
}

/* A quote that looks like one may be alone. */
static bool is_closed(struct slice text) {
    bool open = false;
    for (size_t i = 0; i < text.size; i++)
        open ^= text.data[i] == '"';
    return !open;
}

void lookalikes_read(struct code *code, struct span span) {
    struct slice text = slice_sub(code->text, span.from, span.to);
    struct strbuf buf;
    bool changed = false, ascii;
    if (code->calls >= NAMED_SCRIPT_DEPTH || is_ascii(text))
        return;
    strbuf_init(&buf, code->builder->arena);
    for (size_t at = 0, end; at < text.size; at = end) {
        end = word_end(text, at, &ascii);
        struct slice word = slice_sub(text, at, end);
        if (ascii)
            strbuf_add(&buf, word);
        else
            changed = add_shown(code, word, &buf) || changed;
        if (end < text.size)
            strbuf_add_byte(&buf, text.data[end++]);
    }
    if (!changed || !is_closed(strbuf_slice(&buf)))
        return;
    uint32_t outer = code->calls;
    code->calls = NAMED_SCRIPT_DEPTH;
    code_embed(code, code->builder->dialect->name, strbuf_slice(&buf), UINT32_MAX, span,
               code->scope);
    code->calls = outer;
}
