/* Which edits take a protection away: the words of the facts, and every row of Terraform as an edit
 * of its own, in both directions. */
#include "delta_scene.h"

#include "base/strbuf.h"
#include "fact/table.h"

static bool weakens(const char *path, const char *before, const char *after) {
    return strstr(events_in(path, before, after), "weakened ") != NULL;
}

#define SETTING(type, text) "resource \"" type "\" \"a\" {\n  name = \"a\"\n" text "}\n"
#define AUDIT(text) SETTING("azurerm_mssql_database_extended_auditing_policy", text)
#define TRAIL(text) SETTING("aws_cloudtrail", text)

static void assert_one_way(const char *strong, const char *weak) {
    if (!weakens("main.tf", strong, weak))
        fail_msg("is not weakened by\n%s", weak);
    if (weakens("main.tf", weak, strong))
        fail_msg("is weakened by\n%s", strong);
}

static void no_limit_is_more_than_any_number(void **state) {
    (void)state;
    assert_one_way(
        "resource \"kafka_topic\" \"a\" {\n  config = { \"retention.ms\" = \"-1\" }\n}\n",
        "resource \"kafka_topic\" \"a\" {\n  config = { \"retention.ms\" = \"9000\" }\n}\n");
    assert_false(weakens("main.tf", AUDIT(""), AUDIT("retention_in_days = 365\n")));
    assert_one_way(AUDIT(""), AUDIT("retention_in_days = 6\n"));
    assert_one_way(AUDIT("retention_in_days = 90\n"), AUDIT("retention_in_days = 6\n"));
}

static void lists_are_compared_as_sets(void **state) {
    (void)state;
    assert_one_way(SETTING("aws_eks_cluster", "enabled_cluster_log_types = [\"api\", \"audit\"]\n"),
                   SETTING("aws_eks_cluster", "enabled_cluster_log_types = [\"api\"]\n"));
    assert_false(weakens(
        "main.tf", SETTING("aws_eks_cluster", "enabled_cluster_log_types = [\"api\", \"audit\"]\n"),
        SETTING("aws_eks_cluster", "enabled_cluster_log_types = [\"audit\", \"api\"]\n")));
}

#define SELECTOR(value)                                                                            \
    TRAIL("event_selector {\n  data_resource {\n    values = [\"" value "\"]\n  }\n}\n")

static void prefixes_hold_what_is_longer(void **state) {
    (void)state;
    assert_one_way(SELECTOR("arn:aws:s3"), SELECTOR("arn:aws:s3:::one/"));
}

/* What nothing is known of is not taken away by writing it down. */
static void a_new_block_takes_nothing_away(void **state) {
    (void)state;
    assert_false(
        weakens("main.tf", SETTING("aws_cloudwatch_metric_alarm", ""),
                SETTING("aws_cloudwatch_metric_alarm", "treat_missing_data = \"notBreaching\"\n")));
}

static void what_is_empty_is_not_there(void **state) {
    (void)state;
    assert_one_way(TRAIL("cloud_watch_logs_group_arn = \"arn:x\"\n"),
                   TRAIL("cloud_watch_logs_group_arn = \"\"\n"));
    assert_false(weakens("main.tf", TRAIL(""), TRAIL("cloud_watch_logs_group_arn = \"\"\n")));
    assert_one_way(SETTING("aws_docdb_cluster", "enabled_cloudwatch_logs_exports = [\"audit\"]\n"),
                   SETTING("aws_docdb_cluster", "enabled_cloudwatch_logs_exports = []\n"));
}

/* The first alternative that can be written down, or none. */
static struct slice literal_of(struct slice alternatives) {
    static const char *const words[] = {"removed", "absent", "present",        "added",   "lowered",
                                        "limited", "raised", "narrowed",       "widened", "kept",
                                        "block",   "list",   "prefix-narrowed"};
    struct slice part;
    while (slice_split(&alternatives, '|', &part)) {
        bool word = slice_find_byte(part, '*') != SLICE_NPOS ||
                    (part.size && (part.data[0] == '>' || part.data[0] == '<'));
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            word = word || slice_is(part, words[i]);
        if (part.size && !word)
            return part;
    }
    return SLICE_NONE;
}

/* a.b.c as nested blocks; false for what this cannot write. */
static const char *text_of(struct slice type, struct slice path, struct slice value) {
    struct strbuf out;
    uint32_t depth = 0;
    struct slice step;
    strbuf_init(&out, &arena);
    strbuf_addf(&out, "resource \"%.*s\" \"a\" {\n", SLICE_ARGS(type));
    for (; slice_split(&path, '.', &step); depth++) {
        if (slice_find_byte(step, '[') != SLICE_NPOS || slice_find_byte(step, '"') != SLICE_NPOS)
            return NULL;
        if (slice_is_none(path))
            strbuf_addf(&out, "%.*s = \"%.*s\"\n", SLICE_ARGS(step), SLICE_ARGS(value));
        else
            strbuf_addf(&out, "%.*s {\n", SLICE_ARGS(step));
    }
    for (; depth; depth--)
        strbuf_add_text(&out, "}\n");
    return arena_text(&arena, strbuf_slice(&out));
}

static bool row_is_one_way(const struct row *row, void *context) {
    struct slice type = row_cell(row, "type"), path = row_cell(row, "attribute");
    struct slice safe = literal_of(row_cell(row, "safe"));
    struct slice dangerous = literal_of(row_cell(row, "dangerous"));
    if (slice_is(type, "*") || slice_is(type, "provider") || slice_is_none(safe) ||
        slice_is_none(dangerous))
        return true;
    const char *strong = text_of(type, path, safe), *weak = text_of(type, path, dangerous);
    if (!strong || !weak)
        return true;
    assert_one_way(strong, weak);
    ++*(uint32_t *)context;
    return true;
}

static void every_row_finds_its_edit(void **state) {
    (void)state;
    struct slice key = SLICE("terraform");
    uint32_t count = 0;
    table_each(&knowledge, SLICE("protective_attributes"), &key, 1, row_is_one_way, &count);
    assert_true(count > 700);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_limit_is_more_than_any_number, setup, teardown),
        cmocka_unit_test_setup_teardown(lists_are_compared_as_sets, setup, teardown),
        cmocka_unit_test_setup_teardown(prefixes_hold_what_is_longer, setup, teardown),
        cmocka_unit_test_setup_teardown(a_new_block_takes_nothing_away, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_empty_is_not_there, setup, teardown),
        cmocka_unit_test_setup_teardown(every_row_finds_its_edit, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
