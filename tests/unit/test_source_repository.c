#include "base/process.h"
#include "source_fixture.h"

#include <signal.h>

static void base_repository(const char *options) {
    shell("git init -q -b main %s .; echo one > a; mkdir d; echo b > d/b; git add .; "
          "git commit -qm 1; echo two > a; git commit -qam 2; echo three > a; git commit -qam 3",
          options);
}

static void linked_work_trees_have_their_own_index(void **state) {
    (void)state;
    base_repository("");
    shell(
        "git worktree add -q ../$(basename %s)/linked -b other; cd linked; echo x > d/b; git add .",
        root);
    struct change *change = ask((struct request){.mode = MODE_STAGED, .directory = "linked/d"});
    assert_int_equal(change->pairs.count, 1);
    assert_pair(change, "d/b", PAIR_MODIFIED, "b\n", "x\n");
    assert_int_equal(ask((struct request){.mode = MODE_STAGED})->pairs.count, 0);
    change = ask((struct request){.mode = MODE_WORKTREE, .directory = "linked"});
    assert_int_equal(change->pairs.count, 1);
}

static void bare_repositories_have_commits(void **state) {
    (void)state;
    base_repository("");
    shell("git clone -q --bare . bare.git");
    struct change *change =
        ask((struct request){.mode = MODE_COMMIT, .directory = "bare.git", .first = "HEAD"});
    assert_pair(change, "a", PAIR_MODIFIED, "two\n", "three\n");
    struct request r = {.mode = MODE_WORKTREE, .directory = "bare.git"};
    assert_int_equal(refused(r)->status, BERM_ERROR_GIT);
    assert_non_null(strstr(failure.error.message, "no work tree"));
}

static void sha256_needs_nothing_special(void **state) {
    (void)state;
    base_repository("--object-format=sha256");
    struct change *change = ask((struct request){.mode = MODE_COMMIT, .first = "HEAD"});
    assert_int_equal(change->id.size, 64);
    assert_pair(change, "a", PAIR_MODIFIED, "two\n", "three\n");
    assert_reads(change->after, "d/b", TREE_PRESENT, "b\n");
    assert_int_equal(ask((struct request){.mode = MODE_COMMIT, .first = "HEAD~2"})->pairs.count, 2);
}

static void shallow_clones_say_where_they_end(void **state) {
    (void)state;
    base_repository("");
    shell("git clone -q --depth 2 file://%s shallow", root);
    struct request r = {.mode = MODE_COMMIT, .directory = "shallow", .first = "HEAD"};
    struct change *change = ask(r);
    assert_int_equal(change->notes.list.count, 0);
    assert_pair(change, "a", PAIR_MODIFIED, "two\n", "three\n");
    r.first = "HEAD^";
    change = ask(r);
    assert_int_equal(change->notes.list.count, 1);
    assert_reads(change->before, "a", TREE_UNKNOWN, NULL);
    r.first = "HEAD~2";
    assert_int_equal(refused(r)->status, BERM_ERROR_GIT);
}

static void missing_objects_are_reported_and_the_rest_goes_on(void **state) {
    (void)state;
    base_repository("");
    shell("echo four > a; echo c > d/b; git commit -qam 4; git config uploadpack.allowFilter true; "
          "git clone -q --no-checkout --filter=blob:none file://%s partial; cd partial; "
          "git read-tree HEAD; git -C .. cat-file blob HEAD:d/b | git hash-object -w --stdin; "
          "git remote set-url origin ssh://host.invalid/x",
          root);
    struct request r = {.mode = MODE_COMMIT, .directory = "partial", .first = "HEAD"};
    struct change *change = ask(r);
    assert_int_equal(change->pairs.count, 2);
    assert_int_equal(pair_at(change, "a")->after.state, CONTENT_UNREADABLE);
    assert_true(pair_at(change, "a")->after.reason.size > 0);
    assert_slice(pair_at(change, "d/b")->after.bytes, "c\n");
    assert_reads(change->after, "a", TREE_UNKNOWN, NULL);
    assert_reads(change->after, "d/b", TREE_PRESENT, "c\n");
    assert_reads(change->after, "nothing", TREE_ABSENT, NULL);
}

static void the_index_meant_is_used(void **state) {
    (void)state;
    base_repository("");
    shell("cp .git/index other; echo x > d/b; GIT_INDEX_FILE=$PWD/other git add d/b");
    assert_int_equal(ask((struct request){.mode = MODE_STAGED})->pairs.count, 0);
    char index[128];
    snprintf(index, sizeof index, "%s/other", root);
    setenv("GIT_INDEX_FILE", index, 1);
    assert_int_equal(ask((struct request){.mode = MODE_STAGED})->pairs.count, 1);
    setenv("GIT_DIR", ".git", 1);
    setenv("GIT_CONFIG_COUNT", "x", 1); /* would be fatal if it were passed on */
    assert_int_equal(ask((struct request){.mode = MODE_STAGED})->pairs.count, 1);
    unsetenv("GIT_CONFIG_COUNT");
}

