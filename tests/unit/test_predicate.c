#include "arena_fixture.h"

#include "base/memory.h"
#include "fact/predicate.h"

#include <stdio.h>
#include <stdlib.h>

/* A body written as YAML; "$x" is a reference. */
static const struct value *value_of(const struct yaml_node *node) {
    struct value *value = ARENA_NEW(&arena, struct value);
    value->kind = node->kind == YAML_MAP ? VALUE_MAP : VALUE_LIST;
    if (node->kind == YAML_SCALAR) {
        value->kind = VALUE_LITERAL;
        value->text = node->text;
        if (slice_is(node->text, "null"))
            value->kind = VALUE_NULL;
        if (slice_starts(node->text, SLICE("$")))
            value->kind = VALUE_REFERENCE;
    }
    value->count = node->count;
    value->items = ARENA_ARRAY(&arena, struct value_item, node->count + 1);
    for (uint32_t i = 0; i < node->count; i++)
        value->items[i] = (struct value_item){.key = node->entries[i].key,
                                              .value = value_of(node->entries[i].value)};
    return value;
}

static const struct value *body_of(const char *text) {
    return text ? value_of(yaml_parse(&arena, slice_of(text), "body", BERM_ERROR_RULE)) : NULL;
}

enum { CHANGES = 8 };

struct thing {
    const struct value *before, *after;
    struct predicate_change changes[CHANGES];
    uint32_t change_count;
    struct slice texts[TEXT_COUNT];
    int64_t numbers[NUMBER_COUNT];
};

static const struct value *thing_body(const void *self, bool before) {
    const struct thing *thing = self;
    return before ? thing->before : thing->after;
}

static bool thing_change(const void *self, uint32_t index, struct predicate_change *change) {
    const struct thing *thing = self;
    if (index >= thing->change_count)
        return false;
    *change = thing->changes[index];
    return true;
}

static struct slice thing_text(const void *self, enum predicate_text text) {
    return ((const struct thing *)self)->texts[text];
}

static bool thing_number(const void *self, enum predicate_number number, int64_t *value) {
    *value = ((const struct thing *)self)->numbers[number];
    return *value >= 0;
}

static const struct predicate_subject_type thing_type = {thing_body, thing_change, thing_text,
                                                         thing_number};

/* Paths given are those that differ. */
static struct thing thing_of(const char *before, const char *after, const char *const *paths) {
    struct thing thing = {.before = body_of(before), .after = body_of(after)};
    for (; paths && *paths; paths++) {
        struct slice path = slice_of(*paths);
        thing.changes[thing.change_count++] = (struct predicate_change){
            path, value_at(thing.before, path), value_at(thing.after, path)};
    }
    return thing;
}

struct compiled {
    struct image image;
    predicate_ref ref;
};

static struct compiled compile(const char *text, bool matcher) {
    struct image_writer writer;
    image_writer_init(&writer, &arena);
    struct predicate_compiler compiler = {&writer, &arena, "rules/x.yaml"};
    struct yaml_node *root = yaml_parse(&arena, slice_of(text), "rules/x.yaml", BERM_ERROR_RULE);
    predicate_ref ref =
        matcher ? matcher_compile(&compiler, root) : predicate_compile(&compiler, root);
    struct compiled compiled = {image_finish(&writer), ref};
    assert_true(image_open(&compiled.image, compiled.image.bytes, compiled.image.size));
    return compiled;
}

static enum predicate_result evaluate(const struct thing *thing, const char *text,
                                      struct predicate_match *match) {
    struct predicate_context context;
    predicate_context_init(&context, &arena, &knowledge);
    struct compiled compiled = compile(text, false);
    struct predicate_subject subject = {&thing_type, thing, NULL};
    return predicate_evaluate(&context, &compiled.image, compiled.ref, &subject, match);
}

static void assert_result(const struct thing *thing, const char *text,
                          enum predicate_result wanted) {
    struct predicate_match match;
    enum predicate_result is = evaluate(thing, text, &match);
    if (is != wanted)
        fail_msg("%s: %d instead of %d", text, (int)is, (int)wanted);
}

static void assert_yes(const struct thing *thing, const char *text) {
    assert_result(thing, text, PREDICATE_YES);
}

