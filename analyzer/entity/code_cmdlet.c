#include "entity/code_cmdlet.h"

enum { ELEMENTS = 256, LIST_LEVELS = 6, PIPED_STAGES = 8 };

/* What stands behind the name of a command: a parameter, or one or more words. */
struct element {
    struct slice parameter; /* without its dash; none for words */
    struct words words;
    struct span span;
    bool attached; /* `-Name:`, the value follows */
};

struct call {
    struct code *code;
    struct cmdlet cmdlet;
    struct slice key; /* name in small letters, as the tables have it */
    VEC(struct element) elements;
    struct words operands, options, all; /* all: the text that is told */
    struct command command;
    struct word name;
    bool named;     /* its parameters are named */
    bool unlike;    /* it has options that the cmdlet of that name has not */
    uint32_t given; /* operands */
};

TSNode cmdlet_child(const struct code *code, TSNode node, enum node_role role) {
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; i < count && i < ELEMENTS; i++)
        if (code_role(code, ts_node_named_child(node, i)) == role)
            return ts_node_named_child(node, i);
    return (TSNode){0};
}

/* ---- the name ---- */

/* Verb-Noun */
static bool looks_named(const struct code *code, struct slice key) {
    struct slice means;
    size_t dash = slice_find_byte(key, '-');
    return dash != SLICE_NPOS && dash > 0 && dash + 1 < key.size &&
           cmdlet_verb_find(code, slice_sub(key, 0, dash), &means);
}

static TSNode name_node(const struct code *code, TSNode node) {
    TSNode name = node_field(code->roles, node, FIELD_NAME);
    if (ts_node_is_null(name))
        name = cmdlet_child(code, node, ROLE_COMMAND_NAME);
    return ts_node_is_null(name) ? ts_node_named_child(node, 0) : name;
}

/* The grammar of cmd ends a name at a caret: r^d. */
static uint32_t name_to(const struct code *code, TSNode node, TSNode name) {
    uint32_t to = ts_node_end_byte(name), end = ts_node_end_byte(node);
    if (code->style == WORDS_PERCENT && to < end && code->text.data[to] == '^')
        while (to < end && !strchr(" \t\r\n", code->text.data[to]))
            to++;
    return to;
}

static bool open_call(struct call *call, struct code *code, TSNode node) {
    TSNode name = name_node(code, node);
    *call = (struct call){.code = code,
                          .command = {.span = code_span(node), .script_source = UINT32_MAX}};
    if (ts_node_is_null(name))
        return false;
    uint32_t from = ts_node_start_byte(name);
    while (code->text.data[from] == '@' && from + 1 < ts_node_end_byte(name))
        from++; /* @del: the line is not shown */
    call->name = cmdlet_word(code, from, name_to(code, node, name));
    struct slice base = cmdlet_base(word_resolved(code, &call->name));
    call->key = cmdlet_lower(code->builder->arena, base);
    bool program = base.size < call->name.text.size; /* sc.exe is no sc */
    call->named = !program && cmdlet_find(code, call->key, &call->cmdlet);
    if (call->named)
        call->key = cmdlet_lower(code->builder->arena, call->cmdlet.name);
    else
        call->cmdlet = (struct cmdlet){base, SLICE(""), SLICE("")};
    if (!call->named && code->style == WORDS_DOLLAR)
        call->named = !program_find(code, base)->known && looks_named(code, call->key);
    return true;
}

struct slice cmdlet_program(struct code *code, TSNode node) {
    struct call call;
    if (!open_call(&call, code, node))
        return SLICE_NONE;
    return call.cmdlet.program.size ? call.cmdlet.program : call.cmdlet.name;
}

/* ---- its elements ---- */

static void add_word(struct call *call, struct words *to, struct slice text, struct span span) {
    struct word word = word_of_text(call->code, text, span);
    word.parts[0].quoted = false;
    vec_push(call->code->scratch, &to->list, word);
}

