#include "source_fixture.h"

static struct change *read_patch(const char *text) {
    return ask((struct request){.mode = MODE_PATCH, .first = text});
}

static void a_bare_patch_is_fragments(void **state) {
    (void)state;
    struct change *change =
        read_patch("diff --git a/d/x.tf b/d/x.tf\nindex 1111111..2222222 100644\n"
                   "--- a/d/x.tf\n+++ b/d/x.tf\n@@ -3,3 +3,2 @@ resource\n"
                   " keep\n-gone\n last\n@@ -10 +9 @@\n-a\n+b\n");
    assert_false(change->complete);
    assert_pair(change, "d/x.tf", PAIR_MODIFIED, "\n\nkeep\ngone\nlast\n\n\n\n\na\n",
                "\n\nkeep\nlast\n\n\n\n\nb\n");
    assert_true(pair_at(change, "d/x.tf")->after.fragment);
    assert_reads(change->before, "d/x.tf", TREE_UNKNOWN, NULL);
    assert_reads(change->policy, "p", TREE_UNKNOWN, NULL);
}

static void added_and_removed_files_are_whole(void **state) {
    (void)state;
    struct change *change =
        read_patch("diff --git a/n b/n\nnew file mode 100755\nindex 0000000..2222222\n"
                   "--- /dev/null\n+++ b/n\n@@ -0,0 +1,2 @@\n+x\n+y\n\\ No newline at end of file\n"
                   "diff --git a/o b/o\ndeleted file mode 100644\nindex 1111111..0000000\n"
                   "--- a/o\n+++ /dev/null\n@@ -1 +0,0 @@\n-z\n"
                   "diff --git a/e b/e\nnew file mode 100644\nindex 0000000..e69de29\n");
    assert_true(change->complete);
    assert_pair(change, "n", PAIR_ADDED, "", "x\ny");
    assert_int_equal(pair_at(change, "n")->after.mode, 0100755);
    assert_pair(change, "o", PAIR_REMOVED, "z\n", "");
    assert_pair(change, "e", PAIR_ADDED, "", "");
    assert_reads(change->after, "n", TREE_PRESENT, "x\ny");
    assert_reads(change->after, "o", TREE_ABSENT, NULL);
}

static void names_are_read_as_written(void **state) {
    (void)state;
    struct change *change = read_patch(
        "diff --git \"a/t\\tb\\\"\\303\\244\" \"b/t\\tb\\\"\\303\\244\"\nold mode 100644\n"
        "new mode 100755\n"
        "diff --git a/x y b/x y\nindex 1111111..2222222 100644\n--- a/x y\t\n+++ b/x y\t\n"
        "@@ -1 +1 @@\n-1\n+2\n"
        "diff --git a/from b/to\nsimilarity index 90%\nrename from from\nrename to to\n"
        "index 1111111..2222222 100644\n--- a/from\n+++ b/to\n@@ -1 +1 @@\n-1\n+2\n"
        "--- old/plain\t2020-01-01 10:00:00\n+++ new/plain\t2020-01-02 10:00:00\n"
        "@@ -1 +1 @@\n-1\n+2\n"
        "diff --git b/same b/same\n--- b/same\n+++ b/same\n@@ -1 +1 @@\n-1\n+2\n");
    assert_int_equal(change->pairs.count, 5);
    assert_int_equal(pair_at(change, "t\tb\"\303\244")->after.mode, 0100755);
    pair_at(change, "x y");
    assert_slice(pair_at(change, "to")->old_path, "from");
    assert_int_equal(pair_at(change, "to")->status, PAIR_RENAMED);
    pair_at(change, "plain");
    pair_at(change, "b/same");
}

static void hunks_may_hold_anything(void **state) {
    (void)state;
    struct change *change = read_patch("--- a/x\n+++ b/x\n@@ -1,3 +1,4 @@\n--- a/y\n+++ b/y\n"
                                       "+diff --git a/z b/z\n context\n-@@ -1 +1 @@\n+@@ -2 +2 @@\n"
                                       "-- \n2.39.5\n\n");
    assert_int_equal(change->pairs.count, 1);
    assert_pair(change, "x", PAIR_MODIFIED, "-- a/y\ncontext\n@@ -1 +1 @@\n",
                "++ b/y\ndiff --git a/z b/z\ncontext\n@@ -2 +2 @@\n");
}