static void assert_no(const struct thing *thing, const char *text) {
    assert_result(thing, text, PREDICATE_NO);
}

static void matches(const char *matcher, const char *text, enum predicate_result wanted) {
    struct predicate_context context;
    predicate_context_init(&context, &arena, &knowledge);
    struct compiled compiled = compile(matcher, true);
    struct slice slice = text ? slice_of(text) : SLICE_NONE;
    enum predicate_result is =
        matcher_on_text(&context, &compiled.image, compiled.ref, NULL, slice, false);
    if (is != wanted)
        fail_msg("%s on '%s': %d", matcher, text ? text : "(absent)", (int)is);
}

static void matchers_on_texts(void **state) {
    (void)state;
    matches("rm", "rm", PREDICATE_YES);
    matches("rm", "rmdir", PREDICATE_NO);
    matches("rm", NULL, PREDICATE_NO);
    matches("[rm, unlink]", "unlink", PREDICATE_YES);
    matches("absent", NULL, PREDICATE_YES);
    matches("absent", "x", PREDICATE_NO);
    matches("\"absent\"", "absent", PREDICATE_YES);
    matches("blank", NULL, PREDICATE_NO);
    matches("blank", " ", PREDICATE_YES);
    matches("blank", "x", PREDICATE_NO);
    matches("full", NULL, PREDICATE_NO);
    matches("full", "", PREDICATE_NO);
    matches("full", "x", PREDICATE_YES);
    matches("present", "x", PREDICATE_YES);
    matches("{not: x}", "y", PREDICATE_YES);
    matches("{not: x}", NULL, PREDICATE_YES);
    matches("{not: [x, y]}", "y", PREDICATE_NO);
    matches("{starts: a, ends: c}", "abc", PREDICATE_YES);
    matches("{starts: a, ends: c}", "abd", PREDICATE_NO);
    matches("{contains: [zz, b]}", "abd", PREDICATE_YES);
    matches("{glob: \"arn:*:s3:::*\"}", "arn:aws:s3:::a/b", PREDICATE_YES);
    matches("{glob: \"*.x\"}", "a.y", PREDICATE_NO);
    matches("{less: 50}", "49.5", PREDICATE_YES);
    matches("{less: 50}", "50", PREDICATE_NO);
    matches("{greater: 1h}", "90m", PREDICATE_NO); /* "90m" alone is a quantity */
    matches("{greater: 1Gi}", "2Gi", PREDICATE_YES);
    matches("{less: 50}", "fifty", PREDICATE_NO);
    matches("{matches: \"^a+$\"}", "aaa", PREDICATE_YES);
    matches("{matches: \"^a+$\"}", "aab", PREDICATE_NO);
    matches("{any: [{starts: a}, {ends: z}]}", "xz", PREDICATE_YES);
    matches("true", "True", PREDICATE_YES);
    matches("{in: switches}", "all-namespaces", PREDICATE_YES);
    matches("{in: switches}", "all-nothing", PREDICATE_NO);
    matches("{in: no_such_table}", "x", PREDICATE_NO);
    matches("{words_in: check_words}", "unit-Tests (3.11)", PREDICATE_YES);
    matches("{words_in: check_words}", "test2", PREDICATE_YES);
    matches("{words_in: check_words}", "run_e2e", PREDICATE_YES);
    matches("{words_in: check_words}", "contest latest", PREDICATE_NO);
    matches("{words_in: check_commands}", "cd web && npm  run test -- --ci", PREDICATE_YES);
    matches("{words_in: check_commands}", "npm run start", PREDICATE_NO);
    matches("{words_in: check_commands}", "", PREDICATE_NO);
    char *large = arena_alloc(&arena, 5000);
    memset(large, 'a', 4000);
    memcpy(large + 3000, " npm test ", 10);
    matches("{words_in: check_commands}", large, PREDICATE_YES);
}

static void path_globs_know_components(void **state) {
    (void)state;
    struct thing thing = thing_of(NULL, "{a: 1}", NULL);
    thing.texts[TEXT_FILE] = SLICE("infra/prod/main.tf");
    assert_yes(&thing, "{file: {glob: \"*.tf\"}}");
    assert_yes(&thing, "{file: {glob: \"infra/**\"}}");
    assert_no(&thing, "{file: {glob: \"infra/*\"}}");
}

