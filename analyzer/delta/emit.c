#include "delta/emit.h"

#include "delta/derive.h"
#include "delta/include.h"
#include "delta/inherit.h"
#include "delta/instance.h"
#include "delta/lost.h"
#include "delta/origin.h"
#include "delta/relocate.h"
#include "delta/widen.h"
#include "fact/order.h"

static struct compare_shape shape_of(void *context, struct slice type, struct slice path) {
    const struct dialect *dialect = context;
    struct compare_shape shape = {COMPARE_LIST_DEFAULT, SLICE_NONE};
    enum list_form form = dialect_list_form(dialect, type, path, &shape.key);
    if (form == LIST_ORDERED)
        shape.list = COMPARE_LIST_ORDERED;
    if (form != LIST_KEYED)
        shape.key = SLICE_NONE;
    return shape;
}

struct comparison emit_comparison(struct arena *arena, const struct dialect *dialect) {
    struct comparison comparison = {.arena = arena};
    if (!dialect || !dialect->record)
        return comparison;
    comparison.shape = shape_of;
    comparison.context = (void *)(uintptr_t)dialect;
    comparison.null_is_absent = slice_is(dialect_property(dialect, "null"), "absent");
    return comparison;
}

struct event *emit_event(struct emit *emit, struct event event) {
    event.unit = event_side(&event)->unit;
    vec_push(emit->arena, &emit->events->list, event);
    return &emit->events->list.items[emit->events->list.count - 1];
}

/* The surest of the changes: one certain difference makes the thing certainly different. */
static enum confidence changes_confidence(const struct attribute_change *changes, uint32_t count) {
    enum confidence best = CONFIDENCE_UNKNOWN;
    for (uint32_t i = 0; i < count; i++)
        if (changes[i].confidence > best)
            best = changes[i].confidence;
    return best;
}

static void emit_one_sided(struct emit *emit, const struct match_item *item, enum effect effect) {
    struct event event = {.effect = effect, .confidence = CONFIDENCE_CERTAIN};
    if (effect == EFFECT_REMOVED) {
        event.before = *item->placed;
        if (item->kept || derive_is_kept(item->placed))
            event.effect = EFFECT_ORPHANED;
        if (item->moved_out)
            event.reason = SLICE(REASON_MOVED_INTO_MODULE);
        event.moved_to = item->moved_to;
    } else {
        event.after = *item->placed;
    }
    if (emit->fragments)
        event.confidence = CONFIDENCE_LIKELY;
    emit_event(emit, event);
}

/* The texts of a command are told by its parts already. */
static void drop_text(struct attribute_changes *changes) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < changes->list.count; i++)
        if (!slice_is(changes->list.items[i].path, "text") &&
            !slice_is(changes->list.items[i].path, "usual"))
            changes->list.items[kept++] = changes->list.items[i];
    changes->list.count = kept;
}

static bool list_holds(const struct value *list, struct slice text) {
    for (uint32_t i = 0; list && i < list->count; i++)
        if (slice_equal(list->items[i].value->text, text))
            return true;
    return false;
}

/* A guard that is gone, and not just written differently: then there is a new one in its place. */
static enum confidence guards_lost(const struct attribute_change *change) {
    uint32_t lost = 0, gained = 0;
    for (uint32_t i = 0; change->was && i < change->was->count; i++)
        lost += !list_holds(change->is, change->was->items[i].value->text);
    for (uint32_t i = 0; change->is && i < change->is->count; i++)
        gained += !list_holds(change->was, change->is->items[i].value->text);
    if (!lost)
        return CONFIDENCE_UNKNOWN;
    return lost > gained ? CONFIDENCE_CERTAIN : CONFIDENCE_POSSIBLE;
}

static enum order_relation operands_relation(struct emit *emit,
                                             const struct attribute_change *change) {
    if (!change->was || !change->is || change->was->count != change->is->count)
        return ORDER_UNKNOWN;
    enum order_relation found = ORDER_EQUAL;
    for (uint32_t i = 0; i < change->was->count; i++) {
        const struct value *was = change->was->items[i].value, *is = change->is->items[i].value;
        if (slice_equal(was->text, is->text))
            continue;
        enum order_relation relation =
            order_compare(emit->arena, ORDER_PATH, was, is, NULL, 0).relation;
        if (found != ORDER_EQUAL && relation != found)
            return ORDER_UNRELATED;
        found = relation;
    }
    return found;
}

static void emit_derived(struct emit *emit, const struct event *changed, enum effect effect,
                         const struct attribute_change *cause, enum confidence confidence) {
    struct event event = *changed;
    event.effect = effect;
    event.cause = cause;
    event.confidence = confidence;
    emit_event(emit, event);
}

static const struct attribute_change *change_at(const struct event *event, const char *path) {
    for (uint32_t i = 0; i < event->change_count; i++)
        if (slice_is(event->changes[i].path, path))
            return &event->changes[i];
    return NULL;
}

/* What a command acts on: its operands with variables put in, where the reader knows them. */
static void emit_reach(struct emit *emit, const struct event *changed) {
    const struct attribute_change *written = change_at(changed, "operands");
    const struct attribute_change *meant = change_at(changed, "resolved");
    if (!meant && !value_get(changed->after.body, SLICE("resolved")))
        meant = written;
    if (!meant)
        return;
    enum order_relation relation = operands_relation(emit, meant);
    const struct attribute_change *cause = written ? written : meant;
    if (relation == ORDER_MORE)
        emit_derived(emit, changed, EFFECT_WIDENED, cause, meant->confidence);
    else if (relation == ORDER_LESS)
        emit_derived(emit, changed, EFFECT_NARROWED, cause, meant->confidence);
}

