#include "tier/policy.h"

#include "base/decimal.h"
#include "base/yaml.h"

enum { REASON_BYTES_MIN = 3 };

struct loader {
    struct arena *arena;
    const struct score_table *table;
    const char *where;
    struct policy *policy;
};

#define FAIL(loader, node, ...)                                                                    \
    failure_raise((loader)->arena->failure, BERM_ERROR_POLICY,                                     \
                  (struct place){(loader)->where, (node)->line, (node)->column}, __VA_ARGS__)

static const char *const policy_names[] = {".berm.yml", ".berm.yaml"};
enum { POLICY_NAMES = sizeof policy_names / sizeof *policy_names };

static bool digits_parse(struct slice text, uint32_t *out) {
    return decimal_parse(text, 0, out);
}

static uint32_t days_in(uint32_t year, uint32_t month) {
    static const uint32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool policy_day_parse(struct slice text, policy_day *day) {
    uint32_t year, month, number;
    if (text.size != 10 || text.data[4] != '-' || text.data[7] != '-' ||
        !digits_parse(slice_sub(text, 0, 4), &year) ||
        !digits_parse(slice_sub(text, 5, 7), &month) ||
        !digits_parse(slice_sub(text, 8, 10), &number))
        return false;
    if (year == 0 || month < 1 || month > 12 || number < 1 || number > days_in(year, month))
        return false;
    *day = year * 10000 + month * 100 + number;
    return true;
}

static void want(const struct loader *loader, const struct yaml_node *node, enum yaml_kind kind,
                 const char *what) {
    static const char *const words[] = {"text", "a list", "a map"};
    if (node->kind != kind)
        FAIL(loader, node, "%s has to be %s", what, words[kind]);
}

static struct slice read_text(const struct loader *loader, const struct yaml_node *node,
                              const char *what) {
    want(loader, node, YAML_SCALAR, what);
    struct slice text = slice_trim(node->text);
    if (!text.size)
        FAIL(loader, node, "%s is empty", what);
    return arena_copy(loader->arena, text);
}

static uint32_t read_word(const struct loader *loader, const struct yaml_node *node,
                          enum word_list list, const char *what) {
    uint32_t value;
    struct slice text = read_text(loader, node, what);
    if (!word_find(list, text, &value))
        FAIL(loader, node, "unknown %s \"%.*s\"; known: %s", what, SLICE_ARGS(text),
             word_list_text(list));
    return value;
}

static struct slice *read_texts(const struct loader *loader, const struct yaml_node *node,
                                const char *what, uint32_t *count) {
    bool list = node->kind == YAML_LIST;
    *count = list ? node->count : 1;
    if (!*count)
        FAIL(loader, node, "%s is empty", what);
    struct slice *texts = ARENA_ARRAY(loader->arena, struct slice, *count);
    for (uint32_t i = 0; i < *count; i++)
        texts[i] = read_text(loader, list ? node->entries[i].value : node, what);
    return texts;
}

/* All keys of the map are among `known`, and all those are there. */
static void check_keys(const struct loader *loader, const struct yaml_node *map, const char *what,
                       const char *const *known, uint32_t count) {
    want(loader, map, YAML_MAP, what);
    for (uint32_t i = 0; i < map->count; i++) {
        uint32_t k = 0;
        while (k < count && !slice_is(map->entries[i].key, known[k]))
            k++;
        if (k == count)
            FAIL(loader, &map->entries[i], "unknown key \"%.*s\" in %s",
                 SLICE_ARGS(map->entries[i].key), what);
    }
    for (uint32_t k = 0; k < count; k++)
        if (!yaml_get(map, known[k]))
            FAIL(loader, map, "%s lacks the key \"%s\"", what, known[k]);
}

static void read_bands(struct loader *loader, const struct yaml_node *node) {
    want(loader, node, YAML_MAP, "bands");
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_entry *entry = &node->entries[i];
        uint32_t tier, tenths;
        if (!word_find(WORDS_TIER, entry->key, &tier) || tier == TIER_AUTO)
            FAIL(loader, entry, "unknown band \"%.*s\"; known: peer, two-peer, senior, director",
                 SLICE_ARGS(entry->key));
        if (entry->value->kind != YAML_SCALAR || !decimal_parse(entry->value->text, 1, &tenths))
            FAIL(loader, entry->value, "a band is a number with at most one decimal");
        uint32_t limit = loader->table ? loader->table->bands[tier] : UINT32_MAX;
        if (tenths > limit)
            FAIL(loader, entry->value, "a policy may only lower the band of %s, which is %u.%u",
                 word_of(WORDS_TIER, tier), limit / 10, limit % 10);
        loader->policy->bands[tier] = tenths;
    }
}

static void read_critical(struct loader *loader, const struct yaml_node *node) {
    static const char *const keys[] = {"name", "paths", "floor"};
    want(loader, node, YAML_LIST, "critical");
    struct critical_systems *systems = &loader->policy->critical;
    systems->items = ARENA_ARRAY(loader->arena, struct critical_system, node->count);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_node *item = node->entries[i].value;
        check_keys(loader, item, "a critical system", keys, 3);
        struct critical_system *system = &systems->items[systems->count++];
        system->name = read_text(loader, yaml_get(item, "name"), "name");
        system->paths = read_texts(loader, yaml_get(item, "paths"), "paths", &system->path_count);
        system->floor = (enum tier)read_word(loader, yaml_get(item, "floor"), WORDS_TIER, "tier");
    }
}

