#include "delta/match.h"
#include "delta_values.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct failure failure;
static struct arena arena;
static struct match_side before, after;

static int setup(void **state) {
    (void)state;
    failure_init(&failure);
    arena_init(&arena, &failure, 0);
    before = after = (struct match_side){0};
    return 0;
}

static int teardown(void **state) {
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct comparison plain(struct arena *scratch, const struct dialect *dialect) {
    (void)dialect;
    return (struct comparison){.arena = scratch};
}

static struct match_item *add(struct match_side *side, const char *kind, const char *type,
                              const char *name, const char *body) {
    struct entity *entity = ARENA_NEW(&arena, struct entity);
    entity->kind = slice_of(kind);
    entity->type = slice_of(type);
    entity->name = slice_of(name);
    entity->scope = ENTITY_NONE;
    entity->weight = 100;
    entity->body = value_of(&arena, body);
    entity->body_hash = value_hash(entity->body);
    struct placed *placed = ARENA_NEW(&arena, struct placed);
    placed->entity = entity;
    placed->body = entity->body;
    struct match_item item = {.placed = placed,
                              .identity = entity->name,
                              .path = SLICE("f"),
                              .group = SLICE(""),
                              .parent = ENTITY_NONE};
    vec_push(&arena, &side->items, item);
    return &side->items.items[side->items.count - 1];
}

static void match(void) {
    struct match_rules rules = {&arena, plain};
    match_items(&rules, &before, &after);
}

static void check(uint32_t at, uint32_t partner, enum match_how how) {
    assert_int_equal(before.items.items[at].partner, partner);
    assert_int_equal(before.items.items[at].how, how);
}

static void the_same_name_is_the_same_thing(void **state) {
    (void)state;
    add(&before, "resource", "t", "t.a", "{x: 1}");
    add(&before, "resource", "t", "t.b", "{x: 2}");
    add(&after, "resource", "t", "t.b", "{x: 3}")->path = SLICE("other");
    add(&after, "resource", "t", "t.a", "{x: 1}");
    match();
    check(0, 1, MATCH_SAME);
    check(1, 0, MATCH_SAME);
}

static void the_same_body_under_another_name_is_renamed(void **state) {
    (void)state;
    add(&before, "resource", "t", "t.old", "{x: 1, y: 2}");
    add(&before, "resource", "t", "t.empty", "{}");
    add(&after, "resource", "t", "t.new", "{y: 2, x: 1}");
    add(&after, "resource", "u", "u.empty", "{}");
    match();
    check(0, 0, MATCH_RENAMED);
    check(1, ENTITY_NONE, MATCH_NONE);
}

static void leftovers_that_are_alone_and_alike_may_be_one(void **state) {
    (void)state;
    add(&before, "resource", "t", "t.old", "{a: 1, b: 2, c: 3, d: 4}");
    add(&before, "resource", "u", "u.old", "{a: 1, b: 2}");
    add(&after, "resource", "t", "t.new", "{a: 1, b: 2, c: 3, d: 5}");
    add(&after, "resource", "u", "u.new", "{a: 9, b: 8}");
    match();
    check(0, 0, MATCH_SIMILAR);
    check(1, ENTITY_NONE, MATCH_NONE);
}

static void a_delivery_root_is_never_crossed(void **state) {
    (void)state;
    add(&before, "resource", "Secret", "db", "{x: 1}")->group = SLICE("prod");
    add(&after, "resource", "Secret", "db", "{x: 1}")->group = SLICE("staging");
    match();
    check(0, ENTITY_NONE, MATCH_NONE);
}

static void the_type_counts_where_it_is_part_of_the_identity(void **state) {
    (void)state;
    add(&before, "resource", "Secret", "db", "{x: 1}")->by_type = true;
    add(&before, "resource", "extensions/Deployment", "web", "{x: 1}")->by_type = true;
    add(&after, "resource", "ConfigMap", "db", "{y: 1}")->by_type = true;
    add(&after, "resource", "apps/Deployment", "web", "{x: 2}")->by_type = true;
    match();
    check(0, ENTITY_NONE, MATCH_NONE);
    check(1, 1, MATCH_SAME);
}

static void equal_commands_are_counted(void **state) {
    (void)state;
    for (int i = 0; i < 3; i++)
        add(&before, "command", "rm", "rm -rf a", "{operands: [a]}");
    for (int i = 0; i < 2; i++)
        add(&after, "command", "rm", "rm -rf a", "{operands: [a]}");
    match();
    check(0, 0, MATCH_SAME);
    check(1, 1, MATCH_SAME);
    check(2, ENTITY_NONE, MATCH_NONE);
}

static void changed_commands_are_paired_by_program_and_object(void **state) {
    (void)state;
    add(&before, "command", "rm", "rm -rf build", "{operands: [build], flags: {r: true}}");
    add(&before, "command", "rm", "rm old", "{operands: [old]}");
    add(&before, "command", "echo", "echo hi", "{operands: [hi]}");
    add(&after, "command", "rm", "rm -f old", "{operands: [old], flags: {f: true}}");
    add(&after, "command", "rm", "rm -rf /", "{operands: [\"/\"], flags: {r: true}}");
    add(&after, "command", "curl", "curl x", "{operands: [x]}");
    match();
    check(0, 1, MATCH_PAIRED);
    check(1, 0, MATCH_PAIRED);
    check(2, ENTITY_NONE, MATCH_NONE);
}

static void calls_with_another_receiver_are_paired_by_method(void **state) {
    (void)state;
    add(&before, "call", "db.delete", "db.delete()", "{receiver: db, method: delete}");
    add(&after, "call", "server.delete", "server.delete()", "{receiver: server, method: delete}");
    match();
    check(0, 0, MATCH_PAIRED);
}

static void children_are_matched_inside_their_parents(void **state) {
    (void)state;
    add(&before, "job", "", "a", "{os: x}");
    add(&before, "command", "make", "make", "{n: 1}")->parent = 0;
    add(&before, "job", "", "b", "{os: y}");
    add(&before, "command", "make", "make", "{n: 1}")->parent = 2;
    add(&after, "job", "", "b", "{os: y}");
    add(&after, "command", "make", "make", "{n: 1}")->parent = 0;
    add(&after, "job", "", "a", "{os: z}");
    add(&after, "command", "make", "make", "{n: 2}")->parent = 2;
    match();
    check(0, 2, MATCH_SAME);
    check(1, 3, MATCH_SAME);
    check(3, 1, MATCH_SAME);
}

static void steps_without_a_name_are_known_by_their_content(void **state) {
    (void)state;
    add(&before, "job", "", "j", "{os: x}");
    add(&before, "step", "", "j/step-0", "{uses: checkout}")->parent = 0;
    add(&before, "step", "", "j/step-1", "{shell: bash}")->parent = 0;
    add(&before, "command", "make", "make", "{n: 1}")->parent = 2;
    add(&after, "job", "", "j", "{os: x}");
    add(&after, "step", "", "j/step-0", "{uses: cache}")->parent = 0;
    add(&after, "step", "", "j/step-1", "{uses: checkout}")->parent = 0;
    add(&after, "step", "", "j/step-2", "{shell: bash}")->parent = 0;
    add(&after, "command", "make", "make", "{n: 1}")->parent = 3;
    match();
    check(1, 2, MATCH_SAME);
    check(2, 3, MATCH_SAME);
    check(3, 4, MATCH_SAME);
    assert_int_equal(after.items.items[1].partner, ENTITY_NONE);
}

static void what_moves_to_where_it_counts_more_is_not_moved(void **state) {
    (void)state;
    add(&before, "job", "", "test", "{a: 1}");
    struct match_item *command = add(&before, "command", "rm", "rm -rf x", "{o: [x]}");
    command->parent = 0;
    ((struct entity *)command->placed->entity)->weight = 40;
    add(&after, "job", "", "deploy", "{b: 1}");
    add(&after, "command", "rm", "rm -rf x", "{o: [x]}")->parent = 0;
    match();
    assert_int_equal(after.items.items[1].partner, ENTITY_NONE);
    teardown(NULL);
    setup(NULL);
    add(&before, "function", "", "f", "{a: 1}");
    add(&before, "command", "rm", "rm -rf x", "{o: [x]}")->parent = 0;
    add(&after, "function", "", "g", "{b: 1}");
    add(&after, "command", "rm", "rm -rf x", "{o: [x]}")->parent = 0;
    match();
    check(1, 1, MATCH_MOVED);
}

static void a_hundred_thousand_things_are_matched(void **state) {
    (void)state;
    for (uint32_t i = 0; i < 100000; i++) {
        add(&before, "resource", "t", arena_text(&arena, arena_format(&arena, "t.r%u", i)),
            "{x: 1, y: 2}");
        add(&after, "resource", "t",
            arena_text(&arena, arena_format(&arena, "t.%c%u", i % 3 ? 'r' : 's', i)),
            "{x: 1, y: 2}");
    }
    match();
    check(1, 1, MATCH_SAME);
    check(0, 0, MATCH_RENAMED);
    check(99999, 99999, MATCH_RENAMED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_name_is_the_same_thing, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_body_under_another_name_is_renamed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(leftovers_that_are_alone_and_alike_may_be_one, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_delivery_root_is_never_crossed, setup, teardown),
        cmocka_unit_test_setup_teardown(the_type_counts_where_it_is_part_of_the_identity, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(equal_commands_are_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(changed_commands_are_paired_by_program_and_object, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(calls_with_another_receiver_are_paired_by_method, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(children_are_matched_inside_their_parents, setup, teardown),
        cmocka_unit_test_setup_teardown(steps_without_a_name_are_known_by_their_content, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_moves_to_where_it_counts_more_is_not_moved, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_hundred_thousand_things_are_matched, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
