#include "base/strbuf.h"
#include "fact/path.h"
#include "fact/pattern.h"
#include "fact/predicate_record.h"

#include <stdlib.h>

/* Depth of all/any/not and matchers is bounded by the nesting limit of yaml_parse. */

static _Noreturn void fail_at(const struct predicate_compiler *compiler, uint32_t line,
                              uint32_t column, const char *what, struct slice about) {
    failure_raise(compiler->arena->failure, BERM_ERROR_RULE,
                  (struct place){compiler->where, line, column}, "%s '%.*s'", what,
                  SLICE_ARGS(about));
}

static _Noreturn void fail_node(const struct predicate_compiler *compiler,
                                const struct yaml_node *node, const char *what,
                                struct slice about) {
    fail_at(compiler, node->line, node->column, what, about);
}

static struct slice scalar(const struct predicate_compiler *compiler, const struct yaml_node *node,
                           struct slice key) {
    if (node->kind != YAML_SCALAR)
        fail_node(compiler, node, "a text is needed for", key);
    return node->text;
}

/* Equal predicates are stored once, so that an answer can serve all rules that ask the same. */
static predicate_ref add(const struct predicate_compiler *compiler, struct predicate_record record,
                         const uint32_t *operands, uint32_t count) {
    struct strbuf content;
    strbuf_init(&content, compiler->arena);
    record.first = 0;
    record.count = count;
    strbuf_add(&content, slice_make((const char *)&record, sizeof record));
    strbuf_add(&content, slice_make((const char *)operands, sizeof *operands * count));
    predicate_ref known = map_get(&compiler->writer->predicates, strbuf_slice(&content));
    if (known != MAP_ABSENT)
        return known;
    record.first = image_count(compiler->writer, IMAGE_OPERANDS);
    for (uint32_t i = 0; i < count; i++)
        image_add_record(compiler->writer, IMAGE_OPERANDS, &operands[i], sizeof operands[i]);
    predicate_ref ref =
        image_add_record(compiler->writer, IMAGE_PREDICATES, &record, sizeof record) + 1;
    map_set(&compiler->writer->predicates,
            arena_copy(compiler->writer->arena, strbuf_slice(&content)), ref);
    return ref;
}

static predicate_ref add_text(const struct predicate_compiler *compiler, enum predicate_op op,
                              struct slice text) {
    string_ref ref = image_add_string(compiler->writer, text);
    return add(compiler, (struct predicate_record){.op = op, .text = ref}, NULL, 0);
}

enum { HAS_PATTERN = 1, HAS_ATTRIBUTE = 2 };

static uint32_t traits(const struct predicate_compiler *compiler, predicate_ref ref) {
    const struct predicate_record record =
        *(const struct predicate_record *)image_record(compiler->writer, IMAGE_PREDICATES, ref - 1);
    uint32_t found = record.op == MATCH_PATTERN                                ? HAS_PATTERN
                     : record.op == OP_ATTRIBUTE || record.op == OP_ATTRIBUTES ? HAS_ATTRIBUTE
                                                                               : 0;
    bool leaf = record.op == COND_COMPARE || record.op == MATCH_PATTERN; /* no predicates below */
    for (uint32_t i = 0; !leaf && i < record.count; i++) {
        const uint32_t *operand = image_record(compiler->writer, IMAGE_OPERANDS, record.first + i);
        if (*operand)
            found |= traits(compiler, *operand);
    }
    return found;
}

/* What a part costs to evaluate: words and numbers first, then texts, attributes, and patterns
 * last; attributes keep their order, because the first that holds is told. */
static uint32_t cost(const struct predicate_compiler *compiler, predicate_ref ref) {
    const struct predicate_record *record =
        image_record(compiler->writer, IMAGE_PREDICATES, ref - 1);
    if (record->op == OP_WORDS || record->op == OP_AT_LEAST || record->op == OP_NUMBER)
        return 0;
    uint32_t found = traits(compiler, ref);
    if (found & HAS_ATTRIBUTE)
        return 2;
    return found & HAS_PATTERN ? 3 : record->op == OP_TEXT ? 1 : 2;
}