/* The steps of a pattern that explodes end at the limit, and nobody takes that for a no. */
static void patterns_that_explode_are_undecided(void **state) {
    (void)state;
    char text[2000];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = 0;
    matches("{matches: \"^(a+)+$\"}", "aaab", PREDICATE_NO);
    text[sizeof text - 2] = 'b';
    matches("{matches: \"^(a|aa)+$\"}", text, PREDICATE_UNDECIDED);
    matches("{not: {matches: \"^(a|aa)+$\"}}", text, PREDICATE_UNDECIDED);
    matches("{any: [{matches: \"^(a|aa)+$\"}, {ends: ab}]}", text, PREDICATE_YES);
    matches("{matches: \"^(a|aa)+$\", starts: b}", text, PREDICATE_NO);
}

static void texts_words_and_numbers(void **state) {
    (void)state;
    struct thing thing = thing_of(NULL, "{a: 1}", NULL);
    thing.texts[TEXT_DIALECT] = SLICE("terraform");
    thing.texts[TEXT_TYPE] = SLICE("aws_db_instance");
    thing.texts[TEXT_SYSTEM] = SLICE("terraform");
    thing.texts[TEXT_FILE] = SLICE("a/b/main.tf");
    thing.numbers[NUMBER_ENVIRONMENT] = ENVIRONMENT_UNKNOWN;
    thing.numbers[NUMBER_PATH_CLASS] = PATH_TEST;
    thing.numbers[NUMBER_CONFIDENCE] = CONFIDENCE_LIKELY;
    thing.numbers[NUMBER_WEIGHT] = 40;
    thing.numbers[NUMBER_FAN_OUT] = -1;
    assert_yes(&thing, "{dialect: [bash, terraform]}");
    assert_no(&thing, "{dialect: bash}");
    assert_yes(&thing, "{entity: {type: {in: stateful_types}}}");
    assert_no(&thing, "{entity: {type: {in: identity_types}}}");
    assert_yes(&thing, "{file: {glob: \"*.tf\"}}");
    assert_yes(&thing, "{environment: not-nonproduction}");
    assert_no(&thing, "{environment: nonproduction}");
    assert_no(&thing, "{environment: [production, staging]}");
    assert_yes(&thing, "{path: [test, fixture]}");
    assert_yes(&thing, "{confidence: possible}");
    assert_yes(&thing, "{confidence: likely}");
    assert_no(&thing, "{confidence: certain}");
    assert_yes(&thing, "{weight: {less: 50}}");
    assert_no(&thing, "{fan_out: {greater: 0}}"); /* the subject does not know */
    assert_no(&thing, "{host: present}");
    assert_yes(&thing, "{not: {host: present}}");
    assert_yes(&thing, "{all: [{path: test}, {any: [{path: vendored}, {weight: 40}]}]}");
    assert_no(&thing, "{path: test, dialect: bash}");
}

static void removed_things_have_a_before(void **state) {
    (void)state;
    struct thing gone =
        thing_of("{lifecycle: [{prevent_destroy: true}], tags: [a, b]}", NULL, NULL);
    assert_yes(&gone, "{attribute: lifecycle.prevent_destroy, was: \"true\"}");
    assert_yes(&gone, "{attribute: lifecycle.prevent_destroy, value: true}");
    assert_yes(&gone, "{attribute: lifecycle.prevent_destroy, unset: true}");
    assert_no(&gone, "{attribute: lifecycle.prevent_destroy, set: true}");
    assert_yes(&gone, "{attribute: engine, was: absent}");
    assert_yes(&gone, "{attribute: \"tags[]\", was: b}");
    assert_yes(&gone, "{attribute: tags, was: b}");
    assert_no(&gone, "{attribute: tags, was: {not: b}}");
    assert_yes(&gone, "{attribute: lifecycle.prevent_destroy, is: absent}");
}

