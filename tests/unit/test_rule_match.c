/* The matching stage on events made by hand: no file is read. */
#include "base/memory.h"
#include "rule/compile.h"
#include "rule/rule.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define RULE(id, rest)                                                                             \
    "id: " id "\nsince: 0.1.0\ntitle: T\nundo: none\nscope: data\nwhy: w\nfix: f\n" rest           \
    "examples:\n  - {name: a, fires: true, path: m.tf, before: \"x\"}\n"                           \
    "  - {name: b, fires: false, path: m.tf, after: \"x\"}\n"

enum { EVENTS = 8 };

struct world {
    struct arena arena;
    struct failure failure;
    const char *rules[KNOWLEDGE_IMAGES]; /* id, text, id, text ... */
    uint32_t rule_count;
    struct knowledge knowledge;
    struct events events;
    struct findings findings;
    struct rules_options options;
};

static const struct value *literal(struct arena *arena, const char *text, uint32_t from) {
    if (!text)
        return NULL;
    struct value *value = ARENA_NEW(arena, struct value);
    *value = (struct value){.kind = VALUE_LITERAL, .type = LITERAL_STRING, .text = slice_of(text)};
    value->span = (struct span){from, from + (uint32_t)value->text.size};
    return value;
}

static const struct value *map_of(struct arena *arena, const char *key, const struct value *value) {
    struct value *map = ARENA_NEW(arena, struct value);
    map->kind = VALUE_MAP;
    map->items = ARENA_NEW(arena, struct value_item);
    if (value)
        map->items[map->count++] = (struct value_item){slice_of(key), value->span, value};
    return map;
}

struct sketch {
    enum effect effect;
    const char *kind, *type, *name, *path, *key, *was, *is;
};

static struct placed place(struct world *world, const struct sketch *sketch,
                           const struct value *value) {
    static const char file[] = "one\ntwo = value\n";
    struct entity *entity = ARENA_NEW(&world->arena, struct entity);
    entity->kind = slice_of(sketch->kind);
    entity->type = slice_of(sketch->type);
    entity->name = slice_of(sketch->name);
    entity->scope = ENTITY_NONE;
    entity->weight = 100;
    entity->span = (struct span){0, sizeof file - 1};
    entity->body = map_of(&world->arena, sketch->key, value);
    return (struct placed){.entity = entity,
                           .path = slice_of(sketch->path),
                           .name = entity->name,
                           .file = SLICE("one\ntwo = value\n"),
                           .body = entity->body};
}

static void add_event(struct world *world, struct sketch sketch) {
    struct arena *arena = &world->arena;
    const struct value *was = literal(arena, sketch.was, 4), *is = literal(arena, sketch.is, 4);
    struct event event = {.effect = sketch.effect, .confidence = CONFIDENCE_CERTAIN};
    if (sketch.effect != EFFECT_ADDED && sketch.effect != EFFECT_EXECUTED)
        event.before = place(world, &sketch, was);
    if (sketch.effect != EFFECT_REMOVED)
        event.after = place(world, &sketch, is);
    if (sketch.effect == EFFECT_CHANGED) {
        event.changes = ARENA_NEW(arena, struct attribute_change);
        event.changes[0] = (struct attribute_change){
            .path = slice_of(sketch.key), .was = was, .is = is, .confidence = CONFIDENCE_LIKELY};
        event.change_count = 1;
    }
    event.id = world->events.list.count;
    vec_push(arena, &world->events.list, event);
}

static void match_rules(void *context) {
    struct world *world = context;
    for (uint32_t i = 0; i + 1 < world->rule_count * 2; i += 2) {
        struct image_writer writer;
        image_writer_init(&writer, &world->arena);
        const char *path = arena_format(&world->arena, "%s.yaml", world->rules[i]).data;
        rules_compile_text(&writer, &world->arena, path, slice_of(world->rules[i + 1]));
        world->knowledge.images[world->knowledge.count++] = image_finish(&writer);
    }
    rules_match(&world->arena, &world->knowledge, NULL, &world->events, &world->options,
                &world->findings);
}

