#include "language/compile.h"

#include "base/file.h"
#include "base/yaml.h"
#include "language/record.h"
#include "language/roles.h"

struct compiler {
    struct image_writer *writer;
    struct arena *arena;
    const char *directory;
    const char *where;               /* the file being compiled */
    const struct yaml_node *weights; /* lists of weights by name; NULL = none */
};

static _Noreturn void refuse(const struct compiler *compiler, const struct yaml_node *node,
                             const char *message, struct slice text) {
    failure_raise(compiler->arena->failure, BERM_ERROR_RULE,
                  (struct place){compiler->where, node->line, node->column}, "%s%s%.*s", message,
                  text.size ? " " : "", SLICE_ARGS(text));
}

static void expect(const struct compiler *compiler, const struct yaml_node *node,
                   enum yaml_kind kind) {
    static const char *const words[] = {"a text", "a list", "a map"};
    if (node->kind != kind)
        refuse(compiler, node, "expected", slice_of(words[kind]));
}

/* Keys are checked against a list that ends with NULL. */
static void expect_keys(const struct compiler *compiler, const struct yaml_node *map,
                        const char *const *keys) {
    expect(compiler, map, YAML_MAP);
    for (uint32_t i = 0; i < map->count; i++) {
        const char *const *key = keys;
        while (*key && !slice_is(map->entries[i].key, *key))
            key++;
        if (!*key)
            refuse(compiler, map->entries[i].value, "unknown key", map->entries[i].key);
    }
}

static struct slice text_of(const struct compiler *compiler, const struct yaml_node *map,
                            const char *key) {
    const struct yaml_node *node = yaml_get(map, key);
    if (!node)
        return SLICE_NONE;
    expect(compiler, node, YAML_SCALAR);
    return node->text;
}

static string_ref string_of(const struct compiler *compiler, const struct yaml_node *map,
                            const char *key) {
    return image_add_string(compiler->writer, text_of(compiler, map, key));
}

static string_ref string_needed(const struct compiler *compiler, const struct yaml_node *map,
                                const char *key) {
    if (!yaml_get(map, key))
        refuse(compiler, map, "missing key", slice_of(key));
    return string_of(compiler, map, key);
}

/* The place of a word in a list that ends with NULL; `fallback` if the key is absent. */
static uint32_t word_of_list(const struct compiler *compiler, const struct yaml_node *map,
                             const char *key, const char *const *words, uint32_t fallback) {
    const struct yaml_node *node = yaml_get(map, key);
    if (!node)
        return fallback;
    expect(compiler, node, YAML_SCALAR);
    for (uint32_t i = 0; words[i]; i++)
        if (slice_is(node->text, words[i]))
            return i;
    refuse(compiler, node, "unknown word", node->text);
}

static uint32_t number_of(const struct compiler *compiler, const struct yaml_node *map,
                          const char *key, uint32_t fallback) {
    const struct yaml_node *node = yaml_get(map, key);
    if (!node)
        return fallback;
    int64_t value;
    expect(compiler, node, YAML_SCALAR);
    if (!slice_to_int(node->text, &value) || value < 0 || value > 1000000)
        refuse(compiler, node, "expected a number, found", node->text);
    return (uint32_t)value;
}

/* A text or a list of texts, as a list of nodes. */
static const struct yaml_node *texts_of(const struct compiler *compiler,
                                        const struct yaml_node *node) {
    if (node->kind == YAML_SCALAR) {
        struct yaml_node *list = ARENA_NEW(compiler->arena, struct yaml_node);
        *list = *node;
        list->kind = YAML_LIST;
        list->entries = ARENA_NEW(compiler->arena, struct yaml_entry);
        list->entries->value = ARENA_NEW(compiler->arena, struct yaml_node);
        *list->entries->value = *node;
        list->count = 1;
        return list;
    }
    expect(compiler, node, YAML_LIST);
    for (uint32_t i = 0; i < node->count; i++)
        expect(compiler, node->entries[i].value, YAML_SCALAR);
    return node;
}

