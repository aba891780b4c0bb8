#include "source_fixture.h"

static void base_repository(void) {
    shell("git init -q -b main .; mkdir -p sub/deep; echo one > a; echo two > sub/b; "
          "echo three > sub/deep/c; ln -s a link; git add .; git commit -qm 'First commit'");
}

static void staged_changes_are_seen_from_anywhere(void **state) {
    (void)state;
    base_repository();
    shell("echo ONE > a; git rm -q sub/b; echo new > 'sub/n e\"w'; chmod +x sub/deep/c; "
          "ln -sf b link; git add .; echo unstaged > a");
    struct change *change = ask((struct request){.mode = MODE_STAGED, .directory = "sub/deep"});
    assert_int_equal(change->pairs.count, 5);
    assert_pair(change, "a", PAIR_MODIFIED, "one\n", "ONE\n");
    assert_pair(change, "sub/b", PAIR_REMOVED, "two\n", "");
    assert_pair(change, "sub/n e\"w", PAIR_ADDED, "", "new\n");
    assert_pair(change, "link", PAIR_MODIFIED, "a", "b");
    assert_int_equal(pair_at(change, "link")->after.state, CONTENT_SYMLINK);
    assert_int_equal(pair_at(change, "sub/deep/c")->before.mode, 0100644);
    assert_int_equal(pair_at(change, "sub/deep/c")->after.mode, 0100755);
    assert_reads(change->before, "a", TREE_PRESENT, "one\n");
    assert_reads(change->after, "a", TREE_PRESENT, "ONE\n");
    assert_reads(change->policy, "a", TREE_PRESENT, "one\n");
    assert_reads(change->after, "sub/b", TREE_ABSENT, NULL);
    assert_reads(change->after, "sub/deep/c", TREE_PRESENT, "three\n");
    assert_reads(change->after, "nothing/here", TREE_ABSENT, NULL);
    assert_lists(change->before, "sub", TREE_PRESENT, "b");
    assert_lists(change->after, "sub", TREE_PRESENT, "n e\"w");
    assert_lists(change->before, "", TREE_PRESENT, "a");
    assert_true(change->complete);
}

static void paths_are_relative_to_the_directory(void **state) {
    (void)state;
    base_repository();
    shell("echo x > a; echo x > sub/b; echo x > sub/deep/c; git add .");
    const char *const items[] = {"b", "deep"};
    struct request r = {.mode = MODE_STAGED, .directory = "sub", .paths = {items, 2}};
    struct change *change = ask(r);
    assert_int_equal(change->pairs.count, 2);
    assert_reads(change->after, "a", TREE_PRESENT, "x\n");
    r.mode = MODE_WORKTREE;
    r.git = NULL;
    assert_int_equal(ask(r)->pairs.count, 2);
    const char *const outside[] = {"../../x"};
    r.paths = (struct source_paths){outside, 1};
    assert_int_equal(refused(r)->status, BERM_ERROR_GIT);
}

static void an_empty_repository_has_only_additions(void **state) {
    (void)state;
    shell("git init -q -b main .; echo one > a; git add a; echo two > b; git add -N b");
    struct change *change = ask((struct request){.mode = MODE_STAGED});
    assert_int_equal(change->pairs.count, 1);
    assert_pair(change, "a", PAIR_ADDED, "", "one\n");
    assert_reads(change->before, "a", TREE_ABSENT, NULL);
    change = ask((struct request){.mode = MODE_WORKTREE});
    assert_int_equal(change->pairs.count, 2);
    assert_pair(change, "b", PAIR_ADDED, "", "two\n");
    assert_int_equal(refused((struct request){.mode = MODE_COMMIT, .first = "HEAD"})->status,
                     BERM_ERROR_GIT);
}

