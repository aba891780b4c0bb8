#include "rule/draft.h"

static const char *const example_keys[] = {"name",  "fires",    "absorbed", "path",     "before",
                                           "after", "files",    "context",  "object",   "effect",
                                           "line",  "old_path", "mode",     "old_mode", NULL};
static const char *const file_keys[] = {"path", "before",   "after", "old_path",
                                        "mode", "old_mode", NULL};
static const char *const context_keys[] = {"path", "content", NULL};

/* Contents keep their white space; 0 = the file does not exist on that side. */
static string_ref read_content(const struct rule_reader *reader, const struct yaml_node *map,
                               const char *key) {
    const struct yaml_node *node = yaml_get(map, key);
    if (!node || (node->kind == YAML_SCALAR && !node->quoted && slice_is(node->text, "null")))
        return 0;
    return image_add_string(reader->writer, read_text(reader, node, key));
}

/* Octal digits as git writes them; 0 = an ordinary file. */
static uint32_t read_mode(const struct rule_reader *reader, const struct yaml_node *map,
                          const char *key) {
    const struct yaml_node *node = yaml_get(map, key);
    uint32_t mode = 0;
    for (size_t i = 0; node && i < node->text.size; i++) {
        char digit = node->text.data[i];
        if (node->kind != YAML_SCALAR || node->text.size != 6 || digit < '0' || digit > '7')
            read_fail_at(reader, node, "\"%s\" must be six octal digits such as 100755", key);
        mode = mode * 8 + (uint32_t)(digit - '0');
    }
    return mode;
}

static void read_file(const struct rule_reader *reader, const struct yaml_node *map,
                      uint32_t words[EXAMPLE_FILE_WORDS]) {
    words[0] = image_add_string(reader->writer, read_required(reader, map, "path"));
    words[1] = read_content(reader, map, "before");
    words[2] = read_content(reader, map, "after");
    words[3] = read_string(reader, map, "old_path");
    words[4] = read_mode(reader, map, "mode");
    words[5] = read_mode(reader, map, "old_mode");
    if (!words[1] && !words[2])
        read_fail_at(reader, map,
                     "\"before\" or \"after\" is missing: a file with neither is no "
                     "change");
}

static struct rule_range read_files(const struct rule_reader *reader, const struct yaml_node *map) {
    const struct yaml_node *list = yaml_get(map, "files");
    if (!list) {
        uint32_t words[EXAMPLE_FILE_WORDS];
        read_file(reader, map, words);
        return read_range(reader, words, EXAMPLE_FILE_WORDS);
    }
    if (yaml_get(map, "path"))
        read_fail_at(reader, yaml_get(map, "path"), "\"path\" and \"files\" exclude each other");
    if (list->kind != YAML_LIST || !list->count)
        read_fail_at(reader, list, "\"files\" must be a list of {path, before, after}");
    uint32_t *words =
        ARENA_ARRAY(reader->arena, uint32_t, (size_t)list->count * EXAMPLE_FILE_WORDS);
    for (uint32_t i = 0; i < list->count; i++) {
        read_keys(reader, list->entries[i].value, "a file of an example", file_keys);
        read_file(reader, list->entries[i].value, words + EXAMPLE_FILE_WORDS * i);
    }
    return read_range(reader, words, list->count * EXAMPLE_FILE_WORDS);
}

static struct rule_range read_context(const struct rule_reader *reader,
                                      const struct yaml_node *list) {
    if (!list)
        return (struct rule_range){0, 0};
    if (list->kind != YAML_LIST)
        read_fail_at(reader, list, "\"context\" must be a list of {path, content}");
    uint32_t *words = ARENA_ARRAY(reader->arena, uint32_t, (size_t)list->count * 2 + 1);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct yaml_node *map = list->entries[i].value;
        read_keys(reader, map, "a file of \"context\"", context_keys);
        words[2 * i] = image_add_string(reader->writer, read_required(reader, map, "path"));
        const struct yaml_node *content = yaml_get(map, "content");
        if (!content)
            read_fail_at(reader, map, "\"content\" is missing");
        words[2 * i + 1] =
            image_add_string(reader->writer, read_text(reader, content, "\"content\""));
    }
    return read_range(reader, words, list->count * 2);
}

static struct rule_example read_example(const struct rule_reader *reader,
                                        const struct yaml_node *map) {
    read_keys(reader, map, "an example", example_keys);
    struct rule_example example = {
        .name = image_add_string(reader->writer, read_required(reader, map, "name")),
        .object = read_string(reader, map, "object"),
        .at_line = map->line,
    };
    const struct yaml_node *fires = yaml_get(map, "fires"), *absorbed = yaml_get(map, "absorbed"),
                           *effect = yaml_get(map, "effect"), *line = yaml_get(map, "line");
    if (!fires)
        read_fail_at(reader, map, "\"fires\" is missing: true or false");
    example.fires = read_bool(reader, fires, "\"fires\"");
    example.absorbed = absorbed && read_bool(reader, absorbed, "\"absorbed\"");
    if (effect) {
        uint32_t value = read_word(reader, effect, "an effect", WORDS_EFFECT);
        example.effect = image_add_string(reader->writer, slice_of(word_of(WORDS_EFFECT, value)));
    }
    if (line)
        example.line = read_count(reader, line, "\"line\"", 1000000);
    example.files = read_files(reader, map);
    example.context = read_context(reader, yaml_get(map, "context"));
    return example;
}

void draft_examples(struct rule_draft *draft) {
    const struct rule_reader *reader = &draft->reader;
    const struct yaml_node *list = yaml_get(draft->root, "examples");
    if (!list || list->kind != YAML_LIST)
        read_fail_at(reader, list ? list : draft->root,
                     "\"examples\" is missing: at least one that fires and one that does not");
    uint32_t firing = 0;
    draft->record.examples.from = image_count(reader->writer, IMAGE_EXAMPLES);
    draft->record.examples.count = list->count;
    for (uint32_t i = 0; i < list->count; i++) {
        struct rule_example example = read_example(reader, list->entries[i].value);
        firing += example.fires;
        image_add_record(reader->writer, IMAGE_EXAMPLES, &example, sizeof example);
    }
    if (!firing)
        read_fail_at(reader, list,
                     "no example with \"fires: true\": show one change the rule is "
                     "about");
    if (firing == list->count)
        read_fail_at(reader, list,
                     "no example with \"fires: false\": show one look-alike the rule "
                     "must leave alone");
}
