#include "entity_fixture.h"

static void test_objects(void **state) {
    static const struct expectation table[] = {
        {"DROP TABLE IF EXISTS public.\"Users\", b CASCADE;",
         {"drop table public.Users", "drop table b", "modifiers: [if exists, cascade]"},
         NULL},
        {"drop table `a`.`b`; DROP TABLE [dbo].[Order Lines]; DROP TABLE {{ this }}",
         {"drop table a.b", "drop table dbo.Order Lines", "drop table {{ this }}"},
         "note"},
        {"DROP DATABASE app; DROP SCHEMA s CASCADE; DROP MATERIALIZED VIEW CONCURRENTLY m; "
         "DROP INDEX CONCURRENTLY i; DROP FUNCTION f(int, text), g();",
         {"drop database app", "drop schema s", "drop materialized view m", "drop index i",
          "drop function f ", "drop function g "},
         NULL},
        {"DROP TRIGGER t ON users; DROP POLICY p ON accounts",
         {"drop trigger t", "table: users", "drop policy p", "table: accounts"},
         NULL},
        {"-- DROP TABLE a;\n/* DROP TABLE b; */\nSELECT 'DROP TABLE c', $$DROP TABLE d$$;",
         {"statement select"},
         "drop table"},
        {"/*!40000 DROP DATABASE IF EXISTS app*/;",
         {"drop database app", "commented: executed"},
         NULL},
        {"TRUNCATE TABLE ONLY a, b RESTART IDENTITY; SELECT TRUNCATE(x, 2)",
         {"truncate a ", "truncate b ", "restart identity"},
         "truncate x"},
    };
    EXPECT_ALL((struct fixture *)*state, "sql", table);
}

static void test_rows(void **state) {
    static const struct expectation table[] = {
        {"DELETE FROM users;", {"delete users"}, "clauses"},
        {"DELETE FROM users u USING x WHERE u.id = x.id RETURNING id",
         {"using: x", "where: u.id = x.id", "returning: id"},
         "tautology"},
        {"UPDATE t SET v = (SELECT 1 FROM b WHERE c = 1)", {"update t", "set: v ="}, "where: "},
        {"DELETE FROM a WHERE NOT FALSE AND (id = id OR x = 3)", {"tautology: true"}, NULL},
        {"DELETE FROM a WHERE NULL IS NOT NULL", {"contradiction: true"}, "tautology"},
        {"DELETE FROM a WHERE x BETWEEN 1 AND 2", {"where"}, "tautology"},
        {"DELETE FROM a WHERE x = ? AND 1 = 1", {"where"}, "tautology"},
        {"EXPLAIN DELETE FROM a", {"explain: true"}, NULL},
        {"EXPLAIN (ANALYZE, BUFFERS) DELETE FROM a", {"delete a"}, "explain: true"},
        {"WITH d AS (DELETE FROM q RETURNING *) INSERT INTO z SELECT * FROM d",
         {"delete q", "insert z"},
         NULL},
        {"SELECT 1 FOR UPDATE; INSERT INTO a VALUES (1) ON CONFLICT DO UPDATE SET b = 2; "
         "GRANT DELETE ON t TO x; CREATE TABLE c (a int REFERENCES d ON DELETE CASCADE)",
         {"insert a", "grant t"},
         "statement delete"},
    };
    EXPECT_ALL((struct fixture *)*state, "sql", table);
}

