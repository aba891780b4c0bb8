#include "arena_fixture.h"
#include "rule/catalogue.h"

#include "fact/path.h"
#include "fact/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has(const char *table, const char *a, const char *b, const char *c) {
    struct slice key[3] = {slice_of(a), slice_of(b), slice_of(c)};
    return table_has(&knowledge, slice_of(table), key, 1u + (b != NULL) + (c != NULL));
}

static void facts_are_found(void **state) {
    (void)state;
    assert_true(has("switches", "all-namespaces", NULL, NULL));
    assert_false(has("switches", "all-namespace", NULL, NULL));
    assert_true(has("terraform_replacement", "aws_db_instance", "engine", NULL));
    assert_true(has("terraform_replacement", "aws_db_instance", NULL, NULL));
    assert_false(has("terraform_replacement", "aws_db_instance", "deletion_protection", NULL));
    assert_true(has("cloudformation_replacement", "AWS::RDS::DBInstance",
                    "Properties.DBInstanceIdentifier", NULL));
    assert_true(has("cloudformation_replacement", "AWS::DynamoDB::Table",
                    "Properties.LocalSecondaryIndexes", NULL));
    assert_true(has("kubernetes_immutable", "apps/StatefulSet", "spec.serviceName", NULL));
    assert_true(has("stateful_types", "terraform", "aws_db_instance", NULL));
    assert_true(has("stateful_types", "kubernetes", "apps/StatefulSet", NULL));
    assert_true(has("data_types", "terraform", "aws_db_instance", NULL));
    assert_false(has("data_types", "terraform", "aws_eip", NULL));
    assert_true(has("identity_types", "terraform", "aws_eip", NULL));
    assert_false(has("stateful_types", "kubernetes", "aws_db_instance", NULL));
    assert_true(has("protective_attributes", "kubernetes", "*",
                    "metadata.annotations.\"helm.sh/resource-policy\""));
    assert_false(has("no_such_table", "a", NULL, NULL));
    assert_true(table_exists(&knowledge, SLICE("terraform_replacement")));
    assert_false(table_exists(&knowledge, SLICE("no_such_table")));
}

struct seen {
    uint32_t rows, matching;
};

static bool count_row(const struct row *row, void *context) {
    struct seen *seen = context;
    seen->rows++;
    assert_true(slice_is(row_cell(row, "provider"), "aws"));
    assert_true(slice_is(row_cell(row, "type"), "aws_security_group"));
    assert_true(slice_is_none(row_cell(row, "no_column")));
    seen->matching += path_relate(row_cell(row, "path"), SLICE("name")) == PATH_SAME;
    return true;
}

static void rows_of_a_type_are_visited(void **state) {
    (void)state;
    struct slice key = SLICE("aws_security_group");
    struct seen seen = {0};
    table_each(&knowledge, SLICE("terraform_replacement"), &key, 1, count_row, &seen);
    assert_true(seen.rows > 1 && seen.rows < 20);
    assert_int_equal(seen.matching, 1);
}

static bool row_finds_itself(const struct row *row, void *context) {
    struct slice key[3] = {row_cell(row, "system"), row_cell(row, "type"),
                           row_cell(row, "attribute")};
    assert_true(table_has(&knowledge, SLICE("protective_attributes"), key, 3));
    assert_true(path_is_valid(key[2]));
    ++*(uint32_t *)context;
    return true;
}

static bool type_finds_itself(const struct row *row, void *context) {
    struct slice key = row_cell(row, "type");
    assert_true(table_has(&knowledge, SLICE("terraform_replacement"), &key, 1));
    ++*(uint32_t *)context;
    return true;
}

static void every_row_is_reachable(void **state) {
    (void)state;
    uint32_t count = 0;
    table_each(&knowledge, SLICE("protective_attributes"), NULL, 0, row_finds_itself, &count);
    assert_true(count > 300);
    count = 0;
    table_each(&knowledge, SLICE("terraform_replacement"), NULL, 0, type_finds_itself, &count);
    assert_true(count > 20000);
}

static bool take_condition(const struct row *row, void *context) {
    *(predicate_ref *)context = row_predicate(row, "condition");
    return false;
}

static void conditions_are_compiled(void **state) {
    (void)state;
    struct slice conditional[2] = {SLICE("PersistentVolumeClaim"),
                                   SLICE("spec.resources.requests.storage")};
    struct slice plain[2] = {SLICE("apps/StatefulSet"), SLICE("spec.serviceName")};
    predicate_ref ref = 0;
    table_each(&knowledge, SLICE("kubernetes_immutable"), conditional, 2, take_condition, &ref);
    assert_true(ref > 0);
    table_each(&knowledge, SLICE("kubernetes_immutable"), plain, 2, take_condition, &ref);
    assert_int_equal(ref, 0);
}

