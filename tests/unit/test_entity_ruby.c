#include "entity_fixture.h"

static void test_calls(void **state) {
    static const struct expectation table[] = {
        {"drop_table :users, force: :cascade",
         {"callee: drop_table, method: drop_table", "arguments: [users]",
          "keywords: {force: cascade}"},
         NULL},
        {"User.where(a: 1).delete_all",
         {"callee: User.where.delete_all", "method: delete_all, filters: [where(a: 1)]"},
         NULL},
        {"FileUtils.rm_rf(dir, :secure => true)",
         {"callee: FileUtils.rm_rf", "receiver: FileUtils", "keywords: {secure: true}"},
         NULL},
        {"client.databases.delete(x)", {"owner: databases, method: delete"}, NULL},
        {"execute <<~SQL, 1\n  DELETE FROM users\nSQL\n",
         {"arguments: [   DELETE FROM users , 1]"},
         NULL},
        {"f(<<A, <<B)\none\nA\ntwo #{x}\nB\n", {"arguments: [ one ,  two ${x} ]"}, NULL},
        {"t.string 'a', default: %w[a b]", {"arguments: [a]", "keywords: {default: [a, b]}"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "ruby", table);
}

static void test_place(void **state) {
    static const struct expectation table[] = {
        {"class AddX < ActiveRecord::Migration[7.0]\n  def up\n    a.b\n  end\nend",
         {"class AddX", "bases: < ActiveRecord::Migration[7.0]", "function: AddX.up"},
         NULL},
        {"User.delete_all if Rails.env.test?\nUser.clear unless x",
         {"guards: [Rails.env.test?], text: User.delete_all",
          "guards: [not (x)], text: User.clear"},
         NULL},
        {"def f\n  return unless ok\n  g()\nend", {"guards: [ok], function: f, text: g()"}, NULL},
        {"unless a\n  b()\nelsif c\n  d()\nelse\n  e()\nend",
         {"guards: [not (a)], text: b()", "guards: [a, c], text: d()",
          "guards: [a, not (c)], text: e()"},
         NULL},
        {"a.each { |i| i.destroy }\nb.each do |j|\n  j.drop\nend",
         {"loop: true, text: i.destroy", "loop: true, text: j.drop", "text: a.each {|i| {...}}"},
         NULL},
        {"begin\n  a()\nrescue E => e\nend\nb() rescue nil",
         {"catches: rescue E => e, empty: true", "catches: b() rescue, empty: true"},
         NULL},
        {"http.verify_mode = OpenSSL::SSL::VERIFY_NONE\nENV['A'] = 'b'\nLIMIT = 3",
         {"assignment http.verify_mode", "{value: OpenSSL::SSL::VERIFY_NONE}",
          "assignment ENV[\"A\"]", "assignment LIMIT"},
         NULL},
        {"def q(a, b = false, c: 1)\nend", {"defaults: {b: false, c: 1}"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "ruby", table);
}

static void test_processes(void **state) {
    static const struct expectation table[] = {
        {"system \"rm -rf #{x}/y\"", {"callee: rm", "operands: [$x/y]"}, NULL},
        {"system('rm', '-rf', dir, exception: true)", {"operands: [$dir]"}, NULL},
        {"`rm -rf #{x}`\n%x(kubectl delete ns a)", {"callee: rm", "callee: kubectl"}, NULL},
        {"puts 'rm -rf /'", {"callee: puts"}, "callee: rm"},
    };
    EXPECT_ALL((struct fixture *)*state, "ruby", table);
}

static struct slice repeated(struct fixture *fixture, const char *text, uint32_t count) {
    struct strbuf buf;
    strbuf_init(&buf, &fixture->arena);
    for (uint32_t i = 0; i < count; i++)
        strbuf_add_text(&buf, text);
    return strbuf_slice(&buf);
}

static void test_hostile_texts(void **state) {
    static const char *const killers[] = {"\"#{", "if a\n", "a do\n", "f(<<A)\n#{", "[", "-> {"};
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof killers / sizeof *killers; i++)
        assert_true(fixture_read(fixture, "ruby", repeated(fixture, killers[i], 3000))->note_count >
                    0);
    assert_true(fixture_read(fixture, "ruby", SLICE("def f(\n  <<~A\n"))->note_count > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_place),
        cmocka_unit_test(test_processes),
        cmocka_unit_test(test_hostile_texts),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
