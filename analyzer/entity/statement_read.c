#include "entity/cache.h"
#include "entity/statement.h"

enum {
    SNIFF_BYTES = 64 << 10,
    SNIFF_WORD = 40,
    ENGINES = 24,
};

/* ---- which engine ---- */

static bool is_word_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '$';
}

/* The engine with the most words of its own; none where two have as many. */
static struct slice engine_of(const struct forms *forms, struct slice text) {
    uint32_t hits[ENGINES] = {0}, best = 0, most = 0;
    bool tied = false;
    size_t end = text.size < SNIFF_BYTES ? text.size : SNIFF_BYTES;
    for (size_t at = 0; at < end;) {
        char word[SNIFF_WORD];
        size_t size = 0, from = at;
        for (; at < end && is_word_byte(text.data[at]); at++)
            if (size < sizeof word)
                word[size++] = text.data[at] >= 'A' && text.data[at] <= 'Z'
                                   ? (char)(text.data[at] + 32)
                                   : text.data[at];
        at += at == from;
        uint32_t engine =
            size ? map_get(&forms->engines, slice_make(word, size)) : (uint32_t)MAP_ABSENT;
        if (engine != MAP_ABSENT && engine < ENGINES)
            hits[engine]++;
    }
    for (uint32_t i = 0; i < forms->engine_names.count && i < ENGINES; i++) {
        tied = hits[i] == most ? tied || most > 0 : hits[i] > most ? false : tied;
        best = hits[i] > most ? i : best;
        most = hits[i] > most ? hits[i] : most;
    }
    return most && !tied ? forms->engine_names.items[best] : SLICE_NONE;
}

/* ---- parts of a file ---- */

static bool marks(const struct phrases *phrases, struct slice comment) {
    for (uint32_t i = 0; phrases && i < phrases->count; i++) {
        struct slice text = phrases->items[i].text;
        bool whole = text.size && text.data[text.size - 1] == '$';
        text.size -= whole;
        if (comment.size < text.size || !slice_equal_nocase(slice_sub(comment, 0, text.size), text))
            continue;
        if (comment.size == text.size || (!whole && !is_word_byte(comment.data[text.size])))
            return true;
    }
    return false;
}

static void read_comment(struct statements *st, TSNode node) {
    struct slice text = node_text(node, st->builder->text);
    while (text.size && strchr("-#/*= \t!", text.data[0]) && text.data[0] &&
           !(text.data[0] == '!' && text.size > 1 && is_word_byte(text.data[1])))
        text = slice_from(text, 1);
    text = slice_trim(text);
    while (text.size && strchr("-#/*= \t", text.data[text.size - 1]))
        text.size--;
    if (marks(st->forms->up, text))
        st->file->section = SLICE("up");
    else if (marks(st->forms->down, text))
        st->file->section = SLICE("down");
}

/* ---- where statements begin ---- */

static bool holds_clause(struct statements *st, const struct form *form,
                         const struct reading *reading, uint32_t end) {
    struct slice needed = form_trait(form, "needs=");
    if (!needed.size)
        return true;
    for (uint32_t at = reading->end; at < end; at = token_at(st, at)->next)
        if (token_is(st, at, needed))
            return true;
    return false;
}

static const struct form *match_statement(struct statements *st, struct run run,
                                          struct reading *reading) {
    reading_init(st, reading);
    const struct form *form = forms_match(st, SLICE(""), run, reading);
    return form && holds_clause(st, form, reading, run.to) ? form : NULL;
}

/* Is this surely the beginning of a statement, whatever stands in front? */
static bool begins_surely(struct statements *st, struct run run) {
    struct reading reading;
    if (!token_has_role(st, run.from, ROLE_WORD))
        return false;
    const struct form *form = match_statement(st, run, &reading);
    return form && form_has(form, "follows");
}

/* What the text of a program is hardly, if it is no statement. */
static bool is_sure(const struct form *form) {
    return form_has(form, "follows") || form_has(form, "sure");
}

bool statements_begin(struct statements *st, struct run run) {
    struct reading reading;
    return token_has_role(st, run.from, ROLE_WORD) && match_statement(st, run, &reading) != NULL;
}

static bool follows_complete(const struct statements *st, uint32_t before) {
    return !token_has_role(st, before, ROLE_SEPARATOR) &&
           !token_has_role(st, before, ROLE_OPERATION) && !token_has_role(st, before, ROLE_MEMBER);
}

