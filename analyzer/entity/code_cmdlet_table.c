#include "entity/code_cmdlet.h"

static struct slice dash_none(struct slice cell) {
    return slice_is(cell, "-") ? SLICE("") : cell;
}

struct cmdlet_search {
    struct cmdlet *found;
    enum word_style style;
};

static bool take_cmdlet(const struct row *row, void *context) {
    struct cmdlet_search *search = context;
    struct slice words = row_cell(row, "words");
    if (words.size && slice_is(words, "dollar") != (search->style == WORDS_DOLLAR))
        return true;
    *search->found = (struct cmdlet){
        .name = row_cell(row, "cmdlet"),
        .program = dash_none(row_cell(row, "program")),
        .piped = row_cell(row, "piped"),
    };
    return true;
}

bool cmdlet_find(const struct code *code, struct slice name, struct cmdlet *cmdlet) {
    *cmdlet = (struct cmdlet){.name = SLICE_NONE};
    struct cmdlet_search search = {cmdlet, code->style};
    table_each(code->knowledge, SLICE("cmdlets"), &name, 1, take_cmdlet, &search);
    return cmdlet->name.data != NULL;
}

static bool take_means(const struct row *row, void *context) {
    *(struct slice *)context = row_cell(row, "means");
    return true;
}

bool cmdlet_verb_find(const struct code *code, struct slice word, struct slice *means) {
    *means = SLICE_NONE;
    table_each(code->knowledge, SLICE("cmdlet_verbs"), &word, 1, take_means, means);
    return means->data != NULL;
}

struct parameter_search {
    struct slice name;
    struct cmdlet_parameter found;
    bool exact;
    uint32_t matches;
};

static enum parameter_form form_of(struct slice word) {
    static const char *const words[] = {"", "switch", "value", "ignored", "word"};
    for (uint32_t i = 1; i < sizeof words / sizeof *words; i++)
        if (slice_is(word, words[i]))
            return (enum parameter_form)i;
    return PARAMETER_UNKNOWN;
}

static bool take_parameter(const struct row *row, void *context) {
    struct parameter_search *search = context;
    struct slice name = row_cell(row, "parameter");
    size_t size = search->name.size;
    if (search->exact || name.size < size ||
        !slice_equal_nocase(slice_sub(name, 0, size), search->name))
        return true;
    struct slice full = row_cell(row, "name");
    struct cmdlet_parameter parameter = {
        .name = full.size ? full : name,
        .means = row_cell(row, "means"),
        .form = form_of(row_cell(row, "form")),
    };
    search->exact = name.size == size;
    search->matches += !search->matches || !slice_equal(parameter.name, search->found.name);
    search->found = parameter;
    return true;
}

struct cmdlet_parameter parameter_find(const struct code *code, struct slice cmdlet,
                                       struct slice name) {
    struct parameter_search search = {.name = name};
    struct slice all = SLICE("*");
    table_each(code->knowledge, SLICE("cmdlet_parameters"), &cmdlet, 1, take_parameter, &search);
    if (!search.matches)
        table_each(code->knowledge, SLICE("cmdlet_parameters"), &all, 1, take_parameter, &search);
    if (search.exact || search.matches == 1)
        return search.found;
    return (struct cmdlet_parameter){.name = name, .means = SLICE("")};
}
