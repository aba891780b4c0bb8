#include "rule/draft.h"

static const char *const entity_keys[] = {"kind", "type", "name", "same", NULL};

struct predicate_compiler draft_compiler(const struct rule_reader *reader) {
    return (struct predicate_compiler){reader->writer, reader->arena, reader->where};
}

predicate_ref draft_predicate(const struct rule_reader *reader, const struct yaml_node *node) {
    struct predicate_compiler compiler = draft_compiler(reader);
    return predicate_compile(&compiler, node);
}

/* {entity: {..}} without `same`, which is no property of one event. */
static predicate_ref draft_entity(const struct rule_reader *reader,
                                  const struct yaml_node *entity) {
    if (!entity)
        return 0;
    read_keys(reader, entity, "\"entity\"", entity_keys);
    struct yaml_entry entries[3];
    struct yaml_node own = *entity;
    own.entries = entries;
    own.count = 0;
    for (uint32_t i = 0; i < entity->count; i++)
        if (!slice_is(entity->entries[i].key, "same"))
            entries[own.count++] = entity->entries[i];
    if (!own.count)
        return 0;
    struct yaml_entry wrapped = {SLICE("entity"), entity->line, entity->column, &own};
    struct yaml_node map = *entity;
    map.entries = &wrapped;
    map.count = 1;
    return draft_predicate(reader, &map);
}

void draft_selector(const struct rule_reader *reader, const struct yaml_node *map,
                    struct rule_selector *selector) {
    const struct yaml_node *call = yaml_get(map, "call"), *where = yaml_get(map, "where");
    const predicate_ref parts[] = {
        draft_entity(reader, yaml_get(map, "entity")),
        call ? draft_predicate(reader, draft_call(reader, call)) : 0,
        where ? draft_predicate(reader, where) : 0,
    };
    struct predicate_compiler compiler = draft_compiler(reader);
    selector->where = predicate_all(&compiler, parts, sizeof parts / sizeof parts[0]);
    selector->dialects = read_texts(reader, yaml_get(map, "dialects"), "\"dialects\"");
}
