#include "syntax/syntax.h"

struct bracket_count {
    uint32_t depth, deepest, deepest_line;
};

static void bracket_step(struct bracket_count *count, char byte, uint32_t line) {
    if (byte == '[' || byte == '{' || byte == '(') {
        if (++count->depth > count->deepest) {
            count->deepest = count->depth;
            if (count->deepest <= SYNTAX_NESTING + 1)
                count->deepest_line = line;
        }
    } else if ((byte == ']' || byte == '}' || byte == ')') && count->depth) {
        count->depth--;
    }
}

/* Opening brackets, in any order: as deep as they could be nested at most. Blocks, so that the
 * compiler counts sixteen bytes at once. */
static size_t openings(struct slice text) {
    size_t count = 0;
    for (size_t from = 0; from < text.size; from += UINT8_MAX) {
        size_t to = text.size - from > UINT8_MAX ? from + UINT8_MAX : text.size;
        uint8_t here = 0;
        for (size_t i = from; i < to; i++)
            here = (uint8_t)(here + ((text.data[i] == '(') | (text.data[i] == '[') |
                                     (text.data[i] == '{')));
        count += here;
    }
    return count;
}

static struct bracket_count brackets_everywhere(struct slice text) {
    static const bool counts[256] = {['\n'] = true, ['['] = true, ['{'] = true, ['('] = true,
                                     [']'] = true,  ['}'] = true, [')'] = true};
    struct bracket_count count = {0};
    uint32_t line = 1;
    for (size_t i = 0; i < text.size; i++) {
        if (!counts[(unsigned char)text.data[i]])
            continue; /* most bytes, of every text that is parsed */
        if (text.data[i] == '\n')
            line++;
        else
            bracket_step(&count, text.data[i], line);
    }
    return count;
}

/* Leaves out what stands in one-line strings and # comments. Consulted only where the plain count
 * is over the limit: a text can fool it, and then the other budgets hold. */
static struct bracket_count brackets_outside_strings(struct slice text) {
    struct bracket_count count = {0};
    uint32_t line = 1;
    char quote = 0;
    bool comment = false;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        if (byte == '\n') {
            line++;
            quote = 0;
            comment = false;
        } else if (comment) {
            continue;
        } else if (byte == '\\') {
            i++;
        } else if (quote) {
            quote = byte == quote ? 0 : quote;
        } else if (byte == '"' || byte == '\'') {
            quote = byte;
        } else if (byte == '#' && (i == 0 || text.data[i - 1] == ' ' || text.data[i - 1] == '\n')) {
            comment = true;
        } else {
            bracket_step(&count, byte, line);
        }
    }
    return count;
}

/* Where a comment of the C family that begins at `at` ends; `at` if none begins there. */
static size_t comment_end(struct slice text, size_t at) {
    struct slice rest = slice_from(text, at);
    bool line = slice_starts(rest, SLICE("//"));
    if (!line && !slice_starts(rest, SLICE("/*")))
        return at;
    size_t end = slice_find(slice_from(rest, 2), line ? SLICE("\n") : SLICE("*/"));
    return end == SLICE_NPOS ? text.size : at + 2 + end + !line;
}

/* The same for languages of the C family: comments, and strings in backticks over many lines. */
static struct bracket_count brackets_outside_code_strings(struct slice text) {
    struct bracket_count count = {0};
    uint32_t line = 1;
    char quote = 0;
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        size_t end = quote ? i : comment_end(text, i);
        if (end > i) {
            line += slice_line_at(slice_sub(text, i, end), end - i) - 1;
            i = end - (end < text.size && text.data[end] == '\n');
        } else if (byte == '\n') {
            line++;
            quote = quote == '`' ? quote : 0;
        } else if (byte == '\\') {
            i++;
        } else if (quote) {
            quote = byte == quote ? 0 : quote;
        } else if (byte == '"' || byte == '\'' || byte == '`') {
            quote = byte;
        } else {
            bracket_step(&count, byte, line);
        }
    }
    return count;
}

/* Columns at which YAML block collections may be open. */
struct indents {
    uint32_t columns[SYNTAX_NESTING + 1];
    uint32_t count;
};

static void indent_push(struct indents *indents, uint32_t column) {
    while (indents->count && indents->columns[indents->count - 1] > column)
        indents->count--;
    if (indents->count && indents->columns[indents->count - 1] == column)
        return;
    if (indents->count <= SYNTAX_NESTING)
        indents->columns[indents->count++] = column;
}

static bool indicator_at(struct slice line, size_t at) {
    if (at >= line.size || (line.data[at] != '-' && line.data[at] != '?' && line.data[at] != ':'))
        return false;
    return at + 1 == line.size || line.data[at + 1] == ' ' || line.data[at + 1] == '\t' ||
           line.data[at + 1] == '\r';
}

/* Each "- ", "? " or ": " at the beginning of a line may open one more level in the same line. A
 * sequence may stand at its key's own column, which costs a level without a column: it is counted
 * by pushing the column of what follows the indicator. */
static uint32_t indents_of_line(struct indents *indents, struct slice line) {
    size_t at = 0;
    while (at < line.size && (line.data[at] == ' ' || line.data[at] == '\t'))
        at++;
    if (at == line.size || line.data[at] == '#' || line.data[at] == '\r')
        return 0;
    indent_push(indents, (uint32_t)at);
    while (indicator_at(line, at) && indents->count <= SYNTAX_NESTING) {
        at++;
        while (at < line.size && (line.data[at] == ' ' || line.data[at] == '\t'))
            at++;
        if (at < line.size)
            indent_push(indents, (uint32_t)at);
    }
    return indents->count;
}

static uint32_t indentation(struct slice text, uint32_t *line) {
    struct indents indents = {.count = 0};
    uint32_t deepest = 0, number = 0;
    struct slice rest = text, part;
    while (slice_split(&rest, '\n', &part)) {
        number++;
        uint32_t depth = indents_of_line(&indents, part);
        if (depth > deepest) {
            deepest = depth;
            *line = number;
        }
        if (deepest > SYNTAX_NESTING)
            break;
    }
    return deepest;
}

uint32_t syntax_nesting(struct slice text, enum nesting_kind kind, uint32_t *line) {
    *line = 0;
    size_t most = kind == NESTING_INDENTATION ? SIZE_MAX : openings(text);
    if (most <= SYNTAX_NESTING)
        return (uint32_t)most;
    struct bracket_count count = brackets_everywhere(text);
    if (count.deepest > SYNTAX_NESTING)
        count = kind == NESTING_CODE ? brackets_outside_code_strings(text)
                                     : brackets_outside_strings(text);
    *line = count.deepest_line;
    if (count.deepest > SYNTAX_NESTING || kind != NESTING_INDENTATION)
        return count.deepest;
    uint32_t indent_line = 0, depth = indentation(text, &indent_line);
    if (depth <= count.deepest)
        return count.deepest;
    *line = indent_line;
    return depth;
}
