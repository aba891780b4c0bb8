#include "fact/grant.h"

/* ASCII: names of actions are written in any case. */
static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* As glob_includes, without regard to case. */
static bool covers(struct slice whole, struct slice part) {
    size_t w = 0, p = 0, star = SLICE_NPOS, mark = 0;
    while (p < part.size) {
        char symbol = lower(part.data[p]);
        if (w < whole.size && whole.data[w] == '*') {
            star = ++w;
            mark = p;
        } else if (w < whole.size && symbol != '*' &&
                   (whole.data[w] == '?' || lower(whole.data[w]) == symbol)) {
            w++;
            p++;
        } else if (star != SLICE_NPOS) {
            w = star;
            p = ++mark;
        } else {
            return false;
        }
    }
    while (w < whole.size && whole.data[w] == '*')
        w++;
    return w == whole.size;
}

bool text_held(const struct text_list *whole, struct slice text) {
    for (uint32_t i = 0; i < whole->count; i++)
        if (covers(whole->items[i], text))
            return true;
    return false;
}

bool text_list_holds(const struct text_list *whole, const struct text_list *part) {
    for (uint32_t i = 0; i < part->count; i++)
        if (!text_held(whole, part->items[i]))
            return false;
    return true;
}

/* Do two patterns certainly have nothing in common? Only said of texts without wildcards. */
static bool is_apart(struct slice a, struct slice b) {
    bool a_is_text = slice_find_byte(a, '*') == SLICE_NPOS && slice_find_byte(a, '?') == SLICE_NPOS;
    return a_is_text && !covers(b, a);
}

/* One part of a grant: a list, or everything but a list; none named = everything. */
struct scope {
    const struct text_list *texts;
    bool but;
};

static bool scope_holds_text(struct scope scope, struct slice text) {
    if (!scope.texts->count)
        return true;
    if (!scope.but)
        return text_held(scope.texts, text);
    for (uint32_t i = 0; i < scope.texts->count; i++)
        if (!is_apart(text, scope.texts->items[i]))
            return false;
    return true;
}

static bool scope_holds(struct scope whole, struct scope part) {
    if (!whole.texts->count)
        return true;
    if (!part.texts->count || (part.but && !whole.but))
        return text_held(whole.texts, SLICE("*")) && !whole.but;
    if (part.but)
        return text_list_holds(part.texts, whole.texts);
    for (uint32_t i = 0; i < part.texts->count; i++)
        if (!scope_holds_text(whole, part.texts->items[i]))
            return false;
    return true;
}

static struct scope actions_of(const struct grant *grant) {
    return (struct scope){&grant->actions, grant->but_actions};
}

static struct scope resources_of(const struct grant *grant) {
    return (struct scope){&grant->resources, grant->but_resources};
}

static struct scope principals_of(const struct grant *grant) {
    return (struct scope){&grant->principals, grant->but_principals};
}

/* Another value in the place of the one there was limits, too, though not the same. */
static bool is_exchanged(const struct text_list *was, const struct text_list *is) {
    for (uint32_t i = 0; i < was->count; i++) {
        bool off =
            slice_equal_nocase(was->items[i], SLICE("true")) && text_held(is, SLICE("false"));
        if (off || text_held(is, was->items[i]))
            return false;
    }
    return is->count != 0;
}

/* Is a grant under these limits no wider than one under those: each of those is kept or tightened?
 * *lost is the first that is not. */
static bool limits_hold(const struct grant *whole, const struct grant *part, struct slice *lost) {
    for (uint32_t i = 0; i < whole->conditions.count; i++) {
        const struct grant_condition *limit = &whole->conditions.items[i];
        bool kept = false;
        for (uint32_t k = 0; k < part->conditions.count && !kept; k++)
            kept = slice_equal(part->conditions.items[k].name, limit->name) &&
                   (text_list_holds(&limit->values, &part->conditions.items[k].values) ||
                    is_exchanged(&limit->values, &part->conditions.items[k].values));
        if (!kept) {
            *lost = limit->name;
            return false;
        }
    }
    return true;
}

bool grants_allow(const struct grants *grants, struct slice action) {
    for (uint32_t i = 0; i < grants->list.count; i++) {
        const struct grant *grant = &grants->list.items[i];
        if (!grant->deny && scope_holds_text(actions_of(grant), action))
            return true;
    }
    return false;
}

struct comparison_of_grants {
    struct arena *arena;
    const struct grants *before;
    struct grant_gain *gain;
};