/* DROP COLUMN on a line of its own goes on with ALTER TABLE, DROP TABLE does not. */
static bool is_action(struct statements *st, const struct form *form, struct run run) {
    struct reading reading;
    reading_init(st, &reading);
    const struct form *action =
        form->actions.size ? forms_match(st, form->actions, run, &reading) : NULL;
    if (!action || !action->letters)
        return false;
    return reading.end >= run.to || token_has_role(st, reading.end, ROLE_SEPARATOR) ||
           token_at(st, reading.end)->line || action->modifiers != NULL;
}

/* Where the statement ends that has no semicolon: in front of one that begins a line, or behind a
 * word such as THEN where it stands in an IF. */
static uint32_t statement_end(struct statements *st, const struct form *form, uint32_t from,
                              struct run run, bool inside) {
    bool open = form_has(form, "open");
    if (form_has(form, "leads") && from < run.to && begins_surely(st, (struct run){from, run.to}))
        return from;
    uint32_t before = from ? from - 1 : 0;
    for (uint32_t at = from; at < run.to; before = at, at = token_at(st, at)->next) {
        struct run rest = {at, run.to};
        bool opened = inside && phrase_at(st, st->forms->openers, before, run.to, NULL) > 0;
        if (!opened && !(open && token_at(st, at)->line && follows_complete(st, before) &&
                         !phrase_at(st, form->clauses, at, run.to, NULL)))
            continue;
        if (begins_surely(st, rest) && !is_action(st, form, rest))
            return at;
    }
    return run.to;
}

static uint32_t find_beginning(struct statements *st, struct run run) {
    uint32_t at = run.from;
    while (at < run.to && !begins_surely(st, (struct run){at, run.to}))
        at = token_at(st, at)->next;
    return at;
}

/* ---- one statement ---- */

static void read_blocks(struct statements *st, struct run run) {
    struct reading none;
    static const struct form plain = {.traits = {NULL, 0}};
    reading_init(st, &none);
    none.form = &plain;
    bodies_read(st, &none, run, st->scope);
}

static void run_inside(struct statements *st, struct run run);

/* EXPLAIN [ANALYZE] [(...)] */
static bool read_explain(struct statements *st, struct run run) {
    uint32_t taken = phrase_at(st, st->forms->explain, run.from, run.to, NULL);
    uint32_t at = run.from + taken;
    if (!taken)
        return false;
    uint32_t begin = find_beginning(st, (struct run){at, run.to});
    if (begin == run.to)
        return false;
    bool executes = false;
    for (; at < begin; at++)
        executes |= phrase_at(st, st->forms->executes, at, begin, NULL) > 0 &&
                    !(at + 1 < begin &&
                      (token_is(st, at + 1, SLICE("false")) || token_is(st, at + 1, SLICE("off"))));
    bool outer = st->explain;
    st->explain = outer || !executes;
    run_inside(st, (struct run){begin, run.to});
    st->explain = outer;
    return true;
}

/* WITH a AS (...), b AS (...) and the statement; those in parentheses may change rows too. */
static bool read_with(struct statements *st, struct run run) {
    if (!phrase_at(st, st->forms->with, run.from, run.to, NULL))
        return false;
    bool found = false;
    for (uint32_t at = run.from + 1; at < run.to; at = token_at(st, at)->next) {
        if (token_has_role(st, at, ROLE_GROUP)) {
            struct run inner = {at + 1, token_at(st, at)->next};
            if (inner.from < inner.to && begins_surely(st, inner))
                run_inside(st, inner);
        } else if (at > run.from + 2 && token_has_role(st, at, ROLE_WORD) &&
                   (begins_surely(st, (struct run){at, run.to}) ||
                    token_is(st, at, SLICE("select")) || token_is(st, at, SLICE("delete")))) {
            run_inside(st, (struct run){at, run.to});
            return true;
        }
        found = true;
    }
    return found;
}

static bool read_control(struct statements *st, struct run run) {
    uint32_t taken = phrase_at(st, st->forms->control, run.from, run.to, NULL);
    if (!taken)
        return false;
    uint32_t begin = find_beginning(st, (struct run){run.from + taken, run.to});
    read_blocks(st, (struct run){run.from, begin});
    calls_emit(st, (struct run){run.from, begin}, st->scope);
    bool outer = st->wrapped;
    st->wrapped = true;
    if (begin < run.to)
        run_inside(st, (struct run){begin, run.to});
    st->wrapped = outer;
    return true;
}

