#include "base/failure.h"
#include "fact/vocabulary.h"
#include "syntax/grammar.h"

const char *berm_version(void) {
    return BERM_VERSION;
}

const char *berm_status_name(berm_status status) {
    return failure_status_name(status);
}

bool berm_grammar_at(size_t index, const char **name, const char **version) {
    for (size_t i = 0; i < index; i++)
        if (!grammars[i].name)
            return false;
    if (!grammars[index].name)
        return false;
    *name = grammars[index].name;
    *version = grammars[index].version;
    return true;
}

bool berm_tier_find(const char *name, uint32_t *level) {
    return word_find(WORDS_TIER, slice_of(name), level);
}