static void changed_things_are_judged_by_what_differs(void **state) {
    (void)state;
    static const char *const paths[] = {"engine", "size", NULL};
    struct thing thing =
        thing_of("{engine: a, size: 10, keep: x}", "{engine: $var.e, size: 5, keep: x}", paths);
    struct predicate_match match;
    assert_yes(&thing, "{attribute: engine, was: a, is: {reference: true}}");
    assert_yes(&thing, "{attribute: size, compare: {order: number, direction: lowered}}");
    assert_no(&thing, "{attribute: size, compare: {order: number, direction: raised}}");
    assert_no(&thing, "{attribute: keep, changed: true}");
    assert_no(&thing, "{attribute: keep, is: x}");
    assert_yes(&thing, "{attribute: keep, value: x}");
    assert_no(&thing, "{attribute: engine, compare: {order: number, direction: lowered}}");
    assert_int_equal(evaluate(&thing,
                              "{all: [{attribute: keep, value: x}, {attribute: size, compare: "
                              "{order: number, direction: lowered}}]}",
                              &match),
                     PREDICATE_YES);
    assert_true(match.found && match.changed);
    assert_int_equal(match.change, 1);
    assert_true(slice_is(match.amount, "10 \xe2\x86\x92 5"));
    assert_true(slice_is(value_literal(match.is), "5"));
    assert_int_equal(evaluate(&thing, "{attribute: size, is: 7}", &match), PREDICATE_NO);
    assert_false(match.found);
    assert_yes(&thing, "{attribute: size, compare: {modes: [\"10\", \"5\"], direction: weakened}}");
}

static void prefixes_match_both_ways(void **state) {
    (void)state;
    static const char *const whole[] = {"spec", NULL};
    static const char *const inner[] = {"spec.selector.app", NULL};
    struct thing gone = thing_of("{spec: {replicas: 3, selector: {app: a}}}", "{}", whole);
    assert_yes(&gone, "{attribute: spec.replicas, unset: true}");
    assert_yes(&gone, "{attribute: spec.replicas, was: 3, is: absent}");
    assert_no(&gone, "{attribute: spec.other, unset: true}");
    assert_no(&gone, "{attribute: spec.other, changed: true}");
    assert_yes(&gone, "{attribute: spec.*, unset: true}");
    struct thing deep =
        thing_of("{spec: {selector: {app: a}}}", "{spec: {selector: {app: b}}}", inner);
    assert_yes(&deep, "{attribute: spec.selector, changed: true}");
    assert_no(&deep, "{attribute: spec.selector, unset: true}");
    assert_yes(&deep, "{attribute: spec.selector.*, is: b}");
}

static void elements_stand_for_themselves(void **state) {
    (void)state;
    static const char *const paths[] = {"cidr", NULL};
    struct thing thing =
        thing_of("{cidr: [0.0.0.0/0, 10.0.0.0/8]}", "{cidr: [0.0.0.0/0, 192.168.0.0/16]}", paths);
    assert_no(&thing, "{attribute: \"cidr[]\", is: 0.0.0.0/0}"); /* it was there before */
    assert_yes(&thing, "{attribute: \"cidr[]\", is: 192.168.0.0/16}");
    assert_yes(&thing, "{attribute: \"cidr[]\", was: 10.0.0.0/8}");
    assert_yes(&thing, "{attribute: \"cidr[]\", set: true}");
    assert_yes(&thing, "{attribute: cidr, is: 0.0.0.0/0}");
    static const char *const one[] = {"rules[0].cidr", NULL};
    struct thing block = thing_of("{rules: [{cidr: [10.0.0.0/8]}]}",
                                  "{rules: [{cidr: [10.0.0.0/8, 0.0.0.0/0]}]}", one);
    assert_yes(&block, "{attribute: \"rules[].cidr[]\", is: 0.0.0.0/0}");
    assert_yes(&block, "{attribute: rules.cidr, compare: {order: cidr, direction: widened}}");
    assert_yes(&block, "{attribute: \"rules.cidr[]\", compare: {order: cidr, direction: gained}}");
}

static void compile_body(void *context) {
    compile(context, false);
}

static void assert_refused(const char *text, const char *message, uint32_t line, uint32_t column) {
    struct failure own;
    failure_init(&own);
    arena.failure = &own;
    bool ok = failure_try(&own, compile_body, (void *)(uintptr_t)text);
    arena.failure = &failure;
    assert_false(ok);
    assert_int_equal(own.error.status, BERM_ERROR_RULE);
    if (!strstr(own.error.message, message))
        fail_msg("%s", own.error.message);
    assert_int_equal(own.error.line, line);
    assert_int_equal(own.error.column, column);
}

