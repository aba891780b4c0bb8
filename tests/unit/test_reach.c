#include "base/path.h"
#include "fact/compile.h"
#include "language/compile.h"
#include "reach/fan_out.h"
#include "score/compile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct file {
    const char *path, *content;
};

struct fixture {
    struct failure failure;
    struct arena arena;
    struct knowledge knowledge;
    struct reader reader;
    struct change change;
    const struct file *files;
    uint32_t file_count;
    const char *grammars, *dialect;
    bool lists; /* whether directories can be listed */
    void (*body)(struct fixture *fixture);
};

static enum presence read_file(void *self, struct slice path, struct slice *content) {
    struct fixture *fixture = self;
    for (uint32_t i = 0; i < fixture->file_count; i++)
        if (slice_is(path, fixture->files[i].path)) {
            *content = slice_of(fixture->files[i].content);
            return TREE_PRESENT;
        }
    return TREE_ABSENT;
}

static enum presence list_files(void *self, struct slice directory, struct slice **names,
                                uint32_t *count) {
    struct fixture *fixture = self;
    if (!fixture->lists)
        return TREE_UNKNOWN;
    *names = ARENA_ARRAY(&fixture->arena, struct slice, fixture->file_count);
    *count = 0;
    for (uint32_t i = 0; i < fixture->file_count; i++) {
        struct slice path = slice_of(fixture->files[i].path);
        if (slice_equal(path_directory(path), directory))
            (*names)[(*count)++] = path_base(path);
    }
    return *count ? TREE_PRESENT : TREE_UNKNOWN;
}

static void load(void *context) {
    struct fixture *fixture = context;
    struct image_writer writer;
    image_writer_init(&writer, &fixture->arena);
    score_compile(&writer, &fixture->arena, SOURCE_DIRECTORY "/rules");
    places_compile(&writer, &fixture->arena, SOURCE_DIRECTORY "/rules");
    languages_compile(&writer, &fixture->arena, fixture->grammars);
    fixture->knowledge = (struct knowledge){.count = 1, .images = {image_finish(&writer)}};
    fixture->reader.failure = &fixture->failure;
    fixture->reader.dialects = dialects_load(&fixture->arena, &fixture->knowledge);
    fixture->reader.cache = entity_cache_new(&fixture->failure, 1 << 20);
    struct tree tree = {.read = read_file, .list = list_files, .self = fixture};
    fixture->change =
        (struct change){.arena = &fixture->arena, .before = tree, .after = tree, .policy = tree};
}

static void run_body(void *context) {
    struct fixture *fixture = context;
    load(fixture);
    fixture->body(fixture);
}

/* A dialect of our own, so that the test does not depend on the shipped ones. */
static const char toy[] = "languages: {hcl: {reader: data, cut: braces}}\n"
                          "dialects:\n"
                          "  - name: toy\n"
                          "    language: hcl\n"
                          "    unit: directory\n"
                          "    detect: [{paths: ['**/*.tf']}]\n";

static char toy_directory[] = "/tmp/berm-reach-XXXXXX";

static int write_toy(void **state) {
    (void)state;
    assert_non_null(mkdtemp(toy_directory));
    char path[64];
    snprintf(path, sizeof path, "%s/languages.yaml", toy_directory);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(toy, file) >= 0);
    return fclose(file);
}

static int remove_toy(void **state) {
    (void)state;
    char path[64];
    snprintf(path, sizeof path, "%s/languages.yaml", toy_directory);
    return remove(path) || remove(toy_directory);
}

static void run_fixture(struct fixture *fixture) {
    failure_init(&fixture->failure);
    arena_init(&fixture->arena, &fixture->failure, 0);
    if (!failure_try(&fixture->failure, run_body, fixture))
        fail_msg("%s", fixture->failure.error.message);
    entity_cache_free(fixture->reader.cache);
    arena_release(&fixture->arena);
    free(fixture);
}

static void run(void (*body)(struct fixture *fixture), const struct file *files, uint32_t count,
                bool lists) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->files = files;
    fixture->file_count = count;
    fixture->lists = lists;
    fixture->body = body;
    fixture->grammars = toy_directory;
    fixture->dialect = "toy";
    run_fixture(fixture);
}

/* With a dialect that is shipped. */
static void run_dialect(void (*body)(struct fixture *fixture), const struct file *files,
                        uint32_t count, const char *dialect) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->files = files;
    fixture->file_count = count;
    fixture->lists = true;
    fixture->body = body;
    fixture->grammars = SOURCE_DIRECTORY "/grammars";
    fixture->dialect = dialect;
    run_fixture(fixture);
}

static struct value *literal(struct fixture *fixture, const char *text) {
    struct value *value = ARENA_NEW(&fixture->arena, struct value);
    value->kind = VALUE_LITERAL;
    value->text = slice_of(text);
    return value;
}

