/*
 * environment: words of a policy that name environments beyond those of rules/places.yaml.
 */
#ifndef BERM_REACH_ENVIRONMENT_H
#define BERM_REACH_ENVIRONMENT_H

#include "fact/vocabulary.h"

struct environment_word {
    struct slice word; /* letters, digits and '-' */
    enum environment environment;
};

struct environment_words {
    struct environment_word *items;
    uint32_t count;
};

/* The highest environment whose word stands in the text as a whole word, ASCII case ignored: no
 * letter or digit next to it. */
enum environment environment_of_words(const struct environment_words *words, struct slice text);

#endif