static void gain_text(struct comparison_of_grants *with, struct text_list *list, struct slice text,
                      const struct grant *by) {
    for (uint32_t i = 0; i < list->count; i++)
        if (slice_equal(list->items[i], text))
            return;
    vec_push(with->arena, list, text);
    if (!with->gain->is)
        with->gain->is = by;
}

static bool has_wildcard(struct slice text) {
    return slice_find_byte(text, '*') != SLICE_NPOS;
}

/* A resource that means more than one which the action was allowed on, or everything. */
static bool is_more(const struct grants *before, struct slice action, struct slice resource) {
    for (uint32_t i = 0; has_wildcard(resource) && i < before->list.count; i++) {
        const struct grant *grant = &before->list.items[i];
        if (grant->deny || !scope_holds_text(actions_of(grant), action))
            continue;
        if (slice_is(resource, "*"))
            return true;
        for (uint32_t k = 0; k < grant->resources.count; k++)
            if (covers(resource, grant->resources.items[k]))
                return true;
    }
    return false;
}

/* An action on one thing: by->resources.items[index], or all that an inverse grant means. */
struct claim {
    const struct grant *by;
    struct slice action;
    bool named; /* the resource is one text */
    struct slice resource;
};

static bool holds_claim(const struct grant *grant, const struct claim *claim) {
    return !grant->deny && scope_holds_text(actions_of(grant), claim->action) &&
           (claim->named ? scope_holds_text(resources_of(grant), claim->resource)
                         : scope_holds(resources_of(grant), resources_of(claim->by)));
}

/* Of the grants that cover it but for who and when: who is new, and which limit is gone. */
static void judge_holder(struct comparison_of_grants *with, const struct claim *claim, bool named,
                         struct slice principal) {
    const struct grant *by = claim->by;
    struct slice lost = SLICE_NONE, first = SLICE_NONE;
    bool held = false, limited = true;
    for (uint32_t i = 0; i < with->before->list.count; i++) {
        const struct grant *grant = &with->before->list.items[i];
        if (!holds_claim(grant, claim) ||
            !(named ? scope_holds_text(principals_of(grant), principal)
                    : scope_holds(principals_of(grant), principals_of(by))))
            continue;
        held = true;
        if (limits_hold(grant, by, &lost))
            limited = false;
        else if (slice_is_none(first))
            first = lost;
    }
    if (!held)
        gain_text(with, &with->gain->principals, principal, by);
    else if (limited)
        gain_text(with, &with->gain->conditions, first, by);
}

static void judge_claim(struct comparison_of_grants *with, const struct claim *claim) {
    const struct grant *by = claim->by;
    bool held = false;
    for (uint32_t i = 0; i < with->before->list.count && !held; i++)
        held = holds_claim(&with->before->list.items[i], claim);
    if (!held) {
        with->gain->inverse = with->gain->inverse || by->but_resources;
        if (!claim->named || by->strict || is_more(with->before, claim->action, claim->resource))
            gain_text(with, &with->gain->resources, claim->resource, by);
        return;
    }
    bool named = by->principals.count && !by->but_principals;
    for (uint32_t p = 0; p < (named ? by->principals.count : 1); p++)
        judge_holder(with, claim, named, named ? by->principals.items[p] : SLICE("*"));
}

static void judge_grant(struct comparison_of_grants *with, const struct grant *by) {
    struct grant_gain *gain = with->gain;
    if (by->but_actions) {
        bool held = false;
        for (uint32_t i = 0; i < with->before->list.count && !held; i++)
            held = !with->before->list.items[i].deny &&
                   scope_holds(actions_of(&with->before->list.items[i]), actions_of(by));
        if (!held) {
            gain->inverse = true;
            gain_text(with, &gain->actions, SLICE("*"), by);
        }
        return;
    }
    for (uint32_t a = 0; a < by->actions.count; a++) {
        struct slice action = by->actions.items[a];
        if (!grants_allow(with->before, action)) {
            gain_text(with, &gain->actions, action, by);
            continue;
        }
        bool named = by->resources.count && !by->but_resources;
        for (uint32_t r = 0; r < (named ? by->resources.count : 1); r++) {
            struct claim claim = {by, action, named, named ? by->resources.items[r] : SLICE("*")};
            judge_claim(with, &claim);
        }
    }
}

