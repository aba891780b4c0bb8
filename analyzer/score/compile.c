#include "score/compile.h"

#include "base/decimal.h"
#include "base/file.h"
#include "base/yaml.h"
#include "reach/reach.h"
#include "score/score.h"

enum { FACTOR_MAX = 10000 }; /* 10.000: keeps products of factors far from overflow */

struct compiler {
    struct image_writer *writer;
    struct arena *arena;
    const char *where;
};

/* How a key of score.yaml is read. */
struct section {
    const char *key;
    enum score_list list;
    enum { KEYED_BY_WORD, KEYED_BY_NUMBER, SINGLE } form;
    enum word_list words;
    uint32_t decimals, max;
};

static const struct section sections[] = {
    {"severity", SCORE_SEVERITY, KEYED_BY_WORD, WORDS_SEVERITY, 1, 999},
    {"environment", SCORE_ENVIRONMENT, KEYED_BY_WORD, WORDS_ENVIRONMENT, 3, FACTOR_MAX},
    {"path", SCORE_PATH, KEYED_BY_WORD, WORDS_PATH_CLASS, 3, FACTOR_MAX},
    {"undo", SCORE_UNDO, KEYED_BY_WORD, WORDS_UNDO, 3, FACTOR_MAX},
    {"scope", SCORE_SCOPE, KEYED_BY_WORD, WORDS_SCOPE, 3, FACTOR_MAX},
    {"confidence", SCORE_CONFIDENCE, KEYED_BY_WORD, WORDS_CONFIDENCE, 3, FACTOR_MAX},
    {"width", SCORE_WIDTH, KEYED_BY_NUMBER, WORDS_COUNT, 3, FACTOR_MAX},
    {"fan_out", SCORE_FAN_OUT, KEYED_BY_NUMBER, WORDS_COUNT, 3, FACTOR_MAX},
    {"critical", SCORE_CRITICAL, SINGLE, WORDS_COUNT, 3, FACTOR_MAX},
    {"low_cap", SCORE_LOW_CAP, SINGLE, WORDS_COUNT, 1, 999},
    {"bands", SCORE_BAND, KEYED_BY_WORD, WORDS_TIER, 1, 1000},
};

#define FAIL(compiler, node, ...)                                                                  \
    failure_raise((compiler)->arena->failure, BERM_ERROR_RULE,                                     \
                  (struct place){(compiler)->where, (node)->line, (node)->column}, __VA_ARGS__)

static void add_value(const struct compiler *compiler, const struct section *section, uint32_t key,
                      const struct yaml_node *node) {
    uint32_t value;
    if (node->kind != YAML_SCALAR || !decimal_parse(node->text, section->decimals, &value) ||
        value > section->max)
        FAIL(compiler, node, "%s wants a number with at most %u decimals, at most %u.%u",
             section->key, section->decimals, section->max / (section->decimals == 1 ? 10 : 1000),
             section->max % 10);
    struct score_record record = {section->list, key, value};
    image_add_record(compiler->writer, IMAGE_SCORE, &record, sizeof record);
}

static uint32_t read_key(const struct compiler *compiler, const struct section *section,
                         const struct yaml_entry *entry) {
    uint32_t key = 0;
    if (section->form == KEYED_BY_NUMBER) {
        if (!decimal_parse(entry->key, 0, &key))
            FAIL(compiler, entry, "%s wants whole numbers as keys", section->key);
    } else if (!word_find(section->words, entry->key, &key)) {
        FAIL(compiler, entry, "unknown word \"%.*s\"; known: %s", SLICE_ARGS(entry->key),
             word_list_text(section->words));
    }
    return key;
}

static void read_section(const struct compiler *compiler, const struct section *section,
                         const struct yaml_node *node) {
    if (section->form == SINGLE) {
        add_value(compiler, section, 0, node);
        return;
    }
    if (node->kind != YAML_MAP)
        FAIL(compiler, node, "%s wants a map", section->key);
    if (section->form == KEYED_BY_NUMBER && node->count > SCORE_STEPS)
        FAIL(compiler, node, "%s has more than %d steps", section->key, SCORE_STEPS);
    for (uint32_t i = 0; i < node->count; i++)
        add_value(compiler, section, read_key(compiler, section, &node->entries[i]),
                  node->entries[i].value);
}

static const struct section *find_section(struct slice key) {
    for (uint32_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (slice_is(key, sections[i].key))
            return &sections[i];
    return NULL;
}

void score_compile_text(struct image_writer *writer, struct arena *arena, struct slice text,
                        const char *where) {
    struct compiler compiler = {writer, arena, where};
    const struct yaml_node *root = yaml_parse(arena, text, where, BERM_ERROR_RULE);
    if (root->kind != YAML_MAP)
        FAIL(&compiler, root, "the score table is a map");
    for (uint32_t i = 0; i < root->count; i++) {
        if (slice_is(root->entries[i].key, "reach")) {
            reach_compile(writer, arena, root->entries[i].value, where);
            continue;
        }
        const struct section *section = find_section(root->entries[i].key);
        if (!section)
            FAIL(&compiler, &root->entries[i], "unknown key \"%.*s\"",
                 SLICE_ARGS(root->entries[i].key));
        read_section(&compiler, section, root->entries[i].value);
    }
}

void score_compile(struct image_writer *writer, struct arena *arena, const char *rules_directory) {
    struct slice path = arena_format(arena, "%s/score.yaml", rules_directory), text;
    if (file_read(arena, path.data, &text))
        score_compile_text(writer, arena, text, path.data);
}
