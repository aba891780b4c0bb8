#include "delta/lost.h"

#include "delta/derive.h"
#include "resolve/instances.h"

static const struct attribute_change *change_of(const struct event *event, const char *path) {
    for (uint32_t i = 0; i < event->change_count; i++)
        if (slice_starts(event->changes[i].path, slice_of(path)))
            return &event->changes[i];
    return NULL;
}

static bool is_moved(const struct emit *emit, struct slice address) {
    return emit->moves && !slice_is_none(resolve_moved(emit->moves, address));
}

static void emit_instance(struct emit *emit, const struct event *changed, struct slice name,
                          const struct instance_loss *loss) {
    struct event event = *changed;
    event.effect = EFFECT_REMOVED;
    event.confidence = loss->certain ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY;
    event.before.name = name;
    event.after = (struct placed){.entity = NULL};
    event.changes = NULL;
    event.change_count = 0;
    event.cause = change_of(changed, "count");
    if (!event.cause)
        event.cause = change_of(changed, "for_each");
    bool keyed = event.cause && slice_starts(event.cause->path, SLICE("for_each"));
    event.reason = keyed ? SLICE("delete_because_each_key") : SLICE("delete_because_count_index");
    if (emit->moves && resolve_is_forgotten(emit->moves, name))
        event.effect = EFFECT_ORPHANED;
    emit_event(emit, event);
}

static void lose_instances(struct emit *emit, const struct event *changed) {
    if (!change_of(changed, "count") && !change_of(changed, "for_each"))
        return;
    struct instances before = instances_of(emit->arena, changed->before.body);
    struct instances after = instances_of(emit->arena, changed->after.body);
    struct instance_loss loss = {.total = 0};
    instances_lost(emit->arena, &before, &after, &loss);
    for (uint32_t i = 0; i < loss.names.count; i++) {
        struct slice name = arena_format(emit->arena, "%.*s%.*s", SLICE_ARGS(changed->before.name),
                                         SLICE_ARGS(loss.names.items[i]));
        if (!is_moved(emit, name))
            emit_instance(emit, changed, name, &loss);
    }
}

/* "git::x//db?ref=v1" without what only selects a version. */
static struct slice source_place(const struct value *value) {
    struct slice text = value_literal(value);
    return slice_sub(text, 0, slice_find_byte(text, '?'));
}

/* Another source under the same name: what it will keep of the old one is not known. */
static void lose_source(struct emit *emit, const struct event *changed) {
    const struct attribute_change *change = change_of(changed, "source");
    if (!slice_is(changed->after.entity->kind, "module") || !change || !change->was ||
        !change->is || slice_equal(source_place(change->was), source_place(change->is)))
        return;
    struct event event = *changed;
    event.effect = EFFECT_REPLACED;
    event.confidence = CONFIDENCE_POSSIBLE;
    event.cause = change;
    emit_event(emit, event);
}

static bool holds_not(const struct value *outcome) {
    return outcome && slice_starts(outcome->text, SLICE("false"));
}

/* The dialect's property `exists` names an attribute whose outcome, false or "false (..)" by
 * default, says that there is no such thing; a condition without outcome may say so. */
static void lose_by_condition(struct emit *emit, const struct event *changed) {
    const struct dialect *dialect = changed->after.entity->dialect;
    struct slice path =
        dialect && dialect->record ? dialect_property(dialect, "exists") : SLICE("");
    for (uint32_t i = 0; path.size && i < changed->change_count; i++) {
        const struct attribute_change *change = &changed->changes[i];
        bool open = change->is && !change->was && !slice_starts(change->is->text, SLICE("true"));
        if (!slice_equal(change->path, path) || holds_not(change->was) ||
            (!holds_not(change->is) && !open))
            continue;
        struct event event = *changed;
        event.effect = derive_is_kept(&changed->before) ? EFFECT_ORPHANED : EFFECT_REMOVED;
        event.confidence = !holds_not(change->is) ? CONFIDENCE_POSSIBLE
                           : change->is->resolved ? CONFIDENCE_LIKELY
                                                  : CONFIDENCE_CERTAIN;
        event.after = (struct placed){.entity = NULL};
        event.changes = NULL;
        event.change_count = 0;
        event.cause = change;
        emit_event(emit, event);
    }
}

bool lost_decides(const struct attribute_change *change) {
    return slice_is(change->path, "count") || slice_starts(change->path, SLICE("for_each"));
}

void lost_events(struct emit *emit, const struct event *changed) {
    lose_instances(emit, changed);
    lose_source(emit, changed);
    lose_by_condition(emit, changed);
}
