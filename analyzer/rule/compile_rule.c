#include "rule/draft.h"
#include "rule/template.h"

static const char *const rule_keys[] = {
    "id",        "since",    "title",  "dialects", "on",      "entity",   "call",
    "where",     "with",     "unless", "absorbs",  "query",   "severity", "undo",
    "scope",     "effect",   "floor",  "adjust",   "message", "why",      "fix",
    "incidents", "examples", "per",    "internal", "covers",  NULL};
static const char *const clause_keys[] = {"on",     "entity", "call",  "where", "dialects",
                                          "within", "min",    "share", "equal", NULL};
static const char *const floor_keys[] = {"tier", "when", NULL};
static const char *const adjust_keys[] = {"when", "severity", "floor", "confidence", NULL};

static const char *const within_words[] = {"entity",      "file",   "directory", "unit",
                                           "environment", "change", NULL};
_Static_assert(sizeof within_words / sizeof within_words[0] == WITHIN_COUNT + 1, "one word each");

static const char *const per_words[] = {"object", "file", "directory", "unit", "change", NULL};

static const struct {
    const char *word;
    enum rule_same bit;
} same_words[] = {{"type", SAME_TYPE},
                  {"name", SAME_NAME},
                  {"scope", SAME_SCOPE},
                  {"dialect", SAME_DIALECT},
                  {"kind", SAME_KIND}};

static uint32_t read_same_word(const struct rule_reader *reader, const struct yaml_node *node) {
    struct slice word = read_text(reader, node, "\"same\"");
    for (size_t i = 0; i < sizeof same_words / sizeof same_words[0]; i++)
        if (slice_is(word, same_words[i].word))
            return same_words[i].bit;
    read_fail_at(reader, node,
                 "\"%.*s\" is not a word for \"same\"; known: type, name, scope, dialect, kind",
                 SLICE_ARGS(word));
}

static uint32_t read_same(const struct rule_reader *reader, const struct yaml_node *entity) {
    const struct yaml_node *same = entity ? yaml_get(entity, "same") : NULL;
    if (!same)
        return 0;
    if (same->kind == YAML_SCALAR)
        return read_same_word(reader, same);
    uint32_t bits = 0;
    for (uint32_t i = 0; i < same->count; i++)
        bits |= read_same_word(reader, same->entries[i].value);
    return bits;
}

static uint32_t read_listed_word(const struct rule_reader *reader, const struct yaml_node *node,
                                 const char *what, const char *const *words) {
    struct slice word = read_text(reader, node, what);
    for (uint32_t i = 0; words[i]; i++)
        if (slice_is(word, words[i]))
            return i;
    read_fail_at(reader, node, "\"%.*s\" is not a word for %s; known: %s", SLICE_ARGS(word), what,
                 read_join(reader, words));
}

static uint32_t read_within(const struct rule_reader *reader, const struct yaml_node *map) {
    const struct yaml_node *node = yaml_get(map, "within");
    if (!node)
        read_fail_at(reader, map, "\"within\" is missing: where are the other events looked for?");
    return read_listed_word(reader, node, "\"within\"", within_words);
}

/* equal: {PATH OF THE OTHER EVENT: PATH OF THIS ONE} */
static void read_equal(const struct rule_reader *reader, const struct yaml_node *equal,
                       struct rule_clause *clause) {
    if (!equal)
        return;
    if (equal->kind != YAML_MAP || equal->count != 1)
        read_fail_at(reader, equal,
                     "\"equal\" is a map of one attribute of the other event to one "
                     "of this event");
    clause->other = image_add_string(reader->writer, equal->entries[0].key);
    clause->own =
        image_add_string(reader->writer, read_text(reader, equal->entries[0].value, "\"equal\""));
}

static void read_clause(const struct rule_reader *reader, const struct yaml_node *map, bool unless,
                        struct rule_clause *clause) {
    read_keys(reader, map, unless ? "an entry of \"unless\"" : "an entry of \"with\"", clause_keys);
    const struct yaml_node *on = yaml_get(map, "on");
    if (!on)
        read_fail_at(reader, map, "\"on\" is missing: which effects are looked for?");
    draft_selector(reader, map, &clause->selector);
    clause->selector.effects = read_effects(reader, on);
    clause->unless = unless;
    clause->same = read_same(reader, yaml_get(map, "entity"));
    clause->within = read_within(reader, map);
    read_equal(reader, yaml_get(map, "equal"), clause);
    const struct yaml_node *min = yaml_get(map, "min"), *share = yaml_get(map, "share");
    clause->min = min ? read_count(reader, min, "\"min\"", 100000) : 1;
    clause->share = share ? read_count(reader, share, "\"share\"", 100) : 0;
}

