#include "delta_scene.h"
#include "resolve/cloudformation.h"

#define HEAD "AWSTemplateFormatVersion: '2010-09-09'\n"
#define NAMES                                                                                      \
    HEAD "Parameters:\n"                                                                           \
         "  Env: {Type: String, Default: dev}\n"                                                   \
         "  Zones: {Type: CommaDelimitedList, Default: 'a, b'}\n"                                  \
         "  Open: {Type: String}\n"                                                                \
         "Mappings:\n"                                                                             \
         "  Sizes:\n    dev: {Disk: 10, Name: small}\n    prod: {Disk: 50, Name: big}\n"           \
         "Conditions:\n"                                                                           \
         "  Yes: !Equals [a, a]\n  No: !Not [!Condition Yes]\n"                                    \
         "  Prod: !Equals [!Ref Env, prod]\n  Unknown: !Equals [!Ref Open, x]\n"                   \
         "  Any: !Or [!Condition Prod, Condition: Yes]\n"                                          \
         "  All: !And [!Condition Unknown, !Condition No]\n"                                       \
         "  Circle: !Not [!Condition Circle]\n"                                                    \
         "Resources:\n  R:\n    Type: AWS::SNS::Topic\n"

static const struct entity_list *read_text(const char *dialect, const char *text) {
    return entity_read(&reader, dialect_by_name(reader.dialects, slice_of(dialect)),
                       slice_of(text));
}

static const struct value *body_of(struct template_scope *scope, const struct entity_list *list) {
    for (uint32_t i = 0; i < list->count; i++)
        if (slice_is(list->items[i].name, "R"))
            return template_body(scope, &list->items[i]);
    fail_msg("no resource R");
    return NULL;
}

/* What the property P of the resource R of a template comes to: "" stands before literals, "@"
 * before references, "=" before what stays a function; "-" if it is not there. */
static const char *property_in(const char *text) {
    struct template_scope scope;
    const struct entity_list *list = read_text("cloudformation", text);
    template_init(&scope, &arena, NULL);
    template_add(&scope, list);
    const struct value *value = value_at(body_of(&scope, list), SLICE("Properties.P"));
    if (!value)
        return "-";
    struct slice shown = value_render(&arena, value, 300);
    const char *mark = value->kind == VALUE_REFERENCE    ? "@"
                       : value->kind == VALUE_EXPRESSION ? "="
                                                         : "";
    return arena_text(&arena, ARENA_CONCAT(&arena, slice_of(mark), shown));
}

static const char *property_is(const char *expression) {
    struct strbuf text;
    strbuf_init(&text, &arena);
    strbuf_addf(&text, "%s    Properties:\n      P: %s\n", NAMES, expression);
    return property_in(arena_text(&arena, strbuf_slice(&text)));
}

struct comes_to {
    const char *expression, *value;
};

#define EXPECT(table)                                                                              \
    for (size_t row = 0; row < sizeof(table) / sizeof *(table); row++)                             \
    assert_string_equal(property_is((table)[row].expression), (table)[row].value)

static void names_and_texts_come_to_values(void **state) {
    (void)state;
    static const struct comes_to table[] = {
        {"!Ref Env", "dev"},
        {"{Ref: Env}", "dev"},
        {"!Ref Zones", "[a, b]"},
        {"!Ref Open", "@!Ref Open"},
        {"!Ref Other", "@!Ref Other"},
        {"!GetAtt Other.Arn", "@!GetAtt Other.Arn"},
        {"!Sub 'x-${Env}'", "x-dev"},
        {"!Sub 'x-${!Env}'", "x-${!Env}"},
        {"!Sub 'x-${Other.Arn}-${Env}'", "=!Sub x-${Other.Arn}-dev"},
        {"!Sub ['${A}-${Env}', {A: !Ref Env}]", "dev-dev"},
        {"!Sub '${Other}'", "@!Ref Other"},
        {"!Sub '${Other.Arn}'", "@!GetAtt Other.Arn"},
        {"!Sub '${Open'", "=!Sub ${Open"},
        {"!Join ['-', [a, !Ref Env, 3]]", "a-dev-3"},
        {"{'Fn::Join': ['', [a, {Ref: Env}]]}", "adev"},
        {"!Join ['-', [a, !Ref Other]]", "=!Sub a-${Other}"},
        {"!Join [',', !Ref Zones]", "a,b"},
        {"!Join ['-', !GetAZs '']", "=!Join [-, !GetAZs ]"},
        {"!Select [1, [a, b]]", "b"},
        {"!Select [0, !Ref Zones]", "a"},
        {"!Select [5, [a, b]]", "=!Select [5, [a, b]]"},
        {"!Select [-1, [a, b]]", "=!Select [-1, [a, b]]"},
        {"!Split ['.', a.b.c]", "[a, b, c]"},
        {"!Select [1, !Split ['.', a.b.c]]", "b"},
        {"!Base64 {Ref: Env}", "=!Base64 dev"},
    };
    EXPECT(table);
}

