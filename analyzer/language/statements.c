#include "base/file.h"
#include "base/strbuf.h"
#include "base/yaml.h"
#include "language/compile.h"
#include "language/record.h"

struct statements_compiler {
    struct image_writer *writer;
    struct arena *arena;
    const char *where;
    string_ref language;
};

static _Noreturn void refuse(const struct statements_compiler *compiler,
                             const struct yaml_node *node, const char *message, struct slice text) {
    failure_raise(compiler->arena->failure, BERM_ERROR_RULE,
                  (struct place){compiler->where, node->line, node->column}, "%s%s%.*s", message,
                  text.size ? " " : "", SLICE_ARGS(text));
}

static bool is_known(struct slice key, const char *const *keys) {
    while (*keys && !slice_is(key, *keys))
        keys++;
    return *keys != NULL;
}

static void expect_keys(const struct statements_compiler *compiler, const struct yaml_node *map,
                        const char *const *keys) {
    if (map->kind != YAML_MAP)
        refuse(compiler, map, "expected a map", SLICE(""));
    for (uint32_t i = 0; i < map->count; i++)
        if (!is_known(map->entries[i].key, keys))
            refuse(compiler, map->entries[i].value, "unknown key", map->entries[i].key);
}

/* A scalar, or the scalars of a list with commas between them. */
static struct slice phrases(const struct statements_compiler *compiler,
                            const struct yaml_node *node) {
    if (node->kind == YAML_SCALAR)
        return node->text;
    if (node->kind != YAML_LIST)
        refuse(compiler, node, "expected phrases", SLICE(""));
    struct strbuf text;
    strbuf_init(&text, compiler->arena);
    for (uint32_t i = 0; i < node->count; i++) {
        if (node->entries[i].value->kind != YAML_SCALAR)
            refuse(compiler, node->entries[i].value, "expected a phrase", SLICE(""));
        if (i)
            strbuf_add_byte(&text, ',');
        strbuf_add(&text, node->entries[i].value->text);
    }
    return strbuf_slice(&text);
}

static void add_words(const struct statements_compiler *compiler, const char *group,
                      struct slice key, const struct yaml_node *node) {
    struct statement_words_record record = {
        compiler->language, image_add_string(compiler->writer, slice_of(group)),
        image_add_string(compiler->writer, key),
        image_add_string(compiler->writer, phrases(compiler, node))};
    image_add_record(compiler->writer, IMAGE_STATEMENT_WORDS, &record, sizeof record);
}

static string_ref string_of(const struct statements_compiler *compiler, const struct yaml_node *map,
                            const char *key) {
    const struct yaml_node *node = yaml_get(map, key);
    if (node && node->kind != YAML_SCALAR)
        refuse(compiler, node, "expected a text", SLICE(""));
    return image_add_string(compiler->writer, node ? node->text : SLICE_NONE);
}

static void add_forms(const struct statements_compiler *compiler, struct slice group,
                      const struct yaml_node *list) {
    static const char *const keys[] = {"is",      "type",   "clauses", "modifiers",
                                       "actions", "traits", NULL};
    if (list->kind != YAML_LIST)
        refuse(compiler, list, "expected a list", SLICE(""));
    for (uint32_t i = 0; i < list->count; i++) {
        const struct yaml_node *map = list->entries[i].value;
        expect_keys(compiler, map, keys);
        if (!yaml_get(map, "is"))
            refuse(compiler, map, "missing key", SLICE("is"));
        struct statement_record record = {
            .language = compiler->language,
            .group = image_add_string(compiler->writer, group),
            .pattern = string_of(compiler, map, "is"),
            .type = string_of(compiler, map, "type"),
            .clauses = string_of(compiler, map, "clauses"),
            .modifiers = string_of(compiler, map, "modifiers"),
            .actions = string_of(compiler, map, "actions"),
            .traits = string_of(compiler, map, "traits"),
        };
        image_add_record(compiler->writer, IMAGE_STATEMENTS, &record, sizeof record);
    }
}

static void add_maps(const struct statements_compiler *compiler, const struct yaml_node *root,
                     const char *key, const char *group) {
    const struct yaml_node *map = yaml_get(root, key);
    if (map && map->kind != YAML_MAP)
        refuse(compiler, map, "expected a map", SLICE(""));
    for (uint32_t i = 0; map && i < map->count; i++)
        add_words(compiler, group, map->entries[i].key, map->entries[i].value);
}

void statements_compile(struct image_writer *writer, struct arena *arena,
                        const char *grammars_directory, struct slice language) {
    static const char *const words[] = {"reserved", "column_words", "constraint_words", "functions",
                                        "control",  "openers",      "body_languages",   "hooks"};
    static const char *const keys[] = {"reserved",
                                       "column_words",
                                       "constraint_words",
                                       "functions",
                                       "control",
                                       "openers",
                                       "body_languages",
                                       "lists",
                                       "prefixes",
                                       "sections",
                                       "engines",
                                       "marks",
                                       "hooks",
                                       "sectioning_functions",
                                       "forms",
                                       "actions",
                                       NULL};
    struct slice path =
        arena_format(arena, "%s/%.*s/statements.yaml", grammars_directory, SLICE_ARGS(language));
    struct slice content;
    if (!file_read(arena, path.data, &content))
        return;
    struct statements_compiler compiler = {writer, arena, path.data,
                                           image_add_string(writer, language)};
    const struct yaml_node *root = yaml_parse(arena, content, path.data, BERM_ERROR_RULE);
    expect_keys(&compiler, root, keys);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (yaml_get(root, words[i]))
            add_words(&compiler, words[i], SLICE(""), yaml_get(root, words[i]));
    add_maps(&compiler, root, "lists", "list");
    add_maps(&compiler, root, "prefixes", "prefix");
    add_maps(&compiler, root, "sections", "section");
    add_maps(&compiler, root, "engines", "engine");
    add_maps(&compiler, root, "marks", "mark");
    add_maps(&compiler, root, "sectioning_functions", "function");
    if (yaml_get(root, "forms"))
        add_forms(&compiler, SLICE(""), yaml_get(root, "forms"));
    const struct yaml_node *actions = yaml_get(root, "actions");
    for (uint32_t i = 0; actions && i < actions->count; i++)
        add_forms(&compiler, actions->entries[i].key, actions->entries[i].value);
}
