#include "syntax/exchange.h"

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

static bool is_word(char byte) {
    return is_letter(byte) || is_digit(byte);
}

static size_t word_end(struct slice text, size_t at) {
    while (at < text.size && is_word(text.data[at]))
        at++;
    return at;
}

/* Eight bytes at a time: a multiplication for each would be most of the cost. */
struct key {
    uint64_t hash, bytes;
    uint32_t count;
};

static void key_mix(struct key *key) {
    key->hash = (key->hash ^ key->bytes) * UINT64_C(0x9E3779B97F4A7C15);
    key->hash ^= key->hash >> 32;
    key->bytes = key->count = 0;
}

static void key_add(struct key *key, char byte) {
    key->bytes = key->bytes << 8 | (unsigned char)byte;
    if (++key->count == 8)
        key_mix(key);
}

/* Numbers as one digit; in what seems to stand in quotes, words as one letter. What it seems is
 * good enough: the key only says which texts are worth a look. */
uint64_t exchange_key(struct slice text) {
    struct key key = {.hash = UINT64_C(0xcbf29ce484222325)};
    char quote = 0;
    for (size_t at = 0; at < text.size; at++) {
        char byte = text.data[at];
        if (quote && is_word(byte)) {
            at = word_end(text, at) - 1;
            byte = 'a';
        } else if (is_digit(byte)) {
            while (at + 1 < text.size && is_digit(text.data[at + 1]))
                at++;
            byte = '0';
        } else if (byte == quote || byte == '\n') {
            quote = 0;
        } else if (!quote && (byte == '"' || byte == '\'')) {
            quote = byte;
        }
        key_add(&key, byte);
    }
    key_mix(&key);
    return key.hash;
}

bool exchanges_find(struct slice was, struct slice is, struct exchanges *exchanges) {
    uint32_t line = 0, line_from = 0;
    size_t i = 0, j = 0;
    exchanges->count = 0;
    while (i < was.size && j < is.size) {
        size_t i_end = word_end(was, i), j_end = word_end(is, j);
        struct slice word = slice_sub(is, j, j_end);
        if (i_end == i || j_end == j) {
            if (was.data[i] != is.data[j])
                return false;
            i_end = i + 1;
            j_end = j + 1;
        } else if (!slice_equal(slice_sub(was, i, i_end), word)) {
            if (exchanges->count == EXCHANGE_WORDS)
                return false;
            exchanges->items[exchanges->count++] =
                (struct exchange){(uint32_t)i, (uint32_t)i_end, line, line_from, word};
        }
        if (was.data[i] == '\n') {
            line++;
            line_from = (uint32_t)i_end;
        }
        i = i_end;
        j = j_end;
    }
    return i == was.size && j == is.size;
}

/* Do the words differ in digits only? Where one has digits, so has the other. */
static bool is_renumbered(struct slice was, struct slice is) {
    size_t i = 0, j = 0;
    while (i < was.size && j < is.size) {
        if (is_digit(was.data[i]) != is_digit(is.data[j]) ||
            (!is_digit(was.data[i]) && was.data[i] != is.data[j]))
            return false;
        bool number = is_digit(was.data[i]);
        for (i++; number && i < was.size && is_digit(was.data[i]);)
            i++;
        for (j++; number && j < is.size && is_digit(is.data[j]);)
            j++;
    }
    return i == was.size && j == is.size;
}

/* A zero in front has a meaning of its own in many languages. */
static bool is_plain_number(struct slice word) {
    for (size_t i = 0; i < word.size; i++)
        if (!is_digit(word.data[i]))
            return false;
    return word.size && (word.data[0] != '0' || word.size == 1);
}

/* What comes close behind a number may make it something else: a file descriptor, a date. */
static bool stands_alone(struct slice text, size_t to) {
    return to >= text.size || memchr(" \t\n,;)]}", text.data[to], 9);
}

/* What stands inside of a text, an escape, say, is not the text itself. */
static bool touches_child(TSNode node, const struct exchange *exchange) {
    uint32_t count = ts_node_child_count(node);
    for (uint32_t i = 0; i < count; i++) {
        TSNode child = ts_node_child(node, i);
        if (ts_node_start_byte(child) < exchange->to && ts_node_end_byte(child) > exchange->from)
            return true;
    }
    return false;
}

static bool keeps_tree(const struct node_roles *roles, TSNode root, struct slice was,
                       const struct exchange *exchange) {
    TSNode node = ts_node_descendant_for_byte_range(root, exchange->from, exchange->to);
    TSSymbol symbol = ts_node_symbol(node);
    uint32_t from = ts_node_start_byte(node), to = ts_node_end_byte(node);
    if (symbol >= roles->symbol_count || from > exchange->from || to < exchange->to ||
        (exchange->from && was.data[exchange->from - 1] == '\\') || touches_child(node, exchange))
        return false;
    struct slice word = slice_sub(was, exchange->from, exchange->to);
    switch (roles->exchange[symbol]) {
    case EXCHANGE_TEXT:
        return true;
    case EXCHANGE_NAME:
        return is_letter(was.data[from]) && is_renumbered(word, exchange->word);
    case EXCHANGE_NUMBER:
        return from == exchange->from && to == exchange->to && is_plain_number(word) &&
               is_plain_number(exchange->word) && stands_alone(was, to);
    default:
        return false;
    }
}

bool exchanges_keep_tree(const struct node_roles *roles, TSNode root, struct slice was,
                         const struct exchanges *exchanges) {
    for (uint32_t i = 0; i < exchanges->count; i++)
        if (!keeps_tree(roles, root, was, &exchanges->items[i]))
            return false;
    return true;
}

/* Last to first: an edit moves what stands behind it. */
void exchanges_apply(TSTree *tree, const struct exchanges *exchanges) {
    for (uint32_t i = exchanges->count; i-- > 0;) {
        const struct exchange *exchange = &exchanges->items[i];
        uint32_t new_end = exchange->from + (uint32_t)exchange->word.size;
        if (new_end == exchange->to)
            continue;
        TSInputEdit edit = {.start_byte = exchange->from,
                            .old_end_byte = exchange->to,
                            .new_end_byte = new_end,
                            .start_point = {exchange->line, exchange->from - exchange->line_from},
                            .old_end_point = {exchange->line, exchange->to - exchange->line_from},
                            .new_end_point = {exchange->line, new_end - exchange->line_from}};
        ts_tree_edit(tree, &edit);
    }
}
