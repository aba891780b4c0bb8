#include "entity_fixture.h"

static void test_imports(void **state) {
    static const struct expectation table[] = {
        {"from shutil import rmtree as r\nr('/x', ignore_errors=True)",
         {"import shutil.rmtree", "callee: shutil.rmtree", "arguments: [/x]",
          "keywords: {ignore_errors: true}"},
         NULL},
        {"client.databases.delete(x)", {"receiver: client.databases", "owner: databases"}, NULL},
        {"client.delete(x)", {"receiver: client"}, "owner"},
        {"def f(c):\n    c.verify_mode = ssl.CERT_NONE\n    c.x = g()\n    y = [1]\n",
         {"assignment f.c.verify_mode", "{value: ssl.CERT_NONE}"},
         "f.c.x"},
        {"class V:\n    permissions = [Signed]\n", {"assignment V.permissions", "[Signed]"}, NULL},
        {"import shutil as s\ns.rmtree(p)", {"callee: shutil.rmtree", "arguments: [p]"}, NULL},
        {"import os.path\nos.path.join('a')", {"callee: os.path.join", "receiver: os.path"}, NULL},
        {"from . import x\nx()", {"callee: .x"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "python", table);
}

static void test_calls(void **state) {
    static const struct expectation table[] = {
        {"self.session.query(User).filter(x=1).delete()",
         {"callee: self.session.query.filter.delete",
          "receiver: self.session.query(User).filter(x=1)", "method: delete"},
         NULL},
        {"f('a' \"b\", r'\\x', '\\x41\\n', -1, None, True, *d)",
         {"arguments: [ab, \\x, A , -1, null, true, *d]"},
         NULL},
        {"a[0].delete()", {"method: delete", "receiver: a[0]"}, NULL},
        {"m.SeparateDatabaseAndState(state_operations=[m.RemoveField('a')])",
         {"within: [m.SeparateDatabaseAndState.state_operations], text: m.RemoveField(\"a\")"},
         NULL},
        {"m.SeparateDatabaseAndState([m.RemoveField('a')])",
         {"within: [m.SeparateDatabaseAndState], text: m.RemoveField(\"a\")"},
         NULL},
        {"print(m.SeparateDatabaseAndState().go(f()), g())", {"text: g()"}, "within"},
    };
    EXPECT_ALL((struct fixture *)*state, "python", table);
}

static void test_place(void **state) {
    static const struct expectation table[] = {
        {"class M(B):\n    @app.route('/x')\n    @login_required\n    def g(self):\n        f()\n",
         {"class M", "function M.g", "decorators: [app.route(\"/x\"), login_required]",
          "function: M.g"},
         NULL},
        {"def downgrade():\n    op.drop_table('users')\n",
         {"callee: op.drop_table", "function: downgrade"},
         NULL},
        {"if env == 'prod' and not dry:\n    f()\nelif z:\n    g()\nelse:\n    h()\n",
         {"guards: [env == \"prod\" and not dry], text: f()",
          "guards: [not (env == \"prod\" and not dry), z], text: g()", "not (z)], text: h()"},
         NULL},
        {"def f():\n    if dry:\n        return\n    g()\n", {"guards: [not (dry)]"}, NULL},
        {"for x in y:\n    f(x)\nq = [g(k) for k in z]\n",
         {"loop: true, text: f(x)", "loop: true, text: g(k)"},
         NULL},
        {"x = a() if b else c()", {"guards: [b], text: a()", "guards: [not (b)], text: c()"}, NULL},
        {"NAME = 'prod'\nLIMIT: int = 3\nclass A:\n    x = 1\ndef f():\n    y = 2\n",
         {"assignment NAME", "value: prod", "assignment LIMIT", "assignment A.x"},
         "assignment y"},
    };
    EXPECT_ALL((struct fixture *)*state, "python", table);
}

static void test_processes(void **state) {
    static const struct expectation table[] = {
        {"import subprocess\nsubprocess.run(['rm', '-rf', f'{a}/x y'], check=True)",
         {"callee: subprocess.run", "  command rm", "operands: [$a/x y]", "flags: {r: true"},
         NULL},
        {"import os\nos.system('rm -rf ' + path)", {"callee: rm", "operands: [$path]"}, NULL},
        {"import os\nCMD = 'rm -rf /x'\nos.system(CMD)", {"callee: rm", "operands: [/x]"}, NULL},
        {"from subprocess import check_call as c\nif x:\n    c('rm a; rm b', shell=True)",
         {"operands: [a]", "operands: [b]", "guards: [x]"},
         NULL},
        {"import os\nos.system(\"\"\"\necho a\nrm -rf /z\n\"\"\")",
         {"command rm rm -rf /z [31-40]"},
         NULL},
        {"import os\nprint('rm -rf /')\nos.system(cmd)", {"callee: os.system"}, "callee: rm"},
        {"import subprocess\nsubprocess.run(['sh', '-c', 'kubectl delete ns x'])",
         {"callee: kubectl", "wrappers: [sh]"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "python", table);
}

static void test_hostile_texts(void **state) {
    struct fixture *fixture = *state;
    struct strbuf chain;
    strbuf_init(&chain, &fixture->arena);
    strbuf_add_text(&chain, "a");
    for (uint32_t i = 0; i < 3000; i++)
        strbuf_add_text(&chain, ".b()");
    const struct entity_list *list = fixture_read(fixture, "python", strbuf_slice(&chain));
    assert_true(list->count > 0);
    assert_int_equal(list->note_count, 1);
    list = fixture_read(fixture, "python", SLICE("def f(:\n  x(\n"));
    assert_true(list->note_count > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_imports),       cmocka_unit_test(test_calls),
        cmocka_unit_test(test_place),         cmocka_unit_test(test_processes),
        cmocka_unit_test(test_hostile_texts),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
