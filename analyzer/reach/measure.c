#include "fact/place.h"
#include "reach/fan_out.h"

struct measure {
    const struct reach_options *options;
    const struct placed *placed; /* the side being looked at */
    enum environment environment;
    uint32_t width;
};

static void raise_environment(enum environment *slot, enum environment found) {
    if (found > *slot)
        *slot = found;
}

/* What a text says by the built-in words and by the policy's. */
static enum environment judge_text(const struct reach_options *options, struct slice text) {
    enum environment found = place_environment(options->knowledge, text);
    if (options->environments)
        raise_environment(&found, environment_of_words(options->environments, text));
    return found;
}

static void raise_width(struct measure *measure, uint64_t width) {
    uint32_t bounded = width > WIDTH_MAX ? WIDTH_MAX : (uint32_t)width;
    if (bounded > measure->width)
        measure->width = bounded;
}

static uint64_t combinations(const struct value *map) {
    uint64_t product = 1;
    for (uint32_t i = 0; map->kind == VALUE_MAP && i < map->count && product <= WIDTH_MAX; i++)
        if (map->items[i].value->kind == VALUE_LIST && map->items[i].value->count)
            product *= map->items[i].value->count;
    return product;
}

static uint32_t wildcard_width(const struct knowledge *knowledge, struct slice text) {
    uint32_t width = 0;
    for (uint32_t i = 0; i < knowledge->count; i++) {
        uint32_t count;
        const struct reach_record *records =
            image_section(&knowledge->images[i], IMAGE_REACH, &count);
        for (uint32_t k = 0; k < count; k++)
            if (records[k].list == REACH_WILDCARD && records[k].width > width &&
                slice_equal(image_string(&knowledge->images[i], records[k].text), text))
                width = records[k].width;
    }
    return width;
}

static void look_for_wildcards(struct measure *measure, const struct value *value) {
    raise_width(measure, wildcard_width(measure->options->knowledge, value_literal(value)));
    for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++)
        raise_width(measure, wildcard_width(measure->options->knowledge,
                                            value_literal(value->items[i].value)));
}

static void apply_record(struct measure *measure, const struct reach_record *record,
                         struct slice path) {
    const struct value *value = value_at(measure->placed->body, path);
    int64_t number;
    if (!value)
        return;
    switch (record->list) {
    case REACH_NUMBER:
        if (slice_to_int(value_literal(value), &number) && number > 0)
            raise_width(measure, (uint64_t)number);
        break;
    case REACH_ITEMS:
        if (value->kind == VALUE_LIST || value->kind == VALUE_MAP)
            raise_width(measure, value->count);
        break;
    case REACH_PRODUCT:
        raise_width(measure, combinations(value));
        break;
    case REACH_WILDCARD_IN:
        look_for_wildcards(measure, value);
        break;
    default:
        break;
    }
}

static void look_at_text(struct measure *measure, const struct value *value) {
    if (!slice_is_none(value_literal(value)))
        raise_environment(&measure->environment,
                          judge_text(measure->options, value_literal(value)));
}

static void look_at_attributes(struct measure *measure, const struct value *body) {
    struct slice path;
    for (uint32_t at = 0; body && place_attribute(measure->options->knowledge, &at, &path);) {
        const struct value *value = value_at(body, path);
        if (!value)
            continue;
        look_at_text(measure, value);
        for (uint32_t i = 0; value->kind == VALUE_LIST && i < value->count; i++)
            look_at_text(measure, value->items[i].value);
    }
}

static void look_at_body(struct measure *measure, const struct placed *placed) {
    const struct knowledge *knowledge = measure->options->knowledge;
    if (!placed->entity)
        return;
    measure->placed = placed;
    raise_environment(&measure->environment, placed->environment);
    raise_environment(&measure->environment, judge_text(measure->options, placed->name));
    look_at_attributes(measure, placed->body);
    for (uint32_t i = 0; placed->body && i < knowledge->count; i++) {
        uint32_t count;
        const struct reach_record *records =
            image_section(&knowledge->images[i], IMAGE_REACH, &count);
        for (uint32_t k = 0; k < count; k++)
            if (records[k].list != REACH_WILDCARD)
                apply_record(measure, &records[k],
                             image_string(&knowledge->images[i], records[k].text));
    }
}

/* Nothing can refer to what only runs. */
static bool can_be_referred_to(const struct entity *entity) {
    return !slice_is(entity->kind, "command") && !slice_is(entity->kind, "call") &&
           !slice_is(entity->kind, "check") && !slice_is(entity->kind, "file");
}

static uint32_t measure_fan_out(struct fan_out *search, const struct finding *finding) {
    if (!finding->event)
        return FAN_OUT_UNKNOWN;
    const struct placed *placed = event_side(finding->event);
    if (!placed->entity)
        return FAN_OUT_UNKNOWN;
    bool loud = search && !finding->suppressed && finding->severity > SEVERITY_LOW;
    bool before = placed == &finding->event->before;
    uint32_t callers = finding->event->callers;
    if (loud)
        callers += fan_out_callers(search, placed, before);
    if (!can_be_referred_to(placed->entity))
        return callers;
    if (!loud)
        return FAN_OUT_UNKNOWN;
    uint32_t found = fan_out_find(search, placed, before);
    return found == FAN_OUT_UNKNOWN && callers ? callers : found + callers;
}

static void measure_finding(const struct reach_options *options, struct fan_out *search,
                            struct finding *finding) {
    struct measure measure = {.options = options, .environment = finding->environment};
    raise_environment(&measure.environment, judge_text(options, finding->path));
    measure.width = finding->width ? finding->width : 1;
    raise_width(&measure, (uint64_t)finding->cascade_count + 1);
    if (finding->event) {
        look_at_body(&measure, &finding->event->before);
        look_at_body(&measure, &finding->event->after);
    }
    finding->environment = measure.environment;
    finding->width = measure.width;
    finding->path_class = place_path_class(options->knowledge, finding->path);
    finding->critical = options->critical && critical_find(options->critical, finding->path);
    finding->fan_out = measure_fan_out(search, finding);
}

void reach_measure(struct arena *arena, const struct reach_options *options,
                   struct findings *findings) {
    struct fan_out *search = findings->list.count && options->reader
                                 ? fan_out_new(arena, options->change, options->reader)
                                 : NULL;
    for (uint32_t i = 0; i < findings->list.count; i++)
        measure_finding(options, search, &findings->list.items[i]);
}