static void sort_by_cost(const struct predicate_compiler *compiler, predicate_ref *refs,
                         uint32_t count) {
    for (uint32_t i = 1; i < count; i++)
        for (uint32_t k = i; k && cost(compiler, refs[k]) < cost(compiler, refs[k - 1]); k--) {
            predicate_ref swap = refs[k];
            refs[k] = refs[k - 1];
            refs[k - 1] = swap;
        }
}

static predicate_ref join(const struct predicate_compiler *compiler, enum predicate_op op,
                          predicate_ref *refs, uint32_t count) {
    if (count == 1)
        return refs[0];
    sort_by_cost(compiler, refs, count);
    return add(compiler, (struct predicate_record){.op = op}, refs, count);
}

predicate_ref predicate_all(const struct predicate_compiler *compiler, const predicate_ref *refs,
                            uint32_t count) {
    predicate_ref *kept = ARENA_ARRAY(compiler->arena, predicate_ref, count + 1);
    uint32_t kept_count = 0;
    for (uint32_t i = 0; i < count; i++)
        if (refs[i])
            kept[kept_count++] = refs[i];
    return kept_count ? join(compiler, OP_ALL, kept, kept_count) : 0;
}

typedef predicate_ref compile_function(const struct predicate_compiler *compiler,
                                       const struct yaml_node *node);

static predicate_ref compile_each(const struct predicate_compiler *compiler,
                                  const struct yaml_node *list, enum predicate_op op,
                                  compile_function *compile) {
    if (list->kind != YAML_LIST || !list->count)
        fail_node(compiler, list, "a list is needed", SLICE(""));
    predicate_ref *refs = ARENA_ARRAY(compiler->arena, predicate_ref, list->count);
    for (uint32_t i = 0; i < list->count; i++)
        refs[i] = compile(compiler, list->entries[i].value);
    return join(compiler, op, refs, list->count);
}

static predicate_ref compile_not(const struct predicate_compiler *compiler, enum predicate_op op,
                                 predicate_ref inner) {
    return add(compiler, (struct predicate_record){.op = op}, &inner, 1);
}

/* ---- matchers ---- */

static predicate_ref matcher_scalar(const struct predicate_compiler *compiler,
                                    const struct yaml_node *node) {
    struct slice text = node->text;
    if (!node->quoted && slice_is(text, "absent"))
        return add_text(compiler, MATCH_ABSENT, SLICE_NONE);
    if (!node->quoted && slice_is(text, "present"))
        return add_text(compiler, MATCH_PRESENT, SLICE_NONE);
    if (!node->quoted && slice_is(text, "blank"))
        return add_text(compiler, MATCH_BLANK, SLICE_NONE);
    if (!node->quoted && slice_is(text, "full"))
        return add_text(compiler, MATCH_FULL, SLICE_NONE);
    if (slice_is(text, "true"))
        return add_text(compiler, MATCH_TRUE, SLICE_NONE);
    if (slice_is(text, "false"))
        return add_text(compiler, MATCH_FALSE, SLICE_NONE);
    return add_text(compiler, MATCH_EXACT, text);
}

static predicate_ref matcher_number(const struct predicate_compiler *compiler, enum predicate_op op,
                                    const struct yaml_node *node) {
    int64_t millionths;
    if (!predicate_number_parse(node->text, &millionths))
        fail_node(compiler, node, "a number is needed, not", node->text);
    return add(compiler, (struct predicate_record){.op = op, .number = millionths}, NULL, 0);
}

static predicate_ref matcher_pattern(const struct predicate_compiler *compiler,
                                     const struct yaml_node *node) {
    pattern_check(compiler->arena, node->text,
                  (struct place){compiler->where, node->line, node->column}, BERM_ERROR_RULE);
    struct pattern_hint hint = pattern_hint_make(compiler->arena, node->text);
    string_ref text = image_add_string(compiler->writer, node->text);
    return add(compiler, (struct predicate_record){.op = MATCH_PATTERN, .text = text}, hint.halves,
               hint.count);
}

