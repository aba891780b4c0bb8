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

static bool is_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_';
}

/* The text becomes ${name} of the same length: the shell sees a variable, columns stay. */
static void make_variable(char *bytes, size_t size) {
    bytes[0] = '$';
    bytes[1] = '{';
    for (size_t i = 2; i + 1 < size; i++)
        if (!is_word(bytes[i]) && bytes[i] != '\n')
            bytes[i] = '_';
    bytes[size - 1] = '}';
}

/* A name with dots or capitals, maybe between blanks: $(pwd) is a command to the shell as well. */
static bool is_foreign_name(struct slice text, bool any_name) {
    text = slice_trim(text);
    bool telling = any_name;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if (!is_word(byte) && byte != '.' && byte != '-')
            return false;
        telling |= byte == '.' || (byte >= 'A' && byte <= 'Z');
    }
    return telling && text.size && is_word(text.data[0]);
}

static void mask_pair(struct slice text, struct slice open, struct slice close, bool expressions) {
    char *bytes = (char *)text.data;
    for (size_t i = 0; i + open.size < text.size; i++) {
        if (bytes[i] != open.data[0] || !slice_starts(slice_from(text, i), open))
            continue;
        struct slice rest = slice_from(text, i + open.size);
        size_t inner = slice_find(rest, close);
        if (inner == SLICE_NPOS)
            return;
        if (!expressions && !is_foreign_name(slice_sub(rest, 0, inner), open.data[0] != '$'))
            continue;
        size_t size = open.size + inner + close.size;
        make_variable(bytes + i, size);
        i += size - 1;
    }
}

struct slice mask_words(struct arena *arena, struct slice text, struct slice words) {
    size_t equals = slice_find_byte(words, '=');
    struct slice from = slice_sub(words, 0, equals), to = slice_from(words, equals + 1);
    if (equals == SLICE_NPOS || to.size > from.size || !slice_contains(text, from))
        return text;
    struct slice copy = arena_copy(arena, text);
    char *bytes = (char *)copy.data;
    for (size_t at = 0; at < copy.size; at++) {
        bool begins = at == 0 || bytes[at - 1] == '\n';
        struct slice rest = slice_from(copy, at);
        if (!begins || !slice_starts(rest, from) || rest.size == from.size ||
            is_word(rest.data[from.size]))
            continue;
        memset(bytes + at, ' ', from.size);
        memcpy(bytes + at, to.data, to.size);
    }
    return copy;
}

void mask_placeholders(struct slice text, struct slice pairs) {
    mask_pair(text, SLICE("${{"), SLICE("}}"), true);
    struct slice pair;
    while (slice_split(&pairs, ',', &pair)) {
        pair = slice_trim(pair);
        size_t blank = slice_find_byte(pair, ' ');
        if (blank != SLICE_NPOS)
            mask_pair(text, slice_sub(pair, 0, blank), slice_from(pair, blank + 1), false);
    }
}

void mask_frame(struct slice text, struct slice marks) {
    struct slice mark;
    while (slice_split(&marks, ' ', &mark))
        for (size_t at; mark.size && (at = slice_find(text, mark)) != SLICE_NPOS;)
            memset((char *)text.data + at, ' ', mark.size);
}