static uint32_t record_add(const struct compiler *compiler, enum image_tag tag, const void *record,
                           size_t size) {
    return image_add_record(compiler->writer, tag, record, size);
}

static uint32_t record_count(const struct compiler *compiler, enum image_tag tag) {
    return image_count(compiler->writer, tag);
}

static void condition_texts(const struct compiler *compiler, uint32_t kind, struct slice path,
                            const struct yaml_node *node) {
    if (!node)
        return;
    node = texts_of(compiler, node);
    for (uint32_t i = 0; i < node->count; i++) {
        struct condition_record record = {
            kind, image_add_string(compiler->writer, path),
            image_add_string(compiler->writer, node->entries[i].value->text)};
        record_add(compiler, IMAGE_CONDITIONS, &record, sizeof record);
    }
}

static void condition_maps(const struct compiler *compiler, uint32_t kind,
                           const struct yaml_node *node) {
    if (!node)
        return;
    expect(compiler, node, YAML_MAP);
    for (uint32_t i = 0; i < node->count; i++)
        condition_texts(compiler, kind, node->entries[i].key, node->entries[i].value);
}

/* `when:` and `unless:` of a map. */
static struct range conditions_compile(const struct compiler *compiler,
                                       const struct yaml_node *map) {
    struct range range = {record_count(compiler, IMAGE_CONDITIONS), 0};
    condition_maps(compiler, CONDITION_WHEN, yaml_get(map, "when"));
    condition_maps(compiler, CONDITION_UNLESS, yaml_get(map, "unless"));
    range.count = record_count(compiler, IMAGE_CONDITIONS) - range.first;
    return range;
}

static const struct yaml_node *list_of(const struct compiler *compiler, const struct yaml_node *map,
                                       const char *key) {
    static const struct yaml_node none = {.kind = YAML_LIST};
    const struct yaml_node *node = yaml_get(map, key);
    if (!node)
        return &none;
    expect(compiler, node, YAML_LIST);
    return node;
}

static struct range detectors_compile(const struct compiler *compiler,
                                      const struct yaml_node *list) {
    static const char *const keys[] = {"paths", "keys", "texts", "without", "first_lines", NULL};
    struct range range = {record_count(compiler, IMAGE_DETECTORS), list->count};
    for (uint32_t i = 0; i < list->count; i++) {
        const struct yaml_node *map = list->entries[i].value;
        expect_keys(compiler, map, keys);
        struct detector_record record = {{record_count(compiler, IMAGE_CONDITIONS), 0}};
        condition_texts(compiler, CONDITION_PATH, SLICE_NONE, yaml_get(map, "paths"));
        condition_texts(compiler, CONDITION_FIRST_LINE, SLICE_NONE, yaml_get(map, "first_lines"));
        condition_texts(compiler, CONDITION_KEY, SLICE_NONE, yaml_get(map, "keys"));
        condition_texts(compiler, CONDITION_TEXT, SLICE_NONE, yaml_get(map, "texts"));
        condition_texts(compiler, CONDITION_WITHOUT, SLICE_NONE, yaml_get(map, "without"));
        record.conditions.count =
            record_count(compiler, IMAGE_CONDITIONS) - record.conditions.first;
        record_add(compiler, IMAGE_DETECTORS, &record, sizeof record);
    }
    return range;
}

static struct range weights_compile(const struct compiler *compiler, const struct yaml_node *list) {
    static const char *const keys[] = {"weight", "when", "unless", NULL};
    struct range range = {record_count(compiler, IMAGE_WEIGHTS), list->count};
    for (uint32_t i = 0; i < list->count; i++) {
        const struct yaml_node *map = list->entries[i].value;
        expect_keys(compiler, map, keys);
        struct weight_record record = {number_of(compiler, map, "weight", 100),
                                       conditions_compile(compiler, map)};
        record_add(compiler, IMAGE_WEIGHTS, &record, sizeof record);
    }
    return range;
}

