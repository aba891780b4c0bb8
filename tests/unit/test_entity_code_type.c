/* Where a client comes from: types of parameters, fields and variables; fields and what frameworks
 * do with them; what is for others. */
#include "entity_fixture.h"

static void test_go(void **state) {
    static const struct expectation table[] = {
        {"package m\nimport \"a.b/service/s3\"\ntype A struct { c *s3.Client; m map[string]int }\n"
         "func (a *A) F(p *s3.Client, q []s3.Client) { a.c.X(); p.Y(); q.Z(); a.m.W() }",
         {"method: X, origin: a.b/service/s3.Client", "method: Y, origin: a.b/service/s3.Client",
          "method: Z, function", "method: W, function"},
         NULL},
        {"package m\nfunc F(p *T) { p.X() }\nfunc G(p U) { var q V; p.Y(); q.Z() }",
         {"method: X, origin: T", "method: Y, origin: U", "method: Z, origin: V"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "go", table);
}

static void test_java(void **state) {
    static const struct expectation table[] = {
        {"class A { private final S3Client s; A(Optional<Foo> l) { l.x(); S3Client b = make(); "
         "b.y(); "
         "S3Client d = Builder.make(); d.z(); } void f() { s.v(); this.s.w(); } }",
         {"method: x, origin: Foo", "method: y, origin: S3Client",
          "method: z, origin: Builder.make", "method: v, origin: S3Client",
          "method: w, origin: S3Client"},
         NULL},
        {"class A { @NotNull @Size(max = 5) private String a; public void f(@Valid O o) {} void "
         "g() "
         "{} }",
         {"field A.a", "decorators: [NotNull, Size(max = 5)], declared: String",
          "{parameter_decorators: [Valid], exported: true, scope: A}"},
         "field A.g"},
        {"interface R { @Query(value = \"DELETE FROM a\") void f(); @Named(\"delete from b\") void "
         "g(); }",
         {"statement delete a", "function: R.f"},
         "statement delete b"},
    };
    EXPECT_ALL((struct fixture *)*state, "java", table);
}

static void test_kotlin(void **state) {
    static const struct expectation table[] = {
        {"class A(private val s: S3Client) { lateinit var c: Client\nfun f(x: Foo, dry: Boolean = "
         "true) { s.x(); c.y(); x.z() } }",
         {"method: x, origin: S3Client", "method: y, origin: Client", "method: z, origin: Foo",
          "defaults: {dry: true}"},
         NULL},
        {"class A(val dry: Boolean = true)\ninterface R { @Query(\"DELETE FROM a\") fun g() }",
         {"class A", "defaults: {dry: true}", "statement delete a"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "kotlin", table);
}

static void test_csharp(void **state) {
    static const struct expectation table[] = {
        {"public class A { private readonly IS3 _s; A(IS3 s) { _s = s; } [Required] public string "
         "N "
         "{ get; set; } void F() { _s.X(); this._s.Y(); IS3 q = Z(); q.W(); } }",
         {"method: X, origin: IS3", "method: Y, origin: IS3", "method: W, origin: IS3",
          "class A [0-159] {exported: true", "field A.N", "decorators: [Required]"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "csharp", table);
}

static void test_typescript(void **state) {
    static const struct expectation table[] = {
        {"import { S3Client } from '@aws-sdk/client-s3';\nclass A { private c: S3Client; "
         "constructor(private readonly s: S3Client) {} f(m: Map<string, S3Client>) { this.s.x(); "
         "this.c.y(); m.z(); } }",
         {"method: x, origin: @aws-sdk/client-s3.S3Client",
          "method: y, origin: @aws-sdk/client-s3.S3Client", "method: z, origin: Map"},
         NULL},
        {"export function f(a: S3 = g()) { a.x(); }\nfunction h() {}\nexport const i = () => 1;\n"
         "class D { @IsEmail() e: string; }\ndb.execute(sql`DELETE FROM a WHERE b = ${c}`);",
         {"function f", "exported: true}", "method: x, origin: S3", "function h", "field D.e",
          "statement delete a"},
         "function h [42-57] {exported: true}"},
    };
    EXPECT_ALL((struct fixture *)*state, "typescript", table);
}

static void test_python(void **state) {
    static const struct expectation table[] = {
        {"class A:\n  q: Foo\n  def __init__(self, s: S3Client, o: Optional[Bar] = None):\n    "
         "self.s = s\n    self.b = boto3.client(1)\n    o.w()\n  def f(self):\n    self.s.x()\n    "
         "self.b.y()\n    self.q.z()\n",
         {"method: x, origin: S3Client", "method: y, origin: boto3.client",
          "method: z, origin: Foo", "method: w, origin: Bar"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "python", table);
}

static void test_others(void **state) {
    static const struct expectation rust[] = {
        {"struct A { c: aws::Client }\npub fn f(p: &mut Client, q: Arc<Other>, a: A) { p.x(); "
         "q.y(); "
         "a.c.z(); }\nfn g() {}",
         {"method: x, origin: Client", "method: y, origin: Other", "method: z, origin: aws.Client",
          "function f [28-100] {exported: true}", "function g [101-110] {}"},
         NULL},
    };
    static const struct expectation php[] = {
        {"<?php class A { private S3 $s; function __construct(private readonly ?Foo $c) {} "
         "function "
         "f() { $this->s->x(); $this->c->y(); } }",
         {"method: x, origin: S3", "method: y, origin: Foo"},
         NULL},
    };
    static const struct expectation ruby[] = {
        {"class A\ndef initialize\n@s = Aws::S3.new\nend\ndef f\n@s.x\nend\nend",
         {"method: x, origin: Aws::S3.new"},
         NULL},
    };
    static const struct expectation elixir[] = {
        {"defmodule A do\ndef f(x, dry \\\\ true, o \\\\ []) do\na()\nend\nend",
         {"defaults: {dry: true, o: []}"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "rust", rust);
    EXPECT_ALL((struct fixture *)*state, "php", php);
    EXPECT_ALL((struct fixture *)*state, "ruby", ruby);
    EXPECT_ALL((struct fixture *)*state, "elixir", elixir);
}

/* Half a declaration is no reason to stop. */
static void test_broken(void **state) {
    static const struct expectation go[] = {
        {"package m\nfunc F(p *, q map[) { p.X() }\nfunc G(p T) { p.Y() }", {"method: Y"}, NULL}};
    static const struct expectation java[] = {
        {"class A { private S3Client; @Query( void f(@Valid ) { } void g(T t) { t.x(); } }",
         {"class A"},
         NULL}};
    EXPECT_ALL((struct fixture *)*state, "go", go);
    EXPECT_ALL((struct fixture *)*state, "java", java);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_go),         cmocka_unit_test(test_java),
        cmocka_unit_test(test_kotlin),     cmocka_unit_test(test_csharp),
        cmocka_unit_test(test_typescript), cmocka_unit_test(test_python),
        cmocka_unit_test(test_others),     cmocka_unit_test(test_broken),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