/* Actions of a denial that no denial covers any more. */
static void judge_denial(struct comparison_of_grants *with, const struct grant *denial,
                         const struct grants *after) {
    struct slice lost;
    for (uint32_t a = 0; a < denial->actions.count; a++) {
        bool held = false;
        for (uint32_t i = 0; i < after->list.count && !held; i++) {
            const struct grant *grant = &after->list.items[i];
            held = grant->deny &&
                   (denial->but_actions
                        ? scope_holds(actions_of(grant), actions_of(denial))
                        : scope_holds_text(actions_of(grant), denial->actions.items[a])) &&
                   scope_holds(resources_of(grant), resources_of(denial)) &&
                   scope_holds(principals_of(grant), principals_of(denial)) &&
                   limits_hold(grant, denial, &lost);
        }
        if (!held)
            gain_text(with, &with->gain->denials, denial->actions.items[a], denial);
    }
}

static uint32_t shared_texts(const struct text_list *a, const struct text_list *b) {
    uint32_t shared = 0;
    for (uint32_t i = 0; i < a->count; i++)
        for (uint32_t k = 0; k < b->count; k++)
            shared += slice_equal(a->items[i], b->items[k]);
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

static uint64_t size_of(const struct grant *grant) {
    return ((uint64_t)grant->actions.count + 1) * (grant->resources.count + 1) *
           (grant->principals.count + 1);
}

/* As it stands on the other side: most grants of a large policy do. */
static bool is_kept(const struct grant *grant, const struct grants *others) {
    for (uint32_t i = 0; i < others->list.count; i++)
        if (grant->from && others->list.items[i].from &&
            value_equal(grant->from, others->list.items[i].from))
            return true;
    return false;
}

static struct grants without_kept(struct arena *arena, const struct grants *grants,
                                  const struct grants *others) {
    struct grants rest = {.list = {NULL, 0, 0}};
    for (uint32_t i = 0; i < grants->list.count; i++)
        if (!is_kept(&grants->list.items[i], others))
            vec_push(arena, &rest.list, grants->list.items[i]);
    return rest;
}

static uint64_t size_of_all(const struct grants *grants) {
    uint64_t size = 0;
    for (uint32_t i = 0; i < grants->list.count; i++)
        size += size_of(&grants->list.items[i]);
    return size;
}

static bool is_too_large(const struct grants *grants, const struct grants *others) {
    return size_of_all(grants) * size_of_all(others) > GRANT_STEPS;
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
    struct comparison_of_grants with = {arena, before, gain};
    for (uint32_t i = 0; i < come.list.count; i++)
        if (!come.list.items[i].deny)
            judge_grant(&with, &come.list.items[i]);
    for (uint32_t i = 0; i < gone.list.count; i++)
        if (gone.list.items[i].deny)
            judge_denial(&with, &gone.list.items[i], after);
    for (uint32_t i = 0; i < before->list.count; i++)
        gain->unsure = gain->unsure || before->list.items[i].opaque;
    if (gain->is && !gain->is->deny)
        gain->was = grant_before(before, gain->is);
    return gain->is != NULL;
}

enum { SHOWN = 3 };

static struct slice render_list(struct arena *arena, const struct text_list *list, bool but,
                                const char *all) {
    if (!list->count || (!but && text_held(list, SLICE("*"))))
        return slice_of(all);
    struct slice text = but ? arena_format(arena, "%s but ", all) : SLICE("");
    for (uint32_t i = 0; i < list->count && i < SHOWN; i++)
        text = arena_format(arena, "%.*s%s%.*s", SLICE_ARGS(text), i ? ", " : "",
                            SLICE_ARGS(list->items[i]));
    if (list->count > SHOWN)
        text = arena_format(arena, "%.*s and %u more", SLICE_ARGS(text), list->count - SHOWN);
    return text;
}

struct slice grant_render(struct arena *arena, const struct grant *grant) {
    struct slice actions = render_list(arena, &grant->actions, grant->but_actions, "all actions");
    struct slice resources =
        render_list(arena, &grant->resources, grant->but_resources, "everything");
    struct slice principals =
        grant->principals.count
            ? render_list(arena, &grant->principals, grant->but_principals, "everybody")
            : SLICE("");
    struct slice text =
        arena_format(arena, "%.*s on %.*s%s%.*s", SLICE_ARGS(actions), SLICE_ARGS(resources),
                     principals.size ? " for " : "", SLICE_ARGS(principals));
    char *copy = arena_alloc(arena, text.size + 1);
    for (size_t i = 0; i < text.size; i++) /* between the parts of a product */
        copy[i] = text.data[i] == '\x1f' ? '/' : text.data[i];
    return slice_make(copy, text.size);
}
