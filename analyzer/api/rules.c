/* berm_rules: knowledge loaded once; lists and explanations of its rules. */
#include "api/examples.h"
#include "api/knowledge.h"
#include "api/object.h"

struct loading {
    struct berm_rules *rules;
    const char *const *directories;
    uint32_t count;
};

static const char *text_of(struct arena *arena, struct slice text) {
    return text.data ? arena_text(arena, text) : "";
}

static void load(void *context) {
    struct loading *loading = context;
    struct berm_rules *rules = loading->rules;
    knowledge_load(&rules->arena, loading->directories, loading->count, &rules->knowledge);
}

berm_status berm_rules_load(berm_rules **out, const char *const *directories, size_t count,
                            berm_error *error) {
    *out = NULL;
    if (count >= KNOWLEDGE_IMAGES)
        return call_error(error, BERM_ERROR_LIMIT, NULL, "more than 7 directories of rules");
    struct loading loading = {OBJECT_NEW(struct berm_rules), directories, (uint32_t)count};
    if (!loading.rules)
        return call_out_of_memory(error);
    struct call call = {{&loading.rules->failure}, load, &loading};
    berm_status status = call_run(&call, error);
    if (status == BERM_OK)
        *out = loading.rules;
    else
        berm_rules_free(loading.rules);
    return status;
}

void berm_rules_free(berm_rules *rules) {
    object_free(rules);
}

const char *berm_rules_digest(const berm_rules *rules) {
    return rules->knowledge.digest;
}

static void list_rules(void *context) {
    struct berm_rule_list *rules = context;
    struct arena *arena = &rules->arena;
    catalogue_load(arena, &rules->rules->knowledge, &rules->catalogue);
    uint32_t count = rules->catalogue.rules.count;
    struct berm_rule *list = ARENA_ARRAY(arena, struct berm_rule, count + 1u);
    for (uint32_t i = 0; i < count; i++) {
        const struct rule_entry *entry = &rules->catalogue.rules.items[i];
        list[i] = (struct berm_rule){
            .id = text_of(arena, entry->id),
            .title = text_of(arena, entry->title),
            .severity = word_of(WORDS_SEVERITY, entry->severity),
            .scope = word_of(WORDS_SCOPE, entry->scope),
            .since = text_of(arena, entry->since),
            .why = text_of(arena, entry->why),
            .fix = text_of(arena, entry->fix),
        };
    }
    rules->items = list;
    rules->count = count;
}

berm_status berm_rule_list_new(berm_rule_list **out, const berm_rules *rules, berm_error *error) {
    *out = NULL;
    struct berm_rule_list *list = OBJECT_NEW(struct berm_rule_list);
    if (!list)
        return call_out_of_memory(error);
    list->rules = rules;
    struct call call = {{&list->failure}, list_rules, list};
    berm_status status = call_run(&call, error);
    if (status == BERM_OK)
        *out = list;
    else
        berm_rule_list_free(list);
    return status;
}

void berm_rule_list_free(berm_rule_list *list) {
    object_free(list);
}

size_t berm_rule_list_count(const berm_rule_list *list) {
    return list->count;
}

const berm_rule *berm_rule_list_at(const berm_rule_list *list, size_t index) {
    return index < list->count ? &list->items[index] : NULL;
}

const berm_rule *berm_rule_list_find(const berm_rule_list *list, const char *id) {
    const struct rule_entry *entry = catalogue_find(&list->catalogue, slice_of(id));
    return entry ? &list->items[entry - list->catalogue.rules.items] : NULL;
}

/* Reading the catalogue needs memory that the immutable rules must not give: an object of its own
 * for the length of a call. */
struct inspection {
    struct object object;
    const struct berm_rules *rules;
    struct catalogue catalogue;
    struct slice argument;
    struct strbuf out;
    size_t failed;
};

static void explain(void *context) {
    struct inspection *inspection = context;
    struct arena *arena = &inspection->object.arena;
    const struct catalogue *catalogue = &inspection->catalogue;
    catalogue_load(arena, &inspection->rules->knowledge, &inspection->catalogue);
    const struct rule_entry *entry = catalogue_find(catalogue, inspection->argument);
    if (!entry) {
        struct slice nearest = catalogue_nearest(catalogue, inspection->argument);
        failure_raise(arena->failure, BERM_ERROR_ARGUMENT, PLACE_NONE,
                      "there is no rule '%.*s'; the nearest is %.*s",
                      SLICE_ARGS(inspection->argument), SLICE_ARGS(nearest));
    }
    strbuf_add(&inspection->out, catalogue_explain(arena, catalogue, entry));
}

