#include "rule/catalogue.h"

#include "base/strbuf.h"

#include <stdlib.h>

static int compare_entries(const void *a, const void *b) {
    const struct rule_entry *x = a, *y = b;
    int order = slice_compare(x->id, y->id);
    return order ? order : (x->image > y->image) - (x->image < y->image);
}

static struct rule_entry entry_of(const struct ruleset *set, uint32_t image, uint32_t number) {
    const struct rule_record *rule = &set->rules[number];
    return (struct rule_entry){
        .id = image_string(set->image, rule->id),
        .since = image_string(set->image, rule->since),
        .title = image_string(set->image, rule->title),
        .why = image_string(set->image, rule->why),
        .fix = image_string(set->image, rule->fix),
        .message = image_string(set->image, rule->message),
        .file = image_string(set->image, rule->file),
        .severity = (enum severity)rule->severity,
        .scope = (enum scope)rule->scope,
        .undo = (enum undo)rule->undo,
        .line = rule->line,
        .image = image,
        .number = number,
    };
}

void catalogue_load(struct arena *arena, const struct knowledge *knowledge,
                    struct catalogue *catalogue) {
    memset(catalogue, 0, sizeof *catalogue);
    catalogue->knowledge = knowledge;
    for (uint32_t i = 0; i < knowledge->count; i++) {
        ruleset_open(&catalogue->sets[i], &knowledge->images[i]);
        for (uint32_t j = 0; j < catalogue->sets[i].count; j++)
            vec_push(arena, &catalogue->rules, entry_of(&catalogue->sets[i], i, j));
    }
    if (catalogue->rules.count)
        qsort(catalogue->rules.items, catalogue->rules.count, sizeof *catalogue->rules.items,
              compare_entries);
}

const struct rule_record *catalogue_record(const struct catalogue *catalogue,
                                           const struct rule_entry *entry) {
    return &catalogue->sets[entry->image].rules[entry->number];
}

const struct rule_entry *catalogue_find(const struct catalogue *catalogue, struct slice id) {
    for (uint32_t i = 0; i < catalogue->rules.count; i++)
        if (slice_equal(catalogue->rules.items[i].id, id))
            return &catalogue->rules.items[i];
    return NULL;
}

/* How many pairs of neighbouring bytes of `a` occur in `b`: tolerant of a missing domain, of word
 * order and of typing errors. */
static uint32_t likeness(struct slice a, struct slice b) {
    uint32_t pairs = 0;
    for (size_t i = 0; i + 1 < a.size; i++)
        pairs += slice_contains(b, slice_sub(a, i, i + 2));
    return pairs;
}

struct slice catalogue_nearest(const struct catalogue *catalogue, struct slice id) {
    struct slice nearest = SLICE_NONE;
    uint32_t best = 0;
    for (uint32_t i = 0; i < catalogue->rules.count; i++) {
        struct slice other = catalogue->rules.items[i].id;
        uint32_t score = 2 * likeness(id, other) + likeness(other, id);
        if (slice_is_none(nearest) || score > best) {
            nearest = other;
            best = score;
        }
    }
    return nearest;
}

enum { EXPLAIN_WIDTH = 96 };

/* Paragraph `text` wrapped at EXPLAIN_WIDTH, each line indented by two. */
static void add_wrapped(struct strbuf *out, struct slice text) {
    struct slice rest = text, line, word;
    while (slice_split(&rest, '\n', &line)) {
        size_t column = 0;
        while (slice_split(&line, ' ', &word)) {
            if (!word.size)
                continue;
            if (column && column + 1 + word.size > EXPLAIN_WIDTH) {
                strbuf_add_byte(out, '\n');
                column = 0;
            }
            strbuf_add_text(out, column ? " " : "  ");
            strbuf_add(out, word);
            column += (column ? 1 : 2) + word.size;
        }
        strbuf_add_byte(out, '\n');
    }
}

static void add_section(struct strbuf *out, const char *title, struct slice text) {
    if (!text.size)
        return;
    strbuf_addf(out, "\n%s\n", title);
    add_wrapped(out, text);
}

