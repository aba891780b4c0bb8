/* Replays tests/fuzz/regress/TARGET: inputs that once crashed, stalled or grew without bound, and
 * their like. The targets themselves need libFuzzer; what they do is repeated here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/directory.h"
#include "base/file.h"
#include "fuzz/fuzz.h"

#include <string.h>

static int discard(void *context, const char *bytes, size_t size) {
    (void)context;
    (void)bytes;
    (void)size;
    return 0;
}

static void replay(const char *target, void (*run)(struct slice input)) {
    struct failure failure;
    struct arena arena;
    struct slice *names;
    uint32_t count;
    failure_init(&failure);
    arena_init(&arena, &failure, 0);
    const char *directory =
        arena_format(&arena, SOURCE_DIRECTORY "/tests/fuzz/regress/%s", target).data;
    assert_true(directory_files(&arena, directory, &names, &count));
    assert_true(count >= 3);
    for (uint32_t i = 0; i < count; i++) {
        struct slice input;
        const char *path = arena_format(&arena, "%s/%.*s", directory, SLICE_ARGS(names[i])).data;
        assert_true(file_read(&arena, path, &input));
        run(input);
    }
    arena_release(&arena);
}

static void run_change(struct slice input) {
    berm_change *change;
    if (berm_change_from_json(&change, input.data, input.size, NULL) == BERM_OK)
        fuzz_review(change, discard);
    berm_change_free(change);
}

static void run_patch(struct slice input) {
    berm_change *change;
    if (berm_change_from_patch(&change, input.data, input.size, "x", NULL, NULL, NULL) == BERM_OK)
        fuzz_review(change, discard);
    berm_change_free(change);
}

static void run_policy(struct slice input) {
    berm_policy *policy;
    berm_policy_parse(&policy, input.data, input.size, "x", NULL);
    berm_policy_free(policy);
}

static void run_sql(struct slice input) {
    berm_change *change = NULL;
    berm_file file = BERM_FILE_INIT;
    file.path = "db/migrate/1.sql";
    file.before = file.after = input.data;
    file.before_size = input.size / 2;
    file.after_size = input.size;
    if (berm_change_from_files(&change, &file, 1, NULL, 0, NULL) == BERM_OK)
        fuzz_review(change, discard);
    berm_change_free(change);
}

static void run_lines(struct slice input) {
    fuzz_lines(input.data, input.size, discard);
}

static void records(void **state) {
    (void)state;
    replay("fuzz_change", run_change);
}

static void patches(void **state) {
    (void)state;
    replay("fuzz_patch", run_patch);
}

static void statements(void **state) {
    (void)state;
    replay("fuzz_sql", run_sql);
}

static void lines(void **state) {
    (void)state;
    replay("fuzz_lines", run_lines);
}

static void policies(void **state) {
    (void)state;
    replay("fuzz_policy", run_policy);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(records), cmocka_unit_test(patches),
                                       cmocka_unit_test(policies), cmocka_unit_test(statements),
                                       cmocka_unit_test(lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
