#include "entity_fixture.h"

static void test_imports(void **state) {
    static const struct expectation table[] = {
        {"import * as fs from 'node:fs';\nfs.rmSync(p);",
         {"import node:fs", "callee: fs.rmSync"},
         NULL},
        {"import {rm as del} from 'fs/promises';\ndel(p);", {"callee: fs.promises.rm"}, NULL},
        {"import rimraf from \"rimraf\";\nrimraf(p);", {"callee: rimraf"}, NULL},
        {"const {rm: del, promises: {rm}} = require('fs');\ndel(a);\nrm(b);",
         {"callee: fs.rm,", "callee: fs.promises.rm,"},
         NULL},
        {"const p = require('fs').promises;\np.rm(a);\nconst q = p.rm;\nq(b)",
         {"callee: fs.promises.rm", "text: q(b)"},
         NULL},
        {"require('fs').rmSync(p)", {"callee: fs.rmSync", "method: rmSync"}, NULL},
        {"const {rm} = await import('node:fs/promises');\nrm(a);",
         {"callee: fs.promises.rm"},
         NULL},
        {"import {wipe as w} from './wipe';\nw(a);", {"import ./wipe.wipe", "callee: wipe"}, NULL},
        {"import {DeleteBucketCommand} from '@aws-sdk/client-s3';\n"
         "client.send(new DeleteBucketCommand({Bucket: b}));",
         {"callee: @aws-sdk/client-s3.DeleteBucketCommand, new: true", "keywords: {Bucket: b}"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "javascript", table);
}

static void test_calls(void **state) {
    static const struct expectation table[] = {
        {"prisma.user.deleteMany({where: {id: 1}, ...rest, short, f() {}})",
         {"receiver: prisma.user", "owner: user", "method: deleteMany",
          "keywords: {where: {id: 1}, short: short}"},
         NULL},
        {"new aws.s3.Bucket('id', {acl: 'private', tags: [a, 'b']}, {protect: true})",
         {"callee: aws.s3.Bucket, new: true", "arguments: [id, ",
          "keywords: {acl: private, tags: [a, b], protect: true}"},
         NULL},
        {"obj['del']?.(1); c.databases().delete(x)",
         {"callee: obj.del", "owner: databases, method: delete"},
         NULL},
        {"db.query(`DROP TABLE ${t}`, 'a' + \"b\", -1, undefined)",
         {"arguments: [DROP TABLE ${t}, ab, -1, null]"},
         NULL},
        {"const db = knex(config);\ndb('t').del(); function f() { const db = other(); }\ndb.del()",
         {"origin: knex"},
         "origin: other"},
        {"sql`DELETE FROM ${t}`", {"callee: sql", "arguments: [DELETE FROM ${t}]"}, NULL},
        {"x = <div onClick={() => del()}>don't</div>", {"callee: del"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "javascript", table);
}

static void test_chains(void **state) {
    static const struct expectation table[] = {
        {"knex('t').where({a: 1}).del()",
         {"callee: knex.where.del", "method: del, filters: [where({a: 1})]"},
         NULL},
        {"knex('t').del().where('a', 1)", {"method: del, filters: [where(\"a\", 1)]"}, NULL},
        {"db.delete(users)", {"method: delete"}, "filters"},
        {"xs.forEach(x => x.destroy())", {"loop: true, text: x.destroy()"}, NULL},
        {"q.where(del(x))", {"callee: del"}, "callee: del, filters"},
    };
    EXPECT_ALL((struct fixture *)*state, "javascript", table);
}

/* However it is laid out, and whatever stands in the functions it is given, a call is the same. */
static void test_layout(void **state) {
    static const struct expectation table[] = {
        {"app.get( '/x',\n  auth,\n  (req, res) => {\n    f();\n  },\n)",
         {"text: app.get(\"/x\", auth, (req, res) => {...})"},
         NULL},
        {"app.get(\"/x\", auth, (req, res) => { g(); h() })",
         {"text: app.get(\"/x\", auth, (req, res) => {...})"},
         NULL},
        {"a\n  .b()\n  ?.c( { x: 1, } )", {"text: a.b()?.c({x: 1})"}, NULL},
        {"p.catch(() => {})", {"arguments: [() => {}]"}, NULL},
        {"f('it\\'s', `a  b`, \"c  d\")", {"text: f('it\\'s', `a  b`, \"c  d\")"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "javascript", table);
}

static void test_place(void **state) {
    static const struct expectation table[] = {
        {"exports.up = function (k) { k.drop('a'); };\nmodule.exports = {\n  async down(k) "
         "{ k.drop('b'); },\n  redo: async (k) => { k.drop('c'); }\n};",
         {"function: up, text: k.drop(\"a\")", "function: down, text: k.drop(\"b\")",
          "function: redo, text: k.drop(\"c\")"},
         NULL},
        {"class A extends B { run = () => { f(); }; async #q() { g(); } }",
         {"class A", "bases: extends B", "function: A.run", "function: A.#q"},
         NULL},
        {"if (a) { b(); } else if (c) d(); else { e(); }",
         {"guards: [a], text: b()", "guards: [not (a), c], text: d()",
          "guards: [not (a), not (c)], text: e()"},
         NULL},
        {"function f() { if (!ok) { return; } g(); }", {"guards: [not (!ok)]"}, NULL},
        {"a && b(); c || d(); x ? y() : z()",
         {"guards: [a], text: b()", "guards: [not (c)], text: d()", "guards: [not (x)], text: z()"},
         NULL},
        {"switch (k) { case 1: one(); }", {"guards: [case k in 1]"}, NULL},
        {"try { a() } catch (e) { /* no */ }\ntry { a() } catch (e) { log(e) }",
         {"handler catch", "catches: catch (e), empty: true", "catches: catch (e), empty: false"},
         NULL},
        {"const A = 'x', B = true;\nconst c = {debug: true, db: {sync: false}};\n"
         "process.env.X = '0';\nh.check = () => true;",
         {"assignment A", "assignment B", "{value: {debug: true, db: {sync: false}}}",
          "assignment process.env.X", "{value: () => true}"},
         NULL},
        {"function f(force = false, {dry = true} = {}) {}",
         {"defaults: {force: false, dry: true"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "javascript", table);
}

static void test_processes(void **state) {
    static const struct expectation table[] = {
        {"const {exec} = require('child_process');\nexec('rm -rf ' + dir, cb);",
         {"callee: child_process.exec", "callee: rm", "operands: [$dir]"},
         NULL},
        {"import cp from 'child_process';\ncp.spawn('rm', ['-rf', `${d}/x`], {stdio: 'inherit'})",
         {"operands: [$d/x]", "flags: {r: true, f: true}"},
         "inherit]"},
        {"import cp from 'child_process';\ncp.spawnSync('rm -rf /x', {shell: true})",
         {"operands: [/x]"},
         NULL},
        {"/a/.exec('rm -rf /')", {"method: exec"}, "callee: rm"},
    };
    EXPECT_ALL((struct fixture *)*state, "javascript", table);
}

static void test_typescript(void **state) {
    static const struct expectation table[] = {
        {"@Controller('x') @UseGuards(Auth)\nexport class C {\n  @Roles('admin')\n  find(id?: "
         "string, "
         "force: boolean = false) {}\n  plain() {}\n}",
         {"class C", "decorators: [Controller(\"x\"), UseGuards(Auth)]",
          "decorators: [Roles(\"admin\")], defaults: {force: false}", "function C.plain",
          "{scope: C}"},
         NULL},
        {"import cp = require('child_process');\ncp.exec('ls')",
         {"callee: child_process.exec"},
         NULL},
        {"(x as any).delete(id!); (<Foo>y).z(); await repo.clear()",
         {"callee: x.delete", "callee: repo.clear"},
         NULL},
        {"const o = {a: 1} as const;", {"assignment o", "{value: {a: 1}}"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "typescript", table);
}

static struct slice repeated(struct fixture *fixture, const char *front, const char *text,
                             uint32_t count) {
    struct strbuf buf;
    strbuf_init(&buf, &fixture->arena);
    strbuf_add_text(&buf, front);
    for (uint32_t i = 0; i < count; i++)
        strbuf_add_text(&buf, text);
    return strbuf_slice(&buf);
}

static void test_hostile_texts(void **state) {
    struct fixture *fixture = *state;
    const struct entity_list *list =
        fixture_read(fixture, "javascript", repeated(fixture, "a", ".b()", 3000));
    assert_true(list->count > 0);
    assert_int_equal(list->note_count, 1);
    list = fixture_read(fixture, "javascript", repeated(fixture, "x = ", "`${", 3000));
    assert_true(list->note_count > 0);
    list = fixture_read(fixture, "javascript", repeated(fixture, "x = ", "a => ", 3000));
    assert_true(list->note_count > 0);
    list = fixture_read(fixture, "javascript", repeated(fixture, "x = ", "f({a: ", 3000));
    assert_true(list->note_count > 0);
    list = fixture_read(fixture, "typescript", SLICE("class {{{ function (:\n  x(\n"));
    assert_true(list->note_count > 0);
    list = fixture_read(fixture, "javascript", SLICE("f('\xff\xfe', '\\u12', \"\\"));
    assert_true(list->count + list->note_count > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_imports),    cmocka_unit_test(test_calls),
        cmocka_unit_test(test_chains),     cmocka_unit_test(test_layout),
        cmocka_unit_test(test_place),      cmocka_unit_test(test_processes),
        cmocka_unit_test(test_typescript), cmocka_unit_test(test_hostile_texts),
    };
    return cmocka_run_group_tests(tests, fixture_set_up, fixture_tear_down);
}
