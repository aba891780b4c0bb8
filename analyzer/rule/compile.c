#include "rule/compile.h"

#include "rule/draft.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { RULE_DEPTH = 8, RULE_FILE_BYTES = 1 << 20 };

struct compile {
    struct arena *arena;
    struct image_writer *writer;
    const char *directory;
    VEC(struct rule_draft *) drafts;
};

_Noreturn static void fail_io(struct compile *compile, const char *path) {
    failure_raise(compile->arena->failure, BERM_ERROR_RULE, (struct place){path, 0, 0},
                  "cannot be read: %s", strerror(errno));
}

/* No allocation stands between opening and closing, so a failure cannot leak the descriptor. */
static struct slice read_file(struct compile *compile, const char *path) {
    struct stat status;
    if (stat(path, &status))
        fail_io(compile, path);
    if (status.st_size > RULE_FILE_BYTES)
        failure_raise(compile->arena->failure, BERM_ERROR_RULE, (struct place){path, 0, 0},
                      "larger than %d bytes", RULE_FILE_BYTES);
    char *bytes = arena_alloc(compile->arena, (size_t)status.st_size + 1);
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_io(compile, path);
    size_t size = fread(bytes, 1, (size_t)status.st_size, file);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed)
        fail_io(compile, path);
    return slice_make(bytes, size);
}

struct listing {
    DIR *handle;
    VEC(const char *) names;
};

static void close_listing(void *object) {
    struct listing *listing = object;
    if (listing->handle)
        closedir(listing->handle);
    listing->handle = NULL;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in byte order; dot files are left out. The arena closes the handle if one of the
 * allocations fails. */
static struct listing *list_directory(struct compile *compile, const char *path) {
    struct listing *listing = ARENA_NEW(compile->arena, struct listing);
    arena_on_release(compile->arena, close_listing, listing);
    listing->handle = opendir(path);
    if (!listing->handle)
        fail_io(compile, path);
    for (struct dirent *entry; (entry = readdir(listing->handle));)
        if (entry->d_name[0] != '.')
            vec_push(compile->arena, &listing->names,
                     arena_text(compile->arena, slice_of(entry->d_name)));
    close_listing(listing);
    if (listing->names.count)
        qsort(listing->names.items, listing->names.count, sizeof *listing->names.items,
              compare_names);
    return listing;
}

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
    return slice_is(path, "score.yaml") || slice_is(path, "places.yaml") || slice_is(path, "facts");
}

static void compile_file(struct compile *compile, const char *where, struct slice path) {
    if (slice_ends(path, SLICE(".yml")))
        failure_raise(compile->arena->failure, BERM_ERROR_RULE, (struct place){where, 0, 0},
                      "rule files end in .yaml");
    if (!slice_ends(path, SLICE(".yaml")))
        return;
    if (slice_find_byte(path, '/') == SLICE_NPOS)
        failure_raise(compile->arena->failure, BERM_ERROR_RULE, (struct place){where, 0, 0},
                      "a rule stands in a folder for its domain: DOMAIN/%.*s", SLICE_ARGS(path));
    compile_text(compile, where, path, read_file(compile, where));
}

/* `path` is relative to the directory of rules, "" at the top. */
static void compile_directory(struct compile *compile, struct slice path, uint32_t depth) {
    struct arena *arena = compile->arena;
    const char *where =
        path.size ? arena_format(arena, "%s/%.*s", compile->directory, SLICE_ARGS(path)).data
                  : compile->directory;
    if (depth > RULE_DEPTH)
        failure_raise(arena->failure, BERM_ERROR_RULE, (struct place){where, 0, 0},
                      "folders nested over %d levels", RULE_DEPTH);
    struct listing *listing = list_directory(compile, where);
    for (uint32_t i = 0; i < listing->names.count; i++) {
        const char *name = listing->names.items[i];
        struct slice inner =
            path.size ? arena_format(arena, "%.*s/%s", SLICE_ARGS(path), name) : slice_of(name);
        const char *full = arena_format(arena, "%s/%s", where, name).data;
        struct stat status;
        if (is_data(inner))
            continue;
        if (stat(full, &status))
            fail_io(compile, full);
        if (S_ISDIR(status.st_mode))
            compile_directory(compile, inner, depth + 1);
        else
            compile_file(compile, full, inner);
    }
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
    drafts_index(compile->arena, compile->writer, drafts, count);
}

void rules_compile(struct image_writer *writer, struct arena *arena, const char *rules_directory) {
    struct compile compile = {.arena = arena, .writer = writer, .directory = rules_directory};
    compile_directory(&compile, SLICE(""), 0);
    finish(&compile);
}

void rules_compile_text(struct image_writer *writer, struct arena *arena, const char *path,
                        struct slice text) {
    struct compile compile = {.arena = arena, .writer = writer, .directory = ""};
    compile_text(&compile, path, slice_of(path), text);
    finish(&compile);
}
