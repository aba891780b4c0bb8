#include "entity/code_cmdlet.h"

static bool is_name_byte(char byte) {
    return byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z');
}

/* Next $name or ${name at or after *at, %name in cmd; false if there is none. */
static bool next_variable(const struct code *code, struct slice text, size_t *at,
                          struct slice *name) {
    char mark = code->style == WORDS_PERCENT ? '%' : '$';
    bool drives = code->style == WORDS_DOLLAR; /* $env:X */
    for (size_t i = *at; i + 1 < text.size; i++) {
        if (text.data[i] != mark)
            continue;
        size_t from = i + 1 + (text.data[i + 1] == '{'), to = from;
        while (to < text.size &&
               (is_name_byte(text.data[to]) || (drives && to > from && text.data[to] == ':')))
            to++;
        if (to == from)
            continue;
        *at = to;
        *name = slice_sub(text, from, to);
        return true;
    }
    return false;
}

/* "[ -z $X ]" holds when X is empty: it protects only when it failed. */
static bool holds_when_empty(const struct code *code, struct slice text) {
    if (code->style != WORDS_POSIX)
        return cmdlet_holds_when_empty(text);
    return slice_contains(text, SLICE("-z "));
}

static void guard_variable(struct code *code, struct guard *guard, struct slice name) {
    if (code->style != WORDS_POSIX)
        name = cmdlet_lower(code->builder->arena, name);
    struct variable *variable = variable_get(code, name);
    variable->guards++;
    vec_push(code->scratch, &guard->variables, (uint32_t)(variable - code->variables->list.items));
}

void guard_push(struct code *code, struct slice text, bool negated, bool lasting) {
    static const char *const positional[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9"};
    struct guard guard = {.text = text, .negated = negated, .lasting = lasting};
    size_t at = 0;
    struct slice name;
    char mark = code->style == WORDS_PERCENT ? '%' : '$';
    bool names = code->shell && slice_find_byte(text, mark) != SLICE_NPOS;
    /* A script that counts its arguments does not run without them. */
    bool counts = code->shell && slice_contains(text, SLICE("$#"));
    for (size_t i = 0; counts && i < 9; i++)
        guard_variable(code, &guard, slice_of(positional[i]));
    names = names && holds_when_empty(code, text) == negated;
    while (names && guard.variables.count < 16 && next_variable(code, text, &at, &name))
        guard_variable(code, &guard, name);
    vec_push(code->scratch, &code->guards, guard);
}

void guard_pop_to(struct code *code, uint32_t count) {
    while (code->guards.count > count) {
        const struct guard *guard = &code->guards.items[--code->guards.count];
        for (uint32_t i = 0; i < guard->variables.count; i++)
            code->variables->list.items[guard->variables.items[i]].guards--;
    }
}

static bool word_uses(const struct word *word, struct slice name) {
    for (uint32_t i = 0; i < word->count; i++)
        if (word->parts[i].kind == PART_VARIABLE && slice_equal(word->parts[i].name, name))
            return true;
    return false;
}

/* In a shell a test that ended long before (`[ -n "$X" ] || exit`) counts only for commands that
 * use what it tested: scripts check much, and every edit of a check would change every command
 * below. */
static bool concerns(const struct code *code, const struct guard *guard, const struct word *words,
                     uint32_t count) {
    if (!guard->lasting || !code->shell)
        return true;
    for (uint32_t v = 0; v < guard->variables.count; v++)
        for (uint32_t w = 0; w < count; w++)
            if (word_uses(&words[w], code->variables->list.items[guard->variables.items[v]].name))
                return true;
    return false;
}

static void add_required(struct code *code, struct slices *texts, const struct word *words,
                         uint32_t count) {
    for (uint32_t w = 0; w < count; w++)
        for (uint32_t p = 0; p < words[w].count; p++) {
            const struct part *part = &words[w].parts[p];
            if (part->kind == PART_VARIABLE &&
                part->operator.size && part->operator.data[part->operator.size - 1] == '?')
                vec_push(code->scratch, &texts->list, part->text);
        }
}

/* `if err != nil` stands in front of everything, again and again. */
static bool has_text(const struct slices *texts, struct slice text) {
    for (uint32_t i = 0; i < texts->list.count; i++)
        if (slice_equal(texts->list.items[i], text))
            return true;
    return false;
}

const struct value *guard_values(struct code *code, const struct word *words, uint32_t count) {
    struct slices texts = {0};
    struct arena *arena = code->builder->arena;
    uint32_t first = code->guards.count > CODE_GUARDS ? code->guards.count - CODE_GUARDS : 0;
    for (uint32_t i = 0; i < code->options.list.count; i++)
        vec_push(code->scratch, &texts.list, code->options.list.items[i]);
    for (uint32_t i = first; i < code->guards.count; i++) {
        const struct guard *guard = &code->guards.items[i];
        if (!concerns(code, guard, words, count))
            continue;
        struct slice text = guard->text;
        if (guard->negated)
            text = code->shell ? ARENA_CONCAT(arena, SLICE("! "), text)
                               : ARENA_CONCAT(arena, SLICE("not ("), text, SLICE(")"));
        if (!code->shell && has_text(&texts, text))
            continue;
        vec_push(code->scratch, &texts.list, text);
    }
    if (code->shell)
        add_required(code, &texts, words, count);
    return texts_value(arena, &texts, (struct span){0, 0});
}