static predicate_ref matcher_reference(const struct predicate_compiler *compiler,
                                       const struct yaml_node *node) {
    bool yes = slice_is(node->text, "true");
    if (!yes && !slice_is(node->text, "false"))
        fail_node(compiler, node, "true or false is needed, not", node->text);
    return add(compiler, (struct predicate_record){.op = MATCH_REFERENCE, .number = yes}, NULL, 0);
}

static const struct {
    const char *key;
    enum predicate_op op;
} matcher_keys[] = {
    {"in", MATCH_IN},
    {"words_in", MATCH_WORDS_IN},
    {"glob", MATCH_GLOB},
    {"matches", MATCH_PATTERN},
    {"starts", MATCH_STARTS},
    {"ends", MATCH_ENDS},
    {"contains", MATCH_CONTAINS},
    {"less", MATCH_LESS},
    {"greater", MATCH_GREATER},
    {"not", MATCH_NOT},
    {"any", MATCH_ANY},
    {"reference", MATCH_REFERENCE},
};

static predicate_ref matcher_texts(const struct predicate_compiler *compiler, enum predicate_op op,
                                   const struct yaml_entry *entry) {
    const struct yaml_node *node = entry->value;
    if (node->kind != YAML_LIST)
        return add_text(compiler, op, scalar(compiler, node, entry->key));
    predicate_ref *refs = ARENA_ARRAY(compiler->arena, predicate_ref, node->count + 1);
    for (uint32_t i = 0; i < node->count; i++) {
        struct yaml_entry one = {entry->key, entry->line, entry->column, node->entries[i].value};
        refs[i] = op == MATCH_PATTERN
                      ? matcher_pattern(compiler, one.value)
                      : add_text(compiler, op, scalar(compiler, one.value, entry->key));
    }
    if (!node->count)
        fail_node(compiler, node, "an empty list for", entry->key);
    return join(compiler, MATCH_ANY, refs, node->count);
}

static predicate_ref matcher_entry(const struct predicate_compiler *compiler,
                                   const struct yaml_entry *entry) {
    enum predicate_op op = 0;
    for (size_t i = 0; i < sizeof matcher_keys / sizeof *matcher_keys; i++)
        if (slice_is(entry->key, matcher_keys[i].key))
            op = matcher_keys[i].op;
    if (!op)
        fail_at(compiler, entry->line, entry->column, "unknown key in a matcher", entry->key);
    if (op == MATCH_NOT)
        return compile_not(compiler, MATCH_NOT, matcher_compile(compiler, entry->value));
    if (op == MATCH_ANY)
        return compile_each(compiler, entry->value, MATCH_ANY, matcher_compile);
    if (op == MATCH_PATTERN && entry->value->kind == YAML_SCALAR)
        return matcher_pattern(compiler, entry->value);
    if (op == MATCH_LESS || op == MATCH_GREATER || op == MATCH_REFERENCE)
        scalar(compiler, entry->value, entry->key);
    if (op == MATCH_LESS || op == MATCH_GREATER)
        return matcher_number(compiler, op, entry->value);
    if (op == MATCH_REFERENCE)
        return matcher_reference(compiler, entry->value);
    return matcher_texts(compiler, op, entry);
}

predicate_ref matcher_compile(const struct predicate_compiler *compiler,
                              const struct yaml_node *node) {
    if (!node)
        return 0;
    if (node->kind == YAML_SCALAR)
        return matcher_scalar(compiler, node);
    if (node->kind == YAML_LIST)
        return compile_each(compiler, node, MATCH_ANY, matcher_compile);
    if (!node->count)
        fail_node(compiler, node, "an empty matcher", SLICE(""));
    predicate_ref *refs = ARENA_ARRAY(compiler->arena, predicate_ref, node->count);
    for (uint32_t i = 0; i < node->count; i++)
        refs[i] = matcher_entry(compiler, &node->entries[i]);
    return join(compiler, MATCH_ALL, refs, node->count);
}

/* ---- attributes ---- */