static struct value *collection(struct fixture *fixture, enum value_kind kind, uint32_t count) {
    struct value *value = ARENA_NEW(&fixture->arena, struct value);
    value->kind = (uint8_t)kind;
    value->count = count;
    value->items = ARENA_ARRAY(&fixture->arena, struct value_item, count);
    for (uint32_t i = 0; i < count; i++)
        value->items[i].value = literal(fixture, "x");
    return value;
}

static struct value *map_of(struct fixture *fixture, const char *key, const struct value *value) {
    struct value *map = collection(fixture, VALUE_MAP, 1);
    map->items[0] = (struct value_item){.key = slice_of(key), .value = value};
    return map;
}

static struct finding make(struct fixture *fixture, const char *name, const struct value *body) {
    struct entity *entity = ARENA_NEW(&fixture->arena, struct entity);
    struct event *event = ARENA_NEW(&fixture->arena, struct event);
    entity->kind = SLICE("resource");
    entity->name = slice_of(name);
    entity->dialect = dialect_by_name(fixture->reader.dialects, slice_of(fixture->dialect));
    assert_non_null(entity->dialect);
    event->after = (struct placed){
        .entity = entity, .path = SLICE("infra/a.tf"), .name = entity->name, .body = body};
    return (struct finding){.severity = SEVERITY_HIGH,
                            .path = SLICE("infra/a.tf"),
                            .object = entity->name,
                            .event = event};
}

static struct finding measured(struct fixture *fixture, struct finding finding,
                               const struct environment_words *words) {
    struct findings findings = {0};
    struct slice paths[] = {SLICE("infra")};
    struct critical_system system = {SLICE("all"), paths, 1, TIER_SENIOR};
    struct critical_systems systems = {&system, 1};
    vec_push(&fixture->arena, &findings.list, finding);
    struct reach_options options = {.knowledge = &fixture->knowledge,
                                    .change = &fixture->change,
                                    .reader = &fixture->reader,
                                    .critical = &systems,
                                    .environments = words};
    reach_measure(&fixture->arena, &options, &findings);
    return findings.list.items[0];
}

static void check_width(struct fixture *fixture) {
    struct finding finding = make(fixture, "kind.a", NULL);
    assert_int_equal(measured(fixture, finding, NULL).width, 1);
    assert_true(measured(fixture, finding, NULL).critical);
    finding.cascade_count = 4;
    assert_int_equal(measured(fixture, finding, NULL).width, 5);
    finding = make(fixture, "kind.a", map_of(fixture, "count", literal(fixture, "7")));
    assert_int_equal(measured(fixture, finding, NULL).width, 7);
    finding = make(fixture, "kind.a", map_of(fixture, "count", literal(fixture, "-7")));
    assert_int_equal(measured(fixture, finding, NULL).width, 1);
    finding = make(fixture, "kind.a", map_of(fixture, "count", literal(fixture, "99999999999")));
    assert_int_equal(measured(fixture, finding, NULL).width, WIDTH_MAX);
    finding =
        make(fixture, "kind.a", map_of(fixture, "for_each", collection(fixture, VALUE_LIST, 12)));
    assert_int_equal(measured(fixture, finding, NULL).width, 12);
    struct value *matrix = collection(fixture, VALUE_MAP, 2);
    matrix->items[0] = (struct value_item){SLICE("os"), {0}, collection(fixture, VALUE_LIST, 3)};
    matrix->items[1] = (struct value_item){SLICE("v"), {0}, collection(fixture, VALUE_LIST, 4)};
    finding =
        make(fixture, "kind.a", map_of(fixture, "strategy", map_of(fixture, "matrix", matrix)));
    assert_int_equal(measured(fixture, finding, NULL).width, 12);
    struct value *operands = collection(fixture, VALUE_LIST, 1);
    operands->items[0].value = literal(fixture, "*");
    finding = make(fixture, "kind.a", map_of(fixture, "operands", operands));
    assert_true(measured(fixture, finding, NULL).width > 10);
}

static void width_is_the_most_that_is_said(void **state) {
    (void)state;
    run(check_width, NULL, 0, true);
}

static void check_environment(struct fixture *fixture) {
    struct environment_word list[] = {{SLICE("blue"), ENVIRONMENT_STAGING},
                                      {SLICE("live"), ENVIRONMENT_PRODUCTION}};
    struct environment_words words = {list, 2};
    struct finding finding = make(fixture, "kind.a", NULL);
    assert_int_equal(measured(fixture, finding, &words).environment, ENVIRONMENT_UNKNOWN);
    finding = make(fixture, "kind.a", map_of(fixture, "namespace", literal(fixture, "blue")));
    assert_int_equal(measured(fixture, finding, &words).environment, ENVIRONMENT_STAGING);
    finding = make(fixture, "kind.live-a", map_of(fixture, "namespace", literal(fixture, "blue")));
    assert_int_equal(measured(fixture, finding, &words).environment, ENVIRONMENT_PRODUCTION);
}