static void read_suppression(struct loader *loader, const struct yaml_node *item,
                             struct suppression *suppression) {
    static const char *const keys[] = {"rule", "path", "reason", "until"};
    check_keys(loader, item, "a suppression", keys, 4);
    suppression->line = item->line;
    suppression->rule = read_text(loader, yaml_get(item, "rule"), "rule");
    suppression->path = read_text(loader, yaml_get(item, "path"), "path");
    const struct yaml_node *reason = yaml_get(item, "reason"), *until = yaml_get(item, "until");
    suppression->reason = read_text(loader, reason, "reason");
    if (suppression->reason.size < REASON_BYTES_MIN)
        FAIL(loader, reason, "a suppression needs a reason");
    suppression->expiry = read_text(loader, until, "until");
    if (!policy_day_parse(suppression->expiry, &suppression->until))
        FAIL(loader, until, "until is the last day it holds, as YYYY-MM-DD");
}

static void read_suppressions(struct loader *loader, const struct yaml_node *node) {
    want(loader, node, YAML_LIST, "suppressions");
    struct policy *policy = loader->policy;
    policy->suppressions = ARENA_ARRAY(loader->arena, struct suppression, node->count);
    for (uint32_t i = 0; i < node->count; i++)
        read_suppression(loader, node->entries[i].value,
                         &policy->suppressions[policy->suppression_count++]);
}

static void check_environment_word(const struct loader *loader, const struct yaml_node *node,
                                   struct slice word) {
    for (size_t i = 0; i < word.size; i++) {
        char byte = word.data[i];
        if (!((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
              (byte >= '0' && byte <= '9') || byte == '-'))
            FAIL(loader, node, "a word of an environment holds letters, digits and '-' only");
    }
}

static void read_environments(struct loader *loader, const struct yaml_node *node) {
    want(loader, node, YAML_MAP, "environments");
    VEC(struct environment_word) words = {0};
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_entry *entry = &node->entries[i];
        uint32_t environment, count;
        if (!word_find(WORDS_ENVIRONMENT, entry->key, &environment) || !environment)
            FAIL(loader, entry, "unknown environment \"%.*s\"; known: %s", SLICE_ARGS(entry->key),
                 word_list_text(WORDS_ENVIRONMENT));
        struct slice *texts = read_texts(loader, entry->value, "the list of words", &count);
        for (uint32_t k = 0; k < count; k++) {
            check_environment_word(loader, entry->value, texts[k]);
            vec_push(loader->arena, &words,
                     ((struct environment_word){texts[k], (enum environment)environment}));
        }
    }
    loader->policy->environments = (struct environment_words){words.items, words.count};
}

static struct policy *policy_empty(struct arena *arena) {
    struct policy *policy = ARENA_NEW(arena, struct policy);
    for (uint32_t i = 0; i < TIER_COUNT; i++)
        policy->bands[i] = UINT32_MAX;
    return policy;
}

struct policy *policy_parse(struct arena *arena, const struct score_table *table,
                            struct slice bytes, const char *where) {
    static const struct {
        const char *key;
        void (*read)(struct loader *loader, const struct yaml_node *node);
    } keys[] = {{"bands", read_bands},
                {"critical", read_critical},
                {"suppressions", read_suppressions},
                {"environments", read_environments}};
    enum { KEYS = sizeof keys / sizeof *keys };
    struct loader loader = {arena, table, where, policy_empty(arena)};
    loader.policy->where = arena_copy(arena, slice_of(where));
    const struct yaml_node *root = yaml_parse(arena, bytes, where, BERM_ERROR_POLICY);
    want(&loader, root, YAML_MAP, "a policy");
    for (uint32_t i = 0; i < root->count; i++) {
        uint32_t k = 0;
        while (k < KEYS && !slice_is(root->entries[i].key, keys[k].key))
            k++;
        if (k == KEYS)
            FAIL(&loader, &root->entries[i],
                 "unknown key \"%.*s\"; known: bands, critical, suppressions, environments",
                 SLICE_ARGS(root->entries[i].key));
        keys[k].read(&loader, root->entries[i].value);
    }
    return loader.policy;
}

struct policy *policy_read(struct arena *arena, const struct score_table *table,
                           const struct tree *tree) {
    const char *found = NULL;
    struct slice bytes = SLICE_NONE;
    for (uint32_t i = 0; i < POLICY_NAMES; i++) {
        struct slice content;
        if (!tree->read ||
            tree->read(tree->self, slice_of(policy_names[i]), &content) != TREE_PRESENT)
            continue;
        if (found)
            failure_raise(arena->failure, BERM_ERROR_POLICY, (struct place){policy_names[i], 0, 0},
                          "there is also %s; keep one of them", found);
        found = policy_names[i];
        bytes = content;
    }
    return found ? policy_parse(arena, table, bytes, found) : policy_empty(arena);
}

void policy_tighten(const struct policy *policy, struct score_table *table) {
    for (uint32_t i = 1; i < TIER_COUNT; i++)
        if (policy->bands[i] < table->bands[i])
            table->bands[i] = policy->bands[i];
    uint32_t peer = table->bands[TIER_PEER];
    if (table->low_cap >= peer)
        table->low_cap = peer ? peer - 1 : 0;
}
