#include "entity/code_cmdlet.h"

/* More nouns stand in front of no verb: PROGRAM network dns zone delete NAME. */
enum { VERB_OPERANDS = 5, WORD_BYTES = 32 };

static bool is_upper(char byte) {
    return byte >= 'A' && byte <= 'Z';
}

static bool is_lower(char byte) {
    return byte >= 'a' && byte <= 'z';
}

/* delete-stack, apps:destroy, ecto.drop, delete_vhost; no path, variable, address or sentence */
static bool is_compound(struct slice text) {
    for (size_t i = 0; i < text.size; i++) {
        char byte = text.data[i];
        bool letter = is_upper(byte) || is_lower(byte);
        bool joint = byte == '-' || byte == '_' || byte == ':' || byte == '.';
        if (!letter && (i == 0 || (!joint && (byte < '0' || byte > '9'))))
            return false;
    }
    return text.size > 0;
}

/* Takes the next word of a compound off its front, in small letters; a capital begins one. */
static struct slice take_word(struct slice *text, char lower[WORD_BYTES]) {
    size_t at = 0, size = 0;
    while (at < text->size && !is_upper(text->data[at]) && !is_lower(text->data[at]))
        at++;
    for (; at < text->size; at++) {
        char byte = text->data[at];
        bool begins = is_upper(byte) && at > 0 && is_lower(text->data[at - 1]);
        if ((!is_upper(byte) && !is_lower(byte)) || (begins && size))
            break;
        if (size < WORD_BYTES)
            lower[size++] = is_upper(byte) ? (char)(byte - 'A' + 'a') : byte;
    }
    *text = slice_from(*text, at);
    return (struct slice){.data = lower, .size = size};
}

static struct slice verb_of(const struct code *code, struct slice text) {
    char lower[WORD_BYTES];
    while (text.size) {
        struct slice word = take_word(&text, lower);
        if (word.size && word_is_verb(code, word))
            return arena_format(code->builder->arena, "%.*s", SLICE_ARGS(word));
    }
    return SLICE_NONE;
}

static bool is_value(const struct options *options, uint32_t word) {
    for (uint32_t i = 0; i < options->list.count; i++)
        if (options->list.items[i].value_word == word)
            return true;
    return false;
}

/* Remove of Remove-Widget, in the words of the table of verbs. */
static struct slice cmdlet_verb(const struct code *code, struct slice name) {
    struct slice means;
    size_t dash = slice_find_byte(name, '-');
    if (dash == SLICE_NPOS || dash == 0 ||
        !cmdlet_verb_find(code, cmdlet_lower(code->scratch, slice_sub(name, 0, dash)), &means))
        return SLICE_NONE;
    return means;
}

struct slice command_verb(struct code *code, const struct command *command,
                          const struct options *options, const struct program *program) {
    struct slice named = code->style == WORDS_DOLLAR && !program->known
                             ? cmdlet_verb(code, command->words[0].text)
                             : SLICE_NONE;
    if (named.data)
        return named;
    if (program->text || (program->known && !program->subcommand && !program->runs))
        return SLICE_NONE;
    uint32_t seen = 0;
    for (uint32_t i = 0; i < options->operands.count && seen < VERB_OPERANDS; i++) {
        uint32_t index = options->operands.items[i];
        struct slice text = word_resolved(code, &command->words[index]);
        if (is_value(options, index) || (program->runs && i == 0 && !is_compound(text)))
            continue;
        if (program->runs && i == 0 && slice_find_byte(text, '.') != SLICE_NPOS)
            continue; /* the name of a script */
        if (!is_compound(text))
            return SLICE_NONE;
        struct slice verb = verb_of(code, text);
        if (verb.size)
            return verb;
        seen++;
    }
    return SLICE_NONE;
}