static void mappings_are_looked_up(void **state) {
    (void)state;
    static const struct comes_to table[] = {
        {"!FindInMap [Sizes, prod, Disk]", "50"},
        {"{'Fn::FindInMap': [Sizes, prod, Name]}", "big"},
        {"!FindInMap [Sizes, none, Name]", "=!FindInMap [Sizes, none, Name]"},
        {"!FindInMap [Sizes, none, Name, {DefaultValue: x}]", "x"},
        {"!FindInMap [None, a, b]", "=!FindInMap [None, a, b]"},
        /* a key by default stands for all rows, after its own */
        {"!FindInMap [Sizes, !Ref Env, Name]", "=!FindInMap small; of dev=small;prod=big;"},
        {"!FindInMap [Sizes, !Ref Open, Name]", "=!FindInMap  of dev=small;prod=big;"},
    };
    EXPECT(table);
}

static void conditions_choose(void **state) {
    (void)state;
    static const struct comes_to table[] = {
        {"!If [Yes, a, b]", "a"},
        {"!If [No, a, b]", "b"},
        {"!If [Any, a, b]", "a"},
        {"!If [All, a, b]", "b"},
        {"!If [Prod, a, a]", "a"},
        {"!If [No, a, !Ref 'AWS::NoValue']", "-"},
        {"!If [Prod, a, b]", "=!If false by !Equals [!Ref Env, prod] ? a : b"},
        {"!If [Unknown, !Ref Env, b]", "=!If ? by !Equals [!Ref Open, x] ? dev : b"},
        {"!If [Circle, a, b]", "=!If ? by !Not [!Condition Circle] ? a : b"},
        {"!If [Missing, a, b]", "=!If [Missing, a, b]"},
        {"!If [Yes, a]", "=!If [Yes, a]"},
        {"!If x", "=!If x"},
    };
    EXPECT(table);
}

static void json_says_the_same(void **state) {
    (void)state;
    const struct entity_list *list = entity_read(
        &reader,
        language_detect(reader.dialects, SLICE("app.template.json"), SLICE("{\"Resources\": {}}")),
        SLICE("{\"Parameters\": {\"Env\": {\"Type\": \"String\", \"Default\": \"dev\"}},"
              " \"Resources\": {\"R\": {\"Type\": \"AWS::SNS::Topic\", \"Properties\":"
              " {\"P\": {\"Fn::Sub\": \"x-${Env}\"}}}}}"));
    struct template_scope scope;
    template_init(&scope, &arena, NULL);
    template_add(&scope, list);
    const struct value *value = value_at(body_of(&scope, list), SLICE("Properties.P"));
    assert_true(slice_is(value_literal(value), "x-dev"));
    assert_true(value->resolved);
}

#define TOPIC(name) "    Properties: {TopicName: " name "}\n"

static bool holds(const char *text, const char *part) {
    return strstr(text, part) != NULL;
}

static void names_for_the_same_value_are_no_event(void **state) {
    (void)state;
    static const char *const same[] = {"!Ref Env", "!Sub '${Env}'", "!Join ['', [d, ev]]",
                                       "!Select [0, [dev]]", "!If [Yes, dev, x]"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        struct strbuf after;
        strbuf_init(&after, &arena);
        strbuf_addf(&after, "%s    Properties: {TopicName: %s}\n", NAMES, same[i]);
        assert_string_equal(
            events_in("t.yaml", NAMES TOPIC("dev"), arena_text(&arena, strbuf_slice(&after))), "");
    }
}

#define PARAMETER(rest, property)                                                                  \
    HEAD "Parameters:\n  Env: {Type: String" rest "}\nResources:\n  R:\n"                          \
         "    Type: AWS::SNS::Topic\n    Properties: {TopicName: " property "}\n"

static void a_default_is_told_where_it_is_used(void **state) {
    (void)state;
    const char *events = events_in("t.yaml", PARAMETER(", Default: a", "!Ref Env"),
                                   PARAMETER(", Default: b", "!Ref Env"));
    assert_true(holds(events, "replaced likely R in t.yaml by Properties.TopicName"));
    events = events_in("t.yaml", PARAMETER("", "!Ref Env"), PARAMETER(", Default: b", "!Ref Env"));
    assert_false(holds(events, "replaced"));
    events = events_in("t.yaml", PARAMETER(", Default: b", "!Ref Env"), PARAMETER("", "!Ref Env"));
    assert_false(holds(events, "replaced"));
    events = events_in("t.yaml", PARAMETER("", "b"), PARAMETER("", "!Ref Env"));
    assert_true(holds(events, "replaced possible R"));
}

