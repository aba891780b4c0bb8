#include "berm.h"
#include "fact/vocabulary.h"
#include "syntax/grammar.h"

const char *berm_version(void) {
    return BERM_VERSION;
}

const char *berm_status_name(berm_status status) {
    static const char *const names[] = {
        [BERM_OK] = "ok",
        [BERM_ERROR_ARGUMENT] = "argument",
        [BERM_ERROR_MEMORY] = "memory",
        [BERM_ERROR_LIMIT] = "limit",
        [BERM_ERROR_IO] = "io",
        [BERM_ERROR_GIT] = "git",
        [BERM_ERROR_PATCH] = "patch",
        [BERM_ERROR_RULE] = "rule",
        [BERM_ERROR_POLICY] = "policy",
        [BERM_ERROR_JSON] = "json",
        [BERM_ERROR_INTERNAL] = "internal",
    };
    uint32_t index = (uint32_t)status;
    return index < sizeof names / sizeof *names ? names[index] : "unknown";
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