static void mailboxes_are_one_change(void **state) {
    (void)state;
    struct change *change = read_patch(
        "From 1234567890123456789012345678901234567890 Mon Sep 17 00:00:00 2001\n"
        "From: A B <a@example.com>\nDate: x\nSubject: [PATCH 1/2] Add it\n\nBody\n---\n n | 1 +\n\n"
        "diff --git a/n b/n\nnew file mode 100644\nindex 0000000..2222222\n--- /dev/null\n+++ b/n\n"
        "@@ -0,0 +1,2 @@\n+1\n+2\n-- \n2.39.5\n\n"
        "From 2234567890123456789012345678901234567890 Mon Sep 17 00:00:00 2001\n"
        "From: C D <c@example.com>\nSubject: [PATCH 2/2] Change it\n\n---\n"
        "diff --git a/n b/m\nsimilarity index 50%\nrename from n\nrename to m\n"
        "index 2222222..3333333 100644\n--- a/n\n+++ b/m\n@@ -1,2 +1,2 @@\n 1\n-2\n+3\n-- "
        "\n2.39.5\n");
    assert_int_equal(change->pairs.count, 1);
    assert_pair(change, "m", PAIR_ADDED, "", "1\n3\n");
    assert_slice(change->author, "A B <a@example.com>");
    assert_slice(change->message, "Add it\n\nBody\n");
}

static void special_contents(void **state) {
    (void)state;
    struct change *change = read_patch(
        "diff --git a/b b/b\nindex 1111111..2222222 100644\nBinary files a/b and b/b differ\n"
        "diff --git a/g b/g\nindex 1111111..2222222 100644\nGIT binary patch\nliteral "
        "3\nKcmZQzWMT#Y01f~L\n"
        "\nliteral 3\nKcmZQzWMT#Y01f~L\n\n"
        "diff --git a/s b/s\nindex 1111111..2222222 160000\n--- a/s\n+++ b/s\n@@ -1 +1 @@\n"
        "-Subproject commit aaaa\n+Subproject commit bbbb\n"
        "diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 "
        "@@\n+../target\n"
        "\\ No newline at end of file\n"
        "diff --cc merged\nindex 1,2..3\n--- a/merged\n+++ b/merged\n@@@ -1,1 -1,1 +1,1 @@@\n"
        "- a\n -b\n++c\n"
        "diff --git a/crlf b/crlf\n--- a/crlf\n+++ b/crlf\n@@ -1 +1 @@\n-a\r\n+b\r\n");
    assert_int_equal(pair_at(change, "b")->after.state, CONTENT_BINARY);
    assert_int_equal(pair_at(change, "g")->after.state, CONTENT_BINARY);
    assert_int_equal(pair_at(change, "s")->after.state, CONTENT_SUBMODULE);
    assert_slice(pair_at(change, "s")->after.bytes, "bbbb");
    assert_int_equal(pair_at(change, "l")->after.state, CONTENT_SYMLINK);
    assert_slice(pair_at(change, "l")->after.bytes, "../target");
    assert_int_equal(pair_at(change, "merged")->after.state, CONTENT_UNREADABLE);
    assert_slice(pair_at(change, "crlf")->after.bytes, "b\r\n");
    change = read_patch("--- a/x\r\n+++ b/x\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n");
    assert_slice(pair_at(change, "x")->after.bytes, "b\n");
}

/* Half a million directories in one name once overran the stack. */
static void names_of_any_length_are_refused(void **state) {
    (void)state;
    static char text[300000];
    size_t size = (size_t)snprintf(text, sizeof text, "--- /dev/null\n+++ b/");
    while (size < 250000) {
        text[size++] = 'a';
        text[size++] = '/';
    }
    strcpy(text + size, "x\n@@ -0,0 +1 @@\n+x\n");
    const struct berm_error *error = refused((struct request){.mode = MODE_PATCH, .first = text});
    assert_int_equal(error->status, BERM_ERROR_PATCH);
    assert_non_null(strstr(error->message, "longer than 4096 bytes"));
}

static void malformed_patches_say_where(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t line;
    } cases[] = {
        {"nonsense\n", 1},
        {"--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n-1\n+2\n", 6},
        {"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n+2\n+3\n", 6},
        {"--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n-2\n", 5},
        {"--- a/x\n+++ b/x\n@@ -1,99999999999999999999 +1 @@\n-1\n", 3},
        {"--- a/x\n+++ b/x\n@@ -1,-5 +1 @@\n-1\n", 3},
        {"--- a/x\n+++ b/x\n@@ nothing @@\n-1\n", 3},
        {"--- a/x\n+++ b/x\n@@ -5 +5 @@\n-1\n+2\n@@ -1 +1 @@\n-1\n+2\n", 6},
        {"--- a/../../x\n+++ b/../../x\n@@ -1 +1 @@\n-1\n+2\n", 1},
        {"diff --git a/../../../etc/x b/../../../etc/x\nold mode 100644\nnew mode 100755\n", 1},
        {"--- /dev/null\n+++ /dev/null\n@@ -1 +1 @@\n-1\n+2\n", 2},
        {"diff --git \"a/x b/x\nold mode 100644\n", 1},
        {"diff --git a/x b/y z\nold mode 100644\n", 1},
        {"diff --git a/x b/x\nold mode 9\n", 2},
        {"diff --git a/x b/x\n--- a/x\n+++ b/x\n", 2},
        {"@@ -1 +1 @@\n-1\n+2\n", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct berm_error *error =
            refused((struct request){.mode = MODE_PATCH, .first = cases[i].text});
        assert_int_equal(error->status, BERM_ERROR_PATCH);
        assert_string_equal(error->where, "test.patch");
        if (error->line != cases[i].line)
            fail_msg("line %u instead of %u: %s", error->line, cases[i].line, cases[i].text);
    }
    assert_int_equal(read_patch("\n")->pairs.count, 0);
}