static void list_words(struct code *code, TSNode node, struct words *out, uint32_t level) {
    node = code_plain(code, node);
    enum node_role role = code_role(code, node);
    TSNode inner = role == ROLE_TUPLE ? node : (TSNode){0};
    for (uint32_t i = 0; i < LIST_LEVELS && !ts_node_is_null(inner); i++) {
        TSNode list = cmdlet_child(code, inner, ROLE_LIST);
        if (!ts_node_is_null(list)) {
            node = list;
            role = ROLE_LIST;
            break;
        }
        inner = ts_node_named_child_count(inner) == 1 ? code_named(inner, 0) : (TSNode){0};
    }
    if (role != ROLE_LIST || level >= LIST_LEVELS) {
        vec_push(code->scratch, &out->list,
                 cmdlet_word(code, ts_node_start_byte(node), ts_node_end_byte(node)));
        return;
    }
    uint32_t count = ts_node_named_child_count(node);
    for (uint32_t i = 0; i < count && i < ELEMENTS; i++)
        list_words(code, code_named(node, i), out, level + 1);
}

static void add_parameter(struct call *call, struct slice text, struct span span) {
    struct element element = {.span = span};
    size_t colon = slice_find_byte(text, ':');
    element.attached = colon != SLICE_NPOS;
    element.parameter = slice_sub(text, 1, element.attached ? colon : text.size);
    if (slice_starts(element.parameter, SLICE("-")))
        element.parameter = slice_from(element.parameter, 1);
    if (element.attached && colon + 1 < text.size) { /* /p:x, in one word */
        struct slice value = slice_from(text, colon + 1);
        add_word(call, &element.words, value, span);
    }
    vec_push(call->code->scratch, &call->elements, element);
}

static void read_node_elements(struct call *call, TSNode arguments) {
    struct code *code = call->code;
    struct children children = code_children(code, arguments);
    for (uint32_t i = 0; i < children.count; i++) {
        TSNode child = children.items[i].node;
        enum node_role role = code_role(code, child);
        struct element element = {.parameter = SLICE_NONE, .span = code_span(child)};
        if (role == ROLE_SEPARATOR && call->elements.count)
            call->elements.items[call->elements.count - 1].attached =
                slice_find_byte(code_source(code, child), ':') != SLICE_NPOS;
        if (!ts_node_is_named(child) || role == ROLE_SEPARATOR || role == ROLE_COMMENT)
            continue;
        if (role == ROLE_KEYWORD_ARGUMENT) {
            add_parameter(call, code_source(code, child), element.span);
            continue;
        }
        if (role == ROLE_REDIRECT) {
            struct slice text = code_squeeze(code->builder->arena, code_source(code, child));
            vec_push(code->scratch, &call->command.redirects.list, text);
            continue;
        }
        list_words(code, child, &element.words, 0);
        vec_push(code->scratch, &call->elements, element);
    }
}

/* In cmd the words of a command are what is between blanks, whatever they are made of. */
static void read_text_elements(struct call *call, TSNode node, TSNode name) {
    struct code *code = call->code;
    struct word_ranges ranges = {0};
    cmdlet_split(code, (struct span){name_to(code, node, name), ts_node_end_byte(node)},
                 code->scratch, &ranges);
    for (uint32_t i = 0; i < ranges.list.count; i++) {
        struct span span = ranges.list.items[i];
        struct slice text = slice_sub(code->text, span.from, span.to);
        bool option = call->named && text.size > 1 && (text.data[0] == '/' || text.data[0] == '-');
        if (option) {
            add_parameter(call, text, span);
            continue;
        }
        struct element element = {.parameter = SLICE_NONE, .span = span};
        vec_push(code->scratch, &element.words.list, cmdlet_word(code, span.from, span.to));
        vec_push(code->scratch, &call->elements, element);
    }
}

/* ---- what it is told as ---- */

static void append_words(struct call *call, struct words *to, const struct words *from) {
    for (uint32_t i = 0; i < from->list.count; i++)
        vec_push(call->code->scratch, &to->list, from->list.items[i]);
}

static struct slice joined(struct call *call, const struct words *words) {
    struct strbuf buf;
    strbuf_init(&buf, call->code->builder->arena);
    for (uint32_t i = 0; i < words->list.count; i++) {
        if (i)
            strbuf_add_byte(&buf, ',');
        strbuf_add(&buf, word_resolved(call->code, &words->list.items[i]));
    }
    return buf.size ? strbuf_slice(&buf) : SLICE("");
}

static bool is_false(struct slice text) {
    return slice_equal_nocase(text, SLICE("$false")) || slice_is(text, "0") ||
           slice_equal_nocase(text, SLICE("false"));
}