/* One attribute of a thing that differs. */
struct question {
    struct predicate_context context;
    struct value body;
    struct predicate_change change;
    const char *column;
    enum predicate_result answer;
};

static const struct value *question_body(const void *self, bool before) {
    (void)before;
    return &((const struct question *)self)->body;
}

static bool question_change(const void *self, uint32_t index, struct predicate_change *change) {
    *change = ((const struct question *)self)->change;
    return index == 0;
}

static bool ask(const struct row *row, void *context) {
    static const struct predicate_subject_type type = {.body = question_body,
                                                       .change = question_change};
    struct question *question = context;
    struct predicate_subject subject = {&type, question, NULL};
    question->answer = predicate_evaluate(&question->context, row->image,
                                          row_predicate(row, question->column), &subject, NULL);
    return false;
}

static enum predicate_result answer(const char *table, const char *column, struct slice type,
                                    struct slice path, struct slice was, struct slice is) {
    struct value before = {.kind = VALUE_LITERAL, .text = was};
    struct value after = {.kind = VALUE_LITERAL, .text = is};
    struct question question = {
        .body = {.kind = VALUE_MAP}, .change = {path, &before, &after}, .column = column};
    predicate_context_init(&question.context, &arena, &knowledge);
    struct slice key[2] = {type, path};
    table_each(&knowledge, slice_of(table), key, 2, ask, &question);
    return question.answer;
}

/* A volume claim may grow and not shrink. */
static void conditional_facts_apply_to_edits(void **state) {
    (void)state;
    struct slice claim = SLICE("PersistentVolumeClaim");
    struct slice storage = SLICE("spec.resources.requests.storage");
    assert_int_equal(
        answer("kubernetes_immutable", "condition", claim, storage, SLICE("20Gi"), SLICE("10Gi")),
        PREDICATE_YES);
    assert_int_equal(
        answer("kubernetes_immutable", "condition", claim, storage, SLICE("10Gi"), SLICE("20Gi")),
        PREDICATE_NO);
    assert_int_equal(answer("kubernetes_immutable", "condition", claim, SLICE("spec.accessModes"),
                            SLICE("a"), SLICE("b")),
                     PREDICATE_YES); /* without a condition */
    struct slice disk = SLICE("google_compute_disk"), size = SLICE("size");
    assert_int_equal(
        answer("terraform_replacement", "certain_when", disk, size, SLICE("20"), SLICE("10")),
        PREDICATE_YES);
    assert_int_equal(
        answer("terraform_replacement", "never_when", disk, size, SLICE("10"), SLICE("20")),
        PREDICATE_YES);
    assert_int_equal(
        answer("terraform_replacement", "never_when", disk, size, SLICE("20"), SLICE("10")),
        PREDICATE_NO);
}

static void the_digest_is_the_build_s(void **state) {
    (void)state;
    assert_int_equal(strlen(knowledge.digest), 64);
    assert_string_equal(knowledge.digest, image_builtin_digest());
}

/* ---- tables of a directory of one's own ---- */

static char folder[64];

static void write_file(const char *name, const char *content) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static int make_folder(void **state) {
    (void)state;
    strcpy(folder, "/tmp/berm_table_XXXXXX");
    assert_non_null(mkdtemp(folder));
    char path[128];
    snprintf(path, sizeof path, "%s/facts", folder);
    return mkdir(path, 0700);
}

static int drop_folder(void **state) {
    (void)state;
    static const char *const names[] = {"facts/tables.yaml", "facts/t_x.tsv", "facts", ""};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        remove(path);
    }
    return 0;
}

struct job {
    struct arena arena;
    struct knowledge knowledge;
};

static void compile_folder(void *context) {
    struct job *job = context;
    const char *directories[] = {folder};
    knowledge_load(&job->arena, directories, 1, &job->knowledge);
}

static void a_table_is_added_from_data_alone(void **state) {
    (void)state;
    write_file("facts/tables.yaml", "tables:\n  - {name: toys, file: t_*.tsv, name_column: box, "
                                    "columns: [kind, path], key: [kind], paths: [path]}\n");
    write_file("facts/t_x.tsv", "# kind\tpath\nball\ta[\"b.c\"].d\n\nball\ta[\"b.c\"].d\n");
    struct job job;
    struct failure own;
    failure_init(&own);
    arena_init(&job.arena, &own, 0);
    assert_true(failure_try(&own, compile_folder, &job));
    struct slice key = SLICE("ball");
    assert_true(table_has(&job.knowledge, SLICE("toys"), &key, 1));
    assert_true(table_exists(&job.knowledge, SLICE("terraform_replacement")));
    assert_string_not_equal(job.knowledge.digest, image_builtin_digest());
    arena_release(&job.arena);
}

