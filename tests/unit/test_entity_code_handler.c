/* Errors: handlers, results nobody looks at, and tests that leave. */
#include "entity_fixture.h"

static void test_go(void **state) {
    static const struct expectation table[] = {
        {"package m\nfunc F() error { if err := a(); err != nil { return err }\n_ = b()\nx, _ := "
         "c()\n"
         "d()\nreturn e() }",
         {"catches: err != nil, empty: false, passes_on: true", "text: a(), error: kept",
          "text: b(), error: dropped", "text: c(), error: dropped", "text: d(), error: unused",
          "text: e(), error: kept"},
         "check"},
        {"package m\nfunc F() error { closeErr := a()\nif closeErr != nil { }\nif err2 := b(); "
         "err2 != "
         "nil { return nil }\nif x != nil { return y }\nreturn nil }",
         {"catches: closeErr != nil, empty: true",
          "catches: err2 != nil, empty: false, answers: constant", "check x != nil",
          "fails: return y"},
         "catches: x"},
    };
    EXPECT_ALL((struct fixture *)*state, "go", table);
}

static void test_java(void **state) {
    static const struct expectation table[] = {
        {"class A { void f() { try { a(); } catch (E e) { log(e); throw e; } try { b(); } catch (F "
         "e) "
         "{ return null; } try { c(); } catch (G e) { log(e); } } }",
         {"catches: catch (E e), empty: false, passes_on: true",
          "catches: catch (F e), empty: false, answers: constant",
          "catches: catch (G e), empty: false, function"},
         "error:"},
        {"class A { void f(X x) { if (x == null) throw new Y(\"no\"); if (b) { c(); } if (d) "
         "return; "
         "else e(); } }",
         {"check x == null", "fails: throw new Y(\"no\")", "guards: [not (x == null), b]"},
         "check d"},
    };
    EXPECT_ALL((struct fixture *)*state, "java", table);
}

static void test_others(void **state) {
    static const struct expectation elixir[] = {
        {"def f do\na()\nrescue\n_ -> :ok\ne in E -> log(e)\n_ -> nil\nend",
         {"catches: _ ->, empty: false, answers: constant", "catches: e in E ->, empty: false",
          "catches: _ ->, empty: true"},
         NULL},
    };
    static const struct expectation ruby[] = {
        {"def f(x)\nraise ArgumentError unless x\na\nrescue E => e\nlog(e)\nraise\nend",
         {"check not (x)", "fails: raise ArgumentError"},
         NULL},
        {"def f(x)\nreturn 1 if x\na(1)\nend", {"check x", "guards: [not (x)]"}, NULL},
    };
    static const struct expectation rust[] = {
        {"fn f() { let _ = a(); b()?; let x = c()?; d(); let y = e(); }",
         {"text: a(), error: dropped", "text: b(), error: kept", "text: c(), error: kept",
          "text: d(), error: unused", "text: e()}"},
         NULL},
    };
    static const struct expectation python[] = {
        {"def f(x):\n  if not x:\n    raise ValueError(1)\n  try:\n    a()\n  except E:\n    "
         "return "
         "[]\n  except F:\n    raise G from None\n",
         {"check not x", "fails: raise ValueError(1)", "answers: constant", "passes_on: true"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "elixir", elixir);
    EXPECT_ALL((struct fixture *)*state, "ruby", ruby);
    EXPECT_ALL((struct fixture *)*state, "rust", rust);
    EXPECT_ALL((struct fixture *)*state, "python", python);
}

static void test_broken(void **state) {
    static const struct expectation go[] = {
        {"package m\nfunc F() { if err != { }\n_ = \n if err != nil { }\n}\nfunc G() { a() }",
         {"call a"},
         NULL}};
    static const struct expectation elixir[] = {
        {"def f do\nrescue\n ->\nend\ndef g do\na()\nend", {"call a"}, NULL}};
    EXPECT_ALL((struct fixture *)*state, "go", go);
    EXPECT_ALL((struct fixture *)*state, "elixir", elixir);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_go),
        cmocka_unit_test(test_java),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_broken),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
