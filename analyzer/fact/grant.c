#include "fact/grant.h"

#include "base/glob.h"

bool grants_allow(const struct grants *grants, struct slice action) {
    for (uint32_t i = 0; i < grants->list.count; i++) {
        const struct grant *grant = &grants->list.items[i];
        if (!grant->deny && scope_holds_text(&grant->actions, action, NULL, false))
            return true;
    }
    return false;
}

/* ---- what takes off what ---- */

static void except_texts(struct arena *arena, struct grant_scope *scope,
                         const struct grant_scope *gone) {
    for (uint32_t i = 0; i < scope_texts(gone); i++) {
        struct slice text = scope_text(gone, i);
        bool common = false;
        for (uint32_t k = 0; k < scope_texts(scope) && !common; k++)
            common = !glob_is_apart_nocase(scope_text(scope, k), text);
        if (common && !text_held(&scope->except, text))
            vec_push(arena, &scope->except, text);
    }
}

/* A denial that speaks of all a grant is about but for one part takes off what it names there. */
static void take_denied(struct arena *arena, struct grant *grant, const struct grant *read,
                        const struct grant *denial) {
    bool actions = scope_holds(&denial->actions, &read->actions);
    bool resources = scope_holds(&denial->resources, &read->resources);
    bool principals = scope_holds(&denial->principals, &read->principals);
    if (denial->conditions.count)
        return;
    if (resources && principals && !denial->actions.except.count)
        except_texts(arena, &grant->actions, &denial->actions);
    else if (actions && principals && !denial->resources.except.count)
        except_texts(arena, &grant->resources, &denial->resources);
    else if (actions && resources && !denial->principals.except.count)
        except_texts(arena, &grant->principals, &denial->principals);
}

static void take_closer(struct arena *arena, struct grant *grant, const struct grant *other) {
    for (uint32_t i = 0; i < other->resources.texts.count; i++) {
        struct slice text = other->resources.texts.items[i];
        if (scope_holds_text(&grant->resources, text, NULL, false) &&
            !text_held(&other->resources.texts, scope_text(&grant->resources, 0)))
            vec_push(arena, &grant->resources.except, text);
    }
}

void grants_settle(struct arena *arena, struct grants *grants) {
    for (uint32_t i = 0; grants->list.count <= GRANTS && i < grants->list.count; i++) {
        struct grant *grant = &grants->list.items[i], read = *grant;
        for (uint32_t k = 0; k < grants->list.count; k++) {
            const struct grant *other = &grants->list.items[k];
            if (grant->closest && k != i)
                take_closer(arena, grant, other);
            else if (!grant->closest && !grant->deny && other->deny)
                take_denied(arena, grant, &read, other);
        }
    }
}

/* ---- comparing ---- */

struct comparison_of_grants {
    struct arena *arena;
    const struct grants *before;
    struct grant_gain *gain;
    uint64_t steps;
};

static void gain_text(struct comparison_of_grants *with, struct text_list *list, struct slice text,
                      const struct grant *by) {
    if (!with->gain->is)
        with->gain->is = by;
    for (uint32_t i = 0; i < list->count; i++)
        if (slice_equal(list->items[i], text))
            return;
    vec_push(with->arena, list, text);
}

static bool has_wildcard(struct slice text) {
    return slice_find_byte(text, '*') != SLICE_NPOS;
}

/* An action, but for some, on one of the things that `by` is about, for anybody or one. */
struct claim {
    const struct grant *by;
    struct slice action, resource;
    const struct text_list *but;
    struct slice principal; /* SLICE_NONE: anybody */
};

static bool is_about(const struct grant *grant, const struct claim *claim) {
    return !grant->deny && scope_holds_text(&grant->actions, claim->action, claim->but, false);
}

static bool is_wider(const struct grant_scope *scope, struct slice resource, struct slice than) {
    return (has_wildcard(resource) || scope->below) && !slice_equal_nocase(resource, than) &&
           scope_text_holds(scope, resource, than);
}

/* A resource that means more than one which the action was allowed on, or everything. */
static bool is_more(const struct grants *before, const struct claim *claim) {
    for (uint32_t i = 0; i < before->list.count; i++) {
        const struct grant *grant = &before->list.items[i];
        if (!is_about(grant, claim))
            continue;
        if (slice_is(claim->resource, "*"))
            return true;
        for (uint32_t k = 0; k < grant->resources.texts.count; k++)
            if (is_wider(&claim->by->resources, claim->resource, grant->resources.texts.items[k]))
                return true;
    }
    return false;
}

