/*
 * read: strict reading of one rule file's YAML. Every function raises BERM_ERROR_RULE with file,
 * line, column and what would have been right; none returns an error.
 */
#ifndef BERM_RULE_READ_H
#define BERM_RULE_READ_H

#include "base/yaml.h"
#include "fact/image.h"
#include "fact/vocabulary.h"
#include "rule/record.h"

struct rule_reader {
    struct arena *arena;
    struct image_writer *writer;
    const char *where; /* the rule file, as found */
};

_Noreturn void read_fail(const struct rule_reader *reader, uint32_t line, uint32_t column,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));
_Noreturn void read_fail_at(const struct rule_reader *reader, const struct yaml_node *node,
                            const char *format, ...) __attribute__((format(printf, 3, 4)));

/* `keys` ends with NULL. Refuses other keys, with the nearest known one as a hint. */
void read_keys(const struct rule_reader *reader, const struct yaml_node *map, const char *what,
               const char *const *keys);
/* The text nearest to `word` (at most two edits), or NULL. */
const char *read_nearest(struct slice word, const char *const *words);

/* "a, b, c" for messages. */
const char *read_join(const struct rule_reader *reader, const char *const *words);

struct slice read_text(const struct rule_reader *reader, const struct yaml_node *node,
                       const char *what);
/* Of a key that must be there. */
struct slice read_required(const struct rule_reader *reader, const struct yaml_node *map,
                           const char *key);
string_ref read_string(const struct rule_reader *reader, const struct yaml_node *map,
                       const char *key); /* 0 when absent */
uint32_t read_word(const struct rule_reader *reader, const struct yaml_node *node, const char *what,
                   enum word_list list);
bool read_bool(const struct rule_reader *reader, const struct yaml_node *node, const char *what);
uint32_t read_count(const struct rule_reader *reader, const struct yaml_node *node,
                    const char *what, uint32_t largest);
/* A list of texts; a single text counts as a list of one. NULL: empty. */
struct rule_range read_texts(const struct rule_reader *reader, const struct yaml_node *node,
                             const char *what);
/* A bit for each effect. */
uint32_t read_effects(const struct rule_reader *reader, const struct yaml_node *node);

/* Appends words as one range of IMAGE_RULE_LISTS. */
struct rule_range read_range(const struct rule_reader *reader, const uint32_t *words,
                             uint32_t count);

#endif
