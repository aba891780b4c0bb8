#include "base/hash.h"
#include "base/vec.h"
#include "language/record.h"

/*
 * Cutting needs just enough of the lexical grammar to know where nothing is open: brackets,
 * strings with interpolation, comments and heredocs of HCL; document markers of YAML. Text that
 * does not balance is one last block, so that a cut never changes what a whole parse would see.
 */

enum { INTERPOLATION_DEPTH = 64 };

struct scanner {
    struct slice text;
    size_t at;
};

static bool scanner_sees(const struct scanner *scanner, const char *word) {
    return slice_starts(slice_from(scanner->text, scanner->at), slice_of(word));
}

static void skip_line(struct scanner *scanner) {
    size_t end = slice_find_byte(slice_from(scanner->text, scanner->at), '\n');
    scanner->at = end == SLICE_NPOS ? scanner->text.size : scanner->at + end;
}

static void skip_comment(struct scanner *scanner) {
    size_t end = slice_find(slice_from(scanner->text, scanner->at + 2), SLICE("*/"));
    scanner->at = end == SLICE_NPOS ? scanner->text.size : scanner->at + end + 4;
}

static void skip_string(struct scanner *scanner, uint32_t depth);

/* Behind "${" or "%{": up to its "}". */
static void skip_interpolation(struct scanner *scanner, uint32_t depth) {
    uint32_t open = 1;
    while (scanner->at < scanner->text.size && open) {
        char byte = scanner->text.data[scanner->at];
        if (byte == '"' && depth < INTERPOLATION_DEPTH) {
            skip_string(scanner, depth + 1);
            continue;
        }
        open += byte == '{';
        open -= byte == '}';
        scanner->at++;
    }
}

/* A string ends with its line at the latest: an unclosed one must not swallow the file. */
static void skip_string(struct scanner *scanner, uint32_t depth) {
    const char *data = scanner->text.data;
    for (scanner->at++; scanner->at < scanner->text.size; scanner->at++) {
        char byte = data[scanner->at];
        if (byte == '\n')
            return;
        if (byte == '"') {
            scanner->at++;
            return;
        }
        bool marker = (byte == '$' || byte == '%') && scanner->at + 1 < scanner->text.size;
        if (byte == '\\') {
            scanner->at++;
        } else if (marker && data[scanner->at + 1] == byte) {
            scanner->at++;
        } else if (marker && data[scanner->at + 1] == '{') {
            scanner->at += 2;
            skip_interpolation(scanner, depth);
            scanner->at--;
        }
    }
    if (scanner->at > scanner->text.size)
        scanner->at = scanner->text.size;
}

static bool is_word(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '.';
}

/* At "<<": false if no heredoc begins here. Ends at the newline behind the closing word. */
static bool skip_heredoc(struct scanner *scanner) {
    size_t from = scanner->at + 2;
    if (from < scanner->text.size && scanner->text.data[from] == '-')
        from++;
    size_t to = from;
    while (to < scanner->text.size && is_word(scanner->text.data[to]))
        to++;
    struct slice word = slice_sub(scanner->text, from, to);
    if (!word.size)
        return false;
    skip_line(scanner);
    while (scanner->at < scanner->text.size) {
        size_t line = ++scanner->at;
        skip_line(scanner);
        if (slice_equal(slice_trim(slice_sub(scanner->text, line, scanner->at)), word))
            return true;
    }
    return true;
}

/* One lexical element; brackets change *open, anything but blanks and comments sets *content. */
static void scan_element(struct scanner *scanner, uint32_t *open, bool *content) {
    char byte = scanner->text.data[scanner->at];
    if (byte == '#' || (byte == '/' && scanner_sees(scanner, "//"))) {
        skip_line(scanner);
        return;
    }
    if (byte == '/' && scanner_sees(scanner, "/*")) {
        skip_comment(scanner);
        return;
    }
    if (byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n')
        *content = true;
    if (byte == '"') {
        skip_string(scanner, 0);
        return;
    }
    if (byte == '<' && scanner_sees(scanner, "<<") && skip_heredoc(scanner))
        return;
    if (byte == '{' || byte == '[' || byte == '(')
        ++*open;
    else if ((byte == '}' || byte == ']' || byte == ')') && *open)
        --*open;
    scanner->at++;
}

/* Bytes that open, close or end nothing: most of a text. The first of them is content. */
static bool is_plain(char byte) {
    return is_word(byte) || byte == '=' || byte == ',' || byte == ':';
}

static void skip_plain(struct scanner *scanner, bool *content) {
    size_t at = scanner->at;
    while (at < scanner->text.size && is_plain(scanner->text.data[at]))
        at++;
    *content |= at > scanner->at;
    while (at < scanner->text.size && scanner->text.data[at] == ' ')
        at++;
    scanner->at = at;
}

struct blocks {
    struct arena *arena;
    struct slice content;
    const struct block_list *like; /* of another version of the text */
    uint32_t like_at;
    VEC(struct block) list;
    size_t from;
    uint32_t line;
};

static uint32_t lines_in(struct slice text) {
    uint32_t lines = 0;
    const char *at = text.data, *end = at + text.size;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
        lines++;
        at++;
    }
    return lines;
}

uint64_t block_dots(struct slice text) {
    uint64_t dots = 0;
    const unsigned char *at = (const unsigned char *)text.data, *end = at + text.size;
    while (at && (at = memchr(at, '.', (size_t)(end - at)))) {
        if (at - (const unsigned char *)text.data >= 2 && end - at > 2)
            dots |= UINT64_C(1) << ((at[-2] * 5u + at[-1] * 11u + at[1] * 23u + at[2] * 3u) & 63);
        at++;
    }
    return dots;
}

