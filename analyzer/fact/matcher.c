#include "base/glob.h"
#include "fact/pattern.h"
#include "fact/predicate_eval.h"
#include "fact/table.h"

bool predicate_number_parse(struct slice text, int64_t *millionths) {
    static const enum order kinds[] = {ORDER_NUMBER, ORDER_QUANTITY, ORDER_DURATION, ORDER_PERCENT};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (order_number(text, kinds[i], millionths))
            return true;
    return false;
}

struct evaluation evaluation_make(struct predicate_context *context, const struct image *image,
                                  const struct predicate_subject *subject,
                                  struct predicate_match *match) {
    struct evaluation evaluation = {
        .context = context, .image = image, .subject = subject, .match = match};
    evaluation.records = image_section(image, IMAGE_PREDICATES, &evaluation.record_count);
    evaluation.operands = image_section(image, IMAGE_OPERANDS, &evaluation.operand_count);
    return evaluation;
}

struct slice evaluation_text(const struct evaluation *evaluation, enum predicate_text text) {
    const struct predicate_subject *subject = evaluation->subject;
    return subject && subject->type->text ? subject->type->text(subject->self, text) : SLICE_NONE;
}

enum predicate_result result_not(enum predicate_result result) {
    if (result == PREDICATE_UNDECIDED)
        return result;
    return result == PREDICATE_YES ? PREDICATE_NO : PREDICATE_YES;
}

static enum predicate_result yes_if(bool yes) {
    return yes ? PREDICATE_YES : PREDICATE_NO;
}

#define PREDICATE_KEY(name, text) text,

/* Key columns but the last are the subject's texts of the column's name. */
static enum predicate_result match_table(struct evaluation *evaluation, struct slice table,
                                         struct slice text) {
    static const char *const words[] = {PREDICATE_TEXTS(PREDICATE_KEY)};
    enum { KEYS = 4 };
    struct slice columns[KEYS], key[KEYS];
    const struct knowledge *knowledge = evaluation->context->knowledge;
    uint32_t count = knowledge ? table_key_columns(knowledge, table, columns, KEYS) : 0;
    if (!count)
        return PREDICATE_NO;
    for (uint32_t i = 0; i + 1 < count; i++) {
        key[i] = SLICE_NONE;
        for (uint32_t word = 0; word < TEXT_COUNT; word++)
            if (slice_is(columns[i], words[word]))
                key[i] = evaluation_text(evaluation, (enum predicate_text)word);
        if (slice_is_none(key[i]))
            return PREDICATE_NO;
    }
    key[count - 1] = text;
    return yes_if(table_has(knowledge, table, key, count));
}

