#include "syntax/exchange.h"

#include "base/hash.h"

static bool is_digit(char byte) {
    return (unsigned char)(byte - '0') < 10;
}

static bool is_letter(char byte) {
    return (unsigned char)((byte | 0x20) - 'a') < 26 || byte == '_';
}

static bool is_word(char byte) {
    return is_letter(byte) || is_digit(byte);
}

static size_t word_end(struct slice text, size_t at) {
    while (at < text.size && is_word(text.data[at]))
        at++;
    return at;
}

/* A text without what may be exchanged, hashed block by block. */
struct key {
    uint64_t hash;
    size_t size;
    char bytes[1024];
};

static void key_hash(struct key *key) {
    key->hash = hash_mix(key->hash, hash_bytes(slice_make(key->bytes, key->size)));
    key->size = 0;
}

static void key_add_byte(struct key *key, char byte) {
    if (key->size == sizeof key->bytes)
        key_hash(key);
    key->bytes[key->size++] = byte;
}

static void key_add(struct key *key, struct slice text) {
    while (text.size) {
        if (key->size == sizeof key->bytes)
            key_hash(key);
        struct slice part = slice_sub(text, 0, sizeof key->bytes - key->size);
        memcpy(key->bytes + key->size, part.data, part.size);
        key->size += part.size;
        text = slice_from(text, part.size);
    }
}

/* Words as one letter; returns where the quotes end. */
static size_t key_add_quoted(struct key *key, struct slice text, size_t at, char quote) {
    while (at < text.size && text.data[at] != quote && text.data[at] != '\n') {
        size_t end = word_end(text, at);
        key_add_byte(key, end > at ? 'a' : text.data[at]);
        at = end > at ? end : at + 1;
    }
    return at;
}

/* Numbers as one digit; in what seems to stand in quotes, words as one letter. What it seems is
 * good enough: the key only says which texts are worth a look. */
uint64_t exchange_key(struct slice text) {
    static const bool matters[256] = {
        ['0'] = true, ['1'] = true, ['2'] = true, ['3'] = true, ['4'] = true, ['5'] = true,
        ['6'] = true, ['7'] = true, ['8'] = true, ['9'] = true, ['"'] = true, ['\''] = true};
    struct key key;
    key.hash = key.size = 0;
    for (size_t at = 0, from = 0; at < text.size; from = at) {
        while (at < text.size && !matters[(unsigned char)text.data[at]])
            at++; /* most bytes, of every text that is parsed */
        key_add(&key, slice_sub(text, from, at));
        if (at == text.size)
            break;
        char byte = text.data[at++];
        if (is_digit(byte)) {
            key_add_byte(&key, '0');
            while (at < text.size && is_digit(text.data[at]))
                at++;
        } else {
            key_add_byte(&key, byte);
            at = key_add_quoted(&key, text, at, byte);
            if (at < text.size)
                key_add_byte(&key, text.data[at++]);
        }
    }
    key_hash(&key);
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
