/* What one set of permissions allows and another does not, against brute force over a small world.
 */
#include "arena_fixture.h"

#include "fact/grant.h"

enum { ACTIONS = 4, RESOURCES = 3, PRINCIPALS = 3, ROUNDS = 5000 };

/* The last of each is what nobody names: only a wildcard holds it. */
static const char *const actions[ACTIONS] = {"s:a", "s:b", "t:a", "u:z"};
static const char *const resources[RESOURCES] = {"x", "y", "z"};
static const char *const principals[PRINCIPALS] = {"p", "q", "r"};

static uint64_t seed = 20260101;

static uint32_t below(uint32_t limit) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % limit;
}

static void add_random(struct text_list *list, const char *const *texts, uint32_t count,
                       const char *partial) {
    for (uint32_t n = 1 + below(2); n; n--) {
        uint32_t which = below(count + 1);
        struct slice text = which < count - 1               ? slice_of(texts[which])
                            : which == count - 1 && partial ? slice_of(partial)
                                                            : SLICE("*");
        vec_push(&arena, list, text);
    }
}

static struct grants random_grants(void) {
    struct grants grants = {.list = {NULL, 0, 0}};
    for (uint32_t n = below(4); n; n--) {
        struct grant grant = {.strict = true, .id = SLICE("")};
        add_random(&grant.actions, actions, ACTIONS, "s:*");
        add_random(&grant.resources, resources, RESOURCES, NULL);
        add_random(&grant.principals, principals, PRINCIPALS, NULL);
        vec_push(&arena, &grants.list, grant);
    }
    return grants;
}

static bool allows(const struct grants *grants, uint32_t a, uint32_t r, uint32_t p) {
    for (uint32_t i = 0; i < grants->list.count; i++) {
        const struct grant *grant = &grants->list.items[i];
        if (text_held(&grant->actions, slice_of(actions[a])) &&
            text_held(&grant->resources, slice_of(resources[r])) &&
            text_held(&grant->principals, slice_of(principals[p])))
            return true;
    }
    return false;
}

static bool allows_more(const struct grants *before, const struct grants *after) {
    for (uint32_t a = 0; a < ACTIONS; a++)
        for (uint32_t r = 0; r < RESOURCES; r++)
            for (uint32_t p = 0; p < PRINCIPALS; p++)
                if (allows(after, a, r, p) && !allows(before, a, r, p))
                    return true;
    return false;
}

/* "s:*" is not proved to be held by "s:a" and "s:b" beside "s:c", which nobody named: a claim that
 * more is allowed may be wrong only where wildcards meet lists, never the other way. */
static void nothing_gained_is_missed(void **state) {
    (void)state;
    uint32_t agreed = 0;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct grants before = random_grants(), after = random_grants();
        struct grant_gain gain;
        bool gained = grants_compare(&arena, &before, &after, &gain);
        bool more = allows_more(&before, &after);
        if (more && !gained)
            fail_msg("round %u: more is allowed, and nothing is gained", round);
        agreed += more == gained;
        assert_false(grants_compare(&arena, &after, &after, &gain));
    }
    assert_true(agreed > ROUNDS * 97 / 100);
}

static struct grant grant_of(const char *action, const char *resource, const char *principal) {
    struct grant grant = {.id = SLICE("")};
    vec_push(&arena, &grant.actions, slice_of(action));
    if (resource)
        vec_push(&arena, &grant.resources, slice_of(resource));
    if (principal)
        vec_push(&arena, &grant.principals, slice_of(principal));
    return grant;
}

static struct grants one(struct grant grant) {
    struct grants grants = {.list = {NULL, 0, 0}};
    vec_push(&arena, &grants.list, grant);
    return grants;
}

static struct grant_gain gain_of(struct grant was, struct grant is) {
    struct grants before = one(was), after = one(is);
    struct grant_gain gain;
    grants_compare(&arena, &before, &after, &gain);
    return gain;
}

