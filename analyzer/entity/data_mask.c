#include "entity/data.h"

static bool mask_opens(struct slice text, size_t at) {
    if (at + 1 >= text.size || text.data[at] != '{')
        return false;
    if (text.data[at + 1] != '{' && text.data[at + 1] != '%')
        return false;
    return at == 0 || text.data[at - 1] != '$'; /* ${{ }} belongs to the workflow language */
}

/* The end of the action that opens at `at`, or 0 if it never closes. */
static size_t mask_end(struct slice text, size_t at) {
    char close = text.data[at + 1] == '{' ? '}' : '%';
    char quote = 0;
    for (size_t i = at + 2; i + 1 < text.size; i++) {
        char byte = text.data[i];
        if (quote)
            quote = byte == quote ? 0 : quote;
        else if (byte == '"' || byte == '`')
            quote = byte;
        else if (byte == close && text.data[i + 1] == '}')
            return i + 2;
    }
    return 0;
}

static bool blank_between(struct slice text, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (text.data[i] != ' ' && text.data[i] != '\t' && text.data[i] != '\r')
            return false;
    return true;
}

/* Also true behind an action of the same run. */
static bool blank_or_comment(struct slice text, size_t from, size_t to) {
    while (from < to && (text.data[from] == ' ' || text.data[from] == '\t'))
        from++;
    return from == to || (text.data[from] == '#' && blank_between(text, from + 1, to));
}

static void mask_fill(char *data, size_t from, size_t to, char with) {
    for (size_t i = from; i < to; i++)
        if (data[i] != '\n' && data[i] != '\r')
            data[i] = with;
}

struct slice data_mask(struct arena *arena, struct slice text) {
    size_t first = 0;
    while (first < text.size && !mask_opens(text, first))
        first++;
    if (first >= text.size)
        return text;
    struct slice copy = arena_copy(arena, text);
    char *data = (char *)copy.data;
    for (size_t i = first; i < text.size; i++) {
        if (!mask_opens(text, i))
            continue;
        size_t end = mask_end(text, i);
        if (!end)
            break;
        /* A run of actions alone on its lines says nothing about structure: a comment, to YAML as
         * to the scripts in it (spaces alone could be the wrong indentation of a block scalar). */
        size_t line = i, after = end;
        while (line > 0 && text.data[line - 1] != '\n')
            line--;
        while (after < text.size && text.data[after] != '\n')
            after++;
        bool alone = blank_or_comment(copy, line, i) &&
                     (blank_between(text, end, after) || mask_opens(text, end));
        mask_fill(data, i, end, alone ? ' ' : 'x');
        if (alone)
            data[i] = '#';
        i = end - 1;
    }
    return copy;
}
