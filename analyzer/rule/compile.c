#include "rule/compile.h"

#include "base/directory.h"
#include "base/file.h"
#include "rule/draft.h"

#include <stdlib.h>

struct compile {
    struct arena *arena;
    struct image_writer *writer;
    const char *directory;
    VEC(struct rule_draft *) drafts;
};

static struct rule_draft *compile_text(struct compile *compile, const char *where,
                                       struct slice path, struct slice text) {
    struct rule_draft *draft = ARENA_NEW(compile->arena, struct rule_draft);
    draft->reader = (struct rule_reader){compile->arena, compile->writer, where};
    draft_read(draft, text, slice_sub(path, 0, path.size - strlen(".yaml")));
    vec_push(compile->arena, &compile->drafts, draft);
    return draft;
}

/* Data files of other stages lie at the top; rules always have a domain. */
static bool is_data(struct slice path) {
    return slice_is(path, "score.yaml") || slice_is(path, "places.yaml") ||
           slice_is(path, "languages.yaml") || slice_ends(path, SLICE("/entities.yaml")) ||
           slice_starts(path, SLICE("facts/"));
}

static void compile_file(struct compile *compile, struct slice path) {
    struct arena *arena = compile->arena;
    const char *where = arena_format(arena, "%s/%.*s", compile->directory, SLICE_ARGS(path)).data;
    struct place place = {where, 0, 0};
    if (slice_ends(path, SLICE(".yml")))
        failure_raise(arena->failure, BERM_ERROR_RULE, place, "rule files end in .yaml");
    if (!slice_ends(path, SLICE(".yaml")))
        return;
    if (slice_find_byte(path, '/') == SLICE_NPOS)
        failure_raise(arena->failure, BERM_ERROR_RULE, place,
                      "a rule stands in a folder for its domain: DOMAIN/%.*s", SLICE_ARGS(path));
    struct slice text;
    if (!file_read(arena, where, &text))
        failure_raise(arena->failure, BERM_ERROR_RULE, place, "is gone");
    compile_text(compile, where, path, text);
}

static int compare_drafts(const void *a, const void *b) {
    const struct rule_draft *x = *(struct rule_draft *const *)a;
    const struct rule_draft *y = *(struct rule_draft *const *)b;
    return slice_compare(x->id, y->id);
}

static void finish(struct compile *compile) {
    struct rule_draft **drafts = compile->drafts.items;
    uint32_t count = compile->drafts.count;
    if (count)
        qsort(drafts, count, sizeof *drafts, compare_drafts);
    for (uint32_t i = 0; i < count; i++) {
        if (i && slice_equal(drafts[i]->id, drafts[i - 1]->id))
            read_fail_at(&drafts[i]->reader, drafts[i]->root, "rule %.*s exists already in %s",
                         SLICE_ARGS(drafts[i]->id), drafts[i - 1]->reader.where);
        image_add_record(compile->writer, IMAGE_RULES, &drafts[i]->record,
                         sizeof drafts[i]->record);
    }
    drafts_check(compile->arena, compile->writer, drafts, count);
    drafts_index(compile->arena, compile->writer, drafts, count);
}

void rules_compile(struct image_writer *writer, struct arena *arena, const char *rules_directory) {
    struct compile compile = {.arena = arena, .writer = writer, .directory = rules_directory};
    struct slice *files;
    uint32_t count;
    if (!directory_files(arena, rules_directory, &files, &count))
        failure_raise(arena->failure, BERM_ERROR_RULE, (struct place){rules_directory, 0, 0},
                      "there is no such directory of rules");
    for (uint32_t i = 0; i < count; i++)
        if (!is_data(files[i]))
            compile_file(&compile, files[i]);
    finish(&compile);
}

void rules_compile_text(struct image_writer *writer, struct arena *arena, const char *path,
                        struct slice text) {
    struct compile compile = {.arena = arena, .writer = writer, .directory = ""};
    compile_text(&compile, path, slice_of(path), text);
    finish(&compile);
}