static void world_init(struct world *world) {
    memset(world, 0, sizeof *world);
    failure_init(&world->failure);
    arena_init(&world->arena, &world->failure, 0);
}

static void add_rule(struct world *world, const char *id, const char *text) {
    world->rules[2 * world->rule_count] = id;
    world->rules[2 * world->rule_count + 1] = text;
    world->rule_count++;
}

static void run(struct world *world) {
    if (!failure_try(&world->failure, match_rules, world))
        fail_msg("%s:%u:%u %s", world->failure.error.where, world->failure.error.line,
                 world->failure.error.column, world->failure.error.message);
}

static const char removed_rule[] =
    RULE("data/gone", "on: [removed]\nentity: {kind: resource, type: db}\nseverity: high\n"
                      "message: \"{entity.type} {object} goes\"\n"
                      "floor: {tier: senior}\nincidents: [one, two]\n");

static void a_removed_resource_is_found(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    add_rule(&world, "data/gone", removed_rule);
    add_event(&world,
              (struct sketch){EFFECT_REMOVED, "resource", "db", "db.a", "m.tf", "k", "v", NULL});
    add_event(&world, (struct sketch){EFFECT_REMOVED, "resource", "topic", "topic.a", "m.tf", "k",
                                      "v", NULL});
    add_event(&world,
              (struct sketch){EFFECT_ADDED, "resource", "db", "db.b", "m.tf", "k", NULL, "v"});
    run(&world);
    assert_int_equal(world.findings.list.count, 1);
    const struct finding *finding = &world.findings.list.items[0];
    assert_true(slice_is(finding->rule, "data/gone"));
    assert_true(slice_is(finding->message, "db db.a goes"));
    assert_int_equal(finding->floor, TIER_SENIOR);
    assert_int_equal(finding->incident_count, 2);
    assert_true(finding->on_before);
    assert_int_equal(finding->line, 1);
    arena_release(&world.arena);
}

static void attributes_give_place_and_values(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    add_rule(&world, "data/size",
             RULE("data/size", "on: [changed]\nentity: {kind: resource}\nseverity: low\n"
                               "where: {attribute: size, compare: {order: number, direction: "
                               "lowered}}\nmessage: \"{attribute}: {was} to {is}\"\n"
                               "adjust: [{when: {path: ordinary}, severity: critical, floor: "
                               "two-peer, confidence: possible}]\n"));
    add_event(&world,
              (struct sketch){EFFECT_CHANGED, "resource", "db", "db.a", "m.tf", "size", "9", "3"});
    add_event(&world,
              (struct sketch){EFFECT_CHANGED, "resource", "db", "db.b", "m.tf", "size", "3", "9"});
    run(&world);
    assert_int_equal(world.findings.list.count, 1);
    const struct finding *finding = &world.findings.list.items[0];
    assert_true(slice_is(finding->message, "size: 9 to 3") ||
                slice_is(finding->message, "size: \"9\" to \"3\""));
    assert_int_equal(finding->line, 2);
    assert_int_equal(finding->column, 1);
    assert_false(finding->on_before);
    assert_int_equal(finding->severity, SEVERITY_CRITICAL);
    assert_int_equal(finding->floor, TIER_TWO_PEER);
    assert_int_equal(finding->confidence, CONFIDENCE_POSSIBLE);
    arena_release(&world.arena);
}

static const char many_rule[] =
    RULE("data/many", "on: [removed]\nentity: {kind: resource}\nseverity: critical\n"
                      "with: [{on: [removed], entity: {kind: resource}, within: directory, "
                      "min: 2}]\nper: directory\nabsorbs: [data/gone]\n"
                      "message: \"{amount} in {directory}\"\n");

