#include "delta/instance.h"

#include "delta/derive.h"
#include "resolve/instances.h"

/* The instances of one block on both sides, and which of them are the same object. */
struct pairing {
    struct emit *emit;
    struct slice before_name, after_name;
    struct instances before, after;
    uint32_t *partners; /* of the before side, by index: INSTANCE_NONE = it goes */
    bool *elsewhere;    /* a move takes it to another block */
    uint32_t count;     /* of the before side that is looked at */
};

bool instance_decides(const struct attribute_change *change) {
    return slice_is(change->path, "count") || slice_starts(change->path, SLICE("for_each"));
}

static const struct attribute_change *deciding(const struct event *event) {
    for (uint32_t i = 0; i < event->change_count; i++)
        if (instance_decides(&event->changes[i]))
            return &event->changes[i];
    return NULL;
}

static struct slice address_at(const struct pairing *pairing, uint32_t at) {
    struct arena *arena = pairing->emit->arena;
    return ARENA_CONCAT(arena, pairing->before_name, instance_suffix(arena, &pairing->before, at));
}

/* What follows the block's own name in an address; SLICE_NONE if it is of another block. */
static struct slice suffix_of(struct slice address, struct slice block) {
    struct slice rest = slice_from(address, block.size);
    bool own = slice_starts(address, block) && (!rest.size || rest.data[0] == '[');
    return own ? rest : SLICE_NONE;
}

static void pair_instance(struct pairing *pairing, uint32_t at) {
    const struct resolve_scope *moves = pairing->emit->moves;
    struct slice moved = moves ? resolve_moved(moves, address_at(pairing, at)) : SLICE_NONE;
    struct slice suffix = instance_suffix(pairing->emit->arena, &pairing->before, at);
    if (!slice_is_none(moved))
        suffix = suffix_of(moved, pairing->after_name);
    pairing->elsewhere[at] = slice_is_none(suffix);
    pairing->partners[at] =
        slice_is_none(suffix) ? INSTANCE_NONE : instance_find(&pairing->after, suffix);
}

static struct pairing pair_all(struct emit *emit, const struct event *changed) {
    struct pairing pairing = {.emit = emit,
                              .before_name = changed->before.entity->name,
                              .after_name = changed->after.entity->name,
                              .before = instances_of(emit->arena, changed->before.body),
                              .after = instances_of(emit->arena, changed->after.body)};
    bool known = pairing.before.kind != INSTANCES_UNKNOWN;
    pairing.count = !known                                 ? 0
                    : pairing.before.count > INSTANCES_MAX ? INSTANCES_MAX
                                                           : pairing.before.count;
    pairing.partners = ARENA_ARRAY(emit->arena, uint32_t, (size_t)pairing.count + 1);
    pairing.elsewhere = ARENA_ARRAY(emit->arena, bool, (size_t)pairing.count + 1);
    for (uint32_t i = 0; i < pairing.count; i++)
        pair_instance(&pairing, i);
    return pairing;
}

struct addresses {
    VEC(struct slice) list;
};

/* One instance of several is told by its own address, several by that of their block. */
static void name_differing(struct event *event, const struct addresses *concerned) {
    bool one = concerned->list.count == 1;
    if (one)
        event->before.name = event->after.name = concerned->list.items[0];
    event->cascade = one ? NULL : concerned->list.items;
    event->cascade_count = one ? 0 : concerned->list.count;
}

enum { LOST_NAMED = 64 }; /* of a large number of instances */

/* Beyond what is looked at one by one only a number tells what goes. */
static void lose_beyond(const struct pairing *pairing, struct addresses *lost) {
    const struct instances *before = &pairing->before, *after = &pairing->after;
    if (before->kind != INSTANCES_COUNT || after->keyed || after->kind == INSTANCES_UNKNOWN)
        return;
    uint32_t from = after->count > pairing->count ? after->count : pairing->count;
    for (uint32_t i = from; i < before->count && i - from < LOST_NAMED; i++)
        vec_push(pairing->emit->arena, &lost->list, address_at(pairing, i));
}

static void emit_loss(struct emit *emit, const struct event *changed, const struct pairing *pairing,
                      const struct addresses *lost) {
    struct event event = *changed;
    bool resolved = pairing->before.resolved || pairing->after.resolved;
    event.effect = EFFECT_REMOVED;
    event.confidence = resolved ? CONFIDENCE_LIKELY : CONFIDENCE_CERTAIN;
    event.after = (struct placed){.entity = NULL};
    event.cause = deciding(changed);
    event.changes = NULL;
    event.change_count = 0;
    bool form = pairing->before.keyed != pairing->after.keyed;
    event.reason = form                    ? SLICE("delete_because_wrong_repetition")
                   : pairing->before.keyed ? SLICE("delete_because_each_key")
                                           : SLICE("delete_because_count_index");
    event.cascade = lost->list.items;
    event.cascade_count = lost->list.count;
    if (emit->moves && resolve_is_forgotten(emit->moves, lost->list.items[0]))
        event.effect = EFFECT_ORPHANED;
    emit_event(emit, event);
}

