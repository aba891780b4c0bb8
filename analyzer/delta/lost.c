#include "delta/lost.h"

#include "delta/derive.h"
#include "delta/instance.h"

static const struct attribute_change *change_of(const struct event *event, const char *path) {
    for (uint32_t i = 0; i < event->change_count; i++)
        if (slice_starts(event->changes[i].path, slice_of(path)))
            return &event->changes[i];
    return NULL;
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

void lost_events(struct emit *emit, const struct event *changed) {
    instance_losses(emit, changed);
    lose_source(emit, changed);
    lose_by_condition(emit, changed);
}