static void the_highest_environment_counts(void **state) {
    (void)state;
    run(check_environment, NULL, 0, true);
}

static const struct file neighbours[] = {
    {"infra/a.tf", "resource \"kind\" \"main\" {\n  x = 1\n}\n"},
    {"infra/b.tf", "resource \"other\" \"b\" {\n  y = kind.main.id\n}\n\n"
                   "resource \"other\" \"c\" {\n  y = kind.mainframe.id\n}\n\n"
                   "resource \"other\" \"d\" {\n  y = data.kind.main.id\n}\n"},
    {"infra/c.tf", "output \"o\" {\n  value = \"${kind.main.arn}\"\n}\n"},
    {"infra/d.txt", "kind.main\n"},
};

static void check_fan_out(struct fixture *fixture) {
    struct finding finding = make(fixture, "kind.main", NULL);
    assert_int_equal(measured(fixture, finding, NULL).fan_out, 2);
    finding.severity = SEVERITY_LOW;
    assert_int_equal(measured(fixture, finding, NULL).fan_out, FAN_OUT_UNKNOWN);
    finding = make(fixture, "kind.nobody", NULL);
    assert_int_equal(measured(fixture, finding, NULL).fan_out, 0);
    finding.event = NULL;
    assert_int_equal(measured(fixture, finding, NULL).fan_out, FAN_OUT_UNKNOWN);
}

static void references_are_counted(void **state) {
    (void)state;
    run(check_fan_out, neighbours, 4, true);
}

static const struct file chain[] = {
    {"infra/a.tf", "resource \"kind\" \"main\" {\n  x = kind.main.self\n}\n\n"
                   "resource \"kind\" \"second\" {\n  x = kind.main.id\n}\n\n"
                   "resource \"kind\" \"third\" {\n  x = kind.second.id\n}\n\n"
                   "resource \"kind\" \"fourth\" {\n  x = kind.third.id\n}\n\n"
                   "resource \"kind\" \"fifth\" {\n  x = kind.fourth.id\n}\n"},
};

/* Three steps far, whether the file is cut into blocks or not. */
static void check_chain(struct fixture *fixture) {
    struct finding finding = make(fixture, "kind.main", NULL);
    struct event *event = ARENA_NEW(&fixture->arena, struct event);
    *event = *finding.event;
    struct entity *entity = ARENA_NEW(&fixture->arena, struct entity);
    *entity = *event->after.entity;
    entity->span = (struct span){0, 47};
    event->after.entity = entity;
    finding.event = event;
    assert_int_equal(measured(fixture, finding, NULL).fan_out, 3);
}

static void references_are_followed(void **state) {
    (void)state;
    run_dialect(check_chain, chain, 1, "terraform");
}

static const struct file pipelines[] = {
    {".github/actions/verify/action.yml", "runs:\n  using: composite\n  steps: [{run: a}]\n"},
    {".github/workflows/a.yml", "jobs: {a: {steps: [{uses: ./.github/actions/verify}]}}\n"},
    {".github/workflows/b.yml", "jobs: {a: {steps: [{uses: ./.github/actions/verify}]}}\n"},
    {".github/workflows/c.yml", "jobs: {a: {steps: [{uses: ./.github/actions/verify-all}]}}\n"},
};

/* Whatever stands in a file is reached through those that take in the file: what runs, too. */
static void check_callers(struct fixture *fixture) {
    struct finding finding = make(fixture, "a", NULL);
    struct event *event = ARENA_NEW(&fixture->arena, struct event);
    struct entity *entity = ARENA_NEW(&fixture->arena, struct entity);
    *event = *finding.event;
    *entity = *event->after.entity;
    entity->kind = SLICE("command");
    event->after.entity = entity;
    event->after.path = slice_of(pipelines[0].path);
    event->after.file = slice_of(pipelines[0].content);
    finding.event = event;
    assert_int_equal(measured(fixture, finding, NULL).fan_out, 2);
}

static void callers_of_a_file_are_counted(void **state) {
    (void)state;
    run_dialect(check_callers, pipelines, 4, "github-actions");
}

static void check_unknown(struct fixture *fixture) {
    struct finding finding = make(fixture, "kind.main", NULL);
    assert_int_equal(measured(fixture, finding, NULL).fan_out, FAN_OUT_UNKNOWN);
}

static void what_cannot_be_read_is_unknown(void **state) {
    (void)state;
    run(check_unknown, neighbours, 4, false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(width_is_the_most_that_is_said),
        cmocka_unit_test(the_highest_environment_counts),
        cmocka_unit_test(references_are_counted),
        cmocka_unit_test(references_are_followed),
        cmocka_unit_test(callers_of_a_file_are_counted),
        cmocka_unit_test(what_cannot_be_read_is_unknown),
    };
    return cmocka_run_group_tests(tests, write_toy, remove_toy);
}
