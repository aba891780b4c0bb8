#include "rule/read.h"

#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>

_Noreturn static void read_raise(const struct rule_reader *reader, uint32_t line, uint32_t column,
                                 const char *format, va_list arguments)
    __attribute__((format(printf, 4, 0)));

static void read_raise(const struct rule_reader *reader, uint32_t line, uint32_t column,
                       const char *format, va_list arguments) {
    char message[sizeof((struct berm_error){0}.message)];
    vsnprintf(message, sizeof message, format, arguments);
    failure_raise(reader->arena->failure, BERM_ERROR_RULE,
                  (struct place){reader->where, line, column}, "%s", message);
}

void read_fail(const struct rule_reader *reader, uint32_t line, uint32_t column, const char *format,
               ...) {
    va_list arguments;
    va_start(arguments, format);
    read_raise(reader, line, column, format, arguments);
}

void read_fail_at(const struct rule_reader *reader, const struct yaml_node *node,
                  const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    read_raise(reader, node->line, node->column, format, arguments);
}

enum { NEAR_WORD = 32, NEAR_EDITS = 2 };

/* Levenshtein distance of two short words, one row at a time. */
static uint32_t read_distance(struct slice a, struct slice b) {
    uint32_t row[NEAR_WORD + 1];
    if (a.size > NEAR_WORD || b.size > NEAR_WORD)
        return UINT32_MAX;
    for (uint32_t j = 0; j <= b.size; j++)
        row[j] = j;
    for (uint32_t i = 1; i <= a.size; i++) {
        uint32_t corner = row[0];
        row[0] = i;
        for (uint32_t j = 1; j <= b.size; j++) {
            uint32_t best = corner + (a.data[i - 1] != b.data[j - 1]);
            corner = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[b.size];
}

const char *read_nearest(struct slice word, const char *const *words) {
    const char *nearest = NULL;
    uint32_t best = NEAR_EDITS + 1;
    for (; *words; words++) {
        uint32_t distance = read_distance(word, slice_of(*words));
        if (distance < best) {
            best = distance;
            nearest = *words;
        }
    }
    return nearest;
}

const char *read_join(const struct rule_reader *reader, const char *const *words) {
    struct strbuf text;
    strbuf_init(&text, reader->arena);
    for (; *words; words++) {
        if (text.size)
            strbuf_add_text(&text, ", ");
        strbuf_add_text(&text, *words);
    }
    return arena_text(reader->arena, strbuf_slice(&text));
}

static bool read_listed(struct slice word, const char *const *words) {
    for (; *words; words++)
        if (slice_is(word, *words))
            return true;
    return false;
}

void read_keys(const struct rule_reader *reader, const struct yaml_node *map, const char *what,
               const char *const *keys) {
    if (map->kind != YAML_MAP)
        read_fail_at(reader, map, "%s must be a map with keys out of: %s", what,
                     read_join(reader, keys));
    for (uint32_t i = 0; i < map->count; i++) {
        const struct yaml_entry *entry = &map->entries[i];
        if (read_listed(entry->key, keys))
            continue;
        const char *nearest = read_nearest(entry->key, keys);
        if (nearest)
            read_fail(reader, entry->line, entry->column,
                      "unknown key \"%.*s\" in %s; did you mean \"%s\"?", SLICE_ARGS(entry->key),
                      what, nearest);
        read_fail(reader, entry->line, entry->column, "unknown key \"%.*s\" in %s; known: %s",
                  SLICE_ARGS(entry->key), what, read_join(reader, keys));
    }
}

struct slice read_text(const struct rule_reader *reader, const struct yaml_node *node,
                       const char *what) {
    if (node->kind != YAML_SCALAR)
        read_fail_at(reader, node, "%s must be a text", what);
    return node->text;
}

struct slice read_required(const struct rule_reader *reader, const struct yaml_node *map,
                           const char *key) {
    const struct yaml_node *node = yaml_get(map, key);
    if (!node)
        read_fail_at(reader, map, "\"%s\" is missing", key);
    struct slice text = slice_trim(read_text(reader, node, key));
    if (!text.size)
        read_fail_at(reader, node, "\"%s\" is empty", key);
    return text;
}

string_ref read_string(const struct rule_reader *reader, const struct yaml_node *map,
                       const char *key) {
    const struct yaml_node *node = yaml_get(map, key);
    return node ? image_add_string(reader->writer, slice_trim(read_text(reader, node, key))) : 0;
}

uint32_t read_word(const struct rule_reader *reader, const struct yaml_node *node, const char *what,
                   enum word_list list) {
    struct slice text = read_text(reader, node, what);
    uint32_t value;
    if (!word_find(list, text, &value))
        read_fail_at(reader, node, "\"%.*s\" is not a word for %s; known: %s", SLICE_ARGS(text),
                     what, word_list_text(list));
    return value;
}

bool read_bool(const struct rule_reader *reader, const struct yaml_node *node, const char *what) {
    struct slice text = read_text(reader, node, what);
    if (slice_is(text, "true"))
        return true;
    if (!slice_is(text, "false"))
        read_fail_at(reader, node, "%s must be true or false, not \"%.*s\"", what,
                     SLICE_ARGS(text));
    return false;
}

uint32_t read_count(const struct rule_reader *reader, const struct yaml_node *node,
                    const char *what, uint32_t largest) {
    int64_t number;
    if (!slice_to_int(read_text(reader, node, what), &number) || number < 0 || number > largest)
        read_fail_at(reader, node, "%s must be a number from 0 to %u", what, largest);
    return (uint32_t)number;
}

struct rule_range read_range(const struct rule_reader *reader, const uint32_t *words,
                             uint32_t count) {
    struct rule_range range = {image_count(reader->writer, IMAGE_RULE_LISTS), count};
    for (uint32_t i = 0; i < count; i++)
        image_add_record(reader->writer, IMAGE_RULE_LISTS, &words[i], sizeof words[i]);
    return range;
}

struct rule_range read_texts(const struct rule_reader *reader, const struct yaml_node *node,
                             const char *what) {
    struct rule_range none = {0, 0};
    if (!node)
        return none;
    if (node->kind == YAML_MAP)
        read_fail_at(reader, node, "%s must be a list of texts", what);
    if (node->kind == YAML_SCALAR) {
        uint32_t word = image_add_string(reader->writer, node->text);
        return read_range(reader, &word, 1);
    }
    uint32_t *words = ARENA_ARRAY(reader->arena, uint32_t, node->count);
    for (uint32_t i = 0; i < node->count; i++)
        words[i] =
            image_add_string(reader->writer, read_text(reader, node->entries[i].value, what));
    return read_range(reader, words, node->count);
}

uint32_t read_effects(const struct rule_reader *reader, const struct yaml_node *node) {
    if (node->kind == YAML_SCALAR)
        return 1u << read_word(reader, node, "an effect", WORDS_EFFECT);
    if (node->kind != YAML_LIST || !node->count)
        read_fail_at(reader, node, "\"on\" must be a list of effects: %s",
                     word_list_text(WORDS_EFFECT));
    uint32_t effects = 0;
    for (uint32_t i = 0; i < node->count; i++)
        effects |= 1u << read_word(reader, node->entries[i].value, "an effect", WORDS_EFFECT);
    return effects;
}
