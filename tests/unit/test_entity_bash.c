#include "entity_fixture.h"

#include "base/strbuf.h"

static void test_words(void **state) {
    static const struct expectation table[] = {
        {"rm   -rf  \\\n  'a b' \"c\"d e\\ f $'x\\ty'",
         {"callee: rm", "operands: [a b, cd, e f, x y]", "flags: {r: true, f: true}",
          "text: rm -rf \"a b\" cd \"e f\""},
         NULL},
        {"\\rm x; r''m y; \"rm\" z", {"operands: [x]", "operands: [y]", "operands: [z]"}, "\\rm"},
        {"/usr/bin/git -C /x reset --hard",
         {"callee: git,", "subcommand: reset", "flags: {C: /x, hard: true}"},
         NULL},
        {"rm -rf /{bin,etc}", {"operands: [/bin, /etc]"}, NULL},
        {"rm -- -x --y", {"operands: [-x, --y]"}, "flags"},
        {"r\\\nm -rf /a\\\nb \\\nc", {"callee: rm", "operands: [/ab, c]"}, NULL},
        {"echo a\n\\git reset --hard\n",
         {"operands: [a]", "command git git reset --hard [7-24]"},
         NULL},
        {"A=1 B=2\nfind .", {"assignment A", "assignment B", "command find find ."}, "environment"},
        {"A=1 make x", {"environment: [A=1]", "text: A=1 make x"}, "assignment"},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", table);
}

static void test_flags(void **state) {
    static const struct expectation table[] = {
        {"kubectl delete ns prod -n x --grace-period=0 --force",
         {"subcommand: delete", "operands: [delete, ns, prod]",
          "flags: {n: x, grace-period: 0, force: true}"},
         NULL},
        {"terraform apply -auto-approve -target=a -target=b",
         {"flags: {auto-approve: true, target: [a, b]}"},
         NULL},
        {"nice -n19 rm x", {"callee: rm", "wrappers: [nice]"}, NULL},
        {"unknowncli --env prod wipe",
         {"subcommand: wipe", "operands: [prod, wipe]", "flags: {env: prod}"},
         NULL},
        {"aws s3 rm --recursive s3://b/p",
         {"operands: [s3, rm, s3://b/p]", "recursive: true"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", table);
}

static void test_verbs(void **state) {
    static const struct expectation table[] = {
        {"acme --region x widgets delete-all a; acme apps:destroy b; acme dropAll",
         {"verb: delete", "verb: destroy", "verb: drop"},
         NULL},
        {"acme list deleted; acme create delete-worker", {"verb: list", "verb: create"}, "delete,"},
        {"java -jar x.jar delete-job y; python manage.py flush",
         {"verb: delete", "verb: flush"},
         NULL},
        {"acme x/delete; acme $DELETE; acme delete.d/y; rm delete; echo delete",
         {"command"},
         "verb"},
        {"acme one two three four five delete", {"command"}, "verb"},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", table);
}

static void test_wrappers(void **state) {
    static const struct expectation table[] = {
        {"pssh -h hosts -t 0 'rm -rf /x'",
         {"callee: rm", "wrappers: [pssh]", "loop: true", "operands: [/x]"},
         NULL},
        {"rails runner 'User.delete_all'", {"User.delete_all"}, NULL},
        {"sudo -u root env A=b timeout 5 rm x",
         {"callee: rm", "operands: [x]", "wrappers: [sudo, env, timeout]"},
         "callee: sudo"},
        {"ssh -p 22 host 'rm -rf /a; reboot'",
         {"command rm rm -rf /a [16-25]", "wrappers: [ssh]", "callee: reboot"},
         NULL},
        {"bash -lc \"rm a\"", {"callee: rm", "wrappers: [bash]"}, "callee: bash"},
        {"eval \"rm a\"; trap 'rm b' EXIT; su - me -c 'rm c'",
         {"wrappers: [eval]", "wrappers: [trap]", "wrappers: [su]"},
         NULL},
        {"find /x -name '*.o' -mtime +3 -exec rm -rf {} \\; -delete",
         {"callee: find", "flags: {name: *.o, mtime: +3, exec: true, delete: true}", "callee: rm",
          "loop: true, wrappers: [find]"},
         NULL},
        {"find . | xargs -0 -n 1 rm -rf",
         {"callee: rm", "loop: true, pipe_from: [find], wrappers: [xargs]", "pipe_to: [rm]"},
         "callee: xargs"},
        {"kubectl -n p exec pod -it -- sh -c 'rm -rf /data'",
         {"operands: [/data]", "wrappers: [kubectl, sh]"},
         NULL},
        {"docker run --rm -v /:/h alpine rm -rf /h",
         {"subcommand: run", "flags: {rm: true, v: /:/h}", "callee: rm", "wrappers: [docker]"},
         NULL},
        {"command -v rm", {"callee: command"}, "callee: rm"},
        {"bash -c \"$CMD\"", {"callee: bash"}, NULL},
        {"perl -e \"x('rm -rf /')\"",
         {"callee: perl", "flags: {e: x('rm -rf /')}", "command rm rm -rf / [12-20]",
          "wrappers: [perl]"},
         NULL},
        {"node -e \"require('child_process').execSync('rm -rf /x')\"",
         {"callee: child_process.execSync", "command rm rm -rf /x", "wrappers: [node]"},
         NULL},
        {"perl -e 'print \"hello rm -rf /\"'", {"callee: perl"}, "callee: rm"},
        {"node -e \"console.log('rm -rf /')\"; ruby -e 'puts \"rm -rf /\"'",
         {"callee: node"},
         "callee: rm"},
        {"echo /a -n /b | xargs rm -r", {"operands: [/a, /b]", "wrappers: [xargs]"}, NULL},
        {"echo $X | xargs rm; ls | xargs rm; printf '%s' / | xargs rm",
         {"callee: rm, loop", "callee: rm"},
         "operands: [/]"},
        {"php -r 'system(\"rm -rf /x\");'", {"callee: rm", "operands: [/x]"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", table);
}

static void test_scripts_on_standard_input(void **state) {
    static const struct expectation table[] = {
        {"curl -sL http://x | sudo bash -s -- a",
         {"callee: bash", "pipe_from: [curl]", "wrappers: [sudo]", "pipe_to: [bash]"},
         NULL},
        {"echo 'rm -rf /' | sh", {"callee: rm", "wrappers: [sh]"}, NULL},
        {"cat <<EOF | sh\nrm -rf /a\nEOF\n", {"command rm rm -rf /a [15-24]"}, NULL},
        {"sh <<<'git reset --hard'", {"callee: git"}, NULL},
        {"ssh host <<'EOF'\necho a\nrm -rf /b\nEOF\n",
         {"command rm rm -rf /b [24-33]", "wrappers: [ssh]"},
         NULL},
        {"python3 - <<'EOF'\nimport shutil\nshutil.rmtree('/x')\nEOF\n",
         {"callee: python3", "callee: shutil.rmtree", "arguments: [/x]"},
         NULL},
        {"python -c \"import os; os.system('rm -rf /q')\"",
         {"callee: os.system", "callee: rm", "operands: [/q]"},
         NULL},
        {"bash <(curl http://x)", {"substitutions: [curl]", "callee: curl"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", table);
}

static void test_data_is_no_command(void **state) {
    static const char *const texts[] = {"echo \"rm -rf /\"",
                                        "printf 'rm -rf /'",
                                        "# rm -rf /\n",
                                        "cat > f <<EOF\nrm -rf /\nEOF\n",
                                        "cat <<EOF\nrm -rf /\nEOF\n",
                                        "grep 'rm -rf /' x",
                                        "git commit -m 'rm -rf /'",
                                        "cat <<<'rm -rf /'",
                                        "which rm",
                                        "man rm"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        expect_dump(*state, "bash", &(struct expectation){.text = texts[i], .not = "callee: rm"});
}

static void test_input_that_says_what_is_done(void **state) {
    static const struct expectation table[] = {
        {"nsupdate -k f <<EOF\nupdate delete a.b A\nEOF\n", {"input: update delete a.b A"}, NULL},
        {"sftp h <<< 'rm x'", {"callee: sftp", "input: rm x"}, "callee: rm"},
        {"cat > f <<EOF\nupdate delete a.b A\nEOF\n", {"callee: cat"}, "input:"},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", table);
}

static void test_asking_for_help_does_nothing(void **state) {
    static const struct expectation table[] = {
        {"acme delete x --help; terraform destroy -help", {NULL}, "command"},
        {"acme delete --help=x y; python x.py delete --help",
         {"callee: acme", "verb: delete"},
         NULL},
        {"sh -c 'rm -rf /' --help; rm -- --help", {"callee: rm", "operands: [--help]"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", table);
}

static void test_variables(void **state) {
    static const struct expectation table[] = {
        {"A=/srv\nX=/data\nrm \"$A  ${X}\" \"a $(b) $1\"",
         {"resolved: [/srv  /data, a $(b) $1]"},
         NULL},
        {"rm -rf \"$X/\" ${Y}z", {"operands: [$X/, ${Y}z]", "emptied: [/, z]"}, NULL},
        {"X=/srv/app\nrm -rf \"$X/\"", {"resolved: [/srv/app/]", "emptied: [/srv/app/]"}, NULL},
        {"A=/srv\nB=$A/app\nrm -rf $B", {"resolved: [/srv/app]"}, NULL},
        {"rm ${D:-/opt}/x ${E:?}/y",
         {"resolved: [/opt/x, ${E:?}/y]", "emptied: [/opt/x, ${E:?}/y]"},
         NULL},
        {"set -u\nrm -rf \"$X/\"", {"emptied: [$X/]", "guards: [set -u]"}, NULL},
        {"set -u\nset +u\nrm -rf \"$X/\"", {"emptied: [/]"}, NULL},
        {"X=$(mktemp -d)\nrm -rf \"$X/\"", {"emptied: [$X/]"}, NULL},
        {"X=$(foo)\nrm -rf \"$X/\"", {"emptied: [/]"}, NULL},
        {"X=\nrm -rf \"$X/\"", {"resolved: [/]"}, NULL},
        {"rm -rf \"$HOME/\"", {"emptied: [$HOME/]"}, NULL},
        {": ${X:?}\nrm -rf $X/", {"emptied: [$X/]"}, NULL},
        {"C=kubectl\n$C delete ns x", {"callee: kubectl", "subcommand: delete"}, NULL},
        {"$C -rf x", {"callee: $C"}, NULL},
        {"X=/a\nread X\nrm $X/", {"resolved: [$X/]", "emptied: [/]"}, NULL},
        {"X=/a\nunset X\nrm $X/", {"emptied: [/]"}, NULL},
        {"cat > f <<EOF\n$(rm x)\nEOF\n", {"callee: rm"}, NULL},
        {"ENV=${ENV:-staging}", {"assignment ENV", "value: staging"}, NULL},
        {"p=/srv/x.d\nrm ${p%.d} ${p#/srv} ${p%%.d} ${p%*}",
         {"resolved: [/srv/x, /x.d, /srv/x, ${p%*}]"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", table);
}

static void test_guards(void **state) {
    static const struct expectation table[] = {
        {"[ -n \"$X\" ] && rm -rf \"$X/\"", {"guards: [[ -n $X ]]", "emptied: [$X/]"}, NULL},
        {"[ -n \"$X\" ] || exit 1\nrm -rf \"$X/\"",
         {"guards: [[ -n $X ]]", "emptied: [$X/]"},
         NULL},
        {"if [ -z \"$X\" ]; then exit 1; fi\nrm -rf \"$X/\"",
         {"guards: [! [ -z $X ]], text: rm", "emptied: [$X/]"},
         NULL},
        {"if [ -z \"$X\" ]; then echo; fi\nrm -rf \"$X/\"", {"emptied: [/]"}, NULL},
        {"if test -d a; then rm b; elif c; then rm d; else rm e; fi",
         {"guards: [test -d a], text: rm b", "guards: [! test -d a, c], text: rm d",
          "guards: [! test -d a, ! c], text: rm e"},
         NULL},
        {"case $X in a|b) rm c;; esac", {"guards: [case $X in a|b]"}, NULL},
        {"cd \"$X\" && rm -rf *", {"guards: [cd $X]"}, NULL},
        {"f() { [ -d y ] || return; rm x; }\nrm z",
         {"function f", "function: f", "command rm rm z"},
         NULL},
        {"for h in a b; do ssh $h rm x; done", {"loop: true, wrappers: [ssh]"}, NULL},
        {"if [ $# -lt 1 ]; then exit 1; fi\nrm -rf \"$1/\"",
         {"guards: [! [ $# -lt 1 ]]", "emptied: [$1/]"},
         NULL},
        {"[ -z \"${X:-}\" ] && exit 1\nrm -rf \"$X/\"", {"emptied: [$X/]"}, NULL},
        {"#!/bin/sh -eu\nrm -rf $X/", {"guards: [set -e, set -u]"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", table);
}

static void test_expansion(void **state) {
    static const struct expectation table[] = {
        {"opts='-r f'\nrm $opts x", {"operands: [f, x]", "flags: {r: true}"}, NULL},
        {"opts='-r f'\nrm \"$opts\"", {"operands: [$opts]"}, "flags"},
        {"a=(delete 'my ns')\nkubectl \"${a[@]}\" --now",
         {"subcommand: delete", "operands: [delete, my ns]", "now: true"},
         NULL},
        {"a+=(delete)\nkubectl \"${a[@]}\"", {"callee: kubectl"}, "subcommand: delete"},
        {"rm${IFS}-rf${IFS}/x",
         {"callee: rm", "operands: [/x]", "flags: {r: true, f: true}"},
         NULL},
        {"IFS=,\nrm${IFS}x", {"command"}, "operands: [x]"},
        {"for n in a; do rm $n; done; for n in a b; do rm -f $n; done",
         {"resolved: [a]", "operands: [$n], resolved: [$n]"},
         NULL},
        {"rm -rf /usr/.. //etc/. ./a/..", {"resolved: [/, /etc, ./a/..]"}, NULL},
        {"$(which rm) x; \"$(command -v git)\" gc; terraform-1.5.7 plan; k get ns; python3 x",
         {"callee: rm", "callee: git", "callee: terraform,", "callee: kubectl", "callee: python3"},
         NULL},
        {"aws --region x s3 rm a; aws s3 rm a --region x",
         {"usual: aws s3 rm a --region x", "text: aws s3 rm a --region x"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", table);
}

static void test_names_for_scripts(void **state) {
    static const struct expectation table[] = {
        {"alias del='rm -rf'\ndel x y", {"command rm rm -rf x y [19-26]"}, "callee: del"},
        {"alias ls='ls -l'\nls x", {"text: ls -l x"}, NULL},
        {"alias a=b\nalias b=a\na x", {"callee: a"}, NULL},
        {"f() { rm -rf \"$@\"; }\nf / \"a b\"",
         {"function f", "operands: [/, a b]", "function: f"},
         NULL},
        {"f() { rm \"$1\"; f \"$1\"; }\nf x", {"operands: [x]"}, NULL},
        {"f() { echo \"$1\"; }\nf x",
         {"callee: f"},
         "operands: [x], resolved: [x], emptied: [x], "
         "arguments: [x], function: f"},
        {"f() { rm \"$1\"; }\nf \"$X\"", {"operands: [$1]"}, "function: f, text: rm $X"},
        {"cat > a.sh <<E\nrm b\nE\nsh a.sh", {"callee: rm"}, NULL},
        {"cat > a.sh <<E\nrm b\nE\nwc a.sh", {"callee: wc"}, "callee: rm"},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", table);
}

static void test_letters_that_look_like_others(void **state) {
    static const struct expectation table[] = {
        {"rm\xc2\xa0-rf /", {"callee: rm", "flags: {r: true, f: true}"}, NULL},
        {"kubectl d\xd0\xb5lete ns x", {"subcommand: delete"}, NULL},
        {"rm \xef\xbd\x81 b", {"operands: [a, b]"}, NULL},
        {"echo \xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82", {"callee: echo"}, "e\xd1\x82"},
        {"rm r\xc3\xa9sum\xc3\xa9", {"operands: [r\xc3\xa9sum\xc3\xa9]"}, "resume"},
        {"rm \xe2\x80\x9c/x y\xe2\x80\x9d", {"operands: [/x y]"}, NULL},
        {"echo \xe2\x80\x9chello", {"callee: echo"}, "note"},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", table);
}

static void test_substitutions_that_are_run(void **state) {
    static const struct expectation table[] = {
        {"eval \"$(echo x | base64 -d)\"", {"callee: base64", "pipe_to: [eval]"}, NULL},
        {"sh -ec \"$(base64 -d f)\"", {"pipe_to: [sh]"}, NULL},
        {"sh run.sh \"$(base64 -d f)\"", {"callee: base64"}, "pipe_to"},
        {"x=\"$(base64 -d f)\"", {"callee: base64"}, "pipe_to"},
        {"printf '\\x72m -rf /' | sh", {"callee: rm"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "bash", table);
}

static void test_scope(void **state) {
    const struct entity_list *list =
        fixture_read(*state, "bash", SLICE("A=1\nf() {\n rm x\n}\nrm y\n"));
    assert_int_equal(list->count, 4);
    assert_true(slice_is(list->items[1].kind, "function"));
    assert_int_equal(list->items[2].scope, 1);
    assert_int_equal(list->items[3].scope, ENTITY_NONE);
}

static struct slice repeat(struct fixture *fixture, const char *head, const char *text,
                           uint32_t count, const char *tail) {
    struct strbuf buf;
    strbuf_init(&buf, &fixture->arena);
    strbuf_add_text(&buf, head);
    for (uint32_t i = 0; i < count; i++)
        strbuf_add_text(&buf, text);
    strbuf_add_text(&buf, tail);
    return strbuf_slice(&buf);
}

/* Long and nested texts end, and say what they left out. */
static void test_hostile_texts(void **state) {
    struct fixture *fixture = *state;
    const struct entity_list *list =
        fixture_read(fixture, "bash", repeat(fixture, "", "sudo ", 3000, "rm x\n"));
    assert_int_equal(list->count, 1);
    list = fixture_read(fixture, "bash", repeat(fixture, "a", " && a$X", 3000, "\n"));
    assert_int_equal(list->count, 3001);
    list = fixture_read(fixture, "bash", repeat(fixture, "", "X=\"$X$X\"\n", 500, "rm $X\n"));
    assert_true(list->count >= 1);
    list = fixture_read(fixture, "bash",
                        repeat(fixture, "f() { rm $1; }\nalias a='f x'\n", "a\n", 500, ""));
    assert_true(list->count > 500);
    list = fixture_read(fixture, "bash", SLICE("rm 'a\n"));
    assert_true(list->note_count > 0);
    list = fixture_read(fixture, "bash",
                        SLICE("eval \"eval 'eval \\\"eval eval eval eval eval eval rm x\\\"'\""));
    assert_true(list->count + list->note_count > 0);
    list = fixture_read(fixture, "bash", slice_make("rm \0 \xff\xfe x\n", 11));
    assert_true(list->count + list->note_count > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_verbs),
        cmocka_unit_test(test_wrappers),
        cmocka_unit_test(test_scripts_on_standard_input),
        cmocka_unit_test(test_data_is_no_command),
        cmocka_unit_test(test_asking_for_help_does_nothing),
        cmocka_unit_test(test_input_that_says_what_is_done),
        cmocka_unit_test(test_variables),
        cmocka_unit_test(test_guards),
        cmocka_unit_test(test_expansion),
        cmocka_unit_test(test_names_for_scripts),
        cmocka_unit_test(test_letters_that_look_like_others),
        cmocka_unit_test(test_substitutions_that_are_run),
        cmocka_unit_test(test_scope),
        cmocka_unit_test(test_hostile_texts),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
