#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "rule/compile.h"
#include "rule/record.h"
#include "rule/template.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define HEAD                                                                                       \
    "id: data/x\nsince: 0.1.0\ntitle: X\non: [removed]\nentity: {kind: resource, type: a_b}\n"     \
    "severity: high\nundo: none\nscope: data\nmessage: \"{object} goes\"\nwhy: w\nfix: f\n"
#define EXAMPLES                                                                                   \
    "examples:\n  - {name: a, fires: true, path: m.tf, before: \"x\"}\n"                           \
    "  - {name: b, fires: false, path: m.tf, after: \"x\"}\n"

struct job {
    struct arena arena;
    const char *path, *text;
    struct image image;
};

static void compile(void *context) {
    struct job *job = context;
    struct image_writer writer;
    image_writer_init(&writer, &job->arena);
    rules_compile_text(&writer, &job->arena, job->path, slice_of(job->text));
    job->image = image_finish(&writer);
}

static bool run(struct job *job, struct failure *failure) {
    failure_init(failure);
    arena_init(&job->arena, failure, 0);
    return failure_try(failure, compile, job);
}

static void a_rule_becomes_a_record(void **state) {
    (void)state;
    struct failure failure;
    struct job job = {.path = "data/x.yaml",
                      .text = HEAD "absorbs: [data/y]\nper: directory\n" EXAMPLES};
    if (!run(&job, &failure))
        fail_msg("%u:%u %s", failure.error.line, failure.error.column, failure.error.message);
    uint32_t count;
    const struct rule_record *rule = image_section(&job.image, IMAGE_RULES, &count);
    assert_int_equal(count, 1);
    assert_true(slice_is(image_string(&job.image, rule->id), "data/x"));
    assert_int_equal(rule->selector.effects, 1u << EFFECT_REMOVED);
    assert_int_equal(rule->severity, SEVERITY_HIGH);
    assert_int_equal(rule->per, PER_DIRECTORY);
    assert_int_equal(rule->absorbs.count, 1);
    assert_int_equal(rule->examples.count, 2);
    assert_int_equal(rule->indexed, INDEXED_TYPE);
    arena_release(&job.arena);
}

static void refused(const char *path, const char *text, uint32_t line, const char *says) {
    struct failure failure;
    struct job job = {.path = path, .text = text};
    assert_false(run(&job, &failure));
    assert_int_equal(failure.error.status, BERM_ERROR_RULE);
    if (!strstr(failure.error.message, says))
        fail_msg("\"%s\" does not say \"%s\"", failure.error.message, says);
    if (line)
        assert_int_equal(failure.error.line, line);
    assert_string_equal(failure.error.where, path);
    arena_release(&job.arena);
}

static void mistakes_are_refused_with_their_place(void **state) {
    (void)state;
    refused("data/x.yaml", HEAD "absorb: [y]\n" EXAMPLES, 12, "did you mean \"absorbs\"");
    refused("data/y.yaml", HEAD EXAMPLES, 1, "must be the path");
    refused("data/x.yaml", HEAD, 0, "\"examples\" is missing");
    refused("data/x.yaml", HEAD "examples: [{name: a, fires: true, path: m.tf, before: x}]\n", 12,
            "fires: false");
    refused("data/x.yaml", HEAD "examples: [{name: a, fires: false, path: m.tf, before: x}]\n", 12,
            "fires: true");
    refused("data/x.yaml", HEAD "floor: {tier: boss}\n" EXAMPLES, 12, "known: auto peer");
    refused("data/x.yaml", HEAD "with: [{on: [added]}]\n" EXAMPLES, 12, "\"within\" is missing");
    refused("data/x.yaml", HEAD "with: [{on: [added], within: everywhere}]\n" EXAMPLES, 12,
            "known: entity, file");
    refused("data/x.yaml", HEAD "call: {calle: rm}\n" EXAMPLES, 12, "did you mean \"callee\"");
    refused("data/x.yaml", HEAD "dialects: [terrafrom]\n" EXAMPLES, 12, "no dialect");
    refused("data/x.yaml", HEAD "where: {entity: {type: {in: no_such_table}}}\n" EXAMPLES, 12,
            "no fact table");
    refused("data/x.yaml", "id: data/x\n", 1, "\"since\" is missing");
    refused("data/x.yaml", "[]", 0, "must be a map");
}