static void foreign_repositories_need_the_users_word(void **state) {
    (void)state;
    if (geteuid() != 0)
        skip();
    base_repository("");
    shell("echo x > a; git add a; chown -R 12345 .");
    assert_int_equal(refused((struct request){.mode = MODE_STAGED})->status, BERM_ERROR_GIT);
    assert_non_null(strstr(failure.error.message, "safe.directory"));
    shell("git config --global --add safe.directory %s", root);
    assert_int_equal(ask((struct request){.mode = MODE_STAGED})->pairs.count, 1);
}

static void large_files_are_their_pointers(void **state) {
    (void)state;
    shell("git init -q -b main .; printf 'version https://git-lfs.github.com/spec/v1\\n"
          "oid sha256:%s\\nsize 6\\n' > big; git add .; git commit -qm1; echo hello > big",
          "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
    assert_int_equal(ask((struct request){.mode = MODE_WORKTREE})->pairs.count, 0);
    shell("echo other > big");
    assert_int_equal(ask((struct request){.mode = MODE_WORKTREE})->pairs.count, 1);
}

static void outside_of_a_repository(void **state) {
    (void)state;
    assert_int_equal(refused((struct request){.mode = MODE_STAGED})->status, BERM_ERROR_GIT);
    assert_non_null(strstr(failure.error.message, "not a git repository"));
    struct request r = {.mode = MODE_STAGED, .directory = "nowhere"};
    assert_int_equal(refused(r)->status, BERM_ERROR_IO);
}

/* A host that ignores SIGCHLD, a child that dies before it is written to. */
static void hosts_keep_their_signals(void **state) {
    (void)state;
    base_repository("");
    signal(SIGCHLD, SIG_IGN);
    assert_int_equal(ask((struct request){.mode = MODE_STAGED})->pairs.count, 0);
    assert_int_equal(refused((struct request){.mode = MODE_COMMIT, .first = "no"})->status,
                     BERM_ERROR_GIT);
    signal(SIGCHLD, SIG_DFL);
    const char *const arguments[] = {"/bin/sh", "-c", "echo fatal: it broke >&2; exit 3", NULL};
    const char *const environment[] = {NULL};
    struct process *process =
        process_start(&arena, &(struct process_options){arguments, environment});
    usleep(200000);
    for (int i = 0; i < 5; i++)
        process_write(process, SLICE("to nobody\n"));
    assert_false(process_finish(process));
    assert_slice(process_error_text(process), "fatal: it broke\n");
}

static void histories_are_walked_in_order(void **state) {
    (void)state;
    base_repository("");
    struct request r = {.mode = MODE_COMMIT, .first = "HEAD"};
    assert_true(failure_try(&failure, answer, &r));
    uint32_t count;
    struct slice *ids = source_commits(&arena, r.git, NULL, &count);
    assert_int_equal(count, 3);
    for (uint32_t i = 0; i < count; i++) {
        r.first = ids[i].data;
        struct change *change = ask(r);
        assert_slice(change->id, ids[i].data);
        assert_slice(change->message, i == 0 ? "1\n" : i == 1 ? "2\n" : "3\n");
    }
    source_commits(&arena, r.git, "HEAD^..HEAD", &count);
    assert_int_equal(count, 1);
}

static void memory_knows_what_it_was_given(void **state) {
    (void)state;
    const struct source_file files[] = {
        {.path = SLICE("d/new"),
         .old_path = SLICE("d/old"),
         .before = SLICE("1"),
         .after = SLICE("2")},
        {.path = SLICE("./d/gone"), .before = SLICE("x")},
        {.path = SLICE("eol"), .before = SLICE("a\r\n"), .after = SLICE("a\n")},
        {.path = SLICE("empty"), .after = SLICE("")},
    };
    const struct source_context context[] = {{SLICE("d/context"), SLICE("c")}};
    struct change *change = source_memory(&arena, files, 4, context, 1);
    assert_int_equal(change->pairs.count, 3);
    assert_pair(change, "d/new", PAIR_RENAMED, "1", "2");
    assert_pair(change, "d/gone", PAIR_REMOVED, "x", "");
    assert_pair(change, "empty", PAIR_ADDED, "", "");
    assert_reads(change->before, "d/old", TREE_PRESENT, "1");
    assert_reads(change->after, "d/old", TREE_ABSENT, NULL);
    assert_reads(change->after, "d/context", TREE_PRESENT, "c");
    assert_reads(change->after, "eol", TREE_PRESENT, "a\n");
    assert_reads(change->after, "other", TREE_UNKNOWN, NULL);
    assert_lists(change->after, "d", TREE_UNKNOWN, "context new");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(linked_work_trees_have_their_own_index),
        TEST(bare_repositories_have_commits),
        TEST(sha256_needs_nothing_special),
        TEST(shallow_clones_say_where_they_end),
        TEST(missing_objects_are_reported_and_the_rest_goes_on),
        TEST(the_index_meant_is_used),
        TEST(foreign_repositories_need_the_users_word),
        TEST(large_files_are_their_pointers),
        TEST(outside_of_a_repository),
        TEST(hosts_keep_their_signals),
        TEST(histories_are_walked_in_order),
        TEST(memory_knows_what_it_was_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
