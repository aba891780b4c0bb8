/*
 * A hostile repository: everything in it that git could be made to execute would write a file.
 * For every way in, the file must not appear. That the traps work is shown first, with commands
 * people run every day.
 */
#include "source_fixture.h"

#include <sys/stat.h>

static bool caught(void) {
    struct stat status;
    return stat("caught", &status) == 0;
}

/* Every trap appends its name and passes its input on, so that git goes on. */
static void set_traps(void) {
    shell(
        "cat > trap <<'END'\n#!/bin/sh\necho \"$0 $*\" >> %s/caught\n"
        "case $0 in *ssh|*upload|*proxy|*process) exit 1 ;; esac; cat\nEND\nchmod +x trap; "
        "for n in fsmonitor hook textconv external gpg ssh clean smudge process proxy upload pager "
        "editor credential askpass; do cp trap trap-$n; done",
        root);
    shell("git init -q -b main repo; cd repo; echo one > a.txt; echo 'x: 1' > b.yaml; "
          "echo '*.txt filter=evil diff=evil' > .gitattributes; seq 50 > long.txt; git add .; "
          "git commit -qm 1; echo two > a.txt; git commit -qam 2; git checkout -q -b side HEAD^; "
          "git mv long.txt longer.txt; echo 51 >> longer.txt; git commit -qam side; "
          "git checkout -q main; git merge -q -m merge side");
    shell("mkdir hooks; for h in pre-commit post-checkout post-index-change reference-transaction "
          "fsmonitor-watchman pre-auto-gc; do cp trap hooks/$h; done; cd repo; T=%s/trap; "
          "git config core.hooksPath %s/hooks; git config core.fsmonitor $T-fsmonitor; "
          "git config diff.evil.textconv $T-textconv; git config diff.external $T-external; "
          "git config diff.evil.command $T-external; git config gpg.program $T-gpg; "
          "git config log.showSignature true; git config core.sshCommand $T-ssh; "
          "git config filter.evil.clean $T-clean; git config filter.evil.smudge $T-smudge; "
          "git config filter.evil.required true; git config core.gitProxy $T-proxy; "
          "git config core.pager $T-pager; git config pager.diff-tree $T-pager; "
          "git config core.editor $T-editor; git config core.askPass $T-askpass; "
          "git config credential.helper $T-credential; git config alias.cat-file '!'$T-editor; "
          "git config alias.diff-index '!'$T-editor; git config protocol.allow always; "
          "git config protocol.ssh.allow always; git config protocol.ext.allow always; "
          "git config protocol.file.allow always",
          root, root);
    /* Of the size in the index but of another time, so that a comparison has to read contents. */
    shell("cd repo; rm -f ../caught; touch -d 2001-01-01 a.txt; echo 333 > a.txt; "
          "echo 'x: 2' > b.yaml; cp .git/index index; GIT_INDEX_FILE=index git -c core.fsmonitor= "
          "-c core.hooksPath=/dev/null -c filter.evil.clean=cat update-index b.yaml; "
          "cp index .git/index; rm index; touch -d 2002-01-01 a.txt; rm -f ../caught");
}

static void assert_springs(const char *command) {
    char line[256];
    snprintf(line, sizeof line, "cd repo; (%s) >/dev/null 2>&1 </dev/null", command);
    int ignored = system(line);
    (void)ignored;
    if (!caught())
        fail_msg("the trap does not work: %s", command);
    shell("rm caught; touch -d 2002-01-01 repo/a.txt");
}

static void assert_quiet(struct request r) {
    r.git = NULL;
    r.directory = "repo";
    ask(r);
    if (caught()) {
        int ignored = system("cat caught");
        (void)ignored;
        fail_msg("mode %d executed something", (int)r.mode);
    }
}