static bool is_true(struct slice text) {
    return slice_equal_nocase(text, SLICE("$true"));
}

/* `means` is an option with its dashes; of a name the option is that name. */
static void add_option(struct call *call, struct slice name, struct slice means, struct slice value,
                       const struct element *element) {
    struct arena *arena = call->code->builder->arena;
    struct slice text = means.size ? means : ARENA_CONCAT(arena, SLICE("--"), name);
    if (value.size)
        text = ARENA_CONCAT(arena, text, SLICE("="), value);
    add_word(call, &call->options, text, element->span);
}

/* The value of the parameter at *index: behind its colon, or the words that follow. */
static const struct element *value_of(const struct call *call, uint32_t *index, bool wanted) {
    const struct element *element = &call->elements.items[*index];
    if (element->words.list.count)
        return element;
    const struct element *next = *index + 1 < call->elements.count ? element + 1 : NULL;
    if (!next || next->parameter.data || !(wanted || element->attached))
        return NULL;
    ++*index;
    return next;
}

/* A command line in one text is its words. */
static void add_apart(struct call *call, const struct word *word) {
    struct slice rest = word->text, part;
    if (slice_find_byte(rest, ' ') == SLICE_NPOS || call->operands.list.count > 1) {
        vec_push(call->code->scratch, &call->operands.list, *word);
        return;
    }
    while (slice_split(&rest, ' ', &part))
        if (part.size)
            add_word(call, &call->operands, part, word->span);
}

static void read_parameter(struct call *call, uint32_t *index) {
    const struct element *element = &call->elements.items[*index];
    struct arena *arena = call->code->builder->arena;
    struct cmdlet_parameter parameter =
        parameter_find(call->code, call->key, cmdlet_lower(arena, element->parameter));
    if (parameter.form == PARAMETER_UNKNOWN)
        parameter.name = element->parameter;
    if (parameter.form == PARAMETER_UNKNOWN && call->cmdlet.program.size)
        call->unlike = true;
    const struct element *value = value_of(call, index, parameter.form != PARAMETER_SWITCH);
    struct slice text = value ? joined(call, &value->words) : SLICE("");
    bool off = value && parameter.form == PARAMETER_SWITCH && is_false(text);
    add_word(call, &call->all,
             ARENA_CONCAT(arena, SLICE("-"), parameter.name, off ? SLICE(":$false") : SLICE("")),
             element->span);
    if (value && parameter.form != PARAMETER_SWITCH)
        append_words(call, &call->all, &value->words);
    if (slice_is(parameter.means, "-"))
        return;
    if (slice_is(parameter.means, "words")) {
        for (uint32_t i = 0; value && i < value->words.list.count; i++)
            add_apart(call, &value->words.list.items[i]);
    } else if (slice_is(parameter.means, "operand")) {
        if (value)
            append_words(call, &call->operands, &value->words);
    } else if (off) {
        if (!parameter.means.size)
            add_option(call, parameter.name, SLICE(""), SLICE("false"), element);
    } else if (parameter.form == PARAMETER_WORD && value) {
        add_option(call, parameter.name, parameter.means, SLICE(""), element);
        append_words(call, &call->options, &value->words);
    } else {
        bool plain = parameter.form == PARAMETER_SWITCH || parameter.form == PARAMETER_IGNORED ||
                     is_true(text);
        add_option(call, parameter.name, parameter.means, plain ? SLICE("") : text, element);
    }
}

/* Words that mean something by themselves: /s, $true as the second argument. */
static bool read_meaning(struct call *call, const struct word *word) {
    struct slice text = cmdlet_lower(call->code->builder->arena, word->text);
    if (!call->given || text.size < 2 || text.data[0] != '$')
        return false;
    struct cmdlet_parameter parameter = parameter_find(call->code, call->key, text);
    if (parameter.form != PARAMETER_SWITCH || !parameter.means.size)
        return false;
    struct element element = {.span = word->span};
    add_option(call, parameter.name, parameter.means, SLICE(""), &element);
    return true;
}

