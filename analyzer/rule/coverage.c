/* Which of the patterns worth a rule have one. */
#include "fact/table.h"
#include "rule/catalogue.h"

enum { PRIORITIES = 3 };

struct coverage {
    const struct catalogue *catalogue;
    struct strbuf *out;
    uint32_t covered[PRIORITIES], count[PRIORITIES];
};

static bool rule_covers(const struct catalogue *catalogue, const struct rule_entry *entry,
                        struct slice pattern) {
    const struct ruleset *set = &catalogue->sets[entry->image];
    struct rule_range covers = catalogue_record(catalogue, entry)->covers;
    for (uint32_t i = 0; i < covers.count; i++)
        if (slice_equal(ruleset_text(set, covers, i), pattern))
            return true;
    return false;
}

static uint32_t add_rules(struct coverage *coverage, struct slice pattern) {
    uint32_t found = 0;
    const struct catalogue *catalogue = coverage->catalogue;
    for (uint32_t i = 0; i < catalogue->rules.count; i++) {
        const struct rule_entry *entry = &catalogue->rules.items[i];
        if (rule_covers(catalogue, entry, pattern))
            strbuf_addf(coverage->out, "%s%.*s", found++ ? ", " : "", SLICE_ARGS(entry->id));
    }
    return found;
}

static bool add_pattern(const struct row *row, void *context) {
    struct coverage *coverage = context;
    struct slice pattern = row_cell(row, "pattern"), priority = row_cell(row, "priority");
    strbuf_addf(coverage->out, "%.*s %-5.*s %-36.*s ", SLICE_ARGS(priority),
                SLICE_ARGS(row_cell(row, "section")), SLICE_ARGS(pattern));
    uint32_t rules = add_rules(coverage, pattern);
    strbuf_add_text(coverage->out, rules ? "\n" : "-\n");
    if (priority.size == 2 && priority.data[1] >= '0' && priority.data[1] < '0' + PRIORITIES) {
        coverage->count[priority.data[1] - '0']++;
        coverage->covered[priority.data[1] - '0'] += rules > 0;
    }
    return true;
}

struct slice catalogue_coverage(struct arena *arena, const struct catalogue *catalogue) {
    struct strbuf out;
    strbuf_init(&out, arena);
    struct coverage coverage = {.catalogue = catalogue, .out = &out};
    table_each(catalogue->knowledge, SLICE("patterns"), NULL, 0, add_pattern, &coverage);
    for (uint32_t i = 0; i < PRIORITIES; i++)
        strbuf_addf(&out, "P%u: %u of %u\n", i, coverage.covered[i], coverage.count[i]);
    return strbuf_slice(&out);
}