/* `with` and `unless` of a rule become one range; clauses are written after the selectors, whose
 * lists would otherwise interleave. */
static void read_clauses(struct rule_draft *draft) {
    static const char *const names[] = {"with", "unless"};
    struct rule_reader *reader = &draft->reader;
    VEC(struct rule_clause) clauses = {0};
    for (uint32_t n = 0; n < 2; n++) {
        const struct yaml_node *list = yaml_get(draft->root, names[n]);
        if (!list)
            continue;
        if (list->kind != YAML_LIST)
            read_fail_at(reader, list, "\"%s\" must be a list", names[n]);
        for (uint32_t i = 0; i < list->count; i++) {
            struct rule_clause clause = {0};
            read_clause(reader, list->entries[i].value, n == 1, &clause);
            vec_push(reader->arena, &clauses, clause);
        }
    }
    draft->record.clauses.from = image_count(reader->writer, IMAGE_RULE_CLAUSES);
    draft->record.clauses.count = clauses.count;
    for (uint32_t i = 0; i < clauses.count; i++)
        image_add_record(reader->writer, IMAGE_RULE_CLAUSES, &clauses.items[i],
                         sizeof clauses.items[i]);
}

static int32_t read_adjust_floor(const struct rule_reader *reader, const struct yaml_node *node) {
    if (!node)
        return ADJUST_FLOOR_KEEP;
    if (node->kind == YAML_SCALAR && slice_is(node->text, "none"))
        return ADJUST_FLOOR_NONE;
    return (int32_t)read_word(reader, node, "a floor (or none)", WORDS_TIER);
}

static int32_t read_optional_word(const struct rule_reader *reader, const struct yaml_node *map,
                                  const char *key, enum word_list list) {
    const struct yaml_node *node = yaml_get(map, key);
    return node ? (int32_t)read_word(reader, node, key, list) : RULE_NOTHING;
}

static void read_adjusts(struct rule_draft *draft) {
    struct rule_reader *reader = &draft->reader;
    const struct yaml_node *list = yaml_get(draft->root, "adjust");
    draft->record.adjusts.from = image_count(reader->writer, IMAGE_RULE_ADJUSTS);
    if (!list)
        return;
    if (list->kind != YAML_LIST)
        read_fail_at(reader, list, "\"adjust\" must be a list");
    for (uint32_t i = 0; i < list->count; i++) {
        const struct yaml_node *map = list->entries[i].value;
        read_keys(reader, map, "an entry of \"adjust\"", adjust_keys);
        const struct yaml_node *when = yaml_get(map, "when");
        if (!when)
            read_fail_at(reader, map, "\"when\" is missing");
        struct rule_adjust adjust = {
            draft_predicate(reader, when),
            read_optional_word(reader, map, "severity", WORDS_SEVERITY),
            read_adjust_floor(reader, yaml_get(map, "floor")),
            read_optional_word(reader, map, "confidence", WORDS_CONFIDENCE)};
        image_add_record(reader->writer, IMAGE_RULE_ADJUSTS, &adjust, sizeof adjust);
    }
    draft->record.adjusts.count = list->count;
}

static void read_floor(struct rule_draft *draft) {
    struct rule_reader *reader = &draft->reader;
    const struct yaml_node *floor = yaml_get(draft->root, "floor");
    draft->record.floor = RULE_NOTHING;
    if (!floor)
        return;
    read_keys(reader, floor, "\"floor\"", floor_keys);
    const struct yaml_node *tier = yaml_get(floor, "tier"), *when = yaml_get(floor, "when");
    if (!tier)
        read_fail_at(reader, floor, "\"tier\" is missing");
    draft->record.floor = (int32_t)read_word(reader, tier, "a floor", WORDS_TIER);
    if (when)
        draft->record.floor_when = draft_predicate(reader, when);
}

static string_ref read_template(const struct rule_draft *draft, const char *key) {
    struct slice text = read_required(&draft->reader, draft->root, key), name;
    if (template_unknown(text, &name)) {
        const struct yaml_node *node = yaml_get(draft->root, key);
        const char *nearest = read_nearest(name, template_names);
        read_fail_at(&draft->reader, node, "unknown placeholder {%.*s} in \"%s\"%s%s",
                     SLICE_ARGS(name), key, nearest ? "; did you mean " : "; see docs/rules.md",
                     nearest ? nearest : "");
    }
    return image_add_string(draft->reader.writer, text);
}