static void another_thing_is_not_more(void **state) {
    (void)state;
    assert_null(gain_of(grant_of("s3:Get", "a/*", NULL), grant_of("s3:Get", "b/*", NULL)).is);
    assert_int_equal(
        gain_of(grant_of("s3:Get", "a/*", NULL), grant_of("s3:Get", "*", NULL)).resources.count, 1);
    assert_int_equal(
        gain_of(grant_of("s3:Get", "a", NULL), grant_of("s3:*", "a", NULL)).actions.count, 1);
    assert_null(gain_of(grant_of("S3:get*", "a", NULL), grant_of("s3:GetObject", "a", NULL)).is);
    assert_int_equal(
        gain_of(grant_of("sts", NULL, "one"), grant_of("sts", NULL, "two")).principals.count, 1);
}

static struct grant limited(const char *name, const char *value) {
    struct grant grant = grant_of("a", "*", NULL);
    struct grant_condition condition = {.name = slice_of(name)};
    vec_push(&arena, &condition.values, slice_of(value));
    vec_push(&arena, &grant.conditions, condition);
    return grant;
}

static void limits_that_go_are_gained(void **state) {
    (void)state;
    struct grant free = grant_of("a", "*", NULL);
    assert_int_equal(gain_of(limited("Bool mfa", "true"), free).conditions.count, 1);
    assert_null(gain_of(free, limited("Bool mfa", "true")).is);
    assert_int_equal(
        gain_of(limited("Like sub", "repo:a"), limited("Like sub", "repo:*")).conditions.count, 1);
    assert_null(gain_of(limited("Like sub", "repo:*"), limited("Like sub", "repo:a")).is);
    assert_null(gain_of(limited("Like sub", "repo:a"), limited("Like sub", "repo:b")).is);
    assert_int_equal(
        gain_of(limited("Bool mfa", "true"), limited("Bool mfa", "false")).conditions.count, 1);
}

static void denials_count_the_other_way(void **state) {
    (void)state;
    struct grant wide = grant_of("kms:*", "*", NULL), narrow = grant_of("kms:Disable", "*", NULL);
    wide.deny = narrow.deny = true;
    assert_int_equal(gain_of(wide, narrow).denials.count, 1);
    assert_null(gain_of(narrow, wide).is);
}

static void all_but_some_is_an_inverse(void **state) {
    (void)state;
    struct grant but = grant_of("iam:*", "*", NULL);
    but.but_actions = true;
    struct grant_gain gain = gain_of(grant_of("s3:*", "*", NULL), but);
    assert_true(gain.inverse && gain.actions.count == 1);
    assert_null(gain_of(but, grant_of("s3:Get", "a", NULL)).is);
    assert_int_equal(gain_of(but, grant_of("iam:PassRole", "*", NULL)).actions.count, 1);
    assert_true(slice_is(grant_render(&arena, &but), "all actions but iam:* on everything"));
}

/* Nothing that a hostile file holds takes long. */
static void large_policies_stay_cheap(void **state) {
    (void)state;
    struct grants before = {.list = {NULL, 0, 0}}, after = {.list = {NULL, 0, 0}};
    for (uint32_t i = 0; i < 1500; i++) {
        struct grant grant = {.id = SLICE("")};
        for (uint32_t k = 0; k < 30; k++) {
            vec_push(&arena, &grant.actions, arena_format(&arena, "s%u:*a*b*c%u", i, k));
            vec_push(&arena, &grant.resources, arena_format(&arena, "x%u/*", k));
        }
        vec_push(&arena, &before.list, grant);
        vec_push(&arena, &grant.actions, SLICE("other:*"));
        vec_push(&arena, &after.list, grant);
    }
    struct grant_gain gain;
    assert_false(grants_compare(&arena, &before, &after, &gain));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_set_up, arena_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(nothing_gained_is_missed),   TEST(another_thing_is_not_more),
        TEST(limits_that_go_are_gained),  TEST(denials_count_the_other_way),
        TEST(all_but_some_is_an_inverse), TEST(large_policies_stay_cheap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