static void a_repository_completes_the_patch(void **state) {
    (void)state;
    shell("git init -q -b main .; seq 20 > f; echo n > n; git add .; git commit -qm1; "
          "sed -i s/^10$/ten/ f; git diff > p1; git stash -q; echo top > t; cat f >> t; mv t f; "
          "git commit -qam2");
    static char patch[2000];
    FILE *file = fopen("p1", "r");
    patch[fread(patch, 1, sizeof patch - 1, file)] = 0;
    fclose(file);
    struct git *git = NULL;
    struct request r = {.mode = MODE_STAGED};
    struct request opened = {.mode = MODE_PATCH, .first = patch};
    struct change *change = ask(opened);
    assert_false(change->complete);
    assert_true(failure_try(&failure, answer, &r));
    git = r.git;
    opened.git = git;
    change = ask(opened); /* by the blob in the index line; HEAD has another one */
    assert_true(change->complete);
    assert_true(slice_starts(pair_at(change, "f")->before.bytes, SLICE("1\n2\n")));
    assert_true(slice_contains(pair_at(change, "f")->after.bytes, SLICE("\n9\nten\n11\n")));
    assert_reads(change->before, "n", TREE_UNKNOWN, NULL);
    assert_reads(change->policy, "n", TREE_PRESENT, "n\n");
    opened.second = "HEAD^";
    assert_reads(ask(opened)->before, "n", TREE_PRESENT, "n\n");
    opened.second = "nowhere";
    assert_int_equal(refused(opened)->status, BERM_ERROR_GIT);
    char *index = strstr(patch, "index ");
    memmove(index, strchr(index, '\n') + 1, strlen(strchr(index, '\n') + 1) + 1);
    opened.first = patch;
    opened.second = "HEAD~1"; /* no index line: the base's file fits */
    assert_true(ask(opened)->complete);
    opened.second = NULL; /* HEAD's does not: it has a line more */
    assert_false(ask(opened)->complete);
}

static void directories_and_files(void **state) {
    (void)state;
    shell("mkdir -p o/d n/d n/m; echo same > o/same; echo same > n/same; echo 1 > o/d/x; "
          "echo 2 > n/d/x; echo moved > o/here; echo moved > n/m/there; echo gone > o/gone; "
          "mkfifo n/pipe; mkdir n/.git; echo c > n/.git/config; ln -s /etc/passwd n/link; "
          "printf 'a\\r\\n' > o/eol; printf 'a\\n' > n/eol");
    struct change *change =
        ask((struct request){.mode = MODE_DIRECTORIES, .first = "o", .second = "n"});
    assert_int_equal(change->pairs.count, 5);
    assert_pair(change, "d/x", PAIR_MODIFIED, "1\n", "2\n");
    assert_pair(change, "gone", PAIR_REMOVED, "gone\n", "");
    assert_int_equal(pair_at(change, "m/there")->status, PAIR_RENAMED);
    assert_slice(pair_at(change, "m/there")->old_path, "here");
    assert_int_equal(pair_at(change, "pipe")->after.state, CONTENT_UNREADABLE);
    assert_int_equal(pair_at(change, "link")->after.state, CONTENT_SYMLINK);
    assert_reads(change->before, "same", TREE_PRESENT, "same\n");
    assert_reads(change->after, "link", TREE_UNKNOWN, NULL);
    assert_reads(change->after, "absent", TREE_ABSENT, NULL);
    assert_lists(change->before, "d", TREE_PRESENT, "x");
    change = ask((struct request){.mode = MODE_FILES, .first = "o/d/x", .second = "./n/d/x"});
    assert_pair(change, "n/d/x", PAIR_MODIFIED, "1\n", "2\n");
    assert_reads(change->before, "same", TREE_UNKNOWN, NULL);
    change = ask((struct request){.mode = MODE_FILES, .first = "/dev/null", .second = "n/d/x"});
    assert_pair(change, "n/d/x", PAIR_ADDED, "", "2\n");
    struct request absent = {.mode = MODE_FILES, .first = "nothing", .second = "n/d/x"};
    assert_int_equal(refused(absent)->status, BERM_ERROR_IO);
    absent.mode = MODE_DIRECTORIES;
    assert_int_equal(refused(absent)->status, BERM_ERROR_IO);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_bare_patch_is_fragments),   TEST(added_and_removed_files_are_whole),
        TEST(names_are_read_as_written),   TEST(hunks_may_hold_anything),
        TEST(mailboxes_are_one_change),    TEST(special_contents),
        TEST(malformed_patches_say_where), TEST(a_repository_completes_the_patch),
        TEST(directories_and_files),       TEST(names_of_any_length_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