/* `weights:` of a shape: a list, or the name of one of the file's `weights:`. */
static const struct yaml_node *weights_of(const struct compiler *compiler,
                                          const struct yaml_node *map) {
    const struct yaml_node *node = yaml_get(map, "weights");
    if (!node || node->kind != YAML_SCALAR)
        return list_of(compiler, map, "weights");
    for (uint32_t i = 0; compiler->weights && i < compiler->weights->count; i++)
        if (slice_equal(compiler->weights->entries[i].key, node->text)) {
            expect(compiler, compiler->weights->entries[i].value, YAML_LIST);
            return compiler->weights->entries[i].value;
        }
    refuse(compiler, node, "no such weights:", node->text);
}

/* `as:` of a shape: keys of the body that are called something else in attributes. */
static struct range names_compile(const struct compiler *compiler, const struct yaml_node *map) {
    struct range range = {record_count(compiler, IMAGE_CONDITIONS), 0};
    condition_maps(compiler, CONDITION_AS, yaml_get(map, "as"));
    range.count = record_count(compiler, IMAGE_CONDITIONS) - range.first;
    return range;
}

static struct range shapes_compile(const struct compiler *compiler, const struct yaml_node *list) {
    static const char *const keys[] = {"kind", "in",   "at",     "type",    "name", "wrap",
                                       "host", "when", "unless", "weights", "as",   NULL};
    struct range range = {record_count(compiler, IMAGE_ENTITY_SHAPES), list->count};
    for (uint32_t i = 0; i < list->count; i++) {
        const struct yaml_node *map = list->entries[i].value;
        expect_keys(compiler, map, keys);
        struct shape_record record = {.parent = string_of(compiler, map, "in"),
                                      .kind = string_needed(compiler, map, "kind"),
                                      .type = string_of(compiler, map, "type"),
                                      .name = string_of(compiler, map, "name"),
                                      .at = string_of(compiler, map, "at"),
                                      .wrap = string_of(compiler, map, "wrap"),
                                      .host = string_of(compiler, map, "host"),
                                      .conditions = conditions_compile(compiler, map),
                                      .weights =
                                          weights_compile(compiler, weights_of(compiler, map)),
                                      .names = names_compile(compiler, map)};
        record_add(compiler, IMAGE_ENTITY_SHAPES, &record, sizeof record);
    }
    return range;
}

static struct range embeddings_compile(const struct compiler *compiler,
                                       const struct yaml_node *list) {
    static const char *const keys[] = {"in",   "at",     "also",   "form",      "language", "host",
                                       "when", "unless", "weight", "variables", "skip",     NULL};
    static const char *const forms[] = {"script", "argv", "command", "value", NULL};
    struct range range = {record_count(compiler, IMAGE_EMBEDDINGS), list->count};
    for (uint32_t i = 0; i < list->count; i++) {
        const struct yaml_node *map = list->entries[i].value;
        expect_keys(compiler, map, keys);
        struct embedding_record record = {.parent = string_of(compiler, map, "in"),
                                          .form = word_of_list(compiler, map, "form", forms, 0),
                                          .weight = number_of(compiler, map, "weight", 0),
                                          .at = string_needed(compiler, map, "at"),
                                          .also = string_of(compiler, map, "also"),
                                          .language = string_of(compiler, map, "language"),
                                          .host = string_of(compiler, map, "host"),
                                          .variables = string_of(compiler, map, "variables"),
                                          .skip = number_of(compiler, map, "skip", 0),
                                          .conditions = conditions_compile(compiler, map)};
        record_add(compiler, IMAGE_EMBEDDINGS, &record, sizeof record);
    }
    return range;
}

static const char *const list_forms[] = {"ordered", "set", "keyed", NULL};