static void test_actions(void **state) {
    static const struct expectation table[] = {
        {"ALTER TABLE ONLY public.users ADD COLUMN email varchar(255) NOT NULL DEFAULT 'x', "
         "DROP COLUMN age CASCADE, ALTER COLUMN name TYPE varchar (10) USING left(name, 10)",
         {"alter table add column public.users.email",
          "data_type: varchar(255), base_type: varchar, length: 255, default: 'x', "
          "nullable: false",
          "alter table drop column public.users.age", "data_type: varchar(10)",
          "using: left (name, 10)"},
         NULL},
        {"ALTER TABLE t DROP a, DROP CONSTRAINT c, RENAME TO u, RENAME COLUMN x TO y",
         {"alter table drop column t.a", "alter table drop constraint t.c", "alter table rename t",
          "alter table rename column t.x"},
         NULL},
        {"ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES b (c) NOT VALID",
         {"alter table add constraint t.f", "constraint: foreign key", "not valid"},
         NULL},
        {"ALTER TABLE t DROP PARTITION p0, p1; ALTER TABLE t TRUNCATE PARTITION p",
         {"alter table drop partition t", "alter table truncate partition t"},
         NULL},
        {"ALTER TABLE a DROP (x, y); ALTER TABLE a ADD (z int, w text NOT NULL)",
         {"alter table drop column a.x", "alter table drop column a.y",
          "alter table add column a.z", "alter table add column a.w"},
         NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "sql", table);
}

static void test_bodies(void **state) {
    static const struct expectation table[] = {
        {"DO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$;",
         {"drop table users", "dynamic: true", "body: do"},
         NULL},
        {"CREATE FUNCTION f() RETURNS void AS $x$ BEGIN TRUNCATE logs; END $x$ LANGUAGE plpgsql;",
         {"truncate logs [46-59]", "body: function"},
         NULL},
        {"CREATE FUNCTION f() RETURNS void AS $$ DROP TABLE x $$ LANGUAGE plpython3u;",
         {"create function f"},
         "drop table"},
        {"DELIMITER $$\nCREATE PROCEDURE p()\nBEGIN\n IF a THEN DELETE FROM b; END IF;\nEND$$\n"
         "DELIMITER ;\nDROP TABLE z;",
         {"delete b", "body: procedure", "drop table z"},
         NULL},
        {"IF EXISTS (SELECT 1) DROP TABLE dbo.x\nDROP TABLE dbo.y\nGO\nEXEC('DROP TABLE z')\nGO",
         {"drop table dbo.x", "drop table dbo.y", "drop table z", "dynamic"},
         NULL},
        {"SET @s = N'DROP TABLE zz'\nEXEC(@s)", {"drop table zz"}, NULL},
        {"BEGIN UPDATE t SET a=1; END;", {"update t"}, "body"},
        {"CREATE PROCEDURE p IS v NUMBER; BEGIN DELETE FROM a; END;\n/\nDROP TABLE b;",
         {"delete a", "body: procedure", "\nstatement drop table b"},
         "drop table b [61-73] {table: b, body"},
        {"CREATE PACKAGE BODY k AS\nPROCEDURE p IS BEGIN DELETE FROM a; END p;\n"
         "PROCEDURE q IS BEGIN DELETE FROM b; END q;\nEND k;\n/\nDELETE FROM c;",
         {"  statement delete a", "  statement delete b", "\nstatement delete c"},
         NULL},
        {"CREATE PROCEDURE p AS SELECT 1; DELETE FROM a;\nGO\nDELETE FROM b\nGO",
         {"  statement delete a", "body: procedure", "\nstatement delete b"},
         NULL},
        {"FOR t IN SELECT a FROM b LOOP EXECUTE format('DROP TABLE %I', t); END LOOP;",
         {"drop table %I", "dynamic: true"},
         NULL},
        {"BEGIN BATCH DELETE FROM app.users WHERE id = 1; APPLY BATCH;",
         {"statement begin", "statement delete app.users"},
         "note"},
    };
    EXPECT_ALL((struct fixture *)*state, "sql", table);
}

static void test_templates(void **state) {
    static const struct expectation table[] = {
        {"{{ config(pre_hook=\"DROP TABLE IF EXISTS {{ this }}_x\") }}\nSELECT 1",
         {"drop table {{ this }}_x", "statement select"},
         "note"},
        {"DELETE FROM t {% if a %} WHERE b = 1 {% endif %};", {"conditional: true"}, NULL},
        {"DELETE FROM t WHERE b = 1 {% if a %} AND c {% endif %};",
         {"where: b = 1"},
         "conditional"},
        {"{# DROP TABLE a #}{% do run_query('TRUNCATE TABLE z') %}", {"truncate z"}, "drop"},
        {"DROP TABLE ${schema}.$TABLE; DROP TABLE :t; DROP TABLE #{x}_old",
         {"drop table ${schema}.$TABLE", "drop table :t", "drop table #{x}_old"},
         "note"},
    };
    EXPECT_ALL((struct fixture *)*state, "sql", table);
}

static void test_place(void **state) {
    static const struct expectation table[] = {
        {"BEGIN;\nDROP TABLE a;\nCOMMIT;\n", {"transaction: true"}, NULL},
        {"-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;\n",
         {"section: up", "section: down", "created: true"},
         NULL},
        {"-- Download report\nDROP TABLE a;", {"drop table a"}, "section"},
        {"DROP TABLE a; CREATE TABLE a (id int);", {"recreated: true"}, NULL},
        {"CREATE TEMP TABLE a (id int); DROP TABLE a; DROP TABLE #b", {"created: true"}, NULL},
        {"COPY t (a) FROM stdin;\n1; DROP TABLE x\nit's\n\\.\nDROP TABLE y;",
         {"copy t", "drop table y"},
         "drop table x"},
    };
    EXPECT_ALL((struct fixture *)*state, "sql", table);
}

static void test_hostile(void **state) {
    static const struct expectation table[] = {
        {"DROP TABLE a) ; DROP TABLE b", {"drop table b", "syntax not understood"}, NULL},
        {"SELECT (1; DROP TABLE b", {"drop table b", "syntax not understood"}, NULL},
        {"INSERT INTO t VALUES ('a; DROP TABLE b;", {"syntax not understood"}, NULL},
        {"/* never closed\nDROP TABLE b;", {"drop table b"}, NULL},
    };
    EXPECT_ALL((struct fixture *)*state, "sql", table);
    struct strbuf text;
    strbuf_init(&text, &((struct fixture *)*state)->arena);
    strbuf_add_repeat(&text, '(', 100000);
    fixture_dump(*state, "sql", strbuf_slice(&text));
    for (uint32_t i = 0; i < 20000; i++)
        strbuf_add_text(&text, "begin delete ");
    fixture_dump(*state, "sql", slice_from(strbuf_slice(&text), 100000));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_objects, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_rows, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_actions, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_bodies, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_templates, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_place, fixture_set_up, fixture_tear_down),
        cmocka_unit_test_setup_teardown(test_hostile, fixture_set_up, fixture_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