static void read_elements(struct call *call) {
    add_word(call, &call->all, call->cmdlet.name, call->name.span);
    for (uint32_t i = 0; i < call->elements.count; i++) {
        const struct element *element = &call->elements.items[i];
        if (element->parameter.data) {
            read_parameter(call, &i);
            continue;
        }
        append_words(call, &call->all, &element->words);
        for (uint32_t n = 0; n < element->words.list.count; n++, call->given++)
            if (!read_meaning(call, &element->words.list.items[n]))
                vec_push(call->code->scratch, &call->operands.list, element->words.list.items[n]);
    }
}

/* As it stands: a program that is no cmdlet, or the program that a cmdlet is named after. */
static void read_native(struct call *call) {
    struct words words = {0};
    struct word name = call->name;
    if (name.count == 1 && name.parts[0].kind == PART_TEXT)
        name = word_of_text(call->code, cmdlet_base(name.text), name.span);
    vec_push(call->code->scratch, &words.list, name);
    for (uint32_t i = 0; i < call->elements.count; i++) {
        const struct element *element = &call->elements.items[i];
        if (element->parameter.data)
            add_word(call, &words,
                     slice_sub(call->code->text, element->span.from, element->span.to),
                     element->span);
        else
            append_words(call, &words, &element->words);
    }
    call->command.words = words.list.items;
    call->command.count = words.list.count;
}

static void finish_named(struct call *call) {
    struct words words = {0};
    struct slice program = call->cmdlet.program.size ? call->cmdlet.program : call->cmdlet.name;
    add_word(call, &words, program, call->name.span);
    append_words(call, &words, &call->operands);
    append_words(call, &words, &call->options);
    if (call->code->style == WORDS_PERCENT) { /* as it is written: its names are short */
        read_native(call);
        call->all.list.items = (struct word *)call->command.words;
        call->all.list.count = call->command.count;
    }
    call->command.words = words.list.items;
    call->command.count = words.list.count;
    call->command.all = call->all.list.items;
    call->command.all_count = call->all.list.count;
}

/* ---- the end of a pipeline that is a part of its beginning ---- */

static bool read_call(struct call *call, struct code *code, TSNode node) {
    if (!open_call(call, code, node))
        return false;
    TSNode arguments = cmdlet_child(code, node, ROLE_ARGUMENTS);
    if (code->style == WORDS_PERCENT)
        read_text_elements(call, node, name_node(code, node));
    else if (!ts_node_is_null(arguments))
        read_node_elements(call, arguments);
    if (call->named)
        read_elements(call);
    return true;
}

static bool narrows(const struct call *call) {
    return call->cmdlet.piped.size && !slice_is(call->cmdlet.piped, "+");
}

/* `Get-ChildItem x | Where-Object {..} | Remove-Item` is find x -where={..} -delete: the commands
 * in front from the first, of which all must be known to narrow what comes through. */
static void read_piped(struct call *call, TSNode node) {
    struct code *code = call->code;
    TSNode stages[PIPED_STAGES], before = ts_node_prev_named_sibling(node);
    uint32_t count = 0;
    for (; !ts_node_is_null(before) && count < PIPED_STAGES;
         before = ts_node_prev_named_sibling(before)) {
        enum node_role role = code_role(code, before);
        if (role != ROLE_COMMAND && role != ROLE_COMMENT)
            return;
        if (role == ROLE_COMMAND)
            stages[count++] = before;
    }
    struct call first;
    if (!count || !read_call(&first, code, stages[count - 1]) || first.unlike ||
        !slice_is(first.cmdlet.piped, "+"))
        return;
    struct element end = {.span = call->name.span};
    for (uint32_t i = count - 1; i-- > 0;) {
        struct call stage;
        if (!read_call(&stage, code, stages[i]) || !narrows(&stage))
            return;
        add_word(&first, &first.all, SLICE("|"), end.span);
        append_words(&first, &first.all, &stage.all);
        add_option(&first, SLICE(""), stage.cmdlet.piped, joined(&stage, &stage.operands), &end);
    }
    add_word(&first, &first.all, SLICE("|"), end.span);
    append_words(&first, &first.all, &call->all);
    add_option(&first, SLICE(""), call->cmdlet.piped, SLICE(""), &end);
    append_words(&first, &first.options, &call->options);
    call->cmdlet.program = first.cmdlet.program;
    call->operands = first.operands;
    call->options = first.options;
    call->all = first.all;
}

/* ---- reading ---- */

