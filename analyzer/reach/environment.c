#include "reach/environment.h"

static bool is_word_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9');
}

static bool holds_word(struct slice text, struct slice word) {
    for (size_t at = 0; at + word.size <= text.size; at++) {
        size_t end = at + word.size;
        if (slice_equal_nocase(slice_sub(text, at, end), word) &&
            (at == 0 || !is_word_byte(text.data[at - 1])) &&
            (end == text.size || !is_word_byte(text.data[end])))
            return true;
    }
    return false;
}

enum environment environment_of_words(const struct environment_words *words, struct slice text) {
    enum environment best = ENVIRONMENT_UNKNOWN;
    for (uint32_t i = 0; i < words->count; i++)
        if (words->items[i].environment > best && holds_word(text, words->items[i].word))
            best = words->items[i].environment;
    return best;
}
