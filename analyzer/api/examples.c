#include "api/examples.h"

#include "base/strbuf.h"
#include "rule/rule.h"
#include "source/sources.h"

struct run {
    struct arena *arena; /* of the lines */
    struct reader *reader;
    const struct catalogue *catalogue;
    struct example_results *results;
    bool compare;
};

/* One example under way; everything it makes is in `scratch`. */
struct trial {
    struct run *run;
    struct arena scratch;
    const struct rule_entry *entry;
    const struct ruleset *set;
    const struct rule_example *example;
    struct change *change;
};

static struct source_file file_of(const struct ruleset *set, struct rule_range words, uint32_t at) {
    return (struct source_file){.path = ruleset_text(set, words, at),
                                .before = ruleset_text(set, words, at + 1),
                                .after = ruleset_text(set, words, at + 2),
                                .old_path = ruleset_text(set, words, at + 3),
                                .mode = ruleset_number(set, words, at + 4),
                                .old_mode = ruleset_number(set, words, at + 5)};
}

static void make_change(struct trial *trial) {
    const struct rule_example *example = trial->example;
    const struct ruleset *set = trial->set;
    uint32_t files = example->files.count / EXAMPLE_FILE_WORDS;
    uint32_t contexts = example->context.count / 2;
    struct source_file *file = ARENA_ARRAY(&trial->scratch, struct source_file, (size_t)files + 1);
    struct source_context *context =
        ARENA_ARRAY(&trial->scratch, struct source_context, (size_t)contexts + 1);
    for (uint32_t i = 0; i < files; i++)
        file[i] = file_of(set, example->files, EXAMPLE_FILE_WORDS * i);
    for (uint32_t i = 0; i < contexts; i++)
        context[i] = (struct source_context){ruleset_text(set, example->context, 2 * i),
                                             ruleset_text(set, example->context, 2 * i + 1)};
    trial->change = source_memory(&trial->scratch, file, files, context, contexts);
}

static void judge(struct trial *trial, bool plain, struct events *events,
                  struct findings *findings) {
    struct delta_options delta = {.no_block_cut = plain};
    struct rules_options rules = {.no_index = plain, .keep_absorbed = true};
    const struct knowledge *knowledge = trial->run->catalogue->knowledge;
    delta_compare(&trial->scratch, trial->run->reader, knowledge, trial->change, &delta, events);
    rules_match(&trial->scratch, knowledge, trial->change, events, &rules, findings);
}

static bool wanted(struct slice text, string_ref ref, const struct image *image) {
    return !ref || slice_equal(text, image_string(image, ref));
}

static bool meets(const struct trial *trial, const struct finding *finding) {
    const struct rule_example *example = trial->example;
    const struct image *image = trial->set->image;
    return slice_equal(finding->rule, trial->entry->id) &&
           finding->absorbed == (example->absorbed != 0) &&
           (!example->line || finding->line == example->line) &&
           wanted(finding->object, example->object, image) &&
           wanted(slice_of(word_of(WORDS_EFFECT, finding->effect)), example->effect, image);
}

enum { EXAMPLE_SHOWN = 6 };

static void add_findings(struct strbuf *line, const struct findings *findings) {
    for (uint32_t i = 0; i < findings->list.count && i < EXAMPLE_SHOWN; i++) {
        const struct finding *finding = &findings->list.items[i];
        strbuf_addf(line, "%s%.*s %s %.*s line %u%s", i ? "; " : "", SLICE_ARGS(finding->rule),
                    word_of(WORDS_EFFECT, finding->effect), SLICE_ARGS(finding->object),
                    finding->line, finding->absorbed ? " (absorbed)" : "");
    }
}

static void add_events(struct strbuf *line, const struct events *events) {
    strbuf_add_text(line, events->list.count ? "no finding; events: " : "no event");
    for (uint32_t i = 0; i < events->list.count && i < EXAMPLE_SHOWN; i++) {
        const struct event *event = &events->list.items[i];
        const struct placed *placed = event_side(event);
        strbuf_addf(line, "%s%s %.*s %.*s", i ? "; " : "", word_of(WORDS_EFFECT, event->effect),
                    SLICE_ARGS(placed->entity->kind), SLICE_ARGS(placed->name));
        for (uint32_t j = 0; j < event->change_count && j < EXAMPLE_SHOWN; j++)
            strbuf_addf(line, " [%.*s]", SLICE_ARGS(event->changes[j].path));
    }
}