static void note(struct statements *st, uint32_t at) {
    if (st->notes++ < STATEMENT_NOTES)
        builder_note(st->builder, token_at(st, at)->from, SLICE("syntax not understood"));
}

/* A statement berm does not know is told by its first word; what has none is not understood. */
static void tell_unknown(struct statements *st, struct run run) {
    static const struct form unknown = {.traits = {NULL, 0}};
    struct reading reading;
    reading_init(st, &reading);
    reading.form = &unknown;
    reading.end = run.from + 1;
    if (token_has_role(st, run.from, ROLE_WORD)) {
        reading_type(&reading, token_text(st, run.from));
        statement_emit(st, &reading, run);
        return;
    }
    read_blocks(st, run);
    calls_emit(st, run, st->scope);
    bool told = token_has_role(st, run.from, ROLE_BLOCK) ||
                token_has_role(st, run.from, ROLE_INTERPOLATION) ||
                token_has_role(st, run.from, ROLE_GROUP) ||
                token_has_role(st, run.from, ROLE_VARIABLE) ||
                token_has_role(st, run.from, ROLE_IDENTIFIER);
    if (!told && !st->body.size) /* an expression may be a body */
        note(st, run.from);
}

/* No pattern fits: the text of a variable, or something unknown up to where the next one surely
 * begins. */
static uint32_t read_unknown(struct statements *st, struct run run) {
    static const struct form open = {.traits = {"open", 4}};
    bool assigns = run.from + 1 < run.to && (token_is(st, run.from + 1, SLICE(":=")) ||
                                             token_is(st, run.from + 1, SLICE("=")));
    run.to = statement_end(st, &open, run.from + 1, run, false);
    if (assigns)
        assignments_read(st, run);
    if (assigns || st->dynamic || st->guessed) {
        read_blocks(st, run);
        calls_emit(st, run, st->scope);
    } else {
        tell_unknown(st, run);
    }
    return run.to;
}

static void follow_transaction(struct statements *st, const struct form *form) {
    if (st->body.size)
        return;
    if (form_has(form, "begin"))
        st->file->transaction = true;
    else if (form_has(form, "commit"))
        st->file->transaction = false;
}

static void run_inside(struct statements *st, struct run run) {
    struct reading reading;
    if (st->depth >= STATEMENT_NESTED || run.from >= run.to)
        return;
    st->depth++;
    const struct form *form = NULL;
    uint32_t end = run.to;
    if (!read_explain(st, run) && !read_with(st, run)) {
        form = match_statement(st, run, &reading);
        if (form && st->guessed && !is_sure(form))
            form = NULL;
        bool controls = !form && read_control(st, run);
        if (!form && !controls)
            end = read_unknown(st, run);
    }
    if (form) {
        end = statement_end(st, form, reading.end, run, st->wrapped || st->body.size);
        struct run own = {run.from, end};
        if (end < run.to) /* again: what it took may be less */
            form = match_statement(st, own, &reading);
    }
    if (form) {
        follow_transaction(st, form);
        statement_emit(st, &reading, (struct run){run.from, end});
    }
    st->depth--;
    if (end < run.to)
        statements_run(st, (struct run){end, run.to});
}

void statements_run(struct statements *st, struct run run) {
    /* <<label>> in front of a loop or a block; other operators begin nothing. */
    if (run.from < run.to && token_has_role(st, run.from, ROLE_OPERATION) &&
        !slice_is(token_text(st, run.from), "<<") && !st->dynamic && !st->guessed)
        note(st, run.from);
    while (run.from + 1 < run.to && token_has_role(st, run.from, ROLE_INTERPOLATION) &&
           token_at(st, run.from + 1)->line)
        run.from++; /* a call of a template on lines of its own */
    while (run.from < run.to && token_has_role(st, run.from, ROLE_OPERATION))
        run.from += slice_is(token_text(st, run.from), "<<") ? 2 : 1;
    run_inside(st, run);
}

/* Statements that go on with the body of the one before belong to it. */
static void run_pending(struct statements *st, struct run run) {
    struct statement_file *file = st->file;
    struct slice outer = st->body;
    uint32_t outer_scope = st->scope;
    bool block = st->tokens.blocks.count > 0;
    if (token_is(st, run.from, SLICE("create")))
        file->pending = SLICE_NONE;
    if (file->pending.size) {
        st->body = file->pending;
        st->scope = file->pending_scope;
    }
    bool ends = file->pending.size && block && !file->batch;
    statements_run(st, run);
    if (ends)
        file->pending = SLICE_NONE;
    st->body = outer;
    st->scope = outer_scope;
}

