#include "entity/code.h"

#include "base/path.h"
#include "entity/code_cmdlet.h"

enum { VARIABLE_TEXT = 4096 }; /* longer values are not tracked: X="$X$X" grows by powers of two */

void variables_init(struct variables *variables, struct arena *arena) {
    *variables = (struct variables){0};
    map_init(&variables->index, arena);
}

struct variable *variable_find(struct variables *variables, struct slice name) {
    uint32_t index = map_get(&variables->index, name);
    return index == MAP_ABSENT ? NULL : &variables->list.items[index];
}

struct variable *variable_get(struct code *code, struct slice name) {
    struct variable *found = variable_find(code->variables, name);
    if (found)
        return found;
    map_set(&code->variables->index, name, code->variables->list.count);
    vec_push(code->scratch, &code->variables->list, ((struct variable){.name = name}));
    return &code->variables->list.items[code->variables->list.count - 1];
}

/* True for what the shell or the login session always sets (rules/facts/shell_variables.tsv). */
static bool is_always_set(const struct code *code, struct slice name) {
    if (name.size == 1 && strchr("?#$!-0", name.data[0]))
        return true;
    return variable_is_always_set(code, name);
}

static bool option_in_force(const struct code *code, const char *option) {
    for (uint32_t i = 0; i < code->options.list.count; i++)
        if (slice_is(code->options.list.items[i], option))
            return true;
    return false;
}

static bool has_fallback(const struct part *part) {
    return part->operator.size && part->fallback.data && part->fallback.size &&
        strchr("-=", part->operator.data[part->operator.size - 1]) &&
               (part->operator.size == 2 || strchr("-=", part->operator.data[0]));
}

/* ${X:?} and ${X?} stop the shell. */
static bool is_required(const struct part *part) {
    return part->operator.size && part->operator.data[part->operator.size - 1] == '?';
}

/* ${x%y} and ${x#y} of a known value: a plain text at its end or beginning goes. */
static bool cut_value(const struct part *part, struct slice value, struct slice *cut) {
    struct slice pattern = part->fallback;
    char mark = part->operator.size == 1 ? part->operator.data[0] : 0;
    if ((mark != '%' && mark != '#') || !pattern.size)
        return false;
    if (pattern.data[0] == mark)
        pattern = slice_from(pattern, 1);
    for (size_t i = 0; i < pattern.size; i++)
        if (strchr("*?[]$`\\\"'{}", pattern.data[i]))
            return false;
    *cut = value;
    if (mark == '%' && slice_ends(value, pattern))
        *cut = slice_sub(value, 0, value.size - pattern.size);
    else if (mark == '#' && slice_starts(value, pattern))
        *cut = slice_from(value, pattern.size);
    return true;
}

static struct slice part_resolved(struct code *code, const struct part *part) {
    if (part->kind != PART_VARIABLE)
        return part->text;
    const struct variable *variable = variable_find(code->variables, part->name);
    struct slice cut;
    if (variable && variable->known && cut_value(part, variable->resolved, &cut))
        return cut;
    bool plain = !part->operator.size || has_fallback(part) || is_required(part);
    if (variable && variable->known && plain && (variable->resolved.size || !has_fallback(part)))
        return variable->resolved;
    if (has_fallback(part) && !(variable && variable->filled))
        return part->fallback;
    return part->text;
}

static struct slice part_emptied(struct code *code, const struct part *part) {
    if (part->kind == PART_SUBSTITUTION)
        return slice_starts(part->text, SLICE("$(")) && part->name.size &&
                       !program_find(code, part->name)->filled
                   ? SLICE("")
                   : part->text;
    if (part->kind != PART_VARIABLE)
        return part->text;
    const struct variable *variable = variable_find(code->variables, part->name);
    bool plain = !part->operator.size || has_fallback(part) || is_required(part);
    struct slice cut;
    if (variable && variable->known && cut_value(part, variable->emptied, &cut))
        return cut;
    if (variable && variable->known && plain && (variable->emptied.size || !has_fallback(part)))
        return variable->emptied.size || !variable->guards ? variable->emptied : part->text;
    if (has_fallback(part))
        return variable && variable->filled ? part->text : part->fallback;
    if (is_required(part) || (variable && (variable->filled || variable->guards)) ||
        is_always_set(code, part->name) || option_in_force(code, "set -u"))
        return part->text;
    return SLICE("");
}

/* /usr/.. and //etc/. name other directories than they look like. */
static struct slice plain_path(struct code *code, struct slice text) {
    if (code->style != WORDS_POSIX)
        text = cmdlet_path(code, text);
    if (!text.size || text.data[0] != '/' ||
        !(slice_contains(text, SLICE("/.")) || slice_contains(text, SLICE("//"))))
        return text;
    struct slice path = path_normalise(code->builder->arena, text);
    return slice_is_none(path) ? SLICE("/") : ARENA_CONCAT(code->builder->arena, SLICE("/"), path);
}

typedef struct slice part_reader(struct code *code, const struct part *part);

static struct slice word_joined(struct code *code, const struct word *word, part_reader *read) {
    bool changes = false;
    for (uint32_t i = 0; i < word->count && !changes; i++)
        changes = word->parts[i].kind != PART_TEXT;
    if (!changes)
        return word->text;
    struct strbuf buf;
    strbuf_init(&buf, code->builder->arena);
    for (uint32_t i = 0; i < word->count && buf.size <= VARIABLE_TEXT; i++)
        strbuf_add(&buf, read(code, &word->parts[i]));
    return strbuf_slice(&buf);
}

struct slice word_resolved(struct code *code, const struct word *word) {
    return plain_path(code, word_joined(code, word, part_resolved));
}

struct slice word_emptied(struct code *code, const struct word *word) {
    return plain_path(code, word_joined(code, word, part_emptied));
}

bool word_is_constant(struct code *code, const struct word *value) {
    for (uint32_t i = 0; i < value->count; i++) {
        const struct part *part = &value->parts[i];
        if (part->kind == PART_TEXT)
            continue;
        const struct variable *variable = variable_find(code->variables, part->name);
        if (part->kind != PART_VARIABLE || !(has_fallback(part) || (variable && variable->known)))
            return false;
    }
    return true;
}

static bool has_text(const struct word *word) {
    for (uint32_t i = 0; i < word->count; i++)
        if (word->parts[i].kind == PART_TEXT && word->parts[i].text.size)
            return true;
    return false;
}

void variable_assign(struct code *code, struct slice name, const struct word *value) {
    struct slice resolved = word_resolved(code, value), emptied = word_emptied(code, value);
    bool fits = resolved.size <= VARIABLE_TEXT && emptied.size <= VARIABLE_TEXT;
    bool constant = word_is_constant(code, value);
    struct variable *variable = variable_get(code, name);
    variable->known = fits && (constant || has_text(value));
    variable->resolved = resolved;
    variable->emptied = emptied;
    variable->filled = emptied.size > 0;
}

void variable_fill(struct code *code, struct slice name) {
    struct variable *variable = variable_get(code, name);
    variable->known = false;
    variable->filled = true;
}

void variable_forget(struct code *code, struct slice name) {
    struct variable *variable = variable_find(code->variables, name);
    if (variable)
        variable->known = variable->filled = false;
}