static const struct {
    const char *word;
    uint32_t relations; /* bit mask */
} directions[] = {
    {"widened", 1u << ORDER_MORE},
    {"raised", 1u << ORDER_MORE},
    {"strengthened", 1u << ORDER_MORE},
    {"narrowed", 1u << ORDER_LESS},
    {"lowered", 1u << ORDER_LESS},
    {"weakened", 1u << ORDER_LESS},
    {"gained", 1u << ORDER_MORE | 1u << ORDER_UNRELATED},
    {"lost", 1u << ORDER_LESS | 1u << ORDER_UNRELATED},
};

static uint32_t find_direction(const struct predicate_compiler *compiler,
                               const struct yaml_node *compare) {
    const struct yaml_node *node = yaml_get(compare, "direction");
    if (!node)
        fail_node(compiler, compare, "a comparison needs", SLICE("direction"));
    for (size_t i = 0; i < sizeof directions / sizeof *directions; i++)
        if (slice_is(node->text, directions[i].word))
            return directions[i].relations;
    fail_node(compiler, node,
              "widened, raised, strengthened, narrowed, lowered, weakened, gained or lost, not",
              node->text);
}

static predicate_ref compile_modes(const struct predicate_compiler *compiler,
                                   const struct yaml_node *modes, uint32_t relations) {
    if (modes->kind != YAML_LIST || modes->count < 2)
        fail_node(compiler, modes, "a list of at least two is needed for", SLICE("modes"));
    string_ref *refs = ARENA_ARRAY(compiler->arena, string_ref, modes->count);
    for (uint32_t i = 0; i < modes->count; i++)
        refs[i] = image_add_string(compiler->writer,
                                   scalar(compiler, modes->entries[i].value, SLICE("modes")));
    struct predicate_record record = {.op = COND_COMPARE, .text = ORDER_MODES, .number = relations};
    return add(compiler, record, refs, modes->count);
}

/* `times`, at least 2, stands above the mask of relations. */
static int64_t compile_times(const struct predicate_compiler *compiler,
                             const struct yaml_node *node) {
    const struct yaml_node *times = yaml_get(node, "times");
    int64_t number = 0;
    if (!times)
        return 0;
    if (times->kind != YAML_SCALAR || !slice_to_int(times->text, &number) || number < 2 ||
        number > COMPARE_TIMES_MAX)
        fail_node(compiler, times, "a number from 2 to 1000 is needed for", SLICE("times"));
    return number << ORDER_RELATION_BITS;
}

static predicate_ref compile_compare(const struct predicate_compiler *compiler,
                                     const struct yaml_node *node) {
    for (uint32_t i = 0; node->kind == YAML_MAP && i < node->count; i++)
        if (!slice_is(node->entries[i].key, "order") && !slice_is(node->entries[i].key, "modes") &&
            !slice_is(node->entries[i].key, "direction") &&
            !slice_is(node->entries[i].key, "times"))
            fail_at(compiler, node->entries[i].line, node->entries[i].column,
                    "unknown key in a comparison", node->entries[i].key);
    uint32_t relations = find_direction(compiler, node);
    const struct yaml_node *modes = yaml_get(node, "modes"), *order = yaml_get(node, "order");
    if (order && order->kind == YAML_MAP && !modes)
        modes = yaml_get(order, "modes");
    if (modes)
        return compile_modes(compiler, modes, relations);
    enum order word;
    if (!order || !order_find(order->text, &word) || word == ORDER_MODES)
        failure_raise(compiler->arena->failure, BERM_ERROR_RULE,
                      (struct place){compiler->where, node->line, node->column},
                      "order must be one of %s", order_words());
    int64_t times = compile_times(compiler, node);
    if (times && !order_has_amounts(word))
        fail_node(compiler, node, "only numbers with or without a unit have", SLICE("times"));
    struct predicate_record record = {
        .op = COND_COMPARE, .text = word, .number = relations | times};
    return add(compiler, record, NULL, 0);
}

