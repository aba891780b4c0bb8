/* Changes from JSON records, as `berm stage` reads them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "api/object.h"
#include "base/memory.h"

#include <string.h>

static berm_status read_record(const char *json, size_t size, berm_change **change,
                               berm_error *error) {
    memset(error, 0, sizeof *error);
    return berm_change_from_json(change, json, size, error);
}

static berm_change *accept(const char *json) {
    berm_change *change;
    berm_error error;
    berm_status status = read_record(json, strlen(json), &change, &error);
    if (status != BERM_OK)
        print_error("%s: %s\n", json, error.message);
    assert_int_equal(status, BERM_OK);
    return change;
}

static void refuse(const char *json, const char *message) {
    berm_change *change;
    berm_error error;
    berm_status status = read_record(json, strlen(json), &change, &error);
    if (status != BERM_ERROR_JSON || !strstr(error.message, message))
        print_error("%s: %s\n", json, error.message);
    assert_int_equal(status, BERM_ERROR_JSON);
    assert_non_null(strstr(error.message, message));
    assert_int_equal(error.line, 1);
    assert_null(change);
}

#define RECORD(files) "{\"id\":\"a\",\"change\":{\"files\":[" files "]}}"

static void test_whole(void **state) {
    (void)state;
    berm_change *change =
        accept("{\"id\":\"a\",\"suite\":1,\"change\":{\"message\":\"m\",\"author\":\"n <m>\","
               "\"files\":[{\"path\":\"z.sh\",\"before\":\"a\\n\",\"after\":\"b\\n\","
               "\"old_path\":\"y.sh\",\"mode\":\"100755\"},"
               "{\"path\":\"a.sh\",\"before\":null,\"after\":\"aGk=\",\"encoding\":\"base64\"}],"
               "\"context\":[{\"path\":\"n.tf\",\"content\":\"x\"}]}}");
    const struct change *inner = change->change;
    assert_string_equal(berm_change_id(change), "a");
    assert_int_equal(inner->pairs.count, 2);
    const struct pair *added = &inner->pairs.items[0], *renamed = &inner->pairs.items[1];
    assert_true(slice_is(added->path, "a.sh") && added->status == PAIR_ADDED);
    assert_true(slice_is(added->after.bytes, "hi"));
    assert_true(slice_is(renamed->old_path, "y.sh") && renamed->after.mode == 0100755);
    assert_true(slice_is(inner->message, "m") && slice_is(inner->author, "n <m>"));
    struct slice content;
    struct tree tree = inner->after;
    assert_int_equal(tree.read(tree.self, SLICE("n.tf"), &content), TREE_PRESENT);
    assert_int_equal(tree.read(tree.self, SLICE("other.tf"), &content), TREE_UNKNOWN);
    berm_change_free(change);
}

static void test_odd_but_accepted(void **state) {
    (void)state;
    berm_change_free(accept(RECORD("")));
    berm_change_free(accept("{\"change\":{\"files\":[]}}"));
    berm_change *change = accept(RECORD("{\"path\":\"a\",\"before\":null,\"after\":\"x\\u0000\"}"));
    assert_int_equal(change->change->pairs.items[0].after.state, CONTENT_BINARY);
    berm_change_free(change);
    change = accept("{\"id\":12,\"change\":{\"files\":[]}}");
    assert_string_equal(berm_change_id(change), "12");
    berm_change_free(change);
}

static void test_refused(void **state) {
    (void)state;
    refuse("", "expected");
    refuse("[]", "change is missing");
    refuse("{\"id\":1", "expected");
    refuse("{\"id\":1}", "change is missing");
    refuse("{\"change\":{}}", "change.files is missing");
    refuse("{\"change\":{\"files\":{}}}", "must be a list");
    refuse("{\"change\":{\"files\":[]},\"change\":1}", "duplicate");
    refuse(RECORD("1"), "must be an object");
    refuse(RECORD("{\"before\":\"\",\"after\":\"\"}"), "path is missing");
    refuse(RECORD("{\"path\":\"\",\"before\":\"\",\"after\":\"\"}"), "path is missing");
    refuse(RECORD("{\"path\":\"a\\u0000b\",\"before\":\"\",\"after\":\"\"}"), "NUL");
    refuse(RECORD("{\"path\":\"a\",\"after\":\"\"}"), "before is missing");
    refuse(RECORD("{\"path\":\"a\",\"before\":\"\"}"), "after is missing");
    refuse(RECORD("{\"path\":\"a\",\"before\":1,\"after\":\"\"}"), "must be text");
    refuse(RECORD("{\"path\":\"a\",\"before\":\"\\ud800\",\"after\":\"\"}"), "");
    refuse(RECORD("{\"path\":\"a\",\"before\":\"\",\"after\":\"\",\"mode\":\"9\"}"), "octal");
    refuse(RECORD("{\"path\":\"a\",\"before\":\"\",\"after\":\"\",\"mode\":true}"), "octal");
    refuse(RECORD("{\"path\":\"a\",\"before\":\"\",\"after\":\"\",\"encoding\":\"x\"}"), "base64");
    refuse(RECORD("{\"path\":\"a\",\"before\":\"%\",\"after\":null,\"encoding\":\"base64\"}"),
           "is not base64");
    refuse("{\"change\":{\"files\":[],\"context\":[{\"path\":\"a\"}]}}", "content is missing");
}

/* Any cut of a good record, and any byte of it replaced, gives an answer. */
static void test_hostile(void **state) {
    (void)state;
    const char *good = RECORD("{\"path\":\"a.tf\",\"before\":\"x\\u00e9\",\"after\":null}");
    char bytes[256];
    size_t size = strlen(good);
    for (size_t i = 0; i < size; i++) {
        berm_change *change;
        berm_error error;
        assert_int_equal(read_record(good, i, &change, &error), BERM_ERROR_JSON);
        for (unsigned byte = 0; byte < 256; byte += 15) {
            memcpy(bytes, good, size);
            bytes[i] = (char)byte;
            if (read_record(bytes, size, &change, &error) == BERM_OK)
                berm_change_free(change);
        }
    }
}

static void test_deep(void **state) {
    (void)state;
    static char bytes[100001];
    memset(bytes, '[', sizeof bytes - 1);
    refuse(bytes, "depth");
}

#ifdef BERM_FAULT_INJECTION
static void test_memory(void **state) {
    (void)state;
    const char *good = RECORD("{\"path\":\"a.tf\",\"before\":\"x\",\"after\":\"y\"}");
    berm_change_free(accept(good)); /* hooks jansson's allocator */
    for (unsigned long n = 1;; n++) {
        berm_change *change;
        berm_error error;
        memory_fail_after(n);
        berm_status status = read_record(good, strlen(good), &change, &error);
        bool reached = memory_count() >= n;
        memory_fail_after(0);
        if (status == BERM_OK)
            berm_change_free(change);
        else
            assert_int_equal(status, BERM_ERROR_MEMORY);
        if (!reached)
            break;
    }
}
#endif

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),   cmocka_unit_test(test_odd_but_accepted),
        cmocka_unit_test(test_refused), cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_deep),
#ifdef BERM_FAULT_INJECTION
        cmocka_unit_test(test_memory),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
