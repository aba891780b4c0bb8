/* Every example of every built-in rule, through the whole pipeline, with and without indexes. */
#include "api/examples.h"
#include "api/knowledge.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct job {
    struct arena arena;
    struct failure failure;
    struct entity_cache *cache;
    struct knowledge knowledge;
    struct example_results results;
    struct rule_diagnostics diagnostics;
};

static void run_examples(void *context) {
    struct job *job = context;
    struct catalogue catalogue;
    knowledge_load(&job->arena, NULL, 0, &job->knowledge);
    catalogue_load(&job->arena, &job->knowledge, &catalogue);
    struct reader reader = {dialects_load(&job->arena, &job->knowledge), job->cache, &job->failure};
    examples_compare(&job->arena, &reader, &catalogue, SLICE(""), &job->results);
    catalogue_lint(&job->arena, &catalogue, &job->diagnostics);
}

static void examples_do_what_they_say(void **state) {
    (void)state;
    struct job job = {0};
    failure_init(&job.failure);
    arena_init(&job.arena, &job.failure, 0);
    job.cache = entity_cache_new(&job.failure, 1 << 20);
    bool done = failure_try(&job.failure, run_examples, &job);
    if (!done)
        print_error("%s:%u: %s\n", job.failure.error.where, job.failure.error.line,
                    job.failure.error.message);
    for (uint32_t i = 0; i < job.results.lines.count; i++)
        print_error("%.*s\n", SLICE_ARGS(job.results.lines.items[i]));
    for (uint32_t i = 0; i < job.diagnostics.list.count; i++)
        print_error("%.*s:%u: %.*s\n", SLICE_ARGS(job.diagnostics.list.items[i].file),
                    job.diagnostics.list.items[i].line,
                    SLICE_ARGS(job.diagnostics.list.items[i].message));
    print_message("%u examples, %u failed\n", job.results.run, job.results.failed);
    assert_true(done);
    assert_true(job.results.run > 100);
    assert_int_equal(job.results.failed, 0);
    assert_int_equal(job.diagnostics.list.count, 0);
    entity_cache_free(job.cache);
    arena_release(&job.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_do_what_they_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
