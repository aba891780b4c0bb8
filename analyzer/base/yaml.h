/*
 * yaml: configuration files (rules, policy, languages) as a tree with positions, through libyaml.
 * For our own configuration only; files under analysis go through tree-sitter.
 *
 * Refused with line and column: nesting over 64, over 1 MiB, anchors and aliases, duplicate keys,
 * keys that are not scalars, several documents.
 *
 * libyaml is quadratic in nesting ("[[[["). It works token by token and looks ahead at most 1,024
 * bytes, so stopping at the 65th open level bounds the cost (1 MiB of "[": under 10 ms) without a
 * scan of our own that would have to know quotes and block scalars.
 */
#ifndef BERM_BASE_YAML_H
#define BERM_BASE_YAML_H

#include "base/arena.h"

enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    struct slice text; /* scalar */
    bool quoted;       /* a quoted or block scalar: always text, never a word like true or null */
    uint32_t line, column;
    struct yaml_entry *entries; /* list: key.data == NULL */
    uint32_t count;
};

struct yaml_entry {
    struct slice key;
    uint32_t line, column; /* of the key */
    struct yaml_node *value;
};

/* `where` names the file in errors. Raises `status` through the arena's failure. An empty document
 * is an empty map. */
struct yaml_node *yaml_parse(struct arena *arena, struct slice bytes, const char *where,
                             enum berm_status status);
/* NULL if absent or not a map. */
struct yaml_node *yaml_get(const struct yaml_node *map, const char *key);

#endif