static struct slice narrower(struct slice a, struct slice b) {
    return glob_includes_nocase(a, b) ? b : a;
}

/* But for its exceptions among resources. */
static bool is_near(const struct grant *grant, const struct claim *claim) {
    const struct grant *by = claim->by;
    return is_about(grant, claim) &&
           scope_holds_text(&grant->resources, claim->resource, &by->resources.except, true) &&
           (slice_is_none(claim->principal) ||
            scope_holds_text(&grant->principals, claim->principal, &by->principals.except, false));
}

/* An exception of `of` that other grants allow, but for what is an exception of its own. */
static bool is_held_elsewhere(struct comparison_of_grants *with, const struct claim *claim,
                              const struct grant *of, struct slice exception) {
    struct claim part = *claim;
    part.resource = narrower(exception, claim->resource);
    for (uint32_t i = 0; i < with->before->list.count; i++) {
        const struct grant *grant = &with->before->list.items[i];
        with->steps++;
        if (grant == of || !is_near(grant, &part))
            continue;
        bool held = true;
        for (uint32_t k = 0; k < grant->resources.except.count && held; k++) {
            struct slice inner = grant->resources.except.items[k];
            held = glob_is_apart_nocase(inner, part.resource) ||
                   (!slice_equal(inner, exception) && text_held(&of->resources.except, inner));
        }
        if (held)
            return true;
    }
    return false;
}

/* The first exception that leaves a part of the claim out; SLICE_NONE if there is none. */
static struct slice left_out(struct comparison_of_grants *with, const struct claim *claim,
                             const struct grant *grant, uint32_t *at) {
    for (; *at < grant->resources.except.count && with->steps < GRANT_STEPS; ++*at) {
        struct slice exception = grant->resources.except.items[*at];
        with->steps++;
        if (!glob_is_apart_nocase(claim->resource, exception) &&
            !text_held(&claim->by->resources.except, exception) &&
            !is_held_elsewhere(with, claim, grant, exception)) {
            ++*at;
            return narrower(exception, claim->resource);
        }
    }
    return SLICE_NONE;
}

/* NULL, or a grant that speaks of the resource; *all: it does so without exceptions that count. */
static const struct grant *nearest(struct comparison_of_grants *with, const struct claim *claim,
                                   bool *all) {
    const struct grant *near = NULL;
    *all = text_held(&claim->by->resources.except, claim->resource);
    for (uint32_t i = 0; i < with->before->list.count && !*all; i++) {
        const struct grant *grant = &with->before->list.items[i];
        uint32_t at = 0;
        if (!is_near(grant, claim))
            continue;
        *all = slice_is_none(left_out(with, claim, grant, &at));
        near = near ? near : grant;
    }
    return near;
}

/* What grants that speak of the resource leave out of it. */
static void gain_left_out(struct comparison_of_grants *with, const struct claim *claim,
                          const struct grant *near) {
    struct slice text;
    for (uint32_t at = 0; !slice_is_none(text = left_out(with, claim, near, &at));)
        gain_text(with, &with->gain->resources, text, claim->by);
}

/* Of the grants that cover it but for who and when: who is new, and which limit is gone. */
static void judge_holder(struct comparison_of_grants *with, const struct claim *claim) {
    const struct grant *by = claim->by;
    struct slice lost = SLICE_NONE, first = SLICE_NONE;
    bool all;
    const struct grant *near = nearest(with, claim, &all);
    if (!near) {
        gain_text(with, &with->gain->principals, claim->principal, by);
        return;
    }
    if (!all)
        gain_left_out(with, claim, near);
    for (uint32_t i = 0; all && i < with->before->list.count; i++) {
        const struct grant *grant = &with->before->list.items[i];
        if (!is_near(grant, claim))
            continue;
        if (conditions_hold(with->arena, &grant->conditions, &by->conditions, &lost))
            return;
        if (slice_is_none(first))
            first = lost;
    }
    if (all)
        gain_text(with, &with->gain->conditions, first, by);
}

static void judge_claim(struct comparison_of_grants *with, struct claim claim) {
    const struct grant *by = claim.by;
    bool all;
    const struct grant *near = nearest(with, &claim, &all);
    for (uint32_t p = 0; all && near && p < scope_texts(&by->principals); p++) {
        claim.principal = scope_text(&by->principals, p);
        judge_holder(with, &claim);
    }
    if (all)
        return;
    if (near)
        gain_left_out(with, &claim, near);
    else if (!by->resources.texts.count || by->strict || is_more(with->before, &claim))
        gain_text(with, &with->gain->resources, claim.resource, by);
    else
        return;
    with->gain->inverse = with->gain->inverse || scope_is_inverse(&by->resources);
}