static struct range lists_compile(const struct compiler *compiler, const struct yaml_node *list) {
    static const char *const keys[] = {"at", "type", "form", "key", NULL};
    struct range range = {record_count(compiler, IMAGE_LIST_SHAPES), 0};
    for (uint32_t i = 0; i < list->count; i++) {
        const struct yaml_node *map = list->entries[i].value;
        expect_keys(compiler, map, keys);
        if (!yaml_get(map, "at"))
            refuse(compiler, map, "missing key", SLICE("at"));
        const struct yaml_node *paths = texts_of(compiler, yaml_get(map, "at"));
        for (uint32_t n = 0; n < paths->count; n++) {
            struct list_record record = {
                image_add_string(compiler->writer, paths->entries[n].value->text),
                string_of(compiler, map, "type"), string_of(compiler, map, "key"),
                word_of_list(compiler, map, "form", list_forms, LIST_SET)};
            record_add(compiler, IMAGE_LIST_SHAPES, &record, sizeof record);
            range.count++;
        }
    }
    return range;
}

static void words_add(const struct compiler *compiler, const char *group,
                      const struct yaml_node *node) {
    if (!node)
        return;
    bool map = node->kind == YAML_MAP;
    if (!map)
        node = texts_of(compiler, node);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_node *value = node->entries[i].value;
        expect(compiler, value, YAML_SCALAR);
        struct word_record record = {
            image_add_string(compiler->writer, slice_of(group)),
            image_add_string(compiler->writer, map ? node->entries[i].key : value->text),
            map ? image_add_string(compiler->writer, value->text) : 0};
        record_add(compiler, IMAGE_DIALECT_WORDS, &record, sizeof record);
    }
}

static struct range words_compile(const struct compiler *compiler, const struct yaml_node *map) {
    struct range range = {record_count(compiler, IMAGE_DIALECT_WORDS), 0};
    words_add(compiler, "system", yaml_get(map, "systems"));
    words_add(compiler, "property", yaml_get(map, "properties"));
    words_add(compiler, "program", yaml_get(map, "programs"));
    words_add(compiler, "function", yaml_get(map, "functions"));
    words_add(compiler, "transparent", yaml_get(map, "transparent"));
    words_add(compiler, "directive", yaml_get(map, "directives"));
    words_add(compiler, "flag", yaml_get(map, "flags"));
    words_add(compiler, "sequence", yaml_get(map, "sequences"));
    range.count = record_count(compiler, IMAGE_DIALECT_WORDS) - range.first;
    return range;
}

/* A dialect may be added to a language that is built in. */
static uint32_t builtin_cut(struct slice language) {
    struct image image = image_builtin();
    uint32_t count = 0;
    const struct language_record *records =
        image.bytes ? image_section(&image, IMAGE_LANGUAGES, &count) : NULL;
    for (uint32_t i = 0; i < count; i++)
        if (slice_equal(image_string(&image, records[i].name), language))
            return records[i].cut;
    return CUT_NONE;
}

static uint32_t language_cut(const struct compiler *compiler, string_ref language,
                             struct slice name) {
    for (uint32_t i = 0; i < record_count(compiler, IMAGE_LANGUAGES); i++) {
        const struct language_record *record = image_record(compiler->writer, IMAGE_LANGUAGES, i);
        if (record->name == language)
            return record->cut;
    }
    return builtin_cut(name);
}

/* Everything but name, language and detectors of an earlier dialect. */
static void dialect_inherit(const struct compiler *compiler, const struct yaml_node *map,
                            struct dialect_record *record) {
    const struct yaml_node *like = yaml_get(map, "like");
    expect(compiler, like, YAML_SCALAR);
    string_ref name = image_add_string(compiler->writer, like->text);
    for (uint32_t i = 0; i < record_count(compiler, IMAGE_DIALECTS); i++) {
        const struct dialect_record *other = image_record(compiler->writer, IMAGE_DIALECTS, i);
        if (other->name != name)
            continue;
        struct dialect_record own = *record;
        *record = *other;
        record->name = own.name;
        record->language = own.language;
        record->cut = own.cut;
        record->detectors = own.detectors;
        return;
    }
    refuse(compiler, like, "no earlier dialect", like->text);
}