#define MAPPED(value, key)                                                                         \
    HEAD "Parameters:\n  Env: {Type: String, Default: dev}\n"                                      \
         "Mappings:\n  M:\n    dev: {N: one}\n    prod: {N: " value "}\nResources:\n  R:\n"        \
         "    Type: AWS::SNS::Topic\n"                                                             \
         "    Properties: {TopicName: !FindInMap [M, " key ", N]}\n"

static void a_row_counts_where_it_can_be_used(void **state) {
    (void)state;
    const char *replaced = "replaced likely R in t.yaml by Properties.TopicName";
    assert_true(holds(events_in("t.yaml", MAPPED("a", "prod"), MAPPED("b", "prod")), replaced));
    assert_true(
        holds(events_in("t.yaml", MAPPED("a", "!Ref Env"), MAPPED("b", "!Ref Env")), replaced));
    assert_false(holds(events_in("t.yaml", MAPPED("a", "dev"), MAPPED("b", "dev")), "replaced"));
    assert_false(holds(
        events_in("t.yaml", MAPPED("a", "!Ref Env"), MAPPED("a}\n    test: {N: x", "!Ref Env")),
        "replaced"));
}

#define EXISTS(condition, policy)                                                                  \
    HEAD "Parameters:\n  Env: {Type: String, Default: dev}\n  Open: {Type: String}\n"              \
         "Conditions:\n  Prod: !Equals [!Ref Env, prod]\n  No: !Equals [a, b]\n"                   \
         "  Maybe: !Equals [!Ref Open, x]\nResources:\n  R:\n    Type: AWS::SNS::Topic\n" policy   \
             condition

static void a_condition_removes(void **state) {
    (void)state;
    const char *plain = EXISTS("", "");
    assert_true(
        holds(events_in("t.yaml", plain, EXISTS("    Condition: No\n", "")), "removed certain R"));
    assert_true(
        holds(events_in("t.yaml", plain, EXISTS("    Condition: Prod\n", "")), "removed likely R"));
    assert_true(holds(events_in("t.yaml", plain, EXISTS("    Condition: Maybe\n", "")),
                      "removed possible R"));
    assert_false(holds(events_in("t.yaml", EXISTS("    Condition: No\n", ""), plain), "removed"));
    assert_true(holds(events_in("t.yaml", EXISTS("", "    DeletionPolicy: Retain\n"),
                                EXISTS("    Condition: No\n", "    DeletionPolicy: Retain\n")),
                      "orphaned certain R"));
}

#define BUCKET(name, policy)                                                                       \
    HEAD "Resources:\n  " name ":\n    Type: AWS::S3::Bucket\n" policy                             \
         "    Properties: {BucketName: x}\n  Topic: {Type: AWS::SNS::Topic}\n"

static void another_logical_id_is_another_thing(void **state) {
    (void)state;
    assert_string_equal(events_in("t.yaml", BUCKET("A", ""), BUCKET("B", "")),
                        "renamed certain B was A in t.yaml\n");
    const char *events = events_in("t.yaml", BUCKET("A", "    DeletionPolicy: Retain\n"),
                                   BUCKET("B", "    DeletionPolicy: Retain\n"));
    assert_true(holds(events, "orphaned certain A"));
    assert_true(holds(events, "added certain B"));
    events = events_in("t.yaml", BUCKET("A", ""),
                       HEAD "Resources:\n  A: {Type: AWS::SQS::Queue}\n"
                            "  Topic: {Type: AWS::SNS::Topic}\n");
    assert_true(holds(events, "replaced certain A in t.yaml by type"));
    events = events_in("t.yaml", BUCKET("A", "    Metadata: {a: 1, b: 2}\n    DependsOn: Topic\n"),
                       BUCKET("B", "    Metadata: {a: 1, b: 2}\n    DependsOn: Other\n"));
    assert_true(holds(events, "removed certain A"));
}

#define NETWORK(range)                                                                             \
    HEAD "Resources:\n"                                                                            \
         "  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: " range "}}\n"                      \
         "  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: x}}\n"       \
         "  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: !Sub "           \
         "'${Subnet}', VpcId: x}}\n"                                                               \
         "  Tagged: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Vpc}}\n"                \
         "  Self: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Self}}\n"

static void what_refers_to_it_falls_with_it(void **state) {
    (void)state;
    const char *events = events_in("t.yaml", NETWORK("10.0.0.0/16"), NETWORK("10.1.0.0/16"));
    assert_true(holds(events, "replaced certain Vpc in t.yaml by Properties.CidrBlock"));
    assert_true(holds(events, "  with Subnet\n  with Group\n"));
    assert_false(holds(events, "Tagged"));
    assert_false(holds(events, "Self"));
}

