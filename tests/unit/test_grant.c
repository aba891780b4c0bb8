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

static struct grant random_grant(void) {
    struct grant grant = {.strict = true, .id = SLICE("")};
    add_random(&grant.actions.texts, actions, ACTIONS, "s:*");
    add_random(&grant.resources.texts, resources, RESOURCES, NULL);
    add_random(&grant.principals.texts, principals, PRINCIPALS, NULL);
    return grant;
}

/* Also with exceptions and denials. */
static struct grant random_rich_grant(void) {
    struct grant grant = random_grant();
    grant.deny = below(3) == 0;
    if (below(3) == 0)
        vec_push(&arena, &grant.actions.except, slice_of(actions[below(ACTIONS - 1)]));
    if (below(4) == 0)
        grant.actions.texts.count = 0;
    if (below(4) == 0)
        vec_push(&arena, &grant.resources.except, slice_of(resources[below(RESOURCES - 1)]));
    if (below(6) == 0)
        vec_push(&arena, &grant.principals.except, slice_of(principals[below(PRINCIPALS - 1)]));
    return grant;
}

static struct grants random_grants(struct grant (*one)(void)) {
    struct grants grants = {.list = {NULL, 0, 0}};
    for (uint32_t n = below(4); n; n--) {
        struct grant grant = one();
        vec_push(&arena, &grants.list, grant);
    }
    return grants;
}

static bool speaks_of(const struct grant *grant, uint32_t a, uint32_t r, uint32_t p) {
    return scope_holds_text(&grant->actions, slice_of(actions[a]), NULL, false) &&
           scope_holds_text(&grant->resources, slice_of(resources[r]), NULL, false) &&
           scope_holds_text(&grant->principals, slice_of(principals[p]), NULL, false);
}

static bool allows(const struct grants *grants, uint32_t a, uint32_t r, uint32_t p) {
    bool allowed = false;
    for (uint32_t i = 0; i < grants->list.count; i++) {
        if (grants->list.items[i].deny && speaks_of(&grants->list.items[i], a, r, p))
            return false;
        allowed = allowed || speaks_of(&grants->list.items[i], a, r, p);
    }
    return allowed;
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
        struct grants before = random_grants(random_grant), after = random_grants(random_grant);
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

static bool gains(const struct grants *before, const struct grants *after,
                  struct grant_gain *gain) {
    struct grants was = {.list = {NULL, 0, 0}}, is = {.list = {NULL, 0, 0}};
    for (uint32_t i = 0; i < before->list.count; i++)
        vec_push(&arena, &was.list, before->list.items[i]);
    for (uint32_t i = 0; i < after->list.count; i++)
        vec_push(&arena, &is.list, after->list.items[i]);
    grants_settle(&arena, &was);
    grants_settle(&arena, &is);
    return grants_compare(&arena, &was, &is, gain);
}

static struct grants without(const struct grants *grants, uint32_t index) {
    struct grants rest = {.list = {NULL, 0, 0}};
    for (uint32_t i = 0; i < grants->list.count; i++)
        if (i != index)
            vec_push(&arena, &rest.list, grants->list.items[i]);
    return rest;
}

static struct grants turned(const struct grants *grants) {
    struct grants rest = {.list = {NULL, 0, 0}};
    for (uint32_t i = grants->list.count; i--;)
        vec_push(&arena, &rest.list, grants->list.items[i]);
    return rest;
}

/* With exceptions and denials: what more is allowed is never missed, fewer grants and more denials
 * gain nothing, and neither does another order. */
static void exceptions_and_denials_count(void **state) {
    (void)state;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct grants before = random_grants(random_rich_grant);
        struct grants after = random_grants(random_rich_grant), other = turned(&after);
        struct grant_gain gain;
        if (allows_more(&before, &after) && !gains(&before, &after, &gain))
            fail_msg("round %u: more is allowed, and nothing is gained", round);
        assert_false(gains(&after, &other, &gain));
        for (uint32_t i = 0; i < after.list.count; i++) {
            struct grants rest = without(&after, i);
            bool deny = after.list.items[i].deny;
            if (deny ? gains(&rest, &after, &gain) : gains(&after, &rest, &gain))
                fail_msg("round %u: %s grant %u gains", round, deny ? "denying" : "losing", i);
        }
    }
}