static void composites_absorb_and_merge(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    add_rule(&world, "data/gone", removed_rule);
    add_rule(&world, "data/many", many_rule);
    static const char *const names[] = {"db.a", "db.b", "db.c"};
    for (uint32_t i = 0; i < 3; i++)
        add_event(&world, (struct sketch){EFFECT_REMOVED, "resource", "db", names[i], "prod/m.tf",
                                          "k", "v", NULL});
    add_event(&world, (struct sketch){EFFECT_REMOVED, "resource", "db", "db.x", "dev/m.tf", "k",
                                      "v", NULL});
    run(&world);
    assert_int_equal(world.findings.list.count, 2);
    assert_true(slice_is(world.findings.list.items[0].rule, "data/gone"));
    assert_true(slice_is(world.findings.list.items[0].object, "db.x"));
    assert_true(slice_is(world.findings.list.items[1].message, "3 in prod"));
    assert_int_equal(world.findings.list.items[1].cascade_count, 2);
    arena_release(&world.arena);
}

static void unless_silences(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    add_rule(&world, "data/gone",
             RULE("data/gone", "on: [removed]\nentity: {kind: resource}\nseverity: high\n"
                               "unless: [{on: [added], entity: {same: name}, within: change}]\n"
                               "message: m\n"));
    add_event(&world,
              (struct sketch){EFFECT_REMOVED, "resource", "db", "db.a", "a/m.tf", "k", "v", NULL});
    add_event(&world,
              (struct sketch){EFFECT_REMOVED, "resource", "db", "db.b", "a/m.tf", "k", "v", NULL});
    add_event(&world,
              (struct sketch){EFFECT_ADDED, "resource", "db", "db.a", "b/m.tf", "k", NULL, "v"});
    run(&world);
    assert_int_equal(world.findings.list.count, 1);
    assert_true(slice_is(world.findings.list.items[0].object, "db.b"));
    arena_release(&world.arena);
}

static void equal_joins_on_attributes(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    add_rule(&world, "data/gone",
             RULE("data/gone", "on: [removed]\nentity: {kind: resource}\nseverity: high\n"
                               "unless: [{on: [added], equal: {to: name}, within: change}]\n"
                               "message: m\n"));
    for (uint32_t i = 0; i < 2; i++)
        add_event(&world, (struct sketch){EFFECT_REMOVED, "resource", "db", i ? "db.b" : "db.a",
                                          "m.tf", "k", "v", NULL});
    add_event(&world,
              (struct sketch){EFFECT_ADDED, "resource", "db", "x", "m.tf", "to", NULL, "db.a"});
    add_event(&world,
              (struct sketch){EFFECT_ADDED, "resource", "db", "db.b", "m.tf", "k", NULL, "db.b"});
    run(&world);
    assert_int_equal(world.findings.list.count, 1);
    assert_true(slice_is(world.findings.list.items[0].object, "db.b"));
    arena_release(&world.arena);
}

/* Every way a rule can be filed, with the index and without. */
static void the_index_changes_nothing(void **state) {
    (void)state;
    struct findings both[2];
    struct world world[2];
    for (uint32_t i = 0; i < 2; i++) {
        world_init(&world[i]);
        world[i].options.no_index = i == 1;
        add_rule(&world[i], "data/gone", removed_rule);
        add_rule(&world[i], "data/kind",
                 RULE("data/kind", "on: [removed, added]\nentity: {kind: [resource, module]}\n"
                                   "severity: low\nmessage: m\n"));
        add_rule(&world[i], "data/attr",
                 RULE("data/attr", "on: [changed]\nseverity: low\nmessage: m\n"
                                   "where: {any: [{attribute: size, is: \"3\"}, {attribute: "
                                   "color, is: red}]}\n"));
        add_event(&world[i], (struct sketch){EFFECT_REMOVED, "resource", "db", "db.a", "m.tf", "k",
                                             "v", NULL});
        add_event(&world[i],
                  (struct sketch){EFFECT_CHANGED, "variable", "", "x", "m.tf", "size", "9", "3"});
        add_event(&world[i], (struct sketch){EFFECT_CHANGED, "variable", "", "y", "m.tf", "color",
                                             "blue", "red"});
        add_event(&world[i],
                  (struct sketch){EFFECT_CHANGED, "variable", "", "z", "m.tf", "k", "blue", "red"});
        add_event(&world[i],
                  (struct sketch){EFFECT_ADDED, "module", "", "m", "m.tf", "k", NULL, "v"});
        run(&world[i]);
        both[i] = world[i].findings;
    }
    assert_int_equal(both[0].list.count, 5);
    assert_int_equal(both[1].list.count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        assert_true(slice_equal(both[0].list.items[i].rule, both[1].list.items[i].rule));
        assert_true(slice_equal(both[0].list.items[i].object, both[1].list.items[i].object));
    }
    arena_release(&world[0].arena);
    arena_release(&world[1].arena);
}