static void mistakes_are_refused_with_their_place(void **state) {
    (void)state;
    assert_refused("a: 1\nenviroment: production\n", "unknown key", 1, 1);
    assert_refused("path: test\nenviroment: production\n", "unknown key", 2, 1);
    assert_refused("environment: prod\n", "none of", 1, 14);
    assert_refused("attribute: a..b\nis: x\n", "no attribute path", 1, 12);
    assert_refused("attribute: a\n", "needed beside attribute", 1, 12);
    assert_refused("attribute: a\nis: {mtches: x}\n", "unknown key in a matcher", 2, 6);
    assert_refused("text: {matches: \"(\"}\n", "pattern", 1, 17);
    assert_refused("text: {matches: \"(*UTF)a\"}\n", "pattern", 1, 17);
    assert_refused("attribute: a\nchanged: false\n", "only true", 2, 10);
    assert_refused("attribute: a\ncompare: {order: nmber, direction: raised}\n", "order must be", 2,
                   10);
    assert_refused("attribute: a\ncompare: {order: number}\n", "direction", 2, 10);
    assert_refused("weight: {less: few}\n", "a number is needed", 1, 16);
    assert_refused("entity: {knd: x}\n", "unknown key", 1, 10);
    assert_refused("all: []\n", "a list is needed", 1, 6);
    assert_refused("attribute: a\nis: x\nbeside: y\n", "a map of paths", 3, 9);
    assert_refused("attribute: a\nis: x\nbeside: {b..c: y}\n", "no attribute path", 3, 10);
    assert_refused("attribute: a\nis: x\nbeside: {b: {was: y, in: z}}\n", "only was and is", 3, 13);
    assert_refused("attribute: a\nbeside: {b: y}\n", "needed beside attribute", 1, 12);
    assert_refused("just text\n", "a condition is a map", 1, 1);
}

/* Which element it was counts, not only that some element has the other member. */
static void neighbours_stand_in_the_same_mapping(void **state) {
    (void)state;
    static const char before[] = "rules:\n"
                                 "  - {port: 22, from: [a], effect: allow}\n"
                                 "  - {port: 443, from: [b], effect: allow}\n"
                                 "owner: ops\n";
    static const char after[] = "rules:\n"
                                "  - {port: 22, from: [a], effect: allow}\n"
                                "  - {port: 443, from: [everybody], effect: deny}\n"
                                "owner: web\n";
    static const char *const paths[] = {"rules[1].from", "rules[1].effect", "owner", NULL};
    struct thing thing = thing_of(before, after, paths);
    assert_result(&thing, "{attribute: rules.from, is: everybody}", PREDICATE_YES);
    assert_result(&thing, "{attribute: rules.from, is: everybody, beside: {port: '443'}}",
                  PREDICATE_YES);
    assert_result(&thing, "{attribute: rules.from, is: everybody, beside: {port: '22'}}",
                  PREDICATE_NO);
    assert_result(&thing, "{attributes: {ends: from}, is: everybody, beside: {port: '443'}}",
                  PREDICATE_YES);
    assert_result(&thing, "{attributes: {ends: from}, is: everybody, beside: {port: '22'}}",
                  PREDICATE_NO);
    assert_result(&thing, "{attribute: rules.from, changed: true, beside: {effect: {was: allow}}}",
                  PREDICATE_YES);
    assert_result(
        &thing, "{attribute: rules.from, changed: true, beside: {effect: {was: allow, is: allow}}}",
        PREDICATE_NO);
    assert_result(&thing, "{attribute: rules.from, is: everybody, beside: {effect: deny}}",
                  PREDICATE_YES);
    assert_result(&thing, "{attribute: rules.from, is: everybody, beside: {owner: web}}",
                  PREDICATE_YES); /* around it */
    assert_result(&thing, "{attribute: rules.from, is: everybody, beside: {condition: absent}}",
                  PREDICATE_YES);
    assert_result(&thing, "{attribute: rules.from, value: a, beside: {port: '22'}}", PREDICATE_YES);
    assert_result(&thing, "{attribute: rules.from, value: a, beside: {port: '443'}}", PREDICATE_NO);
    assert_result(&thing, "{not: {attribute: rules.from, value: a, beside: {port: '443'}}}",
                  PREDICATE_YES);
}