static void coverage(void *context) {
    struct inspection *inspection = context;
    struct arena *arena = &inspection->object.arena;
    catalogue_load(arena, &inspection->rules->knowledge, &inspection->catalogue);
    strbuf_add(&inspection->out, catalogue_coverage(arena, &inspection->catalogue));
}

static void lint(void *context) {
    struct inspection *inspection = context;
    struct rule_diagnostics diagnostics = {0};
    struct arena *arena = &inspection->object.arena;
    catalogue_load(arena, &inspection->rules->knowledge, &inspection->catalogue);
    catalogue_lint(arena, &inspection->catalogue, &diagnostics);
    for (uint32_t i = 0; i < diagnostics.list.count; i++) {
        const struct rule_diagnostic *item = &diagnostics.list.items[i];
        strbuf_addf(&inspection->out, "%.*s:%u: %.*s\n", SLICE_ARGS(item->file), item->line,
                    SLICE_ARGS(item->message));
    }
    inspection->failed = diagnostics.list.count;
    strbuf_addf(&inspection->out, "%u rules, %u complaints\n", inspection->catalogue.rules.count,
                diagnostics.list.count);
}

static void test(void *context) {
    struct inspection *inspection = context;
    struct arena *arena = &inspection->object.arena;
    struct pipeline pipeline;
    pipeline_init(&pipeline, arena, &inspection->rules->knowledge, PIPELINE_CACHE_BYTES);
    struct example_results results = {0};
    catalogue_load(arena, &inspection->rules->knowledge, &inspection->catalogue);
    examples_run(arena, &pipeline.reader, &inspection->catalogue, inspection->argument, &results);
    for (uint32_t i = 0; i < results.lines.count; i++) {
        strbuf_add(&inspection->out, results.lines.items[i]);
        strbuf_add_byte(&inspection->out, '\n');
    }
    strbuf_addf(&inspection->out, "%u passed, %u failed\n", results.run - results.failed,
                results.failed);
    inspection->failed = results.failed;
}

static berm_status inspect(struct inspection *inspection, void (*body)(void *context),
                           berm_write *write, void *context, berm_error *error) {
    failure_init(&inspection->object.failure);
    struct arena *arena = &inspection->object.arena;
    arena_init(arena, &inspection->object.failure, 0);
    strbuf_init(&inspection->out, arena);
    struct call call = {{&inspection->object.failure}, body, inspection};
    berm_status status = call_run(&call, error);
    struct slice text = strbuf_slice(&inspection->out);
    if (status == BERM_OK && write(context, text.data, text.size) != 0)
        status = call_error(error, BERM_ERROR_IO, NULL, "the output was refused");
    arena_release(arena);
    return status;
}

berm_status berm_rules_explain(const berm_rules *rules, const char *id, berm_write *write,
                               void *context, berm_error *error) {
    struct inspection inspection = {.rules = rules, .argument = slice_of(id)};
    return inspect(&inspection, explain, write, context, error);
}

berm_status berm_rules_coverage(const berm_rules *rules, berm_write *write, void *context,
                                berm_error *error) {
    struct inspection inspection = {.rules = rules};
    return inspect(&inspection, coverage, write, context, error);
}

berm_status berm_rules_lint(const berm_rules *rules, berm_write *write, void *context,
                            size_t *failed, berm_error *error) {
    struct inspection inspection = {.rules = rules};
    berm_status status = inspect(&inspection, lint, write, context, error);
    *failed = inspection.failed;
    return status;
}

berm_status berm_rules_test(const berm_rules *rules, const char *prefix, berm_write *write,
                            void *context, size_t *failed, berm_error *error) {
    struct inspection inspection = {.rules = rules, .argument = slice_of(prefix ? prefix : "")};
    berm_status status = inspect(&inspection, test, write, context, error);
    *failed = inspection.failed;
    return status;
}