static void nothing_is_executed_in_any_mode(void **state) {
    (void)state;
    set_traps();
    assert_springs("git status");
    assert_springs("git diff");
    assert_springs("git -c core.fsmonitor= -c diff.external= diff-files -p --textconv");
    assert_springs("git -c core.fsmonitor= update-index --refresh");
    assert_springs("git -c core.fsmonitor= -c core.hooksPath=../hooks checkout -q --detach; "
                   "git symbolic-ref HEAD refs/heads/main");
    assert_springs("git -c core.fsmonitor= -c diff.external= log -p");
    assert_quiet((struct request){.mode = MODE_WORKTREE});
    assert_quiet((struct request){.mode = MODE_STAGED});
    const char *const items[] = {"a.txt"};
    assert_quiet((struct request){.mode = MODE_STAGED, .paths = {items, 1}});
    assert_quiet((struct request){.mode = MODE_WORKTREE, .paths = {items, 1}});
    assert_quiet((struct request){.mode = MODE_REVISION, .first = "HEAD^"});
    assert_quiet((struct request){.mode = MODE_REVISION, .first = "HEAD^..HEAD"});
    assert_quiet((struct request){.mode = MODE_REVISION, .first = "side...main"});
    assert_quiet((struct request){.mode = MODE_COMMIT, .first = "HEAD"});
    assert_quiet((struct request){.mode = MODE_COMMIT, .first = "side"});
    assert_quiet((struct request){.mode = MODE_FILES, .first = "repo/a.txt", .second = "trap"});
    assert_quiet((struct request){.mode = MODE_DIRECTORIES, .first = "repo", .second = "hooks"});
    struct request opened = {.mode = MODE_STAGED, .directory = "repo"};
    ask(opened);
    assert_true(failure_try(&failure, answer, &opened));
    struct request patch = {.mode = MODE_PATCH, .git = opened.git};
    patch.first = "diff --git a/a.txt b/a.txt\n--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-two\n+2\n";
    assert_true(ask(patch)->complete);
    uint32_t count;
    assert_non_null(source_commits(&arena, opened.git, NULL, &count));
    assert_int_equal(count, 4);
    assert_non_null(git_hooks_directory(opened.git));
    assert_false(caught());
}

static void long_running_filters_are_not_started(void **state) {
    (void)state;
    set_traps();
    shell("cd repo; git config --unset filter.evil.clean; git config --unset filter.evil.smudge; "
          "git config filter.evil.process %s/trap-process",
          root);
    assert_springs("git -c core.fsmonitor= update-index --refresh");
    assert_quiet((struct request){.mode = MODE_WORKTREE});
    assert_quiet((struct request){.mode = MODE_STAGED});
    assert_quiet((struct request){.mode = MODE_REVISION, .first = "HEAD"});
}

/* A signed commit asks gpg.program; a plain one never would. */
static void signatures_are_not_verified(void **state) {
    (void)state;
    set_traps();
    shell("cd repo; T=$(git rev-parse HEAD^{tree}); P=$(git rev-parse HEAD); printf 'tree "
          "%%s\\nparent "
          "%%s\\nauthor a <a@example.com> 1 +0000\\ncommitter a <a@example.com> 1 +0000\\ngpgsig "
          "-----BEGIN PGP SIGNATURE-----\\n \\n x\\n -----END PGP SIGNATURE-----\\n\\nsigned\\n' "
          "$T $P "
          "> ../commit; C=$(git hash-object -t commit -w ../commit); git update-ref "
          "refs/heads/signed "
          "$C; rm -f ../caught");
    assert_springs("git -c core.fsmonitor= show -s signed");
    assert_quiet((struct request){.mode = MODE_COMMIT, .first = "signed"});
}

/* A partial clone whose promisor would be asked over ssh, a helper, or a file. */
static void missing_objects_are_not_fetched(void **state) {
    (void)state;
    static const char *const urls[] = {"ssh://host.invalid/x", "ext::%s/trap-ssh x", "../origin"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        char url[256];
        snprintf(url, sizeof url, urls[i], root);
        shell("rm -rf repo trap* hooks origin caught commit index");
        set_traps();
        shell("cp -r repo origin; cd repo; git config extensions.partialClone origin; "
              "git config core.repositoryFormatVersion 1; git config remote.origin.url '%s'; "
              "git config remote.origin.promisor true; "
              "git config remote.origin.uploadpack %s/trap-upload; "
              "git -c core.fsmonitor= repack -q -a -d; P=$(ls .git/objects/pack/*.pack); "
              "touch ${P%%.pack}.promisor; B=$(git rev-parse HEAD^:a.txt); mv $P ../pack; "
              "rm -f .git/objects/pack/*; git unpack-objects -q < ../pack; "
              "O=.git/objects/$(echo $B | cut -c1-2)/$(echo $B | cut -c3-); "
              "git pack-objects -q .git/objects/pack/pack < /dev/null; rm -f $O; "
              "for p in .git/objects/pack/*.pack; do touch ${p%%.pack}.promisor; done; "
              "rm -f ../caught",
              url, root);
        assert_springs("git -c core.fsmonitor= cat-file -p HEAD^:a.txt; "
                       "test -e ../caught || git -c core.fsmonitor= -c protocol.allow=always "
                       "cat-file -p HEAD:a.txt");
        assert_quiet((struct request){.mode = MODE_COMMIT, .first = "HEAD^"});
        assert_quiet((struct request){.mode = MODE_REVISION, .first = "HEAD^"});
        assert_quiet((struct request){.mode = MODE_STAGED});
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_executed_in_any_mode),
        TEST(long_running_filters_are_not_started),
        TEST(signatures_are_not_verified),
        TEST(missing_objects_are_not_fetched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