static void dialect_compile(const struct compiler *compiler, const struct yaml_node *map) {
    static const char *const keys[] = {
        "name",  "language",     "unit",    "generic",    "detect",   "entities",  "embedded",
        "lists", "list_default", "systems", "properties", "programs", "functions", "transparent",
        "like",  "directives",   "flags",   "sequences",  "whole",    NULL};
    static const char *const units[] = {"file", "directory", "change", NULL};
    static const char *const flags[] = {"false", "true", NULL};
    expect_keys(compiler, map, keys);
    struct dialect_record record = {
        .name = string_needed(compiler, map, "name"),
        .language = string_needed(compiler, map, "language"),
        .unit = word_of_list(compiler, map, "unit", units, UNIT_FILE),
        .generic = word_of_list(compiler, map, "generic", flags, 0),
        .list_default = word_of_list(compiler, map, "list_default", list_forms, LIST_ORDERED),
        .detectors = detectors_compile(compiler, list_of(compiler, map, "detect")),
        .shapes = shapes_compile(compiler, list_of(compiler, map, "entities")),
        .embeddings = embeddings_compile(compiler, list_of(compiler, map, "embedded")),
        .lists = lists_compile(compiler, list_of(compiler, map, "lists")),
        .words = words_compile(compiler, map)};
    record.cut = language_cut(compiler, record.language, yaml_get(map, "language")->text);
    if (word_of_list(compiler, map, "whole", flags, 0))
        record.cut = CUT_NONE;
    if (yaml_get(map, "like"))
        dialect_inherit(compiler, map, &record);
    record_add(compiler, IMAGE_DIALECTS, &record, sizeof record);
}

/* The words of one kind of record: those of fields, of exchanges, or of nodes and tokens. */
static bool role_find(uint32_t kind, struct slice word, uint32_t *role) {
    if (kind == NODE_RECORD_FIELD)
        return (*role = field_role_find(word)) != FIELD_COUNT;
    if (kind == NODE_RECORD_EXCHANGE)
        return (*role = exchange_kind_find(word)) != EXCHANGE_COUNT;
    return (*role = node_role_find(word)) != ROLE_COUNT;
}

static void roles_compile(const struct compiler *compiler, string_ref language, uint32_t kind,
                          const struct yaml_node *map) {
    if (!map)
        return;
    expect(compiler, map, YAML_MAP);
    for (uint32_t i = 0; i < map->count; i++) {
        struct slice word = map->entries[i].key;
        uint32_t role;
        if (!role_find(kind, word, &role))
            refuse(compiler, map->entries[i].value, "unknown role", word);
        const struct yaml_node *names = texts_of(compiler, map->entries[i].value);
        for (uint32_t n = 0; n < names->count; n++) {
            struct node_role_record record = {
                language, image_add_string(compiler->writer, names->entries[n].value->text), kind,
                role};
            record_add(compiler, IMAGE_NODE_ROLES, &record, sizeof record);
        }
    }
}

static void nodes_compile(struct compiler *compiler, struct slice name, string_ref language) {
    static const char *const keys[] = {"nodes", "tokens", "words", "fields", "exchange", NULL};
    struct slice path = arena_format(compiler->arena, "%s/%.*s/entities.yaml", compiler->directory,
                                     SLICE_ARGS(name));
    struct slice content;
    if (!file_read(compiler->arena, path.data, &content))
        return;
    const char *outer = compiler->where;
    compiler->where = path.data;
    const struct yaml_node *map = yaml_parse(compiler->arena, content, path.data, BERM_ERROR_RULE);
    expect_keys(compiler, map, keys);
    roles_compile(compiler, language, NODE_RECORD_NODE, yaml_get(map, "nodes"));
    roles_compile(compiler, language, NODE_RECORD_TOKEN, yaml_get(map, "tokens"));
    roles_compile(compiler, language, NODE_RECORD_FIELD, yaml_get(map, "fields"));
    roles_compile(compiler, language, NODE_RECORD_WORD, yaml_get(map, "words"));
    roles_compile(compiler, language, NODE_RECORD_EXCHANGE, yaml_get(map, "exchange"));
    compiler->where = outer;
}