static void emit_action_changes(struct emit *emit, const struct event *changed) {
    const struct attribute_change *guards = change_at(changed, "guards");
    enum confidence confidence = guards ? guards_lost(guards) : CONFIDENCE_UNKNOWN;
    if (confidence != CONFIDENCE_UNKNOWN)
        emit_derived(emit, changed, EFFECT_UNGUARDED, guards, confidence);
    emit_reach(emit, changed);
}

static bool same_text(const struct match_item *a, const struct match_item *b) {
    return slice_equal(match_identity(a->placed->entity), match_identity(b->placed->entity));
}

static void emit_changed(struct emit *emit, struct event *event, const struct match_item *a,
                         const struct match_item *b) {
    bool action = match_is_action(b->placed->entity);
    struct event changed = *event;
    if (changed.change_count)
        emit_event(emit, changed);
    if (!action) {
        derive_events(emit, &changed);
        widen_events(emit, &changed);
        lost_events(emit, &changed);
        return;
    }
    emit_action_changes(emit, &changed);
    if (!same_text(a, b)) {
        changed.effect = EFFECT_EXECUTED;
        changed.confidence = CONFIDENCE_CERTAIN;
        emit_event(emit, changed);
    }
}

/* A renamed thing whose old object stays is two from then on. So are two that are only alike, where
 * the name alone is the identity (dialect property `names`: template): whatever was meant, the old
 * one certainly goes. */
static bool are_two_things(const struct match_item *before, const struct match_item *after) {
    const struct dialect *dialect = before->placed->entity->dialect;
    if (before->kept || derive_is_kept(before->placed))
        return true;
    return after->how == MATCH_SIMILAR && dialect && dialect->record &&
           slice_is(dialect_property(dialect, "names"), "template");
}

/* What is renamed may be another thing in more than its name. */
static void emit_also_changed(struct emit *emit, const struct event *renamed) {
    struct event changed = *renamed;
    if (match_is_action(renamed->after.entity))
        return;
    changed.effect = EFFECT_CHANGED;
    changed.confidence = CONFIDENCE_LIKELY;
    if (changed.change_count)
        emit_event(emit, changed);
    derive_weakened(emit, &changed);
    widen_events(emit, &changed);
}

/* Which parameters and variables made the changes. */
static void find_formulas(struct emit *emit, struct event *event) {
    for (uint32_t i = 0; emit->formulas && i < event->change_count; i++) {
        struct attribute_change *change = &event->changes[i];
        if (event->before.list && event->after.list && event->after.entity->body)
            change->origin = formula_origin(&emit->formulas[0], &emit->formulas[1],
                                            value_at(event->after.entity->body, change->path));
    }
}

/* Commands that were read once for both sides: most of a script. */
static bool is_one_action(const struct match_item *a, const struct match_item *b) {
    return a->placed->body == b->placed->body && match_is_action(b->placed->entity) &&
           slice_equal(a->identity, b->identity) &&
           slice_equal(a->placed->entity->type, b->placed->entity->type);
}

void emit_pair(struct emit *emit, const struct match_item *a, const struct match_item *b) {
    const struct entity *entity = b->placed->entity;
    if (is_one_action(a, b))
        return;
    struct comparison with = emit_comparison(emit->arena, entity->dialect);
    struct attribute_changes changes = {0};
    struct placed before = *a->placed, after = *b->placed;
    inherit_settings(emit->arena, &before, &after);
    include_settings(emit->sources, &before, &after);
    if (before.body != after.body)
        compare_values(&with, entity->type, before.body, after.body, &changes);
    if (match_is_action(entity))
        drop_text(&changes);
    struct event event = {.effect = EFFECT_CHANGED,
                          .before = before,
                          .after = after,
                          .changes = changes.list.items,
                          .change_count = changes.list.count};
    instance_changes(emit, a, b, &event);
    event.confidence = changes_confidence(event.changes, event.change_count);
    origin_find(emit, &event);
    find_formulas(emit, &event);
    bool renamed = b->how == MATCH_RENAMED || b->how == MATCH_SIMILAR;
    renamed = renamed && !slice_equal(a->identity, b->identity);
    if (renamed && are_two_things(a, b)) {
        emit_one_sided(emit, a, EFFECT_REMOVED);
        emit_one_sided(emit, b, EFFECT_ADDED);
    } else if (renamed) {
        event.effect = EFFECT_RENAMED;
        event.confidence = b->how == MATCH_SIMILAR ? CONFIDENCE_POSSIBLE : CONFIDENCE_CERTAIN;
        emit_event(emit, event);
        emit_also_changed(emit, &event);
    } else if (event.change_count || !slice_equal(a->placed->entity->type, entity->type)) {
        emit_changed(emit, &event, a, b);
    }
}

void emit_matches(struct emit *emit, const struct match_side *before,
                  const struct match_side *after) {
    for (uint32_t i = 0; i < before->items.count; i++)
        if (before->items.items[i].partner == ENTITY_NONE)
            emit_one_sided(emit, &before->items.items[i], EFFECT_REMOVED);
    for (uint32_t i = 0; i < after->items.count; i++) {
        const struct match_item *item = &after->items.items[i];
        if (item->partner != ENTITY_NONE)
            emit_pair(emit, &before->items.items[item->partner], item);
        else
            emit_one_sided(emit, item,
                           match_is_action(item->placed->entity) ? EFFECT_EXECUTED : EFFECT_ADDED);
    }
}