/* Scripts among the arguments, and what is run to make an argument. */
static void walk_arguments(struct call *call, TSNode arguments) {
    struct code *code = call->code;
    struct wrapper rows[WRAPPER_ROWS];
    struct stage stage = code->stage;
    struct slice evaluates = wrapper_evaluates(code, call->command.words, call->command.count);
    uint32_t found = wrapper_find(code, call->cmdlet.name, rows);
    uint32_t wrappers = code->wrappers.list.count;
    bool loop = found && rows[0].loop;
    code->stage = (struct stage){0};
    if (evaluates.size)
        vec_push(code->scratch, &code->stage.to.list, evaluates);
    if (found)
        vec_push(code->scratch, &code->wrappers.list, call->cmdlet.name);
    code->loops += loop;
    code_walk_children(code, arguments);
    code->loops -= loop;
    code->wrappers.list.count = wrappers;
    code->stage = stage;
}

/* Remove-Item @options: read again with what the variable holds in its place. */
static bool read_splatted(struct call *call) {
    struct code *code = call->code;
    for (uint32_t i = 0; i < call->elements.count && code->calls < 2; i++) {
        struct span span = call->elements.items[i].span;
        struct slice source = slice_sub(code->text, span.from, span.to);
        if (source.size < 2 || source.data[0] != '@' || strchr("({'\"", source.data[1]))
            continue;
        const struct variable *variable =
            variable_find(code->variables, cmdlet_lower(code->scratch, source));
        if (!variable || !variable->known)
            continue;
        struct span whole = call->command.span;
        struct slice text =
            ARENA_CONCAT(code->builder->arena, slice_sub(code->text, whole.from, span.from),
                         variable->resolved, slice_sub(code->text, span.to, whole.to));
        code->calls++;
        code_embed(code, code->builder->dialect->name, text, UINT32_MAX, whole, code->scope);
        code->calls--;
        return true;
    }
    return false;
}

void cmdlet_read(struct code *code, TSNode node) {
    struct call call;
    if (!read_call(&call, code, node) || read_splatted(&call))
        return;
    if (call.named && !call.unlike && narrows(&call) && !call.operands.list.count)
        read_piped(&call, node);
    if (call.named && !call.unlike)
        finish_named(&call);
    else
        read_native(&call);
    command_read(code, &call.command);
    TSNode arguments = cmdlet_child(code, node, ROLE_ARGUMENTS), name = name_node(code, node);
    if (!ts_node_is_null(name))
        code_walk(code, name); /* & { .. } */
    if (!ts_node_is_null(arguments) && code->style == WORDS_DOLLAR)
        walk_arguments(&call, arguments);
    lookalikes_read(code, call.command.span);
}

/* [System.IO.Directory]::Delete(x, $true) and .DownloadString(x), if the tables know them. */
void cmdlet_invocation(struct code *code, TSNode node) {
    struct slice source = code_source(code, node);
    TSNode list = ts_node_named_child(node, ts_node_named_child_count(node) - 1);
    size_t end = ts_node_start_byte(list) - ts_node_start_byte(node);
    struct slice name = slice_sub(source, 0, end < source.size ? end : source.size);
    size_t dot = slice_find_last_byte(name, '.');
    struct call call = {.code = code,
                        .command = {.span = code_span(node), .script_source = UINT32_MAX}};
    call.key = cmdlet_lower(code->builder->arena, name);
    bool known = cmdlet_find(code, call.key, &call.cmdlet);
    if (!known && dot != SLICE_NPOS) {
        call.key = slice_from(call.key, dot);
        known = cmdlet_find(code, call.key, &call.cmdlet);
    }
    struct element element = {.parameter = SLICE_NONE, .span = code_span(list)};
    TSNode values = known ? code_named(list, 0) : (TSNode){0};
    uint32_t count = ts_node_is_null(values) ? 0 : ts_node_named_child_count(values);
    for (uint32_t i = 0; i < count && i < ELEMENTS; i++)
        list_words(code, code_named(values, i), &element.words, 0);
    call.name.span = code_span(node);
    vec_push(code->scratch, &call.elements, element);
    if (known) {
        call.key = cmdlet_lower(code->builder->arena, call.cmdlet.name);
        read_elements(&call);
        finish_named(&call);
        command_know(code, &call.command);
        command_emit(code, &call.command);
    }
    code_walk_children(code, node);
}
