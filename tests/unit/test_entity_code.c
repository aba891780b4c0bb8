/* What readers of programming languages have in common, in the languages without a test of their
 * own. */
#include "entity_fixture.h"

static void test_php(void **state) {
    static const struct expectation table[] = {
        {"<?php Schema::table('users', function ($t) { $t->dropColumn(\"x\"); });",
         {"callee: Schema.table", "arguments: [users, function ($t) {...}]", "method: dropColumn",
          "within: [Schema.table]"},
         NULL},
        {"<?php User::where('a', 1)->delete(); User::truncate();",
         {"method: delete, filters: [where(\"a\", 1)]", "callee: User.truncate"},
         NULL},
        {"<?php DB::statement(\"DROP TABLE $x\"); DB::statement(<<<SQL\nDELETE FROM a\nSQL);",
         {"arguments: [DROP TABLE ${x}]", "arguments: [DELETE FROM a]"},
         NULL},
        {"<?php new Client(['verify' => false]); exec(command: 'x');",
         {"callee: Client, new: true", "keywords: {verify: false}", "keywords: {command: x}"},
         NULL},
        {"<?php shell_exec('rm -rf ' . $p); `rm -r $q`; exec('ls'); $o->exec('rm -rf /z');",
         {"operands: [$p]", "operands: [$q]", "callee: ls"},
         "[/z]"},
        {"<?php use Foo\\Bar as B; use function Foo\\rm as del; B::x(); del(1); \\DB::y();",
         {"callee: Bar.x", "callee: rm, arguments: [1]", "callee: DB.y"},
         NULL},
        {"<?php #[IsGranted('A')] class M extends B { #[Can] function up($f = false) { g(); } }",
         {"class M", "decorators: [IsGranted(\"A\")], bases: extends B",
          "decorators: [Can], defaults: {f: false}", "function: M.up"},
         NULL},
        {"<?php if ($a) { b(); } elseif ($c) d(); else { e(); } foreach ($x as $v) { $v->f(); }",
         {"guards: [$a], text: b()", "guards: [not ($a), $c]", "loop: true, text: $v->f()"},
         NULL},
        {"<?php try { a(); } catch (E $e) {} $app['debug'] = true; const X = 1;",
         {"catches: catch (E $e), empty: true", "assignment $app[\"debug\"]", "assignment X"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "php", table);
}

static void test_go(void **state) {
    static const struct expectation table[] = {
        {"package m\nimport (\n\"os\"\nex \"os/exec\"\n\"a.b/c/v2\"\n)\nfunc f() { "
         "os.RemoveAll(p); "
         "ex.Command(\"rm\", \"-rf\", p); c.X() }",
         {"callee: os.RemoveAll", "callee: os/exec.Command", "operands: [$p]",
          "callee: a.b/c/v2.X"},
         NULL},
        {"package m\nfunc (s *Store) Clean() { s.db.Where(\"id = ?\", 1).Delete(&User{}) }",
         {"function Store.Clean", "method: Delete, filters: [Where(\"id = ?\", 1)]"},
         NULL},
        {"package m\nfunc f() { t := &tls.Config{InsecureSkipVerify: true}\nt.X() }",
         {"callee: tls.Config, new: true", "keywords: {InsecureSkipVerify: true}",
          "{value: {InsecureSkipVerify: true}}"},
         NULL},
        {"package m\nfunc f() error { if err := g(); err != nil { return err }\nh()\nreturn nil }",
         {"call g", "guards: [not (err != nil)], function: f, text: h()"},
         NULL},
        {"package m\nfunc f() { if a { b() } else if c { d() } else { e() } }",
         {"guards: [a], function: f, text: b()", "guards: [not (a), c], function: f, text: d()",
          "guards: [not (a), not (c)], function: f, text: e()"},
         NULL},
        {"package m\nconst Debug = false\nfunc f() { for _, v := range x { v.Delete() }; "
         "db.Exec(`DROP TABLE x`); s := s3.New(y); s.DeleteBucket(z) }",
         {"assignment Debug", "loop: true", "arguments: [DROP TABLE x]", "origin: s3.New"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "go", table);
}

static void test_java(void **state) {
    static const struct expectation table[] = {
        {"import static org.x.FileUtils.deleteDirectory;\nclass A { void f() { deleteDirectory(d); "
         "FileUtils.cleanDirectory(d); g(); } }",
         {"callee: FileUtils.deleteDirectory", "callee: FileUtils.cleanDirectory",
          "callee: g, method: g"},
         NULL},
        {"@RestController class A extends B { @PreAuthorize(\"x\") @Delete void f() { h(); } }",
         {"decorators: [RestController], bases: extends B",
          "decorators: [PreAuthorize(\"x\"), Delete]", "function: A.f"},
         NULL},
        {"class A { void f() { Runtime.getRuntime().exec(new String[]{\"rm\", \"-rf\", p}); new "
         "ProcessBuilder(List.of(\"rm\", \"-r\", q)).start(); } }",
         {"operands: [$p]", "operands: [$q]", "callee: ProcessBuilder, new: true"},
         NULL},
        {"class A { void f() { if (a) b(); else { c(); } for (X q : y) q.del(); y.forEach(z -> "
         "z.del()); try { t(); } catch (E e) { } } }",
         {"guards: [a]", "guards: [not (a)]", "loop: true, function: A.f, text: q.del()",
          "loop: true, function: A.f, text: z.del()", "empty: true"},
         NULL},
        {"class A { static final boolean DEBUG = false; void f() { this.x = true; Foo<T> y = new "
         "Foo<>(1); y.delete(); } }",
         {"assignment A.DEBUG", "assignment A.f.this.x", "callee: Foo, new: true", "origin: Foo"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "java", table);
}

static void test_csharp(void **state) {
    static const struct expectation table[] = {
        {"using Dir = System.IO.Directory; Dir.Delete(p, recursive: true); X.Y<int>(@\"a\"\"b\");",
         {"callee: Directory.Delete", "keywords: {recursive: true}", "callee: X.Y"},
         NULL},
        {"db.Users.Where(u => u.A == 1).ExecuteDelete(); db.Users.ExecuteDelete();",
         {"method: ExecuteDelete, filters: [Where(u => u.A == 1)]",
          "owner: Users, method: ExecuteD"},
         NULL},
        {"Process.Start(\"rm\", \"-rf \" + x); new ProcessStartInfo { FileName = \"rm\", Arguments "
         "= "
         "$\"-r {y}\" };",
         {"operands: [$x]", "operands: [$y]"},
         NULL},
        {"[Authorize] class A : B { [HttpDelete(\"x\")] void F(int a, bool force = false) { try { "
         "} "
         "catch (E e) { } } }",
         {"decorators: [Authorize], bases: : B", "decorators: [HttpDelete(\"x\")]",
          "defaults: {force: false}", "catches: catch (E e), empty: true"},
         NULL},
        {"h.Check = (a, b) => true; x?.Y();", {"{value: (a, b) => true}", "callee: x.Y"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "csharp", table);
}

static void test_kotlin_and_rust(void **state) {
    static const struct expectation kotlin[] = {
        {"import a.b.C as D\n@X(\"y\") fun f() {\n  D.g(a = 1)\n  "
         "File(\"/x\").deleteRecursively()\n}",
         {"callee: C.g", "keywords: {a: 1}", "method: deleteRecursively", "decorators: [X(\"y\")]"},
         NULL},
        {"fun f() {\n  if (a) b() else if (c) d() else e()\n  xs.forEach { it.del() }\n  "
         "ProcessBuilder(\"rm\", \"-rf\", p).start()\n}",
         {"guards: [not (a), c]", "loop: true, function: f, text: it.del()", "operands: [$p]"},
         NULL},
    };
    static const struct expectation rust[] = {
        {"use std::fs::{remove_dir_all as r, File};\nfn f() { r(p)?; std::fs::remove_dir_all(q); }",
         {"callee: std.fs.remove_dir_all, receiver: std.fs, owner: fs",
          "callee: std.fs.remove_dir_all, receiver: std::fs"},
         NULL},
        {"use std::process::Command;\nfn f() { Command::new(\"rm\").arg(\"-rf\").args([\"/a\", b])"
         ".status(); }",
         {"operands: [/a, $b]", "flags: {r: true, f: true}"},
         NULL},
        {"#[get(\"/x\")] fn f() { if a { b() } else { c() } }\nimpl S { fn m(&self) { self.q(); } "
         "}",
         {"decorators: [get(\"/x\")]", "guards: [not (a)]", "function: S.m"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "kotlin", kotlin);
    EXPECT_ALL((struct fixture *)*state, "rust", rust);
}

static void test_elixir(void **state) {
    static const struct expectation table[] = {
        {"defmodule App.M do\n  def change do\n    alter table(:a) do\n      remove :x\n    end\n  "
         "end\n"
         "end",
         {"class App.M", "function App.M.change", "within: [alter]", "arguments: [x]"},
         NULL},
        {"def f(u), do: u |> where(a: 1) |> Repo.delete_all()",
         {"function f", "method: delete_all, filters: [where(a: 1)]"},
         "callee: f"},
        {"def f do\n  if ok do\n    a()\n  else\n    b()\n  end\n  unless c, do: d()\nend",
         {"guards: [ok], function: f, text: a()", "guards: [not (ok)], function: f, text: b()"},
         NULL},
        {"def f(p) do\n  System.cmd(\"rm\", [\"-rf\", p], into: x)\n  x = \"a\"\nend",
         {"operands: [$p]", "keywords: {into: x}"},
         "callee: def"},
        {"Enum.each(xs, fn x -> F.del(x) end)", {"loop: true, text: F.del(x)"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "elixir", table);
}

static struct slice repeated(struct fixture *fixture, const char *front, const char *text) {
    struct strbuf buf;
    strbuf_init(&buf, &fixture->arena);
    strbuf_add_text(&buf, front);
    for (uint32_t i = 0; i < 3000; i++)
        strbuf_add_text(&buf, text);
    return strbuf_slice(&buf);
}

/* Bounded, and told. */
static void test_hostile_texts(void **state) {
    static const struct {
        const char *dialect, *front, *text;
    } table[] = {
        {"php", "<?php ", "f("},      {"php", "<?php ", "\"{$a[\""},
        {"php", "<?php ", "if (a) "}, {"go", "package m\n", "f("},
        {"go", "package m\n", "{"},   {"go", "package m\n", "a."},
        {"java", "class A { ", "f("}, {"java", "class A { ", "a -> "},
        {"java", "", "class A {"},    {"csharp", "", "f("},
        {"csharp", "", "$\"{"},       {"csharp", "", "a => "},
        {"kotlin", "", "f("},         {"kotlin", "", "\"${"},
        {"kotlin", "", "{ "},         {"elixir", "", "f("},
        {"elixir", "", "\"#{"},       {"elixir", "", "if a do "},
        {"rust", "", "f("},           {"rust", "", "a!["},
        {"rust", "", "|x| "},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct slice text = repeated(fixture, table[i].front, table[i].text);
        if (!fixture_read(fixture, table[i].dialect, text)->note_count)
            fail_msg("%s %s", table[i].dialect, table[i].text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_php),
        cmocka_unit_test(test_go),
        cmocka_unit_test(test_java),
        cmocka_unit_test(test_csharp),
        cmocka_unit_test(test_kotlin_and_rust),
        cmocka_unit_test(test_elixir),
        cmocka_unit_test(test_hostile_texts),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
