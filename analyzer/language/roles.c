#include "language/roles.h"

#define ROLE_WORD(name, word) word,

static const char *const node_words[] = {NODE_ROLES(ROLE_WORD)};
static const char *const field_words[] = {FIELD_ROLES(ROLE_WORD)};
static const char *const exchange_words[] = {EXCHANGE_KINDS(ROLE_WORD)};

static uint32_t word_index(const char *const *words, uint32_t count, struct slice word) {
    uint32_t i = 0;
    while (i < count && !slice_is(word, words[i]))
        i++;
    return i;
}

enum node_role node_role_find(struct slice word) {
    return (enum node_role)word_index(node_words, ROLE_COUNT, word);
}

enum field_role field_role_find(struct slice word) {
    return (enum field_role)word_index(field_words, FIELD_COUNT, word);
}

enum exchange_kind exchange_kind_find(struct slice word) {
    return (enum exchange_kind)word_index(exchange_words, EXCHANGE_COUNT, word);
}
