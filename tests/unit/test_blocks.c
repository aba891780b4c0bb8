#include "language_fixture.h"

static struct block *cut(const char *dialect, struct slice text, uint32_t *count) {
    const struct dialect *found = dialect_by_name(fixture.dialects, slice_of(dialect));
    assert_non_null(found);
    struct block *blocks = language_blocks(&fixture.arena, found, text, count);
    size_t offset = 0; /* no gaps, right lines */
    for (uint32_t i = 0; i < *count; i++) {
        assert_int_equal(blocks[i].offset, offset);
        assert_int_equal(blocks[i].line, slice_line_at(text, offset));
        assert_ptr_equal(blocks[i].bytes.data, text.data + offset);
        offset += blocks[i].bytes.size;
    }
    assert_int_equal(offset, text.size);
    return blocks;
}

/* Kind, type, name and body of every entity, block by block. */
static struct slice bodies(const char *dialect, const struct block *blocks, uint32_t count) {
    const struct dialect *found = dialect_by_name(fixture.dialects, slice_of(dialect));
    struct strbuf out;
    strbuf_init(&out, &fixture.arena);
    for (uint32_t i = 0; i < count; i++) {
        const struct entity_list *list = entity_read(&fixture.reader, found, blocks[i].bytes);
        for (uint32_t n = 0; n < list->count; n++)
            strbuf_addf(&out, "%.*s %.*s %.*s\n", SLICE_ARGS(list->items[n].kind),
                        SLICE_ARGS(list->items[n].name),
                        SLICE_ARGS(value_render(&fixture.arena, list->items[n].body, 4000)));
    }
    return strbuf_slice(&out);
}

static uint32_t check(const char *dialect, const char *text) {
    uint32_t count, one;
    struct block *blocks = cut(dialect, slice_of(text), &count);
    struct block whole = {.bytes = slice_of(text)};
    one = 1;
    assert_string_equal(arena_text(&fixture.arena, bodies(dialect, blocks, count)),
                        arena_text(&fixture.arena, bodies(dialect, &whole, one)));
    return count;
}

static void test_hcl(void **state) {
    (void)state;
    assert_int_equal(check("terraform", "# first\nresource \"a\" \"b\" {\n  x = \"}\"\n}\n\n"
                                        "/* } */\nresource \"a\" \"c\" {\n  y = 1 // }\n}\n"),
                     2);
    assert_int_equal(check("terraform", "resource \"a\" \"b\" {\n  x = <<-EOT\n  }\n  EOT\n}\n"
                                        "locals {\n  q = \"${join(\"}\", [\"{\"])}\"\n}\n"),
                     2);
    assert_int_equal(check("terraform", "variable \"x\" {}\noutput \"y\" { value = 1 }\n# end\n"),
                     2);
    assert_int_equal(check("tfvars", "a = 1\nb = [\n  1,\n  2,\n]\n\nc = {\n d = 1\n}"), 3);
    assert_int_equal(check("terraform", "locals {\n  a = \"$${b}\"\n}\nlocals {\n  c = 1\n}\n"), 2);
}

static void test_hcl_unbalanced_is_one_block(void **state) {
    (void)state;
    uint32_t count;
    cut("terraform", SLICE("resource \"a\" \"b\" {\n\nresource \"c\" \"d\" {\n}\n"), &count);
    assert_int_equal(count, 1);
    cut("terraform", SLICE("x = <<EOT\n never closed\n}\n"), &count);
    assert_int_equal(count, 1);
}

static void test_yaml(void **state) {
    (void)state;
    const char *two = "# head\n---\napiVersion: v1\nkind: A\nmetadata: {name: x}\n# about b\n---\n"
                      "apiVersion: v1\nkind: B\nmetadata: {name: y}\n";
    assert_int_equal(check("kubernetes", two), 2);
    assert_int_equal(check("kubernetes", "apiVersion: v1\nkind: A\nmetadata:\n  name: x\n"), 1);
    assert_int_equal(check("kubernetes", "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n"
                                         "    ---\n    b\n---\napiVersion: v1\nkind: C\n"),
                     2);
}