/* What lint says of a table: "" if it is content. */
static const char *lint_says(struct job *job, const char *table) {
    struct catalogue catalogue;
    struct rule_diagnostics diagnostics = {0};
    write_file("facts/tables.yaml", table);
    write_file("facts/t_x.tsv", "ball\n");
    struct failure own;
    failure_init(&own);
    arena_init(&job->arena, &own, 0);
    assert_true(failure_try(&own, compile_folder, job));
    catalogue_load(&job->arena, &job->knowledge, &catalogue);
    catalogue_lint(&job->arena, &catalogue, &diagnostics);
    if (!diagnostics.list.count)
        return "";
    assert_int_equal(diagnostics.list.count, 1);
    assert_int_equal(diagnostics.list.items[0].line, 2);
    assert_true(slice_ends(diagnostics.list.items[0].file, SLICE("facts/tables.yaml")));
    return arena_text(&job->arena, diagnostics.list.items[0].message);
}

static void a_table_nobody_asks_is_an_error(void **state) {
    (void)state;
    struct job job;
    assert_non_null(strstr(lint_says(&job, "tables:\n  - {name: toys, file: t_x.tsv, "
                                           "columns: [kind], key: [kind]}\n"),
                           "no rule asks the table toys"));
    arena_release(&job.arena);
    assert_string_equal(lint_says(&job, "tables:\n  - {name: toys, file: t_x.tsv, "
                                        "columns: [kind], key: [kind], used_by: reader}\n"),
                        "");
    arena_release(&job.arena);
    /* Another image's rule asks a table of that name. */
    assert_string_equal(lint_says(&job, "tables:\n  - {name: destroying_verbs, file: t_x.tsv, "
                                        "columns: [word], key: [word]}\n"),
                        "");
    arena_release(&job.arena);
}

static void assert_refused(const char *tables, const char *rows, const char *where,
                           const char *message, uint32_t line) {
    write_file("facts/tables.yaml", tables);
    write_file("facts/t_x.tsv", rows);
    struct job job;
    struct failure own;
    failure_init(&own);
    arena_init(&job.arena, &own, 0);
    assert_false(failure_try(&own, compile_folder, &job));
    assert_int_equal(own.error.status, BERM_ERROR_RULE);
    if (!strstr(own.error.where, where) || !strstr(own.error.message, message))
        fail_msg("%s: %s", own.error.where, own.error.message);
    assert_int_equal(own.error.line, line);
    arena_release(&job.arena);
}

static void bad_tables_are_refused_with_their_place(void **state) {
    (void)state;
    assert_refused("tables:\n- {name: t, file: t_x.tsv, columns: [a, b], key: [a]}\n", "1\n",
                   "t_x.tsv", "2 columns", 1);
    assert_refused("tables:\n- {name: t, file: t_x.tsv, columns: [a, b], key: [a]}\n",
                   "1\t2\n1\t2\t3\n", "t_x.tsv", "2 columns", 2);
    assert_refused("tables:\n- {name: t, file: t_x.tsv, columns: [a, b], key: [b]}\n", "1\t2\n",
                   "tables.yaml", "the key must be the first columns", 2);
    assert_refused("tables:\n- {name: t, file: none.tsv, columns: [a], key: [a]}\n", "1\n",
                   "tables.yaml", "no file matches", 2);
    assert_refused("tables:\n- {name: t, file: t_x.tsv, columns: [a], key: [a], kye: 1}\n", "1\n",
                   "tables.yaml", "unknown key", 2);
    assert_refused("tables:\n- {name: t, file: t_x.tsv, columns: [a], key: [a], used_by: me}\n",
                   "1\n", "tables.yaml", "the only word here is reader", 2);
    assert_refused("tables:\n- {name: t, file: t_x.tsv, columns: [a], key: [a], paths: [a]}\n",
                   "x\na..b\n", "t_x.tsv", "no attribute path", 2);
    assert_refused("tables:\n- {name: t, file: t_x.tsv, columns: [a, b], key: [a], "
                   "predicates: [b]}\n",
                   "x\t{wrong: 1}\n", "t_x.tsv", "unknown key in a condition", 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_are_found),
        cmocka_unit_test(rows_of_a_type_are_visited),
        cmocka_unit_test(every_row_is_reachable),
        cmocka_unit_test(conditions_are_compiled),
        cmocka_unit_test(conditional_facts_apply_to_edits),
        cmocka_unit_test(the_digest_is_the_build_s),
        cmocka_unit_test_setup_teardown(a_table_is_added_from_data_alone, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_table_nobody_asks_is_an_error, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(bad_tables_are_refused_with_their_place, make_folder,
                                        drop_folder),
    };
    return cmocka_run_group_tests(tests, knowledge_set_up, arena_tear_down);
}