static void milder_rules_do_not_absorb(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    add_rule(&world, "data/gone", removed_rule);
    add_rule(&world, "own/quiet",
             RULE("own/quiet", "on: [removed]\nentity: {kind: resource}\nseverity: low\n"
                               "absorbs: [data/gone]\nmessage: m\n"));
    add_event(&world,
              (struct sketch){EFFECT_REMOVED, "resource", "db", "db.a", "m.tf", "k", "v", NULL});
    run(&world);
    assert_int_equal(world.findings.list.count, 2);
    arena_release(&world.arena);
}

static void guesses_do_not_absorb_what_is_sure(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    add_rule(&world, "data/gone", removed_rule);
    add_rule(&world, "own/guess",
             RULE("own/guess",
                  "on: [removed]\nentity: {kind: resource}\nseverity: critical\n"
                  "adjust: [{when: {entity: {kind: resource}}, confidence: possible}]\n"
                  "absorbs: [data/gone]\nmessage: m\n"));
    add_event(&world,
              (struct sketch){EFFECT_REMOVED, "resource", "db", "db.a", "m.tf", "k", "v", NULL});
    run(&world);
    assert_int_equal(world.findings.list.count, 2);
    arena_release(&world.arena);
}

/* Thousands of events joined with thousands: a square would take minutes. */
static void composites_stay_linear(void **state) {
    (void)state;
    struct world world;
    world_init(&world);
    add_rule(&world, "data/many", many_rule);
    for (uint32_t i = 0; i < 20000; i++)
        add_event(&world, (struct sketch){EFFECT_REMOVED, "resource", "db",
                                          arena_format(&world.arena, "db.%05u", i).data,
                                          "prod/m.tf", "k", "v", NULL});
    run(&world);
    assert_int_equal(world.findings.list.count, 1);
    assert_true(slice_is(world.findings.list.items[0].message, "20000 in prod"));
    arena_release(&world.arena);
}

static void every_failed_allocation_unwinds(void **state) {
    (void)state;
    for (unsigned long n = 1;; n++) {
        struct world world;
        world_init(&world);
        add_rule(&world, "data/gone", removed_rule);
        add_rule(&world, "data/many", many_rule);
        for (uint32_t i = 0; i < EVENTS; i++)
            add_event(&world, (struct sketch){EFFECT_REMOVED, "resource", "db",
                                              arena_format(&world.arena, "db.%u", i).data,
                                              "prod/m.tf", "k", "v", NULL});
        memory_fail_after(n);
        bool done = failure_try(&world.failure, match_rules, &world);
        memory_fail_after(0);
        if (!done)
            assert_int_equal(world.failure.error.status, BERM_ERROR_MEMORY);
        arena_release(&world.arena);
        if (done)
            break;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_removed_resource_is_found),
        cmocka_unit_test(attributes_give_place_and_values),
        cmocka_unit_test(composites_absorb_and_merge),
        cmocka_unit_test(unless_silences),
        cmocka_unit_test(equal_joins_on_attributes),
        cmocka_unit_test(the_index_changes_nothing),
        cmocka_unit_test(milder_rules_do_not_absorb),
        cmocka_unit_test(guesses_do_not_absorb_what_is_sure),
        cmocka_unit_test(composites_stay_linear),
        cmocka_unit_test(every_failed_allocation_unwinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
