/*
 * roles: the node roles of one grammar, resolved to symbol and field numbers, so that asking for a
 * node's role is one array access. Made once per reader and language.
 */
#ifndef BERM_SYNTAX_ROLES_H
#define BERM_SYNTAX_ROLES_H

#include "language/language.h"
#include "language/roles.h"
#include "syntax/syntax.h"

enum { FIELD_SPELLINGS = 4 }; /* names of fields that mean the same */

/* A call of this name plays another role: `def`, `if`, where a grammar has no kinds for them. */
struct role_word {
    struct slice name;
    uint8_t role;
};

struct node_roles {
    const TSLanguage *language; /* NULL: no such grammar is linked */
    const uint8_t *of_symbol;   /* enum node_role */
    const uint8_t *exchange;    /* enum exchange_kind, by symbol too */
    uint32_t symbol_count;
    struct role_word *words;
    uint32_t word_count;
    TSFieldId fields[FIELD_COUNT][FIELD_SPELLINGS]; /* 0 = no more */
};

/* Cost: two passes over the grammar's symbols, 10 to 60 us. */
struct node_roles *node_roles_new(struct arena *arena, const struct dialects *dialects,
                                  struct slice language);

enum node_role node_role(const struct node_roles *roles, TSNode node); /* in children.c */

/* The child in that field (in the first of its spellings that the node has); ts_node_is_null()
 * without one. */
static inline TSNode node_field(const struct node_roles *roles, TSNode node,
                                enum field_role field) {
    const TSFieldId *spelling = roles->fields[field];
    TSNode child = ts_node_child_by_field_id(node, spelling[0]);
    for (uint32_t i = 1; ts_node_is_null(child) && i < FIELD_SPELLINGS && spelling[i]; i++)
        child = ts_node_child_by_field_id(node, spelling[i]);
    return child;
}

static inline bool node_field_is(const struct node_roles *roles, TSFieldId id,
                                 enum field_role field) {
    for (uint32_t i = 0; id && i < FIELD_SPELLINGS; i++)
        if (roles->fields[field][i] == id)
            return true;
    return false;
}

/*
 * Children in order, in one pass (ts_node_child(i) is linear in i; children.c). Comments and other
 * extras are included. `skip_anonymous` leaves out tokens such as "{", and the field numbers. The
 * nodes know where they stand in bytes, not in lines and columns.
 */
struct node_child {
    TSNode node;
    TSFieldId field;
};
struct node_child *node_children(struct arena *arena, TSNode node, bool skip_anonymous,
                                 uint32_t *count);

/* The bytes of a node. */
static inline struct slice node_text(TSNode node, struct slice text) {
    return slice_sub(text, ts_node_start_byte(node), ts_node_end_byte(node));
}

#endif