static bool is_allowed(const struct grants *grants, const struct text_list *but,
                       struct slice action) {
    for (uint32_t i = 0; i < grants->list.count; i++) {
        const struct grant *grant = &grants->list.items[i];
        if (!grant->deny && scope_holds_text(&grant->actions, action, but, false))
            return true;
    }
    return text_held(but, action);
}

static void judge_claims(struct comparison_of_grants *with, const struct grant *by,
                         struct slice action, const struct text_list *but) {
    for (uint32_t r = 0; r < scope_texts(&by->resources); r++) {
        struct claim claim = {by, action, scope_text(&by->resources, r), but, SLICE_NONE};
        judge_claim(with, claim);
    }
}

/* Of an action that was allowed but for exceptions, these and the rest are judged alone. */
static void judge_exceptions(struct comparison_of_grants *with, const struct grant *by,
                             struct slice action, const struct grant *near) {
    const struct text_list *except = &near->actions.except;
    struct text_list but = {0};
    for (uint32_t i = 0; i < by->actions.except.count; i++)
        vec_push(with->arena, &but, by->actions.except.items[i]);
    for (uint32_t i = 0; i < except->count; i++) {
        struct slice part = narrower(except->items[i], action);
        vec_push(with->arena, &but, except->items[i]);
        if (glob_is_apart_nocase(action, except->items[i]))
            continue;
        if (is_allowed(with->before, &by->actions.except, part))
            judge_claims(with, by, part, &by->actions.except);
        else
            gain_text(with, &with->gain->actions, part, by);
    }
    judge_claims(with, by, action, &but);
}

static void judge_action(struct comparison_of_grants *with, const struct grant *by,
                         struct slice action) {
    struct grant_gain *gain = with->gain;
    const struct text_list *but = &by->actions.except;
    if (is_allowed(with->before, but, action)) {
        judge_claims(with, by, action, but);
        return;
    }
    gain->inverse = gain->inverse || scope_is_inverse(&by->actions);
    for (uint32_t i = 0; i < with->before->list.count; i++) {
        const struct grant *grant = &with->before->list.items[i];
        if (!grant->deny && scope_holds_text(&grant->actions, action, but, true)) {
            judge_exceptions(with, by, action, grant);
            return;
        }
    }
    gain_text(with, &gain->actions, action, by);
}

static void judge_grant(struct comparison_of_grants *with, const struct grant *by) {
    for (uint32_t a = 0; a < scope_texts(&by->actions); a++)
        judge_action(with, by, scope_text(&by->actions, a));
}

/* One thing that was denied to one: does a denial say so still? *near: one does but for exceptions
 * among actions. */
static bool is_still_denied(struct arena *arena, const struct grants *after,
                            const struct grant *denial, const struct slice *parts,
                            const struct grant **near) {
    struct slice lost;
    for (uint32_t i = 0; i < after->list.count; i++) {
        const struct grant *grant = &after->list.items[i];
        if (!grant->deny ||
            !scope_holds_text(&grant->actions, parts[0], &denial->actions.except, true) ||
            !scope_holds_text(&grant->resources, parts[1], &denial->resources.except, false) ||
            !scope_holds_text(&grant->principals, parts[2], &denial->principals.except, false) ||
            !conditions_hold(arena, &grant->conditions, &denial->conditions, &lost))
            continue;
        if (scope_holds_text(&grant->actions, parts[0], &denial->actions.except, false))
            return true;
        *near = grant;
    }
    return false;
}

static void gain_denial(struct comparison_of_grants *with, const struct grant *denial,
                        struct slice action, const struct grant *near) {
    struct text_list *gained = &with->gain->denials;
    for (uint32_t i = 0; near && i < near->actions.except.count; i++) {
        struct slice except = near->actions.except.items[i];
        if (!glob_is_apart_nocase(action, except) && !text_held(&denial->actions.except, except))
            gain_text(with, gained, narrower(except, action), denial);
    }
    if (!near)
        gain_text(with, gained, action, denial);
}

/* Actions of a denial that no denial covers any more. */
static void judge_denial(struct comparison_of_grants *with, const struct grant *denial,
                         const struct grants *after) {
    for (uint32_t a = 0; a < scope_texts(&denial->actions); a++)
        for (uint32_t r = 0; r < scope_texts(&denial->resources); r++)
            for (uint32_t p = 0; p < scope_texts(&denial->principals); p++) {
                const struct grant *near = NULL;
                struct slice parts[] = {scope_text(&denial->actions, a),
                                        scope_text(&denial->resources, r),
                                        scope_text(&denial->principals, p)};
                if (!is_still_denied(with->arena, after, denial, parts, &near))
                    gain_denial(with, denial, parts[0], near);
            }
}