static bool is_letter(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_digit(char byte) {
    return byte >= '0' && byte <= '9';
}

/* The next run of letters, or of letters and digits; false if none is left. */
static bool next_word(struct slice *rest, bool digits, struct slice *word) {
    size_t from = 0;
    while (from < rest->size && !is_letter(rest->data[from]) &&
           !(digits && is_digit(rest->data[from])))
        from++;
    size_t to = from;
    while (to < rest->size && (is_letter(rest->data[to]) || (digits && is_digit(rest->data[to]))))
        to++;
    *word = slice_sub(*rest, from, to);
    *rest = slice_from(*rest, to);
    return to > from;
}

enum { PHRASE_WORDS = 3, PHRASE_SIZE = 96 };

/* The last words read, in lower case with one blank between: "", "make", "unit make" .. */
struct phrase {
    char text[PHRASE_SIZE];
    size_t starts[PHRASE_WORDS];
    uint32_t words;
    size_t size;
};

static void phrase_add(struct phrase *phrase, struct slice word) {
    if (phrase->words == PHRASE_WORDS || phrase->size + word.size + 1 > PHRASE_SIZE) {
        size_t drop = phrase->words > 1 ? phrase->starts[1] : phrase->size;
        memmove(phrase->text, phrase->text + drop, phrase->size - drop);
        phrase->size -= drop;
        phrase->words -= phrase->words != 0;
        for (uint32_t i = 0; i < phrase->words; i++)
            phrase->starts[i] = phrase->starts[i + 1] - drop;
    }
    if (phrase->size + word.size + 1 > PHRASE_SIZE) {
        phrase->words = 0;
        phrase->size = 0;
        return;
    }
    if (phrase->size)
        phrase->text[phrase->size++] = ' ';
    phrase->starts[phrase->words++] = phrase->size;
    for (size_t i = 0; i < word.size; i++) {
        char byte = word.data[i];
        phrase->text[phrase->size++] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
}

/* Is a word of the text, or are up to three behind each other, a row of the table? */
static enum predicate_result match_words(struct evaluation *evaluation, struct slice table,
                                         struct slice text) {
    for (int digits = 0; digits < 2; digits++) {
        struct phrase phrase = {.words = 0};
        struct slice rest = text, word;
        while (next_word(&rest, digits != 0, &word)) {
            phrase_add(&phrase, word);
            for (uint32_t i = 0; i < phrase.words; i++) {
                struct slice last =
                    slice_make(phrase.text + phrase.starts[i], phrase.size - phrase.starts[i]);
                if (match_table(evaluation, table, last) == PREDICATE_YES)
                    return PREDICATE_YES;
            }
        }
    }
    return PREDICATE_NO;
}

static bool path_matches(struct slice pattern, struct slice path) {
    size_t slash = slice_find_last_byte(path, '/');
    if (slice_find_byte(pattern, '/') != SLICE_NPOS || slash == SLICE_NPOS)
        return glob_match(pattern, path);
    return glob_match(pattern, slice_from(path, slash + 1));
}

static enum predicate_result match_pattern(struct evaluation *evaluation,
                                           const struct predicate_record *record,
                                           struct slice pattern, struct slice text) {
    struct predicate_context *context = evaluation->context;
    if (!context->patterns)
        context->patterns = pattern_cache_new(context->arena);
    switch (pattern_search(context->patterns, pattern, evaluation_hint(evaluation, record), text)) {
    case PATTERN_YES:
        return PREDICATE_YES;
    case PATTERN_NO:
        return PREDICATE_NO;
    default:
        return PREDICATE_UNDECIDED;
    }
}

static enum predicate_result match_number(const struct predicate_record *record,
                                          struct slice text) {
    int64_t value;
    if (!predicate_number_parse(text, &value))
        return PREDICATE_NO;
    return yes_if(record->op == MATCH_LESS ? value < record->number : value > record->number);
}

/* Everything that looks at one text. */
static enum predicate_result match_leaf(struct evaluation *evaluation,
                                        const struct predicate_record *record, struct slice text) {
    struct slice wanted = image_string(evaluation->image, record->text);
    switch ((enum predicate_op)record->op) {
    case MATCH_EXACT:
        return yes_if(slice_equal(text, wanted));
    case MATCH_TRUE:
        return yes_if(slice_equal_nocase(text, SLICE("true")));
    case MATCH_FALSE:
        return yes_if(slice_equal_nocase(text, SLICE("false")));
    case MATCH_IN:
        return match_table(evaluation, wanted, text);
    case MATCH_WORDS_IN:
        return match_words(evaluation, wanted, text);
    case MATCH_GLOB:
        return yes_if(evaluation->is_path ? path_matches(wanted, text)
                                          : glob_match_text(wanted, text));
    case MATCH_PATTERN:
        return match_pattern(evaluation, record, wanted, text);
    case MATCH_STARTS:
        return yes_if(slice_starts(text, wanted));
    case MATCH_ENDS:
        return yes_if(slice_ends(text, wanted));
    case MATCH_CONTAINS:
        return yes_if(slice_contains(text, wanted));
    case MATCH_LESS:
    case MATCH_GREATER:
        return match_number(record, text);
    default:
        return PREDICATE_NO;
    }
}

static bool is_reference(const struct value *value) {
    if (!value)
        return false;
    if (value->kind == VALUE_EXPRESSION)
        return value->count > 0;
    return value->kind == VALUE_REFERENCE || !slice_is_none(value->tag);
}

static enum predicate_result match_value_leaf(struct evaluation *evaluation,
                                              const struct predicate_record *record,
                                              const struct value *value) {
    if (!value || value->kind == VALUE_MAP || value->kind == VALUE_LIST)
        return PREDICATE_NO;
    if (record->op == MATCH_TRUE)
        return yes_if(value_is_true(value));
    if (record->op == MATCH_FALSE)
        return yes_if(value_is_false(value));
    if (value->kind == VALUE_NULL)
        return match_leaf(evaluation, record, SLICE("null"));
    return slice_is_none(value->text) ? PREDICATE_NO : match_leaf(evaluation, record, value->text);
}

/* Nothing where there could be something: null, "", [] and {}. */
static bool is_blank(const struct value *value) {
    if (value->kind == VALUE_LIST || value->kind == VALUE_MAP)
        return value->count == 0;
    return value->kind == VALUE_NULL ||
           (value->kind == VALUE_LITERAL && !slice_trim(value->text).size);
}

/* A text is a literal value to the matchers; one code path for both. */
static enum predicate_result match_value(struct evaluation *evaluation, predicate_ref ref,
                                         const struct value *value);

static enum predicate_result match_elements(struct evaluation *evaluation, predicate_ref ref,
                                            const struct value *list) {
    enum predicate_result result = PREDICATE_NO;
    for (uint32_t i = 0; i < list->count; i++) {
        enum predicate_result one = match_value(evaluation, ref, list->items[i].value);
        if (one == PREDICATE_YES)
            return one;
        result = one == PREDICATE_UNDECIDED ? one : result;
    }
    return result;
}

/* Long lists of words are what rules are made of: one that begins otherwise is passed over. */
static bool is_other_word(const struct evaluation *evaluation, predicate_ref ref,
                          struct slice text) {
    const struct predicate_record *record = evaluation_record(evaluation, ref);
    if (!record || record->op != MATCH_EXACT)
        return false;
    struct slice wanted = image_string(evaluation->image, record->text);
    return wanted.size != text.size || (text.size && wanted.data[0] != text.data[0]);
}

static enum predicate_result match_joined(struct evaluation *evaluation,
                                          const struct predicate_record *record,
                                          const struct value *value) {
    enum predicate_result stop = record->op == MATCH_ALL ? PREDICATE_NO : PREDICATE_YES;
    enum predicate_result result = result_not(stop);
    bool any_word = record->op == MATCH_ANY && value && value->kind == VALUE_LITERAL &&
                    !slice_is_none(value->text);
    for (uint32_t i = 0; i < record->count; i++) {
        predicate_ref operand = evaluation_operand(evaluation, record, i);
        if (any_word && is_other_word(evaluation, operand, value->text))
            continue;
        enum predicate_result one = match_value(evaluation, operand, value);
        if (one == stop)
            return one;
        result = one == PREDICATE_UNDECIDED ? one : result;
    }
    return result;
}

static enum predicate_result match_value(struct evaluation *evaluation, predicate_ref ref,
                                         const struct value *value) {
    const struct predicate_record *record = evaluation_record(evaluation, ref);
    if (!record)
        return PREDICATE_YES;
    bool absent = !value || value->kind == VALUE_NULL;
    switch ((enum predicate_op)record->op) {
    case MATCH_ABSENT:
        return yes_if(absent);
    case MATCH_PRESENT:
        return yes_if(!absent);
    case MATCH_BLANK:
        return yes_if(value && is_blank(value));
    case MATCH_FULL:
        return yes_if(value && !is_blank(value));
    case MATCH_NOT:
        return result_not(
            match_value(evaluation, evaluation_operand(evaluation, record, 0), value));
    case MATCH_ANY:
        return match_joined(evaluation, record, value);
    case MATCH_REFERENCE:
        return yes_if(is_reference(value) == (record->number != 0));
    default:
        break;
    }
    if (value && value->kind == VALUE_LIST)
        return match_elements(evaluation, ref, value);
    if (record->op == MATCH_ALL)
        return match_joined(evaluation, record, value);
    return match_value_leaf(evaluation, record, value);
}

enum predicate_result evaluation_match(struct evaluation *evaluation, predicate_ref ref,
                                       const struct value *value) {
    evaluation->is_path = false;
    return match_value(evaluation, ref, value);
}

enum predicate_result evaluation_match_text(struct evaluation *evaluation, predicate_ref ref,
                                            struct slice text, bool is_path) {
    struct value value = {.kind = VALUE_LITERAL, .text = text};
    evaluation->is_path = is_path;
    return match_value(evaluation, ref, slice_is_none(text) ? NULL : &value);
}

enum predicate_result matcher_on_text(struct predicate_context *context, const struct image *image,
                                      predicate_ref ref, const struct predicate_subject *subject,
                                      struct slice text, bool is_path) {
    struct evaluation evaluation = evaluation_make(context, image, subject, NULL);
    return evaluation_match_text(&evaluation, ref, text, is_path);
}