static void commits_compare_with_the_first_parent(void **state) {
    (void)state;
    base_repository();
    shell("git checkout -qb side; echo side > s; git add s; git commit -qm side; "
          "git checkout -q main; echo main > a; git commit -qam main; "
          "git merge -q --no-ff -m merged side; git checkout -q --detach");
    struct git *git = NULL;
    struct request r = {.mode = MODE_COMMIT, .first = "HEAD", .git = git};
    struct change *change = ask(r);
    assert_int_equal(change->pairs.count, 1);
    assert_pair(change, "s", PAIR_ADDED, "", "side\n");
    assert_slice(change->message, "merged\n");
    assert_slice(change->author, "Test Author <author@example.com>");
    assert_int_equal(change->id.size, 40);
    r.first = "main~2";
    change = ask(r);
    assert_int_equal(change->pairs.count, 4);
    assert_true(slice_is_none(change->parent));
    assert_reads(change->before, "a", TREE_ABSENT, NULL);
    r.first = "--help";
    assert_int_equal(refused(r)->status, BERM_ERROR_GIT);
    assert_string_equal(failure.error.where, "--help");
}

static void ranges_compare_tips_or_the_merge_base(void **state) {
    (void)state;
    base_repository();
    shell("git checkout -qb side; echo side > s; git add s; git commit -qm side; "
          "git checkout -q main; echo main > a; git commit -qam main");
    struct change *change = ask((struct request){.mode = MODE_REVISION, .first = "main..side"});
    assert_int_equal(change->pairs.count, 2);
    assert_pair(change, "a", PAIR_MODIFIED, "main\n", "one\n");
    change = ask((struct request){.mode = MODE_REVISION, .first = "main...side"});
    assert_int_equal(change->pairs.count, 1);
    assert_pair(change, "s", PAIR_ADDED, "", "side\n");
    assert_reads(change->before, "a", TREE_PRESENT, "one\n");
    assert_reads(change->policy, "a", TREE_PRESENT, "main\n");
    assert_slice(change->message, "side\n");
    change = ask((struct request){.mode = MODE_REVISION, .first = "side"});
    assert_int_equal(change->pairs.count, 2);
    assert_pair(change, "s", PAIR_REMOVED, "side\n", "");
    assert_int_equal(
        refused((struct request){.mode = MODE_REVISION, .first = "main..nowhere"})->status,
        BERM_ERROR_GIT);
}

static void the_work_tree_is_read_by_itself(void **state) {
    (void)state;
    base_repository();
    shell("echo staged > sub/b; git add sub/b; echo worked > sub/b; rm a; echo deep > sub/deep/c; "
          "rm link; ln -s elsewhere link; echo untracked > u; echo planned > p; git add -N p");
    struct change *change = ask((struct request){.mode = MODE_WORKTREE, .directory = "sub"});
    assert_int_equal(change->pairs.count, 5);
    assert_pair(change, "a", PAIR_REMOVED, "one\n", "");
    assert_pair(change, "sub/b", PAIR_MODIFIED, "two\n", "worked\n");
    assert_pair(change, "sub/deep/c", PAIR_MODIFIED, "three\n", "deep\n");
    assert_pair(change, "link", PAIR_MODIFIED, "a", "elsewhere");
    assert_pair(change, "p", PAIR_ADDED, "", "planned\n");
    assert_reads(change->after, "sub/b", TREE_PRESENT, "worked\n");
}

static void what_is_only_touched_is_no_change(void **state) {
    (void)state;
    base_repository();
    shell("printf 'x\\ny\\n' > crlf; head -c 100 /dev/zero > bin; git add .; git commit -qm2; "
          "touch -d '2001-01-01' a bin; printf 'x\\r\\ny\\r\\n' > crlf; echo two > sub/b");
    assert_int_equal(ask((struct request){.mode = MODE_WORKTREE})->pairs.count, 0);
}

static void links_on_the_way_are_not_followed(void **state) {
    (void)state;
    base_repository();
    shell("mkdir other; echo secret > other/b; rm -r sub; ln -s other sub");
    struct change *change = ask((struct request){.mode = MODE_WORKTREE});
    assert_pair(change, "sub/b", PAIR_REMOVED, "two\n", "");
}

static void conflicts_are_shown(void **state) {
    (void)state;
    base_repository();
    shell("git checkout -qb side; echo side > a; git commit -qam side; git checkout -q main; "
          "echo main > a; git commit -qam main; ! git merge -q side");
    struct change *change = ask((struct request){.mode = MODE_STAGED});
    assert_int_equal(pair_at(change, "a")->after.state, CONTENT_UNREADABLE);
    change = ask((struct request){.mode = MODE_WORKTREE});
    assert_int_equal(change->pairs.count, 1);
    assert_slice(pair_at(change, "a")->before.bytes, "main\n");
    assert_true(slice_contains(pair_at(change, "a")->after.bytes, SLICE("<<<<<<<")));
}