static void fail(struct trial *trial, const char *what, const struct events *events,
                 const struct findings *findings) {
    struct run *run = trial->run;
    struct strbuf line;
    strbuf_init(&line, run->arena);
    strbuf_addf(&line, "%.*s:%u: %.*s: \"%.*s\" %s: ", SLICE_ARGS(trial->entry->file),
                trial->example->at_line, SLICE_ARGS(trial->entry->id),
                SLICE_ARGS(image_string(trial->set->image, trial->example->name)), what);
    if (findings->list.count)
        add_findings(&line, findings);
    else
        add_events(&line, events);
    vec_push(run->arena, &run->results->lines, strbuf_slice(&line));
    run->results->failed++;
}

static bool same_findings(const struct findings *a, const struct findings *b) {
    if (a->list.count != b->list.count)
        return false;
    for (uint32_t i = 0; i < a->list.count; i++) {
        const struct finding *x = &a->list.items[i], *y = &b->list.items[i];
        if (!slice_equal(x->rule, y->rule) || !slice_equal(x->object, y->object) ||
            x->effect != y->effect || x->line != y->line || x->severity != y->severity ||
            x->confidence != y->confidence || !slice_equal(x->message, y->message))
            return false;
    }
    return true;
}

static void check(struct trial *trial) {
    struct events events = {0};
    struct findings findings = {0};
    make_change(trial);
    judge(trial, false, &events, &findings);
    bool fired = false;
    for (uint32_t i = 0; i < findings.list.count; i++)
        fired |= meets(trial, &findings.list.items[i]);
    if (fired != (trial->example->fires != 0)) {
        fail(trial, fired ? "fires" : "does not fire", &events, &findings);
        return;
    }
    if (!trial->run->compare)
        return;
    struct events plain_events = {0};
    struct findings plain = {0};
    judge(trial, true, &plain_events, &plain);
    if (!same_findings(&findings, &plain))
        fail(trial, "differs with the index and the block cut off", &plain_events, &plain);
}

static void release_scratch(void *scratch) {
    arena_release(scratch);
}

static void run_entry(struct run *run, const struct rule_entry *entry) {
    const struct ruleset *set = &run->catalogue->sets[entry->image];
    const struct rule_record *rule = catalogue_record(run->catalogue, entry);
    uint32_t ignored;
    const struct rule_example *examples = image_section(set->image, IMAGE_EXAMPLES, &ignored);
    struct trial *trial = ARENA_NEW(run->arena, struct trial);
    arena_init(&trial->scratch, run->arena->failure, 0);
    arena_on_release(run->arena, release_scratch, &trial->scratch);
    for (uint32_t i = 0; i < rule->examples.count; i++) {
        trial->run = run;
        trial->entry = entry;
        trial->set = set;
        trial->example = &examples[rule->examples.from + i];
        check(trial);
        run->results->run++;
        arena_release(&trial->scratch);
        if (run->reader->cache)
            entity_cache_trim(run->reader->cache);
    }
}

static void run_all(struct run *run, struct slice prefix) {
    for (uint32_t i = 0; i < run->catalogue->rules.count; i++)
        if (slice_starts(run->catalogue->rules.items[i].id, prefix))
            run_entry(run, &run->catalogue->rules.items[i]);
}

void examples_run(struct arena *arena, struct reader *reader, const struct catalogue *catalogue,
                  struct slice prefix, struct example_results *results) {
    struct run run = {arena, reader, catalogue, results, false};
    run_all(&run, prefix);
}

void examples_compare(struct arena *arena, struct reader *reader, const struct catalogue *catalogue,
                      struct slice prefix, struct example_results *results) {
    struct run run = {arena, reader, catalogue, results, true};
    run_all(&run, prefix);
}