static predicate_ref compile_flag(const struct predicate_compiler *compiler, enum predicate_op op,
                                  const struct yaml_entry *entry) {
    if (!slice_is(entry->value->text, "true"))
        fail_node(compiler, entry->value, "only true may be given (use not:) for", entry->key);
    return add_text(compiler, op, SLICE_NONE);
}

static predicate_ref compile_condition(const struct predicate_compiler *compiler,
                                       const struct yaml_entry *entry) {
    static const struct {
        const char *key;
        enum predicate_op op;
    } keys[] = {
        {"was", COND_WAS},         {"is", COND_IS},         {"value", COND_VALUE},
        {"changed", COND_CHANGED}, {"set", COND_SET},       {"unset", COND_UNSET},
        {"compare", COND_COMPARE}, {"gained", COND_GAINED}, {"lost", COND_LOST},
    };
    enum predicate_op op = 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (slice_is(entry->key, keys[i].key))
            op = keys[i].op;
    if (!op)
        return 0;
    if (op == COND_COMPARE)
        return compile_compare(compiler, entry->value);
    if (op == COND_CHANGED || op == COND_SET || op == COND_UNSET)
        return compile_flag(compiler, op, entry);
    predicate_ref matcher = matcher_compile(compiler, entry->value);
    return add(compiler, (struct predicate_record){.op = op}, &matcher, 1);
}

static predicate_ref compile_neighbour(const struct predicate_compiler *compiler,
                                       const struct yaml_entry *entry, const struct yaml_node *node,
                                       enum beside_side side) {
    if (!path_is_valid(entry->key))
        fail_at(compiler, entry->line, entry->column, "no attribute path:", entry->key);
    predicate_ref matcher = matcher_compile(compiler, node);
    string_ref path = image_add_string(compiler->writer, entry->key);
    return add(compiler, (struct predicate_record){.op = COND_BESIDE, .text = path, .number = side},
               &matcher, 1);
}

/* `beside: {path: matcher, path: {was: matcher, is: matcher}}`; returns how many were added. */
static uint32_t compile_beside(const struct predicate_compiler *compiler,
                               const struct yaml_node *map, predicate_ref *refs) {
    const struct yaml_node *beside = yaml_get(map, "beside");
    uint32_t count = 0;
    if (beside && (beside->kind != YAML_MAP || !beside->count))
        fail_node(compiler, beside, "a map of paths is needed for", SLICE("beside"));
    for (uint32_t i = 0; beside && i < beside->count; i++) {
        const struct yaml_entry *entry = &beside->entries[i];
        const struct yaml_node *was = NULL, *is = NULL;
        if (entry->value->kind == YAML_MAP) {
            was = yaml_get(entry->value, "was");
            is = yaml_get(entry->value, "is");
        }
        if ((was || is) && entry->value->count != (uint32_t) !!was + !!is)
            fail_node(compiler, entry->value, "only was and is may stand together under",
                      entry->key);
        if (was)
            refs[count++] = compile_neighbour(compiler, entry, was, BESIDE_WAS);
        if (is)
            refs[count++] = compile_neighbour(compiler, entry, is, BESIDE_IS);
        if (!was && !is)
            refs[count++] = compile_neighbour(compiler, entry, entry->value, BESIDE_EITHER);
    }
    return count;
}

static uint32_t beside_most(const struct yaml_node *map) {
    const struct yaml_node *beside = yaml_get(map, "beside");
    return beside && beside->kind == YAML_MAP ? 2 * beside->count : 0;
}

/* The conditions of an attribute stand beside it in the same map: they hold for one attribute. */
static predicate_ref compile_attribute(const struct predicate_compiler *compiler,
                                       const struct yaml_node *map) {
    const struct yaml_node *path = yaml_get(map, "attribute");
    if (path->kind != YAML_SCALAR || !path_is_valid(path->text))
        fail_node(compiler, path, "no attribute path:", path->text);
    predicate_ref *conditions =
        ARENA_ARRAY(compiler->arena, predicate_ref, map->count + beside_most(map));
    uint32_t count = 0;
    for (uint32_t i = 0; i < map->count; i++) {
        predicate_ref condition = compile_condition(compiler, &map->entries[i]);
        if (condition)
            conditions[count++] = condition;
    }
    if (!count)
        fail_node(compiler, path,
                  "was, is, value, changed, set, unset, gained, lost or compare is needed beside "
                  "attribute",
                  path->text);
    count += compile_beside(compiler, map, conditions + count);
    struct predicate_record record = {.op = OP_ATTRIBUTE,
                                      .text = image_add_string(compiler->writer, path->text)};
    return add(compiler, record, conditions, count);
}