/* An element that came or went, and things with one side. */
static void neighbours_of_what_comes_and_goes(void **state) {
    (void)state;
    static const char one[] = "rules: [{port: 22, from: [a]}]";
    static const char two[] = "rules: [{port: 22, from: [a]}, {port: 80, from: [c, everybody]}]";
    static const char *const paths[] = {"rules", NULL};
    struct thing grown = thing_of(one, two, paths), shrunk = thing_of(two, one, paths);
    struct thing new = thing_of(NULL, two, NULL);
    static const char wanted[] = "{attribute: 'rules.from', is: everybody, beside: {port: '80'}}";
    static const char other[] = "{attribute: 'rules.from', is: everybody, beside: {port: '22'}}";
    assert_result(&grown, wanted, PREDICATE_YES);
    assert_result(&grown, other, PREDICATE_NO);
    assert_result(&new, wanted, PREDICATE_YES);
    assert_result(&new, other, PREDICATE_NO);
    assert_result(&shrunk, wanted, PREDICATE_NO);
    assert_result(&shrunk, "{attribute: rules.from, was: everybody, beside: {port: {was: '80'}}}",
                  PREDICATE_YES);
    assert_result(&shrunk, "{attribute: rules.from, was: everybody, beside: {port: {is: '80'}}}",
                  PREDICATE_NO);
    assert_result(&grown, "{attributes: {ends: from}, is: everybody, beside: {port: '80'}}",
                  PREDICATE_YES);
    assert_result(&grown, "{attributes: {ends: from}, is: everybody, beside: {port: '22'}}",
                  PREDICATE_NO);
}

/* An attribute that went from an element which stays, or with it. */
static void neighbours_of_an_attribute_that_goes(void **state) {
    (void)state;
    static const char with[] = "rules: [{name: a, tls: {mode: on}}, {name: b, tls: {mode: on}}]";
    static const char plain[] = "rules: [{name: a}, {name: b, tls: {mode: on}}]";
    static const char gone[] = "rules: [{name: b, tls: {mode: on}}]";
    static const char *const inside[] = {"rules[name=a].tls", NULL};
    static const char *const whole[] = {"rules[name=a]", NULL};
    struct thing bare = thing_of(with, plain, inside), removed = thing_of(with, gone, whole);
    static const char wanted[] = "{attributes: {ends: tls}, unset: true, beside: {name: {is: a}}}";
    assert_result(&bare, wanted, PREDICATE_YES);
    assert_result(&removed, wanted, PREDICATE_NO);
    assert_result(&bare, "{attribute: rules.tls, unset: true, beside: {name: {is: a}}}",
                  PREDICATE_YES);
    assert_result(&bare, "{attribute: rules.tls, unset: true, beside: {name: {is: b}}}",
                  PREDICATE_NO);
    assert_result(&removed, "{attribute: rules.tls, unset: true, beside: {name: {was: a}}}",
                  PREDICATE_YES);
    assert_result(&removed, "{attribute: rules.tls, unset: true, beside: {name: {is: present}}}",
                  PREDICATE_NO);
}

static void nothing_is_always_true(void **state) {
    (void)state;
    struct thing thing = thing_of(NULL, "{a: 1}", NULL);
    struct predicate_context context;
    predicate_context_init(&context, &arena, NULL);
    struct compiled compiled = compile("{path: test}", false);
    struct predicate_subject subject = {&thing_type, &thing, NULL};
    assert_int_equal(predicate_evaluate(&context, &compiled.image, 0, &subject, NULL),
                     PREDICATE_YES);
}

struct fault {
    struct compiled compiled;
    struct thing thing;
    struct arena arena;
};

static void evaluate_fault(void *context) {
    struct fault *fault = context;
    struct predicate_context evaluation;
    predicate_context_init(&evaluation, &fault->arena, NULL);
    struct predicate_subject subject = {&thing_type, &fault->thing, NULL};
    predicate_evaluate(&evaluation, &fault->compiled.image, fault->compiled.ref, &subject, NULL);
}