#define SERVERLESS(name)                                                                           \
    "service: shop\nprovider: {name: aws}\nresources:\n  Resources:\n    Orders:\n"                \
    "      Type: AWS::DynamoDB::Table\n      Properties: {TableName: " name "}\n"
#define CDK(name)                                                                                  \
    "{\n \"Resources\": {\n  \"Orders\": {\n   \"Type\": \"AWS::DynamoDB::Table\",\n"              \
    "   \"Properties\": {\"TableName\": \"" name "\"}\n  }\n }\n}\n"

static void other_tools_templates_are_templates(void **state) {
    (void)state;
    const char *replaced = "replaced certain Orders in ";
    assert_true(holds(events_in("serverless.yml", SERVERLESS("a"), SERVERLESS("b")), replaced));
    assert_true(holds(events_in("cdk.out/shop.template.json", CDK("a"), CDK("b")), replaced));
}

/* Conditions that ask each other twice, names that stand for more than a machine holds. */
static void hostile_templates_end(void **state) {
    (void)state;
    struct strbuf text;
    strbuf_init(&text, &arena);
    strbuf_add_text(&text, HEAD "Parameters:\n  P: {Type: CommaDelimitedList, Default: '");
    strbuf_add_repeat(&text, ',', 50000);
    strbuf_add_text(&text, "'}\nConditions:\n  C0: !Equals [!Ref X, y]\n");
    for (int i = 1; i < 200; i++)
        strbuf_addf(&text, "  C%d: !And [!Condition C%d, !Condition C%d]\n", i, i - 1, i - 1);
    strbuf_add_text(&text, "Resources:\n  R:\n    Type: AWS::SNS::Topic\n    Condition: C199\n"
                           "    Properties:\n      P:\n");
    for (int i = 0; i < 3000; i++)
        strbuf_add_text(&text, "      - !Ref P\n");
    strbuf_add_text(&text, "      Q: ");
    for (int i = 0; i < 20; i++)
        strbuf_add_text(&text, "!If [C199, !Sub ['${A}', {A: ");
    strbuf_add_text(&text, "x");
    for (int i = 0; i < 20; i++)
        strbuf_add_text(&text, "}], y]");
    strbuf_add_text(&text, "\n");
    size_t before = arena.used;
    assert_true(property_in(arena_text(&arena, strbuf_slice(&text)))[0] == '[');
    assert_true(arena.used - before < (size_t)256 << 20);
}

#define SERVICE                                                                                    \
    "service: shop\nprovider: {name: aws, stage: live}\n"                                          \
    "custom:\n  table: orders-${self:provider.stage}\n  loop: 'x${self:custom.loop}'\n"            \
    "  twice: '${self:custom.twice}${self:custom.twice}'\n  keys: [a, b]\n"                        \
    "resources:\n  Resources:\n    R:\n      Type: AWS::DynamoDB::Table\n      Properties:\n"      \
    "        P: "

static void texts_of_the_service_are_put_in(void **state) {
    (void)state;
    assert_string_equal(property_in(SERVICE "${self:custom.table}\n"), "orders-live");
    assert_string_equal(property_in(SERVICE "x-${self:service}-y\n"), "x-shop-y");
    assert_string_equal(property_in(SERVICE "${self:custom.keys}\n"), "[a, b]");
    assert_string_equal(property_in(SERVICE "${self:custom.none}\n"), "${self:custom.none}");
    assert_string_equal(property_in(SERVICE "${opt:stage}-${self:service}\n"), "${opt:stage}-shop");
    assert_string_equal(property_in(SERVICE "'${self:'\n"), "${self:");
}

static void texts_that_name_themselves_end(void **state) {
    (void)state;
    assert_non_null(strstr(property_in(SERVICE "${self:custom.loop}\n"), "${self:custom.loop}"));
    assert_non_null(property_in(SERVICE "${self:custom.twice}\n"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_the_service_are_put_in),
        cmocka_unit_test(texts_that_name_themselves_end),
        cmocka_unit_test(names_and_texts_come_to_values),
        cmocka_unit_test(mappings_are_looked_up),
        cmocka_unit_test(conditions_choose),
        cmocka_unit_test(json_says_the_same),
        cmocka_unit_test(names_for_the_same_value_are_no_event),
        cmocka_unit_test(a_default_is_told_where_it_is_used),
        cmocka_unit_test(a_row_counts_where_it_can_be_used),
        cmocka_unit_test(a_condition_removes),
        cmocka_unit_test(another_logical_id_is_another_thing),
        cmocka_unit_test(what_refers_to_it_falls_with_it),
        cmocka_unit_test(other_tools_templates_are_templates),
        cmocka_unit_test(hostile_templates_end),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