static void test_others_are_one_block(void **state) {
    (void)state;
    assert_int_equal(check("json", "{\"a\": 1}\n"), 1);
    uint32_t count;
    struct block *blocks = cut("terraform", SLICE(""), &count);
    assert_int_equal(count, 1);
    assert_int_equal(blocks[0].bytes.size, 0);
    cut("kubernetes", SLICE("# only a comment\n"), &count);
    assert_int_equal(count, 1);
    cut("kubernetes", SLICE("---\n---\n---"), &count);
}

static void test_equal_blocks_have_equal_hashes(void **state) {
    (void)state;
    uint32_t count;
    struct block *blocks = cut("terraform", SLICE("a {}\nb {}\na {}\n"), &count);
    assert_int_equal(count, 3);
    assert_true(blocks[0].hash == blocks[2].hash);
    assert_true(blocks[0].hash != blocks[1].hash);
}

/* Other versions of a text: a line taken out, written twice, or broken, at every place. */
static struct slice edited(struct slice text, size_t at, uint32_t how) {
    size_t end = at;
    while (end < text.size && text.data[end] != '\n')
        end++;
    end += end < text.size;
    struct slice line = slice_sub(text, at, end), head = slice_sub(text, 0, at);
    struct slice tail = slice_from(text, end);
    if (how == 0)
        return ARENA_CONCAT(&fixture.arena, head, tail);
    if (how == 1)
        return ARENA_CONCAT(&fixture.arena, head, line, line, tail);
    return ARENA_CONCAT(&fixture.arena, head, slice_of(how == 2 ? "{ \"" : "<<E\n"), line, tail);
}

static void same_with_hint(const struct dialect *dialect, struct slice text, struct slice like) {
    struct block_list known = {.count = 0};
    known.items = language_blocks(&fixture.arena, dialect, like, &known.count);
    struct block_list found = language_blocks_like(&fixture.arena, dialect, text, &known);
    uint32_t count;
    const struct block *wanted = language_blocks(&fixture.arena, dialect, text, &count);
    assert_int_equal(found.count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_ptr_equal(found.items[i].bytes.data, wanted[i].bytes.data);
        assert_int_equal(found.items[i].bytes.size, wanted[i].bytes.size);
        assert_int_equal(found.items[i].offset, wanted[i].offset);
        assert_int_equal(found.items[i].line, wanted[i].line);
        assert_true(found.items[i].hash == wanted[i].hash);
    }
}

static void test_another_version_changes_no_cut(void **state) {
    static const char *const texts[] = {
        "# c\na {\n  x = \"${b[\"}\"]}\"\n}\n\n# of b\nb {}\nc = <<E\n}\nE\nd { /* { */ }\nd {}\n# "
        "end\n",
        "a = 1\nb = 2\na = 1\nb = 2\nc {\n}\n",
    };
    static const char *const dialects[] = {"terraform", "kubernetes"};
    (void)state;
    for (size_t d = 0; d < 2; d++) {
        const struct dialect *dialect = dialect_by_name(fixture.dialects, slice_of(dialects[d]));
        for (size_t t = 0; t < 2; t++) {
            struct slice text = slice_of(texts[t]);
            for (size_t at = 0; at < text.size; at++) {
                if (at && text.data[at - 1] != '\n')
                    continue;
                for (uint32_t how = 0; how < 4; how++) {
                    same_with_hint(dialect, edited(text, at, how), text);
                    same_with_hint(dialect, text, edited(text, at, how));
                }
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hcl),
        cmocka_unit_test(test_hcl_unbalanced_is_one_block),
        cmocka_unit_test(test_yaml),
        cmocka_unit_test(test_others_are_one_block),
        cmocka_unit_test(test_equal_blocks_have_equal_hashes),
        cmocka_unit_test(test_another_version_changes_no_cut),
    };
    return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
