#include "rule/draft.h"

#include "fact/table.h"
#include "language/language.h"

struct check {
    const struct rule_reader *reader; /* of the rule looked at */
    const struct knowledge *knowledge;
    const struct dialects *dialects; /* NULL: nothing is known of dialects */
    bool tables;                     /* something is known of tables */
};

static void check_table(const struct check *check, const struct yaml_node *node) {
    if (check->tables && node->kind == YAML_SCALAR && !table_exists(check->knowledge, node->text))
        read_fail_at(check->reader, node,
                     "there is no fact table \"%.*s\"; tables are listed in facts/tables.yaml",
                     SLICE_ARGS(node->text));
}

static void check_dialect(const struct check *check, const struct yaml_node *node) {
    if (!check->dialects || node->kind != YAML_SCALAR ||
        dialect_by_name(check->dialects, node->text))
        return;
    uint32_t count = dialects_count(check->dialects);
    const char **names =
        ARENA_ARRAY(check->reader->arena, const char *, (size_t)count + 1); /* NULL at the end */
    for (uint32_t i = 0; i < count; i++)
        names[i] = arena_text(check->reader->arena, dialects_at(check->dialects, i)->name);
    read_fail_at(check->reader, node, "there is no dialect \"%.*s\"; known: %s",
                 SLICE_ARGS(node->text), read_join(check->reader, names));
}

static void check_dialects(const struct check *check, const struct yaml_node *node) {
    if (node->kind == YAML_SCALAR)
        check_dialect(check, node);
    for (uint32_t i = 0; node->kind == YAML_LIST && i < node->count; i++)
        check_dialect(check, node->entries[i].value);
}

/* The whole tree but the examples, whose keys are not ours. Depth: yaml_parse bounds it. */
static void check_node(const struct check *check, const struct yaml_node *node) {
    for (uint32_t i = 0; i < node->count; i++) {
        const struct yaml_entry *entry = &node->entries[i];
        bool named = node->kind == YAML_MAP;
        if (named && slice_is(entry->key, "examples"))
            continue;
        if (named && slice_is(entry->key, "in"))
            check_table(check, entry->value);
        else if (named && slice_is(entry->key, "dialects"))
            check_dialects(check, entry->value);
        else
            check_node(check, entry->value);
    }
}

void drafts_check(struct arena *arena, struct image_writer *writer,
                  struct rule_draft *const *drafts, uint32_t count) {
    struct knowledge knowledge = {.count = 0};
    struct image builtin = image_builtin();
    if (builtin.bytes)
        knowledge.images[knowledge.count++] = builtin;
    knowledge.images[knowledge.count++] = image_finish(writer);
    struct check check = {.knowledge = &knowledge};
    check.dialects = dialects_load(arena, &knowledge);
    if (!dialects_count(check.dialects))
        check.dialects = NULL;
    for (uint32_t i = 0; i < knowledge.count; i++) {
        uint32_t tables;
        image_section(&knowledge.images[i], IMAGE_TABLES, &tables);
        check.tables |= tables != 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        check.reader = &drafts[i]->reader;
        check_node(&check, drafts[i]->root);
    }
}