static void unknown_placeholders_are_found(void **state) {
    (void)state;
    struct slice name;
    assert_true(template_unknown(SLICE("a {objekt} b"), &name));
    assert_true(slice_is(name, "objekt"));
    assert_false(
        template_unknown(SLICE("{object} lifecycle { x = true } ${{ github.ref }} {}"), &name));
}

static void every_failed_allocation_unwinds(void **state) {
    (void)state;
    for (unsigned long n = 1;; n++) {
        struct failure failure;
        struct job job = {.path = "data/x.yaml",
                          .text = HEAD "call: {callee: rm, flags: [r|R, f]}\n" EXAMPLES};
        failure_init(&failure);
        arena_init(&job.arena, &failure, 0);
        memory_fail_after(n);
        bool done = failure_try(&failure, compile, &job);
        memory_fail_after(0);
        if (!done)
            assert_int_equal(failure.error.status, BERM_ERROR_MEMORY);
        arena_release(&job.arena);
        if (done)
            break;
    }
}

struct rule_files {
    struct arena arena;
    struct slice *paths, *texts;
    uint32_t count;
};

static void read_rule_files(void *context) {
    struct rule_files *files = context;
    directory_files(&files->arena, SOURCE_DIRECTORY "/rules", &files->paths, &files->count);
    files->texts = ARENA_ARRAY(&files->arena, struct slice, files->count + 1);
    for (uint32_t i = 0; i < files->count; i++)
        file_read(
            &files->arena,
            arena_format(&files->arena, SOURCE_DIRECTORY "/rules/%.*s", SLICE_ARGS(files->paths[i]))
                .data,
            &files->texts[i]);
}

static bool compile_failing(struct job *job, unsigned long n) {
    struct failure failure;
    failure_init(&failure);
    arena_init(&job->arena, &failure, 0);
    memory_fail_after(n);
    bool done = failure_try(&failure, compile, job);
    memory_fail_after(0);
    if (!done)
        assert_int_equal(failure.error.status, BERM_ERROR_MEMORY);
    arena_release(&job->arena);
    return done;
}

static void every_failed_allocation_of_every_rule_unwinds(void **state) {
    (void)state;
    struct failure failure;
    failure_init(&failure);
    struct rule_files files = {0};
    arena_init(&files.arena, &failure, 0);
    assert_true(failure_try(&failure, read_rule_files, &files));
    uint32_t tried = 0;
    for (uint32_t i = 0; i < files.count; i++) {
        struct slice path = files.paths[i];
        if (!slice_ends(path, SLICE(".yaml")) || slice_starts(path, SLICE("facts/")) ||
            slice_find_byte(path, '/') == SLICE_NPOS)
            continue;
        struct job job = {.path = arena_text(&files.arena, path),
                          .text = arena_text(&files.arena, files.texts[i])};
        for (unsigned long n = 1; !compile_failing(&job, n); n++)
            ;
        tried++;
    }
    assert_true(tried > 30);
    arena_release(&files.arena);
}

static void compile_builtin(void *context) {
    struct job *job = context;
    struct image_writer writer;
    image_writer_init(&writer, &job->arena);
    rules_compile(&writer, &job->arena, SOURCE_DIRECTORY "/rules");
    job->image = image_finish(&writer);
}

static void the_rules_of_the_project_compile(void **state) {
    (void)state;
    struct failure failure;
    struct job job = {0};
    failure_init(&failure);
    arena_init(&job.arena, &failure, 0);
    if (!failure_try(&failure, compile_builtin, &job))
        fail_msg("%s:%u:%u: %s", failure.error.where, failure.error.line, failure.error.column,
                 failure.error.message);
    uint32_t count;
    const struct rule_record *rules = image_section(&job.image, IMAGE_RULES, &count);
    for (uint32_t i = 1; i < count; i++)
        assert_true(slice_compare(image_string(&job.image, rules[i - 1].id),
                                  image_string(&job.image, rules[i].id)) < 0);
    arena_release(&job.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_becomes_a_record),
        cmocka_unit_test(mistakes_are_refused_with_their_place),
        cmocka_unit_test(unknown_placeholders_are_found),
        cmocka_unit_test(every_failed_allocation_unwinds),
        cmocka_unit_test(every_failed_allocation_of_every_rule_unwinds),
        cmocka_unit_test(the_rules_of_the_project_compile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