static uint32_t shared_texts(const struct grant_scope *a, const struct grant_scope *b) {
    uint32_t shared = 0;
    for (uint32_t i = 0; i < a->texts.count; i++)
        for (uint32_t k = 0; k < b->texts.count; k++)
            shared += slice_equal(a->texts.items[i], b->texts.items[k]);
    return shared;
}

/* What a grant was: the one with its id, else the one it has most in common with. */
static const struct grant *grant_before(const struct grants *before, const struct grant *is) {
    const struct grant *best = NULL;
    uint32_t most = 0;
    for (uint32_t i = 0; i < before->list.count; i++) {
        const struct grant *grant = &before->list.items[i];
        if (grant->deny != is->deny)
            continue;
        if (is->id.size && slice_equal(grant->id, is->id))
            return grant;
        uint32_t shared = 1 + 4 * shared_texts(&grant->actions, &is->actions) +
                          2 * shared_texts(&grant->resources, &is->resources) +
                          shared_texts(&grant->principals, &is->principals);
        if (shared > most) {
            best = grant;
            most = shared;
        }
    }
    return best;
}

/* ---- what there is to compare ---- */

static uint64_t size_of_scope(const struct grant_scope *scope) {
    return (uint64_t)1 + scope->texts.count + scope->except.count;
}

static uint64_t size_of_all(const struct grants *grants) {
    uint64_t size = 0;
    for (uint32_t i = 0; i < grants->list.count; i++) {
        const struct grant *grant = &grants->list.items[i];
        size += size_of_scope(&grant->actions) * size_of_scope(&grant->resources) *
                size_of_scope(&grant->principals);
    }
    return size;
}

static bool is_too_large(const struct grants *grants, const struct grants *others) {
    return size_of_all(grants) * size_of_all(others) > GRANT_STEPS;
}

static bool same_texts(const struct text_list *a, const struct text_list *b) {
    return a->count == b->count && text_list_holds(a, b) && text_list_holds(b, a);
}

static bool is_same(const struct grant *a, const struct grant *b) {
    return a->from && b->from && a->deny == b->deny &&
           same_texts(&a->actions.except, &b->actions.except) &&
           same_texts(&a->resources.except, &b->resources.except) &&
           same_texts(&a->principals.except, &b->principals.except) &&
           same_texts(&a->resources.texts, &b->resources.texts) && value_equal(a->from, b->from);
}

/* Those that do not stand on the other side as they are: most grants of a large policy do. */
static struct grants without_kept(struct arena *arena, const struct grants *grants,
                                  const struct grants *others) {
    struct grants rest = {.list = {NULL, 0, 0}};
    for (uint32_t i = 0; i < grants->list.count; i++) {
        bool kept = false;
        for (uint32_t k = 0; k < others->list.count && !kept; k++)
            kept = is_same(&grants->list.items[i], &others->list.items[k]);
        if (!kept)
            vec_push(arena, &rest.list, grants->list.items[i]);
    }
    return rest;
}

bool grants_compare(struct arena *arena, const struct grants *before, const struct grants *after,
                    struct grant_gain *gain) {
    *gain = (struct grant_gain){.is = NULL};
    gain->too_large = before->list.count > GRANTS || after->list.count > GRANTS;
    if (gain->too_large)
        return false;
    struct grants come = without_kept(arena, after, before);
    struct grants gone = without_kept(arena, before, after);
    gain->too_large = is_too_large(before, &come) || is_too_large(after, &gone);
    if (gain->too_large)
        return false;
    struct comparison_of_grants with = {arena, before, gain, 0};
    for (uint32_t i = 0; i < come.list.count; i++)
        if (!come.list.items[i].deny)
            judge_grant(&with, &come.list.items[i]);
    for (uint32_t i = 0; i < gone.list.count; i++)
        if (gone.list.items[i].deny)
            judge_denial(&with, &gone.list.items[i], after);
    gain->too_large = with.steps >= GRANT_STEPS;
    for (uint32_t i = 0; i < before->list.count; i++)
        gain->unsure = gain->unsure || before->list.items[i].opaque;
    if (gain->is && !gain->is->deny)
        gain->was = grant_before(before, gain->is);
    return gain->is != NULL;
}