static void every_failed_allocation_unwinds(void **state) {
    (void)state;
    static const char *const paths[] = {"a", NULL};
    struct fault fault = {.compiled =
                              compile("{attribute: \"a[]\", is: {matches: \"^x+y\"}}", false),
                          .thing = thing_of("{a: [x]}", "{a: [x, xxy]}", paths)};
    struct failure own;
    unsigned long n = 0;
    bool ok;
    do {
        failure_init(&own);
        arena_init(&fault.arena, &own, 0);
        memory_fail_after(++n);
        ok = failure_try(&own, evaluate_fault, &fault);
        memory_fail_after(0);
        arena_release(&fault.arena);
    } while (!ok && n < 1000);
    assert_true(ok && n > 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, knowledge_set_up, arena_tear_down)

static void finds_attributes_by_what_their_path_looks_like(void **state) {
    (void)state;
    static const char *const paths[] = {"spec.log", "spec.items", NULL};
    struct thing thing = thing_of(
        "{spec: {log: {audit: {enabled: true}}, items: [{cidr: a}], same: {enabled: true}}}",
        "{spec: {items: [{cidr: b}], same: {enabled: true}}}", paths);
    struct predicate_match match;
    const char *enabled = "{attributes: {ends: .enabled}, was: true, is: absent}";
    assert_int_equal(evaluate(&thing, enabled, &match), PREDICATE_YES);
    assert_true(match.inner && match.changed && match.change == 0);
    assert_true(slice_is(match.path, "spec.log.audit.enabled"));
    assert_true(slice_is(value_literal(match.was), "true") && !match.is);
    assert_yes(&thing, "{attributes: spec.log, unset: true}");
    assert_no(&thing, "{attributes: {ends: .enabled}, is: true}");
    assert_no(&thing, "{attributes: {contains: same}, changed: true}");
    assert_yes(&thing, "{attributes: {ends: cidr}, was: a, is: absent}");
    assert_yes(&thing, "{attributes: spec.items, changed: true}");
    static const char *const list_paths[] = {"a", "s", NULL};
    struct thing lists =
        thing_of("{a: [x:*, b], s: one}", "{a: [x:*, y:*], s: [one, two]}", list_paths);
    assert_yes(&lists, "{attribute: a, gained: {ends: '*'}}");
    assert_yes(&lists, "{attributes: a, lost: b}");
    assert_no(&lists, "{attribute: a, gained: 'x:*'}");
    assert_no(&lists, "{attribute: a, lost: {ends: '*'}}");
    assert_yes(&lists, "{attribute: s, gained: two}"); /* a word becomes a list */
    assert_no(&lists, "{attribute: s, lost: present}");
    static const char *const mixed_paths[] = {"p", "q", NULL};
    struct thing mixed = thing_of("{p: [x, {k: 1}, {k: 2}], q: plain}",
                                  "{p: [{k: 3}, {k: 2}, x], q: {deep: all}}", mixed_paths);
    assert_yes(&mixed, "{attributes: p.k, was: absent, is: '3'}");
    assert_no(&mixed, "{attributes: p.k, is: '2'}"); /* stands on both sides */
    assert_yes(&mixed, "{attributes: q.deep, set: true, is: all}");
    struct thing added = thing_of(NULL, "{rule: [{cidr: all}], tags: [x]}", NULL);
    assert_yes(&added, "{attributes: rule.cidr, is: all, set: true}");
    assert_yes(&added, "{attributes: tags, is: x}");
    assert_no(&added, "{attributes: rule.cidr, unset: true}");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(finds_attributes_by_what_their_path_looks_like),
        TEST(matchers_on_texts),
        TEST(path_globs_know_components),
        TEST(patterns_that_explode_are_undecided),
        TEST(texts_words_and_numbers),
        TEST(removed_things_have_a_before),
        TEST(changed_things_are_judged_by_what_differs),
        TEST(prefixes_match_both_ways),
        TEST(elements_stand_for_themselves),
        TEST(mistakes_are_refused_with_their_place),
        TEST(neighbours_stand_in_the_same_mapping),
        TEST(neighbours_of_what_comes_and_goes),
        TEST(neighbours_of_an_attribute_that_goes),
        TEST(nothing_is_always_true),
        TEST(every_failed_allocation_unwinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
