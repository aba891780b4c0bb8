#include "rule/subject.h"

static const struct value *subject_body(const void *self, bool before) {
    const struct event *event = ((const struct event_subject *)self)->event;
    const struct placed *placed = before ? &event->before : &event->after;
    if (!placed->entity)
        return NULL;
    return placed->body ? placed->body : placed->entity->body;
}

static bool subject_change(const void *self, uint32_t index, struct predicate_change *change) {
    const struct event *event = ((const struct event_subject *)self)->event;
    if (index >= event->change_count)
        return false;
    const struct attribute_change *attribute = &event->changes[index];
    *change = (struct predicate_change){attribute->path, attribute->was, attribute->is};
    return true;
}

/* Pairs are sorted by path: binary search. */
static const struct pair *subject_pair(const struct event_subject *self) {
    struct slice path = event_side(self->event)->path;
    uint32_t low = 0, high = self->change ? self->change->pairs.count : 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = slice_compare(self->change->pairs.items[middle].path, path);
        if (!order)
            return &self->change->pairs.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static struct slice subject_status(const struct event_subject *self) {
    const struct pair *pair = subject_pair(self);
    if (!pair)
        return SLICE_NONE;
    switch (pair->status) {
    case PAIR_ADDED:
    case PAIR_COPIED:
        return SLICE("added");
    case PAIR_REMOVED:
        return SLICE("removed");
    case PAIR_MODIFIED:
        return SLICE("modified");
    case PAIR_RENAMED:
        return SLICE("renamed");
    }
    return SLICE_NONE;
}

static struct slice dialect_name(const struct entity *entity) {
    return entity->dialect ? entity->dialect->name : SLICE_NONE;
}

/* As the fact tables know it; dialects made by hand have no record. */
static struct slice system_name(const struct entity *entity) {
    if (!entity->dialect || !entity->dialect->record)
        return dialect_name(entity);
    return dialect_system(entity->dialect, entity->type);
}

static struct slice subject_text(const void *context, enum predicate_text text) {
    const struct event_subject *self = context;
    const struct placed *placed = event_side(self->event);
    const struct entity *entity = placed->entity;
    switch (text) {
    case TEXT_HOST:
        return entity->host;
    case TEXT_COMMAND: {
        const struct value *body = subject_body(self, self->event->after.entity == NULL);
        struct slice normalised = value_literal(body ? value_get(body, SLICE("text")) : NULL);
        return slice_is_none(normalised) ? entity->name : normalised;
    }
    case TEXT_USUAL: {
        const struct value *body = subject_body(self, self->event->after.entity == NULL);
        return value_literal(body ? value_get(body, SLICE("usual")) : NULL);
    }
    case TEXT_FILE:
        return placed->path;
    case TEXT_STATUS:
        return subject_status(self);
    case TEXT_DIALECT:
        return dialect_name(entity);
    case TEXT_SYSTEM:
        return system_name(entity);
    case TEXT_CAUSE:
        return self->event->cause ? self->event->cause->path : SLICE_NONE;
    case TEXT_PROTECTS:
        return self->event->protects;
    case TEXT_GRADE:
        return self->event->grade;
    case TEXT_OBJECT:
        return placed->name;
    case TEXT_RULE:
        return self->finding ? self->finding->rule : SLICE_NONE;
    case TEXT_KIND:
        return entity->kind;
    case TEXT_TYPE:
        return entity->type;
    case TEXT_NAME:
        return entity->name;
    case TEXT_COUNT:
        break;
    }
    return SLICE_NONE;
}

static bool subject_number(const void *context, enum predicate_number number, int64_t *value) {
    const struct event_subject *self = context;
    const struct placed *placed = event_side(self->event);
    const struct finding *finding = self->finding;
    switch (number) {
    case NUMBER_ENVIRONMENT:
        *value = finding ? (int64_t)finding->environment : (int64_t)placed->environment;
        return true;
    case NUMBER_PATH_CLASS:
        *value = placed->path_class;
        return true;
    case NUMBER_CONFIDENCE:
        *value = finding ? (int64_t)finding->confidence : (int64_t)self->event->confidence;
        return true;
    case NUMBER_EFFECT:
        *value = finding ? (int64_t)finding->effect : (int64_t)self->event->effect;
        return true;
    case NUMBER_WEIGHT:
        *value = placed->entity->weight;
        return true;
    case NUMBER_FAN_OUT:
        *value = finding ? finding->fan_out : 0;
        return finding != NULL;
    case NUMBER_WIDTH:
        *value = finding ? finding->width : 0;
        return finding != NULL;
    case NUMBER_CASCADE:
        *value = self->event->cascade_count;
        return true;
    case NUMBER_COUNT:
        break;
    }
    return false;
}

struct predicate_subject subject_of(const struct event_subject *subject) {
    static const struct predicate_subject_type type = {subject_body, subject_change, subject_text,
                                                       subject_number};
    /* With a finding the answers are no longer those of the event alone. */
    return (struct predicate_subject){&type, subject, subject->finding ? NULL : subject->event};
}