static struct block block_make(struct slice bytes, size_t offset, uint32_t line) {
    return (struct block){bytes, (uint32_t)offset, line, hash_bytes(bytes), block_dots(bytes)};
}

static void blocks_cut(struct blocks *blocks, size_t to) {
    struct slice bytes = slice_sub(blocks->content, blocks->from, to);
    struct block block = block_make(bytes, blocks->from, blocks->line);
    vec_push(blocks->arena, &blocks->list, block);
    blocks->line += lines_in(bytes);
    blocks->from = to;
}

enum { LIKE_AHEAD = 3 }; /* blocks that came or went at one place */

/* A cut depends on nothing but the bytes of its block: one that is known need not be looked for.
 * The last one ends with the text, so it says nothing. */
static bool take_known(struct blocks *blocks) {
    struct slice rest = slice_from(blocks->content, blocks->from);
    for (uint32_t i = blocks->like_at;
         i + 1 < blocks->like->count && i < blocks->like_at + LIKE_AHEAD; i++) {
        const struct block *known = &blocks->like->items[i];
        if (!slice_starts(rest, known->bytes))
            continue;
        struct block block = *known;
        block.bytes = slice_sub(rest, 0, known->bytes.size);
        block.offset = (uint32_t)blocks->from;
        block.line = blocks->line;
        vec_push(blocks->arena, &blocks->list, block);
        blocks->line += known[1].line - known->line;
        blocks->from += known->bytes.size;
        blocks->like_at = i + 1;
        return true;
    }
    return false;
}

/* What is left without content of its own (trailing comments) belongs to the block before. */
static void blocks_finish(struct blocks *blocks, bool content) {
    if (blocks->list.count && !content) {
        struct block *last = &blocks->list.items[blocks->list.count - 1];
        *last = block_make(slice_from(blocks->content, last->offset), last->offset, last->line);
    } else {
        blocks_cut(blocks, blocks->content.size);
    }
}

static void cut_braces(struct blocks *blocks) {
    struct scanner scanner = {blocks->content, 0};
    uint32_t open = 0;
    bool content = false;
    while (take_known(blocks))
        scanner.at = blocks->from;
    for (skip_plain(&scanner, &content); scanner.at < scanner.text.size;
         skip_plain(&scanner, &content)) {
        bool newline = scanner.text.data[scanner.at] == '\n';
        scan_element(&scanner, &open, &content);
        if (newline && !open && content) {
            blocks_cut(blocks, scanner.at);
            content = false;
            while (take_known(blocks))
                scanner.at = blocks->from;
        }
    }
    blocks_finish(blocks, content);
}

static bool is_marker(struct slice line) {
    return slice_starts(line, SLICE("---")) &&
           (line.size == 3 || line.data[3] == ' ' || line.data[3] == '\t' || line.data[3] == '\r');
}

static bool is_blank_or_comment(struct slice line) {
    size_t at = 0;
    while (at < line.size &&
           (line.data[at] == ' ' || (line.data[at] >= '\t' && line.data[at] <= '\r')))
        at++;
    if (at == line.size || line.data[at] == '#' || line.data[0] == '%')
        return true;
    return line.data[at] == '.' && slice_is(slice_trim(line), "...");
}

/* A marker begins a document. What only comments on it stands before: it goes with it. */
static void cut_documents(struct blocks *blocks) {
    struct slice rest = blocks->content;
    bool content = false, marker = false;
    size_t comment = SLICE_NPOS; /* where the blank lines and comments before here begin */
    while (rest.size) {
        size_t at = (size_t)(rest.data - blocks->content.data);
        const char *newline = memchr(rest.data, '\n', rest.size);
        size_t size = newline ? (size_t)(newline - rest.data) : rest.size;
        struct slice line = slice_sub(rest, 0, size);
        rest = slice_from(rest, newline ? size + 1 : size);
        if (is_marker(line)) {
            if (content || marker)
                blocks_cut(blocks, content && comment != SLICE_NPOS ? comment : at);
            marker = true;
            content = slice_trim(slice_from(line, 3)).size > 0;
            comment = SLICE_NPOS;
        } else if (!is_blank_or_comment(line)) {
            content = true;
            comment = SLICE_NPOS;
        } else if (comment == SLICE_NPOS && content && line.size && line.data[0] == '#') {
            comment = at;
        }
    }
    blocks_finish(blocks, content || !blocks->list.count);
}

struct block_list language_blocks_like(struct arena *arena, const struct dialect *dialect,
                                       struct slice content, const struct block_list *like) {
    struct blocks blocks = {.arena = arena, .content = content, .like = like, .line = 1};
    uint32_t cut = dialect_cut(dialect);
    if (content.size && cut == CUT_BRACES)
        cut_braces(&blocks);
    else if (content.size && cut == CUT_DOCUMENTS)
        cut_documents(&blocks);
    else
        blocks_cut(&blocks, content.size);
    return (struct block_list){blocks.list.items, blocks.list.count};
}

struct block *language_blocks(struct arena *arena, const struct dialect *dialect,
                              struct slice content, uint32_t *count) {
    struct block_list none = {.count = 0};
    struct block_list blocks = language_blocks_like(arena, dialect, content, &none);
    *count = blocks.count;
    return blocks.items;
}