void instance_losses(struct emit *emit, const struct event *changed) {
    if (!deciding(changed))
        return;
    struct pairing pairing = pair_all(emit, changed);
    struct addresses lost = {.list = {0}};
    bool form = pairing.before.keyed != pairing.after.keyed;
    if (pairing.after.kind == INSTANCES_UNKNOWN && !form)
        return;
    for (uint32_t i = 0; i < pairing.count; i++)
        if (pairing.partners[i] == INSTANCE_NONE && !pairing.elsewhere[i])
            vec_push(emit->arena, &lost.list, address_at(&pairing, i));
    lose_beyond(&pairing, &lost);
    if (form && pairing.before.kind == INSTANCES_UNKNOWN &&
        !(emit->moves && resolve_moves_within(emit->moves, pairing.before_name)))
        vec_push(emit->arena, &lost.list, pairing.before_name);
    if (lost.list.count)
        emit_loss(emit, changed, &pairing, &lost);
}

/* What two instances differ in, beside their number. */
static struct attribute_changes compare_instances(struct emit *emit, const struct event *blocks,
                                                  const struct value *was, const struct value *is) {
    const struct entity *entity = blocks->after.entity;
    struct comparison with = emit_comparison(emit->arena, entity->dialect);
    struct attribute_changes changes = {0};
    uint32_t kept = 0;
    compare_values(&with, entity->type, was, is, &changes);
    for (uint32_t i = 0; i < changes.list.count; i++)
        if (!instance_decides(&changes.list.items[i]))
            changes.list.items[kept++] = changes.list.items[i];
    changes.list.count = kept;
    return changes;
}

/* The instances that are another thing than before, and how the first of them is. */
struct differing {
    struct addresses addresses;
    struct event first;
    bool replaced; /* by what differs in the first */
};

static void look_at(struct pairing *pairing, const struct event *blocks, uint32_t at,
                    struct differing *differing) {
    struct emit *emit = pairing->emit;
    struct event event = *blocks;
    const struct attribute_change *cause;
    enum confidence confidence;
    event.before.body = instance_body(&emit->scopes[0], &pairing->before, at, blocks->before.body);
    event.after.body =
        instance_body(&emit->scopes[1], &pairing->after, pairing->partners[at], blocks->after.body);
    struct attribute_changes changes =
        compare_instances(emit, blocks, event.before.body, event.after.body);
    if (!changes.list.count)
        return;
    event.changes = changes.list.items;
    event.change_count = changes.list.count;
    bool replaced = derive_replacement(emit, &event, &cause, &confidence);
    if (!differing->addresses.list.count || (replaced && !differing->replaced)) {
        differing->first = event;
        differing->addresses.list.count = replaced ? 0 : differing->addresses.list.count;
        differing->replaced = replaced;
    }
    if (replaced == differing->replaced)
        vec_push(emit->arena, &differing->addresses.list, address_at(pairing, at));
}

static void keep_deciding(struct emit *emit, struct event *changed, const struct differing *with) {
    struct attribute_changes changes = {0};
    for (uint32_t i = 0; i < changed->change_count; i++)
        if (instance_decides(&changed->changes[i]))
            vec_push(emit->arena, &changes.list, changed->changes[i]);
    for (uint32_t i = 0; with && i < with->first.change_count; i++)
        vec_push(emit->arena, &changes.list, with->first.changes[i]);
    changed->changes = changes.list.items;
    changed->change_count = changes.list.count;
}

/* What stands for the number of an instance in one form stands for something else in the other. */
static void drop_forms(struct emit *emit, struct event *changed) {
    struct attribute_changes changes = {0};
    for (uint32_t i = 0; i < changed->change_count; i++) {
        const struct attribute_change *change = &changed->changes[i];
        bool form = change->was && change->is &&
                    (instances_differ(change->was) || instances_differ(change->is));
        if (!form || instance_decides(change))
            vec_push(emit->arena, &changes.list, *change);
    }
    changed->changes = changes.list.items;
    changed->change_count = changes.list.count;
}

void instance_changes(struct emit *emit, const struct match_item *before,
                      const struct match_item *after, struct event *changed) {
    const struct value *was = before->placed->body, *is = after->placed->body;
    if (!emit->scopes || !was || !is || (!instances_differ(was) && !instances_differ(is)))
        return;
    struct pairing pairing = pair_all(emit, changed);
    if (pairing.before.kind == INSTANCES_UNKNOWN || pairing.after.kind == INSTANCES_UNKNOWN) {
        if (pairing.before.keyed != pairing.after.keyed)
            drop_forms(emit, changed);
        return;
    }
    struct differing differing = {.replaced = false};
    uint32_t pairs = 0;
    for (uint32_t i = 0; i < pairing.count; i++) {
        if (pairing.partners[i] == INSTANCE_NONE)
            continue;
        pairs++;
        look_at(&pairing, changed, i, &differing);
    }
    bool some = differing.addresses.list.count > 0;
    if (!pairs) /* none here, by values that may be others where it counts */
        return;
    keep_deciding(emit, changed, some ? &differing : NULL);
    if (!some)
        return;
    changed->before.body = differing.first.before.body;
    changed->after.body = differing.first.after.body;
    if (differing.addresses.list.count < pairs || pairing.before.kind != pairing.after.kind)
        name_differing(changed, &differing.addresses);
}