static void odd_names_survive(void **state) {
    (void)state;
    shell("git init -q -b main .; printf 1 > \"$(printf 'new\\nline')\"; printf 2 > ' lead'; "
          "printf 3 > \"$(printf 'tab\\there')\"; mkdir ./-d; printf 4 > ./-d/--x; "
          "printf 5 > \"$(printf 'bad\\377byte')\"; git add .; git commit -qm1; "
          "for f in *; do [ -d \"./$f\" ] || printf + >> \"./$f\"; done");
    for (enum mode mode = MODE_WORKTREE; mode <= MODE_COMMIT; mode++) {
        if (mode == MODE_STAGED)
            shell("git add .");
        if (mode == MODE_COMMIT)
            shell("git commit -qm2");
        struct change *change =
            ask((struct request){.mode = mode, .first = mode == MODE_REVISION ? "HEAD" : "@"});
        assert_int_equal(change->pairs.count, 4);
        assert_pair(change, "new\nline", PAIR_MODIFIED, "1", "1+");
        assert_pair(change, "bad\377byte", PAIR_MODIFIED, "5", "5+");
        assert_reads(change->after, "new\nline", TREE_PRESENT, "1+");
        assert_lists(change->after, "-d", TREE_PRESENT, "--x");
    }
}

static void renames_and_copies_are_git_s(void **state) {
    (void)state;
    base_repository();
    shell("seq 100 > long; git add .; git commit -qm2; git mv long longer; echo 101 >> longer; "
          "git add .");
    struct change *change = ask((struct request){.mode = MODE_STAGED});
    assert_int_equal(change->pairs.count, 1);
    const struct pair *pair = pair_at(change, "longer");
    assert_int_equal(pair->status, PAIR_RENAMED);
    assert_slice(pair->old_path, "long");
    assert_reads(change->after, "long", TREE_ABSENT, NULL);
    shell("rm longer");
    change = ask((struct request){.mode = MODE_WORKTREE});
    assert_int_equal(change->pairs.count, 1);
    assert_int_equal(pair_at(change, "long")->status, PAIR_REMOVED);
}

static void submodules_are_commits(void **state) {
    (void)state;
    base_repository();
    shell("git init -q -b main lib; cd lib; git commit -q --allow-empty -m1; "
          "git commit -q --allow-empty -m2; cd ..; git add lib 2>/dev/null; git commit -qm2; "
          "git config diff.ignoreSubmodules all");
    assert_int_equal(ask((struct request){.mode = MODE_WORKTREE})->pairs.count, 0);
    shell("cd lib; git checkout -q HEAD^");
    struct change *change = ask((struct request){.mode = MODE_WORKTREE});
    assert_int_equal(pair_at(change, "lib")->after.state, CONTENT_SUBMODULE);
    assert_int_equal(pair_at(change, "lib")->after.bytes.size, 40);
    shell("git add lib");
    change = ask((struct request){.mode = MODE_STAGED});
    assert_int_equal(change->pairs.count, 1);
    assert_reads(change->before, "lib", TREE_UNKNOWN, NULL);
}

static void encodings_and_binaries(void **state) {
    (void)state;
    shell("git init -q -b main .; printf '\\377\\376a\\0\\n\\0' > u16; printf 'a\\344' > latin; "
          "printf 'a\\0b' > bin; printf '\\357\\273\\277x' > bom; head -c 9000000 /dev/zero > big; "
          "git add .; git commit -qm1");
    struct change *change = ask((struct request){.mode = MODE_COMMIT, .first = "HEAD"});
    assert_slice(pair_at(change, "u16")->after.bytes, "a\n");
    assert_slice(pair_at(change, "latin")->after.bytes, "a\303\244");
    assert_int_equal(pair_at(change, "bin")->after.state, CONTENT_BINARY);
    assert_slice(pair_at(change, "bom")->after.bytes, "x");
    assert_int_equal(pair_at(change, "big")->after.state, CONTENT_UNREADABLE);
    assert_slice(pair_at(change, "big")->after.reason, "9000000 bytes (limit 8388608)");
}