static void languages_add(struct compiler *compiler, const struct yaml_node *map) {
    static const char *const keys[] = {"cut",     "masked",     "max_lines", "nesting",
                                       "reader",  "roles",      "strings",   "prefixes",
                                       "doubled", "expansions", NULL};
    static const char *const cuts[] = {"none", "braces", "documents", NULL};
    static const char *const flags[] = {"false", "true", NULL};
    static const char *const readers[] = {"data", "code", "statement", NULL};
    static const char *const nestings[] = {"brackets", "indentation", "none", "code", NULL};
    static const char *const strings[] = {"plain",  "hcl",   "toml", "markup",
                                          "groovy", "lines", NULL};
    static const char *const expansions[] = {"none", "parentheses", "braces", NULL};
    if (!map)
        return;
    expect(compiler, map, YAML_MAP);
    for (uint32_t i = 0; i < map->count; i++) {
        const struct yaml_node *language = map->entries[i].value;
        expect_keys(compiler, language, keys);
        struct slice shared = text_of(compiler, language, "roles");
        struct slice roles = shared.size ? shared : map->entries[i].key;
        struct language_record record = {
            .name = image_add_string(compiler->writer, map->entries[i].key),
            .roles = image_add_string(compiler->writer, roles),
            .cut = word_of_list(compiler, language, "cut", cuts, CUT_NONE),
            .masked = word_of_list(compiler, language, "masked", flags, 0),
            .reader = word_of_list(compiler, language, "reader", readers, READER_DATA),
            .nesting = word_of_list(compiler, language, "nesting", nestings, NESTING_BRACKETS),
            .max_lines = number_of(compiler, language, "max_lines", 0),
            .strings = word_of_list(compiler, language, "strings", strings, STRINGS_PLAIN),
            .prefixes = string_of(compiler, language, "prefixes"),
            .doubled = string_of(compiler, language, "doubled"),
            .expansions =
                word_of_list(compiler, language, "expansions", expansions, EXPANSION_NONE)};
        record_add(compiler, IMAGE_LANGUAGES, &record, sizeof record);
        nodes_compile(compiler, roles, record.name);
        statements_compile(compiler->writer, compiler->arena, compiler->directory,
                           map->entries[i].key);
    }
}

void languages_compile(struct image_writer *writer, struct arena *arena,
                       const char *grammars_directory) {
    static const char *const keys[] = {"languages", "dialects", "weights", "sensitive",
                                       "lines",     "told",     NULL};
    struct slice path = arena_format(arena, "%s/languages.yaml", grammars_directory);
    struct compiler compiler = {writer, arena, grammars_directory, path.data, NULL};
    struct slice content;
    if (!file_read(arena, path.data, &content))
        return;
    const struct yaml_node *root = yaml_parse(arena, content, path.data, BERM_ERROR_RULE);
    expect_keys(&compiler, root, keys);
    compiler.weights = yaml_get(root, "weights");
    languages_add(&compiler, yaml_get(root, "languages"));
    const struct yaml_node *dialects = list_of(&compiler, root, "dialects");
    for (uint32_t i = 0; i < dialects->count; i++)
        dialect_compile(&compiler, dialects->entries[i].value);
    words_add(&compiler, "sensitive", yaml_get(root, "sensitive"));
    words_add(&compiler, "lines", yaml_get(root, "lines"));
    words_add(&compiler, "told", yaml_get(root, "told"));
}