static void read_words(struct rule_draft *draft) {
    static const struct {
        const char *key;
        enum word_list list;
        size_t offset;
    } words[] = {
        {"severity", WORDS_SEVERITY, offsetof(struct rule_record, severity)},
        {"undo", WORDS_UNDO, offsetof(struct rule_record, undo)},
        {"scope", WORDS_SCOPE, offsetof(struct rule_record, scope)},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const struct yaml_node *node = yaml_get(draft->root, words[i].key);
        if (!node)
            read_fail_at(&draft->reader, draft->root, "\"%s\" is missing", words[i].key);
        uint32_t value = read_word(&draft->reader, node, words[i].key, words[i].list);
        memcpy((char *)&draft->record + words[i].offset, &value, sizeof value);
    }
    draft->record.effect = read_optional_word(&draft->reader, draft->root, "effect", WORDS_EFFECT);
}

static void read_identity(struct rule_draft *draft, struct slice expected) {
    const struct rule_reader *reader = &draft->reader;
    draft->id = read_required(reader, draft->root, "id");
    if (!slice_equal(draft->id, expected))
        read_fail_at(reader, yaml_get(draft->root, "id"),
                     "id \"%.*s\" must be the path of the file: \"%.*s\"", SLICE_ARGS(draft->id),
                     SLICE_ARGS(expected));
    struct image_writer *writer = reader->writer;
    draft->record.id = image_add_string(writer, draft->id);
    draft->record.since = image_add_string(writer, read_required(reader, draft->root, "since"));
    draft->record.title = image_add_string(writer, read_required(reader, draft->root, "title"));
    draft->record.file = image_add_string(writer, slice_of(reader->where));
    draft->record.line = draft->root->line;
    draft->record.query = read_string(reader, draft->root, "query");
}

/* Written once for all rules: what people read. */
static void read_wording(struct rule_draft *draft) {
    draft->record.message = read_template(draft, "message");
    draft->record.why = read_template(draft, "why");
    draft->record.fix = read_template(draft, "fix");
}

/* What berm finds without any event (a suppression that has expired) has a file for its words
 * only. */
static bool read_internal(struct rule_draft *draft) {
    static const char *const keys[] = {"id",    "since", "title",   "internal", "severity", "undo",
                                       "scope", "floor", "message", "why",      "fix",      NULL};
    const struct yaml_node *internal = yaml_get(draft->root, "internal");
    if (!internal || !read_bool(&draft->reader, internal, "\"internal\""))
        return false;
    read_keys(&draft->reader, draft->root, "an internal rule", keys);
    read_words(draft);
    read_floor(draft);
    read_wording(draft);
    return true;
}

void draft_read(struct rule_draft *draft, struct slice text, struct slice expected_id) {
    const struct rule_reader *reader = &draft->reader;
    draft->root = yaml_parse(reader->arena, text, reader->where, BERM_ERROR_RULE);
    read_keys(reader, draft->root, "a rule", rule_keys);
    read_identity(draft, expected_id);
    if (read_internal(draft))
        return;
    const struct yaml_node *on = yaml_get(draft->root, "on");
    if (!on)
        read_fail_at(reader, draft->root, "\"on\" is missing: which effects is the rule about?");
    const struct yaml_node *entity = yaml_get(draft->root, "entity");
    if (entity && yaml_get(entity, "same"))
        read_fail_at(reader, yaml_get(entity, "same"),
                     "\"same\" compares with the rule's own event: it belongs into \"with\" or "
                     "\"unless\"");
    draft_selector(reader, draft->root, &draft->record.selector);
    draft->record.selector.effects = read_effects(reader, on);
    read_words(draft);
    const struct yaml_node *per = yaml_get(draft->root, "per");
    if (per)
        draft->record.per = read_listed_word(reader, per, "\"per\"", per_words);
    read_floor(draft);
    read_adjusts(draft);
    read_clauses(draft);
    read_wording(draft);
    draft->record.absorbs = read_texts(reader, yaml_get(draft->root, "absorbs"), "\"absorbs\"");
    draft->record.incidents =
        read_texts(reader, yaml_get(draft->root, "incidents"), "\"incidents\"");
    draft->record.covers = read_texts(reader, yaml_get(draft->root, "covers"), "\"covers\"");
    draft_examples(draft);
    draft_index(draft);
    draft_need(draft);
}