/* A git before 2.36 refuses the option; everything is asked again in the old way. */
static void an_old_git_is_understood(void **state) {
    (void)state;
    base_repository();
    shell("mkdir -p old; printf '#!/bin/sh\\ncase \"$*\" in *batch-command*) "
          "echo \"error: unknown option batch-command\" >&2; exit 129;; esac\\nexec %%s \"$@\"\\n' "
          "\"$(command -v git)\" > old/git; chmod +x old/git; echo ONE > a; git add a");
    char *path = getenv("PATH"), kept[4096], longer[4200];
    snprintf(kept, sizeof kept, "%s", path ? path : "");
    snprintf(longer, sizeof longer, "%s/old:%s", root, kept);
    setenv("PATH", longer, 1);
    struct change *change = ask((struct request){.mode = MODE_STAGED});
    setenv("PATH", kept, 1);
    assert_int_equal(change->pairs.count, 1);
    assert_pair(change, "a", PAIR_MODIFIED, "one\n", "ONE\n");
    assert_reads(change->after, "sub/b", TREE_PRESENT, "two\n");
}

enum { AHEAD_COMMITS = 24, AHEAD_LOT = 3 };

struct ahead {
    struct git *git;
    struct slice *commits;
    uint32_t from;
};

static void list_ahead(void *context) {
    struct ahead *ahead = context;
    uint32_t count;
    ahead->git = git_open(&arena, NULL);
    ahead->commits = source_commits(&arena, ahead->git, NULL, &count);
    assert_int_equal(count, AHEAD_COMMITS + 1);
}

static void expect_ahead(void *context) {
    struct ahead *ahead = context;
    git_expect(ahead->git, &arena, ahead->commits + ahead->from, AHEAD_LOT);
}

static void assert_commit(struct ahead *ahead, uint32_t at) {
    char before[700], after[700];
    const char *id = arena_text(&arena, ahead->commits[at]);
    struct change *change =
        ask((struct request){.mode = MODE_COMMIT, .first = id, .git = ahead->git});
    assert_int_equal(change->pairs.count, 1);
    snprintf(before, sizeof before, "%600u\n", at - 1);
    snprintf(after, sizeof after, "%600u\n", at);
    assert_pair(change, "d/f", PAIR_MODIFIED, before, after);
    assert_reads(change->after, "a", TREE_PRESENT, "one\n");
}

/* Hints, whenever they come, and commits that nobody announced, change nothing. */
static void reading_ahead_changes_nothing(void **state) {
    (void)state;
    shell("git init -q -b main .; mkdir d; echo one > a; printf '%%600u\\n' 0 > d/f; git add .; "
          "git commit -qm0; for i in $(seq %d); do printf '%%600u\\n' $i > d/f; "
          "git commit -qam$i; done",
          AHEAD_COMMITS);
    struct ahead ahead = {.from = 1};
    assert_true(failure_try(&failure, list_ahead, &ahead));
    for (uint32_t at = 1; at <= AHEAD_COMMITS; at++) {
        while (ahead.from <= at + 2 * AHEAD_LOT && ahead.from + AHEAD_LOT <= AHEAD_COMMITS) {
            assert_true(failure_try(&failure, expect_ahead, &ahead));
            ahead.from += AHEAD_LOT;
        }
        assert_commit(&ahead, at);
        if (at % 5 == 0)
            assert_commit(&ahead, AHEAD_COMMITS + 1 - at);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(staged_changes_are_seen_from_anywhere),
        TEST(paths_are_relative_to_the_directory),
        TEST(an_empty_repository_has_only_additions),
        TEST(commits_compare_with_the_first_parent),
        TEST(ranges_compare_tips_or_the_merge_base),
        TEST(the_work_tree_is_read_by_itself),
        TEST(what_is_only_touched_is_no_change),
        TEST(links_on_the_way_are_not_followed),
        TEST(conflicts_are_shown),
        TEST(odd_names_survive),
        TEST(renames_and_copies_are_git_s),
        TEST(submodules_are_commits),
        TEST(encodings_and_binaries),
        TEST(an_old_git_is_understood),
        TEST(reading_ahead_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