/* The path is matched, not named; `value` is left out because the whole body would have to be
 * searched for things that do not differ. */
static predicate_ref compile_attributes(const struct predicate_compiler *compiler,
                                        const struct yaml_node *map) {
    const struct yaml_node *path = yaml_get(map, "attributes");
    if (yaml_get(map, "attribute") || yaml_get(map, "value"))
        fail_node(compiler, path, "neither attribute nor value may stand beside",
                  SLICE("attributes"));
    predicate_ref *operands =
        ARENA_ARRAY(compiler->arena, predicate_ref, map->count + 1 + beside_most(map));
    uint32_t count = 0;
    operands[count++] = matcher_compile(compiler, path);
    for (uint32_t i = 0; i < map->count; i++) {
        predicate_ref condition = compile_condition(compiler, &map->entries[i]);
        if (condition)
            operands[count++] = condition;
    }
    if (count == 1)
        fail_node(compiler, path,
                  "was, is, changed, set, unset, gained, lost or compare is needed beside",
                  SLICE("attributes"));
    count += compile_beside(compiler, map, operands + count);
    return add(compiler, (struct predicate_record){.op = OP_ATTRIBUTES}, operands, count);
}

static bool is_condition_key(struct slice key) {
    static const char *const keys[] = {"was",   "is",     "value", "changed", "set",
                                       "unset", "gained", "lost",  "compare", "beside"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (slice_is(key, keys[i]))
            return true;
    return false;
}

/* ---- words, texts, numbers ---- */

static uint32_t word_mask(const struct predicate_compiler *compiler, const struct yaml_node *node,
                          enum word_list list) {
    uint32_t value;
    if (node->kind == YAML_SCALAR && list == WORDS_ENVIRONMENT) {
        if (slice_is(node->text, "nonproduction"))
            return 1u << ENVIRONMENT_STAGING | 1u << ENVIRONMENT_DEVELOPMENT;
        if (slice_is(node->text, "not-nonproduction"))
            return 1u << ENVIRONMENT_PRODUCTION | 1u << ENVIRONMENT_UNKNOWN;
    }
    if (node->kind != YAML_SCALAR || !word_find(list, node->text, &value))
        failure_raise(compiler->arena->failure, BERM_ERROR_RULE,
                      (struct place){compiler->where, node->line, node->column},
                      "'%.*s' is none of %s", SLICE_ARGS(node->text), word_list_text(list));
    return 1u << value;
}

static predicate_ref compile_words(const struct predicate_compiler *compiler,
                                   const struct yaml_node *node, enum predicate_number number,
                                   enum word_list list) {
    uint32_t mask = 0;
    if (node->kind == YAML_LIST)
        for (uint32_t i = 0; i < node->count; i++)
            mask |= word_mask(compiler, node->entries[i].value, list);
    else
        mask = word_mask(compiler, node, list);
    struct predicate_record record = {.op = OP_WORDS, .text = number, .number = mask};
    return add(compiler, record, NULL, 0);
}

static predicate_ref compile_at_least(const struct predicate_compiler *compiler,
                                      const struct yaml_node *node, enum predicate_number number,
                                      enum word_list list) {
    uint32_t value = 0;
    for (uint32_t mask = word_mask(compiler, node, list); mask > 1; mask >>= 1)
        value++;
    struct predicate_record record = {.op = OP_AT_LEAST, .text = number, .number = value};
    return add(compiler, record, NULL, 0);
}

static predicate_ref compile_matched(const struct predicate_compiler *compiler,
                                     enum predicate_op op, uint32_t which,
                                     const struct yaml_node *node) {
    predicate_ref matcher = matcher_compile(compiler, node);
    return add(compiler, (struct predicate_record){.op = op, .number = which}, &matcher, 1);
}

#define PREDICATE_KEY(name, text) text,
static const char *const text_keys[] = {PREDICATE_TEXTS(PREDICATE_KEY)};
static const char *const number_keys[] = {PREDICATE_NUMBERS(PREDICATE_KEY)};

static predicate_ref compile_text_key(const struct predicate_compiler *compiler,
                                      const struct yaml_entry *entry, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i++)
        if (slice_is(entry->key, text_keys[i]))
            return compile_matched(compiler, OP_TEXT, i, entry->value);
    fail_at(compiler, entry->line, entry->column, "unknown key in a condition", entry->key);
}

