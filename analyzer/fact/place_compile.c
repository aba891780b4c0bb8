#include "base/file.h"
#include "base/strbuf.h"
#include "base/yaml.h"
#include "fact/compile.h"
#include "fact/place_record.h"
#include "fact/vocabulary.h"

struct compiler {
    struct image_writer *writer;
    struct arena *arena;
    const char *where;
};

static _Noreturn void fail(const struct compiler *compiler, uint32_t line, uint32_t column,
                           const char *what, struct slice about) {
    failure_raise(compiler->arena->failure, BERM_ERROR_RULE,
                  (struct place){compiler->where, line, column}, "%s '%.*s'", what,
                  SLICE_ARGS(about));
}

/* "Pre prod" and "pre-prod" are "preprod". */
static struct slice fold_words(const struct compiler *compiler, const struct yaml_node *node) {
    struct strbuf out;
    strbuf_init(&out, compiler->arena);
    for (size_t i = 0; i < node->text.size; i++) {
        char c = node->text.data[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if (c >= 'a' && c <= 'z')
            strbuf_add_byte(&out, c);
        else if (c != ' ' && c != '-')
            fail(compiler, node->line, node->column, "only letters and blanks may stand in",
                 node->text);
    }
    if (!out.size || out.size > PLACE_WORD_BYTES)
        fail(compiler, node->line, node->column, "too long or empty:", node->text);
    return strbuf_slice(&out);
}

static void compile_list(const struct compiler *compiler, const struct yaml_entry *entry,
                         enum place_kind kind, uint32_t value) {
    if (entry->value->kind != YAML_LIST)
        fail(compiler, entry->line, entry->column, "a list is needed for", entry->key);
    for (uint32_t i = 0; i < entry->value->count; i++) {
        const struct yaml_node *node = entry->value->entries[i].value;
        if (node->kind != YAML_SCALAR || !node->text.size)
            fail(compiler, node->line, node->column, "a text is needed in", entry->key);
        struct slice text = kind == PLACE_ENVIRONMENT ? fold_words(compiler, node) : node->text;
        struct place_word word = {(uint32_t)kind, value, image_add_string(compiler->writer, text)};
        image_add_record(compiler->writer, IMAGE_WORDS, &word, sizeof word);
    }
}

static void compile_map(const struct compiler *compiler, const struct yaml_entry *section,
                        enum place_kind kind, enum word_list list) {
    if (section->value->kind != YAML_MAP)
        fail(compiler, section->line, section->column, "a map is needed for", section->key);
    for (uint32_t i = 0; i < section->value->count; i++) {
        const struct yaml_entry *entry = &section->value->entries[i];
        uint32_t value;
        if (!word_find(list, entry->key, &value))
            fail(compiler, entry->line, entry->column, "unknown word", entry->key);
        compile_list(compiler, entry, kind, value);
    }
}

void places_compile(struct image_writer *writer, struct arena *arena, const char *rules) {
    struct compiler compiler = {writer, arena, arena_format(arena, "%s/places.yaml", rules).data};
    struct slice content;
    if (!file_read(arena, compiler.where, &content))
        return;
    const struct yaml_node *root = yaml_parse(arena, content, compiler.where, BERM_ERROR_RULE);
    for (uint32_t i = 0; i < root->count; i++) {
        const struct yaml_entry *section = &root->entries[i];
        if (slice_is(section->key, "environments"))
            compile_map(&compiler, section, PLACE_ENVIRONMENT, WORDS_ENVIRONMENT);
        else if (slice_is(section->key, "paths"))
            compile_map(&compiler, section, PLACE_PATH, WORDS_PATH_CLASS);
        else if (slice_is(section->key, "collections"))
            compile_list(&compiler, section, PLACE_COLLECTION, 0);
        else if (slice_is(section->key, "attributes"))
            compile_list(&compiler, section, PLACE_ATTRIBUTE, 0);
        else
            fail(&compiler, section->line, section->column, "unknown key", section->key);
    }
}