static void add_list(struct strbuf *out, const char *title, const struct ruleset *set,
                     struct rule_range range) {
    if (!range.count)
        return;
    strbuf_addf(out, "\n%s\n", title);
    for (uint32_t i = 0; i < range.count; i++)
        strbuf_addf(out, "  %.*s\n", SLICE_ARGS(ruleset_text(set, range, i)));
}

static void add_words(struct strbuf *out, const struct ruleset *set,
                      const struct rule_record *rule) {
    strbuf_addf(out, "  severity  %s\n  undo      %s\n  scope     %s\n",
                word_of(WORDS_SEVERITY, rule->severity), word_of(WORDS_UNDO, rule->undo),
                word_of(WORDS_SCOPE, rule->scope));
    if (rule->floor != RULE_NOTHING)
        strbuf_addf(out, "  floor     %s%s\n", word_of(WORDS_TIER, (uint32_t)rule->floor),
                    rule->floor_when ? ", under conditions" : "");
    if (!rule->selector.effects) {
        strbuf_add_text(out, "  found by berm itself, not by an event\n");
        return;
    }
    strbuf_add_text(out, "  on        ");
    const char *separator = "";
    for (uint32_t i = 0; i < EFFECT_COUNT; i++)
        if (rule->selector.effects >> i & 1) {
            strbuf_addf(out, "%s%s", separator, word_of(WORDS_EFFECT, i));
            separator = ", ";
        }
    strbuf_add_text(out, "\n  in        ");
    for (uint32_t i = 0; i < rule->selector.dialects.count; i++)
        strbuf_addf(out, "%s%.*s", i ? ", " : "",
                    SLICE_ARGS(ruleset_text(set, rule->selector.dialects, i)));
    strbuf_add_text(out, rule->selector.dialects.count ? "\n" : "every dialect\n");
}

static void add_side(struct strbuf *out, char mark, struct slice content) {
    struct slice line;
    while (slice_split(&content, '\n', &line))
        strbuf_addf(out, "    %c %.*s\n", mark, SLICE_ARGS(line));
}

static void add_example(struct strbuf *out, const struct ruleset *set,
                        const struct rule_example *example) {
    strbuf_addf(out, "\n  %s: %.*s\n", example->fires ? "fires" : "silent",
                SLICE_ARGS(image_string(set->image, example->name)));
    for (uint32_t i = 0; i + 2 < example->files.count; i += EXAMPLE_FILE_WORDS) {
        strbuf_addf(out, "    %.*s\n", SLICE_ARGS(ruleset_text(set, example->files, i)));
        add_side(out, '-', ruleset_text(set, example->files, i + 1));
        add_side(out, '+', ruleset_text(set, example->files, i + 2));
    }
}

struct slice catalogue_explain(struct arena *arena, const struct catalogue *catalogue,
                               const struct rule_entry *entry) {
    const struct ruleset *set = &catalogue->sets[entry->image];
    const struct rule_record *rule = catalogue_record(catalogue, entry);
    struct strbuf out;
    strbuf_init(&out, arena);
    strbuf_addf(&out, "%.*s (since %.*s)\n%.*s\n\n", SLICE_ARGS(entry->id),
                SLICE_ARGS(entry->since), SLICE_ARGS(entry->title));
    add_words(&out, set, rule);
    add_section(&out, "Says", entry->message);
    add_section(&out, "Why", entry->why);
    add_section(&out, "Cheapest safer edit", entry->fix);
    add_list(&out, "Incidents", set, rule->incidents);
    add_list(&out, "Makes redundant", set, rule->absorbs);
    uint32_t ignored;
    const struct rule_example *examples = image_section(set->image, IMAGE_EXAMPLES, &ignored);
    if (rule->examples.count)
        strbuf_add_text(&out, "\nExamples\n");
    for (uint32_t i = 0; i < rule->examples.count; i++)
        add_example(&out, set, &examples[rule->examples.from + i]);
    return strbuf_slice(&out);
}