static predicate_ref compile_entity(const struct predicate_compiler *compiler,
                                    const struct yaml_node *map) {
    if (map->kind != YAML_MAP || !map->count)
        fail_node(compiler, map, "kind, type or name is needed for", SLICE("entity"));
    predicate_ref *refs = ARENA_ARRAY(compiler->arena, predicate_ref, map->count);
    for (uint32_t i = 0; i < map->count; i++)
        refs[i] = compile_text_key(compiler, &map->entries[i], TEXT_KIND, TEXT_NAME + 1);
    return join(compiler, OP_ALL, refs, map->count);
}

static predicate_ref compile_entry(const struct predicate_compiler *compiler,
                                   const struct yaml_entry *entry) {
    const struct yaml_node *node = entry->value;
    if (slice_is(entry->key, "all") || slice_is(entry->key, "any"))
        return compile_each(compiler, node, slice_is(entry->key, "all") ? OP_ALL : OP_ANY,
                            predicate_compile);
    if (slice_is(entry->key, "not"))
        return compile_not(compiler, OP_NOT, predicate_compile(compiler, node));
    if (slice_is(entry->key, "environment"))
        return compile_words(compiler, node, NUMBER_ENVIRONMENT, WORDS_ENVIRONMENT);
    if (slice_is(entry->key, "path"))
        return compile_words(compiler, node, NUMBER_PATH_CLASS, WORDS_PATH_CLASS);
    if (slice_is(entry->key, "effect"))
        return compile_words(compiler, node, NUMBER_EFFECT, WORDS_EFFECT);
    if (slice_is(entry->key, "confidence"))
        return compile_at_least(compiler, node, NUMBER_CONFIDENCE, WORDS_CONFIDENCE);
    if (slice_is(entry->key, "entity"))
        return compile_entity(compiler, node);
    for (uint32_t i = NUMBER_WEIGHT; i < NUMBER_COUNT; i++)
        if (slice_is(entry->key, number_keys[i]))
            return compile_matched(compiler, OP_NUMBER, i, node);
    return compile_text_key(compiler, entry, TEXT_HOST, TEXT_RULE + 1);
}

predicate_ref predicate_compile(const struct predicate_compiler *compiler,
                                const struct yaml_node *node) {
    if (!node)
        return 0;
    if (node->kind == YAML_LIST)
        return compile_each(compiler, node, OP_ALL, predicate_compile);
    if (node->kind != YAML_MAP || !node->count)
        fail_node(compiler, node, "a condition is a map, not", node->text);
    bool attribute = yaml_get(node, "attribute") || yaml_get(node, "attributes");
    predicate_ref *refs = ARENA_ARRAY(compiler->arena, predicate_ref, node->count);
    uint32_t count = 0;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_entry *entry = &node->entries[i];
        if (slice_is(entry->key, "attribute"))
            refs[count++] = compile_attribute(compiler, node);
        else if (slice_is(entry->key, "attributes"))
            refs[count++] = compile_attributes(compiler, node);
        else if (!attribute || !is_condition_key(entry->key))
            refs[count++] = compile_entry(compiler, entry);
    }
    return join(compiler, OP_ALL, refs, count);
}