static void read_statement(struct statements *st, TSNode node) {
    tokens_read(st, node, &st->tokens);
    struct run run = {0, st->tokens.list.count};
    if (run.to && st->file->pending.size && !st->body.size)
        run_pending(st, run);
    else if (run.to)
        statements_run(st, run);
    if (st->file->batch_ended)
        st->file->pending = SLICE_NONE;
    st->file->batch_ended = false;
    hooks_read(st);
}

/* {% do run_query("...") %} on its own. */
static void read_tag(struct statements *st, TSNode node) {
    struct slice text = node_text(node, st->builder->text);
    struct span span = {ts_node_start_byte(node), ts_node_end_byte(node)};
    bool hook = false;
    for (uint32_t i = 0; st->forms->hooks && i < st->forms->hooks->count; i++)
        hook |= slice_contains(text, st->forms->hooks->items[i].text);
    if (hook)
        vec_push(st->scratch, &st->hooks, span);
    hooks_read(st);
}

void statements_walk(struct statements *st, TSNode parent) {
    TSTreeCursor cursor = ts_tree_cursor_new(parent);
    bool inside = ts_tree_cursor_goto_first_child(&cursor);
    while (inside) {
        TSNode node = ts_tree_cursor_current_node(&cursor);
        enum node_role role = node_role(st->builder->roles, node);
        if (role == ROLE_STATEMENT)
            read_statement(st, node);
        else if (role == ROLE_COMMENT)
            read_comment(st, node);
        else if (role == ROLE_BATCH_END)
            st->file->pending = SLICE_NONE;
        else if (role == ROLE_TEMPLATE)
            read_tag(st, node);
        else if (role == ROLE_UNBALANCED)
            builder_note(st->builder, ts_node_start_byte(node), SLICE("syntax not understood"));
        inside = ts_tree_cursor_goto_next_sibling(&cursor);
    }
    ts_tree_cursor_delete(&cursor);
}

/* ---- the text ---- */

static void file_init(struct statements *st, struct statement_file *file) {
    struct arena *arena = st->builder->arena;
    memset(file, 0, sizeof *file);
    map_init(&file->created, arena);
    map_init(&file->dropped, arena);
    map_init(&file->texts, arena);
    file->engine = engine_of(st->forms, st->builder->text);
    const struct dialect *dialect = st->builder->dialect;
    if (dialect->record)
        file->section = dialect_property(dialect, "section");
    st->file = file;
}

static void inherit(struct statements *st, const struct statements *outer) {
    st->file = outer->file;
    st->body = outer->body;
    st->dynamic = outer->dynamic;
    st->guessed = outer->guessed;
    st->explain = outer->explain;
    st->wrapped = outer->wrapped;
    st->depth = outer->depth;
}

/* Functions of a migration have names that say which way it goes: Migration.down. */
static void enter_function(struct statements *st, struct slice function) {
    size_t dot = slice_find_last_byte(function, '.');
    struct slice name = dot == SLICE_NPOS ? function : slice_from(function, dot + 1);
    static const char *const ways[] = {"up", "down"};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const struct phrases *names = forms_list(st->forms, "function", slice_of(ways[i]));
        for (uint32_t n = 0; names && n < names->count; n++)
            if (slice_equal_nocase(names->items[n].text, name))
                st->file->section = slice_of(ways[i]);
    }
}

static void release_scratch(void *arena) {
    arena_release(arena);
}

void statement_read(struct builder *builder) {
    struct statements *outer = builder->statements;
    const struct code *code = builder->code;
    builder->statements = NULL;
    struct arena *scratch = outer ? outer->scratch : ARENA_NEW(builder->arena, struct arena);
    if (!outer) {
        arena_init(scratch, builder->arena->failure, 0);
        arena_on_release(builder->arena, release_scratch, scratch);
    }
    struct syntax *syntax = builder_parse(builder);
    if (syntax) {
        struct statement_file file;
        struct statements st = {.builder = builder,
                                .scratch = scratch,
                                .forms = cache_forms(builder->reader, builder->dialect->language),
                                .scope = builder->scope};
        st.guessed = code && !code->shell;
        if (outer)
            inherit(&st, outer);
        else
            file_init(&st, &file);
        if (code && code->function.size)
            enter_function(&st, code->function);
        statements_walk(&st, syntax->root);
        syntax_close(syntax);
    }
    if (!outer)
        arena_release(scratch);
}
