#include "fact/vocabulary.h"

#include <assert.h>

#define WORD(name, text) text,
#define WORD_IN_LIST(name, text) " " text

static const char *const effects[] = {EFFECTS(WORD)};
static const char *const confidences[] = {CONFIDENCES(WORD)};
static const char *const severities[] = {SEVERITIES(WORD)};
static const char *const undos[] = {UNDOS(WORD)};
static const char *const scopes[] = {SCOPES(WORD)};
static const char *const tiers[] = {TIERS(WORD)};
static const char *const environments[] = {ENVIRONMENTS(WORD)};
static const char *const path_classes[] = {PATH_CLASSES(WORD)};

static const struct {
    const char *const *words;
    uint32_t count;
    const char *text;
} lists[WORDS_COUNT] = {
    [WORDS_EFFECT] = {effects, EFFECT_COUNT, EFFECTS(WORD_IN_LIST)},
    [WORDS_CONFIDENCE] = {confidences, CONFIDENCE_COUNT, CONFIDENCES(WORD_IN_LIST)},
    [WORDS_SEVERITY] = {severities, SEVERITY_COUNT, SEVERITIES(WORD_IN_LIST)},
    [WORDS_UNDO] = {undos, UNDO_COUNT, UNDOS(WORD_IN_LIST)},
    [WORDS_SCOPE] = {scopes, SCOPE_COUNT, SCOPES(WORD_IN_LIST)},
    [WORDS_TIER] = {tiers, TIER_COUNT, TIERS(WORD_IN_LIST)},
    [WORDS_ENVIRONMENT] = {environments, ENVIRONMENT_COUNT, ENVIRONMENTS(WORD_IN_LIST)},
    [WORDS_PATH_CLASS] = {path_classes, PATH_CLASS_COUNT, PATH_CLASSES(WORD_IN_LIST)},
};

const char *word_of(enum word_list list, uint32_t value) {
    assert(list < WORDS_COUNT && value < lists[list].count);
    return lists[list].words[value];
}

bool word_find(enum word_list list, struct slice word, uint32_t *value) {
    for (uint32_t i = 0; i < lists[list].count; i++)
        if (slice_is(word, lists[list].words[i])) {
            *value = i;
            return true;
        }
    return false;
}

const char *word_list_text(enum word_list list) {
    return lists[list].text + 1;
}
