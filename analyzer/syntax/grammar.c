#include "syntax/syntax.h"

const TSLanguage *grammar_find(struct slice name) {
    for (const struct grammar *grammar = grammars; grammar->name; grammar++)
        if (slice_is(name, grammar->name))
            return grammar->language();
    return NULL;
}
