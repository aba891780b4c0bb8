#include "rule/catalogue.h"

#include "fact/table.h"
#include "language/language.h"

struct lint {
    struct arena *arena;
    const struct catalogue *catalogue;
    const struct dialects *dialects;
    struct rule_diagnostics *diagnostics;
};

static void report(struct lint *lint, const struct rule_entry *entry, struct slice message) {
    vec_push(lint->arena, &lint->diagnostics->list,
             ((struct rule_diagnostic){entry->file, entry->line, message}));
}

static void lint_duplicate(struct lint *lint, uint32_t index) {
    const struct rule_entry *entry = &lint->catalogue->rules.items[index];
    if (!index || !slice_equal(entry[-1].id, entry->id))
        return;
    report(lint, entry,
           arena_format(lint->arena, "rule %.*s exists already in %.*s", SLICE_ARGS(entry->id),
                        SLICE_ARGS(entry[-1].file)));
}

static void lint_dialects(struct lint *lint, const struct rule_entry *entry,
                          const struct ruleset *set, const struct rule_record *rule) {
    for (uint32_t i = 0; i < rule->selector.dialects.count; i++) {
        struct slice name = ruleset_text(set, rule->selector.dialects, i);
        if (!dialect_by_name(lint->dialects, name))
            report(lint, entry,
                   arena_format(lint->arena, "%.*s: there is no dialect \"%.*s\"",
                                SLICE_ARGS(entry->id), SLICE_ARGS(name)));
    }
}

static void lint_covers(struct lint *lint, const struct rule_entry *entry,
                        const struct ruleset *set, const struct rule_record *rule) {
    for (uint32_t i = 0; i < rule->covers.count; i++) {
        struct slice pattern = ruleset_text(set, rule->covers, i);
        if (!table_has(lint->catalogue->knowledge, SLICE("patterns"), &pattern, 1))
            report(lint, entry,
                   arena_format(lint->arena, "%.*s: there is no pattern \"%.*s\"",
                                SLICE_ARGS(entry->id), SLICE_ARGS(pattern)));
    }
}

static void lint_index(struct lint *lint, const struct rule_entry *entry,
                       const struct rule_record *rule) {
    if (rule->indexed == INDEXED_NOT)
        report(lint, entry,
               arena_format(lint->arena,
                            "%.*s: every event would be tried; name entity.kind, entity.type, "
                            "call.callee or an attribute that changes",
                            SLICE_ARGS(entry->id)));
}

static bool is_property(const struct lint *lint, struct slice table) {
    static const char *const keys[] = {"replacement", "immutable"};
    for (uint32_t i = 0; i < dialects_count(lint->dialects); i++)
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            if (slice_equal(dialect_property(dialects_at(lint->dialects, i), keys[k]), table))
                return true;
    return false;
}

static void lint_tables(struct lint *lint) {
    const struct knowledge *knowledge = lint->catalogue->knowledge;
    struct table_entry table;
    for (uint32_t image = 0; image < knowledge->count; image++)
        for (uint32_t i = 0; table_describe(knowledge, image, i, &table); i++)
            if (!table.asked && !is_property(lint, table.name))
                vec_push(lint->arena, &lint->diagnostics->list,
                         ((struct rule_diagnostic){
                             table.file, table.line,
                             arena_format(lint->arena,
                                          "no rule asks the table %.*s; one that only a reader "
                                          "asks says used_by: reader",
                                          SLICE_ARGS(table.name))}));
}

enum lint_colour { UNSEEN, OPEN, DONE };

/* Depth first over `absorbs`; an edge to an open rule closes a circle. Depth is bounded by the
 * number of rules. */
static void lint_absorbs(struct lint *lint, uint8_t *colours, uint32_t index) {
    const struct rule_entry *entry = &lint->catalogue->rules.items[index];
    const struct ruleset *set = &lint->catalogue->sets[entry->image];
    const struct rule_record *rule = catalogue_record(lint->catalogue, entry);
    colours[index] = OPEN;
    for (uint32_t i = 0; i < rule->absorbs.count; i++) {
        struct slice id = ruleset_text(set, rule->absorbs, i);
        const struct rule_entry *other = catalogue_find(lint->catalogue, id);
        uint32_t at = other ? (uint32_t)(other - lint->catalogue->rules.items) : 0;
        if (!other)
            report(lint, entry,
                   arena_format(lint->arena, "%.*s absorbs %.*s, which does not exist",
                                SLICE_ARGS(entry->id), SLICE_ARGS(id)));
        else if (colours[at] == OPEN)
            report(lint, entry,
                   arena_format(lint->arena, "%.*s and %.*s absorb each other",
                                SLICE_ARGS(entry->id), SLICE_ARGS(id)));
        else if (colours[at] == UNSEEN)
            lint_absorbs(lint, colours, at);
    }
    colours[index] = DONE;
}

void catalogue_lint(struct arena *arena, const struct catalogue *catalogue,
                    struct rule_diagnostics *diagnostics) {
    struct lint lint = {arena, catalogue, dialects_load(arena, catalogue->knowledge), diagnostics};
    uint32_t count = catalogue->rules.count;
    uint8_t *colours = ARENA_ARRAY(arena, uint8_t, (size_t)count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const struct rule_entry *entry = &catalogue->rules.items[i];
        const struct ruleset *set = &catalogue->sets[entry->image];
        const struct rule_record *rule = catalogue_record(catalogue, entry);
        lint_duplicate(&lint, i);
        lint_dialects(&lint, entry, set, rule);
        lint_covers(&lint, entry, set, rule);
        lint_index(&lint, entry, rule);
        if (colours[i] == UNSEEN)
            lint_absorbs(&lint, colours, i);
    }
    lint_tables(&lint);
}