static struct grant grant_of(const char *action, const char *resource, const char *principal) {
    struct grant grant = {.id = SLICE("")};
    vec_push(&arena, &grant.actions.texts, slice_of(action));
    if (resource)
        vec_push(&arena, &grant.resources.texts, slice_of(resource));
    if (principal)
        vec_push(&arena, &grant.principals.texts, slice_of(principal));
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

static void values_limit_by_what_they_mean(void **state) {
    (void)state;
    static const struct {
        const char *name, *was, *is;
        bool more;
    } cases[] = {
        {"IpAddress aws:SourceIp", "10.0.0.0/16", "0.0.0.0/0", true},
        {"IpAddress aws:SourceIp", "10.0.0.0/16", "10.0.1.0/24", false},
        {"IpAddress aws:SourceIp", "10.0.0.0/16", "192.0.2.0/24", false},
        {"NotIpAddress aws:SourceIp", "10.0.0.0/8", "10.0.0.0/16", true},
        {"NotIpAddress aws:SourceIp", "10.0.0.0/16", "10.0.0.0/8", false},
        {"NumericLessThan aws:MultiFactorAuthAge", "3600", "86400", true},
        {"NumericLessThan aws:MultiFactorAuthAge", "86400", "3600", false},
        {"NumericGreaterThan s:x", "10", "1", true},
        {"StringNotLike s:x", "a*", "ab", true},
        {"StringNotLike s:x", "ab", "a*", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if ((gain_of(limited(cases[i].name, cases[i].was), limited(cases[i].name, cases[i].is))
                 .is != NULL) != cases[i].more)
            fail_msg("%s: %s -> %s", cases[i].name, cases[i].was, cases[i].is);
    assert_null(gain_of(limited("StringLike k", "a"), limited("StringEquals K", "a")).is);
    assert_null(gain_of(limited("StringEqualsIfExists k", "a"), limited("StringEquals k", "a")).is);
    assert_non_null(
        gain_of(limited("StringEquals k", "a"), limited("StringEqualsIfExists k", "a")).is);
}

static void denials_count_the_other_way(void **state) {
    (void)state;
    struct grant wide = grant_of("kms:*", "*", NULL), narrow = grant_of("kms:Disable", "*", NULL);
    wide.deny = narrow.deny = true;
    assert_int_equal(gain_of(wide, narrow).denials.count, 1);
    assert_null(gain_of(narrow, wide).is);
}

static struct grant all_but(const char *action) {
    struct grant but = grant_of(action, "*", NULL);
    but.actions = (struct grant_scope){.except = but.actions.texts};
    return but;
}

/* What is no longer excepted is what is won. */
static void fewer_exceptions_are_more(void **state) {
    (void)state;
    struct grant one = all_but("iam:*"), two = all_but("iam:*");
    vec_push(&arena, &two.actions.except, SLICE("kms:*"));
    struct grant_gain gain = gain_of(two, one);
    assert_true(gain.actions.count == 1 && slice_is(gain.actions.items[0], "kms:*"));
    assert_null(gain_of(one, two).is);
    one.deny = two.deny = true; /* all but iam may not be done, and now kms may be, too */
    gain = gain_of(one, two);
    assert_true(gain.denials.count == 1 && slice_is(gain.denials.items[0], "kms:*"));
    assert_null(gain_of(two, one).is);
    struct grant role = grant_of("*", NULL, NULL), less = role;
    vec_push(&arena, &less.actions.except, SLICE("Microsoft.Authorization/*/write"));
    gain = gain_of(less, role);
    assert_true(gain.actions.count == 1 && !gain.inverse);
    assert_null(gain_of(role, less).is);
}

static void what_a_denial_covered_is_won(void **state) {
    (void)state;
    struct grants before = one(grant_of("*", "*", NULL)), after = before;
    struct grant denial = grant_of("iam:*", "*", NULL);
    denial.deny = true;
    after.list.items = NULL;
    after.list.count = after.list.capacity = 0;
    vec_push(&arena, &after.list, before.list.items[0]);
    vec_push(&arena, &before.list, denial);
    struct grant_gain gain;
    assert_true(gains(&before, &after, &gain));
    assert_true(gain.actions.count == 1 && slice_is(gain.actions.items[0], "iam:*"));
    assert_int_equal(gain.denials.count, 1);
    assert_false(gains(&after, &before, &gain));
    vec_push(&arena, &after.list, denial); /* allowed beside a denial of it: nothing new */
    vec_push(&arena, &after.list, grant_of("iam:PassRole", "*", NULL));
    assert_false(gains(&before, &after, &gain));
}

static struct grant closest(const char *action, const char *path) {
    struct grant grant = grant_of(action, path, NULL);
    grant.closest = grant.strict = true;
    return grant;
}

static void the_closest_grant_counts(void **state) {
    (void)state;
    struct grants wide = one(closest("read", "a/*")), both = one(closest("read", "a/*"));
    struct grant_gain gain;
    struct grant denial = closest("read", "a/b/*");
    denial.deny = true;
    denial.actions.texts.count = 0;
    vec_push(&arena, &both.list, denial);
    assert_true(gains(&both, &wide, &gain));
    assert_true(gain.resources.count == 1 && slice_is(gain.resources.items[0], "a/b/*"));
    assert_false(gains(&wide, &both, &gain));
    struct grants twice = one(closest("read", "a/*"));
    vec_push(&arena, &twice.list, closest("read", "a/b/*"));
    vec_push(&arena, &twice.list, closest("read", "a/b/c/*"));
    assert_false(gains(&twice, &wide, &gain));
    assert_false(gains(&wide, &twice, &gain));
    vec_push(&arena, &twice.list, closest("write", "a/b/*"));
    assert_true(gains(&wide, &twice, &gain));
    assert_int_equal(gain.actions.count, 1);
}

static void scopes_hold_what_is_below(void **state) {
    (void)state;
    struct grant wide = grant_of("Owner", "/subscriptions/1", "p");
    struct grant narrow = grant_of("Owner", "/subscriptions/1/resourceGroups/a", "p");
    wide.resources.below = narrow.resources.below = true;
    assert_int_equal(gain_of(narrow, wide).resources.count, 1);
    assert_null(gain_of(wide, narrow).is);
    assert_null(gain_of(narrow, grant_of("Owner", "/subscriptions/1/resourceGroups/b", "p")).is);
    assert_null(gain_of(wide, grant_of("Owner", "/subscriptions/11", "p")).is);
}

static void all_but_some_is_an_inverse(void **state) {
    (void)state;
    struct grant but = all_but("iam:*");
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
            vec_push(&arena, &grant.actions.texts, arena_format(&arena, "s%u:*a*b*c%u", i, k));
            vec_push(&arena, &grant.resources.texts, arena_format(&arena, "x%u/*", k));
        }
        vec_push(&arena, &before.list, grant);
        vec_push(&arena, &grant.actions.texts, SLICE("other:*"));
        vec_push(&arena, &after.list, grant);
    }
    struct grant_gain gain;
    assert_false(grants_compare(&arena, &before, &after, &gain));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, arena_set_up, arena_tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(nothing_gained_is_missed),     TEST(another_thing_is_not_more),
        TEST(limits_that_go_are_gained),    TEST(denials_count_the_other_way),
        TEST(all_but_some_is_an_inverse),   TEST(large_policies_stay_cheap),
        TEST(exceptions_and_denials_count), TEST(fewer_exceptions_are_more),
        TEST(what_a_denial_covered_is_won), TEST(the_closest_grant_counts),
        TEST(scopes_hold_what_is_below),    TEST(values_limit_by_what_they_mean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
