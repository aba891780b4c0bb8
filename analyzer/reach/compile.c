#include "base/decimal.h"
#include "reach/reach.h"

struct compiler {
    struct image_writer *writer;
    struct arena *arena;
    const char *where;
};

#define FAIL(compiler, node, ...)                                                                  \
    failure_raise((compiler)->arena->failure, BERM_ERROR_RULE,                                     \
                  (struct place){(compiler)->where, (node)->line, (node)->column}, __VA_ARGS__)

static const char *const keys[REACH_LIST_COUNT] = {
    [REACH_NUMBER] = "number",      [REACH_ITEMS] = "items",
    [REACH_PRODUCT] = "product",    [REACH_WILDCARD_IN] = "wildcard_in",
    [REACH_WILDCARD] = "wildcards",
};

static void add(const struct compiler *compiler, enum reach_list list, struct slice text,
                uint32_t width) {
    struct reach_record record = {list, image_add_string(compiler->writer, text), width};
    image_add_record(compiler->writer, IMAGE_REACH, &record, sizeof record);
}

static void read_paths(const struct compiler *compiler, enum reach_list list,
                       const struct yaml_node *node) {
    if (node->kind != YAML_LIST)
        FAIL(compiler, node, "%s wants a list of attribute paths", keys[list]);
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_node *item = node->entries[i].value;
        if (item->kind != YAML_SCALAR || !item->text.size)
            FAIL(compiler, item, "%s wants attribute paths", keys[list]);
        add(compiler, list, item->text, 0);
    }
}

static void read_wildcards(const struct compiler *compiler, const struct yaml_node *node) {
    if (node->kind != YAML_MAP)
        FAIL(compiler, node, "wildcards wants a map from a word to a number");
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_node *value = node->entries[i].value;
        uint32_t width;
        if (value->kind != YAML_SCALAR || !decimal_parse(value->text, 0, &width) ||
            width > WIDTH_MAX)
            FAIL(compiler, value, "wildcards wants a number up to %d", WIDTH_MAX);
        add(compiler, REACH_WILDCARD, node->entries[i].key, width);
    }
}

void reach_compile(struct image_writer *writer, struct arena *arena, const struct yaml_node *node,
                   const char *where) {
    struct compiler compiler = {writer, arena, where};
    if (node->kind != YAML_MAP)
        FAIL(&compiler, node, "reach wants a map");
    for (uint32_t i = 0; i < node->count; i++) {
        uint32_t list = 0;
        while (list < REACH_LIST_COUNT && !slice_is(node->entries[i].key, keys[list]))
            list++;
        if (list == REACH_LIST_COUNT)
            FAIL(&compiler, &node->entries[i], "unknown key \"%.*s\" in reach",
                 SLICE_ARGS(node->entries[i].key));
        if (list == REACH_WILDCARD)
            read_wildcards(&compiler, node->entries[i].value);
        else
            read_paths(&compiler, (enum reach_list)list, node->entries[i].value);
    }
}
